package gateway

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func signer(t *testing.T, listen string, now *time.Time) selfSigned {
	t.Helper()
	return selfSigned{dir: filepath.Join(t.TempDir(), "tls"), listen: listen, now: func() time.Time { return *now }, random: rand.Reader}
}

func load(t *testing.T, s selfSigned) *tls.Certificate {
	t.Helper()
	pair, err := s.load()
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func same(a, b *tls.Certificate) bool { return bytes.Equal(a.Certificate[0], b.Certificate[0]) }

func TestSelfSigned(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for listen, name := range map[string]string{
		"localhost:8443": "", "files.example.org:443": "files.example.org", "192.0.2.9:443": "192.0.2.9",
		"[2001:db8::1]:443": "2001:db8::1", ":8443": "", "0.0.0.0:8443": "",
	} {
		leaf := load(t, signer(t, listen, &now)).Leaf
		own, err := os.Hostname()
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range []string{"localhost", "127.0.0.1", "::1", own, name} {
			if host != "" && leaf.VerifyHostname(bracketed(host)) != nil {
				t.Errorf("the certificate for %s does not name %s: %v %v", listen, host, leaf.DNSNames, leaf.IPAddresses)
			}
		}
		if leaf.VerifyHostname("other.example.org") == nil || slices.ContainsFunc(leaf.IPAddresses, net.IP.IsUnspecified) {
			t.Errorf("the certificate for %s names too much: %v %v", listen, leaf.DNSNames, leaf.IPAddresses)
		}
		if leaf.IsCA || leaf.NotAfter.Sub(now) != certificateLife || !leaf.NotBefore.Before(now) {
			t.Errorf("the certificate is a CA: %v, valid from %s to %s", leaf.IsCA, leaf.NotBefore, leaf.NotAfter)
		}
	}
}

func bracketed(host string) string {
	if net.ParseIP(host) != nil {
		return "[" + host + "]"
	}
	return host
}

func TestThreat32_TheKeyIsItsOwnersAlone(t *testing.T) {
	now := time.Now()
	s := signer(t, "localhost:8443", &now)
	load(t, s)
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if want := fs.FileMode(0o600); err == nil && !d.IsDir() && info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		if want := fs.FileMode(0o700); err == nil && d.IsDir() && info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The certificate stays as long as it is good: whoever was told to trust it is
// not asked again at each start.
func TestSelfSignedIsKeptAndRenewed(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		spoil func(*testing.T, *selfSigned)
		kept  bool
	}{
		{"next start", func(*testing.T, *selfSigned) {}, true},
		{"31 days left", func(*testing.T, *selfSigned) { now = now.Add(certificateLife - certificateEarly) }, true},
		{"30 days left", func(*testing.T, *selfSigned) { now = now.Add(certificateLife - certificateEarly + time.Second) }, false},
		{"expired", func(*testing.T, *selfSigned) { now = now.Add(2 * certificateLife) }, false},
		{"clock set back", func(*testing.T, *selfSigned) { now = now.Add(-48 * time.Hour) }, false},
		{"another host", func(_ *testing.T, s *selfSigned) { s.listen = "files.example.org:443" }, false},
		{"another address", func(_ *testing.T, s *selfSigned) { s.listen = "192.0.2.9:443" }, false},
		{"another port", func(_ *testing.T, s *selfSigned) { s.listen = "localhost:9443" }, true},
		{"key gone", func(t *testing.T, s *selfSigned) { remove(t, s.file("key.pem")) }, false},
		{"certificate gone", func(t *testing.T, s *selfSigned) { remove(t, s.file("cert.pem")) }, false},
		{"key of an interrupted save", func(t *testing.T, s *selfSigned) {
			other := signer(t, "localhost:1", &now)
			load(t, other)
			text, err := os.ReadFile(other.file("key.pem"))
			if err := errors.Join(err, os.WriteFile(s.file("key.pem"), text, 0o600)); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"rubbish", func(t *testing.T, s *selfSigned) {
			if err := os.WriteFile(s.file("cert.pem"), []byte("rubbish"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
			s := signer(t, "localhost:8443", &now)
			before := load(t, s)
			c.spoil(t, &s)
			after := load(t, s)
			if same(before, after) != c.kept {
				t.Errorf("the certificate was kept: %v, want %v", !c.kept, c.kept)
			}
			if !same(after, load(t, s)) {
				t.Error("what was made anew is made anew again")
			}
			files, err := os.ReadDir(s.dir)
			if err != nil || len(files) != 2 {
				t.Errorf("the folder holds %v, %v", files, err)
			}
		})
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

// A certificate of the operator's own is taken up when it changes; a bad one
// is not, and the one before stays.
func TestOwnCertificateIsReloaded(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	first, second := signer(t, "one.example:443", &now), signer(t, "two.example:443", &now)
	one, two := load(t, first), load(t, second)
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	install := func(from selfSigned) {
		for name, to := range map[string]string{"cert.pem": cert, "key.pem": key} {
			text, err := os.ReadFile(from.file(name))
			if err != nil {
				t.Fatal(err)
			}
			if err := replaceFile(to, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	h := newHouse(t, func(c *Config) { c.TLSCert, c.TLSKey, c.Now = cert, key, func() time.Time { return now } })
	if _, err := h.certificates(t.Context()); err == nil {
		t.Error("starts without the certificate that it was told to use")
	}
	install(first)
	k, err := h.certificates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	served := func(want *tls.Certificate, when string) {
		t.Helper()
		if got, err := k.get(nil); err != nil || !same(got, want) {
			t.Errorf("%s: another certificate is served (%v)", when, err)
		}
	}
	served(one, "at the start")
	install(second)
	served(one, "within the minute")
	now = now.Add(certificateCheck)
	served(two, "after the minute")
	if err := os.WriteFile(cert, []byte("half a cert"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(certificateCheck)
	served(two, "with a bad file")
	if !bytes.Contains([]byte(h.log.String()), []byte("the certificate was not renewed")) {
		t.Error("nobody is told of the bad file")
	}
	remove(t, key)
	now = now.Add(certificateCheck)
	served(two, "without a file")
	install(first)
	now = now.Add(certificateCheck)
	served(one, "with a good file again")
}

// A server that runs long enough renews its own certificate by itself.
func TestSelfSignedIsRenewedWhileServing(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := newHouse(t, func(c *Config) { c.Now = func() time.Time { return now } })
	k, err := h.certificates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before, err := k.get(nil)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(certificateLife - certificateEarly + time.Minute)
	after, err := k.get(nil)
	if err != nil || same(before, after) {
		t.Errorf("the certificate is served into its last month (%v)", err)
	}
}

func TestNoPlaceForTheCertificate(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Data = "" })
	if _, err := h.Listen(t.Context()); err == nil {
		t.Error("listens without a certificate")
	}
}
