package acl

import (
	"slices"
	"time"

	"alveary"
)

// Force says what a policy that an entry names counts for.
type Force uint8

// The forces of a policy.
const (
	Missing Force = iota // it cannot be found or is not of type acl: an explicit deny of every right (MODEL.md 3.5)
	InForce              // it decides
	Idle                 // off: as if the entry did not name it
	Watched              // only observed: as Idle, but for a ledger that is told to count it
)

// Policy is a policy as entries see it: a number that its keeper understands.
type Policy int32

// Resolver finds a policy that an entry names.
type Resolver func(alveary.PolicyID) (Policy, Force)

// item is an entry, prepared.
type item struct {
	entry    *alveary.Entry
	policies []Policy // those in force
	watched  []Policy // those only observed
	deny     bool     // an explicit deny of every right: by itself, or by a missing policy
	missing  bool     // … by a missing policy
	idle     bool     // names policies of which none is in force: it does not exist for 3.3 and 3.4
}

func (it *item) expired(now time.Time) bool {
	return !it.entry.Expires.IsZero() && !now.Before(it.entry.Expires)
}

// shelf is the entries that stand on one node, by role.
type shelf struct {
	roles []int32 // in order; few nodes have entries of many roles
	items [][]item
	many  map[int32]int // where there are many: role to place in items
}

// few is up to how many roles a list is searched faster than a map.
const few = 12

func (s *shelf) find(role int32) []item {
	if s.many != nil {
		if at, ok := s.many[role]; ok {
			return s.items[at]
		}
		return nil
	}
	for at, r := range s.roles {
		if r == role {
			return s.items[at]
		}
	}
	return nil
}

func (s *shelf) add(role int32, it item) {
	at := slices.Index(s.roles, role)
	if s.many != nil {
		if found, ok := s.many[role]; ok {
			at = found
		} else {
			at = -1
		}
	}
	if at < 0 {
		at = len(s.roles)
		s.roles, s.items = append(s.roles, role), append(s.items, nil)
		if s.many != nil {
			s.many[role] = at
		} else if len(s.roles) > few {
			s.many = make(map[int32]int, 2*few)
			for i, r := range s.roles {
				s.many[r] = i
			}
		}
	}
	s.items[at] = append(s.items[at], it)
}

// Index is all entries, by node and role. It never changes and is shared by
// everyone who asks.
type Index struct {
	roles     map[alveary.RoleID]int32
	nodes     map[alveary.NodeID]*shelf
	templates map[alveary.TemplateID]*shelf
	byRole    [][]alveary.NodeID // nodes on which the role has an entry
	watched   [][]Policy         // by role: observed policies that its entries name
}

// NewIndex prepares entries. It keeps pointers into the slice.
func NewIndex(entries []alveary.Entry, resolve Resolver) *Index {
	x := &Index{
		roles: map[alveary.RoleID]int32{}, nodes: map[alveary.NodeID]*shelf{}, templates: map[alveary.TemplateID]*shelf{},
	}
	for i := range entries {
		e := &entries[i]
		role, ok := x.roles[e.Role]
		if !ok {
			role = int32(len(x.roles))
			x.roles[e.Role] = role
			x.byRole, x.watched = append(x.byRole, nil), append(x.watched, nil)
		}
		var on *shelf
		if e.Template != "" {
			on = x.templates[e.Template]
		} else {
			on = x.nodes[e.Node]
		}
		if on == nil {
			on = &shelf{}
			if e.Template != "" {
				x.templates[e.Template] = on
			} else {
				x.nodes[e.Node] = on
			}
		}
		it := prepare(e, resolve)
		on.add(role, it)
		x.watched[role] = join(x.watched[role], it.watched)
		if e.Template == "" {
			x.byRole[role] = append(x.byRole[role], e.Node)
		}
	}
	return x
}

func prepare(e *alveary.Entry, resolve Resolver) item {
	it := item{entry: e, deny: e.Deny, idle: len(e.Policies) > 0 && !e.Deny}
	for _, id := range e.Policies {
		switch p, force := resolve(id); force {
		case InForce:
			it.idle = false
			it.policies = append(it.policies, p)
		case Missing:
			it.idle, it.deny, it.missing = false, true, true
		case Watched:
			it.watched = append(it.watched, p)
		case Idle:
		}
	}
	return it
}
