// Package scope says what is left of rights and calls for a token that is
// confined: to reading, to one folder and everything beneath, to some gateways.
//
// It exists so that the gate masks every answer with one and the same thing. It
// is pure and gives nothing: what it leaves is what is asked of entries and
// policies all the same.
package scope

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"alveary"
)

// Mask is what a scope leaves of rights, worked out once for a request. The
// zero value leaves none.
type Mask struct {
	Scope alveary.Scope
	keep  alveary.Rights // of those on nodes that the scope covers
}

// New knows the scope and the gateway that the request came through.
func New(s alveary.Scope, gateway string) Mask {
	m := Mask{Scope: s}
	if s.Gateway(gateway) {
		m.keep = alveary.Scope{Reach: s.Reach}.Rights(nil, alveary.AllRights)
	}
	return m
}

// Free says whether the scope confines nothing.
func (m *Mask) Free() bool { return m.Scope == alveary.Scope{} }

// Keep are the rights that it leaves on the nodes that it covers.
func (m *Mask) Keep() alveary.Rights { return m.keep }

// Covers says whether the node at the end of the lineage lies in the scope.
func (m *Mask) Covers(line alveary.Lineage) bool {
	return m.Scope.Node == 0 || line.Contains(m.Scope.Node)
}

// Rights are what is left of rights on the node at the end of the lineage.
func (m *Mask) Rights(line alveary.Lineage, held alveary.Rights) alveary.Rights {
	if m.Covers(line) {
		return held & m.keep
	}
	return 0
}

// Purpose is what a token of the scope is for, in words.
func Purpose(s alveary.Scope) string {
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

// aboutPeople is what lies among the files of the API and is not about files:
// with whom one is shared.
const aboutPeople = "/nodes/*/shares"

// Admits says whether the scope lets a token make a call at all, whatever the
// rest policies say. The path is spelled as they see it, without the base of
// the API.
func Admits(s alveary.Scope, gateway, method, called string) bool {
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
	if people, err := path.Match(aboutPeople, called); people || err != nil {
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

// Refused is the refusal of what a token is not for: KindDenied with code
// "scope".
func Refused(op string, s alveary.Scope) error {
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op, Code: "scope",
		Message: "this token is for " + Purpose(s) + " alone: use another one, or sign in",
	}
}
