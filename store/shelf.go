package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"alveary"
)

// shelf keeps the Cells and their owners as they were read last, so that a
// change costs the reading of what it changed: of 100,000 links all but one
// are mostly the same. It is safe for concurrent use; what is on it is shared
// with whoever has it and never changes.
type shelf struct {
	all  sync.Mutex // held while all is read, which many may want at once
	mu   sync.Mutex
	kept [2]*shared // the newest first; the one before, for transactions that began earlier
}

// shared is what was shared at a version of the access data.
type shared struct {
	version int64
	changes int64 // of people who own Cells
	cells   []alveary.Cell
	owners  []alveary.Subject // by id
}

// upTo is the newest that a transaction at a version can go on from; nil where
// there is none.
func (s *shelf) upTo(version int64) *shared {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.kept {
		if one != nil && one.version <= version {
			return one
		}
	}
	return nil
}

func (s *shelf) keep(now *shared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if newest := s.kept[0]; newest == nil || newest.version < now.version {
		s.kept = [2]*shared{now, newest}
	}
}

// Shared are all Cells and links, and who owns them by id, as Access has them.
func (tx *Tx) Shared(ctx context.Context) ([]alveary.Cell, []alveary.Subject, error) {
	version, err := tx.AccessVersion(ctx)
	if err != nil {
		return nil, nil, err
	}
	now, err := tx.shared(version, tx.access != 0)
	if err != nil {
		return nil, nil, err
	}
	return now.cells, now.owners, nil
}

// shared reads what is shared. What is not committed is kept from others: it
// may never be, and its version be another's.
func (tx *Tx) shared(version int64, draft bool) (now *shared, err error) {
	shelf := &tx.store.cells
	had := shelf.upTo(version)
	if had == nil {
		shelf.all.Lock()
		defer shelf.all.Unlock()
		had = shelf.upTo(version)
	}
	if had != nil && had.version == version {
		return had, nil
	}
	now = &shared{version: version}
	if now.changes, err = tx.counter("owners"); err != nil {
		return nil, err
	}
	if had == nil {
		if now.cells, err = tx.Cells(); err != nil {
			return nil, err
		}
		now.owners, err = tx.CellOwners()
	} else {
		if now.cells, err = tx.CellsSince(had.version, version, had.cells); err != nil {
			return nil, err
		}
		now.owners, err = tx.ownersSince(had, now)
	}
	if err == nil && !draft {
		shelf.keep(now)
	}
	return now, err
}

// ownersSince is CellOwners for who has those of an earlier version: where none
// of them has changed, it reads the new ones alone.
func (tx *Tx) ownersSince(had, now *shared) ([]alveary.Subject, error) {
	if had.changes != now.changes {
		return tx.CellOwners()
	}
	if len(had.cells) == len(now.cells) && (len(now.cells) == 0 || &had.cells[0] == &now.cells[0]) {
		return had.owners, nil
	}
	wanted := make(map[alveary.UserID]bool, len(had.owners))
	for i := range now.cells {
		wanted[now.cells[i].Owner] = true
	}
	owners := make([]alveary.Subject, 0, len(wanted))
	for _, o := range had.owners {
		if wanted[o.User.ID] {
			owners = append(owners, o)
			delete(wanted, o.User.ID)
		}
	}
	if len(wanted) == 0 {
		return owners, nil
	}
	more, err := tx.Subjects(slices.Sorted(maps.Keys(wanted)))
	if err != nil {
		return nil, err
	}
	owners = slices.AppendSeq(owners, maps.Values(more))
	slices.SortFunc(owners, func(a, b alveary.Subject) int { return cmp.Compare(a.User.ID, b.User.ID) })
	return owners, nil
}
