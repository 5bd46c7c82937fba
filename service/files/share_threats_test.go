package files_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// THREATS.md 6: every operation asks, whichever way someone comes: through a
// Cell a member has what its entry gives and its owner has, and each operation
// is allowed exactly where that holds what chapter 5 of the model needs.
func TestThreat06_EveryOperationThroughACell(t *testing.T) {
	const reads, writes, both = alveary.RightRead, alveary.RightWrite, alveary.Givable
	for _, op := range operations {
		s := newStage(t)
		w := s.World
		w.User("owner")
		trodden := false
		for _, c := range []struct{ given, owned alveary.Rights }{{both, 0}, {both, reads}, {both, writes}, {reads, both}, {writes, both}, {both, both}} {
			if trodden {
				s = s.next()
			}
			if op.on == onUpload && s.upload == "" {
				s.began()
			}
			set := func(w *world.World, _, node, _ alveary.NodeID) {
				w.Forget(node)
				if c.owned != 0 {
					w.Allow("owner", node, c.owned.String())
				}
				w.Write(func(tx *store.Tx) error {
					all, err := tx.CellsOwned(w.As("owner").User.ID)
					for _, c := range all {
						if err == nil {
							err = tx.DeleteCell(c.ID)
						}
					}
					return err
				})
				cell(w, "owner", "", give(w, "ann", node, c.given))
			}
			have := (c.given & c.owned).Implied()
			what := fmt.Sprintf("%s given by who has %s", c.given, c.owned)
			if trodden = op.needs&^have == 0; !trodden {
				s.refused(t, op.name, op.on, op.needs, what, have, set, op.try)
			} else {
				s.allowed(t, op.on, what, have, set, op.try)
			}
		}
	}
}

// THREATS.md 7: what takes a folder along through a Cell or link is decided for
// everything in it, and a node that only the owner is denied, or the member,
// refuses the whole without being named; reading leaves it out.
func TestThreat07_SweepingThroughACell(t *testing.T) {
	w := world.New(t, world.Options{})
	for _, name := range []string{"ann", "bob"} {
		w.User(name)
	}
	own := w.Folder("own")
	w.Allow("bob", own, "read,write")
	n := 0
	for _, denied := range []string{"ann", "bob"} {
		for _, way := range []string{"cell", "link"} {
			if denied == "bob" && way == "link" {
				continue
			}
			n++
			base := fmt.Sprintf("area/%d", n)
			odd := w.File(base+"/top/deep/SECRET.txt", "x")
			w.File(base+"/top/a.txt", "a")
			target := w.Folder(base + "/target")
			w.Allow("ann", w.At(base), "read,write")
			top := w.At(base + "/top")
			c := cell(w, "ann", fmt.Sprint("cell-of-", n), give(w, "bob", w.At(base), alveary.Givable))
			s := w.As("bob")
			if way == "link" {
				w.Write(func(tx *store.Tx) error { return tx.DeleteCell(c.ID) })
				_, s = link(w, "ann", alveary.LinkEdit, w.At(base))
			}
			w.Deny(denied, odd)
			for name, try := range map[string]func() error{
				"move":   func() error { _, err := w.Files.Tree.Move(t.Context(), s, top, target, "", files.Fail); return err },
				"bin":    func() error { _, err := w.Files.Bin.Put(t.Context(), s, top); return err },
				"delete": func() error { return w.Files.Bin.Delete(t.Context(), s, top) },
			} {
				var err error
				what := fmt.Sprintf("%s by %s, denied to %s", name, way, denied)
				unchanged(t, w, what, alveary.KindDenied, "denied", func() error { err = try(); return err })
				if strings.Contains(words(err), "SECRET") {
					t.Errorf("%s tells %s", what, words(err))
				}
			}
			if got := strings.Join(zipped(t, w, s, top), " "); got != "top/ top/a.txt top/deep/" {
				t.Errorf("%s, denied to %s: zipped %s", way, denied, got)
			}
			copied, leftOut, err := w.Files.Tree.Copy(t.Context(), s, top, target, "", files.Fail)
			if err != nil || leftOut != 0 || w.At(base+"/target/top/deep/SECRET.txt") != 0 || w.At(base+"/target/top/a.txt") == 0 {
				t.Errorf("%s, denied to %s: copied %v, %d left out, %v", way, denied, copied.Name, leftOut, err)
			}
		}
	}
}

