// Package pgtest gives a test a PostgreSQL database of its own.
//
// It exists because every test of the store runs on both databases, and a
// contributor should need no server, account or container for it: the first
// call in a test binary starts a throw-away cluster from the programs of
// Debian's postgresql package, on a unix socket in a private folder, and every
// call after it makes an empty database there. The cluster is stopped and its
// folder removed when the test binary ends, however it ends: a watchdog process
// waits on a pipe that only the test binary holds open.
//
// The cluster does not flush to disk, so nothing about durability can be tested
// on it. Its default collation is a linguistic one, as on most installed
// servers: SQL that silently counts on byte order fails here rather than there.
//
// Where PostgreSQL is missing the test is skipped, or fails when CI=true. All
// functions may be called from parallel tests. Read pgtest.go first, then
// cluster.go.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// DSN makes an empty database and returns its address, `postgres://…`. The
// database is dropped when the test ends, with any connections still open to
// it; clean-ups registered after the call run before that.
func DSN(t testing.TB) string {
	t.Helper()
	return here(t).database(t, "")
}

// Copy makes a copy of a database that prepare fills, once for the test binary:
// of its name there is one. What prepare opened it must have closed.
func Copy(t testing.TB, name string, prepare func(dsn string) error) string {
	t.Helper()
	c := here(t)
	if err := c.prepared(name, prepare); err != nil {
		t.Fatalf("make a database to copy: %v", err)
	}
	return c.database(t, " TEMPLATE "+name)
}

// here is the cluster, of which the test is told where there is none.
func here(t testing.TB) *cluster {
	t.Helper()
	c, err := shared.get()
	switch {
	case errors.Is(err, errNotInstalled) && os.Getenv("CI") == "true":
		t.Fatalf("%v; install Debian's postgresql package (make test does)", err)
	case errors.Is(err, errNotInstalled):
		t.Skipf("%v; install Debian's postgresql package to run this test", err)
	case err != nil:
		t.Fatal(err)
	}
	return c
}

// prepared makes a database to copy where it is not there yet.
func (c *cluster) prepared(name string, prepare func(dsn string) error) error {
	made, _ := c.copied.LoadOrStore(name, sync.OnceValue(func() error {
		if err := c.exec("CREATE DATABASE " + name); err != nil {
			return err
		}
		return prepare(c.dsn(name))
	}))
	return made.(func() error)()
}

// database makes one for a test.
func (c *cluster) database(t testing.TB, like string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", c.databases.Add(1))
	if err := c.exec("CREATE DATABASE " + name + like); err != nil {
		t.Fatalf("make a database for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := c.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the database of the test: %v", err)
		}
	})
	return c.dsn(name)
}

// Main runs the tests of a binary and does not return before the cluster is
// gone. It is only for packages that want to see that happen: without it the
// watchdog does the same a moment after the binary has ended.
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if c := shared.cluster; c != nil {
		if err := c.stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// dsn is the address of a database of the cluster.
func (c *cluster) dsn(database string) string {
	query := url.Values{"host": {c.dir}, "sslmode": {"disable"}}
	address := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: query.Encode()}
	return address.String()
}

// exec runs one statement on a connection of its own.
func (c *cluster) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.dsn("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
