package gateway

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"

	"alveary"
	"alveary/service/login"
)

// request is what the gateway knows of a request. It lives in the context and
// is written only by the goroutine that serves the request, before the door's
// handler runs.
type request struct {
	client  login.Client
	subject alveary.Subject
	guest   func() (alveary.Subject, bool) // of routes that have guests
	visit   string                         // what the cookie of a visit holds, on the same
	log     *slog.Logger                   // carries the request id
}

type requestKey struct{}

func requestOf(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{log: slog.New(slog.DiscardHandler)}
}

// Subject is who asks; false where nobody is signed in, which is so on every
// open route.
func Subject(ctx context.Context) (alveary.Subject, bool) {
	s := requestOf(ctx).subject
	return s, s.Known()
}

// Guest is who is signed in to the browser on an open route for which that may
// count; false where nobody is, or his session is no longer good. It is looked
// up when it is asked for.
func Guest(ctx context.Context) (alveary.Subject, bool) {
	if guest := requestOf(ctx).guest; guest != nil {
		return guest()
	}
	return alveary.Subject{}, false
}

// Visit is what the cookie of a visit to a link holds, on a route that has
// guests; empty where there is none. It is secret.
func Visit(ctx context.Context) string { return requestOf(ctx).visit }

// Client is where the request comes from.
func Client(ctx context.Context) login.Client { return requestOf(ctx).client }

// Log is the logger to use while the request is served; its lines carry the
// request's id.
func Log(ctx context.Context) *slog.Logger { return requestOf(ctx).log }

// observe gives each request its id and its place in the log and the metrics.
func (g *Gateway) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := g.cfg.Now()
		// An id of the client's own is not taken over: two requests could
		// carry the same one, or a line break into the log.
		id := rand.Text()
		rec := &request{
			client: g.client(r, id),
			log:    g.cfg.Log.With("request", id),
		}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, rec))
		body := watchBody(w, r)
		rw := watchResponse(w, r)
		rw.Header().Set("X-Request-Id", id)
		g.Metrics.inFlight.Inc()
		defer func() { // also where the connection is cut by a panic
			g.Metrics.inFlight.Dec()
			rw.last()
			took := g.cfg.Now().Sub(begun)
			g.Metrics.observe(r, rw, body.read(), took)
			g.logAccess(r, rec, rw, body.read(), took)
		}()
		next.ServeHTTP(rw, r)
	})
}

// client is where a request comes from and what policies may know of it
// (MODEL.md 6.9). Its clock is left out: each decision takes the present.
func (g *Gateway) client(r *http.Request, id string) login.Client {
	c := login.Client{Address: g.address(r), UserAgent: r.UserAgent(), Request: id}
	site := g.cfg.PublicURL
	if site == "" {
		site = r.Host
	}
	c.Context = &alveary.Context{
		Address: c.Address, Method: r.Method, URI: r.URL.Path, Host: r.Host, Protocol: g.protocol(r), Version: r.Proto,
		Headers: g.headers(r), AuthBy: "none", Client: r.Header.Get("X-Alveary-Client"), Gateway: through(r.URL.Path), Site: site,
	}
	return c
}

// visits is the part of the API by which links are opened: a gateway of its own
// to policies (MODEL.md 6.9).
const visits = apiPrefix + "visits"

func through(path string) string {
	if path == visits || strings.HasPrefix(path, visits+"/") {
		return "link"
	}
	return "rest"
}

func (g *Gateway) protocol(r *http.Request) string {
	if r.TLS != nil || g.Secure() {
		return "HTTPS"
	}
	return "HTTP"
}

// headers are those of the request without what signs in: no policy, and so no
// trace, ever holds a secret.
func (g *Gateway) headers(r *http.Request) map[string][]string {
	kept := make(map[string][]string, len(r.Header))
	for name, values := range r.Header {
		switch name {
		case "Authorization", "Proxy-Authorization":
		case "Cookie":
			if others := g.otherCookies(r); others != "" {
				kept[name] = []string{others}
			}
		default:
			kept[name] = values
		}
	}
	return kept
}

func (g *Gateway) otherCookies(r *http.Request) string {
	var others []string
	for _, c := range r.Cookies() {
		if c.Name != g.cookieName() && c.Name != g.visitName() {
			others = append(others, c.Name+"="+c.Value)
		}
	}
	return strings.Join(others, "; ")
}

func (g *Gateway) logAccess(r *http.Request, rec *request, rw *response, read int64, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case rw.code() >= 500:
		level = slog.LevelError
	case quiet(r.Pattern):
		level = slog.LevelDebug
	}
	// The path alone: query strings may carry what nobody should read later. Of
	// a link the path itself is the secret.
	rec.log.LogAttrs(r.Context(), level, "request",
		slog.String("method", r.Method), slog.String("path", spoken(r.URL.Path)), slog.String("route", r.Pattern),
		slog.Int("status", rw.code()), slog.Int64("in", read), slog.Int64("out", rw.bytes),
		slog.Duration("took", took), slog.String("address", rec.client.Address),
		slog.String("user", rec.subject.User.Login))
}

// LinkPrefix begins the address of a link's page.
const LinkPrefix = "/s/"

// spoken is a path as logs may have it. However the address of a link was
// spelt, the secret in it is a good one.
func spoken(text string) string {
	clean := path.Clean("/"+text) + "/"
	if len(clean) >= len(LinkPrefix) && strings.EqualFold(clean[:len(LinkPrefix)], LinkPrefix) {
		return LinkPrefix + "…"
	}
	return text
}

// quiet says whether a route is asked so often by machines that its lines
// would hide the others.
func quiet(pattern string) bool {
	return strings.HasSuffix(pattern, " /livez") || strings.HasSuffix(pattern, " /readyz")
}

// address is where the request came from, without port. Behind trusted proxies
// that is the last hop that is not one of them: what stands further left in
// the header was written by whoever it came from.
func (g *Gateway) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		return host
	}
	here := peer.Addr().Unmap().WithZone("")
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && g.trusted(here); i-- {
		hop, err := parseHop(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		here = hop
	}
	return here.String()
}

func (g *Gateway) trusted(addr netip.Addr) bool {
	for _, network := range g.cfg.TrustedProxies {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// parseHop reads an address with or without port.
func parseHop(text string) (netip.Addr, error) {
	if pair, err := netip.ParseAddrPort(text); err == nil {
		return pair.Addr().Unmap().WithZone(""), nil
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return addr.Unmap().WithZone(""), err
}
