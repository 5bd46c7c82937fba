package files_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// sorts of one node among many that differs for ann, who has all rights on the
// rest. Its name and the names beneath it must not be told where it is hidden.
var odd = []struct {
	name    string
	set     func(*world.World, alveary.NodeID)
	hidden  bool
	mayTake bool // of the node itself, read and write
	mayEdit bool // write
}{
	{"denied", func(w *world.World, id alveary.NodeID) { w.Deny("ann", id) }, true, false, false},
	{"taken away", func(w *world.World, id alveary.NodeID) { w.Allow("ann", id, "") }, true, false, false},
	{"read only", func(w *world.World, id alveary.NodeID) { w.Allow("ann", id, "read") }, false, false, false},
	{"write only", func(w *world.World, id alveary.NodeID) { w.Allow("ann", id, "write") }, true, false, true},
}

// grove is a folder with an odd node deep in it, and one that is odd and in the
// bin where binned says so.
func grove(t *testing.T, set func(*world.World, alveary.NodeID), binned bool) (w *world.World, top, secret, target alveary.NodeID) {
	w = world.New(t, world.Options{})
	w.User("ann")
	w.File("area/top/a.txt", "a")
	w.File("area/top/deep/er/b.txt", "b")
	w.File("area/top/deep/er/SECRET/c.txt", "c")
	secret, top = w.At("area/top/deep/er/SECRET"), w.At("area/top")
	target = w.Folder("elsewhere")
	w.Allow("ann", w.At("area"), "read,write")
	w.Allow("ann", target, "read,write")
	set(w, secret)
	if binned {
		w.Bin(secret)
	}
	return w, top, secret, target
}

// Threat 7: what takes a folder away with everything in it is decided for
// everything in it, the bin included, and refused as a whole.
func TestThreat07_RecursiveIsAllOrNothing(t *testing.T) {
	for _, o := range odd {
		for _, binned := range []bool{false, true} {
			for name, try := range map[string]struct {
				run     func(*world.World, alveary.NodeID, alveary.NodeID) error
				allowed bool
				inBin   bool
			}{
				"move": {func(w *world.World, top, target alveary.NodeID) error {
					_, err := w.Files.Tree.Move(t.Context(), w.As("ann"), top, target, "", files.Fail)
					return err
				}, o.mayTake, false},
				"bin": {func(w *world.World, top, _ alveary.NodeID) error {
					_, err := w.Files.Bin.Put(t.Context(), w.As("ann"), top)
					return err
				}, o.mayEdit, false},
				"delete": {func(w *world.World, top, _ alveary.NodeID) error {
					return w.Files.Bin.Delete(t.Context(), w.As("ann"), top)
				}, o.mayEdit, false},
				"restore": {func(w *world.World, top, _ alveary.NodeID) error {
					_, err := w.Files.Bin.Restore(t.Context(), w.As("ann"), top, 0, files.Fail)
					return err
				}, o.mayEdit, true},
				"restore elsewhere": {func(w *world.World, top, target alveary.NodeID) error {
					_, err := w.Files.Bin.Restore(t.Context(), w.As("ann"), top, target, files.Fail)
					return err
				}, o.mayTake, true},
				"delete from the bin": {func(w *world.World, top, _ alveary.NodeID) error {
					return w.Files.Bin.Delete(t.Context(), w.As("ann"), top)
				}, o.mayEdit, true},
				"empty the bin": {func(w *world.World, _, _ alveary.NodeID) error {
					_, kept, err := w.Files.Bin.Empty(t.Context(), w.As("ann"))
					if err == nil && kept > 0 {
						return alveary.Denied("", "", alveary.ActionDelete)
					}
					return err
				}, o.mayEdit, true},
			} {
				w, top, _, target := grove(t, o.set, binned)
				if try.inBin {
					w.Bin(top)
				}
				if name == "empty the bin" && binned && !o.mayEdit {
					continue // the odd node itself is counted too: see TestEmptyBin
				}
				before, lines := w.Picture(), len(w.Audit())
				err := try.run(w, top, target)
				if try.allowed {
					if err != nil {
						t.Errorf("%s with one %s: %v", name, o.name, err)
					}
					continue
				}
				wantKind(t, err, alveary.KindDenied, "denied")
				if o.hidden && strings.Contains(words(err)+err.Error(), "SECRET") {
					t.Errorf("%s with one %s names it: %v", name, o.name, err)
				}
				if after := w.Picture(); after != before {
					t.Errorf("%s with one %s changed the tree to\n%s\nfrom\n%s", name, o.name, after, before)
				}
				if got := w.Since(lines); len(got) != 1 || got[0].Verdict != alveary.VerdictDenied || got[0].Node != top || strings.Contains(got[0].Detail, "SECRET") {
					t.Errorf("%s with one %s: the audit says %+v", name, o.name, got)
				}
			}
		}
	}
}

