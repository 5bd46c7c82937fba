package authz

import (
	"maps"

	"alveary"
	"alveary/acl"
	"alveary/authz/bound"
	"alveary/authz/ways"
)

// through is what an access keeps of Cells: MODEL.md 4. Of the accesses of
// owners, who are asked in the context of whoever comes through their Cells,
// and of the guest of a link, the asker's keeps everything.
type through struct {
	also    acl.Policy // an observed policy that counts here all the same
	looking bool       // renditions are judged: what a preview-only link withholds of the original is kept
	guest   *Access    // who signed in to a link; what is denied to him is denied to its visitor
	*others            // nil until somebody else is asked about, or the same once more
}

// others are those who are asked for the sake of the asker's question.
type others struct {
	shared  *alveary.Context // that of the asker without what is imagined of himself
	owners  map[*ways.Owner]*Access
	ledgers map[*ways.Way]*acl.Ledger // with the observed policy
	shadows map[acl.Policy]*Access    // the asker as he would be with an observed policy in force
	visitor *Access                   // … looking at renditions
	net     net                       // memory for one decision
}

// others makes room for them: most requests need none.
func (a *Access) others() *others {
	if a.cells.others == nil {
		a.cells.others = &others{}
	}
	return a.cells.others
}

// none is no observed policy.
const none acl.Policy = -1

// admit lets in who asks through a link for named people only with one of them.
func (a *Access) admit() {
	w := a.who
	if w.Subject.Link == 0 || w.Ways == nil {
		return
	}
	a.cells.guest = nil
	var roles []acl.Ranked
	if g := a.by.guest; g != nil && g.Link == 0 {
		a.cells.guest = a.another(w.Snap.Who(g))
		roles = a.cells.guest.who.Stack
	}
	if !w.Snap.Book.Admits(w.Ways.All[0].Cell, roles) {
		a.ways = nil
	}
}

// stops is what stops a way of the subject now. The house rules mean who signed
// in to a link as well.
func (a *Access) stops(b *ways.Begun, line alveary.Lineage) (ways.Stop, string) {
	stop, term := b.Stops(line, a.now)
	if g := a.cells.guest; stop == ways.Open && g != nil && g.who.Subject.User.Profile == alveary.ProfileShared && b.Shuns(line) {
		return ways.Void, "external"
	}
	return stop, term
}

// another is somebody else in the asker's context, for the sake of the asker's
// question. No token confines him.
func (a *Access) another(w *bound.Who) *Access {
	o := a.others()
	if o.shared == nil {
		o.shared = without(a.context, alveary.ClassSubject)
	}
	p := &Access{gate: a.gate, owner: a.owner}
	p.begin(w, o.shared, a.now)
	p.with(a.cells.also)
	return p
}

// without takes imagined attributes of a class away: those of the asker are his
// own, and those of the node are not of the folders above it.
func without(c *alveary.Context, class alveary.AttributeClass) *alveary.Context {
	for name := range c.Set {
		if alveary.ClassOf(name) == class {
			others := *c
			others.Set = maps.Clone(others.Set)
			maps.DeleteFunc(others.Set, func(name string, _ alveary.Value) bool { return alveary.ClassOf(name) == class })
			return &others
		}
	}
	return c
}

// with lets an observed policy count.
func (a *Access) with(also acl.Policy) {
	if a.cells.also = also; also != none {
		a.ledger = a.who.Ledger.With(also)
	}
}

// of is the owner of a Cell as he is asked here.
func (a *Access) of(owner *ways.Owner) *Access {
	o := a.others()
	if p := o.owners[owner]; p != nil {
		return p
	}
	if o.owners == nil {
		o.owners = map[*ways.Owner]*Access{}
	}
	p := a.another(a.who.Snap.OfOwner(owner))
	o.owners[owner] = p
	return p
}

// standing is the ledger of a Cell for the subject.
func (a *Access) standing(w *ways.Way) *acl.Ledger {
	if a.cells.also == none {
		return w.Ledger()
	}
	o := a.others()
	l := o.ledgers[w]
	if l == nil {
		if o.ledgers == nil {
			o.ledgers = map[*ways.Way]*acl.Ledger{}
		}
		l = w.Ledger().With(a.cells.also)
		o.ledgers[w] = l
	}
	return l
}

