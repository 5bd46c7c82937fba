package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"alveary"
	"alveary/store/access"
	"alveary/store/account"
	"alveary/store/names"
	"alveary/store/people"
	"alveary/store/share"
	"alveary/store/sqldb"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config says where the metadata lie.
type Config struct {
	Path     string // file of the SQLite database; used where Postgres is empty
	Postgres string // postgres://… of a PostgreSQL database
	Now      func() time.Time
}

// Store is the metadata of one installation.
type Store struct {
	db      *sqldb.DB
	now     func() time.Time
	ids     *alveary.IDs
	access  atomic.Int64 // SQLite: the version of the access data, which only this process changes
	begun   atomic.Int64 // commits
	ended   atomic.Int64
	shelf   access.Shelf
	cells   shelf
	recordC chan recording
	closing chan struct{}
	stopped chan struct{}
	stop    sync.Once
}

// Open opens the database, brings its schema up to date and makes the shipped
// rows that were never there. A schema of a newer version is refused.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	db, err := sqldb.Open(sqldb.Place{Path: cfg.Path, Postgres: cfg.Postgres})
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: db, now: cfg.Now, ids: alveary.NewIDs(cfg.Now),
		recordC: make(chan recording), closing: make(chan struct{}), stopped: make(chan struct{}),
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go s.recordLoop()
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	if err := s.db.Ping(ctx); err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	if err := s.db.Migrate(ctx, files); err != nil {
		return err
	}
	if err := s.db.Flush(); err != nil {
		return err
	}
	if err := s.seed(ctx); err != nil {
		return err
	}
	if err := s.Write(ctx, (*Tx).buildWords); err != nil {
		return err
	}
	return s.Read(ctx, func(tx *Tx) error {
		v, err := tx.counter("access")
		s.access.Store(v)
		return err
	})
}

// Close waits for records under way and closes the database.
func (s *Store) Close() error {
	s.stop.Do(func() { close(s.closing) })
	<-s.stopped
	return s.db.Close()
}

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.db.Name() }

// Installation is the id of this installation, made with the database.
func (s *Store) Installation(ctx context.Context) (id string, err error) {
	err = s.Read(ctx, func(tx *Tx) error {
		return tx.row(`SELECT value FROM settings WHERE name = 'installation'`).Scan(&id)
	})
	return id, err
}

// Tx is a transaction: the only way to the data. It must not be kept beyond
// the function that received it. What decides who may what (roles, entries,
// policies) it has from package access, who is who from package people, what
// they sign in with from package account, what they share from package share.
type Tx struct {
	rows
	persons
	accounts
	shares
	store    *Store
	sql      *sqldb.Tx
	now      time.Time
	revision int64
	access   int64
	cells    cells
	metas    map[string]*alveary.Metadata // by their text
}

// rows gives Tx the methods of access.Rows, and no field that others see.
type rows = access.Rows

// accounts gives Tx the methods of account.Rows in the same way.
type accounts = account.Rows

// persons gives Tx the methods of people.Rows in the same way.
type persons = people.Rows

// shares gives Tx the methods of share.Rows in the same way.
type shares = share.Rows

// CellSecret is what opens a link, as hashes.
type CellSecret = share.CellSecret

// Download is one that is under way through a link whose downloads are counted.
type Download = share.Download

// Namespace is a namespace of user metadata.
type Namespace = access.Namespace

// UserFilter asks for accounts, by what they are like.
type UserFilter = people.Filter

// State is what an account is like.
type State = people.State

// UsersFound is a part of the accounts that a filter asks for.
type UsersFound = people.Found

// NewUser is an account to be made with others.
type NewUser = people.NewUser

// Leftover is what someone leaves behind.
type Leftover = people.Leftover

// The states of accounts that can be asked for.
const (
	StateActive   = people.StateActive
	StateDisabled = people.StateDisabled
	StateNever    = people.StateNever
)

// The editors of a namespace.
const (
	EditorsWriters = access.EditorsWriters // whoever may write the node
	EditorsAdmins  = access.EditorsAdmins  // administrators alone
)

// Read runs fn on one consistent state.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	return s.db.Read(ctx, func(raw *sqldb.Tx) error { return fn(s.begin(raw)) })
}

// Write runs fn as the only writer and commits what it did when it returns
// nil. When Write returns nil the change is durable.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	version, begun := int64(0), false
	defer func() {
		if begun {
			s.ended.Add(1)
		}
	}()
	err := s.db.Write(ctx, func(raw *sqldb.Tx) error {
		tx := s.begin(raw)
		err := fn(tx)
		version = tx.access
		if err == nil {
			begun = true
			s.begun.Add(1)
		}
		return err
	})
	if err == nil && version != 0 {
		s.accessIs(version)
	}
	return err
}

// State numbers what the database holds: what was read since a number was given
// is as it was for as long as the same number is given. False where nothing is
// known: a change is being committed, or other servers write as well.
func (s *Store) State() (n int64, known bool) {
	n = s.begun.Load()
	return n, s.db.Embedded() && s.ended.Load() == n
}

func (s *Store) begin(raw *sqldb.Tx) *Tx {
	tx := &Tx{store: s, sql: raw, now: s.now()}
	tx.rows = access.On(raw, tx.now, tx.NewID, tx.accessChanged, &s.shelf)
	tx.persons = people.On(raw, tx.now, tx.NewID, tx.peopleChanged, tx.ownersChanged)
	tx.accounts = account.On(raw, tx.now, tx.NewID, tx.peopleChanged)
	tx.shares = share.On(raw, tx.now, tx.NewID, tx.accessChanged)
	return tx
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

func (tx *Tx) exec(query string, args ...any) (sql.Result, error) { return tx.sql.Exec(query, args...) }

func (tx *Tx) row(query string, args ...any) *sql.Row { return tx.sql.Row(query, args...) }

func (tx *Tx) all(scan func(scanner) error, query string, args ...any) error {
	return tx.sql.All(scan, query, args...)
}

// count runs a statement and says how many rows it changed.
func (tx *Tx) count(query string, args ...any) (int64, error) { return tx.sql.Count(query, args...) }

type scanner = sqldb.Scanner

// FoldName is what makes two logins the same: case folded and NFKC, so that
// neither a capital nor a look-alike spelling makes a second account.
func FoldName(name string) string { return names.Fold(name) }

// Finds says whether each word of a query begins one of the words of texts, as
// people are found.
func Finds(query string, texts ...string) bool { return names.Finds(query, texts...) }

// CheckLogin gives a login in NFC, or says why it cannot be one.
func CheckLogin(op, login string) (string, error) { return names.CheckLogin(op, login) }

// failed gives faults of the database a kind; errors that have one pass.
func failed(ctx context.Context, op string, err error) error { return sqldb.Failed(ctx, op, err) }
