//go:build linux

package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/lossyfs"
)

// What was there stays, what did not fit is not there, and room made later is
// used: of a database that may grow no further.
func TestFullDatabase(t *testing.T) {
	s := open(t, databases[0].config(t))
	kept := insert(t, s, commonFolder, fileNamed("kept"))[0]
	var pages int64
	if err := s.db.Writer.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(pages int64) {
		t.Helper()
		if _, err := s.db.Writer.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages + 4)
	fillUntilFull(t, s)
	if got := node(t, s, kept.ID); got != rounded(kept) {
		t.Errorf("%+v", got)
	}
	limit(1 << 30)
	insert(t, s, commonFolder, fileNamed("again"))
	wantSound(t, s)
}

// The same on a disk that is full.
func TestFullDisk(t *testing.T) {
	// With the more room the write-ahead log grows until it is folded back.
	for _, room := range []int64{100 << 10, 6 << 20} {
		t.Run(fmt.Sprint(room>>10, " KiB"), func(t *testing.T) {
			disk := lossyfs.Mount(t)
			s := open(t, Config{Path: filepath.Join(disk.Dir(), "alveary.db"), Now: newClock().Now})
			kept := insert(t, s, commonFolder, fileNamed("kept"))[0]
			disk.Fill(room)
			fillUntilFull(t, s)
			if got := node(t, s, kept.ID); got != rounded(kept) {
				t.Errorf("%+v", got)
			}
			wantSound(t, s)
			disk.Unfill()
			insert(t, s, commonFolder, fileNamed("again"))
			wantSound(t, s)
		})
	}
}

// fillUntilFull makes folders, one a transaction, until one does not fit, and
// holds that then exactly those are there whose making was acknowledged.
func fillUntilFull(t *testing.T, s *Store) {
	t.Helper()
	var made []string
	var err error
	for i := 0; err == nil; i++ {
		if i > 100_000 {
			t.Fatal("it never fills up")
		}
		name := fmt.Sprintf("%06d %s", i, strings.Repeat("x", 240))
		err = tryOn(s, commonFolder, func(tx *Tx, l alveary.Lineage) error {
			_, err := tx.Insert(l, folderNamed(name))
			return err
		})
		if err == nil {
			made = append(made, name)
		}
	}
	wantKind(t, err, alveary.KindNoSpace, "no-space")
	for range 20 { // and it stays so without harm
		err := s.Record(t.Context(), alveary.AuditRecord{Action: "x", Detail: strings.Repeat("x", 100_000)})
		if !alveary.IsKind(err, alveary.KindNoSpace) {
			t.Fatalf("a record that does not fit: %v", err)
		}
	}
	names := namesIn(t, s, Listing{Folder: commonFolder, Limit: 200_000})
	names = slices.DeleteFunc(names, func(n string) bool { return n == "kept" })
	if !slices.Equal(names, made) {
		t.Errorf("%d are there, %d were acknowledged", len(names), len(made))
	}
	if len(auditOf(t, s, 10)) != 0 {
		t.Error("a record that was refused is there")
	}
}
