package people

import (
	"context"
	"errors"
	"strings"

	"alveary"
	"alveary/store"
)

// Group is a group as the console sees it.
type Group struct {
	ID     string         `json:"id"`
	Path   string         `json:"path" doc:"/ for the root group, else such as /sales/north"`
	Name   string         `json:"name" doc:"Empty for the root group"`
	Parent string         `json:"parent,omitempty" doc:"Id of the group above"`
	Role   alveary.RoleID `json:"role" doc:"The role it owns"`
	Users  int64          `json:"users" doc:"Users whose own group it is"`
}

// mostGroups is how many groups may lie above one another.
const mostGroups = 64

// Groups lists the groups, parents first.
func (s *Service) Groups(ctx context.Context, who alveary.Subject) (list []Group, err error) {
	err = s.read(ctx, who, "list the groups", func(r *room) error {
		list, err = r.groups()
		return err
	})
	return list, err
}

func (r *room) groups() ([]Group, error) {
	stored, err := r.Tx.Groups()
	if err != nil {
		return nil, err
	}
	users, err := r.UsersByGroup()
	if err != nil {
		return nil, err
	}
	paths := pathsOf(stored)
	list := make([]Group, len(stored))
	for i, g := range stored {
		list[i] = Group{ID: idText(g.ID), Path: paths[g.ID], Name: g.Name, Role: g.Role, Users: users[g.ID]}
		if g.Parent != 0 {
			list[i].Parent = idText(g.Parent)
		}
	}
	return list, nil
}

func (r *room) paths() (map[alveary.GroupID]string, error) {
	stored, err := r.Tx.Groups()
	return pathsOf(stored), err
}

// pathsOf spells the groups as policies do, parents coming first.
func pathsOf(stored []alveary.Group) map[alveary.GroupID]string {
	paths := make(map[alveary.GroupID]string, len(stored))
	for _, g := range stored {
		paths[g.ID] = strings.TrimSuffix(paths[g.Parent], "/") + "/" + g.Name
	}
	return paths
}

// NewGroup is a group to be made.
type NewGroup struct {
	Parent string `json:"parent" maxLength:"8192" doc:"Id of the group above, or its path such as /sales"`
	Name   string `json:"name" maxLength:"1024"`
}

// AddGroup makes a group. A name that is taken there is KindConflict.
func (s *Service) AddGroup(ctx context.Context, who alveary.Subject, n NewGroup) (out Group, err error) {
	const op = "make the group"
	err = s.change(ctx, who, op, func(r *room) error {
		above, err := r.group(op, n.Parent)
		if err != nil {
			return err
		}
		paths, err := r.paths()
		if err != nil {
			return err
		}
		if strings.Count(paths[above], "/") >= mostGroups {
			return invalid(op, n.Name, "groups can lie at most 64 levels deep")
		}
		made, err := r.InsertGroup(above, n.Name)
		if err != nil {
			return err
		}
		out = Group{
			ID: idText(made.ID), Path: strings.TrimSuffix(paths[above], "/") + "/" + made.Name, Name: made.Name,
			Parent: idText(above), Role: made.Role,
		}
		return r.record("add-group", out.Path)
	})
	return out, err
}

// DeleteGroup removes a group with the role that it owns and that role's
// entries. One with users or groups in it is KindConflict "in-use".
func (s *Service) DeleteGroup(ctx context.Context, who alveary.Subject, id string) error {
	const op = "delete the group"
	return s.change(ctx, who, op, func(r *room) error {
		number, err := alveary.ParseNodeID(id)
		if err != nil {
			return invalid(op, id, "the id of a group is a number")
		}
		paths, err := r.paths()
		if err != nil {
			return err
		}
		gone := alveary.GroupID(number)
		if err := r.Tx.DeleteGroup(gone); err != nil {
			return inUse(err)
		}
		return r.record("delete-group", paths[gone])
	})
}

// inUse gives each way of being in use the same word for programs.
func inUse(err error) error {
	var e *alveary.Error
	if errors.As(err, &e) && e.Kind == alveary.KindConflict {
		same := *e
		same.Code = "in-use"
		return &same
	}
	return err
}

// group finds a group by its path, which begins with a slash, or by its id.
// Names are compared as logins are.
func (r *room) group(op, text string) (alveary.GroupID, error) {
	stored, err := r.Tx.Groups()
	if err != nil {
		return 0, err
	}
	path, isPath := strings.CutPrefix(text, "/")
	if isPath && path == "" {
		return alveary.RootGroup, nil
	}
	paths := pathsOf(stored)
	for _, g := range stored {
		if isPath && store.FoldName(paths[g.ID]) == store.FoldName(text) || !isPath && idText(g.ID) == text {
			return g.ID, nil
		}
	}
	return 0, invalid(op, text, "there is no such group; give its id, or its path such as /sales/north")
}

func idText[T ~int64](id T) string { return alveary.NodeID(id).String() }
