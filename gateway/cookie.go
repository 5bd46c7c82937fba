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
