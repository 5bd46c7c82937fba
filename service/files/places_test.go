package files_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/service/files"
	"alveary/testkit/world"
)

// garden is a world in which ann has all rights on "area".
func garden(t *testing.T) (*world.World, alveary.NodeID, alveary.Subject) {
	w := world.New(t, world.Options{})
	w.User("ann")
	area := w.Folder("area")
	w.Allow("ann", area, "read,write")
	return w, area, w.As("ann")
}

func TestIntoItself(t *testing.T) {
	w, area, ann := garden(t)
	top := w.Folder("area/top")
	deep := w.Folder("area/top/a/b")
	before := w.Picture()
	for _, to := range []alveary.NodeID{top, deep} {
		for _, c := range []files.Conflict{files.Fail, files.Replace, files.KeepBoth} {
			_, err := w.Files.Tree.Move(t.Context(), ann, top, to, "x", c)
			wantKind(t, err, alveary.KindInvalid, "into-itself")
			_, _, err = w.Files.Tree.Copy(t.Context(), ann, top, to, "x", c)
			wantKind(t, err, alveary.KindInvalid, "into-itself")
		}
	}
	if w.Picture() != before {
		t.Errorf("the tree is\n%s", w.Picture())
	}
	w.Bin(top)
	w.Place(deep, area, "out") // a folder of what is in the bin, brought out of it
	_, err := w.Files.Bin.Restore(t.Context(), ann, top, w.At("area/out"), files.Fail)
	ok(t, err)
}

func TestDepth(t *testing.T) {
	w, area, ann := garden(t)
	// root, main and area are above: the deepest folder is the 128th below the root.
	id, made := area, 0
	for ; made < 200; made++ {
		it, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, id, "d", files.Fail)
		if err != nil {
			wantKind(t, err, alveary.KindInvalid, "too-deep")
			break
		}
		id = it.ID
	}
	if made < 100 || made > alveary.MaxDepth {
		t.Fatalf("%d folders deep", made)
	}
	deepest, two := id, w.Folder("area/one/two")
	_ = two
	parent := w.Node(w.Node(deepest).Parent).ID
	for _, to := range []alveary.NodeID{deepest, parent} {
		_, err := w.Files.Tree.Move(t.Context(), ann, w.At("area/one"), to, "", files.Fail)
		wantKind(t, err, alveary.KindInvalid, "too-deep")
		_, _, err = w.Files.Tree.Copy(t.Context(), ann, w.At("area/one"), to, "", files.Fail)
		wantKind(t, err, alveary.KindInvalid, "too-deep")
	}
	_, _, err := w.Files.Content.Write(t.Context(), ann, deepest, text("a file fits"))
	ok(t, err)
	page, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: deepest, Limit: 1})
	if err != nil || page.Total != 1 {
		t.Errorf("%+v, %v", page, err)
	}
}

// Two spellings of one name are one name, whatever brings the second.
func TestTwins(t *testing.T) {
	w, area, ann := garden(t)
	nfc, nfd := norm.NFC.String("café"), norm.NFD.String("café")
	other := w.File("area/other", "o")
	id := w.File("area/"+nfc, "one")
	_, _, err := w.Files.Content.Write(t.Context(), ann, area, named(nfd, "x", files.Fail))
	wantKind(t, err, alveary.KindConflict, "name-exists")
	_, _, err = w.Files.Tree.MakeFolder(t.Context(), ann, area, nfd, files.Fail)
	wantKind(t, err, alveary.KindConflict, "name-exists")
	_, err = w.Files.Tree.Edit(t.Context(), ann, other, files.Edit{Name: &nfd})
	wantKind(t, err, alveary.KindConflict, "name-exists")
	it, made, err := w.Files.Content.Write(t.Context(), ann, area, named(nfd, "two", files.Replace))
	if err != nil || made || it.ID != id || it.Version != 2 {
		t.Errorf("replaced %+v, %v", it, err)
	}
	// Its own name in the other spelling is no conflict.
	for _, spelling := range []string{nfd, nfc} {
		it, err := w.Files.Tree.Edit(t.Context(), ann, id, files.Edit{Name: &spelling})
		if err != nil || it.Name != spelling {
			t.Errorf("renamed to %q: %q, %v", spelling, it.Name, err)
		}
		for _, c := range []files.Conflict{files.Fail, files.Replace, files.KeepBoth} {
			turned := norm.NFD.String(spelling)
			if it, err = w.Files.Tree.Move(t.Context(), ann, id, area, turned, c); err != nil || it.Name != turned {
				t.Errorf("moved to %q with %s: %q, %v", turned, c, it.Name, err)
			}
		}
	}
	// Capitals make two names: files from anywhere keep theirs.
	if _, _, err := w.Files.Content.Write(t.Context(), ann, area, named("Café", "x", files.Fail)); err != nil {
		t.Errorf("a capital: %v", err)
	}
}

