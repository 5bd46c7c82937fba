package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"sync"
	"time"

	"alveary"
)

// bufferSize is what one read or write moves when content is copied.
const bufferSize = 256 << 10

// Store is the portable store over a driver.
type Store struct {
	driver  Driver
	verify  alveary.Verifier
	now     func() time.Time
	buffers sync.Pool // of *[]byte of bufferSize, for copying
	hashes  hashes
}

// New makes a store that believes the grants that v verifies, by the clock now.
func New(d Driver, v alveary.Verifier, now func() time.Time) *Store {
	return &Store{
		driver: d, verify: v, now: now,
		buffers: sync.Pool{New: func() any { b := make([]byte, bufferSize); return &b }},
	}
}

// Create starts the object that the grant names, at offset 0. The grant must
// be for ActionUpload. KindConflict where the object exists already.
func (s *Store) Create(ctx context.Context, g alveary.Grant) (*Writer, error) {
	const op = "start the upload"
	if err := s.admit(ctx, op, g, alveary.ActionUpload); err != nil {
		return nil, err
	}
	part, err := s.driver.Create(g.Blob)
	if err != nil {
		return nil, explain(op, g.Blob, err)
	}
	return newWriter(s, g.Blob, part, sha256.New()), nil
}

// Resume goes on with a suspended object at offset, which must be the size of
// what is there: otherwise KindConflict with code "offset". KindNotFound where
// nothing is there, KindBusy where another writer is at it. What an earlier
// process wrote is read once to find its hash again.
func (s *Store) Resume(ctx context.Context, g alveary.Grant, offset int64) (*Writer, error) {
	const op = "go on with the upload"
	if err := s.admit(ctx, op, g, alveary.ActionUpload); err != nil {
		return nil, err
	}
	part, err := s.driver.Append(g.Blob)
	if err != nil {
		return nil, explain(op, g.Blob, err)
	}
	if size := part.Size(); size != offset {
		if err := part.Keep(); err != nil {
			return nil, explain(op, g.Blob, err)
		}
		return nil, &alveary.Error{
			Kind: alveary.KindConflict, Op: op, Code: "offset",
			Message: fmt.Sprintf("the upload stands at byte %d, not at %d; go on from there", size, offset),
		}
	}
	sum, err := s.hashSoFar(ctx, g.Blob, part)
	if err != nil {
		_ = part.Keep() // the partial object stays for the next try; the first error is the one to tell
		return nil, explain(op, g.Blob, err)
	}
	return newWriter(s, g.Blob, part, sum), nil
}

// hashSoFar is the hash of what the part holds: from memory, or by reading it.
func (s *Store) hashSoFar(ctx context.Context, id alveary.BlobID, part Part) (hash.Hash, error) {
	entry, err := s.driver.Stat(id, true)
	if err != nil {
		return nil, err
	}
	if sum := s.hashes.take(entry); sum != nil {
		return sum, nil
	}
	sum := sha256.New()
	return sum, s.copy(ctx, sum, io.NewSectionReader(part, 0, part.Size()))
}

// PartialSize is how far a suspended upload has come; KindNotFound where there
// is none.
func (s *Store) PartialSize(ctx context.Context, id alveary.BlobID) (int64, error) {
	const op = "look at the upload"
	if err := ctx.Err(); err != nil {
		return 0, explain(op, id, err)
	}
	entry, err := s.driver.Stat(id, true)
	return entry.Size, explain(op, id, err)
}

// Open opens the object that the grant names. The grant must be for
// ActionDownload.
func (s *Store) Open(ctx context.Context, g alveary.Grant) (*Reader, error) {
	const op = "open the content"
	if err := s.admit(ctx, op, g, alveary.ActionDownload); err != nil {
		return nil, err
	}
	object, err := s.driver.Open(g.Blob)
	if err != nil {
		return nil, explain(op, g.Blob, err)
	}
	return &Reader{object: object}, nil
}

// Delete removes the object of the id, committed or partial. That there is
// none is no error. Readers that have it open may read on.
func (s *Store) Delete(ctx context.Context, id alveary.BlobID) error {
	const op = "delete the content"
	if err := ctx.Err(); err != nil {
		return explain(op, id, err)
	}
	s.hashes.forget(id)
	for _, partial := range []bool{true, false} {
		if err := s.driver.Remove(id, partial); err != nil {
			return explain(op, id, err)
		}
	}
	return nil
}

// Check says whether the object is there and whole: of that size, and with
// that hash in hex where one is given. A deviation is KindChecksum. It needs
// no grant because it gives no content away.
func (s *Store) Check(ctx context.Context, id alveary.BlobID, size int64, sum string) error {
	const op = "check the content"
	object, err := s.driver.Open(id)
	if err != nil {
		return explain(op, id, err)
	}
	defer object.Close()
	if got := object.Size(); got != size {
		return damaged(op, id, fmt.Sprintf("the content has %d bytes where %d were written", got, size))
	}
	if sum == "" {
		return nil
	}
	h := sha256.New()
	if err := s.copy(ctx, h, object); err != nil {
		return explain(op, id, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sum {
		return damaged(op, id, "the content is not what was written: its SHA-256 differs")
	}
	return nil
}

// Describe reads a committed object through and says what Commit said of it:
// for a server that stopped before it could note that. KindNotFound where there
// is none. It needs no grant because it gives no content away.
func (s *Store) Describe(ctx context.Context, id alveary.BlobID) (Info, error) {
	const op = "look at the content"
	object, err := s.driver.Open(id)
	if err != nil {
		return Info{}, explain(op, id, err)
	}
	defer object.Close()
	sum := sha256.New()
	if err := s.copy(ctx, sum, object); err != nil {
		return Info{}, explain(op, id, err)
	}
	mime, err := s.sniff(object, object.Size())
	if err != nil {
		return Info{}, explain(op, id, err)
	}
	return Info{Blob: id, Size: object.Size(), SHA256: hex.EncodeToString(sum.Sum(nil)), MIME: mime}, nil
}

func damaged(op string, id alveary.BlobID, message string) error {
	return &alveary.Error{
		Kind: alveary.KindChecksum, Op: op, Code: "damaged", Message: message,
		Cause: fmt.Errorf("object %s", id),
	}
}

func (s *Store) admit(ctx context.Context, op string, g alveary.Grant, want alveary.Action) error {
	if err := s.verify.Verify(g, want, s.now()); err != nil {
		return err
	}
	return explain(op, g.Blob, ctx.Err())
}

// copy reads r to its end, in pieces of bufferSize, for as long as ctx lasts.
func (s *Store) copy(ctx context.Context, w io.Writer, r io.Reader) error {
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(*buffer)
		if _, werr := w.Write((*buffer)[:n]); werr != nil {
			return werr
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
