package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
)

// many runs fn so often at once and says how often it was true.
func many(t *testing.T, s *Store, fn func(*Tx) (bool, error)) int64 {
	t.Helper()
	var wg sync.WaitGroup
	var n atomic.Int64
	for range 12 {
		wg.Go(func() {
			ok := false
			err := s.Write(t.Context(), func(tx *Tx) (err error) {
				ok, err = fn(tx)
				return err
			})
			if err != nil {
				t.Error(err)
			}
			if ok {
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return n.Load()
}

func TestFactorsOfAnAccount(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var ann, ben alveary.User
		write(t, s, func(tx *Tx) (err error) {
			if ann, err = tx.InsertUser(alveary.User{Login: "ann", Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "x"); err != nil {
				return err
			}
			ben, err = tx.InsertUser(alveary.User{Login: "ben", Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "x")
			return err
		})
		app := alveary.Factor{ID: "app", User: ann.ID, Kind: alveary.FactorTOTP, Label: "app", Secret: "sealed", Step: 7}
		write(t, s, func(tx *Tx) error {
			for i := range 3 {
				if _, err := tx.InsertFactor(alveary.Factor{ID: alveary.FactorID(fmt.Sprint("r", i)), User: ann.ID, Kind: alveary.FactorRecovery, Secret: "hash"}); err != nil {
					return err
				}
			}
			if has, err := tx.HasSecond(ann.ID); has || err != nil {
				t.Errorf("recovery codes are a second factor: %v, %v", has, err)
			}
			_, err := tx.InsertFactor(app)
			return err
		})
		err := s.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.InsertFactor(alveary.Factor{ID: "app", User: ben.ID, Kind: alveary.FactorPasskey})
			return err
		})
		if !alveary.IsKind(err, alveary.KindConflict) {
			t.Errorf("registered twice: %v", err)
		}
		if n := many(t, s, func(tx *Tx) (bool, error) { return tx.UseFactor("app", 8) }); n != 1 {
			t.Errorf("a step was used %d times", n)
		}
		write(t, s, func(tx *Tx) error {
			if ok, err := tx.UseFactor("app", 8); ok || err != nil {
				t.Errorf("the same step again: %v, %v", ok, err)
			}
			f, err := tx.Factor("app")
			if err != nil || f.Step != 8 || f.Used.IsZero() || f.Secret != "sealed" || f.Label != "app" {
				t.Errorf("kept %+v, %v", f, err)
			}
			if err := tx.LabelFactor(ben.ID, "app", "mine"); !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("another's was named: %v", err)
			}
			return tx.LabelFactor(ann.ID, "app", "phone")
		})
		if n := many(t, s, func(tx *Tx) (bool, error) {
			err := tx.DeleteFactor(ann.ID, "r0")
			if alveary.IsKind(err, alveary.KindNotFound) {
				return false, nil
			}
			return err == nil, err
		}); n != 1 {
			t.Errorf("a recovery code was used %d times", n)
		}
		write(t, s, func(tx *Tx) error {
			if err := tx.DeleteFactor(ben.ID, "app"); !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("another's was taken away: %v", err)
			}
			if n, err := tx.DeleteFactors(ann.ID, alveary.FactorRecovery); n != 2 || err != nil {
				t.Errorf("%d recovery codes went, %v", n, err)
			}
			if factors, err := tx.Factors(ann.ID); err != nil || len(factors) != 1 || factors[0].Label != "phone" {
				t.Errorf("left are %+v, %v", factors, err)
			}
			n, err := tx.DeleteFactors(ann.ID, "")
			if n != 1 {
				t.Errorf("%d factors went", n)
			}
			return err
		})
	})
}

