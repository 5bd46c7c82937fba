package policy

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// pattern is a text of a rule's subjects, actions or resources: literal, with
// regular expressions between < and > (MODEL.md 6.3).
type pattern struct {
	text    string
	literal string         // what stands outside of < and >
	re      *regexp.Regexp // nil: the text is literal
}

// compilePattern reads a text. Angle brackets nest: only the outermost pair
// marks an expression.
func compilePattern(text string) (pattern, error) {
	p := pattern{text: text}
	if !strings.ContainsAny(text, "<>") {
		p.literal = text
		return p, nil
	}
	// (?s): a line break in a value is a character like any other, so that no
	// value slips past <.*>.
	var whole, literal strings.Builder
	whole.WriteString(`^(?s:`)
	depth, from := 0, 0
	for i, r := range text {
		switch r {
		case '<':
			if depth == 0 {
				literal.WriteString(text[from:i])
				whole.WriteString(regexp.QuoteMeta(text[from:i]))
				from = i + 1
			}
			depth++
		case '>':
			depth--
			if depth < 0 {
				return p, errors.New("there is a > without its <")
			}
			if depth == 0 {
				if _, err := regexp.Compile(text[from:i]); err != nil {
					return p, fmt.Errorf("%q is no regular expression: %w", text[from:i], err)
				}
				whole.WriteString("(?:" + text[from:i] + ")")
				from = i + 1
			}
		}
	}
	if depth > 0 {
		return p, errors.New("there is a < without its >")
	}
	literal.WriteString(text[from:])
	whole.WriteString(regexp.QuoteMeta(text[from:]) + `)$`)
	p.literal = literal.String()
	var err error
	p.re, err = regexp.Compile(whole.String())
	return p, err
}

func (p *pattern) matches(text string) bool {
	if p.re == nil {
		return p.literal == text
	}
	return p.re.MatchString(text)
}

func anyMatches(patterns []pattern, text string) bool {
	for i := range patterns {
		if patterns[i].matches(text) {
			return true
		}
	}
	return false
}
