// Package match holds what conditions compare values with, each parsed once and
// then asked often: globs, patterns, networks, hours, times and numbers. It exists
// so that each can be read and tested without a rule or a node around it.
//
// Parsing refuses what is malformed with a sentence for whoever wrote it. What
// was parsed never changes, is safe for concurrent use, and answers without
// allocating. Read glob.go first; it is the longest.
package match

import (
	"errors"
	"fmt"
	"strings"
)

// Phrase is a text in pieces, which tells what its author wrote from what a
// template brought: that is never read as syntax.
type Phrase []Piece

// Piece is a piece of a phrase.
type Piece struct {
	Text   string
	Filled bool // brought by a template
}

// String is the text.
func (p Phrase) String() string {
	if len(p) == 1 {
		return p[0].Text
	}
	var b strings.Builder
	for _, one := range p {
		b.WriteString(one.Text)
	}
	return b.String()
}

// keeps says whether what templates brought leaves the structure of a text alone:
// it has no separator, and what is inner only where it stands for a whole part
// between separators.
func (p Phrase) keeps(separators, inner string) error {
	for i, one := range p {
		if !one.Filled {
			continue
		}
		before, after := strings.TrimRight(p[:i].String(), blanks), strings.TrimLeft(p[i+1:].String(), blanks)
		alone := (before == "" || strings.ContainsAny(before[len(before)-1:], separators)) &&
			(after == "" || strings.ContainsAny(after[:1], separators))
		if strings.ContainsAny(one.Text, separators) || (!alone && strings.ContainsAny(one.Text, inner)) {
			return errors.New("a template brought a separator")
		}
	}
	return nil
}

const blanks = " \t"

func malformed(format string, args ...any) error { return fmt.Errorf(format, args...) }
