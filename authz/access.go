package authz

import (
	"maps"
	"slices"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/authz/scope"
	"alveary/policy"
)

// Access is the gate bound to one subject in one context. It belongs to one
// request and is not safe for concurrent use.
type Access struct {
	gate    *Gate
	who     *who
	by      by
	mask    scope.Mask
	context *alveary.Context // of the request; not to be changed
	now     time.Time
	owner   func(alveary.UserID) (string, error) // nil: no policy reads it
	failed  bool                                 // something could not be looked up: nothing is allowed any more (MODEL.md 7.5)

	// The facts are used again for each node, so that a check allocates nothing.
	facts  policy.Facts
	last   alveary.Lineage  // the folder of the node asked about last
	folder *Folder          // … bound, once it was asked about again
	above  *alveary.Context // what holds for the folders above: the context without imagined attributes of the node
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
}

// Subject is who asks.
func (a *Access) Subject() alveary.Subject {
	s := a.who.subject
	s.Session, s.Token, s.Scope, s.Proved = a.by.session, a.by.token, a.mask.Scope, a.by.proved
	s.Address, s.Request, s.Context = a.by.address, a.by.request, a.context
	return s
}

// Version is that of the access data the decisions rest on.
func (a *Access) Version() int64 { return a.who.snap.version }

// Rights are what the subject may do with the node at the end of the lineage.
func (a *Access) Rights(line alveary.Lineage) alveary.Rights {
	return a.rights(a.who.ledger, line, alveary.AllRights)
}

// rights are the rights on a node, as far as they are asked for.
func (a *Access) rights(l *acl.Ledger, line alveary.Lineage, about alveary.Rights) alveary.Rights {
	return a.mask.Rights(line, a.held(l, line, about))
}

// held are the rights of the user, whatever his token is for. Who asks twice
// about nodes of one folder has it bound for the second.
func (a *Access) held(l *acl.Ledger, line alveary.Lineage, about alveary.Rights) alveary.Rights {
	last := len(line) - 1
	if l == a.who.ledger && last > 0 {
		switch {
		case !slices.Equal(a.last, line[:last]):
			a.last, a.folder = line[:last], nil
		case a.folder == nil:
			a.last = slices.Clone(a.last) // from here on the caller's own may change
			a.folder = a.in(l, a.last)
			fallthrough
		default:
			return a.folder.held(&line[last])
		}
	}
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
	w := walk{access: a, ledger: a.who.ledger, deny: &memory.deny, about: alveary.AllRights}
	for i := range line {
		above := w // the node as the one asked for, not as a folder above
		out[i] = a.mask.Rights(line[:i+1], above.settle(&line[i], &memory.allow))
		w.enter(&line[i])
	}
	return out
}

// withoutNode takes imagined attributes of the node away for the folders above
// it: they are those of the node alone.
func (a *Access) withoutNode() {
	a.above = a.context
	for name := range a.context.Set {
		if alveary.ClassOf(name) == alveary.ClassNode {
			others := *a.context
			others.Set = maps.Clone(others.Set)
			maps.DeleteFunc(others.Set, func(name string, _ alveary.Value) bool { return alveary.ClassOf(name) == alveary.ClassNode })
			a.above = &others
			return
		}
	}
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
		a.who.snap.policies[p].Fold(&a.facts, true, w.about, w.deny)
	}
	w.folded = len(w.standing.Named)
}

// enter goes into a folder: what is denied on it is lost beneath (MODEL.md 3.6).
func (w *walk) enter(n *alveary.Node) {
	w.standing = w.ledger.Below(w.standing, n.ID, w.access.now)
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
	if n.ID != alveary.RootID && w.access.who.snap.paths {
		w.folder = joinPath(w.folder, n.Name)
	}
}

// settle answers for the node itself. The walk must not be used after it.
func (w *walk) settle(n *alveary.Node, allow *policy.Residual) alveary.Rights {
	a := w.access
	s := w.ledger.Below(w.standing, n.ID, a.now)
	if a.failed || s.Denied {
		return 0
	}
	if len(s.Named) == 0 {
		return s.Settle(0, 0)
	}
	w.standing = s
	w.fold()
	allow.Reset()
	for _, p := range s.Allow {
		a.who.snap.policies[p].Fold(&a.facts, false, alveary.Givable, allow)
	}
	w.facts(n)
	_, denied := w.deny.On(&a.facts)
	allowed, _ := allow.On(&a.facts)
	if a.failed {
		return 0
	}
	return s.Settle(allowed, denied)
}

// Folder is the gate bound to a folder as well: what is left to know is the
// child.
type Folder struct {
	walk
	allow  policy.Residual
	node   alveary.Node // the child that is asked about
	table  *policy.Table
	rights alveary.Rights // of a child on which nothing stands, where no attribute counts
	fixed  bool
	within bool      // the scope covers whatever is in it
	also   []*Folder // as it would be with an observed policy in force
	policy acl.Policy
}

