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

func (w *watch) count(id alveary.PolicyID, request string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if this := (counted{id, request}); request != "" {
		if w.young[this] || w.old[this] {
			return
		}
		if w.young == nil || len(w.young) >= mostCounted {
			w.young, w.old = map[counted]bool{}, w.young
		}
		w.young[this] = true
	}
	if w.counts == nil {
		w.counts = map[alveary.PolicyID]int64{}
	}
	w.counts[id]++
}

// Asked is Rights for an answer that rests on some of them: where one of those
// would be another with an observed policy in force, the request is counted for
// the policy (MODEL.md 7.8).
func (a *Access) Asked(line alveary.Lineage, about alveary.Rights) alveary.Rights {
	rights := a.Rights(line)
	for _, p := range a.who.Watched() {
		if (a.shadow(p).rights(line, about)^rights)&about != 0 {
			a.gate.watch.count(a.who.Snap.Policies[p].ID(), a.by.request)
		}
	}
	return rights
}

// Observed takes what was counted since it was last called.
func (g *Gate) Observed() map[alveary.PolicyID]int64 {
	g.watch.mu.Lock()
	defer g.watch.mu.Unlock()
	counts := g.watch.counts
	g.watch.counts = nil
	return counts
}
