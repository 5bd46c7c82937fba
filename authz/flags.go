package authz

import (
	"context"

	"alveary"
)

// Flags are settings that a subject has of his roles.
type Flags struct {
	SecondFactor   bool // he signs in with a second factor
	Invites        bool // he may make external people
	SecondFactorBy alveary.RoleID
	InvitesBy      alveary.RoleID // the first role, in order, that says so
}

// Holds says what the roles of a subject ask of him and let him do beside what
// their entries give. An error means that the gate cannot be sure to be fresh.
func (g *Gate) Holds(ctx context.Context, src Source, s alveary.Subject) (Flags, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return Flags{}, err
	}
	return snap.who(&s).flags, nil
}

// flagsOf gathers them from the stack.
func (w *who) flagsOf() (f Flags) {
	for _, r := range w.stack {
		role, _ := w.snap.people.Role(r.Role)
		if role.SecondFactor && !f.SecondFactor {
			f.SecondFactor, f.SecondFactorBy = true, role.ID
		}
		if role.Invites && !f.Invites {
			f.Invites, f.InvitesBy = true, role.ID
		}
	}
	return f
}
