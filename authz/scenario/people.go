package scenario

import (
	"context"
	"slices"
	"strings"

	"alveary"
	"alveary/authz"
)

// world is the access data of a file, in memory. It satisfies authz.Source.
type world struct {
	data   alveary.AccessData
	owners map[alveary.UserID]string
	users  map[string]alveary.Subject
}

// AccessVersion is always the same: a file does not change.
func (w *world) AccessVersion(context.Context) (int64, error) { return w.data.Version, nil }

// Access gives the data.
func (w *world) Access(context.Context) (alveary.AccessData, error) { return w.data, nil }

// Login names who owns a node.
func (w *world) Login(_ context.Context, id alveary.UserID) (string, error) {
	return w.owners[id], nil
}

func newWorld(f *File, policies []alveary.Policy) *world {
	w := &world{
		data: alveary.AccessData{
			Version: 1, Policies: policies, Entries: f.entries,
			Groups: []alveary.Group{{ID: alveary.RootGroup, Role: alveary.RootGroupRole}},
			Roles:  []alveary.Role{{ID: alveary.RootGroupRole, OwnerGroup: alveary.RootGroup}},
		},
		owners: f.tree.owners(), users: map[string]alveary.Subject{},
	}
	for _, r := range f.roles {
		w.role(alveary.Role{ID: r.id, Profiles: r.profiles, ForceOverride: r.force})
	}
	for i, u := range f.users {
		w.user(u, alveary.UserID(i+1))
	}
	w.share(f)
	return w
}

func (w *world) user(u user, id alveary.UserID) {
	subject := alveary.Subject{
		User: alveary.User{ID: id, Login: u.name, Profile: u.profile, Group: w.group(u.group), Roles: u.roles, Attributes: u.attributes, Disabled: u.disabled},
		Role: alveary.RoleID(u.name),
	}
	w.role(alveary.Role{ID: subject.Role, OwnerUser: id})
	for _, r := range u.roles {
		w.role(alveary.Role{ID: r})
	}
	w.users[u.name] = subject
}

// role adds a role, unless there is one of the id.
func (w *world) role(r alveary.Role) {
	if !slices.ContainsFunc(w.data.Roles, func(other alveary.Role) bool { return other.ID == r.ID }) {
		w.data.Roles = append(w.data.Roles, r)
	}
}

// group gives the group of a path, and makes it and those above it.
func (w *world) group(path string) alveary.GroupID {
	parent := alveary.RootGroup
	for at, name := range strings.Split(path, "/") {
		if name == "" {
			continue
		}
		found := slices.IndexFunc(w.data.Groups, func(g alveary.Group) bool { return g.Parent == parent && g.Name == name })
		if found < 0 {
			g := alveary.Group{ID: alveary.RootGroup + alveary.GroupID(len(w.data.Groups)), Parent: parent, Name: name}
			g.Role = alveary.RoleID("group:" + strings.Join(strings.Split(path, "/")[:at+1], "/"))
			w.role(alveary.Role{ID: g.Role, OwnerGroup: g.ID})
			found, w.data.Groups = len(w.data.Groups), append(w.data.Groups, g)
		}
		parent = w.data.Groups[found].ID
	}
	return parent
}

// listedAsker is the asker whom a list of roles stands for: the last of them
// that no group owns is his own and his name, and those of groups are his
// groups.
func listedAsker(roles []alveary.RoleID) authz.Imagined {
	var i authz.Imagined
	for _, r := range roles {
		if slices.Contains(i.Roles, r) {
			continue
		}
		i.Roles = append(i.Roles, r)
		path, ofGroup := strings.CutPrefix(string(r), "group:")
		switch {
		case r == alveary.RootGroupRole:
			i.Groups = append(i.Groups, "/")
		case ofGroup:
			i.Groups = append(i.Groups, "/"+strings.TrimPrefix(path, "/"))
		default:
			i.Name = string(r)
		}
	}
	return i
}
