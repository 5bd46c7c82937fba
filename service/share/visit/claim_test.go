package visit_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/service/share/visit"
	"alveary/store"
)

// bounded makes a link to the folder with a bound of downloads.
func (w *stage) bounded(most int64) alveary.Cell {
	w.t.Helper()
	return w.link(w.folder, func(c *alveary.Cell, _ *store.CellSecret) { c.Link.MostDownloads = most })
}

func (w *stage) part(from, to int64) visit.Part {
	return visit.Part{Node: w.file, Version: 1, Size: size, From: from, To: to}
}

// take claims a part and hands out so many bytes of it; -1: all of them.
func (w *stage) take(v visit.Visit, p visit.Part, handed int64) error {
	settle, err := w.Visit.Claim(w.t.Context(), v, p)
	if err != nil {
		return err
	}
	if handed < 0 {
		handed = p.To - p.From
	}
	return settle(handed)
}

func (w *stage) used(id alveary.CellID) (u alveary.CellUse) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		uses, err := tx.CellUses([]alveary.CellID{id})
		u = uses[id]
		return err
	})
	return u
}

// However many come at once, from two servers, in whatever parts and however
// often they break off, no more goes out than so many whole contents.
func TestThreat13_MostDownloads(t *testing.T) {
	const most, visitors = 7, 50
	for _, database := range databases {
		t.Run(database, func(t *testing.T) {
			w := newStage(t, database)
			link := w.bounded(most)
			servers := []*visit.Service{w.Visit, w.serve()}
			var bytes, whole, refused atomic.Int64
			var wg sync.WaitGroup
			shared, _ := w.open()
			for n := range visitors {
				v := shared // half of them are one visitor with many connections
				if n%2 == 0 {
					v, _ = w.open()
				}
				random := rand.New(rand.NewPCG(uint64(n), 7))
				wg.Go(func() {
					server := servers[n%2]
					for range 4 {
						p := w.part(0, size)
						if random.IntN(2) == 0 {
							p.From = random.Int64N(size)
							p.To = p.From + 1 + random.Int64N(size-p.From)
						}
						if err := server.Offers(t.Context(), v); err != nil {
							want(t, "headers", err, "exhausted")
						}
						settle, err := server.Claim(t.Context(), v, p)
						if err != nil {
							want(t, "a download", err, "exhausted")
							refused.Add(1)
							continue
						}
						handed := p.To - p.From
						if random.IntN(2) == 0 {
							handed = random.Int64N(handed + 1)
						}
						bytes.Add(handed)
						if handed == size {
							whole.Add(1)
						}
						if err := settle(handed); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			if bytes.Load() > most*size || whole.Load() > most || refused.Load() == 0 {
				t.Errorf("%d bytes and %d whole contents went out, and %d were refused; want %d at most, and %d",
					bytes.Load(), whole.Load(), refused.Load(), most*size, most)
			}
			if got := w.used(link.ID).Downloads; got != most {
				t.Errorf("%d downloads are counted, want %d", got, most)
			}
		})
	}
}

// A download that broke off goes on without another claim, and only there.
func TestResume(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		link := w.bounded(100)
		v, _ := w.open()
		other, _ := w.open()
		claimed := int64(0)
		for i, step := range []struct {
			what   string
			visit  visit.Visit
			part   visit.Part
			handed int64
			claims int64
		}{
			{"a part from the beginning", v, w.part(0, 300), -1, 1},
			{"what follows", v, w.part(300, 500), -1, 0},
			{"what was had already", v, w.part(400, 500), -1, 1},
			{"what follows that", v, w.part(500, size), -1, 0},
			{"the whole", v, w.part(0, size), 100, 1},
			{"where it broke off", v, w.part(100, size), 0, 0},
			{"where it broke off again", v, w.part(100, size), 500, 0},
			{"behind where it broke off", v, w.part(700, size), 200, 0},
			{"in front of that", v, w.part(600, 650), -1, 1},
			{"another visitor who goes on there", other, w.part(900, size), -1, 1},
			{"the whole once more", v, w.part(0, size), 0, 1},
			{"of which nothing was had", v, w.part(0, size), -1, 0},
			{"another version", v, visit.Part{Node: w.file, Version: 2, Size: size, From: 500, To: size}, -1, 1},
			{"another file", v, visit.Part{Node: w.next, Version: 1, Size: size, From: 500, To: size}, -1, 1},
			{"a file without a byte", v, visit.Part{Node: w.next, Version: 2}, -1, 1},
			{"the same again", v, visit.Part{Node: w.next, Version: 2}, -1, 1},
		} {
			want(t, step.what, w.take(step.visit, step.part, step.handed), "")
			claimed += step.claims
			if got := w.used(link.ID).Downloads; got != claimed {
				t.Fatalf("after step %d, %s: %d are counted, want %d", i, step.what, got, claimed)
			}
		}
		want(t, "one to go on with", w.take(v, w.part(0, size), 500), "")
		w.wait(24 * time.Hour)
		claimed++
		want(t, "to go on a day later", w.take(v, w.part(500, size), -1), "")
		if got := w.used(link.ID).Downloads; got != claimed+1 {
			t.Errorf("%d are counted, want %d", got, claimed+1)
		}
	})
}

// What one gives back is not what another took meanwhile.
func TestSettleLate(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		link := w.bounded(1)
		v, _ := w.open()
		first, err := w.Visit.Claim(t.Context(), v, w.part(0, 500))
		want(t, "the first", err, "")
		second, err := w.Visit.Claim(t.Context(), v, w.part(500, size))
		want(t, "the second", err, "")
		if err := first(400); err != nil {
			t.Fatal(err)
		}
		want(t, "what the second has", w.take(v, w.part(600, size), -1), "exhausted")
		if err := second(100); err != nil {
			t.Fatal(err)
		}
		want(t, "what the first gave up too late", w.take(v, w.part(400, size), -1), "exhausted")
		want(t, "what the second gave back", w.take(v, w.part(600, size), -1), "")
		if got := w.used(link.ID).Downloads; got != 1 {
			t.Errorf("%d are counted, want 1", got)
		}
	})
}

