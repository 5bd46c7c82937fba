package store

import (
	"context"

	"alveary"
)

// Login is the login of a user; empty for an account that is gone.
func (tx *Tx) Login(_ context.Context, id alveary.UserID) (string, error) {
	if id == 0 {
		return "", nil
	}
	login, _, err := tx.Named(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return "", nil
	}
	return login, err
}

// Login is the login of a user; empty for an account that is gone.
func (s *Store) Login(ctx context.Context, id alveary.UserID) (login string, err error) {
	err = s.Read(ctx, func(tx *Tx) error {
		login, err = tx.Login(ctx, id)
		return err
	})
	return login, err
}
