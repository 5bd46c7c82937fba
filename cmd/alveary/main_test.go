package main

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"alveary/client"
	"alveary/testkit/fakeapi"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"alveary": main})
}

// The scripts read like a session at a prompt. Those in fake talk to a server
// that can be told what to get wrong; those in real to the real one. Beside
// testscript's own they use, with the fake,
//
//	server [tls]            starts a server and tells the client of it
//	remote PATH TEXT        puts a file on the server
//	holds PATH TEXT         wants a file on the server
//	lacks PATH              wants none
//	rename PATH NAME        gives a node any name, as a hostile server would
//	fault k=v …             arms a fault, see fakeapi.Fault
//	signout                 ends every token
//	proof                   wants a proof of work at every sign-in
//	fresh                   wants a fresh sign-in for dangerous changes
//	keep NAME JSON          puts something into a collection, such as locks
//	kept NAME PATTERN       wants a collection, or settings, to match
//	factors KIND …          wants one of these at every sign-in; "enrol": has none
//
// with the real one,
//
//	start [flags]           runs alveary serve on the folder data, and waits for it
//	stop                    asks it to end, and waits
//	crash                   ends it at once
//
// and with both
//
//	exits CODE alveary …    runs the command and wants the exit code
//	cut NAME LINE WORD      sets a variable to a word of the last output
//	await GLOB              waits for a file
//	big NAME MIB            writes a large file
func TestWithFake(t *testing.T) { runScripts(t, "testdata/fake") }

func TestWithRealServer(t *testing.T) { runScripts(t, "testdata/real") }

func runScripts(t *testing.T, dir string) {
	t.Helper()
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/.config")
			e.Setenv("XDG_CACHE_HOME", e.WorkDir+"/.cache")
			e.Setenv("TZ", "UTC")
			h := &held{}
			e.Values["t"], e.Values["held"] = t, h
			e.Defer(h.crash)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"start": startReal, "stop": stopReal, "crash": crashReal, "await": awaitFile, "big": makeBig,
			"server": startServer, "remote": putRemote, "holds": wantRemote, "lacks": wantNoRemote,
			"rename": renameRemote, "fault": armFault, "signout": signOut, "proof": wantProof, "fresh": wantFresh, "keep": keepObject, "kept": wantKept, "factors": wantFactors, "exits": wantExit, "cut": cutField,
		},
	})
}

func startServer(ts *testscript.TestScript, _ bool, args []string) {
	t, ok := ts.Value("t").(*testing.T)
	if !ok {
		ts.Fatalf("no test")
	}
	s := fakeapi.New(t, slices.Contains(args, "tls"))
	ts.Setenv("SERVER", s.URL)
	fingerprint := ""
	if slices.Contains(args, "tls") {
		fingerprint = client.Fingerprint(s.TLS.Certificate())
	} else {
		ts.Setenv("ALVEARY_URL", s.URL)
		ts.Setenv("ALVEARY_TOKEN", fakeapi.Token)
	}
	ts.Setenv("FINGERPRINT", fingerprint)
	holder(ts).server = s
}

// held is what a script holds on to.
type held struct {
	server *fakeapi.Server
	real   *exec.Cmd
	listen string // of the real server, the same after a restart
}

func holder(ts *testscript.TestScript) *held {
	h, ok := ts.Value("held").(*held)
	if !ok {
		ts.Fatalf("nothing is held")
	}
	return h
}

func of(ts *testscript.TestScript) *fakeapi.Server {
	s := holder(ts).server
	if s == nil {
		ts.Fatalf("start a server first")
	}
	return s
}

func putRemote(ts *testscript.TestScript, _ bool, args []string) {
	t, _ := ts.Value("t").(*testing.T)
	of(ts).Put(t, args[0], []byte(args[1]))
}

func wantRemote(ts *testscript.TestScript, _ bool, args []string) {
	files := of(ts).Files()
	if got, ok := files[args[0]]; !ok || got != strings.Join(args[1:], " ") {
		ts.Fatalf("the server has %q", files)
	}
}

func wantNoRemote(ts *testscript.TestScript, _ bool, args []string) {
	if _, ok := of(ts).Files()[args[0]]; ok {
		ts.Fatalf("the server has %s", args[0])
	}
}

func renameRemote(ts *testscript.TestScript, _ bool, args []string) {
	t, _ := ts.Value("t").(*testing.T)
	name, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	s := of(ts)
	s.SetName(s.Put(t, args[0], nil), name)
}

func armFault(ts *testscript.TestScript, _ bool, args []string) {
	f := fakeapi.Fault{Times: 1}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		number, _ := strconv.ParseInt(value, 10, 64)
		switch key {
		case "method":
			f.Method = value
		case "path":
			f.Path = value
		case "times":
			f.Times = int(number)
		case "status":
			f.Status = int(number)
		case "code":
			f.Code = value
		case "cutbody":
			f.CutBody = number
		case "cutanswer":
			f.CutAnswer = number
		default:
			ts.Fatalf("no fault %s", key)
		}
	}
	of(ts).Break(f)
}

func signOut(ts *testscript.TestScript, _ bool, _ []string) { of(ts).SignOutAll() }

func wantProof(ts *testscript.TestScript, _ bool, _ []string) { of(ts).WantProof() }

func wantFactors(ts *testscript.TestScript, _ bool, args []string) { of(ts).WantFactors(args...) }

func wantFresh(ts *testscript.TestScript, _ bool, _ []string) { of(ts).WantFresh() }

func keepObject(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(of(ts).Keep(args[0], args[1]))
}

func wantKept(ts *testscript.TestScript, neg bool, args []string) {
	kept := of(ts).Kept(args[0])
	if regexp.MustCompile(args[1]).MatchString(kept) == neg {
		ts.Fatalf("the server has %s", kept)
	}
}

func wantExit(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("%v: exit code %d, not %s\n%s%s", args[1:], code, args[0], ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func cutField(ts *testscript.TestScript, _ bool, args []string) {
	line, err := strconv.Atoi(args[1])
	ts.Check(err)
	word, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Setenv(args[0], strings.Fields(strings.Split(ts.ReadFile("stdout"), "\n")[line-1])[word-1])
}
