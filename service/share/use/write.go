package use

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"alveary"
	"alveary/store"
)

const (
	writeEvery = 500 * time.Millisecond // within a second what was counted is kept, with the time that writing takes
	closeTime  = 10 * time.Second
)

// Run writes down what is counted, until the context ends, and once more then.
func (c *Counter) Run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := c.Close(); err != nil {
				log.Error("what was done with Cells and links is not counted", "error", err.Error())
			}
			return
		case <-tick.C:
		}
		if err := c.Flush(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "what was done with Cells and links is not counted yet", "error", err.Error())
		}
	}
}

// Close writes down what is counted by now. It may be called again.
func (c *Counter) Close() error {
	ctx, done := context.WithTimeout(context.Background(), closeTime)
	defer done()
	return c.Flush(ctx)
}

// Flush writes down what is counted; what cannot be written is counted on.
func (c *Counter) Flush(ctx context.Context) error {
	c.write.Lock()
	defer c.write.Unlock()
	uses, told := c.take()
	if len(uses) == 0 && len(told) == 0 {
		return nil
	}
	err := c.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddUse(uses); err != nil {
			return err
		}
		return tellOwners(tx, uses, told)
	})
	if err != nil {
		c.putBack(uses, told)
	}
	return err
}

// take gives what was counted and begins anew.
func (c *Counter) take() (uses map[alveary.CellID]alveary.CellUse, told map[News]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	uses, told = c.uses, c.told
	c.uses, c.told = map[alveary.CellID]alveary.CellUse{}, map[News]int64{}
	return uses, told
}

// putBack takes what could not be written down.
func (c *Counter) putBack(uses map[alveary.CellID]alveary.CellUse, told map[News]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, u := range uses {
		c.sum(id, u)
	}
	for n, count := range told {
		c.told[n] += count
	}
}

// tellOwners tells who owns the links. Those that ended meanwhile have no use
// any more, and are nobody's.
func tellOwners(tx *store.Tx, uses map[alveary.CellID]alveary.CellUse, told map[News]int64) error {
	if len(told) == 0 {
		return nil
	}
	there, err := tx.CellUses(slices.Collect(maps.Keys(uses)))
	if err != nil {
		return err
	}
	for _, n := range slices.SortedFunc(maps.Keys(told), compareNews) {
		if _, ok := there[n.Cell]; !ok {
			continue
		}
		if _, err := tx.Notify(alveary.Notice{User: n.Owner, Kind: n.Kind, Cell: n.Cell, Node: n.Node, Count: told[n]}); err != nil {
			return err
		}
	}
	return nil
}

func compareNews(a, b News) int {
	return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Owner, b.Owner))
}
