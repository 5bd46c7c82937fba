package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Plain HTTP is spoken on loopback alone, however the address is spelt.
func TestPlainHTTPIsForLoopback(t *testing.T) {
	for address, good := range map[string]bool{
		"127.0.0.1:0": true, "localhost:0": true, "127.9.9.9:0": true, "[::1]:0": true, "[::ffff:127.0.0.1]:0": true,
		":0": false, "0.0.0.0:0": false, "[::]:0": false, "192.0.2.1:0": false, "[::ffff:192.0.2.1]:0": false, "nonsense": false,
	} {
		t.Run(address, func(t *testing.T) {
			if address == "[::1]:0" && !hasIPv6() {
				t.Skip("this machine has no IPv6 loopback")
			}
			h := newHouse(t, func(c *Config) { c.InsecureHTTP, c.Listen = true, address })
			ln, err := h.Listen(t.Context())
			if (err == nil) != good {
				t.Errorf("%v", err)
			}
			if err == nil {
				_ = ln.Close()
			} else if address != "nonsense" && !strings.Contains(err.Error(), "loopback addresses only") {
				t.Errorf("the error says %v", err)
			}
		})
	}
	// A name for an address that others reach.
	if own, err := os.Hostname(); err == nil && own != "localhost" {
		if addrs, err := net.DefaultResolver.LookupNetIP(t.Context(), "ip", own); err == nil && !addrs[0].IsLoopback() {
			if ln, err := listenLoopback(t.Context(), net.JoinHostPort(own, "0")); err == nil {
				_ = ln.Close()
				t.Errorf("listens in plain on %s, which is %v", own, addrs)
			}
		}
	}
}

// An address that is taken is told as what it is, in plain and with TLS.
func TestListenSaysThatAnAddressIsTaken(t *testing.T) {
	first, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	for _, plain := range []bool{true, false} {
		h := newHouse(t, func(c *Config) { c.InsecureHTTP, c.Listen = plain, first.Addr().String() })
		if ln, err := h.Listen(t.Context()); err == nil {
			_ = ln.Close()
			t.Error("two listen on one address")
		} else if !strings.Contains(err.Error(), "another program") || !strings.Contains(err.Error(), "--listen") {
			t.Errorf("the error says %v", err)
		}
	}
}

func hasIPv6() bool {
	ln, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		return false
	}
	return ln.Close() == nil
}

// trusting is a client that trusts the house's own certificate and no other.
func (h *house) trusting() *http.Client {
	h.t.Helper()
	text, err := os.ReadFile(filepath.Join(h.cfg.Data, "tls", "cert.pem"))
	if err != nil {
		h.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		h.t.Fatal("cert.pem holds no certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}
	h.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, client *http.Client, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func TestServeByTLS(t *testing.T) {
	h := newHouse(t, nil)
	address := h.start(t.Context())
	_, port, _ := net.SplitHostPort(address)
	client := h.trusting()
	for _, host := range []string{"127.0.0.1", "localhost"} {
		answer, text := get(t, client, "https://"+net.JoinHostPort(host, port)+"/livez")
		if answer.StatusCode != http.StatusOK || text != "ok\n" || answer.ProtoMajor != 2 {
			t.Errorf("%s: %s %s %q", host, answer.Proto, answer.Status, text)
		}
	}
	// Without TLS nothing is served.
	r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+address+"/livez", nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := http.DefaultClient.Do(r); err == nil {
		defer answer.Body.Close()
		if answer.StatusCode < 400 {
			t.Errorf("plain HTTP is answered with %s", answer.Status)
		}
	}
}

func TestThreat32_TLSIsOfToday(t *testing.T) {
	h := newHouse(t, nil)
	address := h.start(t.Context())
	for version, good := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		dialer := tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version, InsecureSkipVerify: true}}
		conn, err := dialer.DialContext(t.Context(), "tcp", address)
		if (err == nil) != good {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}

// On the way down, readiness goes first, what is under way comes to its end,
// and what takes longer than grace is cut.
func TestGracefulStop(t *testing.T) {
	for _, c := range []struct {
		name  string
		grace time.Duration
		whole bool
	}{{"finished", 10 * time.Second, true}, {"cut", 50 * time.Millisecond, false}} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, func(c *Config) { c.InsecureHTTP = true })
			begun, finish := make(chan struct{}), make(chan struct{})
			h.Routes.Handle(Route{Method: "GET", Pattern: "/slow", Operation: "slow", Open: "a test"}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				close(begun)
				select {
				case <-finish:
				case <-r.Context().Done():
				}
				_, _ = io.WriteString(w, "whole")
			}))
			ln, err := h.Listen(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- h.Serve(ctx, ln, c.grace) }()
			got := make(chan string, 1)
			go func() {
				answer, err := http.Get("http://" + ln.Addr().String() + "/slow")
				if err != nil {
					got <- ""
					return
				}
				defer answer.Body.Close()
				text, _ := io.ReadAll(answer.Body)
				got <- string(text)
			}()
			<-begun
			if w := h.ask("GET", "/readyz", ""); w.Code != http.StatusOK {
				t.Errorf("not ready before the end: %d", w.Code)
			}
			stop()
			if c.whole {
				waitFor(t, func() bool { return h.draining.Load() })
				problem(t, h.ask("GET", "/readyz", ""), 503, "")
				if w := h.ask("GET", "/livez", ""); w.Code != http.StatusOK {
					t.Errorf("not alive while it stops: %d", w.Code)
				}
				close(finish)
			}
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if text := <-got; (text == "whole") != c.whole {
				t.Errorf("the answer under way was %q", text)
			}
		})
	}
}

func waitFor(t *testing.T, reached func() bool) {
	t.Helper()
	for range 500 {
		if reached() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it did not come to that within 5 s")
}

func TestMetricsHaveAListenerOfTheirOwn(t *testing.T) {
	h := newHouse(t, nil)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.ServeMetrics(ctx, ln) }()
	answer, text := get(t, http.DefaultClient, "http://"+ln.Addr().String()+"/metrics")
	if answer.StatusCode != http.StatusOK || !strings.Contains(text, "alveary_http_requests_in_flight") {
		t.Errorf("%s: %.200s", answer.Status, text)
	}
	if answer, _ := get(t, http.DefaultClient, "http://"+ln.Addr().String()+"/open"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("the metrics listener serves more: %s", answer.Status)
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
