package match

import (
	"regexp"
	"testing"
)

var patterns = []string{
	"", "abc", "^abc", "abc$", "^abc$", "^(exe|bat|cmd)$", "^(?:txt|text)$", "a|b", "^a|b$", "[abc]x", "^[a-c]x?$", "localhost|127.0.0.1|::1", `\.exe$`, "(?i)^exe$", ".*", "a+",
	`^\d+$`, `\Aabc\z`, `(?m)^abc$`, "^$", `x{2}`, `^(a|b)(c|d)(e|f)(g|h)(i|j)$`, `[^a]`, `\bword\b`, "é", "[a-z]", "(abc)", "^^abc$$", "a{1,}", "(|a)", "192.168.2.*",
}

var texts = []string{"", "a", "b", "abc", "xabc", "abcx", "exe", "EXE", "bat", "text", "txt", "ax", "bx", "cx", "a.exe", "x.exe.txt", "127.0.0.1", "::1", "192.168.200.7", "a\nabc", "12", "acegi", "bdfhj", "word", "é", "xx", "\xff", "�"}

// The quick ways answer as the machinery does.
func TestPatterns(t *testing.T) {
	for _, pattern := range patterns {
		found, err := ParsePattern(Phrase{{Text: pattern}})
		if err != nil {
			t.Errorf("%q: %v", pattern, err)
			continue
		}
		re := regexp.MustCompile(pattern)
		for _, text := range texts {
			if got, want := found(text), re.MatchString(text); got != want {
				t.Errorf("%q is found in %q: %v, want %v", pattern, text, got, want)
			}
		}
	}
	for _, pattern := range []string{"(localhost", "[a", "a**", `\`, "(?<n", "a{2000}", `(a)\1`, "(?=a)", "\xff"} {
		if _, err := ParsePattern(Phrase{{Text: pattern}}); err == nil {
			t.Errorf("%q is malformed and was taken", pattern)
		}
	}
}

// A text that a template brought is that text and nothing else (MODEL.md 6.9).
func TestFilledPatterns(t *testing.T) {
	for _, c := range []struct {
		before, filled, after, text string
		want                        bool
	}{
		{"^", "john.doe", "$", "john.doe", true},
		{"^", "john.doe", "$", "johnxdoe", false},
		{"^", ".*", "$", "anything", false},
		{"^", "a|b", "$", "a", false},
		{"^", "", "$", "", true},
		{"^x", "3", "{2}$", "x33", true},
		{"^a{1,", "3", "}$", "aaa", false}, // no count
		{"^a{1,", "3", "}$", "a{1,3}", true},
		{"^", "ab", "*$", "abab", true}, // all of it, again and again
		{"^", "ab", "*$", "abbb", false},
		{"^(?i)", "Bob", "$", "bOB", true},
		{"^(", "a", "|b)$", "b", true},
		{"^(a", `\d`, ")$", "a5", false},
		{"^", "é\n(", "$", "é\n(", true},
	} {
		found, err := ParsePattern(Phrase{{Text: c.before}, {c.filled, true}, {Text: c.after}})
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if got := found(c.text); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	for _, around := range [][2]string{{"[", "]"}, {"[^a", "]"}, {`\`, ""}, {"(?", ")"}, {"(?P<", ">a)"}, {`\p{`, "}"}, {`\Q`, `\E`}} {
		if _, err := ParsePattern(Phrase{{Text: around[0]}, {"a-z", true}, {Text: around[1]}}); err == nil {
			t.Errorf("a template within %q was taken", around)
		}
	}
	if found, err := ParsePattern(Phrase{{"a", true}, {Text: "|"}, {"a", true}, {Text: "|b"}}); err != nil || !found("a") || found("c") {
		t.Error("two templates with the same text:", err)
	}
}

func FuzzFilledPattern(f *testing.F) {
	f.Add("^", "a.b", "$")
	f.Add("(x|", "[", ")*")
	f.Fuzz(func(t *testing.T, before, filled, after string) {
		found, err := ParsePattern(Phrase{{Text: before}, {filled, true}, {Text: after}})
		if err != nil {
			return
		}
		found(filled)
		// Where the text is all there is, it is found in itself alone.
		if whole, err := ParsePattern(Phrase{{Text: "^"}, {filled, true}, {Text: "$"}}); err == nil {
			if want := regexp.MustCompile("^" + regexp.QuoteMeta(filled) + "$"); whole(before) != want.MatchString(before) {
				t.Fatalf("%q is found in %q", filled, before)
			}
		}
	})
}