// THREATS.md 10: whatever takes a right from who shared takes it from everybody
// he gave it to, with the same commit and along chains; and gives it back.
func TestThreat10_WhatTheOwnerLoses(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		for _, name := range []string{"ann", "bob", "carl"} {
			w.User(name)
		}
		w.User("guest", alveary.ProfileShared)
		file := w.File("SECRET/file", "x")
		held := w.Allow("ann", w.At("SECRET"), "read,write")
		cell(w, "ann", "first", give(w, "bob", file, alveary.Givable))
		cell(w, "bob", "second", give(w, "carl", file, alveary.RightRead))
		third := cell(w, "carl", "third", give(w, "guest", file, alveary.RightRead))
		_, visits := link(w, "carl", alveary.LinkRead, file)
		askers := []alveary.Subject{w.As("bob"), w.As("carl"), w.As("guest"), visits}
		sees := func(what string, want int) {
			t.Helper()
			got := 0
			for _, s := range askers {
				if _, err := readAll(t, w, s, file, 0); err == nil {
					got++
				} else if words(err) != words(alveary.Withheld("")) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if got != want {
				t.Errorf("%s: %d of the chain read it, want %d", what, got, want)
			}
		}
		sees("to begin with", 4)
		w.Drop(held)
		sees("the first owner lost the right", 0)
		w.Allow("ann", w.At("SECRET"), "read")
		sees("he has it again", 4)
		if _, err := w.Files.Content.Overwrite(t.Context(), w.As("bob"), file, text("x")); !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("more than the owner has: %v", err)
		}
		denied := w.Deny("bob", file)
		sees("one in the middle is denied it", 0)
		w.Drop(denied)
		w.Write(func(tx *store.Tx) error { return tx.SetDisabled(w.As("ann").User.ID, true) })
		sees("the first owner is disabled", 0)
		w.Write(func(tx *store.Tx) error { return tx.SetDisabled(w.As("ann").User.ID, false) })
		w.Write(func(tx *store.Tx) error { return tx.DeleteCell(third.ID) })
		sees("the last Cell ended", 3)
		// By the clock alone: at that very instant, for what is under way too.
		second := cell(w, "ann", "timed", give(w, "guest", file, alveary.RightRead))
		change(w, &second, func(c *alveary.Cell) { c.Until = w.Now().Add(time.Hour) })
		w.Wait(time.Hour - time.Microsecond)
		f, err := w.Files.Content.Open(t.Context(), w.As("guest"), file, 0, files.ForDownload)
		ok(t, err)
		defer f.Close()
		w.Wait(time.Microsecond)
		if _, err := w.Files.Tree.Stat(t.Context(), w.As("guest"), file); words(err) != words(alveary.Withheld("")) {
			t.Errorf("at its end: %v", err)
		}
		for end := time.Now().Add(20 * time.Second); f.Refused() == nil && time.Now().Before(end); time.Sleep(time.Millisecond) {
		}
		if f.Refused() == nil {
			t.Error("the download goes on after the end of the Cell")
		}
	})
}

