package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"time"

	"alveary"
)

// Certificate is what a server shows of itself at the handshake.
type Certificate struct {
	Fingerprint string
	Trusted     bool // by the roots, for this host, at this time
	Expires     time.Time
}

// Inspect looks at the certificate of a server before anything is sent to it.
// For plain http, which only this machine may have, it is the zero value.
func Inspect(ctx context.Context, address string, roots *x509.CertPool) (Certificate, error) {
	base, err := ParseURL(address)
	if err != nil || base.Scheme == "http" {
		return Certificate{}, err
	}
	host := base.Host
	if base.Port() == "" {
		host = net.JoinHostPort(base.Hostname(), "443")
	}
	// Nothing is sent over this connection, and what it shows is verified by
	// hand below: the chain against the roots, or the fingerprint by a person.
	dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: 15 * time.Second}, Config: &tls.Config{
		MinVersion: tls.VersionTLS12, InsecureSkipVerify: true, ServerName: base.Hostname(), //nolint:gosec // see above
	}}
	conn, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		c := &Client{base: base}
		return Certificate{}, c.broken(call{op: "look at the certificate", subject: base.String()}, err)
	}
	defer func() { _ = conn.Close() }()
	secure, ok := conn.(*tls.Conn)
	if !ok || len(secure.ConnectionState().PeerCertificates) == 0 {
		return Certificate{}, &alveary.Error{Kind: alveary.KindUnsupported, Op: "look at the certificate", Subject: base.String(), Message: "the server shows none"}
	}
	chain := secure.ConnectionState().PeerCertificates
	between := x509.NewCertPool()
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	_, err = chain[0].Verify(x509.VerifyOptions{DNSName: base.Hostname(), Roots: roots, Intermediates: between})
	return Certificate{Fingerprint: Fingerprint(chain[0]), Trusted: err == nil, Expires: chain[0].NotAfter}, nil
}
