package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/login"
)

// DefaultMaxJSON bounds the body of a request that is not a stream, in bytes.
const DefaultMaxJSON = 1 << 20

// Config is what a gateway is built from.
type Config struct {
	Listen       string // HOST:PORT; an empty host is every address
	InsecureHTTP bool   // plain HTTP, on loopback addresses only
	TLSCert      string // certificate chain in PEM; empty: self-signed
	TLSKey       string // its key in PEM
	Data         string // folder in which the self-signed certificate is kept
	PublicURL    string // scheme and host by which people come; may be empty

	TrustedProxies []netip.Prefix // whose forwarded addresses count
	MaxJSON        int64          // 0: DefaultMaxJSON

	Login  *login.Service
	Gate   *authz.Gate  // asks the rest policies
	Source authz.Source // of the access data
	// Refused, where set, puts a call that a rest policy refused on record.
	Refused func(ctx context.Context, s alveary.Subject, call string)
	Log     *slog.Logger
	Now     func() time.Time
	Random  io.Reader
}

// Gateway is the common part of the doors.
type Gateway struct {
	Routes  *Router  // doors register here before the first request
	Metrics *Metrics // counted by the gateway; doors add sign-ins

	cfg      Config
	origins  *http.CrossOriginProtection
	draining atomic.Bool
}

// New builds a gateway. It touches neither disk nor network: Listen does.
func New(c Config) (*Gateway, error) {
	if c.Login == nil || c.Gate == nil || c.Source == nil || c.Log == nil || c.Now == nil || c.Random == nil {
		return nil, errors.New("gateway: a login service, a gate with its source, a log, a clock and randomness are needed")
	}
	if c.MaxJSON == 0 {
		c.MaxJSON = DefaultMaxJSON
	}
	g := &Gateway{cfg: c, Metrics: newMetrics(), origins: http.NewCrossOriginProtection()}
	if c.PublicURL != "" {
		if err := g.origins.AddTrustedOrigin(c.PublicURL); err != nil {
			return nil, fmt.Errorf("the public address %q: %w", c.PublicURL, err)
		}
	}
	g.origins.SetDenyHandler(http.HandlerFunc(refuseOrigin))
	g.Routes = newRouter(g.admit)
	return g, nil
}

// Secure says whether browsers reach the server by TLS, its own or that of a
// proxy before it.
func (g *Gateway) Secure() bool {
	return !g.cfg.InsecureHTTP || strings.HasPrefix(g.cfg.PublicURL, "https://")
}

// Handler is the whole chain: what happens to every request, outermost first.
// Nothing after a refusal runs.
func (g *Gateway) Handler() http.Handler {
	var h http.Handler = g.Routes
	h = g.origins.Handler(h)
	h = g.guard(h)
	h = recovered(h)
	return g.observe(h)
}
