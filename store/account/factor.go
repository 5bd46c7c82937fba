package account

import (
	"alveary"
	"alveary/store/sqldb"
)

const factorColumns = `id, user_id, kind, label, secret, step, created_at, used_at`

func scanFactor(row sqldb.Scanner) (f alveary.Factor, err error) {
	var created, used int64
	err = row.Scan(&f.ID, &f.User, &f.Kind, &f.Label, &f.Secret, &f.Step, &created, &used)
	f.Created, f.Used = sqldb.Time(created), sqldb.Time(used)
	return f, err
}

// InsertFactor adds a factor, created at the transaction's time.
func (r Rows) InsertFactor(f alveary.Factor) (alveary.Factor, error) {
	f.Created = sqldb.Time(sqldb.Micros(r.now))
	_, err := r.sql.Exec(`INSERT INTO factors (`+factorColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		f.ID, f.User, f.Kind, f.Label, f.Secret, f.Step, sqldb.Micros(f.Created), sqldb.Micros(f.Used))
	if sqldb.IsDuplicate(err) {
		return f, &alveary.Error{
			Kind: alveary.KindConflict, Op: "add the factor", Code: "factor-exists", Message: "this passkey is registered already",
		}
	}
	return f, err
}

// Factor finds a factor; KindNotFound where there is none.
func (r Rows) Factor(id alveary.FactorID) (alveary.Factor, error) {
	f, err := scanFactor(r.sql.Row(`SELECT `+factorColumns+` FROM factors WHERE id = $1`, id))
	return f, orMissing(err, "find the factor", "there is no such factor")
}

// Factors lists a user's factors, the oldest first.
func (r Rows) Factors(user alveary.UserID) (factors []alveary.Factor, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		f, err := scanFactor(row)
		factors = append(factors, f)
		return err
	}, `SELECT `+factorColumns+` FROM factors WHERE user_id = $1 ORDER BY created_at, id`, user)
	return factors, err
}

// HasSecond says whether a user has a second factor: recovery codes alone are
// none.
func (r Rows) HasSecond(user alveary.UserID) (has bool, err error) {
	var n int64
	err = r.sql.Row(`SELECT COUNT(*) FROM factors WHERE user_id = $1 AND kind <> $2`, user, alveary.FactorRecovery).Scan(&n)
	return n > 0, err
}

// UseFactor notes that a factor was used at the transaction's time, where the
// step is later than the last one; false where it is not, so that a code
// counts once however many come at the same moment.
func (r Rows) UseFactor(id alveary.FactorID, step int64) (bool, error) {
	n, err := r.sql.Count(`UPDATE factors SET step = $1, used_at = $2 WHERE id = $3 AND step < $1`, step, sqldb.Micros(r.now), id)
	return n > 0, err
}

// SetFactor keeps what has changed of a factor by its use: its secret and
// step, used at the transaction's time.
func (r Rows) SetFactor(f alveary.Factor) error {
	_, err := r.sql.Exec(`UPDATE factors SET secret = $1, step = $2, used_at = $3 WHERE id = $4`, f.Secret, f.Step, sqldb.Micros(r.now), f.ID)
	return err
}

// LabelFactor names one of the user's factors anew; withheld where he has none
// of that id.
func (r Rows) LabelFactor(user alveary.UserID, id alveary.FactorID, label string) error {
	n, err := r.sql.Count(`UPDATE factors SET label = $1 WHERE user_id = $2 AND id = $3`, label, user, id)
	if err == nil && n == 0 {
		err = alveary.Withheld("name the factor")
	}
	return err
}

// DeleteFactor takes one of the user's factors away; withheld where he has
// none of that id. A recovery code that is used is deleted: of many at once,
// one finds it.
func (r Rows) DeleteFactor(user alveary.UserID, id alveary.FactorID) error {
	return r.deleteOwn("take the factor away", `DELETE FROM factors WHERE user_id = $1 AND id = $2`, user, id)
}

// DeleteFactors takes all of a user's factors of a kind away, of every kind
// where it is empty, and says how many those were.
func (r Rows) DeleteFactors(user alveary.UserID, kind alveary.FactorKind) (int64, error) {
	return r.end(`DELETE FROM factors WHERE user_id = $1 AND ($2 = '' OR kind = $2)`, user, string(kind))
}
