package files_test

import (
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// Threat 8: what moves or is copied keeps the entries that stand on it and gets
// those of its new place; a denial travels with its node, and neither another
// place nor a name that is taken there opens anything.
func TestThreat08_IntoOtherRights(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		w.User("bob")
		mine, shared, strict := w.Folder("mine"), w.Folder("shared"), w.Folder("strict")
		w.Allow("ann", mine, "read,write")
		w.Allow("ann", shared, "read,write")
		w.Allow("ann", strict, "write")
		w.Allow("bob", shared, "read,write")
		ann := w.As("ann")
		sees := func(who string, id alveary.NodeID) bool {
			_, err := readAll(t, w, w.As(who), id, 0)
			return err == nil
		}
		// Into a looser place: bob sees what has no word against it, and the
		// denial on a node is a denial there too.
		open, kept := w.File("mine/d/open", "o"), w.File("mine/d/kept", "k")
		w.Deny("bob", kept)
		_, err := w.Files.Tree.Move(t.Context(), ann, w.At("mine/d"), shared, "", files.Fail)
		ok(t, err)
		if !sees("bob", open) || sees("bob", kept) || !sees("ann", kept) {
			t.Errorf("moved: bob sees %v and %v", sees("bob", open), sees("bob", kept))
		}
		// Into a stricter one: the mover sees it no more, and cannot fetch it back.
		_, err = w.Files.Tree.Move(t.Context(), ann, open, strict, "", files.Fail)
		ok(t, err)
		if sees("ann", open) {
			t.Error("moved into a drop box and still seen")
		}
		_, err = w.Files.Tree.Move(t.Context(), ann, open, mine, "", files.Fail)
		if words(err) != words(alveary.Withheld("")) {
			t.Errorf("fetched back: %v", err)
		}
		// A copy has no entry of its own: it is what its place makes of it.
		source := w.File("mine/source", "s")
		w.Allow("bob", source, "read")
		it, _, err := w.Files.Tree.Copy(t.Context(), ann, source, mine, "copy", files.Fail)
		ok(t, err)
		if !sees("bob", source) || sees("bob", it.ID) {
			t.Error("an entry was copied")
		}
		// Over a target that is denied, or that may only be read.
		denied, readable := w.File("shared/denied", "d"), w.File("shared/readable", "r")
		w.Deny("ann", denied)
		w.Allow("ann", readable, "read")
		for name, id := range map[string]alveary.NodeID{"denied": denied, "readable": readable} {
			for _, try := range []func() error{
				func() error {
					_, _, err := w.Files.Tree.Copy(t.Context(), ann, source, shared, name, files.Replace)
					return err
				},
				func() error {
					_, err := w.Files.Tree.Move(t.Context(), ann, w.File("mine/over-"+name, "x"), shared, name, files.Replace)
					return err
				},
				func() error {
					_, _, err := w.Files.Content.Write(t.Context(), ann, shared, named(name, "new", files.Replace))
					return err
				},
			} {
				before := w.Node(id)
				err := try()
				if after := w.Node(id); after != before {
					t.Errorf("%s is %+v, was %+v", name, after, before)
				}
				if name == "denied" && err != nil {
					t.Errorf("the name tells that something is there: %v", err)
				} else if name == "readable" && !alveary.IsKind(err, alveary.KindDenied) {
					t.Errorf("over what may only be read: %v", err)
				}
			}
		}
	})
}

// Threat 9: who may only read brings nothing back, neither a version nor from
// the bin, and changes nothing by a way round.
func TestThreat09_ReadOnly(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		file, binned := w.File("area/x", "one"), w.File("area/binned", "b")
		w.On(file, func(tx *store.Tx, line alveary.Lineage) error {
			info := w.Object("two")
			_, err := tx.Replace(line, store.Content{Blob: info.Blob, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME}, 0, 0)
			return err
		})
		w.Bin(binned)
		own := w.Folder("own")
		w.Allow("ann", w.At("area"), "read")
		w.Allow("ann", own, "read,write")
		ann := w.As("ann")
		name, then := "renamed", w.Now()
		before := w.Picture()
		for what, try := range map[string]func() error{
			"restore a version": func() error { _, err := w.Files.Content.RestoreVersion(t.Context(), ann, file, 1); return err },
			"restore":           func() error { _, err := w.Files.Bin.Restore(t.Context(), ann, binned, 0, files.Fail); return err },
			"restore to own":    func() error { _, err := w.Files.Bin.Restore(t.Context(), ann, binned, own, files.Fail); return err },
			"delete":            func() error { return w.Files.Bin.Delete(t.Context(), ann, binned) },
			"take":              func() error { _, err := w.Files.Tree.Move(t.Context(), ann, file, own, "", files.Fail); return err },
			"rename": func() error {
				_, err := w.Files.Tree.Edit(t.Context(), ann, file, files.Edit{Name: &name})
				return err
			},
			"declare a time": func() error {
				_, err := w.Files.Tree.Edit(t.Context(), ann, file, files.Edit{MTime: &then})
				return err
			},
			"nothing at all": func() error { _, err := w.Files.Tree.Edit(t.Context(), ann, file, files.Edit{}); return err },
			"make a folder": func() error {
				_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, w.At("area"), "f", files.Existing)
				return err
			},
			"make what is there": func() error {
				_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, w.At("area"), "x", files.Existing)
				return err
			},
		} {
			wantKind(t, try(), alveary.KindDenied, "denied")
			if w.Picture() != before {
				t.Fatalf("%s changed the tree", what)
			}
		}
		if deleted, kept, err := w.Files.Bin.Empty(t.Context(), ann); err != nil || deleted != 0 || kept != 1 || w.Picture() != before {
			t.Errorf("emptying the bin: %d, %d, %v", deleted, kept, err)
		}
	})
}
