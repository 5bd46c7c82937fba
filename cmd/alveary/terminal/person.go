package terminal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Person is whoever sits at the prompt, or what a script gives in his place.
type Person struct {
	in    *os.File
	out   io.Writer     // for questions
	lines *bufio.Reader // over in, once something was read from it
}

// NewPerson is asked on out and answers through in.
func NewPerson(in *os.File, out io.Writer) *Person { return &Person{in: in, out: out} }

// Interactive says whether there is a person to ask.
func (p *Person) Interactive() bool { return term.IsTerminal(int(p.in.Fd())) }

// Ask asks a question of the person and reads a line. Without one it reads the
// next line of standard input.
func (p *Person) Ask(ctx context.Context, question string) (string, error) {
	if p.Interactive() {
		fmt.Fprint(p.out, question)
	}
	return p.ReadLine(ctx)
}

// ReadLine reads the next line of standard input.
func (p *Person) ReadLine(ctx context.Context) (string, error) {
	return p.await(ctx, func() (string, error) {
		if p.lines == nil {
			p.lines = bufio.NewReader(p.in)
		}
		line, err := p.lines.ReadString('\n')
		if err == io.EOF && line != "" {
			err = nil
		}
		return strings.TrimRight(line, "\r\n"), err
	})
}

// Secret is Ask without an echo.
func (p *Person) Secret(ctx context.Context, question string) (string, error) {
	if !p.Interactive() {
		return p.Ask(ctx, question)
	}
	before, err := term.GetState(int(p.in.Fd()))
	if err != nil {
		return "", err
	}
	fmt.Fprint(p.out, question)
	text, err := p.await(ctx, func() (string, error) {
		secret, err := term.ReadPassword(int(p.in.Fd()))
		return string(secret), err
	})
	fmt.Fprintln(p.out)
	if ctx.Err() != nil {
		_ = term.Restore(int(p.in.Fd()), before)
	}
	return text, err
}

// await lets an interrupt end a wait for a person.
func (*Person) await(ctx context.Context, read func() (string, error)) (string, error) {
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
