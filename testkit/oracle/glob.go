package oracle

import (
	"errors"
	"slices"
	"strings"

	"alveary"
)

// glyph is one character of a glob; a literal one stands for itself.
type glyph struct {
	char    rune
	literal bool
}

func (g glyph) is(char rune) bool { return !g.literal && g.char == char }

// glob is a PathGlobCondition's option: alternatives without braces.
type glob struct {
	alternatives [][]glyph
	ignoreCase   bool // (i)
	ancestors    bool // (p)
}

// globOf reads a glob. What was filled in stands for itself.
func globOf(pieces []piece) (glob, error) {
	var g glob
	for prefix, flags := range map[string]glob{
		"(i)": {ignoreCase: true}, "(p)": {ancestors: true}, "(ip)": {ignoreCase: true, ancestors: true},
	} {
		if rest, ok := strings.CutPrefix(pieces[0].text, prefix); ok {
			g, pieces = flags, append([]piece{{text: rest}}, pieces[1:]...)
			break
		}
	}
	var glyphs []glyph
	depth := 0
	for _, p := range pieces {
		for _, char := range p.text {
			switch {
			case p.filled:
			case strings.ContainsRune(`[]\`, char):
				return glob{}, errors.New("a glob has no [, ] and \\")
			case char == '{':
				depth++
			case char == '}':
				depth--
			}
			if depth < 0 {
				return glob{}, errors.New("} without {")
			}
			glyphs = append(glyphs, glyph{char, p.filled || !strings.ContainsRune("*?{,}", char)})
		}
	}
	if depth > 0 {
		return glob{}, errors.New("{ without }")
	}
	g.alternatives = spread(glyphs)
	return g, nil
}

// spread writes a glob with braces as several without: x{a,b}y is xay and xby.
func spread(glyphs []glyph) [][]glyph {
	open := slices.IndexFunc(glyphs, func(g glyph) bool { return g.is('{') })
	if open < 0 {
		return [][]glyph{glyphs}
	}
	var cuts []int // the brace, the commas that belong to it, and the brace that closes it
	depth := 0
	for at := open; len(cuts) == 0 || depth > 0; at++ {
		g := glyphs[at]
		if g.is('}') {
			depth--
		}
		if g.is('{') && depth == 0 || g.is(',') && depth == 1 || g.is('}') && depth == 0 {
			cuts = append(cuts, at)
		}
		if g.is('{') {
			depth++
		}
	}
	before, behind := glyphs[:open], glyphs[cuts[len(cuts)-1]+1:]
	var all [][]glyph
	for i := range cuts[1:] {
		alternative := glyphs[cuts[i]+1 : cuts[i+1]]
		all = append(all, spread(slices.Concat(before, alternative, behind))...)
	}
	return all
}

// globs is PathGlobCondition.
func (f Facts) globs(c alveary.Condition, path string) Truth {
	pieces, ok := f.pieces(wordOf(c.Options["glob"]))
	if !ok {
		return Undecided
	}
	g, err := globOf(pieces)
	if err != nil {
		return Undecided
	}
	for _, one := range g.alternatives {
		if g.matches(one, []rune(path)) || g.ancestors && (path == "" || path == "/") { // the root is above all
			return True
		}
	}
	return False
}

// matches says whether the path is one that the pattern means, or with (p) lies
// above one.
func (g glob) matches(pattern []glyph, path []rune) bool {
	if len(path) == 0 && g.ancestors && mayGoOnWithSlash(pattern) {
		return true
	}
	if len(pattern) == 0 {
		return len(path) == 0
	}
	first, rest := pattern[0], pattern[1:]
	switch {
	case first.is('*'):
		across := len(rest) > 0 && rest[0].is('*')
		if across {
			rest = rest[1:]
		}
		for taken := 0; ; taken++ {
			if g.matches(rest, path[taken:]) {
				return true
			}
			if taken == len(path) || path[taken] == '/' && !across {
				return false
			}
		}
	case len(path) == 0:
		return false
	case first.is('?'):
		return path[0] != '/' && g.matches(rest, path[1:])
	}
	same := first.char == path[0] || g.ignoreCase && strings.EqualFold(string(first.char), string(path[0]))
	return same && g.matches(rest, path[1:])
}

// mayGoOnWithSlash says whether something that the pattern means begins with a
// slash, so that what was matched before lies above it.
func mayGoOnWithSlash(pattern []glyph) bool {
	for i, g := range pattern {
		switch {
		case g.is('*') && i+1 < len(pattern) && pattern[i+1].is('*'):
			return true
		case !g.is('*'):
			return g.char == '/'
		}
	}
	return false
}
