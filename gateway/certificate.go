package gateway

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// The self-signed certificate lasts a year and is made anew a month before its
// end, so that browsers and clients that were told to trust it can be told in
// time.
const (
	certificateLife  = 365 * 24 * time.Hour
	certificateEarly = 30 * 24 * time.Hour
	certificateCheck = time.Minute // how often a handshake looks at the files
)

// keeper hands out the certificate and looks now and then whether there is a
// newer one. When the newer one is not good, the one before stays.
type keeper struct {
	load   func() (*tls.Certificate, error)
	failed func(error)
	now    func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
	checked time.Time
}

func (k *keeper) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); now.Sub(k.checked) >= certificateCheck {
		k.checked = now
		switch newer, err := k.load(); {
		case err != nil:
			k.failed(err)
		default:
			k.current = newer
		}
	}
	return k.current, nil
}

// certificates loads the certificate, making it where it is self-signed. What
// is wrong with it is said at the start.
func (g *Gateway) certificates(ctx context.Context) (*keeper, error) {
	k := &keeper{now: g.cfg.Now, failed: func(err error) {
		g.cfg.Log.ErrorContext(ctx, "the certificate was not renewed; the one before stays", "error", err)
	}}
	switch {
	case g.cfg.TLSCert != "":
		k.load = (&ownFiles{cert: g.cfg.TLSCert, key: g.cfg.TLSKey}).load
	case g.cfg.Data == "":
		return nil, errors.New("a data folder is needed to keep the certificate in")
	default:
		k.load = selfSigned{dir: filepath.Join(g.cfg.Data, "tls"), listen: g.cfg.Listen, now: g.cfg.Now, random: g.cfg.Random}.load
	}
	current, err := k.load()
	k.current, k.checked = current, g.cfg.Now()
	return k, err
}

// ownFiles are a certificate and a key that the operator keeps up to date.
type ownFiles struct {
	cert, key string
	read      [2]os.FileInfo
	current   *tls.Certificate
}

func (o *ownFiles) load() (*tls.Certificate, error) {
	var now [2]os.FileInfo
	for i, name := range []string{o.cert, o.key} {
		info, err := os.Stat(name)
		if err != nil {
			return nil, fmt.Errorf("the certificate: %w", err)
		}
		now[i] = info
	}
	if o.current != nil && unchanged(o.read[0], now[0]) && unchanged(o.read[1], now[1]) {
		return o.current, nil
	}
	pair, err := tls.LoadX509KeyPair(o.cert, o.key)
	if err != nil {
		return nil, fmt.Errorf("the certificate %s with the key %s: %w", o.cert, o.key, err)
	}
	o.read, o.current = now, &pair
	return o.current, nil
}

func unchanged(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// selfSigned is the certificate in the data folder: cert.pem, which clients may
// be given, and key.pem, which nobody is.
type selfSigned struct {
	dir    string
	listen string
	now    func() time.Time
	random io.Reader
}

// load takes the certificate from its files, and makes it anew where there is
// none, where it is near its end, and where it does not name the host.
func (s selfSigned) load() (*tls.Certificate, error) {
	names, addresses := s.subjects()
	pair, err := tls.LoadX509KeyPair(s.file("cert.pem"), s.file("key.pem"))
	if err == nil && s.good(pair.Leaf, names, addresses) {
		return &pair, nil
	}
	// Any other fault of the files heals by making them anew; one of the disk
	// comes back when they are written.
	made, err := s.make(names, addresses)
	if err != nil {
		return nil, fmt.Errorf("make the self-signed certificate: %w", err)
	}
	return made, nil
}

func (s selfSigned) file(name string) string { return filepath.Join(s.dir, name) }

func (s selfSigned) good(leaf *x509.Certificate, names []string, addresses []net.IP) bool {
	now := s.now()
	if leaf == nil || now.Before(leaf.NotBefore) || now.Add(certificateEarly).After(leaf.NotAfter) {
		return false
	}
	for _, name := range names {
		if !slices.Contains(leaf.DNSNames, name) {
			return false
		}
	}
	for _, address := range addresses {
		if !slices.ContainsFunc(leaf.IPAddresses, address.Equal) {
			return false
		}
	}
	return true
}

// subjects is what the certificate is for.
func (s selfSigned) subjects() (names []string, addresses []net.IP) {
	names, addresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	hosts := []string{}
	if host, _, err := net.SplitHostPort(s.listen); err == nil {
		hosts = append(hosts, host)
	}
	if own, err := os.Hostname(); err == nil {
		hosts = append(hosts, own)
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			if !ip.IsUnspecified() && !slices.ContainsFunc(addresses, ip.Equal) {
				addresses = append(addresses, ip)
			}
		} else if host != "" && !slices.Contains(names, host) {
			names = append(names, host)
		}
	}
	return names, addresses
}

func (s selfSigned) make(names []string, addresses []net.IP) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), s.random)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(s.random, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	now := s.now()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "Alveary, self-signed"},
		NotBefore:    now.Add(-time.Hour), // clocks differ
		NotAfter:     now.Add(certificateLife),
		DNSNames:     names, IPAddresses: addresses,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(s.random, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return s.save(
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	)
}

// save writes the key first: a certificate that is there has its key, and the
// pair of an interrupted save does not fit and is made anew.
func (s selfSigned) save(cert, key []byte) (*tls.Certificate, error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	for _, file := range []struct {
		name string
		text []byte
	}{{"key.pem", key}, {"cert.pem", cert}} {
		if err := replaceFile(s.file(file.name), file.text); err != nil {
			return nil, err
		}
	}
	pair, err := tls.X509KeyPair(cert, key)
	return &pair, err
}

// replaceFile writes a file that its owner alone can read, whole or not at all.
func replaceFile(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = io.Copy(f, bytes.NewReader(text))
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
