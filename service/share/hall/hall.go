// Package hall is where a request to share stands: a transaction, the gate bound
// to who asks, what he has to do with a Cell, what its members are called, and
// what the house rules let him do.
//
// It exists so that changing what is shared, looking at it and ruling over it
// are rooms of their own and yet find the same people, refuse in the same words
// and put on record in the same way.
//
// Promises: what whoever asks may not know is refused as if it were not there.
// A refusal is in the audit log although its transaction is gone. A Room lives
// within the function that received it; a Hall is safe for concurrent use.
//
// Read this file first, then room.go, member.go and people.go.
package hall

import (
	"context"
	"errors"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Hall binds the store, the gate and the clock.
type Hall struct {
	Store *store.Store
	Gate  *authz.Gate
	Now   func() time.Time
	desk  *desk.Desk
}

// New makes a hall.
func New(s *store.Store, g *authz.Gate, now func() time.Time) *Hall {
	return &Hall{s, g, now, desk.New(s, g)}
}

// Room is one request.
type Room struct {
	*desk.View
	*Hall
	Ctx    context.Context //nolint:containedctx // a room lives within one call
	Op     string
	By     alveary.Subject
	Labels map[alveary.RoleID]Label // those that Know looked up

	groups []alveary.Group // all, once they were needed
}

// Read runs fn on one consistent state.
func (h *Hall) Read(ctx context.Context, by alveary.Subject, op string, fn func(*Room) error) error {
	return h.within(ctx, by, op, h.desk.Read, fn)
}

// Change runs fn as the only writer.
func (h *Hall) Change(ctx context.Context, by alveary.Subject, op string, fn func(*Room) error) error {
	return h.within(ctx, by, op, h.desk.Write, fn)
}

// errDraft takes back what was only tried.
var errDraft = errors.New("only tried")

// Try runs fn as if it changed something, and takes that back.
func (h *Hall) Try(ctx context.Context, by alveary.Subject, op string, fn func(*Room) error) error {
	err := h.Change(ctx, by, op, func(r *Room) error {
		if err := fn(r); err != nil {
			return err
		}
		return errDraft
	})
	if errors.Is(err, errDraft) {
		return nil
	}
	return err
}

// In is a request within a transaction that is under way.
func (h *Hall) In(ctx context.Context, tx *store.Tx, by alveary.Subject, op string) (*Room, error) {
	access, err := h.Gate.Bind(ctx, tx, by)
	return h.room(ctx, &desk.View{Tx: tx, Access: access}, op, by), err
}

type run func(context.Context, alveary.Subject, func(*desk.View) error) error

func (h *Hall) within(ctx context.Context, by alveary.Subject, op string, run run, fn func(*Room) error) error {
	if !by.Known() || by.Link != 0 {
		return &alveary.Error{Kind: alveary.KindUnauthenticated, Op: op, Code: "sign-in", Message: "sign in first"}
	}
	err := run(ctx, by, func(v *desk.View) error { return fn(h.room(ctx, v, op, by)) })
	return h.refuse(ctx, by, err)
}

func (h *Hall) room(ctx context.Context, v *desk.View, op string, by alveary.Subject) *Room {
	return &Room{View: v, Hall: h, Ctx: ctx, Op: op, By: by}
}

// refuse writes the refusals of this house down and returns them.
func (h *Hall) refuse(ctx context.Context, by alveary.Subject, err error) error {
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != alveary.KindDenied || e.Code == "denied" { // the desk has written those
		return err
	}
	return errors.Join(err, h.Store.Record(context.WithoutCancel(ctx), desk.Line(by, "share", alveary.VerdictDenied, nil, e.Error())))
}
