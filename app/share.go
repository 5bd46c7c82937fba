package app

import (
	"context"
	"crypto/rand"
	"time"

	"alveary"
	"alveary/service/login/limit"
	"alveary/service/login/strength"
	"alveary/service/people"
	"alveary/service/share"
	"alveary/service/share/ask"
	"alveary/service/share/visit"
	"alveary/store"
)

// openSharing builds what Cells, links and requests need, once there are people
// and sign-in to stand on.
func (h *house) openSharing() (err error) {
	h.share = share.New(share.Config{
		Store: h.store, Gate: h.gate, Now: time.Now, Random: rand.Reader, Hash: h.login.Hash, Strength: strength.Check, External: h.external,
	})
	h.requests = ask.New(ask.Config{Store: h.store, Gate: h.gate, Now: time.Now, Grant: h.share.Grant})
	h.visits, err = visit.New(visit.Config{
		Store: h.store, Gate: h.gate, Now: time.Now, Box: h.box, Guard: guard{h.limits}, Matches: h.login.Matches, Proved: h.login.Proved,
		Random: rand.Reader, Count: h.uses,
	})
	return err
}

// external invites someone of another house within a change of sharing.
func (h *house) external(ctx context.Context, tx *store.Tx, by alveary.Subject, email, name string) (alveary.User, string, bool, error) {
	user, sent, err := h.people.ExternalIn(ctx, tx, by, people.External{Email: email, Name: name})
	return user, sent.Link, sent.Mailed, err
}

// guard counts those who guess passwords of links among all who guess.
type guard struct{ limits *limit.Limits }

// Check says whether an attempt may go on.
func (g guard) Check(ctx context.Context, key, address string, proved bool) error {
	return g.limits.Check(ctx, limit.Attempt{Login: key, Address: address, Link: true}, proved)
}

// Failed counts a failure.
func (g guard) Failed(ctx context.Context, key, address string) error {
	_, err := g.limits.Failed(ctx, limit.Attempt{Login: key, Address: address, Link: true})
	return err
}

// Succeeded forgets what failed.
func (g guard) Succeeded(ctx context.Context, key, address string) error {
	return g.limits.Succeeded(ctx, limit.Attempt{Login: key, Address: address, Link: true})
}
