package gateway

import (
	"net/http"
	"time"

	"alveary"
)

// cookieName is bound to the host by its prefix where there is TLS: no
// neighbouring host can set it.
func (g *Gateway) cookieName() string {
	if g.Secure() {
		return "__Host-alveary"
	}
	return "alveary"
}

// Cookie carries a session's secret to the browser, until the session ends.
func (g *Gateway) Cookie(secret string, session alveary.Session) *http.Cookie {
	c := g.cookie(secret) //nolint:gosec // Secure is set wherever there is TLS
	c.Expires = session.Expires
	c.MaxAge = max(1, int(session.Expires.Sub(g.cfg.Now())/time.Second))
	return c
}

// NoCookie makes the browser forget the session's secret.
func (g *Gateway) NoCookie() *http.Cookie {
	c := g.cookie("") //nolint:gosec // as above
	c.MaxAge = -1
	return c
}

func (g *Gateway) cookie(value string) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // as above
		Name: g.cookieName(), Value: value, Path: "/",
		HttpOnly: true, Secure: g.Secure(), SameSite: http.SameSiteLaxMode,
	}
}

// visitName is the name of the cookie of a visit to a link. It goes to one
// path, which a name bound to the host does not allow.
func (g *Gateway) visitName() string {
	if g.Secure() {
		return "__Secure-alveary-visit"
	}
	return "alveary-visit"
}

// VisitCookie carries what a visitor of a link has shown to the browser; an
// empty value makes it forget. It is sent to that link's part of the API alone.
func (g *Gateway) VisitCookie(link alveary.CellID, value string, until time.Time) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // Secure is set wherever there is TLS
		Name: g.visitName(), Value: value, Path: visits + "/" + link.String(),
		HttpOnly: true, Secure: g.Secure(), SameSite: http.SameSiteStrictMode,
	}
	if value == "" {
		c.MaxAge = -1
		return c
	}
	c.Expires = until
	c.MaxAge = max(1, int(until.Sub(g.cfg.Now())/time.Second))
	return c
}

func (g *Gateway) visitOf(r *http.Request) string {
	if c, err := r.Cookie(g.visitName()); err == nil {
		return c.Value
	}
	return ""
}
