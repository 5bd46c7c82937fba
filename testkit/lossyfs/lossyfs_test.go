//go:build linux

package lossyfs_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"alveary/testkit/lossyfs"
)

func TestMain(m *testing.M) { lossyfs.Main(m) }

// story is a few steps on the disk, after which the plug is pulled.
type story struct {
	name  string
	steps func(d disk)
	want  map[string]string // path to content; a folder ends in /
}

// disk does things on the mount and fails the test if they fail.
type disk struct {
	t   *testing.T
	dir string
}

func (d disk) path(name string) string { return filepath.Join(d.dir, name) }

func (d disk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d disk) write(name, content string) {
	d.t.Helper()
	d.must(os.WriteFile(d.path(name), []byte(content), 0o600))
}

func (d disk) flush(name string) {
	d.t.Helper()
	f, err := os.Open(d.path(name))
	d.must(err)
	d.must(f.Sync())
	d.must(f.Close())
}

func (d disk) patch(name, content string, at int64) {
	d.t.Helper()
	f, err := os.OpenFile(d.path(name), os.O_WRONLY, 0)
	d.must(err)
	_, err = f.WriteAt([]byte(content), at)
	d.must(err)
	d.must(f.Close())
}

func (d disk) mkdir(name string)             { d.t.Helper(); d.must(os.Mkdir(d.path(name), 0o700)) }
func (d disk) remove(name string)            { d.t.Helper(); d.must(os.Remove(d.path(name))) }
func (d disk) rename(old, name string)       { d.t.Helper(); d.must(os.Rename(d.path(old), d.path(name))) }
func (d disk) truncate(name string, n int64) { d.t.Helper(); d.must(os.Truncate(d.path(name), n)) }

// tree is all that the disk holds.
func (d disk) tree() map[string]string {
	d.t.Helper()
	all := make(map[string]string)
	d.must(fs.WalkDir(os.DirFS(d.dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == "." {
			return err
		}
		if e.IsDir() {
			all[path+"/"] = ""
			return nil
		}
		content, err := os.ReadFile(d.path(path))
		all[path] = string(content)
		return err
	}))
	return all
}

func TestCrash(t *testing.T) {
	whole := func(d disk) { d.write("a", "one"); d.flush("a"); d.flush(".") }
	for _, s := range []story{
		{"nothing flushed", func(d disk) { d.write("a", "one") }, nil},
		{"bytes without name", func(d disk) { d.write("a", "one"); d.flush("a") }, nil},
		{"name without bytes", func(d disk) { d.write("a", "one"); d.flush(".") }, map[string]string{"a": ""}},
		{"both", whole, map[string]string{"a": "one"}},
		{"name first", func(d disk) { d.write("a", "one"); d.flush("."); d.flush("a") }, map[string]string{"a": "one"}},
		{"overwritten", func(d disk) { whole(d); d.patch("a", "two", 0) }, map[string]string{"a": "one"}},
		{"overwritten and flushed", func(d disk) { whole(d); d.patch("a", "NE!", 1); d.flush("a") }, map[string]string{"a": "oNE!"}},
		{"hole flushed", func(d disk) { whole(d); d.patch("a", "x", 5); d.flush("a") }, map[string]string{"a": "one\x00\x00x"}},
		{"cut", func(d disk) { whole(d); d.truncate("a", 1) }, map[string]string{"a": "one"}},
		{"cut and flushed", func(d disk) { whole(d); d.truncate("a", 1); d.flush("a") }, map[string]string{"a": "o"}},
		{"cut, grown and flushed", func(d disk) { whole(d); d.truncate("a", 1); d.truncate("a", 3); d.flush("a") }, map[string]string{"a": "o\x00\x00"}},
		{"removed", func(d disk) { whole(d); d.remove("a") }, map[string]string{"a": "one"}},
		{"removed and flushed", func(d disk) { whole(d); d.remove("a"); d.flush(".") }, nil},
		{"renamed", func(d disk) { whole(d); d.rename("a", "b") }, map[string]string{"a": "one"}},
		{"renamed and flushed", func(d disk) { whole(d); d.rename("a", "b"); d.flush(".") }, map[string]string{"b": "one"}},
		{"renamed over", func(d disk) {
			whole(d)
			d.write("b", "two")
			d.flush("b")
			d.rename("b", "a")
		}, map[string]string{"a": "one"}},
		{"renamed over and flushed", func(d disk) {
			whole(d)
			d.write("b", "two")
			d.flush("b")
			d.rename("b", "a")
			d.flush(".")
		}, map[string]string{"a": "two"}},
		{"renamed over without bytes", func(d disk) { whole(d); d.write("b", "two"); d.rename("b", "a"); d.flush(".") }, map[string]string{"a": ""}},
		{"folder not flushed", func(d disk) { d.mkdir("d"); d.write("d/a", "one"); d.flush("d/a"); d.flush("d") }, nil},
		{"folder flushed, file's name not", func(d disk) { d.mkdir("d"); d.write("d/a", "one"); d.flush("d/a"); d.flush(".") }, map[string]string{"d/": ""}},
		{"folder flushed", func(d disk) {
			d.mkdir("d")
			d.write("d/a", "one")
			d.flush("d/a")
			d.flush("d")
			d.flush(".")
		}, map[string]string{"d/": "", "d/a": "one"}},
		{"moved, only the new folder flushed", func(d disk) {
			whole(d)
			d.mkdir("d")
			d.flush(".")
			d.rename("a", "d/a")
			d.flush("d")
		}, map[string]string{"a": "one", "d/": "", "d/a": "one"}},
		{"moved, only the old folder flushed", func(d disk) {
			whole(d)
			d.mkdir("d")
			d.flush(".")
			d.rename("a", "d/a")
			d.flush(".")
		}, map[string]string{"d/": ""}},
	} {
		t.Run(s.name, func(t *testing.T) {
			layer := lossyfs.Mount(t)
			d := disk{t, layer.Dir()}
			s.steps(d)
			layer.Crash()
			wantTree(t, d, s.want)
			layer.Crash() // what survived once survives again
			wantTree(t, d, s.want)
		})
	}
}

