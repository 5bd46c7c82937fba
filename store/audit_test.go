package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"alveary"
)

func auditOf(t testing.TB, s *Store, limit int) (records []alveary.AuditRecord) {
	t.Helper()
	read(t, s, func(tx *Tx) (err error) { records, err = tx.Audit(limit); return err })
	return records
}

// What is recorded comes back in every field, newest first.
func TestAudit(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		want := alveary.AuditRecord{
			User: 7, Login: "mia", Action: "rename", Verdict: alveary.VerdictDone, Node: 42, Path: "main/common/it's 100%", Detail: "from “a”", Address: "::1", Request: "r1",
		}
		write(t, s, func(tx *Tx) error { want.At = rounded(alveary.Node{MTime: tx.Now()}).MTime; return tx.Record(want) })
		second := alveary.AuditRecord{Action: "download", Verdict: alveary.VerdictDenied}
		if err := s.Record(t.Context(), second); err != nil {
			t.Fatal(err)
		}
		got := auditOf(t, s, 10)
		if len(got) != 2 || got[0].Action != "download" || got[0].At.IsZero() || got[0].ID <= got[1].ID {
			t.Fatalf("%+v", got)
		}
		want.ID = got[1].ID
		if got[1] != want {
			t.Errorf("%+v, want %+v", got[1], want)
		}
		if one := auditOf(t, s, 1); len(one) != 1 || one[0] != got[0] {
			t.Errorf("the latest is %+v", one)
		}
	})
}

// A record goes with its transaction, wherever that goes.
func TestAuditIsInTheTransaction(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		refused := errors.New("refused")
		err := s.Write(t.Context(), func(tx *Tx) error {
			return errors.Join(tx.Record(alveary.AuditRecord{Action: "never"}), refused)
		})
		if !errors.Is(err, refused) {
			t.Error(err)
		}
		on(t, s, commonFolder, func(tx *Tx, l alveary.Lineage) error {
			n, err := tx.Insert(l, folderNamed("a"))
			return errors.Join(err, tx.Record(alveary.AuditRecord{Action: "make-folder", Node: n.ID}))
		})
		got := auditOf(t, s, 10)
		if len(got) != 1 || got[0].Action != "make-folder" || node(t, s, got[0].Node).Name != "a" {
			t.Errorf("%+v", got)
		}
	})
}

// Records that come together are all written, once each, and those of one
// asker in his order.
func TestRecordsThatComeTogether(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		const askers, each = 16, 25
		var all sync.WaitGroup
		for a := range askers {
			all.Go(func() {
				for i := range each {
					if err := s.Record(t.Context(), alveary.AuditRecord{User: alveary.UserID(a), Action: fmt.Sprint(i)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i := range 20 { // and changes in between
			insert(t, s, commonFolder, folderNamed(fmt.Sprint(i)))
		}
		all.Wait()
		byAsker := map[alveary.UserID][]string{}
		for _, r := range slices.Backward(auditOf(t, s, 10_000)) {
			byAsker[r.User] = append(byAsker[r.User], r.Action)
		}
		var want []string
		for i := range each {
			want = append(want, fmt.Sprint(i))
		}
		for a := range askers {
			if got := byAsker[alveary.UserID(a)]; !slices.Equal(got, want) {
				t.Errorf("asker %d: %v", a, got)
			}
		}
	})
}

// While the store closes, a record is either written or refused, and the asker
// knows which.
func TestRecordDuringClose(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		var accepted, refused atomic.Int64
		var askers sync.WaitGroup
		begun := make(chan struct{}, 1)
		for range 8 {
			askers.Go(func() {
				for {
					err := s.Record(context.Background(), alveary.AuditRecord{Action: "x"})
					if err != nil {
						refused.Add(1)
						if !alveary.IsKind(err, alveary.KindUnavailable) {
							t.Errorf("refused with %v", err)
						}
						return
					}
					accepted.Add(1)
					select {
					case begun <- struct{}{}:
					default:
					}
				}
			})
		}
		<-begun
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		askers.Wait()
		if refused.Load() != 8 {
			t.Errorf("%d askers were refused", refused.Load())
		}
		again := open(t, cfg)
		if got := len(auditOf(t, again, 1_000_000)); int64(got) != accepted.Load() {
			t.Errorf("%d records accepted, %d written", accepted.Load(), got)
		}
	})
}

// One asker who goes away does not take the records of others with him.
func TestRecordOfAnAskerWhoWentAway(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if i%2 == 0 {
					cancel()
				}
				err := s.Record(ctx, alveary.AuditRecord{User: alveary.UserID(i), Action: "x"})
				if i%2 == 1 && err != nil {
					t.Errorf("asker %d: %v", i, err)
				}
			})
		}
		all.Wait()
		seen := map[alveary.UserID]bool{}
		for _, r := range auditOf(t, s, 100) {
			seen[r.User] = true
		}
		for i := 1; i < 20; i += 2 {
			if !seen[alveary.UserID(i)] {
				t.Errorf("the record of asker %d is lost", i)
			}
		}
	})
}
