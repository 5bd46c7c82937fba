// Package access keeps what decides who may what: groups, roles, ACL entries,
// policies with all their versions, the namespaces of user metadata, and the
// places on which entries stand: workspaces and homes.
//
// It exists so that the store stays about the tree and its people. Its rows
// have one thing in common that nothing else may forget: every change makes
// the next version of the access data, so that no server decides by the old
// state (MODEL.md 7.5). Like the store it keeps and finds, and never decides.
//
// Rows are part of a transaction of the store, and no longer good than that.
// What is returned shares no memory with them, except that Policies says so.
//
// Read access.go first, then policy.go.
package access

import (
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"alveary"
	"alveary/store/sqldb"
)

// Rows are the rows of this package within a transaction.
type Rows struct {
	sql     *sqldb.Tx
	now     time.Time
	newID   func() int64
	changed func() error
	shelf   *Shelf
}

// On gives the rows within a transaction: its time, its source of ids, what
// makes the next version of the access data, and the shelf of the database.
func On(tx *sqldb.Tx, now time.Time, newID func() int64, changed func() error, shelf *Shelf) Rows {
	return Rows{tx, now, newID, changed, shelf}
}

// change runs a statement that changes who may what.
func (r Rows) change(query string, args ...any) error {
	if _, err := r.sql.Exec(query, args...); err != nil {
		return err
	}
	return r.changed()
}

// changeOne is change for a row that must be there.
func (r Rows) changeOne(missing error, query string, args ...any) error {
	n, err := r.sql.Count(query, args...)
	switch {
	case err != nil:
		return err
	case n == 0:
		return missing
	}
	return r.changed()
}

func notFound(op, message string) error {
	return &alveary.Error{Kind: alveary.KindNotFound, Op: op, Code: "not-found", Message: message}
}

// orMissing tells a row that is not there from other faults.
func orMissing(err, missing error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing
	}
	return err
}

// checkText refuses what one of the two databases cannot keep.
func checkText(op string, texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "invalid", Message: "this text holds characters that cannot be kept"}
		}
	}
	return nil
}
