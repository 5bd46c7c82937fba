package login

import (
	"context"
	"errors"
	"fmt"

	"alveary"
	"alveary/service/login/letter"
	"alveary/service/login/limit"
	"alveary/service/login/strength"
	"alveary/store"
)

// The kinds of links.
const (
	LetterInvitation = letter.Invitation
	LetterReset      = letter.Reset
)

// Letter is what a link is for.
type Letter struct {
	Kind  string
	Login string
	Name  string
}

// Link is a letter on its way. Without mail whoever made it hands it over.
type Link = letter.Link

// AskReset mails a link to whoever has the login, if he has a mail address.
// The answer, the work and the time are the same whoever is meant: nil, unless
// the limits refuse the address (KindLimited, or KindUnauthenticated with code
// "captcha") or the rules have no resets (KindDenied). A locked account may
// ask: a lock keeps out who does not have the password, and so does the mail.
func (s *Service) AskReset(ctx context.Context, login, proof string, c Client) error {
	if _, err := s.mayTry(ctx, limit.Attempt{Address: c.Address}, proof); err != nil {
		return err
	}
	var refused error
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		rules, err := tx.SignInRules()
		if err != nil {
			return err
		}
		sent, err := letter.Sent(tx)
		if err != nil {
			return err
		}
		if !rules.Reset || !sent || s.public == "" { // a link needs a host, and that of the request may be anyone's word
			refused = &alveary.Error{
				Kind: alveary.KindDenied, Op: "ask for a new password", Code: "reset-off",
				Message: "passwords cannot be reset by mail on this server: ask an administrator",
			}
			return nil
		}
		if refused, err = letter.AskedTooOften(tx, limit.Household(c.Address)); err != nil || refused != nil {
			return err
		}
		return s.reset(tx, login, c)
	})
	if err != nil {
		return err
	}
	return refused
}

// reset writes the letter, or does as much for nobody.
func (s *Service) reset(tx *store.Tx, login string, c Client) error {
	if already, err := letter.AskedAlready(tx, login); err != nil || already {
		return err
	}
	name, err := CheckLogin(login)
	if err != nil {
		name = ""
	}
	user, _, err := enabled(tx.UserByLogin(name))
	if err != nil && !errors.Is(err, errWrong) {
		return err
	}
	line := record(signedIn(user, "", c), "ask-reset", alveary.VerdictDone, "a link was mailed")
	if user.Disabled || user.Email == "" {
		user = alveary.User{}
		line.Verdict, line.Detail = alveary.VerdictFailed, "there is nobody to mail a link to"
	}
	if err := s.letters.SendReset(tx, user, c.Address); err != nil {
		return err
	}
	return tx.Record(line)
}

// LetterInfo says what a link is for; KindNotFound where it is not valid, or no
// longer.
func (s *Service) LetterInfo(ctx context.Context, token string) (info Letter, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		l, user, err := letter.Open(tx, token)
		info = Letter{l.Kind, user.Login, user.DisplayName()}
		return err
	})
	if err != nil {
		return Letter{}, err
	}
	return info, nil
}

// UseLetter chooses the password of the user whose link it is, once. All of
// his signings-in and links end; passkeys and other factors stay as they are.
func (s *Service) UseLetter(ctx context.Context, token, password string, c Client) error {
	var user alveary.User
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		_, user, err = letter.Open(tx, token)
		return err
	})
	if err == nil {
		err = s.checkPassword(ctx, password, user)
	}
	if err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		l, user, err := letter.Open(tx, token)
		if err != nil {
			return err
		}
		by := signedIn(user, "", c)
		if err := s.replace(tx, by, user, hash); err != nil {
			return err
		}
		return tx.Record(record(by, "choose-password", alveary.VerdictDone, "with a link ("+l.Kind+")"))
	})
	if err != nil {
		return err
	}
	return s.limits.Succeeded(ctx, limit.Attempt{Login: user.Login, User: user.ID})
}

// checkPassword asks the rules of the house of a new password.
func (s *Service) checkPassword(ctx context.Context, password string, user alveary.User) error {
	var rules alveary.SignInRules
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		rules, err = tx.SignInRules()
		return err
	})
	if err != nil {
		return err
	}
	return strength.Check(rules, password, user.Login, user.Name, user.Email)
}

// InviteIn makes a link of the kind by which a user chooses his password, in
// place of those before, and mails it where it can. That the asker may, and may
// see the link where it was not mailed, is the caller's to know.
func (s *Service) InviteIn(tx *store.Tx, by alveary.Subject, user alveary.User, kind string) (link Link, err error) {
	if link, err = s.letters.Send(tx, by, user, kind); err != nil {
		return link, err
	}
	return link, tx.Record(record(by, "send-link", alveary.VerdictDone, fmt.Sprintf("%s for %s, mailed: %t", kind, user.Login, link.Mailed)))
}
