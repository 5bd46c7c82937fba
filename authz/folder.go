package authz

import (
	"slices"

	"alveary"
	"alveary/acl"
	"alveary/authz/ways"
	"alveary/policy"
)

// Folder is the gate bound to a folder as well: what is left to know is the
// child.
type Folder struct {
	shelf
	line   alveary.Lineage
	mesh   *mesh        // what is had through Cells; nil: nothing
	node   alveary.Node // the child that is asked about
	within bool         // the scope covers whatever is in it
	also   []*Folder    // as it would be with an observed policy in force
	policy acl.Policy
	looks  *Folder // as it is for renditions
}

// In binds to the folder at the end of the lineage.
func (a *Access) In(line alveary.Lineage) *Folder {
	f := a.in(slices.Clone(line))
	for _, p := range a.who.Watched() {
		shadow := a.shadow(p).in(f.line)
		shadow.policy = p
		f.also = append(f.also, shadow)
	}
	return f
}

func (a *Access) in(line alveary.Lineage) *Folder {
	own := a.shelf(a.ledger, line)
	return &Folder{shelf: *own, line: line, mesh: a.mesh(line, own), within: a.mask.Covers(line)}
}

// Rights are what the subject may do with a child of the folder.
func (f *Folder) Rights(child alveary.Node) alveary.Rights { return f.Asked(child, alveary.AllRights) }

// Asked is Rights for an answer that rests on some of them: only where one of
// those would be another is an observed policy counted (MODEL.md 7.8).
func (f *Folder) Asked(child alveary.Node, about alveary.Rights) alveary.Rights {
	f.node = child
	rights := f.of(&f.node)
	for _, shadow := range f.also {
		if (shadow.of(&f.node)^rights)&about != 0 {
			f.access.gate.watch.Count(f.access.who.Snap.Policies[shadow.policy].ID(), f.access.by.request)
		}
	}
	return rights
}

func (f *Folder) of(child *alveary.Node) alveary.Rights {
	m := &f.access.mask
	if !f.within && child.ID != m.Scope.Node {
		return 0
	}
	return f.held(child) & m.Keep()
}

// held are the rights of the user, whatever his token is for.
func (f *Folder) held(child *alveary.Node) alveary.Rights {
	a, m := f.access, f.mesh
	switch {
	case a.failed:
		return 0
	case m == nil && a.ways == nil:
		own, _ := f.given(child)
		return own
	case a.ways.Begins(child.ID) || m != nil && m.stands(child.ID):
		own, denied := f.given(child) // the long way
		return a.through(f.line.Child(*child), own, denied, alveary.AllRights)
	case m == nil:
		own, _ := f.given(child)
		return own
	case m.fixed && !f.ledger.Stands(child.ID):
		return m.rights
	}
	rights := m.on(f, child)
	if a.failed {
		return 0
	}
	return rights
}

// shelf is what the entries of one ledger come to for the children of a folder.
type shelf struct {
	walk
	allow  policy.Residual
	table  *policy.Table
	gives  alveary.Rights // to a child on which nothing stands, where no attribute counts
	denies alveary.Rights // … explicitly
	fixed  bool
}

// shelf binds a ledger of the subject to a folder.
func (a *Access) shelf(l *acl.Ledger, line alveary.Lineage) *shelf {
	s := &shelf{walk: walk{access: a, ledger: l, deny: &policy.Residual{}, about: alveary.AllRights}}
	for i := range line {
		s.enter(&line[i])
	}
	for _, p := range s.standing.Allow {
		a.who.Snap.Policies[p].Fold(&a.facts, false, alveary.Givable, &s.allow)
	}
	s.deny.Tidy()
	s.allow.Tidy()
	if s.fixed = s.deny.Settled() && s.allow.Settled(); s.fixed {
		s.gives, s.denies = s.standing.Settle(s.allow.Allow, s.deny.Deny), s.denied(s.deny.Deny)
	} else {
		s.table = policy.NewTable(a.context, s.deny, &s.allow)
	}
	return s
}

func (s *shelf) denied(onNode alveary.Rights) alveary.Rights {
	if s.standing.Denied {
		return alveary.AllRights
	}
	return acl.Spread(s.standing.Lost | onNode)
}

