package authz_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"alveary"
	"alveary/authz"
	"alveary/policy"
	"alveary/testkit/oracle"
	"alveary/testkit/oracle/draw"
)

// An explanation says what the check says, and its trace tells the same story:
// where the oracle knows an explicit deny there is one, and nowhere else.
func TestExplanationIsCheck(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		o, asker := oracleOf(w)
		context := w.Context(t)
		a := c.bind(t, w, context)
		for _, line := range w.Lines {
			for _, action := range alveary.AllRights.Actions() {
				c.asked++
				want := o.Check(asker, context, line, action)
				e := a.Explain(line, action)
				if e.Allowed != want.Allowed {
					differ(t, w, context, "%s on %q explained as %t, the oracle says %+v", action, line.Path(), e.Allowed, want)
				}
				for _, p := range e.Policies {
					if !p.Above {
						conditionsAre(t, w, context, o, asker, line, &p)
					}
				}
				denied := slices.ContainsFunc(e.Policies, func(p authz.PolicyStep) bool { return p.Verdict == policy.Denies })
				for _, r := range e.Roles {
					for _, entry := range r.Entries {
						denied = denied || entry.State == "deny" || entry.State == "denies"
					}
				}
				if denied != want.Explicit && asker.Guest == nil { // what is denied to who opened a link is told in words
					differ(t, w, context, "%s on %q: an explicit deny in the trace %t, the oracle says %+v; decided by %+v", action, line.Path(), denied, want, e.Decided)
				}
				clauses := []string{"3.1", "3.4", "3.5", "4.1", "4.3"}
				switch {
				case asker.Guest != nil:
					clauses = append(clauses, "2.3", "4.2")
				case asker.Link != 0 && !want.Allowed:
					clauses = append(clauses, "2.3")
				case want.Explicit:
					clauses = []string{"3.2", "3.5", "3.6"}
				}
				through := slices.ContainsFunc(e.Ways, func(s authz.WayStep) bool { return s.Counts })
				if e.Decided.Clause == "4.1" && e.Allowed != through || e.Decided.Clause == "4.3" && (e.Allowed || through) {
					differ(t, w, context, "%s on %q: decided by %+v, with the ways %+v", action, line.Path(), e.Decided, e.Ways)
				}
				if e.Verdict == "" || e.Decided.Text == "" || !slices.Contains(clauses, e.Decided.Clause) {
					differ(t, w, context, "%s on %q: decided by %+v, the oracle says %+v", action, line.Path(), e.Decided, want)
				}
			}
		}
	})
}

// conditionsAre compares each condition of a trace with the oracle's.
func conditionsAre(t *rapid.T, w *draw.World, context *alveary.Context, o oracle.World, asker *oracle.Asker, line alveary.Lineage, p *authz.PolicyStep) {
	t.Helper()
	facts := oracle.Facts{
		Subjects: asker.Subjects(), Resource: "acl", Context: context, Asker: asker, Line: line, Owner: o.Logins[line.Node().Owner],
	}
	source := w.Data.Policies[slices.IndexFunc(w.Data.Policies, func(s alveary.Policy) bool { return s.ID == p.Policy })]
	for _, r := range p.Rules {
		rule := source.Rules[r.Index]
		if oracle.RefusedRule(source.Type, rule) != nil {
			continue
		}
		var got, want []string
		for _, c := range r.Conditions {
			got = append(got, c.Attribute+" "+c.Type+" "+c.Result.String())
		}
		for _, c := range rule.Conditions {
			want = append(want, c.Attribute+" "+c.Type+" "+facts.Holds(c).String())
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			differ(t, w, context, "rule %d of %s on %q: %q, the oracle says %q", r.Index, p.Policy, line.Path(), got, want)
		}
	}
}

