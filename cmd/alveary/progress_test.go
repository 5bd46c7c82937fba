package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"alveary/client/transfer"
)

func TestBar(t *testing.T) {
	begun := time.Unix(0, 0)
	b := newBar(io.Discard, func() int { return 100 }, func() time.Time { return begun })
	defer b.stop()
	b.count(transfer.Event{Result: transfer.Planned, Bytes: 4 << 20})
	b.count(transfer.Event{Result: transfer.Planned, Bytes: 4 << 20})
	b.count(transfer.Event{Result: transfer.Moved, Bytes: 2 << 20})
	b.finish()
	for _, c := range []struct {
		after time.Duration
		width int
		want  string
	}{
		{0, 100, "[#######.......................]  25%  2.0 MiB of 8.0 MiB  1/2 files"},
		{2 * time.Second, 100, "[#######.......................]  25%  2.0 MiB of 8.0 MiB  1/2 files  1.0 MiB/s  6s left"},
		{0, 50, "[##.........]  25%  2.0 MiB of 8.0 MiB  1/2 files"},
		{0, 30, "  25%  2.0 MiB of 8.0 MiB  1/"},
	} {
		b.width = func() int { return c.width }
		if got := b.line(begun.Add(c.after)); strings.TrimRight(got, " ") != strings.TrimRight(c.want, " ") || len(got) >= c.width {
			t.Errorf("width %d:\n%q\n%q", c.width, got, c.want)
		}
	}
	b.stop()
}

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
		if got := printable(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
