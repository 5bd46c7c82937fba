package account

import (
	"slices"
	"strconv"

	"alveary"
	"alveary/store/sqldb"
)

// EndSignInsOf is EndSignIns for many users at once.
func (r Rows) EndSignInsOf(users []alveary.UserID, keep alveary.SessionID) error {
	ended := int64(0)
	for part := range slices.Chunk(users, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		n, err := r.sql.Count(`DELETE FROM sessions WHERE user_id IN `+in+` AND id <> $`+strconv.Itoa(len(args)+1), append(args, string(keep))...)
		if err != nil {
			return err
		}
		ended += n
		for _, table := range []string{`tokens`, `pending`} {
			n, err := r.sql.Count(`DELETE FROM `+table+` WHERE user_id IN `+in, args...)
			if err != nil {
				return err
			}
			ended += n
		}
	}
	if ended == 0 {
		return nil
	}
	return r.changed()
}

// HaveSecond is HasSecond for many users at once: true for those who have.
func (r Rows) HaveSecond(users []alveary.UserID) (map[alveary.UserID]bool, error) {
	have := make(map[alveary.UserID]bool, len(users))
	for part := range slices.Chunk(users, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		args = append(args, string(alveary.FactorRecovery))
		if err := r.sql.All(func(row sqldb.Scanner) error {
			var id alveary.UserID
			err := row.Scan(&id)
			have[id] = true
			return err
		}, `SELECT DISTINCT user_id FROM factors WHERE user_id IN `+in+` AND kind <> $`+strconv.Itoa(len(args)), args...); err != nil {
			return nil, err
		}
	}
	return have, nil
}
