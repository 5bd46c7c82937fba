package authz

import (
	"strings"

	"alveary"
	"alveary/authz/scope"
)

// outsideOf is what settled the answer where the scope took away what the user
// holds; it is no clause of the model.
func outsideOf(s alveary.Scope) Decider {
	return Decider{Text: "the token is for " + scope.Purpose(s) + " alone", Rule: -1}
}

// admits says whether the scope of the token that asks lets a question be put
// to the policies of a type at all. A token that is confined makes no other
// and renews none, or it would come by more than it has.
func admits(t alveary.PolicyType, s *alveary.Subject, action, resource string) bool {
	if t == alveary.PolicyOIDC {
		return s.Scope == (alveary.Scope{}) || action == ActionLogin
	}
	gateway := ""
	if s.Context != nil {
		gateway = s.Context.Gateway
	}
	return scope.Admits(s.Scope, gateway, action, strings.TrimPrefix(resource, restPrefix))
}
