package files_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/store/share"
	"alveary/testkit/world"
)

// give is an entry of a Cell.
func give(w *world.World, to string, node alveary.NodeID, rights alveary.Rights) alveary.Entry {
	return alveary.Entry{Role: w.Role(to), Node: node, Rights: rights}
}

// cell makes a Cell of a user.
func cell(w *world.World, owner, slug string, entries ...alveary.Entry) (c alveary.Cell) {
	c = alveary.Cell{Slug: slug, Label: strings.ToUpper(slug), Owner: w.As(owner).User.ID, Entries: entries}
	w.Write(func(tx *store.Tx) (err error) { c, err = tx.InsertCell(c, share.CellSecret{}); return err })
	return c
}

// change changes a Cell past all services.
func change(w *world.World, c *alveary.Cell, fn func(*alveary.Cell)) {
	fn(c)
	w.Write(func(tx *store.Tx) error { return tx.UpdateCell(*c) })
}

// crew is a Cell of ann on a folder and two files in a place of which nobody
// else may know: bob may write, the external guest read.
func crew(w *world.World) (c alveary.Cell, at func(string) alveary.NodeID) {
	for _, name := range []string{"ann", "bob", "carl"} {
		w.User(name)
	}
	w.User("guest", alveary.ProfileShared)
	w.File("SECRET/HIDDEN/project/plan.txt", "the plan")
	w.File("SECRET/HIDDEN/project/sub/deep.txt", "deep")
	w.File("SECRET/note.txt", "one")
	w.File("SECRET/HIDDEN/note.txt", "two")
	w.Allow("ann", w.At("SECRET"), "read,write")
	at = func(path string) alveary.NodeID { return w.At("SECRET/" + path) }
	var entries []alveary.Entry
	for _, id := range []alveary.NodeID{at("HIDDEN/project"), at("note.txt"), at("HIDDEN/note.txt")} {
		entries = append(entries, give(w, "bob", id, alveary.Givable), give(w, "guest", id, alveary.RightRead))
	}
	return cell(w, "ann", "crew", entries...), at
}

// A Cell shows beside the workspaces of its members and of its owner, with the
// nodes that it is bound to at its top; nothing tells where they lie.
func TestCellsAreSpaces(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		c, at := crew(w)
		for _, who := range []string{"bob", "guest", "ann"} {
			s, found := space(t, w, who, "crew")
			if !found || s.Cell != c.ID || s.Label != "CREW" || s.Root != nil {
				t.Fatalf("%s sees %+v", who, s)
			}
			var paths []string
			for _, it := range s.Roots {
				paths = append(paths, it.Path)
			}
			if want := []string{"crew/project", "crew/note.txt", "crew/note (2).txt"}; !slices.Equal(paths, want) {
				t.Errorf("%s sees %q, want %q", who, paths, want)
			}
		}
		bob := w.As("bob")
		for path, id := range map[string]alveary.NodeID{
			"crew/project": at("HIDDEN/project"), "crew/project/sub/deep.txt": at("HIDDEN/project/sub/deep.txt"),
			"crew/note.txt": at("note.txt"), "crew/note (2).txt": at("HIDDEN/note.txt"),
		} {
			it, err := w.Files.Tree.Lookup(t.Context(), bob, path)
			if err != nil || it.ID != id || it.Path != path {
				t.Errorf("%s is %v at %q, %v", path, it.ID, it.Path, err)
				continue
			}
			if told := fmt.Sprintf("%s %+v", it.Path, it.Crumbs); strings.Contains(told, "SECRET") || strings.Contains(told, "HIDDEN") {
				t.Errorf("%s tells %s", path, told)
			}
			for _, crumb := range it.Crumbs {
				if _, err := w.Files.Tree.Stat(t.Context(), bob, crumb.ID); err != nil {
					t.Errorf("%s has the crumb %+v: %v", path, crumb, err)
				}
			}
		}
		page, err := w.Files.Tree.List(t.Context(), bob, files.Listing{Folder: at("HIDDEN/project"), Limit: 10})
		if err != nil || page.Total != 2 || page.Folder.Path != "crew/project" || page.Folder.Parent != 0 || page.Items[0].Path != "crew/project/sub" {
			t.Errorf("listed %+v, %v", page, err)
		}
		withheld := func(who string, paths ...string) {
			t.Helper()
			for _, path := range paths {
				if _, err := w.Files.Tree.Lookup(t.Context(), w.As(who), path); words(err) != words(alveary.Withheld("")) {
					t.Errorf("%s finds %s: %v", who, path, err)
				}
			}
		}
		withheld("bob", "crew", "crew/SECRET", "crew/HIDDEN/project", "crew/note (3).txt")
		withheld("carl", "crew", "crew/project")
		if _, found := space(t, w, "carl", "crew"); found {
			t.Error("shown to who is none of its members")
		}
		if _, err := w.Files.Tree.Stat(t.Context(), bob, at("HIDDEN")); words(err) != words(alveary.Withheld("")) {
			t.Errorf("the folder above: %v", err)
		}
		// What lies in the bin is no top, and takes no name from its twin.
		w.Bin(at("note.txt"))
		if _, err := w.Files.Tree.Lookup(t.Context(), bob, "crew/note.txt"); err != nil {
			t.Errorf("its twin: %v", err)
		}
		withheld("bob", "crew/note (2).txt")
		change(w, &c, func(c *alveary.Cell) { c.Until = w.Now().Add(time.Hour) })
		w.Wait(time.Hour)
		withheld("bob", "crew/project")
		for _, who := range []string{"bob", "ann"} {
			if _, found := space(t, w, who, "crew"); found {
				t.Errorf("shown to %s after its end", who)
			}
		}
	})
}

