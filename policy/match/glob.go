package match

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Glob is a pattern for paths (MODEL.md 6.4). It is matched by walking all its
// places at once, one character after another, so that no path takes longer than
// its length; patterns of a common shape are compared without walking.
type Glob struct {
	tokens  []token
	follow  [][]uint64 // of each place, and of the beginning at the end: the places that may come next
	words   int        // of such a set
	fold    bool       // (i)
	parents bool       // (p)
	shapes  []shape    // one for each alternative; nil: the pattern is walked
}

// token is one place: a character, or what takes several.
type token struct {
	kind tokenKind
	char rune
}

type tokenKind uint8

const (
	tokenChar    tokenKind = iota
	tokenOne               // ?
	tokenSegment           // *
	tokenAny               // **
)

// maxGlob bounds the places of a pattern, so that the sets fit on the stack.
const (
	maxGlob      = maxGlobWords*64 - 1
	maxGlobWords = 16
	maxBraces    = 16
)

// literal marks a character that a template brought, which means itself.
const literal rune = 1 << 30

// ParseGlob reads a glob. What a template brought means itself.
func ParseGlob(source Phrase) (*Glob, error) {
	g := &Glob{}
	if !utf8.ValidString(source.String()) {
		return nil, malformed("this is no text")
	}
	var runes []rune
	for i, one := range source {
		text := one.Text
		if i == 0 && !one.Filled {
			text = g.prefix(text)
		}
		for _, r := range text {
			if one.Filled {
				r |= literal
			}
			runes = append(runes, r)
		}
	}
	p := &globParser{runes: runes, fold: g.fold}
	whole, err := p.sequence(0)
	switch {
	case err != nil:
		return nil, err
	case p.at < len(p.runes):
		return nil, malformed("a } closes nothing")
	case len(p.tokens) > maxGlob:
		return nil, malformed("this pattern is longer than %d characters", maxGlob)
	}
	g.tokens = p.tokens
	g.connect(whole)
	if !g.fold {
		g.shapes = shapesOf(whole, g.parents)
	}
	return g, nil
}

// prefix takes (i), (p), (ip) or (pi) off the beginning.
func (g *Glob) prefix(text string) string {
	for _, one := range []struct {
		mark          string
		fold, parents bool
	}{{"(i)", true, false}, {"(p)", false, true}, {"(ip)", true, true}, {"(pi)", true, true}} {
		if rest, ok := strings.CutPrefix(text, one.mark); ok {
			g.fold, g.parents = one.fold, one.parents
			return rest
		}
	}
	return text
}

// node is a part of a pattern: a place, several parts in order, or alternatives.
type globNode struct {
	place        int // where there are no parts
	parts        []*globNode
	alternatives bool
	token        token
}

type globParser struct {
	runes  []rune
	at     int
	tokens []token
	fold   bool
}

// sequence reads parts up to the end, or up to a , or } within braces.
func (p *globParser) sequence(depth int) (*globNode, error) {
	seq := &globNode{parts: []*globNode{}}
	if depth > maxBraces {
		return nil, malformed("braces lie more than %d deep within each other", maxBraces)
	}
	for ; p.at < len(p.runes); p.at++ {
		t := token{kind: tokenChar, char: p.runes[p.at]}
		switch t.char {
		case '[', ']', '\\':
			return nil, malformed("[ ] and \\ mean nothing here: write names as they are, or {a,b}")
		case ',', '}':
			if depth > 0 {
				return seq, nil
			}
			if t.char == '}' {
				return seq, nil // its reader finds text left
			}
		case '{':
			either, err := p.braces(depth + 1)
			if err != nil {
				return nil, err
			}
			seq.parts = append(seq.parts, either)
			continue
		case '?':
			t = token{kind: tokenOne}
		case '*':
			t = token{kind: tokenSegment}
			for p.at+1 < len(p.runes) && p.runes[p.at+1] == '*' {
				t.kind = tokenAny
				p.at++
			}
		default:
			if t.char &^= literal; p.fold {
				t.char = foldRune(t.char)
			}
		}
		seq.parts = append(seq.parts, &globNode{place: len(p.tokens), token: t})
		p.tokens = append(p.tokens, t)
	}
	return seq, nil
}

func (p *globParser) braces(depth int) (*globNode, error) {
	either := &globNode{alternatives: true}
	for {
		p.at++ // the { or ,
		one, err := p.sequence(depth)
		if err != nil {
			return nil, err
		}
		either.parts = append(either.parts, one)
		if p.at >= len(p.runes) {
			return nil, malformed("a { is not closed")
		}
		if p.runes[p.at] == '}' {
			return either, nil
		}
	}
}

