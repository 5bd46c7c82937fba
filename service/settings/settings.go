// Package settings keeps what the house has settled for all: how it shows
// itself, the rules of sign-in, and the server that takes its mail.
//
// It exists so that each setting is checked, changed and put on record in one
// way, whoever reads it. The rules of sign-in and the mail server are for
// administrators alone, whatever a rest policy lets through (MODEL.md 7.7):
// whoever names the mail server reads the links by which passwords are chosen.
//
// Promises: the password of the mail server never comes out, and is kept sealed.
// It goes with the server it was given for: where another one is named, it is
// forgotten. A *Service is safe for concurrent use.
//
// Read this file first, then mail.go.
package settings

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"alveary"
	"alveary/store"
	"alveary/vault"
)

// Service knows the settings of one installation.
type Service struct {
	store *store.Store
	box   *vault.Box
	check func(alveary.MailServer) error
}

// New makes the service; check says what cannot be a mail server.
func New(s *store.Store, box *vault.Box, check func(alveary.MailServer) error) *Service {
	return &Service{s, box, check}
}

// Public is what anybody may know, for the sign-in page.
type Public struct {
	Organisation alveary.Organisation
	SignIn       alveary.SignInRules
	Mail         bool // can be sent
}

// Public is what anybody may know.
func (s *Service) Public(ctx context.Context) (p Public, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if p.Organisation, err = tx.Organisation(); err != nil {
			return err
		}
		if p.SignIn, err = tx.SignInRules(); err != nil {
			return err
		}
		server, err := tx.MailServer()
		p.Mail = server.Host != ""
		return err
	})
	return p, err
}

// The bounds of what a house is called, in characters.
const mostName = 80

// Organisation is how the house shows itself.
func (s *Service) Organisation(ctx context.Context) (alveary.Organisation, error) {
	p, err := s.Public(ctx)
	return p.Organisation, err
}

// colour is how an accent is written.
var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// SetOrganisation changes how the house shows itself.
func (s *Service) SetOrganisation(ctx context.Context, by alveary.Subject, o alveary.Organisation) (alveary.Organisation, error) {
	const op = "change how the house shows itself"
	o.Name, o.Accent = strings.TrimSpace(o.Name), strings.ToLower(strings.TrimSpace(o.Accent))
	if err := alveary.CheckLine("the name", o.Name, mostName); err != nil {
		return o, err
	}
	if o.Accent != "" && !colour.MatchString(o.Accent) {
		return o, invalid(op, "the colour is written as #rrggbb, such as #b45309; empty for that of Alveary")
	}
	if !slices.Contains([]string{"", "en", "fr"}, o.Language) {
		return o, invalid(op, "mails are written in English (en) or French (fr)")
	}
	return o, s.change(ctx, by, op, false, func(tx *store.Tx) (string, error) {
		was, err := tx.Organisation()
		if err != nil || was == o {
			return "", err
		}
		return fmt.Sprintf("organisation: %+v → %+v", was, o), tx.SetOrganisation(o)
	})
}

// SignIn are the rules of passwords and sign-in.
func (s *Service) SignIn(ctx context.Context) (alveary.SignInRules, error) {
	p, err := s.Public(ctx)
	return p.SignIn, err
}

// SetSignIn changes the rules of passwords and sign-in, for administrators.
// Passwords that were chosen before stay good.
func (s *Service) SetSignIn(ctx context.Context, by alveary.Subject, rules alveary.SignInRules) (alveary.SignInRules, error) {
	const op = "change the rules of sign-in"
	switch {
	case rules.MinPassword < 8 || rules.MinPassword > 64:
		return rules, invalid(op, "a password needs at least 8 to 64 characters")
	case rules.Strength < 2 || rules.Strength > 4:
		return rules, invalid(op, "the strength of a password is 2, 3 or 4")
	}
	return rules, s.change(ctx, by, op, true, func(tx *store.Tx) (string, error) {
		was, err := tx.SignInRules()
		if err != nil || was == rules {
			return "", err
		}
		return fmt.Sprintf("sign-in: %+v → %+v", was, rules), tx.SetSignInRules(rules)
	})
}

// change makes a change and puts it on record; what fn says of it is empty
// where nothing changed.
func (s *Service) change(ctx context.Context, by alveary.Subject, op string, admins bool, fn func(*store.Tx) (string, error)) error {
	if !by.Known() || admins && by.User.Profile != alveary.ProfileAdmin {
		refusal := &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "not-held", Message: "only administrators may " + op}
		return errors.Join(refusal, s.store.Record(context.WithoutCancel(ctx), line(by, alveary.VerdictDenied, op)))
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		did, err := fn(tx)
		if err != nil || did == "" {
			return err
		}
		return tx.Record(line(by, alveary.VerdictDone, did))
	})
}

func line(by alveary.Subject, verdict alveary.Verdict, detail string) alveary.AuditRecord {
	return alveary.AuditRecord{
		User: by.User.ID, Login: by.User.Login, Action: "change-settings", Verdict: verdict, Detail: detail,
		Address: by.Address, Request: by.Request,
	}
}

func invalid(op, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "invalid", Message: message}
}
