package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"alveary"
	"alveary/store/access"
	"alveary/store/names"
	"alveary/store/sqldb"
)

const userColumns = `id, login, name, email, profile, group_id, disabled, created_at, attributes`

func scanUser(row scanner, more ...any) (u alveary.User, err error) {
	var disabled int
	var created int64
	var attributes string
	err = row.Scan(append([]any{&u.ID, &u.Login, &u.Name, &u.Email, &u.Profile, &u.Group, &disabled, &created, &attributes}, more...)...)
	u.Disabled, u.Created = disabled != 0, sqldb.Time(created)
	if err == nil {
		u.Attributes, err = parseAttributes(attributes)
	}
	return u, err
}

// parseAttributes reads what attributesText wrote. One that was lost could be
// what a policy denies by, so there is no half of them.
func parseAttributes(text string) (attributes map[string]string, err error) {
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &attributes); err != nil {
		return nil, &alveary.Error{Kind: alveary.KindInternal, Op: "read the user", Message: "the attributes of a user cannot be read", Cause: err}
	}
	return attributes, nil
}

func attributesText(attributes map[string]string) (string, error) {
	for name, value := range attributes {
		if name == "" || !utf8.ValidString(name) || !utf8.ValidString(value) {
			return "", &alveary.Error{
				Kind: alveary.KindInvalid, Op: "keep the user", Subject: name, Code: "invalid",
				Message: "an attribute of a user has a name, and both name and value are text",
			}
		}
	}
	if len(attributes) == 0 {
		return "", nil
	}
	text, err := json.Marshal(attributes)
	return string(text), err
}

func noUser(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &alveary.Error{Kind: alveary.KindNotFound, Op: "find the user", Code: "not-found", Message: "there is no such user"}
	}
	return err
}

// InsertUser makes an account with its assigned roles in order. A login that is in use, whatever its case, is KindConflict.
func (tx *Tx) InsertUser(u alveary.User, passwordHash string) (alveary.User, error) {
	u.ID, u.Created = alveary.UserID(tx.NewID()), tx.now
	own := access.UserRole(u.ID) // the role itself is made when an entry first names it
	attributes, err := attributesText(u.Attributes)
	if err != nil {
		return u, err
	}
	_, err = tx.exec(`INSERT INTO users (id, login, login_key, name, email, profile, group_id, disabled, password_hash, role_id, created_at, attributes)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, u.ID, u.Login, names.Fold(u.Login), u.Name, u.Email, u.Profile,
		u.Group, sqldb.Bool(u.Disabled), passwordHash, own, sqldb.Micros(u.Created), attributes)
	if sqldb.IsDuplicate(err) {
		return u, &alveary.Error{
			Kind: alveary.KindConflict, Op: "make the user", Subject: u.Login, Code: "login-exists",
			Message: "there is already a user with this login; choose another",
		}
	}
	if err != nil {
		return u, err
	}
	if err := tx.insertUserRoles(u.ID, u.Roles); err != nil {
		return u, err
	}
	return u, tx.peopleChanged()
}

func (tx *Tx) insertUserRoles(id alveary.UserID, roles []alveary.RoleID) error {
	for i, role := range roles {
		if _, err := tx.exec(`INSERT INTO user_roles (user_id, position, role_id) VALUES ($1, $2, $3)`, id, i, role); err != nil {
			return err
		}
	}
	return nil
}

// SetUserRoles replaces the roles that are assigned to a user by hand, in
// their order.
func (tx *Tx) SetUserRoles(id alveary.UserID, roles []alveary.RoleID) error {
	if _, err := tx.exec(`DELETE FROM user_roles WHERE user_id = $1`, id); err != nil {
		return err
	}
	if err := tx.insertUserRoles(id, roles); err != nil {
		return err
	}
	return tx.peopleChanged()
}

// UpdateUser changes name, mail address, profile, group, disabled and
// attributes of an account; its login never changes. KindNotFound where there
// is none.
func (tx *Tx) UpdateUser(u alveary.User) error {
	attributes, err := attributesText(u.Attributes)
	if err != nil {
		return err
	}
	return tx.changeUser(`UPDATE users SET name = $1, email = $2, profile = $3, group_id = $4, disabled = $5, attributes = $6
 WHERE id = $7`, u.Name, u.Email, u.Profile, u.Group, sqldb.Bool(u.Disabled), attributes, u.ID)
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
	u, err = scanUser(tx.row(`SELECT `+userColumns+`, password_hash FROM users WHERE login_key = $1`, names.Fold(login)), &passwordHash)
	if err != nil {
		return u, "", noUser(err)
	}
	u.Roles, err = tx.userRoles(u.ID)
	return u, passwordHash, err
}

// Users lists the accounts by login, with their assigned roles.
func (tx *Tx) Users() (users []alveary.User, err error) {
	at := map[alveary.UserID]int{}
	err = tx.all(func(row scanner) error {
		u, err := scanUser(row)
		at[u.ID] = len(users)
		users = append(users, u)
		return err
	}, `SELECT `+userColumns+` FROM users ORDER BY login_key`)
	if err != nil {
		return nil, err
	}
	err = tx.all(func(row scanner) error {
		var id alveary.UserID
		var role alveary.RoleID
		err := row.Scan(&id, &role)
		if i, ok := at[id]; ok {
			users[i].Roles = append(users[i].Roles, role)
		}
		return err
	}, `SELECT user_id, role_id FROM user_roles ORDER BY user_id, position`)
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
	if _, err := tx.exec(`UPDATE users SET disabled = $1 WHERE id = $2`, sqldb.Bool(disabled), id); err != nil {
		return err
	}
	return tx.peopleChanged()
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
