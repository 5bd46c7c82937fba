package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/service/login/limit"
	"alveary/service/login/strength"
	"alveary/store"
)

// The kinds of letters: links by which someone chooses his password.
const (
	LetterInvitation = "invitation"
	LetterReset      = "reset"
)

// How long a letter is good, and how often one may be asked for.
const (
	invitationLife = 7 * 24 * time.Hour
	resetLife      = time.Hour
	resetEvery     = 5 * time.Minute // for one login; more are taken for the same
	resetWindow    = time.Hour
	resetsInWindow = 10 // from one address
)

// letterPath is the page that a link leads to; what follows # is not sent.
const letterPath = "/welcome#"

// Letter is what a link is for.
type Letter struct {
	Kind  string
	Login string
	Name  string
}

// Link is a letter on its way. Without mail whoever made it hands it over.
type Link struct {
	URL    string // empty where it was mailed; without host where that is not known
	Mailed bool
	Until  time.Time
}

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
		sent, err := mailIsSent(tx)
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
		if refused, err = askedTooOften(tx, c.Address); err != nil || refused != nil {
			return err
		}
		return s.reset(tx, login, c)
	})
	if err != nil {
		return err
	}
	return refused
}

// askedTooOften counts how often an address asked for letters, by places that
// are taken: so that all servers count as one.
func askedTooOften(tx *store.Tx, address string) (refused, err error) {
	window := tx.Now().Truncate(resetWindow)
	for i := range resetsInWindow {
		free, err := tx.Spend(fmt.Sprintf("reset %s %d", credential.Hash(fmt.Sprint(address, " ", window.Unix())), i), window.Add(resetWindow))
		if err != nil || free {
			return nil, err
		}
	}
	return &alveary.Error{
		Kind: alveary.KindLimited, Op: "ask for a new password", Code: "limited", Cause: credential.RetryAfter(window.Add(resetWindow).Sub(tx.Now())),
		Message: "too many links were asked for from your address: try again in an hour",
	}, nil
}

// reset writes the letter, or does as much for nobody.
func (s *Service) reset(tx *store.Tx, login string, c Client) error {
	place := tx.Now().Truncate(resetEvery)
	first, err := tx.Spend("reset "+credential.Hash(fmt.Sprint(store.FoldName(login), " ", place.Unix())), place.Add(resetEvery))
	if err != nil || !first {
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
	told := user
	if user.Disabled || user.Email == "" {
		user = alveary.User{}
	}
	link, err := s.letter(tx, user, LetterReset, 0)
	if err != nil {
		return err
	}
	if err := s.notify(tx, user, notice{kind: noticeReset, link: link.URL, address: c.Address, until: link.Until}); err != nil {
		return err
	}
	verdict, detail := alveary.VerdictDone, "a link was mailed"
	if user.ID == 0 {
		if _, err := tx.DeleteLetters(0); err != nil { // nobody's
			return err
		}
		verdict, detail = alveary.VerdictFailed, "there is nobody to mail a link to"
	}
	return tx.Record(record(signedIn(told, "", c), "ask-reset", verdict, detail))
}

// letter makes a link of the user's.
func (s *Service) letter(tx *store.Tx, user alveary.User, kind string, by alveary.UserID) (link Link, err error) {
	id, secret, err := credential.New(s.random)
	if err != nil {
		return link, err
	}
	life := resetLife
	if kind == LetterInvitation {
		life = invitationLife
	}
	link.Until, link.URL = tx.Now().Add(life), s.public+letterPath+id+"_"+secret
	return link, tx.InsertLetter(alveary.Letter{ID: id, User: user.ID, Secret: credential.Hash(secret), Kind: kind, CreatedBy: by, Expires: link.Until})
}

// opened finds a letter by its token, and whose it is.
func opened(tx *store.Tx, token string) (l alveary.Letter, user alveary.User, err error) {
	gone := &alveary.Error{
		Kind: alveary.KindNotFound, Op: "use the link", Code: "not-found", Message: "this link is not valid, or no longer: ask for a new one",
	}
	id, secret, ok := credential.Cut(token)
	if !ok {
		return l, user, gone
	}
	l, err = tx.Letter(id)
	if err == nil && !credential.Same(secret, l.Secret) {
		return l, user, gone
	}
	if err == nil {
		user, err = tx.User(l.User)
	}
	if alveary.IsKind(err, alveary.KindNotFound) || (err == nil && user.Disabled) {
		return l, user, gone
	}
	return l, user, err
}

// LetterInfo says what a link is for; KindNotFound where it is not valid, or no
// longer.
func (s *Service) LetterInfo(ctx context.Context, token string) (info Letter, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		l, user, err := opened(tx, token)
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
		_, user, err = opened(tx, token)
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
		l, user, err := opened(tx, token)
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

// Invite makes a link by which a user chooses his first password, in place of
// those before, and mails it where it can. For administrators; for others only
// where the account is one that they made and nobody has ever signed in to, or
// where the link goes by mail.
func (s *Service) Invite(ctx context.Context, by alveary.Subject, id alveary.UserID) (Link, error) {
	return s.send(ctx, by, id, LetterInvitation)
}

// SendReset is the same for a new password in place of a lost one.
func (s *Service) SendReset(ctx context.Context, by alveary.Subject, id alveary.UserID) (Link, error) {
	return s.send(ctx, by, id, LetterReset)
}

func (s *Service) send(ctx context.Context, by alveary.Subject, id alveary.UserID, kind string) (link Link, err error) {
	var refused *alveary.Error
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		user, err := tx.User(id)
		if err != nil {
			return err
		}
		mailed, err := s.mails(tx, user)
		if err != nil {
			return err
		}
		if refused = mayInvite(by, user, mailed); refused == nil {
			link, err = s.InviteIn(tx, by, user, kind)
		}
		return err
	})
	if err == nil && refused != nil {
		return Link{}, s.denied(ctx, by, "send-link", refused)
	}
	return link, err
}

