package policy

import (
	"fmt"
	"slices"
	"time"

	"alveary"
)

// contradictions looks for an attribute on which the rule's conditions cannot
// all hold. Conditions on intervals, prefixes and finite sets change their
// answer only at known values: where none of these meets all, no value does.
func (l *linter) contradictions(r *Rule) {
	by := map[string][]*condition{}
	for _, c := range r.conditions {
		if c.bounded() {
			by[c.attribute] = append(by[c.attribute], c)
		}
	}
	for _, attribute := range sortedKeys(by) {
		if possible(attribute, by[attribute]) {
			continue
		}
		so := "it never applies"
		if r.deny && alveary.ClassOf(attribute) != alveary.ClassSubject && attribute != alveary.AttrServerTime {
			so = "it denies only where that cannot be read" // MODEL.md 6.7
		}
		l.find(LintNeverApplies, Warning, r.index, attribute, fmt.Sprintf("no %s can meet all conditions of this rule, so %s", attribute, so),
			"remove or change one of the conditions on "+attribute)
	}
}

func possible(attribute string, conditions []*condition) bool {
	c := alveary.Context{Set: map[string]alveary.Value{}}
	f := &Facts{Context: &c}
	meets := func(v alveary.Value) bool {
		c.Set[attribute] = v
		return !slices.ContainsFunc(conditions, func(one *condition) bool { return one.holds(f) != True })
	}
	values := []alveary.Value{alveary.Text("some other text"), alveary.Unset()}
	weeks := newWeeks()
	for i := 0; i < len(weeks.at); i++ { // office hours are looked at in the weeks of the other boundaries
		c.Now = weeks.at[i]
		for _, one := range conditions {
			delete(c.Set, attribute) // what was tried last is not the present
			for _, v := range one.boundaries(f) {
				values = append(values, v)
				if v.Kind() == alveary.ValueInstant {
					weeks.around(v.Time())
				}
			}
		}
	}
	if slices.ContainsFunc(values, meets) {
		return true
	}
	if known, _ := alveary.FindAttribute(attribute); known.Holds != "list" && known.Name != alveary.HeaderPrefix {
		return false
	}
	tries := mostTries
	return severalMeet(nil, values, len(conditions), &tries, meets)
}

// mostTries bounds how many lists of values are tried; what is not found out by
// then is taken for possible.
const mostTries = 5000

// severalMeet says whether a list of up to so many of the texts meets: of tags
// each condition may need another.
func severalMeet(list, values []alveary.Value, most int, tries *int, meets func(alveary.Value) bool) bool {
	for i, v := range values {
		if v.Kind() != alveary.ValueText {
			continue
		}
		if *tries--; *tries < 0 {
			return true
		}
		longer := append(slices.Clip(list), v)
		if meets(alveary.List(longer...)) || (most > 1 && severalMeet(longer, values[i+1:], most-1, tries, meets)) {
			return true
		}
	}
	return false
}

// weeks are instants of different weeks.
type weeks struct {
	at   []time.Time
	seen map[int64]bool
}

const (
	week      = 7 * 24 * time.Hour
	mostWeeks = 64
)

func newWeeks() *weeks {
	some := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	return &weeks{at: []time.Time{some}, seen: map[int64]bool{number(some): true}}
}

func number(t time.Time) int64 { return t.Unix() / int64(week/time.Second) }

// around adds the week of an instant, the one before it and the one after.
func (w *weeks) around(t time.Time) {
	if w.seen[number(t)] {
		return
	}
	for _, one := range []time.Time{t, t.Add(-week), t.Add(week)} {
		if !w.seen[number(one)] && len(w.at) < mostWeeks {
			w.seen[number(one)] = true
			w.at = append(w.at, one)
		}
	}
}

// unbounded are the types whose answer changes at no known values.
var unbounded = []string{
	"StringMatchCondition", "StringNotMatchCondition", "PathGlobCondition", "CELCondition",
	"StringPairsEqualCondition", "EqualsSubjectCondition", "ResourceContainsCondition",
}

// bounded says whether the values at which the condition could change its
// answer are all known.
func (c *condition) bounded() bool {
	known := len(c.reads) == 1
	eachSource(c.source, func(one alveary.Condition) { known = known && !slices.Contains(unbounded, one.Type) })
	return known
}
