package files

import (
	"context"

	"alveary"
	"alveary/thumb"
)

// Thumbnail makes a small picture of a file, at most size pixels wide and
// high; KindNotFound where the file is none that a picture can be made of. It
// needs what reading the bytes needs. The file comes with the picture to be
// closed when that was sent: until then it is watched.
func (c *Content) Thumbnail(ctx context.Context, s alveary.Subject, id alveary.NodeID, size int) (thumb.Picture, *File, error) {
	f, err := c.Open(ctx, s, id, 0, ForPreview)
	if err != nil {
		return thumb.Picture{}, nil, err
	}
	return c.small(ctx, f, size)
}

// small makes the picture of a file, and closes that where there is none.
func (c *Content) small(ctx context.Context, f *File, size int) (thumb.Picture, *File, error) {
	picture, err := c.thumbs.Make(ctx, f.SHA256, f, size)
	switch refused := f.Refused(); {
	case refused != nil:
		err = refused
	case err != nil && ctx.Err() == nil:
		err = &alveary.Error{
			Kind: alveary.KindNotFound, Op: "make the thumbnail", Subject: f.Item.Name, Code: "no-thumbnail", Cause: err,
			Message: "no picture can be made of this file",
		}
	}
	if err != nil {
		_ = f.Close()
		return thumb.Picture{}, nil, err
	}
	return picture, f, nil
}
