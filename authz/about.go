package authz

import (
	"slices"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/authz/scope"
	"alveary/authz/ways"
	"alveary/policy"
)

// Varies says whether one of the rights may differ between nodes in the folder
// at the end of the lineage, or beneath it, by their attributes. Where not, it
// can differ only on Nodes. Observed policies count as well: what they would
// change is found where each node is asked about.
func (a *Access) Varies(line alveary.Lineage, rights alveary.Rights) bool {
	return a.varies(line, rights) || slices.ContainsFunc(a.who.Watched(), func(p acl.Policy) bool {
		return a.shadow(p).varies(line, rights)
	})
}

func (a *Access) varies(line alveary.Lineage, rights alveary.Rights) bool {
	f := a.in(line)
	varies := f.shelf.varies()
	if m := f.mesh; m != nil {
		for _, s := range m.shelves {
			varies |= s.varies()
		}
		for i := range m.steps {
			varies |= m.steps[i].shelf.varies() & acl.Spread(m.steps[i].keeps)
		}
		if m.guest != nil {
			varies |= m.guest.varies()
		}
	}
	return varies&rights&a.mask.Keep() != 0
}

// Residual says in words what is left to know of the node once the asker and
// his context are bound, for a child of the folder at the end of the lineage.
func (a *Access) Residual(line alveary.Lineage) []string {
	f := a.in(line)
	words := f.words()
	if m := f.mesh; m != nil {
		for i := range m.steps {
			s := &m.steps[i]
			through := "through " + s.way.String() + ", and never more than he has: "
			for _, text := range s.shelf.words() {
				words = append(words, through+text)
			}
		}
		for i, s := range m.shelves {
			for _, text := range s.words() {
				words = append(words, "the owner "+m.owners[i].Subject.User.Login+" himself: "+text)
			}
		}
	}
	if !a.mask.Free() {
		purpose := []string{"never more than the token is for: " + scope.Purpose(a.mask.Scope)}
		if !f.within {
			return purpose
		}
		return append(purpose, words...)
	}
	return words
}

func (s *shelf) words() []string {
	if s.standing.Denied {
		return []string{"never anything: an explicit deny stands here or above"}
	}
	words := s.deny.Words()
	if s.standing.Allow == nil {
		static := policy.Residual{Allow: s.standing.Rights}
		return append(words, static.Words()...)
	}
	return append(words, s.allow.Words()...)
}

// ResidualSize is how many clauses wait for the node in the folder.
func (a *Access) ResidualSize(line alveary.Lineage) int {
	f := a.in(line)
	size := f.size()
	if m := f.mesh; m != nil {
		for _, s := range m.shelves {
			size += s.size()
		}
		for i := range m.steps {
			size += m.steps[i].shelf.size()
		}
	}
	return size
}

func (s *shelf) size() int { return s.deny.Len() + s.allow.Len() }

// member is someone whose rights on a node may count, with the ways that cover
// it, whether they count now or not.
type member struct {
	access *Access
	owner  *ways.Owner // nil: the asker, or the guest of a link
	begun  []ways.Begun
}

// members are the asker, the guest of the link through which he asks, and all
// owners of Cells through which a right on the node may come, transitively.
func (a *Access) members(line alveary.Lineage) []member {
	all := []member{{access: a, begun: a.ways.On(line, a.now, nil)}}
	if a.cells.guest != nil {
		all = append(all, member{access: a.cells.guest})
	}
	seen := map[*ways.Owner]bool{}
	for i := 0; i < len(all); i++ {
		for _, b := range all[i].begun {
			if o := b.Way.Owner; o.Known() && !seen[o] {
				seen[o] = true
				p := a.of(o)
				all = append(all, member{p, o, p.ways.On(line, a.now, nil)})
			}
		}
	}
	return all
}

// ValidUntil is the next instant at which the rights on the node at the end of
// the lineage could change by the clock alone (MODEL.md 7.4); zero: never. It
// may be too early, never too late.
func (a *Access) ValidUntil(line alveary.Lineage) (until time.Time) {
	path := line.IDs()
	for _, m := range a.members(line) {
		p := m.access
		until = earlier(until, p.until(p.ledger, path))
		for i := range m.begun {
			until = earlier(until, m.begun[i].Next(line, a.now))
			until = earlier(until, p.until(p.standing(m.begun[i].Way), path))
		}
	}
	return until
}

// until is when what the entries of a ledger come to could change.
func (a *Access) until(l *acl.Ledger, path []alveary.NodeID) time.Time {
	until := l.ValidUntil(path, a.now)
	for _, p := range l.At(path, a.now).Named {
		until = earlier(until, a.who.Snap.Policies[p].ValidUntil(&a.facts))
	}
	return until
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// Nodes are those on which an entry of the subject stands, those of Cells
// through which he may come by rights and of their owners among them, and that
// at which the scope of his token begins: only there can his rights differ from
// those on the parent, but for what policies say of attributes; see Varies.
func (a *Access) Nodes() []alveary.NodeID {
	nodes := a.who.Nodes()
	if g := a.cells.guest; g != nil {
		nodes = append(nodes, g.ledger.Nodes()...)
		slices.Sort(nodes)
		nodes = slices.Compact(nodes)
	}
	if own := a.mask.Scope.Node; own != 0 {
		if at, known := slices.BinarySearch(nodes, own); !known {
			nodes = slices.Insert(nodes, at, own)
		}
	}
	return nodes
}

// Looks says whether deciding on a node may ask the source.
func (a *Access) Looks() bool { return a.owner != nil }

// HoldsTemplate says whether the subject has an entry of his own roles on a
// template path. What is not there yet a confined token does not come by.
func (a *Access) HoldsTemplate(t alveary.TemplateID) bool {
	return a.mask.Scope.Node == 0 && a.mask.Keep().Has(alveary.ActionWrite) && a.who.Ledger.HoldsTemplate(t)
}
