package visit_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/share/use"
	"alveary/service/share/visit"
	"alveary/store"
	"alveary/testkit/pgtest"
	"alveary/vault"
)

// stage is a store on one of the two databases with the service on it. Ann owns
// a folder with two files, Bob and Eve own nothing. The clock stands still
// until a test moves it.
type stage struct {
	*store.Store
	Visit *visit.Service
	Count *use.Counter
	Gate  *authz.Gate
	guard *guard
	t     testing.TB

	ann, bob, eve      alveary.UserID
	folder, file, next alveary.NodeID

	mu    sync.Mutex
	clock time.Time
	tries int // passwords compared
}

// size is that of each of the files.
const size = 1000

var databases = []string{"sqlite", "postgres"}

func (w *stage) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *stage) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func newStage(t testing.TB, database string) *stage {
	t.Helper()
	w := &stage{t: t, clock: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC), guard: &guard{failed: map[string]int{}}}
	cfg := store.Config{Now: w.now}
	if database == "postgres" {
		cfg.Postgres = pgtest.Copy(t, "alveary_visit", func(dsn string) error {
			s, err := store.Open(context.Background(), store.Config{Postgres: dsn, Now: w.now})
			if err != nil {
				return err
			}
			return s.Close()
		})
	} else {
		cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
	}
	var err error
	if w.Store, err = store.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		found, err := w.Check(context.Background())
		if err != nil || len(found) > 0 {
			t.Errorf("the database is damaged: %q, %v", found, err)
		}
		if err := w.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.Gate = authz.New(sealer, w.now)
	w.Count = use.New(w.Store, w.now)
	w.Visit = w.serve()
	w.ann, w.bob, w.eve = w.user("ann"), w.user("bob"), w.user("eve")
	w.write(func(tx *store.Tx) error {
		area, err := tx.Lineage(2)
		if err != nil {
			return err
		}
		folder, err := tx.Insert(area, alveary.Node{Name: "plans", Type: alveary.Collection, Owner: w.ann})
		if err != nil {
			return err
		}
		w.folder = folder.ID
		for i, id := range []*alveary.NodeID{&w.file, &w.next} {
			n, err := tx.Insert(area.Child(folder), alveary.Node{
				Name: fmt.Sprintf("plan %d.txt", i), Type: alveary.Leaf, Owner: w.ann, Size: size, Blob: alveary.BlobID(fmt.Sprintf("blob%d", i)),
			})
			if err != nil {
				return err
			}
			*id = n.ID
		}
		return nil
	})
	w.entry(w.ann, w.folder, alveary.Givable)
	return w
}

// serve makes another service over the same data, as a second server does.
func (w *stage) serve() *visit.Service {
	w.t.Helper()
	s, err := visit.New(visit.Config{
		Store: w.Store, Gate: w.Gate, Now: w.now, Box: vault.New([vault.KeyBytes]byte{1}), Guard: w.guard, Random: rand.Reader, Count: w.Count,
		Matches: func(_ context.Context, hash, password string) (bool, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.tries++
			return hash == "hash of "+password, nil
		},
		Proved: func(_ context.Context, proof string) (bool, error) { return proof == "worked", nil },
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *stage) write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *stage) user(login string) (id alveary.UserID) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		u, err := tx.InsertUser(alveary.User{Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
		id = u.ID
		return err
	})
	return id
}

// as is a user who is signed in.
func (w *stage) as(id alveary.UserID) (s alveary.Subject) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		s, err = tx.Subject(id)
		return err
	})
	return s
}

func (w *stage) entry(user alveary.UserID, node alveary.NodeID, r alveary.Rights) (id alveary.EntryID) {
	w.t.Helper()
	role := w.as(user).Role
	w.write(func(tx *store.Tx) error {
		e, err := tx.InsertEntry(alveary.Entry{Role: role, Node: node, Rights: r})
		id = e.ID
		return err
	})
	return id
}

// rule makes a house rule for everybody and everywhere.
func (w *stage) rule(terms alveary.Terms) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		_, err := tx.PutHouseRule(alveary.HouseRule{Role: alveary.RootGroupRole, Node: alveary.RootID, Terms: terms})
		return err
	})
}

// token is the address of every link that a test makes without a slug.
const token = "abcdefghijklmnopqrstuvwxyz234567"

// link makes a link of Ann's to a node.
func (w *stage) link(node alveary.NodeID, change func(*alveary.Cell, *store.CellSecret)) (c alveary.Cell) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		c = alveary.Cell{Label: "plans", Owner: w.ann, Link: &alveary.Link{Mode: alveary.LinkRead}}
		c.Entries = []alveary.Entry{{Node: node, Rights: alveary.RightRead}}
		s := store.CellSecret{Token: alveary.HashToken(token)}
		if change != nil {
			change(&c, &s)
		}
		c, err = tx.InsertCell(c, s)
		return err
	})
	return c
}

func (w *stage) client() visit.Client {
	return visit.Client{Address: "192.0.2.7", Request: "r", Context: &alveary.Context{Address: "192.0.2.7", Gateway: "link", Now: w.now()}}
}

func (w *stage) guest(id alveary.UserID) visit.Client {
	c, s := w.client(), w.as(id)
	c.Guest = &s
	return c
}

// open opens the link of the token, or fails the test.
func (w *stage) open() (visit.Visit, string) {
	w.t.Helper()
	v, t, err := w.Visit.Open(w.t.Context(), visit.Attempt{Address: token}, w.client())
	if err != nil {
		w.t.Fatal(err)
	}
	return v, t.Cookie
}

// want wants an error of a code; "" is none.
func want(t testing.TB, what string, err error, code string) {
	t.Helper()
	if got := codeOf(err); got != code || code == "" && err != nil {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func codeOf(err error) string {
	var e *alveary.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func onEach(t *testing.T, test func(t *testing.T, w *stage)) {
	t.Helper()
	for _, database := range databases {
		t.Run(database, func(t *testing.T) { test(t, newStage(t, database)) })
	}
}

// guard lets ten failures through under a key, and wants a proof after three.
type guard struct {
	mu     sync.Mutex
	failed map[string]int
}

func (g *guard) Check(_ context.Context, key, address string, proved bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, k := range []string{key, "address " + address} {
		switch n := g.failed[k]; {
		case n >= 10:
			return &alveary.Error{Kind: alveary.KindLimited, Code: "limited", Message: "wait"}
		case n >= 3 && !proved:
			return &alveary.Error{Kind: alveary.KindUnauthenticated, Code: "captcha", Message: "prove"}
		}
	}
	return nil
}

func (g *guard) Failed(_ context.Context, key, address string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if key != "" {
		g.failed[key]++
	}
	g.failed["address "+address]++
	return nil
}

func (g *guard) Succeeded(_ context.Context, key, _ string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.failed, key)
	return nil
}

// serveOther is a service with another key.
func (w *stage) serveOther() *visit.Service {
	w.t.Helper()
	s, err := visit.New(visit.Config{Store: w.Store, Gate: w.Gate, Now: w.now, Box: vault.New([vault.KeyBytes]byte{2}), Guard: w.guard, Random: rand.Reader, Count: w.Count})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *stage) freeHouse() {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		rules, err := tx.HouseRules()
		for _, r := range rules {
			if err == nil {
				err = tx.DeleteHouseRule(r.ID)
			}
		}
		return err
	})
}

// endAll ends all links.
func (w *stage) endAll() {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		cells, err := tx.Cells()
		for _, c := range cells {
			if err == nil {
				err = tx.DeleteCell(c.ID)
			}
		}
		return err
	})
}
