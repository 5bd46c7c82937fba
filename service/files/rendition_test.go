package files_test

import (
	"bytes"
	"image"
	"os"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/render"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// aPDF is a page of which nothing is drawn on. Its readers find their way
// without the table that is missing.
const aPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
	"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n"

var looker = render.Mark{Who: "203.0.113.9", When: "2026-03-04 15:06 UTC"}

// shown is a folder of ann's with a link to it.
type shown struct {
	*world.World
	folder, picture, text, pdf, other alveary.NodeID
	link                              alveary.Cell
	ann, visitor                      alveary.Subject
}

func newShown(t *testing.T, mode alveary.LinkMode) *shown {
	w := world.New(t, world.Options{})
	w.User("ann")
	s := &shown{World: w}
	s.picture = w.File("area/x.png", picture(t, 10))
	s.text = w.File("area/x.txt", "Grüße\n")
	s.pdf = w.File("area/x.pdf", aPDF)
	s.other = w.File("area/x.bin", "\x00\x01\x02")
	s.folder = w.At("area")
	w.Allow("ann", s.folder, "read,write")
	s.ann = w.As("ann")
	w.Write(func(tx *store.Tx) (err error) {
		c := alveary.Cell{Owner: s.ann.User.ID, Label: "x", Link: &alveary.Link{Mode: mode}}
		c.Entries = []alveary.Entry{{Node: s.folder, Rights: mode.Gives()}}
		s.link, err = tx.InsertCell(c, store.CellSecret{Token: "t"})
		return err
	})
	s.visitor = alveary.Visiting(s.link.ID, s.link.Owner)
	s.visitor.Address, s.visitor.Request = "203.0.113.9", "request of a visitor"
	s.visitor.Context = &alveary.Context{Address: s.visitor.Address, Gateway: "link"}
	return s
}

func (s *shown) rendition(t *testing.T, who alveary.Subject, id alveary.NodeID, m render.Mark) (files.Rendition, error) {
	t.Helper()
	r, err := s.Files.Content.Rendition(t.Context(), who, id, 0, m)
	if err != nil && (r.Picture.Bytes != nil || r.Text.Text != "" || r.Node.ID != 0) {
		t.Errorf("refused, and given: %+v", r)
	}
	return r, err
}

func pdfs(t *testing.T) bool {
	t.Helper()
	if render.Find() == "" && os.Getenv("CI") == "true" {
		t.Fatal("pdftoppm is missing (Debian: poppler-utils)")
	}
	return render.Find() != ""
}

// The visitor of a preview-only link sees renditions of each kind, and gets at
// the original by nothing.
func TestPreviewOnly(t *testing.T) {
	s := newShown(t, alveary.LinkPreview)
	c := s.Files.Content
	for _, m := range []render.Mark{{}, looker} {
		r, err := s.rendition(t, s.visitor, s.picture, m)
		ok(t, err)
		if _, _, err := image.Decode(bytes.NewReader(r.Picture.Bytes)); err != nil || r.Kind != render.KindImage || r.Node.ID != s.picture {
			t.Errorf("%+v, %v", r, err)
		}
		if string(r.Picture.Bytes) == s.World.Content(s.picture) {
			t.Error("the picture is the original")
		}
		r, err = s.rendition(t, s.visitor, s.text, m)
		ok(t, err)
		if marked := m == looker; r.Kind != render.KindText || marked != (r.Text.Text == "") || marked != (r.Picture.Bytes != nil) {
			t.Errorf("%v: %+v", m, r)
		}
		if pdfs(t) {
			r, err = s.rendition(t, s.visitor, s.pdf, m)
			ok(t, err)
			if r.Kind != render.KindPages || r.Picture.Pages != 1 || r.Picture.Type != "image/png" {
				t.Errorf("%+v", r)
			}
		}
		_, err = s.rendition(t, s.visitor, s.other, m)
		wantKind(t, err, alveary.KindInvalid, "no-preview")
		_, err = s.rendition(t, s.visitor, s.folder, m)
		wantKind(t, err, alveary.KindInvalid, "not-a-file")
	}
	small, f, err := c.SmallRendition(t.Context(), s.visitor, s.picture, 64)
	ok(t, err)
	if err := f.Close(); err != nil || string(small.Bytes) == s.World.Content(s.picture) {
		t.Errorf("the small picture is the original, or %v", err)
	}
	_, _, err = c.SmallRendition(t.Context(), s.visitor, s.text, 64)
	wantKind(t, err, alveary.KindNotFound, "no-thumbnail")

	for name, try := range map[string]func() error{
		"download":  func() error { _, err := readAll(t, s.World, s.visitor, s.picture, 0); return err },
		"version":   func() error { _, err := readAll(t, s.World, s.visitor, s.picture, 1); return err },
		"thumbnail": func() error { _, _, err := c.Thumbnail(t.Context(), s.visitor, s.picture, 64); return err },
		"copy": func() error {
			_, _, err := s.Files.Tree.Copy(t.Context(), s.visitor, s.picture, s.folder, "y.png", files.Fail)
			return err
		},
	} {
		if err := try(); !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := verdicts(s.Audit())
	if got["preview done"] != 2+btoi(pdfs(t))+1 || got["download done"] != 0 {
		t.Errorf("on record: %v", got)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Who asks besides is told what reading tells him.
func TestRenditionsOfOthers(t *testing.T) {
	for mode, want := range map[alveary.LinkMode]alveary.Kind{
		alveary.LinkRead: 0, alveary.LinkEdit: 0, alveary.LinkDownload: 0, alveary.LinkDrop: alveary.KindNotFound,
	} {
		s := newShown(t, mode)
		if _, err := s.rendition(t, s.visitor, s.picture, render.Mark{}); alveary.KindOf(err) != want {
			t.Errorf("%s: %v", mode, err)
		}
	}
	s := newShown(t, alveary.LinkPreview)
	s.User("bob")
	s.User("eve")
	_, err := s.rendition(t, s.ann, s.picture, looker)
	ok(t, err)
	keep(s.World, "p", alveary.ModeEnforced, allow("read write"), deny("download"))
	s.Entry("bob", s.folder, alveary.Entry{Policies: []alveary.PolicyID{"p"}})
	_, err = s.rendition(t, s.As("bob"), s.picture, render.Mark{})
	wantKind(t, err, alveary.KindDenied, "denied")
	_, err = s.rendition(t, s.As("eve"), s.picture, render.Mark{})
	wantKind(t, err, alveary.KindNotFound, "not-found")
	_, missing := s.rendition(t, s.As("eve"), 1<<40, render.Mark{})
	if words(err) != words(missing) {
		t.Errorf("%s; of what is not there %s", words(err), words(missing))
	}
	for id, want := range map[alveary.NodeID]string{s.picture: "image", s.text: "text", s.other: "", s.folder: ""} {
		if got := s.Files.Content.PreviewOf(s.Node(id)); got != want {
			t.Errorf("%s: %q", s.Node(id).Name, got)
		}
	}
}

// Threats 10 to 14: with the right of its owner, or with the link, what the
// link shows ends, for what begins and for what is being made.
func TestRenditionsEnd(t *testing.T) {
	ends := map[string]func(*shown){
		"its owner may not read":     func(s *shown) { s.Forget(s.folder) },
		"its owner may not download": func(s *shown) { s.only(s.folder) },
		"its owner is disabled": func(s *shown) {
			s.Write(func(tx *store.Tx) error { return tx.SetDisabled(s.ann.User.ID, true) })
		},
		"the link is gone": func(s *shown) { s.Write(func(tx *store.Tx) error { return tx.DeleteCell(s.link.ID) }) },
		"the link has ended": func(s *shown) {
			s.link.Until = s.Now()
			s.Write(func(tx *store.Tx) error { return tx.UpdateCell(s.link) })
		},
		"the file is in the bin": func(s *shown) { s.Bin(s.picture) },
		"the file is elsewhere":  func(s *shown) { s.Place(s.picture, s.Folder("elsewhere"), "x.png") },
		"deleted and made again": func(s *shown) {
			s.Delete(s.picture)
			s.File("area/x.png", "another")
		},
	}
	for name, end := range ends {
		for when, do := range map[string]func(*shown){
			"before":    func(s *shown) { end(s) },
			"meanwhile": func(s *shown) { s.Once(func() { end(s) }) },
		} {
			t.Run(name+" "+when, func(t *testing.T) {
				s := newShown(t, alveary.LinkPreview)
				do(s)
				if _, err := s.rendition(t, s.visitor, s.picture, looker); !alveary.IsKind(err, alveary.KindNotFound) &&
					!alveary.IsKind(err, alveary.KindDenied) && !alveary.IsKind(err, alveary.KindConflict) {
					t.Errorf("%v", err)
				}
				if _, f, err := s.Files.Content.SmallRendition(t.Context(), s.visitor, s.picture, 64); err == nil {
					_ = f.Close()
					t.Error("a small one is shown")
				}
				if n := s.Files.UnderWay(); n != 0 {
					t.Errorf("%d are watched still", n)
				}
				for action, n := range verdicts(s.Audit()) {
					if strings.HasSuffix(action, "preview done") {
						t.Errorf("on record: %s, %d times", action, n)
					}
				}
			})
		}
	}
}

// only leaves ann seeing a folder, without its bytes.
func (s *shown) only(id alveary.NodeID) {
	s.Forget(id)
	keep(s.World, "look", alveary.ModeEnforced, allow("read"), deny("download"))
	s.Entry("ann", id, alveary.Entry{Policies: []alveary.PolicyID{"look"}})
}

// While a picture is sent, it is watched, and ended with the link.
func TestRenditionUnderWay(t *testing.T) {
	s := newShown(t, alveary.LinkPreview)
	_, f, err := s.Files.Content.SmallRendition(t.Context(), s.visitor, s.picture, 64)
	ok(t, err)
	defer f.Close()
	stays := func(f *files.File) bool { // for a second, in which it must be cut
		for range 100 {
			if time.Sleep(10 * time.Millisecond); f.Refused() != nil {
				return false
			}
		}
		return true
	}
	s.User("somebody") // a commit after which it is asked anew, and goes on
	if !stays(f) {
		t.Fatal(f.Refused())
	}
	s.only(s.folder)
	if stays(f) {
		t.Error("it goes on")
	}
}
