package vigil

import (
	"io"
	"syscall"
)

// Content is content open for reading, which the kernel may send by itself.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
	syscall.Conn
	Size() int64
}

// Reading is content under watch: once its stream is cut, its reads fail.
// Methods are safe for concurrent use where those of the content are.
type Reading struct {
	Content
	stream *Stream // nil while nobody watches
	own    bool
}

// Under puts the reading under a stream that goes on when it is closed.
func (r *Reading) Under(s *Stream) { r.stream, r.own = s, false }

// Watched puts the reading under a stream of its own.
func (r *Reading) Watched(s *Stream) { r.stream, r.own = s, true }

// Refused is why it may not be read any more; nil while it may.
func (r *Reading) Refused() error {
	if r.stream == nil {
		return nil
	}
	return r.stream.Err()
}

// OnCut leaves a function that wakes a write to the reader which waits; see
// Stream.OnCut.
func (r *Reading) OnCut(wake func()) {
	if r.stream != nil {
		r.stream.OnCut(wake)
	}
}

// Read reads on.
func (r *Reading) Read(p []byte) (int, error) {
	if err := r.Refused(); err != nil {
		return 0, err
	}
	return r.Content.Read(p)
}

// ReadAt reads anywhere.
func (r *Reading) ReadAt(p []byte, off int64) (int, error) {
	if err := r.Refused(); err != nil {
		return 0, err
	}
	return r.Content.ReadAt(p, off)
}

// SyscallConn is how the kernel sends the bytes.
func (r *Reading) SyscallConn() (syscall.RawConn, error) {
	if err := r.Refused(); err != nil {
		return nil, err
	}
	return r.Content.SyscallConn()
}

// Close gives the content back and ends a stream of its own.
func (r *Reading) Close() error {
	if r.own {
		r.stream.End()
	}
	return r.Content.Close()
}
