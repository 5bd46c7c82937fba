package policy

import (
	"slices"
	"time"

	"alveary"
)

// Rule is a rule, compiled.
type Rule struct {
	policy     *Policy
	index      int // in the policy as written
	label      string
	deny       bool
	broken     bool // malformed, met at load: an allow never matches, a deny always does (MODEL.md 6.8)
	actions    []pattern
	anyAction  bool           // which actions it is about cannot be known
	rights     alveary.Rights // of the six rights, those that the actions match
	subjects   []pattern      // nil: any
	resources  []pattern      // nil: any
	onACL      bool           // the resources match `acl`, through which entries ask
	conditions []*condition   // those known first come first
	onNode     int            // where in conditions those begin that read the node
	ofFiles    bool           // a condition reads what no folder has: its extension or size
}

// Policy is a policy, compiled. It never changes and is safe for concurrent use.
type Policy struct {
	source alveary.Policy
	rules  []*Rule
	index  index

	malformed *Malformed
}

// ID names the policy.
func (p *Policy) ID() alveary.PolicyID { return p.source.ID }

// Source is the policy as data; its lists must not be changed.
func (p *Policy) Source() *alveary.Policy { return &p.source }

// Malformed is what was malformed in the policy when it was loaded; nil where
// nothing was.
func (p *Policy) Malformed() *Malformed { return p.malformed }

// Verdict is what a policy, or several as one question, say (MODEL.md 6.1).
type Verdict uint8

// The verdicts.
const (
	Silent Verdict = iota // no rule applies: deny by default
	Allows
	Denies // explicitly
)

var verdictWords = [...]string{"none", "allow", "deny"}

// String is the word for traces.
func (v Verdict) String() string { return verdictWords[v] }

// Ask puts one question to the policy, whatever its mode.
func (p *Policy) Ask(action string, f *Facts) Verdict { return p.index.ask(action, f) }

// index finds the rules about an action, so that unrelated rules cost nothing.
type index struct {
	byAction map[string][]*Rule // rules whose actions are literal
	patterns []*Rule            // rules with a pattern among their actions
}

func (x *index) add(r *Rule) {
	if r.anyAction || slices.ContainsFunc(r.actions, func(a pattern) bool { return a.re != nil }) {
		x.patterns = append(x.patterns, r)
		return
	}
	if x.byAction == nil {
		x.byAction = map[string][]*Rule{}
	}
	for n, a := range r.actions {
		if !slices.ContainsFunc(r.actions[:n], func(b pattern) bool { return b.literal == a.literal }) {
			x.byAction[a.literal] = append(x.byAction[a.literal], r)
		}
	}
}

func (x *index) ask(action string, f *Facts) Verdict {
	verdict := Silent
	for _, r := range x.byAction[action] {
		if r.meets(f) && r.holds(f) {
			if r.deny {
				return Denies
			}
			verdict = Allows
		}
	}
	for _, r := range x.patterns {
		if r.isAbout(action) && r.meets(f) && r.holds(f) {
			if r.deny {
				return Denies
			}
			verdict = Allows
		}
	}
	return verdict
}

// Set is several policies that form one question, as those of type rest do
// (MODEL.md 6.2). It never changes and is safe for concurrent use.
type Set struct {
	policies []*Policy
	index    index
}

// NewSet puts policies together.
func NewSet(policies ...*Policy) *Set {
	s := &Set{policies: policies}
	for _, p := range policies {
		for _, r := range p.rules {
			s.index.add(r)
		}
	}
	return s
}

// Policies are those of the set.
func (s *Set) Policies() []*Policy { return s.policies }

// Ask puts one question to all of them.
func (s *Set) Ask(action string, f *Facts) Verdict { return s.index.ask(action, f) }

func (r *Rule) isAbout(action string) bool { return r.anyAction || anyMatches(r.actions, action) }

// meets says whether subjects and resources match: of several subjects of one
// caller one is enough (MODEL.md 6.3).
func (r *Rule) meets(f *Facts) bool {
	if r.broken {
		return r.deny
	}
	return r.meetsSubject(f) && (r.resources == nil || anyMatches(r.resources, f.Resource))
}

func (r *Rule) meetsSubject(f *Facts) bool {
	if r.subjects == nil {
		return true
	}
	for i := range r.subjects {
		for _, s := range f.Subjects {
			if r.subjects[i].matches(s) {
				return true
			}
		}
	}
	return false
}

// holds says whether the rule applies by its conditions: an allow needs all
// true, a deny applies unless one is decided and false (MODEL.md 6.7).
func (r *Rule) holds(f *Facts) bool { return r.broken || holds(r.deny, r.conditions, f) }

func holds(deny bool, conditions []*condition, f *Facts) bool {
	for _, c := range conditions {
		if t := c.holds(f); t == False || (t == Undecided && !deny) {
			return false
		}
	}
	return true
}

// testsUnset says whether one of the conditions tests a node attribute with
// nothing set: such a rule takes no part where it is asked of a folder above
// the node (MODEL.md 3.6).
func testsUnset(conditions []*condition, f *Facts) bool {
	for _, c := range conditions {
		if c.compiled.TestsUnset(f) {
			return true
		}
	}
	return false
}

// Reads says whether a rule reads the attribute.
func (p *Policy) Reads(attribute string) bool {
	for _, r := range p.rules {
		for _, c := range r.conditions {
			if slices.Contains(c.reads, attribute) {
				return true
			}
		}
	}
	return false
}

// ValidUntil is the next instant after that of the facts' context at which the
// clock alone could change what the policy says (MODEL.md 7.4); zero: never.
func (p *Policy) ValidUntil(f *Facts) (until time.Time) {
	for _, r := range p.rules {
		for _, c := range r.conditions {
			if !slices.Contains(c.reads, alveary.AttrServerTime) {
				continue
			}
			if t := c.next(f.Time()); !t.IsZero() && (until.IsZero() || t.Before(until)) {
				until = t
			}
		}
	}
	return until
}

// Boundaries are, by attribute, the values at which conditions of the policy
// could change their answer.
func (p *Policy) Boundaries(f *Facts) map[string][]alveary.Value {
	out := map[string][]alveary.Value{}
	for _, r := range p.rules {
		for _, c := range r.conditions {
			out[c.attribute] = append(out[c.attribute], c.boundaries(f)...)
		}
	}
	return out
}

// Personal says whether the policy tells askers apart by more than their roles:
// by subjects, or by attributes of the user.
func (p *Policy) Personal() bool {
	for _, r := range p.rules {
		if r.subjects != nil {
			return true
		}
		for _, c := range r.conditions {
			personal := slices.ContainsFunc(c.reads, func(name string) bool { return alveary.ClassOf(name) == alveary.ClassSubject })
			eachSource(c.source, func(one alveary.Condition) { personal = personal || one.Type == "EqualsSubjectCondition" })
			if personal {
				return true
			}
		}
	}
	return false
}
