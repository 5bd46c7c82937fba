package share

import (
	"maps"
	"slices"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

// CellUses are what was done with Cells so far; of one that is missing,
// nothing.
func (r Rows) CellUses(ids []alveary.CellID) (map[alveary.CellID]alveary.CellUse, error) {
	uses := make(map[alveary.CellID]alveary.CellUse, len(ids))
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			var id alveary.CellID
			var u alveary.CellUse
			var last int64
			err := row.Scan(&id, &u.Opened, &u.Downloads, &u.Uploads, &last)
			u.Last = sqldb.Time(last)
			uses[id] = u
			return err
		}, `SELECT cell_id, opened, downloads, uploads, last_at FROM cell_use WHERE cell_id IN `+in, args...); err != nil {
			return nil, err
		}
	}
	return uses, nil
}

// addUse adds to what is there.
const addUse = ` ON CONFLICT (cell_id) DO UPDATE SET opened = cell_use.opened + excluded.opened,
 downloads = cell_use.downloads + excluded.downloads, uploads = cell_use.uploads + excluded.uploads,
 last_at = CASE WHEN excluded.last_at > cell_use.last_at THEN excluded.last_at ELSE cell_use.last_at END`

// AddUse adds to what was done with Cells; the last use is the later one. What
// ended meanwhile is left out.
func (r Rows) AddUse(uses map[alveary.CellID]alveary.CellUse) error {
	var rows [][]any
	for part := range slices.Chunk(slices.Sorted(maps.Keys(uses)), sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			var id alveary.CellID
			err := row.Scan(&id)
			u := uses[id]
			rows = append(rows, []any{id, u.Opened, u.Downloads, u.Uploads, sqldb.Micros(u.Last)})
			return err
		}, `SELECT id FROM cells WHERE id IN `+in+` ORDER BY id`, args...); err != nil {
			return err
		}
	}
	return r.sql.InsertMany(`INSERT INTO cell_use (cell_id, opened, downloads, uploads, last_at)`, addUse, rows)
}

// ClaimDownload counts a download of a link where fewer than most were counted,
// and says whether it did. It is one statement: of any number of visitors no
// more than most are told yes. A most of 0 lets nobody through.
func (r Rows) ClaimDownload(cell alveary.CellID, most int64) (ok bool, err error) {
	if most <= 0 {
		return false, nil
	}
	n, err := r.sql.Count(`INSERT INTO cell_use (cell_id, opened, downloads, uploads, last_at)
 SELECT id, 0, 1, 0, $2 FROM cells WHERE id = $1`+addUse+` WHERE cell_use.downloads < $3`, cell, sqldb.Micros(r.now), most)
	return n == 1, err
}

// Download is one that is under way through a link whose downloads are counted.
type Download struct {
	Cell    alveary.CellID
	Node    alveary.NodeID
	Version int64
	Since   int64 // where the bytes begin that are being handed out
	Handed  int64 // and where they end: what lies behind was not handed out yet
	Expires time.Time
}

// OpenDownload keeps a download that was claimed, so that it can be resumed
// until it expires; it takes the place of an earlier one of the same id, of
// which nothing is to be had any more. Those that expired are forgotten.
func (r Rows) OpenDownload(id string, d Download) error {
	if _, err := r.sql.Exec(`DELETE FROM downloads WHERE expires_at <= $1`, sqldb.Micros(r.now)); err != nil {
		return err
	}
	_, err := r.sql.Exec(`INSERT INTO downloads (id, cell_id, node_id, version, since, handed, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
 ON CONFLICT (id) DO UPDATE SET cell_id = excluded.cell_id, node_id = excluded.node_id, version = excluded.version,
 since = excluded.since, handed = excluded.handed, expires_at = excluded.expires_at`,
		id, d.Cell, d.Node, d.Version, d.Since, d.Handed, sqldb.Micros(d.Expires))
	return err
}

// AdvanceDownload takes on the bytes of a download between two offsets, and
// says whether they were still to be had: none of them was taken on before. It
// is one statement, so that each byte is taken on by one asker alone.
func (r Rows) AdvanceDownload(id string, cell, node, version, from, to int64) (ok bool, err error) {
	if from < 0 || to < from {
		return false, nil
	}
	n, err := r.sql.Count(`UPDATE downloads SET since = $5, handed = $6 WHERE id = $1 AND cell_id = $2 AND node_id = $3 AND version = $4
 AND handed <= $5 AND expires_at > $7`, id, cell, node, version, from, to, sqldb.Micros(r.now))
	return n == 1, err
}

// SettleDownload gives back what was taken on between two offsets and not
// handed out, after one that broke off: handed is the offset up to which bytes
// were. It is not called for one that was handed out to its end. Where others
// took on something since, nothing is given back: it would be theirs.
func (r Rows) SettleDownload(id string, from, to, handed int64) error {
	if handed < from || handed >= to {
		return nil
	}
	_, err := r.sql.Exec(`UPDATE downloads SET handed = $4 WHERE id = $1 AND since = $2 AND handed = $3`, id, from, to, handed)
	return err
}
