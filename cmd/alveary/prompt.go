package main

import (
	"context"
	"io"
	"strings"

	"alveary/client"
	"alveary/cmd/alveary/console"
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
func (w *world) Line(value any, text string) { w.print(value, printable(text)) }

// Text prints one result on several lines.
func (w *world) Text(value any, text string) {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	w.print(value, strings.Join(lines, "\n"))
}

// Input is standard input.
func (w *world) Input() io.Reader { return w.stdin }

// Output is standard output.
func (w *world) Output() io.Writer { return w.stdout }

// Interactive says whether there is a person to ask.
func (w *world) Interactive() bool { return w.interactive() }

// Ask asks the person, or reads the next line of standard input.
func (w *world) Ask(ctx context.Context, question string) (string, error) {
	return w.ask(ctx, question)
}

// Secret is Ask without an echo.
func (w *world) Secret(ctx context.Context, question string) (string, error) {
	return w.askSecret(ctx, question)
}

// Getenv reads the environment.
func (w *world) Getenv(name string) string { return w.getenv(name) }

// Usage marks an error as a mistake in how the command was called.
func (w *world) Usage(err error) error { return usage(err) }

var _ console.Prompt = (*world)(nil)
