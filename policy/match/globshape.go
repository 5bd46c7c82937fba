package match

import "strings"

// shape is a pattern of the common sort: a beginning, at most one thing that
// takes several characters, and an end.
type shape struct {
	begin, end string
	between    gap
	parents    bool
}

type gap uint8

const (
	gapNone    gap = iota
	gapSegment     // *
	gapAny         // **
	gapBeneath     // **/*
)

// maxShapes is how many alternatives are worth comparing one by one.
const maxShapes = 16

// shapesOf turns a pattern into shapes, one for each way through its
// alternatives; nil where one of them is of another sort or they are many.
func shapesOf(whole *globNode, parents bool) []shape {
	ways := spell(whole, [][]token{nil})
	shapes := make([]shape, 0, len(ways))
	for _, tokens := range ways {
		s, ok := shapeOf(tokens)
		if !ok || (parents && s.between == gapSegment) {
			return nil
		}
		s.parents = parents
		shapes = append(shapes, s)
	}
	return shapes
}

// spell continues each beginning in every way the part allows; nil: too many.
func spell(n *globNode, begun [][]token) (ways [][]token) {
	switch {
	case begun == nil:
		return nil
	case n.alternatives:
		for _, one := range n.parts {
			more := spell(one, begun)
			if ways = append(ways, more...); more == nil || len(ways) > maxShapes {
				return nil
			}
		}
		return ways
	case n.parts == nil:
		for _, one := range begun {
			ways = append(ways, append(one[:len(one):len(one)], n.token))
		}
		return ways
	}
	for _, one := range n.parts {
		begun = spell(one, begun)
	}
	return begun
}

func shapeOf(tokens []token) (s shape, ok bool) {
	var begin, end strings.Builder
	into := &begin
	for i := 0; i < len(tokens); i++ {
		switch t := tokens[i]; {
		case t.kind == tokenChar:
			into.WriteRune(t.char)
		case t.kind == tokenOne || s.between != gapNone:
			return shape{}, false
		case t.kind == tokenSegment:
			s.between, into = gapSegment, &end
		case i+2 < len(tokens) && tokens[i+1] == token{tokenChar, '/'} && tokens[i+2].kind == tokenSegment:
			s.between, into = gapBeneath, &end
			i += 2
		default:
			s.between, into = gapAny, &end
		}
	}
	s.begin, s.end = begin.String(), end.String()
	return s, true
}

// matches says whether the shape takes the path.
func (s shape) matches(w Path) bool {
	if s.parents {
		if w.above(s.begin) {
			return true
		}
		if s.between != gapNone {
			return w.hasPrefix(s.begin) // the end may come beneath
		}
	}
	if s.between == gapNone {
		return w.len() == len(s.begin) && w.hasPrefix(s.begin)
	}
	last := w.len() - len(s.end)
	if last < len(s.begin) || !w.hasPrefix(s.begin) || !w.hasSuffix(s.end) {
		return false
	}
	return s.between == gapAny || w.slashWithin(len(s.begin), last) == (s.between == gapBeneath)
}
