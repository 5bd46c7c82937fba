package login

import (
	"context"
	"fmt"
	"slices"

	"alveary"
	"alveary/service/login/credential"
	"alveary/service/login/keyring"
	"alveary/store"
)

// SessionsOf lists a user's sessions that are still good, for administrators.
func (s *Service) SessionsOf(ctx context.Context, by alveary.Subject, user alveary.UserID) (sessions []alveary.Session, err error) {
	err = s.seeOther(ctx, by, user, "list-sessions", func(tx *store.Tx, _ alveary.Subject) error {
		sessions, err = s.good(tx, user)
		return err
	})
	return sessions, err
}

// TokensOf lists a user's tokens, for administrators.
func (s *Service) TokensOf(ctx context.Context, by alveary.Subject, user alveary.UserID) (tokens []alveary.Token, err error) {
	err = s.seeOther(ctx, by, user, "list-tokens", func(tx *store.Tx, _ alveary.Subject) error {
		tokens, err = tx.Tokens(user)
		return err
	})
	return tokens, err
}

// FactorsOf are a user's second factors, for administrators.
func (s *Service) FactorsOf(ctx context.Context, by alveary.Subject, user alveary.UserID) (f Factors, err error) {
	err = s.seeOther(ctx, by, user, "list-factors", func(tx *store.Tx, of alveary.Subject) error {
		f, err = s.factorsIn(ctx, tx, of)
		return err
	})
	return f, err
}

// seeOther reads of another user's account, for administrators.
func (s *Service) seeOther(ctx context.Context, by alveary.Subject, user alveary.UserID, action string, fn func(*store.Tx, alveary.Subject) error) error {
	if err := s.administrators(ctx, by, action, "look into the accounts of others"); err != nil {
		return err
	}
	return s.store.Read(ctx, func(tx *store.Tx) error {
		of, err := tx.Subject(user)
		if err != nil {
			return err
		}
		return fn(tx, of)
	})
}

// changeOther changes another user's account, for administrators. It is
// written down with what fn says of it.
func (s *Service) changeOther(ctx context.Context, by alveary.Subject, user alveary.UserID, action string, fn func(*store.Tx, alveary.User) (string, error)) error {
	if err := s.administrators(ctx, by, action, "change the accounts of others"); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		of, err := tx.User(user)
		if err != nil {
			return err
		}
		detail, err := fn(tx, of)
		if err != nil {
			return err
		}
		return tx.Record(record(by, action, alveary.VerdictDone, "of "+of.Login+": "+detail))
	})
}

// EndSessionOf ends one of a user's sessions, for administrators.
func (s *Service) EndSessionOf(ctx context.Context, by alveary.Subject, user alveary.UserID, id alveary.SessionID) error {
	return s.changeOther(ctx, by, user, "revoke-session", func(tx *store.Tx, _ alveary.User) (string, error) {
		if !credential.IsID(string(id)) {
			return "", alveary.Withheld("end the session")
		}
		return "session " + string(id), tx.DeleteSession(user, id)
	})
}

// EndSessionsOf ends all that a user is signed in by, his tokens too, but for
// the session that asks; for administrators.
func (s *Service) EndSessionsOf(ctx context.Context, by alveary.Subject, user alveary.UserID) error {
	return s.changeOther(ctx, by, user, "revoke-session", func(tx *store.Tx, _ alveary.User) (string, error) {
		n, err := tx.EndSignIns(user, by.Session)
		return fmt.Sprintf("all sessions and tokens (%d)", n), err
	})
}

// RevokeTokenOf ends one of a user's tokens, for administrators.
func (s *Service) RevokeTokenOf(ctx context.Context, by alveary.Subject, user alveary.UserID, id alveary.TokenID) error {
	return s.changeOther(ctx, by, user, "revoke-token", func(tx *store.Tx, _ alveary.User) (string, error) {
		if !credential.IsID(string(id)) {
			return "", alveary.Withheld("revoke the token")
		}
		return "token " + string(id), tx.DeleteToken(user, id)
	})
}

// ResetFactors takes all second factors of a user away, for administrators; he
// sets new ones up when he next signs in. Never those of an administrator, or
// one of them could become another: KindDenied.
func (s *Service) ResetFactors(ctx context.Context, by alveary.Subject, user alveary.UserID) error {
	const action, words = "reset-factors", "take second factors of others away"
	if err := s.administrators(ctx, by, action, words); err != nil {
		return err
	}
	if err := s.fresh(by, words); err != nil {
		return err
	}
	admin := false
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		of, err := tx.User(user)
		if err != nil {
			return err
		}
		if admin = of.Profile == alveary.ProfileAdmin; admin {
			return nil
		}
		return s.resetFactors(tx, by, of, "")
	})
	if err == nil && admin {
		return s.denied(ctx, by, action, &alveary.Error{
			Kind: alveary.KindDenied, Op: words, Code: "administrator",
			Message: "the second factors of an administrator are taken away on the machine itself: alveary user reset-factors",
		})
	}
	return err
}

// ResetFactorsHere is ResetFactors of anyone, for someone at the machine
// itself.
func (s *Service) ResetFactorsHere(ctx context.Context, login string) error {
	login, err := CheckLogin(login)
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		of, _, err := tx.UserByLogin(login)
		if err != nil {
			return err
		}
		return s.resetFactors(tx, alveary.Subject{}, of, ", on the machine itself")
	})
}

func (s *Service) resetFactors(tx *store.Tx, by alveary.Subject, of alveary.User, where string) error {
	factors, err := tx.Factors(of.ID)
	if err != nil {
		return err
	}
	if _, err := tx.DeleteFactors(of.ID, ""); err != nil {
		return err
	}
	kinds := slices.DeleteFunc(factors, keyring.IsRecovery)
	return s.factorsChanged(tx, by, of, "reset-factors", fmt.Sprintf("of %s: %d%s", of.Login, len(kinds), where), "")
}
