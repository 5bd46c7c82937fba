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
	_ "image/gif" // the formats that Make knows
	"image/jpeg"
	"image/png"
	"io"

	_ "golang.org/x/image/bmp" // as above
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // as above
)

// MaxPixels bounds the picture that is decoded: 40 megapixels take about
// 160 MB while the thumbnail is made.
const MaxPixels = 40_000_000

// maxBytes bounds how much of the source is read.
const maxBytes = 64 << 20

// ErrTooLarge says that the picture has more than MaxPixels.
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
	config, _, err := image.DecodeConfig(io.LimitReader(src, maxBytes))
	if err != nil {
		return nil, "", fmt.Errorf("read the head of the picture: %w", err)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > MaxPixels/config.Height {
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
