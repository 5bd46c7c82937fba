package desk

import (
	"slices"

	"alveary"
	"alveary/authz"
)

// Crumb is one step of the way to a node that the asker may see.
type Crumb struct {
	ID   alveary.NodeID
	Name string // of the first step, the workspace's label or the name of a root of its own
}

// Place is the way to a node as the asker may see it: from the highest folder
// from which on he may read everything, under the workspace that holds it, else
// under a Cell through which he reaches it. The names of folders he may not read
// never appear (MODEL.md 3.4), nor those above what was shared with him.
func (v *View) Place(line alveary.Lineage) (path string, crumbs []Crumb, err error) {
	spaces, err := v.Workspaces()
	if err != nil {
		return "", nil, err
	}
	for _, s := range spaces {
		at := slices.IndexFunc(line, func(n alveary.Node) bool { return s.Top != 0 && n.ID == s.Top })
		if at < 0 {
			continue
		}
		from := v.begins(line, at)
		if from == len(line) {
			continue
		}
		first, err := v.first(s, line, from, at)
		if err != nil {
			return "", nil, err
		}
		path, crumbs := way(line[from:], s.Slug, first, from == at)
		return path, crumbs, nil
	}
	return v.placeInCell(line)
}

// first is how the node at the beginning of a way is called there.
func (v *View) first(s Space, line alveary.Lineage, from, at int) (string, error) {
	if from == at && s.Cell == 0 {
		return s.Label, nil
	}
	if from > at {
		roots, err := v.Roots(s)
		if err != nil {
			return "", err
		}
		for _, r := range roots {
			if r.Line.Node().ID == line[from].ID {
				return r.Name, nil
			}
		}
	}
	return line[from].Name, nil
}

// placeInCell is Place for what no workspace leads to: under the Cell that
// begins highest above it.
func (v *View) placeInCell(line alveary.Lineage) (path string, crumbs []Crumb, err error) {
	from, highest := v.readable(line, 0), len(line)
	for _, s := range v.Cells() {
		if !slices.ContainsFunc(s.tops, line.Contains) {
			continue
		}
		roots, err := v.Roots(s)
		if err != nil {
			return "", nil, err
		}
		for _, r := range roots {
			at := len(r.Line) - 1
			if at < from || at >= highest || line[at].ID != r.Line.Node().ID {
				continue
			}
			highest = at
			path, crumbs = way(line[at:], s.Slug, r.Name, false)
		}
	}
	if highest == len(line) {
		return "", []Crumb{{line.Node().ID, line.Node().Name}}, nil
	}
	return path, crumbs, nil
}

// way spells the way down nodes from a space. The first is the space itself, or
// has a name in it.
func way(nodes alveary.Lineage, slug, first string, itself bool) (path string, crumbs []Crumb) {
	path = slug
	for i, n := range nodes {
		name := n.Name
		if i == 0 {
			name = first
		}
		if i > 0 || !itself {
			path = Join(path, name)
		}
		crumbs = append(crumbs, Crumb{n.ID, name})
	}
	return path, crumbs
}

// Join adds a name to a remote path. That of a link's own node is empty.
func Join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// Person is an account as others may see it.
type Person struct{ Login, Name string }

// Item is a node as the asker sees it.
type Item struct {
	alveary.Node
	Path      string // "workspace/a/b", or "a/b" from a link on; empty where no space leads there
	Parent    alveary.NodeID
	Crumbs    []Crumb
	Owner     *Person
	BinnedBy  *Person
	Abilities alveary.Abilities
	InBin     bool // it, or a folder above it
}

// Item describes the node at the end of the lineage. The caller has asked
// whether it may be seen.
func (v *View) Item(line alveary.Lineage) (Item, error) {
	path, crumbs, err := v.Place(line)
	if err != nil {
		return Item{}, err
	}
	it, err := v.Child(line.Node(), v.Access.Asked(line, alveary.AllRights))
	it.Path, it.Crumbs, it.InBin = path, crumbs, line.InBin()
	if len(crumbs) > 1 {
		it.Parent = crumbs[len(crumbs)-2].ID
	}
	return it, err
}

// Child describes a node without its place.
func (v *View) Child(n alveary.Node, rights alveary.Rights) (Item, error) {
	it := Item{Node: n, Abilities: authz.Abilities(n, rights), InBin: !n.Binned.IsZero()}
	var err error
	if it.Owner, err = v.Person(n.Owner); err != nil {
		return it, err
	}
	it.BinnedBy, err = v.Person(n.BinnedBy)
	return it, err
}

// Person is the account of an id; nil for nobody, for one that is gone, and for
// visitors of links, who are not told who is who.
func (v *View) Person(id alveary.UserID) (*Person, error) {
	if id == 0 || v.Access.Subject().Link != 0 {
		return nil, nil
	}
	if p, ok := v.logins[id]; ok {
		return &p, nil
	}
	if u := v.Access.Subject().User; u.ID == id {
		return &Person{u.Login, u.DisplayName()}, nil
	}
	login, name, err := v.Tx.Named(id)
	if err != nil {
		if alveary.IsKind(err, alveary.KindNotFound) {
			return nil, nil // an account that is gone
		}
		return nil, err
	}
	if v.logins == nil {
		v.logins = map[alveary.UserID]Person{}
	}
	p := Person{login, name}
	v.logins[id] = p
	return &p, nil
}
