package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"time"

	"alveary"
)

// Identity is who a token belongs to.
type Identity struct {
	Login string `json:"login"`
	Name  string `json:"name"`
}

// Issued is a personal access token that was just made.
type Issued struct {
	ID     string
	Secret string // beginning with alv_; the server never tells it again
	User   Identity
}

// SignIn makes a personal access token: it signs in with the password, asks
// for the token under the label, and signs out again, so that the password is
// needed once and no session stays behind.
func (c *Client) SignIn(ctx context.Context, login, password, label string) (Issued, error) {
	var who struct {
		User Identity `json:"user"`
	}
	resp, err := c.exchange(ctx, call{op: "sign in", subject: login, method: http.MethodPost, path: "/session"}, struct {
		Login    string `json:"login"`
		Password string `json:"password"`
	}{login, password}, &who)
	if err != nil {
		return Issued{}, err
	}
	cookies := resp.Cookies()
	var made struct {
		Token struct {
			ID string `json:"id"`
		} `json:"token"`
		Secret string `json:"secret"`
	}
	_, err = c.exchange(ctx, call{op: "make a token", subject: login, method: http.MethodPost, path: "/tokens", cookies: cookies}, struct {
		Label string `json:"label"`
	}{label}, &made)
	_, outErr := c.exchange(ctx, call{op: "sign out", method: http.MethodDelete, path: "/session", cookies: cookies, again: true}, nil, nil)
	if err = errors.Join(err, outErr); err != nil {
		return Issued{}, err
	}
	return Issued{ID: made.Token.ID, Secret: made.Secret, User: who.User}, nil
}

// Whoami tells whose token the client has.
func (c *Client) Whoami(ctx context.Context) (Identity, error) {
	var who struct {
		User Identity `json:"user"`
	}
	_, err := c.exchange(ctx, call{op: "look who is signed in", method: http.MethodGet, path: "/session", again: true}, nil, &who)
	return who.User, err
}

// RevokeToken ends a token of one's own. One that is gone already is no error.
func (c *Client) RevokeToken(ctx context.Context, id string) error {
	_, err := c.exchange(ctx, call{op: "end the token", method: http.MethodDelete, path: "/tokens/" + id, again: true}, nil, nil)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return nil
	}
	return err
}

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
