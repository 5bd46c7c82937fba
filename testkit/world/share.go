package world

import (
	"context"
	"crypto/rand"
	"log/slog"

	"alveary"
	"alveary/service/login/limit"
	"alveary/service/login/strength"
	"alveary/service/notice"
	"alveary/service/people"
	"alveary/service/share"
	"alveary/service/share/ask"
	"alveary/service/share/visit"
	"alveary/store"
)

// shareThings builds what Cells, links and requests need.
func (w *World) shareThings() {
	w.Share = share.New(share.Config{
		Store: w.Store, Gate: w.Gate, Now: w.Now, Random: rand.Reader, Hash: w.Login.Hash, Strength: strength.Check,
		External: func(ctx context.Context, tx *store.Tx, by alveary.Subject, email, name string) (alveary.User, string, bool, error) {
			user, sent, err := w.People.ExternalIn(ctx, tx, by, people.External{Email: email, Name: name})
			return user, sent.Link, sent.Mailed, err
		},
	})
	w.Requests = ask.New(ask.Config{Store: w.Store, Gate: w.Gate, Now: w.Now, Grant: w.Share.Grant})
	w.Notices = notice.New(notice.Config{Store: w.Store, Gate: w.Gate, Now: w.Now, Box: w.Box, PublicURL: w.public, Log: slog.New(slog.DiscardHandler)})
	var err error
	if w.Visits, err = visit.New(visit.Config{
		Store: w.Store, Gate: w.Gate, Now: w.Now, Box: w.Box, Guard: guard{w.Limits}, Matches: w.Login.Matches, Proved: w.Login.Proved, Random: rand.Reader, Count: w.Uses,
	}); err != nil {
		w.t.Fatal(err)
	}
}

// guard counts failures as the house does.
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
