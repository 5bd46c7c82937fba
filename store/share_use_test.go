package store

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
)

// atOnce runs a question fifty times at the same time, on each of the servers
// of a database, and counts how often it was answered with yes.
func atOnce(t *testing.T, servers []*Store, ask func(*Tx) (bool, error)) int64 {
	t.Helper()
	var all sync.WaitGroup
	var yes atomic.Int64
	for i := range 50 {
		all.Go(func() {
			told := false
			if err := servers[i%len(servers)].Write(context.Background(), func(tx *Tx) (err error) { told, err = ask(tx); return err }); err != nil {
				t.Error(err)
			}
			if told {
				yes.Add(1)
			}
		})
	}
	all.Wait()
	return yes.Load()
}

// servers are those that there can be of a database.
func servers(t *testing.T, cfg Config) []*Store {
	t.Helper()
	if cfg.Postgres == "" {
		return []*Store{open(t, cfg)}
	}
	return []*Store{open(t, cfg), open(t, cfg)}
}

// Of fifty visitors at once no more download than may.
func TestClaimDownload(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		all := servers(t, cfg)
		link := insertCell(t, all[0], alveary.Cell{Owner: sharer(t, all[0], "ann").ID, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{})
		claim := func(most int64) func(*Tx) (bool, error) {
			return func(tx *Tx) (bool, error) { return tx.ClaimDownload(link.ID, most) }
		}
		for _, c := range []struct{ most, want int64 }{{0, 0}, {-1, 0}, {7, 7}, {7, 0}, {17, 10}, {12, 0}} {
			if got := atOnce(t, all, claim(c.most)); got != c.want {
				t.Errorf("most %d: %d were let through, want %d", c.most, got, c.want)
			}
		}
		if got := atOnce(t, all, func(tx *Tx) (bool, error) { return tx.ClaimDownload(5, 3) }); got != 0 {
			t.Errorf("%d downloads of a link that is not there", got)
		}
		read(t, all[0], func(tx *Tx) error {
			uses, err := tx.CellUses([]alveary.CellID{link.ID, 5})
			if u := uses[link.ID]; len(uses) != 1 || u.Downloads != 17 || u.Last.IsZero() {
				t.Errorf("%+v", uses)
			}
			return err
		})
	})
}

// Each byte of a download is taken on by one of fifty askers; what breaks off
// is given back, but not what others took on since.
func TestAdvanceDownload(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		all := servers(t, cfg)
		s := all[0]
		link := insertCell(t, s, alveary.Cell{Owner: sharer(t, s, "ann").ID, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{})
		d := Download{Cell: link.ID, Node: 8, Version: 2, Expires: s.now().Add(time.Hour)}
		write(t, s, func(tx *Tx) error { return tx.OpenDownload("d", d) })
		advance := func(from, to int64) func(*Tx) (bool, error) {
			return func(tx *Tx) (bool, error) {
				return tx.AdvanceDownload("d", int64(link.ID), 8, 2, from, to)
			}
		}
		settle := func(from, to, handed int64) {
			write(t, s, func(tx *Tx) error { return tx.SettleDownload("d", from, to, handed) })
		}
		want := func(from, to, want int64) {
			t.Helper()
			if got := atOnce(t, all, advance(from, to)); got != want {
				t.Errorf("bytes %d to %d were taken on %d times, want %d", from, to, got, want)
			}
		}
		want(0, 100, 1)
		want(40, 60, 0)
		settle(0, 100, 40) // it broke off
		want(30, 60, 0)
		want(40, 60, 1)
		want(70, 200, 1)
		settle(40, 60, 50) // too late: others were let through behind it
		want(50, 60, 0)
		settle(70, 200, 70)
		want(70, 200, 1)
		settle(70, 200, 200)
		settle(70, 200, 300)
		settle(0, 200, 0)
		want(0, 10, 0)
		want(199, 300, 0)
		want(200, 199, 0)
		want(-5, 300, 0)
		for what, other := range map[string]func(*Tx) (bool, error){
			"another id":      func(tx *Tx) (bool, error) { return tx.AdvanceDownload("e", int64(link.ID), 8, 2, 200, 300) },
			"another link":    func(tx *Tx) (bool, error) { return tx.AdvanceDownload("d", 5, 8, 2, 200, 300) },
			"another node":    func(tx *Tx) (bool, error) { return tx.AdvanceDownload("d", int64(link.ID), 9, 2, 200, 300) },
			"another version": func(tx *Tx) (bool, error) { return tx.AdvanceDownload("d", int64(link.ID), 8, 3, 200, 300) },
		} {
			if got := atOnce(t, all, other); got != 0 {
				t.Errorf("%s: taken on %d times", what, got)
			}
		}
		write(t, s, func(tx *Tx) error {
			d.Expires = tx.Now()
			return tx.OpenDownload("past", d)
		})
		if got := atOnce(t, all, func(tx *Tx) (bool, error) { return tx.AdvanceDownload("past", int64(link.ID), 8, 2, 0, 1) }); got != 0 {
			t.Error("a download that expired was resumed")
		}
		write(t, s, func(tx *Tx) error { return tx.DeleteCell(link.ID) })
		want(200, 300, 0)
	})
}

// Uses add up in batches; what ended is left out.
func TestUses(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		links := shareMany(t, s, 600, 3)
		at := time.Date(2026, 6, 2, 0, 0, 0, 0, time.UTC)
		batch := map[alveary.CellID]alveary.CellUse{5: {Opened: 1}}
		for i, id := range links {
			batch[id] = alveary.CellUse{Opened: 1, Downloads: int64(i), Last: at}
		}
		write(t, s, func(tx *Tx) error { return tx.AddUse(batch) })
		write(t, s, func(tx *Tx) error {
			return tx.AddUse(map[alveary.CellID]alveary.CellUse{
				links[3]: {Opened: 2, Uploads: 4, Last: at.Add(time.Hour)}, links[4]: {Last: at.Add(-time.Hour)},
			})
		})
		want := batch
		delete(want, 5)
		want[links[3]] = alveary.CellUse{Opened: 3, Downloads: 3, Uploads: 4, Last: at.Add(time.Hour)}
		read(t, s, func(tx *Tx) error {
			got, err := tx.CellUses(append(links, 5))
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%d uses, of the third %+v, of the fourth %+v", len(got), got[links[3]], got[links[4]])
			}
			return err
		})
		write(t, s, func(tx *Tx) error { return tx.DeleteCell(links[3]) })
		write(t, s, func(tx *Tx) error { return tx.AddUse(map[alveary.CellID]alveary.CellUse{links[3]: {Opened: 1}}) })
		read(t, s, func(tx *Tx) error {
			got, err := tx.CellUses(links[3:4])
			if len(got) != 0 {
				t.Errorf("%+v", got)
			}
			return err
		})
		if err := s.Write(t.Context(), func(tx *Tx) error {
			if err := tx.AddUse(map[alveary.CellID]alveary.CellUse{links[0]: {Opened: 1}}); err != nil {
				return err
			}
			return errors.New("not so")
		}); err == nil {
			t.Error("no error")
		}
		read(t, s, func(tx *Tx) error {
			got, err := tx.CellUses(links[:1])
			if got[links[0]].Opened != 1 {
				t.Errorf("%+v", got)
			}
			return err
		})
	})
}
