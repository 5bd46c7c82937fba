// Package names gives the keys by which names are compared and put in order.
//
// It exists so that both databases agree: keys are compared byte by byte.
//
// There is one file to read.
package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Key is what makes two names of one folder the same: their NFC form.
func Key(name string) string { return norm.NFC.String(name) }

// Fold is what makes two logins the same: case folded and NFKC, so that
// neither a capital nor a look-alike spelling makes a second account.
func Fold(name string) string {
	// Folding alone swaps the two cases of Cherokee letters: one of them first.
	oneCase := strings.ToLower(strings.ToUpper(norm.NFKC.String(name)))
	return norm.NFKC.String(cases.Fold().String(oneCase))
}

// Sort orders names as people do: without regard to case and accents, and
// numbers by their value. It is compared byte by byte in both databases.
func Sort(name string) string {
	var b strings.Builder
	b.Grow(len(name) + 8)
	digits := 0 // length of the run of digits under way, leading zeros left out
	run := make([]rune, 0, 8)
	flush := func() {
		if digits > 0 {
			// The length first: a longer number is a larger one.
			b.WriteByte('0')
			b.WriteRune(rune(0x100 + len(run)))
			b.WriteString(string(run))
			digits, run = 0, run[:0]
		}
	}
	for _, r := range norm.NFD.String(cases.Fold().String(name)) {
		switch {
		case r >= '0' && r <= '9':
			digits++
			if r != '0' || len(run) > 0 {
				run = append(run, r)
			}
		case unicode.Is(unicode.Mn, r):
			// an accent does not count for the order
		default:
			flush()
			b.WriteRune(r)
		}
	}
	flush()
	return b.String()
}
