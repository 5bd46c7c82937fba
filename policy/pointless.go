package policy

import (
	"fmt"
	"slices"
)

// mostCompared bounds how many pairs of rules are compared, so that looking
// through a policy of thousands of rules takes no longer than typing goes on.
const mostCompared = 1_000_000

// pointless looks for rules that another makes superfluous.
func (l *linter) pointless() {
	// A rule covers only those that have all of its conditions, its first among
	// them.
	byFirst := map[*condition][]int{}
	for i, r := range l.policy.rules {
		if !r.broken {
			byFirst[first(r)] = append(byFirst[first(r)], i)
		}
	}
	left := mostCompared
	for i, r := range l.policy.rules {
		if r.broken {
			continue
		}
		others := slices.Clone(byFirst[nil])
		for n, c := range r.conditions {
			if !slices.Contains(r.conditions[:n], c) {
				others = append(others, byFirst[c]...)
			}
		}
		slices.Sort(others)
		if left -= len(others); left < 0 {
			return
		}
		l.pointlessBy(i, others)
	}
}

// first is the first condition of a rule; nil where it has none.
func first(r *Rule) *condition {
	if len(r.conditions) == 0 {
		return nil
	}
	return r.conditions[0]
}

// pointlessBy looks for a rule among others that makes this one superfluous.
func (l *linter) pointlessBy(i int, others []int) {
	r := l.policy.rules[i]
	for _, j := range others {
		other := l.policy.rules[j]
		if i == j || !covers(other, r) {
			continue
		}
		switch {
		case other.deny == r.deny && (!covers(r, other) || j < i):
			l.find(LintPointless, Warning, r.index, "", fmt.Sprintf("rule %d does all that this rule does", other.index+1), "remove this rule, or narrow the other")
			return
		case other.deny && !r.deny:
			l.find(LintPointless, Warning, r.index, "", fmt.Sprintf("rule %d denies all that this rule allows", other.index+1), "remove this rule, or narrow the other")
			return
		}
	}
}

// covers says whether one rule applies wherever another does, as far as their
// texts tell.
func covers(one, other *Rule) bool {
	return wider(one.actions, other.actions, false) && wider(one.subjects, other.subjects, true) && wider(one.resources, other.resources, true) &&
		!slices.ContainsFunc(one.conditions, func(c *condition) bool { return !slices.Contains(other.conditions, c) })
}

func wider(one, other []pattern, nilIsAny bool) bool {
	if nilIsAny && one == nil {
		return true
	}
	if nilIsAny && other == nil {
		return false
	}
	for _, p := range other {
		if !slices.ContainsFunc(one, func(q pattern) bool {
			return q.text == p.text || (p.re == nil && q.matches(p.literal)) || q.text == "<.*>"
		}) {
			return false
		}
	}
	return len(other) > 0
}
