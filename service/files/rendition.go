package files

import (
	"context"

	"alveary"
	"alveary/authz"
	"alveary/render"
	"alveary/service/files/desk"
	"alveary/service/files/vigil"
	"alveary/store"
	"alveary/thumb"
)

// Rendition is what is shown of a file to somebody who need not have a right to
// its bytes: a picture, or a text.
type Rendition struct {
	Kind    render.Kind
	Picture render.Picture // empty where Text is given
	Text    render.Text    // of a text without a watermark
	Node    alveary.Node
}

// asRendition is asked where what is made of the bytes is handed out in their
// place.
func asRendition() reading { return reading{rendered, (*authz.Access).GrantRendition} }

// rendered says whether a rendition of a node may be seen. Who may not see the
// node at all is told so first.
func rendered(a *authz.Access, line alveary.Lineage) error {
	if err := desk.Allowed(a, authz.See, line); err != nil {
		return err
	}
	return a.CheckRendition(line)
}

// PreviewOf is what Rendition makes of a file: image, text or pages, or nothing.
func (c *Content) PreviewOf(n alveary.Node) string {
	if c.render == nil || n.IsFolder() {
		return string(render.KindNone)
	}
	return string(c.render.Kind(n.Name, n.MIME, n.Size))
}

// Rendition makes what is shown in place of a file, of a document or a text the
// page with the number (0 = the first), with the watermark where there is one:
// then a text is a picture too. A file of which nothing can be made is
// KindInvalid "no-preview".
func (c *Content) Rendition(ctx context.Context, s alveary.Subject, id alveary.NodeID, page int, mark render.Mark) (Rendition, error) {
	f, err := c.openRendition(ctx, s, id)
	if err != nil {
		return Rendition{}, err
	}
	defer f.Close()
	r := Rendition{Kind: render.Kind(c.PreviewOf(f.Item.Node)), Node: f.Item.Node}
	switch {
	case r.Kind == render.KindNone:
		err = noRendition(r.Node.Name)
	case r.Kind == render.KindText && mark == render.Mark{}:
		r.Text, err = c.render.Text(ctx, f, f.Item.Size)
	default:
		r.Picture, err = c.render.Picture(ctx, r.Kind, page, f, f.Item.Size, mark)
	}
	if refused := f.Refused(); refused != nil { // it was read, and may not be seen any more
		err = refused
	}
	if err != nil {
		return Rendition{}, err
	}
	return r, nil
}

// SmallRendition is Thumbnail for somebody who need not have a right to the
// bytes.
func (c *Content) SmallRendition(ctx context.Context, s alveary.Subject, id alveary.NodeID, size int) (thumb.Picture, *File, error) {
	f, err := c.openRendition(ctx, s, id)
	if err != nil {
		return thumb.Picture{}, nil, err
	}
	return c.small(ctx, f, size)
}

// openRendition opens a file for what is to be made of it. Its bytes are not to
// leave this package.
func (c *Content) openRendition(ctx context.Context, s alveary.Subject, id alveary.NodeID) (*File, error) {
	f, line, err := c.open(ctx, s, asRendition(), id, 0, ForPreview)
	if err != nil {
		return nil, err
	}
	q := vigil.Question{Subject: s, Action: "cut-download", Line: line}
	q.Ask = func(tx *store.Tx, a *authz.Access) (alveary.Lineage, error) {
		now, err := tx.Lineage(id)
		if err != nil {
			return nil, err
		}
		return now, rendered(a, now)
	}
	f.Watched(c.vigil.Watch(q))
	return f, nil
}

func noRendition(name string) error {
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: "make the preview", Subject: name, Code: "no-preview",
		Message: "no preview can be made of this file",
	}
}
