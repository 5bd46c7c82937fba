package govern

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/authz/simulate"
	"alveary/service/govern/document"
	"alveary/service/govern/runner"
	"alveary/store"
)

// mostLogins is how many logins a line names.
const mostLogins = 5

// Simulate finds out who would gain and who would lose what by the changes. It
// answers after a second at the latest with what it has, and goes on in the
// background; Simulation tells more. It changes nothing.
func (s *Service) Simulate(ctx context.Context, who alveary.Subject, changes []document.Change) (out document.Simulation, err error) {
	const op = "simulate a change"
	begun := time.Now() // of the asker's patience, not of the world
	var d *drafting
	err = s.read(ctx, who, op, func(r *room) error {
		if d, err = r.draft(op, changes); err != nil {
			return err
		}
		d.draft.Calls = s.calls()
		if d.refused == nil && d.guard {
			d.note(s.reachable(ctx, d.draft.After, d.after(), who))
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	d.draft.Context = contextOf(who)
	d.draft.Context.Now = s.now() // from which the next hours and periods are found
	if err := s.store.Record(ctx, line(who, "simulate", alveary.VerdictDone, fmt.Sprintf("%d changes", len(changes)))); err != nil {
		return out, err
	}
	if d.hopeless {
		return document.Simulation{Complete: true, Lines: []document.SimulatedLine{}, Refused: d.refused}, nil
	}
	ways := newBackground(s.store, &d.draft)
	run, err := s.runner.Begin(who.User.ID, d.refused, func(ctx context.Context, progress func(authz.Effects) bool) error {
		d.draft.Line = func(id alveary.NodeID) (alveary.Lineage, error) { return ways.line(ctx, id) }
		return simulate.Run(ctx, s.gate, d.draft, progress)
	})
	if err != nil {
		return out, err
	}
	effects, err := run.Wait(ctx, max(runner.Patience-time.Since(begun), runner.Patience/10))
	return show(run, effects), err
}

// Simulation is how far one is that the subject began.
func (s *Service) Simulation(_ context.Context, who alveary.Subject, id string) (document.Simulation, error) {
	run, err := s.runner.Find(who.User.ID, id)
	if err != nil {
		return document.Simulation{}, err
	}
	effects, err := run.Effects()
	return show(run, effects), err
}

// background finds ways while a simulation runs: those to the nodes of entries
// at once, others as they are asked for.
type background struct {
	store *store.Store
	nodes []alveary.NodeID
	known map[alveary.NodeID]alveary.Lineage
}

func newBackground(s *store.Store, d *authz.Draft) *background {
	b := &background{store: s}
	for _, entries := range [][]alveary.Entry{d.Before.Entries, d.After.Entries} {
		for _, e := range entries {
			if e.Template == "" {
				b.nodes = append(b.nodes, e.Node)
			}
		}
	}
	return b
}

// line is called by the simulation alone.
func (b *background) line(ctx context.Context, id alveary.NodeID) (line alveary.Lineage, err error) {
	if b.known == nil {
		if err := b.store.Read(ctx, func(tx *store.Tx) error {
			b.known, err = tx.Lineages(b.nodes)
			return err
		}); err != nil {
			return nil, err
		}
	}
	if line := b.known[id]; line != nil {
		return line, nil
	}
	err = b.store.Read(ctx, func(tx *store.Tx) error {
		line, err = tx.Lineage(id)
		return err
	})
	if err == nil {
		b.known[id] = line
	}
	return line, err
}

// show makes a document of the effects found so far.
func show(run *runner.Run, e authz.Effects) document.Simulation {
	out := document.Simulation{
		ID: run.ID, Complete: e.Complete, AtLeast: !e.Complete, People: document.SimulatedPeople{Gain: e.Gain, Lose: e.Lose},
		Lines: make([]document.SimulatedLine, len(e.Lines)),
	}
	out.Refused, _ = run.Note.(*document.SimulatedRefuse)
	for i, l := range e.Lines {
		one := document.SimulatedLine{Who: whoOf(l.People), Right: l.Right, Gains: l.Gains, When: l.When}
		if l.Path != "" || l.Node != 0 {
			one.Node = &document.Place{ID: max(l.Node, 0), Path: l.Path}
		}
		if l.Call.Path != "" {
			one.Call = &document.CallName{Method: l.Call.Method, Path: l.Call.Path}
		}
		out.Lines[i] = one
	}
	return out
}

func whoOf(logins []string) document.SimulatedWho {
	w := document.SimulatedWho{Users: len(logins), Logins: append([]string{}, logins[:min(len(logins), mostLogins)]...)}
	switch len(logins) {
	case 0:
	case 1:
		w.Label = logins[0]
	case 2:
		w.Label = logins[0] + " and " + logins[1]
	default:
		w.Label = fmt.Sprintf("%s, %s and %d more", logins[0], logins[1], len(logins)-2)
	}
	return w
}

func refusal(err error) *document.SimulatedRefuse {
	var e *alveary.Error
	if !errors.As(err, &e) {
		return nil
	}
	return &document.SimulatedRefuse{Code: e.Code, Message: e.Message}
}
