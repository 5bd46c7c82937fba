package blob

import (
	"crypto/sha256"
	"encoding"
	"hash"
	"sync"

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

type half struct {
	size  int64
	state []byte
}

// keep remembers the state of sum after size bytes.
func (h *hashes) keep(id alveary.BlobID, size int64, state []byte) {
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
	h.halves[id] = half{size, state}
}

// take forgets the state and returns it, or nil where it is not known for
// exactly that size.
func (h *hashes) take(id alveary.BlobID, size int64) hash.Hash {
	h.mu.Lock()
	kept, ok := h.halves[id]
	delete(h.halves, id)
	h.mu.Unlock()
	if !ok || kept.size != size {
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