// What was written in another order says the same (MODEL.md 3.7).
func TestOrderChangesNothing(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		context := w.Context(t)
		a := c.bind(t, w, context)
		other := copied(w)
		other.Data.Policies = rapid.Permutation(other.Data.Policies).Draw(t, "policies")
		other.Data.Entries = rapid.Permutation(other.Data.Entries).Draw(t, "entries")
		other.Data.Roles = rapid.Permutation(other.Data.Roles).Draw(t, "roles")
		for i := range other.Data.Policies {
			p := &other.Data.Policies[i]
			p.Rules = rapid.Permutation(p.Rules).Draw(t, "rules")
			for n := range p.Rules {
				p.Rules[n].Conditions = rapid.Permutation(p.Rules[n].Conditions).Draw(t, "conditions")
			}
		}
		b := c.bind(t, other, context)
		for _, line := range w.Lines {
			c.asked++
			if was, is := a.Rights(line), b.Rights(line); was != is {
				differ(t, w, context, "on %q: %q, in another order %q\n%s", line.Path(), was, is, other)
			}
		}
		s := w.Subject
		s.Context = context
		was := c.gate.Call(t.Context(), c.source(w), s, "GET", "/user")
		is := c.gate.Call(t.Context(), c.source(other), s, "GET", "/user")
		if (was == nil) != (is == nil) {
			differ(t, w, context, "GET /user: %v, in another order %v\n%s", was, is, other)
		}
	})
}

// A deny that is added, as an entry, a rule or a policy, never gives a right.
func TestAddingADenyNeverGrants(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		context := w.Context(t)
		a := c.bind(t, w, context)
		more := copied(w)
		what := addDeny(t, more)
		b := c.bind(t, more, context)
		for _, line := range w.Lines {
			c.asked++
			if was, is := a.Rights(line), b.Rights(line); is&^was != 0 {
				differ(t, w, context, "%s grants %q on %q\n%s", what, is&^was, line.Path(), more)
			}
		}
		s := w.Subject
		s.Context = context
		was := c.gate.Call(t.Context(), c.source(w), s, "GET", "/user")
		is := c.gate.Call(t.Context(), c.source(more), s, "GET", "/user")
		if was != nil && is == nil {
			differ(t, w, context, "%s allows GET /user\n%s", what, more)
		}
	})
}

func addDeny(t *rapid.T, w *draw.World) string {
	deny := func(kind alveary.PolicyType) alveary.Rule {
		r := draw.Rule(t, kind)
		r.Effect = alveary.EffectDeny
		return r
	}
	at := func(n int, label string) int { return rapid.IntRange(0, n-1).Draw(t, label) }
	switch rapid.IntRange(0, 3).Draw(t, "what to add") {
	case 0:
		if n := len(w.Data.Policies); n > 0 {
			p := &w.Data.Policies[at(n, "policy")]
			p.Rules = append(p.Rules, deny(p.Type))
			return "a deny rule in " + string(p.ID)
		}
	case 1:
		if n := len(w.Data.Entries); n > 0 {
			w.Data.Policies = append(w.Data.Policies, alveary.Policy{ID: "more", Type: alveary.PolicyACL, Rules: []alveary.Rule{deny(alveary.PolicyACL)}})
			e := &w.Data.Entries[at(n, "entry")]
			e.Policies = append(slices.Clone(e.Policies), "more")
			return "a policy that only denies, named by entry " + string(e.Role)
		}
	case 2:
		w.Data.Policies = append(w.Data.Policies, alveary.Policy{ID: "more", Type: alveary.PolicyREST, Rules: []alveary.Rule{deny(alveary.PolicyREST)}})
		return "a rest policy that only denies"
	}
	e := alveary.Entry{ID: 900, Role: w.Data.Roles[at(len(w.Data.Roles), "role")].ID, Node: w.Lines[at(len(w.Lines), "node")].Node().ID, Deny: true}
	w.Data.Entries = append(w.Data.Entries, e)
	return "a deny of " + string(e.Role)
}

// copied is a world that can be changed without changing the first.
func copied(w *draw.World) *draw.World {
	other := *w
	other.Data.Entries = slices.Clone(w.Data.Entries)
	other.Data.Roles = slices.Clone(w.Data.Roles)
	other.Data.Policies = slices.Clone(w.Data.Policies)
	for i := range other.Data.Policies {
		p := &other.Data.Policies[i]
		p.Rules = slices.Clone(p.Rules)
	}
	return &other
}
