//go:build linux

package lossyfs_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver of the house

	"alveary/testkit/lossyfs"
)

// TestSQLite holds that SQLite in WAL mode keeps its word on this disk where it
// flushes, and loses rows where it was told not to: the disk bites.
func TestSQLite(t *testing.T) {
	for _, c := range []struct {
		synchronous string
		want        int
	}{{"FULL", 200}, {"OFF", 0}} {
		t.Run(c.synchronous, func(t *testing.T) {
			layer := lossyfs.Mount(t)
			db := openSQLite(t, layer.Dir(), c.synchronous)
			if _, err := db.Exec(`CREATE TABLE bees (id INTEGER PRIMARY KEY, name TEXT)`); err != nil {
				t.Fatal(err)
			}
			for i := range 200 {
				if _, err := db.Exec(`INSERT INTO bees VALUES (?, ?)`, i, "a bee among many others"); err != nil {
					t.Fatal(err)
				}
			}
			layer.Crash()
			_ = db.Close() // its files are gone from under it

			db = openSQLite(t, layer.Dir(), c.synchronous)
			defer db.Close()
			var rows int
			err := db.QueryRow(`SELECT count(*) FROM bees`).Scan(&rows)
			if rows != c.want || c.want > 0 && err != nil {
				t.Errorf("%d rows survived, %v, want %d", rows, err, c.want)
			}
			var verdict string
			if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
				t.Errorf("the database is %q, %v", verdict, err)
			}
		})
	}
}

func openSQLite(t *testing.T, dir, synchronous string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "bees.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous("+synchronous+")")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(4)
	return db
}
