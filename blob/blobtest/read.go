package blobtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/blob"
)

func testRanges(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	data := Bytes(70_000)
	info := h.Put(t, data)
	r, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, info.Blob))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, c := range []struct{ from, length int }{{0, 1}, {69_999, 1}, {100, 60_000}, {5, 0}, {0, 70_000}} {
		if _, err := r.Seek(int64(c.from), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, c.length)
		if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, data[c.from:c.from+c.length]) {
			t.Errorf("seek and read %d bytes at %d: wrong bytes, or %v", c.length, c.from, err)
		}
		if _, err := r.ReadAt(got, int64(c.from)); err != nil && err != io.EOF || !bytes.Equal(got, data[c.from:c.from+c.length]) {
			t.Errorf("read %d bytes at %d: wrong bytes, or %v", c.length, c.from, err)
		}
	}
	if end, err := r.Seek(0, io.SeekEnd); err != nil || end != int64(len(data)) {
		t.Errorf("the end is at %d, %v, want %d", end, err, len(data))
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("read at the end: %d, %v", n, err)
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("seek before the start succeeded")
	}
}

func testGrants(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	id := h.Put(t, []byte("sealed")).Blob
	other := Open(t, d, 0) // another process: another seal

	up, down := h.Grant(alveary.ActionUpload, NewID(t)), h.Grant(alveary.ActionDownload, id)
	for name, change := range map[string]func(*alveary.Grant){
		"node":    func(g *alveary.Grant) { g.Node++ },
		"version": func(g *alveary.Grant) { g.Version++ },
		"blob":    func(g *alveary.Grant) { g.Blob = NewID(t) },
		"expiry":  func(g *alveary.Grant) { g.Expires = g.Expires.Add(time.Hour) },
		"action":  func(g *alveary.Grant) { g.Action ^= alveary.ActionUpload ^ alveary.ActionDownload },
	} {
		down, up := down, up
		change(&down)
		change(&up)
		wantDenied(t, h, "altered "+name, up, down)
	}
	wantDenied(t, h, "of another seal", other.Grant(alveary.ActionUpload, id), other.Grant(alveary.ActionDownload, id))
	wantDenied(t, h, "of another action", down, up)
	wantDenied(t, h, "made up", alveary.Grant{Action: alveary.ActionUpload, Blob: id}, alveary.Grant{Action: alveary.ActionDownload, Blob: id})
	for _, late := range []time.Duration{time.Minute, time.Hour} {
		h.now = func() time.Time { return time.Now().Add(-late) }
		wantDenied(t, h, "expired", h.Grant(alveary.ActionUpload, id), h.Grant(alveary.ActionDownload, id))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Create(ctx, up); err == nil {
		t.Error("create for a request that has ended succeeded")
	}
}

func wantDenied(t *testing.T, h *House, what string, up, down alveary.Grant) {
	t.Helper()
	_, err := h.Create(t.Context(), up)
	WantKind(t, "create by a grant "+what, err, alveary.KindDenied)
	_, err = h.Resume(t.Context(), up, 0)
	WantKind(t, "resume by a grant "+what, err, alveary.KindDenied)
	_, err = h.Open(t.Context(), down)
	WantKind(t, "open by a grant "+what, err, alveary.KindDenied)
}

func testDelete(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	id := h.Put(t, []byte("x")).Blob
	partial := NewID(t)
	if err := h.Begin(t, partial).Suspend(); err != nil {
		t.Fatal(err)
	}
	for _, id := range []alveary.BlobID{id, partial, id, partial, NewID(t)} {
		if err := h.Delete(t.Context(), id); err != nil {
			t.Errorf("delete: %v", err)
		}
		h.WantNothing(t, id)
	}
	wantEmpty(t, d)
}

// testDeleteBeneath deletes what is being read and what is being written.
func testDeleteBeneath(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	data := Bytes(10_000)
	id := h.Put(t, data).Blob
	r, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, id))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := h.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, data) {
		t.Errorf("a reader that was open read %d bytes, %v", len(got), err)
	}

	id = NewID(t)
	w := h.Begin(t, id)
	write(t, w, data)
	if err := h.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	_, err = w.Commit()
	WantKind(t, "commit of what was deleted", err, alveary.KindNotFound)
	h.WantNothing(t, id)
	wantEmpty(t, d)
}

func testCheck(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	data := Bytes(5000)
	id := h.Put(t, data).Blob
	if err := h.Check(t.Context(), id, 5000, sum(data)); err != nil {
		t.Errorf("check of a whole object: %v", err)
	}
	if err := h.Check(t.Context(), id, 5000, ""); err != nil {
		t.Errorf("check of the size: %v", err)
	}
	WantKind(t, "wrong size", h.Check(t.Context(), id, 5001, ""), alveary.KindChecksum)
	WantKind(t, "wrong hash", h.Check(t.Context(), id, 5000, sum(nil)), alveary.KindChecksum)
	WantKind(t, "missing", h.Check(t.Context(), NewID(t), 5000, ""), alveary.KindNotFound)
}

func testConcurrent(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for turn := range 12 {
				data := Bytes(1 + worker*1000 + turn*5000)
				w := h.Begin(t, NewID(t))
				if _, err := w.ReadFrom(bytes.NewReader(data)); err != nil {
					t.Error(err)
				}
				if turn%4 == 3 {
					if err := w.Abort(); err != nil {
						t.Error(err)
					}
					continue
				}
				info, err := w.Commit()
				if err != nil {
					t.Error(err)
					return
				}
				h.WantContent(t, info.Blob, data)
				if turn%4 == 2 {
					if err := h.Delete(t.Context(), info.Blob); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	left := 0
	for entry, err := range d.List() {
		if err != nil || entry.Partial {
			t.Errorf("left behind: %+v, %v", entry, err)
		}
		left++
	}
	if want := 8 * 6; left != want {
		t.Errorf("%d objects are left, want %d", left, want)
	}
}

// testSameIDAtOnce lets many writers race for one id: whoever commits, the
// object is that writer's and whole, and no one else's commit succeeds.
func testSameIDAtOnce(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	for range 20 {
		id, won := NewID(t), make(chan []byte, 8)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				data := make([]byte, 2000)
				_, _ = rand.Read(data)
				w, err := h.Create(t.Context(), h.Grant(alveary.ActionUpload, id))
				if err != nil {
					if !alveary.IsKind(err, alveary.KindConflict) && !alveary.IsKind(err, alveary.KindBusy) {
						t.Errorf("create: %v", err)
					}
					return
				}
				if _, err := w.Write(data); err != nil {
					t.Error(err)
				}
				if _, err := w.Commit(); err != nil {
					t.Errorf("commit: %v", err)
					return
				}
				won <- data
			})
		}
		wg.Wait()
		close(won)
		if len(won) != 1 {
			t.Fatalf("%d writers committed one id", len(won))
		}
		h.WantContent(t, id, <-won)
	}
}
