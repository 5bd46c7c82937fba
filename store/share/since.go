package share

import (
	"cmp"
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

// remembered is for how many versions of the access data it is known which
// Cells ended.
const remembered = 100_000

// CellsSince is Cells at a version of the access data for who has those of an
// earlier one: it reads what has changed since, and takes over the rest. What
// is taken over is the same memory, so that nobody may change it; where nothing
// has changed it is the very list.
func (r Rows) CellsSince(earlier, version int64, had []alveary.Cell) ([]alveary.Cell, error) {
	if version-earlier >= remembered {
		return r.Cells()
	}
	// By id, or SQLite would read all for the sake of their order.
	changed, err := r.load(`c.id IN (SELECT id FROM cells WHERE changed > $1)`, earlier)
	if err != nil {
		return nil, err
	}
	ended, err := r.idsOf(`SELECT cell_id FROM cells_ended WHERE changed > $1`, earlier)
	if err != nil {
		return nil, err
	}
	cells := merged(had, changed)
	if len(ended) == 0 {
		return cells, nil
	}
	gone := make(map[alveary.CellID]bool, len(ended))
	for _, id := range ended {
		gone[id] = true
	}
	left := make([]alveary.Cell, 0, len(cells))
	for i := range cells {
		if !gone[cells[i].ID] {
			left = append(left, cells[i])
		}
	}
	return left, nil
}

// noteEnd notes that a Cell ends with the next version, and forgets what is
// too long ago.
func (r Rows) noteEnd(id alveary.CellID) error {
	if _, err := r.sql.Exec(`DELETE FROM cells_ended WHERE changed <= `+stamp+` - $1`, remembered); err != nil {
		return err
	}
	_, err := r.sql.Exec(`INSERT INTO cells_ended (cell_id, changed) VALUES ($1, `+stamp+`)`, id)
	return err
}

// merged puts changed Cells in the place of what was, both by id.
func merged(had, changed []alveary.Cell) []alveary.Cell {
	if len(changed) == 0 {
		return had
	}
	out := make([]alveary.Cell, 0, len(had)+len(changed))
	for _, c := range changed {
		at, known := slices.BinarySearchFunc(had, c.ID, func(c alveary.Cell, id alveary.CellID) int { return cmp.Compare(c.ID, id) })
		out = append(append(out, had[:at]...), c)
		if known {
			at++
		}
		had = had[at:]
	}
	return append(out, had...)
}

// idsOf lists the ids that a query finds.
func (r Rows) idsOf(query string, args ...any) (ids []alveary.CellID, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.CellID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, query, args...)
	return ids, err
}
