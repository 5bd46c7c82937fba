package access

import (
	"cmp"
	"slices"

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
	if err := r.sql.All(func(row sqldb.Scanner) error {
		var g alveary.Group
		err := row.Scan(&g.ID, &g.Parent, &g.Name, &g.Role)
		groups = append(groups, g)
		return err
	}, `SELECT id, parent_id, name, role_id FROM groups_tree ORDER BY id`); err != nil {
		return nil, err
	}
	return parentsFirst(groups), nil
}

// parentsFirst keeps the order but for those that were moved beneath a younger
// group.
func parentsFirst(groups []alveary.Group) []alveary.Group {
	if !slices.ContainsFunc(groups, func(g alveary.Group) bool { return g.Parent > g.ID }) {
		return groups
	}
	children := map[alveary.GroupID][]alveary.Group{}
	for _, g := range groups {
		children[g.Parent] = append(children[g.Parent], g)
	}
	out := make([]alveary.Group, 0, len(groups))
	out = append(out, children[0]...)
	for i := 0; i < len(out); i++ {
		out = append(out, children[out[i].ID]...)
	}
	return out
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

// UpdateGroup renames or moves a group, with everything beneath it. A name in
// use there is KindConflict; moving a group into itself is KindInvalid.
func (r Rows) UpdateGroup(g alveary.Group) error {
	const op = "change the group"
	if g.ID == alveary.RootGroup {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "root-group", Message: "the root group has no name, and nothing above it"}
	}
	if err := alveary.CheckName(g.Name); err != nil {
		return err
	}
	beneath, err := r.GroupsBeneath(g.ID)
	if err != nil {
		return err
	}
	if slices.Contains(beneath, g.Parent) {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: g.Name, Code: "into-itself", Message: "a group cannot be moved into itself"}
	}
	if _, err := r.Group(g.Parent); err != nil {
		return err
	}
	err = r.changeOne(noGroup(), `UPDATE groups_tree SET parent_id = $2, name = $3, name_key = $4 WHERE id = $1`, g.ID, g.Parent, g.Name, names.Fold(g.Name))
	if sqldb.IsDuplicate(err) {
		return &alveary.Error{Kind: alveary.KindConflict, Op: op, Subject: g.Name, Code: "group-exists", Message: "there is already a group of this name there; choose another"}
	}
	if err != nil {
		return err
	}
	_, err = r.sql.Exec(`UPDATE roles SET label = $1 WHERE id = $2 AND owner_group = $3`, g.Name, g.Role, g.ID)
	return err
}

// GroupsBeneath lists a group and all beneath it, itself first; none where
// there is no such group.
func (r Rows) GroupsBeneath(id alveary.GroupID) (ids []alveary.GroupID, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var g alveary.GroupID
		err := row.Scan(&g)
		ids = append(ids, g)
		return err
	}, `WITH RECURSIVE down (id) AS (SELECT id FROM groups_tree WHERE id = $1
 UNION SELECT g.id FROM groups_tree g JOIN down d ON g.parent_id = d.id) SELECT id FROM down`, id)
	slices.SortFunc(ids, func(a, b alveary.GroupID) int {
		if a == id || b == id { // a group may be moved beneath a younger one
			return cmp.Compare(sqldb.Bool(b == id), sqldb.Bool(a == id))
		}
		return cmp.Compare(a, b)
	})
	return ids, err
}

// GroupEntries counts the entries that the roles of groups hold.
func (r Rows) GroupEntries(ids []alveary.GroupID) (n int64, err error) {
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		var some int64
		if err := r.sql.Row(`SELECT COUNT(*) FROM entries WHERE role_id IN (SELECT role_id FROM groups_tree WHERE id IN `+in+`)`, args...).Scan(&some); err != nil {
			return 0, err
		}
		n += some
	}
	return n, nil
}

// DeleteGroups removes groups, the roles that they own and those roles'
// entries. One with users in it, or with groups that stay, is KindConflict: a
// deny that its role holds would be lifted unseen.
func (r Rows) DeleteGroups(ids []alveary.GroupID) error {
	const op = "delete the group"
	if slices.Contains(ids, alveary.RootGroup) {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "root-group", Message: "the root group cannot be deleted"}
	}
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		var users, assigned int64
		if err := r.sql.Row(`SELECT (SELECT COUNT(*) FROM users WHERE group_id IN `+in+`), (SELECT COUNT(*) FROM user_roles
 WHERE role_id IN (SELECT role_id FROM groups_tree WHERE id IN `+in+`))`, args...).Scan(&users, &assigned); err != nil {
			return err
		}
		switch {
		case users > 0:
			return notEmpty(op)
		case assigned > 0:
			return &alveary.Error{
				Kind: alveary.KindConflict, Op: op, Code: "in-use",
				Message: "the role of this group is assigned to users: take it from them first",
			}
		}
		for _, statement := range []string{
			`DELETE FROM entries WHERE role_id IN (SELECT role_id FROM groups_tree WHERE id IN ` + in + `)`,
			`DELETE FROM roles WHERE id IN (SELECT role_id FROM groups_tree WHERE id IN ` + in + `)`,
			`DELETE FROM groups_tree WHERE id IN ` + in,
		} {
			if _, err := r.sql.Exec(statement, args...); err != nil {
				return err
			}
		}
	}
	var lost int64
	if err := r.sql.Row(`SELECT COUNT(*) FROM groups_tree c LEFT JOIN groups_tree p ON p.id = c.parent_id WHERE p.id IS NULL AND c.parent_id <> 0`).Scan(&lost); err != nil {
		return err
	}
	if lost > 0 {
		return notEmpty(op)
	}
	return r.changed()
}

func notEmpty(op string) error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: op, Code: "not-empty",
		Message: "there are users or groups in this group: move them elsewhere first",
	}
}

// DeleteGroup removes an empty group with the role that it owns and that
// role's entries; one with users or groups in it is KindConflict.
func (r Rows) DeleteGroup(id alveary.GroupID) error {
	if _, err := r.Group(id); err != nil {
		return err
	}
	return r.DeleteGroups([]alveary.GroupID{id})
}
