package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"alveary"
)

// Config says where the metadata lie.
type Config struct {
	Path     string // file of the SQLite database; used where Postgres is empty
	Postgres string // postgres://… of a PostgreSQL database
	Now      func() time.Time
}

// Store is the metadata of one installation.
type Store struct {
	dialect dialect
	now     func() time.Time
	ids     *alveary.IDs
	writer  *sql.DB      // SQLite: one connection that begins immediately
	reader  *sql.DB      // SQLite: a pool of its own; PostgreSQL: the same as writer
	access  atomic.Int64 // SQLite: the version of the access data, which only this process changes
	stmts   sync.Map     // SQLite: prepared statements by handle and text
	recordC chan recording
	closing chan struct{}
	stopped chan struct{}
	stop    sync.Once
}

// Open opens the database, brings its schema up to date and makes the shipped
// rows on a first start. A schema of a newer version is refused.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s := &Store{
		now: cfg.Now, ids: alveary.NewIDs(cfg.Now),
		recordC: make(chan recording), closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	if err := s.connect(cfg); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, cfg); err != nil {
		return nil, errors.Join(err, s.closeHandles())
	}
	go s.recordLoop()
	return s, nil
}

func (s *Store) prepare(ctx context.Context, cfg Config) error {
	if err := s.writer.PingContext(ctx); err != nil {
		return &alveary.Error{
			Kind: alveary.KindUnavailable, Op: "open the database", Subject: describe(cfg),
			Message: "the database cannot be reached", Cause: err,
		}
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if cfg.Postgres == "" {
		// SQLite flushes its files but not the folder that names them.
		if err := syncDir(filepath.Dir(cfg.Path)); err != nil {
			return err
		}
	}
	if err := s.seed(ctx); err != nil {
		return err
	}
	return s.Read(ctx, func(tx *Tx) error {
		v, err := tx.counter("access")
		s.access.Store(v)
		return err
	})
}

func (s *Store) connect(cfg Config) (err error) {
	if cfg.Postgres != "" {
		s.dialect = postgresDialect()
		address, err := pgx.ParseConfig(cfg.Postgres)
		if err != nil {
			return &alveary.Error{
				Kind: alveary.KindInvalid, Op: "open the database",
				Message: "the database address is not of the form postgres://user@host/name", Cause: err,
			}
		}
		s.writer = stdlib.OpenDB(*address)
		s.writer.SetMaxOpenConns(16)
		s.writer.SetMaxIdleConns(16)
		s.reader = s.writer
		return nil
	}
	s.dialect = sqliteDialect()
	// Every commit is flushed (synchronous=FULL): an acknowledged change
	// survives power loss. The read pool never waits for the writer.
	common := "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-16000)"
	file := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: cfg.Path}).EscapedPath()}).String()
	if s.writer, err = sql.Open("sqlite", file+"?_txlock=immediate&"+common); err != nil {
		return fmt.Errorf("open %s for writing: %w", cfg.Path, err)
	}
	s.writer.SetMaxOpenConns(1)
	if s.reader, err = sql.Open("sqlite", file+"?_pragma=query_only(1)&"+common); err != nil {
		return errors.Join(fmt.Errorf("open %s for reading: %w", cfg.Path, err), s.writer.Close())
	}
	s.reader.SetMaxOpenConns(8)
	s.reader.SetMaxIdleConns(8)
	return nil
}

// describe names the database without its password.
func describe(cfg Config) string {
	if cfg.Postgres == "" {
		return cfg.Path
	}
	u, err := url.Parse(cfg.Postgres)
	if err != nil || u.Host == "" { // another form, in which the password may stand anywhere
		return "PostgreSQL"
	}
	return u.Scheme + "://" + u.Host + u.Path // options may hold a password too
}

// Close waits for records under way and closes the database.
func (s *Store) Close() error {
	s.stop.Do(func() { close(s.closing) })
	<-s.stopped
	return s.closeHandles()
}

func (s *Store) closeHandles() error {
	s.stmts.Range(func(_, stmt any) bool { _ = stmt.(*sql.Stmt).Close(); return true })
	if s.reader != s.writer {
		return errors.Join(s.reader.Close(), s.writer.Close())
	}
	return s.writer.Close()
}

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.dialect.name }

// Installation is the id of this installation, made with the database.
func (s *Store) Installation(ctx context.Context) (id string, err error) {
	err = s.Read(ctx, func(tx *Tx) error {
		return tx.row(`SELECT value FROM settings WHERE name = 'installation'`).Scan(&id)
	})
	return id, err
}

// Tx is a transaction: the only way to the data. It must not be kept beyond
// the function that received it.
type Tx struct {
	ctx      context.Context //nolint:containedctx // a Tx lives within one call
	store    *Store
	tx       *sql.Tx
	db       *sql.DB
	missed   []string // statements to prepare when the transaction is over
	now      time.Time
	revision int64
	access   int64
}

// Read runs fn on one consistent state.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if s.dialect.name == "postgres" {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return s.run(ctx, s.reader, opts, fn)
}

