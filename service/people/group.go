package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alveary"
	"alveary/service/people/roster"
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

// path is that of one group, read from it upwards.
func (r *room) path(id alveary.GroupID) (path string, err error) {
	for id != alveary.RootGroup && id != 0 {
		g, err := r.Tx.Group(id)
		if err != nil {
			return "", err
		}
		id, path = g.Parent, "/"+g.Name+path
	}
	return cmp.Or(path, "/"), nil
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
		if strings.Count(paths[above], "/") >= roster.MostDeep {
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

// GroupPatch is what of a group is to change; nil stays as it is.
type GroupPatch struct {
	Name   *string `json:"name,omitempty" maxLength:"1024"`
	Parent *string `json:"parent,omitempty" maxLength:"8192" doc:"Id of the group above, or its path: the group moves there, with all beneath it"`
}

// ChangeGroup renames or moves a group. Policies that name it by its path no
// longer mean it.
func (s *Service) ChangeGroup(ctx context.Context, who alveary.Subject, id string, c GroupPatch) (out Group, err error) {
	const op = "change the group"
	err = s.change(ctx, who, op, func(r *room) error {
		is, err := r.groupByID(op, id)
		if err != nil {
			return err
		}
		if err := r.lightly(is.ID); err != nil {
			return err
		}
		before, err := r.paths()
		if err != nil {
			return err
		}
		was := is
		if c.Name != nil {
			is.Name = *c.Name
		}
		if c.Parent != nil {
			if is.Parent, err = r.group(op, *c.Parent); err != nil {
				return err
			}
		}
		if is != was {
			if err := r.UpdateGroup(is); err != nil {
				return err
			}
			if err := r.tooDeep(op); err != nil {
				return err
			}
			after, err := r.paths()
			if err != nil {
				return err
			}
			if err := r.record("change-group", before[is.ID]+" → "+after[is.ID]); err != nil {
				return err
			}
		}
		list, err := r.groups()
		out = list[slices.IndexFunc(list, func(g Group) bool { return g.ID == id })]
		return err
	})
	return out, err
}

// tooDeep refuses groups that came to lie too deep.
func (r *room) tooDeep(op string) error {
	paths, err := r.paths()
	if err != nil {
		return err
	}
	for _, path := range paths {
		if strings.Count(path, "/") > roster.MostDeep {
			return invalid(op, path, "groups can lie at most 64 levels deep")
		}
	}
	return nil
}

// lightly refuses whoever is no administrator a group that has people, groups
// or entries: they would come to hold other roles than before.
func (r *room) lightly(id alveary.GroupID) error {
	if r.administers() {
		return nil
	}
	leaving, err := r.leavingGroup(id)
	if err != nil {
		return err
	}
	if leaving.Groups+leaving.Users+leaving.Entries > 0 {
		return notHeld(r.op, "only administrators may "+r.op+" while it holds people, groups or entries")
	}
	role, err := r.Tx.Role(alveary.RoleID("group-" + idText(id)))
	if err == nil && (role.SecondFactor || role.Invites) {
		return notHeld(r.op, "only administrators may "+r.op+" while its role is marked")
	}
	return nil
}

// LeavingGroup is what goes with a group.
type LeavingGroup struct {
	Groups   int64              `json:"groups" doc:"Beneath it"`
	Users    int64              `json:"users" doc:"Of it and those groups, who are moved to another"`
	Entries  int64              `json:"entries" doc:"Of the roles of these groups"`
	Policies []alveary.PolicyID `json:"policies" doc:"That name one of them; they stay as they are"`
}

// LeavingGroup says what would go with a group.
func (s *Service) LeavingGroup(ctx context.Context, who alveary.Subject, id string) (out LeavingGroup, err error) {
	const op = "look what goes with the group"
	err = s.read(ctx, who, op, func(r *room) error {
		g, err := r.groupByID(op, id)
		if err != nil {
			return err
		}
		out, err = r.leavingGroup(g.ID)
		return err
	})
	return out, err
}

func (r *room) leavingGroup(id alveary.GroupID) (out LeavingGroup, err error) {
	ids, err := r.GroupsBeneath(id)
	if err != nil {
		return out, err
	}
	users, err := r.UsersByGroup()
	if err != nil {
		return out, err
	}
	paths, err := r.paths()
	if err != nil {
		return out, err
	}
	out.Groups = int64(len(ids)) - 1
	var names []string
	for _, one := range ids {
		out.Users += users[one]
		names = append(names, "group:"+paths[one], "role:group-"+idText(one))
	}
	if out.Entries, err = r.GroupEntries(ids); err != nil {
		return out, err
	}
	out.Policies, err = r.naming(names...)
	return out, err
}

// DeleteGroup removes a group and those beneath it, with the roles that they
// own and these roles' entries. Their people move to another group, or where
// none is named to the one above, and are signed out.
func (s *Service) DeleteGroup(ctx context.Context, who alveary.Subject, id, to string) error {
	const op = "delete the group"
	return s.change(ctx, who, op, func(r *room) error {
		gone, err := r.groupByID(op, id)
		if err != nil {
			return err
		}
		if err := r.lightly(gone.ID); err != nil {
			return err
		}
		paths, err := r.paths()
		if err != nil {
			return err
		}
		ids, err := r.GroupsBeneath(gone.ID)
		if err != nil {
			return err
		}
		target := gone.Parent
		if to != "" {
			if target, err = r.group(op, to); err != nil {
				return err
			}
		}
		if slices.Contains(ids, target) {
			return invalid(op, to, "its people cannot move to a group that goes with it")
		}
		moved := []alveary.UserID{}
		if gone.ID != alveary.RootGroup { // which the store refuses
			if moved, err = r.MoveUsers(ids, target); err != nil {
				return err
			}
		}
		if err := r.DeleteGroups(ids); err != nil {
			return inUse(err)
		}
		if err := r.signOut(moved...); err != nil {
			return err
		}
		detail := paths[gone.ID]
		if len(ids) > 1 || len(moved) > 0 {
			detail = fmt.Sprintf("%s with %d groups beneath it; %d users are now of %s", detail, len(ids)-1, len(moved), paths[target])
		}
		return r.record("delete-group", detail)
	})
}

func (r *room) groupByID(op, id string) (g alveary.Group, err error) {
	number, err := alveary.ParseNodeID(id)
	if err != nil {
		return g, invalid(op, id, "the id of a group is a number")
	}
	return r.Tx.Group(alveary.GroupID(number))
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
