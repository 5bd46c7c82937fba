package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"alveary/web"
)

const forever = "public, max-age=31536000, immutable"

// page is a build in small: every kind of file that Vite leaves behind.
func page() fs.FS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		".keep":                  "marker",
		"index.html":             "the application",
		"index.html.br":          "the application, br",
		"signin.html":            "the sign-in",
		"setup.html":             "the set-up",
		"link.html":              "the link",
		"welcome.html":           "the welcome",
		"favicon.svg":            "<svg/>",
		"assets/app-1a2b.js":     "script",
		"assets/app-1a2b.js.br":  "script, br",
		"assets/app-1a2b.js.gz":  "script, gz",
		"assets/app-1a2b.css":    "style",
		"assets/app-1a2b.css.gz": "style, gz",
		"assets/bee-9f.woff2":    "font",
		"assets/pdf-3c.mjs":      "worker",
		"assets/thing.unheard":   "?",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func get(h http.Handler, method, address string, header ...string) *http.Response {
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	var b strings.Builder
	if err := resp.Write(&b); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(b.String(), "\r\n\r\n")
	return text
}

func TestEveryAddress(t *testing.T) {
	h := web.New(page())
	for _, c := range []struct {
		address, accept             string
		status                      int
		text, kind, coding, caching string
	}{
		{"/", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/", "gzip, br", 200, "the application, br", "text/html; charset=utf-8", "br", "no-cache"},
		{"/files", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/files/my-files/a.b/c.js", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/files/x.html?view=grid", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/bin", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/account", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/account/tokens", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/console/policies/a%2Fb", "", 200, "the application", "text/html; charset=utf-8", "", "no-cache"},
		{"/signin?next=/bin", "", 200, "the sign-in", "text/html; charset=utf-8", "", "no-cache"},
		{"/setup", "br", 200, "the set-up", "text/html; charset=utf-8", "", "no-cache"},
		{"/welcome", "", 200, "the welcome", "text/html; charset=utf-8", "", "no-cache"},
		{"/s/abcdefgh", "", 200, "the link", "text/html; charset=utf-8", "", "no-store"},
		{"/s/", "", 404, "", "", "", "no-store"},
		{"/favicon.svg", "", 200, "<svg/>", "image/svg+xml", "", "no-cache"},
		{"/assets/app-1a2b.js", "", 200, "script", "text/javascript; charset=utf-8", "", forever},
		{"/assets/app-1a2b.js", "gzip, deflate, br, zstd", 200, "script, br", "text/javascript; charset=utf-8", "br", forever},
		{"/assets/app-1a2b.js", "gzip, br;q=0", 200, "script, gz", "text/javascript; charset=utf-8", "gzip", forever},
		{"/assets/app-1a2b.js", "GZIP; q=0.5", 200, "script, gz", "text/javascript; charset=utf-8", "gzip", forever},
		{"/assets/app-1a2b.js", "*", 200, "script, br", "text/javascript; charset=utf-8", "br", forever},
		{"/assets/app-1a2b.js", "*;q=0", 200, "script", "text/javascript; charset=utf-8", "", forever},
		{"/assets/app-1a2b.js", "br;q=0, *", 200, "script, gz", "text/javascript; charset=utf-8", "gzip", forever},
		{"/assets/app-1a2b.js", "identity", 200, "script", "text/javascript; charset=utf-8", "", forever},
		{"/assets/app-1a2b.css", "br, gzip", 200, "style, gz", "text/css; charset=utf-8", "gzip", forever},
		{"/assets/bee-9f.woff2", "br", 200, "font", "font/woff2", "", forever},
		{"/assets/pdf-3c.mjs", "br", 200, "worker", "text/javascript; charset=utf-8", "", forever},
		{"/assets/thing.unheard", "", 200, "?", "application/octet-stream", "", forever},

		{"/assets/app-gone.js", "br", 404, "", "", "", "no-store"},
		{"/assets/", "", 404, "", "", "", "no-store"},
		{"/assets", "", 404, "", "", "", "no-store"},
		{"/assets/app-1a2b.js.br", "", 404, "", "", "", "no-store"},
		{"/assets/app-1a2b.js.gz", "gzip", 404, "", "", "", "no-store"},
		{"/.keep", "", 404, "", "", "", "no-store"},
		{"/index.html", "", 404, "", "", "", "no-store"},
		{"/signin/", "", 404, "", "", "", "no-store"},
		{"/welcome.html", "", 404, "", "", "", "no-store"},
		{"/welcome/x", "", 404, "", "", "", "no-store"},
		{"/signin.html", "", 404, "", "", "", "no-store"},
		{"/filesystem", "", 404, "", "", "", "no-store"},
		{"/assets/../index.html", "", 404, "", "", "", "no-store"},
		{"/assets//app-1a2b.js", "", 404, "", "", "", "no-store"},
		{"/api/v1/session", "", 404, "", "", "", "no-store"},
	} {
		t.Run(c.address+" "+c.accept, func(t *testing.T) {
			var header []string
			if c.accept != "" {
				header = []string{"Accept-Encoding", c.accept}
			}
			resp := get(h, "GET", c.address, header...)
			if resp.StatusCode != c.status {
				t.Fatalf("status %d, want %d", resp.StatusCode, c.status)
			}
			if got := resp.Header.Get("Cache-Control"); got != c.caching {
				t.Errorf("Cache-Control %q, want %q", got, c.caching)
			}
			if c.status != 200 {
				return
			}
			if got := resp.Header.Get("Content-Type"); got != c.kind {
				t.Errorf("Content-Type %q, want %q", got, c.kind)
			}
			if got := resp.Header.Get("Content-Encoding"); got != c.coding {
				t.Errorf("Content-Encoding %q, want %q", got, c.coding)
			}
			if resp.ContentLength != int64(len(c.text)) {
				t.Errorf("Content-Length %d, want %d", resp.ContentLength, len(c.text))
			}
			if got := body(t, resp); got != c.text {
				t.Errorf("body %q, want %q", got, c.text)
			}
		})
	}
}

func TestEachEncodingHasItsOwnTagAndSaysThatItVaries(t *testing.T) {
	h := web.New(page())
	seen := map[string]string{}
	for _, accept := range []string{"br", "gzip", "identity"} {
		resp := get(h, "GET", "/assets/app-1a2b.js", "Accept-Encoding", accept)
		tag := resp.Header.Get("ETag")
		if other, ok := seen[tag]; ok || len(tag) < 10 {
			t.Errorf("%s has the tag %q of %q", accept, tag, other)
		}
		seen[tag] = accept
		if got := resp.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Vary %q", got)
		}
		for _, condition := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			again := get(h, "GET", "/assets/app-1a2b.js", "Accept-Encoding", accept, "If-None-Match", condition)
			if again.StatusCode != http.StatusNotModified || again.Header.Get("ETag") != tag || body(t, again) != "" {
				t.Errorf("If-None-Match %s: %d", condition, again.StatusCode)
			}
		}
		if fresh := get(h, "GET", "/assets/app-1a2b.js", "Accept-Encoding", accept, "If-None-Match", `"other"`); fresh.StatusCode != 200 {
			t.Errorf("another tag: %d", fresh.StatusCode)
		}
	}
}

