package acl_test

import (
	"slices"
	"time"

	"alveary"
)

// world is everything that chapters 2 and 3 of MODEL.md need to know, written
// down flat. The oracle reads it again for every question: slow, and close to
// the text of the model.
type world struct {
	groups  []alveary.Group
	roles   []alveary.Role
	entries []alveary.Entry
	parents map[alveary.NodeID]alveary.NodeID // of every node but the root
}

// path is n0 … nk.
func (w world) path(node alveary.NodeID) []alveary.NodeID {
	path := []alveary.NodeID{node}
	for node != alveary.RootID {
		node = w.parents[node]
		path = append([]alveary.NodeID{node}, path...)
	}
	return path
}

// ordered is a user's roles in the order of 2.1: each element holds the roles
// of one rank.
func (w world) ordered(s alveary.Subject) [][]alveary.RoleID {
	if s.User.ID == 0 || s.User.Disabled { // 2.4
		return nil
	}
	var order [][]alveary.RoleID
	if s.User.Profile != alveary.ProfileShared && s.User.Profile != alveary.ProfileAnon { // 2.2
		var chain [][]alveary.RoleID
		for id := s.User.Group; id != 0; {
			i := slices.IndexFunc(w.groups, func(g alveary.Group) bool { return g.ID == id })
			chain = append([][]alveary.RoleID{{w.groups[i].Role}}, chain...)
			id = w.groups[i].Parent
		}
		order = append(order, chain...)
	}
	forced := func(id alveary.RoleID) bool {
		return slices.ContainsFunc(w.roles, func(r alveary.Role) bool { return r.ID == id && r.ForceOverride })
	}
	// Nobody gave the roles of a profile an order, so they are of one rank. One
	// that forces override comes with the others that do: the flag would mean
	// nothing on it otherwise.
	for _, wantForced := range []bool{false, true} {
		var auto []alveary.RoleID
		for _, r := range w.roles {
			if slices.Contains(r.Profiles, s.User.Profile) && r.ForceOverride == wantForced {
				auto = append(auto, r.ID)
			}
		}
		order = append(order, auto)
		for _, id := range s.User.Roles {
			if forced(id) == wantForced {
				order = append(order, []alveary.RoleID{id})
			}
		}
	}
	return append(order, []alveary.RoleID{s.Role})
}

// standsOn is the node an entry stands on for the subject; 0 for none (2.5).
func standsOn(e alveary.Entry, s alveary.Subject) alveary.NodeID {
	if e.Template != "" {
		return s.Homes[e.Template]
	}
	return e.Node
}

// rights answers for one node, clause after clause.
func (w world) rights(s alveary.Subject, node alveary.NodeID, now time.Time) alveary.Rights {
	order := w.ordered(s)
	path := w.path(node)

	var inForce []alveary.Entry
	for _, e := range w.entries {
		if e.Expires.IsZero() || e.Expires.After(now) {
			inForce = append(inForce, e)
		}
	}

	// 3.2, and 3.5 for a policy that cannot be found.
	for _, e := range inForce {
		mine := slices.ContainsFunc(order, func(rank []alveary.RoleID) bool { return slices.Contains(rank, e.Role) })
		if mine && (e.Deny || len(e.Policies) > 0) && slices.Contains(path, standsOn(e, s)) {
			return 0
		}
	}

	// 3.4: from the node upwards; 3.3: from the last role backwards.
	for i := len(path) - 1; i >= 0; i-- {
		for j := len(order) - 1; j >= 0; j-- {
			found := false
			read, write := false, false
			for _, e := range inForce {
				if standsOn(e, s) == path[i] && slices.Contains(order[j], e.Role) {
					found = true
					read = read || e.Rights.Has(alveary.ActionRead)
					write = write || e.Rights.Has(alveary.ActionWrite)
				}
			}
			if found {
				return expand(read, write)
			}
		}
	}
	return 0 // 3.1
}

// expand is 3.8.
func expand(read, write bool) (r alveary.Rights) {
	if read {
		r = r.With(alveary.ActionRead, alveary.ActionDownload, alveary.ActionSync)
	}
	if write {
		r = r.With(alveary.ActionWrite, alveary.ActionUpload, alveary.ActionDelete)
	}
	return r
}

// nextChange is the first instant after now at which the oracle's answer is
// another; zero where there is none.
func (w world) nextChange(s alveary.Subject, node alveary.NodeID, now time.Time) time.Time {
	var instants []time.Time
	for _, e := range w.entries {
		if e.Expires.After(now) {
			instants = append(instants, e.Expires)
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	for _, at := range instants {
		if w.rights(s, node, at) != w.rights(s, node, now) {
			return at
		}
	}
	return time.Time{}
}