// In binds to the folder at the end of the lineage.
func (a *Access) In(line alveary.Lineage) *Folder {
	f := a.in(a.who.ledger, line)
	for _, p := range a.who.watched {
		shadow := a.in(a.who.ledger.With(p), line)
		shadow.policy = p
		f.also = append(f.also, shadow)
	}
	return f
}

func (a *Access) in(l *acl.Ledger, line alveary.Lineage) *Folder {
	f := &Folder{walk: walk{access: a, ledger: l, deny: &policy.Residual{}, about: alveary.AllRights}, within: a.mask.Covers(line)}
	for i := range line {
		f.enter(&line[i])
	}
	for _, p := range f.standing.Allow {
		a.who.snap.policies[p].Fold(&a.facts, false, alveary.Givable, &f.allow)
	}
	f.deny.Tidy()
	f.allow.Tidy()
	if f.fixed = f.deny.Settled() && f.allow.Settled(); f.fixed {
		f.rights = f.standing.Settle(f.allow.Allow, f.deny.Deny)
	} else {
		f.table = policy.NewTable(a.context, f.deny, &f.allow)
	}
	return f
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
			f.access.gate.watch.count(f.access.who.snap.policies[shadow.policy].ID(), f.access.by.request)
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

func (f *Folder) held(child *alveary.Node) alveary.Rights {
	a := f.access
	switch {
	case a.failed:
		return 0
	case f.ledger.Stands(child.ID):
		w := f.walk // entries of its own: the long way
		deny := f.deny.Clone()
		w.deny = &deny
		return w.settle(child, &policy.Residual{})
	case f.fixed:
		return f.rights
	case f.standing.Denied:
		return 0
	}
	f.facts(child)
	allowed, denied := f.table.On(&a.facts)
	if a.failed {
		return 0
	}
	return f.standing.Settle(allowed, denied)
}

// Varies says whether one of the rights may differ between nodes in the folder
// at the end of the lineage, or beneath it, by their attributes. Where not, it
// can differ only on Nodes. Observed policies count as well: what they would
// change is found where each node is asked about.
func (a *Access) Varies(line alveary.Lineage, rights alveary.Rights) bool {
	return a.varies(a.who.ledger, line, rights) || slices.ContainsFunc(a.who.watched, func(p acl.Policy) bool {
		return a.varies(a.who.ledger.With(p), line, rights)
	})
}

func (a *Access) varies(l *acl.Ledger, line alveary.Lineage, rights alveary.Rights) bool {
	f := a.in(l, line)
	varies := f.deny.Varies() | f.allow.Varies().Implied()
	return acl.Spread(varies)&rights&a.mask.Keep() != 0
}

// Residual says in words what is left to know of the node once the asker and
// his context are bound, for a child of the folder at the end of the lineage.
func (a *Access) Residual(line alveary.Lineage) []string {
	f := a.in(a.who.ledger, line)
	if !a.mask.Free() {
		words := []string{"never more than the token is for: " + scope.Purpose(a.mask.Scope)}
		if !f.within {
			return words
		}
		return append(words, f.words()...)
	}
	return f.words()
}

func (f *Folder) words() []string {
	if f.standing.Denied {
		return []string{"never anything: an explicit deny stands here or above"}
	}
	words := f.deny.Words()
	if f.standing.Allow == nil {
		static := policy.Residual{Allow: f.standing.Rights}
		return append(words, static.Words()...)
	}
	return append(words, f.allow.Words()...)
}

// ResidualSize is how many clauses wait for the node in the folder.
func (a *Access) ResidualSize(line alveary.Lineage) int {
	f := a.in(a.who.ledger, line)
	return f.deny.Len() + f.allow.Len()
}

// ValidUntil is the next instant at which the rights on the node at the end of
// the lineage could change by the clock alone (MODEL.md 7.4); zero: never. It
// may be too early, never too late.
func (a *Access) ValidUntil(line alveary.Lineage) time.Time {
	now := a.now
	path := line.IDs()
	until := a.who.ledger.ValidUntil(path, now)
	s := a.who.ledger.At(path, now)
	for _, p := range s.Named {
		until = earlier(until, a.who.snap.policies[p].ValidUntil(&a.facts))
	}
	return until
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// Nodes are those on which an entry of the subject stands, and that at which
// the scope of his token begins: only there can his rights differ from those on
// the parent, but for what policies say of attributes; see Varies.
func (a *Access) Nodes() []alveary.NodeID {
	nodes := a.who.ledger.Nodes()
	if own := a.mask.Scope.Node; own != 0 {
		if at, known := slices.BinarySearch(nodes, own); !known {
			nodes = slices.Insert(nodes, at, own)
		}
	}
	return nodes
}

// Looks says whether deciding on a node may ask the source.
func (a *Access) Looks() bool { return a.owner != nil }

// HoldsTemplate says whether the subject has an entry on a template path. What
// is not there yet a confined token does not come by.
func (a *Access) HoldsTemplate(t alveary.TemplateID) bool {
	return a.mask.Scope.Node == 0 && a.mask.Keep().Has(alveary.ActionWrite) && a.who.ledger.HoldsTemplate(t)
}
