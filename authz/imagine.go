package authz

import (
	"context"
	"time"

	"alveary"
	"alveary/policy"
)

// Deciding makes a gate that decides and gives no grant that opens anything:
// for scenario files, which have no content.
func Deciding(now func() time.Time) *Gate { return &Gate{now: now} }

// Imagined is an asker who is told by the order of his roles and not found
// among the users.
type Imagined struct {
	Name    string
	Roles   []alveary.RoleID // each replaces those before it
	Groups  []string         // paths, from the root group down; their roles are among Roles
	Context *alveary.Context
}

// Imagine is Bind for an imagined asker.
func (g *Gate) Imagine(ctx context.Context, src Source, i Imagined) (*Access, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return nil, err
	}
	w := snap.Imagine(i.Name, i.Roles, i.Groups)
	a := g.bind(snap, loginsOf(ctx, src), &alveary.Subject{Context: i.Context})
	a.begin(w, a.context, a.now)
	return a, nil
}

// Facts are what the policies are told of the asker and his context, for
// whoever asks a policy by itself. They are a copy, but for the context.
func (a *Access) Facts() policy.Facts { return a.facts }
