package govern

import (
	"context"

	"alveary/store"
)

// KeepObservations writes down what observed policies would have changed since
// it was last called. App calls it every few seconds and when the server stops.
func (s *Service) KeepObservations(ctx context.Context) error {
	counts := s.gate.Observed()
	if len(counts) == 0 {
		return nil
	}
	return s.store.Write(ctx, func(tx *store.Tx) error { return tx.AddObservations(counts, tx.Now()) })
}
