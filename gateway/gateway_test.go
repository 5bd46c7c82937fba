package gateway

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/login"
	"alveary/store"
	"alveary/vault"
)

const annPassword = "a sentence of ann's own"

// lines is a log that a test reads while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// house is a gateway over an empty store with one user, ann.
type house struct {
	*Gateway
	t      *testing.T
	login  *login.Service
	log    *lines
	cookie *http.Cookie // of ann's session
	token  string       // of ann
	ann    alveary.Subject
}

func newHouse(t *testing.T, change func(*Config)) *house {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "alveary.db"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	gate := authz.New(sealer, time.Now)
	h := &house{t: t, log: &lines{}}
	if h.login, err = login.New(s, gate, login.Options{
		Now: time.Now, Random: rand.Reader, SessionLife: time.Hour, Box: vault.New([vault.KeyBytes]byte{1}),
	}); err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Listen: "127.0.0.1:0", Data: t.TempDir(), Login: h.login, Gate: gate, Source: s,
		Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now: time.Now, Random: rand.Reader,
	}
	if change != nil {
		change(&cfg)
	}
	if h.Gateway, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	h.people()
	h.routes()
	return h
}

func (h *house) people() {
	h.t.Helper()
	ctx := h.t.Context()
	if _, err := h.login.AddUserHere(ctx, login.NewUser{Login: "ann", Password: annPassword}); err != nil {
		h.t.Fatal(err)
	}
	step, err := h.login.SignIn(ctx, "ann", annPassword, "", login.Client{Address: "192.0.2.1"})
	if err != nil {
		h.t.Fatal(err)
	}
	h.cookie = h.Cookie(step.Secret, step.Session)
	if h.ann, err = h.login.BySession(ctx, step.Secret, login.Client{}); err != nil {
		h.t.Fatal(err)
	}
	if _, h.token, err = h.login.CreateToken(ctx, h.ann, "for a test", time.Time{}, alveary.Scope{}); err != nil {
		h.t.Fatal(err)
	}
}

// routes are one of each sort.
func (h *house) routes() {
	who := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		subject, known := Subject(r.Context())
		h.answer(w, map[string]any{"login": subject.User.Login, "known": known, "address": Client(r.Context()).Address})
	})
	read := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			WriteProblem(w, r, err)
			return
		}
		h.answer(w, map[string]any{"read": n})
	})
	h.Routes.Handle(Route{Method: "GET", Pattern: "/open", Operation: "open", Open: "the same for all"}, who)
	h.Routes.Handle(Route{Method: "GET", Pattern: "/things/{id}", Operation: "see", Decision: "read on the thing"}, who)
	h.Routes.Handle(Route{Method: "POST", Pattern: "/things", Operation: "make", Decision: "write"}, read)
	h.Routes.Handle(Route{Method: "PUT", Pattern: "/bytes", Operation: "put", Decision: "upload", Stream: true}, read)
	h.Routes.Handle(Route{Method: "POST", Pattern: "/session", Operation: "sign-in", Open: "who signs in is not known yet"}, read)
	h.Routes.Handle(Route{Method: "GET", Pattern: "/panic", Operation: "panic", Open: "a test"}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("late") {
			_, _ = w.Write([]byte("half"))
			_ = http.NewResponseController(w).Flush()
		}
		panic("private cause")
	}))
	h.Routes.Handle(Route{Method: "GET", Pattern: "/livez", Operation: "live", Open: "a test"}, Live())
	h.Routes.Handle(Route{Method: "GET", Pattern: "/readyz", Operation: "ready", Open: "a test"}, h.Ready(func(context.Context) error { return nil }))
}

func (h *house) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		h.t.Error(err)
	}
}

// ask sends a request through the whole chain without a network.
func (h *house) ask(method, target, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), method, target, strings.NewReader(body))
	r.RemoteAddr = "192.0.2.1:5000"
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	return w
}

func (h *house) signedIn(r *http.Request) { r.AddCookie(h.cookie) }

func (h *house) withToken(r *http.Request) { r.Header.Set("Authorization", "Bearer "+h.token) }

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// problem reads an answer that must be one.
func problem(t *testing.T, w *httptest.ResponseRecorder, status int, code string) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("not a problem: %v: %s", err, w.Body)
	}
	if w.Code != status || p.Status != status || p.Code != code || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d %s: %s; want %d with code %s", w.Code, w.Header().Get("Content-Type"), w.Body, status, code)
	}
	if p.Title == "" || p.Detail == "" || p.Instance != w.Header().Get("X-Request-Id") || p.Instance == "" {
		t.Fatalf("the problem lacks something: %s", w.Body)
	}
	return p
}

func TestNewRefusesAnIncompleteConfig(t *testing.T) {
	h := newHouse(t, nil)
	for name, spoil := range map[string]func(*Config){
		"login":      func(c *Config) { c.Login = nil },
		"log":        func(c *Config) { c.Log = nil },
		"clock":      func(c *Config) { c.Now = nil },
		"randomness": func(c *Config) { c.Random = nil },
		"public URL": func(c *Config) { c.PublicURL = "files.example.org/with/path" },
	} {
		cfg := h.cfg
		spoil(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("made with a bad %s", name)
		}
	}
}