// THREATS.md 11: a share is bound to a node by its id. What comes to be at the
// same place is another node, and no share of it; nor is what comes under the
// name by a rename or a move.
func TestThreat11_NothingIsSharedByItsPath(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		w.User("bob")
		area := w.Folder("SECRET")
		w.Allow("ann", area, "read,write")
		ann, bob := w.As("ann"), w.As("bob")
		again := func() alveary.NodeID { return w.File("SECRET/folder/file", "x") }
		again()
		folder := w.At("SECRET/folder")
		cell(w, "ann", "shared", give(w, "bob", folder, alveary.Givable))
		_, visits := link(w, "ann", alveary.LinkEdit, folder)
		hidden := func(what string, ids ...alveary.NodeID) {
			t.Helper()
			for _, s := range []alveary.Subject{bob, visits} {
				for _, id := range ids {
					if _, err := w.Files.Tree.Stat(t.Context(), s, id); words(err) != words(alveary.Withheld("")) {
						t.Errorf("%s: %v", what, err)
					}
				}
				for _, path := range []string{"shared/folder", "folder", ""} {
					if s.Link == 0 && path == "" {
						continue
					}
					if it, err := w.Files.Tree.Lookup(t.Context(), s, path); err == nil && it.ID != folder {
						t.Errorf("%s: %q is %+v", what, path, it)
					}
				}
			}
		}
		// Renamed away, and another made in its place.
		name := "elsewhere"
		_, err := w.Files.Tree.Edit(t.Context(), ann, folder, files.Edit{Name: &name})
		ok(t, err)
		hidden("made at the place of what was renamed", again(), w.At("SECRET/folder"))
		if it, err := w.Files.Tree.Lookup(t.Context(), bob, "shared/elsewhere"); err != nil || it.ID != folder {
			t.Errorf("what was renamed: %+v, %v", it, err)
		}
		// In the bin, and another made in its place; then deleted for good.
		w.Delete(w.At("SECRET/folder"))
		name = "folder"
		_, err = w.Files.Tree.Edit(t.Context(), ann, folder, files.Edit{Name: &name})
		ok(t, err)
		_, err = w.Files.Bin.Put(t.Context(), ann, folder)
		ok(t, err)
		hidden("made at the place of what is in the bin", again(), w.At("SECRET/folder"))
		ok(t, w.Files.Bin.Delete(t.Context(), ann, folder))
		hidden("made at the place of what is gone", w.At("SECRET/folder"), w.At("SECRET/folder/file"), folder)
		w.Delete(w.At("SECRET/folder"))
		hidden("made anew", again(), w.At("SECRET/folder"))
		w.Read(func(tx *store.Tx) error {
			all, err := tx.Cells()
			for _, c := range all {
				if len(c.Entries) > 0 || c.Link != nil {
					t.Errorf("left of the shares: %+v", c)
				}
			}
			return err
		})
	})
}

// THREATS.md 16: who was given shares no more than that, whatever he writes into
// a Cell of his own, and nothing once it is taken from him.
func TestThreat16_NobodyGivesMoreThanHeWasGiven(t *testing.T) {
	w := world.New(t, world.Options{})
	for _, name := range []string{"ann", "bob", "carl"} {
		w.User(name)
	}
	file := w.File("SECRET/file", "x")
	w.Allow("ann", w.At("SECRET"), "read,write")
	first := cell(w, "ann", "first", give(w, "bob", file, alveary.RightRead))
	second := cell(w, "bob", "second", give(w, "carl", file, alveary.Givable), give(w, "carl", w.At("SECRET"), alveary.Givable), give(w, "bob", file, alveary.Givable))
	_, edits := link(w, "bob", alveary.LinkEdit, file)
	cell(w, "carl", "back", give(w, "bob", file, alveary.Givable)) // a chain that comes back
	for _, s := range []alveary.Subject{w.As("bob"), w.As("carl"), edits} {
		_, err := readAll(t, w, s, file, 0)
		ok(t, err)
		_, err = w.Files.Content.Overwrite(t.Context(), s, file, text("more"))
		wantKind(t, err, alveary.KindDenied, "denied")
		if _, err := w.Files.Tree.Stat(t.Context(), s, w.At("SECRET")); words(err) != words(alveary.Withheld("")) {
			t.Errorf("the folder above: %v", err)
		}
	}
	w.Write(func(tx *store.Tx) error { return tx.DeleteCell(first.ID) })
	for _, s := range []alveary.Subject{w.As("bob"), w.As("carl"), edits} {
		if _, err := w.Files.Tree.Stat(t.Context(), s, file); words(err) != words(alveary.Withheld("")) {
			t.Errorf("after it was taken from him: %v", err)
		}
	}
	if s, found := space(t, w, "carl", second.Slug); found {
		t.Errorf("shown %+v", s)
	}
}
