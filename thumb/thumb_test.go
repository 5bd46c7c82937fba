package thumb_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/image/bmp"

	"alveary/thumb"
)

// painted is a picture whose left half is red and whose right half is blue, the
// blue half see-through where alpha says so.
func painted(w, h int, alpha uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, image.Rect(0, 0, w/2, h), image.NewUniform(color.NRGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(w/2, 0, w, h), image.NewUniform(color.NRGBA{0, 0, 255, alpha}), image.Point{}, draw.Src)
	return img
}

func encoded(t *testing.T, format string, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	err := map[string]func() error{
		"png":  func() error { return png.Encode(&out, img) },
		"jpeg": func() error { return jpeg.Encode(&out, img, nil) },
		"gif":  func() error { return gif.Encode(&out, img, nil) },
		"bmp":  func() error { return bmp.Encode(&out, img) },
	}[format]()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// aWebP is one grey pixel, since nothing here can write the format.
var aWebP = []byte("RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x000\x01\x00\x9d\x01\x2a\x01\x00\x01\x00\x02\x00\x34\x25\xa4\x00\x03\x70\x00\xfe\xfb\xfd\x50\x00")

func madeOf(t *testing.T, src []byte, size int) (image.Image, string) {
	t.Helper()
	out, kind, err := thumb.Make(bytes.NewReader(src), size)
	if err != nil {
		t.Fatal(err)
	}
	img, format, err := image.Decode(bytes.NewReader(out))
	if err != nil || "image/"+format != kind {
		t.Fatalf("said to be %s, is %s: %v", kind, format, err)
	}
	return img, kind
}

func near(a, b color.Color) bool {
	ar, ag, ab, aa := a.RGBA()
	br, bg, bb, ba := b.RGBA()
	far := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x1800 }
	return !far(ar, br) && !far(ag, bg) && !far(ab, bb) && !far(aa, ba)
}

// Each format, each size: the picture keeps its shape and its colours, grows
// never, and is as large as asked on its longer side.
func TestFormatsAndSizes(t *testing.T) {
	for _, format := range []string{"png", "jpeg", "gif", "bmp"} {
		if !thumb.Supported("image/" + format) {
			t.Errorf("%s is not supported", format)
		}
		for _, c := range []struct{ w, h, size, wantW, wantH int }{
			{400, 200, 64, 64, 32},
			{200, 400, 64, 32, 64},
			{400, 200, 256, 256, 128},
			{40, 20, 64, 40, 20},
			{64, 64, 64, 64, 64},
			{1000, 2, 64, 64, 1},
			{2, 1000, 64, 1, 64},
		} {
			img, kind := madeOf(t, encoded(t, format, painted(c.w, c.h, 255)), c.size)
			if got := img.Bounds(); got.Dx() != c.wantW || got.Dy() != c.wantH {
				t.Errorf("%s of %dx%d at %d is %v", format, c.w, c.h, c.size, got)
			}
			if kind != "image/jpeg" {
				t.Errorf("%s without transparent parts became %s", format, kind)
			}
			if c.wantW > 8 && c.wantH > 8 {
				left, right := img.At(2, c.wantH/2), img.At(c.wantW-3, c.wantH/2)
				if !near(left, color.RGBA{255, 0, 0, 255}) || !near(right, color.RGBA{0, 0, 255, 255}) {
					t.Errorf("%s: left is %v, right is %v", format, left, right)
				}
			}
		}
	}
	if img, _ := madeOf(t, aWebP, 64); img.Bounds().Dx() != 1 {
		t.Errorf("webp: %v", img.Bounds())
	}
}

// What is see-through stays so.
func TestTransparency(t *testing.T) {
	img, kind := madeOf(t, encoded(t, "png", painted(200, 100, 0)), 64)
	if _, _, _, a := img.At(60, 16).RGBA(); kind != "image/png" || a != 0 {
		t.Errorf("%s with alpha %d", kind, a)
	}
	if !near(img.At(3, 16), color.RGBA{255, 0, 0, 255}) {
		t.Errorf("the other half is %v", img.At(3, 16))
	}
}