// Who reaches a node by a workspace of his own too finds it there; a workspace
// does not show what only a Cell opens.
func TestCellsBesideWorkspaces(t *testing.T) {
	w := world.New(t, world.Options{})
	c, _ := crew(w)
	shown := w.File("common/open/shown.txt", "x")
	hidden := w.File("common/locked/in/hidden.txt", "x")
	w.Write(func(tx *store.Tx) error {
		_, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: w.At("common/locked")})
		return err
	})
	w.Allow("ann", w.At("common/locked"), "read,write")
	both := []alveary.Entry{
		give(w, "bob", w.At("common/open"), alveary.Givable), give(w, "bob", hidden, alveary.RightRead),
		give(w, "guest", w.At("common/open"), alveary.Givable),
	}
	w.Write(func(tx *store.Tx) error { _, err := tx.SetCellEntries(c.ID, both); return err })
	where := func(who string, id alveary.NodeID) string {
		it, err := w.Files.Tree.Stat(t.Context(), w.As(who), id)
		ok(t, err)
		return it.Path
	}
	for _, c := range []struct {
		who  string
		id   alveary.NodeID
		want string
	}{
		{"bob", shown, "common-files/open/shown.txt"},
		{"bob", hidden, "crew/hidden.txt"},
		{"guest", shown, "crew/open/shown.txt"},
		{"ann", shown, "common-files/open/shown.txt"},
		{"ann", hidden, "common-files/locked/in/hidden.txt"},
	} {
		if got := where(c.who, c.id); got != c.want {
			t.Errorf("%s finds it at %q, want %q", c.who, got, c.want)
		}
		if it, err := w.Files.Tree.Lookup(t.Context(), w.As(c.who), c.want); err != nil || it.ID != c.id {
			t.Errorf("%s looks %s up: %v, %v", c.who, c.want, it.ID, err)
		}
	}
	if s, found := space(t, w, "guest", alveary.WorkspaceCommonFiles); found {
		t.Errorf("a guest sees the workspace %+v", s)
	}
	if s, _ := space(t, w, "bob", alveary.WorkspaceCommonFiles); len(s.Roots) != 0 {
		t.Errorf("bob's workspace has the roots %+v", s.Roots)
	}
	if _, err := w.Files.Tree.Lookup(t.Context(), w.As("guest"), "common-files/open"); words(err) != words(alveary.Withheld("")) {
		t.Errorf("a guest finds the workspace: %v", err)
	}
}

