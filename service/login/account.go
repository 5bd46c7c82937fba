package login

import (
	"context"
	"errors"

	"alveary"
	"alveary/store"

	"golang.org/x/text/unicode/norm"
)

// ChangePassword replaces the asker's password after comparing the current
// one, and ends all his other sessions and all his tokens with it. KindDenied
// where the current password is wrong, which counts as a failed attempt.
func (s *Service) ChangePassword(ctx context.Context, by alveary.Subject, current, next string) error {
	user, hash, err := s.account(ctx, by.User.Login)
	if err != nil {
		return err
	}
	err = s.compare(ctx, by.User.Login, current, hash, by.Address)
	if errors.Is(err, errWrong) {
		return s.denied(ctx, by, "change-password", &alveary.Error{
			Kind: alveary.KindDenied, Op: "change the password", Code: "wrong-credentials",
			Message: "the current password is wrong",
		})
	}
	if err != nil {
		return err
	}
	if err := CheckPassword(user.Login, next); err != nil {
		return err
	}
	if norm.NFC.String(next) == norm.NFC.String(current) {
		return invalid("change the password", "the new password is the current one")
	}
	replacement, err := s.hasher.hash(ctx, next)
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		_, now, err := enabled(tx.UserByLogin(user.Login))
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
		return replace(tx, by, replacement)
	})
}

// replace keeps the new hash and ends what was opened with the old password.
func replace(tx *store.Tx, by alveary.Subject, hash string) error {
	if err := tx.SetPasswordHash(by.User.ID, hash); err != nil {
		return err
	}
	if _, err := tx.DeleteOtherSessions(by.User.ID, by.Session); err != nil {
		return err
	}
	if _, err := tx.DeleteTokens(by.User.ID); err != nil {
		return err
	}
	return tx.Record(record(by, "change-password", alveary.VerdictDone, "other sessions and all tokens were ended"))
}

// denied writes a refusal down and returns it.
func (s *Service) denied(ctx context.Context, by alveary.Subject, action string, refusal *alveary.Error) error {
	if err := s.store.Record(ctx, record(by, action, alveary.VerdictDenied, refusal.Message)); err != nil {
		return err
	}
	return refusal
}
