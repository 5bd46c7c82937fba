package policy

import (
	"slices"

	"alveary"
)

// Pair is two askers of whom one is to be shown to get no more than the other,
// in whatever context, of which nothing is known. Whatever it cannot tell it
// takes for more.
type Pair struct {
	Lower, Upper *Facts // their subjects, resource and asker
}

// Gives are the rights on some node that an acl policy may allow to the lower.
func (p Pair) Gives(q *Policy) (rights alveary.Rights) {
	for _, r := range q.rules {
		if !r.deny && r.onACL && r.mayConcern(p.Lower) {
			rights |= r.rights
		}
	}
	return rights & alveary.Givable
}

// Surely are the rights that an acl policy allows to the upper on every node.
func (p Pair) Surely(q *Policy) (rights alveary.Rights) {
	for _, r := range q.rules {
		if !r.deny && r.onACL && len(r.conditions) == 0 && r.mayConcern(p.Upper) {
			rights |= r.rights
		}
	}
	return rights & alveary.Givable
}

// Allows says whether the upper gets by an acl policy whatever the lower gets of
// the rights by it.
func (p Pair) Allows(q *Policy, rights alveary.Rights) bool {
	return !slices.ContainsFunc(q.rules, func(r *Rule) bool { return !r.deny && r.onACL && r.rights&rights != 0 && p.gains(r) })
}

// Denies says whether an acl policy may deny one of the rights to the upper and
// not to the lower, of whom is said whether it is asked for him at all.
func (p Pair) Denies(q *Policy, rights alveary.Rights, forBoth bool) bool {
	return slices.ContainsFunc(q.rules, func(r *Rule) bool {
		return r.deny && (r.onACL || r.broken) && spread(r.rights)&rights != 0 && r.mayConcern(p.Upper) && (!forBoth || p.gains(r))
	})
}

// Calls gives a rule by which the set may answer the lower better than the
// upper; false where there is none.
func (p Pair) Calls(s *Set) (*Rule, bool) {
	for _, q := range s.policies {
		for _, r := range q.rules {
			if p.gains(r) {
				return r, true
			}
		}
	}
	return nil, false
}

// Name is how a sentence names the rule.
func (r *Rule) Name() string {
	return RuleStep{Index: r.index, Label: r.label}.Name() + " of the policy " + string(r.policy.ID())
}

// gains says whether a rule may serve the lower better than the upper: an allow
// that applies to him alone, a deny that applies to the upper alone.
func (p Pair) gains(r *Rule) bool {
	better, worse := p.Lower, p.Upper // to whom the rule must apply for that, and to whom not
	if r.deny {
		better, worse = worse, better
	}
	switch {
	case r.broken, !r.mayConcern(better):
		return false
	case !r.mayConcern(worse):
		return true
	}
	return slices.ContainsFunc(r.conditions, func(c *condition) bool { return c.class != alveary.ClassSubject && !p.same(c) })
}

// mayConcern says whether a rule may apply to an asker at all, by its subjects
// and by the conditions that ask about him alone.
func (r *Rule) mayConcern(f *Facts) bool {
	if r.broken {
		return r.deny
	}
	if !r.meetsSubject(f) {
		return false
	}
	for _, c := range r.conditions {
		if c.class == alveary.ClassSubject && !holds(r.deny, []*condition{c}, f) {
			return false
		}
	}
	return true
}

// same says whether a condition has the same answer for both, whatever the
// context and the node.
func (p Pair) same(c *condition) bool {
	for _, name := range c.reads {
		if alveary.ClassOf(name) != alveary.ClassSubject {
			continue
		}
		lower, upper := p.Lower.Attribute(name), p.Upper.Attribute(name)
		if lower.Kind() != upper.Kind() || lower.String() != upper.String() {
			return false
		}
	}
	personal := false
	eachSource(c.source, func(one alveary.Condition) { personal = personal || one.Type == "EqualsSubjectCondition" })
	return !personal || slices.Equal(slices.Sorted(slices.Values(p.Lower.Subjects)), slices.Sorted(slices.Values(p.Upper.Subjects)))
}
