package files_test

import (
	"slices"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/testkit/world"
)

// scoped is a user as he asks with a token for what the scope says.
func scoped(w *world.World, name string, scope alveary.Scope) alveary.Subject {
	s := w.As(name)
	s.Token, s.Scope = "token", scope
	return s
}

// THREATS.md 15, MODEL 3.4: a token for a folder finds it under its workspace as a
// root of its own, and nothing beside or above it is named to it.
func TestThreat15_TokenForAFolderFindsItAlone(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		inside := w.File("common/SECRET/team/in/x.txt", "x")
		beside := w.File("common/SECRET/team2/y.txt", "y")
		team := w.At("common/SECRET/team")
		w.Allow("ann", world.Common, "read,write")
		home(t, w, "ann")
		ann := scoped(w, "ann", alveary.Scope{Node: team})

		spaces, err := w.Files.Tree.Workspaces(t.Context(), ann)
		ok(t, err)
		if len(spaces) != 1 || spaces[0].Slug != alveary.WorkspaceCommonFiles || spaces[0].Root != nil || len(spaces[0].Roots) != 1 ||
			spaces[0].Roots[0].ID != team || spaces[0].Roots[0].Path != "common-files/team" {
			t.Fatalf("%+v", spaces)
		}
		for path, id := range map[string]alveary.NodeID{"common-files/team": team, "common-files/team/in/x.txt": inside} {
			found, err := w.Files.Tree.Lookup(t.Context(), ann, path)
			if err != nil || found.ID != id || found.Path != path {
				t.Errorf("%s is %v at %q: %v", path, found.ID, found.Path, err)
			}
		}
		for _, path := range []string{"common-files", "common-files/SECRET", "common-files/SECRET/team", "common-files/team2", "common-files/team2/y.txt", "my-files"} {
			_, err := w.Files.Tree.Lookup(t.Context(), ann, path)
			wantKind(t, err, alveary.KindNotFound, "")
		}
		page, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: team, Limit: 9})
		if err != nil || page.Total != 1 || len(page.Items) != 1 || page.Folder.Parent != 0 || len(page.Folder.Crumbs) != 1 {
			t.Errorf("%+v, %v", page, err)
		}
		for _, id := range []alveary.NodeID{alveary.RootID, world.Main, world.Common, w.At("common/SECRET"), beside} {
			_, err := w.Files.Tree.Stat(t.Context(), ann, id)
			wantKind(t, err, alveary.KindNotFound, "")
			_, err = w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: id, Limit: 9})
			wantKind(t, err, alveary.KindNotFound, "")
		}
		if _, err := readAll(t, w, ann, beside, 0); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("reads beside the folder: %v", err)
		}
		if got, err := readAll(t, w, ann, inside, 0); got != "x" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		w.Bin(inside)
		w.Bin(beside)
		binned, _, err := w.Files.Bin.List(t.Context(), ann, "", 9)
		if err != nil || len(binned) != 1 || binned[0].ID != inside {
			t.Errorf("in the bin: %+v, %v", binned, err)
		}
		deleted, kept, err := w.Files.Bin.Empty(t.Context(), ann)
		if err != nil || deleted != 1 || kept != 0 {
			t.Errorf("%d deleted, %d kept: %v", deleted, kept, err)
		}
		if _, err := w.Files.Tree.Stat(t.Context(), w.As("ann"), beside); err != nil {
			t.Errorf("what lies beside was deleted: %v", err)
		}
	})
}

// What takes rights on two nodes takes both within the folder.
func TestTokenForAFolderMovesAndCopiesWithinIt(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		in, out := w.File("common/team/in.txt", "in"), w.File("common/out.txt", "out")
		deep, other := w.Folder("common/team/deep"), w.Folder("common/other")
		w.Allow("ann", world.Common, "read,write")
		team := w.At("common/team")
		ann := scoped(w, "ann", alveary.Scope{Node: team, Reach: alveary.ReachWrite})
		tree := w.Files.Tree
		for _, c := range []struct {
			id, parent alveary.NodeID
			allowed    bool
		}{{in, other, false}, {out, team, false}, {in, world.Common, false}, {deep, other, false}, {other, team, false}, {team, other, false}, {in, deep, true}} {
			_, _, err := tree.Copy(t.Context(), ann, c.id, c.parent, "", files.Fail)
			_, moved := tree.Move(t.Context(), ann, c.id, c.parent, "", files.KeepBoth)
			if (err == nil) != c.allowed || (moved == nil) != c.allowed {
				t.Errorf("%d to %d: copied %v, moved %v", c.id, c.parent, err, moved)
			}
		}
		_, err := tree.Edit(t.Context(), ann, team, files.Edit{Name: new("band")})
		ok(t, err)
		w.Bin(in)
		_, err = w.Files.Bin.Restore(t.Context(), ann, in, other, files.Fail)
		wantKind(t, err, alveary.KindNotFound, "")
		_, err = w.Files.Bin.Restore(t.Context(), ann, in, deep, files.KeepBoth)
		ok(t, err)
		if id := begin(t, w, ann, files.Begin{Parent: deep, Name: "up", Length: 1}); id == "" {
			t.Error("no upload within")
		}
		_, err = w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: other, Name: "up", Length: 1})
		wantKind(t, err, alveary.KindNotFound, "")
		free := begin(t, w, w.As("ann"), files.Begin{Parent: other, Name: "up", Length: 1})
		if _, _, err := feed(t, w, ann, free, 0, "x"); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("goes on with an upload of its user's elsewhere: %v", err)
		}
	})
}

// A token for reading changes nothing, not even what comes by itself.
func TestTokenForReadingChangesNothing(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		file := w.File("common/team/in.txt", "in")
		w.Allow("ann", world.Common, "read,write")
		ann := scoped(w, "ann", alveary.Scope{Reach: alveary.ReachRead})
		before := len(w.Audit())
		spaces, err := w.Files.Tree.Workspaces(t.Context(), ann)
		ok(t, err)
		if slices.ContainsFunc(spaces, func(s files.Space) bool { return s.Slug == alveary.WorkspaceMyFiles }) || len(w.Audit()) != before {
			t.Errorf("a folder was made: %+v", spaces)
		}
		if got, err := readAll(t, w, ann, file, 0); got != "in" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
		it, err := w.Files.Tree.Stat(t.Context(), ann, file)
		if err != nil || it.Abilities["rename"].Allowed || !it.Abilities["download"].Allowed {
			t.Errorf("%+v, %v", it.Abilities, err)
		}
		_, err = w.Files.Tree.Edit(t.Context(), ann, file, files.Edit{Name: new("other")})
		wantKind(t, err, alveary.KindDenied, "denied")
		_, _, err = w.Files.Content.Write(t.Context(), ann, world.Common, text("new"))
		wantKind(t, err, alveary.KindDenied, "denied")
		_, err = w.Files.Bin.Put(t.Context(), ann, file)
		wantKind(t, err, alveary.KindDenied, "denied")
	})
}
