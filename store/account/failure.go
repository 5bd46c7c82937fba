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

// Fail counts one failure more at the transaction's time and gives the count
// after it. Where the last one is before quietSince it begins anew.
func (r Rows) Fail(f alveary.Failures, quietSince time.Time) (alveary.Failures, error) {
	now := sqldb.Micros(r.now)
	return scanFailures(r.sql.Row(`INSERT INTO failures (`+failureColumns+`) VALUES ($1, $2, $3, $4, 1, $5, $5)
 ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, address = excluded.address, last_at = excluded.last_at,
 failed = CASE WHEN failures.last_at <= $6 THEN 1 ELSE failures.failed + 1 END,
 first_at = CASE WHEN failures.last_at <= $6 THEN excluded.first_at ELSE failures.first_at END
 RETURNING `+failureColumns, f.ID, f.Kind, f.User, f.Address, now, sqldb.Micros(quietSince)))
}

// Forgive forgets what is counted under an id and says whether anything was.
func (r Rows) Forgive(id string) (bool, error) {
	n, err := r.sql.Count(`DELETE FROM failures WHERE id = $1`, id)
	return n > 0, err
}

// FailuresFrom lists what is counted with at least so many failures, the last
// one first; of accounts those that exist.
func (r Rows) FailuresFrom(least int64) (all []alveary.Failures, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		f, err := scanFailures(row)
		all = append(all, f)
		return err
	}, `SELECT `+failureColumns+` FROM failures WHERE failed >= $1 AND (kind <> 'account' OR user_id <> 0) ORDER BY last_at DESC, id`, least)
	return all, err
}
