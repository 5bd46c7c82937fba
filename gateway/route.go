package gateway

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"alveary"
	"alveary/authz"
)

// Route is one line of the table of routes: what can be asked, and which
// decision stands before the answer.
type Route struct {
	Method    string // empty: every method
	Pattern   string // of http.ServeMux, without the method
	Operation string // name of the operation in the API: "rename-node"
	Decision  string // what the gate or the service is asked, in words
	Open      string // why no decision is needed; then nobody has to be signed in
	Stream    bool   // the body is bytes of any size, not a document of bounded size
	Body      int64  // bytes that a document in the body may have at the least; 0: what is configured
	Document  bool   // the answer is a document that is worth compressing
	Fresh     bool   // a browser session must have proved lately who it is
	Session   bool   // for browser sessions alone: a token that leaked must not do it
	Guest     bool   // of an open route: whoever is signed in to the browser may say so; see Guest
}

// key is the route as http.ServeMux spells it.
func (r Route) key() string { return strings.TrimSpace(r.Method + " " + r.Pattern) }

// Router is the table of routes. It takes the place of an http.ServeMux, for
// huma too, and refuses a route that does not say which decision it asks.
// Mistakes in the table panic: they are the programmer's, and found at start.
type Router struct {
	mux    *http.ServeMux
	admit  func(Route, http.Handler) http.Handler
	routes map[string]Route
	order  []string
	served map[string]bool
}

func newRouter(admit func(Route, http.Handler) http.Handler) *Router {
	return &Router{mux: http.NewServeMux(), admit: admit, routes: map[string]Route{}, served: map[string]bool{}}
}

// Declare adds a line to the table; Handle or HandleFunc must follow.
func (t *Router) Declare(route Route) {
	key := route.key()
	switch _, twice := t.routes[key]; {
	case twice:
		panic("gateway: the route " + key + " is declared twice")
	case route.Operation == "":
		panic("gateway: the route " + key + " names no operation")
	case route.Open != "" && (route.Fresh || route.Session):
		panic("gateway: the route " + key + " is open and wants a session")
	case route.Open == "" && route.Guest:
		panic("gateway: the route " + key + " is not open and wants a guest")
	case (route.Decision == "") == (route.Open == ""):
		panic("gateway: the route " + key + " must name either the decision it asks or why it is open")
	}
	t.routes[key] = route
	t.order = append(t.order, key)
}

// Handle declares a route and serves it.
func (t *Router) Handle(route Route, h http.Handler) {
	t.Declare(route)
	t.serve(route.key(), h)
}

// HandleFunc serves a route that was declared before, named `METHOD /pattern`.
func (t *Router) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	t.serve(pattern, http.HandlerFunc(h))
}

func (t *Router) serve(key string, h http.Handler) {
	route, ok := t.routes[key]
	if !ok {
		panic("gateway: the route " + key + " was not declared, so nothing says which decision it asks")
	}
	t.served[key] = true
	t.mux.Handle(key, t.admit(route, h))
}

// Routes lists the table in the order of declaration.
func (t *Router) Routes() []Route {
	routes := make([]Route, len(t.order))
	for i, key := range t.order {
		routes[i] = t.routes[key]
	}
	return routes
}

// Calls are the calls of the API that the table has, an example of each, for
// whoever wants to know what a rest policy would allow.
func (t *Router) Calls() []authz.Call {
	var calls []authz.Call
	for _, r := range t.Routes() {
		path, ours := strings.CutPrefix(r.Pattern, strings.TrimSuffix(apiPrefix, "/"))
		if !ours || r.Method == "" || !strings.HasPrefix(r.Pattern, apiPrefix) {
			continue
		}
		parts := strings.Split(path, "/")
		for i, part := range parts {
			if strings.HasPrefix(part, "{") {
				parts[i] = "1"
			}
		}
		calls = append(calls, authz.Call{Method: r.Method, Path: strings.Join(parts, "/")})
	}
	return calls
}

// Unserved lists declared routes that have no handler, for a test that wants
// none.
func (t *Router) Unserved() []string {
	return slices.DeleteFunc(slices.Clone(t.order), func(key string) bool { return t.served[key] })
}

// ServeHTTP hands a request to its route. Where there is none the answer is a
// problem like any other.
func (t *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h, pattern := t.mux.Handler(r); pattern == "" {
		t.noRoute(w, r, h)
		return
	}
	t.mux.ServeHTTP(w, r)
}

// noRoute asks the mux's own answer for its status alone.
func (t *Router) noRoute(w http.ResponseWriter, r *http.Request, own http.Handler) {
	answer := &statusOnly{header: http.Header{}}
	own.ServeHTTP(answer, r)
	if answer.status != http.StatusMethodNotAllowed {
		WriteProblem(w, r, &alveary.Error{Kind: alveary.KindNotFound, Op: "find the route", Code: "not-found", Message: "there is nothing at this address"})
		return
	}
	allow := answer.header.Get("Allow")
	w.Header().Set("Allow", allow)
	p := NewProblem(r.Context(), &alveary.Error{Kind: alveary.KindInvalid, Op: "find the route"})
	p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	p.Detail, p.Code = fmt.Sprintf("this address does not understand %s; it understands %s", r.Method, allow), "invalid"
	p.write(w)
}

// statusOnly takes an answer's status and headers and drops its body.
type statusOnly struct {
	header http.Header
	status int
}

// Header is where the headers are taken from.
func (s *statusOnly) Header() http.Header { return s.header }

// Write drops the text.
func (s *statusOnly) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader keeps the status.
func (s *statusOnly) WriteHeader(status int) { s.status = status }
