// Package console is what administrators do about sharing: house rules, and
// asking owners to look at what they share.
//
// It exists so that ruling over what is shared stands apart from sharing: it
// gives nothing to anybody, and what it takes away the gate finds out by itself
// with the next request.
//
// Promises: only administrators get in, but to answer a review. Every change is
// on record. A Service is safe for concurrent use.
//
// Read this file first, then rule.go and review.go.
package console

import (
	"context"

	"alveary"
	"alveary/service/share/hall"
	"alveary/service/share/look"
)

// Service is the console of sharing.
type Service struct{ *hall.Hall }

// room is one request.
type room struct{ look.Room }

// mostShares is of how many shares a review may be.
const mostShares = 500

func in(r *hall.Room) *room { return &room{look.Room{Room: r}} }

func (s *Service) read(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	return s.Read(ctx, by, op, func(r *hall.Room) error { return fn(in(r)) })
}

func (s *Service) change(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	return s.Change(ctx, by, op, func(r *hall.Room) error { return fn(in(r)) })
}

func (s *Service) try(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	return s.Try(ctx, by, op, func(r *hall.Room) error { return fn(in(r)) })
}

// record writes what was done into the audit log of the same transaction.
func (r *room) record(action string, line alveary.Lineage, detail string) error {
	return r.Record(action, line, detail)
}
