package gateway

import (
	"mime"
	"net/http"
	"strings"
	"testing"
)

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	h := newHouse(t, nil)
	for _, target := range []string{"/open", "/things/1", "/nowhere", "/panic", "/livez"} {
		head := h.ask("GET", target, "").Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
		} {
			if got := head.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", target, name, got, want)
			}
		}
		if !strings.Contains(head.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("%s: Permissions-Policy is %q", target, head.Get("Permissions-Policy"))
		}
		policy := head.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'self'", "script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %s: %s", target, part, policy)
			}
		}
		if strings.Contains(policy, "unsafe-eval") || strings.Contains(policy, "script-src 'self' 'unsafe") {
			t.Errorf("%s: the policy lets scripts in: %s", target, policy)
		}
		for name := range head {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s opens the API to other sites", target, name)
			}
		}
	}
}

// What users uploaded is an attachment or sandboxed, and never a page of ours,
// whatever its type and whatever was asked for.
func TestThreat24_UserContentIsNeverAPage(t *testing.T) {
	for _, c := range []struct {
		mime   string
		inline bool
		kind   string
		shown  bool
	}{
		{"text/html; charset=utf-8", true, "application/octet-stream", false},
		{"application/xhtml+xml", true, "application/octet-stream", false},
		{"text/xml; charset=utf-8", true, "application/octet-stream", false},
		{"application/xml", true, "application/octet-stream", false},
		{"text/markdown", true, "application/octet-stream", false},
		{"application/epub+zip", true, "application/octet-stream", false},
		{"text/javascript", true, "application/octet-stream", false},
		{"application/wasm", true, "application/octet-stream", false},
		{"multipart/related", true, "application/octet-stream", false},
		{"message/rfc822", true, "application/octet-stream", false},
		{"", true, "application/octet-stream", false},
		{"nonsense;;", true, "application/octet-stream", false},
		{"image/svg+xml", true, "image/svg+xml", false},
		{"image/png", true, "image/png", true},
		{"image/png", false, "image/png", false},
		{"image/png; x=\"text/html\"", true, "image/png", true},
		{"audio/mpeg", true, "audio/mpeg", true},
		{"video/mp4", true, "video/mp4", true},
		{"application/pdf", true, "application/pdf", true},
		{"text/plain", true, "text/plain; charset=utf-8", true},
		{"text/plain; charset=utf-16le", true, "text/plain; charset=utf-16le", true},
		{"text/plain; charset=utf-8", false, "text/plain; charset=utf-8", false},
	} {
		head := http.Header{}
		UserContent(head, "page.html.txt", c.mime, c.inline)
		shown := strings.HasPrefix(head.Get("Content-Disposition"), "inline;")
		attached := strings.HasPrefix(head.Get("Content-Disposition"), "attachment;")
		if head.Get("Content-Type") != c.kind || shown != c.shown || attached == shown {
			t.Errorf("%q becomes %s, %s", c.mime, head.Get("Content-Type"), head.Get("Content-Disposition"))
		}
		policy := head.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "sandbox; default-src 'none'") || strings.Contains(policy, "allow-") || head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q is not sandboxed: %s", c.mime, policy)
		}
	}
}

// No name of a file leaves its place in the header, and all come out whole.
func TestThreat24_NamesInHeaders(t *testing.T) {
	for _, name := range []string{
		"plain.txt", "two words.txt", `quote".html`, `back\slash.txt`, "semi;colon=x.txt", "line\r\nSet-Cookie: a=b", "Ünïcödé ✓.pdf", "100%.txt", "a%22b.txt", "'single'.txt", "\x00nul", "\xff\xfe.txt",
	} {
		head := http.Header{}
		UserContent(head, name, "text/html", true)
		value := head.Get("Content-Disposition")
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q is spelt %q", name, value)
		}
		kind, params, err := mime.ParseMediaType(value)
		if err != nil || kind != "attachment" {
			t.Fatalf("%q is spelt %q, which is read as %q, %v", name, value, kind, err)
		}
		if want := strings.ToValidUTF8(name, "_"); params["filename"] != want {
			t.Errorf("%q is spelt %q, which is read as %q", name, value, params["filename"])
		}
	}
}

// What a request carries comes back as data of a type that no browser runs.
func TestThreat24_ErrorsAreNoPages(t *testing.T) {
	h := newHouse(t, nil)
	w := h.ask("GET", "/%3Cscript%3Ealert(1)%3C/script%3E?x=<script>", "", header("X-Request-Id", "<script>"))
	problem(t, w, 404, "not-found")
	w = h.ask("DELETE", "/things", "<script>", h.signedIn)
	problem(t, w, 405, "invalid")
	for _, w := range []string{w.Body.String()} {
		if strings.Contains(w, "<") {
			t.Errorf("the answer holds a tag: %s", w)
		}
	}
	if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
		t.Errorf("nosniff is %q", got)
	}
}

// A page of another site changes nothing with the visitor's cookie, and the
// handler does not run.
func TestThreat27_CrossSiteRequestsAreRefused(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.PublicURL = "https://files.example.org" })
	for _, route := range h.Routes.Routes() {
		if route.Method == "GET" {
			continue
		}
		for _, c := range []struct {
			name   string
			change []func(*http.Request)
			passes bool
		}{
			{"same origin", []func(*http.Request){header("Sec-Fetch-Site", "same-origin"), header("Origin", "https://example.com")}, true},
			{"typed by the user", []func(*http.Request){header("Sec-Fetch-Site", "none")}, true},
			{"same host", []func(*http.Request){header("Origin", "https://example.com")}, true},
			{"public address", []func(*http.Request){header("Origin", "https://files.example.org")}, true},
			{"no browser", nil, true},
			{"cross site", []func(*http.Request){header("Sec-Fetch-Site", "cross-site")}, false},
			{"same site, other host", []func(*http.Request){header("Sec-Fetch-Site", "same-site")}, false},
			{"other origin", []func(*http.Request){header("Origin", "https://evil.example")}, false},
			{"null origin", []func(*http.Request){header("Origin", "null")}, false},
			{"other port", []func(*http.Request){header("Origin", "https://example.com:8444")}, false},
			{"prefix of ours", []func(*http.Request){header("Origin", "https://files.example.org.evil.example")}, false},
		} {
			t.Run(route.key()+" "+c.name, func(t *testing.T) {
				w := h.ask(route.Method, route.Pattern, "x", append(c.change, h.signedIn)...)
				if c.passes {
					if w.Code != http.StatusOK {
						t.Errorf("%d: %s", w.Code, w.Body)
					}
					return
				}
				problem(t, w, 403, "denied")
				if strings.Contains(w.Body.String(), `"read"`) {
					t.Error("the handler ran all the same")
				}
			})
		}
	}
	// No route that changes anything is a GET: the check lets those pass.
	if w := h.ask("GET", "/things/1", "", h.signedIn, header("Sec-Fetch-Site", "cross-site")); w.Code != http.StatusOK {
		t.Error(w.Code)
	}
	// A preflight is not answered with leave.
	w := h.ask("OPTIONS", "/things", "", header("Origin", "https://evil.example"), header("Access-Control-Request-Method", "POST"))
	if w.Code < 400 || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a preflight is answered with %d %v", w.Code, w.Header())
	}
}
