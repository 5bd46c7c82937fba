package alveary

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// CheckLine refuses a text that cannot be shown on one line: of more than so
// many characters, with one that breaks lines or turns the direction of what
// follows, or no text at all. `what` begins the sentence of the refusal, such
// as "the name".
func CheckLine(what, text string, most int) error {
	reason := ""
	switch {
	case !utf8.ValidString(text):
		reason = " is not valid UTF-8"
	case utf8.RuneCountInString(text) > most:
		reason = fmt.Sprintf(" is too long: it can have at most %d characters", most)
	default:
		for _, r := range text {
			if breaksLine(r) {
				reason = " contains a control character"
			}
		}
	}
	if reason == "" {
		return nil
	}
	return &Error{Kind: KindInvalid, Op: "check " + what, Code: "invalid", Message: what + reason}
}

// breaksLine spares the joiners, which some scripts need.
func breaksLine(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Cs) || unicode.Is(unicode.Bidi_Control, r)
}

// Printable drops control characters and broken UTF-8 and cuts the text to at
// most so many bytes.
func Printable(text string, most int) string {
	out := make([]byte, 0, min(len(text), most))
	for _, r := range text {
		if r == unicode.ReplacementChar || Invisible(r) {
			continue
		}
		if len(out)+len(string(r)) > most {
			break
		}
		out = append(out, string(r)...)
	}
	return string(out)
}

// Invisible says whether a character is one that a reader does not see or that
// changes how the others are shown.
func Invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs, unicode.Co)
}