func TestLeftAndHeaders(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		link := w.bounded(2)
		v, cookie := w.open()
		left := func(n int64) {
			t.Helper()
			again, err := w.Visit.Enter(t.Context(), link.ID, cookie, w.client())
			if err != nil || again.Left != n {
				t.Errorf("%d are left, %v, want %d", again.Left, err, n)
			}
		}
		left(2)
		want(t, "headers", w.Visit.Offers(t.Context(), v), "")
		left(2)
		want(t, "a file", w.take(v, w.part(0, size), -1), "")
		left(1)
		want(t, "an archive", w.Visit.ClaimArchive(t.Context(), v), "")
		left(0)
		want(t, "headers", w.Visit.Offers(t.Context(), v), "exhausted")
		want(t, "an archive", w.Visit.ClaimArchive(t.Context(), v), "exhausted")
		want(t, "a file", w.take(v, w.part(0, size), -1), "exhausted")
		if u := w.used(link.ID); u.Downloads != 2 || !u.Last.Equal(w.now()) {
			t.Errorf("counted %+v", u)
		}
	})
}

// The bound is that of now: of the link and of the house.
func TestTighterBoundCountsAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		link := w.link(w.folder, nil)
		v, cookie := w.open()
		if v.Left != -1 {
			t.Errorf("%d are left, want no bound", v.Left)
		}
		for range 3 {
			want(t, "without a bound", w.take(v, w.part(0, size), -1), "")
		}
		w.close()
		four := int64(4)
		w.rule(alveary.Terms{Downloads: &four})
		want(t, "the fourth", w.take(v, w.part(0, size), -1), "")
		want(t, "the fifth", w.take(v, w.part(0, size), -1), "exhausted")
		v, err := w.Visit.Enter(t.Context(), link.ID, cookie, w.client())
		if err != nil || v.Left != 0 {
			t.Errorf("%d are left, %v, want none", v.Left, err)
		}
		w.freeHouse()
		want(t, "without a bound again", w.take(v, w.part(0, size), -1), "")
	})
}

func TestClaimOfNonsense(t *testing.T) {
	w := newStage(t, "sqlite")
	w.bounded(1)
	v, _ := w.open()
	for _, p := range []visit.Part{w.part(-1, 5), w.part(5, 4), w.part(0, size+1)} {
		if _, err := w.Visit.Claim(t.Context(), v, p); err == nil {
			t.Errorf("claimed %+v", p)
		}
	}
	want(t, "a file", w.take(v, w.part(0, size), -1), "")
}
