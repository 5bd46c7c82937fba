// Package memblob keeps objects in memory: the driver of package blob for
// tests and for servers whose contents may go when they stop.
//
// It exists so that whatever sits above package blob is tested against a store
// that behaves, not against a stand-in. It promises all that package blobtest
// asks of a driver except that anything survives the process; its limit makes
// a full disk without one.
package memblob

import (
	"bytes"
	"io"
	"iter"
	"math"
	"sync"
	"time"

	"alveary"
	"alveary/blob"
)

// Bucket is a set of objects in memory. It satisfies blob.Driver.
type Bucket struct {
	now   func() time.Time
	limit int64

	mu      sync.Mutex
	objects map[key]*object
	used    int64
}

type key struct {
	id      alveary.BlobID
	partial bool
}

type object struct {
	data     []byte
	modified time.Time
	held     bool // by a part
}

var _ blob.Driver = (*Bucket)(nil)

// New makes an empty bucket that holds at most limit bytes; 0 is no limit.
func New(now func() time.Time, limit int64) *Bucket {
	if limit == 0 {
		limit = math.MaxInt64
	}
	return &Bucket{now: now, limit: limit, objects: make(map[key]*object)}
}

// Create starts a partial object.
func (b *Bucket) Create(id alveary.BlobID) (blob.Part, error) {
	if err := blob.CheckID(id); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.objects[key{id, true}] != nil || b.objects[key{id, false}] != nil {
		return nil, blob.ErrExists
	}
	o := &object{modified: b.now(), held: true}
	b.objects[key{id, true}] = o
	return &part{b, id, o}, nil
}

// Append takes a partial object up again.
func (b *Bucket) Append(id alveary.BlobID) (blob.Part, error) {
	if err := blob.CheckID(id); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.objects[key{id, false}] != nil {
		return nil, blob.ErrExists
	}
	o := b.objects[key{id, true}]
	switch {
	case o == nil:
		return nil, blob.ErrNotFound
	case o.held:
		return nil, blob.ErrBusy
	}
	o.held = true
	return &part{b, id, o}, nil
}

// Open opens a committed object.
func (b *Bucket) Open(id alveary.BlobID) (blob.Object, error) {
	if err := blob.CheckID(id); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.objects[key{id, false}]
	if o == nil {
		return nil, blob.ErrNotFound
	}
	return reader{bytes.NewReader(o.data)}, nil
}

// reader reads bytes that nobody changes any more.
type reader struct{ *bytes.Reader }

// Close does nothing.
func (reader) Close() error { return nil }

// Stat describes one object.
func (b *Bucket) Stat(id alveary.BlobID, partial bool) (blob.Entry, error) {
	if err := blob.CheckID(id); err != nil {
		return blob.Entry{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stat(key{id, partial})
}

func (b *Bucket) stat(k key) (blob.Entry, error) {
	o := b.objects[k]
	if o == nil {
		return blob.Entry{}, blob.ErrNotFound
	}
	return blob.Entry{ID: k.id, Partial: k.partial, Size: int64(len(o.data)), Modified: o.modified}, nil
}

// Remove deletes one object.
func (b *Bucket) Remove(id alveary.BlobID, partial bool) error {
	if err := blob.CheckID(id); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if o := b.objects[key{id, partial}]; o != nil {
		b.used -= int64(len(o.data))
		delete(b.objects, key{id, partial})
	}
	return nil
}

// List yields what was there when it began, as far as it still is.
func (b *Bucket) List() iter.Seq2[blob.Entry, error] {
	return func(yield func(blob.Entry, error) bool) {
		b.mu.Lock()
		keys := make([]key, 0, len(b.objects))
		for k := range b.objects {
			keys = append(keys, k)
		}
		b.mu.Unlock()
		for _, k := range keys {
			if entry, err := b.Stat(k.id, k.partial); err == nil && !yield(entry, nil) {
				return
			}
		}
	}
}

// part is the writer of a partial object.
type part struct {
	bucket *Bucket
	id     alveary.BlobID
	object *object
}

// there says whether the object was not removed beneath the part.
func (p *part) there() bool { return p.bucket.objects[key{p.id, true}] == p.object }

// Write adds as much as the limit leaves room for.
func (p *part) Write(data []byte) (n int, err error) {
	p.bucket.mu.Lock()
	defer p.bucket.mu.Unlock()
	n = len(data)
	if room := p.bucket.limit - p.bucket.used; int64(n) > room {
		n, err = int(max(room, 0)), blob.ErrNoSpace
	}
	p.object.data = append(p.object.data, data[:n]...)
	p.object.modified = p.bucket.now()
	if p.there() {
		p.bucket.used += int64(n)
	}
	return n, err
}

// ReadAt reads back.
func (p *part) ReadAt(data []byte, off int64) (int, error) {
	p.bucket.mu.Lock()
	defer p.bucket.mu.Unlock()
	return bytes.NewReader(p.object.data).ReadAt(data, off)
}

// Size is the number of bytes so far.
func (p *part) Size() int64 {
	p.bucket.mu.Lock()
	defer p.bucket.mu.Unlock()
	return int64(len(p.object.data))
}

// Truncate cuts the end off.
func (p *part) Truncate(size int64) error {
	p.bucket.mu.Lock()
	defer p.bucket.mu.Unlock()
	if size < 0 || size > int64(len(p.object.data)) {
		return io.ErrUnexpectedEOF
	}
	if p.there() {
		p.bucket.used -= int64(len(p.object.data)) - size
	}
	p.object.data = p.object.data[:size]
	p.object.modified = p.bucket.now()
	return nil
}

// Keep lets go of the object.
func (p *part) Keep() error {
	p.bucket.mu.Lock()
	defer p.bucket.mu.Unlock()
	p.object.held = false
	if !p.there() {
		return blob.ErrNotFound
	}
	return nil
}

// Commit moves the object under its final key.
func (p *part) Commit() error {
	p.bucket.mu.Lock()
	defer p.bucket.mu.Unlock()
	if !p.there() {
		return blob.ErrNotFound
	}
	delete(p.bucket.objects, key{p.id, true})
	p.bucket.objects[key{p.id, false}] = p.object
	return nil
}

// Discard removes the object.
func (p *part) Discard() error {
	p.bucket.mu.Lock()
	mine := p.there()
	p.bucket.mu.Unlock()
	if !mine {
		return nil // removed, and perhaps another begun under the same id
	}
	return p.bucket.Remove(p.id, true)
}
