package files_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// space finds a workspace among those that somebody sees.
func space(t *testing.T, w *world.World, who, slug string) (found files.Space, ok bool) {
	t.Helper()
	spaces, err := w.Files.Tree.Workspaces(t.Context(), w.As(who))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range spaces {
		if s.Slug == slug {
			return s, true
		}
	}
	return found, false
}

func home(t *testing.T, w *world.World, who string) files.Item {
	t.Helper()
	s, ok := space(t, w, who, alveary.WorkspaceMyFiles)
	if !ok || s.Root == nil {
		t.Fatalf("%s has no files of his own: %+v", who, s)
	}
	return *s.Root
}

// MODEL 2.5: everybody's own files are his alone, made once, and bound by his
// id whatever he is called.
func TestHomes(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		logins := []string{"ann", "..", ".", "Zoë", strings.Repeat("😀", 64), "a b", "CON"}
		for _, login := range logins {
			w.User(login)
		}
		w.Folder("users/ann (2)")
		taken := w.Folder("users/bob") // somebody made a folder of the name before bob came
		w.User("bob")
		homes := map[string]alveary.NodeID{}
		for _, login := range append(logins, "bob") {
			first, again := home(t, w, login), home(t, w, login)
			if first.ID != again.ID || first.Path != alveary.WorkspaceMyFiles || alveary.CheckName(w.Node(first.ID).Name) != nil {
				t.Errorf("%q: %+v, then %v", login, first.Node, again.ID)
			}
			if w.Node(first.ID).Parent != world.Users {
				t.Errorf("%q: the folder lies elsewhere", login)
			}
			homes[login] = first.ID
		}
		if homes["bob"] == taken {
			t.Error("bob got a folder because of its name")
		}
		for login, id := range homes {
			for other, foreign := range homes {
				_, err := w.Files.Tree.Stat(t.Context(), w.As(login), foreign)
				if (err == nil) != (login == other) || err != nil && words(err) != words(alveary.Withheld("")) {
					t.Errorf("%q looks at the files of %q: %v", login, other, err)
				}
			}
			if _, err := w.Files.Tree.Lookup(t.Context(), w.As(login), "my-files"); err != nil {
				t.Errorf("%q: %v", login, err)
			}
			if _, _, err := w.Files.Content.Write(t.Context(), w.As(login), id, text("mine")); err != nil {
				t.Errorf("%q cannot write: %v", login, err)
			}
		}
		// A new login and the same account: the same files. Another account of
		// the old login: others.
		ann := w.As("ann")
		w.Write(func(tx *store.Tx) error { return tx.SetDisabled(ann.User.ID, true) })
		if _, err := w.Files.Tree.Lookup(t.Context(), w.As("ann"), "my-files"); words(err) != words(alveary.Withheld("")) {
			t.Errorf("disabled: %v", err)
		}
	})
}

// Many first requests at once make one folder.
func TestHomeIsMadeOnce(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		ann := w.As("ann")
		ids := make([]alveary.NodeID, 16)
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() {
				it, err := w.Files.Tree.Lookup(t.Context(), ann, "my-files")
				if err != nil {
					t.Error(err)
				}
				ids[i] = it.ID
			})
		}
		all.Wait()
		if len(slices.Compact(ids)) != 1 || verdicts(w.Audit())["make-home done"] != 1 {
			t.Errorf("made %v, %v", ids, verdicts(w.Audit()))
		}
	})
}

// Profiles that inherit nothing have no files of their own (MODEL 2.2).
func TestSharedHasNoHome(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("guest", alveary.ProfileShared)
	spaces, err := w.Files.Tree.Workspaces(t.Context(), w.As("guest"))
	if err != nil || len(spaces) != 0 {
		t.Errorf("a guest sees %+v, %v", spaces, err)
	}
	if len(w.As("guest").Homes) != 0 {
		t.Error("a home was made")
	}
}

