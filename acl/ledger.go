package acl

import (
	"slices"
	"time"

	"alveary"
)

// slot is a role of the subject that has entries, with its rank.
type slot struct {
	key  int32
	rank int
}

// Ledger is the entries of one subject's roles: a view of the index.
type Ledger struct {
	index *Index
	stack []slot
	homes map[alveary.NodeID][]alveary.TemplateID // the subject's own nodes of template paths
	also  Policy                                  // an observed policy that counts here all the same; -1: none
}

// Ledger binds the index to a subject's roles. Entries on a template path stand
// on the subject's own node, which homes tells; where that is not made yet they
// stand nowhere (MODEL.md 2.5).
func (x *Index) Ledger(stack []Ranked, homes map[alveary.TemplateID]alveary.NodeID) *Ledger {
	l := &Ledger{index: x, stack: make([]slot, 0, len(stack)), also: -1}
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
	changed := *l
	changed.also = observed
	return &changed
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

// each hands over the entries that stand on the node, in the order of the
// roles; of one role in the order they were made.
func (l *Ledger) each(id alveary.NodeID, fn func(rank int, it *item)) {
	on, templates := l.index.nodes[id], l.homes[id]
	if on == nil && templates == nil {
		return
	}
	for _, role := range l.stack {
		if on != nil {
			items := on.find(role.key)
			for i := range items {
				fn(role.rank, &items[i])
			}
		}
		for _, t := range templates {
			items := l.index.templates[t].find(role.key)
			for i := range items {
				fn(role.rank, &items[i])
			}
		}
	}
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
	var rights alveary.Rights
	var allow []Policy
	top, effective := -1, false
	l.each(id, func(rank int, it *item) {
		policies, exists := l.inForce(it)
		if it.expired(now) || !exists {
			return
		}
		if it.deny {
			s.Denied = true // 3.2
			return
		}
		if rank != top { // 3.3: a later role replaces
			rights, allow, top = 0, nil, rank
		}
		effective = true
		if len(policies) > 0 {
			allow = join(allow, policies)
			s.Named = join(s.Named, policies)
		} else {
			rights |= it.entry.Rights & alveary.Givable
		}
	})
	if effective { // 3.4: nearest decides
		s.Rights, s.Allow = rights, allow
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
		l.each(id, func(_ int, it *item) {
			if t := it.entry.Expires; !t.IsZero() && t.After(now) && (until.IsZero() || t.Before(until)) {
				until = t
			}
		})
	}
	return until
}
