package blobtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"alveary"
	"alveary/blob"
)

func knowing(known ...alveary.BlobID) blob.Known {
	return func(_ context.Context, asked []alveary.BlobID) (map[alveary.BlobID]bool, error) {
		answer := make(map[alveary.BlobID]bool)
		for _, a := range asked {
			for _, k := range known {
				answer[a] = answer[a] || a == k
			}
		}
		return answer, nil
	}
}

func testSweep(t *testing.T, d blob.Driver) {
	young, old := Open(t, d, 0), Open(t, d, 2*time.Hour)
	suspended := func() alveary.BlobID {
		id := NewID(t)
		w := young.Begin(t, id)
		write(t, w, []byte("half"))
		if err := w.Suspend(); err != nil {
			t.Fatal(err)
		}
		return id
	}
	kept, orphan := young.Put(t, []byte("kept")).Blob, young.Put(t, []byte("orphan")).Blob
	keptHalf, orphanHalf := suspended(), suspended()

	if n, err := young.Sweep(t.Context(), knowing(), time.Hour); n != 0 || err != nil {
		t.Errorf("a sweep of young objects removed %d, %v", n, err)
	}
	refuse := errors.New("the database is away")
	if n, err := old.Sweep(t.Context(), func(context.Context, []alveary.BlobID) (map[alveary.BlobID]bool, error) {
		return nil, refuse
	}, time.Hour); n != 0 || !errors.Is(err, refuse) {
		t.Errorf("a sweep without an answer removed %d, %v", n, err)
	}
	if n, err := old.Sweep(t.Context(), knowing(kept, keptHalf), time.Hour); n != 2 || err != nil {
		t.Errorf("the sweep removed %d, %v, want 2", n, err)
	}
	old.WantContent(t, kept, []byte("kept"))
	old.WantNothing(t, orphan)
	old.WantNothing(t, orphanHalf)
	w := old.GoOn(t, keptHalf, 4)
	write(t, w, []byte(" and whole"))
	commit(t, w)
	old.WantContent(t, keptHalf, []byte("half and whole"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := old.Sweep(ctx, knowing(), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("a sweep of a request that has ended: %v", err)
	}
}

func testSweepInBatches(t *testing.T, d blob.Driver) {
	const objects = 1203
	var known []alveary.BlobID
	for i := range objects {
		id := NewID(t)
		part, err := d.Create(id)
		if err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			known = append(known, id)
		}
		if err := part.Keep(); err != nil {
			t.Fatal(err)
		}
	}
	h, largest := Open(t, d, time.Hour), 0
	n, err := h.Sweep(t.Context(), func(ctx context.Context, ids []alveary.BlobID) (map[alveary.BlobID]bool, error) {
		largest = max(largest, len(ids))
		return knowing(known...)(ctx, ids)
	}, time.Minute)
	if want := objects - len(known); n != want || err != nil {
		t.Errorf("the sweep removed %d, %v, want %d", n, err, want)
	}
	if largest > 500 {
		t.Errorf("the sweep asked for %d ids at once", largest)
	}
	for _, id := range known {
		if _, err := h.PartialSize(t.Context(), id); err != nil {
			t.Errorf("a known object is gone: %v", err)
		}
	}
}
