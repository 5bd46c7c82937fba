package notice_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/notice"
	"alveary/store"
	"alveary/testkit/pgtest"
	"alveary/vault"
)

// stage is a store on one of the two databases with the service on it, twice
// where the database can be shared. Ann owns the folder "plans" with a file in
// it; Ben and Eve have nothing; Xan is external. It is noon of 1 June.
type stage struct {
	*store.Store
	*notice.Service
	second *notice.Service // of another server
	gate   *authz.Gate
	box    *vault.Box
	t      testing.TB

	root, ann, ben, eve, xan alveary.UserID
	folder, file             alveary.NodeID

	mu    sync.Mutex
	clock time.Time
}

func (w *stage) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

// until moves the clock.
func (w *stage) until(day, hour, minute int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = at(day, hour, minute)
}

// at is an instant of June, and of the months after it.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 6, day, hour, minute, 0, 0, time.FixedZone("here", 2*3600))
}

func onEach(t *testing.T, test func(t *testing.T, w *stage)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) { test(t, newStage(t, database)) })
	}
}

func newStage(t testing.TB, database string) *stage {
	t.Helper()
	w := &stage{t: t, clock: at(1, 12, 0), box: vault.New([32]byte{7})}
	cfg := store.Config{Now: w.now}
	if database == "postgres" {
		cfg.Postgres = pgtest.DSN(t)
	} else {
		cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
	}
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.gate = authz.New(sealer, w.now)
	serve := func(s *store.Store) *notice.Service {
		return notice.New(notice.Config{
			Store: s, Gate: authz.New(sealer, w.now), Now: w.now, Box: w.box, PublicURL: "https://files.example.org", Log: slog.New(slog.DiscardHandler),
		})
	}
	open := func() *store.Store {
		s, err := store.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			found, err := s.Check(context.Background())
			if err != nil || len(found) > 0 {
				t.Errorf("the database is damaged: %q, %v", found, err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	w.Store = open()
	other := w.Store
	if database == "postgres" {
		other = open()
	}
	w.Service, w.second = serve(w.Store), serve(other)
	w.root = w.user("root", alveary.ProfileAdmin)
	w.ann, w.ben = w.user("ann", alveary.ProfileStandard), w.user("ben", alveary.ProfileStandard)
	w.eve, w.xan = w.user("eve", alveary.ProfileStandard), w.user("xan", alveary.ProfileShared)
	w.write(func(tx *store.Tx) error {
		area, err := tx.Lineage(2)
		if err != nil {
			return err
		}
		folder, err := tx.Insert(area, alveary.Node{Name: "plans", Type: alveary.Collection, Owner: w.ann})
		if err != nil {
			return err
		}
		file, err := tx.Insert(area.Child(folder), alveary.Node{Name: "plan.txt", Type: alveary.Leaf, Owner: w.ann, Blob: "b"})
		w.folder, w.file = folder.ID, file.ID
		if err != nil {
			return err
		}
		if err := tx.SetMailServer(alveary.MailServer{Host: "mail.example.org", Port: 25, From: "noreply@example.org"}); err != nil {
			return err
		}
		_, err = tx.InsertEntry(alveary.Entry{Role: w.roleIn(tx, w.ann), Node: folder.ID, Rights: alveary.Givable})
		return err
	})
	return w
}

func (w *stage) write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// user makes an account with a mail address, and the name Ann for the login ann.
func (w *stage) user(login string, p alveary.Profile) (id alveary.UserID) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		u, err := tx.InsertUser(alveary.User{
			Login: login, Name: string(login[0]-32) + login[1:], Email: login + "@example.org", Profile: p, Group: alveary.RootGroup,
		}, "")
		id = u.ID
		return err
	})
	return id
}

func (w *stage) change(id alveary.UserID, change func(*alveary.User)) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		u, err := tx.User(id)
		if err != nil {
			return err
		}
		change(&u)
		return tx.UpdateUser(u)
	})
}

