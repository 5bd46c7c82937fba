package files_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// unchanged runs what must be refused, and nothing of it may be left: no node,
// no object, no upload.
func unchanged(t *testing.T, w *world.World, what string, kind alveary.Kind, code string, try func() error) {
	t.Helper()
	before := w.Picture()
	err := try()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Errorf("%s: got %v (%s), want kind %d with code %q", what, err, words(err), kind, code)
	}
	if after := w.Picture(); after != before {
		t.Errorf("%s left\n%s\nof\n%s", what, after, before)
	}
}

// send puts a file.
func send(t *testing.T, w *world.World, s alveary.Subject, folder alveary.NodeID, u files.Upload) error {
	t.Helper()
	_, _, err := w.Files.Content.Write(t.Context(), s, folder, u)
	return err
}

// sized is an upload of so many bytes, declared or not.
func sized(name string, bytes int, declared int64) files.Upload {
	u := named(name, strings.Repeat("x", bytes), files.Fail)
	u.Size = declared
	return u
}

// untouched is a body of which nothing may be read.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// No .txt may be written: by no way does one come to be.
func TestPolicyNewFileAsItWillBe(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		pdf := w.File("area/a.pdf", "a")
		txt := w.File("area/old.txt", "old")
		w.File("own/x.txt", "x")
		w.Allow("ann", w.At("own"), "read,write")
		enforce(w, area, "no txt", deny("write", extension("txt")))
		for _, c := range []files.Conflict{files.Fail, files.Replace, files.KeepBoth} {
			for _, name := range []string{"b.txt", "B.TXT", "a.b.txt", "old.txt"} {
				code, kind := "denied", alveary.KindDenied
				if c == files.Fail && name == "old.txt" {
					code, kind = "name-exists", alveary.KindConflict
				}
				unchanged(t, w, "send "+name+" to "+string(c), kind, code, func() error { return send(t, w, ann, area, named(name, "x", c)) })
			}
		}
		unchanged(t, w, "overwrite", alveary.KindDenied, "denied", func() error {
			_, err := w.Files.Content.Overwrite(t.Context(), ann, txt, text("x"))
			return err
		})
		for _, b := range []files.Begin{
			{Name: "b.txt"},
			{Name: "b.txt", Conflict: files.KeepBoth},
			{Name: "old.txt", Conflict: files.Replace},
			{Relative: "new/folder/b.txt"},
		} {
			b.Parent, b.Length = area, 3
			unchanged(t, w, "begin "+b.Name+b.Relative, alveary.KindDenied, "denied", func() error {
				_, err := w.Files.Uploads.Begin(t.Context(), ann, b)
				return err
			})
		}
		name, folder := "c.txt", "c.txt"
		unchanged(t, w, "rename", alveary.KindDenied, "denied", func() error {
			_, err := w.Files.Tree.Edit(t.Context(), ann, pdf, files.Edit{Name: &name})
			return err
		})
		unchanged(t, w, "move", alveary.KindDenied, "denied", func() error {
			_, err := w.Files.Tree.Move(t.Context(), ann, w.At("own/x.txt"), area, "", files.Fail)
			return err
		})
		unchanged(t, w, "copy", alveary.KindDenied, "denied", func() error {
			_, _, err := w.Files.Tree.Copy(t.Context(), ann, w.At("own/x.txt"), area, "", files.Fail)
			return err
		})
		unchanged(t, w, "copy under the name", alveary.KindDenied, "denied", func() error {
			_, _, err := w.Files.Tree.Copy(t.Context(), ann, pdf, area, "c.txt", files.Fail)
			return err
		})
		if _, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, area, folder, files.Fail); err != nil {
			t.Errorf("a folder has no extension: %v", err)
		}
		ok(t, send(t, w, ann, area, named("b.pdf", "x", files.Fail)))
	})
}

