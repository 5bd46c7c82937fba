package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// The limits of the process that reads a PDF.
const (
	maxMemory = 512 << 20 // bytes of address space
	maxOpen   = 32        // files
)

// child starts programs that are trusted with nothing.
type child struct {
	prefix []string // the programs that put limits on themselves and become the one to run; empty: none
	hold   func() (hold, error)
}

// Find looks for pdftoppm of poppler where programs are; "" where it is not.
func Find() string {
	path, err := exec.LookPath("pdftoppm")
	if err != nil {
		return ""
	}
	return path
}

// newChild finds out what limits can be had. Without prlimit there are none,
// and no child is started.
func newChild(timeout time.Duration) child {
	prlimit, err := exec.LookPath("prlimit")
	if err != nil {
		return child{hold: sync.OnceValues(func() (hold, error) { return hold{}, err })}
	}
	seconds := strconv.Itoa(int(math.Ceil(timeout.Seconds())))
	c := child{prefix: []string{
		prlimit, "--as=" + strconv.Itoa(maxMemory), "--cpu=" + seconds,
		"--fsize=0", // it has a pipe, and no file to write
		"--nproc=1", // itself
		"--nofile=" + strconv.Itoa(maxOpen), "--core=0", "--",
	}}
	if setpriv, err := exec.LookPath("setpriv"); err == nil {
		c.prefix = append([]string{setpriv, "--no-new-privs"}, c.prefix...)
	}
	c.hold = sync.OnceValues(func() (hold, error) { return c.strongest(prlimit) })
	return c
}

// strongest is the strongest hold that the system gives us.
func (c child) strongest(harmless string) (hold, error) {
	ctx, end := context.WithTimeout(context.Background(), 10*time.Second)
	defer end()
	var why error
	for _, h := range holds() {
		if _, err := c.start(ctx, h, nil, maxInfo, harmless, "--version"); err != nil {
			why = errors.Join(why, err)
			continue
		}
		return h, nil
	}
	return hold{}, errors.Join(errors.New("no process can be limited here"), why)
}

// holdsPDF says whether PDFs are shown at all.
func (r *Renderer) holdsPDF() bool {
	if r.options.PDF == "" {
		return false
	}
	_, err := r.child.hold()
	return err == nil
}

// run runs a program on a file and gives back what it writes, which may be no
// longer than most.
func (c child) run(ctx context.Context, stdin *os.File, most int, program string, args ...string) ([]byte, error) {
	h, err := c.hold()
	if err != nil {
		return nil, err
	}
	if _, err := stdin.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return c.start(ctx, h, stdin, most, program, args...)
}

func (c child) start(ctx context.Context, h hold, stdin *os.File, most int, program string, args ...string) ([]byte, error) {
	// The child dies with the thread that made it, so that it never outlives
	// the server; this keeps the thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	ctx, end := context.WithCancel(ctx)
	defer end()
	out, said := bounded{most: most, full: end}, bounded{most: maxInfo, full: end}
	argv := append(append(append([]string(nil), c.prefix[1:]...), program), args...)
	cmd := exec.CommandContext(ctx, c.prefix[0], argv...) //nolint:gosec // no shell, and no part comes from a document
	cmd.Env, cmd.Dir = []string{}, "/"
	if stdin != nil {
		cmd.Stdin = stdin
	}
	cmd.Stdout, cmd.Stderr = &out, &said
	cmd.SysProcAttr = h.attributes()
	cmd.Cancel = func() error { return killAll(cmd.Process) }
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	err := cmd.Wait()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %.200q", program, err, said.kept.Bytes())
	}
	return out.kept.Bytes(), nil
}

// bounded keeps what is written to it, up to a length; more ends the writer.
type bounded struct {
	kept bytes.Buffer
	most int
	full func()
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.kept.Len()+len(p) > b.most {
		b.full()
		return 0, errors.New("it writes too much")
	}
	return b.kept.Write(p)
}
