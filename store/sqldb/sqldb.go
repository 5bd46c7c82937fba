// Package sqldb runs SQL on SQLite or PostgreSQL: handles, transactions,
// prepared statements and migrations.
//
// It exists so that the store can be about rows. One SQL text serves both
// databases; what differs stands in dialect.go. No table is named here.
//
// Promises: Write runs one change at a time across all servers of one database
// (docs/decisions) and returns only when the change is durable; Read sees one
// consistent state. A *DB is safe for concurrent use, a *Tx is not.
//
// Read sqldb.go first, then tx.go.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"alveary"
)

// Place says where the data lie.
type Place struct {
	Path     string // file of the SQLite database; used where Postgres is empty
	Postgres string // postgres://… of a PostgreSQL database
}

// DB is an open database.
type DB struct {
	Writer  *sql.DB // SQLite: one connection that begins immediately
	Reader  *sql.DB // SQLite: a pool of its own; PostgreSQL: the same as Writer
	place   Place
	dialect dialect
	stmts   sync.Map // SQLite: prepared statements by handle and text
}

// Open makes the handles. Whether anything answers there shows at the first
// use.
func Open(p Place) (db *DB, err error) {
	if p.Postgres != "" {
		address, err := pgx.ParseConfig(p.Postgres)
		if err != nil {
			return nil, &alveary.Error{
				Kind: alveary.KindInvalid, Op: "open the database",
				Message: "the database address is not of the form postgres://user@host/name", Cause: err,
			}
		}
		pool := stdlib.OpenDB(*address)
		pool.SetMaxOpenConns(16)
		pool.SetMaxIdleConns(16)
		return &DB{Writer: pool, Reader: pool, place: p, dialect: postgresDialect()}, nil
	}
	db = &DB{place: p, dialect: sqliteDialect()}
	// Every commit is flushed (synchronous=FULL): an acknowledged change
	// survives power loss. The read pool never waits for the writer.
	common := "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-16000)"
	file := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: p.Path}).EscapedPath()}).String()
	if db.Writer, err = sql.Open("sqlite", file+"?_txlock=immediate&"+common); err != nil {
		return nil, fmt.Errorf("open %s for writing: %w", p.Path, err)
	}
	db.Writer.SetMaxOpenConns(1)
	if db.Reader, err = sql.Open("sqlite", file+"?_pragma=query_only(1)&"+common); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", p.Path, err), db.Writer.Close())
	}
	db.Reader.SetMaxOpenConns(8)
	db.Reader.SetMaxIdleConns(8)
	return db, nil
}

// Ping says whether the database can be reached.
func (db *DB) Ping(ctx context.Context) error {
	err := db.Writer.PingContext(ctx)
	if err == nil {
		return nil
	}
	return &alveary.Error{
		Kind: alveary.KindUnavailable, Op: "open the database", Subject: db.place.String(),
		Message: "the database cannot be reached", Cause: err,
	}
}

// Flush makes durable that the database exists: SQLite flushes its files but
// not the folder that names them.
func (db *DB) Flush() error {
	if db.place.Postgres != "" {
		return nil
	}
	return syncDir(filepath.Dir(db.place.Path))
}

// String names the database without its password.
func (p Place) String() string {
	if p.Postgres == "" {
		return p.Path
	}
	u, err := url.Parse(p.Postgres)
	if err != nil || u.Host == "" { // another form, in which the password may stand anywhere
		return "PostgreSQL"
	}
	return u.Scheme + "://" + u.Host + u.Path // options may hold a password too
}

// Name is "sqlite" or "postgres".
func (db *DB) Name() string { return db.dialect.name }

// Embedded says whether this process alone can change the database.
func (db *DB) Embedded() bool { return db.place.Postgres == "" }

// Close closes the handles.
func (db *DB) Close() error {
	db.stmts.Range(func(_, stmt any) bool { _ = stmt.(*sql.Stmt).Close(); return true })
	if db.Reader != db.Writer {
		return errors.Join(db.Reader.Close(), db.Writer.Close())
	}
	return db.Writer.Close()
}

// Failed gives faults of the database a kind; errors that have one pass.
func Failed(ctx context.Context, op string, err error) error {
	var e *alveary.Error
	switch {
	case err == nil, errors.As(err, &e):
		return err
	case isFull(err):
		return &alveary.Error{
			Kind: alveary.KindNoSpace, Op: op, Code: "no-space", Cause: err,
			Message: "the server's disk is full; nothing was changed",
		}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		// When the asker goes away database/sql rolls back by itself and the
		// drivers break off: what a call finds then, a transaction that is over, a
		// closed statement or an interrupted one, has no other reason.
		ctx.Err() != nil:
		return &alveary.Error{Kind: alveary.KindUnavailable, Op: op, Message: "the request was given up", Cause: err}
	}
	return fmt.Errorf("%s: %w", op, err)
}
