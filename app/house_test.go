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

// TestSecretKey: a database opens with the key it was used with and no other,
// no key is made in the place of one that is missing, and one that is lost for
// good is given up on purpose only.
func TestSecretKey(t *testing.T) {
	place := config.Place{Data: t.TempDir()}
	reopen := func() (string, error) {
		h, err := open(t.Context(), place, briefLives())
		if err != nil {
			return "", err
		}
		return h.box.Fingerprint(), h.close()
	}
	first, err := reopen()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := reopen(); err != nil || again != first {
		t.Fatalf("the key is another one: %v", err)
	}
	kept, err := os.ReadFile(place.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"", strings.Repeat("0", 64)} {
		if err := os.Remove(place.KeyFile()); err != nil {
			t.Fatal(err)
		}
		if other != "" {
			if err := os.WriteFile(place.KeyFile(), []byte(other), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := reopen(); !alveary.IsKind(err, alveary.KindConflict) {
			t.Fatalf("with the key %q: %v", other, err)
		}
		if _, err := os.Stat(place.KeyFile()); (err == nil) != (other != "") {
			t.Fatalf("a key was made, or taken away: %v", err)
		}
		if err := os.WriteFile(place.KeyFile(), kept, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := RenewKey(t.Context(), place); err != nil {
		t.Fatal(err)
	}
	if renewed, err := reopen(); err != nil || renewed == first {
		t.Fatalf("the key is the old one: %v", err)
	}
}
