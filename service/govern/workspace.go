package govern

import (
	"context"
	"strings"

	"alveary"
	"alveary/service/govern/document"
)

// managed is the datasource in which folders of new workspaces are made.
const managed = "main"

// Workspaces lists the workspaces in their order.
func (s *Service) Workspaces(ctx context.Context, who alveary.Subject) (list []document.ConsoleWorkspace, err error) {
	err = s.read(ctx, who, "list the workspaces", func(r *room) error {
		spaces, err := r.Tx.Workspaces()
		if err != nil {
			return err
		}
		list = []document.ConsoleWorkspace{}
		for _, w := range spaces {
			one, err := r.workspace(w)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		return nil
	})
	return list, err
}

func (r *room) workspace(w alveary.Workspace) (out document.ConsoleWorkspace, err error) {
	out = document.ConsoleWorkspace{Slug: w.Slug, Label: w.Label, Template: w.Template}
	if w.Template == "" {
		out.Node = &w.Root
		ways, err := r.Lineages([]alveary.NodeID{w.Root})
		if err != nil {
			return out, err
		}
		out.Path = ways[w.Root].Path()
	}
	return out, nil
}

// NewWorkspace is a workspace to be made.
type NewWorkspace struct {
	Slug, Label string
	Node, Path  string // of its root; where both are empty a folder is made
}

// AddWorkspace makes an entry point into the tree.
func (s *Service) AddWorkspace(ctx context.Context, who alveary.Subject, n NewWorkspace) (out document.ConsoleWorkspace, err error) {
	const op = "make the workspace"
	n.Label = strings.TrimSpace(n.Label)
	if err := checkSlug(op, n.Slug); err != nil {
		return out, err
	}
	if err := checkLabel(op, n.Label); err != nil {
		return out, err
	}
	err = s.keep(ctx, who, op, func(r *room) error {
		root, err := r.newRoot(op, n)
		if err != nil {
			return err
		}
		if err := r.InsertWorkspace(alveary.Workspace{Slug: n.Slug, Label: n.Label, Root: root}); err != nil {
			return err
		}
		if out, err = r.workspace(alveary.Workspace{Slug: n.Slug, Label: n.Label, Root: root}); err != nil {
			return err
		}
		return r.record("add-workspace", n.Slug+" on "+out.Path)
	})
	return out, err
}

func (r *room) newRoot(op string, n NewWorkspace) (alveary.NodeID, error) {
	if n.Node != "" || n.Path != "" {
		way, err := r.resolve(op, n.Node, n.Path, alveary.Subject{})
		switch {
		case err != nil:
			return 0, err
		case !way.Node().IsFolder():
			return 0, invalid(op, way.Path(), "this is a file, and the root of a workspace is a folder")
		case way.InBin():
			return 0, invalid(op, way.Path(), "this folder is in the recycle bin: restore it first")
		case way.Node().ID == alveary.RootID:
			return 0, invalid(op, "", "the root of the tree cannot be a workspace: choose a folder in it")
		}
		return way.Node().ID, nil
	}
	if !isAdministrator(r.who) { // a folder is made where nobody was asked about rights
		return 0, notHeld(op, "only administrators may make a workspace with a new folder: name a folder that is there")
	}
	if err := alveary.CheckName(n.Label); err != nil {
		return 0, err
	}
	source, err := r.Child(alveary.RootID, managed)
	if err != nil {
		return 0, err
	}
	way, err := r.Lineage(source.ID)
	if err != nil {
		return 0, err
	}
	name := n.Label
	if _, err := r.Child(source.ID, name); err == nil {
		name, err = r.FreeName(source.ID, n.Label)
		if err != nil {
			return 0, err
		}
	} else if !alveary.IsKind(err, alveary.KindNotFound) {
		return 0, err
	}
	made, err := r.Insert(way, alveary.Node{Name: name, Type: alveary.Collection})
	return made.ID, err
}

// RenameWorkspace changes the label of a workspace.
func (s *Service) RenameWorkspace(ctx context.Context, who alveary.Subject, slug, label string) (out document.ConsoleWorkspace, err error) {
	const op = "change the workspace"
	label = strings.TrimSpace(label)
	if err := checkLabel(op, label); err != nil {
		return out, err
	}
	err = s.keep(ctx, who, op, func(r *room) error {
		w, err := r.Workspace(slug)
		if err != nil {
			return err
		}
		was := w.Label
		w.Label = label
		if err := r.UpdateWorkspace(w); err != nil {
			return err
		}
		if out, err = r.workspace(w); err != nil {
			return err
		}
		return r.record("change-workspace", slug+": "+was+" → "+label)
	})
	return out, err
}

// DeleteWorkspace takes an entry point away; its files stay where they are.
func (s *Service) DeleteWorkspace(ctx context.Context, who alveary.Subject, slug string) error {
	return s.keep(ctx, who, "delete the workspace", func(r *room) error {
		if err := r.Tx.DeleteWorkspace(slug); err != nil {
			return err
		}
		return r.record("delete-workspace", slug)
	})
}

func checkSlug(op, slug string) error {
	ok := slug != "" && len(slug) <= 64 && strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && strings.Trim(slug, "-") == slug
	if !ok {
		return invalid(op, slug, "a slug is 1 to 64 lower-case letters, digits and -, with no - at its ends")
	}
	return nil
}

func checkLabel(op, label string) error {
	if label == "" || len(label) > 200 || strings.ContainsFunc(label, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\u2028' || c == '\u2029' }) {
		return invalid(op, "", "a label is 1 to 200 characters on one line")
	}
	return nil
}
