package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"alveary"
	"alveary/config"
	"alveary/gateway"
	"alveary/gateway/rest"
	"alveary/gateway/webui"
	"alveary/service/mail"
	"alveary/service/notice"
	"alveary/service/settings"
	"alveary/store"
)

const (
	// grace is how long requests under way may take after a stop was asked for.
	grace = 10 * time.Second
	// tidyEvery is how often what has expired is swept.
	tidyEvery = time.Hour
	// observeEvery is how often the counts of observed policies are written down.
	observeEvery = 5 * time.Second
	// refusalsEvery is how often it is looked whether refused sign-ins are to
	// be written down.
	refusalsEvery = 10 * time.Second
	// spare protects objects that an upload is about to name.
	spare = 24 * time.Hour
)

// Serve runs a server until ctx ends. It prints to out what the person who
// started it needs to know, the address and the set-up link of a new one, and
// logs to errs.
func Serve(ctx context.Context, cfg config.Serve, out, errs io.Writer, version string) (err error) {
	log := newLog(cfg, errs)
	h, err := open(ctx, cfg.Place, lives{cfg.SessionLife, cfg.UploadExpiry, cfg.PublicURL})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.begin(ctx, cfg); err != nil {
		return err
	}
	g, err := h.doors(cfg, log, version)
	if err != nil {
		return err
	}
	return h.run(ctx, cfg, g, log, out)
}

// begin makes the administrator where that was asked for, and sweeps what a
// crash left behind.
func (h *house) begin(ctx context.Context, cfg config.Serve) error {
	if password := cfg.AdminPassword.Reveal(); password != "" {
		if _, err := h.login.CreateAdmin(ctx, "admin", password); err != nil {
			return fmt.Errorf("make the administrator from ALVEARY_ADMIN_PASSWORD: %w", err)
		}
	}
	// Alone on this folder, everything that no row names is an orphan. Where
	// the database is shared, another server's upload may be about to name it.
	age := spare
	if h.store.Dialect() == "sqlite" {
		age = 0
	}
	_, err := h.files.Sweep(ctx, age)
	return err
}

// doors builds the gateway and registers every door with it.
func (h *house) doors(cfg config.Serve, log *slog.Logger, version string) (*gateway.Gateway, error) {
	g, err := gateway.New(gateway.Config{
		Listen: cfg.Listen, InsecureHTTP: cfg.InsecureHTTP, TLSCert: cfg.TLSCert, TLSKey: cfg.TLSKey, Data: h.dir,
		PublicURL: cfg.PublicURL, TrustedProxies: []netip.Prefix(cfg.TrustedProxies), MaxJSON: int64(cfg.MaxJSON),
		Login: h.login, Gate: h.gate, Source: h.store, Refused: h.refused(log), Log: log, Now: time.Now, Random: rand.Reader,
	})
	if err != nil {
		return nil, err
	}
	h.notices = notice.New(notice.Config{Store: h.store, Gate: h.gate, Now: time.Now, Box: h.box, PublicURL: cfg.PublicURL, Log: log})
	h.mail = mail.New(h.store, h.box, time.Now, func() string { return cfg.PublicURL }, log)
	rest.Mount(rest.Config{
		Gateway: g, Files: h.files, Login: h.login, Limits: h.limits, Govern: h.govern, People: h.people,
		Settings: settings.New(h.store, h.box, mail.CheckServer), Mail: h.mail, Share: h.share, Requests: h.requests, Visits: h.visits, Notices: h.notices, Now: time.Now, Public: cfg.PublicURL, Version: version,
	})
	h.calls = g.Routes.Calls
	webui.Mount(g, cfg.SecurityContact)
	const why = "tells whether the server runs, and nothing else"
	g.Routes.Handle(gateway.Route{Method: http.MethodGet, Pattern: "/livez", Operation: "live", Open: why}, gateway.Live())
	g.Routes.Handle(gateway.Route{Method: http.MethodGet, Pattern: "/readyz", Operation: "ready", Open: why}, g.Ready(func(ctx context.Context) error {
		return h.store.Read(ctx, func(tx *store.Tx) error {
			_, err := tx.AccessVersion(ctx)
			return err
		})
	}))
	return g, nil
}

// refused puts API calls that a rest policy refused into the audit log.
func (h *house) refused(log *slog.Logger) func(context.Context, alveary.Subject, string) {
	return func(ctx context.Context, s alveary.Subject, call string) {
		err := h.store.Record(context.WithoutCancel(ctx), alveary.AuditRecord{
			User: s.User.ID, Login: s.User.Login, Action: "call", Verdict: alveary.VerdictDenied, Detail: call,
			Address: s.Address, Request: s.Request,
		})
		if err != nil {
			log.Error("a refused call could not be put on record", "error", err)
		}
	}
}