// pngOf is a PNG of any size of one colour, in few bytes.
func pngOf(w, h uint32, depth, kind byte, bytesPerPixel int, whole bool) []byte {
	var out bytes.Buffer
	chunk := func(name string, data []byte) {
		_ = binary.Write(&out, binary.BigEndian, uint32(len(data)))
		body := append([]byte(name), data...)
		out.Write(body)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	out.WriteString("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk("IHDR", append(head, depth, kind, 0, 0, 0))
	if whole {
		var packed bytes.Buffer
		z, _ := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
		row := make([]byte, 1+int(w)*bytesPerPixel)
		for range h {
			_, _ = z.Write(row)
		}
		_ = z.Close()
		chunk("IDAT", packed.Bytes())
		chunk("IEND", nil)
	}
	return out.Bytes()
}

// progressiveOf is the head of a JPEG in several passes, with notes before it.
func progressiveOf(w, h uint16) []byte {
	out := []byte("\xff\xd8\xff\xe1\x00\x06note\xff\xff\xff\xc2\x00\x11\x08")
	out = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(out, h), w)
	out = append(out, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
	return append(out, "\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"...)
}

// Threat 25: a small file that says it is a huge picture is refused by its
// head, before memory is taken for it.
func TestThreat25_Bombs(t *testing.T) {
	gifHead := []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02\x44\x01\x00;")
	bmpHead := encoded(t, "bmp", painted(2, 2, 255))
	binary.LittleEndian.PutUint32(bmpHead[18:], 50_000)
	binary.LittleEndian.PutUint32(bmpHead[22:], 50_000)
	for name, src := range map[string][]byte{
		"png 50000x50000":  pngOf(50_000, 50_000, 8, 6, 4, false),
		"png 2^16":         pngOf(1<<16, 1, 8, 6, 4, false),
		"png over by one":  pngOf(thumb.MaxPixels/1000+1, 1000, 8, 0, 1, false),
		"png one wide":     pngOf(1, thumb.MaxPixels, 8, 0, 1, true),
		"png one high":     pngOf(thumb.MaxPixels, 1, 8, 0, 1, true),
		"png two wide":     pngOf(2, thumb.MaxPixels/2, 8, 0, 1, true),
		"png of 16 bits":   pngOf(7000, 5700, 16, 6, 8, false),
		"progressive jpeg": progressiveOf(7000, 5700),
		"gif 65535x65535":  gifHead,
		"bmp 50000x50000":  bmpHead,
		"webp 16384x16384": []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\xff\xff\xff\x0f\x00\x00\x00\x00\x00\x00\x00\x00"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := thumb.Make(bytes.NewReader(src), 1024)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, thumb.ErrTooLarge) {
			t.Errorf("%s (%d bytes): %v", name, len(src), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
			t.Errorf("%s (%d bytes) took %d MB", name, len(src), took>>20)
		}
	}
}

// The largest picture that is taken needs no more than what the package says.
func TestLargestPicture(t *testing.T) {
	src := pngOf(6_400, 6_200, 8, 6, 4, true)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, err := thumb.Make(bytes.NewReader(src), 256); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 400<<20 {
		t.Errorf("a picture of 40 megapixels in %d bytes took %d MB", len(src), took>>20)
	}
}

// What is broken, cut, empty or something else is an error and nothing worse.
func TestBroken(t *testing.T) {
	for _, format := range []string{"png", "jpeg", "gif", "bmp"} {
		whole := encoded(t, format, painted(40, 30, 255))
		for cut := 0; cut < len(whole); cut += 1 + len(whole)/40 {
			_, _, _ = thumb.Make(bytes.NewReader(whole[:cut]), 64) // must return
			bent := bytes.Clone(whole)
			bent[cut] ^= 0xff
			_, _, _ = thumb.Make(bytes.NewReader(bent), 64)
		}
		if _, _, err := thumb.Make(bytes.NewReader(whole[:len(whole)/8]), 64); err == nil {
			t.Errorf("an eighth of a %s is a picture", format)
		}
	}
	for _, src := range []string{"", "x", "<svg xmlns='http://www.w3.org/2000/svg'/>", "GIF89a", "\x89PNG\r\n\x1a\n", strings.Repeat("\xff\xd8", 100)} {
		if _, _, err := thumb.Make(strings.NewReader(src), 64); err == nil {
			t.Errorf("%q is a picture", src)
		}
	}
	for _, mime := range []string{"", "image/svg+xml", "image/tiff", "text/html", "application/pdf", "image/"} {
		if thumb.Supported(mime) {
			t.Errorf("%q is supported", mime)
		}
	}
}

func FuzzMake(f *testing.F) {
	var out bytes.Buffer
	if err := png.Encode(&out, painted(4, 4, 100)); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes(), 64)
	f.Add(aWebP, 1)
	f.Add(pngOf(3, 3, 16, 6, 8, true), 2)
	f.Fuzz(func(t *testing.T, src []byte, size int) {
		size = 1 + (size&0xff+0xff)&0xff
		picture, _, err := thumb.Make(bytes.NewReader(src), size)
		if err != nil {
			return
		}
		config, _, err := image.DecodeConfig(bytes.NewReader(picture))
		if err != nil || config.Width > size || config.Height > size {
			t.Fatalf("%+v, %v", config, err)
		}
	})
}
