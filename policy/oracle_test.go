package policy_test

import (
	"testing"

	"pgregory.net/rapid"

	"alveary"
	"alveary/policy"
	"alveary/testkit/oracle"
	"alveary/testkit/oracle/draw"
)

// FuzzConditionOracle holds conditions by themselves to the oracle: which are
// refused, and what the others say of a value.
func FuzzConditionOracle(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(conditionIsTheOracles))
}

func TestConditionIsTheOracles(t *testing.T) {
	for range 15 {
		rapid.Check(t, conditionIsTheOracles)
		if t.Failed() {
			return
		}
	}
}

func conditionIsTheOracles(t *rapid.T) {
	w := draw.Draw(t)
	context := draw.Context(t)
	line := rapid.SampledFrom(w.Lines).Draw(t, "line")
	asker := oracle.World{Data: w.Data}.Asker(w.Subject)
	other := oracle.Facts{Subjects: asker.Subjects(), Resource: "rest:/user", Context: context, Asker: asker, Line: line, Owner: "zoe"}
	facts := &policy.Facts{Subjects: other.Subjects, Resource: other.Resource, Context: context, Asker: askerOf(asker), Owner: "zoe"}
	node := line.Node()
	facts.Node, facts.Folder = &node, line[:len(line)-1].Path()

	for range 20 {
		attribute := draw.Attribute(t)
		c := draw.Condition(t, attribute)
		switch rapid.IntRange(0, 9).Draw(t, "spoil") {
		case 0:
			c = draw.Malformed(t)
		case 1, 2, 3:
			c = draw.Garbled(t, c)
		}
		v := draw.Value(t, attribute)
		refused := oracle.RefusedCondition(c)
		got, err := policy.TestCondition(c, v, facts)
		if (err == nil) != (refused == nil) {
			t.Fatalf("%s %q: %v, the oracle says %v", c.Type, c.Options, err, refused)
		}
		if refused != nil {
			continue
		}
		if want := other.Test(c, v); got.String() != want.String() {
			t.Fatalf("%s %q on %s (kind %d): %s, the oracle says %s\n%s\n%s", c.Type, c.Options, v, v.Kind(), got, want, draw.Words(context), w)
		}
	}
}

func askerOf(a *oracle.Asker) *policy.Asker {
	if len(a.Ranks) == 0 {
		return nil
	}
	asker := &policy.Asker{Name: a.Login, Profile: a.Profile, Email: a.Email, Attributes: a.Attributes}
	if n := len(a.Groups); n > 0 { // a visitor of a link is in none
		asker.GroupPath = a.Groups[n-1]
	}
	for _, rank := range a.Ranks {
		for _, role := range rank {
			asker.Roles = append(asker.Roles, string(role))
		}
	}
	return asker
}

// A rule that one compiles the other does not refuse, whatever its patterns.
func TestMatchingIsTheOracles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := draw.Rule(t, alveary.PolicyREST)
		for _, list := range []*[]string{&rule.Actions, &rule.Subjects, &rule.Resources} {
			for i := range *list {
				if rapid.Bool().Draw(t, "garble") {
					(*list)[i] = draw.Garble(t, (*list)[i])
				}
			}
		}
		rule.Conditions = nil
		p := alveary.Policy{ID: "p", Type: alveary.PolicyREST, Rules: []alveary.Rule{rule}}
		compiled, err := policy.Compile(p)
		refused := oracle.Refused(p)
		if (err == nil) != (refused == nil) {
			t.Fatalf("%q: %v, the oracle says %v", p.Rules, err, refused)
		}
		if err != nil {
			return
		}
		subjects := []string{"user:mia", "role:r1", "group:/sales/north", "profile:admin"}
		for _, action := range []string{"GET", "GE", "POST", "get"} {
			for _, resource := range []string{"rest:/user", "rest:/user/7", "rest:/user/x\ny", "rest:", "oidc"} {
				got := compiled.Ask(action, &policy.Facts{Subjects: subjects, Resource: resource})
				want := oracle.Facts{Subjects: subjects, Resource: resource}.Decide(p, action)
				if map[policy.Verdict]oracle.Outcome{policy.Silent: oracle.Default, policy.Allows: oracle.Allow, policy.Denies: oracle.Deny}[got] != want {
					t.Fatalf("%q on %s %s: %s, the oracle says %d", p.Rules, action, resource, got, want)
				}
			}
		}
	})
}
