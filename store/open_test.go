package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"alveary"
)

// A first start makes the shipped rows, a second one leaves them alone.
func TestOpenSeedsOnce(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		var before, after any
		for _, into := range []*any{&before, &after} {
			s, err := Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			*into = everything(t, s)
			wantSound(t, s)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if !reflect.DeepEqual(before, after) {
			t.Errorf("opening again changed it:\n%v\n%v", before, after)
		}
	})
}

// everything is what a store holds, in words.
func everything(t testing.TB, s *Store) (all []string) {
	t.Helper()
	tables := []string{
		"counters", "nodes", "versions", "uploads", "groups_tree", "users", "roles", "user_roles", "entries", "workspaces",
		"templates", "homes", "sessions", "tokens", "settings", "audit",
		"policies", "policy_versions", "policy_scenarios", "policy_observations", "namespaces",
	}
	read(t, s, func(*Tx) error {
		for _, table := range tables {
			rows, err := s.db.Reader.QueryContext(t.Context(), "SELECT * FROM "+table+" ORDER BY 1, 2")
			if err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				values := make([]any, len(columns))
				for i := range values {
					values[i] = new(any)
				}
				if err := rows.Scan(values...); err != nil {
					return err
				}
				line := table
				for i, v := range values {
					line += fmt.Sprintf(" %s=%v", columns[i], *v.(*any))
				}
				all = append(all, line)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // one table at a time
				return err
			}
		}
		return nil
	})
	return all
}

func TestShippedRows(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		read(t, s, func(tx *Tx) error {
			for id, path := range map[alveary.NodeID]string{alveary.RootID: "", mainDatasource: "main", commonFolder: "main/common", usersFolder: "main/users"} {
				line, err := tx.Lineage(id)
				if err != nil || line.Path() != path || !line.Node().IsFolder() || line[0].ID != alveary.RootID {
					t.Errorf("%v: %q, %v", id, line.Path(), err)
				}
			}
			spaces, err := tx.Workspaces()
			want := []alveary.Workspace{
				{Slug: "my-files", Label: "My files", Template: alveary.TemplateMyFiles},
				{Slug: "common-files", Label: "Common files", Root: commonFolder},
			}
			if err != nil || !reflect.DeepEqual(spaces, want) {
				t.Errorf("%v, %v", spaces, err)
			}
			if parent, err := tx.TemplateParent(alveary.TemplateMyFiles); err != nil || parent != usersFolder {
				t.Errorf("my files are made in %v, %v", parent, err)
			}
			_, err = tx.TemplateParent("none")
			wantKind(t, err, alveary.KindNotFound, "not-found")
			if n, err := tx.CountUsers(); err != nil || n != 0 {
				t.Errorf("%d users are shipped, %v", n, err)
			}
			return nil
		})
		if s.Dialect() != "sqlite" && s.Dialect() != "postgres" {
			t.Error(s.Dialect())
		}
	})
}

// A newer schema is refused in words that say what to do, nothing is changed,
// and the version that wrote it opens it again.
func TestNewerSchemaIsRefused(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		insert(t, s, commonFolder, fileNamed("a.txt"))
		write(t, s, func(tx *Tx) error {
			_, err := tx.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
			return err
		})
		before := everything(t, s)
		for range 2 {
			_, err := Open(t.Context(), cfg)
			wantKind(t, err, alveary.KindConflict, "newer-schema")
			for _, word := range []string{"newer version", "9999", "backup", "nothing was changed"} {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
		}
		if after := everything(t, s); !reflect.DeepEqual(before, after) {
			t.Error("the refusal changed the data")
		}
	})
}

func TestOpenWhereItCannot(t *testing.T) {
	for label, cfg := range map[string]Config{
		"no such folder":    {Path: filepath.Join(t.TempDir(), "no", "such.db")},
		"a folder":          {Path: t.TempDir()},
		"no database":       {Path: garbage(t)},
		"nobody listens":    {Postgres: "postgres://alveary:s3cret@127.0.0.1:1/alveary?connect_timeout=2"},
		"secret as option":  {Postgres: "postgres://127.0.0.1:1/alveary?user=alveary&password=s3cret&connect_timeout=2"},
		"in another form":   {Postgres: "host=127.0.0.1 port=1 user=alveary password=s3cret connect_timeout=2"},
		"no address at all": {Postgres: "postgres://alveary:s3cret@[::1/alveary"},
	} {
		t.Run(label, func(t *testing.T) {
			cfg.Now = newClock().Now
			s, err := Open(t.Context(), cfg)
			if err == nil {
				t.Fatal("opened", s.Close())
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error tells the password: %v", err)
			}
			var e *alveary.Error
			if cfg.Postgres != "" && (!errors.As(err, &e) || e.Message == "") {
				t.Errorf("%v does not say what is wrong", err)
			}
		})
	}
}

func garbage(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("this is no database. ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A data folder may be called anything.
func TestOpenInAFolderOfAnyName(t *testing.T) {
	for _, name := range []string{"a b", "what?mode=memory", "50%20", "#1", "ünï", "a&b=c", "it's", `q"uote`, "+", "file:x"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name, "alveary.db")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			s := open(t, Config{Path: path, Now: newClock().Now})
			insert(t, s, commonFolder, fileNamed("a.txt"))
			if info, err := os.Stat(path); err != nil || info.Size() == 0 {
				t.Errorf("the database is not where it was asked for: %v", err)
			}
		})
	}
}

