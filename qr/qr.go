// Package qr turns a text into a picture that a camera reads.
//
// It exists so that the secret of an authenticator app and the address of a
// public link are drawn here, and never by a server elsewhere that would learn
// them. What it gives is a function of the text.
//
// There is one file to read.
package qr

import (
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/qr"
)

// Rows is a text as a picture: rows of 1 (dark) and 0, without the quiet zone
// around it. Whoever shows it draws it; nothing is fetched. A text that fits
// no picture is an error.
func Rows(text string) ([]string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw the code: %w", err)
	}
	bounds := code.Bounds()
	rows := make([]string, 0, bounds.Dy())
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		row := make([]byte, 0, bounds.Dx())
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			cell := byte('0')
			if code.At(x, y) == color.Black {
				cell = '1'
			}
			row = append(row, cell)
		}
		rows = append(rows, string(row))
	}
	return rows, nil
}
