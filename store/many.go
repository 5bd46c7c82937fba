package store

import (
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

// Lineages is Lineage for many nodes at once; those that are not there are
// missing from the map.
func (tx *Tx) Lineages(ids []alveary.NodeID) (map[alveary.NodeID]alveary.Lineage, error) {
	// A step up at a time: what lies together shares its folders.
	nodes, asked := map[alveary.NodeID]alveary.Node{}, map[alveary.NodeID]bool{}
	for wanted := slices.Clone(ids); len(wanted) > 0; {
		found, err := tx.nodes(wanted)
		if err != nil {
			return nil, err
		}
		wanted = wanted[:0]
		for _, n := range found {
			nodes[n.ID] = n
		}
		for _, n := range found {
			if n.ID != alveary.RootID && !asked[n.Parent] {
				asked[n.Parent] = true
				wanted = append(wanted, n.Parent)
			}
		}
	}
	lines := map[alveary.NodeID]alveary.Lineage{}
	for _, id := range ids {
		if line := lineTo(nodes, lines, id); line != nil {
			lines[id] = line
		}
	}
	return lines, nil
}

// lineTo puts a lineage together; nil where a step is missing.
func lineTo(nodes map[alveary.NodeID]alveary.Node, known map[alveary.NodeID]alveary.Lineage, id alveary.NodeID) (line alveary.Lineage) {
	if have := known[id]; have != nil {
		return have
	}
	for {
		n, ok := nodes[id]
		if !ok || len(line) > len(nodes) {
			return nil
		}
		if line = append(line, n); n.ID == alveary.RootID {
			slices.Reverse(line)
			return line
		}
		id = n.Parent
	}
}

func (tx *Tx) nodes(ids []alveary.NodeID) (nodes []alveary.Node, err error) {
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		err := tx.all(func(row scanner) error {
			n, err := tx.scanNode(row)
			nodes = append(nodes, n)
			return err
		}, `SELECT `+nodeColumns+` FROM nodes n WHERE n.id IN `+in, args...)
		if err != nil {
			return nil, err
		}
	}
	return nodes, nil
}
