// Package smtpsink is a mail server for tests: it speaks SMTP over loopback
// and keeps what it is given.
//
// It exists so that what goes out by mail is tried on the wire, with TLS and
// authentication, and with a server that refuses, dawdles or breaks off. It
// sends nothing on. A *Sink is safe for concurrent use; it ends with its test.
//
// Read this file first, then talk.go.
package smtpsink

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options say how the server behaves. The zero value takes whatever comes,
// without TLS and authentication.
type Options struct {
	TLS        bool                         // from the first byte on
	StartTLS   bool                         // offers it, and takes no mail without
	User       string                       // who must sign in; empty: nobody need
	Password   string                       //
	Mechanisms string                       // of AUTH; empty: "PLAIN LOGIN"
	Name       string                       // of whom the certificate is; empty: 127.0.0.1
	Answer     func(command string) string  // an answer in place of the usual one; empty: the usual one
	Received   func(from, to string) string // an answer to a whole mail; empty: it is kept
}

// Mail is one that was received.
type Mail struct {
	From, To  string
	Raw       string
	User      string // who signed in
	Encrypted bool
}

// Parsed reads the headers and hands out the body, still encoded.
func (m Mail) Parsed(t testing.TB) *mail.Message {
	t.Helper()
	parsed, err := mail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		t.Fatalf("a mail that cannot be read: %v\n%s", err, m.Raw)
	}
	return parsed
}

// Sink is a running server.
type Sink struct {
	Roots *x509.CertPool // that trust its certificate

	options  Options
	listener net.Listener
	config   *tls.Config
	wait     sync.WaitGroup

	mu    sync.Mutex
	mails []Mail
	open  map[net.Conn]bool
	done  bool
}

// Start begins to listen on a port of loopback.
func Start(t testing.TB, o Options) *Sink {
	t.Helper()
	s := &Sink{options: o, open: map[net.Conn]bool{}}
	var err error
	if s.config, s.Roots, err = certificate(o.Name); err != nil {
		t.Fatal(err)
	}
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.wait.Go(s.accept)
	t.Cleanup(s.stop)
	return s
}

// Host and Port are where it listens.
func (s *Sink) Host() string { return "127.0.0.1" }

// Port is the port that the system gave.
func (s *Sink) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Mails are those that were received, the first one first.
func (s *Sink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Wait waits until so many mails are there, and gives them.
func (s *Sink) Wait(t testing.TB, n int) []Mail {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if mails := s.Mails(); len(mails) >= n {
			return mails
		}
		if time.Now().After(end) {
			t.Fatalf("%d mails came, want %d", len(s.Mails()), n)
		}
	}
}

func (s *Sink) keep(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
}

func (s *Sink) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return // it was closed
		}
		s.mu.Lock()
		if s.done {
			s.mu.Unlock()
			_ = conn.Close()
			return
		}
		s.open[conn] = true
		s.mu.Unlock()
		s.wait.Go(func() {
			defer func() {
				s.mu.Lock()
				defer s.mu.Unlock()
				delete(s.open, conn)
				_ = conn.Close()
			}()
			talk(s, conn)
		})
	}
}

func (s *Sink) stop() {
	s.mu.Lock()
	s.done = true
	_ = s.listener.Close()
	for conn := range s.open {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.wait.Wait()
}

// certificate makes a certificate that signs itself, and the roots by which it
// is trusted.
func certificate(name string) (*tls.Config, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	of := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail server of a test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if name == "" {
		of.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		of.DNSNames = []string{name}
	}
	raw, err := x509.CreateCertificate(rand.Reader, &of, &of, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(made)
	own := tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
	return &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}, roots, nil
}

var errEnded = errors.New("the talk is over")
