// Package render makes what is shown of a file to somebody who may look at it
// and not have it: smaller pictures, text as text, the pages of a PDF as
// pictures.
//
// It exists so that the original is really withheld. Not one byte of it is
// passed on: a picture is decoded and written anew, so that what its maker
// noted in it stays behind, and so is the picture of a page that comes back
// from pdftoppm. What strangers uploaded is decoded in memory-safe Go, by
// package thumb; PDFs, for which there is no such reader, by a program in a
// limited process of its own (hold_linux.go says how limited). It knows no
// file, right or request, and keeps nothing.
//
// A Renderer is safe for concurrent use. What cannot be shown is KindInvalid
// "no-preview"; a page that is not there KindInvalid "no-page"; too many at
// once KindLimited. An error of the source is given back as it is.
//
// Read this file first, then kind.go, then what you came for: text.go, page.go
// (text as a picture), mark.go (the watermark), pdf.go and child.go.
package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"runtime"
	"sync/atomic"
	"time"

	"alveary"
	"alveary/thumb"
)

// The bounds of what is shown and of what it is made of.
const (
	MaxSide   = 1600      // pixels of a picture's longer side
	MaxSource = 64 << 20  // bytes of a picture or PDF; of a text, only the beginning is read
	MaxText   = 256 << 10 // bytes of text
	MaxPages  = 1000      // pages of a document
)

// Options are what a renderer needs of the machine.
type Options struct {
	PDF     string        // where pdftoppm is; "" = no PDFs
	Dir     string        // for a PDF while it is being read, whose name is gone at once; "" = the system's
	Timeout time.Duration // for one page of a PDF, in time and processor time; 0 = 10 seconds
}

// Renderer makes renditions, few at a time.
type Renderer struct {
	options Options
	fonts   fonts
	child   child
	slots   chan struct{}
	waiting atomic.Int64
}

// waitEach is how many may wait for each that is being made.
const waitEach = 8

// New makes a renderer that uses at most half of the processors.
func New(o Options) *Renderer {
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	return &Renderer{
		options: o, fonts: parseFonts(), child: newChild(o.Timeout),
		slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
	}
}

// Picture is a picture as it is sent.
type Picture struct {
	Type        string // image/png or image/jpeg
	Bytes       []byte
	Page, Pages int // the page shown, from 1, and how many there are; Pages 0: not known
}

// Picture makes a picture of a source of size bytes: of a picture a smaller
// one, of a document or a text the page with the number (0 = the first). With
// a mark, that is drawn over all of it.
func (r *Renderer) Picture(ctx context.Context, kind Kind, page int, src io.Reader, size int64, m Mark) (Picture, error) {
	page = max(page, 1)
	from := &source{ctx: ctx, from: src}
	leave, err := r.enter(ctx)
	if err != nil {
		return Picture{}, err
	}
	defer leave()
	var p Picture
	switch {
	case kind == KindImage && page > 1:
		err = noPage(1)
	case kind == KindImage && size <= MaxSource:
		p, err = r.smaller(from, m)
	case kind == KindPages && size <= MaxSource && r.holdsPDF():
		p, err = r.pageOf(ctx, page, from, m)
	case kind == KindText:
		p, err = r.drawn(page, from, m)
	default:
		err = noPreview(nil)
	}
	switch {
	case err == nil:
		return p, nil
	case ctx.Err() != nil:
		return Picture{}, ctx.Err()
	case from.failed != nil:
		return Picture{}, from.failed
	}
	return Picture{}, err
}

// smaller is the picture of a picture.
func (r *Renderer) smaller(src io.Reader, m Mark) (Picture, error) {
	img, err := thumb.Shrink(src, MaxSide)
	if err != nil {
		return Picture{}, noPreview(err)
	}
	r.fonts.mark(img, m)
	written, kind, err := thumb.Encode(img)
	return Picture{Type: kind, Bytes: written, Page: 1, Pages: 1}, err
}

// written is the picture of a page.
func written(img image.Image, page, pages int) (Picture, error) {
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img)
	return Picture{Type: "image/png", Bytes: out.Bytes(), Page: page, Pages: pages}, err
}

// enter waits until one more can be made.
func (r *Renderer) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-r.slots }
	select {
	case r.slots <- struct{}{}:
		return leave, nil
	default:
	}
	if r.waiting.Add(1) > int64(waitEach*cap(r.slots)) {
		r.waiting.Add(-1)
		return nil, &alveary.Error{
			Kind: alveary.KindLimited, Op: op, Code: "too-many-previews",
			Message: "too many previews are being made right now: try again in a few seconds",
		}
	}
	defer r.waiting.Add(-1)
	select {
	case r.slots <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// op is what the errors of this package say was being done.
const op = "make the preview"

func noPreview(cause error) error {
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: op, Code: "no-preview", Cause: cause,
		Message: "no preview can be made of this file",
	}
}

func noPage(pages int) error {
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: op, Code: "no-page",
		Message: fmt.Sprintf("there is no such page: the last one that is shown is page %d", pages),
	}
}

// source tells an error of what is read from one of what is in it, and ends
// with the request.
type source struct {
	ctx    context.Context
	from   io.Reader
	failed error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed = err
	}
	return n, err
}
