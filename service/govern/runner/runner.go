// Package runner keeps simulations under way and what came of them.
//
// It exists because a simulation may take longer than anybody waits: it answers
// with what it has and goes on, and whoever began it asks for more. A result is
// kept in memory for ten minutes and given to its owner alone; a few run at
// once, each for a minute at most. Nothing is decided here.
//
// A Runner is safe for concurrent use; Close ends what runs and waits for it.
package runner

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"alveary"
	"alveary/authz"
)

const (
	// Patience is how long an asker waits for the first answer.
	Patience = time.Second
	// longest is how long a simulation goes on in the background.
	longest = time.Minute
	// life is how long its result is kept.
	life = 10 * time.Minute
	// mostRunning is how many run at once, mostKept how many results there are.
	mostRunning, mostKept = 4, 64
)

// Runner has the simulations that run and those whose result is kept.
type Runner struct {
	now  func() time.Time
	stop context.CancelFunc
	ctx  context.Context //nolint:containedctx // it ends with the runner
	all  sync.WaitGroup

	mu      sync.Mutex
	running int
	kept    map[string]*Run
}

// Run is one simulation.
type Run struct {
	ID    string
	Note  any // of whoever began it
	owner alveary.UserID
	begun time.Time
	done  chan struct{} // closed when it has ended

	mu      sync.Mutex
	effects authz.Effects
	err     error
}

// New makes a runner.
func New(now func() time.Time) *Runner {
	r := &Runner{now: now, kept: map[string]*Run{}}
	r.ctx, r.stop = context.WithCancel(context.Background())
	return r
}

// Close ends what runs and waits for it.
func (r *Runner) Close() {
	r.mu.Lock()
	r.stop()
	r.mu.Unlock()
	r.all.Wait()
}

// Begin starts a simulation in the background.
func (r *Runner) Begin(owner alveary.UserID, note any, simulate func(context.Context, func(authz.Effects) bool) error) (*Run, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil || r.running >= mostRunning {
		return nil, &alveary.Error{
			Kind: alveary.KindUnavailable, Op: "simulate a change", Code: "busy", Message: "several simulations are running: try again in a moment",
		}
	}
	r.tidy()
	run := &Run{ID: rand.Text(), Note: note, owner: owner, begun: r.now(), done: make(chan struct{})}
	r.kept[run.ID] = run
	r.running++
	// Not the asker's context: it goes on when he has his first answer.
	ctx, cancel := context.WithTimeout(r.ctx, longest)
	r.all.Go(func() {
		defer cancel()
		err := simulate(ctx, run.progress)
		r.mu.Lock()
		r.running--
		r.mu.Unlock()
		run.end(err)
	})
	return run, nil
}

// tidy forgets results that are old, and the oldest where there are too many.
func (r *Runner) tidy() {
	now := r.now()
	var oldest *Run
	for id, one := range r.kept {
		if now.Sub(one.begun) >= life {
			delete(r.kept, id)
		} else if oldest == nil || one.begun.Before(oldest.begun) {
			oldest = one
		}
	}
	if len(r.kept) >= mostKept {
		delete(r.kept, oldest.ID)
	}
}

// Find gives a simulation to who began it; for everybody else there is none.
func (r *Runner) Find(owner alveary.UserID, id string) (*Run, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.kept[id]
	if one == nil || one.owner != owner || r.now().Sub(one.begun) >= life {
		return nil, &alveary.Error{
			Kind: alveary.KindNotFound, Op: "find the simulation", Code: "not-found", Message: "there is no such simulation, or its result is no longer kept",
		}
	}
	return one, nil
}

// progress is called from within the simulation. Of the effects only the lists
// are shared with it, and they only grow.
func (r *Run) progress(e authz.Effects) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.effects = e
	return true
}

func (r *Run) end(err error) {
	r.mu.Lock()
	r.err = err
	r.mu.Unlock()
	close(r.done)
}

// Wait gives the effects once there are all of them, or after a while those
// that there are.
func (r *Run) Wait(ctx context.Context, most time.Duration) (authz.Effects, error) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-r.done:
	case <-timer.C:
	case <-ctx.Done():
		return authz.Effects{}, ctx.Err()
	}
	return r.Effects()
}

// Effects are those found so far.
func (r *Run) Effects() (authz.Effects, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.effects, r.err
}
