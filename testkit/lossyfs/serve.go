//go:build linux

package lossyfs

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// serveVariable tells a test binary to serve the folder that it names.
const serveVariable = "ALVEARY_TEST_LOSSYFS"

// Main is the TestMain of a package that mounts. One that has its own calls
// Serve first in it.
func Main(m *testing.M) {
	Serve()
	os.Exit(m.Run())
}

// Serve does nothing, except in a process that Mount started: there it serves
// the disk and never returns.
func Serve() {
	dir := os.Getenv(serveVariable)
	if dir == "" {
		return
	}
	if err := serve(dir, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "lossyfs:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve mounts a disk and obeys commands, one a line, each answered by a line,
// until there are no more: then the test is over, or has died.
func serve(dir string, commands io.Reader, answers io.Writer) error {
	current, err := newMount(dir, newDisk())
	if err != nil {
		return answer(answers, err)
	}
	if err := answer(answers, nil); err != nil {
		return err
	}
	lines := bufio.NewScanner(commands)
	for lines.Scan() {
		word, argument, _ := strings.Cut(lines.Text(), " ")
		var err error
		switch word {
		case "crash":
			if err = current.cut(); err == nil {
				current, err = newMount(dir, current.disk.crash())
			}
		case "limit":
			var more int64
			if more, err = strconv.ParseInt(argument, 10, 64); err == nil {
				current.disk.limit(more)
			}
		default:
			err = fmt.Errorf("unknown command %q", word)
		}
		if err := answer(answers, err); err != nil {
			break // nobody listens any more
		}
		if err != nil {
			return err
		}
	}
	return current.cut()
}

func answer(w io.Writer, err error) error {
	text := "ok"
	if err != nil {
		text = err.Error()
	}
	_, err = fmt.Fprintln(w, text)
	return err
}

// mount is a disk that programs can reach.
type mount struct {
	dir  string
	disk *disk
	done chan struct{}
}

func newMount(dir string, d *disk) (*mount, error) {
	server, err := fuse.NewServer(newLayer(d), dir, &fuse.MountOptions{
		Name: "lossyfs", FsName: "lossyfs",
		DirectMountStrict:        true, // no helper program is needed, nor asked for
		DisableXAttrs:            true,
		DisableReadDirPlus:       true,
		ExplicitDataCacheControl: true, // the kernel is the only one that changes the disk

		// All that it would say is that a connection was cut, which is our trade.
		Logger: log.New(io.Discard, "", 0),
	})
	if err != nil {
		return nil, fmt.Errorf("mount %s: %w", dir, err)
	}
	m := &mount{dir: dir, disk: d, done: make(chan struct{})}
	go func() {
		defer close(m.done)
		server.Serve()
	}()
	if err := server.WaitMount(); err != nil {
		return nil, fmt.Errorf("mount %s: %w", dir, err)
	}
	return m, nil
}

// cut ends the mount as pulling the plug does: whoever has a file open gets
// errors from then on, and nothing reaches the disk any more once it returns.
func (m *mount) cut() error {
	if err := syscall.Unmount(m.dir, syscall.MNT_FORCE|syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("unmount %s: %w", m.dir, err)
	}
	<-m.done
	return nil
}
