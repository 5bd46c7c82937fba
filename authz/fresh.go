package authz

import (
	"context"

	"alveary"
	"alveary/authz/bound"
	"alveary/policy"
)

// fresh is the snapshot of the version that holds now.
func (g *Gate) fresh(ctx context.Context, src Source) (*bound.Snapshot, error) {
	version, err := src.AccessVersion(ctx)
	if err != nil {
		return nil, err
	}
	if have := g.snapshot.Load(); have != nil && have.Version == version {
		return have, nil
	}
	data, err := src.Access(ctx)
	if err != nil {
		return nil, err
	}
	snap := g.compile(data)
	if !data.Draft {
		g.keep(snap)
	}
	return snap, nil
}

// mostShared is how many compiled conditions are kept for each that is in use,
// before those that no policy has any more are forgotten.
const mostShared = 4

// compile makes a snapshot with what the last one has compiled already.
func (g *Gate) compile(data alveary.AccessData) *bound.Snapshot {
	g.compiling.Lock()
	defer g.compiling.Unlock()
	last := g.snapshot.Load()
	if g.compiler == nil || g.compiler.Len() > mostShared*(bound.Conditions(data)+1000) {
		g.compiler, last = policy.NewCompiler(), nil
	}
	return bound.New(data, g.compiler, last)
}

// keep makes the snapshot the current one unless a later one is. Drafts are
// not kept: a transaction that is rolled back gives its version to another.
func (g *Gate) keep(snap *bound.Snapshot) {
	for {
		have := g.snapshot.Load()
		if have != nil && have.Version >= snap.Version {
			return
		}
		if g.snapshot.CompareAndSwap(have, snap) {
			return
		}
	}
}

// Malformed are the places in stored policies that should never have been
// stored (MODEL.md 6.8), for the health check.
func (g *Gate) Malformed(ctx context.Context, src Source) ([]policy.Place, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return nil, err
	}
	return snap.Malformed, nil
}

func joinPath(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}
