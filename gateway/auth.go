package gateway

import (
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzhttp"

	"alveary"
	"alveary/service/login"
)

// admit stands before each route: it makes out who asks, refuses where the
// route needs someone and nobody is signed in, and bounds the body. Nothing of
// the door runs after a refusal.
func (g *Gateway) admit(route Route, next http.Handler) http.Handler {
	if route.Document {
		next = gzhttp.GzipHandler(next)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		subject, err := g.authenticate(r, route)
		if err != nil {
			WriteProblem(w, r, err)
			return
		}
		rec := requestOf(r.Context())
		rec.subject = subject
		if route.Guest {
			rec.guest, rec.visit = g.guestOf(r), g.visitOf(r)
		}
		if err := g.call(r, subject); err != nil {
			WriteProblem(w, r, err)
			return
		}
		if err := g.proved(route, subject); err != nil {
			WriteProblem(w, r, err)
			return
		}
		if !route.Stream && !limitBody(w, r, max(route.Body, g.cfg.MaxJSON)) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// apiPrefix is where the API begins; the pages beside it are the same for all.
const apiPrefix = "/api/v1/"

// call asks the rest policies about an API call (MODEL.md 6.2).
func (g *Gateway) call(r *http.Request, subject alveary.Subject) error {
	if !strings.HasPrefix(r.URL.Path, apiPrefix) {
		return nil
	}
	if subject.Context == nil { // nobody is signed in
		client := Client(r.Context())
		subject.Context, subject.Address, subject.Request = client.Context, client.Address, client.Request
	}
	err := g.cfg.Gate.Call(r.Context(), g.cfg.Source, subject, r.Method, r.URL.Path)
	if alveary.IsKind(err, alveary.KindDenied) && g.cfg.Refused != nil {
		g.cfg.Refused(r.Context(), subject, r.Method+" "+r.URL.Path)
	}
	return err
}

// proved refuses what needs more than being signed in. A token has nothing to
// prove: it was made with a proof, and for such use.
func (g *Gateway) proved(route Route, subject alveary.Subject) error {
	switch {
	case route.Session && subject.Session == "":
		return &alveary.Error{
			Kind: alveary.KindDenied, Op: "ask this of the server", Code: "session-needed",
			Message: "a token cannot do this: sign in to the web page for it",
		}
	case route.Fresh && subject.Session != "" && g.cfg.Now().Sub(subject.Proved) > login.FreshFor:
		return &alveary.Error{
			Kind: alveary.KindDenied, Op: "ask this of the server", Code: "not-fresh",
			Message: "confirm first that it is you: your last sign-in is too long ago for a change like this",
		}
	}
	return nil
}

// authenticate is who asks. A token, where one was sent, is what counts: a bad
// one is refused and never taken for nobody, even where a good cookie came with
// it. Cookies are not looked at on open routes, which answer the same to all.
func (g *Gateway) authenticate(r *http.Request, route Route) (alveary.Subject, error) {
	ctx, client := r.Context(), Client(r.Context())
	if token, ok := bearer(r); ok {
		return g.cfg.Login.ByToken(ctx, token, client)
	}
	if route.Open != "" {
		return alveary.Subject{}, nil
	}
	cookie, err := r.Cookie(g.cookieName())
	if err != nil {
		return alveary.Subject{}, &alveary.Error{
			Kind: alveary.KindUnauthenticated, Op: "know who asks", Code: "signed-out", Message: "sign in first",
		}
	}
	return g.cfg.Login.BySession(ctx, cookie.Value, client)
}

// guestOf looks up, once and when it is asked for, who is signed in to the
// browser.
func (g *Gateway) guestOf(r *http.Request) func() (alveary.Subject, bool) {
	return sync.OnceValues(func() (alveary.Subject, bool) {
		cookie, err := r.Cookie(g.cookieName())
		if err != nil {
			return alveary.Subject{}, false
		}
		s, err := g.cfg.Login.BySession(r.Context(), cookie.Value, Client(r.Context()))
		return s, err == nil && s.Known()
	})
}

// bearer is the token of the request. Other schemes are not ours: a proxy
// before us may use them for itself.
func bearer(r *http.Request) (token string, ok bool) {
	for _, value := range r.Header.Values("Authorization") {
		scheme, rest, _ := strings.Cut(value, " ")
		if strings.EqualFold(scheme, "Bearer") {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// limitBody bounds what is read of the body, and refuses a body that says
// beforehand that it is larger.
func limitBody(w http.ResponseWriter, r *http.Request, most int64) bool {
	if r.ContentLength > most {
		WriteProblem(w, r, &http.MaxBytesError{Limit: most})
		return false
	}
	if r.Body == nil || r.Body == http.NoBody {
		return true
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	return true
}
