package hall

import (
	"slices"
	"strconv"
	"strings"

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

	profiles []alveary.Profile // to which it is applied
}

// Know looks up what roles are called, all that are not known yet at once.
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
	users := make([]alveary.UserID, 0, len(unknown))
	for _, id := range unknown {
		if user := ownerIn(id); user != 0 {
			users = append(users, user)
		}
	}
	subjects, err := r.Tx.Subjects(users)
	if err != nil {
		return err
	}
	for _, id := range unknown {
		if s, ok := subjects[ownerIn(id)]; ok && s.Role == id {
			r.Labels[id] = userLabel(&s.User)
			continue
		}
		role, ok := found[id]
		if !ok { // a group's that holds nothing else, or one that is gone
			role, err = r.Tx.Role(id)
			if alveary.IsKind(err, alveary.KindNotFound) {
				r.Labels[id] = Label{Kind: KindRole, Text: string(id), Gone: true}
				continue
			}
			if err != nil {
				return err
			}
		}
		if r.Labels[id], err = r.roleLabel(&role); err != nil {
			return err
		}
	}
	return nil
}

// ownerIn is the user whose id stands at the end of a role's: whether the role
// is his own only his account tells.
func ownerIn(id alveary.RoleID) alveary.UserID {
	_, number, _ := strings.Cut(string(id), "-")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return alveary.UserID(n)
}

func userLabel(u *alveary.User) Label {
	return Label{Kind: KindUser, Text: u.DisplayName(), User: u.ID, Login: u.Login, External: u.Profile == alveary.ProfileShared}
}

func (r *Room) roleLabel(role *alveary.Role) (l Label, err error) {
	l = Label{Kind: KindRole, Text: role.Label, profiles: role.Profiles}
	switch {
	case role.OwnerUser != 0:
		u, err := r.Tx.User(role.OwnerUser)
		return userLabel(&u), err
	case role.OwnerGroup != 0:
		l.Kind = KindGroup
		l.Text, err = r.groupPath(role.OwnerGroup)
	case role.Team:
		l.Kind = KindTeam
	}
	return l, err
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
	l, err := r.LabelOf(id)
	return slices.Contains(l.profiles, u.Profile), err
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
