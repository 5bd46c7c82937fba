package thumb

import (
	"bytes"
	"encoding/binary"
	"image"
	"iter"
)

// The segments of a JPEG that say how it is to be read.
const (
	markNotes       = 0xe1 // the camera's notes
	markFrame       = 0xc0 // the first of three kinds of frame
	markProgressive = 0xc2
)

// segments are the segments of a JPEG up to its frame, by their marks.
func segments(head []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for at := 2; at+4 <= len(head) && head[at] == 0xff; {
			mark := head[at+1]
			if mark == 0xff { // a filler
				at++
				continue
			}
			next := at + 2 + int(binary.BigEndian.Uint16(head[at+2:]))
			if !yield(mark, head[min(at+4, len(head)):max(at+4, min(next, len(head)))]) || mark >= markFrame && mark <= markProgressive {
				return
			}
			at = next
		}
	}
}

// progressive says whether the head of a JPEG is of one that comes in several
// passes: all its coefficients are kept until the last.
func progressive(head []byte) bool {
	for mark := range segments(head) {
		if mark == markProgressive {
			return true
		}
	}
	return false
}

// upright is the orientation of a picture that is not to be turned. The others,
// from 2 to 8, are those of TIFF: which side of what is seen its first row is,
// and which its first column.
const upright = 1

// orientation is how a camera says it was held. It must be seen to here, for
// what says so does not come along.
func orientation(head []byte) int {
	for mark, notes := range segments(head) {
		if tiff, ok := bytes.CutPrefix(notes, []byte("Exif\x00\x00")); ok && mark == markNotes {
			return orientationIn(tiff)
		}
	}
	return upright
}

func orientationIn(tiff []byte) int {
	const tag, short = 0x0112, 3
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short {
			if said := int(order.Uint16(entries[8:])); said >= 1 && said <= 8 {
				return said
			}
		}
		entries = entries[12:]
	}
	return upright
}

// turn puts a picture upright.
func turn(img *image.RGBA, orientation int) *image.RGBA {
	if orientation == upright {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 { // the first row is a side
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			toX, toY := x, y
			switch orientation {
			case 2:
				toX = w - 1 - x
			case 3:
				toX, toY = w-1-x, h-1-y
			case 4:
				toY = h - 1 - y
			case 5:
				toX, toY = y, x
			case 6:
				toX, toY = h-1-y, x
			case 7:
				toX, toY = h-1-y, w-1-x
			case 8:
				toX, toY = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(toX, toY):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}
