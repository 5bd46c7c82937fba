package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/pgtest"
)

// clock gives a later instant at each reading, a millisecond apart.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// databases make an empty place for a store on each of the two databases.
var databases = []struct {
	name   string
	config func(testing.TB) Config
}{
	{"sqlite", func(t testing.TB) Config {
		return Config{Path: filepath.Join(t.TempDir(), "alveary.db"), Now: newClock().Now}
	}},
	{"postgres", func(t testing.TB) Config { return Config{Postgres: pgtest.DSN(t), Now: newClock().Now} }},
}

// eachConfig runs a test for each of the two databases.
func eachConfig(t *testing.T, test func(*testing.T, Config)) {
	t.Helper()
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) { test(t, d.config(t)) })
	}
}

// eachStore runs a test on a new store on each of the two databases, and finds
// no damage in it afterwards.
func eachStore(t *testing.T, test func(*testing.T, *Store)) {
	t.Helper()
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		test(t, s)
		if !t.Failed() {
			wantSound(t, s)
		}
	})
}

func open(t testing.TB, cfg Config) *Store {
	t.Helper()
	s, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func wantSound(t testing.TB, s *Store) {
	t.Helper()
	found, err := s.Check(context.Background())
	if err != nil || len(found) > 0 {
		t.Errorf("damaged: %q, %v", found, err)
	}
}

func write(t testing.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, s *Store, fn func(*Tx) error) {
	t.Helper()
	if err := s.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func lineage(t testing.TB, s *Store, id alveary.NodeID) (line alveary.Lineage) {
	t.Helper()
	read(t, s, func(tx *Tx) (err error) { line, err = tx.Lineage(id); return err })
	return line
}

func folderNamed(name string) alveary.Node { return alveary.Node{Name: name, Type: alveary.Collection} }

func fileNamed(name string) alveary.Node {
	return alveary.Node{
		Name: name, Type: alveary.Leaf, Size: int64(len(name)), MIME: "text/plain", SHA256: "sha of " + name, Blob: alveary.BlobID("blob of " + name), Owner: 7,
	}
}

// insert makes nodes in a folder, each in a transaction of its own.
func insert(t testing.TB, s *Store, folder alveary.NodeID, nodes ...alveary.Node) (made []alveary.Node) {
	t.Helper()
	for _, n := range nodes {
		write(t, s, func(tx *Tx) error {
			line, err := tx.Lineage(folder)
			if err != nil {
				return err
			}
			n, err = tx.Insert(line, n)
			made = append(made, n)
			return err
		})
	}
	return made
}

// on runs a change of one node in a transaction of its own.
func on(t testing.TB, s *Store, id alveary.NodeID, fn func(*Tx, alveary.Lineage) error) {
	t.Helper()
	if err := tryOn(s, id, fn); err != nil {
		t.Fatal(err)
	}
}

func tryOn(s *Store, id alveary.NodeID, fn func(*Tx, alveary.Lineage) error) error {
	return s.Write(context.Background(), func(tx *Tx) error {
		line, err := tx.Lineage(id)
		if err != nil {
			return err
		}
		return fn(tx, line)
	})
}

func bin(tx *Tx, line alveary.Lineage) error   { _, err := tx.Bin(line, 7); return err }
func unbin(tx *Tx, line alveary.Lineage) error { _, err := tx.Unbin(line); return err }
func erase(tx *Tx, line alveary.Lineage) error { _, _, err := tx.Delete(line); return err }

func place(folder alveary.NodeID, name string) func(*Tx, alveary.Lineage) error {
	return func(tx *Tx, line alveary.Lineage) error {
		into, err := tx.Lineage(folder)
		if err != nil {
			return err
		}
		_, err = tx.Place(line, into, name)
		return err
	}
}

func node(t testing.TB, s *Store, id alveary.NodeID) (n alveary.Node) {
	t.Helper()
	read(t, s, func(tx *Tx) (err error) { n, err = tx.Node(id); return err })
	return n
}

func namesIn(t testing.TB, s *Store, l Listing) (names []string) {
	t.Helper()
	if l.Limit == 0 {
		l.Limit = 10_000
	}
	read(t, s, func(tx *Tx) error {
		nodes, err := tx.Children(l)
		for _, n := range nodes {
			names = append(names, n.Name)
		}
		return err
	})
	return names
}

func wantKind(t testing.TB, err error, want alveary.Kind, code string) {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != want || e.Code != code {
		t.Fatalf("%v, want kind %d %q", err, want, code)
	}
	if e.Message == "" {
		t.Errorf("%v has no sentence for the asker", err)
	}
}

func wantNames(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
