package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"alveary"
	"alveary/cmd/alveary/terminal"
)

// The exit codes. They are told in the help of the command.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitNotFound = 3
	exitDenied   = 4
	exitConflict = 5
	exitSignIn   = 6
)

// exitError is an error with a code of its own.
type exitError struct {
	code  int
	cause error // nil where everything has been said
}

func (e *exitError) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e *exitError) Unwrap() error { return e.cause }

func usage(err error) error { return &exitError{exitUsage, err} }

func codeOf(kind alveary.Kind) int {
	switch kind {
	case alveary.KindNotFound, alveary.KindGone:
		return exitNotFound
	case alveary.KindDenied:
		return exitDenied
	case alveary.KindConflict, alveary.KindPrecondition:
		return exitConflict
	case alveary.KindUnauthenticated:
		return exitSignIn
	}
	return exitFailed
}

// fail says what went wrong and gives the exit code.
func (w *world) fail(err error, asJSON bool) int {
	if err == nil {
		return exitDone
	}
	code := codeOf(alveary.KindOf(err))
	var exit *exitError
	if errors.As(err, &exit) {
		code = exit.code
		if exit.cause == nil {
			return code
		}
	}
	w.complain(err, code, asJSON)
	return code
}

// complain writes one error to standard error.
func (w *world) complain(err error, code int, asJSON bool) {
	message := w.sentence(err)
	if !asJSON {
		fmt.Fprintln(w.stderr, "alveary: "+terminal.Printable(message))
		return
	}
	var e *alveary.Error
	word := ""
	if errors.As(err, &e) {
		word = e.Code
	}
	fmt.Fprintln(w.stderr, terminal.JSONLine(map[string]any{"error": map[string]any{"message": message, "code": word, "exit": code}}))
}

// sentence words an error for the person at the prompt: what was done, to
// what, what happened, what to do next.
func (w *world) sentence(err error) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted"
	}
	var e *alveary.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Subject != "" {
		if e.Op != "" {
			b.WriteByte(' ')
		}
		b.WriteString(e.Subject)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	switch {
	case e.Kind == alveary.KindUnauthenticated && !w.loggingIn && !w.visiting && !strings.Contains(e.Message, "alveary login"):
		b.WriteString(" (alveary login does that here)")
	case e.Cause != nil && (e.Message == "" || e.Kind == alveary.KindUnavailable || e.Kind == alveary.KindUnsupported):
		b.WriteString(" (" + reason(e.Cause) + ")")
	}
	return b.String()
}

// reason is a cause without the address that net/http puts before it.
func reason(err error) string {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}
