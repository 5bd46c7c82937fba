package fakeapi

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"time"

	"alveary/captcha"
)

// Code is the one code that is right, where sign-ins need one.
const Code = "123456"

// WantProof makes every sign-in need a proof of work.
func (s *Server) WantProof() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proof = captcha.New([]byte("of the fake"), rand.Reader, captcha.Options{Cost: 1, Tries: 100})
}

// WantFactors makes every sign-in need one of these beside the password:
// "totp", "passkey", "recovery". With "enrol" alone there is none yet.
func (s *Server) WantFactors(kinds ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.factors = kinds
}

func (s *Server) challenge(*http.Request) (int, any) {
	c, err := s.proof.Challenge(time.Now())
	if err != nil {
		return http.StatusInternalServerError, fault("internal", err.Error())
	}
	return http.StatusOK, c
}

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	var in struct{ Login, Password, Captcha string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	proof, factors := s.proof, s.factors
	s.mu.Unlock()
	if proof != nil {
		if _, _, err := proof.Verify(in.Captcha, time.Now()); err != nil {
			reply(w, http.StatusUnauthorized, fault("captcha", "a proof of work is needed"))
			return
		}
	}
	switch {
	case in.Login != Login || in.Password != Password:
		reply(w, http.StatusUnauthorized, fault("wrong-credentials", "the login or the password is wrong"))
	case len(factors) == 0:
		s.letIn(w)
	case factors[0] == "enrol":
		reply(w, http.StatusOK, map[string]any{"state": "enrol", "pending": "p1"})
	default:
		reply(w, http.StatusOK, map[string]any{"state": "second-factor", "pending": "p1", "factors": factors})
	}
}

func (s *Server) secondStep(w http.ResponseWriter, r *http.Request) {
	var in struct{ Pending, Code string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	switch {
	case in.Pending != "p1":
		reply(w, http.StatusNotFound, fault("not-found", "begin again"))
	case in.Code != Code:
		reply(w, http.StatusUnauthorized, fault("wrong-code", "the code is wrong"))
	default:
		s.letIn(w)
	}
}

func (s *Server) letIn(w http.ResponseWriter) {
	s.mu.Lock()
	s.sessions["s1"] = true
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: "session", Value: "s1", Secure: true, HttpOnly: true})
	answer := user()
	answer["state"] = "signed-in"
	reply(w, http.StatusOK, answer)
}

// withSession refuses tokens, as the routes do that want a person.
func (s *Server) withSession(next http.Handler) http.Handler {
	return s.signedIn(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			reply(w, http.StatusForbidden, fault("session-needed", "only somebody who is signed in may do this"))
			return
		}
		next.ServeHTTP(w, r)
	}))
}