// mails says whether a link can be mailed to the user.
func (s *Service) mails(tx *store.Tx, user alveary.User) (bool, error) {
	sent, err := mailIsSent(tx)
	return sent && user.Email != "" && s.public != "", err
}

// mayInvite says why not. Whoever holds a link is that user as soon as he
// wants, so nobody but an administrator gets one of an account that is in use.
func mayInvite(by alveary.Subject, user alveary.User, mailed bool) *alveary.Error {
	const op = "send a link"
	admin := by.Known() && by.User.Profile == alveary.ProfileAdmin
	switch {
	case user.Disabled:
		return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "invalid", Message: "the account is disabled; a link would not work"}
	case admin:
		return nil
	case !by.Known() || user.Profile == alveary.ProfileAdmin:
		return &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "denied", Message: "only administrators may send links to administrators"}
	case mailed, user.CreatedBy == by.User.ID && user.SignedIn.IsZero():
		return nil
	}
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op, Code: "denied",
		Message: "the link could not be mailed, and only administrators may be shown one: ask an administrator",
	}
}

// InviteIn is Invite or SendReset within a transaction of whoever makes the
// account; that the asker may is the caller's to know.
func (s *Service) InviteIn(tx *store.Tx, by alveary.Subject, user alveary.User, kind string) (link Link, err error) {
	if _, err := tx.DeleteLetters(user.ID); err != nil {
		return link, err
	}
	if link, err = s.letter(tx, user, kind, by.User.ID); err != nil {
		return link, err
	}
	if link.Mailed, err = s.mails(tx, user); err != nil {
		return link, err
	}
	if link.Mailed {
		if err := s.notify(tx, user, notice{kind: kind, link: link.URL, what: by.User.DisplayName(), until: link.Until}); err != nil {
			return link, err
		}
		link.URL = ""
	}
	return link, tx.Record(record(by, "send-link", alveary.VerdictDone, fmt.Sprintf("%s for %s, mailed: %t", kind, user.Login, link.Mailed)))
}