// foldRune is the same for characters that differ in case only.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}

// connect works out which places may follow which. The place after the last is
// the end, the one after that in follow the beginning.
func (g *Glob) connect(whole *globNode) {
	end := len(g.tokens)
	g.words = end/64 + 1
	g.follow = make([][]uint64, end+2)
	for i := range g.follow {
		g.follow[i] = make([]uint64, g.words)
	}
	g.link(whole, []int{end + 1})
	for i, t := range g.tokens {
		if t.kind == tokenSegment || t.kind == tokenAny {
			g.follow[i][i/64] |= 1 << (i % 64)
		}
	}
	for _, last := range g.link(whole, []int{end + 1}) {
		g.follow[last][end/64] |= 1 << (end % 64)
	}
}

// link joins a part to the places that may come before it, and returns those
// that may come last once it has been passed.
func (g *Glob) link(n *globNode, before []int) (last []int) {
	switch {
	case n.parts == nil:
		for _, b := range before {
			g.follow[b][n.place/64] |= 1 << (n.place % 64)
		}
		last = []int{n.place}
		if n.token.kind == tokenSegment || n.token.kind == tokenAny {
			last = append(last, before...) // they may take nothing
		}
	case n.alternatives:
		for _, one := range n.parts {
			last = append(last, g.link(one, before)...)
		}
	default:
		last = before
		for _, one := range n.parts {
			last = g.link(one, last)
		}
	}
	slices.Sort(last)
	return slices.Compact(last)
}

// Matches says whether the pattern takes the path.
func (g *Glob) Matches(w Path) bool {
	if g.parents && w.Folder == "" && (w.Name == "" || (!w.Within && w.Name == "/")) {
		return true // above everything
	}
	if g.shapes != nil {
		return slices.ContainsFunc(g.shapes, func(s shape) bool { return s.matches(w) })
	}
	if g.words == 1 {
		return g.matchesShort(w)
	}
	var space [2][maxGlobWords]uint64
	now, next := space[0][:g.words], space[1][:g.words]
	copy(now, g.follow[len(g.tokens)+1])
	now, next = g.walk(w.Folder, now, next)
	if w.Within {
		now, next = g.step('/', now, next)
	}
	now, next = g.walk(w.Name, now, next)
	if end := len(g.tokens); now[end/64]>>(end%64)&1 != 0 {
		return true
	}
	if !g.parents {
		return false
	}
	now, _ = g.step('/', now, next)
	return slices.ContainsFunc(now, func(set uint64) bool { return set != 0 })
}

// matchesShort walks a pattern whose places fit in one word, as most do.
func (g *Glob) matchesShort(w Path) bool {
	now := g.walkShort(w.Folder, g.follow[len(g.tokens)+1][0])
	if w.Within {
		now = g.walkShort("/", now)
	}
	now = g.walkShort(w.Name, now)
	return now>>len(g.tokens)&1 != 0 || (g.parents && g.walkShort("/", now) != 0)
}

func (g *Glob) walkShort(text string, now uint64) uint64 {
	for _, r := range text {
		if g.fold {
			r = foldRune(r)
		}
		next := uint64(0)
		for set := now &^ (1 << len(g.tokens)); set != 0; set &= set - 1 {
			if at := bits.TrailingZeros64(set); g.tokens[at].takes(r) {
				next |= g.follow[at][0]
			}
		}
		if now = next; now == 0 {
			return 0
		}
	}
	return now
}

func (g *Glob) walk(text string, now, next []uint64) (after, spare []uint64) {
	for _, r := range text {
		now, next = g.step(r, now, next)
	}
	return now, next
}

// step takes one character: from every place that takes it to all that may
// follow.
func (g *Glob) step(r rune, now, next []uint64) (after, spare []uint64) {
	if g.fold {
		r = foldRune(r)
	}
	clear(next)
	for i, set := range now {
		for ; set != 0; set &= set - 1 {
			at := i*64 + bits.TrailingZeros64(set)
			if at < len(g.tokens) && g.tokens[at].takes(r) {
				for n, follow := range g.follow[at] {
					next[n] |= follow
				}
			}
		}
	}
	return next, now
}

func (t token) takes(r rune) bool {
	switch t.kind {
	case tokenOne, tokenSegment:
		return r != '/'
	case tokenAny:
		return true
	case tokenChar:
	}
	return t.char == r
}
