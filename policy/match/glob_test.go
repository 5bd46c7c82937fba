package match

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// globCases cite MODEL.md 6.4.
var globCases = []struct {
	glob, path string
	want       bool
}{
	{"/a/b/c/*/e", "/a/b/c/d/e", true},
	{"/a/b/c/*/e", "/a/b/c/d/f/e", false},
	{"/a/b/c/*/e", "/a/b/c//e", true},
	{"a/**", "a", false}, // `/a/**` does not match `/a`
	{"a/**", "a/", true},
	{"a/**", "a/b", true},
	{"a/**", "a/b/c", true},
	{"a/**", "ab/c", false},
	{"**", "", true},
	{"**", "a/b", true},
	{"*", "", true},
	{"*", "a", true},
	{"*", "a/b", false},
	{"?", "é", true},
	{"?", "/", false},
	{"?", "", false},
	{"a?c", "a\nc", true}, // a newline in a name is a character like others
	{"a**c", "a\n/c", true},
	{"**.exe", "a/b.exe", true},
	{"**/*.exe", "a/b.exe", true},
	{"**/*.exe", "b.exe", false},
	{"**/*.exe", "a/b/c.exe", true},
	{"**/*.{exe,bat}", "a/b/c.bat", true},
	{"**/*.{exe,bat}", "a/b/c.txt", false},
	{"x/**/*.exe", "x/c.exe", false},
	{"x/**/*.exe", "x/b/c.exe", true},
	{"x/*.exe", "x/c.exe", true},
	{"x/*.exe", "x/b/c.exe", false},
	{"**/a/**", "x/a/y", true},
	{"**/a/**", "a/y", false},
	{"*/*", "a/b", true},
	{"*a*b", "xaxb", true},
	{"*a*b", "xax/b", false},
	{"**a*b", "xa/xaxb", true},
	{"a{,/**}", "a", true},
	{"a{,/**}", "a/b/c", true},
	{"a{,/**}", "ab", false},
	{"{a,{b,c}d}e", "cde", true},
	{"{a,{b,c}d}e", "ce", false},
	{"{}x", "x", true},
	{"a,b", "a,b", true}, // a comma outside of braces is a comma
	{"{a*,*b}c", "xbc", true},
	{"***", "a/b", true},
	{"A", "a", false},
	{"(i)A/B", "a/b", true},
	{"(i)straße", "STRAßE", true},
	{"(i)*.TXT", "a.txt", true},
	{"(i)k", "\u212a", true}, // the sign for kelvin is a k in another case
	{"(i)ÄÖ?", "äöÜ", true},
	{"(I)a", "a", false}, // no prefix but literal
	{"(p)/a/b/c/*/e", "/a/b/c/d/e", true},
	{"(p)/a/b/c/*/e", "/a/b/c/d", true},
	{"(p)/a/b/c/*/e", "/a/b", true},
	{"(p)/a/b/c/*/e", "/a", true},
	{"(p)/a/b/c/*/e", "/", true},
	{"(p)/a/b/c/*/e", "", true},
	{"(p)/a/b/c/*/e", "/b", false},
	{"(p)/a/b/c/*/e", "/a/b/c/d/e/f", false},
	{"(p)/a/b/c/*/e", "/a/b/c/d/f", false},
	{"(p)/a/bc", "/a/b", false},
	{"(p)a/b", "a", true},
	{"(p)a/b", "a/b", true},
	{"(p)a/b", "a/b/c", false},
	{"(p)a/**.txt", "a/b/c", true},
	{"(p)a/**.txt", "a", true},
	{"(p)a/**.txt", "b", false},
	{"(p)**/*.txt", "b", true},
	{"(p){a,b}/c", "b", true},
	{"(ip)/a/b/c/1222_*/*/e/*", "/a/b/c/1222_toto", true},
	{"(ip)/a/b/c/1222_*/*/e/*", "/A/B", true},
	{"(ip)/a/b/c/1222_*/*/e/*", "/a/b/c/1223_toto", false},
	{"(pi)A/b", "a", true},
}

func TestGlobs(t *testing.T) {
	for _, c := range globCases {
		g, err := ParseGlob(Phrase{{Text: c.glob}})
		if err != nil {
			t.Errorf("%q: %v", c.glob, err)
			continue
		}
		for _, w := range waysTo(c.path) {
			if got := g.Matches(w); got != c.want {
				t.Errorf("%q takes %q (as %+v): %v, want %v", c.glob, c.path, w, got, c.want)
			}
			if got := g.walked(w); got != c.want {
				t.Errorf("%q takes %q (as %+v): %v when walked, want %v", c.glob, c.path, w, got, c.want)
			}
		}
	}
}

// walked answers without the quicker ways, and looks whether a short walk says
// the same.
func (g *Glob) walked(w Path) bool {
	short, long := *g, *g
	short.shapes, long.shapes = nil, nil
	if g.words == 1 {
		long.words = 2
		long.follow = nil
		for _, set := range g.follow {
			long.follow = append(long.follow, []uint64{set[0], 0})
		}
	}
	answer := long.Matches(w)
	if short.Matches(w) != answer {
		panic("a short walk ends elsewhere")
	}
	return answer
}

// waysTo are the forms in which a path can be given.
func waysTo(path string) []Path {
	ways := []Path{{Name: path}}
	if at := strings.LastIndexByte(path, '/'); at >= 0 {
		ways = append(ways, Path{Folder: path[:at], Name: path[at+1:], Within: true})
	}
	return ways
}

