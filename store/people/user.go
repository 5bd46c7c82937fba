package people

import (
	"alveary"
	"alveary/store/access"
	"alveary/store/names"
	"alveary/store/sqldb"
)

const userColumns = `id, login, name, email, profile, group_id, disabled, created_at, created_by, signed_in_at, attributes`

func scanUser(row sqldb.Scanner, more ...any) (u alveary.User, err error) {
	var disabled int
	var created, signedIn int64
	var attributes string
	err = row.Scan(append([]any{
		&u.ID, &u.Login, &u.Name, &u.Email, &u.Profile, &u.Group, &disabled, &created, &u.CreatedBy, &signedIn, &attributes,
	}, more...)...)
	u.Disabled, u.Created, u.SignedIn = disabled != 0, sqldb.Time(created), sqldb.Time(signedIn)
	if err == nil {
		u.Attributes, err = ParseAttributes(attributes)
	}
	return u, err
}

func loginExists(login string) error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "make the user", Subject: login, Code: "login-exists",
		Message: "there is already a user with this login; choose another",
	}
}

const insertUser = `INSERT INTO users (id, login, login_key, name, email, profile, group_id, disabled, password_hash, role_id, created_at, created_by, attributes)`

func (r Rows) userRow(u alveary.User, passwordHash string) ([]any, error) {
	attributes, err := attributesText(u.Attributes)
	return []any{
		u.ID, u.Login, names.Fold(u.Login), u.Name, u.Email, u.Profile, u.Group, sqldb.Bool(u.Disabled), passwordHash,
		access.UserRole(u.ID), sqldb.Micros(u.Created), u.CreatedBy, attributes,
	}, err
}

// InsertUser makes an account with its assigned roles in order; the role of
// his own is made when it first holds something. A login that is in use,
// whatever its case, is KindConflict.
func (r Rows) InsertUser(u alveary.User, passwordHash string) (alveary.User, error) {
	u.ID, u.Created = alveary.UserID(r.newID()), r.now
	row, err := r.userRow(u, passwordHash)
	if err != nil {
		return u, err
	}
	err = r.sql.InsertMany(insertUser, "", [][]any{row})
	if sqldb.IsDuplicate(err) {
		return u, loginExists(u.Login)
	}
	if err != nil {
		return u, err
	}
	if err := r.insertUserRoles(u.ID, u.Roles); err != nil {
		return u, err
	}
	if err := r.insertWords(u); err != nil {
		return u, err
	}
	return u, r.changed()
}

// NewUser is an account to be made with others.
type NewUser struct {
	User         alveary.User
	PasswordHash string // empty: no password opens it
}

// InsertUsers is InsertUser for many: they are given their ids and times. That
// each login is free is to be known before; one that is not is KindConflict
// without its name.
func (r Rows) InsertUsers(users []NewUser) error {
	rows, roles := make([][]any, len(users)), [][]any{}
	people := make([]alveary.User, len(users))
	for i := range users {
		u := &users[i].User
		u.ID, u.Created = alveary.UserID(r.newID()), r.now
		var err error
		if rows[i], err = r.userRow(*u, users[i].PasswordHash); err != nil {
			return err
		}
		for at, role := range u.Roles {
			roles = append(roles, []any{u.ID, at, role})
		}
		people[i] = *u
	}
	err := r.sql.InsertMany(insertUser, "", rows)
	if sqldb.IsDuplicate(err) {
		return loginExists("")
	}
	if err != nil {
		return err
	}
	if err := r.sql.InsertMany(`INSERT INTO user_roles (user_id, position, role_id)`, "", roles); err != nil {
		return err
	}
	if err := r.insertWords(people...); err != nil {
		return err
	}
	return r.changed()
}

func (r Rows) insertUserRoles(id alveary.UserID, roles []alveary.RoleID) error {
	for i, role := range roles {
		if _, err := r.sql.Exec(`INSERT INTO user_roles (user_id, position, role_id) VALUES ($1, $2, $3)`, id, i, role); err != nil {
			return err
		}
	}
	return nil
}

// SetUserRoles replaces the roles that are assigned to a user by hand, in
// their order.
func (r Rows) SetUserRoles(id alveary.UserID, roles []alveary.RoleID) error {
	if _, err := r.sql.Exec(`DELETE FROM user_roles WHERE user_id = $1`, id); err != nil {
		return err
	}
	if err := r.insertUserRoles(id, roles); err != nil {
		return err
	}
	return r.changedOf(id)
}

