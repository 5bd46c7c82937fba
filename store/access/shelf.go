package access

import (
	"crypto/sha256"
	"sync"

	"alveary"
)

// Shelf keeps the current policies as they were read, so that a changed entry
// does not cost the reading of every policy again. They are found by their
// text and never change: what is read from it is shared. Safe for concurrent
// use; the zero value is an empty one.
type Shelf struct {
	mu       sync.Mutex
	policies map[[sha256.Size]byte]alveary.Policy
}

// loan is one reading of all current policies.
type loan struct {
	before, after map[[sha256.Size]byte]alveary.Policy
}

func (s *Shelf) lend() *loan {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &loan{s.policies, make(map[[sha256.Size]byte]alveary.Policy, len(s.policies))}
}

// keep puts back what was read in place of what was there. Neither map is
// written to from then on.
func (s *Shelf) keep(l *loan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.policies = l.after
}

func (l *loan) read(id alveary.PolicyID, body string) (p alveary.Policy, err error) {
	key := sha256.Sum256([]byte(body))
	p, known := l.before[key]
	if !known || p.ID != id {
		if p, err = readPolicy(id, body); err != nil {
			return p, err
		}
	}
	l.after[key] = p
	return p, nil
}
