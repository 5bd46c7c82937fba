package visit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"alveary"
	"alveary/store"
)

const (
	writeEvery = 500 * time.Millisecond // within a second what was counted is kept, with the time that writing takes
	closeTime  = 10 * time.Second
)

// counter holds what was done with links since it was last written down.
type counter struct {
	mu    sync.Mutex
	uses  map[alveary.CellID]alveary.CellUse
	told  map[told]int64
	write sync.Mutex // what is written down is not counted anew meanwhile
}

// told is what the owner of a link is told of, once a day.
type told struct {
	kind  alveary.NoticeKind
	cell  alveary.CellID
	node  alveary.NodeID
	owner alveary.UserID
}

func newCounter() *counter {
	return &counter{uses: map[alveary.CellID]alveary.CellUse{}, told: map[told]int64{}}
}

// add counts what was done with a link, and what its owner is told of it.
func (c *counter) add(id alveary.CellID, u alveary.CellUse, news ...told) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum(id, u)
	for _, t := range news {
		c.told[t]++
	}
}

func (c *counter) sum(id alveary.CellID, u alveary.CellUse) {
	have := c.uses[id]
	have.Opened += u.Opened
	have.Downloads += u.Downloads
	have.Uploads += u.Uploads
	if u.Last.After(have.Last) {
		have.Last = u.Last
	}
	c.uses[id] = have
}

// take gives what was counted and begins anew.
func (c *counter) take() (uses map[alveary.CellID]alveary.CellUse, told map[told]int64) {
	fresh := newCounter()
	c.mu.Lock()
	defer c.mu.Unlock()
	uses, told = c.uses, c.told
	c.uses, c.told = fresh.uses, fresh.told
	return uses, told
}

// putBack takes what could not be written down.
func (c *counter) putBack(uses map[alveary.CellID]alveary.CellUse, told map[told]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, u := range uses {
		c.sum(id, u)
	}
	for t, n := range told {
		c.told[t] += n
	}
}

// Uploaded counts a file that the visitor put in, and tells the link's owner.
func (s *Service) Uploaded(v Visit) {
	s.count.add(v.Cell.ID, alveary.CellUse{Uploads: 1, Last: s.now()}, told{alveary.NoticeUploaded, v.Cell.ID, v.Node, v.Cell.Owner})
}

// Run writes down what is counted, until the context ends, and once more then.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := s.Close(); err != nil {
				s.log.Error("what visitors of links did is not counted", "error", err.Error())
			}
			return
		case <-tick.C:
		}
		if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "what visitors of links did is not counted yet", "error", err.Error())
		}
	}
}

// Close writes down what is counted by now. It may be called again.
func (s *Service) Close() error {
	ctx, done := context.WithTimeout(context.Background(), closeTime)
	defer done()
	return s.Flush(ctx)
}

// Flush writes down what is counted; what cannot be written is counted on.
func (s *Service) Flush(ctx context.Context) error {
	s.count.write.Lock()
	defer s.count.write.Unlock()
	uses, told := s.count.take()
	if len(uses) == 0 && len(told) == 0 {
		return nil
	}
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddUse(uses); err != nil {
			return err
		}
		return tellOwners(tx, uses, told)
	})
	if err != nil {
		s.count.putBack(uses, told)
	}
	return err
}

// tellOwners tells who owns the links. Those that ended meanwhile have no use
// any more, and are nobody's.
func tellOwners(tx *store.Tx, uses map[alveary.CellID]alveary.CellUse, told map[told]int64) error {
	there, err := tx.CellUses(slices.Collect(maps.Keys(uses)))
	if err != nil {
		return err
	}
	for _, t := range slices.SortedFunc(maps.Keys(told), compareTold) {
		if _, ok := there[t.cell]; !ok {
			continue
		}
		if _, err := tx.Notify(alveary.Notice{User: t.owner, Kind: t.kind, Cell: t.cell, Node: t.node, Count: told[t]}); err != nil {
			return err
		}
	}
	return nil
}

func compareTold(a, b told) int {
	return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.kind, b.kind), cmp.Compare(a.node, b.node), cmp.Compare(a.owner, b.owner))
}
