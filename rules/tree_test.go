package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the path in go.mod; imports beneath it are rooms of the house.
const module = "alveary"

// source is one parsed Go file.
type source struct {
	path string // from the root of the tree, with slashes
	room string // its folder, "." for the root package
	test bool
	file *ast.File
}

// imports lists the import paths, rooms without the module in front: "store",
// and "." for the root package.
func (s source) imports() (rooms, others []string) {
	for _, spec := range s.file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused it before
		}
		switch {
		case name == module:
			rooms = append(rooms, ".")
		case strings.HasPrefix(name, module+"/"):
			rooms = append(rooms, strings.TrimPrefix(name, module+"/"))
		default:
			others = append(others, name)
		}
	}
	return rooms, others
}

// house is every Go file of the tree.
type house struct {
	fset    *token.FileSet
	sources []source
}

// rooms lists the packages that have more than tests in them.
func (h house) rooms() []string {
	var rooms []string
	for _, s := range h.sources {
		if !s.test && !slices.Contains(rooms, s.room) {
			rooms = append(rooms, s.room)
		}
	}
	return rooms
}

// at words a place for a failure.
func (h house) at(pos token.Pos) string {
	p := h.fset.Position(pos)
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

// root is the folder with go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatalf("the rules lie one folder below go.mod: %v", err)
	}
	return dir
}

// readHouse parses the tree. Folders that git or Go leave out are left out.
func readHouse(t *testing.T) house {
	t.Helper()
	h := house{fset: token.NewFileSet()}
	top := os.DirFS(root(t))
	err := fs.WalkDir(top, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() {
			if base == "node_modules" || base == "testdata" || base == "vendor" || (name != "." && strings.HasPrefix(base, ".")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasPrefix(base, "_") || strings.HasPrefix(base, ".") {
			return nil
		}
		text, err := fs.ReadFile(top, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(h.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		h.sources = append(h.sources, source{path: name, room: path.Dir(name), test: strings.HasSuffix(base, "_test.go"), file: file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}
