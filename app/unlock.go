package app

import (
	"context"

	"alveary/config"
	"alveary/service/govern"
)

// Unlocking is asked for on the machine itself.
type Unlocking struct{}

// Unlocked is what came of it.
type Unlocked struct {
	Policies []govern.Unlocked `json:"policies"` // that were changed
}

// Unlock lets administrators in again where policies keep them out: through
// the socket of the server that runs on the data folder, or in its database
// when none runs.
func Unlock(ctx context.Context, place config.Place) (Unlocked, error) {
	return atMachine(ctx, place, "/unlock", Unlocking{}, (*house).unlock)
}

func (h *house) unlock(ctx context.Context, _ Unlocking) (out Unlocked, err error) {
	out.Policies, err = h.govern.Unlock(ctx)
	return out, err
}
