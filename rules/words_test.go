package rules

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

const (
	maxTestLines = 700
	maxLines     = 500  // of one file; 400 is what to aim at
	maxPackage   = 2500 // lines of a package without its tests; 1,500 is what to aim at
	minDocLength = 2    // lines of a package's doc comment
)

// Every package opens by saying why it exists, once.
func TestEveryPackageHasOneDoc(t *testing.T) {
	h := readHouse(t)
	docs := map[string][]*ast.File{}
	for _, s := range h.sources {
		if !s.test && s.file.Doc != nil {
			docs[s.room] = append(docs[s.room], s.file)
		}
	}
	for _, room := range h.rooms() {
		switch files := docs[room]; len(files) {
		case 0:
			t.Errorf("%s: no doc comment says why this package exists", room)
		case 1:
			checkDoc(t, h, files[0])
		default:
			for _, file := range files {
				t.Errorf("%s: one doc comment of several; leave one that tells the whole", h.at(file.Doc.Pos()))
			}
		}
	}
}

func checkDoc(t *testing.T, h house, file *ast.File) {
	t.Helper()
	want := "Package " + file.Name.Name + " "
	if file.Name.Name == "main" {
		want = "Command "
	}
	text := file.Doc.Text()
	if !strings.HasPrefix(text, want) {
		t.Errorf("%s: the doc comment begins with %q", h.at(file.Doc.Pos()), want)
	}
	if strings.Count(strings.TrimSpace(text), "\n")+1 < minDocLength {
		t.Errorf("%s: the doc comment is one line; say why the package exists, what it promises and which file to read first", h.at(file.Doc.Pos()))
	}
}

// Files and packages stay small enough to be read in one go.
func TestNothingGrowsTooWide(t *testing.T) {
	h := readHouse(t)
	total := map[string]int{}
	for _, s := range h.sources {
		if ast.IsGenerated(s.file) {
			continue
		}
		lines := h.fset.File(s.file.FileStart).LineCount()
		most := maxLines
		if s.test {
			most = maxTestLines
		}
		if lines > most {
			t.Errorf("%s has %d lines, more than %d: cut it along its subjects", s.path, lines, most)
		}
		if !s.test {
			total[s.room] += lines
		}
	}
	for room, lines := range total {
		if lines > maxPackage {
			t.Errorf("%s has %d lines, more than %d: it holds more than one thing", room, lines, maxPackage)
		}
	}
}

// The seal stays in few hands: app makes it, the gate uses it, and blob checks
// it. Whoever else could seal a grant could open any content.
func TestOnlyTheGateSeals(t *testing.T) {
	h := readHouse(t)
	// Who has a vault has something else to seal.
	vaults := map[string]bool{"vault": true}
	for _, s := range h.sources {
		vaults[s.room] = vaults[s.room] || !s.test && imports(s, "vault")
	}
	for _, s := range h.sources {
		if s.test || s.room == "." || matches(testsOnly, s.room) {
			continue
		}
		for _, use := range selectors(s.file) {
			offence := ""
			switch {
			case use.pkg == module && use.name == "NewSeal" && s.room != "app":
				offence = "only app makes a seal"
			case use.pkg == module && use.name == "Sealer" && !slices.Contains([]string{"app", "authz"}, s.room):
				offence = "only the gate holds a sealer"
			case use.pkg == "" && use.name == "Seal" && s.room != "authz" && !vaults[s.room] && imports(s, "."):
				offence = "only the gate seals grants"
			}
			if offence != "" {
				t.Errorf("%s: %s", h.at(use.pos), offence)
			}
		}
	}
}

func imports(s source, room string) bool {
	rooms, _ := s.imports()
	return slices.Contains(rooms, room)
}
