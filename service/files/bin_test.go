package files_test

import (
	"fmt"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// binOf lists the whole bin of somebody in pages.
func binOf(t *testing.T, w *world.World, who string, limit int) (ids []alveary.NodeID) {
	t.Helper()
	for cursor := ""; ; {
		items, next, err := w.Files.Bin.List(t.Context(), w.As(who), cursor, limit)
		if err != nil || len(items) > limit {
			t.Fatalf("%d items, %v", len(items), err)
		}
		for _, it := range items {
			ids = append(ids, it.ID)
		}
		if next == "" {
			return ids
		}
		cursor = next
	}
}

// A node in the bin is decided where it was: what is allowed or taken away
// there later counts, and being in the bin opens nothing.
func TestBinIsDecidedAtItsPlace(t *testing.T) {
	w, area, ann := garden(t)
	id := w.File("area/a/x", "x")
	_, err := w.Files.Bin.Put(t.Context(), ann, id)
	ok(t, err)
	if _, err := w.Files.Bin.Put(t.Context(), ann, id); !alveary.IsKind(err, alveary.KindConflict) {
		t.Errorf("binned twice: %v", err)
	}
	it, err := w.Files.Tree.Stat(t.Context(), ann, id)
	if err != nil || it.Binned.IsZero() || it.BinnedBy == nil || it.BinnedBy.Login != "ann" || !it.InBin {
		t.Errorf("%+v, %v", it, err)
	}
	e := w.Deny("ann", w.At("area/a"))
	if got := binOf(t, w, "ann", 10); len(got) != 0 {
		t.Errorf("denied at its place, and listed: %v", got)
	}
	_, err = w.Files.Bin.Restore(t.Context(), ann, id, area, files.Fail)
	if words(err) != words(alveary.Withheld("")) {
		t.Errorf("restored elsewhere, out of the denial: %v", err)
	}
	w.Drop(e)
	if got := binOf(t, w, "ann", 10); len(got) != 1 {
		t.Errorf("the bin holds %v", got)
	}
	// Beneath what is in the bin nothing changes.
	_, err = w.Files.Bin.Put(t.Context(), ann, w.At("area/a"))
	ok(t, err)
	name := "y"
	for what, try := range map[string]func() error{
		"upload": func() error {
			_, _, err := w.Files.Content.Write(t.Context(), ann, w.Node(id).Parent, text("y"))
			return err
		},
		"folder": func() error {
			_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, w.Node(id).Parent, "y", files.Fail)
			return err
		},
		"rename": func() error { _, err := w.Files.Tree.Edit(t.Context(), ann, id, files.Edit{Name: &name}); return err },
		"move":   func() error { _, err := w.Files.Tree.Move(t.Context(), ann, id, area, "", files.Fail); return err },
		"move into": func() error {
			_, err := w.Files.Tree.Move(t.Context(), ann, w.File("area/z", "z"), w.Node(id).Parent, "", files.KeepBoth)
			return err
		},
		"copy":      func() error { _, _, err := w.Files.Tree.Copy(t.Context(), ann, id, area, "", files.Fail); return err },
		"overwrite": func() error { _, err := w.Files.Content.Overwrite(t.Context(), ann, id, text("y")); return err },
		"list": func() error {
			_, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: w.Node(id).Parent, Limit: 1})
			return err
		},
	} {
		if err := try(); !alveary.IsKind(err, alveary.KindConflict) {
			t.Errorf("%s in the bin: %v", what, err)
		}
	}
}

