package blob

import (
	"crypto/sha256"
	"encoding"
	"hash"
	"sync"
	"time"

	"alveary"
)

// maxHashes bounds how many suspended uploads keep their hash in memory, at
// about 200 bytes each. An upload beyond that is read again when it goes on.
const maxHashes = 4096

// hashes keeps how far the hash of each suspended upload has come, so that an
// upload in many pieces is not read again for each of them. The zero value is
// ready for use.
type hashes struct {
	mu     sync.Mutex
	halves map[alveary.BlobID]half
}

// half is a hash on the way. Another server may have taken back what this one
// wrote and put other bytes in the place, so that the size alone says too
// little: the time of the last write must be the same too.
type half struct {
	size     int64
	modified time.Time
	state    []byte
}

// keep remembers how far an upload has come.
func (h *hashes) keep(id alveary.BlobID, kept half) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.halves == nil {
		h.halves = make(map[alveary.BlobID]half)
	}
	for other := range h.halves {
		if len(h.halves) < maxHashes {
			break
		}
		delete(h.halves, other) // any one: all it costs is to read that upload again
	}
	h.halves[id] = kept
}

// forget lets go of an upload and returns what was kept of it.
func (h *hashes) forget(id alveary.BlobID) half {
	h.mu.Lock()
	defer h.mu.Unlock()
	kept := h.halves[id]
	delete(h.halves, id)
	return kept
}

// take is the hash of the partial object as the entry describes it, or nil
// where it is not known.
func (h *hashes) take(entry Entry) hash.Hash {
	kept := h.forget(entry.ID)
	if kept.state == nil || kept.size != entry.Size || !kept.modified.Equal(entry.Modified) {
		return nil
	}
	return thaw(kept.state)
}

// freeze is the state of a hash of crypto/sha256 as bytes; nil if it has none,
// which only costs that the content is read again.
func freeze(sum hash.Hash) []byte {
	if m, ok := sum.(encoding.BinaryMarshaler); ok {
		if state, err := m.MarshalBinary(); err == nil {
			return state
		}
	}
	return nil
}

// thaw is the reverse of freeze; nil if the state is of no use.
func thaw(state []byte) hash.Hash {
	sum := sha256.New()
	if u, ok := sum.(encoding.BinaryUnmarshaler); ok && u.UnmarshalBinary(state) == nil {
		return sum
	}
	return nil
}
