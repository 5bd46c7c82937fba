package store

import (
	"math"

	"alveary"
)

// page is how many nodes a walk reads at once.
const page = 4096

// walkColumns are what the attributes of a node and its place need. Of a
// folder the number of its children takes the place of the size, below zero:
// each column costs a walk through a million nodes a tenth of a second.
const walkColumns = `n.id, n.parent_id, n.name, n.mtime, n.owner_id, n.meta, n.binned_at,
 CASE n.kind WHEN 1 THEN -1 - n.children ELSE n.size END`

// found is a node on a walk, and of a folder how many children it has.
type found struct {
	node     alveary.Node
	children int64
}

func (tx *Tx) scanFound(row scanner) (f found, err error) {
	c, err := tx.cells.scan(row, 8)
	if err != nil {
		return f, err
	}
	f.node = alveary.Node{
		ID: alveary.NodeID(c.number(0)), Parent: alveary.NodeID(c.number(1)), Name: c.text(2), Type: alveary.Leaf,
		MTime: c.time(3), Owner: alveary.UserID(c.number(4)), Binned: c.time(6), Size: c.number(7),
	}
	if f.node.Size < 0 {
		f.children = -1 - f.node.Size
		f.node.Type, f.node.Size = alveary.Collection, 0
	}
	f.node.Meta, err = tx.metadata(c.text(5))
	return f, err
}

// Subtree hands the nodes beneath a folder to fn, each after its folder, the
// folder itself left out; what lies in the bin only where withBin says so. Of a
// node it gives place and attributes (id, parent, name, type, size, MTime,
// owner, metadata, when it was binned), nothing of the content. It reads in
// pages, so that memory is bounded and fn may ask the transaction. An error of
// fn ends the walk.
func (tx *Tx) Subtree(id alveary.NodeID, withBin bool, fn func(alveary.Node) error) error {
	top, err := tx.scanFound(tx.row(`SELECT `+walkColumns+` FROM nodes n WHERE n.id = $1`, id))
	if err != nil {
		return noNode("walk through the folder", err)
	}
	w := walk{tx: tx, bin: withBin, fn: fn, level: []folderSize{{id, top.children}}}
	for len(w.level) > 0 {
		if err := w.readLevel(); err != nil {
			return err
		}
	}
	return nil
}

// walk is a walk under way: level by level, and within one the large folders
// each in pages and the small ones together.
type walk struct {
	tx          *Tx
	bin         bool
	fn          func(alveary.Node) error
	level, next []folderSize
	buffer      []found
}

// folderSize is a folder yet to be read.
type folderSize struct {
	id       alveary.NodeID
	children int64
}

func (w *walk) readLevel() error {
	var together []alveary.NodeID
	sum := int64(0)
	for _, f := range w.level {
		switch {
		case f.children > page:
			if err := w.large(f.id); err != nil {
				return err
			}
			continue
		case f.children == 0 && !w.bin:
			continue
		}
		if len(together) == 500 || sum+f.children > page {
			if err := w.small(together); err != nil {
				return err
			}
			together, sum = together[:0], 0
		}
		together, sum = append(together, f.id), sum+f.children
	}
	if err := w.small(together); err != nil {
		return err
	}
	w.level, w.next = w.next, w.level[:0]
	return nil
}

// visit hands on what was read. Rows are no longer under way.
func (w *walk) visit() error {
	for i := range w.buffer {
		if err := w.fn(w.buffer[i].node); err != nil {
			return err
		}
		if w.buffer[i].node.IsFolder() {
			w.next = append(w.next, folderSize{w.buffer[i].node.ID, w.buffer[i].children})
		}
	}
	w.buffer = w.buffer[:0]
	return nil
}

// small reads what lies directly in a few folders.
func (w *walk) small(folders []alveary.NodeID) error {
	if len(folders) == 0 {
		return nil
	}
	query := `SELECT ` + walkColumns + ` FROM nodes n WHERE n.parent_id IN (` + joinIDs(folders) + `)`
	if !w.bin {
		query += ` AND n.binned_at = 0`
	}
	err := w.tx.sql.Once().All(func(row scanner) error {
		f, err := w.tx.scanFound(row)
		w.buffer = append(w.buffer, f)
		return err
	}, query)
	if err != nil {
		return err
	}
	return w.visit()
}

// large reads one folder in pages, in the order of its index.
func (w *walk) large(folder alveary.NodeID) error {
	var binned, until int64 = -1, 0
	if w.bin {
		until = math.MaxInt64
	}
	kind, key, last := kindFolder, "", alveary.NodeID(0)
	for {
		err := w.tx.all(func(row scanner) error {
			f, err := w.tx.scanFound(row)
			w.buffer = append(w.buffer, f)
			return err
		}, `SELECT `+walkColumns+` FROM nodes n
 WHERE n.parent_id = $1 AND (n.binned_at, n.kind, n.sort_key, n.id) > ($2, $3, $4, $5) AND n.binned_at <= $6
 ORDER BY n.binned_at, n.kind, n.sort_key, n.id LIMIT $7`, folder, binned, kind, key, last, until, page)
		if err != nil {
			return err
		}
		full := len(w.buffer) == page
		if full { // the place of the last one, before fn can change it
			last = w.buffer[page-1].node.ID
			if err := w.tx.row(`SELECT binned_at, kind, sort_key FROM nodes WHERE id = $1`, last).Scan(&binned, &kind, &key); err != nil {
				return err
			}
		}
		if err := w.visit(); err != nil || !full {
			return err
		}
	}
}
