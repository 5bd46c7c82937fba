package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

// The limits of a connection. What a body may take is in watch.go.
const (
	headerTime  = 10 * time.Second
	idleTime    = 2 * time.Minute
	headerBytes = 64 << 10
)

// Listen opens the listener, with TLS unless plain HTTP was asked for. Plain
// HTTP is refused on any address that another machine can reach, whatever name
// it was given by.
func (g *Gateway) Listen(ctx context.Context) (net.Listener, error) {
	if g.cfg.InsecureHTTP {
		return listenLoopback(ctx, g.cfg.Listen)
	}
	certificates, err := g.certificates(ctx)
	if err != nil {
		return nil, err
	}
	ln, err := listen(ctx, g.cfg.Listen)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(ln, &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: certificates.get,
	}), nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		err = fmt.Errorf("listen on %s: another program, or another Alveary, listens there already: stop it, or choose another port with --listen", address)
	case errors.Is(err, syscall.EACCES):
		err = fmt.Errorf("listen on %s: this user may not use ports below 1024: choose another with --listen", address)
	case err != nil:
		err = fmt.Errorf("listen on %s: %w", address, err)
	}
	return ln, err
}

func listenLoopback(ctx context.Context, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", address, err)
	}
	// The name is resolved before and the listener is asked after: a name may
	// have several addresses, and may change between the two.
	if err := checkLoopback(ctx, host); err != nil {
		return nil, err
	}
	ln, err := listen(ctx, address)
	if err != nil {
		return nil, err
	}
	if at, ok := ln.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return nil, errors.Join(errNotLoopback(ln.Addr().String()), ln.Close())
	}
	return ln, nil
}

func checkLoopback(ctx context.Context, host string) error {
	if host == "" {
		return errNotLoopback("every address of the machine")
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return fmt.Errorf("find the address of %s: %w", host, err)
	}
	for _, addr := range addrs {
		if !addr.Unmap().IsLoopback() {
			return errNotLoopback(fmt.Sprintf("%s (%s)", host, addr))
		}
	}
	return nil
}

func errNotLoopback(address string) error {
	return fmt.Errorf("plain HTTP is for loopback addresses only, and %s can be reached from elsewhere: "+
		"listen on localhost, 127.0.0.1 or [::1], or leave --insecure-http out", address)
}

// Serve answers requests on ln until ctx ends. Then readiness is withdrawn, no
// new connection is taken, and the requests under way have the time of grace to
// finish before they are cut.
func (g *Gateway) Serve(ctx context.Context, ln net.Listener, grace time.Duration) error {
	return g.run(ctx, ln, grace, &http.Server{
		Handler:           g.Handler(),
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ConnContext:       keepConn,
		ErrorLog:          g.serverLog(),
	})
}

// ServeMetrics answers /metrics on a listener of its own until ctx ends.
func (g *Gateway) ServeMetrics(ctx context.Context, ln net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", g.Metrics.Handler())
	return g.run(ctx, ln, time.Second, &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       headerTime,
		WriteTimeout:      time.Minute,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          g.serverLog(),
	})
}

// serverLog takes what net/http has to say of connections, such as failed
// handshakes: anyone can cause those, so they are for those who look closely.
func (g *Gateway) serverLog() *log.Logger {
	return slog.NewLogLogger(g.cfg.Log.Handler(), slog.LevelDebug)
}

func (g *Gateway) run(ctx context.Context, ln net.Listener, grace time.Duration, server *http.Server) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve on %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	g.draining.Store(true)
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := server.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) {
		g.cfg.Log.Warn("requests under way were cut", "after", grace)
		err = server.Close()
	}
	if last := <-ended; !errors.Is(last, http.ErrServerClosed) { // which is what was asked for
		err = errors.Join(err, last)
	}
	return err
}
