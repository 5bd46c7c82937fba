package match

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// ParsePattern reads an RE2 pattern and says whether it is found in a text.
func ParsePattern(source Phrase) (found func(text string) bool, err error) {
	tree, err := parseTree(source)
	if err != nil {
		return nil, err
	}
	return finder(tree)
}

// parseTree parses a pattern. What a template brought is put into the parsed tree
// as a literal, so that no text can be read as a part of the pattern.
func parseTree(source Phrase) (*syntax.Regexp, error) {
	// A pair of private characters, used once, stands for each text: a single one
	// could end in a class of characters or be taken out as a common prefix.
	const private = 0xF0000
	var b strings.Builder
	fills := map[rune]string{}
	for i, one := range source {
		if !one.Filled {
			if b.WriteString(one.Text); len(source) > 1 && strings.Contains(one.Text, `\Q`) {
				return nil, malformed(`a pattern with a template has no \Q: what the template brings is quoted by itself`)
			}
			continue
		}
		if !utf8.ValidString(one.Text) {
			return nil, malformed("a template brought what is no text")
		}
		stand := private + rune(2*i)
		b.WriteString("(?:" + string(stand) + string(stand+1) + ")")
		fills[stand] = one.Text
	}
	tree, err := syntax.Parse(b.String(), syntax.Perl)
	if err != nil {
		reason, _ := strings.CutPrefix(err.Error(), "error parsing regexp: ")
		return nil, malformed("this is no RE2 pattern: %s", reason)
	}
	if fillLiterals(tree, fills); len(fills) > 0 {
		return nil, malformed("a template in a pattern stands for a text of its own: not within [ ], nor in a group's name")
	}
	return tree, nil
}

// fillLiterals puts the texts in their places and strikes them off.
func fillLiterals(tree *syntax.Regexp, fills map[rune]string) {
	if len(fills) == 0 {
		return
	}
	if tree.Op == syntax.OpLiteral {
		var runes []rune
		for i := 0; i < len(tree.Rune); i++ {
			text, ok := fills[tree.Rune[i]]
			if !ok {
				runes = append(runes, tree.Rune[i])
				continue
			}
			runes = append(runes, []rune(text)...)
			delete(fills, tree.Rune[i])
			i++ // the second of the pair
		}
		if tree.Rune = runes; len(runes) == 0 {
			tree.Op = syntax.OpEmptyMatch
		}
	}
	for _, sub := range tree.Sub {
		fillLiterals(sub, fills)
	}
}

// finder says whether a pattern is found in a text. Patterns that take a few
// texts, at a fixed place, are compared without the machinery of expressions,
// which is what most patterns about extensions and names are.
func finder(tree *syntax.Regexp) (func(string) bool, error) {
	middle, atStart, atEnd := unanchored(tree)
	if texts, ok := language(middle); ok {
		switch {
		case atStart && atEnd:
			return func(text string) bool { return slices.Contains(texts, text) }, nil
		case atStart:
			return anyText(texts, strings.HasPrefix), nil
		case atEnd:
			return anyText(texts, strings.HasSuffix), nil
		default:
			return anyText(texts, strings.Contains), nil
		}
	}
	re, err := regexp.Compile(tree.String())
	if err != nil {
		return nil, err
	}
	return re.MatchString, nil
}

func anyText(texts []string, is func(text, one string) bool) func(string) bool {
	return func(text string) bool {
		for _, one := range texts {
			if is(text, one) {
				return true
			}
		}
		return false
	}
}

// unanchored takes ^ and $ off the ends.
func unanchored(tree *syntax.Regexp) (middle *syntax.Regexp, atStart, atEnd bool) {
	if tree.Op != syntax.OpConcat {
		return tree, false, false
	}
	subs := tree.Sub
	if len(subs) > 0 && subs[0].Op == syntax.OpBeginText {
		subs, atStart = subs[1:], true
	}
	if len(subs) > 0 && subs[len(subs)-1].Op == syntax.OpEndText {
		subs, atEnd = subs[:len(subs)-1], true
	}
	return &syntax.Regexp{Op: syntax.OpConcat, Sub: subs}, atStart, atEnd
}

// maxLanguage is how many texts are worth comparing one by one.
const maxLanguage = 16

// language lists the texts that a pattern takes, where they are few and it looks
// at nothing around them.
func language(tree *syntax.Regexp) (texts []string, few bool) {
	switch tree.Op {
	case syntax.OpEmptyMatch:
		return []string{""}, true
	case syntax.OpLiteral:
		if tree.Flags&syntax.FoldCase != 0 || slices.Contains(tree.Rune, '\uFFFD') {
			return nil, false
		}
		return []string{string(tree.Rune)}, true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(tree.Rune); i += 2 {
			for r := tree.Rune[i]; r <= tree.Rune[i+1]; r++ {
				if texts = append(texts, string(r)); len(texts) > maxLanguage || r == '\uFFFD' {
					return nil, false
				}
			}
		}
		return texts, len(texts) > 0
	case syntax.OpCapture:
		return language(tree.Sub[0])
	case syntax.OpQuest:
		texts, few = language(tree.Sub[0])
		return append(texts, ""), few
	case syntax.OpAlternate:
		for _, sub := range tree.Sub {
			more, few := language(sub)
			if texts = append(texts, more...); !few || len(texts) > maxLanguage {
				return nil, false
			}
		}
		return texts, true
	case syntax.OpConcat:
		texts = []string{""}
		for _, sub := range tree.Sub {
			ends, few := language(sub)
			if !few || len(texts)*len(ends) > maxLanguage {
				return nil, false
			}
			var longer []string
			for _, begin := range texts {
				for _, end := range ends {
					longer = append(longer, begin+end)
				}
			}
			texts = longer
		}
		return texts, true
	}
	return nil, false
}
