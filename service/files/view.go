package files

import (
	"slices"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// view is the state of one request: a transaction, the gate bound to who asks,
// and what was looked up on the way.
type view struct {
	tx      *store.Tx
	access  *authz.Access
	spaces  []space
	logins  map[alveary.UserID]Person
	refused *alveary.AuditRecord // the denial to keep when the request fails
}

// space is a workspace with its root resolved for the asker.
type space struct {
	alveary.Workspace
	root alveary.NodeID // 0 where the template path is not made yet
}

// check asks the gate for one operation and remembers a refusal for the audit.
func (v *view) check(op authz.Operation, line alveary.Lineage) error {
	return v.note(op, line, v.access.Check(op, line))
}

// checkAll asks for a node and everything beneath it.
func (v *view) checkAll(op authz.Operation, line alveary.Lineage) error {
	beneath, err := v.beneath(line)
	if err != nil {
		return err
	}
	return v.note(op, line, v.access.CheckAll(op, line, beneath))
}

func (v *view) beneath(line alveary.Lineage) ([]alveary.Lineage, error) {
	if !line.Node().IsFolder() {
		return nil, nil
	}
	return v.tx.Beneath(line.Node().ID, v.access.Nodes())
}

func (v *view) note(op authz.Operation, line alveary.Lineage, err error) error {
	if err != nil {
		r := line2record(v.access.Subject(), op.String(), alveary.VerdictDenied, line, err.Error())
		v.refused = &r
	}
	return err
}

// live finds a node that is not in the bin, with the way to it. A refusal to
// see it comes first, so that its being in the bin tells nobody more.
func (v *view) live(id alveary.NodeID, op authz.Operation) (alveary.Lineage, error) {
	line, err := v.tx.Lineage(id)
	if err != nil {
		return nil, err
	}
	return line, v.admit(line, op)
}

// admit is live for a node that was found.
func (v *view) admit(line alveary.Lineage, op authz.Operation) error {
	if err := v.check(op, line); err != nil {
		return err
	}
	if line.InBin() {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: op.String(), Subject: line.Node().Name, Code: "in-bin",
			Message: "this is in the recycle bin: restore it first",
		}
	}
	return nil
}

// folder is live for a folder.
func (v *view) folder(id alveary.NodeID, op authz.Operation) (alveary.Lineage, error) {
	line, err := v.tx.Lineage(id)
	if err != nil {
		return nil, err
	}
	return line, v.admitFolder(line, op)
}

func (v *view) admitFolder(line alveary.Lineage, op authz.Operation) error {
	if err := v.admit(line, op); err != nil || line.Node().IsFolder() {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: op.String(), Subject: line.Node().Name, Code: "not-a-folder",
		Message: "this is a file; only a folder can hold others",
	}
}

// unanchored refuses to move or remove what the house stands on: datasources,
// roots of workspaces, homes, and folders that hold one of them.
func (v *view) unanchored(op authz.Operation, line alveary.Lineage) error {
	refusal := &alveary.Error{
		Kind: alveary.KindDenied, Op: op.String(), Subject: line.Node().Name, Code: "anchored",
		Message: "this folder is the root of a workspace or holds one; an administrator can change that in the console",
	}
	id := line.Node().ID
	if !line.Node().IsFolder() {
		return nil
	}
	if home, err := v.tx.IsHome(id); err != nil || home {
		return orErr(err, refusal)
	}
	anchors, err := v.tx.Anchors()
	if err != nil {
		return err
	}
	if id == alveary.RootID || slices.Contains(anchors, id) {
		return refusal
	}
	beneath, err := v.tx.Beneath(id, anchors)
	if err != nil || len(beneath) > 0 {
		return orErr(err, refusal)
	}
	return nil
}

func orErr(err error, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// workspaces resolves the roots of all workspaces for the asker.
func (v *view) workspaces() ([]space, error) {
	if v.spaces != nil {
		return v.spaces, nil
	}
	all, err := v.tx.Workspaces()
	if err != nil {
		return nil, err
	}
	v.spaces = make([]space, len(all))
	for i, w := range all {
		v.spaces[i] = space{w, w.Root}
		if w.Template != "" {
			v.spaces[i].root = v.access.Subject().Homes[w.Template]
		}
	}
	return v.spaces, nil
}

// Crumb is one step of the way to a node that the asker may see.
type Crumb struct {
	ID   alveary.NodeID
	Name string // of the first step, the workspace's label or the name of a root of its own
}

// place is the way to a node as the asker may see it: from the highest folder
// from which on he may read everything, under the workspace that holds it. The
// names of folders he may not read never appear (MODEL.md 3.4).
func (v *view) place(line alveary.Lineage) (path string, crumbs []Crumb, err error) {
	spaces, err := v.workspaces()
	if err != nil {
		return "", nil, err
	}
	rights := v.access.Along(line)
	for _, s := range spaces {
		at := slices.IndexFunc(line, func(n alveary.Node) bool { return s.root != 0 && n.ID == s.root })
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

// item describes the node at the end of the lineage. The caller has asked
// whether it may be seen.
func (v *view) item(line alveary.Lineage) (Item, error) {
	path, crumbs, err := v.place(line)
	if err != nil {
		return Item{}, err
	}
	it, err := v.child(line.Node(), v.access.Rights(line))
	it.Path, it.Crumbs, it.InBin = path, crumbs, line.InBin()
	if len(crumbs) > 1 {
		it.Parent = crumbs[len(crumbs)-2].ID
	}
	return it, err
}

// child describes a node without its place.
func (v *view) child(n alveary.Node, rights alveary.Rights) (Item, error) {
	it := Item{Node: n, Abilities: authz.Abilities(n, rights), InBin: !n.Binned.IsZero()}
	var err error
	if it.Owner, err = v.person(n.Owner); err != nil {
		return it, err
	}
	it.BinnedBy, err = v.person(n.BinnedBy)
	return it, err
}

func (v *view) person(id alveary.UserID) (*Person, error) {
	if id == 0 {
		return nil, nil
	}
	if p, ok := v.logins[id]; ok {
		return &p, nil
	}
	if u := v.access.Subject().User; u.ID == id {
		return &Person{u.Login, u.DisplayName()}, nil
	}
	login, name, err := v.tx.Named(id)
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
