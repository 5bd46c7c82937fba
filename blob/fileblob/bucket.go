package fileblob

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"alveary"
	"alveary/blob"
)

// tmp is the folder of partial objects. It lies on the same file system as the
// rest because a rename cannot leave one.
const tmp = "tmp"

// flush names one of the flushes that a promise rests on, so that a test can
// leave each of them out in turn.
type flush string

const (
	flushBytes   flush = "the bytes of a file"
	flushName    flush = "the folder that holds a committed name"
	flushPartial flush = "the folder that holds a partial name"
	flushFolder  flush = "the folder that holds a new folder"
)

// Bucket is a folder of objects. It satisfies blob.Driver.
type Bucket struct {
	root *os.Root
	sync func(flush, *os.File) error

	mu    sync.Mutex
	ready map[string]bool // folders whose names this process has flushed
}

var _ blob.Driver = (*Bucket)(nil)

// Open opens the folder dir, making it where it is missing; the folder above
// it must exist. Close gives it back.
func Open(dir string) (*Bucket, error) {
	return open(dir, func(_ flush, f *os.File) error { return f.Sync() })
}

func open(dir string, sync func(flush, *os.File) error) (*Bucket, error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the folder of contents: %w", err)
	}
	above, err := os.Open(filepath.Dir(dir))
	if err != nil {
		return nil, fmt.Errorf("open the folder above the contents: %w", err)
	}
	defer above.Close()
	if err := sync(flushFolder, above); err != nil {
		return nil, fmt.Errorf("flush the folder above the contents: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of contents: %w", err)
	}
	b := &Bucket{root: root, sync: sync, ready: make(map[string]bool)}
	if err := b.folder(tmp); err != nil {
		return nil, errors.Join(fmt.Errorf("make the folder of partial contents: %w", err), root.Close())
	}
	return b, nil
}

// Close gives the folder back. Parts and objects that are open stay usable for
// reading only.
func (b *Bucket) Close() error { return b.root.Close() }

// place is where an object lies.
func place(id alveary.BlobID, partial bool) string {
	if partial {
		return tmp + "/" + string(id)
	}
	return shelf(id) + "/" + string(id)
}

// shelf is the folder of a committed object.
func shelf(id alveary.BlobID) string { return string(id[0:1]) + "/" + string(id[1:2]) }

// folder makes a folder of the root, and flushes its name once in the life of
// the process even where it exists: an earlier process may have been killed
// between the two.
func (b *Bucket) folder(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ready[name] {
		return nil
	}
	if err := b.root.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := b.flushDir(flushFolder, filepath.Dir(name)); err != nil {
		return err
	}
	b.ready[name] = true
	return nil
}

func (b *Bucket) flushDir(what flush, name string) error {
	dir, err := b.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // as in regular
	if err != nil {
		return err
	}
	err = b.sync(what, dir)
	return errors.Join(err, dir.Close())
}

// Create starts a partial object. The committed one is looked for after the
// partial name is taken: a writer that was there first has its final name by
// then, or still holds the partial one.
func (b *Bucket) Create(id alveary.BlobID) (blob.Part, error) {
	if err := blob.CheckID(id); err != nil {
		return nil, err
	}
	file, err := b.root.OpenFile(place(id, true), os.O_RDWR|os.O_CREATE|os.O_EXCL|os.O_APPEND|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, explain(err)
	}
	p := &part{bucket: b, id: id, file: file}
	if err := lock(file); err != nil {
		return nil, errors.Join(explain(err), file.Close()) // its new owner has taken it on
	}
	if _, err := b.root.Lstat(place(id, false)); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = blob.ErrExists
		}
		return nil, errors.Join(explain(err), p.Discard())
	}
	return p, nil
}

// Append opens a partial object and locks it. The name is looked at again once
// the lock is held: the writer before may just have renamed or removed it.
func (b *Bucket) Append(id alveary.BlobID) (blob.Part, error) {
	if err := blob.CheckID(id); err != nil {
		return nil, err
	}
	if _, err := b.root.Lstat(place(id, false)); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = blob.ErrExists
		}
		return nil, explain(err)
	}
	file, info, err := b.regular(place(id, true), os.O_RDWR|os.O_APPEND)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		return nil, errors.Join(explain(err), file.Close())
	}
	named, err := b.root.Lstat(place(id, true))
	if err == nil && !os.SameFile(info, named) {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, errors.Join(explain(err), file.Close())
	}
	return &part{bucket: b, id: id, file: file, size: named.Size()}, nil
}

