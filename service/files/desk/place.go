package desk

import (
	"slices"

	"alveary"
	"alveary/authz"
)

// Space is a workspace with its root resolved for the asker.
type Space struct {
	alveary.Workspace
	Top alveary.NodeID // 0 where the template path is not made yet
}

// Workspaces resolves the roots of all workspaces for the asker.
func (v *View) Workspaces() ([]Space, error) {
	if v.spaces != nil {
		return v.spaces, nil
	}
	all, err := v.Tx.Workspaces()
	if err != nil {
		return nil, err
	}
	v.spaces = make([]Space, len(all))
	for i, w := range all {
		v.spaces[i] = Space{w, w.Root}
		if w.Template != "" {
			v.spaces[i].Top = v.Access.Subject().Homes[w.Template]
		}
	}
	return v.spaces, nil
}

// Crumb is one step of the way to a node that the asker may see.
type Crumb struct {
	ID   alveary.NodeID
	Name string // of the first step, the workspace's label or the name of a root of its own
}

// Place is the way to a node as the asker may see it: from the highest folder
// from which on he may read everything, under the workspace that holds it. The
// names of folders he may not read never appear (MODEL.md 3.4).
func (v *View) Place(line alveary.Lineage) (path string, crumbs []Crumb, err error) {
	spaces, err := v.Workspaces()
	if err != nil {
		return "", nil, err
	}
	rights := v.Access.Along(line)
	for _, s := range spaces {
		at := slices.IndexFunc(line, func(n alveary.Node) bool { return s.Top != 0 && n.ID == s.Top })
		if at < 0 {
			continue
		}
		top := len(line) - 1
		for top > at && rights[top-1].Has(alveary.ActionRead) {
			top--
		}
		path = s.Slug
		for i, n := range line[top:] {
			name := n.Name
			if top == at && i == 0 {
				name = s.Label
			} else {
				path += "/" + n.Name
			}
			crumbs = append(crumbs, Crumb{n.ID, name})
		}
		return path, crumbs, nil
	}
	return "", []Crumb{{line.Node().ID, line.Node().Name}}, nil
}

// Person is an account as others may see it.
type Person struct{ Login, Name string }

// Item is a node as the asker sees it.
type Item struct {
	alveary.Node
	Path      string // "workspace/a/b"; empty where no workspace leads there
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

// Person is the account of an id; nil for nobody and for one that is gone.
func (v *View) Person(id alveary.UserID) (*Person, error) {
	if id == 0 {
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