// Coming back: its folder is in the bin too, its name is taken, elsewhere.
func TestRestore(t *testing.T) {
	w, area, ann := garden(t)
	id := w.File("area/a/x.txt", "old")
	folder := w.At("area/a")
	w.Bin(id)
	w.Bin(folder)
	_, err := w.Files.Bin.Restore(t.Context(), ann, id, 0, files.Fail)
	wantKind(t, err, alveary.KindConflict, "bin-parent")
	_, err = w.Files.Bin.Restore(t.Context(), ann, id, folder, files.Fail)
	wantKind(t, err, alveary.KindConflict, "bin-parent")
	it, err := w.Files.Bin.Restore(t.Context(), ann, folder, 0, files.Fail)
	if err != nil || it.InBin {
		t.Fatalf("%+v, %v", it, err)
	}
	if w.At("area/a/x.txt") != 0 {
		t.Error("what was in the bin by itself came back with its folder")
	}
	w.File("area/a/x.txt", "new")
	for _, c := range []files.Conflict{"", files.Fail, files.Replace, files.Existing} {
		before := w.Picture()
		_, err = w.Files.Bin.Restore(t.Context(), ann, id, 0, c)
		if err == nil || w.Picture() != before {
			t.Errorf("restored with %q over what is there: %v", c, err)
		}
	}
	it, err = w.Files.Bin.Restore(t.Context(), ann, id, 0, files.KeepBoth)
	if err != nil || it.Name != "x (2).txt" || w.Content(it.ID) != "old" || w.Content(w.At("area/a/x.txt")) != "new" {
		t.Errorf("%+v, %v", it, err)
	}
	if _, err := w.Files.Bin.Restore(t.Context(), ann, id, 0, files.KeepBoth); !alveary.IsKind(err, alveary.KindConflict) {
		t.Errorf("restored twice: %v", err)
	}
	w.Bin(id)
	it, err = w.Files.Bin.Restore(t.Context(), ann, id, area, files.Fail)
	if err != nil || it.ID != w.At("area/x (2).txt") {
		t.Errorf("%+v, %v", it, err)
	}
	w.Bin(id)
	for _, to := range []alveary.NodeID{w.At("area/a/x.txt"), 4_000_000_000, id} {
		if _, err := w.Files.Bin.Restore(t.Context(), ann, id, to, files.Fail); err == nil {
			t.Errorf("restored into %v", to)
		}
	}
	w.Bin(w.Folder("area/f"))
	f := binOf(t, w, "ann", 10)[0]
	inside := w.Node(f)
	if _, err := w.Files.Bin.Restore(t.Context(), ann, inside.ID, inside.ID, files.Fail); err == nil {
		t.Error("a folder was restored into itself")
	}
}

// The bin in pages is the whole bin, whatever the size of a page, and the ways
// to see others' are closed.
func TestBinPages(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	w.User("bob")
	for _, who := range []string{"ann", "bob"} {
		w.Allow(who, w.Folder(who), "read,write")
	}
	want := map[string]int{}
	w.Write(func(tx *store.Tx) error {
		for i := range 753 {
			who := []string{"ann", "ann", "bob"}[i%3]
			line, err := tx.Lineage(w.At(who))
			if err != nil {
				return err
			}
			n, err := tx.Insert(line, alveary.Node{Name: fmt.Sprint(i), Type: alveary.Collection})
			if err == nil {
				_, err = tx.Bin(line.Child(n), 0)
			}
			if err != nil {
				return err
			}
			want[who]++
		}
		return nil
	})
	for who, count := range want {
		for _, limit := range []int{1000, 500, 250, 251, 7} {
			seen := map[alveary.NodeID]bool{}
			for _, id := range binOf(t, w, who, limit) {
				seen[id] = true
			}
			if len(seen) != count {
				t.Errorf("%s sees %d in pages of %d, want %d", who, len(seen), limit, count)
			}
		}
	}
	for _, bad := range []string{"x", "1", "1.", ".1", "-1.5", "1.0", "1.1.1", "99999999999999999999.1"} {
		if _, _, err := w.Files.Bin.List(t.Context(), w.As("ann"), bad, 10); err != nil {
			wantKind(t, err, alveary.KindInvalid, "")
		} else if bad != "-1.5" {
			t.Errorf("the cursor %q is good", bad)
		}
	}
	deleted, kept, err := w.Files.Bin.Empty(t.Context(), w.As("ann"))
	if err != nil || deleted != want["ann"] || kept != 0 {
		t.Errorf("emptied %d, kept %d, %v; want %d", deleted, kept, err, want["ann"])
	}
	if got := len(binOf(t, w, "bob", 1000)); got != want["bob"] {
		t.Errorf("bob's bin holds %d, want %d", got, want["bob"])
	}
}

