package sqldb

import (
	"context"
	"database/sql"
)

// Tx is a transaction. It must not be kept beyond the function that received
// it.
type Tx struct {
	ctx    context.Context //nolint:containedctx // a Tx lives within one call
	db     *DB
	tx     *sql.Tx
	handle *sql.DB
	missed []string // statements to prepare when the transaction is over
}

// Scanner is one row.
type Scanner interface{ Scan(dest ...any) error }

// Read runs fn on one consistent state.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if db.dialect.name == "postgres" {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return db.run(ctx, db.Reader, opts, fn)
}

// Write runs fn as the only writer and commits what it did when it returns
// nil. When Write returns nil the change is durable.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	return db.run(ctx, db.Writer, nil, func(tx *Tx) error {
		if err := db.dialect.lock(ctx, tx.tx); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (db *DB) run(ctx context.Context, handle *sql.DB, opts *sql.TxOptions, fn func(*Tx) error) (err error) {
	raw, err := handle.BeginTx(ctx, opts)
	if err != nil {
		return Failed(ctx, "begin a transaction", err)
	}
	tx := &Tx{ctx: ctx, db: db, tx: raw, handle: handle}
	done := false
	defer func() {
		if !done { // fn panicked
			_ = raw.Rollback()
		}
		db.keepPrepared(handle, tx.missed)
	}()
	if err = fn(tx); err != nil {
		done = true
		_ = raw.Rollback()
		return Failed(ctx, "change the database", err)
	}
	done = true
	if err = raw.Commit(); err != nil {
		_ = raw.Rollback()
		return Failed(ctx, "commit", err)
	}
	return nil
}

// stmtKey names a prepared statement: each handle has its own.
type stmtKey struct {
	handle *sql.DB
	query  string
}

// prepared finds the statement that an earlier transaction left. Parsing is
// most of the cost of a small statement in SQLite; pgx keeps statements by
// itself. The text must be one of few: what holds a list of ids goes through
// Once.
func (tx *Tx) prepared(query string) *sql.Stmt {
	if tx.db.dialect.name != "sqlite" {
		return nil
	}
	if found, ok := tx.db.stmts.Load(stmtKey{tx.handle, query}); ok {
		return tx.tx.StmtContext(tx.ctx, found.(*sql.Stmt))
	}
	tx.missed = append(tx.missed, query)
	return nil
}

// keepPrepared prepares what a transaction missed. It cannot be done within
// it: the transaction holds the handle's only connection.
func (db *DB) keepPrepared(handle *sql.DB, queries []string) {
	for _, query := range queries {
		key := stmtKey{handle, query}
		if _, ok := db.stmts.Load(key); ok {
			continue
		}
		// Not the asker's context: the statement outlives him.
		stmt, err := handle.PrepareContext(context.Background(), query)
		if err != nil {
			continue // the next transaction parses it again, as this one did
		}
		if _, twice := db.stmts.LoadOrStore(key, stmt); twice {
			_ = stmt.Close() //nolint:sqlclosecheck // only where another was first
		}
	}
}

// Kept is how many prepared statements are kept.
func (db *DB) Kept() (n int) {
	db.stmts.Range(func(any, any) bool { n++; return true })
	return n
}

// Exec runs a statement.
func (tx *Tx) Exec(query string, args ...any) (sql.Result, error) {
	if stmt := tx.prepared(query); stmt != nil { //nolint:sqlclosecheck // it is closed with the database
		return stmt.ExecContext(tx.ctx, args...)
	}
	return tx.tx.ExecContext(tx.ctx, query, args...)
}

// Count runs a statement and says how many rows it changed.
func (tx *Tx) Count(query string, args ...any) (int64, error) {
	result, err := tx.Exec(query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Row runs a query for one row.
func (tx *Tx) Row(query string, args ...any) *sql.Row {
	if stmt := tx.prepared(query); stmt != nil { //nolint:sqlclosecheck // it is closed with the database
		return stmt.QueryRowContext(tx.ctx, args...)
	}
	return tx.tx.QueryRowContext(tx.ctx, query, args...)
}

// All runs a query and hands each row to scan, which must not ask the same
// transaction anything: its only connection is busy with the rows.
func (tx *Tx) All(scan func(Scanner) error, query string, args ...any) error {
	if stmt := tx.prepared(query); stmt != nil { //nolint:sqlclosecheck // it is closed with the database
		rows, err := stmt.QueryContext(tx.ctx, args...)
		return each(rows, err, scan)
	}
	return tx.Once().All(scan, query, args...)
}

// Once runs statements whose text is made for this one time.
type Once struct{ tx *Tx }

// Once gives the way for texts that are not to be kept.
func (tx *Tx) Once() Once { return Once{tx} }

// Exec runs a statement.
func (o Once) Exec(query string, args ...any) (sql.Result, error) {
	return o.tx.tx.ExecContext(o.tx.ctx, query, args...)
}

// All runs a query and hands each row to scan.
func (o Once) All(scan func(Scanner) error, query string, args ...any) error {
	rows, err := o.tx.tx.QueryContext(o.tx.ctx, query, args...)
	return each(rows, err, scan)
}

func each(rows *sql.Rows, err error, scan func(Scanner) error) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