// Through a Cell a member does what he may as anywhere: what he makes is his,
// what he bins is found by the owner, and the record names him.
func TestWorkingThroughACell(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		_, at := crew(w)
		ann, bob, guest := w.As("ann"), w.As("bob"), w.As("guest")
		project := at("HIDDEN/project")
		tree, content, bin := w.Files.Tree, w.Files.Content, w.Files.Bin
		folder, _, err := tree.MakeFolder(t.Context(), bob, project, "made", files.Fail)
		ok(t, err)
		it, _, err := content.Write(t.Context(), bob, folder.ID, text("by bob"))
		ok(t, err)
		if it.Owner == nil || it.Owner.Login != "bob" || it.Path != "crew/project/made/new.txt" {
			t.Errorf("made %+v", it)
		}
		name := "renamed.txt"
		_, err = tree.Edit(t.Context(), bob, it.ID, files.Edit{Name: &name})
		ok(t, err)
		_, err = content.Overwrite(t.Context(), bob, at("HIDDEN/project/plan.txt"), text("another plan"))
		ok(t, err)
		versions, err := content.Versions(t.Context(), guest, at("HIDDEN/project/plan.txt"))
		if err != nil || len(versions) != 2 || versions[0].By == nil || versions[0].By.Login != "bob" {
			t.Errorf("versions %+v, %v", versions, err)
		}
		_, err = content.RestoreVersion(t.Context(), bob, at("HIDDEN/project/plan.txt"), 1)
		ok(t, err)
		if got, err := readAll(t, w, guest, at("HIDDEN/project/plan.txt"), 0); err != nil || got != "the plan" {
			t.Errorf("the guest reads %q, %v", got, err)
		}
		copied, _, err := tree.Copy(t.Context(), bob, at("note.txt"), folder.ID, "", files.Fail)
		ok(t, err)
		up := begin(t, w, bob, files.Begin{Parent: folder.ID, Relative: "by/tus.txt", Length: 3})
		if _, done, err := feed(t, w, bob, up, 0, "tus"); err != nil || done.Path != "crew/project/made/by/tus.txt" {
			t.Errorf("uploaded %+v, %v", done, err)
		}
		_, err = tree.SetMetadata(t.Context(), bob, copied.ID, "usermeta-tags", []string{"draft"})
		ok(t, err)
		// The bin: at its original place, by who sees that place.
		_, err = bin.Put(t.Context(), bob, copied.ID)
		ok(t, err)
		for _, s := range []alveary.Subject{ann, bob, guest} {
			items, _, err := bin.List(t.Context(), s, "", 10)
			if err != nil || len(items) != 1 || items[0].ID != copied.ID || items[0].Path != "crew/project/made/note.txt" || items[0].BinnedBy.Login != "bob" {
				t.Errorf("%s finds in the bin %+v, %v", s.User.Login, items, err)
			}
		}
		if items, _, err := bin.List(t.Context(), w.As("carl"), "", 10); err != nil || len(items) != 0 {
			t.Errorf("carl finds in the bin %+v, %v", items, err)
		}
		_, err = bin.Restore(t.Context(), guest, copied.ID, 0, files.Fail)
		wantKind(t, err, alveary.KindDenied, "denied")
		_, err = bin.Restore(t.Context(), ann, copied.ID, 0, files.Fail)
		ok(t, err)
		// Who may only read changes nothing.
		_, _, err = content.Write(t.Context(), guest, folder.ID, text("x"))
		wantKind(t, err, alveary.KindDenied, "denied")
		lines := w.Audit()
		if last := lines[len(lines)-1]; last.Login != "guest" || last.Verdict != alveary.VerdictDenied {
			t.Errorf("on record %+v", last)
		}
	})
}

// Moving into a Cell and out of it is moving between places, by the rules for
// that (MODEL.md 5). A member who may write on the node itself that a Cell is
// bound to may rename, move or bin it; the Cell stays bound to it by its id, and
// the owner finds it again.
func TestMovingThroughACell(t *testing.T) {
	w := world.New(t, world.Options{})
	_, at := crew(w)
	own := w.Folder("bobs")
	w.Allow("bob", own, "read,write")
	bob, guest, tree := w.As("bob"), w.As("guest"), w.Files.Tree
	project, plan := at("HIDDEN/project"), at("HIDDEN/project/plan.txt")
	_, err := tree.Move(t.Context(), guest, plan, at("HIDDEN/project/sub"), "", files.Fail)
	wantKind(t, err, alveary.KindDenied, "denied")
	_, err = tree.Move(t.Context(), bob, plan, at("HIDDEN"), "", files.Fail)
	wantKind(t, err, alveary.KindNotFound, "")
	_, err = tree.Move(t.Context(), bob, plan, own, "", files.Fail)
	ok(t, err)
	if _, err := tree.Stat(t.Context(), guest, plan); words(err) != words(alveary.Withheld("")) {
		t.Errorf("moved out of the Cell, and the guest: %v", err)
	}
	_, err = tree.Move(t.Context(), bob, plan, project, "", files.Fail)
	ok(t, err)
	if it, err := tree.Stat(t.Context(), guest, plan); err != nil || it.Path != "crew/project/plan.txt" {
		t.Errorf("moved into the Cell, and the guest: %+v, %v", it, err)
	}
	// The very node of the Cell.
	name := "venture"
	it, err := tree.Edit(t.Context(), bob, project, files.Edit{Name: &name})
	if err != nil || it.Path != "crew/venture" {
		t.Errorf("renamed %+v, %v", it, err)
	}
	if it, err := tree.Stat(t.Context(), guest, plan); err != nil || it.Path != "crew/venture/plan.txt" {
		t.Errorf("bound by id, and the guest: %+v, %v", it, err)
	}
	_, err = w.Files.Bin.Put(t.Context(), bob, project)
	ok(t, err)
	if items, _, err := w.Files.Bin.List(t.Context(), w.As("ann"), "", 10); err != nil || len(items) != 1 || items[0].ID != project {
		t.Errorf("ann finds in the bin %+v, %v", items, err)
	}
	_, err = w.Files.Bin.Restore(t.Context(), w.As("ann"), project, 0, files.Fail)
	ok(t, err)
	_, err = tree.Move(t.Context(), bob, project, own, "", files.Fail)
	ok(t, err)
	if _, err := tree.Stat(t.Context(), guest, plan); words(err) != words(alveary.Withheld("")) {
		t.Errorf("where ann has nothing her Cell gives nothing, and yet the guest: %v", err)
	}
}