// Of assets the build keeps compressed forms alone; who takes neither gets the
// file all the same.
func TestWhoTakesNoCompressionGetsItUnpacked(t *testing.T) {
	var gz bytes.Buffer
	packer := gzip.NewWriter(&gz)
	if _, err := packer.Write([]byte("alone")); err != nil {
		t.Fatal(err)
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	h := web.New(fstest.MapFS{
		"assets/alone-7e.js.gz": {Data: gz.Bytes()}, "assets/alone-7e.js.br": {Data: []byte("alone, br")},
		"assets/broken-7e.js.gz": {Data: []byte("not gzip")}, "assets/font-7e.woff2.gz": {Data: gz.Bytes()},
	})
	tags := map[string]bool{}
	for accept, want := range map[string]string{"": "alone", "identity": "alone", "deflate": "alone", "br": "alone, br", "gzip": gz.String()} {
		resp := get(h, "GET", "/assets/alone-7e.js", "Accept-Encoding", accept)
		coding := resp.Header.Get("Content-Encoding")
		tags[resp.Header.Get("ETag")] = true
		if got, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 || string(got) != want || (coding == "") != (want == "alone") ||
			resp.Header.Get("Vary") != "Accept-Encoding" || resp.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%q: %d, %q, %v", accept, resp.StatusCode, got, resp.Header)
		}
	}
	if len(tags) != 3 {
		t.Errorf("the tags are %v", tags)
	}
	if resp := get(h, "HEAD", "/assets/alone-7e.js"); resp.StatusCode != 200 || resp.ContentLength > 0 {
		t.Errorf("HEAD: %d, %d bytes", resp.StatusCode, resp.ContentLength)
	}
	for address, want := range map[string]int{"/assets/broken-7e.js": 500, "/assets/font-7e.woff2": 404, "/assets/alone-7e.js.gz": 404, "/assets/none.js": 404} {
		if resp := get(h, "GET", address); resp.StatusCode != want {
			t.Errorf("%s: %d", address, resp.StatusCode)
		}
	}
}

func TestHeadIsGetWithoutTheBytes(t *testing.T) {
	resp := get(web.New(page()), "HEAD", "/assets/app-1a2b.js", "Accept-Encoding", "br")
	if resp.StatusCode != 200 || resp.ContentLength != int64(len("script, br")) || resp.Header.Get("ETag") == "" {
		t.Errorf("%d, %d bytes, tag %q", resp.StatusCode, resp.ContentLength, resp.Header.Get("ETag"))
	}
}

func TestNothingCanBeWritten(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
		resp := get(web.New(page()), method, "/")
		if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, Allow %q", method, resp.StatusCode, resp.Header.Get("Allow"))
		}
	}
}

func TestOneDocumentAnswersEveryRouteOfTheStub(t *testing.T) {
	h := web.New(fstest.MapFS{"index.html": {Data: []byte("not built")}})
	for _, address := range []string{"/", "/signin", "/setup", "/welcome", "/files/x"} {
		if got := body(t, get(h, "GET", address)); got != "not built" {
			t.Errorf("%s: %q", address, got)
		}
	}
	if resp := get(web.New(fstest.MapFS{}), "GET", "/"); resp.StatusCode != 404 {
		t.Errorf("an empty build: %d", resp.StatusCode)
	}
}

func TestTheBinaryCarriesAPage(t *testing.T) {
	resp := get(web.Handler(), "GET", "/")
	text := body(t, resp)
	if resp.StatusCode != 200 || !strings.Contains(text, "Alveary") {
		t.Fatalf("%d %q", resp.StatusCode, text)
	}
	if stub := strings.Contains(text, "built without its web page"); stub != web.IsStub() {
		t.Errorf("IsStub is %v, and the page served is the stub: %v", web.IsStub(), stub)
	}
}
