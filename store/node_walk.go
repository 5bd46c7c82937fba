package store

import (
	"slices"

	"alveary"
)

// page is how many nodes a walk reads at once.
const page = 4096

// Subtree hands the nodes beneath a folder to fn, each after its folder, the
// folder itself left out; what lies in the bin only where withBin says so. It
// reads in pages, so that memory is bounded and fn may ask the transaction.
// An error of fn ends the walk.
func (tx *Tx) Subtree(id alveary.NodeID, withBin bool, fn func(alveary.Node) error) error {
	level := []folderSize{{id: id}}
	if err := tx.row(`SELECT children FROM nodes WHERE id = $1`, id).Scan(&level[0].children); err != nil {
		return noNode("walk through the folder", err)
	}
	for len(level) > 0 {
		next, err := tx.walkLevel(level, withBin, fn)
		if err != nil {
			return err
		}
		level = next
	}
	return nil
}

// folderSize is a folder yet to be read.
type folderSize struct {
	id       alveary.NodeID
	children int64
}

// walkLevel reads what lies directly in the folders: large ones each in pages,
// small ones together.
func (tx *Tx) walkLevel(level []folderSize, withBin bool, fn func(alveary.Node) error) (next []folderSize, err error) {
	visit := func(nodes []alveary.Node, sizes []int64) error {
		for i, n := range nodes {
			if err := fn(n); err != nil {
				return err
			}
			if n.IsFolder() {
				next = append(next, folderSize{n.ID, sizes[i]})
			}
		}
		return nil
	}
	var together []alveary.NodeID
	sum := int64(0)
	flush := func() error {
		if len(together) == 0 {
			return nil
		}
		nodes, sizes, err := tx.contents(together, withBin)
		together, sum = together[:0], 0
		if err != nil {
			return err
		}
		return visit(nodes, sizes)
	}
	for _, f := range level {
		if f.children > page {
			if err := tx.walkLarge(f.id, withBin, visit); err != nil {
				return nil, err
			}
			continue
		}
		if len(together) == 500 || sum+f.children > page {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		// An empty folder may hold what is in the bin.
		if f.children > 0 || withBin {
			together, sum = append(together, f.id), sum+f.children
		}
	}
	return next, flush()
}

// contents reads what lies directly in a few folders.
func (tx *Tx) contents(folders []alveary.NodeID, withBin bool) (nodes []alveary.Node, sizes []int64, err error) {
	query := `SELECT ` + nodeColumns + `, n.children FROM nodes n WHERE n.parent_id IN (` + joinIDs(folders) + `)`
	if !withBin {
		query += ` AND n.binned_at = 0`
	}
	err = tx.sql.Once().All(func(row scanner) error {
		var size int64
		n, err := tx.scanNode(row, &size)
		nodes, sizes = append(nodes, n), append(sizes, size)
		return err
	}, query)
	return nodes, sizes, err
}

// walkLarge reads one folder in pages, in the order of its index.
func (tx *Tx) walkLarge(folder alveary.NodeID, withBin bool, visit func([]alveary.Node, []int64) error) error {
	nodes, sizes := make([]alveary.Node, 0, page), make([]int64, 0, page)
	binned, kind, key, last := int64(-1), 0, "", alveary.NodeID(0)
	until := int64(0)
	if withBin {
		until = 1<<63 - 1
	}
	for {
		nodes, sizes = nodes[:0], sizes[:0]
		err := tx.all(func(row scanner) error {
			var size int64
			n, err := tx.scanNode(row, &size, &binned, &kind, &key)
			last = n.ID
			nodes, sizes = append(nodes, n), append(sizes, size)
			return err
		}, `SELECT `+nodeColumns+`, n.children, n.binned_at, n.kind, n.sort_key FROM nodes n
 WHERE n.parent_id = $1 AND (n.binned_at, n.kind, n.sort_key, n.id) > ($2, $3, $4, $5) AND n.binned_at <= $6
 ORDER BY n.binned_at, n.kind, n.sort_key, n.id LIMIT $7`, folder, binned, kind, key, last, until, page)
		if err != nil {
			return err
		}
		if err := visit(slices.Clip(nodes), sizes); err != nil || len(nodes) < page {
			return err
		}
	}
}
