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
	fine     = 12          // bits of a place between two pixels
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
	width, height := t.Bounds().Dx()<<fine, t.Bounds().Dy()<<fine
	sin, cos := int(math.Sin(tilt)*(1<<fine)), int(math.Cos(tilt)*(1<<fine))
	for y := range bounds.Dy() {
		line := img.Pix[img.PixOffset(bounds.Min.X, bounds.Min.Y+y):][:4*bounds.Dx()]
		for x := range bounds.Dx() {
			u, v := x*cos-y*sin, x*sin+y*cos
			if row := v / height; row%2 == 1 { // no columns of gaps
				u += width / 2
			}
			if u %= width; u < 0 {
				u += width
			}
			over(line[4*x:][:4], t, u, v%height)
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
// Its last row and column are empty.
func over(pixel []uint8, t *image.RGBA, u, v int) {
	x, y := u>>fine, v>>fine
	if x+1 >= t.Bounds().Dx() || y+1 >= t.Bounds().Dy() {
		return
	}
	up := t.Pix[y*t.Stride+4*x:][:8]
	down := t.Pix[(y+1)*t.Stride+4*x:][:8]
	if up[3]|up[7]|down[3]|down[7] == 0 {
		return
	}
	const one = 1 << fine
	dx, dy := u%one, v%one
	at := func(i int) int {
		top := int(up[i])*(one-dx) + int(up[i+4])*dx
		low := int(down[i])*(one-dx) + int(down[i+4])*dx
		return (top>>fine*(one-dy) + low>>fine*dy) >> fine
	}
	through := 255 - at(3)
	for i := range pixel {
		pixel[i] = uint8(min(255, at(i)+(through*int(pixel[i])+127)/255))
	}
}
