// Package thumb makes small pictures of large ones.
//
// It exists so that decoding what strangers uploaded happens in one place, in
// memory-safe Go and within bounds: the size of a picture is read from its
// head and a picture that would not fit into memory is refused before it is
// decoded. It knows nothing of files, rights or requests.
package thumb

import (
	"bytes"
	"encoding/binary"
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
func Make(src io.ReadSeeker, size int) (picture []byte, mime string, err error) {
	var head bytes.Buffer
	config, format, err := image.DecodeConfig(io.TeeReader(io.LimitReader(src, maxHead), &head))
	if err != nil {
		return nil, "", fmt.Errorf("read the head of the picture: %w", err)
	}
	most := MaxPixels
	if wide(config.ColorModel) || format == "jpeg" && progressive(head.Bytes()) {
		most /= 2
	}
	if config.Width <= 0 || config.Height <= 0 || max(config.Width, config.Height) > maxSide || config.Width > most/config.Height {
		return nil, "", ErrTooLarge
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	full, _, err := image.Decode(io.LimitReader(src, maxBytes))
	if err != nil {
		return nil, "", fmt.Errorf("decode the picture: %w", err)
	}
	return encode(scale(full, size))
}

// wide says whether a pixel of the model takes more than four bytes.
func wide(m color.Model) bool {
	return m == color.NRGBA64Model || m == color.RGBA64Model
}

// progressive says whether the head of a JPEG is of one that comes in several
// passes: all its coefficients are kept until the last.
func progressive(head []byte) bool {
	for at := 2; at+4 <= len(head); {
		switch marker := head[at+1]; {
		case head[at] != 0xff:
			return false
		case marker == 0xff: // a filler
			at++
		case marker >= 0xc0 && marker <= 0xc2: // the frame
			return marker == 0xc2
		default:
			at += 2 + int(binary.BigEndian.Uint16(head[at+2:]))
		}
	}
	return false
}

func scale(full image.Image, size int) *image.RGBA {
	w, h := full.Bounds().Dx(), full.Bounds().Dy()
	if longest := max(w, h); longest > size {
		w, h = max(1, w*size/longest), max(1, h*size/longest)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(small, small.Bounds(), full, full.Bounds(), draw.Src, nil)
	return small
}

func encode(small *image.RGBA) ([]byte, string, error) {
	var out bytes.Buffer
	if small.Opaque() {
		err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 82})
		return out.Bytes(), "image/jpeg", err
	}
	err := png.Encode(&out, small)
	return out.Bytes(), "image/png", err
}
