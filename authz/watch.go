package authz

import (
	"sync"

	"alveary"
)

// watch counts the requests whose answer an observed policy would have changed
// (MODEL.md 7.8).
type watch struct {
	mu     sync.Mutex
	counts map[alveary.PolicyID]int64
	last   map[alveary.PolicyID]string // the request counted last: one that asks often counts once
}

func (w *watch) count(id alveary.PolicyID, request string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.counts == nil {
		w.counts, w.last = map[alveary.PolicyID]int64{}, map[alveary.PolicyID]string{}
	}
	if request != "" && w.last[id] == request {
		return
	}
	w.counts[id]++
	w.last[id] = request
}

// Observed takes what was counted since it was last called.
func (g *Gate) Observed() map[alveary.PolicyID]int64 {
	g.watch.mu.Lock()
	defer g.watch.mu.Unlock()
	counts := g.watch.counts
	g.watch.counts = nil
	if g.watch.last == nil {
		g.watch.last = map[alveary.PolicyID]string{}
	}
	if counts != nil {
		g.watch.counts = map[alveary.PolicyID]int64{}
	}
	return counts
}
