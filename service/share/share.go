// Package share is what people do with what they have: Cells and public links,
// who is in them, the house rules that bound them, and the lists in which
// nothing of it is hidden (MODEL.md 4).
//
// It exists so that sharing goes one way, whichever door it comes through.
// Nobody gives what he does not hold himself at that moment (7.7); a manager,
// who gives of what is another's, not even what he holds only sometimes, or
// only in parts of a folder (held.go). What a Cell then gives is no longer
// decided here: the gate bounds it by what its owner has at each request.
// Every change is made within one transaction and on record in the audit log
// of the same; tokens and passwords never are.
//
// A Cell keeps its nodes by an entry of its owner's own role, which gives him
// nothing: so it has them before anybody is in it. Those entries are no
// members, and every other one is shown to whoever may see who is in it.
//
// Promises: lists are never nil. A *Service is safe for concurrent use. What is
// answered after a change is read anew, by what whoever asks may see then.
//
// Read this file first, then cell.go, member.go, held.go and link.go; view.go
// is what is answered, list.go the lists, house.go the rules.
package share

import (
	"context"
	"errors"
	"io"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Config are the parts the service is made of.
type Config struct {
	Store  *store.Store
	Gate   *authz.Gate
	Now    func() time.Time
	Random io.Reader
	// Hash hashes the password of a link.
	Hash func(ctx context.Context, password string) (string, error)
	// Strength says why a password cannot be one; about is what it may not be made of.
	Strength func(rules alveary.SignInRules, password string, about ...string) error
	// External makes an account for someone of another house, within the
	// transaction; the link is for whoever may see it, where it was not mailed.
	External func(tx *store.Tx, by alveary.Subject, email, name string) (user alveary.User, link string, mailed bool, err error)
}

// Service knows what is shared in one installation.
type Service struct {
	Config
	desk *desk.Desk
}

// New makes the service.
func New(c Config) *Service { return &Service{Config: c, desk: desk.New(c.Store, c.Gate)} }

// room is one request: a transaction, the gate bound to who asks, and what was
// looked up on the way.
type room struct {
	*desk.View
	service *Service
	ctx     context.Context //nolint:containedctx // a room lives within one call
	op      string
	by      alveary.Subject
	labels  map[alveary.RoleID]label // those looked up so far
	groups  []alveary.Group          // all, once they were needed
}

func (s *Service) read(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	return s.within(ctx, by, op, s.desk.Read, fn)
}

func (s *Service) change(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	return s.within(ctx, by, op, s.desk.Write, fn)
}

type run func(context.Context, alveary.Subject, func(*desk.View) error) error

func (s *Service) within(ctx context.Context, by alveary.Subject, op string, run run, fn func(*room) error) error {
	if !by.Known() || by.Link != 0 {
		return &alveary.Error{Kind: alveary.KindUnauthenticated, Op: op, Code: "sign-in", Message: "sign in first"}
	}
	err := run(ctx, by, func(v *desk.View) error { return fn(s.room(ctx, v, op, by)) })
	return s.refuse(ctx, by, err)
}

func (s *Service) room(ctx context.Context, v *desk.View, op string, by alveary.Subject) *room {
	return &room{View: v, service: s, ctx: ctx, op: op, by: by}
}

// errDraft takes back what was only tried.
var errDraft = errors.New("only tried")

// try runs fn as if it changed something, and takes that back.
func (s *Service) try(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	err := s.change(ctx, by, op, func(r *room) error {
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

// refuse writes the refusals of this room down and returns them.
func (s *Service) refuse(ctx context.Context, by alveary.Subject, err error) error {
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != alveary.KindDenied || e.Code == "denied" { // the desk has written those
		return err
	}
	return errors.Join(err, s.Store.Record(context.WithoutCancel(ctx), desk.Line(by, "share", alveary.VerdictDenied, nil, e.Error())))
}

// record writes what was done into the audit log of the same transaction.
func (r *room) record(action string, line alveary.Lineage, detail string) error {
	return r.Tx.Record(desk.Line(r.by, action, alveary.VerdictDone, line, detail))
}

// administers says whether MODEL.md 7.7 leaves the asker aside.
func (r *room) administers() bool { return r.by.User.Profile == alveary.ProfileAdmin }

// administrators refuses everybody else.
func (r *room) administrators() error {
	if r.administers() {
		return nil
	}
	return r.denied("", "not-held", "only administrators may "+r.op)
}

// fault is a refusal of one part of what was given.
type fault struct {
	err   *alveary.Error
	field string
}

// Error joins the parts for the log.
func (f *fault) Error() string { return f.err.Error() }

// Unwrap gives the kind and the sentence.
func (f *fault) Unwrap() error { return f.err }

// Places hands over the place with what is wrong there.
func (f *fault) Places(yield func(location, message string) bool) { yield(f.field, f.err.Message) }

func (r *room) fault(kind alveary.Kind, field, code, message string, missing ...alveary.Action) error {
	err := &alveary.Error{Kind: kind, Op: r.op, Code: code, Message: message, Missing: alveary.Rights(0).With(missing...)}
	if field == "" {
		return err
	}
	return &fault{err, field}
}

func (r *room) invalid(field, code, message string) error {
	return r.fault(alveary.KindInvalid, field, code, message)
}

func (r *room) conflict(field, code, message string) error {
	return r.fault(alveary.KindConflict, field, code, message)
}

func (r *room) denied(field, code, message string, missing ...alveary.Action) error {
	return r.fault(alveary.KindDenied, field, code, message, missing...)
}

// noCell is the one answer for what is not there and what one may not see.
func (r *room) noCell() error {
	return r.fault(alveary.KindNotFound, "", "not-found", "there is no such share, or you may not see it")
}

// access is the gate bound to somebody else, in the context of who asks.
func (r *room) access(who alveary.Subject) (*authz.Access, error) {
	who.Context, who.Address = r.by.Context, r.by.Address
	return r.service.Gate.Bind(r.ctx, r.Tx, who)
}

// node finds what is to be shared: there, not in the bin, and readable.
func (r *room) node(field string, id alveary.NodeID) (alveary.Lineage, error) {
	line, err := r.Tx.Lineage(id)
	switch {
	case alveary.IsKind(err, alveary.KindNotFound), err == nil && !r.Access.Rights(line).Has(alveary.ActionRead):
		return nil, r.fault(alveary.KindNotFound, field, "gone", "what you share ("+id.String()+") is no longer there, or you may not see it any more")
	case err != nil:
		return nil, err
	case line.InBin():
		return nil, r.fault(alveary.KindNotFound, field, "gone", "“"+line.Node().Name+"” was moved to the bin meanwhile: restore it first")
	}
	return line, nil
}
