package desk

import (
	"context"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"alveary"
)

// reading is one reader of one content: a file that is fetched in a hundred
// ranges is one download on record, not a hundred.
type reading struct {
	user    alveary.UserID
	link    alveary.CellID
	address string // of a visitor, whom nothing else tells from others
	node    alveary.NodeID
	version int64
	why     string
}

// readings are those that are on record.
type readings = expirable.LRU[reading, struct{}]

func newReadings() *readings { return expirable.NewLRU[reading, struct{}](4096, nil, 10*time.Minute) }

// Reading puts the reading of one content on record, unless it is.
func (d *Desk) Reading(ctx context.Context, s alveary.Subject, line alveary.Lineage, version int64, why string) error {
	key := reading{user: Doer(s), link: s.Link, node: line.Node().ID, version: version, why: why}
	if s.Link != 0 {
		key.address = s.Address
	}
	if _, known := d.readings.Get(key); known {
		return nil
	}
	if err := d.store.Record(ctx, Line(s, why, alveary.VerdictDone, line, "")); err != nil {
		return err
	}
	d.readings.Add(key, struct{}{})
	return nil
}