// Several servers may start on one empty PostgreSQL database at once.
func TestServersStartTogether(t *testing.T) {
	cfg := databases[1].config(t)
	const servers = 6
	var all sync.WaitGroup
	for i := range servers {
		all.Go(func() {
			s, err := Open(t.Context(), cfg)
			if err != nil {
				t.Errorf("server %d: %v", i, err)
				return
			}
			if err := s.Close(); err != nil {
				t.Errorf("server %d: %v", i, err)
			}
		})
	}
	all.Wait()
	s := open(t, cfg)
	wantSound(t, s)
	read(t, s, func(tx *Tx) error {
		entries, err := tx.Entries()
		if len(entries) != 3 {
			t.Errorf("seeded %d entries", len(entries))
		}
		return err
	})
}

// What a transaction did that failed, panicked or was given up is not there.
func TestFailedWriteLeavesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		before := everything(t, s)
		version, err := s.AccessVersion(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		change := func(tx *Tx) error {
			line, err := tx.Lineage(commonFolder)
			if err != nil {
				return err
			}
			made, err := tx.Insert(line, folderNamed("x"))
			if err != nil {
				return err
			}
			if _, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: made.ID, Rights: alveary.Givable}); err != nil {
				return err
			}
			data, err := tx.Access(t.Context())
			if err != nil || !data.Draft || data.Version != version+1 || len(data.Entries) != 4 {
				t.Errorf("its own change is not seen as a draft: %v, version %d of %d, %v", data.Draft, data.Version, version, err)
			}
			return tx.Record(alveary.AuditRecord{Action: "mkdir"})
		}
		refused := errors.New("refused")
		if err := s.Write(t.Context(), func(tx *Tx) error { return errors.Join(change(tx), refused) }); !errors.Is(err, refused) {
			t.Errorf("%v", err)
		}
		func() {
			defer func() {
				if recover() != "oh" {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Write(t.Context(), func(tx *Tx) error {
				if err := change(tx); err != nil {
					t.Error(err)
				}
				panic("oh")
			})
		}()
		ctx, cancel := context.WithCancel(t.Context())
		err = s.Write(ctx, func(tx *Tx) error {
			err := change(tx)
			cancel()
			return err
		})
		wantKind(t, err, alveary.KindUnavailable, "")
		if after := everything(t, s); !reflect.DeepEqual(before, after) {
			t.Errorf("something is left:\n%q\n%q", before, after)
		}
		if now, err := s.AccessVersion(t.Context()); err != nil || now != version {
			t.Errorf("access version %d, was %d, %v", now, version, err)
		}
		write(t, s, change) // and the writer is free
	})
}

func TestGivenUpBeforeItBegins(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		called := func(*Tx) error { t.Error("called all the same"); return nil }
		wantKind(t, s.Write(ctx, called), alveary.KindUnavailable, "")
		wantKind(t, s.Read(ctx, called), alveary.KindUnavailable, "")
		wantKind(t, s.Record(ctx, alveary.AuditRecord{Action: "x"}), alveary.KindUnavailable, "")
		_, err := s.Access(ctx)
		wantKind(t, err, alveary.KindUnavailable, "")
	})
}

// A query that runs ends when its asker goes away.
func TestGivenUpWhileItRuns(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for label, run := range map[string]func(context.Context, func(*Tx) error) error{"read": s.Read, "write": s.Write} {
			ctx, cancel := context.WithCancel(t.Context())
			err := run(ctx, func(tx *Tx) error {
				stop := make(chan struct{})
				go func() { defer close(stop); time.Sleep(30 * time.Millisecond); cancel() }()
				defer func() { <-stop }()
				var n int64
				return tx.row(`WITH RECURSIVE c (x) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT x + 1 FROM c WHERE x < 10000000000) SELECT MAX(x) FROM c`).Scan(&n)
			})
			if !alveary.IsKind(err, alveary.KindUnavailable) {
				t.Errorf("%s: %v", label, err)
			}
			insert(t, s, commonFolder, folderNamed(label)) // the connection is good again
		}
	})
}

// Reading cannot change anything.
func TestReadCannotWrite(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		before := everything(t, s)
		if err := s.Read(t.Context(), func(tx *Tx) error { return tx.SetSetting("a", "b") }); err == nil {
			t.Error("a reader wrote")
		}
		if after := everything(t, s); !reflect.DeepEqual(before, after) {
			t.Error("a reader changed something")
		}
	})
}

// Close may be called again, lets go of everything, and what comes after it is
// refused.
func TestClose(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		before := goleak.IgnoreCurrent()
		s, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		insert(t, s, commonFolder, folderNamed("x"))
		if err := s.Record(t.Context(), alveary.AuditRecord{Action: "x"}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		goleak.VerifyNone(t, before)
		wantKind(t, s.Record(t.Context(), alveary.AuditRecord{Action: "x"}), alveary.KindUnavailable, "")
		nothing := func(*Tx) error { return nil }
		for label, err := range map[string]error{"write": s.Write(t.Context(), nothing), "read": s.Read(t.Context(), nothing)} {
			if err == nil {
				t.Errorf("%s after Close", label)
			}
		}
		if cfg.Path != "" {
			if _, err := os.Stat(cfg.Path + "-wal"); !os.IsNotExist(err) {
				t.Errorf("Close left the write-ahead log: %v", err)
			}
		}
	})
}

// The settings that durability rests on hold on every connection.
func TestSQLitePragmas(t *testing.T) {
	s := open(t, databases[0].config(t))
	for label, db := range map[string]*sql.DB{"writer": s.db.Writer, "reader": s.db.Reader} {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s is %s, %v", label, pragma, got, err)
			}
		}
	}
}
