package authz

import (
	"context"
	"strings"

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
	plain := map[bool]bool{}
	note := func(c alveary.Context, when string) {
		was, is := ask(s.before, group.Before, c), ask(s.after, group.After, c)
		if was == is || (when != "" && plain[is]) { // or it is so in the plain context already
			return
		}
		plain[is] = plain[is] || when == ""
		e.Gains, e.When = is, when
		s.add(group, e)
	}
	now := s.Context
	if t == alveary.PolicyREST {
		now = calling(now, e.Call.Method, e.Call.Path)
	}
	note(now, "")
	for _, p := range s.probes {
		for _, v := range p.values {
			note(imagined(now, p.attribute, v), inWords(p.attribute, v))
		}
	}
}

// calling is the context of another call that is made in the same way.
func calling(c alveary.Context, method, path string) alveary.Context {
	c.Method, c.URI = method, apiBase+strings.TrimPrefix(path, apiBase)
	return c
}

// Reachable says whether one of the administrators could still sign in, in the
// given context, and change policies (MODEL.md 7.6). The source is the
// transaction that holds the change.
func (g *Gate) Reachable(ctx context.Context, src Source, administrators []alveary.Subject, c alveary.Context) (bool, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return false, err
	}
	ask := func(s alveary.Subject, c alveary.Context, t alveary.PolicyType, action, resource string) bool {
		s.Context = &c
		return snap.ask(t, action, snap.facts(&s, g.now, resource)) == policy.Allows
	}
	call := func(s alveary.Subject, c alveary.Context, method, path string) bool {
		return ask(s, calling(c, method, path), alveary.PolicyREST, method, RESTResource(path))
	}
	signingIn := calling(c, "POST", "/session")
	unknown := signingIn
	unknown.AuthBy, unknown.AuthLevel = "none", 0
	if !call(alveary.Subject{}, unknown, "POST", "/session") {
		return false, nil
	}
	for _, s := range administrators {
		if s.Known() && s.User.Profile == alveary.ProfileAdmin && ask(s, signingIn, alveary.PolicyOIDC, ActionLogin, string(alveary.PolicyOIDC)) &&
			call(s, c, "GET", "/session") && call(s, c, "GET", "/policies") && call(s, c, "PUT", "/policies/any") {
			return true, nil
		}
	}
	return false, nil
}