// MODEL 3.4: a node that may be read while the folder above may not is a root
// of its own, and no unreadable folder is ever named: not in its path, not in
// its breadcrumb, nor in those of what is beneath.
func TestRootsOfTheirOwn(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		w.File("common/SECRET/HIDDEN/open/in/x.txt", "x")
		w.File("common/SECRET/HIDDEN/open/LOCKED/again/y.txt", "y")
		nfd := norm.NFD.String("café")
		w.File("common/SECRET/"+nfd+"/z.txt", "z")
		at := func(path string) alveary.NodeID { return w.At("common/SECRET/" + path) }
		w.Allow("ann", w.At("common/SECRET"), "")
		w.Allow("ann", at("HIDDEN/open"), "read")
		w.Allow("ann", at("HIDDEN/open/LOCKED"), "")
		w.Allow("ann", at("HIDDEN/open/LOCKED/again"), "read,write")
		w.Allow("ann", at(nfd), "read")
		w.Allow("ann", w.File("common/SECRET/binned", "b"), "read")
		w.Bin(at("binned"))

		s, ok := space(t, w, "ann", alveary.WorkspaceCommonFiles)
		if !ok || s.Root == nil {
			t.Fatalf("%+v", s)
		}
		var roots []string
		for _, it := range s.Roots {
			roots = append(roots, it.Path)
		}
		slices.Sort(roots)
		want := []string{"common-files/again", "common-files/" + nfd, "common-files/open"}
		slices.Sort(want)
		if !slices.Equal(roots, want) {
			t.Errorf("roots %q, want %q", roots, want)
		}
		ann := w.As("ann")
		for path, id := range map[string]alveary.NodeID{
			"common-files/open":                             at("HIDDEN/open"),
			"common-files/open/in/x.txt":                    at("HIDDEN/open/in/x.txt"),
			"common-files/again/y.txt":                      at("HIDDEN/open/LOCKED/again/y.txt"),
			"common-files/" + norm.NFC.String("café"):       at(nfd),
			"common-files/" + norm.NFC.String("café/z.txt"): at(nfd + "/z.txt"),
		} {
			found, err := w.Files.Tree.Lookup(t.Context(), ann, path)
			if err != nil || found.ID != id {
				t.Errorf("%s is %v, %v; want %v", path, found.ID, err, id)
				continue
			}
			told := fmt.Sprintf("%s %+v", found.Path, found.Crumbs)
			if strings.Contains(told, "SECRET") || strings.Contains(told, "HIDDEN") || strings.Contains(told, "LOCKED") {
				t.Errorf("%s tells %s", path, told)
			}
			if norm.NFC.String(found.Path) != path {
				t.Errorf("looked for %q, told %q", path, found.Path)
			}
			for _, c := range found.Crumbs {
				if _, err := w.Files.Tree.Stat(t.Context(), ann, c.ID); err != nil {
					t.Errorf("%s has the crumb %+v: %v", path, c, err)
				}
			}
			if found.Parent != 0 {
				if _, err := w.Files.Tree.Stat(t.Context(), ann, found.Parent); err != nil {
					t.Errorf("%s has a parent that may not be seen", path)
				}
			}
		}
		for _, path := range []string{
			"common-files/SECRET", "common-files/SECRET/HIDDEN/open", "common-files/HIDDEN", "common-files/open/LOCKED/again",
			"common-files/LOCKED", "common-files/binned", "nowhere", "nowhere/x", "common-files/nothing",
		} {
			if _, err := w.Files.Tree.Lookup(t.Context(), ann, path); words(err) != words(alveary.Withheld("")) {
				t.Errorf("%s: %v", path, err)
			}
		}
		for _, path := range []string{"", "/", "common-files/", "/common-files", "common-files//open", "common-files/./open", "common-files/../my-files", "common-files/\x00", "common-files/\xff"} {
			_, err := w.Files.Tree.Lookup(t.Context(), ann, path)
			wantKind(t, err, alveary.KindInvalid, "")
		}
	})
}

// A workspace in which nothing may be seen is not listed.
func TestWorkspaceThatIsClosed(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	w.Deny("ann", world.Common)
	w.Allow("ann", w.Folder("common/x"), "read")
	if s, ok := space(t, w, "ann", alveary.WorkspaceCommonFiles); ok {
		t.Errorf("listed %+v", s)
	}
	_, err := w.Files.Tree.Lookup(t.Context(), w.As("ann"), "common-files")
	_, gone := w.Files.Tree.Lookup(t.Context(), w.As("ann"), "no-such-workspace")
	if words(err) != words(gone) {
		t.Errorf("%s\n%s", words(err), words(gone))
	}
}

