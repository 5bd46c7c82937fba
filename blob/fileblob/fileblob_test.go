package fileblob_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"alveary"
	"alveary/blob"
	"alveary/blob/blobtest"
	"alveary/blob/fileblob"
)

func TestConformance(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Driver { return openBucket(t, t.TempDir()) })
}

func knowsNothing(context.Context, []alveary.BlobID) (map[alveary.BlobID]bool, error) {
	return nil, nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

func openBucket(t testing.TB, dir string) *fileblob.Bucket {
	t.Helper()
	b, err := fileblob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// TestThreat04_NothingLeavesTheFolder puts what an intruder could put in the
// place of objects and folders: nothing outside is read, written or removed,
// and nothing blocks.
func TestThreat04_NothingLeavesTheFolder(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	b := openBucket(t, dir)
	h := blobtest.Open(t, b, time.Hour)
	id := blobtest.NewID(t)
	secret := filepath.Join(outside, string(id))
	for name, plant := range map[string]func(place string) error{
		"link to a file": func(place string) error { return os.Symlink(secret, place) },
		"dangling link":  func(place string) error { return os.Symlink(filepath.Join(outside, "new"), place) },
		"link out and back": func(place string) error {
			return os.Symlink("../../../../"+filepath.Base(outside)+"/"+string(id), place)
		},
		"pipe":                func(place string) error { return syscall.Mkfifo(place, 0o600) },
		"folder":              func(place string) error { return os.Mkdir(place, 0o700) },
		"link to a folder":    func(place string) error { return os.Symlink(outside, place) },
		"hard link to itself": func(place string) error { return os.Symlink(filepath.Base(place), place) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
				t.Fatal(err)
			}
			committed := filepath.Join(dir, "blobs", string(id[0:1]), string(id[1:2]), string(id))
			partial := filepath.Join(dir, "blobs", "tmp", string(id))
			for _, place := range []string{committed, partial} {
				if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := plant(place); err != nil {
					t.Fatal(err)
				}
				if r, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, id)); err == nil {
					r.Close()
					t.Error("it was opened")
				}
				if _, err := h.Resume(t.Context(), h.Grant(alveary.ActionUpload, id), 0); err == nil {
					t.Error("it was written")
				}
				if _, err := h.Create(t.Context(), h.Grant(alveary.ActionUpload, id)); err == nil {
					t.Error("it was created")
				}
				if err := h.Delete(t.Context(), id); err != nil {
					t.Errorf("delete: %v", err)
				}
				if _, err := os.Lstat(place); err == nil {
					t.Error("the intruder is still there")
				}
			}
			wantOnly(t, outside, string(id), "secret")
		})
	}
}

// TestThreat04_FoldersThatAreLinks replaces the folders themselves.
func TestThreat04_FoldersThatAreLinks(t *testing.T) {
	for _, folder := range []string{"tmp", "x", "x/y"} {
		dir, outside := t.TempDir(), t.TempDir()
		id := "xy" + blobtest.NewID(t)[2:]
		if err := os.WriteFile(filepath.Join(outside, string(id)), []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
		b := openBucket(t, dir)
		place := filepath.Join(dir, "blobs", folder)
		if err := os.RemoveAll(place); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, place); err != nil {
			t.Fatal(err)
		}
		h := blobtest.Open(t, b, time.Hour)
		if w, err := h.Create(t.Context(), h.Grant(alveary.ActionUpload, id)); err == nil {
			if _, err := w.Commit(); err == nil {
				t.Errorf("%s: an object was committed through a link", folder)
			}
		}
		if r, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, id)); err == nil {
			r.Close()
			t.Errorf("%s: an object was opened through a link", folder)
		}
		if err := h.Delete(t.Context(), id); err == nil {
			t.Errorf("%s: an object was deleted through a link", folder)
		}
		if _, err := h.Sweep(t.Context(), knowsNothing, 0); err == nil {
			t.Errorf("%s: the sweep says nothing of the link", folder)
		}
		wantOnly(t, outside, string(id), "secret")
	}
}

