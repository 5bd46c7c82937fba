package render_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/render"
)

// Each page of a PDF is a picture of its own, with and without a mark, and
// nothing is left behind.
func TestPages(t *testing.T) {
	r, dir := withPDF(t, 0)
	src := document(3, a4, "0 0 0 rg 0 0 595 %d00 re f")
	for _, page := range []int{0, 1, 3} { // 0 is the first as well
		img, p := shown(t, r, render.KindPages, page, src, render.Mark{})
		if p.Type != "image/png" || p.Page != max(1, page) || p.Pages != 3 || img.Bounds() != image.Rect(0, 0, 1131, 1600) {
			t.Errorf("page %d: %d of %d, %s, %v", page, p.Page, p.Pages, p.Type, img.Bounds())
		}
		if dark := ink(img, 0x10) * 842 / (1131 * 1600); (dark+2)/100 != max(1, page) {
			t.Errorf("page %d: %d of 842 points are black", page, dark)
		}
		if bytes.Contains(p.Bytes, []byte("poppler")) || bytes.Contains(p.Bytes, []byte("pHYs")) {
			t.Error("what came back is passed on as it was")
		}
	}
	img, _ := shown(t, r, render.KindPages, 2, src, render.Mark{})
	marked, p := shown(t, r, render.KindPages, 2, src, someone)
	if p.Type != "image/png" || ink(marked, 0x10) >= ink(img, 0x10) || ink(marked, 0xe0) <= ink(img, 0xe0) {
		t.Error("no mark is to be seen")
	}
	text, _ := shown(t, r, render.KindPages, 1, letter(1), render.Mark{})
	if n := ink(text, 0x80); n < 2000 {
		t.Errorf("%d pixels are written on: is there a font?", n)
	}
	for _, page := range []int{4, render.MaxPages, render.MaxPages + 1, 1 << 40} {
		_, err := r.Picture(t.Context(), render.KindPages, page, bytes.NewReader(src), int64(len(src)), someone)
		wantCode(t, err, alveary.KindInvalid, "no-page")
	}
	empty(t, dir)
}

// What is cut off a page stays so.
func TestCropped(t *testing.T) {
	r, _ := withPDF(t, 0)
	src := document(1, a4, "0 0 0 rg 300 0 295 842 re f")
	src = bytes.Replace(src, []byte("/MediaBox[0 0 595 842]"), []byte("/MediaBox[0 0 595 842]/CropBox[0 0 300 842]"), 1)
	if img, _ := shown(t, r, render.KindPages, 1, src, render.Mark{}); ink(img, 0x80) > 1600 {
		t.Errorf("what is cut off is shown: %d dark pixels of %v", ink(img, 0x80), img.Bounds())
	}
}

// Without pdfinfo the number of pages is not known, and any is tried.
func TestPagesWithoutInfo(t *testing.T) {
	found := pdftoppm(t)
	alone := filepath.Join(open(t), "pdftoppm")
	if err := os.Symlink(found, alone); err != nil {
		t.Fatal(err)
	}
	r := render.New(render.Options{PDF: alone, Dir: t.TempDir()})
	if _, p := shown(t, r, render.KindPages, 2, letter(2), render.Mark{}); p.Page != 2 || p.Pages != 0 {
		t.Errorf("page %d of %d", p.Page, p.Pages)
	}
	_, err := r.Picture(t.Context(), render.KindPages, 3, bytes.NewReader(letter(2)), 1000, render.Mark{})
	wantCode(t, err, alveary.KindInvalid, "no-preview")
}

