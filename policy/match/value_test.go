package match

import (
	"strings"
	"testing"
	"time"
)

// MODEL.md 6.6.
func TestTimes(t *testing.T) {
	want := time.Date(2018, 2, 5, 9, 0, 0, 0, time.UTC)
	for text, ok := range map[string]bool{
		"2018-02-05T09:00+0000":          true,
		"2018-02-05T10:00+0100":          true,
		"2018-02-05T09:00:00Z":           true,
		"2018-02-05T04:00:00-05:00":      true,
		"2018-02-05T09:00:00.000Z":       true,
		"2018-02-05T09:00:00,000Z":       false,
		"2018-02-05T09:00Z":              false,
		"2018-02-05T09:00:00+0000":       false,
		"2018-02-05T09:00+00:00":         false,
		"2018-02-05T09:00":               false,
		"2018-02-05 09:00:00Z":           false,
		"2018-02-05":                     false,
		"2018-02-05T9:00:00Z":            false,
		"2018-02-30T09:00+0000":          false,
		"2018-02-05T24:00+0000":          false,
		"2018-02-05T09:00+2400":          false,
		"2018-02-05T09:00+0060":          false,
		"2018-02-05T09:00:00+24:00":      false,
		" 2018-02-05T09:00:00Z":          false,
		"05/02/2018":                     false,
		"":                               false,
		"Monday":                         false,
		"2018-02-05T09:00:00Z\n":         false,
		strings.Repeat("2018-02-05", 50): false,
	} {
		switch at, got := ParseTime(text); {
		case got != ok:
			t.Errorf("%q is a time: %v", text, got)
		case ok && !at.Equal(want):
			t.Errorf("%q is %s", text, at)
		}
	}
}

func TestPeriods(t *testing.T) {
	const a, b = "2018-02-01T00:00+0100", "2018-04-01T00:00:00+01:00"
	if begin, end, err := ParsePeriod(Phrase{{Text: a + "/" + b}}); err != nil || !begin.Before(end) {
		t.Error(err)
	}
	for _, text := range []string{a, a + "/", "/" + a, a + "/" + b + "/" + b, b + "/" + a, a + "/" + a, a + " / " + b, "x/y"} {
		if _, _, err := ParsePeriod(Phrase{{Text: text}}); err == nil {
			t.Errorf("%q is malformed and was taken", text)
		}
	}
}

func FuzzTimes(f *testing.F) {
	f.Add("2018-02-05T09:00+0000")
	f.Add("2018-02-05T09:00:00.5-05:00")
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := ParseTime(text)
		if !ok {
			return
		}
		if again, ok := ParseTime(at.Format(time.RFC3339Nano)); !ok || !again.Equal(at) {
			t.Fatalf("%q is %s, which is %s", text, at, again)
		}
		if strings.TrimSpace(text) != text || len(text) > 64 && !strings.Contains(text, ".") {
			t.Fatalf("%q is a time", text)
		}
	})
}

// MODEL.md 6.4: B, KiB, MiB, GiB, TiB.
func TestNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-5": "-5", "007": "7", "1.5": "3/2", "-0.25": "-1/4", "10B": "10", "1KiB": "1024", "10MiB": "10485760", "1.5GiB": "1610612736", "2TiB": "2199023255552",
		"18446744073709551616": "18446744073709551616", "0.5KiB": "512",
		"": "", "-": "", ".5": "", "5.": "", "+5": "", "1e3": "", "0x10": "", "1/2": "", "1_000": "", "1 MiB": "", "MiB": "", "0.1KiB": "", "0.5B": "", "10mib": "", "10MB": "", "10M": "",
		"-1KiB": "", " 1": "", "1,5": "", "NaN": "", "Inf": "", "--1": "", strings.Repeat("9", 50): "",
	} {
		n, ok := ParseNumber(text)
		if ok != (want != "") || (ok && n.RatString() != want) {
			t.Errorf("%q is %v (%v), want %q", text, n, ok, want)
		}
	}
}
