package client

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"alveary"
	"alveary/captcha"
)

// Identity is who a token belongs to.
type Identity struct {
	ID      string `json:"id"`
	Login   string `json:"login"`
	Name    string `json:"name"`
	Email   string `json:"email"`
	Profile string `json:"profile"`
}

// Issued is a personal access token that was just made.
type Issued struct {
	ID     string
	Secret string // beginning with alv_; the server never tells it again
	User   Identity
}

// Answers are what a sign-in asks of a person.
type Answers struct {
	Password string
	// Code is asked for a code, of an authenticator or for recovery, where the
	// account has a second factor. refused is why the code before was no good,
	// nil at first. Its error ends the sign-in.
	Code func(ctx context.Context, refused error) (string, error)
}

// signInStep is where a sign-in stands.
type signInStep struct {
	State   string   `json:"state"`
	User    Identity `json:"user"`
	Pending string   `json:"pending"`
	Factors []string `json:"factors"`
}

// Begin signs in, as far as a program can, and gives a client that has the
// session. End it: a session is a short thing here. A proof of work that the
// server wants after failed sign-ins is done on the way, which takes a second
// or two.
func (c *Client) Begin(ctx context.Context, login string, a Answers) (*Client, Identity, error) {
	step, cookies, err := c.passwordStep(ctx, login, a.Password)
	if err != nil {
		return nil, Identity{}, err
	}
	switch step.State {
	case "second-factor":
		if step, cookies, err = c.codeStep(ctx, login, step, a); err != nil {
			return nil, Identity{}, err
		}
	case "enrol":
		return nil, Identity{}, &alveary.Error{
			Kind: alveary.KindUnauthenticated, Op: "sign in", Subject: login, Code: "enrol",
			Message: "your account needs a second factor and has none yet: sign in at " + c.URL() + " with a browser once, where it is set up",
		}
	}
	return &Client{base: c.base, o: withoutToken(c.o), http: c.http, cookies: cookies}, step.User, nil
}

// withoutToken are the options of a client that has a session instead.
func withoutToken(o Options) Options {
	o.Token = ""
	return o
}

// passwordStep sends the password, with a proof of work where one is wanted.
func (c *Client) passwordStep(ctx context.Context, login, password string) (signInStep, []*http.Cookie, error) {
	proof := ""
	for {
		step, cookies, err := c.step(ctx, call{op: "sign in", subject: login, path: "/session"}, struct {
			Login    string `json:"login"`
			Password string `json:"password"`
			Captcha  string `json:"captcha,omitempty"`
		}{login, password, proof})
		failure := asError(err)
		if failure == nil || failure.Code != "captcha" || proof != "" {
			return step, cookies, err
		}
		if proof, err = c.Prove(ctx); err != nil {
			return step, nil, err
		}
	}
}

// Prove does the work that shows a server that guessing costs something.
func (c *Client) Prove(ctx context.Context) (string, error) {
	var challenge captcha.Challenge
	_, err := c.exchange(ctx, call{op: "ask for a proof of work", method: http.MethodGet, path: "/session/captcha", again: true}, nil, &challenge)
	if err != nil {
		return "", err
	}
	return captcha.Solve(ctx, challenge)
}

// codeStep asks for codes until one is right or the server or the person has
// enough.
func (c *Client) codeStep(ctx context.Context, login string, step signInStep, a Answers) (signInStep, []*http.Cookie, error) {
	if a.Code == nil || !slices.ContainsFunc(step.Factors, func(f string) bool { return f != string(alveary.FactorPasskey) }) {
		return step, nil, &alveary.Error{
			Kind: alveary.KindUnauthenticated, Op: "sign in", Subject: login, Code: "passkey",
			Message: "your account signs in with a passkey, which needs a browser: make a token there, on the page of your account, and give it in ALVEARY_TOKEN",
		}
	}
	var refused error
	for {
		code, err := a.Code(ctx, refused)
		if err != nil {
			return step, nil, err
		}
		next, cookies, err := c.step(ctx, call{op: "sign in", subject: login, path: "/session/factor"}, map[string]string{"pending": step.Pending, "code": code})
		if failure := asError(err); failure == nil || failure.Code != "wrong-code" {
			return next, cookies, err
		}
		refused = err
	}
}

func (c *Client) step(ctx context.Context, r call, in any) (step signInStep, cookies []*http.Cookie, err error) {
	r.method = http.MethodPost
	resp, err := c.exchange(ctx, r, in, &step)
	if err != nil {
		return step, nil, err
	}
	return step, resp.Cookies(), nil
}

// End signs out.
func (c *Client) End(ctx context.Context) error {
	_, err := c.exchange(ctx, call{op: "sign out", method: http.MethodDelete, path: "/session", again: true}, nil, nil)
	return err
}

// SignIn makes a personal access token: it signs in, asks for the token under
// the label, and signs out again, so that password and code are needed once
// and no session stays behind.
func (c *Client) SignIn(ctx context.Context, login string, a Answers, label string) (Issued, error) {
	session, who, err := c.Begin(ctx, login, a)
	if err != nil {
		return Issued{}, err
	}
	var made struct {
		Token struct {
			ID string `json:"id"`
		} `json:"token"`
		Secret string `json:"secret"`
	}
	_, err = session.exchange(ctx, call{op: "make a token", subject: login, method: http.MethodPost, path: "/tokens"}, struct {
		Label string `json:"label"`
	}{label}, &made)
	if err = errors.Join(err, session.End(ctx)); err != nil {
		return Issued{}, err
	}
	return Issued{ID: made.Token.ID, Secret: made.Secret, User: who}, nil
}

// Whoami tells whose token the client has.
func (c *Client) Whoami(ctx context.Context) (Identity, error) {
	var who struct {
		User Identity `json:"user"`
	}
	_, err := c.exchange(ctx, call{op: "look who is signed in", method: http.MethodGet, path: "/session", again: true}, nil, &who)
	return who.User, err
}

// RevokeToken ends a token of one's own. One that is gone already is no error.
func (c *Client) RevokeToken(ctx context.Context, id string) error {
	_, err := c.exchange(ctx, call{op: "end the token", method: http.MethodDelete, path: "/tokens/" + id, again: true}, nil, nil)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return nil
	}
	return err
}
