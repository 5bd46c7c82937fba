package access

import (
	"slices"
	"strings"

	"alveary"
	"alveary/store/sqldb"
)

const roleColumns = `id, label, profiles, force_last, owner_user, owner_group`

func noRole() error { return notFound("find the role", "there is no such role") }

func scanRole(row sqldb.Scanner) (role alveary.Role, err error) {
	var profiles string
	var force int
	if err := row.Scan(&role.ID, &role.Label, &profiles, &force, &role.OwnerUser, &role.OwnerGroup); err != nil {
		return role, err
	}
	role.ForceOverride = force != 0
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
	err := r.change(`INSERT INTO roles (`+roleColumns+`) VALUES ($1, $2, $3, $4, $5, $6)`,
		role.ID, role.Label, profilesText(role.Profiles), sqldb.Bool(role.ForceOverride), role.OwnerUser, role.OwnerGroup)
	if sqldb.IsDuplicate(err) {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: "make the role", Subject: string(role.ID), Code: "role-exists",
			Message: "there is already a role with this id; choose another",
		}
	}
	return err
}

// UpdateRole changes label, profiles and force of a role; who owns it never
// changes. KindNotFound where there is none.
func (r Rows) UpdateRole(role alveary.Role) error {
	return r.changeOne(noRole(), `UPDATE roles SET label = $2, profiles = $3, force_last = $4 WHERE id = $1`,
		role.ID, role.Label, profilesText(role.Profiles), sqldb.Bool(role.ForceOverride))
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
	if err := r.sql.Row(`SELECT (SELECT COUNT(*) FROM user_roles WHERE role_id = $1) + (SELECT COUNT(*) FROM entries WHERE role_id = $1)`,
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

// Role finds a role; KindNotFound where there is none.
func (r Rows) Role(id alveary.RoleID) (alveary.Role, error) {
	role, err := scanRole(r.sql.Row(`SELECT `+roleColumns+` FROM roles WHERE id = $1`, id))
	return role, orMissing(err, noRole())
}

// Roles lists the roles by id.
func (r Rows) Roles() (roles []alveary.Role, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		role, err := scanRole(row)
		roles = append(roles, role)
		return err
	}, `SELECT `+roleColumns+` FROM roles`)
	slices.SortFunc(roles, func(a, b alveary.Role) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return roles, err
}

// RoleUses counts for each role that is in use the users who were assigned it
// by hand and the entries that it holds.
func (r Rows) RoleUses() (users, entries map[alveary.RoleID]int64, err error) {
	if users, err = r.countRoles(`SELECT role_id, COUNT(*) FROM user_roles GROUP BY role_id`); err != nil {
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
