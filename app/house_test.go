package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"alveary"
	"alveary/config"
	"alveary/service/files"
	"alveary/service/login"
)

// TestLostDatabaseTakesNoContents: to a new database every content looks like
// an orphan, and the sweep at the start would take it away.
func TestLostDatabaseTakesNoContents(t *testing.T) {
	place := config.Place{Data: t.TempDir()}
	h, err := open(t.Context(), place, briefLives())
	if err != nil {
		t.Fatal(err)
	}
	u, err := h.login.AddUserHere(t.Context(), login.NewUser{Login: "anna", Password: "correct horse battery"})
	if err != nil {
		t.Fatal(err)
	}
	who, err := h.subject(t.Context(), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	home, err := h.files.Tree.Lookup(t.Context(), who, alveary.WorkspaceMyFiles)
	if err != nil {
		t.Fatal(err)
	}
	if who, err = h.subject(t.Context(), u.ID); err != nil {
		t.Fatal(err)
	}
	upload := files.Upload{Name: "a", Size: -1, Body: strings.NewReader("a")}
	if _, _, err := h.files.Content.Write(t.Context(), who, home.ID, upload); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	for _, lost := range [][]string{{"alveary.db", "alveary.db-wal", "alveary.db-shm"}, {"installation"}} {
		for _, name := range lost {
			if err := os.Remove(filepath.Join(place.Data, name)); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		h, err := open(t.Context(), place, briefLives())
		if !alveary.IsKind(err, alveary.KindConflict) || h != nil {
			t.Fatalf("without %v: %v", lost, err)
		}
	}
	var left int
	err = filepath.WalkDir(filepath.Join(place.Data, "blobs"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left++
		}
		return err
	})
	if err != nil || left != 1 {
		t.Errorf("%d contents are left, %v", left, err)
	}
}
