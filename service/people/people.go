// Package people is the work of the console on people: roles, groups, and what
// an administrator may change of an account.
//
// It exists so that every change of who someone is goes one way: asked of the
// profile admin alone, whatever a rest policy lets through (MODEL.md 7.7);
// applied within one transaction, which is taken back where no administrator
// could sign in afterwards (MODEL.md 7.6); and on record in the audit log of
// the same transaction. Accounts are made, and passwords kept, by package
// login.
//
// What it hands out are documents: plain data with the names they have in
// JSON. Their lists are never nil. A Service is safe for concurrent use.
//
// Read this file first, then role.go, group.go and user.go.
package people

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// Service knows the people of one installation.
type Service struct {
	store *store.Store
	gate  *authz.Gate
}

// New makes the service.
func New(s *store.Store, g *authz.Gate) *Service { return &Service{s, g} }

// room is one request: a transaction and who asks.
type room struct {
	*store.Tx
	service *Service
	ctx     context.Context //nolint:containedctx // a room lives within one call
	who     alveary.Subject
}

// read runs fn on one consistent state, for administrators.
func (s *Service) read(ctx context.Context, who alveary.Subject, op string, fn func(*room) error) error {
	return s.within(ctx, who, op, s.store.Read, fn)
}

// change runs fn as the only writer, for administrators, and takes it back
// where it would lock them out. Any change of people may do so, since policies
// can name each role, group and attribute.
func (s *Service) change(ctx context.Context, who alveary.Subject, op string, fn func(*room) error) error {
	return s.within(ctx, who, op, s.store.Write, func(r *room) error {
		if err := fn(r); err != nil {
			return err
		}
		return r.keepReachable()
	})
}

func (s *Service) within(ctx context.Context, who alveary.Subject, op string, run func(context.Context, func(*store.Tx) error) error, fn func(*room) error) error {
	if !who.Known() || who.User.Profile != alveary.ProfileAdmin {
		refusal := &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "not-held", Message: "only administrators may " + op}
		return errors.Join(refusal, s.store.Record(context.WithoutCancel(ctx), line(who, "console", alveary.VerdictDenied, refusal.Error())))
	}
	return run(ctx, func(tx *store.Tx) error { return fn(&room{Tx: tx, service: s, ctx: ctx, who: who}) })
}

// keepReachable refuses a change after which no administrator could sign in
// from the address it is made from and change policies (MODEL.md 7.6).
func (r *room) keepReachable() error {
	users, err := r.Users()
	if err != nil {
		return err
	}
	var ids []alveary.UserID
	for _, u := range users {
		if u.Profile == alveary.ProfileAdmin && !u.Disabled {
			ids = append(ids, u.ID)
		}
	}
	subjects, err := r.Subjects(ids)
	if err != nil {
		return err
	}
	administrators := make([]alveary.Subject, 0, len(subjects))
	for _, id := range ids {
		administrators = append(administrators, subjects[id])
	}
	from := alveary.Context{}
	if r.who.Context != nil {
		from = *r.who.Context
	}
	if from.Address == "" {
		from.Address = r.who.Address
	}
	ok, err := r.service.gate.Reachable(r.ctx, r.Tx, administrators, from)
	if err != nil || ok {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "change people", Code: "lock-out",
		Message: "after this change no administrator could sign in from where you are and change policies, so it is refused; " +
			"whoever is at the machine itself can always come back in with alveary unlock",
	}
}

// record writes what was done into the audit log of the same transaction.
func (r *room) record(action, detail string) error {
	return r.Record(line(r.who, action, alveary.VerdictDone, detail))
}

func line(who alveary.Subject, action string, verdict alveary.Verdict, detail string) alveary.AuditRecord {
	return alveary.AuditRecord{
		User: who.User.ID, Login: who.User.Login, Action: action, Verdict: verdict, Detail: detail,
		Address: who.Address, Request: who.Request,
	}
}

func invalid(op, subject, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: subject, Code: "invalid", Message: message}
}

// mostLabel is how many characters the label of a role may have.
const mostLabel = 200

func checkLabel(op, label string) error {
	if strings.TrimSpace(label) == "" {
		return invalid(op, "", "a label is what people read: give one")
	}
	return alveary.CheckLine("the label", label, mostLabel)
}

// changed words what a change did, for the audit log.
type changed []string

func note[T comparable](c *changed, what string, was, is T) {
	if was != is {
		*c = append(*c, fmt.Sprintf("%s %v → %v", what, was, is))
	}
}

func (c changed) String() string { return strings.Join(c, "; ") }
