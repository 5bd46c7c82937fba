package login

import (
	"context"
	"errors"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// errWrong ends the transaction of a sign-in whose account changed under it.
var errWrong = errors.New("wrong credentials")

// SignIn begins a session. The secret is for the browser's cookie and cannot
// be had again. KindUnauthenticated where login or password is wrong or the
// account is disabled, KindLimited after too many failures.
func (s *Service) SignIn(ctx context.Context, login, password string, c Client) (secret string, session alveary.Session, err error) {
	user, hash, err := s.account(ctx, login)
	if err != nil {
		return "", session, err
	}
	until, refused, err := s.admitted(ctx, user, login, c)
	if err != nil {
		return "", session, err
	}
	err = s.compare(ctx, login, password, hash, c.Address)
	if refused != nil && (err == nil || errors.Is(err, errWrong)) {
		return "", session, s.notAdmitted(ctx, user, c, refused)
	}
	if err == nil {
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			_, now, err := enabled(tx.UserByLogin(login))
			if err != nil {
				return err
			}
			if now != hash { // the password was changed meanwhile
				return errWrong
			}
			secret, session, err = s.begin(tx, user, c, until)
			if err != nil {
				return err
			}
			return tx.Record(record(signedIn(user, session.ID, c), "sign-in", alveary.VerdictDone, "with a password"))
		})
	}
	switch {
	case err == nil:
		s.slow.succeeded(login, c.Address)
		return secret, session, nil
	case errors.Is(err, errWrong):
		return "", alveary.Session{}, s.refuse(ctx, user, c)
	}
	return "", alveary.Session{}, err
}

// admitted asks the oidc policies whether whoever has this login may sign in.
// Their answer is the same whether or not the password is right, and is told
// only after the password was looked at; an unknown login is asked about as a
// user without roles, so that a refusal tells little of who exists.
func (s *Service) admitted(ctx context.Context, user alveary.User, login string, c Client) (until time.Time, refused, err error) {
	subject := alveary.Subject{User: alveary.User{ID: -1, Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}}
	if user.ID != 0 {
		err = s.store.Read(ctx, func(tx *store.Tx) error {
			subject, err = tx.Subject(user.ID)
			return err
		})
		if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
			return until, nil, err
		}
		subject.User.Disabled = false
	}
	subject.Address, subject.Request, subject.Context = c.Address, c.Request, c.context(methodPassword)
	until, err = s.gate.SignIn(ctx, s.store, subject, authz.ActionLogin)
	if alveary.IsKind(err, alveary.KindDenied) {
		return until, err, nil
	}
	return until, nil, err
}

// notAdmitted writes a sign-in down that a policy refused.
func (s *Service) notAdmitted(ctx context.Context, user alveary.User, c Client, refused error) error {
	err := s.store.Record(ctx, record(signedIn(user, "", c), "sign-in", alveary.VerdictDenied, "a policy does not allow it"))
	return errors.Join(err, refused)
}

// account finds who a login means, with the hash to compare with. Of one that
// is unknown or disabled there is no hash.
func (s *Service) account(ctx context.Context, login string) (user alveary.User, hash string, err error) {
	login, err = CheckLogin(login)
	if err != nil {
		return alveary.User{}, "", nil // a login that nobody can have is unknown, like any other
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		user, hash, err = enabled(tx.UserByLogin(login))
		if errors.Is(err, errWrong) {
			return nil
		}
		return err
	})
	return user, hash, err
}

// enabled makes errWrong of an account that is unknown or disabled, without
// its hash. A disabled one is still named, for the audit log.
func enabled(user alveary.User, hash string, err error) (alveary.User, string, error) {
	switch {
	case alveary.IsKind(err, alveary.KindNotFound):
		return alveary.User{}, "", errWrong
	case err != nil:
		return alveary.User{}, "", err
	case user.Disabled:
		return user, "", errWrong
	}
	return user, hash, nil
}

// compare gives errWrong where the password is wrong. It does the same work
// whether or not there is such an account, and refuses before any work where
// there were too many failures. Within the turn it asks again, so that many
// that come at once are not all tried.
func (s *Service) compare(ctx context.Context, login, password, hash, address string) error {
	if err := s.slow.check(login, address); err != nil {
		return err
	}
	done, err := s.hasher.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.slow.check(login, address); err != nil {
		return err
	}
	same, err := s.hasher.matches(password, hash)
	if err != nil {
		return err
	}
	if !same {
		s.slow.failed(login, address)
		return errWrong
	}
	return nil
}

// refuse writes the failed sign-in down and words the refusal.
func (s *Service) refuse(ctx context.Context, user alveary.User, c Client) error {
	detail := "the password is wrong"
	switch {
	case user.ID == 0:
		detail = "there is no such user"
	case user.Disabled:
		detail = "the account is disabled"
	}
	if err := s.store.Record(ctx, record(signedIn(user, "", c), "sign-in", alveary.VerdictFailed, detail)); err != nil {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: "sign in", Code: "wrong-credentials",
		Message: "login or password is wrong",
	}
}

// signedIn is the subject as the audit log needs it.
func signedIn(user alveary.User, session alveary.SessionID, c Client) alveary.Subject {
	return alveary.Subject{User: user, Session: session, Address: c.Address, Request: c.Request}
}
