package blob

import (
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"github.com/gabriel-vasile/mimetype"

	"alveary"
)

// sniffLength is how much of the head tells the type of content.
const sniffLength = 3072

// Info describes a committed object.
type Info struct {
	Blob   alveary.BlobID
	Size   int64
	SHA256 string // hex
	MIME   string // as sniffed from the head; the name of the file is not known here
}

// Writer writes one object and hashes it on the way. It ends by Commit,
// Suspend, Rollback or Abort, whether that succeeds or not; after that,
// Abort does nothing and everything else fails, so that `defer w.Abort()` is
// good form.
type Writer struct {
	store   *Store
	id      alveary.BlobID
	part    Part
	sum     hash.Hash
	written int64
	opened  half  // where Rollback goes back to; its time is not set
	failed  error // the first failure of Write, after which Commit refuses
	ended   bool
}

func newWriter(s *Store, id alveary.BlobID, part Part, sum hash.Hash) *Writer {
	w := &Writer{store: s, id: id, part: part, sum: sum, written: part.Size()}
	w.opened = half{size: w.written}
	if w.written > 0 {
		w.opened.state = freeze(sum)
	}
	return w
}

// errEnded is the private cause of using a writer after its end.
var errEnded = errors.New("the writer has ended")

// Write adds bytes at the end. KindNoSpace where the disk is full.
func (w *Writer) Write(p []byte) (int, error) {
	const op = "write the content"
	if w.ended {
		return 0, explain(op, w.id, errEnded)
	}
	if w.failed != nil {
		return 0, w.failed
	}
	n, err := w.part.Write(p)
	w.sum.Write(p[:n])
	w.written += int64(n)
	w.failed = explain(op, w.id, err)
	return n, w.failed
}

// ReadFrom adds all that r has, in pieces that are good for the disk. An error
// of r is returned as it is, after what came before it was written: a body that
// was cut off says io.ErrUnexpectedEOF, which is no end.
func (w *Writer) ReadFrom(r io.Reader) (total int64, err error) {
	buffer := w.store.buffers.Get().(*[]byte)
	defer w.store.buffers.Put(buffer)
	for {
		n, rerr := fill(r, *buffer)
		if n > 0 {
			written, werr := w.Write((*buffer)[:n])
			total += int64(written)
			if werr != nil {
				return total, werr
			}
		}
		if rerr == io.EOF { //nolint:errorlint // an EOF that another error wraps is a broken body, not its end
			return total, nil
		}
		if rerr != nil {
			return total, rerr
		}
	}
}

// fill reads until p is full or r fails. It is not io.ReadFull, which gives the
// end of r and a broken r the same name.
func fill(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var read int
		read, err = r.Read(p[n:])
		n += read
	}
	return n, err
}

// Written is the size of the object so far, with what earlier writers wrote.
func (w *Writer) Written() int64 { return w.written }

// Commit makes the object readable and durable. After a failure, also an
// earlier one of Write, nothing is left of it.
func (w *Writer) Commit() (Info, error) {
	const op = "finish the upload"
	if err := w.end(op); err != nil {
		return Info{}, err
	}
	if w.failed != nil {
		_ = w.part.Discard() // what Write said is the reason to tell; the sweep finds the rest
		return Info{}, w.failed
	}
	mime, err := w.store.sniff(w.part, w.written)
	if err != nil {
		_ = w.part.Discard()
		return Info{}, explain(op, w.id, err)
	}
	if err := w.part.Commit(); err != nil {
		return Info{}, explain(op, w.id, err)
	}
	return Info{Blob: w.id, Size: w.written, SHA256: hex.EncodeToString(w.sum.Sum(nil)), MIME: mime}, nil
}

// Suspend flushes what was written and keeps it for Resume, also where Write
// failed on the way: what came before the failure is whole.
func (w *Writer) Suspend() error {
	const op = "keep the upload for later"
	if err := w.end(op); err != nil {
		return err
	}
	return w.keep(op, half{size: w.written, state: freeze(w.sum)})
}

// keep ends the part for a later Resume. The time of the last write is asked
// for while nobody else can write.
func (w *Writer) keep(op string, kept half) error {
	entry, statErr := w.store.driver.Stat(w.id, true)
	if err := errors.Join(w.part.Keep(), statErr); err != nil {
		return explain(op, w.id, err)
	}
	if kept.modified = entry.Modified; kept.state != nil {
		w.store.hashes.keep(w.id, kept)
	}
	return nil
}

// Rollback takes back all that this writer wrote and keeps what was there
// before for Resume: what to do when a piece does not match its checksum. A
// writer from Create leaves an empty partial object.
func (w *Writer) Rollback() error {
	const op = "take back a piece of the upload"
	if err := w.end(op); err != nil {
		return err
	}
	if err := w.part.Truncate(w.opened.size); err != nil {
		_ = w.part.Discard() // bytes that were refused must not stay
		return explain(op, w.id, err)
	}
	return w.keep(op, w.opened)
}

// Abort removes all that there is of the object. After another end it does
// nothing.
func (w *Writer) Abort() error {
	if w.ended {
		return nil
	}
	w.ended = true
	return explain("give the upload up", w.id, w.part.Discard())
}

func (w *Writer) end(op string) error {
	if w.ended {
		return explain(op, w.id, errEnded)
	}
	w.ended = true
	return nil
}

// sniff tells the media type from the head of an object.
func (s *Store) sniff(r io.ReaderAt, size int64) (string, error) {
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	head := (*buffer)[:min(sniffLength, size)]
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return "", err
	}
	return mimetype.Detect(head).String(), nil
}
