package files_test

import (
	"context"
	"errors"
	"io"
	"math"
	"sync"
	"testing"

	"alveary"
	"alveary/blob/memblob"
	"alveary/service/files"
	"alveary/testkit/world"
)

// A body that ends early, is too long, has another digest or whose sender goes
// away makes no file, no version and no object.
func TestBrokenUploads(t *testing.T) {
	w, area, ann := garden(t)
	x := w.File("area/x", "old")
	refused := errors.New("no")
	for name, u := range map[string]struct {
		files.Upload
		sent string
		end  error
	}{
		"cut":    {files.Upload{Size: 10}, "abc", io.ErrUnexpectedEOF},
		"short":  {files.Upload{Size: 10}, "abc", io.EOF},
		"long":   {files.Upload{Size: 2}, "abc", io.EOF},
		"digest": {files.Upload{Size: 3, Verify: func() error { return refused }}, "abc", io.EOF},
		"never":  {files.Upload{Size: -1}, "", refused},
		"empty":  {files.Upload{Size: 0}, "abc", io.EOF},
	} {
		again := func() files.Upload {
			u.Body = io.MultiReader(world.Reader(u.sent), brokenReader{u.end})
			return u.Upload
		}
		before, lines := w.Picture(), len(w.Audit())
		u.Name = "new"
		_, _, err := w.Files.Content.Write(t.Context(), ann, area, again())
		if err == nil || w.Picture() != before {
			t.Errorf("%s: %v\n%s", name, err, w.Picture())
		}
		u.Name, u.Conflict = "x", files.Replace
		if _, _, err = w.Files.Content.Write(t.Context(), ann, area, again()); err == nil || w.Picture() != before {
			t.Errorf("%s over another: %v", name, err)
		}
		if _, err = w.Files.Content.Overwrite(t.Context(), ann, x, again()); err == nil || w.Picture() != before {
			t.Errorf("%s as new content: %v", name, err)
		}
		if got := w.Since(lines); len(got) != 0 {
			t.Errorf("%s: on record %+v", name, got)
		}
	}
}

// Who goes away when all bytes have come has his file.
func TestGoneAtTheEnd(t *testing.T) {
	w, area, ann := garden(t)
	ctx, cancel := context.WithCancel(t.Context())
	u := text("abc")
	u.Verify = func() error { cancel(); return nil }
	it, _, err := w.Files.Content.Write(ctx, ann, area, u)
	if err != nil {
		if w.At("area/new.txt") != 0 || len(w.Objects()) != 0 {
			t.Errorf("refused, and left %s", w.Picture())
		}
	} else if w.Content(it.ID) != "abc" {
		t.Error("it is not there")
	}
}

// A full disk refuses the new and keeps the old; with room again all goes on.
func TestFullDisk(t *testing.T) {
	w := world.New(t, world.Options{})
	bucket := memblob.New(w.Now, 20)
	w.Driver = bucket
	w.Restart()
	w.User("ann")
	area := w.Folder("area")
	w.Allow("ann", area, "read,write")
	ann := w.As("ann")
	x := w.File("area/x", "ten bytes.")
	before := w.Picture()
	_, err := w.Files.Content.Overwrite(t.Context(), ann, x, text("more than ten"))
	wantKind(t, err, alveary.KindNoSpace, "no-space")
	_, _, err = w.Files.Content.Write(t.Context(), ann, area, text("more than ten"))
	wantKind(t, err, alveary.KindNoSpace, "no-space")
	if w.Picture() != before || w.Content(x) != "ten bytes." {
		t.Errorf("the tree is\n%s", w.Picture())
	}
	id := begin(t, w, ann, files.Begin{Parent: area, Name: "up", Length: 15})
	if _, _, err := feed(t, w, ann, id, 0, "12345"); err != nil {
		t.Fatal(err)
	}
	_, _, err = feed(t, w, ann, id, 5, "6789012345")
	wantKind(t, err, alveary.KindNoSpace, "no-space")
	p, err := w.Files.Uploads.Status(t.Context(), ann, id)
	if err != nil || p.Offset != 5 {
		t.Fatalf("%+v, %v", p, err)
	}
	ok(t, w.Files.Bin.Delete(t.Context(), ann, x))
	if _, _, err := feed(t, w, ann, id, 5, "6789012345"); err != nil || w.Content(w.At("area/up")) != "123456789012345" {
		t.Errorf("with room again: %v", err)
	}
}

