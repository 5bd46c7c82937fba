package login

import (
	"context"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/store"
)

// setupSetting keeps the hash of the set-up link's token while there is no
// user.
const setupSetting = "setup-token"

// SetupNeeded says whether there is no user yet.
func (s *Service) SetupNeeded(ctx context.Context) (needed bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		needed, err = empty(tx)
		return err
	})
	return needed, err
}

// EnsureSetup makes the token of the set-up link where there is no user yet,
// in place of the one that an earlier start made: the link that was printed
// last is the one that works.
func (s *Service) EnsureSetup(ctx context.Context) (token string, needed bool, err error) {
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if needed, err = empty(tx); err != nil {
			return err
		}
		if !needed {
			return tx.DeleteSetting(setupSetting)
		}
		if _, token, err = credential.New(s.random); err != nil {
			return err
		}
		return tx.SetSetting(setupSetting, credential.Hash(token))
	})
	return token, needed, err
}

// Setup makes the administrator of a new installation and signs him in. The
// token works once: KindGone when there is a user, KindDenied where it is not
// the token of the latest start.
func (s *Service) Setup(ctx context.Context, token string, n NewUser, c Client) (secret string, session alveary.Session, err error) {
	n.Profile, n.Group = alveary.ProfileAdmin, ""
	// Asked before any work is done for someone without the link, and again
	// in the transaction.
	if err := s.store.Read(ctx, func(tx *store.Tx) error { return maySetUp(tx, token) }); err != nil {
		return "", session, err
	}
	hash, err := s.prepare(ctx, &n)
	if err != nil {
		return "", session, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := maySetUp(tx, token); err != nil {
			return err
		}
		user, err := first(tx, n, hash)
		if err != nil {
			return err
		}
		first := alveary.Session{User: user.ID, Method: methodPassword, Level: alveary.LevelPassword}
		if secret, session, err = s.begin(tx, first, c, time.Time{}); err != nil {
			return err
		}
		return tx.Record(record(signedIn(user, session.ID, c), "set-up", alveary.VerdictDone, "with the set-up link"))
	})
	return secret, session, err
}

// CreateAdmin makes the administrator of a new installation without the link,
// for an unattended first start. Where there is a user already it does nothing
// and says so.
func (s *Service) CreateAdmin(ctx context.Context, login, password string) (created bool, err error) {
	if needed, err := s.SetupNeeded(ctx); err != nil || !needed {
		return false, err
	}
	n := NewUser{Login: login, Password: password, Profile: alveary.ProfileAdmin}
	hash, err := s.prepare(ctx, &n)
	if err != nil {
		return false, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if created, err = empty(tx); err != nil || !created {
			return err
		}
		user, err := first(tx, n, hash)
		if err != nil {
			return err
		}
		return tx.Record(record(signedIn(user, "", Client{}), "set-up", alveary.VerdictDone, "unattended, on the machine itself"))
	})
	return created && err == nil, err
}

// first makes the administrator and ends the link.
func first(tx *store.Tx, n NewUser, hash string) (alveary.User, error) {
	user, err := tx.InsertUser(alveary.User{
		Login: n.Login, Name: n.Name, Email: n.Email, Profile: alveary.ProfileAdmin, Group: alveary.RootGroup,
	}, hash)
	if err != nil {
		return user, err
	}
	return user, tx.DeleteSetting(setupSetting)
}

func empty(tx *store.Tx) (bool, error) {
	n, err := tx.CountUsers()
	return n == 0, err
}

// maySetUp says why the token sets nothing up, or nil.
func maySetUp(tx *store.Tx, token string) error {
	none, err := empty(tx)
	if err != nil {
		return err
	}
	if !none {
		return &alveary.Error{
			Kind: alveary.KindGone, Op: "set up", Code: "setup-done",
			Message: "this server is set up already: sign in",
		}
	}
	hash, err := tx.Setting(setupSetting)
	if err != nil {
		return err
	}
	if !credential.Same(token, hash) {
		return &alveary.Error{
			Kind: alveary.KindDenied, Op: "set up", Code: "wrong-credentials",
			Message: "this set-up link is not valid: use the one that the server printed when it was last started",
		}
	}
	return nil
}
