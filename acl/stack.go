package acl

import (
	"slices"
	"strings"

	"alveary"
)

// Ranked is a role in a subject's stack. A higher rank comes later and so
// replaces; roles of equal rank add up.
type Ranked struct {
	Role alveary.RoleID
	Rank int
}

// People are the groups and roles that a stack is built from.
type People struct {
	groups map[alveary.GroupID]alveary.Group
	roles  map[alveary.RoleID]alveary.Role
	auto   map[alveary.Profile][]alveary.RoleID
}

// NewPeople indexes groups and roles.
func NewPeople(groups []alveary.Group, roles []alveary.Role) *People {
	p := &People{
		groups: make(map[alveary.GroupID]alveary.Group, len(groups)),
		roles:  make(map[alveary.RoleID]alveary.Role, len(roles)),
		auto:   map[alveary.Profile][]alveary.RoleID{},
	}
	for _, g := range groups {
		p.groups[g.ID] = g
	}
	for _, r := range roles {
		p.roles[r.ID] = r
		for _, profile := range r.Profiles {
			p.auto[profile] = append(p.auto[profile], r.ID)
		}
	}
	return p
}

// Stack is the roles of a subject in order (MODEL.md 2.1 to 2.4): the groups'
// roles from the root down, those applied to his profile (among themselves of
// equal rank, since nobody gave them an order), those assigned to him, those
// that force override, and his own. Nobody, and who is disabled, has none.
func (p *People) Stack(s alveary.Subject) []Ranked {
	if !s.Known() {
		return nil
	}
	var stack []Ranked
	rank := 0
	next := func(roles ...alveary.RoleID) {
		rank++
		for _, r := range roles {
			stack = append(stack, Ranked{r, rank})
		}
	}
	if s.User.Profile == alveary.ProfileAdmin || s.User.Profile == alveary.ProfileStandard {
		for _, g := range p.lineage(s.User.Group) {
			next(g.Role)
		}
	}
	var normal, forced []alveary.RoleID
	for _, r := range p.auto[s.User.Profile] {
		if p.roles[r].ForceOverride {
			forced = append(forced, r)
		} else {
			normal = append(normal, r)
		}
	}
	next(normal...)
	assigned, forcedAssigned := []alveary.RoleID{}, []alveary.RoleID{}
	for _, r := range s.User.Roles {
		if p.roles[r].ForceOverride {
			forcedAssigned = append(forcedAssigned, r)
		} else {
			assigned = append(assigned, r)
		}
	}
	for _, r := range assigned {
		next(r)
	}
	next(forced...)
	for _, r := range forcedAssigned {
		next(r)
	}
	if s.Role != "" {
		next(s.Role)
	}
	return stack
}

// lineage is the groups from the root down to the one given. A group that is
// not there ends it, and a chain that comes back to itself is cut: neither
// gives a role that a sound tree would not.
func (p *People) lineage(id alveary.GroupID) []alveary.Group {
	var up []alveary.Group
	for seen := map[alveary.GroupID]bool{}; !seen[id]; {
		g, ok := p.groups[id]
		if !ok {
			break
		}
		seen[id] = true
		up = append(up, g)
		id = g.Parent
	}
	slices.Reverse(up)
	return up
}

// Paths are the paths of the group and of those above it, from the root down:
// "/", "/sales", "/sales/north".
func (p *People) Paths(id alveary.GroupID) []string {
	groups := p.lineage(id)
	paths := make([]string, len(groups))
	for i, g := range groups {
		if i == 0 {
			paths[i] = "/" + g.Name
			continue
		}
		paths[i] = strings.TrimSuffix(paths[i-1], "/") + "/" + g.Name
	}
	return paths
}

// Role is a role by its id.
func (p *People) Role(id alveary.RoleID) (alveary.Role, bool) {
	r, ok := p.roles[id]
	return r, ok
}