// object is an open file, whose methods also make it a syscall.Conn.
type object struct {
	*os.File
	size int64
}

// Size is the size at the time of opening; committed objects do not change.
func (o object) Size() int64 { return o.size }

// Open opens a committed object.
func (b *Bucket) Open(id alveary.BlobID) (blob.Object, error) {
	if err := blob.CheckID(id); err != nil {
		return nil, err
	}
	file, info, err := b.regular(place(id, false), os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	return object{file, info.Size()}, nil
}

// regular opens a file and refuses pipes, devices and folders that somebody
// put in its place; O_NONBLOCK keeps a pipe from blocking the server first,
// and spares a regular file four system calls of package os.
func (b *Bucket) regular(name string, flag int) (*os.File, fs.FileInfo, error) {
	file, err := b.root.OpenFile(name, flag|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, explain(err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", name)
	}
	if err != nil {
		return nil, nil, errors.Join(explain(err), file.Close())
	}
	return file, info, nil
}

// Stat describes one object.
func (b *Bucket) Stat(id alveary.BlobID, partial bool) (blob.Entry, error) {
	if err := blob.CheckID(id); err != nil {
		return blob.Entry{}, err
	}
	info, err := b.root.Lstat(place(id, partial))
	if err != nil {
		return blob.Entry{}, explain(err)
	}
	return blob.Entry{ID: id, Partial: partial, Size: info.Size(), Modified: info.ModTime()}, nil
}

// Remove deletes one object.
func (b *Bucket) Remove(id alveary.BlobID, partial bool) error {
	if err := blob.CheckID(id); err != nil {
		return err
	}
	if err := b.root.Remove(place(id, partial)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain(err)
	}
	return nil
}

// List yields what lies in tmp and on the shelves, one folder at a time. Files
// that are no objects are left out: they are not ours to judge.
func (b *Bucket) List() iter.Seq2[blob.Entry, error] {
	return func(yield func(blob.Entry, error) bool) {
		if !b.list(tmp, yield) {
			return
		}
		for shelf, err := range b.shelves() {
			if err != nil {
				if !yield(blob.Entry{}, err) {
					return
				}
				continue
			}
			if !b.list(shelf, yield) {
				return
			}
		}
	}
}

// list yields the objects of one folder and says whether to go on.
func (b *Bucket) list(folder string, yield func(blob.Entry, error) bool) bool {
	names, err := b.names(folder)
	if err != nil {
		return yield(blob.Entry{}, err)
	}
	for _, name := range names {
		id, partial := alveary.BlobID(name), folder == tmp
		if blob.CheckID(id) != nil || !partial && shelf(id) != folder {
			continue
		}
		entry, err := b.Stat(id, partial)
		if errors.Is(err, blob.ErrNotFound) {
			continue // gone meanwhile
		}
		if !yield(entry, err) {
			return false
		}
	}
	return true
}

// shelves yields the folders of committed objects that were made so far.
func (b *Bucket) shelves() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		uppers, err := b.names(".")
		if err != nil {
			yield("", err)
			return
		}
		for _, upper := range uppers {
			if len(upper) != 1 {
				continue
			}
			lowers, err := b.names(upper)
			if err != nil && !yield("", err) {
				return
			}
			for _, lower := range lowers {
				if len(lower) == 1 && !yield(upper+"/"+lower, nil) {
					return
				}
			}
		}
	}
}

func (b *Bucket) names(folder string) ([]string, error) {
	dir, err := b.root.Open(folder)
	if err != nil {
		return nil, err
	}
	names, err := dir.Readdirnames(-1)
	return names, errors.Join(err, dir.Close())
}

// explain puts the words of package blob in front of those of the system.
func explain(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: %w", blob.ErrNotFound, err)
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w: %w", blob.ErrExists, err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", blob.ErrNoSpace, err)
	}
	return err
}
