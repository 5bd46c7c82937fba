package people

import (
	"slices"

	"alveary"
	"alveary/store/access"
	"alveary/store/sqldb"
)

// Members lists who is in a team, by user id.
func (r Rows) Members(team alveary.RoleID) (members []alveary.Member, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var m alveary.Member
		var manager int
		err := row.Scan(&m.User, &manager)
		m.Manager = manager != 0
		members = append(members, m)
		return err
	}, `SELECT user_id, manager FROM team_members WHERE role_id = $1 ORDER BY user_id`, team)
	return members, err
}

// TeamsOf lists the teams that a user is in; true where he manages one.
func (r Rows) TeamsOf(user alveary.UserID) (teams map[alveary.RoleID]bool, err error) {
	teams = map[alveary.RoleID]bool{}
	err = r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.RoleID
		var manager int
		err := row.Scan(&id, &manager)
		teams[id] = manager != 0
		return err
	}, `SELECT role_id, manager FROM team_members WHERE user_id = $1`, user)
	return teams, err
}

// PutMember puts a user into a team, or changes what he is in it.
func (r Rows) PutMember(team alveary.RoleID, m alveary.Member) error {
	if _, err := r.sql.Exec(`INSERT INTO team_members (role_id, user_id, manager) VALUES ($1, $2, $3)
 ON CONFLICT (role_id, user_id) DO UPDATE SET manager = excluded.manager`, team, m.User, sqldb.Bool(m.Manager)); err != nil {
		return err
	}
	return r.changedOf(m.User)
}

// DeleteMember takes a user out of a team and says whether he was in it.
func (r Rows) DeleteMember(team alveary.RoleID, user alveary.UserID) (bool, error) {
	n, err := r.sql.Count(`DELETE FROM team_members WHERE role_id = $1 AND user_id = $2`, team, user)
	if err != nil || n == 0 {
		return false, err
	}
	return true, r.changedOf(user)
}

// DeleteTeam removes a team with its members, and the entries that its role
// holds.
func (r Rows) DeleteTeam(team alveary.RoleID) error {
	if err := r.execAll([]string{
		`DELETE FROM team_members WHERE role_id = $1`, `DELETE FROM entries WHERE role_id = $1`, `DELETE FROM roles WHERE id = $1 AND team = 1`,
	}, team); err != nil {
		return err
	}
	if err := r.changed(); err != nil {
		return err
	}
	return r.decides()
}

// MoveUsers puts everyone whose own group is one of those into another, and
// says who they are.
func (r Rows) MoveUsers(from []alveary.GroupID, to alveary.GroupID) (moved []alveary.UserID, err error) {
	for part := range slices.Chunk(from, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		some, err := r.ids(`SELECT id FROM users WHERE group_id IN `+in, args...)
		if err != nil {
			return nil, err
		}
		moved = append(moved, some...)
	}
	for part := range slices.Chunk(moved, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		// The group is a number and needs no quoting.
		if _, err := r.sql.Once().Exec(`UPDATE users SET group_id = `+alveary.NodeID(to).String()+` WHERE id IN `+in, args...); err != nil {
			return nil, err
		}
	}
	if len(moved) == 0 {
		return nil, nil
	}
	return moved, r.changedOf(moved...)
}

// Holders are who holds a role: the user who owns it, the people of the group
// that owns it and of those beneath, or whom it was given; of many at most so
// many of the first by login. Among these nobody is disabled, and in a group
// nobody is external, to whom groups give nothing. Nobody holds a role that is
// not there.
func (r Rows) Holders(id alveary.RoleID, most int) (users []alveary.UserID, err error) {
	role, err := access.On(r.sql, r.now, r.newID, r.decides, nil).Role(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := Filter{State: StateActive, Limit: most}
	switch {
	case role.OwnerUser != 0:
		return []alveary.UserID{role.OwnerUser}, nil
	case role.OwnerGroup != 0:
		f.Group, f.Beneath = role.OwnerGroup, true
	default:
		f.Role = id
	}
	found, err := r.FindUsers(f)
	for _, u := range found.Users {
		if role.OwnerGroup == 0 || u.Profile != alveary.ProfileShared {
			users = append(users, u.ID)
		}
	}
	return users, err
}
