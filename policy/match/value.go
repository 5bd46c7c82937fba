package match

import (
	"math/big"
	"strings"
	"time"
)

// minuteLayout is the layout of MODEL.md 6.6 beside RFC 3339.
const minuteLayout = "2006-01-02T15:04-0700"

// ParseTime reads a time in one of the two layouts.
func ParseTime(text string) (time.Time, bool) {
	if len(text) == len(minuteLayout) {
		if t, err := time.Parse(minuteLayout, text); err == nil && text[17:19] <= "23" && text[19:] <= "59" {
			return t, true
		}
	}
	// Unlike Parse this is strict: no comma, no hour of one digit.
	var t time.Time
	if err := t.UnmarshalText([]byte(text)); err != nil {
		return time.Time{}, false
	}
	return t, true
}

// WantTime says how a time is written.
const WantTime = "write one such as 2018-02-28T23:59+0100 or 2018-02-28T23:59:30+01:00"

// ParsePeriod reads begin/end; the begin is before the end.
func ParsePeriod(source Phrase) (begin, end time.Time, err error) {
	if err := source.keeps(",;", "/"); err != nil {
		return begin, end, err
	}
	first, second, _ := strings.Cut(source.String(), "/")
	begin, okBegin := ParseTime(first)
	end, okEnd := ParseTime(second)
	switch {
	case !okBegin || !okEnd:
		return begin, end, malformed("a period is two times, begin/end: %s", WantTime)
	case !begin.Before(end):
		return begin, end, malformed("a period begins before it ends")
	}
	return begin, end, nil
}

// ParseNumber reads a decimal number, or a size, which is a whole number of
// bytes.
func ParseNumber(text string) (*big.Rat, bool) {
	digits, shift := text, -1
	for i, unit := range [...]string{"B", "KiB", "MiB", "GiB", "TiB"} {
		if before, ok := strings.CutSuffix(text, unit); ok {
			digits, shift = before, 10*i // the units that end in iB come later
		}
	}
	if !isDecimal(digits) {
		return nil, false
	}
	n, ok := new(big.Rat).SetString(digits)
	if !ok || shift < 0 {
		return n, ok
	}
	n.Mul(n, new(big.Rat).SetInt64(1<<shift))
	return n, n.IsInt() && n.Sign() >= 0
}

// isDecimal refuses what big.Rat reads besides: exponents, fractions, other bases
// and numbers of any length.
func isDecimal(text string) bool {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if len(text) > 40 || whole == "" || (point && fraction == "") {
		return false
	}
	return strings.Trim(whole+fraction, "0123456789") == ""
}