func (w *stage) as(id alveary.UserID) (s alveary.Subject) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		s, err = tx.Subject(id)
		return err
	})
	return s
}

func (w *stage) roleIn(tx *store.Tx, id alveary.UserID) alveary.RoleID {
	w.t.Helper()
	s, err := tx.Subject(id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s.Role
}

// cell makes a Cell of Ann's on the folder with Ben in it.
func (w *stage) cell(label string, change func(*alveary.Cell)) (c alveary.Cell) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		c = alveary.Cell{
			Slug: "of-" + strings.ToLower(strings.Fields(label)[0]), Label: label, Owner: w.ann, Created: w.now(),
			Entries: []alveary.Entry{{Role: w.roleIn(tx, w.ben), Node: w.folder, Rights: alveary.RightRead}},
		}
		if change != nil {
			change(&c)
		}
		secret := store.CellSecret{Token: "hash of " + label}
		if c.Link != nil && c.Link.Password {
			secret.Password = "hash of a password"
		}
		c, err = tx.InsertCell(c, secret)
		return err
	})
	return c
}

// link makes a link of Ann's on the file.
func (w *stage) link(label string, mode alveary.LinkMode, change func(*alveary.Cell)) alveary.Cell {
	w.t.Helper()
	return w.cell(label, func(c *alveary.Cell) {
		c.Slug, c.Link = "", &alveary.Link{Mode: mode}
		c.Entries = []alveary.Entry{{Node: w.file, Rights: mode.Gives()}}
		if change != nil {
			change(c)
		}
	})
}

func (w *stage) changeCell(c alveary.Cell) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error { return tx.UpdateCell(c) })
}

func (w *stage) notify(n alveary.Notice) (made alveary.Notice) {
	w.t.Helper()
	w.write(func(tx *store.Tx) (err error) {
		made, err = tx.Notify(n)
		return err
	})
	return made
}

func (w *stage) rule(terms alveary.Terms) (id alveary.HouseRuleID) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		r, err := tx.PutHouseRule(alveary.HouseRule{Role: alveary.RootGroupRole, Node: alveary.RootID, Terms: terms})
		id = r.ID
		return err
	})
	return id
}

// round does what is due on both servers.
func (w *stage) round() {
	w.t.Helper()
	for _, s := range []*notice.Service{w.Service, w.second, w.Service} {
		if err := s.Round(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// told is what somebody was told, newest first, one sentence each.
func (w *stage) told(id alveary.UserID) (texts []string) {
	w.t.Helper()
	for _, v := range w.list(id, notice.Query{}).Items {
		texts = append(texts, v.Text)
	}
	return texts
}

func (w *stage) list(id alveary.UserID, q notice.Query) notice.Page {
	w.t.Helper()
	page, err := w.List(w.t.Context(), w.as(id), q)
	if err != nil {
		w.t.Fatal(err)
	}
	return page
}

// post is a mail that waits.
type post struct {
	To, Kind string
	alveary.Letterhead
}

// posted takes what waits in the outbox.
func (w *stage) posted() (all []post) {
	w.t.Helper()
	for {
		var m alveary.Message
		err := w.Write(w.t.Context(), func(tx *store.Tx) (err error) {
			if m, err = tx.TakeMessage(tx.Now().Add(time.Hour)); err == nil {
				err = tx.DeleteMessage(m.ID)
			}
			return err
		})
		if alveary.IsKind(err, alveary.KindNotFound) {
			return all
		}
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := w.box.Open(vault.PurposeMail, m.Data)
		if err != nil {
			w.t.Fatal(err)
		}
		p := post{To: m.To, Kind: m.Kind}
		if err := json.Unmarshal(text, &p.Letterhead); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, p)
	}
}

func same(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %q, want %q", what, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("%s: %q, want %q", what, got[i], want[i])
		}
	}
}
