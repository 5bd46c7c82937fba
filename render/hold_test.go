//go:build linux

package render_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/render"
)

// program is one that does in place of pdftoppm what the script says.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(open(t), "pdftoppm")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// held runs a script in each hold and wants what it writes to please.
func held(t *testing.T, timeout time.Duration, script string, want func(hold, out string, err error) error) {
	t.Helper()
	if _, err := exec.LookPath("prlimit"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	holds := 0
	render.Held(t.Context(), timeout, nil, program(t, script), nil, func(hold string, out []byte, err error) {
		holds++
		if err := want(hold, string(out), err); err != nil {
			t.Errorf("%s: %v", hold, err)
		}
	})
	if holds == 0 {
		t.Error("no hold can be had here")
	}
}

// The limits are there, whatever else there is.
func TestLimits(t *testing.T) {
	held(t, 7*time.Second, `exec cat /proc/self/limits /proc/self/status`, func(_, out string, err error) error {
		for _, line := range []string{
			"Max address space 536870912 536870912", "Max cpu time 7 7", "Max file size 0 0", "Max processes 1 1",
			"Max open files 32 32", "Max core file size 0 0", "NoNewPrivs: 1",
		} {
			if !strings.Contains(strings.Join(strings.Fields(out), " "), line) {
				err = fmt.Errorf("not %q: %w", line, err)
			}
		}
		return err
	})
}

// It is told nothing, and it is who it should be, where it should be.
func TestSurroundings(t *testing.T) {
	t.Setenv("SECRET", "of the server")
	held(t, 5*time.Second, `exec cat /proc/self/environ`, func(_, out string, err error) error {
		if strings.Contains(out, "SECRET") || strings.Contains(out, "HOME") || strings.Contains(out, "PATH=") {
			return fmt.Errorf("it knows %q", out)
		}
		return err
	})
	held(t, 5*time.Second, `exec cat /proc/self/status /proc/net/dev`, func(hold, out string, err error) error {
		words := strings.Join(strings.Fields(out), " ")
		const nobody = "Uid: 65534 65534 65534 65534 Gid: 65534 65534 65534 65534"
		if strings.Contains(hold, "nobody:true") && (!strings.Contains(words, nobody) || !strings.Contains(words, "Groups: NStgid")) {
			return fmt.Errorf("it is somebody: %q", words)
		}
		if strings.Contains(hold, "alone:true") {
			if !strings.Contains(words, "NSpid: ") || strings.Contains(words, "eth0") || strings.Count(words, ":")-strings.Count(words[:strings.Index(words, "Inter-|")], ":") != 1 {
				return fmt.Errorf("it is not alone: %q", words)
			}
		}
		return err
	})
}

// What takes memory does not get it.
func TestMemory(t *testing.T) {
	held(t, 20*time.Second, `x=aaaaaaaaaaaaaaaa; while :; do x="$x$x$x$x"; done`, func(_, _ string, err error) error {
		if err == nil || strings.Contains(err.Error(), "signal: killed") {
			return fmt.Errorf("it ended with %w", err)
		}
		return nil
	})
}

// What never ends is ended, whether it works or sleeps.
func TestTime(t *testing.T) {
	mark := fmt.Sprintf("600.%d", os.Getpid())
	for _, script := range []string{
		`while :; do :; done`,
		`exec sleep ` + mark,
		`trap '' TERM HUP INT XCPU; while :; do :; done`,
	} {
		start := time.Now()
		held(t, 400*time.Millisecond, script, func(_, _ string, err error) error {
			took := time.Since(start)
			start = time.Now()
			if err == nil || took > 10*time.Second {
				return fmt.Errorf("%s: after %v: %w", script, took, err)
			}
			if left := running(t, mark); left != "" {
				return fmt.Errorf("%s left %s", script, left)
			}
			return nil
		})
	}
}

// running is the command line of a process with the mark in it.
func running(t *testing.T, mark string) string {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range lines {
		if line, err := os.ReadFile(path); err == nil && bytes.Contains(line, []byte(mark)) && bytes.HasPrefix(line, []byte("sleep")) {
			return fmt.Sprintf("%s: %q", path, line)
		}
	}
	return ""
}

// It starts nothing.
func TestForks(t *testing.T) {
	mark := fmt.Sprintf("601.%d", os.Getpid())
	held(t, 5*time.Second, `sleep `+mark+` >&- 2>&- & echo started`, func(_, out string, err error) error {
		if strings.Contains(out, "started") {
			return fmt.Errorf("it started another: %q, %w", out, err)
		}
		if left := running(t, mark); left != "" {
			return fmt.Errorf("it left %s", left)
		}
		return nil
	})
	start := time.Now()
	held(t, time.Second, `bomb() { bomb | bomb & }; bomb; while :; do :; done`, func(_, _ string, err error) error {
		took := time.Since(start)
		start = time.Now()
		if err == nil || took > 15*time.Second {
			return fmt.Errorf("%w after %v", err, took)
		}
		return nil
	})
}

// It writes no file, and no more than is wanted.
func TestWriting(t *testing.T) {
	dir := open(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	held(t, 5*time.Second, `echo much >`+dir+`/file; echo "status $?"`, func(_, out string, _ error) error {
		if strings.Contains(out, "status 0") {
			return fmt.Errorf("it wrote a file")
		}
		return nil
	})
	held(t, 5*time.Second, `while :; do echo "a line, and another, and another, and another, and another"; done`, func(_, out string, err error) error {
		if err == nil || len(out) > 0 {
			return fmt.Errorf("%d bytes, %w", len(out), err)
		}
		return nil
	})
	held(t, 5*time.Second, `while :; do echo "a line, and another, and another, and another, and another"; done >&2`, func(_, _ string, err error) error {
		if err == nil || len(err.Error()) > 1000 {
			return fmt.Errorf("it ended with %w", err)
		}
		return nil
	})
}

// What a program that was taken over says is not believed: no more than a
// picture comes through, and that written anew.
func TestLyingProgram(t *testing.T) {
	dir := open(t)
	pdftoppm(t)
	png := asPNG(t, scenery(3000, 10))
	for name, content := range map[string][]byte{"png": append(png, "secret"...), "bomb": bomb(60_000, 60_000, 1<<20), "html": []byte("<script>"), "jpeg": asJPEG(t, scenery(9, 9))} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for script, good := range map[string]bool{
		"exec cat " + dir + "/png":         true,
		"exec cat " + dir + "/bomb":        false,
		"exec cat " + dir + "/html":        false,
		"exec cat " + dir + "/jpeg":        false,
		"exec cat":                         false,
		"":                                 false,
		"cat " + dir + "/png; exit 1":      false,
		"exec cat /dev/zero":               false,
		"read line; exec cat " + dir + "/": false,
	} {
		r := render.New(render.Options{PDF: program(t, script), Dir: t.TempDir(), Timeout: 3 * time.Second})
		p, err := r.Picture(t.Context(), render.KindPages, 1, bytes.NewReader(letter(1)), 1000, render.Mark{})
		switch {
		case !good:
			wantCode(t, err, alveary.KindInvalid, "no-preview")
		case err != nil || bytes.Contains(p.Bytes, []byte("secret")) || p.Pages != 0:
			t.Errorf("%s: %d bytes, %d pages, %v", script, len(p.Bytes), p.Pages, err)
		}
	}
}

// A child does not outlive its server, however that ends.
func TestServerDies(t *testing.T) {
	const role = "RENDER_SERVER_THAT_DIES"
	if path := os.Getenv(role); path != "" {
		render.Held(context.Background(), time.Minute, nil, path, nil, func(string, []byte, error) {})
		return
	}
	mark := fmt.Sprintf("602.%d", os.Getpid())
	server := exec.Command(os.Args[0], "-test.run=^TestServerDies$")
	server.Env = append(os.Environ(), role+"="+program(t, "exec sleep "+mark))
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	wait(t, "a child", func() bool { return running(t, mark) != "" })
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait()
	wait(t, "its end", func() bool { return running(t, mark) == "" })
}

func wait(t *testing.T, what string, until func() bool) {
	t.Helper()
	for range 500 {
		if until() {
			return
		}
		runtime.Gosched()
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("no sign of %s", what)
}
