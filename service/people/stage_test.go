package people_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/people"
	"alveary/store"
	"alveary/testkit/pgtest"
)

// stage is a store on one of the two databases with the service on it. Letters
// are links that name whom they are for; those to example.net are mailed.
type stage struct {
	*store.Store
	People *people.Service
	Gate   *authz.Gate
	t      testing.TB
}

func now() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

func newStage(t testing.TB, database string) *stage {
	t.Helper()
	cfg := store.Config{Now: now}
	if database == "postgres" {
		cfg.Postgres = pgtest.DSN(t)
	} else {
		cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
	}
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
	sealer, _, err := alveary.NewSeal(new(zeros))
	if err != nil {
		t.Fatal(err)
	}
	gate := authz.New(sealer, now)
	letter := func(kind string) people.Letter {
		return func(tx *store.Tx, _ alveary.Subject, user alveary.User) (string, bool, error) {
			if _, err := tx.DeleteLetters(user.ID); err != nil {
				return "", false, err
			}
			if err := tx.InsertLetter(alveary.Letter{ID: kind + user.Login, User: user.ID, Kind: kind, Expires: now().Add(time.Hour)}); err != nil {
				return "", false, err
			}
			if len(user.Email) > 11 && user.Email[len(user.Email)-11:] == "example.net" {
				return "", true, nil
			}
			return kind + " for " + user.Login, false, nil
		}
	}
	return &stage{Store: s, Gate: gate, t: t, People: people.New(s, gate, people.Options{
		Hash: func(_ context.Context, _, _, _, password string) (string, error) {
			if len(password) < 8 {
				return "", &alveary.Error{Kind: alveary.KindInvalid, Op: "hash", Code: "weak-password", Message: "too short"}
			}
			return "hash of " + password, nil
		},
		Invite: letter("invitation"), Reset: letter("reset"),
	})}
}

// zeros is a source of bytes for a seal that nobody breaks here.
type zeros struct{}

// Read gives zeros.
func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// onEach runs a test on each database, with an administrator and Ann.
func onEach(t *testing.T, test func(t *testing.T, w *stage, root alveary.Subject)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			w := newStage(t, database)
			w.User("root", alveary.ProfileAdmin)
			w.User("ann")
			test(t, w, w.As("root"))
		})
	}
}

// Write changes the database past the service.
func (w *stage) Write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Store.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// Read looks at the database past the service.
func (w *stage) Read(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Store.Read(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// User makes an account of the profile standard, or of the one given.
func (w *stage) User(login string, profile ...alveary.Profile) (made alveary.User) {
	w.t.Helper()
	u := alveary.User{Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}
	if len(profile) > 0 {
		u.Profile = profile[0]
	}
	w.Write(func(tx *store.Tx) (err error) { made, err = tx.InsertUser(u, "hash"); return err })
	return made
}

// As is a user as he asks now, in a session of his.
func (w *stage) As(login string) (s alveary.Subject) {
	w.t.Helper()
	w.Read(func(tx *store.Tx) error {
		u, _, err := tx.UserByLogin(login)
		if err == nil {
			s, err = tx.Subject(u.ID)
		}
		return err
	})
	s.Address, s.Request, s.Session = "192.0.2.7", "request of "+login, alveary.SessionID("asks as "+login)
	return s
}

// SignIn gives a user a session and a token.
func (w *stage) SignIn(login string) {
	w.t.Helper()
	id := w.As(login).User.ID
	w.Write(func(tx *store.Tx) error {
		_, err := tx.InsertSession(alveary.Session{ID: alveary.SessionID("asks as " + login), User: id, Expires: now().Add(time.Hour)}, "")
		if err != nil {
			return err
		}
		_, err = tx.InsertToken(alveary.Token{ID: alveary.TokenID("token of " + login), User: id}, "")
		return err
	})
}

// SignIns counts the sessions and tokens of a user, and ends them.
func (w *stage) SignIns(login string) (n int) {
	w.t.Helper()
	id := w.As(login).User.ID
	w.Write(func(tx *store.Tx) error {
		sessions, err := tx.Sessions(id)
		if err != nil {
			return err
		}
		tokens, err := tx.Tokens(id)
		if err != nil {
			return err
		}
		n = len(sessions) + len(tokens)
		_, err = tx.EndSignIns(id, "")
		return err
	})
	return n
}

// Audit lists the records, the oldest first.
func (w *stage) Audit() (lines []alveary.AuditRecord) {
	w.t.Helper()
	w.Read(func(tx *store.Tx) (err error) { lines, err = tx.Audit(1000); return err })
	slices.Reverse(lines)
	return lines
}

// Since lists the records after so many.
func (w *stage) Since(n int) []alveary.AuditRecord { w.t.Helper(); return w.Audit()[n:] }

// ID is that of a user, as text.
func (w *stage) ID(login string) string { w.t.Helper(); return idText(w.As(login).User.ID) }

func idText[T ~int64](id T) string { return alveary.NodeID(id).String() }

func ptr[T any](v T) *T { return &v }

func wantKind(t *testing.T, err error, kind alveary.Kind, code string) {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Errorf("got %v, want kind %d with code %q", err, kind, code)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
