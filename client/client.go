package client

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Options say which server to speak to, as whom, and whom to trust.
type Options struct {
	URL   string         // https://files.example.org; plain http only to this machine
	Token string         // personal access token; may be empty before signing in
	Roots *x509.CertPool // certificates to trust; nil for those of the system
	Pin   string         // fingerprint of the one certificate to accept in place of Roots
	Agent string         // User-Agent

	// Sleep waits between two tries; nil for a real wait.
	Sleep func(context.Context, time.Duration) error
	// Chunk is the most bytes that one request of a large upload carries, and
	// the largest file that is sent in one request. 0 means 8 MiB.
	Chunk int64
	// Stall is how long a transfer may stand still before the connection
	// counts as broken. 0 means a minute.
	Stall time.Duration
}

// Client is a connection to one server. Make it with New.
type Client struct {
	base    *url.URL
	o       Options
	http    *http.Client
	cookies []*http.Cookie // of a session, in place of the token
	reached atomic.Bool    // the server has answered once
}

const (
	defaultChunk = 8 << 20
	defaultStall = time.Minute
	// tries without progress before a broken connection is given up: with the
	// waits between them about half a minute, in which a server restarts.
	tries = 9
	// triesUnreached is that for a server that has never answered: more likely
	// it does not run, or the address is wrong.
	triesUnreached = 3
)

// New makes a client. It does not connect.
func New(o Options) (*Client, error) {
	base, err := ParseURL(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Chunk == 0 {
		o.Chunk = defaultChunk
	}
	if o.Stall == 0 {
		o.Stall = defaultStall
	}
	pinned, err := tlsConfig(o)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		Proxy:       http.ProxyFromEnvironment,
		DialContext: (&net.Dialer{Timeout: 15 * time.Second}).DialContext,
		// HTTP/1.1 on purpose: several files at once then have a connection
		// each, in place of one that all share.
		TLSClientConfig:       pinned,
		TLSHandshakeTimeout:   15 * time.Second,
		ResponseHeaderTimeout: 5 * time.Minute,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       30 * time.Second,
	}
	return &Client{base: base, o: o, http: &http.Client{
		Transport: transport,
		// The API redirects nowhere, and a token must not be carried along.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// URL is the address of the server.
func (c *Client) URL() string { return c.base.String() }

// ParseURL reads the address of a server: scheme and host, https if no scheme
// is given. Plain http is refused for any host but this machine, because a
// password or token would be read on the way.
func ParseURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, errors.New("no server is named: run alveary login URL first, or set ALVEARY_URL")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the address of a server is scheme and host alone, such as https://files.example.org")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, fmt.Errorf("plain http would show the password and the files to everyone on the way to %s: use https", u.Host)
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

// patience is how often something is tried without progress.
func (c *Client) patience() int {
	if c.reached.Load() {
		return tries
	}
	return triesUnreached
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func tlsConfig(o Options) (*tls.Config, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots}
	if o.Pin == "" {
		return cfg, nil
	}
	pin, err := ParseFingerprint(o.Pin)
	if err != nil {
		return nil, err
	}
	// The pinned certificate is known by its digest, which says more than a
	// chain and a host name do.
	cfg.InsecureSkipVerify = true
	cfg.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) > 0 {
			sum := sha256.Sum256(state.PeerCertificates[0].Raw)
			if subtle.ConstantTimeCompare(sum[:], pin) == 1 {
				return nil
			}
		}
		return errOtherCertificate
	}
	return cfg, nil
}

var errOtherCertificate = errors.New("the server shows another certificate than the one that was trusted")

// Fingerprint is the SHA-256 of a certificate as people compare it:
// upper-case, in pairs.
func Fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// ParseFingerprint reads what Fingerprint wrote, or plain hexadecimal.
func ParseFingerprint(text string) ([]byte, error) {
	text = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(text)), "sha256:")
	sum, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(sum) != sha256.Size {
		return nil, errors.New("a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits, with or without colons")
	}
	return sum, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// wait gives the pause before try n (from 1): doubling from 0.2 s to 10 s, and
// a random part so that many clients do not come back at the same instant.
func wait(n int) time.Duration {
	d := min(10*time.Second, 100*time.Millisecond<<min(n, 10))
	return d/2 + rand.N(d/2)
}
