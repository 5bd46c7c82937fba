package pgtest

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// superuser owns the databases of the cluster. It is also the account that
// Debian's package makes, under which the cluster runs when the tests run as
// root, because PostgreSQL refuses to run as root.
const superuser = "postgres"

// longestDir leaves room for the socket's name in the 107 bytes that the path
// of a unix socket may have.
const longestDir = 80

var errNotInstalled = errors.New("PostgreSQL is not installed here")

//go:embed watchdog.sh
var watchdogScript string

// shared is the one cluster of the test binary. It is a package variable
// because the tests of a binary have nothing else in common; it is set once.
var shared lazyCluster

type lazyCluster struct {
	once    sync.Once
	cluster *cluster
	err     error
}

func (l *lazyCluster) get() (*cluster, error) {
	l.once.Do(func() { l.cluster, l.err = start() })
	return l.cluster, l.err
}

// cluster is a running PostgreSQL with its watchdog.
type cluster struct {
	dir       string // socket, log and data
	watchdog  *exec.Cmd
	lifeline  *os.File // the watchdog ends the cluster when this end of the pipe closes
	databases atomic.Int64
	copied    sync.Map // name of a database that is copied → func() error that makes it once
}

// start brings a cluster up and returns when it answers.
func start() (*cluster, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	owner, err := account()
	if err != nil {
		return nil, err
	}
	dir, err := makeDir(owner)
	if err != nil {
		return nil, err
	}
	c, err := watch(programs, dir, owner)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// watch starts the watchdog, which makes the cluster, says so in one line and
// then waits for the end of the lifeline.
func watch(programs, dir string, owner *syscall.Credential) (*cluster, error) {
	stdin, lifeline, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start the watchdog of PostgreSQL: %w", err)
	}
	defer stdin.Close()
	stdout, report, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the watchdog of PostgreSQL: %w", err), lifeline.Close())
	}
	defer stdout.Close()

	watchdog := exec.Command("/bin/sh", "-c", watchdogScript, "pgtest-watchdog", dir, programs)
	watchdog.Dir, watchdog.Stdin, watchdog.Stdout = dir, stdin, report
	watchdog.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C"}
	// A session of its own keeps the ^C of a terminal from it: it has to
	// outlive the test binary to clear up behind it.
	watchdog.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setsid: true}
	if err := errors.Join(watchdog.Start(), report.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("start the watchdog of PostgreSQL: %w", err), lifeline.Close())
	}

	c := &cluster{dir: dir, watchdog: watchdog, lifeline: lifeline}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "ready\n" {
		logged, _ := os.ReadFile(filepath.Join(dir, "log"))
		return nil, errors.Join(fmt.Errorf("PostgreSQL did not start:\n%s", logged), c.stop())
	}
	return c, nil
}

// stop ends the cluster and returns when its processes and its folder are gone.
func (c *cluster) stop() error {
	if err := c.lifeline.Close(); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	if err := c.watchdog.Wait(); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	return nil
}

// findPrograms is the folder with initdb, pg_ctl and postgres: of the newest
// version where Debian keeps them, else the one on the PATH.
func findPrograms() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	newest, best := "", -1
	for _, initdb := range found {
		programs := filepath.Dir(initdb)
		if version, err := strconv.Atoi(filepath.Base(filepath.Dir(programs))); err == nil && version > best {
			newest, best = programs, version
		}
	}
	if newest != "" {
		return newest, nil
	}
	initdb, err := exec.LookPath("initdb")
	if err != nil {
		return "", errNotInstalled
	}
	initdb, err = filepath.EvalSymlinks(initdb)
	return filepath.Dir(initdb), err
}

// account is who runs the cluster: nil for ourselves, and where we are root the
// account of Debian's package.
func account() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(superuser)
	if err != nil {
		return nil, fmt.Errorf("%w: there is no account %s to run it", errNotInstalled, superuser)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// makeDir makes the private folder of the cluster and hands it to its owner.
// The owner must be able to reach it and to remove it, so it lies in /tmp
// where TMPDIR might be private or its path too long for a socket.
func makeDir(owner *syscall.Credential) (string, error) {
	parent := os.TempDir()
	if owner != nil || len(parent) > longestDir || strings.ContainsAny(parent, "' \\") {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "alveary-pg-")
	if err != nil {
		return "", fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return "", fmt.Errorf("hand the folder to PostgreSQL: %w", err)
		}
	}
	return dir, nil
}