// Threat 2: names that mean a place are refused by every way in, all others
// are kept byte for byte, and a name is at most as long as a name can be.
func TestThreat02_Names(t *testing.T) {
	w, area, ann := garden(t)
	id := w.File("area/file", "x")
	ways := map[string]func(string) (files.Item, error){
		"upload": func(name string) (files.Item, error) {
			it, _, err := w.Files.Content.Write(t.Context(), ann, area, named(name, "x", files.Fail))
			return it, err
		},
		"folder": func(name string) (files.Item, error) {
			it, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, area, name, files.Fail)
			return it, err
		},
		"rename": func(name string) (files.Item, error) {
			return w.Files.Tree.Edit(t.Context(), ann, id, files.Edit{Name: &name})
		},
		"resumable": func(name string) (it files.Item, err error) {
			p, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: area, Name: name, Length: 0})
			if err != nil {
				return it, err
			}
			_, done, err := feed(t, w, ann, p.ID, 0, "")
			if done != nil {
				it = *done
			}
			return it, err
		},
		"move": func(name string) (files.Item, error) {
			return w.Files.Tree.Move(t.Context(), ann, id, area, name, files.Fail)
		},
		"copy": func(name string) (files.Item, error) {
			it, _, err := w.Files.Tree.Copy(t.Context(), ann, id, area, name, files.Fail)
			return it, err
		},
	}
	bad := []string{".", "..", "/", "a/b", "../x", "\x00", "a\x00b", "\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", strings.Repeat("x", 256), strings.Repeat("é", 128)}
	good := []string{
		"\\", "..\\x", "%2e%2e", "%252e", "a.", "a ", " a", "…", "...", "-", "CON", "a:b", "*?<>|", "'; DROP TABLE nodes", "\u202etxt.exe", "é", "\u0065\u0301x",
		"😀", strings.Repeat("x", 255), strings.Repeat("y", 251) + ".txt", "z." + strings.Repeat("e", 253), "tab\tand\nline", "0", "null", "__proto__",
	}
	for way, put := range ways {
		for _, name := range bad {
			before := w.Picture()
			_, err := put(name)
			wantKind(t, err, alveary.KindInvalid, "")
			if w.Picture() != before {
				t.Errorf("%s of %q changed the tree", way, name)
			}
		}
		if _, err := put(""); (err == nil) != (way == "move" || way == "copy") {
			t.Errorf("%s without a name: %v", way, err)
		}
	}
	for _, name := range good {
		for _, way := range []string{"upload", "folder", "rename", "resumable"} {
			it, err := ways[way](name)
			if err != nil || it.Name != name || w.At("area/"+name) != it.ID {
				t.Errorf("%s of %q: %q, %v", way, name, it.Name, err)
				continue
			}
			if way == "rename" {
				back := "file"
				if _, err := w.Files.Tree.Edit(t.Context(), ann, id, files.Edit{Name: &back}); err != nil {
					t.Fatal(err)
				}
				continue
			}
			it, _, err = w.Files.Content.Write(t.Context(), ann, area, named(name, "second", files.KeepBoth))
			if err != nil || it.Name == name || len(it.Name) > alveary.MaxName {
				t.Errorf("%q beside: %q, %v", name, it.Name, err)
			}
			w.Delete(it.ID)
			w.Delete(w.At("area/" + name))
		}
	}
}

