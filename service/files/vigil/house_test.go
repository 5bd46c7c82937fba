package vigil

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/store"
	"alveary/testkit/pgtest"
)

// house is a vigil over a real store and gate. Its clock stands still until a
// test moves it.
type house struct {
	store *store.Store
	vigil *Vigil
	now   time.Time
}

func newHouse(t testing.TB, database string) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	cfg := store.Config{Now: clock}
	if database == "postgres" {
		cfg.Postgres = pgtest.DSN(t)
	} else {
		cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
	}
	var err error
	if h.store, err = store.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h.vigil = New(h.store, authz.New(sealer, clock), clock)
	return h
}

func (h *house) write(t testing.TB, fn func(*store.Tx) error) {
	t.Helper()
	if err := h.store.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// area is the datasource, on which nobody has rights of himself.
func (h *house) area(t testing.TB, tx *store.Tx) alveary.Lineage {
	t.Helper()
	line, err := tx.Lineage(2)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func (h *house) child(t testing.TB, tx *store.Tx, folder alveary.Lineage, n alveary.Node) alveary.Lineage {
	t.Helper()
	made, err := tx.Insert(folder, n)
	if err != nil {
		t.Fatal(err)
	}
	return folder.Child(made)
}

func leaf(name string) alveary.Node {
	return alveary.Node{Name: name, Type: alveary.Leaf, Size: 1, SHA256: "00", Blob: alveary.BlobID("blob of " + name)}
}

// look looks once, as the goroutine does, and wants no failure.
func (h *house) look(t testing.TB) {
	t.Helper()
	h.vigil.sure = time.Now()
	h.vigil.look(t.Context())
	if now, err := h.store.Counters(t.Context()); err != nil || h.vigil.mark != now {
		t.Fatalf("the look at %v came only to %v: %v", now, h.vigil.mark, err)
	}
}