// Another's upload is as good as none, in the words for none, and so is an id
// that none can have.
func TestUploadsOfOthers(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		w.User("bob")
		area := w.Folder("area")
		for _, who := range []string{"ann", "bob"} {
			w.Allow(who, area, "read,write")
		}
		own := begin(t, w, w.As("ann"), files.Begin{Parent: area, Name: "up", Length: 3})
		before := w.Picture()
		missing := "aaaaaaaaaaaaaaaaaaaaaaaaaa"
		_, want := w.Files.Uploads.Status(t.Context(), w.As("bob"), missing)
		for _, id := range []string{own, missing, "", "x", "a\x00b", "\xff", "' OR 1=1 --"} {
			bob := w.As("bob")
			_, err := w.Files.Uploads.Status(t.Context(), bob, id)
			_, _, err2 := feed(t, w, bob, id, 0, "bob")
			_, err3 := w.Files.Uploads.Finish(t.Context(), bob, id, files.Replace)
			err4 := w.Files.Uploads.End(t.Context(), bob, id)
			for _, err := range []error{err, err2, err3, err4} {
				if words(err) != words(want) {
					t.Errorf("%q: %s, want %s", id, words(err), words(want))
				}
			}
		}
		if w.Picture() != before {
			t.Error("the tree changed")
		}
		if _, _, err := feed(t, w, w.As("ann"), own, 0, "ann"); err != nil || w.Content(w.At("area/up")) != "ann" {
			t.Errorf("its owner: %v", err)
		}
	})
}

// Lengths that cannot be, or that the body does not keep to.
func TestLyingLengths(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		w.Allow("ann", area, "read,write")
		ann := w.As("ann")
		for _, length := range []int64{-1, math.MinInt64} {
			_, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: area, Name: "up", Length: length})
			wantKind(t, err, alveary.KindInvalid, "")
		}
		huge := begin(t, w, ann, files.Begin{Parent: area, Name: "huge", Length: math.MaxInt64})
		if p, _, err := feed(t, w, ann, huge, 0, "abc"); err != nil || p.Offset != 3 {
			t.Errorf("a piece of the largest file: %+v, %v", p, err)
		}
		short := begin(t, w, ann, files.Begin{Parent: area, Name: "short", Length: 3})
		_, _, err := feed(t, w, ann, short, 0, "abcd")
		wantKind(t, err, alveary.KindTooLarge, "too-large")
		for _, offset := range []int64{-1, 1, 3, math.MaxInt64} {
			_, _, err := feed(t, w, ann, short, offset, "a")
			wantKind(t, err, alveary.KindConflict, "offset")
		}
		_, err = w.Files.Uploads.Finish(t.Context(), ann, short, files.Fail)
		wantKind(t, err, alveary.KindConflict, "incomplete")
		if _, _, err := feed(t, w, ann, short, 0, "ab"); err != nil {
			t.Fatal(err)
		}
		_, _, err = feed(t, w, ann, short, 2, "cd")
		wantKind(t, err, alveary.KindTooLarge, "too-large")
		if p, done, err := feed(t, w, ann, short, 2, "c"); err != nil || done == nil || p.Offset != 3 {
			t.Errorf("%+v, %v", p, err)
		}
		empty := begin(t, w, ann, files.Begin{Parent: area, Name: "empty"})
		_, _, err = feed(t, w, ann, empty, 0, "x")
		wantKind(t, err, alveary.KindTooLarge, "too-large")
		if _, done, err := feed(t, w, ann, empty, 0, ""); err != nil || done == nil {
			t.Errorf("an empty file: %v", err)
		}
		if w.Content(w.At("area/short")) != "abc" || w.Content(w.At("area/empty")) != "" {
			t.Error("the files are not what was sent")
		}
		for _, tag := range []string{"\x00", "\xff"} {
			_, err := w.Files.Uploads.Begin(t.Context(), ann, files.Begin{Parent: area, Name: "x", IfMatch: tag})
			wantKind(t, err, alveary.KindInvalid, "")
		}
	})
}

// Many at once on one upload: each piece is taken once, and the file is whole.
func TestManyWritersOfOneUpload(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		w.Allow("ann", area, "read,write")
		ann := w.As("ann")
		const whole = "0123456789abcdefghijklmnopqrstuvwxyz"
		id := begin(t, w, ann, files.Begin{Parent: area, Name: "up", Length: int64(len(whole))})
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for {
					p, err := w.Files.Uploads.Status(t.Context(), ann, id)
					if err != nil {
						t.Error(err)
						return
					}
					if p.Offset == p.Length {
						return
					}
					piece := whole[p.Offset:min(p.Offset+5, p.Length)]
					_, _, err = feed(t, w, ann, id, p.Offset, piece)
					switch alveary.KindOf(err) {
					case alveary.KindConflict, alveary.KindBusy, alveary.KindNotFound:
					default:
						if err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		all.Wait()
		// Whoever wrote the last piece may have been overtaken in naming it.
		if w.At("area/up") == 0 {
			if _, err := w.Files.Uploads.Finish(t.Context(), ann, id, files.Fail); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.Content(w.At("area/up")); got != whole {
			t.Errorf("the file holds %q", got)
		}
		if got := len(w.Objects()); got != 1 {
			t.Errorf("%d objects", got)
		}
	})
}
