package world

import (
	"context"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/blob/memblob"
	"alveary/render"
	"alveary/service/files"
	"alveary/service/govern"
	"alveary/service/login"
	"alveary/service/login/limit"
	"alveary/service/mail"
	"alveary/service/notice"
	"alveary/service/people"
	"alveary/service/settings"
	"alveary/service/share"
	"alveary/service/share/ask"
	"alveary/service/share/use"
	"alveary/service/share/visit"
	"alveary/store"
	"alveary/testkit/pgtest"
	"alveary/vault"
)

// Databases are the two that every store runs on.
func Databases() []string { return []string{"sqlite", "postgres"} }

// OnEach runs a test on an own world on each of the two databases.
func OnEach(t *testing.T, test func(*testing.T, *World)) {
	t.Helper()
	for _, database := range Databases() {
		t.Run(database, func(t *testing.T) { test(t, New(t, Options{Database: database})) })
	}
}

// Options choose what a world is made of; the zero value is SQLite and memory.
type Options struct {
	Database string      // of Databases; empty: sqlite
	Driver   blob.Driver // empty: memblob without a limit
	Public   string      // address by which people come; empty: not known
	Proxy    bool        // loopback is a proxy, so that clients say where they come from
}

// World is one installation.
type World struct {
	Store  *store.Store
	Driver blob.Driver
	Blobs  *blob.Store
	Gate   *authz.Gate
	Files  *files.Service
	Login  *login.Service
	Limits *limit.Limits
	Govern *govern.Service
	People *people.Service
	Mail   *mail.Service
	Box    *vault.Box

	Settings *settings.Service
	Share    *share.Service
	Requests *ask.Service
	Visits   *visit.Service
	Uses     *use.Counter
	Notices  *notice.Service

	// Decided, where set, runs between a decision on content and the act.
	Decided atomic.Pointer[func()]

	t      testing.TB
	place  store.Config
	public string
	proxy  bool
	sealer alveary.Sealer
	hash   string // of Password, at a low price
	server *server

	mu    sync.Mutex
	clock time.Time
}

// Password is everybody's.
const Password = "a sentence that nobody guesses"

// UploadExpiry is how long a resumable upload lives.
const UploadExpiry = 24 * time.Hour

// SessionLife is how long a session lives.
const SessionLife = 2 * time.Hour

// New builds a world. Its database is sound when the test ends.
func New(t testing.TB, o Options) *World {
	t.Helper()
	w := &World{t: t, clock: began, Driver: o.Driver, public: o.Public, proxy: o.Proxy}
	cfg := store.Config{Now: w.Now}
	if o.Database == "postgres" {
		cfg.Postgres = pgtest.Copy(t, "alveary_world", func(dsn string) error {
			s, err := store.Open(context.Background(), store.Config{Postgres: dsn, Now: func() time.Time { return began }})
			if err != nil {
				return err
			}
			return s.Close()
		})
	} else {
		cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
		if err := copyFresh(cfg.Path); err != nil {
			t.Fatal(err)
		}
	}
	w.place = cfg
	var err error
	if w.Store, err = store.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	if w.Driver == nil {
		w.Driver = memblob.New(w.Now, 0)
	}
	cheap := &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	if w.hash, err = argon2id.CreateHash(Password, cheap); err != nil {
		t.Fatal(err)
	}
	w.Restart()
	return w
}

func (w *World) close() {
	if w.Files != nil {
		w.Files.Close()
	}
	w.Govern.Close()
	// Not the test's context, which has ended by now.
	if found, err := w.Store.Check(context.Background()); err != nil || len(found) > 0 {
		w.t.Errorf("the database is damaged: %q, %v", found, err)
	}
	if err := w.Store.Close(); err != nil {
		w.t.Error(err)
	}
}

