package authz

import (
	"context"
	"maps"

	"alveary"
	"alveary/policy"
)

// compareCalls asks both snapshots about API calls and sign-in.
func (s *simulation) compareCalls(group crowd) {
	if s.signIn {
		for _, action := range []string{ActionLogin, ActionIssue, ActionRefresh} {
			s.compareQuestion(group, alveary.PolicyOIDC, Effect{Right: action}, action, string(alveary.PolicyOIDC))
		}
	}
	if s.calls {
		for _, call := range s.Calls {
			s.compareQuestion(group, alveary.PolicyREST, Effect{Call: call, Right: "call"}, call.Method, RESTResource(call.Path))
		}
	}
}

func (s *simulation) compareQuestion(group crowd, t alveary.PolicyType, e Effect, action, resource string) {
	ask := func(snap *snapshot, who alveary.Subject, c alveary.Context) bool {
		if !who.Known() {
			return false
		}
		who.Context = &c
		return snap.ask(t, action, snap.facts(&who, s.gate.now, resource)) == policy.Allows
	}
	note := func(c alveary.Context, when string) bool {
		was, is := ask(s.before, group.Before, c), ask(s.after, group.After, c)
		if was != is {
			e.Gains, e.When = is, when
			s.add(group, e)
		}
		return was != is
	}
	if note(s.Context, "") {
		return
	}
	for _, p := range s.probes {
		for _, v := range p.values {
			c := s.Context
			c.Set = maps.Clone(c.Set)
			if c.Set == nil {
				c.Set = map[string]alveary.Value{}
			}
			if p.attribute == alveary.AttrServerTime && v.Kind() == alveary.ValueInstant {
				c.Now = v.Time()
			} else {
				c.Set[p.attribute] = v
			}
			note(c, inWords(p.attribute, v))
		}
	}
}

// Reachable says whether one of the administrators could still sign in, in the
// given context, and change policies (MODEL.md 7.6). The source is the
// transaction that holds the change.
func (g *Gate) Reachable(ctx context.Context, src Source, administrators []alveary.Subject, c alveary.Context) (bool, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return false, err
	}
	allows := func(s *alveary.Subject, t alveary.PolicyType, action, resource string) bool {
		return snap.ask(t, action, snap.facts(s, g.now, resource)) == policy.Allows
	}
	if !allows(&alveary.Subject{Context: &c}, alveary.PolicyREST, "POST", "rest:/session") {
		return false, nil
	}
	for _, s := range administrators {
		s.Context = &c
		if !s.Known() || s.User.Profile != alveary.ProfileAdmin {
			continue
		}
		if allows(&s, alveary.PolicyOIDC, ActionLogin, string(alveary.PolicyOIDC)) && allows(&s, alveary.PolicyREST, "GET", "rest:/session") &&
			allows(&s, alveary.PolicyREST, "GET", "rest:/policies") && allows(&s, alveary.PolicyREST, "PUT", "rest:/policies/any") {
			return true, nil
		}
	}
	return false, nil
}
