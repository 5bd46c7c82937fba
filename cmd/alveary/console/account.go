package console

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

// Whoami tells who the commands speak as.
type Whoami struct {
	config.Client `embed:""`
}

// Run tells.
func (c *Whoami) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		who, err := server.Whoami(ctx)
		if err != nil {
			return err
		}
		text := who.Login + " at " + server.URL()
		if who.Profile != "" {
			text += " (" + who.Profile + ")"
		}
		w.Line(map[string]any{"server": server.URL(), "user": who}, text)
		return nil
	})
}

// Session keeps one's own sessions.
type Session struct {
	Ls  sessionLsCmd  `cmd:"" help:"List the browsers that are signed in as you: id, last use, address, what it is."`
	End sessionEndCmd `cmd:"" help:"Sign browsers out."`
}

type sessionLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *sessionLsCmd) Run(ctx context.Context, w Prompt) error {
	return list(ctx, w, c.Client, people.People.Sessions, sessionLine)
}

func sessionLine(s people.Session) string {
	how := Or(s.Method)
	if s.Level > 1 && s.Method == "password" {
		how = "password and second factor"
	}
	return fmt.Sprintf("%-22s %s  %-15s %s, until %s  %s", s.ID, When(&s.LastSeen), Or(s.Address), how, When(&s.Expires), s.UserAgent)
}

type sessionEndCmd struct {
	ID  []string `arg:"" optional:"" help:"Id of a session, as ls shows it."`
	All bool     `name:"all" help:"All of them."`

	config.Client `embed:""`
}

// Run ends sessions.
func (c *sessionEndCmd) Run(ctx context.Context, w Prompt) error {
	if c.All == (len(c.ID) > 0) {
		return w.Usage(errors.New("give either ids or --all"))
	}
	return w.Over(c.Client, func(server *client.Client) error {
		p := people.At(server)
		if !c.All {
			return removeEach(w, c.ID, func(id string) error { return p.EndSession(ctx, id) })
		}
		err := p.EndSessions(ctx)
		if err == nil {
			w.Line(map[string]string{"deleted": "all"}, "signed out in every browser")
		}
		return err
	})
}

// Tokens is what is done with one's own tokens; it is embedded beside what can
// also be done on the machine itself.
type Tokens struct {
	Ls     tokenLsCmd     `cmd:"" help:"List your tokens: id, label, reach, last use, end."`
	Revoke tokenRevokeCmd `cmd:"" aliases:"rm" help:"End tokens."`
}

type tokenLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *tokenLsCmd) Run(ctx context.Context, w Prompt) error {
	return list(ctx, w, c.Client, people.People.Tokens, tokenLine)
}

func tokenLine(t people.Token) string {
	text := fmt.Sprintf("%-22s %-5s used %-16s ends %-16s  %s", t.ID, Or(t.Scope.Reach), When(t.LastUsed), When(t.Expires), t.Label)
	if t.Scope.Node != "" {
		text += " (in " + Or(t.Scope.Path) + ")"
	}
	if len(t.Scope.Gateways) > 0 {
		text += " (over " + strings.Join(t.Scope.Gateways, ", ") + ")"
	}
	return text
}

type tokenRevokeCmd struct {
	ID []string `arg:"" help:"Id of a token, as ls shows it."`

	config.Client `embed:""`
}

// Run ends tokens.
func (c *tokenRevokeCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		return removeEach(w, c.ID, func(id string) error { return people.At(server).EndToken(ctx, id) })
	})
}

// TokenWish is a token that somebody wants for himself.
type TokenWish struct {
	Label    string
	Expires  time.Time // zero: never
	Reach    string    // empty: all
	Folder   string    // remote path; empty: any
	Gateways []string  // none: any
}

// AddToken makes a token for whoever asks, which takes his password.
func AddToken(ctx context.Context, w Prompt, o config.Client, wish TokenWish) error {
	return w.Over(o, func(server *client.Client) error {
		n := people.NewToken{Label: wish.Label}
		if !wish.Expires.IsZero() {
			n.Expires = &wish.Expires
		}
		if wish.Reach != "" || wish.Folder != "" || len(wish.Gateways) > 0 {
			n.Scope = &people.NewScope{Reach: wish.Reach, Gateways: wish.Gateways}
		}
		if wish.Folder != "" {
			if wish.Reach == "" {
				n.Scope.Reach = "write" // a folder's token is for files
			}
			folder, err := server.Stat(ctx, strings.TrimRight(wish.Folder, "/"))
			if err != nil {
				return err
			}
			n.Scope.Node = folder.ID.String()
		}
		return inSession(ctx, w, server, func(session *client.Client) error {
			made, err := people.At(session).AddToken(ctx, n)
			return PrintOne(w, made, err, func(t people.MadeToken) string { return t.Secret })
		})
	})
}

// Factor shows one's own factors.
type Factor struct {
	Ls factorLsCmd `cmd:"" help:"Show what you sign in with beside your password. A browser changes it."`
}

type factorLsCmd struct {
	config.Client `embed:""`
}

// Run shows.
func (c *factorLsCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		account, err := people.At(server).Account(ctx)
		if err == nil {
			w.Text(account.Factors, factorLines(account.Factors))
		}
		return err
	})
}

func factorLines(f people.Factors) string {
	var lines []string
	if f.TOTP != nil {
		lines = append(lines, fmt.Sprintf("authenticator   since %s, used %s", When(&f.TOTP.Created), When(f.TOTP.Used)))
	}
	for _, key := range f.Passkeys {
		lines = append(lines, fmt.Sprintf("passkey         since %s, used %s  %s", When(&key.Created), When(key.Used), key.Label))
	}
	if len(lines) == 0 {
		lines = append(lines, "no second factor")
	}
	if f.Recovery > 0 {
		lines = append(lines, Count(int64(f.Recovery), "recovery code is left", "recovery codes are left"))
	}
	if f.Needed {
		by := f.NeededBy
		if by == "" {
			by = "this server"
		}
		lines = append(lines, "a second factor is needed: "+by)
	}
	return strings.Join(lines, "\n")
}
