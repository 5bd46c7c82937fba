package authz

import (
	"context"

	"alveary"
	"alveary/authz/bound"
)

// Flags are settings that a subject has of his roles.
type Flags = bound.Flags

// Holds says what the roles of a subject ask of him and let him do beside what
// their entries give. An error means that the gate cannot be sure to be fresh.
func (g *Gate) Holds(ctx context.Context, src Source, s alveary.Subject) (Flags, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return Flags{}, err
	}
	return snap.Who(&s).Flags, nil
}
