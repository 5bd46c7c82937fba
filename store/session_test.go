package store_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/pgtest"
)

// tick is a clock that a test moves.
type tick struct{ now time.Time }

func (c *tick) add(d time.Duration) { c.now = c.now.Add(d) }

// onBoth runs a test on an empty store of each database.
func onBoth(t *testing.T, test func(t *testing.T, s *store.Store, clock *tick)) {
	t.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			clock := &tick{now: time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)}
			cfg := store.Config{Now: func() time.Time { return clock.now }}
			if dialect == "sqlite" {
				cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
			} else {
				cfg.Postgres = pgtest.DSN(t)
			}
			s, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, s, clock)
		})
	}
}

// write runs a change that must succeed.
func write(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, clock *tick) {
		const ann, ben = alveary.UserID(11), alveary.UserID(12)
		begin := clock.now.Truncate(time.Microsecond)
		write(t, s, func(tx *store.Tx) error {
			for _, id := range []alveary.SessionID{"a1", "a2", "a3"} {
				if _, err := tx.InsertSession(alveary.Session{ID: id, User: ann, Expires: begin.Add(time.Hour), Address: "192.0.2.1", UserAgent: "Firefox ✓", Method: "password", Level: alveary.LevelPassword}, "hash of "+string(id)); err != nil {
					return err
				}
			}
			_, err := tx.InsertSession(alveary.Session{ID: "b1", User: ben, Expires: begin.Add(time.Minute)}, "hash of b1")
			return err
		})

		clock.add(10 * time.Second)
		write(t, s, func(tx *store.Tx) error { return tx.SeeSession("a2") })
		write(t, s, func(tx *store.Tx) error {
			got, hash, err := tx.Session("a2")
			want := alveary.Session{
				ID: "a2", User: ann, Created: begin, LastSeen: begin.Add(10 * time.Second), Expires: begin.Add(time.Hour),
				Proved: begin, Address: "192.0.2.1", UserAgent: "Firefox ✓", Method: "password", Level: alveary.LevelPassword,
			}
			if got != want || hash != "hash of a2" {
				t.Errorf("got %+v with %q, want %+v", got, hash, want)
			}
			return err
		})
		assertSessions(t, s, ann, "a2", "a1", "a3")

		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteSession(ben, "a1") }); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("ended the session of someone else: %v", err)
		}
		write(t, s, func(tx *store.Tx) error { return tx.DeleteSession(ann, "a1") })
		assertSessions(t, s, ann, "a2", "a3")

		// Not seen for so long, or past its end, whichever comes first.
		clock.add(time.Minute)
		write(t, s, func(tx *store.Tx) error {
			n, err := tx.DeletePassedSessions(begin)
			if n != 2 {
				t.Errorf("%d sessions had passed, want a3 and b1", n)
			}
			return err
		})
		assertSessions(t, s, ann, "a2")
		assertSessions(t, s, ben)
	})
}

func TestDeleteOtherSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, clock *tick) {
		write(t, s, func(tx *store.Tx) error {
			var errs []error
			for id, user := range map[alveary.SessionID]alveary.UserID{"a1": 11, "a2": 11, "a3": 11, "b1": 12} {
				_, err := tx.InsertSession(alveary.Session{ID: id, User: user, Expires: clock.now.Add(time.Hour)}, "hash")
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		})
		for _, step := range []struct {
			keep alveary.SessionID
			left []alveary.SessionID
		}{
			{"a2", []alveary.SessionID{"a2"}},
			{"b1", nil},
			{"", nil},
		} {
			write(t, s, func(tx *store.Tx) error {
				_, err := tx.DeleteOtherSessions(11, step.keep)
				return err
			})
			assertSessions(t, s, 11, step.left...)
		}
		assertSessions(t, s, 12, "b1")
	})
}

func assertSessions(t *testing.T, s *store.Store, user alveary.UserID, want ...alveary.SessionID) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		sessions, err := tx.Sessions(user)
		if len(sessions) != len(want) {
			t.Fatalf("%d sessions of user %d, want %v", len(sessions), user, want)
		}
		for i := range want {
			if sessions[i].ID != want[i] {
				t.Errorf("session %d of user %d is %s, want %s", i, user, sessions[i].ID, want[i])
			}
		}
		return err
	})
}
