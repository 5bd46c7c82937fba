//go:build linux

package lossyfs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// FS is a mounted disk. Its methods belong to the test that mounted it.
type FS struct {
	t       testing.TB
	dir     string
	command io.WriteCloser
	answers *bufio.Reader
	server  *exec.Cmd
}

// Mount mounts an empty disk until the test ends. Where that cannot be done it
// skips the test with the reason, or fails it if the environment has CI=true.
func Mount(t testing.TB) *FS {
	t.Helper()
	if reason := missing(); reason != "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the file system that forgets cannot be mounted: %s", reason)
		}
		t.Skipf("skipped, because the file system that forgets cannot be mounted: %s", reason)
	}
	fs, err := start(t, filepath.Join(t.TempDir(), "disk"))
	if err != nil {
		t.Fatalf("mount the file system that forgets: %v", err)
	}
	t.Cleanup(fs.stop)
	return fs
}

// missing says what keeps this machine from mounting, or nothing.
func missing() string {
	if os.Geteuid() != 0 {
		return "only root may mount"
	}
	device, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		return err.Error()
	}
	if err := device.Close(); err != nil {
		return err.Error()
	}
	return ""
}

func start(t testing.TB, dir string) (*FS, error) {
	if os.Getenv(serveVariable) != "" {
		return nil, errors.New("this test binary has no TestMain that calls lossyfs.Main")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// Where TestMain does not call Main the binary runs its tests: none of them.
	server := exec.Command(self, "-test.run=^$")
	server.Env = append(os.Environ(), serveVariable+"="+dir,
		// The race detector waits a second before a process ends, for reports
		// that a process whose requests are all answered does not have.
		"GORACE="+os.Getenv("GORACE")+" atexit_sleep_ms=0")
	server.Stderr = os.Stderr
	command, err := server.StdinPipe()
	if err != nil {
		return nil, err
	}
	answers, err := server.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := server.Start(); err != nil {
		return nil, err
	}
	fs := &FS{t: t, dir: dir, command: command, answers: bufio.NewReader(answers), server: server}
	if err := fs.await(); err != nil {
		fs.stop()
		return nil, err
	}
	return fs, nil
}

// Dir is where the disk is mounted. It is the same after a crash.
func (f *FS) Dir() string { return f.dir }

// Crash pulls the plug and starts the machine again: Dir shows what was
// flushed. Files that were open before give errors, and are best closed after.
func (f *FS) Crash() {
	f.t.Helper()
	f.order("crash")
}

// Fill leaves room for that many more bytes; beyond them the disk is full.
func (f *FS) Fill(room int64) {
	f.t.Helper()
	f.order(fmt.Sprintf("limit %d", room))
}

// Unfill takes the limit of Fill away.
func (f *FS) Unfill() {
	f.t.Helper()
	f.Fill(math.MaxInt64)
}

func (f *FS) order(command string) {
	f.t.Helper()
	if _, err := fmt.Fprintln(f.command, command); err != nil {
		f.t.Fatalf("lossyfs: %s: %v", command, err)
	}
	if err := f.await(); err != nil {
		f.t.Fatalf("lossyfs: %s: %v", command, err)
	}
}

func (f *FS) await() error {
	line, err := f.answers.ReadString('\n')
	if err != nil {
		return fmt.Errorf("the server of the disk said nothing: %w (does TestMain call lossyfs.Main?)", err)
	}
	if line = strings.TrimSpace(line); line != "ok" {
		return errors.New(line)
	}
	return nil
}

// stop ends the server, which unmounts. Should it have died, the mount is
// taken away here, so that nothing is left of it in any case.
func (f *FS) stop() {
	_ = f.command.Close() // says the server to end; it may have ended before
	err := f.server.Wait()
	if uerr := syscall.Unmount(f.dir, syscall.MNT_FORCE|syscall.MNT_DETACH); uerr == nil {
		err = errors.Join(err, errors.New("the server left the disk mounted"))
	}
	if err != nil {
		f.t.Errorf("lossyfs: end: %v", err)
	}
}