// Threat 25: PDFs that are made to take everything end in a picture that is
// not too large or in none, within the time and without a trace.
func TestThreat25_PDFs(t *testing.T) {
	r, dir := withPDF(t, time.Second)
	form := func(content string) string {
		return stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>", content)
	}
	const page = "/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
	for name, c := range map[string]struct {
		src  []byte
		none bool // certainly no picture
	}{
		"huge page":       {src: document(1, "0 0 100000000 100000000", "")},
		"endless page":    {src: document(1, "0 0 1 1e30", "")},
		"no page":         {src: document(1, "0 0 0 0", "")},
		"thin page":       {src: document(1, "0 0 1 14400", "")},
		"no pages":        {src: document(0, a4, ""), none: true},
		"calls itself":    {src: document(1, a4, "/X Do", form("/X Do /X Do"))},
		"endless drawing": {src: document(1, a4, strings.Repeat("0 0 m 595 842 l S\n", 3_000_000)), none: true},
		"huge picture": {src: document(1, a4, "595 0 0 842 0 0 cm /X Do",
			stream("/Type/XObject/Subtype/Image/Width 2000000/Height 2000000/BitsPerComponent 8/ColorSpace/DeviceRGB", "x"))},
		"tree of itself": {src: pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>")},
		"pages of itself": {src: pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			"<<"+page+"/Contents 3 0 R/Resources 3 0 R>>")},
		"tiny tiles": {src: pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			"<<"+page+"/Contents 4 0 R/Resources<</Pattern<</P 5 0 R>>>>>>", stream("", "/Pattern cs /P scn 0 0 595 842 re f"),
			stream("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.0001/YStep 0.0001/Resources<<>>", "0 0 1 1 re f"))},
		"deep":      {src: document(1, a4, strings.Repeat("q ", 1_000_000)+strings.Repeat("[", 100_000))},
		"cut":       {src: letter(1)[:200], none: true},
		"a picture": {src: asPNG(t, scenery(9, 9)), none: true},
		"nothing":   {none: true},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		p, err := r.Picture(t.Context(), render.KindPages, 1, bytes.NewReader(c.src), int64(len(c.src)), render.Mark{})
		runtime.ReadMemStats(&after)
		if err != nil || c.none {
			wantCode(t, err, alveary.KindInvalid, "no-preview")
		} else if img, _, err := image.DecodeConfig(bytes.NewReader(p.Bytes)); err != nil || max(img.Width, img.Height) > render.MaxSide {
			t.Errorf("%s: %+v, %v", name, img, err)
		}
		if took := time.Since(start); took > 15*time.Second || after.TotalAlloc-before.TotalAlloc > 128<<20 {
			t.Errorf("%s took %v and %d MB", name, took, (after.TotalAlloc-before.TotalAlloc)>>20)
		}
		empty(t, dir)
	}
	_, err := r.Picture(t.Context(), render.KindPages, 1, bytes.NewReader(letter(1)), render.MaxSource+1, someone)
	wantCode(t, err, alveary.KindInvalid, "no-preview")
}

// A request that ends, a source that fails or has no end: all of them end it,
// and leave nothing.
func TestPagesAreGivenUp(t *testing.T) {
	r, dir := withPDF(t, time.Minute)
	ctx, end := context.WithCancel(t.Context())
	reading := stalled{ctx, make(chan struct{})}
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := r.Picture(ctx, render.KindPages, 1, reading, 1000, someone); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	<-reading.reading
	empty(t, dir)
	end()
	all.Wait()
	empty(t, dir)

	long := document(1, a4, strings.Repeat("0 0 m 595 842 l S\n", 3_000_000))
	ctx, end = context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer end()
	start := time.Now()
	if _, err := r.Picture(ctx, render.KindPages, 1, bytes.NewReader(long), int64(len(long)), someone); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 10*time.Second {
		t.Error(err, time.Since(start))
	}
	empty(t, dir)

	broken := errors.New("the disk is on fire")
	if _, err := r.Picture(t.Context(), render.KindPages, 1, failing{broken}, 1000, someone); !errors.Is(err, broken) {
		t.Error(err)
	}
	_, err := r.Picture(t.Context(), render.KindPages, 1, endless{}, 1000, someone)
	wantCode(t, err, alveary.KindInvalid, "no-preview")
	empty(t, dir)

	nowhere := render.New(render.Options{PDF: pdftoppm(t), Dir: filepath.Join(dir, "missing")})
	if _, err := nowhere.Picture(t.Context(), render.KindPages, 1, bytes.NewReader(letter(1)), 1000, someone); alveary.KindOf(err) != alveary.KindInternal {
		t.Error(err)
	}
}

// endless is a source that says nothing true about its size.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func BenchmarkPicture(b *testing.B) {
	photo := asJPEG(b, scenery(4000, 3000))
	r, _ := withPDF(b, 0)
	for _, c := range []struct {
		name string
		kind render.Kind
		src  []byte
	}{
		{"photo", render.KindImage, photo},
		{"small", render.KindImage, asPNG(b, plain(200, 100, color.White))},
		{"page", render.KindPages, letter(1)},
		{"text", render.KindText, bytes.Repeat([]byte("one line of the text, which fits on a line of the page\n"), 5000)},
	} {
		for _, m := range []render.Mark{{}, someone} {
			name := c.name
			if m != (render.Mark{}) {
				name += "/marked"
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p, err := r.Picture(b.Context(), c.kind, 1, bytes.NewReader(c.src), int64(len(c.src)), m)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(len(p.Bytes))/1024, "KB")
				}
			})
		}
	}
}
