package authz

import (
	"slices"

	"alveary"
	"alveary/acl"
	"alveary/authz/ways"
)

// Around are the Cells that the asker owns, manages or has an entry in, by id,
// whether they give anything at present or not. They are not to be changed. A
// visitor of a link has none.
func (a *Access) Around() []*alveary.Cell { return a.listed((*ways.Book).Around) }

// Links are those that the asker owns, manages or is named for, as Around are
// the Cells.
func (a *Access) Links() []*alveary.Cell { return a.listed((*ways.Book).Links) }

func (a *Access) listed(by func(*ways.Book, alveary.UserID, []acl.Ranked) []*alveary.Cell) []*alveary.Cell {
	w := a.who
	if w.Subject.Link != 0 || !w.Subject.Known() || w.Snap.Book.Empty() {
		return nil
	}
	return by(w.Snap.Book, w.Subject.User.ID, w.Stack)
}

// ByHimself are the asker's rights on the node at the end of the lineage without
// those that he comes by through Cells.
func (a *Access) ByHimself(line alveary.Lineage) alveary.Rights {
	if a.ways == nil {
		return a.Rights(line)
	}
	own, denied := a.own(slices.Clip(line), alveary.AllRights)
	return a.mask.Rights(line, own&^denied)
}

// Visited is the link as whose visitor the asker comes; nil where he is none, or
// where it is no more. It is not to be changed.
func (a *Access) Visited() *alveary.Cell {
	c, _, _ := a.who.Snap.Book.Cell(a.who.Subject.Link)
	return c
}

// Through are the Cells each of which gives the asker all of the rights on the
// node at the end of the lineage, whether or not he has them by himself as well,
// and those by which their owners come by them (MODEL.md 4.3). Cells of his own
// are left out; a visitor of a link has none.
func (a *Access) Through(line alveary.Lineage, rights alveary.Rights) (cells []alveary.CellID) {
	if a.who.Subject.Link != 0 || !a.ways.Covers(line) {
		return nil
	}
	if _, denied := a.own(line, rights); a.through(line, 0, denied, rights) == 0 {
		return nil
	}
	n, come := &a.others().net, map[int]bool{0: true}
	for _, s := range n.steps { // those that are nearer first
		from, to := &n.parties[s.from], &n.parties[s.to]
		if come[s.from] && rights&^(s.gives&to.rights&^from.denied) == 0 {
			come[s.to] = true
			if to.owner.Subject.User.ID != a.who.Subject.User.ID {
				cells = append(cells, s.cell)
			}
		}
	}
	return cells
}
