package acl

import (
	"slices"
	"sync"
	"time"

	"alveary"
)

// slot is a role of the subject that has entries, with its rank.
type slot struct {
	key  int32
	rank int
}

// Ledger is the entries of one subject's roles: a view of the index. It
// remembers what it gathered and is safe for concurrent use.
type Ledger struct {
	index *Index
	stack []slot
	homes map[alveary.NodeID][]alveary.TemplateID // the subject's own nodes of template paths
	also  Policy                                  // an observed policy that counts here all the same; -1: none

	mu     sync.RWMutex
	places map[alveary.NodeID]*place
}

// place is the entries of the subject that stand on one node, in the order of
// the roles; of one role in the order they were made.
type place struct {
	entries []held
	lasting bool // none expires, so that what they come to is always the same
	sum     sum
}

type held struct {
	rank int
	*item
}

// sum is what the entries on one node come to.
type sum struct {
	denied    bool
	effective bool // for the allow: MODEL.md 3.4
	rights    alveary.Rights
	allow     []Policy
	named     []Policy
}

// nowhere is the place on which nothing stands.
func nowhere() *place { return &place{lasting: true} }

// Ledger binds the index to a subject's roles. Entries on a template path stand
// on the subject's own node, which homes tells; where that is not made yet they
// stand nowhere (MODEL.md 2.5).
func (x *Index) Ledger(stack []Ranked, homes map[alveary.TemplateID]alveary.NodeID) *Ledger {
	l := &Ledger{index: x, stack: make([]slot, 0, len(stack)), also: -1, places: map[alveary.NodeID]*place{}}
	for _, r := range stack {
		if key, ok := x.roles[r.Role]; ok {
			l.stack = append(l.stack, slot{key, r.Rank})
		}
	}
	slices.SortStableFunc(l.stack, func(a, b slot) int { return a.rank - b.rank })
	for template, node := range homes {
		if x.templates[template] != nil && node != 0 {
			if l.homes == nil {
				l.homes = map[alveary.NodeID][]alveary.TemplateID{}
			}
			l.homes[node] = append(l.homes[node], template)
		}
	}
	return l
}

// Watched are the observed policies that entries of the subject name.
func (l *Ledger) Watched() (policies []Policy) {
	for _, s := range l.stack {
		policies = join(policies, l.index.watched[s.key])
	}
	return policies
}

// With is the ledger as it would be if an observed policy were in force.
func (l *Ledger) With(observed Policy) *Ledger {
	return &Ledger{index: l.index, stack: l.stack, homes: l.homes, also: observed, places: map[alveary.NodeID]*place{}}
}

// inForce are the policies of an entry that decide, and whether the entry
// exists for 3.3 and 3.4 (MODEL.md 3.5).
func (l *Ledger) inForce(it *item) (policies []Policy, exists bool) {
	if l.also >= 0 && slices.Contains(it.watched, l.also) {
		return append(slices.Clip(it.policies), l.also), true
	}
	return it.policies, !it.idle
}

// Nodes are the nodes on which an entry stands, in order of their ids, those
// of expired entries included.
func (l *Ledger) Nodes() []alveary.NodeID {
	var nodes []alveary.NodeID
	for _, s := range l.stack {
		nodes = append(nodes, l.index.byRole[s.key]...)
	}
	for node, templates := range l.homes {
		for _, t := range templates {
			if l.holds(l.index.templates[t]) {
				nodes = append(nodes, node)
				break
			}
		}
	}
	slices.Sort(nodes)
	return slices.Compact(nodes)
}

// HoldsTemplate says whether a role of the subject has an entry on the
// template path.
func (l *Ledger) HoldsTemplate(t alveary.TemplateID) bool { return l.holds(l.index.templates[t]) }

func (l *Ledger) holds(s *shelf) bool {
	return s != nil && slices.ContainsFunc(l.stack, func(role slot) bool { return len(s.find(role.key)) > 0 })
}

// Stands says whether entries of the subject may stand on the node; where not,
// its rights are those of its parent, but for what policies say of it.
func (l *Ledger) Stands(id alveary.NodeID) bool {
	return l.index.nodes[id] != nil || l.homes[id] != nil
}

// at gathers the entries that stand on the node.
func (l *Ledger) at(id alveary.NodeID) *place {
	if !l.Stands(id) {
		return nowhere()
	}
	l.mu.RLock()
	p := l.places[id]
	l.mu.RUnlock()
	if p != nil {
		return p
	}
	p = l.gather(id)
	l.mu.Lock()
	l.places[id] = p
	l.mu.Unlock()
	return p
}

