// Package tally counts the requests whose answer an observed policy would have
// changed (MODEL.md 7.8).
//
// It exists so that the gate counts a request once, however often it asks. The
// zero value is ready, and safe for concurrent use.
package tally

import (
	"sync"

	"alveary"
)

// Tally counts the requests whose answer an observed policy would have changed
// (MODEL.md 7.8).
type Tally struct {
	mu     sync.Mutex
	counts map[alveary.PolicyID]int64
	young  map[counted]bool // the requests counted last: one that asks often counts once
	old    map[counted]bool // … and those before them
}

// counted is a request that was counted for a policy.
type counted struct {
	policy  alveary.PolicyID
	request string
}

// mostCounted is how many requests are remembered; no more can be under way.
const mostCounted = 4096

// Count counts a request for a policy, once where it has an id.
func (t *Tally) Count(id alveary.PolicyID, request string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if this := (counted{id, request}); request != "" {
		if t.young[this] || t.old[this] {
			return
		}
		if t.young == nil || len(t.young) >= mostCounted {
			t.young, t.old = map[counted]bool{}, t.young
		}
		t.young[this] = true
	}
	if t.counts == nil {
		t.counts = map[alveary.PolicyID]int64{}
	}
	t.counts[id]++
}

// Take takes what was counted since it was last called.
func (t *Tally) Take() map[alveary.PolicyID]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := t.counts
	t.counts = nil
	return counts
}
