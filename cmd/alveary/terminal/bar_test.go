package terminal

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestBar(t *testing.T) {
	begun := time.Unix(0, 0)
	b := NewBar(io.Discard, func() int { return 100 }, func() time.Time { return begun })
	defer b.Stop()
	b.Plan(4 << 20)
	b.Plan(4 << 20)
	b.Move(2 << 20)
	b.Finish()
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
	b.Stop()
}
