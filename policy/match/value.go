package match

import (
	"math/big"
	"strings"
	"time"
)

// minuteLayout is the layout of MODEL.md 6.6 beside RFC 3339.
const minuteLayout = "2006-01-02T15:04-0700"

// ParseTime reads a time in one of the two layouts. The library reads more than
// they say (hours of one digit, a comma, an offset of 24 hours), so that the shape
// is looked at first.
func ParseTime(text string) (time.Time, bool) {
	layout, rest := time.RFC3339, ""
	switch {
	case hasShape(text, "0000-00-00T00:00+0000"):
		layout, rest = minuteLayout, text[17:]
	case len(text) < 20 || len(text) > 40 || !hasShape(text[:19], "0000-00-00T00:00:00"):
		return time.Time{}, false
	default:
		rest = text[19:]
		if digits, fraction := strings.CutPrefix(rest, "."); fraction {
			rest = strings.TrimLeft(digits, "0123456789")
			if len(rest) == len(digits) {
				return time.Time{}, false
			}
		}
		if rest == "Z" {
			rest = "0000"
		} else if !hasShape(rest, "+00:00") {
			return time.Time{}, false
		} else {
			rest = rest[1:3] + rest[4:]
		}
	}
	if rest[:2] > "23" || rest[2:] > "59" {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, text)
	return t, err == nil
}

// hasShape says whether a text has digits where the shape has 0, a sign where it
// has +, and else the same characters.
func hasShape(text, shape string) bool {
	if len(text) != len(shape) {
		return false
	}
	for i := range len(shape) {
		switch c := text[i]; shape[i] {
		case '0':
			if c < '0' || c > '9' {
				return false
			}
		case '+':
			if c != '+' && c != '-' {
				return false
			}
		default:
			if c != shape[i] {
				return false
			}
		}
	}
	return true
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
