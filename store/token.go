package store

import (
	"database/sql"
	"errors"

	"alveary"
	"alveary/store/sqldb"
)

const tokenColumns = `id, user_id, label, created_at, expires_at, used_at` //nolint:gosec // names of columns

func scanToken(row scanner, more ...any) (t alveary.Token, err error) {
	var created, expires, used int64
	err = row.Scan(append([]any{&t.ID, &t.User, &t.Label, &created, &expires, &used}, more...)...)
	t.Created, t.Expires, t.LastUsed = sqldb.Time(created), sqldb.Time(expires), sqldb.Time(used)
	return t, err
}

// InsertToken makes a personal access token, created at the transaction's
// time. Of its secret only the hash is kept.
func (tx *Tx) InsertToken(t alveary.Token, secretHash string) (alveary.Token, error) {
	t.Created, t.Expires = sqldb.Time(sqldb.Micros(tx.now)), sqldb.Time(sqldb.Micros(t.Expires))
	_, err := tx.exec(`INSERT INTO tokens (`+tokenColumns+`, secret) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.ID, t.User, t.Label, sqldb.Micros(t.Created), sqldb.Micros(t.Expires), sqldb.Micros(t.LastUsed), secretHash)
	return t, err
}

// Token finds a token, whether or not its time has passed, with the hash of
// its secret; KindNotFound where there is none.
func (tx *Tx) Token(id alveary.TokenID) (t alveary.Token, secretHash string, err error) {
	t, err = scanToken(tx.row(`SELECT `+tokenColumns+`, secret FROM tokens WHERE id = $1`, id), &secretHash)
	if errors.Is(err, sql.ErrNoRows) {
		err = &alveary.Error{Kind: alveary.KindNotFound, Op: "find the token", Code: "not-found", Message: "there is no such token"}
	}
	return t, secretHash, err
}

// Tokens lists a user's tokens, whether or not their time has passed, the
// newest first.
func (tx *Tx) Tokens(user alveary.UserID) (tokens []alveary.Token, err error) {
	err = tx.all(func(row scanner) error {
		t, err := scanToken(row)
		tokens = append(tokens, t)
		return err
	}, `SELECT `+tokenColumns+` FROM tokens WHERE user_id = $1 ORDER BY created_at DESC, id`, user)
	return tokens, err
}

// UseToken notes that a token was used at the transaction's time.
func (tx *Tx) UseToken(id alveary.TokenID) error {
	_, err := tx.exec(`UPDATE tokens SET used_at = $1 WHERE id = $2 AND used_at < $1`, sqldb.Micros(tx.now), id)
	return err
}

// DeleteToken revokes one token of the user; KindNotFound where he has none of
// that id.
func (tx *Tx) DeleteToken(user alveary.UserID, id alveary.TokenID) error {
	return tx.deleteOwn("revoke the token", `DELETE FROM tokens WHERE user_id = $1 AND id = $2`, user, string(id))
}

// DeleteTokens revokes all tokens of the user and says how many those were.
func (tx *Tx) DeleteTokens(user alveary.UserID) (int64, error) {
	return tx.end(`DELETE FROM tokens WHERE user_id = $1`, user)
}
