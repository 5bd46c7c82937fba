//go:build linux

package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/lossyfs"
)

// makeFolder makes a folder and records it, in one transaction.
func makeFolder(s *Store, name string) error {
	return tryOn(s, commonFolder, func(tx *Tx, l alveary.Lineage) error {
		n, err := tx.Insert(l, folderNamed(name))
		if err != nil {
			return err
		}
		return tx.Record(alveary.AuditRecord{Action: "make-folder", Node: n.ID, Path: name})
	})
}

// When the power goes, every commit that was acknowledged is there afterwards,
// of one that was not all or nothing, and the database is sound.
func TestAcknowledgedCommitsSurviveACrash(t *testing.T) {
	disk := lossyfs.Mount(t)
	cfg := Config{Path: filepath.Join(disk.Dir(), "alveary.db"), Now: newClock().Now}
	acknowledged := map[string]bool{}
	var mu sync.Mutex
	for round := range 6 {
		s, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		checkSurvivors(t, s, acknowledged)
		var writers sync.WaitGroup
		for w := range 3 {
			writers.Go(func() {
				for i := 0; ; i++ {
					name := fmt.Sprintf("%d-%d-%d", round, w, i)
					if err := makeFolder(s, name); err != nil {
						return // the disk is gone
					}
					mu.Lock()
					acknowledged[name] = true
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(round) * 37 * time.Millisecond)
		mu.Lock() // what is acknowledged now was acknowledged before the crash
		disk.Crash()
		mu.Unlock()
		writers.Wait()
		_ = s.Close() // its files are gone from under it
	}
	s := open(t, cfg)
	checkSurvivors(t, s, acknowledged)
	if len(acknowledged) < 20 {
		t.Errorf("only %d commits were made", len(acknowledged))
	}
}

func checkSurvivors(t *testing.T, s *Store, acknowledged map[string]bool) {
	t.Helper()
	wantSound(t, s)
	there := map[string]bool{}
	for _, name := range namesIn(t, s, Listing{Folder: commonFolder}) {
		there[name] = true
	}
	recorded := map[string]bool{}
	for _, r := range auditOf(t, s, 100_000) {
		recorded[r.Path] = true
	}
	for name := range acknowledged {
		if !there[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	for name := range there {
		if !recorded[name] {
			t.Errorf("%s is there, its record is not", name)
		}
	}
	if len(recorded) != len(there) {
		t.Errorf("%d records of %d folders", len(recorded), len(there))
	}
}

// The disk bites: without flushing, what was acknowledged is lost.
func TestWithoutFlushingACrashLoses(t *testing.T) {
	disk := lossyfs.Mount(t)
	cfg := Config{Path: filepath.Join(disk.Dir(), "alveary.db"), Now: newClock().Now}
	s, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.Writer.ExecContext(t.Context(), `PRAGMA synchronous = OFF`); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := makeFolder(s, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	disk.Crash()
	_ = s.Close() // its files are gone from under it
	s = open(t, cfg)
	wantSound(t, s)
	if names := namesIn(t, s, Listing{Folder: commonFolder}); len(names) > 0 {
		t.Errorf("%q survived without having been flushed: this test proves nothing", names)
	}
}

// A first start is durable when Open returns, the name of the file included.
func TestFirstStartSurvivesACrash(t *testing.T) {
	disk := lossyfs.Mount(t)
	cfg := Config{Path: filepath.Join(disk.Dir(), "alveary.db"), Now: newClock().Now}
	s, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	before := everything(t, s)
	disk.Crash()
	_ = s.Close() // its files are gone from under it
	files, err := filepath.Glob(cfg.Path)
	if err != nil || len(files) != 1 {
		t.Fatalf("the database is gone: %v", err)
	}
	s = open(t, cfg)
	wantSound(t, s)
	if after := everything(t, s); !slices.Equal(before, after) {
		t.Errorf("a first start was made again:\n%q\n%q", before, after)
	}
}

// When the power goes during the first start, at whatever step, the next one
// comes up sound and whole.
func TestCrashDuringTheFirstStart(t *testing.T) {
	disk := lossyfs.Mount(t)
	for step := range 12 {
		cfg := Config{Path: filepath.Join(disk.Dir(), fmt.Sprintf("%d.db", step)), Now: newClock().Now}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if s, err := Open(t.Context(), cfg); err == nil {
				_ = s.Close() // its files may be gone from under it
			}
		}()
		time.Sleep(time.Duration(step) * 3 * time.Millisecond)
		disk.Crash()
		<-done
		s, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatalf("after %d ms: %v", step*3, err)
		}
		wantSound(t, s)
		read(t, s, func(tx *Tx) error {
			entries, err := tx.Entries()
			if len(entries) != 3 {
				t.Errorf("after %d ms: %d entries are shipped", step*3, len(entries))
			}
			return err
		})
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
