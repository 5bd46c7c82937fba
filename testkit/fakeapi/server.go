// Package fakeapi is a small server that keeps the REST contract for files, and
// loosely that for people, in memory, with a switch for everything that can go wrong on the way.
//
// It exists because a client is only as good as its conduct when things break,
// and a real server cannot be told to lose the third answer. It is a real HTTP
// server that really keeps what it is sent; it decides nothing about rights.
// Faults are armed with Break and happen to the requests that match.
//
// Read server.go first, then fault.go; people.go for the console.
package fakeapi

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/captcha"
)

// The one user, and a token that is valid from the start.
const (
	Login    = "ada"
	Password = "correct horse battery"
	Token    = "alv_valid"
)

// Server is one running fake. Its zero value is of no use; make it with New.
type Server struct {
	URL string
	TLS *httptest.Server // for its certificate

	mu       sync.Mutex
	nodes    map[alveary.NodeID]*node
	uploads  map[string]*upload
	tokens   map[string]string // secret → id
	sessions map[string]bool
	proof    *captcha.Captcha // set where sign-ins need a proof of work
	factors  []string         // that a sign-in needs beside the password
	people   people
	faults   []*Fault
	requests []string
	next     int64
	workdirs map[string]alveary.NodeID // workspace → root
}

// New starts a server that ends with the test, over TLS with a certificate
// that nobody trusts yet, or in plain HTTP.
func New(t testing.TB, secure bool) *Server {
	t.Helper()
	s := &Server{
		nodes: map[alveary.NodeID]*node{}, uploads: map[string]*upload{}, tokens: map[string]string{Token: "1"},
		sessions: map[string]bool{}, next: 100, workdirs: map[string]alveary.NodeID{}, people: newPeople(),
	}
	for _, slug := range []string{alveary.WorkspaceMyFiles, alveary.WorkspaceCommonFiles} {
		s.workdirs[slug] = s.add(0, slug, nil).id
	}
	handler := s.faulty(s.routes())
	s.TLS = httptest.NewUnstartedServer(handler)
	s.TLS.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that do not trust it are part of the tests
	if secure {
		s.TLS.StartTLS()
	} else {
		s.TLS.Start()
	}
	s.URL = s.TLS.URL
	t.Cleanup(func() {
		s.TLS.CloseClientConnections()
		s.TLS.Close()
	})
	return s
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, h func(*http.Request) (int, any)) { mux.Handle(pattern, s.json(h)) }
	in := func(pattern string, h func(*http.Request) (int, any)) {
		mux.Handle(pattern, s.signedIn(s.json(h)))
	}
	open("GET /api/v1/server", func(*http.Request) (int, any) {
		return http.StatusOK, map[string]any{"product": "Alveary", "version": "test", "setupNeeded": false}
	})
	open("GET /api/v1/session/captcha", s.challenge)
	mux.HandleFunc("POST /api/v1/session", s.signIn)
	mux.HandleFunc("POST /api/v1/session/factor", s.secondStep)
	in("GET /api/v1/session", func(*http.Request) (int, any) { return http.StatusOK, user() })
	in("DELETE /api/v1/session", s.signOut)
	mux.Handle("POST /api/v1/tokens", s.withSession(s.json(s.makeToken)))
	in("DELETE /api/v1/tokens/{id}", s.endToken)
	s.peopleRoutes(in)
	in("GET /api/v1/workspaces", s.listWorkspaces)
	in("GET /api/v1/nodes", s.find)
	in("GET /api/v1/nodes/{id}", s.stat)
	in("GET /api/v1/nodes/{id}/children", s.children)
	in("POST /api/v1/nodes/{id}/folders", s.mkdir)
	in("POST /api/v1/nodes/{id}/move", s.move)
	in("POST /api/v1/nodes/{id}/copy", s.copy)
	in("POST /api/v1/nodes/{id}/bin", s.bin)
	in("POST /api/v1/nodes/{id}/restore", s.restore)
	in("DELETE /api/v1/nodes/{id}", s.remove)
	in("GET /api/v1/bin", s.listBin)
	in("DELETE /api/v1/bin", s.emptyBin)
	in("PUT /api/v1/nodes/{id}/files", s.putFile)
	mux.Handle("GET /api/v1/nodes/{id}/content", s.signedIn(http.HandlerFunc(s.content)))
	mux.Handle("POST /api/v1/uploads", s.signedIn(http.HandlerFunc(s.createUpload)))
	mux.Handle("HEAD /api/v1/uploads/{id}", s.signedIn(http.HandlerFunc(s.headUpload)))
	mux.Handle("PATCH /api/v1/uploads/{id}", s.signedIn(http.HandlerFunc(s.patchUpload)))
	in("POST /api/v1/uploads/{id}/finish", s.finishUpload)
	return mux
}

func user() map[string]any {
	return map[string]any{"user": map[string]any{"id": "7", "login": Login, "name": "Ada"}}
}

func (s *Server) signOut(*http.Request) (int, any) {
	s.sessions = map[string]bool{}
	return http.StatusNoContent, nil
}

func (s *Server) makeToken(*http.Request) (int, any) {
	id := strconv.FormatInt(s.number(), 10)
	secret := "alv_made" + id
	s.tokens[secret] = id
	return http.StatusCreated, map[string]any{"token": map[string]any{"id": id, "label": "x"}, "secret": secret}
}

func (s *Server) endToken(r *http.Request) (int, any) {
	for secret, id := range s.tokens {
		if id == r.PathValue("id") {
			delete(s.tokens, secret)
			return http.StatusNoContent, nil
		}
	}
	return http.StatusNotFound, fault("not-found", "no such token")
}

// SignOutAll ends every token and session, as a changed password does.
func (s *Server) SignOutAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens, s.sessions = map[string]string{}, map[string]bool{}
}

// Allow makes a token valid.
func (s *Server) Allow(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[token] = "1"
}

// SignedIn counts the sessions and the tokens that are valid.
func (s *Server) SignedIn() (sessions, tokens int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions), len(s.tokens)
}

func (s *Server) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		bearer := r.Header.Get("Authorization")
		ok := len(bearer) > 7 && s.tokens[bearer[len("Bearer "):]] != ""
		if cookie, err := r.Cookie("session"); err == nil && s.sessions[cookie.Value] {
			ok = true
		}
		s.mu.Unlock()
		if !ok {
			reply(w, http.StatusUnauthorized, fault("signed-out", "you are signed out; sign in again"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// json makes a handler of a function that runs alone and answers with JSON.
func (s *Server) json(h func(*http.Request) (int, any)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		status, body := h(r)
		s.mu.Unlock()
		reply(w, status, body)
	})
}

func reply(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	if text, ok := body.(plain); ok {
		w.Header().Set("Content-Type", "text/csv")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, string(text))
		return
	}
	kind := "application/json"
	if status >= http.StatusBadRequest {
		kind = "application/problem+json"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func fault(code, detail string) map[string]any {
	return map[string]any{"code": code, "detail": detail, "instance": "r1"}
}

func (s *Server) number() int64 {
	s.next++
	return s.next
}

func when() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) }
