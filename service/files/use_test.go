package files_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// used is what is counted of a Cell or link by now.
func used(w *world.World, t *testing.T, id alveary.CellID) (u alveary.CellUse) {
	t.Helper()
	ok(t, w.Uses.Flush(t.Context()))
	w.Read(func(tx *store.Tx) error {
		all, err := tx.CellUses([]alveary.CellID{id})
		u = all[id]
		return err
	})
	return u
}

// same compares what is counted; of instants == does not tell.
func same(a, b alveary.CellUse) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

// What a member does through a Cell counts for it, by its kind.
func TestMembersUseOfACellIsCounted(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		c, at := crew(w)
		other := w.Folder("OTHER")
		w.Allow("bob", other, "read,write")
		folder, plan := at("HIDDEN/project"), at("HIDDEN/project/plan.txt")
		bob, ctx, tree, content := w.As("bob"), t.Context(), w.Files.Tree, w.Files.Content
		looks, takes, puts := alveary.CellUse{Opened: 1}, alveary.CellUse{Downloads: 1}, alveary.CellUse{Uploads: 1}
		made := alveary.NodeID(0)
		want := alveary.CellUse{}
		for _, one := range []struct {
			what   string
			do     func() error
			counts *alveary.CellUse // nil: nothing, not even that it was now
		}{
			{"the spaces", func() error { _, err := tree.Workspaces(ctx, bob); return err }, nil},
			{"a mention", func() error { _, err := tree.Mention(ctx, bob, plan); return err }, nil},
			{"a list", func() error { _, err := tree.List(ctx, bob, files.Listing{Folder: folder, Limit: 5}); return err }, &looks},
			{"the details", func() error { _, err := tree.Stat(ctx, bob, plan); return err }, &looks},
			{"a path", func() error { _, err := tree.Lookup(ctx, bob, "crew/project/sub"); return err }, &looks},
			{"the headers", func() error { return look(ctx, w, bob, plan, files.ForProbing) }, nil},
			{"a preview", func() error { return look(ctx, w, bob, plan, files.ForPreview) }, &looks},
			{"a download", func() error { return look(ctx, w, bob, plan, files.ForDownload) }, &takes},
			{"the rest of it", func() error { return look(ctx, w, bob, plan, files.ForDownload) }, nil},
			{"an archive", func() error {
				_, err := content.Archive(ctx, bob, []alveary.NodeID{plan, at("HIDDEN/project/sub"), at("note.txt")})
				return err
			}, &takes},
			{"an upload", func() error { _, _, err := content.Write(ctx, bob, folder, text("new")); return err }, &puts},
			{"a name that is taken", func() error {
				if _, _, err := content.Write(ctx, bob, folder, text("new")); !alveary.IsKind(err, alveary.KindConflict) {
					return fmt.Errorf("want a conflict: %w", err)
				}
				return nil
			}, nil},
			{"a change", func() error { _, err := content.Overwrite(ctx, bob, plan, text("newer")); return err }, &puts},
			{"a folder", func() (err error) {
				it, _, err := tree.MakeFolder(ctx, bob, folder, "more", files.Fail)
				made = it.ID
				return err
			}, &alveary.CellUse{}},
			{"a copy out of it", func() error { _, _, err := tree.Copy(ctx, bob, plan, other, "", files.Fail); return err }, &takes},
			{"a copy into it", func() error {
				_, _, err := tree.Copy(ctx, bob, w.At("OTHER/plan.txt"), made, "", files.Fail)
				return err
			}, &puts},
			{"a move out of it", func() error { _, err := tree.Move(ctx, bob, made, other, "", files.Fail); return err }, &alveary.CellUse{}},
			{"what lies elsewhere", func() error { _, err := tree.List(ctx, bob, files.Listing{Folder: other, Limit: 5}); return err }, nil},
			{"the bin", func() error { _, err := w.Files.Bin.Put(ctx, bob, plan); return err }, &alveary.CellUse{}},
		} {
			w.Wait(time.Minute)
			if err := one.do(); err != nil {
				t.Fatalf("%s: %v", one.what, err)
			}
			if one.counts != nil {
				want.Opened += one.counts.Opened
				want.Downloads += one.counts.Downloads
				want.Uploads += one.counts.Uploads
				want.Last = w.Now()
			}
			if got := used(w, t, c.ID); !same(got, want) {
				t.Fatalf("after %s: %+v, want %+v", one.what, got, want)
			}
		}
		w.Read(func(tx *store.Tx) error {
			told, err := tx.Notices(c.Owner, 0, 10, false)
			if len(told) != 0 {
				t.Errorf("its owner is told %+v", told)
			}
			return err
		})
	})
}