// What the house stands on stays where it is, whoever asks and from how far up.
func TestAnchors(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("root", alveary.ProfileAdmin)
	w.User("ann")
	own := home(t, w, "ann").ID
	for _, id := range []alveary.NodeID{alveary.RootID, world.Main, world.Common, world.Users, own} {
		w.Allow("root", id, "read,write")
	}
	root := w.As("root")
	target := w.Folder("common/target")
	for _, id := range []alveary.NodeID{alveary.RootID, world.Main, world.Common, world.Users, own} {
		before := w.Picture()
		name := "renamed"
		_, err := w.Files.Tree.Edit(t.Context(), root, id, files.Edit{Name: &name})
		wantAnchored(t, err)
		_, err = w.Files.Tree.Move(t.Context(), root, id, target, "", files.Fail)
		wantAnchored(t, err)
		_, err = w.Files.Bin.Put(t.Context(), root, id)
		wantAnchored(t, err)
		wantAnchored(t, w.Files.Bin.Delete(t.Context(), root, id))
		if w.Picture() != before {
			t.Errorf("%v: the tree is\n%s", id, w.Picture())
		}
	}
	// The owner cannot take his own away either.
	ann := w.As("ann")
	_, err := w.Files.Bin.Put(t.Context(), ann, own)
	wantAnchored(t, err)
	wantAnchored(t, w.Files.Bin.Delete(t.Context(), ann, own))
	// What is in them goes as it likes.
	inner := w.Folder("common/inner")
	_, err = w.Files.Bin.Put(t.Context(), root, inner)
	ok(t, err)
}

func wantAnchored(t *testing.T, err error) {
	t.Helper()
	wantKind(t, err, alveary.KindDenied, "anchored")
}

// The entity tag of a folder changes with anything beneath it, those of others
// do not; the tag of a file changes with its content alone.
func TestEntityTags(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		w.Allow("ann", area, "read,write")
		ann := w.As("ann")
		deep, other := w.Folder("area/a/b"), w.Folder("area/other")
		x := w.File("area/a/b/x", "x")
		tags := func() (out [5]string) {
			for i, id := range []alveary.NodeID{area, w.At("area/a"), deep, other, x} {
				out[i] = w.Node(id).ETag()
			}
			return out
		}
		name := "renamed"
		then := w.Now()
		steps := []struct {
			what string
			do   func() error
			want [5]bool
		}{
			{"make a folder", func() error {
				_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, deep, "f", files.Fail)
				return err
			}, [5]bool{true, true, true, false, false}},
			{"upload", func() error { _, _, err := w.Files.Content.Write(t.Context(), ann, deep, text("y")); return err }, [5]bool{true, true, true, false, false}},
			{"change", func() error { _, err := w.Files.Content.Overwrite(t.Context(), ann, x, text("y")); return err }, [5]bool{true, true, true, false, true}},
			{"rename", func() error {
				_, err := w.Files.Tree.Edit(t.Context(), ann, x, files.Edit{Name: &name})
				return err
			}, [5]bool{true, true, true, false, false}},
			{"declare a time", func() error {
				_, err := w.Files.Tree.Edit(t.Context(), ann, x, files.Edit{MTime: &then})
				return err
			}, [5]bool{true, true, true, false, false}},
			{"restore a version", func() error { _, err := w.Files.Content.RestoreVersion(t.Context(), ann, x, 1); return err }, [5]bool{true, true, true, false, true}},
			{"move away", func() error { _, err := w.Files.Tree.Move(t.Context(), ann, x, other, "", files.Fail); return err }, [5]bool{true, true, true, true, false}},
			{"copy back", func() error {
				_, _, err := w.Files.Tree.Copy(t.Context(), ann, x, deep, "copy", files.Fail)
				return err
			}, [5]bool{true, true, true, false, false}},
			{"bin", func() error { _, err := w.Files.Bin.Put(t.Context(), ann, w.At("area/a/b/copy")); return err }, [5]bool{true, true, true, false, false}},
			{"restore elsewhere", func() error {
				items, _, err := w.Files.Bin.List(t.Context(), ann, "", 10)
				if err == nil {
					_, err = w.Files.Bin.Restore(t.Context(), ann, items[0].ID, other, files.Fail)
				}
				return err
			}, [5]bool{true, true, true, true, false}},
			{"delete", func() error { return w.Files.Bin.Delete(t.Context(), ann, w.At("area/a/b/f")) }, [5]bool{true, true, true, false, false}},
			{"look", func() error { _, err := readAll(t, w, ann, x, 0); return err }, [5]bool{}},
			{"nothing to rename", func() error {
				_, err := w.Files.Tree.Edit(t.Context(), ann, x, files.Edit{Name: &name})
				return err
			}, [5]bool{}},
		}
		for _, step := range steps {
			before := tags()
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			after := tags()
			for i := range before {
				if (before[i] != after[i]) != step.want[i] {
					t.Errorf("%s: tag %d went from %s to %s", step.what, i, before[i], after[i])
				}
			}
		}
	})
}
