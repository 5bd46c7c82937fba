package main

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"alveary"
	"alveary/client"
	"alveary/config"
)

// world is what a command meets outside: streams, environment, folders, time.
type world struct {
	stdin          *os.File
	stdout, stderr io.Writer
	getenv         func(string) string
	configDir      string // of the user; empty where there is none
	cacheDir       string
	now            func() time.Time
	width          func() int // of the terminal behind stderr; 0 if it is none
	json           bool       // the command was asked for JSON, by whatever way
	loggingIn      bool
	lines          *bufio.Reader // over stdin, once something was read from it
}

func systemWorld() *world {
	w := &world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now}
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
	fmt.Fprintln(w.stdout, jsonLine(value))
}

// interactive says whether there is a person to ask.
func (w *world) interactive() bool { return term.IsTerminal(int(w.stdin.Fd())) }

// ask asks a question of the person and reads a line. Without one it reads the
// next line of standard input.
func (w *world) ask(ctx context.Context, question string) (string, error) {
	if w.interactive() {
		fmt.Fprint(w.stderr, question)
	}
	return w.line(ctx)
}

// line reads the next line of standard input.
func (w *world) line(ctx context.Context) (string, error) {
	return w.await(ctx, func() (string, error) {
		if w.lines == nil {
			w.lines = bufio.NewReader(w.stdin)
		}
		line, err := w.lines.ReadString('\n')
		if err == io.EOF && line != "" {
			err = nil
		}
		return strings.TrimRight(line, "\r\n"), err
	})
}

// askSecret is ask without an echo.
func (w *world) askSecret(ctx context.Context, question string) (string, error) {
	if !w.interactive() {
		return w.ask(ctx, question)
	}
	before, err := term.GetState(int(w.stdin.Fd()))
	if err != nil {
		return "", err
	}
	fmt.Fprint(w.stderr, question)
	text, err := w.await(ctx, func() (string, error) {
		secret, err := term.ReadPassword(int(w.stdin.Fd()))
		return string(secret), err
	})
	fmt.Fprintln(w.stderr)
	if ctx.Err() != nil {
		_ = term.Restore(int(w.stdin.Fd()), before)
	}
	return text, err
}

// await lets an interrupt end a wait for a person.
func (w *world) await(ctx context.Context, read func() (string, error)) (string, error) {
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-done:
		return r.text, r.err
	}
}
