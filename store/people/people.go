// Package people keeps who is who: accounts with their group, roles and teams,
// the words by which they are found, and what goes with a leaver.
//
// It exists so that the store stays about the tree. What an account signs in
// with is in package account, what its roles hold in package access. A change
// of someone makes the next version of the people data, so that what runs for
// him is asked again (MODEL.md 7.5).
//
// Rows are part of a transaction of the store, and no longer good than that.
// Lists and maps are the caller's own. 100,000 people are the measure: what is
// asked while someone types, or at each sign-in, reads no more than it needs.
//
// Read this file first, then user.go and find.go.
package people

import (
	"database/sql"
	"errors"
	"slices"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

// Rows are the rows of this package within a transaction.
type Rows struct {
	sql     *sqldb.Tx
	now     time.Time
	newID   func() int64
	changed func() error // the people data
	decides func() error // the access data: which roles there are, and who owns Cells
}

// On gives the rows within a transaction: its time, its source of ids, and
// what makes the next version of the people data and of the access data.
func On(tx *sqldb.Tx, now time.Time, newID func() int64, changed, decides func() error) Rows {
	return Rows{tx, now, newID, changed, decides}
}

func noUser(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &alveary.Error{Kind: alveary.KindNotFound, Op: "find the user", Code: "not-found", Message: "there is no such user"}
	}
	return err
}

// one runs a statement on an account that must be there.
func (r Rows) one(query string, args ...any) error {
	n, err := r.sql.Count(query, args...)
	if err == nil && n == 0 {
		err = noUser(sql.ErrNoRows)
	}
	return err
}

// changedOf makes the next version of the people data, and that of the access
// data where one of the users owns a Cell: what others have through it is
// bounded by what he has (MODEL.md 4.1).
func (r Rows) changedOf(ids ...alveary.UserID) error {
	if err := r.changed(); err != nil {
		return err
	}
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		owns := false
		if err := r.sql.Row(`SELECT EXISTS (SELECT 1 FROM cells WHERE owner_id IN `+in+`)`, args...).Scan(&owns); err != nil {
			return err
		}
		if owns {
			return r.decides()
		}
	}
	return nil
}

// execAll runs statements that have the same arguments.
func (r Rows) execAll(statements []string, args ...any) error {
	for _, statement := range statements {
		if _, err := r.sql.Exec(statement, args...); err != nil {
			return err
		}
	}
	return nil
}
