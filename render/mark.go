package render

import (
	"image"
	"image/color"
	"math"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// Mark is a watermark: who looks, and when. The zero Mark is none.
type Mark struct{ Who, When string }

// The look of the watermark.
const (
	tilt     = math.Pi / 6 // upwards, in radians
	strength = 0.33        // of 1, which hides what is beneath
	maxWords = 80          // letters of each part
)

// words are what is written.
func (m Mark) words() string {
	var parts []string
	for _, part := range []string{m.Who, m.When} {
		kept := []rune(strings.Join(strings.Fields(clean(part)), " "))
		if len(kept) > maxWords {
			kept = append(kept[:maxWords], '…')
		}
		if len(kept) > 0 {
			parts = append(parts, string(kept))
		}
	}
	return strings.Join(parts, " · ")
}

// mark writes the watermark over the whole picture, again and again, into its
// pixels: white letters with a dark rim, which show on anything.
func (f fonts) mark(img *image.RGBA, m Mark) {
	words := m.words()
	if words == "" {
		return
	}
	bounds := img.Bounds()
	size := min(max(float64(max(bounds.Dx(), bounds.Dy()))/48, 9), 32)
	t := f.tile(words, size)
	sin, cos := math.Sincos(tilt)
	width, height := float64(t.Bounds().Dx()), float64(t.Bounds().Dy())
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			u, v := float64(x)*cos-float64(y)*sin, float64(x)*sin+float64(y)*cos
			row := math.Floor(v / height)
			if math.Mod(row, 2) != 0 { // no columns of gaps
				u += width / 2
			}
			over(img.Pix[img.PixOffset(x, y):][:4], t, u-width*math.Floor(u/width), v-height*row)
		}
	}
}

// tile is the words once, with room around them.
func (f fonts) tile(words string, size float64) *image.RGBA {
	bold := face(f.bold, size)
	width, room := font.MeasureString(bold, words).Ceil(), int(4*size)
	t := image.NewRGBA(image.Rect(0, 0, width+room, int(5*size)))
	write := func(c color.Color, x, y float64) {
		d := font.Drawer{Dst: t, Src: image.NewUniform(c), Face: bold, Dot: fixed.Point26_6{
			X: fixed.Int26_6(64 * (size + x)), Y: fixed.Int26_6(64 * (3*size + y)),
		}}
		d.DrawString(words)
	}
	rim := max(1, size/16)
	for i := range 8 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 4)
		write(color.Black, rim*cos, rim*sin)
	}
	write(color.White, 0, 0)
	for i, part := range t.Pix { // the colours are multiplied by the alpha already
		t.Pix[i] = uint8(float64(part)*strength + 0.5)
	}
	return t
}

// over lays the tile at a point between its pixels over a pixel of the picture.
func over(pixel []uint8, t *image.RGBA, u, v float64) {
	x, y := int(u), int(v)
	dx, dy := u-float64(x), v-float64(y)
	w, h := t.Bounds().Dx(), t.Bounds().Dy()
	x, y = min(x, w-1), min(y, h-1)
	nextX, nextY := (x+1)%w, (y+1)%h
	a, b := t.Pix[t.PixOffset(x, y):][:4], t.Pix[t.PixOffset(nextX, y):][:4]
	c, d := t.Pix[t.PixOffset(x, nextY):][:4], t.Pix[t.PixOffset(nextX, nextY):][:4]
	if a[3]|b[3]|c[3]|d[3] == 0 {
		return
	}
	at := func(i int) float64 {
		return (1-dy)*((1-dx)*float64(a[i])+dx*float64(b[i])) + dy*((1-dx)*float64(c[i])+dx*float64(d[i]))
	}
	through := 1 - at(3)/255
	for i := range pixel {
		pixel[i] = uint8(min(255, at(i)+through*float64(pixel[i])+0.5))
	}
}
