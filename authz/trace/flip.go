package trace

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"alveary"
)

// Probe is an attribute with values to try, nearest first.
type Probe struct {
	Attribute string
	Now       alveary.Value
	Values    []alveary.Value
}

// Turn is a flip of a probe to one of its values.
func Turn(p Probe, to alveary.Value, becomes bool) Flip {
	f := Flip{Attribute: p.Attribute, From: p.Now.String(), To: to.String(), Becomes: becomes}
	verdict := "denied"
	if becomes {
		verdict = "allowed"
	}
	f.Text = fmt.Sprintf("with %s %s instead of %s it would be %s", f.Attribute, f.To, f.From, verdict)
	return f
}

// NearestFirst gives each attribute's values by how far they are from what is.
func NearestFirst(found map[string]*Probe) []Probe {
	out := make([]Probe, 0, len(found))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		p := *found[name]
		slices.SortStableFunc(p.Values, func(x, y alveary.Value) int { return cmp.Compare(distance(&p.Now, &x), distance(&p.Now, &y)) })
		out = append(out, p)
	}
	return out
}

// distance orders values by how far they are from what is; where that means
// nothing they keep their order.
func distance(from, to *alveary.Value) float64 {
	if from.Kind() != to.Kind() {
		return 0
	}
	switch from.Kind() {
	case alveary.ValueInstant:
		return math.Abs(float64(to.Time().Sub(from.Time())))
	case alveary.ValueNumber:
		return math.Abs(float64(to.Int()) - float64(from.Int()))
	default:
		return 0
	}
}

// WithAttribute is the node with one attribute changed; false where no node can
// carry the value by itself, so that it is only imagined.
func WithAttribute(n alveary.Node, attribute string, to alveary.Value) (alveary.Node, bool) {
	text, isText := to.Text()
	switch attribute {
	case alveary.AttrNodeName:
		n.Name = text
		return n, text != ""
	case alveary.AttrNodeExtension:
		if n.Extension() != "" {
			n.Name = n.Name[:strings.LastIndexByte(n.Name, '.')]
		}
		n.Name = strings.TrimSuffix(n.Name, ".") + "." + text
		return n, text != "" && n.Extension() == text
	case alveary.AttrNodeSize:
		n.Size = to.Int()
		return n, to.Kind() == alveary.ValueNumber && n.Size >= 0 && !n.IsFolder()
	case alveary.AttrNodeMTime:
		n.MTime = to.Time()
		return n, to.Kind() == alveary.ValueInstant
	}
	namespace, ok := strings.CutPrefix(attribute, alveary.NodeMetaPrefix)
	if ok && isText {
		n.Meta = n.Meta.With(namespace, text)
	}
	return n, ok && isText
}

// Supposing is the context with one attribute changed.
func Supposing(c alveary.Context, attribute string, to alveary.Value) alveary.Context {
	c.Set = maps.Clone(c.Set)
	if c.Set == nil {
		c.Set = map[string]alveary.Value{}
	}
	if attribute == alveary.AttrServerTime && to.Kind() == alveary.ValueInstant {
		c.Now = to.Time()
		delete(c.Set, attribute)
		return c
	}
	c.Set[attribute] = to
	return c
}
