// Package terminal is what stands before a person: how texts are shown so that
// they can do nothing to a terminal, the bar of a transfer, and questions.
//
// It exists so that the commands say what they have to say and not how it gets
// onto a screen. It knows streams alone, and no command.
//
// There are three files, each of its own: printable.go, bar.go and person.go.
package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable shows a name so that it can do nothing to a terminal: characters
// that control it, or that turn the direction of reading, are written as codes.
func Printable(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r < 0x80 && unicode.IsControl(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		case isUnseen(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		text = text[size:]
	}
	return b.String()
}

// isUnseen says whether a character acts without being seen. The joiner within
// composed pictures is let through.
func isUnseen(r rune) bool {
	const joiner = '\u200d'
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != joiner
}

// JSONLine is a value as one line of JSON that can do nothing to a terminal
// either: what acts without being seen is escaped, which means the same.
func JSONLine(value any) string {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return `{"error":{"message":"the result cannot be written as JSON","exit":1}}`
	}
	var b strings.Builder
	for _, r := range strings.TrimSuffix(line.String(), "\n") {
		if !isUnseen(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}
