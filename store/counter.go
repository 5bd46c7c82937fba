package store

import "context"

// Counters tell that something changed, for whoever keeps what he read: all
// equal, no node, and nothing on which a decision rests, is another one than
// before.
type Counters struct {
	Access   int64 // the version of the access data
	People   int64 // of accounts, sessions and tokens
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
	err = tx.row(`SELECT a.value, p.value, r.value FROM counters a, counters p, counters r
 WHERE a.name = 'access' AND p.name = 'people' AND r.name = 'revision'`).Scan(&c.Access, &c.People, &c.Revision)
	return c, err
}
