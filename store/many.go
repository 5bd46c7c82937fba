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

// Subjects is Subject for many users at once; those who are not there are
// missing from the map.
func (tx *Tx) Subjects(ids []alveary.UserID) (map[alveary.UserID]alveary.Subject, error) {
	subjects := make(map[alveary.UserID]alveary.Subject, len(ids))
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := tx.subjects(subjects, in, args); err != nil {
			return nil, err
		}
	}
	return subjects, nil
}

func (tx *Tx) subjects(into map[alveary.UserID]alveary.Subject, in string, args []any) error {
	if err := tx.all(func(row scanner) (err error) {
		s := alveary.Subject{Homes: map[alveary.TemplateID]alveary.NodeID{}}
		s.User, err = scanUser(row, &s.Role)
		into[s.User.ID] = s
		return err
	}, `SELECT `+userColumns+`, role_id FROM users WHERE id IN `+in, args...); err != nil {
		return err
	}
	if err := tx.all(func(row scanner) error {
		var id alveary.UserID
		var role alveary.RoleID
		err := row.Scan(&id, &role)
		s := into[id]
		s.User.Roles = append(s.User.Roles, role)
		into[id] = s
		return err
	}, `SELECT user_id, role_id FROM user_roles WHERE user_id IN `+in+` ORDER BY user_id, position`, args...); err != nil {
		return err
	}
	return tx.all(func(row scanner) error {
		var id alveary.UserID
		var template alveary.TemplateID
		var node alveary.NodeID
		err := row.Scan(&id, &template, &node)
		if s, ok := into[id]; ok {
			s.Homes[template] = node
		}
		return err
	}, `SELECT user_id, template, node_id FROM homes WHERE user_id IN `+in, args...)
}
