package transfer_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"alveary"
	"alveary/client"
	"alveary/client/transfer"
	"alveary/testkit/fakeapi"
)

// world is a server, a folder of this machine, and what was reported.
type world struct {
	t      *testing.T
	s      *fakeapi.Server
	dir    string
	o      transfer.Options
	events []transfer.Event
	left   int64 // bytes that were planned and did not move
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, s: fakeapi.New(t, false), dir: t.TempDir()}
	c, err := client.New(client.Options{
		URL: w.s.URL, Token: fakeapi.Token, Chunk: 1000,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	w.o = transfer.Options{
		Client: c, Parallel: 4, Conflict: client.Fail, Memory: transfer.NewMemory(filepath.Join(t.TempDir(), "m"), time.Now()),
		Report: func(e transfer.Event) {
			w.events = append(w.events, e)
			switch e.Result {
			case transfer.Planned:
				w.left += e.Bytes
			case transfer.Moved:
				w.left -= e.Bytes
			}
		},
	}
	return w
}

func (w *world) write(name, text string) string {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w *world) put(target string, sources ...string) (transfer.Outcome, error) {
	w.events, w.left = nil, 0
	for i, s := range sources {
		sources[i] = filepath.Join(w.dir, s)
	}
	return transfer.Put(w.t.Context(), w.o, sources, target)
}

func (w *world) get(target string, sources ...string) (transfer.Outcome, error) {
	w.events, w.left = nil, 0
	return transfer.Get(w.t.Context(), w.o, sources, filepath.Join(w.dir, target))
}

func (w *world) files(dir string) map[string]string {
	w.t.Helper()
	out := map[string]string{}
	top := filepath.Join(w.dir, dir)
	err := filepath.WalkDir(top, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(top, path)
		out[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) results(of transfer.Result) []string {
	var out []string
	for _, e := range w.events {
		if e.Result == of {
			text := e.Remote
			if of == transfer.LeftOut || of == transfer.Failed {
				text = fmt.Sprintf("%s: %v", filepath.Base(e.Local), e.Err)
			}
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

func want(t *testing.T, o transfer.Outcome, err error, counts string) {
	t.Helper()
	got := fmt.Sprintf("files %d folders %d unchanged %d skipped %d left out %d failed %d", o.Files, o.Folders, o.Unchanged, o.Skipped, o.LeftOut, o.Failed)
	if got != counts || err != nil {
		t.Errorf("got  %s, %v\nwant %s", got, err, counts)
	}
}

func TestPutFolderAndAgain(t *testing.T) {
	w := newWorld(t)
	big := strings.Repeat("big ", 1000)
	w.write("d/a.txt", "a")
	w.write("d/sub/deep/big.bin", big)
	w.write("d/sub/b ü.txt", "b")
	if err := os.MkdirAll(filepath.Join(w.dir, "d", "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	o, err := w.put("common-files", "d")
	want(t, o, err, "files 3 folders 4 unchanged 0 skipped 0 left out 0 failed 0")
	files := map[string]string{"common-files/d/a.txt": "a", "common-files/d/sub/deep/big.bin": big, "common-files/d/sub/b ü.txt": "b"}
	if !maps.Equal(w.s.Files(), files) {
		t.Errorf("the server has %v", w.s.Files())
	}
	if got := w.s.Folders(); !slices.Contains(got, "common-files/d/empty") || w.left != 0 {
		t.Errorf("folders %v, %d bytes unaccounted for", got, w.left)
	}
	o, err = w.put("common-files", "d")
	want(t, o, err, "files 0 folders 0 unchanged 3 skipped 0 left out 0 failed 0")

	w.write("d/a.txt", "A!")
	for _, c := range []struct {
		conflict client.Conflict
		counts   string
		text     string
	}{
		{client.Fail, "files 0 folders 0 unchanged 2 skipped 0 left out 0 failed 1", "a"},
		{transfer.Skip, "files 0 folders 0 unchanged 0 skipped 3 left out 0 failed 0", "a"},
		{client.Replace, "files 1 folders 0 unchanged 2 skipped 0 left out 0 failed 0", "A!"},
		{client.Rename, "files 3 folders 0 unchanged 0 skipped 0 left out 0 failed 0", "A!"},
	} {
		w.o.Conflict = c.conflict
		o, err = w.put("common-files", "d")
		want(t, o, err, c.counts)
		if got := w.s.Files()["common-files/d/a.txt"]; got != c.text || w.left != 0 {
			t.Errorf("%s: %q, %d bytes unaccounted for", c.conflict, got, w.left)
		}
	}
	if got := w.s.Files()["common-files/d/sub/deep/big (2).bin"]; got != big {
		t.Error("rename kept no second file")
	}
}

func TestPutTargets(t *testing.T) {
	w := newWorld(t)
	w.write("a", "1")
	w.write("b", "2")
	w.write("d/c", "3")
	w.s.Put(t, "common-files/in/there", []byte("x"))
	for _, c := range []struct {
		target  string
		sources []string
		want    string // a file that is there then; empty: refused
	}{
		{"common-files/in", []string{"a", "b"}, "common-files/in/b"},
		{"common-files/in/", []string{"d"}, "common-files/in/d/c"},
		{"common-files/in/new", []string{"a"}, "common-files/in/new"},
		{"common-files/in/newdir", []string{"d"}, "common-files/in/newdir/c"},
		{"common-files/missing", []string{"a", "b"}, ""},
		{"common-files/missing/", []string{"a"}, ""},
		{"common-files/missing/x", []string{"a"}, ""},
		{"nowhere", []string{"a"}, ""},
	} {
		_, err := w.put(c.target, c.sources...)
		if _, ok := w.s.Files()[c.want]; ok != (c.want != "") || (err == nil) != (c.want != "") {
			t.Errorf("%s: %v, the server has %v", c.target, err, w.s.Files())
		}
		if c.want == "" && !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("%s: %v", c.target, err)
		}
	}
	o, err := w.put("common-files", "not here")
	want(t, o, err, "files 0 folders 0 unchanged 0 skipped 0 left out 0 failed 1")
}

func TestPutLeavesOutWhatCannotGo(t *testing.T) {
	w := newWorld(t)
	secret := w.write("secret", "s")
	w.write("d/good", "g")
	w.write("d/bad\xff", "b")
	for _, link := range []struct{ to, name string }{{secret, "d/link"}, {w.dir, "d/linked-folder"}, {"nowhere", "d/dangling"}} {
		if err := os.Symlink(link.to, filepath.Join(w.dir, link.name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(w.dir, "d", "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := w.put("common-files", "d")
	want(t, o, err, "files 1 folders 1 unchanged 0 skipped 0 left out 5 failed 0")
	if got := w.s.Files(); len(got) != 1 {
		t.Errorf("the server has %v", got)
	}
	reasons := strings.Join(w.results(transfer.LeftOut), "\n")
	for _, word := range []string{"a link", "neither a file", "valid UTF-8"} {
		if !strings.Contains(reasons, word) {
			t.Errorf("no reason says %q: %s", word, reasons)
		}
	}
}

func TestPutStopsWhenNothingMoreCanGo(t *testing.T) {
	for _, status := range []int{401, 507} {
		w := newWorld(t)
		w.o.Parallel = 1
		for i := range 50 {
			w.write(fmt.Sprintf("d/%02d", i), "x")
		}
		w.s.Break(fakeapi.Fault{Method: "PUT", Status: status, Times: 99})
		_, err := w.put("common-files", "d")
		if err == nil || w.s.Count("PUT") > 3 {
			t.Errorf("%d: %v after %d attempts", status, err, w.s.Count("PUT"))
		}
	}
}

// One file that may not be written stops nothing else.
func TestPutGoesOnAfterADenial(t *testing.T) {
	w := newWorld(t)
	for i := range 10 {
		w.write(fmt.Sprintf("d/%02d", i), "x")
	}
	w.s.Break(fakeapi.Fault{Method: "PUT", Status: 403, Code: "denied", Times: 2})
	o, err := w.put("common-files", "d")
	want(t, o, err, "files 8 folders 1 unchanged 0 skipped 0 left out 0 failed 2")
	if o.Kinds[alveary.KindDenied] != 2 {
		t.Errorf("%v", o.Kinds)
	}
}

func TestPutGoesOnWhereItStopped(t *testing.T) {
	w := newWorld(t)
	big := strings.Repeat("0123456789", 500)
	w.write("big", big)
	w.s.Break(fakeapi.Fault{Method: "PATCH", Path: "/uploads", Status: 401, Times: 0})
	w.s.Break(fakeapi.Fault{Method: "PATCH", CutAnswer: 100, Times: 3})
	w.s.Break(fakeapi.Fault{Method: "PATCH", Status: 401, Times: 1})
	if _, err := w.put("common-files", "big"); !alveary.IsKind(err, alveary.KindUnauthenticated) {
		t.Fatal(err)
	}
	before := w.s.Count("PATCH")
	o, err := w.put("common-files", "big")
	want(t, o, err, "files 1 folders 0 unchanged 0 skipped 0 left out 0 failed 0")
	if again := w.s.Count("PATCH") - before; again != 2 || w.s.Files()["common-files/big"] != big || w.left != 0 {
		t.Errorf("%d of 5 pieces were sent again, %d bytes unaccounted for", again, w.left)
	}
	if w.s.Count("POST /uploads") != 1 {
		t.Error("a second upload was begun")
	}
}

func TestGetFolderAndAgain(t *testing.T) {
	w := newWorld(t)
	big := strings.Repeat("big ", 1000)
	a := w.s.Put(t, "common-files/d/a.txt", []byte("a"))
	w.s.Put(t, "common-files/d/sub/big.bin", []byte(big))
	for i := range 5 {
		w.s.Put(t, fmt.Sprintf("common-files/d/more/%d", i), []byte("x"))
	}
	o, err := w.get(".", "common-files/d")
	want(t, o, err, "files 7 folders 3 unchanged 0 skipped 0 left out 0 failed 0")
	if got := w.files("d"); len(got) != 7 || got["sub/big.bin"] != big || got["a.txt"] != "a" || w.left != 0 {
		t.Errorf("%d files, %d bytes unaccounted for", len(got), w.left)
	}
	o, err = w.get(".", "common-files/d/")
	want(t, o, err, "files 0 folders 0 unchanged 7 skipped 0 left out 0 failed 0")
	w.s.Set(a, []byte("A!"))
	for _, c := range []struct {
		conflict client.Conflict
		counts   string
		text     string
	}{
		{client.Fail, "files 0 folders 0 unchanged 6 skipped 0 left out 0 failed 1", "a"},
		{transfer.Skip, "files 0 folders 0 unchanged 0 skipped 7 left out 0 failed 0", "a"},
		{client.Replace, "files 1 folders 0 unchanged 6 skipped 0 left out 0 failed 0", "A!"},
		{client.Rename, "files 7 folders 0 unchanged 0 skipped 0 left out 0 failed 0", "A!"},
	} {
		w.o.Conflict = c.conflict
		o, err = w.get(".", "common-files/d")
		want(t, o, err, c.counts)
		if got := w.files("d"); got["a.txt"] != c.text {
			t.Errorf("%s: %q", c.conflict, got["a.txt"])
		}
	}
	if got := w.files("d"); got["a (2).txt"] != "A!" || len(got) != 14 {
		t.Errorf("rename kept no second file: %d", len(got))
	}
}

func TestGetTargets(t *testing.T) {
	w := newWorld(t)
	w.s.Put(t, "common-files/d/a", []byte("a"))
	w.s.Put(t, "common-files/b", []byte("b"))
	w.write("in/x", "")
	for _, c := range []struct {
		target  string
		sources []string
		want    string // a file that is here then; empty: refused
	}{
		{"in", []string{"common-files/d", "common-files/b"}, "in/d/a"},
		{"in/new", []string{"common-files/b"}, "in/new"},
		{"in/newdir", []string{"common-files/d"}, "in/newdir/a"},
		{"in/missing", []string{"common-files/d", "common-files/b"}, ""},
		{"missing/x", []string{"common-files/b"}, ""},
		{"in/x/y", []string{"common-files/b"}, ""},
	} {
		o, err := w.get(c.target, c.sources...)
		_, ok := w.files(".")[c.want]
		if failed := err != nil || o.Failed > 0; ok != (c.want != "") || failed == ok {
			t.Errorf("%s: %v, here is %v", c.target, err, w.files("."))
		}
	}
	o, err := w.get("in", "common-files/none", "common-files/b")
	want(t, o, err, "files 0 folders 0 unchanged 1 skipped 0 left out 0 failed 1")
}

// Names of a hostile server and links that lie here lead nowhere else.
func TestGetStaysInItsFolder(t *testing.T) {
	w := newWorld(t)
	outside := t.TempDir()
	w.s.Put(t, "common-files/d/link/x", []byte("x"))
	w.s.Put(t, "common-files/d/file", []byte("x"))
	w.s.Put(t, "common-files/d/good", []byte("x"))
	for i, name := range []string{"../../evil", "..", "", "a/b", "/etc/evil", "nul\x00"} {
		w.s.SetName(w.s.Put(t, fmt.Sprintf("common-files/d/bad%d", i), []byte("x")), name)
	}
	w.write("in/d/keep", "")
	for name, to := range map[string]string{"link": outside, "file": filepath.Join(outside, "file")} {
		if err := os.Symlink(to, filepath.Join(w.dir, "in/d", name)); err != nil {
			t.Fatal(err)
		}
	}
	w.o.Conflict = client.Replace
	o, err := w.get("in", "common-files/d")
	want(t, o, err, "files 2 folders 0 unchanged 0 skipped 0 left out 6 failed 1")
	if left, _ := os.ReadDir(outside); len(left) != 0 {
		t.Errorf("written outside: %v", left)
	}
	if got := w.files("in/d"); len(got) != 3 { // keep, good, and file in place of the link
		t.Errorf("here is %v", got)
	}
	if got := w.files("."); len(got) != 3 {
		t.Errorf("here is %v", got)
	}
}

func TestGetThroughBrokenConnections(t *testing.T) {
	w := newWorld(t)
	files := map[string]string{}
	for i := range 20 {
		name := fmt.Sprintf("%02d", i)
		files[name] = strings.Repeat(name, 1000)
		w.s.Put(t, "common-files/d/"+name, []byte(files[name]))
	}
	w.s.Break(fakeapi.Fault{Path: "/content", CutAnswer: 700, Times: 30})
	o, err := w.get(".", "common-files/d")
	want(t, o, err, "files 20 folders 1 unchanged 0 skipped 0 left out 0 failed 0")
	if !maps.Equal(w.files("d"), files) || w.left != 0 {
		t.Errorf("the files are others, or %d bytes unaccounted for", w.left)
	}
}

func TestMemoryForgets(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "x.json")
	if err := os.WriteFile(old, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	transfer.NewMemory(dir, time.Now())
	if _, err := os.Stat(old); err != nil {
		t.Error("forgotten too soon")
	}
	transfer.NewMemory(dir, time.Now().Add(60*24*time.Hour))
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Error("never forgotten")
	}
}