// keeps is what is left of rights through a Cell.
func (a *Access) keeps(w *ways.Way) alveary.Rights {
	keeps := w.Keeps()
	if a.cells.looking && w.Cell.Link != nil && w.Cell.Link.Mode == alveary.LinkPreview {
		keeps = keeps.With(alveary.ActionDownload)
	}
	return keeps
}

// shadow is the asker as he would be with an observed policy in force.
func (a *Access) shadow(p acl.Policy) *Access {
	o := a.others()
	if s := o.shadows[p]; s != nil {
		return s
	}
	if o.shadows == nil {
		o.shadows = map[acl.Policy]*Access{}
	}
	s := a.again()
	s.with(p)
	if s.cells.guest != nil {
		s.cells.guest.with(p)
	}
	o.shadows[p] = s
	return s
}

// again is the same asker once more, with nothing bound yet.
func (a *Access) again() *Access {
	s := &Access{gate: a.gate, by: a.by, mask: a.mask, owner: a.owner}
	s.begin(a.who, a.context, a.now)
	return s
}

// net is who takes part in a decision, and what each may come by through Cells
// of the others. A member has through a Cell what its entry gives and its owner
// has (4.1), so that rights are the least that agree with each other: a chain
// that comes back to itself adds nothing (4.3).
type net struct {
	parties []party
	steps   []step
	begun   []ways.Begun
}

type party struct {
	access *Access
	owner  *ways.Owner // nil: the asker
	rights alveary.Rights
	denied alveary.Rights // explicitly, by his own roles: final (4.2)
}

// step is a Cell through which one party may come by what another has.
type step struct {
	from, to int
	gives    alveary.Rights
	cell     alveary.CellID
}

func (n *net) place(o *ways.Owner) int {
	for i := range n.parties {
		if n.parties[i].owner == o && i > 0 {
			return i
		}
	}
	return -1
}

// settle follows the steps until nothing changes, and gives what the first of
// the parties has. Rights only grow, so that this ends.
func (n *net) settle() alveary.Rights {
	for changed := true; changed; {
		changed = false
		for i := len(n.steps) - 1; i >= 0; i-- { // those that are farther away first
			s := &n.steps[i]
			from := &n.parties[s.from]
			if more := s.gives & n.parties[s.to].rights &^ (from.denied | from.rights); more != 0 {
				from.rights |= more
				changed = true
			}
		}
	}
	return n.parties[0].rights
}

// through adds to the subject's own rights on a node what he comes by through
// Cells, as far as it is asked for.
func (a *Access) through(line alveary.Lineage, own, denied, about alveary.Rights) alveary.Rights {
	if a.ways == nil || about&^(own|denied) == 0 || !a.ways.Covers(line) {
		return own
	}
	if g := a.cells.guest; g != nil {
		_, more := g.own(line, about)
		own, denied = own&^more, denied|more
	}
	n := &a.others().net
	n.steps = n.steps[:0]
	n.parties = append(n.parties[:0], party{access: a, rights: own, denied: denied})
	for i := 0; i < len(n.parties); i++ {
		p := n.parties[i]
		if about&^(p.rights|p.denied) == 0 {
			continue // he needs no Cell
		}
		n.begun = p.access.ways.On(line, a.now, n.begun[:0])
		for j := range n.begun {
			b := &n.begun[j]
			if stop, _ := p.access.stops(b, line); stop != ways.Open {
				continue
			}
			gives, _ := p.access.entries(p.access.standing(b.Way), line, about)
			gives &= p.access.keeps(b.Way) & about
			if gives == 0 {
				continue
			}
			to := n.place(b.Way.Owner)
			if to < 0 {
				o := a.of(b.Way.Owner)
				rights, lacks := o.own(line, about)
				to = len(n.parties)
				n.parties = append(n.parties, party{o, b.Way.Owner, rights, lacks})
			}
			n.steps = append(n.steps, step{i, to, gives, b.Way.Cell.ID})
		}
	}
	rights := n.settle()
	if a.failed {
		return 0
	}
	return rights
}