// unzip lists the names and contents of an archive.
func unzip(t *testing.T, w *world.World, ids ...alveary.NodeID) map[string]string {
	t.Helper()
	a, err := w.Files.Content.Archive(t.Context(), w.As("ann"), ids)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := a.WriteTo(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range z.File {
		if _, twice := found[f.Name]; twice {
			t.Errorf("%q is in the archive twice", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		found[f.Name] = string(content)
	}
	return found
}

// What reads a folder leaves out what may not be read, and counts what of it
// may be seen.
func TestThreat07_ReadingLeavesOut(t *testing.T) {
	for _, o := range odd {
		w, top, secret, target := grove(t, o.set, false)
		it, leftOut, err := w.Files.Tree.Copy(t.Context(), w.As("ann"), top, target, "", files.Fail)
		if err != nil || leftOut != 0 {
			t.Errorf("copy with one %s: %d left out, %v", o.name, leftOut, err)
		}
		if got := w.At("elsewhere/top/deep/er/SECRET/c.txt") != 0; got == o.hidden {
			t.Errorf("copy with one %s: copied %v", o.name, got)
		}
		if w.At("elsewhere/top/deep/er/b.txt") == 0 || it.ID != w.At("elsewhere/top") {
			t.Errorf("copy with one %s: the rest is missing", o.name)
		}
		zipped := unzip(t, w, top)
		if _, got := zipped["top/deep/er/SECRET/c.txt"]; got == o.hidden || zipped["top/deep/er/b.txt"] != "b" {
			t.Errorf("zip with one %s: %v", o.name, zipped)
		}
		if _, noted := zipped["LEFT-OUT.txt"]; noted {
			t.Errorf("zip with one %s: a note of what may not be known", o.name)
		}
		w.Bin(secret)
		for name := range unzip(t, w, top) {
			if strings.Contains(name, "SECRET") {
				t.Errorf("zip brings %s out of the bin", name)
			}
		}
	}
}

// A node in a hidden folder that ann may read on its own is neither copied nor
// counted with what is above.
func TestReadingSkipsIslands(t *testing.T) {
	w, top, secret, target := grove(t, odd[1].set, false)
	w.Allow("ann", w.At("area/top/deep/er/SECRET/c.txt"), "read")
	if _, leftOut, err := w.Files.Tree.Copy(t.Context(), w.As("ann"), top, target, "", files.Fail); err != nil || leftOut != 0 {
		t.Errorf("%d left out, %v", leftOut, err)
	}
	if w.At("elsewhere/top/deep/er/SECRET") != 0 {
		t.Error("the hidden folder was copied")
	}
	if got := w.Node(secret); got.ID == 0 {
		t.Error("it is gone")
	}
}

// A right that is lost while the archive is streamed counts from then on.
func TestArchiveAsksForEachFile(t *testing.T) {
	w, top, _, _ := grove(t, odd[2].set, false)
	a, err := w.Files.Content.Archive(t.Context(), w.As("ann"), []alveary.NodeID{top})
	if err != nil {
		t.Fatal(err)
	}
	w.Deny("ann", w.At("area/top/deep"))
	var out bytes.Buffer
	if err := a.WriteTo(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, []string{"top/", "top/a.txt"}) {
		t.Errorf("the archive holds %q", names)
	}
}

// Threat 5: the names in an archive are names to every program that unpacks,
// and no two are the same.
func TestThreat05_ArchiveNames(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	var ids []alveary.NodeID
	for _, name := range []string{"a\\b", "a:b", "..\\..\\up", "C:\\x", "a_b", "2-a_b", "line\nbreak", "LEFT-OUT.txt", "\u202egpj.exe", "  ", "...", "~", "-rf"} {
		ids = append(ids, w.File("area/"+name, "x"))
	}
	ids = append(ids, ids[0], w.At("area"))
	w.Allow("ann", w.At("area"), "read")
	found := unzip(t, w, ids...)
	if len(found) != len(ids)+13 {
		t.Errorf("%d entries for %d nodes: %v", len(found), len(ids)+13, found)
	}
	for name := range found {
		parts := strings.Split(strings.TrimSuffix(name, "/"), "/")
		if strings.ContainsAny(name, "\\:\n") || slices.Contains(parts, "..") || slices.Contains(parts, ".") || slices.Contains(parts, "") {
			t.Errorf("the name %q means a place somewhere", name)
		}
	}
}

// What of a selection may not be seen refuses the whole in the words for what
// does not exist; the bin is no place to download from in bulk.
func TestArchiveOfASelection(t *testing.T) {
	w, top, secret, _ := grove(t, odd[0].set, false)
	ann := w.As("ann")
	for _, ids := range [][]alveary.NodeID{{top, secret}, {secret}, {top, 4_000_000_000}} {
		_, err := w.Files.Content.Archive(t.Context(), ann, ids)
		if words(err) != words(alveary.Withheld("")) {
			t.Errorf("%v: %v", ids, err)
		}
	}
	file := w.At("area/top/a.txt")
	w.Bin(file)
	_, err := w.Files.Content.Archive(t.Context(), ann, []alveary.NodeID{file})
	wantKind(t, err, alveary.KindConflict, "in-bin")
}

// A folder with very many files is copied and deleted as a whole, and its
// objects go with the last file that names them.
func TestManyFiles(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	area := w.Folder("area")
	top := w.Folder("area/many")
	info := w.Object("shared")
	w.Write(func(tx *store.Tx) error {
		line, err := tx.Lineage(top)
		for i := 0; i < 1200 && err == nil; i++ {
			_, err = tx.Insert(line, alveary.Node{
				Name: "f" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26),
				Type: alveary.Leaf, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME, Blob: info.Blob,
			})
		}
		return err
	})
	w.Allow("ann", area, "read,write")
	ann := w.As("ann")
	_, leftOut, err := w.Files.Tree.Copy(t.Context(), ann, top, area, "", files.Fail)
	if err != nil || leftOut != 0 || w.At("area/many (2)") == 0 {
		t.Fatalf("%d left out, %v", leftOut, err)
	}
	ok(t, w.Files.Bin.Delete(t.Context(), ann, top))
	if len(w.Objects()) != 1 {
		t.Fatal("the object went while a copy names it")
	}
	ok(t, w.Files.Bin.Delete(t.Context(), ann, w.At("area/many (2)")))
	if got := w.Objects(); len(got) != 0 {
		t.Fatalf("left behind: %v", got)
	}
}
