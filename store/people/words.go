package people

import (
	"cmp"
	"slices"

	"alveary"
	"alveary/store/names"
	"alveary/store/sqldb"
)

func wordsOf(u alveary.User) []string { return names.Words(u.Login, u.Name, u.Email) }

func (r Rows) insertWords(users ...alveary.User) error {
	type found struct {
		word string
		user alveary.UserID
	}
	all := make([]found, 0, 8*len(users))
	for _, u := range users {
		for _, word := range wordsOf(u) {
			all = append(all, found{word, u.ID})
		}
	}
	// In the order of the index: what lies together is written together.
	slices.SortFunc(all, func(a, b found) int { return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.user, b.user)) })
	rows := make([][]any, len(all))
	for i, one := range all {
		rows[i] = []any{one.word, one.user}
	}
	return r.insertMany(`INSERT INTO user_words (word, user_id)`, "", 2, rows)
}

// setWords replaces the words of one account where they are others.
func (r Rows) setWords(u alveary.User) error {
	var have []string
	if err := r.sql.All(func(row sqldb.Scanner) error {
		var word string
		err := row.Scan(&word)
		have = append(have, word)
		return err
	}, `SELECT word FROM user_words WHERE user_id = $1`, u.ID); err != nil {
		return err
	}
	slices.Sort(have)
	var login string // as it is kept: the caller's may be spelled otherwise
	if err := r.sql.Row(`SELECT login FROM users WHERE id = $1`, u.ID).Scan(&login); err != nil {
		return noUser(err)
	}
	u.Login = login
	if slices.Equal(have, wordsOf(u)) {
		return nil
	}
	if _, err := r.sql.Exec(`DELETE FROM user_words WHERE user_id = $1`, u.ID); err != nil {
		return err
	}
	return r.insertWords(u)
}

// deleteOf deletes what tables hold of users.
func (r Rows) deleteOf(ids []alveary.UserID, tables ...string) error {
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		for _, table := range tables {
			if _, err := r.sql.Exec(`DELETE FROM `+table+` WHERE user_id IN `+in, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

// BuildWords makes the words of all accounts anew: for a database that was
// written before there were any, or by another rule.
func (r Rows) BuildWords() error {
	if _, err := r.sql.Exec(`DELETE FROM user_words`); err != nil {
		return err
	}
	users, err := r.Users()
	if err != nil {
		return err
	}
	return r.insertWords(users...)
}
