package authz

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/acl"
)

// flips looks, attribute by attribute, for the nearest value at which the
// answer would turn: it asks again with each value at which a condition on the
// way could change its answer. Patterns and expressions have no such values.
func (a *Access) flips(line alveary.Lineage, action alveary.Action, allowed bool) []Flip {
	var out []Flip
	for _, p := range a.probes(line) {
		for _, to := range p.values {
			if a.Suppose(line, p.attribute, to).Has(action) == allowed {
				continue
			}
			out = append(out, flip(p, to, !allowed))
			break // they come nearest first
		}
	}
	return out
}

func flip(p probe, to alveary.Value, becomes bool) Flip {
	f := Flip{Attribute: p.attribute, From: p.now.String(), To: to.String(), Becomes: becomes}
	verdict := "denied"
	if becomes {
		verdict = "allowed"
	}
	f.Text = fmt.Sprintf("with %s %s instead of %s it would be %s", f.Attribute, f.To, f.From, verdict)
	return f
}

// probe is an attribute with values to try, nearest first.
type probe struct {
	attribute string
	now       alveary.Value
	values    []alveary.Value
}

// probes gathers the attributes that policies on the way test, and the clock
// for entries that expire.
func (a *Access) probes(line alveary.Lineage) []probe {
	found := map[string]*probe{}
	add := func(attribute string, values ...alveary.Value) {
		p := found[attribute]
		if p == nil {
			p = &probe{attribute: attribute, now: a.facts.Attribute(attribute)}
			found[attribute] = p
		}
		p.values = append(p.values, values...)
	}
	at := func(t time.Time) {
		if !t.IsZero() {
			add(alveary.AttrServerTime, alveary.Instant(t.Add(-time.Second)), alveary.Instant(t))
		}
	}
	n := line.Node()
	for _, m := range a.members(line) {
		p := m.access
		p.facts.Folder, p.facts.Node = line[:len(line)-1].Path(), &n
		ledgers := []*acl.Ledger{p.ledger}
		for i := range m.begun {
			ledgers = append(ledgers, p.standing(m.begun[i].Way))
			for _, t := range m.begun[i].Dates(line) {
				at(t)
			}
		}
		for _, l := range ledgers {
			for _, one := range l.At(line.IDs(), a.now).Named {
				for attribute, values := range a.who.snap.policies[one].Boundaries(&p.facts) {
					if p == a || alveary.ClassOf(attribute) != alveary.ClassSubject { // others stay who they are
						add(attribute, values...)
					}
				}
			}
			for _, s := range l.Steps(line.IDs(), a.now) {
				at(s.Entry.Expires)
			}
		}
	}
	return nearestFirst(found)
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

// Suppose asks for the rights with one attribute changed.
func (a *Access) Suppose(line alveary.Lineage, attribute string, to alveary.Value) alveary.Rights {
	if _, set := a.context.Set[attribute]; !set && alveary.ClassOf(attribute) == alveary.ClassNode {
		if n, ok := withAttribute(line.Node(), attribute, to); ok {
			return a.elsewhere(*a.context).Rights(append(slices.Clone(line[:len(line)-1]), n))
		}
	}
	return a.elsewhere(Supposing(*a.context, attribute, to)).Rights(line)
}

// elsewhere is the same asker in another context.
func (a *Access) elsewhere(c alveary.Context) *Access {
	other := &Access{gate: a.gate, by: a.by, mask: a.mask, owner: a.owner}
	now := a.now
	if !c.Now.IsZero() {
		now = c.Now
	}
	other.begin(a.who, &c, now)
	return other
}

// withAttribute is the node with one attribute changed; false where no node can
// carry the value by itself, so that it is only imagined.
func withAttribute(n alveary.Node, attribute string, to alveary.Value) (alveary.Node, bool) {
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
