package gateway

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A route that says neither which decision it asks nor why it needs none does
// not come into the table, by whichever way.
func TestRoutesNameTheirDecision(t *testing.T) {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, c := range []struct {
		name string
		add  func(*Router)
		want string
	}{
		{"neither", func(r *Router) { r.Handle(Route{Method: "GET", Pattern: "/a", Operation: "a"}, nothing) }, "must name either"},
		{"both", func(r *Router) {
			r.Handle(Route{Method: "GET", Pattern: "/a", Operation: "a", Decision: "read", Open: "why not"}, nothing)
		}, "must name either"},
		{"no operation", func(r *Router) { r.Handle(Route{Method: "GET", Pattern: "/a", Decision: "read"}, nothing) }, "names no operation"},
		{"twice", func(r *Router) {
			r.Declare(Route{Method: "GET", Pattern: "/a", Operation: "a", Decision: "read"})
			r.Declare(Route{Method: "GET", Pattern: "/a", Operation: "b", Decision: "read"})
		}, "declared twice"},
		{"past the table", func(r *Router) { r.HandleFunc("GET /a", nothing) }, "was not declared"},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, c.want) {
					t.Errorf("panicked with %q, want %q", got, c.want)
				}
			}()
			c.add(newHouse(t, nil).Routes)
		})
	}
}

func TestRoutesAreListed(t *testing.T) {
	h := newHouse(t, nil)
	before := len(h.Routes.Routes())
	declared := Route{Method: "GET", Pattern: "/later", Operation: "later", Decision: "read"}
	h.Routes.Declare(declared)
	if got := h.Routes.Unserved(); !slices.Equal(got, []string{"GET /later"}) {
		t.Errorf("not served: %v", got)
	}
	problem(t, h.ask("GET", "/later", "", h.signedIn), 404, "not-found")
	h.Routes.HandleFunc("GET /later", func(http.ResponseWriter, *http.Request) {})
	if got := h.Routes.Unserved(); len(got) != 0 {
		t.Errorf("not served: %v", got)
	}
	if w := h.ask("GET", "/later", "", h.signedIn); w.Code != http.StatusOK {
		t.Error(w.Code)
	}
	problem(t, h.ask("GET", "/later", ""), 401, "signed-out")
	routes := h.Routes.Routes()
	if len(routes) != before+1 || routes[before] != declared {
		t.Errorf("the table is %v", routes)
	}
}

// Every route but the open ones refuses who is not signed in, before its
// handler runs.
func TestEveryDecisionNeedsSomeone(t *testing.T) {
	h := newHouse(t, nil)
	for _, route := range h.Routes.Routes() {
		if route.Decision != "" {
			problem(t, h.ask(route.Method, strings.ReplaceAll(route.Pattern, "{id}", "1"), ""), 401, "signed-out")
		}
	}
}

func TestNoRoute(t *testing.T) {
	h := newHouse(t, nil)
	problem(t, h.ask("GET", "/nowhere", ""), 404, "not-found")
	w := h.ask("DELETE", "/things", "", h.signedIn)
	problem(t, w, 405, "invalid")
	if allow := w.Header().Get("Allow"); allow != "POST" {
		t.Errorf("Allow is %q", allow)
	}
	// Another spelling of a path is sent to the one spelling, or is nowhere.
	for target, location := range map[string]string{"/things/../open": "/open", "//open": "/open", "//evil.example/..": "/"} {
		w := h.ask("GET", "https://host"+target, "")
		if got := w.Header().Get("Location"); w.Code == http.StatusOK || (got != "" && got != location) {
			t.Errorf("%s is answered with %d, %q", target, w.Code, got)
		}
	}
}
