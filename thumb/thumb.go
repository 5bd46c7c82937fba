// Package thumb makes small pictures of large ones.
//
// It exists so that decoding what strangers uploaded happens in one place, in
// memory-safe Go and within bounds: the size of a picture is read from its
// head and a picture that would not fit into memory is refused before it is
// decoded. It knows nothing of files, rights or requests.
package thumb

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the formats that Make knows
	"image/jpeg"
	"image/png"
	"io"

	_ "golang.org/x/image/bmp" // as above
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // as above
)

// MaxPixels bounds the picture that is decoded. 40 megapixels take about
// 160 MB, and as much again while they are made smaller; pictures that take
// twice the room for each may have half as many.
const MaxPixels = 40_000_000

// maxSide bounds width and height: making a picture smaller takes memory for
// each of its rows. More than this JPEG and GIF cannot have either.
const maxSide = 65_535

// maxBytes bounds how much of the source is read, maxHead how much until the
// size must be known: colour profiles and camera notes come before it.
const (
	maxBytes = 64 << 20
	maxHead  = 8 << 20
)

// ErrTooLarge says that the picture has more than MaxPixels, or is too long.
var ErrTooLarge = errors.New("the picture is too large to make a thumbnail of")

// Supported says whether Make knows the media type.
func Supported(mime string) bool {
	switch mime {
	case "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp":
		return true
	}
	return false
}

// Make reads a picture and gives it back no wider and no higher than size
// pixels, as JPEG, or as PNG where it has transparent parts. A picture that is
// small already keeps its size.
func Make(src io.Reader, size int) (picture []byte, mime string, err error) {
	small, err := Shrink(src, size)
	if err != nil {
		return nil, "", err
	}
	return Encode(small)
}

// Shrink is Make without the encoding: pixels, which may still be drawn upon.
// Nothing else of the source is left, whatever its maker wrote into it.
func Shrink(src io.Reader, size int) (*image.RGBA, error) {
	src = io.LimitReader(src, maxBytes)
	var head bytes.Buffer
	config, format, err := image.DecodeConfig(io.TeeReader(io.LimitReader(src, maxHead), &head))
	if err != nil {
		return nil, fmt.Errorf("read the head of the picture: %w", err)
	}
	most, up := MaxPixels, upright
	if wide(config.ColorModel) {
		most /= 2
	}
	if format == "jpeg" {
		if progressive(head.Bytes()) {
			most /= 2
		}
		up = orientation(head.Bytes())
	}
	if config.Width <= 0 || config.Height <= 0 || max(config.Width, config.Height) > maxSide || config.Width > most/config.Height {
		return nil, ErrTooLarge
	}
	full, _, err := image.Decode(io.MultiReader(&head, src))
	if err != nil {
		return nil, fmt.Errorf("decode the picture: %w", err)
	}
	return turn(scale(full, size), up), nil
}

// wide says whether a pixel of the model takes more than four bytes.
func wide(m color.Model) bool {
	return m == color.NRGBA64Model || m == color.RGBA64Model
}

// maxCells bounds the memory that making a picture smaller takes beside it: 32
// bytes for each row of the old and each column of the new.
const maxCells = 8_000_000

func scale(full image.Image, size int) *image.RGBA {
	bounds := full.Bounds()
	w, _ := fit(bounds, size)
	switch {
	case max(bounds.Dx(), bounds.Dy()) <= size:
		same := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
		draw.Draw(same, same.Bounds(), full, bounds.Min, draw.Src)
		return same
	case w*bounds.Dy() > maxCells:
		full = resize(draw.ApproxBiLinear, full, 2*size)
	}
	return resize(draw.BiLinear, full, size)
}

func resize(by draw.Scaler, full image.Image, size int) *image.RGBA {
	w, h := fit(full.Bounds(), size)
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	by.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	return small
}

// fit is how wide and high a picture is whose longer side is no longer than size.
func fit(b image.Rectangle, size int) (w, h int) {
	w, h = b.Dx(), b.Dy()
	if longest := max(w, h); longest > size {
		w, h = max(1, w*size/longest), max(1, h*size/longest)
	}
	return w, h
}

// Encode writes a picture as JPEG, or as PNG where it has transparent parts.
func Encode(small *image.RGBA) (picture []byte, mime string, err error) {
	var out bytes.Buffer
	if small.Opaque() {
		err = jpeg.Encode(&out, small, &jpeg.Options{Quality: 82})
		return out.Bytes(), "image/jpeg", err
	}
	err = png.Encode(&out, small)
	return out.Bytes(), "image/png", err
}
