package fileblob

import (
	"errors"
	"os"

	"alveary"
	"alveary/blob"
)

// part is a file in tmp that is open and locked.
type part struct {
	bucket *Bucket
	id     alveary.BlobID
	file   *os.File
	size   int64
}

// Write adds at the end.
func (p *part) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.size += int64(n)
	return n, explain(err)
}

// ReadAt reads back.
func (p *part) ReadAt(b []byte, off int64) (int, error) { return p.file.ReadAt(b, off) }

// Size is the number of bytes so far.
func (p *part) Size() int64 { return p.size }

// Truncate cuts the end off. The file is open for appending, so that the next
// Write finds the new end.
func (p *part) Truncate(size int64) error {
	if err := p.file.Truncate(size); err != nil {
		return explain(err)
	}
	p.size = size
	return nil
}

// Keep flushes bytes and name. The name is flushed each time: whether an
// earlier process came that far is not known.
func (p *part) Keep() error {
	err := p.bucket.sync(flushBytes, p.file)
	if err == nil {
		err = p.bucket.flushDir(flushPartial, tmp)
	}
	if err != nil {
		return explain(errors.Join(err, p.Discard()))
	}
	return p.file.Close()
}

// Commit gives the file its final name. The lock is held across the rename, so
// that nobody takes the file up in between. Folder tmp is not flushed: the name
// that a crash may leave there is a second one of the same file, Append refuses
// it and the sweep takes it away.
func (p *part) Commit() error {
	err := p.bucket.sync(flushBytes, p.file)
	if err == nil {
		err = p.bucket.commit(p.id)
	}
	if err != nil {
		return errors.Join(explain(err), p.Discard(), p.bucket.Remove(p.id, false))
	}
	return p.file.Close()
}

func (b *Bucket) commit(id alveary.BlobID) error {
	for _, folder := range []string{string(id[0:1]), shelf(id)} {
		if err := b.folder(folder); err != nil {
			return err
		}
	}
	if err := b.root.Rename(place(id, true), place(id, false)); err != nil {
		return err
	}
	return b.flushDir(flushName, shelf(id))
}

// Discard removes the file.
func (p *part) Discard() error {
	return errors.Join(p.bucket.Remove(p.id, true), p.file.Close())
}

var _ blob.Part = (*part)(nil)
