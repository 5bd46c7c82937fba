package main

import (
	"io"
	"strings"

	"alveary/client"
	"alveary/cmd/alveary/console"
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

var _ console.Prompt = (*world)(nil)
