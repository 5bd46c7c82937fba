package people

import (
	"cmp"
	"maps"
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

// Users lists the accounts by login, with their roles and teams.
func (r Rows) Users() (users []alveary.User, err error) {
	at := map[alveary.UserID]int{}
	if err := r.sql.All(func(row sqldb.Scanner) error {
		u, err := scanUser(row)
		at[u.ID] = len(users)
		users = append(users, u)
		return err
	}, `SELECT `+userColumns+` FROM users ORDER BY login_key`); err != nil {
		return nil, err
	}
	if err := r.eachRole(func(id alveary.UserID, role alveary.RoleID) {
		if i, ok := at[id]; ok {
			users[i].Roles = append(users[i].Roles, role)
		}
	}, `SELECT user_id, role_id FROM user_roles ORDER BY user_id, position`); err != nil {
		return nil, err
	}
	err = r.eachRole(func(id alveary.UserID, role alveary.RoleID) {
		if i, ok := at[id]; ok {
			users[i].Teams = append(users[i].Teams, role)
		}
	}, `SELECT user_id, role_id FROM team_members`)
	return users, err
}

func (r Rows) eachRole(fn func(alveary.UserID, alveary.RoleID), query string, args ...any) error {
	return r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.UserID
		var role alveary.RoleID
		err := row.Scan(&id, &role)
		if err == nil {
			fn(id, role)
		}
		return err
	}, query, args...)
}

// Administrators are the enabled accounts of the profile admin.
func (r Rows) Administrators() (ids []alveary.UserID, err error) {
	return r.ids(`SELECT id FROM users WHERE profile = $1 AND disabled = 0 ORDER BY id`, alveary.ProfileAdmin)
}

func (r Rows) ids(query string, args ...any) (ids []alveary.UserID, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.UserID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, query, args...)
	return ids, err
}

// Subject is a user as he is now, with the role he owns and his homes.
func (r Rows) Subject(id alveary.UserID) (s alveary.Subject, err error) {
	s.User, err = scanUser(r.sql.Row(`SELECT `+userColumns+`, role_id FROM users WHERE id = $1`, id), &s.Role)
	if err != nil {
		return alveary.Subject{}, noUser(err)
	}
	if err := r.addRoles(&s.User); err != nil {
		return alveary.Subject{}, err
	}
	s.Homes = map[alveary.TemplateID]alveary.NodeID{}
	err = r.sql.All(func(row sqldb.Scanner) error {
		var t alveary.TemplateID
		var n alveary.NodeID
		err := row.Scan(&t, &n)
		s.Homes[t] = n
		return err
	}, `SELECT template, node_id FROM homes WHERE user_id = $1`, id)
	return s, err
}

// Subjects is Subject for many users at once; those who are not there are
// missing from the map.
func (r Rows) Subjects(ids []alveary.UserID) (map[alveary.UserID]alveary.Subject, error) {
	subjects := make(map[alveary.UserID]alveary.Subject, len(ids))
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.subjects(subjects, in, args); err != nil {
			return nil, err
		}
	}
	return subjects, nil
}

func (r Rows) subjects(into map[alveary.UserID]alveary.Subject, in string, args []any) error {
	if err := r.sql.All(func(row sqldb.Scanner) (err error) {
		s := alveary.Subject{Homes: map[alveary.TemplateID]alveary.NodeID{}}
		s.User, err = scanUser(row, &s.Role)
		into[s.User.ID] = s
		return err
	}, `SELECT `+userColumns+`, role_id FROM users WHERE id IN `+in, args...); err != nil {
		return err
	}
	if err := r.eachRole(func(id alveary.UserID, role alveary.RoleID) {
		if s, ok := into[id]; ok {
			s.User.Roles = append(s.User.Roles, role)
			into[id] = s
		}
	}, `SELECT user_id, role_id FROM user_roles WHERE user_id IN `+in+` ORDER BY user_id, position`, args...); err != nil {
		return err
	}
	if err := r.eachRole(func(id alveary.UserID, role alveary.RoleID) {
		if s, ok := into[id]; ok {
			s.User.Teams = append(s.User.Teams, role)
			into[id] = s
		}
	}, `SELECT user_id, role_id FROM team_members WHERE user_id IN `+in, args...); err != nil {
		return err
	}
	return r.sql.All(func(row sqldb.Scanner) error {
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

// CellOwners are the users who own a Cell or link, by id, as they are now. An
// owner who is not there any more is missing.
func (r Rows) CellOwners() ([]alveary.Subject, error) {
	found := map[alveary.UserID]alveary.Subject{}
	if err := r.subjects(found, `(SELECT owner_id FROM cells)`, nil); err != nil {
		return nil, err
	}
	owners := slices.Collect(maps.Values(found))
	slices.SortFunc(owners, func(a, b alveary.Subject) int { return cmp.Compare(a.User.ID, b.User.ID) })
	return owners, nil
}

// Logins are what users are called, by id; those who are not there are missing
// from the map.
func (r Rows) Logins(ids []alveary.UserID) (map[alveary.UserID]string, error) {
	logins := make(map[alveary.UserID]string, len(ids))
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			var id alveary.UserID
			var login string
			err := row.Scan(&id, &login)
			logins[id] = login
			return err
		}, `SELECT id, login FROM users WHERE id IN `+in, args...); err != nil {
			return nil, err
		}
	}
	return logins, nil
}
