package authz

import (
	"slices"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/authz/trace"
)

// flips looks, attribute by attribute, for the nearest value at which the
// answer would turn: it asks again with each value at which a condition on the
// way could change its answer. Patterns and expressions have no such values.
func (a *Access) flips(line alveary.Lineage, action alveary.Action, allowed bool) []Flip {
	var out []Flip
	for _, p := range a.probes(line) {
		for _, to := range p.Values {
			if a.Suppose(line, p.Attribute, to).Has(action) == allowed {
				continue
			}
			out = append(out, trace.Turn(p, to, !allowed))
			break // they come nearest first
		}
	}
	return out
}

// probes gathers the attributes that policies on the way test, and the clock
// for entries that expire.
func (a *Access) probes(line alveary.Lineage) []trace.Probe {
	found := map[string]*trace.Probe{}
	add := func(attribute string, values ...alveary.Value) {
		p := found[attribute]
		if p == nil {
			p = &trace.Probe{Attribute: attribute, Now: a.facts.Attribute(attribute)}
			found[attribute] = p
		}
		p.Values = append(p.Values, values...)
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
				for attribute, values := range a.who.Snap.Policies[one].Boundaries(&p.facts) {
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
	return trace.NearestFirst(found)
}

// Suppose asks for the rights with one attribute changed.
func (a *Access) Suppose(line alveary.Lineage, attribute string, to alveary.Value) alveary.Rights {
	if _, set := a.context.Set[attribute]; !set && alveary.ClassOf(attribute) == alveary.ClassNode {
		if n, ok := trace.WithAttribute(line.Node(), attribute, to); ok {
			return a.elsewhere(*a.context).Rights(append(slices.Clone(line[:len(line)-1]), n))
		}
	}
	return a.elsewhere(trace.Supposing(*a.context, attribute, to)).Rights(line)
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
