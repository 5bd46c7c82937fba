// Package console is the commands on people and on who may what: one's own
// account, users, groups, roles, teams, locks, settings, ACL entries and
// policies, over the REST API.
//
// It exists so that the list of commands stays short enough to be read: these
// have in common that each asks a server one thing and prints what came, and
// nothing of what the other commands do. What is around them, they are given as
// a Prompt. Where the server wants a fresh sign-in, they ask for the password.
//
// What the commands on sharing ask in the same way is exported for them. Read this
// file first, then fresh.go, users.go and access.go.
package console

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"alveary"
	"alveary/client"
	"alveary/client/people"
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
	// Output is standard output, for what is neither a line nor JSON.
	Output() io.Writer
	// Input is standard input.
	Input() io.Reader
	// Usage marks an error as a mistake in how the command was called.
	Usage(err error) error
	// Getenv reads the environment.
	Getenv(name string) string
	Person
}

// Person is whoever sits at the prompt.
type Person interface {
	// Interactive says whether there is one.
	Interactive() bool
	// Ask asks a question and reads a line; where nobody is there, it reads the
	// next line of standard input, or io.EOF.
	Ask(ctx context.Context, question string) (string, error)
	// Secret is Ask without an echo.
	Secret(ctx context.Context, question string) (string, error)
}

// Confirm asks before something that cannot be undone. Without a person to ask
// it wants --yes.
func Confirm(ctx context.Context, w Prompt, yes bool, question string) error {
	if yes {
		return nil
	}
	if !w.Interactive() {
		return w.Usage(errors.New("this cannot be undone and there is nobody to ask: give --yes"))
	}
	answer, err := w.Ask(ctx, question+" [y/N] ")
	if err != nil {
		return err
	}
	if !Yes(answer) {
		return &alveary.Error{Kind: alveary.KindInvalid, Code: "not-confirmed", Message: "nothing was changed"}
	}
	return nil
}

// Yes reads the answer to a question that ends in [y/N].
func Yes(answer string) bool {
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}

// PrintEach prints a list, a line for each of it.
func PrintEach[T any](w Prompt, items []T, err error, text func(T) string) error {
	for _, one := range items {
		w.Line(one, text(one))
	}
	return err
}

// PrintOne prints a result, unless there is none.
func PrintOne[T any](w Prompt, one T, err error, text func(T) string) error {
	if err == nil {
		w.Line(one, text(one))
	}
	return err
}

// list prints what the server lists.
func list[T any](ctx context.Context, w Prompt, o config.Client, all func(people.People, context.Context) ([]T, error), text func(T) string) error {
	return w.Over(o, func(server *client.Client) error {
		items, err := all(people.At(server), ctx)
		return PrintEach(w, items, err, text)
	})
}

// removeEach removes one after another and says so.
func removeEach(w Prompt, names []string, remove func(string) error) error {
	for _, name := range names {
		if err := remove(name); err != nil {
			return err
		}
		w.Line(map[string]string{"deleted": name}, "deleted "+name)
	}
	return nil
}

// When shows a time that may be missing.
func When(t *time.Time) string {
	if t == nil || t.IsZero() {
		return "never"
	}
	return t.Local().Format("2006-01-02 15:04")
}

// Or gives a dash where there is nothing to show.
func Or(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// Count words a number of things.
func Count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + many
}
