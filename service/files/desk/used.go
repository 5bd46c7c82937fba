package desk

import (
	"alveary"
	"alveary/authz"
	"alveary/store"
)

// Used is told that a member did something through a Cell, once that is done.
// It must neither wait nor ask the store.
type Used func(member alveary.UserID, cell alveary.CellID, did alveary.CellUse)

// Counting makes a desk that tells what members do through Cells. Where
// somebody holds a right by his own entries and through a Cell, he is taken to
// come through the Cell as well: nobody can tell which of the two he means, and
// a Cell that somebody could do without is in use all the same. Looking for
// files, asking why and listing spaces is no use of a Cell.
func Counting(s *store.Store, g *authz.Gate, used Used) *Desk {
	d := New(s, g)
	d.used = used
	return d
}

// Used notes that the asker did something with a node. It is told of each Cell
// that gives him all that the operation needs, when the request has succeeded;
// of one request a Cell has no more than one of each kind. Of who comes through
// no Cell nothing is noted.
func (v *View) Used(op authz.Operation, line alveary.Lineage, did alveary.CellUse) {
	if !v.counts {
		return
	}
	for _, id := range v.Access.Through(line, op.Needs()) {
		if v.uses == nil {
			v.uses = map[alveary.CellID]alveary.CellUse{}
		}
		have := v.uses[id]
		v.uses[id] = alveary.CellUse{
			Opened: max(have.Opened, did.Opened), Downloads: max(have.Downloads, did.Downloads), Uploads: max(have.Uploads, did.Uploads),
		}
	}
}

// tell tells what was noted in a request that succeeded.
func (d *Desk) tell(v *View) {
	for id, did := range v.uses {
		d.used(v.Access.Subject().User.ID, id, did)
	}
}

// ofChange is what a change counts as.
func ofChange(action string) (u alveary.CellUse) {
	switch action {
	case "upload", "change", "copy", "restore-version": // content came in
		u.Uploads = 1
	}
	return u
}