// Restart builds the services anew over the same data, as a restarted server
// does: nothing that lived in memory is left, and no grant is believed.
func (w *World) Restart() {
	w.t.Helper()
	sealer, verifier, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	w.sealer = sealer
	if w.Files != nil {
		w.Files.Close()
	}
	w.Blobs = blob.New(w.Driver, verifier, w.Now)
	w.Gate = authz.New(sealer, w.Now)
	w.Uses = use.New(w.Store, w.Now)
	w.Files = files.New(files.Config{
		Store: w.Store, Gate: w.Gate, Blobs: w.Blobs, Now: w.Now, UploadExpiry: UploadExpiry,
		Render: render.New(render.Options{PDF: render.Find()}), Used: w.Uses.ByMember,
		Decided: func() {
			if f := w.Decided.Load(); f != nil {
				(*f)()
			}
		},
	})
	w.Box, w.Limits = vault.New([vault.KeyBytes]byte{1}), limit.New(w.Store, w.Now)
	if w.Login, err = login.New(w.Store, w.Gate, login.Options{
		Now: w.Now, Random: rand.Reader, SessionLife: SessionLife, Box: w.Box, Limits: w.Limits, PublicURL: w.public,
	}); err != nil {
		w.t.Fatal(err)
	}
	letter := func(kind string) people.Letter {
		return func(tx *store.Tx, by alveary.Subject, user alveary.User) (string, bool, error) {
			link, err := w.Login.InviteIn(tx, by, user, kind)
			return link.URL, link.Mailed, err
		}
	}
	w.People = people.New(w.Store, w.Gate, people.Options{
		Hash: w.Login.HashFor, Invite: letter(login.LetterInvitation), Reset: letter(login.LetterReset),
	})
	w.Settings = settings.New(w.Store, w.Box, mail.CheckServer)
	w.Mail = mail.New(w.Store, w.Box, w.Now, func() string { return w.public }, slog.New(slog.DiscardHandler))
	if w.Govern != nil {
		w.Govern.Close()
	}
	w.Govern = govern.New(govern.Config{Store: w.Store, Gate: w.Gate, Now: w.Now, Calls: func() []authz.Call {
		if w.server == nil {
			return nil
		}
		return w.server.gateway.Routes.Calls()
	}})
	w.shareThings()
	if w.server != nil {
		w.server.mount(w)
	}
}

// Now is the world's clock.
func (w *World) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

// Wait lets time pass.
func (w *World) Wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

// Once runs fn after the next decision on content, once.
func (w *World) Once(fn func()) {
	var done atomic.Bool
	f := func() { // not a sync.Once: fn may come by here itself
		if done.CompareAndSwap(false, true) {
			fn()
		}
	}
	w.Decided.Store(&f)
}

// Write changes the database past all services.
func (w *World) Write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Store.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// Read looks at the database past all services.
func (w *World) Read(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Store.Read(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// User makes an account of the profile standard, or of the one given.
func (w *World) User(name string, profile ...alveary.Profile) {
	w.t.Helper()
	u := alveary.User{Login: name, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}
	if len(profile) > 0 {
		u.Profile = profile[0]
	}
	w.Write(func(tx *store.Tx) error { _, err := tx.InsertUser(u, w.hash); return err })
}

// As is a user as he asks now.
func (w *World) As(name string) (s alveary.Subject) {
	w.t.Helper()
	w.Read(func(tx *store.Tx) error {
		u, _, err := tx.UserByLogin(name)
		if err == nil {
			s, err = tx.Subject(u.ID)
		}
		return err
	})
	s.Address, s.Request = "192.0.2.7", "request of "+name
	return s
}

// Role is the role that a user owns.
func (w *World) Role(name string) alveary.RoleID { return w.As(name).Role }

// Entry adds an entry of a user's own role on a node.
func (w *World) Entry(name string, node alveary.NodeID, e alveary.Entry) (made alveary.Entry) {
	w.t.Helper()
	e.Role, e.Node = w.Role(name), node
	w.Write(func(tx *store.Tx) (err error) { made, err = tx.InsertEntry(e); return err })
	return made
}

// Allow gives a user rights, `read`, `write` or `read,write`, on a node; the
// empty text is an entry that gives nothing and so takes away.
func (w *World) Allow(name string, node alveary.NodeID, rights string) alveary.Entry {
	w.t.Helper()
	parsed, err := alveary.ParseRights(rights)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.Entry(name, node, alveary.Entry{Rights: parsed})
}

// Deny denies a user a node with all beneath.
func (w *World) Deny(name string, node alveary.NodeID) alveary.Entry {
	w.t.Helper()
	return w.Entry(name, node, alveary.Entry{Deny: true})
}

// Drop takes an entry away.
func (w *World) Drop(e alveary.Entry) {
	w.t.Helper()
	w.Write(func(tx *store.Tx) error { return tx.DeleteEntry(e.ID) })
}

// Forget takes all entries on the nodes away.
func (w *World) Forget(nodes ...alveary.NodeID) {
	w.t.Helper()
	w.Write(func(tx *store.Tx) error {
		all, err := tx.Entries()
		if err != nil {
			return err
		}
		for _, e := range all {
			if slices.Contains(nodes, e.Node) {
				if err := tx.DeleteEntry(e.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Reopen opens the database anew after a test closed it.
func (w *World) Reopen() {
	w.t.Helper()
	var err error
	if w.Store, err = store.Open(w.t.Context(), w.place); err != nil {
		w.t.Fatal(err)
	}
	w.Restart()
}
