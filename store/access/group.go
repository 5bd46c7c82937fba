package access

import (
	"alveary"
	"alveary/store/names"
	"alveary/store/sqldb"
)

// InsertGroup makes a group beneath another; a name in use there is
// KindConflict.
func (r Rows) InsertGroup(parent alveary.GroupID, name string) (alveary.Group, error) {
	if err := alveary.CheckName(name); err != nil {
		return alveary.Group{}, err
	}
	g := alveary.Group{ID: alveary.GroupID(r.newID()), Parent: parent, Name: name}
	g.Role = GroupRole(g.ID)
	_, err := r.sql.Exec(`INSERT INTO groups_tree (id, parent_id, name, name_key, role_id) VALUES ($1, $2, $3, $4, $5)`,
		g.ID, g.Parent, g.Name, names.Fold(g.Name), g.Role)
	if sqldb.IsDuplicate(err) {
		return g, &alveary.Error{Kind: alveary.KindConflict, Op: "make the group", Subject: name, Code: "group-exists", Message: "there is already a group of this name there; choose another"}
	}
	if err != nil {
		return g, err
	}
	return g, r.changed()
}

// Groups lists the groups, parents first.
func (r Rows) Groups() (groups []alveary.Group, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var g alveary.Group
		err := row.Scan(&g.ID, &g.Parent, &g.Name, &g.Role)
		groups = append(groups, g)
		return err
	}, `SELECT id, parent_id, name, role_id FROM groups_tree ORDER BY id`)
	return groups, err
}

func noGroup() error { return notFound("find the group", "there is no such group") }

// Group finds a group; KindNotFound where there is none.
func (r Rows) Group(id alveary.GroupID) (g alveary.Group, err error) {
	err = r.sql.Row(`SELECT id, parent_id, name, role_id FROM groups_tree WHERE id = $1`, id).Scan(&g.ID, &g.Parent, &g.Name, &g.Role)
	return g, orMissing(err, noGroup())
}

// UsersByGroup counts the users whose own group it is, for each group that has
// any.
func (r Rows) UsersByGroup() (map[alveary.GroupID]int64, error) {
	counts := map[alveary.GroupID]int64{}
	err := r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.GroupID
		var n int64
		err := row.Scan(&id, &n)
		counts[id] = n
		return err
	}, `SELECT group_id, COUNT(*) FROM users GROUP BY group_id`)
	return counts, err
}

// DeleteGroup removes an empty group with the role that it owns and that
// role's entries. One with users or groups in it, or whose role was assigned
// by hand, is KindConflict: a deny that the role holds would be lifted unseen.
func (r Rows) DeleteGroup(id alveary.GroupID) error {
	const op = "delete the group"
	g, err := r.Group(id)
	if err != nil {
		return err
	}
	if id == alveary.RootGroup {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "root-group", Message: "the root group cannot be deleted"}
	}
	var within, assigned int64
	if err := r.sql.Row(`SELECT (SELECT COUNT(*) FROM users WHERE group_id = $1) + (SELECT COUNT(*) FROM groups_tree WHERE parent_id = $1),
 (SELECT COUNT(*) FROM user_roles WHERE role_id = $2)`, id, g.Role).Scan(&within, &assigned); err != nil {
		return err
	}
	switch {
	case within > 0:
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: op, Subject: g.Name, Code: "not-empty",
			Message: "there are users or groups in this group: move them elsewhere first",
		}
	case assigned > 0:
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: op, Subject: g.Name, Code: "in-use",
			Message: "the role of this group is assigned to users: take it from them first",
		}
	}
	for _, statement := range []string{`DELETE FROM entries WHERE role_id = $1`, `DELETE FROM roles WHERE id = $1`, `DELETE FROM groups_tree WHERE role_id = $1`} {
		if _, err := r.sql.Exec(statement, g.Role); err != nil {
			return err
		}
	}
	return r.changed()
}
