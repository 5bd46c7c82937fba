package thumb

import (
	"context"
	"io"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Picture is a small picture and its media type.
type Picture struct {
	Bytes []byte
	MIME  string
}

// The bounds of a shelf: how many pictures it keeps, how large one may be in
// bytes, and how many are made at once.
const (
	kept     = 512
	keptSize = 64 << 10
	atOnce   = 2
)

// Shelf keeps the pictures that were made last. It is safe for concurrent use.
type Shelf struct {
	kept  *lru.Cache[shelved, Picture]
	slots chan struct{}
}

// shelved names a picture by the content it was made of.
type shelved struct {
	sha256 string
	size   int
}

// NewShelf makes an empty shelf.
func NewShelf() *Shelf {
	pictures, err := lru.New[shelved, Picture](kept)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &Shelf{pictures, make(chan struct{}, atOnce)}
}

// Make is the package's Make for content with a known SHA-256: from the shelf
// where it is there, else in its turn.
func (s *Shelf) Make(ctx context.Context, sha256 string, r io.Reader, size int) (Picture, error) {
	key := shelved{sha256, size}
	if have, ok := s.kept.Get(key); ok {
		return have, nil
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return Picture{}, ctx.Err()
	}
	bytes, mime, err := Make(r, size)
	if err == nil && len(bytes) <= keptSize {
		s.kept.Add(key, Picture{bytes, mime})
	}
	return Picture{bytes, mime}, err
}
