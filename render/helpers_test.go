package render_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/render"
)

// pdftoppm is where it is; a test that needs it is skipped where it is not,
// but for where nothing may be skipped.
func pdftoppm(tb testing.TB) string {
	tb.Helper()
	path := render.Find()
	if path == "" {
		if os.Getenv("CI") == "true" {
			tb.Fatal("pdftoppm is missing (Debian: poppler-utils)")
		}
		tb.Skip("pdftoppm is missing (Debian: poppler-utils)")
	}
	return path
}

// withPDF is a renderer for PDFs and the folder that it may use.
func withPDF(tb testing.TB, timeout time.Duration) (*render.Renderer, string) {
	tb.Helper()
	dir := tb.TempDir()
	return render.New(render.Options{PDF: pdftoppm(tb), Dir: dir, Timeout: timeout}), dir
}

// shown is the picture of a source, decoded.
func shown(t *testing.T, r *render.Renderer, kind render.Kind, page int, src []byte, m render.Mark) (image.Image, render.Picture) {
	t.Helper()
	p, err := r.Picture(t.Context(), kind, page, bytes.NewReader(src), int64(len(src)), m)
	if err != nil {
		t.Fatal(err)
	}
	img, format, err := image.Decode(bytes.NewReader(p.Bytes))
	if err != nil || "image/"+format != p.Type {
		t.Fatalf("said to be %s, is %s: %v", p.Type, format, err)
	}
	if b := img.Bounds(); max(b.Dx(), b.Dy()) > render.MaxSide {
		t.Fatalf("it is %v", b)
	}
	return img, p
}

func wantCode(t *testing.T, err error, kind alveary.Kind, code string) {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Fatalf("got %v, want kind %d with code %q", err, kind, code)
	}
}

// empty says that a folder is, which it must be at all times: what is in it has
// no name.
func empty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the folder: %v %v", left, err)
	}
}

// open is a folder that anybody may read, as nobody must be able to where a
// program is; those of tests are their owner's alone.
func open(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "render-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// scenery is a picture with something on it.
func scenery(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8(x ^ y), 255})
		}
	}
	return img
}

func plain(w, h int, c color.Color) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

func asPNG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// pixels are those of a picture, in four bytes each.
func pixels(img image.Image) []uint8 {
	plain := image.NewRGBA(img.Bounds())
	draw.Draw(plain, plain.Bounds(), img, img.Bounds().Min, draw.Src)
	return plain.Pix
}

// ink counts the pixels that are darker.
func ink(img image.Image, than uint8) (dark int) {
	all := pixels(img)
	for i := 0; i < len(all); i += 4 {
		if all[i+1] < than {
			dark++
		}
	}
	return dark
}

// pdf is a PDF of objects, which are numbered from 1; the first is its catalog.
func pdf(objects ...string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}

// stream is an object with a content.
func stream(entries, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", entries, len(content), content)
}

// document is a PDF of as many pages, in a box, each with the content; %d in it
// is the number of the page.
func document(pages int, box, content string, more ...string) []byte {
	var kids strings.Builder
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>", "",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 4+2*i)
		on := content
		if strings.Contains(content, "%d") {
			on = fmt.Sprintf(content, i+1)
		}
		objects = append(objects,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>/XObject<</X %d 0 R>>>>>>", box, 5+2*i, 4+2*pages),
			stream("", on))
	}
	objects[1] = fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), pages)
	return pdf(append(objects, more...)...)
}

// a4 is the box of the usual page.
const a4 = "0 0 595 842"

func letter(pages int) []byte {
	return document(pages, a4, "BT /F 48 Tf 72 700 Td (Page %d) Tj ET")
}

// stalled is a source that gives nothing until the request ends.
type stalled struct {
	ctx     context.Context
	reading chan struct{}
}

func (s stalled) Read([]byte) (int, error) {
	close(s.reading)
	<-s.ctx.Done()
	return 0, io.ErrUnexpectedEOF
}
