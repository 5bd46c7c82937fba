package access

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"alveary"
	"alveary/store/sqldb"
)

const roleColumns = `id, label, profiles, force_last, second_factor, invites, team, owner_user, owner_group`

func noRole() error { return notFound("find the role", "there is no such role") }

func scanRole(row sqldb.Scanner) (role alveary.Role, err error) {
	var profiles string
	var force, second, invites, team int
	if err := row.Scan(&role.ID, &role.Label, &profiles, &force, &second, &invites, &team, &role.OwnerUser, &role.OwnerGroup); err != nil {
		return role, err
	}
	role.ForceOverride, role.SecondFactor, role.Invites, role.Team = force != 0, second != 0, invites != 0, team != 0
	if profiles != "" {
		for p := range strings.SplitSeq(profiles, ",") {
			role.Profiles = append(role.Profiles, alveary.Profile(p))
		}
	}
	return role, nil
}

func profilesText(profiles []alveary.Profile) string {
	texts := make([]string, len(profiles))
	for i, p := range profiles {
		texts[i] = string(p)
	}
	return strings.Join(texts, ",")
}

// InsertRole adds a role; an id in use is KindConflict.
func (r Rows) InsertRole(role alveary.Role) error {
	err := r.change(`INSERT INTO roles (`+roleColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		role.ID, role.Label, profilesText(role.Profiles), sqldb.Bool(role.ForceOverride), sqldb.Bool(role.SecondFactor),
		sqldb.Bool(role.Invites), sqldb.Bool(role.Team), role.OwnerUser, role.OwnerGroup)
	if sqldb.IsDuplicate(err) {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: "make the role", Subject: string(role.ID), Code: "role-exists",
			Message: "there is already a role with this id; choose another",
		}
	}
	return err
}

// UpdateRole changes label, profiles, force and the settings of a role; who
// owns it, and that it is a team, never changes. KindNotFound where there is
// none.
func (r Rows) UpdateRole(role alveary.Role) error {
	if err := r.makeOwned(role.ID); err != nil {
		return err
	}
	return r.changeOne(noRole(), `UPDATE roles SET label = $2, profiles = $3, force_last = $4, second_factor = $5, invites = $6 WHERE id = $1`,
		role.ID, role.Label, profilesText(role.Profiles), sqldb.Bool(role.ForceOverride), sqldb.Bool(role.SecondFactor), sqldb.Bool(role.Invites))
}

// The ids of roles that users and groups own, by the id of the owner.
const (
	userRolePrefix  = "user-"
	groupRolePrefix = "group-"
)

// UserRole and GroupRole are the ids of the roles that a user and a group own.
// The rows of such roles are made when they first hold something.
func UserRole(id alveary.UserID) alveary.RoleID {
	return alveary.RoleID(userRolePrefix + strconv.FormatInt(int64(id), 10))
}

// GroupRole is that of a group; the root group's has a name of its own.
func GroupRole(id alveary.GroupID) alveary.RoleID {
	if id == alveary.RootGroup {
		return alveary.RootGroupRole
	}
	return alveary.RoleID(groupRolePrefix + strconv.FormatInt(int64(id), 10))
}

// ownedRole is a role that a user or a group owns, whether or not it has been
// made; false where the id is none of these, or its owner is not there.
func (r Rows) ownedRole(id alveary.RoleID) (role alveary.Role, ok bool, err error) {
	role.ID = id
	user, group := numberOf(id, userRolePrefix), numberOf(id, groupRolePrefix)
	switch {
	case user != 0:
		err = r.sql.Row(`SELECT id, login FROM users WHERE id = $1 AND role_id = $2`, user, id).Scan(&role.OwnerUser, &role.Label)
	case group != 0:
		err = r.sql.Row(`SELECT id, name FROM groups_tree WHERE id = $1 AND role_id = $2`, group, id).Scan(&role.OwnerGroup, &role.Label)
	default:
		return role, false, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return role, false, nil
	}
	return role, err == nil, err
}

