package runner_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/govern/runner"
)

func TestAnswersWithWhatThereIs(t *testing.T) {
	r := runner.New(time.Now)
	defer r.Close()
	half, whole := make(chan struct{}), make(chan struct{})
	run, err := r.Begin(1, "a note", func(_ context.Context, progress func(authz.Effects) bool) error {
		progress(authz.Effects{Gain: 1, Lines: []authz.Effect{{Right: "read"}}})
		close(half)
		<-whole
		progress(authz.Effects{Gain: 2, Complete: true})
		return nil
	})
	if err != nil || run.Note != "a note" || run.ID == "" {
		t.Fatal(run, err)
	}
	<-half
	if e, err := run.Wait(t.Context(), time.Millisecond); err != nil || e.Gain != 1 || e.Complete || len(e.Lines) != 1 {
		t.Errorf("%+v, %v", e, err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := run.Wait(gone, time.Minute); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(whole)
	if e, err := run.Wait(t.Context(), time.Minute); err != nil || e.Gain != 2 || !e.Complete {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestFailureIsTold(t *testing.T) {
	r := runner.New(time.Now)
	defer r.Close()
	failure := errors.New("no")
	run, err := r.Begin(1, nil, func(context.Context, func(authz.Effects) bool) error { return failure })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(t.Context(), time.Minute); !errors.Is(err, failure) {
		t.Error(err)
	}
}

// A few run at once; the others are told to come again; closing ends them.
func TestFewAtOnce(t *testing.T) {
	r := runner.New(time.Now)
	wait := func(ctx context.Context, _ func(authz.Effects) bool) error {
		<-ctx.Done()
		return nil
	}
	for range 4 {
		if _, err := r.Begin(1, nil, wait); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Begin(1, nil, wait); !alveary.IsKind(err, alveary.KindUnavailable) {
		t.Error(err)
	}
	r.Close()
	if _, err := r.Begin(1, nil, wait); !alveary.IsKind(err, alveary.KindUnavailable) {
		t.Error(err)
	}
}

// Results are kept for ten minutes, the latest few of them, for their owner.
func TestKept(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	r := runner.New(func() time.Time { return now })
	defer r.Close()
	begin := func() *runner.Run {
		t.Helper()
		run, err := r.Begin(1, nil, func(context.Context, func(authz.Effects) bool) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Wait(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		return run
	}
	first := begin()
	for range 63 {
		now = now.Add(time.Second)
		begin()
	}
	if _, err := r.Find(1, first.ID); err != nil {
		t.Error(err)
	}
	if _, err := r.Find(2, first.ID); !alveary.IsKind(err, alveary.KindNotFound) {
		t.Error(err)
	}
	last := begin()
	if _, err := r.Find(1, first.ID); !alveary.IsKind(err, alveary.KindNotFound) {
		t.Error("more are kept than there is room for", err)
	}
	now = now.Add(10 * time.Minute)
	if _, err := r.Find(1, last.ID); !alveary.IsKind(err, alveary.KindNotFound) {
		t.Error(err)
	}
}
