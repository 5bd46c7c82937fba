package authz

import (
	"context"
	"time"

	"alveary"
	"alveary/policy"
)

// CallUntil is the next instant at which what Call answers to the subject could
// change by the clock alone (MODEL.md 7.4); zero: never. It may be too early,
// never too late.
func (g *Gate) CallUntil(ctx context.Context, src Source, s alveary.Subject) (time.Time, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return time.Time{}, err
	}
	return untilOf(snap.REST, snap.Facts(&s, g.now, string(alveary.PolicyREST))), nil
}

func untilOf(policies *policy.Set, f *policy.Facts) (until time.Time) {
	for _, p := range policies.Policies() {
		until = earlier(until, p.ValidUntil(f))
	}
	return until
}
