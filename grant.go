package alveary

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// Grant is the handle that an allow returned. It says which content of which
// node may be opened, for what and until when, and nothing else opens content:
// the blob store takes a grant where others take a path. Only the holder of
// the Sealer, the gate, can make one that the Verifier accepts.
type Grant struct {
	Node    NodeID
	Action  Action // ActionDownload to read bytes, ActionUpload to write them
	Version int64  // of the node's content; for an upload, of the content it replaces or 0
	Blob    BlobID
	Expires time.Time
	seal    [sha256.Size]byte
}

// Sealer makes grants. The gate alone holds it.
type Sealer struct{ key []byte }

// Verifier tells sealed grants from made-up ones. The blob store holds it.
type Verifier struct{ key []byte }

// NewSeal makes the two halves of a seal from 32 random bytes. They live as
// long as the process: no grant outlives a restart.
func NewSeal(random io.Reader) (Sealer, Verifier, error) {
	key := make([]byte, 32)
	if _, err := io.ReadFull(random, key); err != nil {
		return Sealer{}, Verifier{}, fmt.Errorf("make the seal of grants: %w", err)
	}
	return Sealer{key}, Verifier{key}, nil
}

// Seal returns the grant with its seal set.
func (s Sealer) Seal(g Grant) Grant {
	g.seal = seal(s.key, g)
	return g
}

// Verify says whether the grant was sealed, is for the action and has not
// passed. A grant that was altered is KindDenied like one that was made up.
func (v Verifier) Verify(g Grant, want Action, now time.Time) error {
	reason := ""
	sum := seal(v.key, g)
	switch {
	case len(v.key) == 0 || !hmac.Equal(sum[:], g.seal[:]):
		reason = "the handle was not given by a decision"
	case g.Action != want:
		reason = "the handle is for another action"
	case !now.Before(g.Expires):
		reason = "the handle has expired"
	default:
		return nil
	}
	return &Error{Kind: KindDenied, Op: "open content", Subject: g.Node.String(), Message: reason}
}

func seal(key []byte, g Grant) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, key)
	var fixed [37]byte
	binary.BigEndian.PutUint64(fixed[0:], uint64(g.Node))
	fixed[8] = byte(g.Action)
	binary.BigEndian.PutUint64(fixed[9:], uint64(g.Version))
	// Not UnixNano, which is the same again every 584 years.
	binary.BigEndian.PutUint64(fixed[17:], uint64(g.Expires.Unix()))
	binary.BigEndian.PutUint32(fixed[25:], uint32(g.Expires.Nanosecond()))
	binary.BigEndian.PutUint64(fixed[29:], uint64(len(g.Blob)))
	mac.Write(fixed[:])
	mac.Write([]byte(g.Blob))
	mac.Sum(sum[:0])
	return sum
}
