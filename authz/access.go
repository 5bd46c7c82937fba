package authz

import (
	"slices"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/authz/bound"
	"alveary/authz/scope"
	"alveary/authz/ways"
	"alveary/policy"
)

// Access is the gate bound to one subject in one context. It belongs to one
// request and is not safe for concurrent use.
type Access struct {
	gate    *Gate
	who     *bound.Who
	ledger  *acl.Ledger // of his own entries
	ways    *ways.Ways  // through which he may come by more; nil: none
	by      by
	mask    scope.Mask
	context *alveary.Context // of the request; not to be changed
	now     time.Time
	owner   logins // nil: no policy reads it
	failed  bool   // something could not be looked up: nothing is allowed any more (MODEL.md 7.5)

	// The facts are used again for each node, so that a check allocates nothing.
	facts  policy.Facts
	last   alveary.Lineage  // the folder of the node asked about last
	folder *Folder          // … bound, once it was asked about again
	above  *alveary.Context // what holds for the folders above: the context without imagined attributes of the node
	cells  through          // what concerns Cells
}

// scratch is memory for one decision.
type scratch struct{ deny, allow policy.Residual }

func (g *Gate) scratch() *scratch {
	s, ok := g.spare.Get().(*scratch)
	if !ok {
		s = &scratch{}
	}
	s.deny.Reset()
	s.allow.Reset()
	return s
}

// by is what a request brings of the asker beside who he is.
type by struct {
	session alveary.SessionID
	token   alveary.TokenID
	proved  time.Time
	address string
	request string
	guest   *alveary.Subject
	stamp   alveary.Stamp
}

// Subject is who asks.
func (a *Access) Subject() alveary.Subject {
	s := a.who.Subject
	s.Session, s.Token, s.Scope, s.Proved = a.by.session, a.by.token, a.mask.Scope, a.by.proved
	s.Address, s.Request, s.Context, s.Guest, s.Stamp = a.by.address, a.by.request, a.context, a.by.guest, a.by.stamp
	return s
}

// Version is that of the access data the decisions rest on.
func (a *Access) Version() int64 { return a.who.Snap.Version }

// Rights are what the subject may do with the node at the end of the lineage.
func (a *Access) Rights(line alveary.Lineage) alveary.Rights {
	return a.rights(line, alveary.AllRights)
}

// rights are the rights on a node, as far as they are asked for.
func (a *Access) rights(line alveary.Lineage, about alveary.Rights) alveary.Rights {
	return a.mask.Rights(line, a.held(line, about))
}

// held are the rights of the user, whatever his token is for. Who asks twice
// about nodes of one folder has it bound for the second.
func (a *Access) held(line alveary.Lineage, about alveary.Rights) alveary.Rights {
	if last := len(line) - 1; last > 0 {
		switch {
		case !slices.Equal(a.last, line[:last]):
			a.last, a.folder = line[:last], nil
		case a.folder == nil:
			a.last = slices.Clone(a.last) // from here on the caller's own may change
			a.folder = a.in(a.last)
			fallthrough
		default:
			return a.folder.held(&line[last])
		}
	}
	own, denied := a.own(line, about)
	return a.through(line, own, denied, about)
}

// own are the rights of the user by entries of his own roles, and what is denied
// to him explicitly.
func (a *Access) own(line alveary.Lineage, about alveary.Rights) (own, denied alveary.Rights) {
	return a.entries(a.ledger, line, about)
}

// entries are what the entries of a ledger of the subject give him, and what
// they deny.
func (a *Access) entries(l *acl.Ledger, line alveary.Lineage, about alveary.Rights) (given, denied alveary.Rights) {
	last := len(line) - 1
	memory := a.gate.scratch()
	defer a.gate.spare.Put(memory)
	w := walk{access: a, ledger: l, deny: &memory.deny, about: acl.Causes(about)}
	for i := range line[:last] {
		w.enter(&line[i])
	}
	return w.settle(&line[last], &memory.allow)
}

// Along gives the rights on each node of the lineage, root first.
func (a *Access) Along(line alveary.Lineage) []alveary.Rights {
	out := make([]alveary.Rights, len(line))
	memory := a.gate.scratch()
	defer a.gate.spare.Put(memory)
	w := walk{access: a, ledger: a.ledger, deny: &memory.deny, about: alveary.AllRights}
	for i := range line {
		above := w // the node as the one asked for, not as a folder above
		own, denied := above.settle(&line[i], &memory.allow)
		out[i] = a.mask.Rights(line[:i+1], a.through(line[:i+1], own, denied, alveary.AllRights))
		w.enter(&line[i])
	}
	return out
}

// walk goes down a lineage: entries and policies together.
type walk struct {
	access   *Access
	ledger   *acl.Ledger
	standing acl.Standing
	folder   string           // NodeMetaPath of the parent
	deny     *policy.Residual // of the policies named so far
	folded   int              // how many of them are in it
	about    alveary.Rights   // those asked for: of others the answer may be anything
}

// about makes the facts those of a node.
func (w *walk) facts(n *alveary.Node) {
	a := w.access
	a.facts.Node, a.facts.Folder = n, w.folder
	if a.owner != nil {
		login, err := a.owner(n.Owner)
		a.failed = a.failed || err != nil
		a.facts.Owner = login
	}
}

// fold adds what newly named policies deny.
func (w *walk) fold() {
	a := w.access
	for _, p := range w.standing.Named[w.folded:] {
		a.who.Snap.Policies[p].Fold(&a.facts, true, w.about, w.deny)
	}
	w.folded = len(w.standing.Named)
}

// enter goes into a folder: what is denied on it is lost beneath (MODEL.md 3.6).
func (w *walk) enter(n *alveary.Node) {
	if w.ledger.Stands(n.ID) { // copied no oftener than it must be
		w.standing = w.ledger.Below(w.standing, n.ID, w.access.now)
	}
	if len(w.standing.Named) > 0 && !w.standing.Denied {
		w.fold()
		w.standing.Lost |= w.deny.Deny
		if w.deny.AsksAbove() {
			w.facts(n)
			f := &w.access.facts
			f.Context = w.access.above
			w.standing.Lost |= w.deny.Above(f)
			f.Context = w.access.context
		}
	}
	if n.ID != alveary.RootID && w.access.who.Snap.Paths {
		w.folder = joinPath(w.folder, n.Name)
	}
}

// settle answers for the node itself: what entries give on it, and what they
// deny. The walk must not be used after it.
func (w *walk) settle(n *alveary.Node, allow *policy.Residual) (given, denied alveary.Rights) {
	a := w.access
	if w.ledger.Stands(n.ID) {
		w.standing = w.ledger.Below(w.standing, n.ID, a.now)
	}
	s := &w.standing
	if a.failed || s.Denied {
		return 0, alveary.AllRights
	}
	if len(s.Named) == 0 {
		return s.Settle(0, 0), 0
	}
	w.fold()
	allow.Reset()
	for _, p := range s.Allow {
		a.who.Snap.Policies[p].Fold(&a.facts, false, alveary.Givable, allow)
	}
	w.facts(n)
	_, denied = w.deny.On(&a.facts)
	allowed, _ := allow.On(&a.facts)
	if a.failed {
		return 0, alveary.AllRights
	}
	return s.Settle(allowed, denied), acl.Spread(s.Lost | denied)
}
