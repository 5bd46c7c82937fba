package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"alveary"
	"alveary/client"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

// world is what a command meets outside: the person at the prompt, streams,
// environment, folders, time.
type world struct {
	*terminal.Person
	stdin          *os.File
	stdout, stderr io.Writer
	getenv         func(string) string
	configDir      string // of the user; empty where there is none
	cacheDir       string
	now            func() time.Time
	width          func() int // of the terminal behind stderr; 0 if it is none
	json           bool       // the command was asked for JSON, by whatever way
	loggingIn      bool
	visiting       bool // a link is opened, for which one's own sign-in does not count
}

func systemWorld() *world {
	w := &world{Person: terminal.NewPerson(os.Stdin, os.Stderr), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now}
	if dir, err := os.UserConfigDir(); err == nil {
		w.configDir = dir
	}
	if dir, err := os.UserCacheDir(); err == nil {
		w.cacheDir = dir
	}
	w.width = func() int {
		width, _, err := term.GetSize(int(os.Stderr.Fd()))
		if err != nil {
			return 0
		}
		return width
	}
	return w
}

func (w *world) keyring() (*client.Keyring, error) {
	if w.configDir == "" {
		return nil, errors.New("no folder for the user's configuration is known: set HOME or XDG_CONFIG_HOME")
	}
	return client.OpenKeyring(filepath.Join(w.configDir, "alveary"))
}

// connect makes the client of a command, from its options and the keyring.
func (w *world) connect(o config.Client) (*client.Client, error) {
	w.json = o.JSON
	o.Complete(w.around())
	key, server, err := w.key(o)
	if err != nil {
		return nil, err
	}
	options := client.Options{URL: server, Token: key.Token, Pin: key.Pin, Agent: "alveary/" + version}
	if o.CACert != "" {
		options.Pin = ""
		if options.Roots, err = readRoots(o.CACert); err != nil {
			return nil, usage(err)
		}
	}
	c, err := client.New(options)
	if err != nil {
		return nil, usage(err)
	}
	return c, nil
}

// key finds the server and how to get into it. A token of the environment
// needs no stored sign-in, and a stored one goes to its own server only.
func (w *world) key(o config.Client) (client.Key, string, error) {
	var ring client.Keyring
	if stored, err := w.keyring(); err == nil {
		ring = *stored
	} else if o.Token == "" || o.URL == "" {
		return client.Key{}, "", err
	}
	server := ring.Current
	if o.URL != "" {
		u, err := client.ParseURL(o.URL)
		if err != nil {
			return client.Key{}, "", usage(err)
		}
		server = u.String()
	}
	if server == "" {
		return client.Key{}, "", notSignedIn("no server is known: run alveary login URL, or set ALVEARY_URL and ALVEARY_TOKEN")
	}
	key := ring.Servers[server]
	if o.Token != "" {
		key.Token = o.Token.Reveal()
	}
	if key.Token == "" {
		return client.Key{}, "", notSignedIn("you are not signed in to " + server + ": run alveary login " + server)
	}
	return key, server, nil
}

func notSignedIn(message string) error {
	return &alveary.Error{Kind: alveary.KindUnauthenticated, Code: "signed-out", Message: message}
}

func readRoots(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the trusted certificates: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("there is no certificate in PEM in %s", file)
	}
	return roots, nil
}

// print writes one result: the value as a line of JSON, or the text.
func (w *world) print(value any, text string) {
	if !w.json {
		fmt.Fprintln(w.stdout, text)
		return
	}
	fmt.Fprintln(w.stdout, terminal.JSONLine(value))
}