// What was allowed when an upload began is asked again with each piece and at
// the end; folders on the way are asked for as they will be.
func TestPolicyUploadIsAskedAgain(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		enforce(w, area, "p")
		begun := begin(t, w, ann, files.Begin{Parent: area, Name: "b.txt", Length: 4})
		deep := begin(t, w, ann, files.Begin{Parent: area, Relative: "new/secret/b.pdf", Length: 1})
		_, _, err := feed(t, w, ann, begun, 0, "ab")
		ok(t, err)
		keep(w, "p", "", allow("read write"), deny("write", extension("txt")), deny("write", called("secret")))
		unchanged(t, w, "go on", alveary.KindDenied, "denied", func() error { _, _, err := feed(t, w, ann, begun, 2, "cd"); return err })
		unchanged(t, w, "go on in folders", alveary.KindDenied, "denied", func() error { _, _, err := feed(t, w, ann, deep, 0, "a"); return err })
		unchanged(t, w, "look", alveary.KindDenied, "denied", func() error { _, err := w.Files.Uploads.Status(t.Context(), ann, begun); return err })
		unchanged(t, w, "begin in folders", alveary.KindDenied, "denied", func() error {
			_, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: area, Relative: "secret/b.pdf", Length: 1})
			return err
		})
		unchanged(t, w, "make the folder", alveary.KindDenied, "denied", func() error {
			_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, area, "secret", files.Fail)
			return err
		})
		keep(w, "p", "", allow("read write"))
		// All bytes are there, the name is taken: what is chosen then is asked then.
		full := begin(t, w, ann, files.Begin{Parent: area, Name: "c.txt", Length: 2})
		w.File("area/c.txt", "c")
		_, _, err = feed(t, w, ann, full, 0, "cc")
		wantKind(t, err, alveary.KindConflict, "name-exists")
		keep(w, "p", "", allow("read write"), deny("write", extension("txt")))
		for _, c := range []files.Conflict{files.Replace, files.KeepBoth} {
			unchanged(t, w, "finish to "+string(c), alveary.KindDenied, "denied", func() error {
				_, err := w.Files.Uploads.Finish(t.Context(), ann, full, c)
				return err
			})
		}
		keep(w, "p", "", allow("read write"))
		_, err = w.Files.Uploads.Finish(t.Context(), ann, full, files.KeepBoth)
		ok(t, err)
	})
}

// A limit of size is held by what is declared before a byte is read, by what
// came in the end, and wherever an old content becomes a new one.
func TestPolicySizeLimit(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		small := w.File("area/small.bin", "12345678901234567890")
		w.On(small, func(tx *store.Tx, line alveary.Lineage) error {
			info := w.Object("now small")
			_, err := tx.Replace(line, store.Content{Blob: info.Blob, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME}, 0, 0)
			return err
		})
		large := w.File("own/large.bin", "12345678901234567890")
		w.Allow("ann", w.At("own"), "read,write")
		enforce(w, area, "limit", deny("upload", larger("10B")))
		ok(t, send(t, w, ann, area, sized("just.bin", 10, 10)))
		ok(t, send(t, w, ann, area, sized("none.bin", 0, 0)))
		refused := func(what string, try func() error) {
			t.Helper()
			unchanged(t, w, what, alveary.KindDenied, "denied", try)
		}
		refused("declared above", func() error {
			u := sized("a.bin", 11, 11)
			u.Body = untouched{t}
			return send(t, w, ann, area, u)
		})
		refused("not declared", func() error {
			u := sized("a.bin", 1, -1)
			u.Body = untouched{t}
			return send(t, w, ann, area, u)
		})
		refused("overwrite above", func() error {
			u := sized("", 11, 11)
			u.Body = untouched{t}
			_, err := w.Files.Content.Overwrite(t.Context(), ann, small, u)
			return err
		})
		refused("replace above", func() error {
			u := sized("small.bin", 11, 11)
			u.Conflict, u.Body = files.Replace, untouched{t}
			return send(t, w, ann, area, u)
		})
		unchanged(t, w, "more than declared", alveary.KindInvalid, "cut-off", func() error { return send(t, w, ann, area, sized("a.bin", 11, 5)) })
		unchanged(t, w, "less than declared", alveary.KindInvalid, "cut-off", func() error { return send(t, w, ann, area, sized("a.bin", 4, 5)) })
		refused("begin above", func() error {
			_, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: area, Name: "a.bin", Length: 11})
			return err
		})
		refused("begin to replace above", func() error {
			_, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: area, Name: "small.bin", Length: 11, Conflict: files.Replace})
			return err
		})
		refused("copy above", func() error {
			_, _, err := w.Files.Tree.Copy(t.Context(), ann, large, area, "", files.Fail)
			return err
		})
		refused("copy over above", func() error {
			_, _, err := w.Files.Tree.Copy(t.Context(), ann, large, area, "small.bin", files.Replace)
			return err
		})
		refused("restore a version above", func() error {
			_, err := w.Files.Content.RestoreVersion(t.Context(), ann, small, 1)
			return err
		})
		// The limit is on sending, not on moving (chapter 5: write on the new parent).
		_, err := w.Files.Tree.Move(t.Context(), ann, large, area, "", files.Fail)
		ok(t, err)
		_, err = w.Files.Content.Overwrite(t.Context(), ann, small, sized("", 10, 10))
		ok(t, err)
	})
}

