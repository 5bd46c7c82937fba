package vigil

import (
	"context"
	"slices"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// look asks the gate where anything changed since the last look.
func (v *Vigil) look(ctx context.Context) {
	var mark store.Counters
	err := v.soon(ctx, func(ctx context.Context) (err error) {
		mark, err = v.store.Counters(ctx) // before the transactions, which may see more
		return err
	})
	if err != nil {
		v.doubt(err, v.all())
		return
	}
	for part := range slices.Chunk(v.due(mark != v.mark), atOnce) {
		if err := v.soon(ctx, func(ctx context.Context) error { return v.ask(ctx, part) }); err != nil {
			v.doubt(err, part)
			return
		}
	}
	v.mark = mark
	if len(v.unwritten) > 0 || len(v.memory.used) > 0 {
		_ = v.soon(ctx, v.write) // what could not be written is tried again
	}
}

// soon asks the database, which may be silent for as long as nothing is in
// doubt, and notes that it answered.
func (v *Vigil) soon(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, unsure)
	defer cancel()
	err := ask(ctx)
	if err == nil {
		v.sure = time.Now()
	}
	return err
}

// due are the streams about which the gate must be asked.
func (v *Vigil) due(changed bool) []*Stream {
	all := v.all()
	if changed {
		return all
	}
	now := v.now()
	due := all[:0]
	for _, s := range all {
		if s.due(now) {
			due = append(due, s)
		}
	}
	return due
}

// answer is what came of asking about a stream.
type answer struct {
	turn    int
	line    alveary.Lineage // what an Ask decided on
	subject alveary.Subject
	until   time.Time
	refusal error
}

// ask asks about streams, all on one state. Where that fails none was asked.
func (v *Vigil) ask(ctx context.Context, due []*Stream) error {
	answers := make([]answer, len(due))
	err := v.store.Read(ctx, func(tx *store.Tx) error {
		err := v.memory.refresh(tx, due)
		r := round{v.gate, v.memory, source{tx, v.memory.counters.Access}}
		for i, s := range due {
			if err == nil {
				answers[i], err = r.judge(ctx, s)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, s := range due {
		v.settle(s, answers[i])
	}
	return nil
}

func (v *Vigil) settle(s *Stream, a answer) {
	if a.refusal == nil {
		s.allow(a)
		return
	}
	if _, turn := s.asking(); turn == a.turn && s.cut(a.refusal) {
		v.unwritten = append(v.unwritten, s.record(a.refusal))
	}
}

// doubt cuts streams where the database has been silent for too long: what
// cannot be known to be allowed is not.
func (v *Vigil) doubt(cause error, streams []*Stream) {
	if time.Since(v.sure) < unsure {
		return
	}
	refusal := &alveary.Error{
		Kind: alveary.KindUnavailable, Op: "go on", Code: "unsure", Cause: cause,
		Message: "the server cannot make sure that this is still allowed: try again",
	}
	for _, s := range streams {
		if s.cut(refusal) {
			v.unwritten = append(v.unwritten, s.record(refusal))
		}
	}
}

// write puts the cuts on record and marks sessions as used.
func (v *Vigil) write(ctx context.Context) error {
	err := v.store.Write(ctx, func(tx *store.Tx) error {
		for _, r := range v.unwritten {
			if err := tx.Record(r); err != nil {
				return err
			}
		}
		for _, id := range v.memory.used {
			if err := tx.SeeSession(id); err != nil {
				return err
			}
		}
		return nil
	})
	if v.memory.used = nil; err == nil {
		v.unwritten = nil
	}
	return err
}

func (s *Stream) record(why error) alveary.AuditRecord {
	q, _ := s.asking()
	return desk.Line(q.Subject, q.Action, alveary.VerdictDenied, q.Line, why.Error())
}

// round is one time of asking about many streams.
type round struct {
	gate   *authz.Gate
	memory *memory
	source source
}

// source is the transaction as the gate asks it: within it the version of the
// access data does not change.
type source struct {
	*store.Tx
	version int64
}

// AccessVersion is the version that the transaction sees.
func (s source) AccessVersion(context.Context) (int64, error) { return s.version, nil }

// judge asks about one stream. An error is one of the database.
func (r *round) judge(ctx context.Context, s *Stream) (a answer, err error) {
	q, turn := s.asking()
	a.turn = turn
	if a.subject, a.until, err = r.memory.renew(q.Subject, r.source.Now()); err == nil {
		err = r.reached(ctx, a.subject)
	}
	if err == nil {
		err = r.decide(ctx, q, &a)
	}
	a.refusal, err = sorted(err)
	return a, err
}

// reached refuses who has come to a role that needs a second factor, and signed
// in without one: the next request would be refused too.
func (r *round) reached(ctx context.Context, s alveary.Subject) error {
	if s.Guest != nil {
		s = *s.Guest
	}
	if r.memory.level(s) >= alveary.LevelSecond {
		return nil
	}
	flags, err := r.gate.Holds(ctx, r.source, s)
	if err != nil || !flags.SecondFactor {
		return err
	}
	return signedOut()
}

func (r *round) decide(ctx context.Context, q Question, a *answer) error {
	if c := a.subject.Context; c != nil && c.Method != "" {
		caller := caller(a.subject)
		if err := r.gate.Call(ctx, r.source, caller, c.Method, c.URI); err != nil {
			return err
		}
		until, err := r.gate.CallUntil(ctx, r.source, caller)
		if err != nil {
			return err
		}
		a.until = earlier(a.until, until)
	}
	if len(q.Line) == 0 && q.Ask == nil {
		return nil
	}
	access, err := r.gate.Bind(ctx, r.source, a.subject)
	if err != nil {
		return err
	}
	var line alveary.Lineage
	if q.Ask != nil {
		line, err = q.Ask(r.source.Tx, access)
		a.line = line
	} else if line, err = r.memory.line(q.Line.Node().ID); err == nil {
		err = desk.Allowed(access, q.Operation, line)
	}
	if err != nil {
		return err
	}
	if len(line) > 0 {
		a.until = earlier(a.until, access.ValidUntil(line))
	}
	return nil
}

// caller is who the rest policies know a subject as: links are opened by calls
// that need no account.
func caller(s alveary.Subject) alveary.Subject {
	if s.Link == 0 {
		return s
	}
	return alveary.Subject{Address: s.Address, Request: s.Request, Context: s.Context}
}

// sorted tells refusals from faults. What is neither is for the stream's own
// end to tell.
func sorted(err error) (refusal, fault error) {
	if err == nil {
		return nil, nil
	}
	switch alveary.KindOf(err) {
	case alveary.KindUnauthenticated, alveary.KindDenied, alveary.KindNotFound, alveary.KindGone:
		return err, nil
	case alveary.KindConflict, alveary.KindPrecondition, alveary.KindInvalid, alveary.KindTooLarge, alveary.KindUnsupported,
		alveary.KindRange, alveary.KindChecksum:
		return nil, nil
	case alveary.KindInternal, alveary.KindLimited, alveary.KindNoSpace, alveary.KindUnavailable, alveary.KindBusy:
	}
	return nil, err
}
