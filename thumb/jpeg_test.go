package thumb_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"runtime"
	"testing"

	"alveary/thumb"
)

// held is a JPEG with the notes of a camera that was held so: red is its upper
// left and green its upper right, as stored.
func held(t *testing.T, order binary.AppendByteOrder, orientation uint16) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 80, 40))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(0, 0, 20, 20), image.NewUniform(color.NRGBA{255, 0, 0, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(60, 0, 80, 20), image.NewUniform(color.NRGBA{0, 255, 0, 255}), image.Point{}, draw.Src)
	notes := []byte("Exif\x00\x00II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		notes = []byte("Exif\x00\x00MM\x00*")
	}
	notes = order.AppendUint32(notes, 8)
	notes = order.AppendUint16(notes, 2)
	notes = append(notes, order.AppendUint16(nil, 0x0100)...) // another entry first
	notes = append(notes, make([]byte, 10)...)
	notes = order.AppendUint16(notes, 0x0112)
	notes = order.AppendUint16(notes, 3)
	notes = order.AppendUint32(notes, 1)
	notes = order.AppendUint16(notes, orientation)
	notes = append(notes, 0, 0)
	notes = append(notes, "A secret place"...)
	plain := encoded(t, "jpeg", img)
	out := append([]byte(nil), plain[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(2+len(notes)))
	return append(append(out, notes...), plain[2:]...)
}

// A picture is shown as the camera was held, and the notes that say so and
// whatever else they say stay behind.
func TestOrientation(t *testing.T) {
	const topLeft, topRight, bottomLeft, bottomRight = 0, 1, 2, 3
	for orientation, corners := range map[uint16][2]int{ // where red and green are seen
		0: {topLeft, topRight}, // not said
		1: {topLeft, topRight},
		2: {topRight, topLeft},
		3: {bottomRight, bottomLeft},
		4: {bottomLeft, bottomRight},
		5: {topLeft, bottomLeft},
		6: {topRight, bottomRight},
		7: {bottomRight, topRight},
		8: {bottomLeft, topLeft},
		9: {topLeft, topRight}, // not known
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			t.Run(fmt.Sprint(orientation, " ", order), func(t *testing.T) {
				src := held(t, order, orientation)
				out, _, err := thumb.Make(bytes.NewReader(src), 64)
				if err != nil {
					t.Fatal(err)
				}
				if bytes.Contains(out, []byte("Exif")) || bytes.Contains(out, []byte("secret")) {
					t.Error("the notes came along")
				}
				img, _ := madeOf(t, src, 64)
				w, h := img.Bounds().Dx(), img.Bounds().Dy()
				if side := orientation >= 5 && orientation <= 8; side != (h > w) {
					t.Errorf("it is %dx%d", w, h)
				}
				at := func(corner int) color.Color {
					return img.At([]int{4, w - 5}[corner%2], []int{4, h - 5}[corner/2])
				}
				if !near(at(corners[0]), color.RGBA{255, 0, 0, 255}) || !near(at(corners[1]), color.RGBA{0, 255, 0, 255}) {
					t.Errorf("the corners are %v %v %v %v", at(topLeft), at(topRight), at(bottomLeft), at(bottomRight))
				}
			})
		}
	}
}

// Notes that are cut or lie about where they go on are no reason to fail.
func TestBrokenNotes(t *testing.T) {
	whole := held(t, binary.BigEndian, 6)
	for cut := range 80 {
		_, _, _ = thumb.Make(bytes.NewReader(whole[:cut]), 64) // must return
		bent := bytes.Clone(whole)
		bent[cut] ^= 0xff
		_, _, _ = thumb.Make(bytes.NewReader(bent), 64)
	}
}

// A picture is made little smaller in no more memory than much smaller.
func TestLargestPictureLittleSmaller(t *testing.T) {
	src := pngOf(6_400, 6_200, 8, 6, 4, true)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	img, err := thumb.Shrink(bytes.NewReader(src), 1600)
	if err != nil || img.Bounds().Dx() != 1600 || img.Bounds().Dy() != 1550 {
		t.Fatal(img.Bounds(), err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 400<<20 {
		t.Errorf("it took %d MB", took>>20)
	}
}
