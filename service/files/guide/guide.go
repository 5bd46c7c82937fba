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

// Space is a workspace as the asker sees it.
type Space struct {
	Slug  string
	Label string
	Root  *desk.Item  // nil where the root itself may not be read
	Roots []desk.Item // further nodes that show under the workspace on their own
}

// Workspaces lists the workspaces in which the asker may see something, making
// his own folder of a template path on first use.
func (g *Guide) Workspaces(ctx context.Context, s alveary.Subject) ([]Space, error) {
	s, err := g.settle(ctx, s)
	if err != nil {
		return nil, err
	}
	var out []Space
	err = g.read(ctx, s, func(v *view) error {
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
	if s.Homes[alveary.TemplateMyFiles] != 0 {
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

// Lookup finds the node at a remote path, `workspace/name/name`.
func (g *Guide) Lookup(ctx context.Context, s alveary.Subject, path string) (it desk.Item, err error) {
	names, err := alveary.SplitPath(path)
	if err != nil {
		return it, err
	}
	if len(names) == 0 {
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
func (g *Guide) Stat(ctx context.Context, s alveary.Subject, id alveary.NodeID) (it desk.Item, err error) {
	err = g.read(ctx, s, func(v *view) error {
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
