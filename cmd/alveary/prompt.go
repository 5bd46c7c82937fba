package main

import (
	"io"
	"strings"

	"alveary/client"
	"alveary/cmd/alveary/sharing"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

// Over makes the client of a command, and lets it go when the work is done.
func (w *world) Over(o config.Client, work func(*client.Client) error) error {
	server, err := w.connect(o)
	if err != nil {
		return err
	}
	defer server.Close()
	return work(server)
}

// Visit makes a client that brings no token, for a server that may be any: its
// certificate is trusted as the flags say, or as it was at a sign-in.
func (w *world) Visit(o sharing.Stranger, server string, work func(*client.Client) error) error {
	w.json, w.visiting = o.JSON, true
	options := client.Options{URL: server, Pin: o.Fingerprint, Agent: "alveary/" + version}
	if ring, err := w.keyring(); err == nil && options.Pin == "" && o.CACert == "" {
		options.Pin = ring.Servers[server].Pin
	}
	var err error
	if o.CACert != "" {
		if options.Roots, err = readRoots(o.CACert); err != nil {
			return usage(err)
		}
	}
	c, err := client.New(options)
	if err != nil {
		return usage(err)
	}
	defer c.Close()
	return work(c)
}

// Line prints one result on a line of its own.
func (w *world) Line(value any, text string) { w.print(value, terminal.Printable(text)) }

// Text prints one result on several lines.
func (w *world) Text(value any, text string) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = terminal.Printable(line)
	}
	w.print(value, strings.Join(lines, "\n"))
}

// Input is standard input.
func (w *world) Input() io.Reader { return w.stdin }

// Output is standard output.
func (w *world) Output() io.Writer { return w.stdout }

// Getenv reads the environment.
func (w *world) Getenv(name string) string { return w.getenv(name) }

// Usage marks an error as a mistake in how the command was called.
func (w *world) Usage(err error) error { return usage(err) }

var _ sharing.Prompt = (*world)(nil)