// Undeclared, a size is asked when it is known: an allow that needs a small
// size does not hold before.
func TestPolicySizeAllows(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		keep(w, "p", "", allow("read"), allow("write", not(larger("10B"))))
		w.Entry("ann", area, alveary.Entry{Policies: []alveary.PolicyID{"p"}})
		ok(t, send(t, w, ann, area, sized("a.bin", 10, 10)))
		for _, u := range []files.Upload{sized("b.bin", 11, 11), sized("b.bin", 3, -1)} {
			unchanged(t, w, "send", alveary.KindDenied, "denied", func() error { return send(t, w, ann, area, u) })
		}
	})
}

// Nobody lifts what is denied to him by a new name, another place, a time or
// a content of his own.
func TestPolicyNothingIsLifted(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		sealed := w.File("area/a.sealed", "a")
		folder := w.Folder("area/vault")
		w.File("area/vault/deep/b.pdf", "b")
		later := w.File("area/later.pdf", "c")
		blind := w.File("area/blind.hid", "d")
		free := w.Folder("free")
		w.Allow("ann", free, "read,write")
		enforce(w, area, "p",
			deny("download", extension("sealed")), deny("delete", path("**/vault/deep/*")), deny("read", extension("hid")),
			deny("download", when(alveary.AttrNodeMTime, "DateAfterCondition", "matches", "2030-01-01T00:00+0000")))
		lifted := func(what string, try func() error) {
			t.Helper()
			unchanged(t, w, what, alveary.KindDenied, "lifted", try)
		}
		edit := func(id alveary.NodeID, e files.Edit) error {
			_, err := w.Files.Tree.Edit(t.Context(), ann, id, e)
			return err
		}
		pdf, hall, hid, other := "a.pdf", "hall", "a.hid", "other.hid"
		then, soon := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
		lifted("rename", func() error { return edit(sealed, files.Edit{Name: &pdf}) })
		lifted("rename the folder above", func() error { return edit(folder, files.Edit{Name: &hall}) })
		lifted("move", func() error {
			_, err := w.Files.Tree.Move(t.Context(), ann, sealed, free, "", files.Fail)
			return err
		})
		lifted("move the folder above", func() error {
			_, err := w.Files.Tree.Move(t.Context(), ann, folder, free, "", files.Fail)
			return err
		})
		ok(t, edit(later, files.Edit{MTime: &then}))
		lifted("declare another time", func() error { return edit(later, files.Edit{MTime: &soon}) })
		lifted("send other content", func() error {
			u := text("x")
			u.MTime = soon
			_, err := w.Files.Content.Overwrite(t.Context(), ann, later, u)
			return err
		})
		unchanged(t, w, "see by a new name", alveary.KindNotFound, "not-found", func() error { return edit(blind, files.Edit{Name: &pdf}) })
		ok(t, edit(blind, files.Edit{Name: &other}))
		// Into more denials is no lifting; and out of none neither.
		ok(t, edit(w.File("area/plain.pdf", "x"), files.Edit{Name: &hid}))
		_, err := w.Files.Tree.Move(t.Context(), ann, w.File("free/f/x.pdf", "x"), area, "", files.Fail)
		ok(t, err)
		w.Bin(sealed)
		lifted("restore elsewhere", func() error {
			_, err := w.Files.Bin.Restore(t.Context(), ann, sealed, free, files.Fail)
			return err
		})
		_, err = w.Files.Bin.Restore(t.Context(), ann, sealed, 0, files.Fail)
		ok(t, err)
	})
}

// A folder moves whole or not at all; what stands in the way is not named.
func TestPolicyMoveIsDecidedWhole(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		top := w.Folder("own/top")
		w.File("own/top/a.pdf", "a")
		w.File("own/top/deep/er/SECRET.exe", "b")
		w.Allow("ann", w.At("own"), "read,write")
		enforce(w, area, "no exe", deny("write", extension("exe")))
		for _, prepare := range []struct {
			what string
			do   func()
		}{
			{"as it is", func() {}},
			{"with it in the bin", func() { w.Bin(w.At("own/top/deep/er/SECRET.exe")) }},
			{"out of the bin", func() { w.Bin(top) }},
		} {
			prepare.do()
			var err error
			unchanged(t, w, prepare.what, alveary.KindDenied, "denied", func() error {
				if w.Node(top).Binned.IsZero() {
					_, err = w.Files.Tree.Move(t.Context(), ann, top, area, "", files.Fail)
				} else {
					_, err = w.Files.Bin.Restore(t.Context(), ann, top, area, files.Fail)
				}
				return err
			})
			if strings.Contains(errText(err, "NAME"), "SECRET") {
				t.Errorf("%s: it is named: %v", prepare.what, err)
			}
		}
	})
}

