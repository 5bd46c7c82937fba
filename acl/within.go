package acl

import (
	"slices"

	"alveary"
)

// Templates are the template paths on which the subject has an entry.
func (l *Ledger) Templates() (templates []alveary.TemplateID) {
	for t := range l.index.templates {
		if l.HoldsTemplate(t) {
			templates = append(templates, t)
		}
	}
	slices.Sort(templates)
	return templates
}

// Plain says whether nothing is ever taken from the subject by a deny or a
// policy: all his entries give rights.
func (l *Ledger) Plain() bool {
	for _, id := range l.Nodes() {
		for _, e := range l.at(id).entries {
			if policies, _ := l.inForce(e.item); e.deny || len(policies) > 0 {
				return false
			}
		}
	}
	return true
}

// SameOn says whether the entries that stand on the node are the same for both,
// and replace each other in the same way. Both are of the same index.
func (l *Ledger) SameOn(other *Ledger, id alveary.NodeID) bool {
	mine, others := l.at(id).entries, other.at(id).entries
	if len(mine) != len(others) {
		return false
	}
	for i := range mine {
		if mine[i].item != others[i].item || i > 0 && (mine[i].rank == mine[i-1].rank) != (others[i].rank == others[i-1].rank) {
			return false
		}
	}
	return true
}

// Takes says whether an entry on the node may take something from the subject
// that it does not take from the other as well. Of policies that both are asked
// about, differs tells whether they may deny the one more than the other.
func (l *Ledger) Takes(other *Ledger, id alveary.NodeID, differs func(Policy) bool) bool {
	theirs := other.at(id).entries
	for _, mine := range l.at(id).entries {
		policies, _ := l.inForce(mine.item)
		if !mine.deny && len(policies) == 0 {
			continue
		}
		both := slices.ContainsFunc(theirs, func(e held) bool { return e.item == mine.item })
		if !both || slices.ContainsFunc(policies, differs) {
			return true
		}
	}
	return false
}