func wantOnly(t *testing.T, dir, name, content string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Fatalf("outside there are now %v, %v", entries, err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != content {
		t.Errorf("the file outside holds %q, %v", got, err)
	}
}

func TestThreat32_Modes(t *testing.T) {
	dir := t.TempDir()
	h := blobtest.Open(t, openBucket(t, dir), 0)
	h.Put(t, []byte("x"))
	if err := h.Begin(t, blobtest.NewID(t)).Suspend(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := filepath.WalkDir(filepath.Join(dir, "blobs"), func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = fs.ModeDir | 0o700
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode(), want)
		}
		seen++
		return nil
	})
	if err != nil || seen != 6 { // blobs, tmp, two of the way, two files
		t.Errorf("%d files and folders, %v", seen, err)
	}
}

// TestListLeavesStrangersAlone puts files into the folder that are no objects.
func TestListLeavesStrangersAlone(t *testing.T) {
	dir := t.TempDir()
	b := openBucket(t, dir)
	h := blobtest.Open(t, b, time.Hour)
	misplaced := "zz" + strings.Repeat("a", 24)
	if err := os.MkdirAll(filepath.Join(dir, "blobs", "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README", "a/note", "a/b/" + misplaced, "tmp/.keep", "lost+found"} {
		if err := os.WriteFile(filepath.Join(dir, "blobs", name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := h.Sweep(t.Context(), knowsNothing, 0); n != 0 || err != nil {
		t.Errorf("the sweep removed %d, %v", n, err)
	}
}

func TestOpenSaysWhy(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{file, filepath.Join(dir, "none", "blobs")} {
		if b, err := fileblob.Open(bad); err == nil {
			b.Close()
			t.Errorf("%s was opened", bad)
		}
	}
}

// TestTwoServers share one folder, as several nodes on one file system do.
func TestTwoServers(t *testing.T) {
	dir := t.TempDir()
	one, two := blobtest.Open(t, openBucket(t, dir), 0), blobtest.Open(t, openBucket(t, dir), 0)
	id := blobtest.NewID(t)
	w := one.Begin(t, id)
	_, err := two.Resume(t.Context(), two.Grant(alveary.ActionUpload, id), 0)
	blobtest.WantKind(t, "resume what another server writes", err, alveary.KindBusy)
	if _, err := w.Write([]byte("by one, ")); err != nil {
		t.Fatal(err)
	}
	if err := w.Suspend(); err != nil {
		t.Fatal(err)
	}
	w = two.GoOn(t, id, 8)
	if _, err := w.Write([]byte("by two")); err != nil {
		t.Fatal(err)
	}
	if err := w.Suspend(); err != nil {
		t.Fatal(err)
	}
	info, err := one.GoOn(t, id, 14).Commit()
	if err != nil || info.SHA256 != sum([]byte("by one, by two")) {
		t.Errorf("the hash of what both wrote is %s, %v", info.SHA256, err)
	}
	two.WantContent(t, id, []byte("by one, by two"))

	// One remembers the hash at byte 6, but two has put other bytes there.
	id = blobtest.NewID(t)
	w = one.Begin(t, id)
	if _, err := w.Write([]byte("before")); err != nil {
		t.Fatal(err)
	}
	if err := w.Suspend(); err != nil {
		t.Fatal(err)
	}
	if err := two.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond) // some file systems tell times no finer
	w = two.Begin(t, id)
	if _, err := w.Write([]byte("behind")); err != nil {
		t.Fatal(err)
	}
	if err := w.Suspend(); err != nil {
		t.Fatal(err)
	}
	if info, err = one.GoOn(t, id, 6).Commit(); err != nil || info.SHA256 != sum([]byte("behind")) {
		t.Errorf("the hash of what two put in its place is %s, %v", info.SHA256, err)
	}
}
