package simulate

import (
	"alveary"
	"alveary/authz"
	"alveary/authz/trace"
)

// compareCalls asks both snapshots about API calls and sign-in.
func (s *simulation) compareCalls(group crowd) {
	if s.signIn {
		for _, action := range []string{authz.ActionLogin, authz.ActionIssue, authz.ActionRefresh} {
			s.compareQuestion(group, alveary.PolicyOIDC, authz.Effect{Right: action}, action, string(alveary.PolicyOIDC))
		}
	}
	if s.calls {
		for _, call := range s.Calls {
			s.compareQuestion(group, alveary.PolicyREST, authz.Effect{Call: call, Right: "call"}, call.Method, call.Path)
		}
	}
}

func (s *simulation) compareQuestion(group crowd, t alveary.PolicyType, e authz.Effect, action, resource string) {
	ask := func(trial *authz.Trial, who alveary.Subject, c alveary.Context) bool {
		if !who.Known() {
			return false
		}
		who.Context = &c
		return trial.Allows(t, &who, action, resource)
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
		now = authz.Calling(now, e.Call.Method, e.Call.Path)
	}
	note(now, "")
	for _, p := range s.probes {
		for _, v := range p.values {
			note(trace.Supposing(now, p.attribute, v), inWords(p.attribute, v))
		}
	}
}
