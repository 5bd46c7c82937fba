package login

import (
	"context"

	"alveary"
)

// HashFor checks a password that somebody gives to a new account against the
// rules of the house, and hashes it, for whoever makes accounts.
func (s *Service) HashFor(ctx context.Context, login, name, mail, password string) (string, error) {
	if err := s.checkPassword(ctx, password, alveary.User{Login: login, Name: name, Email: mail}); err != nil {
		return "", err
	}
	return s.hasher.Hash(ctx, password)
}
