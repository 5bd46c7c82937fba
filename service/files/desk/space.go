package desk

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/authz"
)

// Space is a way into the tree: a workspace with its root resolved for the
// asker, a Cell of his, or the link by which a visitor came.
type Space struct {
	Slug  string // first part of remote paths; empty for a link
	Label string
	Cell  alveary.CellID // 0: a workspace
	Top   alveary.NodeID // of a workspace and a link; 0 where the template path is not made yet

	tops   []alveary.NodeID // of a Cell
	closed bool             // the Cell's dates say so
}

// space names a Space.
type space struct {
	slug string
	cell alveary.CellID
}

// Root is a node at which a space begins for the asker.
type Root struct {
	Line alveary.Lineage
	Name string // within the space: of twins, all but the first have a number
}

// Workspaces resolves the roots of all workspaces for the asker. A visitor has
// in their place the link by which he came.
func (v *View) Workspaces() ([]Space, error) {
	if v.spaces != nil {
		return v.spaces, nil
	}
	s := v.Access.Subject()
	if s.Link != 0 {
		return v.link(), nil
	}
	all, err := v.Tx.Workspaces()
	if err != nil {
		return nil, err
	}
	v.spaces = make([]Space, len(all))
	for i, w := range all {
		v.spaces[i] = Space{Slug: w.Slug, Label: w.Label, Top: w.Root}
		if w.Template != "" {
			v.spaces[i].Top = s.Homes[w.Template]
		}
	}
	return v.spaces, nil
}

func (v *View) link() []Space {
	v.spaces = []Space{}
	if c := v.Access.Visited(); c != nil && len(c.Entries) > 0 {
		v.spaces = append(v.spaces, Space{Label: c.Label, Cell: c.ID, Top: c.Nodes()[0]})
	}
	return v.spaces
}

// Cells are the Cells that the asker owns, manages or is a member of.
func (v *View) Cells() []Space {
	if v.cells == nil {
		v.cells = []Space{}
		for _, c := range v.Access.Around() {
			v.cells = append(v.cells, Space{Slug: c.Slug, Label: c.Label, Cell: c.ID, tops: c.Nodes(), closed: !c.In(v.Tx.Now())})
		}
	}
	return v.cells
}

// open gives those of a Cell's nodes to which it leads at present: none where
// its dates, its owner or the house rules stop it.
func (v *View) open(s Space) ([]alveary.NodeID, error) {
	if s.closed || len(s.tops) == 0 {
		return nil, nil
	}
	all, err := v.live([]alveary.CellID{s.Cell})
	if err != nil {
		return nil, err
	}
	state, known := all[s.Cell]
	if !known || state.Owner != "" || state.Void != "" {
		return nil, nil
	}
	var nodes []alveary.NodeID
	for _, n := range state.Nodes {
		if !n.Gone && n.Void == "" {
			nodes = append(nodes, n.Node)
		}
	}
	return nodes, nil
}

// Space is that of a slug, workspaces first.
func (v *View) Space(slug string) (Space, error) {
	spaces, err := v.Workspaces()
	if err != nil {
		return Space{}, err
	}
	for _, all := range [][]Space{spaces, v.Cells()} {
		if at := slices.IndexFunc(all, func(s Space) bool { return s.Slug == slug }); at >= 0 {
			return all[at], nil
		}
	}
	return Space{}, alveary.Withheld("find the node")
}

// Top is the root of a workspace or link, which the asker may read there.
func (v *View) Top(s Space) (alveary.Lineage, error) {
	line, err := v.Tx.Lineage(s.Top)
	if err != nil {
		return nil, err
	}
	if err := v.Check(authz.See, line); err != nil {
		return nil, err
	}
	if at := len(line) - 1; v.begins(line, at) != at {
		return nil, alveary.Withheld("find the node")
	}
	return line, nil
}

// Roots are the nodes at which a space begins for the asker: its tops that he
// may read, and what lies beneath one of them and may be read while the folder
// above it may not (MODEL.md 3.4). What he may read of a workspace only because
// of a Cell begins in that Cell.
func (v *View) Roots(s Space) (roots []Root, err error) {
	key := space{s.Slug, s.Cell}
	if roots, known := v.roots[key]; known {
		return roots, nil
	}
	tops, begins := []alveary.NodeID{s.Top}, v.begins
	if s.Cell != 0 && s.Top == 0 {
		begins = v.readable
		if tops, err = v.open(s); err != nil {
			return nil, err
		}
	}
	for _, top := range tops {
		under, err := v.rootsUnder(top, begins)
		if err != nil {
			return nil, err
		}
		for _, r := range under {
			if !slices.ContainsFunc(roots, func(have Root) bool { return have.Line.Node().ID == r.Line.Node().ID }) {
				roots = append(roots, r)
			}
		}
	}
	if err := v.number(s.Top, roots); err != nil {
		return nil, err
	}
	if v.roots == nil {
		v.roots = map[space][]Root{}
	}
	v.roots[key] = roots
	return roots, nil
}

