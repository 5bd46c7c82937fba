package rules

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const maxFile = 1 << 20

// pictures are the folders where bytes that are no text belong.
var pictures = []string{"demo/documents/", "docs/pictures/", "web/public/", "web/src/"}

// machineBound are texts that tie the tree to a machine or a mirror.
var machineBound = []struct {
	pattern *regexp.Regexp
	because string
}{
	{regexp.MustCompile(`https?://(registry|proxy|deb|security|mirror|mirrors)\.`), "name packages, not the servers they came from"},
	{regexp.MustCompile(`"resolved": "[h]ttp`), "lock files carry no addresses: set omit-lockfile-registry-resolved in .npmrc"},
}

// Only what a clone on any machine needs is in the tree.
func TestTreeIsClean(t *testing.T) {
	top := root(t)
	here := pathsOf(t, top)
	for _, name := range tracked(t, top) {
		info, err := os.Lstat(filepath.Join(top, name))
		if os.IsNotExist(err) || (err == nil && !info.Mode().IsRegular()) {
			continue // removed and not committed yet, or a link
		}
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > maxFile {
			t.Errorf("%s has %d bytes: nothing above %d belongs into the tree", name, info.Size(), maxFile)
			continue
		}
		text, err := os.ReadFile(filepath.Join(top, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(text, 0) >= 0 {
			inPlace := slices.ContainsFunc(pictures, func(dir string) bool { return strings.HasPrefix(name, dir) })
			if !inPlace && !strings.Contains(name, "testdata/") {
				t.Errorf("%s is no text: what is built is not kept", name)
			}
			continue
		}
		if found := here.Find(text); found != nil {
			t.Errorf("%s contains %q: a path of one machine means nothing on another", name, bytes.TrimSpace(found))
		}
		for _, m := range machineBound {
			if found := m.pattern.Find(text); found != nil {
				t.Errorf("%s contains %q: %s", name, bytes.TrimSpace(found), m.because)
			}
		}
	}
}

// tracked lists the files that git keeps.
func tracked(t *testing.T, top string) []string {
	t.Helper()
	git := exec.Command("git", "ls-files", "-z")
	git.Dir = top
	out, err := git.Output()
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatalf("list the files of the tree: %v", err)
	case err != nil:
		t.Skip("this is no git checkout, so what belongs to the tree is not known")
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
}

// pathsOf finds the folders that only this machine has: that of the checkout,
// the one around it where it is no folder that every system has, and the home
// of who runs the test.
func pathsOf(t *testing.T, top string) *regexp.Regexp {
	t.Helper()
	folders := []string{top}
	everywhere := []string{"/", "/home", "/opt", "/root", "/srv", "/tmp", "/usr", "/usr/src", "/var"}
	if around := filepath.Dir(top); !slices.Contains(everywhere, around) {
		folders = append(folders, around)
	}
	if home, err := os.UserHomeDir(); err == nil && home != "/" {
		folders = append(folders, home)
	}
	for i, folder := range folders {
		folders[i] = regexp.QuoteMeta(folder)
	}
	return regexp.MustCompile(`(^|[^A-Za-z0-9_./~-])(` + strings.Join(folders, "|") + `)/`)
}

// The page in the binary under test is the real one, not its stub: make builds
// it before the tests.
func TestPageIsBuilt(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root(t), "web", "dist", "index.html")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the web page is not built: %v", err)
		}
		t.Skip("the web page is not built: run make ui")
	}
}
