package hall

import (
	"slices"
	"time"

	"alveary"
)

// Member is what one role has in a Cell: on one of its nodes, or on all.
type Member struct {
	Role     alveary.RoleID
	Node     alveary.NodeID // 0: the same on all
	Rights   alveary.Rights
	Policies []alveary.PolicyID
	Expires  time.Time
}

// Members are those of a Cell, in the order of its entries.
func (r *Room) Members(c *alveary.Cell) (list []Member) {
	nodes := c.Nodes()
	done := map[alveary.RoleID]bool{}
	for i := range c.Entries {
		role := c.Entries[i].Role
		if IsAnchor(&c.Entries[i]) || done[role] {
			continue
		}
		done[role] = true
		own := EntriesWhere(c, func(e *alveary.Entry) bool { return e.Role == role && !IsAnchor(e) })
		alike := len(own) == len(nodes) && !slices.ContainsFunc(own, func(e alveary.Entry) bool { return !SameGift(&e, &own[0]) })
		for _, e := range own {
			m := Member{e.Role, e.Node, e.Rights, e.Policies, e.Expires}
			if alike {
				m.Node = 0
			}
			list = append(list, m)
			if alike {
				break
			}
		}
	}
	return list
}

// SameGift says whether two entries give the same.
func SameGift(a, b *alveary.Entry) bool {
	return a.Rights == b.Rights && slices.Equal(a.Policies, b.Policies) && a.Expires.Equal(b.Expires)
}

// IsAnchor says whether an entry is one by which a Cell keeps a node: it gives
// nothing to anybody.
func IsAnchor(e *alveary.Entry) bool { return e.Rights == 0 && len(e.Policies) == 0 }

// EntriesWhere are those of a Cell of which something holds.
func EntriesWhere(c *alveary.Cell, is func(*alveary.Entry) bool) (entries []alveary.Entry) {
	for i := range c.Entries {
		if is(&c.Entries[i]) {
			entries = append(entries, c.Entries[i])
		}
	}
	return entries
}
