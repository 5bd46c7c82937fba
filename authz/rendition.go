package authz

import (
	"cmp"
	"slices"

	"alveary"
)

// CheckRendition decides on making a rendition of the file at the end of the
// lineage: as reading its bytes, and for the visitor of a preview-only link also
// where he may read it and the link's owner may read its bytes (MODEL.md 5).
func (a *Access) CheckRendition(line alveary.Lineage) error {
	return a.looking().Check(ReadBytes, line)
}

// GrantRendition decides as CheckRendition does, and returns the handle that
// opens the content from which a rendition is made.
func (a *Access) GrantRendition(line alveary.Lineage, version int64, blob alveary.BlobID) (alveary.Grant, error) {
	return a.looking().GrantRead(line, version, blob)
}

// Renditions are the rights by which renditions of the node at the end of the
// lineage are judged.
func (a *Access) Renditions(line alveary.Lineage) alveary.Rights { return a.looking().Rights(line) }

// Renditions are the rights by which renditions of a child are judged, on which
// the subject has the rights given.
func (f *Folder) Renditions(child alveary.Node, rights alveary.Rights) alveary.Rights {
	l := f.access.looking()
	if l == f.access {
		return rights
	}
	if f.looks == nil {
		f.looks = l.in(f.line)
	}
	return f.looks.of(&child)
}

// looking is the subject as he is for renditions: of a preview-only link the
// visitor who looks at them, of all others he himself.
func (a *Access) looking() *Access {
	l := a.linked()
	if l == nil || l.Link.Mode != alveary.LinkPreview || a.cells.looking {
		return a
	}
	o := a.others()
	if o.visitor == nil {
		o.visitor = a.again()
		o.visitor.cells.looking = true
	}
	return o.visitor
}

// linked is the link through which the subject asks; nil where he is a user, or
// may not come through it.
func (a *Access) linked() *alveary.Cell {
	if a.who.Subject.Link == 0 || a.ways == nil {
		return nil
	}
	return a.ways.All[0].Cell
}

// Way is a Cell or link that gives the asker something on a node.
type Way struct {
	Cell   alveary.CellID
	Rights alveary.Rights
}

// Ways are the Cells and links that give the asker something on the node at the
// end of the lineage, in the order of their ids, with what each by itself
// leaves him there.
func (a *Access) Ways(line alveary.Lineage) (out []Way) {
	if !a.ways.Covers(line) {
		return nil
	}
	_, denied := a.own(line, alveary.AllRights)
	if a.through(line, 0, denied, alveary.AllRights) == 0 {
		return nil
	}
	n := &a.others().net
	for _, s := range n.steps {
		if rights := a.mask.Rights(line, s.gives&n.parties[s.to].rights&^n.parties[0].denied); s.from == 0 && rights != 0 {
			out = append(out, Way{s.cell, rights})
		}
	}
	slices.SortFunc(out, func(x, y Way) int { return cmp.Compare(x.Cell, y.Cell) })
	return out
}
