package govern

import (
	"context"
	"strings"

	"alveary"
	"alveary/service/govern/document"
	"alveary/store"
)

// resolve finds a node by its id, or by a path that begins with the slug of a
// workspace or else at the root of the tree; a slash in front means the root of
// the tree. Workspaces on a template path lead to the node of whoever is named.
func (r *room) resolve(op, id, path string, as alveary.Subject) (alveary.Lineage, error) {
	if (id == "") == (path == "") {
		return nil, invalid(op, "", "name the node by its id or by its path")
	}
	if id != "" {
		node, err := alveary.ParseNodeID(id)
		if err != nil {
			return nil, err
		}
		return r.Lineage(node)
	}
	text, fromRoot := strings.CutPrefix(path, "/")
	if text == "" {
		return r.Lineage(alveary.RootID)
	}
	names, err := alveary.SplitPath(text)
	if err != nil {
		return nil, err
	}
	at := alveary.RootID
	if !fromRoot {
		space, err := r.Workspace(names[0])
		switch {
		case err == nil && space.Template != "":
			at, names = as.Homes[space.Template], names[1:]
		case err == nil:
			at, names = space.Root, names[1:]
		case !alveary.IsKind(err, alveary.KindNotFound):
			return nil, err
		}
	}
	for _, name := range names {
		if at == 0 {
			break
		}
		n, err := r.Child(at, name)
		if alveary.IsKind(err, alveary.KindNotFound) {
			return nil, noNode(op, path)
		}
		if err != nil {
			return nil, err
		}
		at = n.ID
	}
	if at == 0 {
		return nil, noNode(op, path)
	}
	return r.Lineage(at)
}

func noNode(op, path string) error {
	return &alveary.Error{
		Kind: alveary.KindNotFound, Op: op, Subject: path, Code: "not-found",
		Message: "there is nothing at this path: it begins with the slug of a workspace, or at the root of the tree, such as main/common",
	}
}

// mostNodes is how many nodes of a folder a picker is shown.
const mostNodes = 1000

// Nodes lists what is in a folder, given by id or path, by name alone and
// folders first; the datasources where neither is given. The console sees the
// whole tree, since entries stand on all of it.
func (s *Service) Nodes(ctx context.Context, who alveary.Subject, parent, path string) (list []document.ConsoleNode, err error) {
	const op = "list the nodes"
	err = s.read(ctx, who, op, func(r *room) error {
		if parent == "" && path == "" {
			path = "/"
		}
		way, err := r.resolve(op, parent, path, alveary.Subject{})
		if err != nil {
			return err
		}
		list = []document.ConsoleNode{}
		if !way.Node().IsFolder() {
			return nil
		}
		children, err := r.Children(store.Listing{Folder: way.Node().ID, Limit: mostNodes})
		for _, n := range children {
			list = append(list, document.ConsoleNode{ID: n.ID, Name: n.Name, Path: way.Child(n).Path(), Type: n.Type})
		}
		return err
	})
	return list, err
}
