package files_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"alveary"
	"alveary/render"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// picture is a PNG of one colour, so that two can be told apart.
func picture(t *testing.T, shade uint8) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range img.Pix {
		img.Pix[i] = shade
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// scene is a file that ann may read and change, and another that she may not
// see, which somebody puts in its way.
type scene struct {
	*world.World
	folder, file, secret, closed alveary.NodeID
	ann                          alveary.Subject
}

func newScene(t *testing.T) *scene {
	w := world.New(t, world.Options{})
	w.User("ann")
	s := &scene{World: w}
	s.file = w.File("area/open/x.png", picture(t, 10))
	s.folder = w.At("area/open")
	s.secret = w.File("area/closed/x.png", picture(t, 200))
	s.closed = w.At("area/closed")
	w.Allow("ann", s.folder, "read,write")
	w.Deny("ann", s.closed)
	s.ann = w.As("ann")
	return s
}

// swaps are what happens between a decision and the act that rests on it.
var swaps = []struct {
	name string
	do   func(*testing.T, *scene)
}{
	{"replaced by another at the same path", func(_ *testing.T, s *scene) {
		s.Place(s.file, s.closed, "aside")
		s.Place(s.secret, s.folder, "x.png")
	}},
	{"moved where ann may not read", func(_ *testing.T, s *scene) { s.Place(s.file, s.closed, "moved") }},
	{"its folder moved where ann may not read", func(_ *testing.T, s *scene) { s.Place(s.folder, s.closed, "open") }},
	{"deleted and made again", func(t *testing.T, s *scene) {
		s.Delete(s.file)
		s.File("area/open/x.png", picture(t, 200))
	}},
	{"deleted", func(_ *testing.T, s *scene) { s.Delete(s.file) }},
	{"its folder deleted and made again", func(t *testing.T, s *scene) {
		s.Delete(s.folder)
		s.Allow("ann", s.Folder("area/open"), "read,write")
		s.File("area/open/x.png", picture(t, 200))
	}},
	{"moved to the bin", func(_ *testing.T, s *scene) { s.Bin(s.file) }},
	{"its folder moved to the bin", func(_ *testing.T, s *scene) { s.Bin(s.folder) }}, // where it may still be read
	{"content changed", func(t *testing.T, s *scene) {
		s.On(s.file, func(tx *store.Tx, line alveary.Lineage) error {
			info := s.Object(picture(t, 200))
			_, err := tx.Replace(line, store.Content{Blob: info.Blob, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME}, 0, 0)
			return err
		})
	}},
	{"right taken from the file", func(_ *testing.T, s *scene) { s.Deny("ann", s.file) }},
	{"right taken from the folder", func(_ *testing.T, s *scene) { s.Forget(s.folder) }},
	{"only seeing is left", func(_ *testing.T, s *scene) {
		s.Forget(s.folder)
		s.Entry("ann", s.folder, alveary.Entry{Policies: []alveary.PolicyID{"gone"}})
	}},
	{"account disabled", func(_ *testing.T, s *scene) {
		s.Write(func(tx *store.Tx) error { return tx.SetDisabled(s.ann.User.ID, true) })
	}},
}

// Whatever is swapped between the decision and the opening, what is served is
// what was decided on and is still allowed, or nothing.
func TestSwapWhileReading(t *testing.T) {
	readers := map[string]func(*testing.T, *scene) ([]byte, error){
		"download": func(t *testing.T, s *scene) ([]byte, error) { return s.fetch(t, 0, files.ForDownload) },
		"preview":  func(t *testing.T, s *scene) ([]byte, error) { return s.fetch(t, 0, files.ForPreview) },
		"version":  func(t *testing.T, s *scene) ([]byte, error) { return s.fetch(t, 1, files.ForDownload) },
		"probe":    func(t *testing.T, s *scene) ([]byte, error) { return s.fetch(t, 0, files.ForProbing) },
		"thumbnail": func(t *testing.T, s *scene) ([]byte, error) {
			picture, f, err := s.Files.Content.Thumbnail(t.Context(), s.ann, s.file, 64)
			if err != nil {
				return nil, err
			}
			return picture.Bytes, f.Close()
		},
		"rendition": func(t *testing.T, s *scene) ([]byte, error) {
			r, err := s.Files.Content.Rendition(t.Context(), s.ann, s.file, 0, render.Mark{})
			return r.Picture.Bytes, err
		},
	}
	for name, read := range readers {
		for _, swap := range swaps {
			if swap.name == "account disabled" {
				continue // who asks is settled when the request comes in
			}
			t.Run(name+" "+swap.name, func(t *testing.T) {
				s := newScene(t)
				want, err := read(t, s)
				if err != nil {
					t.Fatal(err)
				}
				lines := len(s.Audit())
				s.Once(func() { swap.do(t, s) })
				got, err := read(t, s)
				if err == nil && !bytes.Equal(got, want) {
					t.Error("the bytes of another content were served")
				}
				if err == nil && swap.name != "its folder moved to the bin" {
					t.Errorf("served after: %s", swap.name)
				}
				for _, line := range s.Since(lines) {
					if err != nil && line.Verdict == alveary.VerdictDone {
						t.Errorf("refused, and on record as done: %+v", line)
					}
				}
			})
		}
	}
}

func (s *scene) fetch(t *testing.T, version int64, why files.Why) ([]byte, error) {
	f, err := s.Files.Content.Open(t.Context(), s.ann, s.file, version, why)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Whatever is swapped between the decision and the writing: the other node
// keeps its bytes, nothing comes where ann may not write, and a refusal leaves
// no object behind.
func TestSwapWhileWriting(t *testing.T) {
	const fresh = "the bytes that ann sends"
	writers := map[string]func(*testing.T, *scene) error{
		"upload": func(t *testing.T, s *scene) error {
			_, _, err := s.Files.Content.Write(t.Context(), s.ann, s.folder, named("new.txt", fresh, files.Fail))
			return err
		},
		"upload to replace": func(t *testing.T, s *scene) error {
			_, _, err := s.Files.Content.Write(t.Context(), s.ann, s.folder, named("x.png", fresh, files.Replace))
			return err
		},
		"upload if it matches": func(t *testing.T, s *scene) error {
			u := named("x.png", fresh, files.Replace)
			u.IfMatch = []string{s.Node(s.file).ETag()}
			_, _, err := s.Files.Content.Write(t.Context(), s.ann, s.folder, u)
			return err
		},
		"overwrite": func(t *testing.T, s *scene) error {
			_, err := s.Files.Content.Overwrite(t.Context(), s.ann, s.file, text(fresh))
			return err
		},
		"last piece": func(t *testing.T, s *scene) error {
			id := begin(t, s.World, s.ann, files.Begin{Parent: s.folder, Name: "x.png", Conflict: files.Replace, Length: int64(len(fresh))})
			_, _, err := feed(t, s.World, s.ann, id, 0, fresh)
			return err
		},
		"last piece in a folder": func(t *testing.T, s *scene) error {
			id := begin(t, s.World, s.ann, files.Begin{Parent: s.folder, Relative: "sub/new", Length: int64(len(fresh))})
			_, _, err := feed(t, s.World, s.ann, id, 0, fresh)
			return err
		},
	}
	for name, write := range writers {
		for _, swap := range swaps {
			if swap.name == "account disabled" {
				continue
			}
			t.Run(name+" "+swap.name, func(t *testing.T) {
				s := newScene(t)
				secret := s.Content(s.secret)
				s.Once(func() { swap.do(t, s) })
				err := write(t, s)
				n := s.Node(s.secret)
				if n.Version != 1 || s.Content(s.secret) != secret {
					t.Error("the other node was written to")
				}
				for _, path := range []string{"area/closed/new.txt", "area/closed/open/new.txt", "area/closed/open/sub/new", "area/closed/sub"} {
					if s.At(path) != 0 {
						t.Errorf("came to %s", path)
					}
				}
				if moved := s.Node(s.file); moved.ID != 0 && moved.Version > 1 && moved.SHA256 == sumOf(t, s, fresh) && (moved.Parent == s.closed || s.Node(moved.Parent).Parent == s.closed) {
					t.Error("written where it was moved to")
				}
				if err != nil && strings.HasPrefix(name, "upload") || name == "overwrite" && err != nil {
					if left := orphans(t, s); len(left) > 0 {
						t.Errorf("refused (%v), and %d objects are left", err, len(left))
					}
				}
				denied := strings.HasPrefix(swap.name, "right taken from the folder") || swap.name == "only seeing is left" || swap.name == "its folder moved where ann may not read"
				if denied && err == nil {
					t.Errorf("written after: %s", swap.name)
				}
				if name == "upload if it matches" && swap.name == "content changed" && !alveary.IsKind(err, alveary.KindPrecondition) {
					t.Errorf("the tag no longer matches: %v", err)
				}
			})
		}
	}
}

func sumOf(t *testing.T, s *scene, content string) string {
	t.Helper()
	info := s.Object(content)
	if err := s.Blobs.Delete(t.Context(), info.Blob); err != nil {
		t.Fatal(err)
	}
	return info.SHA256
}

// orphans are the objects that no row names.
func orphans(t *testing.T, s *scene) (left []alveary.BlobID) {
	t.Helper()
	s.Read(func(tx *store.Tx) error {
		known, err := tx.KnownBlobs(s.Objects())
		for _, id := range s.Objects() {
			if !known[id] {
				left = append(left, id)
			}
		}
		return err
	})
	return left
}

// An upload that is finished while its owner gives it up keeps its bytes.
func TestGivenUpWhileFinished(t *testing.T) {
	s := newScene(t)
	id := begin(t, s.World, s.ann, files.Begin{Parent: s.folder, Name: "up", Length: 3})
	s.Once(func() {
		if _, _, err := feed(t, s.World, s.ann, id, 0, "abc"); err != nil {
			t.Error(err)
		}
	})
	err := s.Files.Uploads.End(t.Context(), s.ann, id)
	if got := s.Content(s.At("area/open/up")); got != "abc" {
		t.Errorf("the file holds %q; giving up said %v", got, err)
	}
}

// Two that send the same first piece: one file comes of it, whole.
func TestSamePieceTwice(t *testing.T) {
	for _, first := range []string{"abc", "ab", ""} {
		s := newScene(t)
		id := begin(t, s.World, s.ann, files.Begin{Parent: s.folder, Name: "up", Length: 3})
		s.Once(func() {
			if _, _, err := feed(t, s.World, s.ann, id, 0, first); err != nil {
				t.Error(err)
			}
		})
		// The second broke off: what it has of the piece must count for nothing.
		cut := errors.New("the line was cut")
		_, _, err := s.Files.Uploads.Append(t.Context(), s.ann, id, files.Piece{
			Offset: 0, Body: io.MultiReader(world.Reader("a"), brokenReader{cut}),
		})
		if err == nil {
			t.Error("a piece that broke off is good")
		}
		p, err := s.Files.Uploads.Status(t.Context(), s.ann, id)
		if err != nil {
			t.Fatal(err)
		}
		if p.Offset < 3 {
			if _, _, err := feed(t, s.World, s.ann, id, p.Offset, "abc"[p.Offset:]); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.Content(s.At("area/open/up")); got != "abc" {
			t.Errorf("the file holds %q", got)
		}
	}
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }
