// Package share keeps what people gave of what they have: Cells and public
// links, the house rules for them, what was done with them, who is told of it,
// who asks for rights and what is to be looked at again.
//
// It exists so that what decides stands apart from what merely happened.
// Cells, their entries and managers, and house rules decide: each change makes
// the next version of the access data (MODEL.md 7.5). Uses, downloads,
// notices, requests and reviews decide nothing and make none, so that a
// visitor costs no server a reading of who may what.
//
// Secrets are kept as hashes; what they were is not known here. Rows are part
// of a transaction of the store, and no longer good than that. What is
// returned shares no memory with them, but for CellsSince.
//
// Read this file first, then cell.go and load.go; of what is loaded at each
// version of the access data, since.go.
package share

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
}

// On gives the rows within a transaction: its time, its source of ids, and
// what makes the next version of the access data.
func On(tx *sqldb.Tx, now time.Time, newID func() int64, changed func() error) Rows {
	return Rows{tx, now, newID, changed}
}

// present is the transaction's time as it reads back.
func (r Rows) present() time.Time { return sqldb.Time(sqldb.Micros(r.now)) }

// execAll runs statements that have the same arguments.
func (r Rows) execAll(statements []string, args ...any) error {
	for _, statement := range statements {
		if _, err := r.sql.Exec(statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// one runs a statement on a row that must be there.
func (r Rows) one(missing error, query string, args ...any) error {
	n, err := r.sql.Count(query, args...)
	if err == nil && n == 0 {
		err = missing
	}
	return err
}

func notFound(op, message string) error {
	return &alveary.Error{Kind: alveary.KindNotFound, Op: op, Code: "not-found", Message: message}
}

func invalid(op, subject, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: subject, Code: "invalid", Message: message}
}

func taken(op, subject, message string) error {
	return &alveary.Error{Kind: alveary.KindConflict, Op: op, Subject: subject, Code: "taken", Message: message}
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
			return invalid(op, "", "this text holds characters that cannot be kept")
		}
	}
	return nil
}

// linesOf writes ids down, one a line.
func linesOf[T ~string](op string, ids []T) (string, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		if id == "" || strings.Contains(string(id), "\n") {
			return "", invalid(op, string(id), "this cannot be an id")
		}
		texts[i] = string(id)
	}
	text := strings.Join(texts, "\n")
	return text, checkText(op, text)
}

// fromLines reads what linesOf wrote.
func fromLines[T ~string](text string) (ids []T) {
	if text == "" {
		return nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		ids = append(ids, T(line))
	}
	return ids
}
