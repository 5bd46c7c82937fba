package use_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"alveary"
	"alveary/service/share/use"
	"alveary/store"
	"alveary/store/share"
	"alveary/testkit/world"
)

// cell makes a Cell of a user, which nothing is in.
func cell(w *world.World, owner string) (c alveary.Cell) {
	w.Write(func(tx *store.Tx) (err error) {
		c, err = tx.InsertCell(alveary.Cell{Slug: "crew", Label: "Crew", Owner: w.As(owner).User.ID}, share.CellSecret{})
		return err
	})
	return c
}

func used(w *world.World, id alveary.CellID) (u alveary.CellUse) {
	w.Read(func(tx *store.Tx) error {
		all, err := tx.CellUses([]alveary.CellID{id})
		u = all[id]
		return err
	})
	return u
}

// Nothing is written at once, and everything together; what cannot be written is
// counted on.
func TestWhatIsCountedIsNotLost(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		c, counter := cell(w, "ann"), use.New(w.Store, w.Now)
		for member := range alveary.UserID(3) {
			for range 4 {
				counter.ByMember(member, c.ID, alveary.CellUse{Opened: 1})
				counter.ByMember(member, c.ID, alveary.CellUse{Uploads: 1})
			}
		}
		if u := used(w, c.ID); u != (alveary.CellUse{}) {
			t.Errorf("written at once: %+v", u)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := counter.Flush(gone); err == nil {
			t.Error("written although it was given up")
		}
		w.Wait(time.Second)
		counter.ByMember(7, c.ID, alveary.CellUse{Opened: 1, Downloads: 1})
		counter.ByMember(7, c.ID, alveary.CellUse{Opened: 1, Downloads: 1})
		last := w.Now()
		w.Wait(time.Second)
		counter.ByMember(7, c.ID, alveary.CellUse{Opened: 1})
		for range 2 {
			if err := counter.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if u := used(w, c.ID); u.Opened != 4 || u.Uploads != 12 || u.Downloads != 2 || !u.Last.Equal(last) {
			t.Errorf("counted %+v", u)
		}
	})
}

// Of a Cell that ended meanwhile nothing is left behind, and the others are
// written all the same.
func TestCountsOfACellThatEnded(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		c, counter := cell(w, "ann"), use.New(w.Store, w.Now)
		counter.ByMember(7, c.ID, alveary.CellUse{})
		counter.ByMember(7, c.ID+1, alveary.CellUse{Opened: 1})
		if err := counter.Close(); err != nil {
			t.Fatal(err)
		}
		if u := used(w, c.ID); !u.Last.Equal(w.Now()) || u.Opened != 0 {
			t.Errorf("counted %+v", u)
		}
		if u := used(w, c.ID+1); u != (alveary.CellUse{}) {
			t.Errorf("of a Cell that is not there: %+v", u)
		}
	})
}

// Looks are remembered up to a bound; beyond it old ones are forgotten, and
// nothing is counted that did not happen.
func TestLooksAreBounded(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	c, counter := cell(w, "ann"), use.New(w.Store, w.Now)
	const many = 20_000
	for range 2 {
		for member := range alveary.UserID(many) {
			counter.ByMember(member, c.ID, alveary.CellUse{Opened: 1})
		}
	}
	counter.ByMember(many-1, c.ID, alveary.CellUse{Opened: 1}) // the last is still known
	if err := counter.Close(); err != nil {
		t.Fatal(err)
	}
	if u := used(w, c.ID); u.Opened != 2*many {
		t.Errorf("%d looks are counted, want %d: as many as fit are remembered", u.Opened, 2*many)
	}
}

func TestRunWritesAtItsEnd(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	c, counter := cell(w, "ann"), use.New(w.Store, w.Now)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { counter.Run(ctx, slog.New(slog.DiscardHandler)); close(done) }()
	counter.ByMember(7, c.ID, alveary.CellUse{Downloads: 1})
	cancel()
	<-done
	if u := used(w, c.ID); u.Downloads != 1 {
		t.Errorf("counted %+v", u)
	}
}
