package people

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"alveary"
)

// Role is a role as administrators see it.
type Role struct {
	ID           string   `json:"id"`
	Label        string   `json:"label"`
	Profiles     []string `json:"profiles"`
	Force        bool     `json:"force"`
	SecondFactor bool     `json:"secondFactor"`
	Invites      bool     `json:"invites"`
	Team         bool     `json:"team"`
	OwnerUser    string   `json:"ownerUser,omitempty"`
	OwnerGroup   string   `json:"ownerGroup,omitempty"`
	Entries      int64    `json:"entries"`
	Users        int64    `json:"users"`
}

// Roles lists the roles.
func (p People) Roles(ctx context.Context) ([]Role, error) {
	return list[Role](ctx, p, "list the roles", "", "/roles", nil)
}

// NewRole is a role that is to be made.
type NewRole struct {
	ID           string   `json:"id"`
	Label        string   `json:"label,omitempty"`
	Profiles     []string `json:"profiles,omitempty"`
	Force        bool     `json:"force,omitempty"`
	SecondFactor bool     `json:"secondFactor,omitempty"`
	Invites      bool     `json:"invites,omitempty"`
}

// AddRole makes a role.
func (p People) AddRole(ctx context.Context, n NewRole) (Role, error) {
	return send[Role](ctx, p, "make the role", n.ID, http.MethodPost, "/roles", n)
}

// RolePatch is what of a role is to change; nil stays as it is.
type RolePatch struct {
	Label        *string   `json:"label,omitempty"`
	Profiles     *[]string `json:"profiles,omitempty"`
	Force        *bool     `json:"force,omitempty"`
	SecondFactor *bool     `json:"secondFactor,omitempty"`
	Invites      *bool     `json:"invites,omitempty"`
}

// ChangeRole changes a role that nobody owns.
func (p People) ChangeRole(ctx context.Context, id string, patch RolePatch) (Role, error) {
	return send[Role](ctx, p, "change the role", id, http.MethodPatch, at("/roles", id, ""), patch)
}

// DeleteRole removes a role that is not in use.
func (p People) DeleteRole(ctx context.Context, id string) error {
	return p.remove(ctx, "delete the role", id, at("/roles", id, ""), nil)
}

// Group is a group as administrators see it.
type Group struct {
	ID     string `json:"id"`
	Path   string `json:"path"`
	Name   string `json:"name"`
	Parent string `json:"parent,omitempty"`
	Role   string `json:"role"`
	Users  int64  `json:"users"`
}

// Groups lists the groups, parents first.
func (p People) Groups(ctx context.Context) ([]Group, error) {
	return list[Group](ctx, p, "list the groups", "", "/groups", nil)
}

// GroupAt finds a group by its path, as far as whoever asks may find groups.
func (p People) GroupAt(ctx context.Context, op, path string) (Group, error) {
	path = "/" + strings.Trim(path, "/")
	if path == "/" {
		return Group{ID: rootGroup, Path: path}, nil
	}
	found, err := list[Group](ctx, p, op, path, "/people/groups", url.Values{"q": {path}})
	if err != nil {
		return Group{}, err
	}
	return FindGroup(found, op, path)
}

// rootGroup is the id of the group above all others.
const rootGroup = "1"

// FindGroup gives the group at a path.
func FindGroup(groups []Group, op, path string) (Group, error) {
	for _, g := range groups {
		if strings.EqualFold(g.Path, "/"+strings.Trim(path, "/")) {
			return g, nil
		}
	}
	return Group{}, &alveary.Error{Kind: alveary.KindNotFound, Op: op, Subject: path, Code: "not-found", Message: "there is no such group"}
}

// AddGroup makes a group beneath another, given by its path or id.
func (p People) AddGroup(ctx context.Context, parent, name string) (Group, error) {
	return send[Group](ctx, p, "make the group", name, http.MethodPost, "/groups", map[string]string{"parent": parent, "name": name})
}

// RenameGroup gives a group another name.
func (p People) RenameGroup(ctx context.Context, g Group, name string) (Group, error) {
	return send[Group](ctx, p, "rename the group", g.Path, http.MethodPatch, at("/groups", g.ID, ""), map[string]string{"name": name})
}

// MoveGroup puts a group with all that is beneath it under another.
func (p People) MoveGroup(ctx context.Context, g, parent Group) (Group, error) {
	return send[Group](ctx, p, "move the group", g.Path, http.MethodPatch, at("/groups", g.ID, ""), map[string]string{"parent": parent.ID})
}

// LeavingGroup is what goes with a group.
type LeavingGroup struct {
	Groups   int64    `json:"groups"`
	Users    int64    `json:"users"`
	Entries  int64    `json:"entries"`
	Policies []string `json:"policies"`
}

// LeavingGroup tells what would go with a group.
func (p People) LeavingGroup(ctx context.Context, g Group) (LeavingGroup, error) {
	return get[LeavingGroup](ctx, p, "look what goes with the group", g.Path, at("/groups", g.ID, "/leaving"), nil)
}

// DeleteGroup removes a group and those beneath it. Their people move to
// another group; where its id is empty, to the one above.
func (p People) DeleteGroup(ctx context.Context, g Group, to string) error {
	query := url.Values{}
	if to != "" {
		query.Set("to", to)
	}
	return p.remove(ctx, "delete the group", g.Path, at("/groups", g.ID, ""), query)
}