// A copy is made whole, or not at all; what is copied takes its tags along.
func TestPolicyCopyIsDecidedWhole(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		top := w.Folder("own/top")
		w.File("own/top/a.pdf", "a")
		w.File("own/top/deep/er/b.exe", "b")
		w.File("own/tagged/c.pdf", "c")
		label(w, w.At("own/tagged/c.pdf"), "internal")
		w.Allow("ann", w.At("own"), "read,write")
		enforce(w, area, "p", deny("upload", extension("exe")), deny("write", tagged("internal")))
		for _, id := range []alveary.NodeID{top, w.At("own/tagged"), w.At("own/tagged/c.pdf")} {
			unchanged(t, w, w.Node(id).Name, alveary.KindDenied, "denied", func() error {
				_, _, err := w.Files.Tree.Copy(t.Context(), ann, id, area, "", files.Fail)
				return err
			})
		}
		_, _, err := w.Files.Tree.Copy(t.Context(), ann, top, w.At("own"), "", files.KeepBoth)
		ok(t, err)
	})
}

// A free name that is found for something is asked about like one that was
// wished for.
func TestPolicyFreeNamesAreAsked(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		other := w.Folder("other")
		w.File("area/a.pdf", "a")
		w.File("other/a.pdf", "b")
		w.File("other/leaves/a.pdf", "b")
		binned := w.File("area/gone/a.pdf", "c")
		w.Allow("ann", other, "read,write")
		enforce(w, area, "p", deny("write", called("a (2).pdf", "gone (2)")))
		w.Place(binned, area, "a bin.pdf")
		w.Bin(binned)
		w.On(binned, func(tx *store.Tx, line alveary.Lineage) error {
			_, err := tx.Place(line, line[:len(line)-1], "a.pdf")
			return err
		})
		tries := map[string]func() error{
			"send": func() error { return send(t, w, ann, area, named("a.pdf", "x", files.KeepBoth)) },
			"move": func() error {
				_, err := w.Files.Tree.Move(t.Context(), ann, w.At("other/leaves/a.pdf"), area, "", files.KeepBoth)
				return err
			},
			"copy": func() error {
				_, _, err := w.Files.Tree.Copy(t.Context(), ann, w.At("other/a.pdf"), area, "", files.KeepBoth)
				return err
			},
			"copy beside itself": func() error {
				_, _, err := w.Files.Tree.Copy(t.Context(), ann, w.At("area/a.pdf"), area, "", files.Fail)
				return err
			},
			"restore": func() error {
				_, err := w.Files.Bin.Restore(t.Context(), ann, binned, 0, files.KeepBoth)
				return err
			},
			"make a folder": func() error {
				_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, area, "gone", files.KeepBoth)
				return err
			},
		}
		for what, try := range tries {
			unchanged(t, w, what, alveary.KindDenied, "denied", try)
		}
		keep(w, "p", "", allow("read write"))
		for what, try := range tries {
			if err := try(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		if got := names(t, w, ann, area); !slices.Contains(got, "a (5).pdf") {
			t.Errorf("%q", got)
		}
	})
}

// What changes of a folder alone is asked of what is in it only so far as it
// would lift something there.
func TestPolicyFolderStaysWhereItIs(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		folder := w.Folder("area/folder")
		w.File("area/folder/a.txt", "a")
		enforce(w, area, "p", deny("write", extension("txt")), deny("download", tagged("secret")),
			deny("write", when(alveary.AttrNodeMTime, "DateAfterCondition", "matches", "2030-01-01T00:00+0000"), path("*/*/folder")))
		soon, late := time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
		declare := func(then time.Time) error {
			_, err := w.Files.Tree.Edit(t.Context(), ann, folder, files.Edit{MTime: &then})
			return err
		}
		tag := func(tags ...string) error {
			_, err := w.Files.Tree.SetMetadata(t.Context(), ann, folder, alveary.NamespaceTags, tags)
			return err
		}
		ok(t, declare(soon))
		unchanged(t, w, "declare", alveary.KindDenied, "denied", func() error { return declare(late) })
		ok(t, tag("draft", "secret"))
		unchanged(t, w, "take the tag away", alveary.KindDenied, "lifted", func() error { return tag("draft") })
		ok(t, tag("secret"))
	})
}
