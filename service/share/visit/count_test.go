package visit_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"alveary"
	"alveary/service/share/visit"
	"alveary/store"
)

func (w *stage) close() {
	w.t.Helper()
	if err := w.Count.Close(); err != nil {
		w.t.Fatal(err)
	}
}

func (w *stage) notices(user alveary.UserID) (all []alveary.Notice) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		all, err = tx.Notices(user, 0, 100, false)
		return err
	})
	return all
}

// What is counted is written together, and the owner is told once a day.
func TestCounts(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		link := w.link(w.folder, nil)
		for range 3 {
			w.open()
		}
		v, _ := w.open()
		want(t, "a download", w.take(v, w.part(0, size), -1), "")
		want(t, "the rest of one", w.take(v, w.part(500, size), -1), "")
		want(t, "an archive", w.Visit.ClaimArchive(t.Context(), v), "")
		w.Visit.Uploaded(v)
		if u := w.used(link.ID); u != (alveary.CellUse{}) {
			t.Errorf("written at once: %+v", u)
		}
		w.close()
		w.close()
		wanted := alveary.CellUse{Opened: 4, Downloads: 2, Uploads: 1, Last: w.now()}
		if u := w.used(link.ID); fmt.Sprint(u) != fmt.Sprint(wanted) {
			t.Errorf("counted %+v, want %+v", u, wanted)
		}
		w.wait(time.Hour)
		w.open()
		w.close()
		told := map[alveary.NoticeKind]int64{}
		for _, n := range w.notices(w.ann) {
			if n.Cell != link.ID || n.Node != w.folder || n.User != w.ann {
				t.Errorf("told %+v", n)
			}
			if told[n.Kind] != 0 {
				t.Errorf("told twice: %+v", n)
			}
			told[n.Kind] = n.Count
		}
		if told[alveary.NoticeOpened] != 5 || told[alveary.NoticeUploaded] != 1 {
			t.Errorf("told %v", told)
		}
		w.wait(24 * time.Hour)
		w.open()
		w.close()
		if n := len(w.notices(w.ann)); n != 3 {
			t.Errorf("%d notices, want 3", n)
		}
	})
}

// Of a link that ended meanwhile nobody is told, and nothing is left behind.
func TestCountsOfWhatEnded(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		link := w.link(w.folder, nil)
		w.open()
		w.endAll()
		w.close()
		if u := w.used(link.ID); u != (alveary.CellUse{}) {
			t.Errorf("counted %+v", u)
		}
		if n := w.notices(w.ann); len(n) != 0 {
			t.Errorf("told %+v", n)
		}
	})
}

// What could not be written is written later.
func TestCountsAreNotLost(t *testing.T) {
	w := newStage(t, "sqlite")
	link := w.link(w.folder, nil)
	w.open()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Count.Flush(ctx); err == nil {
		t.Error("written although it was given up")
	}
	w.open()
	w.close()
	if u := w.used(link.ID); u.Opened != 2 {
		t.Errorf("counted %+v", u)
	}
}

// Run writes within a second.
func TestRun(t *testing.T) {
	w := newStage(t, "sqlite")
	link := w.link(w.folder, nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { w.Count.Run(ctx, slog.New(slog.DiscardHandler)); close(done) }()
	w.open()
	begun := time.Now()
	for w.used(link.ID).Opened == 0 {
		if time.Since(begun) > 5*time.Second {
			t.Fatal("nothing was written")
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.open()
	cancel()
	<-done
	if u := w.used(link.ID); u.Opened != 2 {
		t.Errorf("counted %+v", u)
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, database := range databases {
		w := newStage(b, database)
		link := w.link(w.folder, nil)
		_, cookie := w.open()
		c := w.client()
		b.Run(database+"/open", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, _, err := w.Visit.Open(b.Context(), visit.Attempt{Address: token}, c); err != nil {
						b.Error(err)
					}
				}
			})
		})
		b.Run(database+"/enter", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := w.Visit.Enter(b.Context(), link.ID, cookie, c); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// BenchmarkWrite says what it costs to write down what visitors of a thousand
// links did.
func BenchmarkWrite(b *testing.B) {
	w := newStage(b, "sqlite")
	var visits []visit.Visit
	for range 1000 {
		w.link(w.folder, func(_ *alveary.Cell, s *store.CellSecret) { s.Token = alveary.HashToken(fmt.Sprint(len(visits))) })
		v, _, err := w.Visit.Open(b.Context(), visit.Attempt{Address: fmt.Sprint(len(visits))}, w.client())
		if err != nil {
			b.Fatal(err)
		}
		visits = append(visits, v)
	}
	for b.Loop() {
		for _, v := range visits {
			w.Visit.Uploaded(v)
		}
		w.close()
	}
}
