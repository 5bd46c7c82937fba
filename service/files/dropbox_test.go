package files_test

import (
	"strings"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/testkit/world"
)

// dropbox is a folder into which ann may write and in which she sees nothing.
// "taken.txt" is in it.
func dropbox(t *testing.T) (w *world.World, box alveary.NodeID, ann alveary.Subject) {
	w = world.New(t, world.Options{})
	w.User("ann")
	w.File("area/box/taken.txt", "not for ann")
	w.Folder("area/box/taken")
	box = w.At("area/box")
	w.Allow("ann", box, "write")
	return w, box, w.As("ann")
}

// Whatever way a name comes into a drop box, the answer for one that is taken
// is the answer for one that is free, and what was there stays.
func TestDropBoxTellsNoName(t *testing.T) {
	w, box, ann := dropbox(t)
	own := w.Folder("own")
	w.Allow("ann", own, "read,write")
	tree, content := w.Files.Tree, w.Files.Content
	for name, put := range map[string]func(name string) (files.Item, error){
		"upload": func(name string) (files.Item, error) {
			it, _, err := content.Write(t.Context(), ann, box, named(name, "x", files.Fail))
			return it, err
		},
		"upload to replace": func(name string) (files.Item, error) {
			it, _, err := content.Write(t.Context(), ann, box, named(name, "x", files.Replace))
			return it, err
		},
		"make a folder": func(name string) (files.Item, error) {
			it, _, err := tree.MakeFolder(t.Context(), ann, box, name, files.Fail)
			return it, err
		},
		"make a folder or take the one there": func(name string) (files.Item, error) {
			it, _, err := tree.MakeFolder(t.Context(), ann, box, name, files.Existing)
			return it, err
		},
		"move": func(name string) (files.Item, error) {
			return tree.Move(t.Context(), ann, w.File("own/x", "x"), box, name, files.Fail)
		},
		"move to replace": func(name string) (files.Item, error) {
			return tree.Move(t.Context(), ann, w.File("own/x", "x"), box, name, files.Replace)
		},
		"copy": func(name string) (files.Item, error) {
			id := w.File("own/x", "x")
			defer w.Delete(id)
			it, _, err := tree.Copy(t.Context(), ann, id, box, name, files.Replace)
			return it, err
		},
		"rename": func(name string) (files.Item, error) {
			return tree.Edit(t.Context(), ann, w.File("area/box/"+name+" before", "x"), files.Edit{Name: &name})
		},
		"resumable upload": func(name string) (files.Item, error) {
			id := begin(t, w, ann, files.Begin{Parent: box, Name: name, Length: 1})
			_, it, err := feed(t, w, ann, id, 0, "x")
			if it == nil {
				it = &files.Item{}
			}
			return *it, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.Node(w.At("area/box/taken.txt"))
			free, freeErr := put("free " + name)
			taken, takenErr := put("taken.txt")
			if freeErr != nil || takenErr != nil {
				t.Fatalf("free: %v, taken: %v", freeErr, takenErr)
			}
			if free.Name != "free "+name || taken.Name != "taken.txt" {
				t.Errorf("told the names %q and %q", free.Name, taken.Name)
			}
			free.Name, taken.Name = "", ""
			if free.Node != taken.Node || free.Path != "" || free.Abilities != nil || taken.Abilities != nil || taken.ID != 0 {
				t.Errorf("told of one that was free:\n%+v\nof one that was taken:\n%+v", free, taken)
			}
			if after := w.Node(w.At("area/box/taken.txt")); after != before {
				t.Errorf("what was there is %+v, was %+v", after, before)
			}
		})
	}
}

