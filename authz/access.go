package authz

import (
	"maps"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/policy"
)

// Access is the gate bound to one subject in one context. It belongs to one
// request and is not safe for concurrent use.
type Access struct {
	gate    *Gate
	who     *who
	subject alveary.Subject
	context alveary.Context
	owner   func(alveary.UserID) (string, error) // nil: no policy reads it
	failed  bool                                 // something could not be looked up: nothing is allowed any more (MODEL.md 7.5)

	// What follows is used again for each node, so that a check allocates
	// nothing.
	facts policy.Facts
	above *alveary.Context // what holds for the folders above: the context without imagined attributes of the node
	node  alveary.Node
	deny  policy.Residual
	allow policy.Residual
}

// Subject is who asks.
func (a *Access) Subject() alveary.Subject { return a.subject }

// Version is that of the access data the decisions rest on.
func (a *Access) Version() int64 { return a.who.snap.version }

// Rights are what the subject may do with the node at the end of the lineage.
func (a *Access) Rights(line alveary.Lineage) alveary.Rights { return a.rights(a.who.ledger, line) }

func (a *Access) rights(l *acl.Ledger, line alveary.Lineage) alveary.Rights {
	last := len(line) - 1
	w := walk{access: a, ledger: l, deny: &a.deny}
	w.deny.Reset()
	for i := range line[:last] {
		w.enter(&line[i])
	}
	return w.settle(&line[last], &a.allow)
}

// Along gives the rights on each node of the lineage, root first.
func (a *Access) Along(line alveary.Lineage) []alveary.Rights {
	out := make([]alveary.Rights, len(line))
	w := walk{access: a, ledger: a.who.ledger, deny: &a.deny}
	w.deny.Reset()
	for i := range line {
		above := w // the node as the one asked for, not as a folder above
		out[i] = above.settle(&line[i], &a.allow)
		w.enter(&line[i])
	}
	return out
}

// withoutNode takes imagined attributes of the node away for the folders above
// it: they are those of the node alone.
func (a *Access) withoutNode() {
	a.above = &a.context
	for name := range a.context.Set {
		if alveary.ClassOf(name) == alveary.ClassNode {
			others := a.context
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
}

// about makes the facts those of a node.
func (w *walk) about(n *alveary.Node) {
	a := w.access
	a.node = *n
	a.facts.Node, a.facts.Folder = &a.node, w.folder
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
		a.who.snap.policies[p].Fold(&a.facts, true, w.deny)
	}
	w.folded = len(w.standing.Named)
}

// enter goes into a folder: what is denied on it is lost beneath (MODEL.md 3.6).
func (w *walk) enter(n *alveary.Node) {
	w.standing = w.ledger.Below(w.standing, n.ID, w.access.context.Now)
	if len(w.standing.Named) > 0 && !w.standing.Denied {
		w.fold()
		w.about(n)
		f := &w.access.facts
		f.Context = w.access.above
		w.standing.Lost |= w.deny.Above(f)
		f.Context = &w.access.context
	}
	if n.ID != alveary.RootID {
		w.folder = joinPath(w.folder, n.Name)
	}
}

// settle answers for the node itself. The walk must not be used after it.
func (w *walk) settle(n *alveary.Node, allow *policy.Residual) alveary.Rights {
	a := w.access
	s := w.ledger.Below(w.standing, n.ID, a.context.Now)
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
		a.who.snap.policies[p].Fold(&a.facts, false, allow)
	}
	w.about(n)
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
	rights alveary.Rights // of a child on which nothing stands, where no attribute counts
	fixed  bool
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
	f := &Folder{walk: walk{access: a, ledger: l, deny: &policy.Residual{}}}
	for i := range line {
		f.enter(&line[i])
	}
	for _, p := range f.standing.Allow {
		a.who.snap.policies[p].Fold(&a.facts, false, &f.allow)
	}
	f.deny.Tidy()
	f.allow.Tidy()
	if f.fixed = f.deny.Settled() && f.allow.Settled(); f.fixed {
		f.rights = f.standing.Settle(f.allow.Allow, f.deny.Deny)
	}
	return f
}

// Rights are what the subject may do with a child of the folder.
func (f *Folder) Rights(child alveary.Node) alveary.Rights {
	rights := f.of(&child)
	for _, shadow := range f.also {
		if shadow.of(&child) != rights {
			f.access.gate.watch.count(f.access.who.snap.policies[shadow.policy].ID(), f.access.subject.Request)
		}
	}
	return rights
}

func (f *Folder) of(child *alveary.Node) alveary.Rights {
	a := f.access
	switch {
	case a.failed:
		return 0
	case f.ledger.Stands(child.ID):
		w := f.walk // entries of its own: the long way
		deny := f.deny.Clone()
		w.deny = &deny
		return w.settle(child, &a.allow)
	case f.fixed:
		return f.rights
	case f.standing.Denied:
		return 0
	}
	f.about(child)
	_, denied := f.deny.On(&a.facts)
	allowed, _ := f.allow.On(&a.facts)
	if a.failed {
		return 0
	}
	return f.standing.Settle(allowed, denied)
}

// Varies says whether one of the rights may differ between nodes in the folder
// at the end of the lineage, or beneath it, by their attributes. Where not, it
// can differ only on Nodes.
func (a *Access) Varies(line alveary.Lineage, rights alveary.Rights) bool {
	f := a.in(a.who.ledger, line)
	varies := f.deny.Varies() | f.allow.Varies().Implied()
	return acl.Spread(varies)&rights != 0
}

// Residual says in words what is left to know of the node once the asker and
// his context are bound, for a child of the folder at the end of the lineage.
func (a *Access) Residual(line alveary.Lineage) []string {
	f := a.in(a.who.ledger, line)
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
	now := a.context.Now
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

// Nodes are those on which an entry of the subject stands: only there can his
// rights differ from those on the parent, but for what policies say of
// attributes; see Varies.
func (a *Access) Nodes() []alveary.NodeID { return a.who.ledger.Nodes() }

// Looks says whether deciding on a node may ask the source.
func (a *Access) Looks() bool { return a.owner != nil }

// HoldsTemplate says whether the subject has an entry on a template path.
func (a *Access) HoldsTemplate(t alveary.TemplateID) bool { return a.who.ledger.HoldsTemplate(t) }
