package rules

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayChange are the package variables that are more than constants Go cannot
// spell, each with its reason.
var mayChange = map[string]string{
	"gateway/rest/operation.once": "huma keeps how errors are made in variables of its own, so it is told once for the process",
	"testkit/world.fresh":         "the worlds of a binary begin with copies of one database, and there is nothing else through which to pass it",
	"testkit/pgtest.shared":       "the tests of a binary share one cluster, and nothing else through which to pass it",
}

// constructors make values that are never changed afterwards.
var constructors = []string{
	"errors.New", "fmt.Errorf", "regexp.MustCompile", "strings.NewReplacer", "template.Must", "time.Date",
	"netip.MustParseAddr", "netip.MustParsePrefix", "big.NewInt", "language.MustParse", "language.NewMatcher", "reflect.TypeFor",
	"base32.NewEncoding",
}

// No package does anything by being imported.
func TestNoInit(t *testing.T) {
	h := readHouse(t)
	for _, s := range h.sources {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: no init functions: what must happen is called by app", h.at(f.Pos()))
			}
		}
	}
}

// State at package level is shared by whoever imports it and cannot be wired,
// so there is none: a package variable is a table or a value that nobody
// changes.
func TestNoStateInPackages(t *testing.T) {
	h := readHouse(t)
	for _, room := range h.rooms() {
		var files []*ast.File
		for _, s := range h.sources {
			if s.room == room && !s.test {
				files = append(files, s.file)
			}
		}
		uses, defs := resolve(h.fset, files)
		changed := changedIn(files, uses)
		for _, file := range files {
			for _, v := range packageVars(file) {
				name := room + "." + v.name.Name
				offence := ""
				switch object := defs[v.name]; {
				case object != nil && changed[object] != token.NoPos:
					offence = "it is changed at " + h.at(changed[object])
				case v.embedded || v.name.Name == "_":
				case v.value == nil:
					offence = "it starts empty, so something changes it"
				case !isConstantLike(v.value):
					offence = "its value can change"
				}
				if offence != "" && mayChange[name] == "" {
					t.Errorf("%s: %s is state at package level (%s): pass it in, or name it in rules/state_test.go with the reason", h.at(v.name.Pos()), name, offence)
				}
			}
		}
	}
}

type packageVar struct {
	name     *ast.Ident
	value    ast.Expr // nil where there is none of its own
	embedded bool
}

func packageVars(file *ast.File) []packageVar {
	var vars []packageVar
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.VAR {
			continue
		}
		for _, spec := range gen.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			embedded := isEmbed(gen.Doc) || isEmbed(value.Doc)
			for i, name := range value.Names {
				v := packageVar{name: name, embedded: embedded}
				if i < len(value.Values) {
					v.value = value.Values[i]
				}
				vars = append(vars, v)
			}
		}
	}
	return vars
}

func isEmbed(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// isConstantLike says whether a value is a literal, a table, a function, or
// made by one of the constructors.
func isConstantLike(value ast.Expr) bool {
	switch v := value.(type) {
	case *ast.BasicLit, *ast.CompositeLit, *ast.FuncLit, *ast.Ident, *ast.SelectorExpr:
		return true
	case *ast.BinaryExpr:
		return isConstantLike(v.X) && isConstantLike(v.Y)
	case *ast.ParenExpr:
		return isConstantLike(v.X)
	case *ast.CallExpr:
		if fun, ok := v.Fun.(*ast.ArrayType); ok && fun.Len == nil {
			return true // []byte("…")
		}
		fun, ok := v.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		if pkg, ok := fun.X.(*ast.Ident); ok && slices.Contains(constructors, pkg.Name+"."+fun.Sel.Name) {
			return true
		}
		return isConstantLike(fun.X) && slices.Contains([]string{"WithPadding", "Strict"}, fun.Sel.Name)
	}
	return false
}

// resolve binds identifiers to what they name within the package. Imports are
// not followed: the errors that causes do not matter here.
func resolve(fset *token.FileSet, files []*ast.File) (uses, defs map[*ast.Ident]types.Object) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	_, _ = config.Check("p", fset, files, info)
	return info.Uses, info.Defs
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not followed") }

// changedIn maps what is assigned, counted up, taken the address of or deleted
// from to the place where that happens.
func changedIn(files []*ast.File, uses map[*ast.Ident]types.Object) map[types.Object]token.Pos {
	changed := map[types.Object]token.Pos{}
	mark := func(e ast.Expr) {
		if id := base(e); id != nil && uses[id] != nil {
			changed[uses[id]] = id.Pos()
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					mark(left)
				}
			case *ast.IncDecStmt:
				mark(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					mark(n.X)
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
					mark(n.Args[0])
				}
			}
			return true
		})
	}
	return changed
}

// base is the variable that an expression such as v.f[i] lies in.
func base(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.IndexExpr:
		return base(e.X)
	case *ast.SelectorExpr:
		return base(e.X)
	case *ast.StarExpr:
		return base(e.X)
	case *ast.ParenExpr:
		return base(e.X)
	}
	return nil
}

// selector is a use of pkg.name, or of value.name with an empty pkg.
type selector struct {
	pkg, name string
	pos       token.Pos
}

// selectors lists the selector expressions of a file, packages under the last
// part of their import path.
func selectors(file *ast.File) []selector {
	packages := map[string]string{}
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		last := name[strings.LastIndex(name, "/")+1:]
		local := last
		if spec.Name != nil {
			local = spec.Name.Name
		}
		packages[local] = last
	}
	var found []selector
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			use := selector{name: sel.Sel.Name, pos: sel.Pos()}
			if id, ok := sel.X.(*ast.Ident); ok {
				use.pkg = packages[id.Name]
			}
			found = append(found, use)
		}
		return true
	})
	return found
}
