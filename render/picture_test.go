package render_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/render"
)

var someone = render.Mark{Who: "visitor@example.org", When: "2026-03-04 15:06 UTC"}

func TestKind(t *testing.T) {
	without := render.New(render.Options{})
	with := render.New(render.Options{PDF: pdftoppm(t)})
	for _, c := range []struct {
		name, mime string
		size       int64
		want       render.Kind
	}{
		{"a.png", "image/png", 10, render.KindImage},
		{"a.jpg", "image/jpeg", render.MaxSource, render.KindImage},
		{"a.jpg", "image/jpeg", render.MaxSource + 1, render.KindNone},
		{"a.jpg", "image/jpeg", 0, render.KindNone},
		{"a.webp", "image/webp", 10, render.KindImage},
		{"a.tiff", "image/tiff", 10, render.KindNone},
		{"a.svg", "image/svg+xml", 10, render.KindNone},
		{"a.svg", "text/plain; charset=utf-8", 10, render.KindNone},
		{"a.svg", "text/xml", 10, render.KindNone},
		{"a.pdf", "application/pdf", 10, render.KindPages},
		{"a", "Application/PDF; version=1.4", 10, render.KindPages},
		{"a.pdf", "application/pdf", render.MaxSource + 1, render.KindNone},
		{"a.txt", "text/plain; charset=utf-8", 0, render.KindText},
		{"a.txt", "text/plain", 1 << 40, render.KindText},
		{"a.html", "text/html", 10, render.KindText},
		{"a.json", "application/json", 10, render.KindText},
		{"a.geojson", "application/geo+json", 10, render.KindText},
		{"a.csv", "application/octet-stream", 10, render.KindText},
		{"A.TXT", "", 10, render.KindText},
		{"a.bin", "application/octet-stream", 10, render.KindNone},
		{"a.rtf", "text/rtf", 10, render.KindNone},
		{"a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 10, render.KindNone},
		{"a.zip", "application/zip", 10, render.KindNone},
		{"a.txt", "application/zip", 10, render.KindNone},
		{"", "", 10, render.KindNone},
	} {
		if got := with.Kind(c.name, c.mime, c.size); got != c.want {
			t.Errorf("%q, %q, %d: %q, want %q", c.name, c.mime, c.size, got, c.want)
		}
		if got := without.Kind(c.name, c.mime, c.size); got == render.KindPages {
			t.Errorf("%q without pdftoppm: %q", c.name, got)
		}
	}
}

// Nothing of the original is left but what is seen: not the notes of the
// camera, not what lies behind the end, not the very bytes of a small picture.
func TestOriginalIsWithheld(t *testing.T) {
	r := render.New(render.Options{})
	const secret = "52.5200 N 13.4050 E"
	note := append(append([]byte{0xff, 0xe1, 0, byte(8 + len(secret))}, "Exif\x00\x00"...), secret...)
	camera := asJPEG(t, scenery(300, 200))
	camera = append(append(append([]byte{}, camera[:2]...), note...), camera[2:]...)
	camera = append(camera, secret...)
	drawing := asPNG(t, plain(30, 20, color.NRGBA{10, 20, 30, 128}))
	drawing = append(append(append([]byte{}, drawing[:33]...), chunk("tEXt", []byte("Comment\x00"+secret))...), drawing[33:]...)
	for name, src := range map[string][]byte{"jpeg": camera, "png": drawing} {
		for _, m := range []render.Mark{{}, someone} {
			_, p := shown(t, r, render.KindImage, 0, src, m)
			if bytes.Contains(p.Bytes, []byte(secret)) || bytes.Contains(p.Bytes, []byte("Exif")) || bytes.Equal(p.Bytes, src) {
				t.Errorf("%s: the original, or its notes, came along", name)
			}
			if p.Page != 1 || p.Pages != 1 {
				t.Errorf("%s: page %d of %d", name, p.Page, p.Pages)
			}
		}
	}
	img, _ := shown(t, r, render.KindImage, 1, asJPEG(t, scenery(4000, 1000)), render.Mark{})
	if img.Bounds() != image.Rect(0, 0, 1600, 400) {
		t.Errorf("a large picture is %v", img.Bounds())
	}
}

func chunk(name string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// bomb is a PNG of few bytes that says it has w times h pixels, with as many
// bytes in it, all zero, as are asked for.
func bomb(w, h uint32, size int) []byte {
	var packed bytes.Buffer
	z, _ := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	zeros := make([]byte, 1<<20)
	for ; size > 0; size -= len(zeros) {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 6, 0, 0, 0))...)
	return append(append(out, chunk("IDAT", packed.Bytes())...), chunk("IEND", nil)...)
}

