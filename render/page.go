package render

import (
	"image"
	"image/color"
	"image/draw"
	"io"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The look of a page of text, in pixels: the shape of A4.
const (
	pageWidth, pageHeight = 1131, MaxSide
	margin                = 60
	letterSize            = 18
	lineHeight            = 24
	linesPerPage          = (pageHeight - 2*margin) / lineHeight
	tabWidth              = 4
)

// fonts are what is drawn with. Both are of the Go project: they have Latin,
// Greek and Cyrillic letters, and a box for what they have not.
type fonts struct{ mono, bold *opentype.Font }

func parseFonts() fonts {
	return fonts{parseFont(gomono.TTF), parseFont(gobold.TTF)}
}

func parseFont(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // it is in the program
	}
	return f
}

// face is a font in a size in pixels, for one goroutine.
func face(f *opentype.Font, size float64) font.Face {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
	if err != nil {
		panic(err) // the options are always these
	}
	return face
}

// drawn is the picture of a page of text.
func (r *Renderer) drawn(page int, src io.Reader, m Mark) (Picture, error) {
	text, err := readText(src)
	if err != nil {
		return Picture{}, err
	}
	mono := face(r.fonts.mono, letterSize)
	advance, _ := mono.GlyphAdvance('m')
	lines := broken(text, int(fixed.I(pageWidth-2*margin)/advance))
	pages := min(max(1, (len(lines)+linesPerPage-1)/linesPerPage), MaxPages)
	if page > pages {
		return Picture{}, noPage(pages)
	}
	img := image.NewRGBA(image.Rect(0, 0, pageWidth, pageHeight))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Gray{0x22}), Face: mono}
	for i, line := range lines[(page-1)*linesPerPage : min(page*linesPerPage, len(lines))] {
		d.Dot = fixed.P(margin, margin+i*lineHeight+letterSize)
		d.DrawString(line)
	}
	r.fonts.mark(img, m)
	return written(img, page, pages)
}

// broken is a text in lines of at most width letters. Where more of the text is
// there, the last one says so.
func broken(text Text, width int) []string {
	var lines []string
	for line := range strings.Lines(text.Text) {
		lines = append(lines, folded(strings.TrimSuffix(line, "\n"), width)...)
	}
	if text.Cut {
		lines = append(lines, "[...]")
	}
	return lines
}

// folded is a line in pieces of at most width letters, tabs as spaces.
func folded(line string, width int) []string {
	var pieces []string
	piece := make([]rune, 0, width)
	for _, c := range line {
		if len(piece) == width {
			pieces, piece = append(pieces, string(piece)), piece[:0]
		}
		if c != '\t' {
			piece = append(piece, c)
			continue
		}
		for more := true; more && len(piece) < width; more = len(piece)%tabWidth != 0 {
			piece = append(piece, ' ')
		}
	}
	return append(pieces, string(piece))
}