func TestMalformedGlobs(t *testing.T) {
	for _, glob := range []string{
		"[a]", "a]", `a\b`, "{a", "a}", "{a,{b}", "a{b}}", strings.Repeat("{", 40) + strings.Repeat("}", 40), strings.Repeat("a", 1100),
	} {
		if _, err := ParseGlob(Phrase{{Text: glob}}); err == nil {
			t.Errorf("%q is malformed and was taken", glob)
		}
	}
}

// A text that a template brought means itself (MODEL.md 6.9).
func TestFilledGlobs(t *testing.T) {
	for _, c := range []struct {
		filled, path string
		want         bool
	}{
		{"bob", "home/bob/x", true},
		{"*", "home/bob/x", false},
		{"*", "home/*/x", true},
		{"{a,b}", "home/a/x", false},
		{"{a,b}", "home/{a,b}/x", true},
		{`[a]\`, `home/[a]\/x`, true},
		{"(i)", "home/(i)/x", true},
		{"", "home//x", true},
	} {
		g, err := ParseGlob(Phrase{{Text: "home/"}, {c.filled, true}, {Text: "/**"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Matches(Path{Name: c.path}); got != c.want {
			t.Errorf("%q filled in takes %q: %v", c.filled, c.path, got)
		}
	}
	if g, err := ParseGlob(Phrase{{}, {"(i)a", true}}); err != nil || g.Matches(Path{Name: "A"}) || !g.Matches(Path{Name: "(i)a"}) {
		t.Error("a prefix that was filled in is a prefix:", err)
	}
}

// spelled lists the alternatives of a glob with braces, well formed.
func spelled(glob string) []string {
	open := strings.IndexByte(glob, '{')
	if open < 0 {
		return []string{glob}
	}
	depth, start := 0, open+1
	var choices []string
	for i := open; i < len(glob); i++ {
		switch glob[i] {
		case '{':
			depth++
		case ',':
			if depth == 1 {
				choices, start = append(choices, glob[start:i]), i+1
			}
		case '}':
			if depth--; depth > 0 {
				continue
			}
			choices = append(choices, glob[start:i])
			var all []string
			for _, one := range choices {
				for _, inner := range spelled(one) {
					// A star on either side of a brace is another star.
					for _, rest := range spelled(glob[i+1:]) {
						all = append(all, glob[:open]+"\x00"+inner+"\x00"+rest)
					}
				}
			}
			return all
		}
	}
	return nil
}

// naively walks the alternatives; a NUL parts what must not be read together.
func naively(glob, path string) bool {
	for _, one := range spelled(glob) {
		if naive([]rune(one), []rune(path)) {
			return true
		}
	}
	return false
}

func naive(glob, path []rune) bool {
	for len(glob) > 0 && glob[0] == 0 {
		glob = glob[1:]
	}
	switch {
	case len(glob) == 0:
		return len(path) == 0
	case glob[0] == '*':
		n, across := 1, false
		for n < len(glob) && glob[n] == '*' {
			n, across = n+1, true
		}
		return naive(glob[n:], path) || (len(path) > 0 && (across || path[0] != '/') && naive(glob, path[1:]))
	case len(path) == 0:
		return false
	case glob[0] == '?':
		return path[0] != '/' && naive(glob[1:], path[1:])
	}
	return glob[0] == path[0] && naive(glob[1:], path[1:])
}

func FuzzGlob(f *testing.F) {
	for _, c := range globCases {
		f.Add(c.glob, c.path)
	}
	f.Fuzz(func(t *testing.T, glob, path string) {
		g, err := ParseGlob(Phrase{{Text: glob}})
		if err != nil || !utf8.ValidString(path) || !utf8.ValidString(glob) || len(path) > 14 || len(glob) > 14 {
			return
		}
		for _, w := range waysTo(path) {
			got := g.Matches(w)
			if again := g.walked(w); got != again {
				t.Fatalf("%q takes %q (as %+v): %v, and %v when walked", glob, path, w, got, again)
			}
			if g.fold || g.parents || strings.ContainsRune(glob, 0) {
				continue
			}
			if want := naively(glob, path); got != want {
				t.Fatalf("%q takes %q: %v, want %v", glob, path, got, want)
			}
		}
	})
}

// The parents of a path that is taken are taken as well with (p), and nothing
// that could not become one.
func FuzzGlobParents(f *testing.F) {
	f.Add("/a/b/c/*/e", "/a/b/c/d/e")
	f.Add("a/**/*.txt", "a/b/c.txt")
	f.Fuzz(func(t *testing.T, glob, path string) {
		exact, err := ParseGlob(Phrase{{Text: glob}})
		if err != nil || len(path) > 100 || exact.fold || exact.parents || !exact.Matches(Path{Name: path}) {
			return
		}
		above, err := ParseGlob(Phrase{{Text: "(p)" + glob}})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range path + "/" {
			if r == '/' && !above.Matches(Path{Name: path[:i]}) {
				t.Fatalf("(p)%q does not take %q, above or at %q", glob, path[:i], path)
			}
		}
	})
}

func TestPaths(t *testing.T) {
	for _, c := range []struct {
		path Path
		want string
	}{
		{Path{}, ""},
		{Path{Name: "a/b"}, "a/b"},
		{Path{Folder: "a", Name: "b", Within: true}, "a/b"},
	} {
		if got := c.path.String(); got != c.want || c.path.len() != len(c.want) {
			t.Errorf("%+v is %q of %d", c.path, got, c.path.len())
		}
	}
}
