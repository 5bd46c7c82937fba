package oracle

import (
	"slices"
	"strings"

	"alveary"
)

// Asker is who asks, with all that the model reads of him. The zero value is
// nobody.
type Asker struct {
	Login      string
	Profile    alveary.Profile
	Email      string
	Groups     []string // the paths of the groups above him, from "/" to his own
	Attributes map[string]string
	Ranks      [][]alveary.RoleID // his roles in order; those of equal rank together
	Homes      map[alveary.TemplateID]alveary.NodeID
	Link       alveary.CellID // of which he is a visitor
	Guest      *Asker         // who signed in to it; nil: nobody
}

// Asker resolves a subject: 2.1, 2.2 and 2.4. Teams, roles made by users, come
// between the two kinds that 2.1 names, and none of them before another: nobody
// gave them an order. Force override is taken to move a
// role behind all that are not marked so, whether it is applied or assigned.
func (w World) Asker(s alveary.Subject) *Asker {
	if !s.Known() {
		return &Asker{}
	}
	if s.Link != 0 { // 2.3
		a := &Asker{Profile: alveary.ProfileAnon, Link: s.Link, Ranks: [][]alveary.RoleID{{alveary.LinkRole(s.Link)}}}
		if s.Guest != nil {
			a.Guest = w.Asker(*s.Guest)
		}
		return a
	}
	a := &Asker{
		Login:      s.User.Login,
		Profile:    s.User.Profile,
		Email:      s.User.Email,
		Attributes: s.User.Attributes,
		Homes:      s.Homes,
	}
	groups := w.groups(s.User.Group)
	path := ""
	for _, g := range groups {
		path = strings.TrimSuffix(path, "/") + "/" + g.Name // the root group has no name: "/"
		a.Groups = append(a.Groups, path)
	}
	if a.Profile != alveary.ProfileShared && a.Profile != alveary.ProfileAnon { // 2.2
		for _, g := range groups {
			a.rank(g.Role)
		}
	}
	for _, forced := range []bool{false, true} {
		a.rank(w.autoApplied(a.Profile, forced)...)
		a.rank(w.marked(s.User.Teams, forced)...)
		for _, id := range s.User.Roles {
			if role, found := w.role(id); found && role.ForceOverride == forced {
				a.rank(id)
			}
		}
	}
	a.rank(s.Role)
	return a
}

func (a *Asker) rank(roles ...alveary.RoleID) {
	roles = slices.DeleteFunc(roles, func(id alveary.RoleID) bool { return id == "" || id.OfLink() != 0 })
	if len(roles) > 0 {
		a.Ranks = append(a.Ranks, roles)
	}
}

// groups are the user's group and those above it, from the root down.
func (w World) groups(own alveary.GroupID) []alveary.Group {
	var line []alveary.Group
	for id := own; id != 0; {
		at := slices.IndexFunc(w.Data.Groups, func(g alveary.Group) bool { return g.ID == id })
		if at < 0 {
			break
		}
		line = append(line, w.Data.Groups[at])
		id = w.Data.Groups[at].Parent
	}
	slices.Reverse(line)
	return line
}

// autoApplied are the roles applied to a profile, of which none comes before
// another.
func (w World) autoApplied(p alveary.Profile, forced bool) []alveary.RoleID {
	var ids []alveary.RoleID
	for _, role := range w.Data.Roles {
		if slices.Contains(role.Profiles, p) && role.ForceOverride == forced {
			ids = append(ids, role.ID)
		}
	}
	return ids
}

// marked are those of the roles that are marked as overriding, or that are not.
func (w World) marked(ids []alveary.RoleID, forced bool) (some []alveary.RoleID) {
	for _, id := range ids {
		if role, found := w.role(id); found && role.ForceOverride == forced {
			some = append(some, id)
		}
	}
	return some
}

func (w World) role(id alveary.RoleID) (alveary.Role, bool) {
	for _, role := range w.Data.Roles {
		if role.ID == id {
			return role, true
		}
	}
	return alveary.Role{}, false
}

// roles are the ids in order, each once.
func (a *Asker) roles() []alveary.RoleID {
	var ids []alveary.RoleID
	for _, rank := range a.Ranks {
		for _, id := range rank {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func (a *Asker) holds(role alveary.RoleID) bool { return slices.Contains(a.roles(), role) }

// Subjects is 2.6, with the groups of 6.2: his own and those above it. Nobody
// is spelled as the profile of those who are not known.
func (a *Asker) Subjects() []string {
	var names []string
	if a.Login == "" && a.Profile == "" && len(a.Ranks) == 0 {
		return []string{"profile:" + string(alveary.ProfileAnon)}
	}
	if a.Login != "" {
		names = append(names, "user:"+a.Login)
	}
	if a.Profile != "" {
		names = append(names, "profile:"+string(a.Profile))
	}
	for _, id := range a.roles() {
		names = append(names, "role:"+string(id))
	}
	for _, path := range a.Groups {
		names = append(names, "group:"+path)
	}
	return names
}