// Emptying takes what one may delete, counts what one may only see, and does
// not speak of the rest. What lies in what lies in the bin goes with it.
func TestEmptyBin(t *testing.T) {
	w, _, ann := garden(t)
	mine, inner := w.File("area/mine", "m"), w.File("area/folder/inner", "i")
	readable, hidden := w.File("area/readable", "r"), w.File("area/hidden", "h")
	w.Bin(inner)
	folder := w.At("area/folder")
	for _, id := range []alveary.NodeID{mine, folder, readable, hidden} {
		w.Bin(id)
	}
	w.Allow("ann", readable, "read")
	w.Deny("ann", hidden)
	deleted, kept, err := w.Files.Bin.Empty(t.Context(), ann)
	if err != nil || kept != 1 || deleted < 2 || deleted > 3 {
		t.Errorf("deleted %d, kept %d, %v", deleted, kept, err)
	}
	for id, gone := range map[alveary.NodeID]bool{mine: true, inner: true, folder: true, readable: false, hidden: false} {
		if (w.Node(id).ID == 0) != gone {
			t.Errorf("%v: gone is %v", id, !gone)
		}
	}
	if got := w.Objects(); len(got) != 2 {
		t.Errorf("%d objects are left", len(got))
	}
}

// Deleting for good frees the objects that nothing names any more, all of them
// and no other: versions, copies and restored versions share them.
func TestDeleteFreesObjects(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		w.Allow("ann", area, "read,write")
		ann := w.As("ann")
		x := w.File("area/x", "one")
		one := w.Node(x).Blob
		_, err := w.Files.Content.Overwrite(t.Context(), ann, x, text("two"))
		ok(t, err)
		two := w.Node(x).Blob
		_, err = w.Files.Content.RestoreVersion(t.Context(), ann, x, 1)
		ok(t, err)
		copied, _, err := w.Files.Tree.Copy(t.Context(), ann, x, area, "", files.Fail)
		ok(t, err)
		ok(t, w.Files.Bin.Delete(t.Context(), ann, x))
		if got := w.Objects(); len(got) != 1 || got[0] != one {
			t.Errorf("objects %v; one is %s, two %s", got, one, two)
		}
		if got, err := readAll(t, w, ann, copied.ID, 0); err != nil || got != "one" {
			t.Errorf("the copy holds %q, %v", got, err)
		}
		ok(t, w.Files.Bin.Delete(t.Context(), ann, copied.ID))
		if got := w.Objects(); len(got) != 0 {
			t.Errorf("left %v", got)
		}
	})
}

func TestVersions(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		w.Allow("ann", area, "read,write")
		ann := w.As("ann")
		x := w.File("area/x", "one")
		for _, content := range []string{"two", "three"} {
			_, err := w.Files.Content.Overwrite(t.Context(), ann, x, text(content))
			ok(t, err)
		}
		for version, want := range map[int64]string{0: "three", 1: "one", 2: "two", 3: "three"} {
			if got, err := readAll(t, w, ann, x, version); err != nil || got != want {
				t.Errorf("version %d holds %q, %v", version, got, err)
			}
		}
		for _, version := range []int64{-1, 4, 1 << 62} {
			_, err := readAll(t, w, ann, x, version)
			wantKind(t, err, alveary.KindNotFound, "not-found")
			_, err = w.Files.Content.RestoreVersion(t.Context(), ann, x, version)
			wantKind(t, err, alveary.KindNotFound, "not-found")
		}
		it, err := w.Files.Content.RestoreVersion(t.Context(), ann, x, 1)
		if err != nil || it.Version != 4 || w.Content(x) != "one" {
			t.Errorf("%+v, %v", it, err)
		}
		lines := len(w.Audit())
		if it, err = w.Files.Content.RestoreVersion(t.Context(), ann, x, 4); err != nil || it.Version != 4 || len(w.Since(lines)) != 0 {
			t.Errorf("restoring what is current: %+v, %v", it, err)
		}
		all, err := w.Files.Content.Versions(t.Context(), ann, x)
		if err != nil || len(all) != 4 || all[0].Number != 4 || !all[0].Current || all[1].Current || all[0].By == nil || all[3].By != nil {
			t.Errorf("%+v, %v", all, err)
		}
		_, err = w.Files.Content.RestoreVersion(t.Context(), ann, area, 1)
		if err == nil {
			t.Error("a folder has versions")
		}
		// Numbers are not used again.
		_, err = w.Files.Content.Overwrite(t.Context(), ann, x, text("five"))
		ok(t, err)
		if got := w.Node(x).Version; got != 5 {
			t.Errorf("version %d", got)
		}
	})
}
