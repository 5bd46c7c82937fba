package account

import (
	"encoding/json"
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

const tokenColumns = `id, user_id, label, created_at, expires_at, used_at, level, scope` //nolint:gosec // names of columns

func scanToken(row sqldb.Scanner, more ...any) (t alveary.Token, err error) {
	var created, expires, used int64
	var scope string
	err = row.Scan(append([]any{&t.ID, &t.User, &t.Label, &created, &expires, &used, &t.Level, &scope}, more...)...)
	t.Created, t.Expires, t.LastUsed = sqldb.Time(created), sqldb.Time(expires), sqldb.Time(used)
	if err == nil {
		t.Scope, err = parseScope(scope)
	}
	return t, err
}

// parseScope reads what scopeText wrote. A scope that cannot be read must not
// become none.
func parseScope(text string) (s alveary.Scope, err error) {
	if text == "" {
		return s, nil
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, &alveary.Error{Kind: alveary.KindInternal, Op: "read the token", Message: "the scope of a token cannot be read", Cause: err}
	}
	return s, nil
}

func scopeText(s alveary.Scope) (string, error) {
	if s == (alveary.Scope{}) {
		return "", nil
	}
	text, err := json.Marshal(s)
	return string(text), err
}

// InsertToken makes a personal access token, created at the transaction's
// time. Of its secret only the hash is kept.
func (r Rows) InsertToken(t alveary.Token, secretHash string) (alveary.Token, error) {
	t.Created, t.Expires = sqldb.Time(sqldb.Micros(r.now)), sqldb.Time(sqldb.Micros(t.Expires))
	scope, err := scopeText(t.Scope)
	if err != nil {
		return t, err
	}
	_, err = r.sql.Exec(`INSERT INTO tokens (`+tokenColumns+`, secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.ID, t.User, t.Label, sqldb.Micros(t.Created), sqldb.Micros(t.Expires), sqldb.Micros(t.LastUsed), t.Level, scope, secretHash)
	return t, err
}

// Token finds a token, whether or not its time has passed, with the hash of
// its secret; KindNotFound where there is none.
func (r Rows) Token(id alveary.TokenID) (t alveary.Token, secretHash string, err error) {
	t, err = scanToken(r.sql.Row(`SELECT `+tokenColumns+`, secret FROM tokens WHERE id = $1`, id), &secretHash)
	return t, secretHash, orMissing(err, "find the token", "there is no such token")
}

// Tokens lists a user's tokens, whether or not their time has passed, the
// newest first.
func (r Rows) Tokens(user alveary.UserID) (tokens []alveary.Token, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		t, err := scanToken(row)
		tokens = append(tokens, t)
		return err
	}, `SELECT `+tokenColumns+` FROM tokens WHERE user_id = $1 ORDER BY created_at DESC, id`, user)
	return tokens, err
}

// UseToken notes that a token was used at the transaction's time.
func (r Rows) UseToken(id alveary.TokenID) error {
	_, err := r.sql.Exec(`UPDATE tokens SET used_at = $1 WHERE id = $2 AND used_at < $1`, sqldb.Micros(r.now), id)
	return err
}

// DeleteToken revokes one token of the user; KindNotFound where he has none of
// that id.
func (r Rows) DeleteToken(user alveary.UserID, id alveary.TokenID) error {
	return r.deleteOwn("revoke the token", `DELETE FROM tokens WHERE user_id = $1 AND id = $2`, user, string(id))
}

// DeleteTokens revokes all tokens of the user and says how many those were.
func (r Rows) DeleteTokens(user alveary.UserID) (int64, error) {
	return r.end(`DELETE FROM tokens WHERE user_id = $1`, user)
}

// TokensOf is the same as SessionsOf for tokens.
func (r Rows) TokensOf(ids []alveary.TokenID) (map[alveary.TokenID]alveary.Token, error) {
	tokens := make(map[alveary.TokenID]alveary.Token, len(ids))
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			t, err := scanToken(row)
			tokens[t.ID] = t
			return err
		}, `SELECT `+tokenColumns+` FROM tokens WHERE id IN `+in, args...); err != nil {
			return nil, err
		}
	}
	return tokens, nil
}
