package login

import (
	"context"
	"strconv"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/login/credential"
	"alveary/service/login/keyring"
	"alveary/store"
)

// standing is all that decides how someone may sign in, as it is at one
// moment.
type standing struct {
	keyring.Owner                 // the zero value for nobody's login
	subject       alveary.Subject // as policies read it; of nobody's login a user without roles
	hash          string          // of the password; empty: none fits
	needed        bool            // a role wants a second factor
	answers       [alveary.LevelSecond + 1]verdict
}

// verdict is what the oidc policies say of a sign-in at a level.
type verdict struct {
	until   time.Time // zero: not bound by the clock
	refused error
}

// nobody is who an unknown login is asked about, so that what policies say of
// it tells nothing of who exists.
func nobody(login string) alveary.Subject {
	return alveary.Subject{User: alveary.User{ID: -1, Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}}
}

// standing finds out how whoever has this login stands.
func (s *Service) standing(ctx context.Context, login, method string, c Client) (st standing, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		st, err = s.standingIn(ctx, tx, login, method, c)
		return err
	})
	return st, err
}

func (s *Service) standingIn(ctx context.Context, tx *store.Tx, login, method string, c Client) (st standing, err error) {
	name, err := CheckLogin(login)
	if err != nil {
		name = "" // a login that nobody can have is unknown, like any other
	}
	st.User, st.hash, err = tx.UserByLogin(name)
	switch {
	case alveary.IsKind(err, alveary.KindNotFound):
		st.User, st.hash, st.subject = alveary.User{}, "", nobody(login)
		err = asMuchWork(tx)
	case err == nil:
		if st.User.Disabled {
			st.hash = ""
		}
		if st.subject, err = tx.Subject(st.User.ID); err == nil {
			st.subject.User.Disabled = false // a refusal is not to tell
			st.Factors, err = tx.Factors(st.User.ID)
		}
	}
	if err != nil {
		return standing{}, err
	}
	st.subject.Address, st.subject.Request = c.Address, c.Request
	flags, err := s.gate.Holds(ctx, tx, st.subject)
	if err != nil {
		return standing{}, err
	}
	st.needed = flags.SecondFactor
	for _, level := range []int{alveary.LevelPassword, alveary.LevelSecond} {
		st.subject.Context = c.context(method, level)
		until, err := s.gate.SignIn(ctx, tx, st.subject, authz.ActionLogin)
		if err != nil && !alveary.IsKind(err, alveary.KindDenied) {
			return standing{}, err
		}
		st.answers[level] = verdict{until, err}
	}
	return st, nil
}

// asMuchWork reads as often as is read of a user who exists.
func asMuchWork(tx *store.Tx) error {
	if _, err := tx.Subject(-1); !alveary.IsKind(err, alveary.KindNotFound) {
		return err
	}
	for range 3 { // assigned roles, homes, factors
		if _, err := tx.Factors(-1); err != nil {
			return err
		}
	}
	return nil
}

// level is the one that he has to reach: with a second factor where he has
// one, where a role wants one, or where the policies let him in with one alone.
func (st *standing) level() int {
	if st.Second() || st.needed || (st.answers[alveary.LevelPassword].refused != nil && st.answers[alveary.LevelSecond].refused == nil) {
		return alveary.LevelSecond
	}
	return alveary.LevelPassword
}

// refusal is that of the policies, which nothing that he could still show
// would change. It does not depend on the password.
func (st *standing) refusal() error { return st.answers[st.level()].refused }

// stamp changes with the password and with the factors: what was begun before
// does not go on after.
func (st *standing) stamp() string {
	parts := []string{strconv.FormatInt(int64(st.User.ID), 10), st.hash}
	for _, f := range st.Factors {
		if !keyring.IsRecovery(f) {
			parts = append(parts, string(f.ID))
		}
	}
	return credential.Hash(strings.Join(parts, "\n"))
}

// enabled makes errWrong of an account that is unknown or disabled, without
// its hash.
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

// errWrong is the one answer to whatever does not fit, or does not any more.
var errWrong = keyring.ErrMisfit
