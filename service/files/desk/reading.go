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
	why     Why
}

// readings are those that are on record.
type readings = expirable.LRU[reading, struct{}]

func newReadings() *readings { return expirable.NewLRU[reading, struct{}](4096, nil, 10*time.Minute) }

// Why says in the audit log what a content is opened for.
type Why string

// The reasons to open content. Probing, as a HEAD request does, sends no bytes
// and is not put on record.
const (
	ForDownload Why = "download"
	ForPreview  Why = "preview"
	ForArchive  Why = "archive"
	ForProbing  Why = ""
)

// use is what a reading counts as of the Cells through which it came. An
// archive counts as a whole, not by its files.
func (w Why) use() (u alveary.CellUse) {
	switch w {
	case ForDownload:
		u.Downloads = 1
	case ForPreview:
		u.Opened = 1
	case ForArchive, ForProbing:
	}
	return u
}

// Reading puts the reading of one content on record, unless it is, and tells of
// the Cells through which it came.
func (d *Desk) Reading(ctx context.Context, s alveary.Subject, line alveary.Lineage, version int64, why Why, through []alveary.CellID) error {
	key := reading{user: Doer(s), link: s.Link, node: line.Node().ID, version: version, why: why}
	if s.Link != 0 {
		key.address = s.Address
	}
	if _, known := d.readings.Get(key); known || why == ForProbing {
		return nil
	}
	if err := d.store.Record(ctx, Line(s, string(why), alveary.VerdictDone, line, "")); err != nil {
		return err
	}
	d.readings.Add(key, struct{}{})
	if did := why.use(); d.used != nil && did != (alveary.CellUse{}) {
		for _, id := range through {
			d.used(s.User.ID, id, did)
		}
	}
	return nil
}
