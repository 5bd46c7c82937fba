package alveary_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"alveary"
)

// Names: any UTF-8 that a file system allows, and nothing that means a place.
func TestCheckName(t *testing.T) {
	good := []string{
		"a", "report.txt", "Übersicht 2024.ods", "e\u0301", "日本語", "🐝", "👩‍👩‍👧‍👦.png", " ", "  leading", "trailing ", "trailing.",
		"...", "..a", "a..", ".hidden", "-rf", "~", "*", "a?b", `back\slash`, `quo"te`, "it's", "100%_done", "a:b", "<b>", "|", "$(x)", "`x`",
		"new\nline", "tab\t", "\x01", "\x7f", "\u202egpj.exe", "\u200b", "\ufeff", "\uffff", "\u2215", "CON", "nul.txt",
		strings.Repeat("a", 255), strings.Repeat("é", 127) + "a", strings.Repeat("🐝", 63) + "abc",
	}
	for _, name := range good {
		if err := alveary.CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	bad := map[string]string{
		"empty":          "",
		"this folder":    ".",
		"the one above":  "..",
		"slash":          "a/b",
		"only slash":     "/",
		"NUL":            "a\x00b",
		"only NUL":       "\x00",
		"broken":         "a\xff",
		"cut rune":       "é"[:1],
		"overlong slash": "\xc0\xaf",
		"surrogate":      "\xed\xa0\x80",
		"256 bytes":      strings.Repeat("a", 256),
		"128 letters é":  strings.Repeat("é", 128),
		"very long":      strings.Repeat("🐝", 10_000),
		"long broken":    strings.Repeat("\xff", 10_000),
	}
	for label, name := range bad {
		t.Run(label, func(t *testing.T) {
			err := alveary.CheckName(name)
			if !alveary.IsKind(err, alveary.KindInvalid) {
				t.Fatalf("%v, want KindInvalid", err)
			}
			checkSpeakable(t, err)
		})
	}
}

// An error about a name can be shown and logged whatever the name holds.
func checkSpeakable(t *testing.T, err error) {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T is no *alveary.Error", err)
	}
	if e.Message == "" {
		t.Error("no sentence for the asker")
	}
	if !utf8.ValidString(e.Error()) || len(e.Subject) > 1000 {
		t.Errorf("the error cannot be shown: %d bytes, %.50q", len(e.Subject), e.Subject)
	}
}

func TestSplitPath(t *testing.T) {
	for path, want := range map[string][]string{
		"":                       nil,
		"my-files":               {"my-files"},
		"common-files/a/b.txt":   {"common-files", "a", "b.txt"},
		"w/ a /...":              {"w", " a ", "..."},
		"w/ü":                    {"w", "ü"},
		`w\a/b`:                  {`w\a`, "b"},
		"w/%2e%2e/%2F":           {"w", "%2e%2e", "%2F"}, // a path is no URL: nothing is decoded twice
		strings.Repeat("a", 255): {strings.Repeat("a", 255)},
	} {
		got, err := alveary.SplitPath(path)
		if err != nil || strings.Join(got, "|") != strings.Join(want, "|") || len(got) != len(want) {
			t.Errorf("%q: %q, %v; want %q", path, got, err, want)
		}
	}
	for _, path := range []string{
		"/", "/w", "w/", "w//a", "//", "w/./a", "w/../a", "..", ".", "w/..", "../w", "w/a\x00", "w/\xff", "w/" + strings.Repeat("a", 256),
	} {
		got, err := alveary.SplitPath(path)
		if !alveary.IsKind(err, alveary.KindInvalid) || got != nil {
			t.Errorf("%q: %q, %v; want KindInvalid", path, got, err)
			continue
		}
		checkSpeakable(t, err)
	}
}

// What CheckName lets pass can be joined into a path and cut again, and is
// never one of the spellings of another place.
func FuzzCheckName(f *testing.F) {
	for _, seed := range []string{"", ".", "..", "a", "a/b", "\x00", "é", "\xff", strings.Repeat("x", 256)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		err := alveary.CheckName(name)
		sound := name != "" && name != "." && name != ".." && len(name) <= 255 && utf8.ValidString(name)
		for i := range len(name) {
			sound = sound && name[i] != '/' && name[i] != 0
		}
		if (err == nil) != sound {
			t.Fatalf("%q: %v", name, err)
		}
		if err != nil {
			checkSpeakable(t, err)
			return
		}
		names, err := alveary.SplitPath("w/" + name + "/z")
		if err != nil || len(names) != 3 || names[1] != name {
			t.Errorf("%q in a path: %q, %v", name, names, err)
		}
	})
}

// One place has one spelling: what can be cut gives itself when joined.
func FuzzSplitPath(f *testing.F) {
	for _, seed := range []string{"", "/", "a/b", "a//b", "../a", "a/.", "a/\x00", "ä/ö"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		names, err := alveary.SplitPath(path)
		if err != nil {
			checkSpeakable(t, err)
			if names != nil {
				t.Errorf("%q: %q beside an error", path, names)
			}
			return
		}
		if strings.Join(names, "/") != path {
			t.Errorf("%q: cut into %q", path, names)
		}
		for _, name := range names {
			if err := alveary.CheckName(name); err != nil {
				t.Errorf("%q: %v", path, err)
			}
		}
	})
}
