package files

import (
	"context"
	"io"

	"alveary"
	"alveary/thumb"
)

// thumbKey names a thumbnail by content: the same for every reader, and only
// looked up after the decision on the node.
type thumbKey struct {
	sha256 string
	size   int
}

type thumbnail struct {
	bytes []byte
	mime  string
}

// keptThumbnail is the largest thumbnail that is kept in memory.
const keptThumbnail = 64 << 10

// Thumbnail makes a small picture of a file, at most size pixels wide and
// high; KindNotFound where the file is none that a picture can be made of. It
// needs what reading the bytes needs. The file comes with the picture to be
// closed when that was sent: until then it is watched.
func (c *Content) Thumbnail(ctx context.Context, s alveary.Subject, id alveary.NodeID, size int) (picture []byte, mime string, f *File, err error) {
	f, err = c.Open(ctx, s, id, 0, ForPreview)
	if err != nil {
		return nil, "", nil, err
	}
	opened := f // f is nil where a failure is returned
	defer func() {
		if err != nil {
			_ = opened.Close()
		}
	}()
	key := thumbKey{f.SHA256, size}
	if have, ok := c.thumbs.Get(key); ok {
		return have.bytes, have.mime, f, nil
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, "", nil, ctx.Err()
	}
	picture, mime, err = thumb.Make(f, size)
	if err != nil {
		return nil, "", nil, &alveary.Error{
			Kind: alveary.KindNotFound, Op: "make the thumbnail", Subject: f.Item.Name, Code: "no-thumbnail", Cause: err,
			Message: "no picture can be made of this file",
		}
	}
	if len(picture) <= keptThumbnail {
		c.thumbs.Add(key, thumbnail{picture, mime})
	}
	return picture, mime, f, nil
}

var _ io.ReadSeeker = (*File)(nil)
