package files

import (
	"context"
	"math"
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Tree lists and changes names and places.
type Tree struct{ *core }

// Space is a workspace as the asker sees it.
type Space struct {
	Slug  string
	Label string
	Root  *Item  // nil where the root itself may not be read
	Roots []Item // further nodes that show under the workspace on their own
}

// Workspaces lists the workspaces in which the asker may see something, making
// his own folder of a template path on first use.
func (t *Tree) Workspaces(ctx context.Context, s alveary.Subject) ([]Space, error) {
	s, err := t.settle(ctx, s)
	if err != nil {
		return nil, err
	}
	var out []Space
	err = t.read(ctx, s, func(v *view) error {
		spaces, err := v.Workspaces()
		if err != nil {
			return err
		}
		for _, sp := range spaces {
			shown, err := v.space(sp)
			if err != nil {
				return err
			}
			if shown.Root != nil || len(shown.Roots) > 0 {
				out = append(out, shown)
			}
		}
		return nil
	})
	return out, err
}

func (v *view) space(sp desk.Space) (Space, error) {
	out := Space{Slug: sp.Slug, Label: sp.Label}
	if sp.Top == 0 {
		return out, nil
	}
	line, err := v.Tx.Lineage(sp.Top)
	if err != nil {
		return out, err
	}
	if v.Access.Rights(line).Has(alveary.ActionRead) {
		root, err := v.Item(line)
		if err != nil {
			return out, err
		}
		out.Root = &root
	}
	lines, err := v.ownRoots(sp)
	for _, l := range lines {
		it, err := v.Item(l)
		if err != nil {
			return out, err
		}
		out.Roots = append(out.Roots, it)
	}
	return out, err
}

// ownRoots are the nodes beneath a workspace's root that may be read while the
// folder above them may not: each is shown as a root of its own (MODEL.md 3.4).
func (v *view) ownRoots(sp desk.Space) ([]alveary.Lineage, error) {
	beneath, err := v.Tx.Beneath(sp.Top, v.Access.Nodes())
	if err != nil {
		return nil, err
	}
	beneath = slices.DeleteFunc(beneath, func(l alveary.Lineage) bool {
		rights := v.Access.Along(l)
		k := len(l) - 1
		return l.InBin() || !rights[k].Has(alveary.ActionRead) || rights[k-1].Has(alveary.ActionRead)
	})
	slices.SortFunc(beneath, func(a, b alveary.Lineage) int { return int(a.Node().ID - b.Node().ID) })
	return beneath, nil
}

// settle makes the asker's own nodes of the template paths that he holds an
// entry on, where they are missing.
func (t *Tree) settle(ctx context.Context, s alveary.Subject) (alveary.Subject, error) {
	missing, err := t.missingHome(ctx, s)
	if err != nil || !missing {
		return s, err
	}
	err = t.write(ctx, s, func(v *view) error {
		homes, err := v.Tx.Homes(s.User.ID) // another request may have been first
		if err != nil {
			return err
		}
		if homes[alveary.TemplateMyFiles] == 0 {
			if homes[alveary.TemplateMyFiles], err = v.makeHome(alveary.TemplateMyFiles); err != nil {
				return err
			}
		}
		s.Homes = homes
		return nil
	})
	return s, err
}

func (t *Tree) missingHome(ctx context.Context, s alveary.Subject) (missing bool, err error) {
	if s.Homes[alveary.TemplateMyFiles] != 0 {
		return false, nil
	}
	err = t.read(ctx, s, func(v *view) error {
		missing = v.Access.HoldsTemplate(alveary.TemplateMyFiles)
		return nil
	})
	return missing, err
}

// makeHome makes a user's own folder. It is named after his login for people
// who look at the datasource, and bound by his id: nobody ever gets a folder
// because of a name.
func (v *view) makeHome(t alveary.TemplateID) (alveary.NodeID, error) {
	parent, err := v.Tx.TemplateParent(t)
	if err != nil {
		return 0, err
	}
	line, err := v.Tx.Lineage(parent)
	if err != nil {
		return 0, err
	}
	user := v.Access.Subject().User
	name := user.Login
	if alveary.CheckName(name) != nil { // a login may be `..`, a name may not
		name = "user-" + strconv.FormatInt(int64(user.ID), 10)
	}
	if _, err := v.Tx.Child(parent, name); err == nil {
		if name, err = v.Tx.FreeName(parent, name); err != nil {
			return 0, err
		}
	} else if !alveary.IsKind(err, alveary.KindNotFound) {
		return 0, err
	}
	n, err := v.Tx.Insert(line, alveary.Node{Name: name, Type: alveary.Collection, Owner: user.ID})
	if err != nil {
		return 0, err
	}
	if err := v.Tx.InsertHome(user.ID, t, n.ID); err != nil {
		return 0, err
	}
	return n.ID, v.Record("make-home", line.Child(n), "")
}

// Lookup finds the node at a remote path, `workspace/name/name`.
func (t *Tree) Lookup(ctx context.Context, s alveary.Subject, path string) (it Item, err error) {
	names, err := alveary.SplitPath(path)
	if err != nil {
		return it, err
	}
	if len(names) == 0 {
		return it, &alveary.Error{Kind: alveary.KindInvalid, Op: "find the node", Message: "a path begins with the name of a workspace, such as my-files"}
	}
	if s, err = t.settle(ctx, s); err != nil {
		return it, err
	}
	err = t.read(ctx, s, func(v *view) error {
		line, err := v.walk(names)
		if err != nil {
			return err
		}
		it, err = v.Item(line)
		return err
	})
	return it, err
}

// walk follows names from a workspace down. Every folder on the way must be
// readable, or the path is as good as none.
func (v *view) walk(names []string) (alveary.Lineage, error) {
	spaces, err := v.Workspaces()
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(spaces, func(s desk.Space) bool { return s.Slug == names[0] && s.Top != 0 })
	if at < 0 {
		return nil, alveary.Withheld("find the node")
	}
	line, err := v.Tx.Lineage(spaces[at].Top)
	if err != nil {
		return nil, err
	}
	found, err := v.descend(line, names[1:])
	if !alveary.IsKind(err, alveary.KindNotFound) || len(names) == 1 {
		return found, err
	}
	roots, err := v.ownRoots(spaces[at])
	if err != nil {
		return nil, err
	}
	for _, root := range roots {
		if norm.NFC.String(root.Node().Name) == norm.NFC.String(names[1]) {
			return v.descend(root, names[2:])
		}
	}
	return nil, alveary.Withheld("find the node")
}

func (v *view) descend(line alveary.Lineage, names []string) (alveary.Lineage, error) {
	for _, name := range names {
		if err := v.Check(authz.See, line); err != nil {
			return nil, err
		}
		n, err := v.Tx.Child(line.Node().ID, name)
		if err != nil {
			return nil, err
		}
		line = line.Child(n)
	}
	return line, v.Check(authz.See, line)
}

// Stat describes a node, in the bin or not.
func (t *Tree) Stat(ctx context.Context, s alveary.Subject, id alveary.NodeID) (it Item, err error) {
	err = t.read(ctx, s, func(v *view) error {
		line, err := v.Tx.Lineage(id)
		if err != nil {
			return err
		}
		if err := v.Check(authz.See, line); err != nil {
			return err
		}
		it, err = v.Item(line)
		return err
	})
	return it, err
}

// Sort is the order of a listing: "name", "size", "mtime" or "type".
type Sort = store.Sort

// Listing asks for a part of a folder.
type Listing struct {
	Folder       alveary.NodeID
	Sort         Sort
	Descending   bool
	FoldersMixed bool   // among the files, not before them
	Offset       int    // where to begin; not together with Cursor
	Cursor       string // the Next of the page before; empty begins
	Limit        int
}

// Page is a part of a listing.
type Page struct {
	Folder Item
	Items  []Item
	Next   string // cursor of the next page; empty at the end
	Total  int64  // nodes in the folder that the asker may see
}

// List lists a folder: what the asker may see, and nothing that tells of more.
func (t *Tree) List(ctx context.Context, s alveary.Subject, l Listing) (page Page, err error) {
	ask := store.Listing{
		Folder: l.Folder, Sort: l.Sort, Descending: l.Descending, FoldersMixed: l.FoldersMixed, Offset: l.Offset, Limit: l.Limit,
	}
	if err := begin(&ask, l.Cursor); err != nil {
		return page, err
	}
	err = t.read(ctx, s, func(v *view) error {
		line, err := v.Folder(l.Folder, authz.See)
		if err != nil {
			return err
		}
		if page.Folder, err = v.Item(line); err != nil {
			return err
		}
		return v.list(&page, line, ask)
	})
	return page, err
}

func (v *view) list(page *Page, line alveary.Lineage, ask store.Listing) error {
	folder := v.Access.In(line)
	if v.Access.Varies(line, alveary.RightRead) {
		return v.listEach(page, folder, ask)
	}
	hidden, err := v.hidden(line, folder)
	if err != nil {
		return err
	}
	if page.Total, err = v.Tx.CountChildren(ask.Folder); err != nil {
		return err
	}
	page.Total -= int64(len(hidden))
	ask.Except = hidden
	ask.Limit++ // one more than asked tells whether there is more
	nodes, err := v.Tx.Children(ask)
	if err != nil {
		return err
	}
	if len(nodes) == ask.Limit {
		nodes = nodes[:ask.Limit-1]
		page.Next = nextCursor(ask, nodes[len(nodes)-1], len(nodes))
	}
	page.Items = make([]Item, 0, len(nodes))
	for _, n := range nodes {
		if err := v.show(page, n, folder.Rights(n)); err != nil {
			return err
		}
	}
	return nil
}

func (v *view) show(page *Page, n alveary.Node, rights alveary.Rights) error {
	it, err := v.Child(n, rights)
	if err != nil {
		return err
	}
	it.Parent = page.Folder.ID
	if page.Folder.Path != "" {
		it.Path = page.Folder.Path + "/" + n.Name
	}
	page.Items = append(page.Items, it)
	return nil
}

// listEach lists a folder in which a policy decides by attributes what may be
// seen: every node in it is asked about, since nothing else tells how many
// there are to see.
func (v *view) listEach(page *Page, folder *authz.Folder, ask store.Listing) error {
	after, offset, limit := ask.After, ask.Offset, ask.Limit
	whole := ask
	whole.After, whole.Offset, whole.Limit = nil, 0, math.MaxInt32
	type seen struct {
		alveary.Node
		rights alveary.Rights
	}
	var shown []seen
	more := false
	err := v.eachChild(whole, func(n alveary.Node) error {
		rights := folder.Rights(n)
		if !rights.Has(alveary.ActionRead) {
			return nil
		}
		page.Total++
		switch {
		case after != nil && !after.Before(n):
		case offset > 0:
			offset--
		case len(shown) == limit:
			more = true
		default:
			shown = append(shown, seen{n, rights})
		}
		return nil
	})
	if err != nil {
		return err
	}
	page.Items = make([]Item, 0, len(shown))
	for _, n := range shown {
		if err := v.show(page, n.Node, n.rights); err != nil {
			return err
		}
	}
	if more {
		page.Next = nextCursor(ask, shown[len(shown)-1].Node, len(shown))
	}
	return nil
}

// eachChild hands over the children; where the gate itself asks the
// transaction, it must not be under way with them.
func (v *view) eachChild(l store.Listing, fn func(alveary.Node) error) error {
	if !v.Access.Looks() {
		return v.Tx.EachChild(l, fn)
	}
	nodes, err := v.Tx.Children(l)
	for i := 0; err == nil && i < len(nodes); i++ {
		err = fn(nodes[i])
	}
	return err
}

// byPlace says whether a cursor of the listing is a place, which stays right
// when something is added or removed before it. In other orders it is a number.
func byPlace(ask store.Listing) bool {
	return (ask.Sort == store.SortName || ask.Sort == "") && !ask.Descending && !ask.FoldersMixed
}

func nextCursor(ask store.Listing, last alveary.Node, shown int) string {
	if byPlace(ask) {
		return store.CursorAfter(last).String()
	}
	return strconv.Itoa(ask.Offset + shown)
}

// begin sets where the listing begins.
func begin(ask *store.Listing, cursor string) (err error) {
	if cursor == "" {
		return nil
	}
	if byPlace(*ask) {
		ask.After, err = store.ParseCursor(cursor)
		ask.Offset = 0
		return err
	}
	ask.Offset, err = strconv.Atoi(cursor)
	if err != nil || ask.Offset < 0 {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the cursor", Message: "this cursor is not of this listing: begin again without it"}
	}
	return nil
}

// hidden are the children of a folder that the asker may not see. Only those
// with an entry of their own can differ from the folder, which is readable.
func (v *view) hidden(line alveary.Lineage, folder *authz.Folder) ([]alveary.NodeID, error) {
	candidates, err := v.Tx.Among(line.Node().ID, v.Access.Nodes())
	if err != nil {
		return nil, err
	}
	var hidden []alveary.NodeID
	for _, n := range candidates {
		if !folder.Rights(n).Has(alveary.ActionRead) {
			hidden = append(hidden, n.ID)
		}
	}
	return hidden, nil
}
