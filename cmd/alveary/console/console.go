// Package console is the commands of administrators on who may what: roles,
// groups, ACL entries and policies, over the REST API.
//
// It exists so that the list of commands stays short enough to be read: these
// have in common that each asks a server one thing and prints what came, and
// nothing of what the other commands do. What is around them, they are given as
// a Prompt.
//
// Read this file first, then access.go and policies.go.
package console

import (
	"io"

	"alveary/client"
	"alveary/config"
)

// Prompt is what a command meets outside.
type Prompt interface {
	// Over makes the client of a command, and lets it go when the work is done.
	Over(o config.Client, work func(*client.Client) error) error
	// Line prints one result: the value as JSON where that was asked for, else
	// the text on a line of its own.
	Line(value any, text string)
	// Text is Line for a text of several lines.
	Text(value any, text string)
	// Input is standard input.
	Input() io.Reader
	// Usage marks an error as a mistake in how the command was called.
	Usage(err error) error
}
