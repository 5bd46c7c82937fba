package store

import "context"

// Counters tell that something changed, for whoever keeps what he read: both
// equal, no node, and nothing on which a decision rests, is another one than
// before. Accounts, sessions and tokens count with the access data.
type Counters struct {
	Access   int64 // the version of the access data
	Revision int64 // of the tree: the last that a node was given
}

// Counters are the counters of now.
func (s *Store) Counters(ctx context.Context) (c Counters, err error) {
	err = s.Read(ctx, func(tx *Tx) (err error) {
		c, err = tx.Counters()
		return err
	})
	return c, err
}

// Counters are the counters as this transaction sees them.
func (tx *Tx) Counters() (c Counters, err error) {
	err = tx.row(`SELECT a.value, r.value FROM counters a, counters r WHERE a.name = 'access' AND r.name = 'revision'`).Scan(&c.Access, &c.Revision)
	return c, err
}
