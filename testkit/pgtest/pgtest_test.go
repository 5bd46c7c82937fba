package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { Main(m) }

// Two tests see databases of their own, and what one leaves open is closed.
func TestDatabasesAreApart(t *testing.T) {
	ctx := t.Context()
	first, second := DSN(t), DSN(t)
	if first == second {
		t.Fatalf("the same database twice: %s", first)
	}
	for _, dsn := range []string{first, second} {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(ctx, "CREATE TABLE t (x int)"); err != nil {
			t.Errorf("the database is not empty: %v", err)
		}
	}
}

// Copies hold what was prepared, once, and are apart from then on.
func TestCopies(t *testing.T) {
	ctx, prepared := t.Context(), 0
	change := func(dsn, statement string) error {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, statement)
		return errors.Join(err, conn.Close(ctx))
	}
	for range 2 {
		dsn := Copy(t, "to_copy", func(dsn string) error {
			prepared++
			return change(dsn, "CREATE TABLE t (x int UNIQUE)")
		})
		if err := change(dsn, "INSERT INTO t VALUES (1)"); err != nil {
			t.Error(err)
		}
	}
	if prepared != 1 {
		t.Errorf("prepared %d times", prepared)
	}
}

// The default collation is not the order of bytes.
func TestCollationIsLinguistic(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var before bool
	if err := conn.QueryRow(t.Context(), "SELECT 'a' < 'B'").Scan(&before); err != nil {
		t.Fatal(err)
	}
	if !before {
		t.Error("'a' sorts after 'B': the cluster compares bytes")
	}
}

// A test binary that is killed leaves no folder behind, and so no server: its
// folder is removed after it.
func TestKilledBinaryLeavesNothing(t *testing.T) {
	const child = "PGTEST_CHILD"
	if os.Getenv(child) != "" {
		DSN(t)
		c, err := shared.get()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(c.dir)
		time.Sleep(time.Minute)
		return
	}
	DSN(t) // skips where there is no PostgreSQL

	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil || n < 2 {
		t.Fatalf("the child said %q: %v", line[:n], err)
	}
	dir := string(line[:n-1])
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the child's cluster: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed: the error says so
	deadline := time.Now().Add(30 * time.Second)
	for {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is still there", dir)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