func TestWhatWaits(t *testing.T) {
	c := newClock()
	eachConfig(t, func(t *testing.T, cfg Config) {
		cfg.Now = c.Now
		s := open(t, cfg)
		soon := c.Now().Add(time.Minute)
		write(t, s, func(tx *Tx) error {
			for i, user := range []alveary.UserID{7, 7, 8} {
				p := alveary.Pending{ID: fmt.Sprint("p", i), User: user, Secret: "hash", Kind: "k", Stamp: "s", Data: "{}", Expires: soon}
				if err := tx.InsertPending(p); err != nil {
					return err
				}
			}
			return tx.InsertLetter(alveary.Letter{ID: "l", User: 7, Secret: "hash", Kind: "reset", CreatedBy: 8, Expires: soon})
		})
		if n := many(t, s, func(tx *Tx) (bool, error) { return tx.TryPending("p0", 5) }); n != 5 {
			t.Errorf("%d tries were allowed", n)
		}
		if n := many(t, s, func(tx *Tx) (bool, error) { return tx.DeletePending("p1") }); n != 1 {
			t.Errorf("%d went on", n)
		}
		if n := many(t, s, func(tx *Tx) (bool, error) { return tx.Spend("once", soon) }); n != 1 {
			t.Errorf("spent %d times", n)
		}
		write(t, s, func(tx *Tx) error {
			if err := tx.SetPendingData("p0", "more"); err != nil {
				return err
			}
			if p, err := tx.Pending("p0"); err != nil || p.Data != "more" || p.Tries != 5 || p.User != 7 || p.Stamp != "s" {
				t.Errorf("waits %+v, %v", p, err)
			}
			if l, err := tx.Letter("l"); err != nil || l.User != 7 || l.CreatedBy != 8 || l.Kind != "reset" || l.Created.IsZero() {
				t.Errorf("the letter is %+v, %v", l, err)
			}
			return nil
		})
		c.advance(time.Hour)
		write(t, s, func(tx *Tx) error {
			for _, err := range []error{second(tx.Pending("p2")), second(tx.Letter("l"))} {
				if !alveary.IsKind(err, alveary.KindNotFound) {
					t.Errorf("what has passed is found: %v", err)
				}
			}
			if err := tx.Sweep(time.Time{}); err != nil {
				return err
			}
			if ok, err := tx.Spend("once", soon.Add(2*time.Hour)); !ok || err != nil {
				t.Errorf("what has passed is kept: %v, %v", ok, err)
			}
			return nil
		})
	})
}

func second[T any](_ T, err error) error { return err }

// All by which somebody is signed in ends at once, but for what is to stay.
func TestEndSignIns(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var before int64
		write(t, s, func(tx *Tx) error {
			later := tx.Now().Add(time.Hour)
			for _, id := range []alveary.SessionID{"a", "b"} {
				if _, err := tx.InsertSession(alveary.Session{ID: id, User: 7, Expires: later, Method: "passkey", Level: 2}, "h"+string(id)); err != nil {
					return err
				}
			}
			if _, err := tx.InsertToken(alveary.Token{ID: "t", User: 7, Level: 2, Scope: alveary.Scope{Reach: alveary.ReachRead, Node: 5}}, "ht"); err != nil {
				return err
			}
			if token, _, err := tx.Token("t"); err != nil || token.Level != 2 || token.Scope.Node != 5 {
				t.Errorf("the token is %+v, %v", token, err)
			}
			if err := tx.InsertPending(alveary.Pending{ID: "p", User: 7, Expires: later}); err != nil {
				return err
			}
			counters, err := tx.Counters()
			before = counters.People
			return err
		})
		write(t, s, func(tx *Tx) error {
			n, err := tx.EndSignIns(7, "b")
			if n != 2 {
				t.Errorf("%d were ended", n)
			}
			return err
		})
		write(t, s, func(tx *Tx) error {
			if session, _, err := tx.Session("b"); err != nil || session.Level != 2 || session.Method != "passkey" || session.Proved.IsZero() {
				t.Errorf("the session that stays is %+v, %v", session, err)
			}
			_, err := tx.Pending("p")
			if sessions, err := tx.Sessions(7); err != nil || len(sessions) != 1 {
				t.Errorf("%v, %v", sessions, err)
			}
			if !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("what waited goes on: %v", err)
			}
			counters, err := tx.Counters()
			if counters.People <= before {
				t.Error("nobody is told to look again")
			}
			return err
		})
	})
}