// given is what the entries give on a child, and what they deny.
func (s *shelf) given(child *alveary.Node) (given, denied alveary.Rights) {
	a := s.access
	switch {
	case a.failed:
		return 0, alveary.AllRights
	case s.ledger.Stands(child.ID):
		w := s.walk // entries of its own: the long way
		deny := s.deny.Clone()
		w.deny = &deny
		return w.settle(child, &policy.Residual{})
	case s.fixed:
		return s.gives, s.denies
	case s.standing.Denied:
		return 0, alveary.AllRights
	}
	s.facts(child)
	allowed, denied := s.table.On(&a.facts)
	if a.failed {
		return 0, alveary.AllRights
	}
	return s.standing.Settle(allowed, denied), s.denied(denied)
}

// varies are the rights that may differ from child to child by attributes.
func (s *shelf) varies() alveary.Rights {
	return acl.Spread(s.deny.Varies() | s.allow.Varies().Implied())
}

// mesh is a net bound to a folder: who has what on its children through Cells.
type mesh struct {
	shelves []*shelf // of the owners that take part
	owners  []*ways.Owner
	steps   []meshStep
	guest   *shelf
	net     net
	fixed   bool
	rights  alveary.Rights // on a child on which nothing stands, where no attribute counts
}

// meshStep is a step whose gift may depend on the child. Of from and to, 0 is
// the asker and others are owners, from 1.
type meshStep struct {
	from, to int
	way      *ways.Way
	shelf    *shelf
	keeps    alveary.Rights
}

// mesh binds what the subject has through Cells to a folder.
func (a *Access) mesh(line alveary.Lineage, own *shelf) *mesh {
	if a.ways == nil || !a.ways.Covers(line) {
		return nil
	}
	m := &mesh{fixed: own.fixed}
	parties := []*Access{a}
	if g := a.cells.guest; g != nil {
		m.guest = g.shelf(g.ledger, line)
		m.fixed = m.fixed && m.guest.fixed
	}
	var begun []ways.Begun
	for from := 0; from < len(parties); from++ {
		p := parties[from]
		begun = p.ways.On(line, a.now, begun[:0])
		for i := range begun {
			b := &begun[i]
			if stop, _ := p.stops(b, line); stop != ways.Open {
				continue
			}
			s := meshStep{from: from, way: b.Way, shelf: p.shelf(p.standing(b.Way), line), keeps: p.keeps(b.Way)}
			s.to = slices.Index(m.owners, b.Way.Owner) + 1
			if s.to == 0 {
				o := a.of(b.Way.Owner)
				shelf := o.shelf(o.ledger, line)
				m.owners, m.shelves = append(m.owners, b.Way.Owner), append(m.shelves, shelf)
				parties = append(parties, o)
				s.to, m.fixed = len(m.owners), m.fixed && shelf.fixed
			}
			m.steps, m.fixed = append(m.steps, s), m.fixed && s.shelf.fixed
		}
	}
	if m.fixed {
		m.rights = m.settle(own, func(s *shelf) (given, denied alveary.Rights) { return s.gives, s.denies })
	}
	return m
}

// stands says whether something that takes part through Cells stands on a
// child, so that it must be asked about by itself.
func (m *mesh) stands(id alveary.NodeID) bool {
	for i := range m.steps {
		if m.steps[i].shelf.ledger.Stands(id) {
			return true
		}
	}
	for _, s := range m.shelves {
		if s.ledger.Stands(id) || s.access.ways.Begins(id) {
			return true
		}
	}
	return m.guest != nil && m.guest.ledger.Stands(id)
}

// on are the rights on a child that attributes may tell from others.
func (m *mesh) on(f *Folder, child *alveary.Node) alveary.Rights {
	return m.settle(&f.shelf, func(s *shelf) (given, denied alveary.Rights) { return s.given(child) })
}

func (m *mesh) settle(own *shelf, ask func(*shelf) (given, denied alveary.Rights)) alveary.Rights {
	n := &m.net
	given, denied := ask(own)
	if m.guest != nil {
		_, more := ask(m.guest)
		given, denied = given&^more, denied|more
	}
	n.parties, n.steps = append(n.parties[:0], party{rights: given, denied: denied}), n.steps[:0]
	for _, s := range m.shelves {
		given, denied := ask(s)
		n.parties = append(n.parties, party{rights: given, denied: denied})
	}
	for i := range m.steps {
		s := &m.steps[i]
		given, _ := ask(s.shelf)
		n.steps = append(n.steps, step{s.from, s.to, given & s.keeps, s.way.Cell.ID})
	}
	return n.settle()
}
