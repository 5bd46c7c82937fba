package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"alveary/thumb"
)

// maxPNG bounds what is taken from pdftoppm: more than a page has in the worst
// of cases.
const (
	maxPNG  = 16 << 20
	maxInfo = 64 << 10
)

// pagesLine is the line of pdfinfo that says how many pages there are.
var pagesLine = regexp.MustCompile(`(?m)^Pages:\s+(\d{1,9})$`)

// pageOf is the picture of a page of a PDF.
func (r *Renderer) pageOf(ctx context.Context, page int, src io.Reader, m Mark) (p Picture, err error) {
	if page > MaxPages {
		return Picture{}, noPage(MaxPages)
	}
	document, err := r.nameless(src)
	if err != nil {
		return Picture{}, err
	}
	defer document.Close()
	ctx, end := context.WithTimeout(ctx, r.options.Timeout)
	defer end()
	pages := r.pagesOf(ctx, document)
	if pages > 0 && page > pages {
		return Picture{}, noPage(pages)
	}
	n := strconv.Itoa(page)
	// The crop box is what a reader of PDFs shows; what is cut off stays so.
	out, err := r.child.run(ctx, document, maxPNG, r.options.PDF,
		"-q", "-png", "-singlefile", "-cropbox", "-f", n, "-l", n, "-scale-to", strconv.Itoa(MaxSide), "-")
	if err != nil {
		return Picture{}, noPreview(err)
	}
	if !bytes.HasPrefix(out, []byte("\x89PNG")) {
		return Picture{}, noPreview(errors.New("what came back from pdftoppm is no PNG"))
	}
	img, err := thumb.Shrink(bytes.NewReader(out), MaxSide)
	if err != nil {
		return Picture{}, noPreview(err)
	}
	r.fonts.mark(img, m)
	return written(img, page, pages)
}

// pagesOf is how many pages a PDF has that may be shown; 0: not known.
func (r *Renderer) pagesOf(ctx context.Context, document *os.File) int {
	info := filepath.Join(filepath.Dir(r.options.PDF), "pdfinfo")
	if _, err := os.Stat(info); err != nil {
		return 0
	}
	out, err := r.child.run(ctx, document, maxInfo, info, "-")
	if err != nil {
		return 0 // pdftoppm is asked all the same
	}
	// What the document says of itself comes before.
	found := pagesLine.FindAllSubmatch(out, -1)
	if len(found) == 0 {
		return 0
	}
	pages, err := strconv.Atoi(string(found[len(found)-1][1]))
	if err != nil {
		return 0
	}
	return min(pages, MaxPages)
}

// nameless is a file with the content of the source, open for reading, that has
// no name any more: nobody else opens it, and whatever happens nothing is left.
func (r *Renderer) nameless(src io.Reader) (f *os.File, err error) {
	w, err := os.CreateTemp(r.options.Dir, "preview-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for the preview: %w", err)
	}
	defer w.Close()
	f, err = os.Open(w.Name())
	if err = errors.Join(err, os.Remove(w.Name())); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	n, err := io.Copy(w, io.LimitReader(src, MaxSource+1))
	if err == nil && n > MaxSource {
		err = noPreview(nil)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
