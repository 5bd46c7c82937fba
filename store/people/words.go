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
	return r.sql.InsertMany(`INSERT INTO user_words (word, user_id)`, "", rows)
}

// setWords replaces the words of accounts where they are others. The logins
// are as they are kept.
func (r Rows) setWords(users ...alveary.User) error {
	have := make(map[alveary.UserID][]string, len(users))
	ids := make([]alveary.UserID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			var id alveary.UserID
			var word string
			err := row.Scan(&id, &word)
			have[id] = append(have[id], word)
			return err
		}, `SELECT user_id, word FROM user_words WHERE user_id IN `+in+` ORDER BY user_id, word`, args...); err != nil {
			return err
		}
	}
	others := slices.DeleteFunc(slices.Clone(users), func(u alveary.User) bool { return slices.Equal(have[u.ID], wordsOf(u)) })
	changed := make([]alveary.UserID, len(others))
	for i, u := range others {
		changed[i] = u.ID
	}
	if err := r.deleteOf(changed, `user_words`); err != nil {
		return err
	}
	return r.insertWords(others...)
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
