package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"alveary/client"
)

// patience is how long a script waits for anything.
const patience = 30 * time.Second

// startReal runs the server in a process of its own and waits until it shows
// its certificate. FINGERPRINT and SERVER tell the script of it.
func startReal(ts *testscript.TestScript, _ bool, args []string) {
	h := holder(ts)
	if h.real != nil {
		ts.Fatalf("it runs already")
	}
	if h.listen == "" {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		h.listen = ln.Addr().String()
		ts.Check(ln.Close())
	}
	args = append([]string{"serve", "--data", ts.MkAbs("data"), "--listen", h.listen}, args...)
	server := exec.Command("alveary", args...)
	// Only what the script has set, and nothing of the machine's own.
	server.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "ALVEARY_ADMIN_PASSWORD=" + ts.Getenv("ALVEARY_ADMIN_PASSWORD")}
	log, err := os.OpenFile(ts.MkAbs("server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	defer func() { _ = log.Close() }()
	server.Stdout, server.Stderr = log, log
	ts.Check(server.Start())
	h.real = server
	ts.Setenv("SERVER", "https://"+h.listen)
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		seen, err := client.Inspect(context.Background(), "https://"+h.listen, nil)
		if err == nil {
			ts.Setenv("FINGERPRINT", seen.Fingerprint)
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("the server does not start: %v\n%s", err, ts.ReadFile("server.log"))
		}
	}
}

func stopReal(ts *testscript.TestScript, _ bool, _ []string) {
	h := holder(ts)
	ts.Check(h.real.Process.Signal(syscall.SIGTERM))
	err := h.real.Wait()
	h.real = nil
	if err != nil {
		ts.Fatalf("the server ended with %v\n%s", err, ts.ReadFile("server.log"))
	}
}

func crashReal(ts *testscript.TestScript, _ bool, _ []string) { holder(ts).crash() }

// crash ends the real server, if there is one, as a loss of power would.
func (h *held) crash() {
	if h.real == nil {
		return
	}
	_ = h.real.Process.Kill()
	_ = h.real.Wait()
	h.real = nil
}

func awaitFile(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if found, err := filepath.Glob(ts.MkAbs(args[0])); err == nil && len(found) > 0 {
			return
		}
	}
	ts.Fatalf("%s does not come", args[0])
}

// makeBig writes a file of so many MiB, different in every part: big NAME MIB.
func makeBig(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	for i := range size {
		block := bytes.Repeat([]byte(strings.Repeat(string(rune('a'+i%26)), 1+i%7)+"\n"), 1<<20)
		if _, err = f.Write(block[:1<<20]); err != nil {
			break
		}
	}
	ts.Check(errors.Join(err, f.Close()))
}
