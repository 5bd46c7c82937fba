// Package guide shows an asker the way to files: the workspaces that lead to
// them, what stands at a path, and what is in a folder, a page at a time.
//
// It exists so that looking around is one subject, apart from what is done with
// what was found. It changes nothing but one thing: on first use it makes the
// asker's own folder of a template path, since otherwise there would be nothing
// to show. What may not be seen never shows, not in a count nor in a cursor.
//
// A Guide is safe for concurrent use. Read this file first, then listing.go.
package guide

import (
	"context"
	"slices"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
)

// Guide looks around for one asker after another.
type Guide struct{ desk *desk.Desk }

// New makes a guide who stands at the desk.
func New(d *desk.Desk) *Guide { return &Guide{d} }

// view is the state of one request, with what is looked for in it.
type view struct{ *desk.View }

func (g *Guide) read(ctx context.Context, s alveary.Subject, fn func(*view) error) error {
	return g.desk.Read(ctx, s, func(v *desk.View) error { return fn(&view{v}) })
}

func (g *Guide) write(ctx context.Context, s alveary.Subject, fn func(*view) error) error {
	return g.desk.Write(ctx, s, func(v *desk.View) error { return fn(&view{v}) })
}

// Space is a workspace or a Cell as the asker sees it, or what a visitor sees
// of a link.
type Space struct {
	Slug  string // empty for a link
	Label string
	Cell  alveary.CellID // 0: a workspace
	Root  *desk.Item     // nil where the root itself may not be read, and for a Cell
	Roots []desk.Item    // further nodes that show under the space on their own
}

// Workspaces lists the workspaces in which the asker may see something, making
// his own folder of a template path on first use, then his Cells.
func (g *Guide) Workspaces(ctx context.Context, s alveary.Subject) ([]Space, error) {
	s, err := g.settle(ctx, s)
	if err != nil {
		return nil, err
	}
	var out []Space
	err = g.read(ctx, s, func(v *view) error {
		spaces, err := v.all()
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

// all are the asker's workspaces, then his Cells.
func (v *view) all() ([]desk.Space, error) {
	spaces, err := v.Workspaces()
	if err != nil {
		return nil, err
	}
	return slices.Concat(spaces, v.Cells()), nil
}

func (v *view) space(sp desk.Space) (Space, error) {
	out := Space{Slug: sp.Slug, Label: sp.Label, Cell: sp.Cell}
	roots, err := v.Roots(sp)
	if err != nil {
		return out, err
	}
	for _, r := range roots {
		it, err := v.Item(r.Line)
		if err != nil {
			return out, err
		}
		if it.ID == sp.Top {
			out.Root = &it
			continue
		}
		out.Roots = append(out.Roots, it)
	}
	return out, nil
}

// settle makes the asker's own nodes of the template paths that he holds an
// entry on, where they are missing.
func (g *Guide) settle(ctx context.Context, s alveary.Subject) (alveary.Subject, error) {
	missing, err := g.missingHome(ctx, s)
	if err != nil || !missing {
		return s, err
	}
	err = g.write(ctx, s, func(v *view) error {
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

func (g *Guide) missingHome(ctx context.Context, s alveary.Subject) (missing bool, err error) {
	if s.Link != 0 || s.Homes[alveary.TemplateMyFiles] != 0 {
		return false, nil
	}
	err = g.read(ctx, s, func(v *view) error {
		missing = v.Access.HoldsTemplate(alveary.TemplateMyFiles)
		return nil
	})
	return missing, err
}

// makeHome makes a user's own folder. It is named after his login for people
// who look at the datasource, and bound by his id: nobody ever gets a folder
// because of a name.
func (v *view) makeHome(t alveary.TemplateID) (alveary.NodeID, error) {
	line, err := v.Tx.MakeHome(v.Access.Subject().User, t)
	if err != nil {
		return 0, err
	}
	return line.Node().ID, v.Record("make-home", line, "")
}

// Lookup finds the node at a remote path, `workspace/name/name`. That of a
// visitor begins at the node of his link, which is the empty path.
func (g *Guide) Lookup(ctx context.Context, s alveary.Subject, path string) (it desk.Item, err error) {
	names, err := alveary.SplitPath(path)
	if err != nil {
		return it, err
	}
	if len(names) == 0 && s.Link == 0 {
		return it, &alveary.Error{Kind: alveary.KindInvalid, Op: "find the node", Message: "a path begins with the name of a workspace, such as my-files"}
	}
	if s, err = g.settle(ctx, s); err != nil {
		return it, err
	}
	err = g.read(ctx, s, func(v *view) error {
		line, err := v.walk(names)
		if err != nil {
			return err
		}
		v.looked(line)
		it, err = v.Item(line)
		return err
	})
	return it, err
}

// walk follows names from a space down. Every folder on the way must be
// readable, or the path is as good as none.
func (v *view) walk(names []string) (alveary.Lineage, error) {
	slug := ""
	if v.Access.Subject().Link == 0 {
		slug, names = names[0], names[1:]
	}
	space, err := v.Space(slug)
	if err != nil {
		return nil, err
	}
	if space.Top != 0 {
		// What is beneath the root comes before what shows beside it.
		line, err := v.Top(space)
		if err == nil {
			line, err = v.descend(line, names)
		}
		if !alveary.IsKind(err, alveary.KindNotFound) || len(names) == 0 {
			return line, err
		}
	}
	roots, err := v.Roots(space)
	if err != nil {
		return nil, err
	}
	for _, r := range roots {
		if len(names) > 0 && r.Line.Node().ID != space.Top && norm.NFC.String(r.Name) == norm.NFC.String(names[0]) {
			return v.descend(r.Line, names[1:])
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
func (g *Guide) Stat(ctx context.Context, s alveary.Subject, id alveary.NodeID) (it desk.Item, err error) {
	err = g.read(ctx, s, func(v *view) error {
		line, err := v.stat(id, &it)
		if err == nil {
			v.looked(line)
		}
		return err
	})
	return it, err
}

// Mention is Stat for what is spoken of elsewhere: nobody looks at the node, so
// that it counts as no use of a Cell.
func (g *Guide) Mention(ctx context.Context, s alveary.Subject, id alveary.NodeID) (it desk.Item, err error) {
	err = g.read(ctx, s, func(v *view) error { _, err := v.stat(id, &it); return err })
	return it, err
}

func (v *view) stat(id alveary.NodeID, it *desk.Item) (alveary.Lineage, error) {
	line, err := v.Tx.Lineage(id)
	if err != nil {
		return nil, err
	}
	if err := v.Check(authz.See, line); err != nil {
		return nil, err
	}
	*it, err = v.Item(line)
	return line, err
}

// looked counts a look at a node for the Cells through which the asker came.
func (v *view) looked(line alveary.Lineage) { v.Used(authz.See, line, alveary.CellUse{Opened: 1}) }
