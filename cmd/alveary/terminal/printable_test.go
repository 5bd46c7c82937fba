package terminal

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain ü 文.txt":      "plain ü 文.txt",
		"a\x1b[31mb":         `a\x1b[31mb`,
		"a\nb\rc\td":         `a\x0ab\x0dc\x09d`,
		"bad\xff":            `bad\xff`,
		"c1\u009b":           `c1\u009b`,
		"turn\u202egpj.exe":  `turn\u202egpj.exe`,
		"no\u200bwidth":      `no\u200bwidth`,
		"family 👨‍👩‍👧 stays": "family 👨‍👩‍👧 stays",
	} {
		if got := Printable(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestJSONLine(t *testing.T) {
	const name = "a\x1b[31m\u009b\u202e\U000e0041<b>\n"
	line := JSONLine(map[string]string{"name": name})
	if strings.ContainsAny(line, "\x1b\u009b\u202e\U000e0041\n") || !strings.Contains(line, "<b>") {
		t.Errorf("%q", line)
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(line), &back); err != nil || back["name"] != name {
		t.Errorf("%q, %v", back, err)
	}
}
