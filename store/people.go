package store

import (
	"database/sql"
	"errors"
	"fmt"

	"alveary"
)

const userColumns = `id, login, name, email, profile, group_id, disabled, created_at`

func scanUser(row scanner, more ...any) (u alveary.User, err error) {
	var disabled int
	var created int64
	err = row.Scan(append([]any{&u.ID, &u.Login, &u.Name, &u.Email, &u.Profile, &u.Group, &disabled, &created}, more...)...)
	u.Disabled, u.Created = disabled != 0, fromMicros(created)
	return u, err
}

func noUser(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &alveary.Error{Kind: alveary.KindNotFound, Op: "find the user", Code: "not-found", Message: "there is no such user"}
	}
	return err
}

// InsertUser makes an account with the role that it owns, and its assigned
// roles in order. A login that is in use, whatever its case, is KindConflict.
func (tx *Tx) InsertUser(u alveary.User, passwordHash string) (alveary.User, error) {
	u.ID, u.Created = alveary.UserID(tx.NewID()), tx.now
	own := alveary.Role{ID: alveary.RoleID(fmt.Sprintf("user-%d", u.ID)), Label: u.Login, OwnerUser: u.ID}
	_, err := tx.exec(`INSERT INTO users (id, login, login_key, name, email, profile, group_id, disabled, password_hash, role_id, created_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, u.ID, u.Login, FoldName(u.Login), u.Name, u.Email, u.Profile,
		u.Group, asInt(u.Disabled), passwordHash, own.ID, toMicros(u.Created))
	if isDuplicate(err) {
		return u, &alveary.Error{
			Kind: alveary.KindConflict, Op: "make the user", Subject: u.Login, Code: "login-exists",
			Message: "there is already a user with this login; choose another",
		}
	}
	if err != nil {
		return u, err
	}
	for i, role := range u.Roles {
		if _, err := tx.exec(`INSERT INTO user_roles (user_id, position, role_id) VALUES ($1, $2, $3)`, u.ID, i, role); err != nil {
			return u, err
		}
	}
	return u, tx.InsertRole(own)
}

// User finds an account by id, with its assigned roles; KindNotFound where
// there is none.
func (tx *Tx) User(id alveary.UserID) (alveary.User, error) {
	u, err := scanUser(tx.row(`SELECT `+userColumns+` FROM users WHERE id = $1`, id))
	if err != nil {
		return u, noUser(err)
	}
	u.Roles, err = tx.userRoles(id)
	return u, err
}

// UserByLogin finds an account by its login, in any case, with the hash of its
// password; KindNotFound where there is none.
func (tx *Tx) UserByLogin(login string) (u alveary.User, passwordHash string, err error) {
	u, err = scanUser(tx.row(`SELECT `+userColumns+`, password_hash FROM users WHERE login_key = $1`, FoldName(login)), &passwordHash)
	if err != nil {
		return u, "", noUser(err)
	}
	u.Roles, err = tx.userRoles(u.ID)
	return u, passwordHash, err
}

// Users lists the accounts by login, without their assigned roles.
func (tx *Tx) Users() (users []alveary.User, err error) {
	err = tx.all(func(row scanner) error {
		u, err := scanUser(row)
		users = append(users, u)
		return err
	}, `SELECT `+userColumns+` FROM users ORDER BY login_key`)
	return users, err
}

// CountUsers is how many accounts there are.
func (tx *Tx) CountUsers() (n int64, err error) {
	err = tx.row(`SELECT COUNT(*) FROM users`).Scan(&n)
	return n, err
}

// SetPasswordHash replaces the hash of a user's password.
func (tx *Tx) SetPasswordHash(id alveary.UserID, hash string) error {
	_, err := tx.exec(`UPDATE users SET password_hash = $1 WHERE id = $2`, hash, id)
	return err
}

// SetDisabled disables or enables an account; a disabled one has no roles.
func (tx *Tx) SetDisabled(id alveary.UserID, disabled bool) error {
	_, err := tx.exec(`UPDATE users SET disabled = $1 WHERE id = $2`, asInt(disabled), id)
	return err
}

// Named is what a user is called: his login, and the name to show. KindNotFound
// where there is none.
func (tx *Tx) Named(id alveary.UserID) (login, name string, err error) {
	var u alveary.User
	err = noUser(tx.row(`SELECT login, name FROM users WHERE id = $1`, id).Scan(&u.Login, &u.Name))
	return u.Login, u.DisplayName(), err
}

// Subject is a user as he is now, with the role he owns and his homes.
func (tx *Tx) Subject(id alveary.UserID) (s alveary.Subject, err error) {
	s.User, err = scanUser(tx.row(`SELECT `+userColumns+`, role_id FROM users WHERE id = $1`, id), &s.Role)
	if err != nil {
		return alveary.Subject{}, noUser(err)
	}
	if s.User.Roles, err = tx.userRoles(id); err != nil {
		return alveary.Subject{}, err
	}
	s.Homes, err = tx.Homes(id)
	return s, err
}

func (tx *Tx) userRoles(id alveary.UserID) (roles []alveary.RoleID, err error) {
	err = tx.all(func(row scanner) error {
		var r alveary.RoleID
		err := row.Scan(&r)
		roles = append(roles, r)
		return err
	}, `SELECT role_id FROM user_roles WHERE user_id = $1 ORDER BY position`, id)
	return roles, err
}

// InsertGroup makes a group beneath another with the role that it owns; a name
// in use there is KindConflict.
func (tx *Tx) InsertGroup(parent alveary.GroupID, name string) (alveary.Group, error) {
	if err := alveary.CheckName(name); err != nil {
		return alveary.Group{}, err
	}
	g := alveary.Group{ID: alveary.GroupID(tx.NewID()), Parent: parent, Name: name}
	g.Role = alveary.RoleID(fmt.Sprintf("group-%d", g.ID))
	_, err := tx.exec(`INSERT INTO groups_tree (id, parent_id, name, name_key, role_id) VALUES ($1, $2, $3, $4, $5)`,
		g.ID, g.Parent, g.Name, FoldName(g.Name), g.Role)
	if isDuplicate(err) {
		return g, &alveary.Error{Kind: alveary.KindConflict, Op: "make the group", Subject: name, Message: "there is already a group of this name there"}
	}
	if err != nil {
		return g, err
	}
	return g, tx.InsertRole(alveary.Role{ID: g.Role, Label: name, OwnerGroup: g.ID})
}

// Groups lists the groups, parents first.
func (tx *Tx) Groups() (groups []alveary.Group, err error) {
	err = tx.all(func(row scanner) error {
		var g alveary.Group
		err := row.Scan(&g.ID, &g.Parent, &g.Name, &g.Role)
		groups = append(groups, g)
		return err
	}, `SELECT id, parent_id, name, role_id FROM groups_tree ORDER BY id`)
	return groups, err
}