func wantTree(t *testing.T, d disk, want map[string]string) {
	t.Helper()
	got := d.tree()
	for path, content := range want {
		if c, ok := got[path]; !ok || c != content {
			t.Errorf("%s holds %q (there: %v), want %q", path, c, ok, content)
		}
	}
	for path, content := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("%s is there with %q, and should be lost", path, content)
		}
	}
}

func TestOpenFilesDieWithTheMachine(t *testing.T) {
	layer := lossyfs.Mount(t)
	f, err := os.Create(filepath.Join(layer.Dir(), "open"))
	if err != nil {
		t.Fatal(err)
	}
	layer.Crash()
	if _, err := f.Write([]byte("x")); err == nil {
		t.Error("a file that was open before the crash can be written after it")
	}
	_ = f.Close() // fails, as it should: its machine is gone
	if names, err := os.ReadDir(layer.Dir()); err != nil || len(names) != 0 {
		t.Errorf("after the crash there are %v, %v", names, err)
	}
}

func TestFull(t *testing.T) {
	layer := lossyfs.Mount(t)
	name := filepath.Join(layer.Dir(), "file")
	if err := os.WriteFile(name, make([]byte, 10_000), 0o600); err != nil {
		t.Fatal(err)
	}
	layer.Fill(5_000)
	if err := os.WriteFile(name+"2", make([]byte, 5_000), 0o600); err != nil {
		t.Errorf("what fits: %v", err)
	}
	if err := os.WriteFile(name+"3", make([]byte, 1), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("what does not fit: %v", err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name+"3", make([]byte, 10_000), 0o600); err != nil {
		t.Errorf("in the room of what was removed: %v", err)
	}
	layer.Unfill()
	if err := os.WriteFile(name+"4", make([]byte, 1<<20), 0o600); err != nil {
		t.Errorf("without a limit: %v", err)
	}
}

// TestLikeAFileSystem does what programs do, with enough of it that requests
// come in pieces.
func TestLikeAFileSystem(t *testing.T) {
	layer := lossyfs.Mount(t)
	d := disk{t, layer.Dir()}
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16+1)
	d.write("large", string(content))
	if got, err := os.ReadFile(d.path("large")); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %d bytes back, %v, want %d", len(got), err, len(content))
	}
	var want []string
	for i := range 3000 {
		name := string([]byte{'f', byte('a' + i/26/26%26), byte('a' + i/26%26), byte('a' + i%26)})
		want = append(want, name)
		d.write(name, name)
	}
	want = append(want, "large")
	entries, err := os.ReadDir(layer.Dir())
	d.must(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if slices.Sort(want); !slices.Equal(names, want) {
		t.Errorf("the folder lists %d names, want %d", len(names), len(want))
	}
	d.must(os.Link(d.path("large"), d.path("twin")))
	d.remove("large")
	if got, err := os.ReadFile(d.path("twin")); err != nil || !bytes.Equal(got, content) {
		t.Errorf("by its second name the file gives %d bytes, %v", len(got), err)
	}
	d.mkdir("d")
	d.write("d/x", "x")
	for what, err := range map[string]error{
		"remove a folder that is not empty": os.Remove(d.path("d")),
		"rename over it":                    func() error { d.mkdir("e"); return os.Rename(d.path("e"), d.path("d")) }(),
		"make what is there":                os.Mkdir(d.path("d"), 0o700),
		"open what is not there":            func() error { _, err := os.Open(d.path("none")); return err }(),
	} {
		if err == nil {
			t.Errorf("%s succeeded", what)
		}
	}
}
