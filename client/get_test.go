package client_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"alveary"
	"alveary/client"
	"alveary/testkit/fakeapi"
)

func get(t *testing.T, c *client.Client, n client.Node, dir string) error {
	t.Helper()
	into, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = into.Close() }()
	return c.Get(t.Context(), client.Download{Node: n, Into: into, Name: n.Name})
}

func TestGet(t *testing.T) {
	for name, arm := range map[string]fakeapi.Fault{
		"whole":   {},
		"cuts":    {CutAnswer: 1000, Times: 9},
		"silence": {CutAnswer: 1000, Times: 1, Hang: true},
		"busy":    {Status: 503, Times: 3},
	} {
		s := fakeapi.New(t, false)
		data := noise(4500)
		id := s.Put(t, "common-files/f.bin", data)
		c := dial(t, s, func(o *client.Options) { o.Stall = 200 * time.Millisecond })
		n, err := c.Node(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		arm.Path = "/content"
		s.Break(arm)
		dir := t.TempDir()
		if err := get(t, c, n, dir); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "f.bin"))
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if left, _ := os.ReadDir(dir); len(left) != 1 {
			t.Errorf("%s: left behind: %v", name, left)
		}
		wantKind(t, get(t, c, n, dir), alveary.KindConflict, "already something here")
	}
}

func TestGetResumesWhatWasLeft(t *testing.T) {
	s := fakeapi.New(t, false)
	data := noise(4500)
	id := s.Put(t, "common-files/f.bin", data)
	c := dial(t, s)
	n, err := c.Node(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s.Break(fakeapi.Fault{Path: "/content", CutAnswer: 2000, Times: 1})
	s.Break(fakeapi.Fault{Path: "/content", Status: 401, Times: 1})
	wantKind(t, get(t, c, n, dir), alveary.KindUnauthenticated, "")
	parts, err := filepath.Glob(filepath.Join(dir, ".alveary-*.part"))
	if err != nil || len(parts) != 1 {
		t.Fatalf("%v, %v", parts, err)
	}
	if info, err := os.Stat(parts[0]); err != nil || info.Size() != 2000 {
		t.Errorf("%v, %v", info, err)
	}
	if err := get(t, c, n, dir); err != nil {
		t.Error(err)
	}
	// A part that was damaged is found out by the digest, and thrown away.
	if err := os.Remove(filepath.Join(dir, "f.bin")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(parts[0], noise(3000), 0o600); err != nil {
		t.Fatal(err)
	}
	wantKind(t, get(t, c, n, dir), alveary.KindChecksum, "not those that the server announced")
	if err := get(t, c, n, dir); err != nil {
		t.Error(err)
	}
	// A file that changed since it was listed is fetched as it is now.
	for _, size := range []int{10, 9000} {
		if err := os.Remove(filepath.Join(dir, "f.bin")); err != nil {
			t.Fatal(err)
		}
		s.Set(id, noise(size))
		if err := get(t, c, n, dir); err != nil {
			t.Error(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "f.bin")); err != nil || !bytes.Equal(got, noise(size)) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
}

func TestGetStaysInItsFolder(t *testing.T) {
	s := fakeapi.New(t, false)
	id := s.Put(t, "common-files/f", []byte("x"))
	c := dial(t, s)
	n, err := c.Node(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	outside, dir := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../f", "link/f", "/f", "a/../../f"} {
		n.Name = name
		if err := get(t, c, n, dir); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if left, _ := os.ReadDir(outside); len(left) != 0 {
		t.Errorf("written outside: %v", left)
	}
}