// Write runs fn as the only writer and commits what it did when it returns
// nil. When Write returns nil the change is durable.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	return s.run(ctx, s.writer, nil, func(tx *Tx) error {
		if err := s.dialect.lock(ctx, tx.tx); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (s *Store) run(ctx context.Context, db *sql.DB, opts *sql.TxOptions, fn func(*Tx) error) (err error) {
	raw, err := db.BeginTx(ctx, opts)
	if err != nil {
		return failed(ctx, "begin a transaction", err)
	}
	tx := &Tx{ctx: ctx, store: s, tx: raw, db: db, now: s.now()}
	done := false
	defer func() {
		if !done { // fn panicked
			_ = raw.Rollback()
		}
		s.keepPrepared(db, tx.missed)
	}()
	if err = fn(tx); err != nil {
		done = true
		_ = raw.Rollback()
		return failed(ctx, "change the database", err)
	}
	done = true
	if err = raw.Commit(); err != nil {
		_ = raw.Rollback()
		return failed(ctx, "commit", err)
	}
	if tx.access != 0 {
		s.accessIs(tx.access)
	}
	return nil
}

// accessIs notes the version of the access data that a commit made. The commit
// after it may have been noted before it.
func (s *Store) accessIs(version int64) {
	for {
		have := s.access.Load()
		if have >= version || s.access.CompareAndSwap(have, version) {
			return
		}
	}
}

// failed gives faults of the database a kind; errors that have one pass.
func failed(ctx context.Context, op string, err error) error {
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
		// database/sql rolls back by itself when the asker goes away; a call
		// that comes after that finds the transaction over.
		errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil:
		return &alveary.Error{Kind: alveary.KindUnavailable, Op: op, Message: "the request was given up", Cause: err}
	}
	return fmt.Errorf("%s: %w", op, err)
}

// Now is the time of the transaction: the same for all it writes.
func (tx *Tx) Now() time.Time { return tx.now }

// NewID makes an id for a row.
func (tx *Tx) NewID() int64 { return tx.store.ids.Next() }

// nextRevision gives the transaction's revision, the same for all it changes.
func (tx *Tx) nextRevision() (int64, error) {
	if tx.revision != 0 {
		return tx.revision, nil
	}
	err := tx.row(`UPDATE counters SET value = value + 1 WHERE name = 'revision' RETURNING value`).Scan(&tx.revision)
	return tx.revision, err
}

func (tx *Tx) counter(name string) (v int64, err error) {
	err = tx.row(`SELECT value FROM counters WHERE name = $1`, name).Scan(&v)
	return v, err
}

// stmtKey names a prepared statement: each handle has its own.
type stmtKey struct {
	db    *sql.DB
	query string
}

// prepared finds the statement that an earlier transaction left. Parsing is
// most of the cost of a small statement in SQLite; pgx keeps statements by
// itself. The text must be one of few: what holds a list of ids goes through
// once.
func (tx *Tx) prepared(query string) *sql.Stmt {
	if tx.store.dialect.name != "sqlite" {
		return nil
	}
	if found, ok := tx.store.stmts.Load(stmtKey{tx.db, query}); ok {
		return tx.tx.StmtContext(tx.ctx, found.(*sql.Stmt))
	}
	tx.missed = append(tx.missed, query)
	return nil
}

// keepPrepared prepares what a transaction missed. It cannot be done within
// it: the transaction holds the handle's only connection.
func (s *Store) keepPrepared(db *sql.DB, queries []string) {
	for _, query := range queries {
		key := stmtKey{db, query}
		if _, ok := s.stmts.Load(key); ok {
			continue
		}
		// Not the asker's context: the statement outlives him.
		stmt, err := db.PrepareContext(context.Background(), query)
		if err != nil {
			continue // the next transaction parses it again, as this one did
		}
		if _, twice := s.stmts.LoadOrStore(key, stmt); twice {
			_ = stmt.Close() //nolint:sqlclosecheck // only where another was first
		}
	}
}

func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	if stmt := tx.prepared(query); stmt != nil { //nolint:sqlclosecheck // it is closed with the store
		return stmt.ExecContext(tx.ctx, args...)
	}
	return tx.tx.ExecContext(tx.ctx, query, args...)
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	if stmt := tx.prepared(query); stmt != nil { //nolint:sqlclosecheck // it is closed with the store
		return stmt.QueryContext(tx.ctx, args...)
	}
	return tx.tx.QueryContext(tx.ctx, query, args...)
}

func (tx *Tx) row(query string, args ...any) *sql.Row {
	if stmt := tx.prepared(query); stmt != nil { //nolint:sqlclosecheck // it is closed with the store
		return stmt.QueryRowContext(tx.ctx, args...)
	}
	return tx.tx.QueryRowContext(tx.ctx, query, args...)
}

// once runs statements whose text is made for this one time.
type once struct{ *Tx }

func (o once) exec(query string, args ...any) (sql.Result, error) {
	return o.tx.ExecContext(o.ctx, query, args...)
}

func (o once) all(scan func(scanner) error, query string, args ...any) error {
	rows, err := o.tx.QueryContext(o.ctx, query, args...)
	return each(rows, err, scan)
}

// all runs a query and hands each row to scan.
func (tx *Tx) all(scan func(scanner) error, query string, args ...any) error {
	rows, err := tx.query(query, args...)
	return each(rows, err, scan)
}

func each(rows *sql.Rows, err error, scan func(scanner) error) error {
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

type scanner interface{ Scan(dest ...any) error }

func toMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	if us := t.UnixMicro(); us != 0 {
		return us
	}
	return 1 // the epoch is a time, and 0 stands for none
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("flush the folder %s: %w", dir, err)
	}
	if err := d.Sync(); err != nil {
		return errors.Join(fmt.Errorf("flush the folder %s: %w", dir, err), d.Close())
	}
	return d.Close()
}