func (l *Ledger) gather(id alveary.NodeID) *place {
	on, templates := l.index.nodes[id], l.homes[id]
	p := nowhere()
	add := func(rank int, items []item) {
		for i := range items {
			p.entries = append(p.entries, held{rank, &items[i]})
			p.lasting = p.lasting && items[i].entry.Expires.IsZero()
		}
	}
	for _, role := range l.stack {
		if on != nil {
			add(role.rank, on.find(role.key))
		}
		for _, t := range templates {
			add(role.rank, l.index.templates[t].find(role.key))
		}
	}
	if p.lasting {
		p.sum = l.add(p, time.Time{})
	}
	return p
}

// add is what the entries of a place come to at a time.
func (l *Ledger) add(p *place, now time.Time) (s sum) {
	top := -1
	for _, e := range p.entries {
		policies, exists := l.inForce(e.item)
		switch {
		case e.expired(now) || !exists:
			continue
		case e.deny:
			s.denied = true // 3.2
			continue
		case e.rank != top: // 3.3: a later role replaces
			s.rights, s.allow, top = 0, nil, e.rank
		}
		s.effective = true
		if len(policies) > 0 {
			s.allow = join(s.allow, policies)
			s.named = join(s.named, policies)
		} else {
			s.rights |= e.entry.Rights & alveary.Givable
		}
	}
	return s
}

// Standing is what holds on a node through itself and all above it, as far as
// entries tell. The zero value is the standing above the root: nothing is
// allowed. Its slices are shared and must not be changed.
type Standing struct {
	Denied bool           // an explicit deny of every right (MODEL.md 3.2)
	Lost   alveary.Rights // denied explicitly by policies, asked of the folders above (3.6); whoever asks them adds to it
	Rights alveary.Rights // of the nearest effective entry, where it holds rights
	Allow  []Policy       // of the nearest effective entry, where it names policies (3.5)
	Named  []Policy       // those named here or above, by any entry: their denies are asked of the node (3.6)
}

// At is the standing on the last of the ids, which are the path from the root.
func (l *Ledger) At(path []alveary.NodeID, now time.Time) Standing {
	var s Standing
	for _, id := range path {
		s = l.Below(s, id, now)
	}
	return s
}

// Below is the standing on a node whose parent has the given standing.
func (l *Ledger) Below(s Standing, id alveary.NodeID, now time.Time) Standing {
	if !l.Stands(id) {
		return s
	}
	p := l.at(id)
	sum := p.sum
	if !p.lasting {
		sum = l.add(p, now)
	}
	s.Denied = s.Denied || sum.denied
	s.Named = join(s.Named, sum.named)
	if sum.effective { // 3.4: nearest decides
		s.Rights, s.Allow = sum.rights, sum.allow
	}
	return s
}

// join adds what is not there yet, never into a list that another standing
// may share.
func join(list, more []Policy) []Policy {
	if list == nil {
		return more
	}
	for _, p := range more {
		if !slices.Contains(list, p) {
			list = append(slices.Clip(list), p)
		}
	}
	return list
}

// Settle puts together what entries and policies say of a node: allowed is what
// the policies in Allow allow, denied what those in Named deny on the node
// itself.
func (s Standing) Settle(allowed, denied alveary.Rights) alveary.Rights {
	if s.Denied {
		return 0
	}
	if s.Allow == nil { // 3.5: where policies stand, static rights beside them are ignored
		allowed = s.Rights
	}
	return (allowed & alveary.Givable).Implied() &^ Spread(s.Lost|denied)
}

// Spread adds what an explicit deny of read and write denies as well
// (MODEL.md 3.9).
func Spread(denied alveary.Rights) alveary.Rights {
	return denied | (denied & alveary.Givable).Implied()
}

// Causes adds what could take a right away: a deny of read takes download and
// sync, one of write upload and delete (MODEL.md 3.9).
func Causes(rights alveary.Rights) alveary.Rights {
	if rights&alveary.RightRead.Implied() != 0 {
		rights |= alveary.RightRead
	}
	if rights&alveary.RightWrite.Implied() != 0 {
		rights |= alveary.RightWrite
	}
	return rights
}

// ValidUntil is when an entry on the path expires next; zero: never.
func (l *Ledger) ValidUntil(path []alveary.NodeID, now time.Time) (until time.Time) {
	for _, id := range path {
		for _, e := range l.at(id).entries {
			if t := e.entry.Expires; !t.IsZero() && t.After(now) && (until.IsZero() || t.Before(until)) {
				until = t
			}
		}
	}
	return until
}
