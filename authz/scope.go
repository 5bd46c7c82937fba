package authz

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"alveary"
)

// mask is what a token's scope leaves of rights, worked out once for a request.
type mask struct {
	scope alveary.Scope
	keep  alveary.Rights // of those on nodes that the scope covers
}

// newMask knows the scope and the gateway that the request came through.
func newMask(s alveary.Scope, gateway string) mask {
	m := mask{scope: s}
	if s.Gateway(gateway) {
		m.keep = alveary.Scope{Reach: s.Reach}.Rights(nil, alveary.AllRights)
	}
	return m
}

// covers says whether the node at the end of the lineage lies in the scope.
func (m *mask) covers(line alveary.Lineage) bool {
	return m.scope.Node == 0 || line.Contains(m.scope.Node)
}

func (m *mask) rights(line alveary.Lineage, held alveary.Rights) alveary.Rights {
	if m.covers(line) {
		return held & m.keep
	}
	return 0
}

// outsideOf is what settled the answer where the scope took away what the user
// holds; it is no clause of the model.
func outsideOf(s alveary.Scope) Decider {
	return Decider{Text: "the token is for " + purpose(s) + " alone", Rule: -1}
}

// purpose is what a token of the scope is for, in words.
func purpose(s alveary.Scope) string {
	words := "files"
	switch {
	case s.Reach == alveary.ReachRead:
		words = "reading files"
	case !understood(s.Reach):
		words = "what this version of the server does not know"
	case !s.Files():
		words = "requests"
	}
	if s.Node != 0 {
		words += " in one folder"
	}
	if s.Gateways != "" {
		words += " through " + strings.ReplaceAll(s.Gateways, ",", " or ")
	}
	return words
}

// understood says whether this version of the server knows the reach.
func understood(r alveary.Reach) bool {
	return r == alveary.ReachAll || r == alveary.ReachWrite || r == alveary.ReachRead
}

// What of the API a token for files may call.
var (
	fileRooms = []string{"/workspaces", "/nodes", "/bin", "/uploads", "/archive"} // and all beneath
	fileFacts = []string{"/session", "/attributes", "/metadata-namespaces"}       // to read, without what is beneath
)

// admits says whether the scope lets a token make a call at all, whatever the
// rest policies say.
func admits(s alveary.Scope, gateway, method, called string) bool {
	if s == (alveary.Scope{}) {
		return true
	}
	if !s.Gateway(gateway) || !understood(s.Reach) {
		return false
	}
	if !s.Files() {
		return true
	}
	if path.Clean(called) != called { // what is meant must be what is asked for
		return false
	}
	reading := method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
	switch {
	case slices.Contains(fileFacts, called):
		return method == http.MethodGet
	case !slices.ContainsFunc(fileRooms, func(room string) bool { return called == room || strings.HasPrefix(called, room+"/") }):
		return false
	case s.Reach == alveary.ReachRead:
		return reading || method == http.MethodPost && called == "/archive"
	}
	return true
}

// outOfScope refuses what the token is not for.
func outOfScope(op string, s alveary.Scope) error {
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op, Code: "scope",
		Message: "this token is for " + purpose(s) + " alone: use another one, or sign in",
	}
}

// gatewayOf is that through which the request came.
func gatewayOf(s *alveary.Subject) string {
	if s.Context == nil {
		return ""
	}
	return s.Context.Gateway
}

// scopeAdmits says whether the scope of the token that asks lets a question be
// put to the policies of a type at all. A token that is confined makes no
// other and renews none, or it would come by more than it has.
func scopeAdmits(t alveary.PolicyType, s *alveary.Subject, action, resource string) bool {
	if t == alveary.PolicyOIDC {
		return s.Scope == (alveary.Scope{}) || action == ActionLogin
	}
	return admits(s.Scope, gatewayOf(s), action, strings.TrimPrefix(resource, restPrefix))
}
