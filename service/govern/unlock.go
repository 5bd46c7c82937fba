package govern

import (
	"context"
	"fmt"
	"slices"

	"alveary"
	"alveary/store"
)

// Unlocked is what unlocking did to one policy.
type Unlocked struct {
	Policy alveary.PolicyID `json:"policy"`
	Label  string           `json:"label"`
	Did    string           `json:"did"` // in words
}

// Unlock lets administrators in again, for someone at the machine itself: rest
// and oidc policies that people made are switched off, and those that were
// shipped are as they were shipped. Nothing else is touched, and what was there
// stays in the history of each policy.
func (s *Service) Unlock(ctx context.Context) (did []Unlocked, err error) {
	const note = "unlocked on the machine itself"
	did = []Unlocked{}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		shipped, err := store.ShippedPolicies()
		if err != nil {
			return err
		}
		heads, err := tx.PolicyHeads()
		if err != nil {
			return err
		}
		for _, p := range shipped {
			at := slices.IndexFunc(heads, func(v alveary.PolicyVersion) bool { return v.Policy.ID == p.ID })
			if at >= 0 && heads[at].Policy.Equal(p) {
				continue
			}
			if _, err := tx.PutPolicy(p, "", note); err != nil {
				return err
			}
			did = append(did, Unlocked{p.ID, p.Label, "is as it was shipped again"})
		}
		for _, v := range heads {
			p := v.Policy
			if !guarded(p) || modeOf(&p) != alveary.ModeEnforced || slices.ContainsFunc(shipped, func(o alveary.Policy) bool { return o.ID == p.ID }) {
				continue
			}
			p.Mode = alveary.ModeOff
			if _, err := tx.PutPolicy(p, "", note); err != nil {
				return err
			}
			did = append(did, Unlocked{p.ID, p.Label, "is switched off"})
		}
		r := &room{Tx: tx, service: s, ctx: ctx}
		return r.record("unlock", fmt.Sprintf("on the machine itself: %d policies changed", len(did)))
	})
	return did, err
}