// rootsUnder are the top itself and the nodes beneath it where a way begins: it
// begins says from which folder on, as an index, what lies at the end of a
// lineage is reached, where the top is at another index.
func (v *View) rootsUnder(top alveary.NodeID, begins func(line alveary.Lineage, at int) int) (roots []Root, err error) {
	if top == 0 {
		return nil, nil
	}
	line, err := v.Tx.Lineage(top)
	if err != nil {
		if alveary.IsKind(err, alveary.KindNotFound) {
			err = nil // it went with what it was bound to
		}
		return nil, err
	}
	at := len(line) - 1
	if !line.InBin() && begins(line, at) == at && v.Sees(line) {
		roots = append(roots, Root{line, line.Node().Name})
	}
	beneath, err := v.Tx.Beneath(top, v.Access.Nodes())
	if err != nil {
		return nil, err
	}
	slices.SortFunc(beneath, func(a, b alveary.Lineage) int { return int(a.Node().ID - b.Node().ID) })
	for _, l := range beneath {
		if k := len(l) - 1; !l.InBin() && k > at && begins(l, at) == k && v.Sees(l) {
			roots = append(roots, Root{l, l.Node().Name})
		}
	}
	return roots, nil
}

// readable says from which folder on, not above the one at an index, the asker
// may read everything on the way to a node; beyond the end where he may not
// read the node.
func (v *View) readable(line alveary.Lineage, at int) int {
	rights := v.Access.Along(line)
	from := len(line)
	for from > at && rights[from-1].Has(alveary.ActionRead) {
		from--
	}
	return from
}

// begins is readable for a workspace: the way begins where his own roles let
// him read, whatever Cells add to it.
func (v *View) begins(line alveary.Lineage, at int) int {
	for from := v.readable(line, at); from < len(line); from++ {
		if v.own(line[:from+1]) {
			return from
		}
	}
	return len(line)
}

// own says of a node that the asker may read whether he may without any Cell. To
// a visitor his link is the only way, and as good as that.
func (v *View) own(line alveary.Lineage) bool {
	if v.Access.Subject().Link != 0 {
		return true
	}
	return v.Access.ByHimself(line).Has(alveary.ActionRead)
}

// number gives twins among roots names of their own. Those beside a top also
// differ from what is to be seen in it.
func (v *View) number(top alveary.NodeID, roots []Root) error {
	taken := make(map[string]bool, len(roots))
	var inside alveary.Lineage
	if len(roots) > 0 && roots[0].Line.Node().ID == top {
		inside, roots = roots[0].Line, roots[1:]
	}
	var twins []*Root
	for i := range roots {
		twin, err := v.taken(taken, inside, roots[i].Name)
		if err != nil {
			return err
		}
		if twin {
			twins = append(twins, &roots[i])
		}
		taken[norm.NFC.String(roots[i].Name)] = true
	}
	for _, r := range twins {
		stem, ext := r.Name, ""
		if dot := strings.LastIndexByte(stem, '.'); dot > 0 && !r.Line.Node().IsFolder() {
			stem, ext = stem[:dot], stem[dot:]
		}
		for i, twin := 2, true; twin; i++ {
			r.Name = fmt.Sprintf("%s (%d)%s", stem, i, ext)
			var err error
			if twin, err = v.taken(taken, inside, r.Name); err != nil {
				return err
			}
		}
		taken[norm.NFC.String(r.Name)] = true
	}
	return nil
}

// taken says whether a root, or something to be seen in the folder beside which
// the roots stand, has the name.
func (v *View) taken(names map[string]bool, inside alveary.Lineage, name string) (bool, error) {
	if names[norm.NFC.String(name)] || len(inside) == 0 {
		return names[norm.NFC.String(name)], nil
	}
	n, err := v.Tx.Child(inside.Node().ID, name)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return false, nil
	}
	return err == nil && v.Sees(inside.Child(n)), err
}
