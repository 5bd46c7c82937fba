package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"alveary/service/govern/document"
)

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "")
}

func shown(diff []document.DiffLine) string {
	var b strings.Builder
	for _, l := range diff {
		if l.Op != " " {
			b.WriteString(l.Op)
		}
		b.WriteString(l.Text)
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"abc", "abc", "abc"},
		{"", "ab", "+a+b"},
		{"ab", "", "-a-b"},
		{"abc", "axc", "a-b+xc"},
		{"abcd", "bcde", "-abcd+e"},
		{"abcabba", "cbabac", "-a-bc+bab-ba+c"},
		{"aab", "ab", "a-ab"},
	} {
		if got := shown(document.Diff(lines(c.before), lines(c.after))); got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

// What stays and goes is the one text, what stays and comes is the other, and
// no shorter way is found by the plain table of longest common parts.
func TestDiffIsSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 12)
		before, after := text.Draw(t, "before"), text.Draw(t, "after")
		var was, is []string
		edits := 0
		for _, l := range document.Diff(before, after) {
			if l.Op != "+" {
				was = append(was, l.Text)
			}
			if l.Op != "-" {
				is = append(is, l.Text)
			}
			if l.Op != " " {
				edits++
			}
		}
		if !slices.Equal(was, before) || !slices.Equal(is, after) {
			t.Fatalf("%q to %q", was, is)
		}
		if want := len(before) + len(after) - 2*common(before, after); edits != want {
			t.Fatalf("%d edits, want %d", edits, want)
		}
	})
}

func common(a, b []string) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			if a[i] == b[j] {
				table[i+1][j+1] = table[i][j] + 1
			} else {
				table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			}
		}
	}
	return table[len(a)][len(b)]
}

// Large texts take no long time, and are told near the changes alone.
func TestDiffOfLargeTexts(t *testing.T) {
	before := make([]string, 100_000)
	for i := range before {
		before[i] = fmt.Sprint(i)
	}
	after := slices.Clone(before)
	after[10], after[50_000] = "x", "y"
	diff := document.Diff(before, after)
	if len(diff) > 30 || strings.Count(shown(diff), "+") != 2 || strings.Count(shown(diff), "…") != 3 {
		t.Errorf("%d lines: %s", len(diff), shown(diff))
	}
	slices.Reverse(after)
	if diff := document.Diff(before, after); len(diff) < 100_000 {
		t.Errorf("%d lines", len(diff))
	}
}
