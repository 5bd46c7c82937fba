package blob

import (
	"errors"
	"io"
	"syscall"
)

// Reader reads one committed object. It is what http.ServeContent wants, and
// over a file it lets the kernel send the bytes by itself.
type Reader struct{ object Object }

var _ interface {
	io.ReadSeekCloser
	io.ReaderAt
	syscall.Conn
} = (*Reader)(nil)

// Size is the number of bytes of the object, wherever the reader stands.
func (r *Reader) Size() int64 { return r.object.Size() }

// Read reads from where the reader stands.
func (r *Reader) Read(p []byte) (int, error) { return r.object.Read(p) }

// Seek moves the reader.
func (r *Reader) Seek(offset int64, whence int) (int64, error) { return r.object.Seek(offset, whence) }

// ReadAt reads anywhere without moving the reader; safe for concurrent use.
func (r *Reader) ReadAt(p []byte, off int64) (int, error) { return r.object.ReadAt(p, off) }

// Close gives the object back.
func (r *Reader) Close() error { return r.object.Close() }

// errNoFile makes package net fall back to copying.
var errNoFile = errors.New("the object is not a file")

// SyscallConn is how package net finds a file that sendfile can send. Of an
// object that is no file it fails, and the bytes are copied instead.
func (r *Reader) SyscallConn() (syscall.RawConn, error) {
	if c, ok := r.object.(syscall.Conn); ok {
		return c.SyscallConn()
	}
	return nil, errNoFile
}