func (h *house) run(ctx context.Context, cfg config.Serve, g *gateway.Gateway, log *slog.Logger, out io.Writer) error {
	ln, err := g.Listen(ctx)
	if err != nil {
		return err
	}
	if err := h.greet(ctx, cfg, ln.Addr(), out); err != nil {
		return errors.Join(err, ln.Close())
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return g.Serve(ctx, ln, grace) })
	group.Go(func() error { return h.serveMachine(ctx, log) })
	group.Go(func() error { h.tidy(ctx, log); return nil })
	group.Go(func() error { h.keepObservations(ctx, log); return nil })
	group.Go(func() error { h.keepRefusals(ctx, log); return nil })
	group.Go(func() error { h.mail.Run(ctx); return nil })
	group.Go(func() error { h.notices.Run(ctx); return nil })
	group.Go(func() error { h.uses.Run(ctx, log); return nil })
	if cfg.MetricsListen != "" {
		metrics, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.MetricsListen)
		if err != nil {
			return errors.Join(fmt.Errorf("listen for metrics on %s: %w", cfg.MetricsListen, err), ln.Close())
		}
		group.Go(func() error { return g.ServeMetrics(ctx, metrics) })
	}
	return group.Wait()
}

// greet prints where the server is and, while there is no administrator, the
// link that makes one. What follows # is never sent to a server, so the token
// reaches no log.
func (h *house) greet(ctx context.Context, cfg config.Serve, addr net.Addr, out io.Writer) error {
	base := baseURL(cfg, addr)
	token, needed, err := h.login.EnsureSetup(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "Alveary serves %s\n", base)
	if needed {
		_, _ = fmt.Fprintf(out, "\nTo choose the administrator's password, open this link; it works once:\n\n    %s/setup#%s\n\n", base, token)
	}
	if !cfg.InsecureHTTP && cfg.TLSCert == "" {
		sum, err := h.fingerprint()
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "The certificate is self-signed: your browser asks once whether to trust it. Its SHA-256 is\n%s\n", sum)
	}
	return nil
}

// fingerprint is the SHA-256 of the self-signed certificate, as browsers show it.
func (h *house) fingerprint() (string, error) {
	text, err := os.ReadFile(filepath.Join(h.dir, "tls", "cert.pem"))
	if err != nil {
		return "", fmt.Errorf("read the certificate: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return "", fmt.Errorf("there is no certificate in %s", filepath.Join(h.dir, "tls", "cert.pem"))
	}
	sum := sha256.Sum256(block.Bytes)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum), " ", ":"), nil
}

func baseURL(cfg config.Serve, addr net.Addr) string {
	if cfg.PublicURL != "" {
		return strings.TrimSuffix(cfg.PublicURL, "/")
	}
	scheme := "https"
	if cfg.InsecureHTTP {
		scheme = "http"
	}
	host, _, _ := net.SplitHostPort(cfg.Listen)
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return scheme + "://" + addr.String()
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// tidy sweeps now and then for as long as the server runs.
func (h *house) tidy(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		removed, err := h.files.Sweep(ctx, spare)
		if err == nil {
			err = h.login.Sweep(ctx)
		}
		if err != nil {
			log.Error("sweep", "error", err.Error())
		} else if removed > 0 {
			log.Info("sweep", "objects", removed)
		}
	}
}

// keepObservations writes down now and then, and at the end, what observed
// policies would have changed.
func (h *house) keepObservations(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(observeEvery)
	defer ticker.Stop()
	for running := true; running; {
		select {
		case <-ctx.Done():
			running = false
		case <-ticker.C:
		}
		// At the end too: what was counted is not lost with the server.
		if err := h.govern.KeepObservations(context.WithoutCancel(ctx)); err != nil {
			log.Error("what observed policies would have changed could not be written down", "error", err.Error())
		}
	}
}

// keepRefusals writes down now and then, and at the end, how often the limits
// of sign-in refused.
func (h *house) keepRefusals(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(refusalsEvery)
	defer ticker.Stop()
	for running := true; running; {
		write := h.limits.Flush
		select {
		case <-ctx.Done():
			running, write = false, h.limits.Close
		case <-ticker.C:
		}
		if err := write(context.WithoutCancel(ctx)); err != nil {
			log.Error("how often sign-in was refused could not be written down", "error", err.Error())
		}
	}
}

func newLog(cfg config.Serve, to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == config.LogJSON {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}
