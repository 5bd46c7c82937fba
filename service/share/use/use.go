// Package use counts what is done with Cells and links, and when last: a member
// who comes through a Cell, a visitor who opens a link.
//
// It exists so that it can be told which of them nobody needs any more, while
// nobody who uses one waits for that to be written: what is counted is kept in
// memory and written down together. It knows nothing of rights; whoever counts
// says which Cell or link was come through. Downloads that are bounded are not
// counted here, since they must be before a byte goes out.
//
// Promises: what was counted is written by Run within a second, and by Close;
// what could not be written is counted on. Of what ended meanwhile nothing is
// left behind. Owners are told what visitors of their links did, once a day of
// each kind, and nothing of members. A *Counter is safe for concurrent use.
//
// Read this file first, then write.go.
package use

import (
	"maps"
	"sync"
	"time"

	"alveary"
	"alveary/store"
)

const (
	// lookEvery is how often the looks of one member into one Cell are counted:
	// browsing is one look and not a hundred.
	lookEvery = time.Minute
	// mostLooks bounds those that are remembered.
	mostLooks = 4096
)

// Counter holds what was done since it was last written down.
type Counter struct {
	store *store.Store
	now   func() time.Time

	mu    sync.Mutex
	uses  map[alveary.CellID]alveary.CellUse
	told  map[News]int64
	looks map[look]time.Time
	write sync.Mutex // what is written down is not counted anew meanwhile
}

// News is what the owner of a link is told of.
type News struct {
	Kind  alveary.NoticeKind
	Cell  alveary.CellID
	Node  alveary.NodeID
	Owner alveary.UserID
}

// look is that of one member into one Cell.
type look struct {
	cell   alveary.CellID
	member alveary.UserID
}

// New makes a counter that writes into the store.
func New(s *store.Store, now func() time.Time) *Counter {
	return &Counter{store: s, now: now, uses: map[alveary.CellID]alveary.CellUse{}, told: map[News]int64{}, looks: map[look]time.Time{}}
}

// Add counts what was done with a link now, and what its owner is told of it.
func (c *Counter) Add(id alveary.CellID, u alveary.CellUse, news ...News) {
	u.Last = c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum(id, u)
	for _, n := range news {
		c.told[n]++
	}
}

// ByMember counts what a member did through a Cell now. That he looked into it
// counts once a minute; where he did nothing else, nothing is written for a
// look that does not count. Who counts for what is up to the caller.
func (c *Counter) ByMember(member alveary.UserID, cell alveary.CellID, u alveary.CellUse) {
	u.Last = c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if u.Opened > 0 && c.looksAgain(look{cell, member}, u.Last) {
		if u.Opened = 0; u.Downloads == 0 && u.Uploads == 0 {
			return
		}
	}
	c.sum(cell, u)
}

// looksAgain says whether a member looked into a Cell within the last minute,
// and where he did not remembers that he does now. Of too many looks the old
// ones are forgotten, or all: then some count that should not.
func (c *Counter) looksAgain(l look, now time.Time) bool {
	recent := func(at time.Time) bool { return now.Sub(at).Abs() < lookEvery }
	if at, looked := c.looks[l]; looked && recent(at) {
		return true
	}
	if len(c.looks) >= mostLooks {
		maps.DeleteFunc(c.looks, func(_ look, at time.Time) bool { return !recent(at) })
	}
	if len(c.looks) >= mostLooks {
		clear(c.looks)
	}
	c.looks[l] = now
	return false
}

func (c *Counter) sum(id alveary.CellID, u alveary.CellUse) {
	have := c.uses[id]
	have.Opened += u.Opened
	have.Downloads += u.Downloads
	have.Uploads += u.Uploads
	if u.Last.After(have.Last) {
		have.Last = u.Last
	}
	c.uses[id] = have
}
