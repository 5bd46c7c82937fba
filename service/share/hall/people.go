package hall

import (
	"slices"

	"alveary"
)

// External says whether somebody from outside is in a Cell, or named for a link.
func (r *Room) External(c *alveary.Cell) bool {
	if c.Link != nil {
		return slices.ContainsFunc(c.Link.People, func(id alveary.RoleID) bool { return r.Labels[id].External })
	}
	return slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return !IsAnchor(&e) && r.Labels[e.Role].External })
}

// Person is an account as others may see it.
type Person struct {
	ID    alveary.UserID
	Login string
	Name  string
}

// Invited is what became of somebody's invitation.
type Invited struct {
	Email  string
	Link   string // to be passed on; only where it was not mailed, and whoever asks may see it
	Mailed bool
}

// The kinds of members.
const (
	KindUser  = "user"
	KindGroup = "group"
	KindTeam  = "team"
	KindRole  = "role"
)

// Label is what a role is called where people read it.
type Label struct {
	Kind     string
	Text     string
	User     alveary.UserID
	Login    string
	External bool
	Gone     bool // there is no such role any more
}

// Know looks up what roles are called.
func (r *Room) Know(roles ...alveary.RoleID) error {
	if r.Labels == nil {
		r.Labels = map[alveary.RoleID]Label{}
	}
	unknown := slices.DeleteFunc(slices.Clone(roles), func(id alveary.RoleID) bool { _, ok := r.Labels[id]; return ok })
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	unknown = slices.Compact(unknown)
	found, err := r.Tx.RolesOf(unknown)
	if err != nil {
		return err
	}
	var users []alveary.UserID
	for _, id := range unknown {
		role, ok := found[id]
		if !ok { // one that is owned, and holds nothing else
			if role, err = r.Tx.Role(id); err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
				return err
			}
			ok = err == nil
		}
		found[id] = role
		if !ok {
			r.Labels[id] = Label{Kind: KindRole, Text: string(id), Gone: true}
		} else if role.OwnerUser != 0 {
			users = append(users, role.OwnerUser)
		}
	}
	subjects, err := r.Tx.Subjects(users)
	if err != nil {
		return err
	}
	for _, id := range unknown {
		role := found[id]
		switch {
		case r.Labels[id].Gone:
		case role.OwnerUser != 0:
			u := subjects[role.OwnerUser].User
			r.Labels[id] = Label{
				Kind: KindUser, Text: u.DisplayName(), User: u.ID, Login: u.Login, External: u.Profile == alveary.ProfileShared, Gone: u.ID == 0,
			}
		case role.OwnerGroup != 0:
			path, err := r.groupPath(role.OwnerGroup)
			if err != nil {
				return err
			}
			r.Labels[id] = Label{Kind: KindGroup, Text: path}
		case role.Team:
			r.Labels[id] = Label{Kind: KindTeam, Text: role.Label}
		default:
			r.Labels[id] = Label{Kind: KindRole, Text: role.Label}
		}
	}
	return nil
}

// LabelOf is what a role is called.
func (r *Room) LabelOf(id alveary.RoleID) (Label, error) {
	err := r.Know(id)
	return r.Labels[id], err
}

// GroupsAbove are a group and those above it, the root group last.
func (r *Room) GroupsAbove(id alveary.GroupID) (list []alveary.Group, err error) {
	if r.groups == nil {
		if r.groups, err = r.Tx.Groups(); err != nil {
			return nil, err
		}
	}
	for id != 0 && len(list) <= len(r.groups) {
		at := slices.IndexFunc(r.groups, func(g alveary.Group) bool { return g.ID == id })
		if at < 0 {
			break
		}
		list, id = append(list, r.groups[at]), r.groups[at].Parent
	}
	return list, nil
}

func (r *Room) groupPath(id alveary.GroupID) (string, error) {
	above, err := r.GroupsAbove(id)
	path := ""
	for _, g := range above {
		if g.Parent != 0 {
			path = "/" + g.Name + path
		}
	}
	if path == "" {
		path = "/"
	}
	return path, err
}

// Holds says whether a user holds a role, however he comes by it (MODEL.md 2.1,
// 2.2).
func (r *Room) Holds(who *alveary.Subject, id alveary.RoleID) (bool, error) {
	u := &who.User
	switch {
	case !who.Known() || who.Link != 0:
		return false, nil
	case who.Role == id, slices.Contains(u.Roles, id), slices.Contains(u.Teams, id):
		return true, nil
	}
	if u.Profile != alveary.ProfileShared {
		above, err := r.GroupsAbove(u.Group)
		if err != nil || slices.ContainsFunc(above, func(g alveary.Group) bool { return g.Role == id }) {
			return err == nil, err
		}
	}
	found, err := r.Tx.RolesOf([]alveary.RoleID{id})
	return slices.Contains(found[id].Profiles, u.Profile), err
}

// HoldsAny says whether a user holds one of the roles.
func (r *Room) HoldsAny(who *alveary.Subject, ids []alveary.RoleID) (bool, error) {
	for _, id := range ids {
		if ok, err := r.Holds(who, id); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// Finds says whether a group is among those that may be found.
func (r *Room) Finds(house *alveary.House, id alveary.GroupID) (bool, error) {
	if house.Groups == nil {
		return true, nil
	}
	above, err := r.GroupsAbove(id)
	return slices.ContainsFunc(above, func(g alveary.Group) bool { return slices.Contains(house.Groups, g.ID) }), err
}

// PersonOf is an account as others may see it; nil for one that is gone.
func (r *Room) PersonOf(id alveary.UserID) (p Person, err error) {
	p.ID = id
	found, err := r.View.Person(id)
	if found != nil {
		p.Login, p.Name = found.Login, found.Name
	}
	return p, err
}