// An upload into a drop box becomes one file, however often its end is asked
// for, and tells nobody what it became.
func TestDropBoxUploadEndsOnce(t *testing.T) {
	w, box, ann := dropbox(t)
	id := begin(t, w, ann, files.Begin{Parent: box, Name: "up.txt", Length: 3})
	if _, _, err := feed(t, w, ann, id, 0, "abc"); err != nil {
		t.Fatal(err)
	}
	before := w.Picture()
	for _, c := range []files.Conflict{files.Fail, files.Replace, files.KeepBoth} {
		if _, err := w.Files.Uploads.Finish(t.Context(), ann, id, c); err == nil {
			t.Errorf("finished again with %s", c)
		}
	}
	if _, _, err := feed(t, w, ann, id, 3, ""); err != nil {
		t.Errorf("asking for the end again: %v", err)
	}
	if after := w.Picture(); after != before {
		t.Errorf("the tree is\n%s\nand was\n%s", after, before)
	}
	p, err := w.Files.Uploads.Status(t.Context(), ann, id)
	if err != nil || p.Offset != 3 || p.Node != 0 {
		t.Errorf("the upload says %+v, %v", p, err)
	}
	ok(t, w.Files.Uploads.End(t.Context(), ann, id))
	if got := w.Content(w.At("area/box/up.txt")); got != "abc" {
		t.Errorf("the file holds %q", got)
	}
}

// A folder on the way of an upload that may not be seen is as good as none.
func TestRelativeFolderIsNoOracle(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	parent := w.Folder("area")
	w.Allow("ann", parent, "read,write")
	hidden := w.File("area/hidden/x.txt", "not for ann")
	w.Deny("ann", w.At("area/hidden"))
	ann := w.As("ann")
	for _, relative := range []string{"hidden/x.txt", "missing/x.txt"} {
		id := begin(t, w, ann, files.Begin{Parent: parent, Relative: relative, Length: 2})
		if _, it, err := feed(t, w, ann, id, 0, "hi"); err != nil || it.Name != "x.txt" {
			t.Errorf("%s: %+v, %v", relative, it, err)
		}
	}
	if w.Content(hidden) != "not for ann" || w.Node(hidden).Version != 1 {
		t.Error("the hidden file was changed")
	}
	if got := w.Content(w.At("area/hidden (2)/x.txt")); got != "hi" {
		t.Errorf("the file holds %q", got)
	}
}

// Only what is on the way counts for an upload into folders that are still to
// be made: not what bears the file's name elsewhere.
func TestRelativeAsksForItsOwnWay(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	parent := w.Folder("area")
	w.Folder("area/README")
	w.Allow("ann", parent, "read,write")
	w.Allow("ann", w.At("area/README"), "read")
	ann := w.As("ann")
	id := begin(t, w, ann, files.Begin{Parent: parent, Relative: "new/dir/README", Length: 1, Conflict: files.Replace})
	if _, _, err := feed(t, w, ann, id, 0, "x"); err != nil {
		t.Fatal(err)
	}
	if w.Content(w.At("area/new/dir/README")) != "x" {
		t.Error("it went elsewhere")
	}
	// Where a file stands in the way no choice at the end could help.
	_, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: parent, Relative: "new/dir/README/x", Length: 1})
	wantKind(t, err, alveary.KindConflict, "name-exists")
	_, err = w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: parent, Relative: strings.Repeat("d/", 130) + "x", Length: 1})
	wantKind(t, err, alveary.KindInvalid, "too-deep")
	for _, bad := range []string{"/x", "a//x", "a/../x", "../x", "a/", "a/\x00/x", "a/\xff", "."} {
		_, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: parent, Relative: bad, Length: 1})
		wantKind(t, err, alveary.KindInvalid, "")
	}
}

// The name of a drop box is not told to who may only write into it.
func TestDropBoxKeepsItsOwnName(t *testing.T) {
	w, box, ann := dropbox(t)
	_, err := w.Files.Content.Overwrite(t.Context(), ann, box, text("x"))
	wantKind(t, err, alveary.KindInvalid, "not-a-file")
	if strings.Contains(words(err), "box") {
		t.Errorf("told %s", words(err))
	}
	w.Bin(box)
	_, _, err = w.Files.Content.Write(t.Context(), ann, box, text("x"))
	if err == nil || strings.Contains(words(err), "“") {
		t.Errorf("told %s", words(err))
	}
}
