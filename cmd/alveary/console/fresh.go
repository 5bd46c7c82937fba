package console

import (
	"context"
	"errors"
	"io"

	"alveary"
	"alveary/client"
)

// codeTries is how often a person may mistype a code.
const codeTries = 3

// Answers are those of a person, or of standard input, to a sign-in.
func Answers(person Person, password string) client.Answers {
	tried := 0
	return client.Answers{Password: password, Code: func(ctx context.Context, refused error) (string, error) {
		question := "Code of your authenticator, or a recovery code: "
		if refused != nil {
			if tried >= codeTries || !person.Interactive() {
				return "", refused
			}
			question = "That was not right. " + question
		}
		tried++
		code, err := person.Ask(ctx, question)
		if errors.Is(err, io.EOF) {
			return "", &alveary.Error{
				Kind: alveary.KindUnauthenticated, Op: "sign in", Code: "second-factor",
				Message: "your account has a second factor: give a code as the next line of standard input, after the password",
			}
		}
		return code, err
	}}
}

// Freshly does work that the server may want a fresh sign-in for. A token is
// tried first, where it may be enough; else the password is asked for, and
// the work is done in a session that ends with it.
func Freshly(ctx context.Context, w Prompt, server *client.Client, work func(*client.Client) error) error {
	err := work(server)
	if !wantsSession(err) {
		return err
	}
	return inSession(ctx, w, server, work)
}

func inSession(ctx context.Context, w Prompt, server *client.Client, work func(*client.Client) error) error {
	who, err := server.Whoami(ctx)
	if err != nil {
		return err
	}
	password, err := w.Secret(ctx, "Password of "+who.Login+", once more: ")
	if errors.Is(err, io.EOF) {
		return w.Usage(errors.New("this needs a fresh sign-in: give your password as the first line of standard input"))
	}
	if err != nil {
		return err
	}
	session, _, err := server.Begin(ctx, who.Login, Answers(w, password))
	if err != nil {
		return err
	}
	err = work(session)
	// Whoever ended his own sign-ins with the work has no session to end.
	if end := session.End(ctx); !alveary.IsKind(end, alveary.KindUnauthenticated) {
		err = errors.Join(err, end)
	}
	return err
}

// wantsSession says whether the server refused for want of a fresh sign-in.
func wantsSession(err error) bool {
	var e *alveary.Error
	return errors.As(err, &e) && (e.Code == "not-fresh" || e.Code == "session-needed")
}