// look opens a file for a reason.
func look(ctx context.Context, w *world.World, s alveary.Subject, id alveary.NodeID, why files.Why) error {
	f, err := w.Files.Content.Open(ctx, s, id, 0, why)
	if err != nil {
		return err
	}
	return f.Close()
}

// What others do with the same nodes counts for no Cell: its owner, who comes by
// rights of his own alone, the visitor of a link, and a member whom the Cell
// gives nothing any more.
func TestWhatIsNoUseOfACell(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		c, at := crew(w)
		folder, file := at("HIDDEN/project"), at("HIDDEN/project/plan.txt")
		w.Allow("carl", folder, "read,write")
		shared, visitor := link(w, "ann", alveary.LinkRead, folder)
		all := func(s alveary.Subject) error {
			if _, err := w.Files.Tree.List(t.Context(), s, files.Listing{Folder: folder, Limit: 5}); err != nil {
				return err
			}
			return look(t.Context(), w, s, file, files.ForDownload)
		}
		unused := func(what string) {
			t.Helper()
			for _, id := range []alveary.CellID{c.ID, shared.ID} { // what visitors do, the link's own service counts
				if got := used(w, t, id); got != (alveary.CellUse{}) {
					t.Errorf("%s: %+v", what, got)
				}
			}
		}
		ok(t, all(w.As("ann")))
		unused("its owner")
		ok(t, all(w.As("carl")))
		unused("who has rights of his own")
		ok(t, all(visitor))
		unused("a visitor")

		change(w, &c, func(c *alveary.Cell) { c.Until = w.Now().Add(time.Hour) })
		w.Wait(time.Hour)
		wantKind(t, all(w.As("bob")), alveary.KindNotFound, "")
		unused("a member after its end")
		own := w.Allow("bob", folder, "read")
		ok(t, all(w.As("bob")))
		unused("… who may read by himself")
		change(w, &c, func(c *alveary.Cell) { c.Until = time.Time{} })
		ok(t, all(w.As("bob")))
		if got := used(w, t, c.ID); got.Opened != 1 || got.Last.IsZero() {
			t.Errorf("a member who may read by himself as well: %+v", got)
		}

		w.Wait(time.Hour)
		before := used(w, t, c.ID)
		w.Drop(own)
		w.Deny("ann", folder)
		wantKind(t, all(w.As("bob")), alveary.KindNotFound, "")
		if got := used(w, t, c.ID); !same(got, before) {
			t.Errorf("a member whose right is lost: %+v, before %+v", got, before)
		}
	})
}

// Who looks around looks once a minute, and a Cell within a Cell needs both.
func TestLooksIntoCellsInARow(t *testing.T) {
	w := world.New(t, world.Options{})
	outer, at := crew(w)
	folder := at("HIDDEN/project")
	inner := cell(w, "bob", "inner", give(w, "carl", folder, alveary.RightRead))
	list := func(who string) {
		t.Helper()
		for range 5 {
			_, err := w.Files.Tree.List(t.Context(), w.As(who), files.Listing{Folder: folder, Limit: 5})
			ok(t, err)
		}
	}
	opened := func(outside, inside int64) {
		t.Helper()
		if o, i := used(w, t, outer.ID), used(w, t, inner.ID); o.Opened != outside || i.Opened != inside {
			t.Errorf("opened %d and within %d times, want %d and %d", o.Opened, i.Opened, outside, inside)
		}
	}
	list("guest")
	opened(1, 0)
	list("bob") // who owns the inner one
	opened(2, 0)
	list("carl")
	opened(3, 1)
	w.Wait(59 * time.Second)
	list("guest")
	list("carl")
	opened(3, 1)
	w.Wait(time.Second)
	list("guest")
	list("carl")
	opened(5, 2)
}
