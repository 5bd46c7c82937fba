// Package govern is the work of the console on who may what: policies with
// their versions and scenarios, ACL entries, workspaces; explaining a decision,
// and trying a change before it is made.
//
// It exists so that every such change goes one way, whichever door it comes
// through: read strictly, refuse what is malformed with its place, apply within
// one transaction, look whether an administrator could still sign in (MODEL.md
// 7.6), and write it into the audit log of the same transaction. The rest
// policies at the gateway say who may call; whoever gets through and is no
// administrator gives nothing that he does not hold himself (MODEL.md 7.7).
//
// What it hands out are documents (package document): plain data with the names
// they have in JSON. What comes in is read by package intake. A Service is safe
// for concurrent use; Close ends what still runs in the background.
//
// Read this file first, then policy.go and entry.go for changes, explain.go and
// simulate.go for questions.
package govern

import (
	"context"
	"sync"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/policy"
	"alveary/service/govern/intake"
	"alveary/service/govern/runner"
	"alveary/store"
)

// Config are the parts the service is made of.
type Config struct {
	Store *store.Store
	Gate  *authz.Gate
	Now   func() time.Time
	// Calls are the API calls that rest policies are about, for simulations. It
	// is asked when one begins.
	Calls func() []authz.Call
}

// Service is the console of one installation.
type Service struct {
	store  *store.Store
	gate   *authz.Gate
	now    func() time.Time
	calls  func() []authz.Call
	runner *runner.Runner

	mu     sync.Mutex
	linted map[alveary.PolicyID]lintedVersion // what Lint found, by policy
}

type lintedVersion struct {
	version  int64
	findings []policy.Finding
}

// New makes the service.
func New(c Config) *Service {
	s := &Service{store: c.Store, gate: c.Gate, now: c.Now, calls: c.Calls, runner: runner.New(c.Now), linted: map[alveary.PolicyID]lintedVersion{}}
	if s.calls == nil {
		s.calls = func() []authz.Call { return nil }
	}
	return s
}

// Close ends the simulations that still run, and waits for them.
func (s *Service) Close() { s.runner.Close() }

// room is one request of the console: a transaction and who asks.
type room struct {
	*store.Tx
	service *Service
	ctx     context.Context //nolint:containedctx // a room lives within one call
	who     alveary.Subject
	access  *authz.Access // bound on first use
	guard   bool          // what was changed could keep administrators out
}

// read runs fn on one consistent state, for whoever the rest policies let call:
// so the pages of the console can be shown to an auditor.
func (s *Service) read(ctx context.Context, who alveary.Subject, op string, fn func(*room) error) error {
	if err := s.known(ctx, who, op); err != nil {
		return err
	}
	return s.store.Read(ctx, func(tx *store.Tx) error { return fn(&room{Tx: tx, service: s, ctx: ctx, who: who}) })
}

// change runs fn as the only writer, for administrators.
func (s *Service) change(ctx context.Context, who alveary.Subject, op string, fn func(*room) error) error {
	if err := s.administrators(ctx, who, op); err != nil {
		return err
	}
	return s.write(ctx, who, fn)
}

// keep runs fn as the only writer, for whoever the rest policies let call: for
// changes that give no right to anybody.
func (s *Service) keep(ctx context.Context, who alveary.Subject, op string, fn func(*room) error) error {
	if err := s.known(ctx, who, op); err != nil {
		return err
	}
	return s.write(ctx, who, fn)
}

// write runs fn as the only writer and then, where it says so, the lock-out
// guard.
func (s *Service) write(ctx context.Context, who alveary.Subject, fn func(*room) error) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		r := &room{Tx: tx, service: s, ctx: ctx, who: who}
		if err := fn(r); err != nil {
			return err
		}
		if r.guard {
			return r.keepReachable()
		}
		return nil
	})
}

// record writes what was done into the audit log of the same transaction.
func (r *room) record(action, detail string) error {
	return r.Record(line(r.who, action, alveary.VerdictDone, detail))
}

// line is one line of the audit log.
func line(who alveary.Subject, action string, verdict alveary.Verdict, detail string) alveary.AuditRecord {
	return alveary.AuditRecord{
		User: who.User.ID, Login: who.User.Login, Action: action, Verdict: verdict, Detail: detail,
		Address: who.Address, Request: who.Request,
	}
}

func invalid(op, subject, message string) error { return intake.Invalid(op, subject, message) }
