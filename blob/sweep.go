package blob

import (
	"context"
	"errors"
	"time"

	"alveary"
)

// sweepBatch is how many ids are asked for at once.
const sweepBatch = 500

// Known says which of the ids the database knows, as content of a node or as
// an upload under way.
type Known func(ctx context.Context, ids []alveary.BlobID) (map[alveary.BlobID]bool, error)

// Sweep removes what a crash or a failed request left behind: objects that
// known does not know, and partial objects beside a committed one. What was
// written within minAge is left alone, because another server may be about to
// tell the database of it. It counts what it removed; a fault with one object
// does not keep it from the others.
func (s *Store) Sweep(ctx context.Context, known Known, minAge time.Duration) (removed int, err error) {
	const op = "sweep the store of contents"
	var faults []error
	batch := make([]Entry, 0, sweepBatch)
	flush := func() error {
		n, err := s.sweepBatch(ctx, known, batch)
		removed += n
		batch = batch[:0]
		return err
	}
	for entry, err := range s.driver.List() {
		if ctx.Err() != nil {
			return removed, explain(op, "", ctx.Err())
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if s.now().Sub(entry.Modified) < minAge {
			continue
		}
		if batch = append(batch, entry); len(batch) == sweepBatch {
			if err := flush(); err != nil {
				return removed, explain(op, "", errors.Join(append(faults, err)...))
			}
		}
	}
	if err := flush(); err != nil {
		faults = append(faults, err)
	}
	return removed, explain(op, "", errors.Join(faults...))
}

func (s *Store) sweepBatch(ctx context.Context, known Known, batch []Entry) (removed int, err error) {
	if len(batch) == 0 {
		return 0, nil
	}
	ids := make([]alveary.BlobID, len(batch))
	for i, entry := range batch {
		ids[i] = entry.ID
	}
	wanted, err := known(ctx, ids)
	if err != nil {
		return 0, err // without an answer nothing may go
	}
	var faults []error
	for _, entry := range batch {
		if wanted[entry.ID] && !s.leftover(entry) {
			continue
		}
		if err := s.driver.Remove(entry.ID, entry.Partial); err != nil {
			faults = append(faults, err)
			continue
		}
		removed++
	}
	return removed, errors.Join(faults...)
}

// leftover says whether the entry is a partial object whose committed twin
// exists: a crash can keep the old name of a renamed file.
func (s *Store) leftover(entry Entry) bool {
	if !entry.Partial {
		return false
	}
	_, err := s.driver.Stat(entry.ID, false)
	return err == nil
}
