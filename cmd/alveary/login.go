package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"

	"alveary"
	"alveary/client"
	"alveary/cmd/alveary/console"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type loginCmd struct {
	Server      string `arg:"" optional:"" name:"server" help:"Address of the server, such as https://files.example.org."`
	User        string `name:"user" placeholder:"LOGIN" help:"Login name; asked for if not given."`
	Fingerprint string `name:"trust-fingerprint" placeholder:"SHA256" help:"Trust the certificate with this fingerprint, without asking."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*loginCmd) Help() string {
	return `The password is asked for, and a code where your account has a second factor.
Without a terminal they are the first and the second line of standard input, and
--user is needed. The server makes a personal access token of the name "alveary on
HOST", which is kept in a file that only you can read; the password is not kept.
Who signs in with a passkey alone makes a token in the browser, and gives it in
ALVEARY_TOKEN.`
}

// Run signs in.
func (c *loginCmd) Run(ctx context.Context, w *world) error {
	w.json = c.JSON
	if c.Server == "" {
		c.Server = c.URL
	}
	base, err := client.ParseURL(c.Server)
	if err != nil {
		return usage(err)
	}
	options := client.Options{URL: base.String(), Agent: "alveary/" + version}
	if c.CACert != "" {
		if options.Roots, err = readRoots(c.CACert); err != nil {
			return usage(err)
		}
	}
	ring, err := w.keyring()
	if err != nil {
		return err
	}
	if options.Pin, err = c.trust(ctx, w, options.URL, options.Roots, ring.Servers[options.URL].Pin); err != nil {
		return err
	}
	server, err := client.New(options)
	if err != nil {
		return usage(err)
	}
	defer server.Close()
	made, err := c.signIn(ctx, w, server)
	if err != nil {
		return err
	}
	key := client.Key{Login: made.User.Login, Token: made.Secret, TokenID: made.ID, Pin: options.Pin}
	if err := ring.Put(options.URL, key); err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	w.print(map[string]string{"server": options.URL, "login": key.Login}, "signed in to "+options.URL+" as "+terminal.Printable(key.Login))
	return nil
}

func (c *loginCmd) signIn(ctx context.Context, w *world, server *client.Client) (client.Issued, error) {
	about, err := server.Server(ctx)
	if err != nil {
		return client.Issued{}, err
	}
	if about.SetupNeeded {
		return client.Issued{}, errors.New("the server is not set up yet: open the set-up link that it printed when it started")
	}
	if c.User == "" {
		if !w.Interactive() {
			return client.Issued{}, usage(errors.New("there is no terminal to ask on: give --user, and the password as the first line of standard input"))
		}
		if c.User, err = w.Ask(ctx, "Login: "); err != nil {
			return client.Issued{}, err
		}
	}
	password, err := w.Secret(ctx, "Password: ")
	if errors.Is(err, io.EOF) {
		return client.Issued{}, usage(errors.New("no password came: give it as the first line of standard input"))
	}
	if err != nil {
		return client.Issued{}, err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed machine"
	}
	return server.SignIn(ctx, c.User, console.Answers(w, password), "alveary on "+host)
}

// trust gives the fingerprint to pin; empty where the roots vouch for the server.
func (c *loginCmd) trust(ctx context.Context, w *world, server string, roots *x509.CertPool, known string) (string, error) {
	seen, err := client.Inspect(ctx, server, roots)
	if err != nil || seen.Fingerprint == "" {
		return "", err
	}
	switch {
	case c.Fingerprint != "":
		want, err := client.ParseFingerprint(c.Fingerprint)
		if err != nil {
			return "", usage(err)
		}
		if have, err := client.ParseFingerprint(seen.Fingerprint); err != nil || string(have) != string(want) {
			return "", untrusted(server, "shows another certificate, "+seen.Fingerprint)
		}
		return seen.Fingerprint, nil
	case seen.Trusted:
		return "", nil
	case roots == nil && known == seen.Fingerprint:
		return known, nil // trusted by hand before
	case roots != nil || !w.Interactive():
		return "", untrusted(server, "shows a certificate that nothing vouches for, "+seen.Fingerprint+
			": ask whoever runs the server whether it is the same there, and give it with --trust-fingerprint")
	}
	return seen.Fingerprint, c.confirm(ctx, w, server, seen, known)
}

func (c *loginCmd) confirm(ctx context.Context, w *world, server string, seen client.Certificate, known string) error {
	if known != "" {
		fmt.Fprintf(w.stderr, "THE CERTIFICATE OF %s HAS CHANGED since it was trusted. Ask its administrator why.\n", server)
	}
	fmt.Fprintf(w.stderr, "Nothing vouches for the certificate of %s. Its SHA-256 fingerprint is\n\n  %s\n\nAsk whoever runs the server whether it is the same there (in the folder tls of its data).\n", server, seen.Fingerprint)
	answer, err := w.Ask(ctx, "Trust it from now on? [y/N] ")
	if err != nil {
		return err
	}
	if !console.Yes(answer) {
		return untrusted(server, "was not trusted, and nothing was sent to it")
	}
	return nil
}

func untrusted(server, message string) error {
	return &alveary.Error{Kind: alveary.KindUnsupported, Subject: server, Message: message}
}

type logoutCmd struct {
	config.Client `embed:""`
}

// Run ends the token at the server and here. A server that cannot be reached
// is forgotten all the same, with a word about the token.
func (c *logoutCmd) Run(ctx context.Context, w *world) error {
	ring, err := w.keyring()
	if err != nil {
		return err
	}
	server := ring.Current
	if c.URL != "" {
		base, err := client.ParseURL(c.URL)
		if err != nil {
			return usage(err)
		}
		server = base.String()
	}
	key, ok := ring.Servers[server]
	if !ok {
		return notSignedIn("you are not signed in, so there is nothing to end")
	}
	c.URL = server
	ended := c.end(ctx, w, key)
	if err := ring.Remove(server); err != nil {
		return err
	}
	if ended != nil {
		return fmt.Errorf("%s is forgotten here, but its token %q could not be ended: do that on the page of your account: %w", server, key.TokenID, ended)
	}
	w.print(map[string]string{"server": server}, "signed out of "+server)
	return nil
}

func (c *logoutCmd) end(ctx context.Context, w *world, key client.Key) error {
	options := client.Options{URL: c.URL, Token: key.Token, Pin: key.Pin, Agent: "alveary/" + version}
	w.json = c.JSON
	if c.CACert != "" {
		roots, err := readRoots(c.CACert)
		if err != nil {
			return usage(err)
		}
		options.Pin, options.Roots = "", roots
	}
	server, err := client.New(options)
	if err != nil {
		return err
	}
	defer server.Close()
	err = server.RevokeToken(ctx, key.TokenID)
	if alveary.IsKind(err, alveary.KindUnauthenticated) {
		return nil // it had ended already
	}
	return err
}
