package world

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary/gateway"
	"alveary/gateway/rest"
	"alveary/gateway/webui"
)

// server is the HTTP side of a world. A restart of the world changes what is
// behind the address, not the address.
type server struct {
	*httptest.Server
	handler atomic.Pointer[http.Handler]
	gateway *gateway.Gateway
	log     logbook
}

// logbook is a log that is read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (w *World) serving() *server {
	w.t.Helper()
	if w.server != nil {
		return w.server
	}
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		(*s.handler.Load()).ServeHTTP(rw, r)
	}))
	w.t.Cleanup(s.Close)
	w.server = s
	s.mount(w)
	return s
}

func (s *server) mount(w *World) {
	w.t.Helper()
	var proxies []netip.Prefix
	if w.proxy {
		proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	}
	g, err := gateway.New(gateway.Config{
		TrustedProxies: proxies,
		Listen:         s.Listener.Addr().String(), InsecureHTTP: true, PublicURL: w.public, Login: w.Login, Gate: w.Gate, Source: w.Store, Now: w.Now, Random: rand.Reader,
		Log: slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	rest.Mount(rest.Config{
		Gateway: g, Files: w.Files, Login: w.Login, Limits: w.Limits, Govern: w.Govern, People: w.People,
		Settings: w.Settings, Mail: w.Mail, Share: w.Share, Requests: w.Requests, Visits: w.Visits, Notices: w.Notices, Now: w.Now, Public: w.public, Version: "test",
	})
	webui.Mount(g, "test")
	s.gateway = g
	h := g.Handler()
	s.handler.Store(&h)
}

// Routes is the table of routes of the world's server.
func (w *World) Routes() []gateway.Route { w.t.Helper(); return w.serving().gateway.Routes.Routes() }

// URL is the address of the world's server, without a slash at its end.
func (w *World) URL() string { w.t.Helper(); return w.serving().URL }

// Log is what the server has logged, at every level.
func (w *World) Log() string {
	w.t.Helper()
	l := &w.serving().log
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Client asks the world's server as somebody.
type Client struct {
	Token  string       // personal access token; empty: none
	Cookie *http.Cookie // of a session; nil: none
	From   string       // address, in a world with a proxy; empty: the proxy's

	t    testing.TB
	base string
	http *http.Client
}

// Nobody is a client that is not signed in.
func (w *World) Nobody() *Client {
	w.t.Helper()
	s := w.serving()
	// Redirects are answers to look at, and nothing is unpacked on the way.
	plain := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8},
		Timeout:       time.Minute,
	}
	w.t.Cleanup(plain.CloseIdleConnections)
	return &Client{t: w.t, base: s.URL, http: plain}
}

// Client is a client with a token of the user.
func (w *World) Client(name string) *Client {
	w.t.Helper()
	c := w.Nobody()
	var err error
	if _, c.Token, err = w.Login.CreateTokenFor(w.t.Context(), name, "for a test", time.Time{}); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// Browser is a client with a session of the user.
func (w *World) Browser(name string) *Client {
	w.t.Helper()
	c := w.Nobody()
	c.SignIn(name)
	return c
}

// SignIn begins a session.
func (c *Client) SignIn(name string) {
	c.t.Helper()
	answer := c.Step("/session", map[string]any{"login": name, "password": Password})
	if answer.Status != http.StatusOK || c.Cookie == nil {
		c.t.Fatalf("signing in: %d %s", answer.Status, answer.Body)
	}
}

// Answer is an answer that was read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Cut    error // why the body ended early; nil where it did not
}

// Into reads the answer as JSON.
func (a Answer) Into(t testing.TB, value any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, value); err != nil {
		t.Fatalf("%d %q is not the JSON that was expected: %v", a.Status, a.Body, err)
	}
}

// Problem reads the answer as an error.
func (a Answer) Problem(t testing.TB) (p gateway.Problem) {
	t.Helper()
	if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" {
		t.Fatalf("%d with the type %q is no problem document: %.200s", a.Status, kind, a.Body)
	}
	a.Into(t, &p)
	return p
}

// JSON is a body.
func JSON(value any) io.Reader {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // a mistake in the test
	}
	return bytes.NewReader(text)
}

// Do asks the REST door at a path such as /session, or any other door where the
// path begins with the world's URL. Headers come in pairs; a body is JSON
// unless a Content-Type says otherwise.
func (c *Client) Do(method, path string, body io.Reader, headers ...string) Answer {
	c.t.Helper()
	r := c.Request(method, path, body, headers...)
	answer, err := c.http.Do(r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	text, cut := io.ReadAll(answer.Body)
	return Answer{Status: answer.StatusCode, Header: answer.Header, Body: text, Cut: cut}
}

// Request is what Do sends.
func (c *Client) Request(method, path string, body io.Reader, headers ...string) *http.Request {
	c.t.Helper()
	target := path
	if !strings.HasPrefix(path, c.base) {
		target = c.base + rest.Prefix + path
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, target, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Cookie != nil {
		r.AddCookie(c.Cookie)
	}
	if c.From != "" {
		r.Header.Set("X-Forwarded-For", c.From)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}