// What is done with a name that exists, for each way in and each choice.
func TestConflicts(t *testing.T) {
	for _, kind := range []string{"file", "folder"} {
		for _, c := range []files.Conflict{"", files.Fail, files.Replace, files.KeepBoth, files.Existing} {
			t.Run(fmt.Sprintf("%s %s", kind, c), func(t *testing.T) {
				w, area, ann := garden(t)
				from := w.Folder("area/from")
				put := func() (taken alveary.NodeID) {
					if kind == "file" {
						return w.File("area/x.txt", "old")
					}
					return w.Folder("area/x.txt")
				}
				check := func(way string, taken alveary.NodeID, it files.Item, err error, replaces bool) {
					t.Helper()
					now := w.Node(taken)
					switch {
					case c == files.KeepBoth:
						if err != nil || it.Name != "x (2).txt" || it.ID == taken || now.Name != "x.txt" {
							t.Errorf("%s: %q, %v", way, it.Name, err)
						}
					case replaces:
						if err != nil || it.Name != "x.txt" {
							t.Errorf("%s: %q, %v", way, it.Name, err)
						}
					default:
						if e := words(err); err == nil || !strings.Contains(e, "name-exists") || now.Name != "x.txt" {
							t.Errorf("%s: %s", way, e)
						}
					}
					for _, path := range []string{"area/x.txt", "area/x (2).txt"} {
						if id := w.At(path); id != 0 {
							w.Delete(id)
						}
					}
				}
				over := c == files.Replace && kind == "file"
				// Writers know no such choice as the one that is there.
				if c != files.Existing {
					taken := put()
					it, _, err := w.Files.Content.Write(t.Context(), ann, area, named("x.txt", "new", c))
					check("upload", taken, it, err, over)
					taken = put()
					it, err = w.Files.Tree.Move(t.Context(), ann, w.File("area/from/x.txt", "new"), area, "", c)
					check("move a file", taken, it, err, over)
					taken = put()
					source := w.At("area/from/x.txt")
					if source == 0 {
						source = w.File("area/from/x.txt", "new")
					}
					it, _, err = w.Files.Tree.Copy(t.Context(), ann, source, area, "", c)
					check("copy a file", taken, it, err, over)
					taken = put()
					it, err = w.Files.Tree.Move(t.Context(), ann, w.Folder("area/from/f"), area, "x.txt", c)
					check("move a folder", taken, it, err, false)
					taken = put()
					it, _, err = w.Files.Tree.Copy(t.Context(), ann, w.Folder("area/from/f"), area, "x.txt", c)
					check("copy a folder", taken, it, err, false)
				}
				taken := put()
				it, made, err := w.Files.Tree.MakeFolder(t.Context(), ann, area, "x.txt", c)
				check("make a folder", taken, it, err, c == files.Existing && kind == "folder")
				if made != (c == files.KeepBoth) {
					t.Errorf("made %v", made)
				}
				_ = from
			})
		}
	}
}

// A moved file that takes the place of another sends the other to the bin.
func TestReplacedByMoveIsInTheBin(t *testing.T) {
	w, area, ann := garden(t)
	old, moved := w.File("area/x", "old"), w.File("area/from/x", "new")
	it, err := w.Files.Tree.Move(t.Context(), ann, moved, area, "", files.Replace)
	if err != nil || it.ID != moved || w.Content(w.At("area/x")) != "new" {
		t.Fatalf("%+v, %v", it, err)
	}
	if n := w.Node(old); n.Binned.IsZero() || n.BinnedBy != ann.User.ID || w.Content(old) != "old" {
		t.Errorf("the replaced one is %+v", n)
	}
	if _, err := w.Files.Bin.Restore(t.Context(), ann, old, 0, files.KeepBoth); err != nil {
		t.Error(err)
	}
	if w.Content(w.At("area/x (2)")) != "old" {
		t.Error("it did not come back")
	}
}

// Declared times: any that an answer can spell, and the first instant of 1970,
// which tools write where they know none.
func TestDeclaredTimes(t *testing.T) {
	w, area, ann := garden(t)
	id := w.File("area/x", "x")
	for _, good := range []time.Time{
		time.Unix(0, 0), time.Unix(0, 999), time.Unix(-1, 0), time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC),
	} {
		u := named("t", "x", files.KeepBoth)
		u.MTime = good
		it, _, err := w.Files.Content.Write(t.Context(), ann, area, u)
		edited, err2 := w.Files.Tree.Edit(t.Context(), ann, id, files.Edit{MTime: &good})
		u.Body = world.Reader("x")
		over, err3 := w.Files.Content.Overwrite(t.Context(), ann, id, u)
		if err != nil || err2 != nil || err3 != nil {
			t.Fatalf("%v: %v, %v, %v", good, err, err2, err3)
		}
		for i, got := range []time.Time{it.MTime, w.Node(it.ID).MTime, edited.MTime, over.MTime, w.Node(id).MTime} {
			if d := got.Sub(good); d < -time.Microsecond || d > time.Microsecond {
				t.Errorf("declared %v, kept %v (%d)", good, got, i)
			}
		}
		page, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: area, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			if _, err := it.MTime.MarshalJSON(); err != nil {
				t.Errorf("after %v: %v", good, err)
			}
		}
	}
	for _, bad := range []time.Time{
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600)), time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)),
		time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		before := w.Picture()
		u := named("t", "x", files.KeepBoth)
		u.MTime = bad
		_, _, err := w.Files.Content.Write(t.Context(), ann, area, u)
		wantKind(t, err, alveary.KindInvalid, "invalid")
		_, err = w.Files.Content.Overwrite(t.Context(), ann, id, u)
		wantKind(t, err, alveary.KindInvalid, "invalid")
		_, err = w.Files.Tree.Edit(t.Context(), ann, id, files.Edit{MTime: &bad})
		wantKind(t, err, alveary.KindInvalid, "invalid")
		_, err = w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: area, Name: "t", MTime: bad})
		wantKind(t, err, alveary.KindInvalid, "invalid")
		if w.Picture() != before {
			t.Errorf("%v changed the tree", bad)
		}
	}
}
