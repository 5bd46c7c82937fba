package blob

import (
	"errors"
	"io"
	"iter"
	"time"

	"alveary"
)

// What a driver says of the expected failures, wrapped or bare. Any other
// error is a fault of the machine.
var (
	ErrNotFound = errors.New("no such object")
	ErrExists   = errors.New("the object exists already")
	ErrBusy     = errors.New("another writer holds the object")
	ErrNoSpace  = errors.New("no space left")
)

// Driver keeps objects in one kind of place. Every method refuses an id that
// CheckID refuses, and all are safe for concurrent use. Package blobtest says
// the rest of the contract as tests.
type Driver interface {
	// Create starts an empty partial object. ErrExists where the id has an
	// object of either kind.
	Create(id alveary.BlobID) (Part, error)

	// Append opens a partial object to go on at its end. ErrNotFound where
	// there is none, ErrBusy where it has a writer, ErrExists where the object
	// is committed already.
	Append(id alveary.BlobID) (Part, error)

	// Open opens a committed object for reading, or says ErrNotFound.
	Open(id alveary.BlobID) (Object, error)

	// Stat describes one object, or says ErrNotFound.
	Stat(id alveary.BlobID, partial bool) (Entry, error)

	// Remove deletes one object; that there is none is no error. It need not
	// be flushed: an object that comes back after a crash is an orphan, and
	// the next sweep finds it.
	Remove(id alveary.BlobID, partial bool) error

	// List yields every object in no particular order. Objects that come or go
	// meanwhile may be missed. A fault is yielded with an empty entry, and the
	// listing goes on where it can.
	List() iter.Seq2[Entry, error]
}

// Part is a partial object with its one writer. Keep, Commit and Discard end
// it, whether they fail or not.
type Part interface {
	io.Writer   // at the end
	io.ReaderAt // of what was written, flushed or not

	// Size is the number of bytes so far.
	Size() int64

	// Truncate cuts the end off.
	Truncate(size int64) error

	// Keep flushes the bytes and the name of the partial object, so that both
	// survive a crash. After a failure nothing is left of the object: a flush
	// that failed once may lie when it is tried again.
	Keep() error

	// Commit flushes the bytes, makes the object readable under its id and
	// flushes that name. After a failure nothing is left of the object.
	Commit() error

	// Discard removes the object.
	Discard() error
}

// Object is a committed object open for reading. One that also is a
// syscall.Conn is sent by the kernel without a copy.
type Object interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64
}

// Entry describes an object.
type Entry struct {
	ID       alveary.BlobID
	Partial  bool
	Size     int64
	Modified time.Time // when bytes were last written, by the clock of the machine
}