// numberOf is the owner's id in the id of a role; 0 where it is none.
func numberOf(id alveary.RoleID, prefix string) int64 {
	number, ok := strings.CutPrefix(string(id), prefix)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// makeOwned makes the row of a role that a user or a group owns, where it is
// not there yet.
func (r Rows) makeOwned(id alveary.RoleID) error {
	if numberOf(id, userRolePrefix) == 0 && numberOf(id, groupRolePrefix) == 0 {
		return nil
	}
	var n int
	if err := r.sql.Row(`SELECT COUNT(*) FROM roles WHERE id = $1`, id).Scan(&n); err != nil || n > 0 {
		return err
	}
	role, ok, err := r.ownedRole(id)
	if err != nil || !ok {
		return err
	}
	return r.InsertRole(role)
}

// DeleteRole removes a role that nobody owns. While a user or an entry names
// it, it is KindConflict "in-use": a deny that it holds would be lifted
// unseen.
func (r Rows) DeleteRole(id alveary.RoleID) error {
	role, err := r.Role(id)
	if err != nil {
		return err
	}
	if role.OwnerUser != 0 || role.OwnerGroup != 0 {
		return &alveary.Error{
			Kind: alveary.KindInvalid, Op: "delete the role", Subject: string(id), Code: "owned",
			Message: "this role belongs to a user or a group and goes with it",
		}
	}
	var uses int64
	if err := r.sql.Row(`SELECT (SELECT COUNT(*) FROM user_roles WHERE role_id = $1)
 + (SELECT COUNT(*) FROM team_members WHERE role_id = $1) + (SELECT COUNT(*) FROM entries WHERE role_id = $1)`,
		id).Scan(&uses); err != nil {
		return err
	}
	if uses > 0 {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: "delete the role", Subject: string(id), Code: "in-use",
			Message: "this role is in use: take it from its users and delete its entries first",
		}
	}
	return r.changeOne(noRole(), `DELETE FROM roles WHERE id = $1`, id)
}

// Role finds a role, one that is owned whether or not it holds anything yet;
// KindNotFound where there is none.
func (r Rows) Role(id alveary.RoleID) (alveary.Role, error) {
	role, err := scanRole(r.sql.Row(`SELECT `+roleColumns+` FROM roles WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		owned, ok, err := r.ownedRole(id)
		if err == nil && !ok {
			err = noRole()
		}
		return owned, err
	}
	return role, err
}

// Roles lists the roles by id. Of those that users and groups own it has the
// ones that hold something.
func (r Rows) Roles() (roles []alveary.Role, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		role, err := scanRole(row)
		roles = append(roles, role)
		return err
	}, `SELECT `+roleColumns+` FROM roles`)
	slices.SortFunc(roles, func(a, b alveary.Role) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return roles, err
}

// RolesOf are roles by id; those that are not there, or own no row yet, are
// missing from the map.
func (r Rows) RolesOf(ids []alveary.RoleID) (map[alveary.RoleID]alveary.Role, error) {
	roles := make(map[alveary.RoleID]alveary.Role, len(ids))
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			role, err := scanRole(row)
			roles[role.ID] = role
			return err
		}, `SELECT `+roleColumns+` FROM roles WHERE id IN `+in, args...); err != nil {
			return nil, err
		}
	}
	return roles, nil
}

// RoleUses counts for each role that is in use the users who were assigned it
// by hand, or are in the team, and the entries that it holds.
func (r Rows) RoleUses() (users, entries map[alveary.RoleID]int64, err error) {
	if users, err = r.countRoles(`SELECT role_id, COUNT(*) FROM (SELECT role_id FROM user_roles UNION ALL SELECT role_id FROM team_members) AS x
 GROUP BY role_id`); err != nil {
		return nil, nil, err
	}
	entries, err = r.countRoles(`SELECT role_id, COUNT(*) FROM entries GROUP BY role_id`)
	return users, entries, err
}

func (r Rows) countRoles(query string) (map[alveary.RoleID]int64, error) {
	counts := map[alveary.RoleID]int64{}
	err := r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.RoleID
		var n int64
		err := row.Scan(&id, &n)
		counts[id] = n
		return err
	}, query)
	return counts, err
}