// Threat 25: what is small and says it is huge, and what is small and unpacks
// to something huge, takes neither memory nor time.
func TestThreat25_Bombs(t *testing.T) {
	r := render.New(render.Options{})
	deflate := bomb(1, 1, 32<<20)
	for name, src := range map[string][]byte{
		"huge":       bomb(60_000, 60_000, 1<<20),
		"deflate":    deflate,
		"one line":   bomb(40_000_000, 1, 1<<20),
		"no pixels":  bomb(0, 0, 1<<20),
		"empty":      nil,
		"a fragment": deflate[:40],
		"no picture": []byte(strings.Repeat("GIF", 1000)),
		"pdf":        letter(1),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		p, err := r.Picture(t.Context(), render.KindImage, 0, bytes.NewReader(src), int64(len(src)), someone)
		runtime.ReadMemStats(&after)
		if err != nil || name != "deflate" { // a decoder may leave what is too much unread
			wantCode(t, err, alveary.KindInvalid, "no-preview")
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 || time.Since(start) > 10*time.Second || len(p.Bytes) > 1000 {
			t.Errorf("%s (%d bytes) took %d KB and %v", name, len(src), took>>10, time.Since(start))
		}
	}
	_, err := r.Picture(t.Context(), render.KindImage, 0, strings.NewReader(""), render.MaxSource+1, render.Mark{})
	wantCode(t, err, alveary.KindInvalid, "no-preview")
	for _, kind := range []render.Kind{render.KindNone, render.KindPages, "other"} {
		_, err := r.Picture(t.Context(), kind, 0, bytes.NewReader(asPNG(t, scenery(9, 9))), 99, render.Mark{})
		wantCode(t, err, alveary.KindInvalid, "no-preview")
	}
	_, err = r.Picture(t.Context(), render.KindImage, 2, bytes.NewReader(asPNG(t, scenery(9, 9))), 99, render.Mark{})
	wantCode(t, err, alveary.KindInvalid, "no-page")
}

// The watermark is on every part of a picture, can be seen on any colour and
// leaves the picture to be seen.
func TestMark(t *testing.T) {
	r := render.New(render.Options{})
	for name, c := range map[string]color.RGBA{
		"white": {255, 255, 255, 255}, "black": {0, 0, 0, 255}, "grey": {128, 128, 128, 255}, "red": {255, 0, 0, 255}, "nothing": {},
	} {
		src := asPNG(t, plain(600, 400, c))
		without, _ := shown(t, r, render.KindImage, 0, src, render.Mark{})
		with, _ := shown(t, r, render.KindImage, 0, src, someone)
		was, is := pixels(without), pixels(with)
		const part = 100
		written, changed := map[image.Point]int{}, map[image.Point]int{}
		for i := 0; i < len(is); i += 4 {
			at := image.Pt(i/4%600, i/4/600).Div(part)
			switch d := distance(is[i:i+4], was[i:i+4]); {
			case d > 0x20:
				written[at]++
			case d > 0x08:
				changed[at]++
			}
		}
		for x := range 600 / part {
			for y := range 400 / part {
				at := image.Pt(x, y)
				if written[at] < part*part/100 || written[at]+changed[at] > part*part/2 {
					t.Errorf("%s: in part %v %d pixels of %d are written on, %d more changed", name, at, written[at], part*part, changed[at])
				}
			}
		}
	}
	// Each name gives another picture, also where only one of the two is known.
	seen := map[string]bool{}
	for _, m := range []render.Mark{{}, {Who: "a"}, {When: "a b"}, {Who: "b"}, {Who: "b", When: "a"}, {Who: strings.Repeat("long ", 1000)}} {
		_, p := shown(t, r, render.KindImage, 0, asPNG(t, plain(200, 100, color.White)), m)
		if seen[string(p.Bytes)] {
			t.Errorf("%.20v: the same picture as with another mark", m)
		}
		seen[string(p.Bytes)] = true
	}
	// What cannot be seen is no mark, and the smallest of pictures has room.
	_, bare := shown(t, r, render.KindImage, 0, asPNG(t, plain(200, 100, color.White)), render.Mark{Who: " \x00\u202e", When: "\n"})
	if !seen[string(bare.Bytes)] {
		t.Error("a mark of nothing changes the picture")
	}
	for _, side := range []int{1, 2, 7} {
		shown(t, r, render.KindImage, 0, asPNG(t, plain(side, 1, color.White)), someone)
	}
}

func distance(a, b []uint8) (most uint8) {
	for i := range a {
		most = max(most, max(a[i], b[i])-min(a[i], b[i]))
	}
	return most
}

// A source that fails is not a file of which no preview can be made, and a
// request that ends ends what is made for it, also while it waits.
func TestFailingSources(t *testing.T) {
	r := render.New(render.Options{})
	broken := errors.New("the disk is on fire")
	_, err := r.Picture(t.Context(), render.KindImage, 0, io.MultiReader(bytes.NewReader(asPNG(t, scenery(300, 300))[:900]), failing{broken}), 9000, render.Mark{})
	if !errors.Is(err, broken) || alveary.KindOf(err) == alveary.KindInvalid {
		t.Error(err)
	}
	if _, err := r.Text(t.Context(), failing{broken}, 10); !errors.Is(err, broken) {
		t.Error(err)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	for _, kind := range []render.Kind{render.KindImage, render.KindText} {
		if _, err := r.Picture(ctx, kind, 0, bytes.NewReader(asPNG(t, scenery(9, 9))), 99, render.Mark{}); !errors.Is(err, context.Canceled) {
			t.Error(kind, err)
		}
	}
	if _, err := r.Text(ctx, strings.NewReader("text"), 4); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Only so many are made, and wait, at once; the rest is told to come again.
func TestTooMany(t *testing.T) {
	r := render.New(render.Options{})
	ctx, end := context.WithCancel(t.Context())
	var all sync.WaitGroup
	defer all.Wait()
	defer end()
	parallel := max(1, runtime.GOMAXPROCS(0)/2)
	for range parallel {
		s := stalled{ctx, make(chan struct{})}
		all.Go(func() { _, _ = r.Picture(ctx, render.KindImage, 0, s, 10, render.Mark{}) })
		<-s.reading
	}
	limited := make(chan error, 1)
	for range 8*parallel + 1 {
		all.Go(func() {
			if _, err := r.Picture(ctx, render.KindImage, 0, strings.NewReader(""), 10, render.Mark{}); ctx.Err() == nil {
				limited <- err
			}
		})
	}
	wantCode(t, <-limited, alveary.KindLimited, "too-many-previews")
	if text, err := r.Text(t.Context(), strings.NewReader("text"), 4); err != nil || text.Text != "text" {
		t.Error("text as text needs no place", err)
	}
}
