// Package account keeps what people sign in with and what came of it:
// sessions, tokens, second factors, sign-ins that wait for their next step,
// the letters by which a password is chosen, failed attempts, and the mail
// that tells of all these.
//
// It exists so that the store stays about the tree. Of every secret it is
// given a hash or a sealed text and never more; what ends a sign-in makes the
// next version of the people data, so that what runs under it is asked again
// (MODEL.md 7.5).
//
// Rows are part of a transaction of the store, and no longer good than that.
// Lists and maps are the caller's own.
//
// Read this file first, then session.go.
package account

import (
	"database/sql"
	"errors"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

// Rows are the rows of this package within a transaction.
type Rows struct {
	sql     *sqldb.Tx
	now     time.Time
	newID   func() int64
	changed func() error
}

// On gives the rows within a transaction: its time, its source of ids, and
// what makes the next version of the people data.
func On(tx *sqldb.Tx, now time.Time, newID func() int64, changed func() error) Rows {
	return Rows{tx, now, newID, changed}
}

// EndSignIns ends all by which the user is signed in or could be without
// signing in anew, but for the session to keep, which may be empty: sessions,
// tokens, and what waits for a next step. It says how many sessions and tokens
// those were.
func (r Rows) EndSignIns(user alveary.UserID, keep alveary.SessionID) (ended int64, err error) {
	sessions, err := r.DeleteOtherSessions(user, keep)
	if err != nil {
		return 0, err
	}
	tokens, err := r.DeleteTokens(user)
	if err != nil {
		return 0, err
	}
	return sessions + tokens, r.DeletePendingOf(user)
}

// Forget removes all that this package keeps of a user.
func (r Rows) Forget(user alveary.UserID) error {
	for _, statement := range []string{
		`DELETE FROM sessions WHERE user_id = $1`, `DELETE FROM tokens WHERE user_id = $1`, `DELETE FROM factors WHERE user_id = $1`,
		`DELETE FROM pending WHERE user_id = $1`, `DELETE FROM letters WHERE user_id = $1`, `DELETE FROM failures WHERE user_id = $1`,
	} {
		if _, err := r.sql.Exec(statement, user); err != nil {
			return err
		}
	}
	return r.changed()
}

func (r Rows) deleteOwn(op, query string, args ...any) error {
	n, err := r.end(query, args...)
	if err == nil && n == 0 {
		err = alveary.Withheld(op)
	}
	return err
}

// end removes rows and says how many. What runs under them is to look again.
func (r Rows) end(query string, args ...any) (int64, error) {
	n, err := r.sql.Count(query, args...)
	if err != nil || n == 0 {
		return n, err
	}
	return n, r.changed()
}

// orMissing tells a row that is not there from other faults.
func orMissing(err error, op, message string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &alveary.Error{Kind: alveary.KindNotFound, Op: op, Code: "not-found", Message: message}
	}
	return err
}
