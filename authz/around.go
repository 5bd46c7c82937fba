package authz

import (
	"slices"

	"alveary"
)

// Around are the Cells that the asker owns, manages or has an entry in, by id,
// whether they give anything at present or not. They are not to be changed. A
// visitor of a link has none.
func (a *Access) Around() []*alveary.Cell {
	w := a.who
	if w.Subject.Link != 0 || !w.Subject.Known() || w.Snap.Book.Empty() {
		return nil
	}
	return w.Snap.Book.Around(w.Subject.User.ID, w.Stack)
}

// Links are those that the asker owns, manages or is named for, as Around are
// the Cells.
func (a *Access) Links() []*alveary.Cell {
	w := a.who
	if w.Subject.Link != 0 || !w.Subject.Known() || w.Snap.Book.Empty() {
		return nil
	}
	return w.Snap.Book.Links(w.Subject.User.ID, w.Stack)
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
	if a.who.Subject.Link == 0 {
		return nil
	}
	c, _, ok := a.who.Snap.Book.Cell(a.who.Subject.Link)
	if !ok {
		return nil
	}
	return c
}
