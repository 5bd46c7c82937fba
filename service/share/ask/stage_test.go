package ask_test

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/share/ask"
	"alveary/store"
	"alveary/testkit/pgtest"
)

// stage is a store on one of the two databases with the service on it. Root is
// the administrator. Ann has the folder "plans" with a file in it, which is
// Ben's, who may write there too; Bob and Eve have nothing.
type stage struct {
	*store.Store
	Ask  *ask.Service
	Gate *authz.Gate
	t    testing.TB

	root, ann, ben, bob, eve alveary.UserID
	folder, file             alveary.NodeID

	mu    sync.Mutex
	clock time.Time
}

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
	w := &stage{t: t, clock: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	cfg := store.Config{Now: w.now}
	if database == "postgres" {
		cfg.Postgres = pgtest.Copy(t, "alveary_ask", func(dsn string) error {
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
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.Gate = authz.New(sealer, w.now)
	w.Ask = ask.New(ask.Config{Store: w.Store, Gate: w.Gate, Now: w.now, Grant: grant})
	w.root = w.user("root", alveary.ProfileAdmin)
	w.ann, w.ben = w.user("ann", alveary.ProfileStandard), w.user("ben", alveary.ProfileStandard)
	w.bob, w.eve = w.user("bob", alveary.ProfileStandard), w.user("eve", alveary.ProfileStandard)
	w.write(func(tx *store.Tx) error {
		area, err := tx.Lineage(2)
		if err != nil {
			return err
		}
		folder, err := tx.Insert(area, alveary.Node{Name: "plans", Type: alveary.Collection, Owner: w.ann})
		if err != nil {
			return err
		}
		file, err := tx.Insert(area.Child(folder), alveary.Node{Name: "plan.txt", Type: alveary.Leaf, Owner: w.ben, Blob: "b"})
		w.folder, w.file = folder.ID, file.ID
		return err
	})
	w.entry(w.ann, w.folder, alveary.Givable)
	w.entry(w.ben, w.folder, alveary.Givable)
	return w
}

// grant gives through a Cell of who answers.
func grant(_ context.Context, tx *store.Tx, by alveary.Subject, node alveary.NodeID, to alveary.UserID, r alveary.Rights, until time.Time) (alveary.CellID, error) {
	s, err := tx.Subject(to)
	if err != nil {
		return 0, err
	}
	c, err := tx.InsertCell(alveary.Cell{
		Slug: "granted-" + node.String(), Label: "granted", Owner: by.User.ID,
		Entries: []alveary.Entry{{Role: s.Role, Node: node, Rights: r, Expires: until}},
	}, store.CellSecret{})
	return c.ID, err
}

func (w *stage) write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *stage) user(login string, p alveary.Profile) (id alveary.UserID) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		u, err := tx.InsertUser(alveary.User{Login: login, Name: "the " + login, Profile: p, Group: alveary.RootGroup}, "")
		id = u.ID
		return err
	})
	return id
}

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

// without takes what somebody has on the folder away.
func (w *stage) without(user alveary.UserID) {
	w.t.Helper()
	role := w.as(user).Role
	w.write(func(tx *store.Tx) error {
		entries, err := tx.EntriesOn(w.folder)
		for _, e := range entries {
			if err == nil && e.Role == role {
				err = tx.DeleteEntry(e.ID)
			}
		}
		return err
	})
}

func (w *stage) rule(role alveary.RoleID, terms alveary.Terms) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		_, err := tx.PutHouseRule(alveary.HouseRule{Role: role, Node: alveary.RootID, Terms: terms})
		return err
	})
}

// rights are what somebody may do with the file now.
func (w *stage) rights(user alveary.UserID) (r alveary.Rights) {
	w.t.Helper()
	s := w.as(user)
	w.write(func(tx *store.Tx) error {
		access, err := w.Gate.Bind(w.t.Context(), tx, s)
		if err != nil {
			return err
		}
		line, err := tx.Lineage(w.file)
		if err == nil {
			r = access.Rights(line)
		}
		return err
	})
	return r
}

// ask asks in somebody's name for the file, or fails the test.
func (w *stage) ask(user alveary.UserID, r alveary.Rights) {
	w.t.Helper()
	if err := w.Ask.Ask(w.t.Context(), w.as(user), w.file, r, "please"); err != nil {
		w.t.Fatal(err)
	}
}

func (w *stage) list(user alveary.UserID) (mine, forMe []ask.Asked) {
	w.t.Helper()
	mine, forMe, err := w.Ask.List(w.t.Context(), w.as(user))
	if err != nil {
		w.t.Fatal(err)
	}
	return mine, forMe
}

// waiting is the one request that waits for somebody.
func (w *stage) waiting(user alveary.UserID) ask.Asked {
	w.t.Helper()
	_, forMe := w.list(user)
	if len(forMe) != 1 {
		w.t.Fatalf("%d requests wait, want 1: %+v", len(forMe), forMe)
	}
	return forMe[0]
}

func (w *stage) notices(user alveary.UserID, kind alveary.NoticeKind) (of []alveary.Notice) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		all, err := tx.Notices(user, 0, 100, false)
		for _, n := range all {
			if n.Kind == kind {
				of = append(of, n)
			}
		}
		return err
	})
	return of
}

// actions are the actions in the audit log, newest first.
func (w *stage) actions() (out []string) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		lines, err := tx.Audit(100)
		for _, l := range lines {
			out = append(out, l.Login+" "+l.Action+" "+l.Detail)
		}
		return err
	})
	return out
}

func want(t testing.TB, what string, err error, code string) {
	t.Helper()
	var e *alveary.Error
	got := ""
	if errors.As(err, &e) {
		got = e.Code
	}
	if got != code || code == "" && err != nil {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func onEach(t *testing.T, test func(t *testing.T, w *stage)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) { test(t, newStage(t, database)) })
	}
}