// UpdateUser changes name, mail address, profile, group, disabled and
// attributes of an account; its login never changes. KindNotFound where there
// is none.
func (r Rows) UpdateUser(u alveary.User) error {
	attributes, err := attributesText(u.Attributes)
	if err != nil {
		return err
	}
	if err := r.one(`UPDATE users SET name = $1, email = $2, profile = $3, group_id = $4, disabled = $5, attributes = $6
 WHERE id = $7`, u.Name, u.Email, u.Profile, u.Group, sqldb.Bool(u.Disabled), attributes, u.ID); err != nil {
		return err
	}
	if u.Login, _, err = r.Named(u.ID); err != nil { // the caller's may be spelled otherwise
		return err
	}
	if err := r.setWords(u); err != nil {
		return err
	}
	return r.changedOf(u.ID)
}

// UpdateUsers is UpdateUser and SetUserRoles for many that are there, as they
// were read.
func (r Rows) UpdateUsers(users []alveary.User) error {
	rows, roles, ids := make([][]any, len(users)), [][]any{}, make([]alveary.UserID, len(users))
	for i, u := range users {
		var err error
		if rows[i], err = r.userRow(u, ""); err != nil {
			return err
		}
		for at, role := range u.Roles {
			roles = append(roles, []any{u.ID, at, role})
		}
		ids[i] = u.ID
	}
	if err := r.sql.InsertMany(insertUser, ` ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,
 profile = excluded.profile, group_id = excluded.group_id, disabled = excluded.disabled, attributes = excluded.attributes`, rows); err != nil {
		return err
	}
	if err := r.deleteOf(ids, `user_roles`); err != nil {
		return err
	}
	if err := r.sql.InsertMany(`INSERT INTO user_roles (user_id, position, role_id)`, "", roles); err != nil {
		return err
	}
	if err := r.setWords(users...); err != nil {
		return err
	}
	return r.changedOf(ids...)
}

// User finds an account by id, with its roles and teams; KindNotFound where
// there is none.
func (r Rows) User(id alveary.UserID) (alveary.User, error) {
	u, err := scanUser(r.sql.Row(`SELECT `+userColumns+` FROM users WHERE id = $1`, id))
	if err != nil {
		return u, noUser(err)
	}
	return u, r.addRoles(&u)
}

// UserByLogin finds an account by its login, in any case, with the hash of its
// password; KindNotFound where there is none.
func (r Rows) UserByLogin(login string) (u alveary.User, passwordHash string, err error) {
	u, err = scanUser(r.sql.Row(`SELECT `+userColumns+`, password_hash FROM users WHERE login_key = $1`, names.Fold(login)), &passwordHash)
	if err != nil {
		return u, "", noUser(err)
	}
	return u, passwordHash, r.addRoles(&u)
}

func (r Rows) addRoles(u *alveary.User) (err error) {
	if u.Roles, err = r.rolesOf(`SELECT role_id FROM user_roles WHERE user_id = $1 ORDER BY position`, u.ID); err != nil {
		return err
	}
	u.Teams, err = r.rolesOf(`SELECT role_id FROM team_members WHERE user_id = $1`, u.ID)
	return err
}

func (r Rows) rolesOf(query string, id alveary.UserID) (roles []alveary.RoleID, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var role alveary.RoleID
		err := row.Scan(&role)
		roles = append(roles, role)
		return err
	}, query, id)
	return roles, err
}

// CountUsers is how many accounts there are.
func (r Rows) CountUsers() (n int64, err error) {
	err = r.sql.Row(`SELECT COUNT(*) FROM users`).Scan(&n)
	return n, err
}

// SetPasswordHash replaces the hash of a user's password.
func (r Rows) SetPasswordHash(id alveary.UserID, hash string) error {
	_, err := r.sql.Exec(`UPDATE users SET password_hash = $1 WHERE id = $2`, hash, id)
	return err
}

// SetDisabled disables or enables an account; a disabled one has no roles.
func (r Rows) SetDisabled(id alveary.UserID, disabled bool) error {
	if _, err := r.sql.Exec(`UPDATE users SET disabled = $1 WHERE id = $2`, sqldb.Bool(disabled), id); err != nil {
		return err
	}
	return r.changedOf(id)
}

// NoteSignIn notes that a user signed in at the transaction's time.
func (r Rows) NoteSignIn(id alveary.UserID) error {
	_, err := r.sql.Exec(`UPDATE users SET signed_in_at = $1 WHERE id = $2 AND signed_in_at < $1`, sqldb.Micros(r.now), id)
	return err
}

// Named is what a user is called: his login, and the name to show. KindNotFound
// where there is none.
func (r Rows) Named(id alveary.UserID) (login, name string, err error) {
	var u alveary.User
	err = noUser(r.sql.Row(`SELECT login, name FROM users WHERE id = $1`, id).Scan(&u.Login, &u.Name))
	return u.Login, u.DisplayName(), err
}
