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
	Way  Way
}

// Way is how a subject comes by a role.
type Way uint8

// The ways.
const (
	Assigned  Way = iota // by hand
	OfGroup              // his group, or one above it, owns the role
	OfProfile            // it is applied to his profile
	OfTeam               // he is in the team
	Own                  // he owns it himself
)

// People are the groups and roles that a stack is built from.
type People struct {
	groups map[alveary.GroupID]alveary.Group
	roles  map[alveary.RoleID]alveary.Role
	auto   map[alveary.Profile][]alveary.RoleID
	owners map[alveary.RoleID]alveary.GroupID
}

// NewPeople indexes groups and roles.
func NewPeople(groups []alveary.Group, roles []alveary.Role) *People {
	p := &People{
		groups: make(map[alveary.GroupID]alveary.Group, len(groups)),
		roles:  make(map[alveary.RoleID]alveary.Role, len(roles)),
		auto:   map[alveary.Profile][]alveary.RoleID{},
		owners: make(map[alveary.RoleID]alveary.GroupID, len(groups)),
	}
	for _, g := range groups {
		p.groups[g.ID], p.owners[g.Role] = g, g.ID
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
// roles from the root down, those applied to his profile, those of his teams
// (each among themselves of equal rank, since nobody gave them an order), those
// assigned to him, those that force override in the same order, and his own.
// Nobody, and who is disabled, has none. A link has its own and no other (2.3),
// which nobody else ever has.
func (p *People) Stack(s alveary.Subject) []Ranked {
	if !s.Known() {
		return nil
	}
	if s.Link != 0 {
		return []Ranked{{Role: alveary.LinkRole(s.Link), Rank: 1, Way: Own}}
	}
	u := &s.User
	b := stacking{people: p, stack: make([]Ranked, 0, 8+len(u.Roles)+len(u.Teams))}
	if u.Profile == alveary.ProfileAdmin || u.Profile == alveary.ProfileStandard {
		for _, g := range p.lineage(u.Group) {
			b.push(OfGroup, g.Role)
		}
	}
	for _, forced := range []bool{false, true} {
		b.equal(OfProfile, p.auto[u.Profile], forced)
		b.equal(OfTeam, u.Teams, forced)
		for i := range u.Roles {
			b.equal(Assigned, u.Roles[i:i+1], forced)
		}
	}
	if s.Role != "" {
		b.push(Own, s.Role)
	}
	return b.stack
}

// stacking is a stack in the making.
type stacking struct {
	people *People
	stack  []Ranked
	rank   int
}

// push adds a role that comes after all before it.
func (b *stacking) push(way Way, role alveary.RoleID) {
	b.rank++
	if role.OfLink() == 0 {
		b.stack = append(b.stack, Ranked{role, b.rank, way})
	}
}

// equal adds roles of equal rank: of those given, the ones that force override,
// or the others.
func (b *stacking) equal(way Way, roles []alveary.RoleID, forced bool) {
	b.rank++
	for _, r := range roles {
		if b.people.roles[r].ForceOverride == forced && r.OfLink() == 0 {
			b.stack = append(b.stack, Ranked{r, b.rank, way})
		}
	}
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

// Owner is the path of the group that owns a role; false where no group does.
func (p *People) Owner(role alveary.RoleID) (path string, ok bool) {
	id, ok := p.owners[role]
	if !ok {
		return "", false
	}
	paths := p.Paths(id)
	return paths[len(paths)-1], true
}

// Role is a role by its id. The roles that groups and users own need not be
// there: they are made when they first hold something.
func (p *People) Role(id alveary.RoleID) (alveary.Role, bool) {
	r, ok := p.roles[id]
	return r, ok
}
