package account

import (
	"time"

	"alveary"
	"alveary/store/sqldb"
)

const failureColumns = `id, kind, user_id, address, failed, first_at, last_at`

func scanFailures(row sqldb.Scanner) (f alveary.Failures, err error) {
	var first, last int64
	err = row.Scan(&f.ID, &f.Kind, &f.User, &f.Address, &f.Count, &first, &last)
	f.First, f.Last = sqldb.Time(first), sqldb.Time(last)
	return f, err
}

// Failures finds what is counted under an id; the zero count where nothing is.
func (r Rows) Failures(id string) (f alveary.Failures, err error) {
	f, err = scanFailures(r.sql.Row(`SELECT `+failureColumns+` FROM failures WHERE id = $1`, id))
	if alveary.IsKind(orMissing(err, "", ""), alveary.KindNotFound) {
		return alveary.Failures{ID: id}, nil
	}
	return f, err
}

// SetFailures keeps a count in place of the one before.
func (r Rows) SetFailures(f alveary.Failures) error {
	_, err := r.sql.Exec(`INSERT INTO failures (`+failureColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)
 ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, address = excluded.address, failed = excluded.failed,
 first_at = excluded.first_at, last_at = excluded.last_at`,
		f.ID, f.Kind, f.User, f.Address, f.Count, sqldb.Micros(f.First), sqldb.Micros(f.Last))
	return err
}

// Forgive forgets what is counted under an id and says whether anything was.
func (r Rows) Forgive(id string) (bool, error) {
	n, err := r.sql.Count(`DELETE FROM failures WHERE id = $1`, id)
	return n > 0, err
}

// ForgetFailures forgets what has not failed since then.
func (r Rows) ForgetFailures(since time.Time) error {
	_, err := r.sql.Exec(`DELETE FROM failures WHERE last_at < $1`, sqldb.Micros(since))
	return err
}

// FailuresFrom lists at most so many of those that failed at least so often,
// the last one first; of accounts those that exist.
func (r Rows) FailuresFrom(least int64, most int) (all []alveary.Failures, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		f, err := scanFailures(row)
		all = append(all, f)
		return err
	}, `SELECT `+failureColumns+` FROM failures WHERE failed >= $1 AND (kind <> 'account' OR user_id <> 0) ORDER BY last_at DESC, id LIMIT $2`, least, most)
	return all, err
}
