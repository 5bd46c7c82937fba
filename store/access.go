package store

import (
	"context"

	"alveary"
)

// accessChanged makes the next version of the access data; every server sees
// it before it decides again.
func (tx *Tx) accessChanged() error {
	return tx.row(`UPDATE counters SET value = value + 1 WHERE name = 'access' RETURNING value`).Scan(&tx.access)
}

// ownersChanged is accessChanged where someone who owns Cells may be another
// than before: what he gives is bounded by what he is (MODEL.md 4.1).
func (tx *Tx) ownersChanged() error {
	if _, err := tx.exec(`UPDATE counters SET value = value + 1 WHERE name = 'owners'`); err != nil {
		return err
	}
	return tx.accessChanged()
}

// peopleChanged makes the next version of the people data: what is under way
// for someone is asked about again. Who asks anew is read anew in any case.
func (tx *Tx) peopleChanged() error {
	_, err := tx.exec(`UPDATE counters SET value = value + 1 WHERE name = 'people'`)
	return err
}

// accessIs notes the version of the access data that a commit made. The commit
// after it may have been noted before it.
func (s *Store) accessIs(version int64) {
	for {
		have := s.access.Load()
		if have >= version || s.access.CompareAndSwap(have, version) {
			return
		}
	}
}

// AccessVersion is the version of the access data as of now. With SQLite this
// process is the only writer (the data folder is locked) and knows it; with
// PostgreSQL the database is asked.
func (s *Store) AccessVersion(ctx context.Context) (version int64, err error) {
	if s.db.Embedded() {
		return s.access.Load(), nil
	}
	err = s.db.Reader.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = 'access'`).Scan(&version)
	return version, failed(ctx, "read the version of the access data", err)
}

// Access loads the access data.
func (s *Store) Access(ctx context.Context) (data alveary.AccessData, err error) {
	err = s.Read(ctx, func(tx *Tx) error {
		data, err = tx.Access(ctx)
		return err
	})
	return data, err
}

// AccessVersion is the version as this transaction sees it, its own changes
// included.
func (tx *Tx) AccessVersion(context.Context) (int64, error) {
	if tx.access != 0 {
		return tx.access, nil
	}
	return tx.counter("access")
}

// Access loads the access data as this transaction sees them. Policies, Cells
// and owners are shared with other readers and must not be changed; of a Cell
// that is the same as at an earlier version, entries and managers are the same
// memory.
func (tx *Tx) Access(ctx context.Context) (data alveary.AccessData, err error) {
	if data.Version, err = tx.AccessVersion(ctx); err != nil {
		return data, err
	}
	data.Draft = tx.access != 0
	if data.Groups, err = tx.Groups(); err != nil {
		return data, err
	}
	if data.Roles, err = tx.Roles(); err != nil {
		return data, err
	}
	if data.Entries, err = tx.Entries(); err != nil {
		return data, err
	}
	if data.Policies, err = tx.Policies(); err != nil {
		return data, err
	}
	now, err := tx.shared(data.Version, data.Draft)
	if err != nil {
		return data, err
	}
	data.Cells, data.Owners = now.cells, now.owners
	data.Rules, err = tx.HouseRules()
	return data, err
}
