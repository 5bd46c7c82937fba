package account

import (
	"time"

	"alveary"
	"alveary/store/sqldb"
)

const pendingColumns = `id, user_id, secret, kind, stamp, data, tries, expires_at`

// InsertPending keeps what waits for its next step.
func (r Rows) InsertPending(p alveary.Pending) error {
	_, err := r.sql.Exec(`INSERT INTO pending (`+pendingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.User, p.Secret, p.Kind, p.Stamp, p.Data, p.Tries, sqldb.Micros(p.Expires))
	return err
}

// Pending finds what waits, unless its time has passed: KindNotFound.
func (r Rows) Pending(id string) (p alveary.Pending, err error) {
	var expires int64
	err = r.sql.Row(`SELECT `+pendingColumns+` FROM pending WHERE id = $1 AND expires_at > $2`, id, sqldb.Micros(r.now)).
		Scan(&p.ID, &p.User, &p.Secret, &p.Kind, &p.Stamp, &p.Data, &p.Tries, &expires)
	p.Expires = sqldb.Time(expires)
	return p, orMissing(err, "go on with the sign-in", "this sign-in has taken too long, or is over: begin again")
}

// TryPending counts one try; false where there were as many as are allowed
// before, however many come at the same moment.
func (r Rows) TryPending(id string, most int64) (bool, error) {
	n, err := r.sql.Count(`UPDATE pending SET tries = tries + 1 WHERE id = $1 AND tries < $2`, id, most)
	return n > 0, err
}

// SetPendingData replaces what the next step is compared with.
func (r Rows) SetPendingData(id, data string) error {
	_, err := r.sql.Exec(`UPDATE pending SET data = $1 WHERE id = $2`, data, id)
	return err
}

// DeletePending ends what waits and says whether it was still there: of many
// that come at once one goes on.
func (r Rows) DeletePending(id string) (bool, error) {
	n, err := r.sql.Count(`DELETE FROM pending WHERE id = $1`, id)
	return n > 0, err
}

// DeletePendingOf ends all that waits for a user.
func (r Rows) DeletePendingOf(user alveary.UserID) error {
	_, err := r.sql.Exec(`DELETE FROM pending WHERE user_id = $1`, user)
	return err
}

const letterColumns = `id, user_id, secret, kind, created_at, created_by, expires_at`

func scanLetter(row sqldb.Scanner) (l alveary.Letter, err error) {
	var created, expires int64
	err = row.Scan(&l.ID, &l.User, &l.Secret, &l.Kind, &created, &l.CreatedBy, &expires)
	l.Created, l.Expires = sqldb.Time(created), sqldb.Time(expires)
	return l, err
}

// InsertLetter keeps a link by which a password is chosen, created at the
// transaction's time.
func (r Rows) InsertLetter(l alveary.Letter) error {
	_, err := r.sql.Exec(`INSERT INTO letters (`+letterColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.ID, l.User, l.Secret, l.Kind, sqldb.Micros(r.now), l.CreatedBy, sqldb.Micros(l.Expires))
	return err
}

// Letter finds a link, unless its time has passed: KindNotFound.
func (r Rows) Letter(id string) (alveary.Letter, error) {
	l, err := scanLetter(r.sql.Row(`SELECT `+letterColumns+` FROM letters WHERE id = $1 AND expires_at > $2`, id, sqldb.Micros(r.now)))
	return l, orMissing(err, "use the link", "this link is not valid, or no longer: ask for a new one")
}

// DeleteLetters ends all links of a user and says how many those were.
func (r Rows) DeleteLetters(user alveary.UserID) (int64, error) {
	return r.sql.Count(`DELETE FROM letters WHERE user_id = $1`, user)
}

// Spend notes what counts once, until it would not count any more; false where
// it was spent before.
func (r Rows) Spend(id string, expires time.Time) (bool, error) {
	n, err := r.sql.Count(`INSERT INTO spent (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, id, sqldb.Micros(expires))
	return n > 0, err
}

// Sweep removes what has passed: what waits, links, and what was spent, and
// failures of which the last is before quietSince.
func (r Rows) Sweep(quietSince time.Time) error {
	now := sqldb.Micros(r.now)
	for _, statement := range []string{
		`DELETE FROM pending WHERE expires_at <= $1`, `DELETE FROM letters WHERE expires_at <= $1`, `DELETE FROM spent WHERE expires_at <= $1`,
	} {
		if _, err := r.sql.Exec(statement, now); err != nil {
			return err
		}
	}
	_, err := r.sql.Exec(`DELETE FROM failures WHERE last_at <= $1`, sqldb.Micros(quietSince))
	return err
}
