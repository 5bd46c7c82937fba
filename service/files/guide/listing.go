package guide

import (
	"context"
	"math"
	"strconv"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

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
	Folder desk.Item
	Items  []desk.Item
	Next   string // cursor of the next page; empty at the end
	Total  int64  // nodes in the folder that the asker may see
}

// List lists a folder: what the asker may see, and nothing that tells of more.
func (g *Guide) List(ctx context.Context, s alveary.Subject, l Listing) (page Page, err error) {
	ask := store.Listing{
		Folder: l.Folder, Sort: l.Sort, Descending: l.Descending, FoldersMixed: l.FoldersMixed, Offset: l.Offset, Limit: l.Limit,
	}
	if err := begin(&ask, l.Cursor); err != nil {
		return page, err
	}
	err = g.read(ctx, s, func(v *view) error {
		line, err := v.Folder(l.Folder, authz.See)
		if err != nil {
			return err
		}
		v.looked(line)
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
	page.Items = make([]desk.Item, 0, len(nodes))
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
	if page.Folder.Path != "" || v.Access.Subject().Link != 0 {
		it.Path = desk.Join(page.Folder.Path, n.Name)
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
	page.Items = make([]desk.Item, 0, len(shown))
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
