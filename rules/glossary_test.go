package rules

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every action that a service writes into the audit log is explained in the
// glossary, and every one that is explained there is written somewhere.
func TestAuditWordsAreInTheGlossary(t *testing.T) {
	explained := auditWords(t)
	h := readHouse(t)
	var spoken []string
	for _, s := range h.sources {
		if s.test || !matches([]string{"service/*", "authz"}, s.room) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if text, ok := literal(n); ok {
				spoken = append(spoken, text)
			}
			if call, ok := n.(*ast.CallExpr); ok {
				if arg := recorded(call); arg != nil {
					if action, ok := literal(arg); ok && !slices.Contains(explained, action) {
						t.Errorf("%s: the action %q is not in docs/GLOSSARY.md", h.at(arg.Pos()), action)
					}
				}
			}
			return true
		})
	}
	for _, word := range explained {
		if !slices.Contains(spoken, word) {
			t.Errorf("docs/GLOSSARY.md explains the action %q, which no service speaks of", word)
		}
	}
}

// recorded is the argument that is the action where a call writes a line of the
// audit log: the first of a method named record, which knows the subject, and
// the second of a function, whose first is the subject.
func recorded(call *ast.CallExpr) ast.Expr {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		if (fun.Name == "record" || fun.Name == "line2record") && len(call.Args) > 1 {
			return call.Args[1]
		}
	case *ast.SelectorExpr:
		if fun.Sel.Name == "record" && len(call.Args) > 0 {
			return call.Args[0]
		}
	}
	return nil
}

func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// auditWords reads the words in backquotes from the chapter on the audit log:
// the first column of its table and what follows it.
func auditWords(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "GLOSSARY.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, found := strings.Cut(string(text), "## Actions in the audit log")
	if !found {
		t.Fatal("docs/GLOSSARY.md has no chapter on the actions in the audit log")
	}
	var words []string
	for line := range strings.Lines(chapter) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			line = cells[1]
		}
		for _, word := range regexp.MustCompile("`([a-z -]+)`").FindAllStringSubmatch(line, -1) {
			words = append(words, word[1])
		}
	}
	return words
}
