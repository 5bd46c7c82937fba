package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is what differs between the two databases.
type dialect struct {
	name  string
	goose goose.Dialect
	types *strings.Replacer // the type words of migrations
	// lock makes the running transaction the only writer.
	lock func(context.Context, *sql.Tx) error
}

// writerLock is the key of PostgreSQL's advisory lock that stands for "the
// writer"; any constant does as long as all servers agree.
const writerLock = 0x616c766561727931 // "alveary1"

func sqliteDialect() dialect {
	return dialect{
		name:  "sqlite",
		goose: goose.DialectSQLite3,
		types: strings.NewReplacer("ID_KEY", "INTEGER PRIMARY KEY", "BYTE_ORDERED", "TEXT"),
		// BEGIN IMMEDIATE (in the DSN) has taken the lock already.
		lock: func(context.Context, *sql.Tx) error { return nil },
	}
}

func postgresDialect() dialect {
	return dialect{
		name:  "postgres",
		goose: goose.DialectPostgres,
		types: strings.NewReplacer("ID_KEY", "BIGINT PRIMARY KEY", "BYTE_ORDERED", `TEXT COLLATE "C"`),
		lock: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(writerLock))
			return err
		},
	}
}

// IsDuplicate says whether a unique index refused the statement.
func IsDuplicate(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

// isFull says whether the database's disk is full.
func isFull(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqlite3.SQLITE_FULL
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "53100"
}
