// Package people is the work of the console on people: accounts, roles, groups,
// teams, and who is whose heir.
//
// It exists so that every change of who someone is goes one way: within the
// limits of whoever makes it, whatever a rest policy lets through (MODEL.md
// 7.7, held.go); applied within one transaction, which is taken back where no
// administrator could sign in afterwards (MODEL.md 7.6); and on record in the
// audit log of the same transaction. Whose roles, group or profile change is
// signed out with the same commit. What people sign in with is kept by package
// login.
//
// What it hands out are documents: plain data with the names they have in
// JSON. Their lists are never nil. A Service is safe for concurrent use.
//
// Read this file first, then held.go, user.go, role.go, group.go and team.go.
package people

import (
	"context"
	"fmt"
	"strings"

	"alveary"
	"alveary/authz"
	"alveary/service/people/fit"
	"alveary/store"
)

// Letter makes a link by which a user chooses his password, within the
// transaction, and mails it where it can; the link is for whoever may see it.
type Letter func(tx *store.Tx, by alveary.Subject, user alveary.User) (link string, mailed bool, err error)

// Options are what is done elsewhere; a part that is missing is refused.
type Options struct {
	// Hash checks a password against the rules and hashes it.
	Hash func(ctx context.Context, login, name, mail, password string) (string, error)
	// Invite and Reset write letters.
	Invite, Reset Letter
}

// Service knows the people of one installation.
type Service struct {
	store *store.Store
	gate  *authz.Gate
	Options
}

// New makes the service.
func New(s *store.Store, g *authz.Gate, o Options) *Service { return &Service{s, g, o} }

// room is one request: a transaction and who asks.
type room struct {
	*store.Tx
	service *Service
	ctx     context.Context //nolint:containedctx // a room lives within one call
	op      string
	who     alveary.Subject
}

// read runs fn on one consistent state, for whoever the rest policies let in.
func (s *Service) read(ctx context.Context, who alveary.Subject, op string, fn func(*room) error) error {
	return s.within(ctx, who, op, s.store.Read, fn)
}

// change runs fn as the only writer, and takes it back where it would lock the
// administrators out. Any change of people may do so, since policies can name
// each role, group and attribute. Where somebody else asks from a place from
// which no administrator could sign in before, his change locks nobody out.
func (s *Service) change(ctx context.Context, who alveary.Subject, op string, fn func(*room) error) error {
	return s.within(ctx, who, op, s.store.Write, func(r *room) error {
		before := true
		if !r.administers() {
			var err error
			if before, err = r.reachable(); err != nil {
				return err
			}
		}
		if err := fn(r); err != nil || !before {
			return err
		}
		return r.keepReachable()
	})
}

func (s *Service) within(ctx context.Context, who alveary.Subject, op string, run func(context.Context, func(*store.Tx) error) error, fn func(*room) error) error {
	if !who.Known() {
		return s.refuse(ctx, who, notHeld(op, "nobody who is not signed in may "+op))
	}
	err := run(ctx, func(tx *store.Tx) error { return fn(&room{Tx: tx, service: s, ctx: ctx, op: op, who: who}) })
	return s.refuse(ctx, who, err)
}

// keepReachable refuses a change after which no administrator could sign in
// from the address it is made from and change policies (MODEL.md 7.6).
func (r *room) keepReachable() error {
	ok, err := r.reachable()
	if err != nil || ok {
		return err
	}
	return conflict("change people", "", "lock-out",
		"after this change no administrator could sign in from where you are and change policies, so it is refused; "+
			"whoever is at the machine itself can always come back in with alveary unlock")
}

func (r *room) reachable() (bool, error) {
	ids, err := r.Administrators()
	if err != nil {
		return false, err
	}
	subjects, err := r.Subjects(ids)
	if err != nil {
		return false, err
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
	return r.service.gate.Reachable(r.ctx, r.Tx, administrators, from)
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

func conflict(op, subject, code, message string) error {
	return &alveary.Error{Kind: alveary.KindConflict, Op: op, Subject: subject, Code: code, Message: message}
}

func invalid(op, subject, message string) error { return fit.Invalid(op, subject, message) }

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
