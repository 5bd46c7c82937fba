package webui_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"alveary/testkit/world"
)

// Every page is open, holds no data, and comes with a policy that lets no
// foreign script run and no other site frame it.
func TestPages(t *testing.T) {
	w := world.New(t, world.Options{})
	c := w.Nobody()
	for _, route := range w.Routes() {
		if !strings.HasPrefix(route.Operation, "page ") {
			continue
		}
		if route.Open == "" || route.Method != "GET" {
			t.Errorf("%+v is not as a page is", route)
		}
		path := strings.TrimSuffix(route.Pattern, "{$}")
		for _, method := range []string{"GET", "HEAD"} {
			a := c.Do(method, w.URL()+path, nil)
			h := a.Header
			policy := h.Get("Content-Security-Policy")
			if a.Status >= 500 || !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") ||
				!strings.Contains(policy, "object-src 'none'") || strings.Contains(policy, "unsafe-eval") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %d %v", method, path, a.Status, h)
			}
			if strings.Contains(string(a.Body), "<script>") {
				t.Errorf("%s has a script in the page", path)
			}
		}
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			if a := c.Do(method, w.URL()+path, nil); a.Status != http.StatusMethodNotAllowed && a.Status != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, path, a.Status)
			}
		}
	}
}

// What is no page is said to be none: no file of the source, no listing of a
// folder, no other host.
func TestNoSuchPage(t *testing.T) {
	w := world.New(t, world.Options{})
	c := w.Nobody()
	for _, path := range []string{
		"/nothing", "/index.html", "/web.go", "/assets/nothing.js", "/assets/", "/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/..%2findex.html",
		"/index.html.br", "/index.html.gz", "/signin.html", "/.git/config", "/theme.js.br", "/signin/x", "/welcome/x", "/welcome.html", "/api", "/api/v2/server", "/setup/x",
	} {
		a := c.Do("GET", w.URL()+path, nil)
		switch {
		case a.Status == http.StatusNotFound && !strings.Contains(a.Header.Get("Content-Type"), "html"):
		case a.Status >= 300 && a.Status < 400 && strings.HasPrefix(a.Header.Get("Location"), "/") && !strings.HasPrefix(a.Header.Get("Location"), "//"):
		default:
			t.Errorf("%s: %d %.100s", path, a.Status, a.Body)
		}
	}
	// The state of the page is in its address: any path beneath /files/ and /console/ is the page.
	for _, path := range []string{"/files/", "/files/common-files/a%2fb/..%2f", "/console", "/console/policies/a%2fb/..%2f", "/console/people", "/files/%3Cscript%3E", "/files/" + strings.Repeat("x", 4000)} {
		a := c.Do("GET", w.URL()+path, nil)
		if a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || strings.Contains(string(a.Body), "%3Cscript") || strings.Contains(string(a.Body), "<script>alert") {
			t.Errorf("%.60s: %d %v", path, a.Status, a.Header)
		}
	}
}

// RFC 9116: a contact, and a date within a year.
func TestSecurityText(t *testing.T) {
	w := world.New(t, world.Options{})
	a := w.Nobody().Do("GET", w.URL()+"/.well-known/security.txt", nil)
	fields := map[string]string{}
	for line := range strings.Lines(string(a.Body)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(line, "#") {
			fields[name] = value
		}
	}
	expires, err := time.Parse(time.RFC3339, fields["Expires"])
	if err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/plain") || fields["Contact"] == "" ||
		!expires.After(time.Now()) || expires.After(time.Now().AddDate(1, 0, 0)) {
		t.Errorf("%d %v %v", a.Status, fields, err)
	}
}
