package login

import (
	"context"
	"errors"

	"alveary"
	"alveary/service/login/letter"
	"alveary/service/login/limit"
	"alveary/store"

	"golang.org/x/text/unicode/norm"
)

// ChangePassword replaces the asker's password after comparing the current
// one, and ends all his other sessions, all his tokens and all links with it.
// KindDenied where the current password is wrong, which counts as a failed
// attempt.
func (s *Service) ChangePassword(ctx context.Context, by alveary.Subject, current, next string) error {
	attempt := limit.Attempt{Login: by.User.Login, Address: by.Address, User: by.User.ID}
	if err := s.limits.Check(ctx, attempt, true); err != nil {
		return err
	}
	var hash string
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		_, hash, err = enabled(tx.UserByLogin(by.User.Login))
		return err
	})
	if err == nil {
		err = s.compare(ctx, attempt, true, current, hash, false)
	}
	if errors.Is(err, errWrong) {
		return s.denied(ctx, by, "change-password", &alveary.Error{
			Kind: alveary.KindDenied, Op: "change the password", Code: "wrong-credentials",
			Message: "the current password is wrong",
		})
	}
	if err != nil {
		return err
	}
	if norm.NFC.String(next) == norm.NFC.String(current) {
		return invalid("change the password", "the new password is the current one")
	}
	if err := s.checkPassword(ctx, next, by.User); err != nil {
		return err
	}
	replacement, err := s.hasher.Hash(ctx, next)
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		user, now, err := enabled(tx.UserByLogin(by.User.Login))
		if errors.Is(err, errWrong) {
			return signedOut("change the password")
		}
		if err != nil {
			return err
		}
		if now != hash {
			return &alveary.Error{
				Kind: alveary.KindConflict, Op: "change the password", Code: "changed",
				Message: "the password was changed meanwhile; sign in with the new one",
			}
		}
		if err := s.replace(tx, by, user, replacement); err != nil {
			return err
		}
		return tx.Record(record(by, "change-password", alveary.VerdictDone, "other sessions and all tokens were ended"))
	})
}

// replace keeps the new hash, ends what was opened with the old password and
// tells the owner. The session that asks, if any, goes on.
func (s *Service) replace(tx *store.Tx, by alveary.Subject, user alveary.User, hash string) error {
	if err := tx.SetPasswordHash(user.ID, hash); err != nil {
		return err
	}
	if _, err := tx.DeleteLetters(user.ID); err != nil {
		return err
	}
	if _, err := tx.EndSignIns(user.ID, by.Session); err != nil {
		return err
	}
	return s.letters.Tell(tx, user, letter.Notice{Kind: letter.Password, Address: by.Address})
}

// denied writes a refusal down and returns it.
func (s *Service) denied(ctx context.Context, by alveary.Subject, action string, refusal *alveary.Error) error {
	if err := s.store.Record(ctx, record(by, action, alveary.VerdictDenied, refusal.Message)); err != nil {
		return err
	}
	return refusal
}
