package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"alveary"
)

// What was there stays, what did not fit is not there, and room made later is
// used: of a database that may grow no further.
func TestFullDatabase(t *testing.T) {
	s := open(t, databases[0].config(t))
	kept := insert(t, s, commonFolder, fileNamed("kept"))[0]
	var pages int64
	if err := s.writer.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(pages int64) {
		t.Helper()
		if _, err := s.writer.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)); err != nil {
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
	// On the second one the write-ahead log grows until it is folded back.
	for _, megabytes := range []int{3, 9} {
		t.Run(fmt.Sprint(megabytes, " MB"), func(t *testing.T) { fullDisk(t, smallDisk(t, megabytes<<20)) })
	}
}

func fullDisk(t *testing.T, dir string) {
	t.Helper()
	s := open(t, Config{Path: filepath.Join(dir, "alveary.db"), Now: newClock().Now})
	kept := insert(t, s, commonFolder, fileNamed("kept"))[0]
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	fillUntilFull(t, s)
	if got := node(t, s, kept.ID); got != rounded(kept) {
		t.Errorf("%+v", got)
	}
	wantSound(t, s)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	insert(t, s, commonFolder, fileNamed("again"))
	wantSound(t, s)
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

// smallDisk mounts a disk of that many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk; TestFullDatabase runs for everybody")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", size)); err != nil {
		t.Skipf("this system mounts no small disk (%v); TestFullDatabase runs everywhere", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount the small disk: %v", err)
		}
	})
	return dir
}
