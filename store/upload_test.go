package store

import (
	"slices"
	"testing"
	"time"

	"alveary"
)

func TestUploads(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		at := time.Date(2026, 6, 1, 12, 0, 0, 5000, time.UTC)
		want := Upload{
			ID: "u1", User: 7, Parent: commonFolder, Relative: "sub/it's", Name: "100%.txt", Conflict: "fail", IfMatch: `"a"`, Blob: "b1", Length: 1 << 40,
			MTime: at, Created: at, Expires: at.Add(time.Hour),
		}
		write(t, s, func(tx *Tx) error { return tx.InsertUpload(want) })
		find := func() (u Upload) {
			t.Helper()
			read(t, s, func(tx *Tx) (err error) { u, err = tx.Upload("u1"); return err })
			return u
		}
		if got := find(); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		write(t, s, func(tx *Tx) error { return tx.CompleteUpload("u1", "sha", "text/plain") })
		if got := find(); got.SHA256 != "sha" || got.MIME != "text/plain" || got.Blob != "b1" || got.Node != 0 {
			t.Errorf("complete: %+v", got)
		}
		known := func() bool {
			t.Helper()
			var k map[alveary.BlobID]bool
			read(t, s, func(tx *Tx) (err error) { k, err = tx.KnownBlobs([]alveary.BlobID{"b1"}); return err })
			return k["b1"]
		}
		if !known() {
			t.Error("the bytes of an upload under way belong to nobody")
		}
		write(t, s, func(tx *Tx) error { return tx.FinishUpload("u1", 42) })
		if got := find(); got.Node != 42 || got.Blob != "" {
			t.Errorf("finished: %+v", got)
		}
		if known() {
			t.Error("the bytes are still the upload's")
		}
		write(t, s, func(tx *Tx) error { return tx.DeleteUpload("u1") })
		err := s.Read(t.Context(), func(tx *Tx) error { _, err := tx.Upload("u1"); return err })
		wantKind(t, err, alveary.KindNotFound, "not-found")
	})
}

// An upload whose time has come is expired, at that very instant too; the
// longest expired come first.
func TestExpiredUploads(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		c := newClock()
		cfg.Now = c.Now
		s := open(t, cfg)
		base := c.Now()
		write(t, s, func(tx *Tx) error {
			for i, id := range []string{"c", "a", "d", "b"} {
				if err := tx.InsertUpload(Upload{ID: id, Blob: "x", Expires: base.Add([]time.Duration{3 * time.Hour, time.Hour, 4 * time.Hour, 2 * time.Hour}[i])}); err != nil {
					return err
				}
			}
			return nil
		})
		expired := func(limit int) (ids []string) {
			t.Helper()
			read(t, s, func(tx *Tx) error {
				uploads, err := tx.ExpiredUploads(limit)
				for _, u := range uploads {
					ids = append(ids, u.ID)
				}
				return err
			})
			return ids
		}
		wantNames(t, expired(10))
		c.advance(3*time.Hour + time.Minute)
		wantNames(t, expired(10), "a", "b", "c")
		wantNames(t, expired(2), "a", "b")
		c.advance(time.Hour)
		if got := expired(10); !slices.Contains(got, "d") {
			t.Errorf("%q", got)
		}
	})
}
