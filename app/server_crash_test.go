package app

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"alveary/config"
)

// childFolder is the variable that turns this test binary into a server on the
// data folder it names: tests that kill one need a process of their own to kill.
const childFolder = "ALVEARY_TEST_CHILD"

var seed = flag.Uint64("crash.seed", 0, "repeat the choices of an earlier run of the crash test; 0: new ones")

func TestMain(m *testing.M) {
	flag.Parse()
	syscall.Umask(0o077) // as every command of the machine has it
	if dir := os.Getenv(childFolder); dir != "" {
		if err := beServer(dir); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// beServer serves until it is killed, or until whoever started it is gone.
func beServer(dir string) error {
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	return Serve(ctx, options(dir), os.Stdout, io.Discard, "test")
}

func options(dir string) config.Serve {
	return config.Serve{
		Place: config.Place{Data: dir}, Listen: "127.0.0.1:0", InsecureHTTP: true,
		SessionLife: time.Hour, UploadExpiry: time.Hour, MaxJSON: 1 << 20, LogFormat: config.LogText,
	}
}

// newDataFolder is where a data folder may come to be.
func newDataFolder(t *testing.T) string { return filepath.Join(t.TempDir(), "data") }

// child is a server in a process of its own.
type child struct {
	cmd  *exec.Cmd
	url  string
	end  io.Closer // closing it asks the server to stop
	done func() error
}

// startChild starts a server on a data folder and returns once it listens.
func startChild(t *testing.T, dir string) *child {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childFolder+"="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, end: in, done: sync.OnceValue(cmd.Wait)}
	t.Cleanup(c.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Alveary serves ")
	if err != nil || !ok {
		c.kill()
		t.Fatalf("the server did not start: it said %q, %v", line, err)
	}
	c.url = url
	return c
}

// kill ends the server as a failing machine would: it cannot clean up.
func (c *child) kill() {
	_ = c.cmd.Process.Signal(syscall.SIGKILL)
	_ = c.done()
}

// stop ends the server as it should end.
func (c *child) stop(t *testing.T) {
	t.Helper()
	if err := errors.Join(c.end.Close(), c.done()); err != nil {
		t.Errorf("stop the server: %v", err)
	}
}

// chance is a source of choices that workers share, told by one number.
type chance struct {
	mu   sync.Mutex
	rand *rand.Rand
}

func newChance(t *testing.T) *chance {
	s := *seed
	if s == 0 {
		s = rand.Uint64()
	}
	t.Logf("the choices of this run: -crash.seed=%d", s)
	return &chance{rand: rand.New(rand.NewPCG(s, 0))}
}

// below returns a number from 0 to n-1.
func (c *chance) below(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rand.IntN(n)
}

// bytes returns content that no other call returns: mostly small, now and then
// some megabytes, now and then nothing at all.
func (c *chance) bytes() []byte {
	size := 0
	switch n := c.below(20); {
	case n == 0:
	case n < 9:
		size = 1 + c.below(2<<10)
	case n < 17:
		size = 1 + c.below(256<<10)
	default:
		size = 1 + c.below(2<<20)
	}
	content := make([]byte, size)
	c.mu.Lock()
	defer c.mu.Unlock()
	var key [32]byte
	for i := range key {
		key[i] = byte(c.rand.Uint32())
	}
	_, _ = rand.NewChaCha8(key).Read(content) // never fails
	return content
}
