package bound

import (
	"maps"
	"slices"
	"sync"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/authz/ways"
	"alveary/policy"
)

// Who is the snapshot bound to one asker: the first of the three bindings.
type Who struct {
	Snap    *Snapshot
	Subject alveary.Subject
	Stack   []acl.Ranked
	Ledger  *acl.Ledger
	Ways    *ways.Ways // Cells through which he may come by more; nil: none
	Names   []string   // MODEL.md 2.6
	Asker   *policy.Asker
	Flags   Flags
	far     far
}

// askers are those that a snapshot remembers, a bounded number of them: the
// ones that asked last.
type askers struct {
	mu         sync.RWMutex
	young, old map[askerID]*Who
}

// askerID tells users and links apart: those of links are negative.
type askerID int64

func idOf(s *alveary.Subject) askerID {
	if s.Link != 0 {
		return -askerID(s.Link)
	}
	return askerID(s.User.ID)
}

// mostAskers is how many askers are young before those that were are forgotten.
const mostAskers = 20_000

func (a *askers) find(id askerID) *Who {
	a.mu.RLock()
	have := a.young[id]
	if have == nil {
		have = a.old[id]
	}
	a.mu.RUnlock()
	return have
}

func (a *askers) keep(id askerID, w *Who) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.young == nil || len(a.young) >= mostAskers {
		a.young, a.old = map[askerID]*Who{}, a.young
	}
	a.young[id] = w
}

// Who binds to an asker. Askers are remembered as long as the snapshot lives,
// and used again only where nothing about them has changed.
func (snap *Snapshot) Who(s *alveary.Subject) *Who {
	id := idOf(s)
	if have := snap.askers.find(id); have != nil && have.StillIs(s) {
		return have
	}
	w := snap.newWho(s)
	if s.Known() {
		snap.askers.keep(id, w)
	}
	return w
}

func (snap *Snapshot) newWho(s *alveary.Subject) *Who {
	w := &Who{Snap: snap, Subject: *s, Stack: snap.People.Stack(*s)}
	w.Subject.Context, w.Subject.Session, w.Subject.Token, w.Subject.Address, w.Subject.Request = nil, "", "", "", ""
	w.Subject.Scope, w.Subject.Proved, w.Subject.Guest = alveary.Scope{}, time.Time{}, nil // they are the request's
	w.Ledger = snap.Entries.Ledger(w.Stack, s.Homes)
	w.Ways = snap.Book.Of(s, w.Stack)
	w.Flags = w.flagsOf()
	w.name()
	return w
}

// OfOwner binds to the owner of a Cell.
func (snap *Snapshot) OfOwner(o *ways.Owner) *Who {
	at := &snap.bound[o.Place]
	if have := at.Load(); have != nil {
		return have
	}
	at.CompareAndSwap(nil, snap.newWho(&o.Subject))
	return at.Load()
}

// StillIs compares all that a binding rests on.
func (w *Who) StillIs(s *alveary.Subject) bool {
	a, b := &w.Subject.User, &s.User
	return a.ID == b.ID && a.Disabled == b.Disabled && a.Profile == b.Profile && a.Group == b.Group && a.Login == b.Login &&
		a.Email == b.Email && a.Name == b.Name && w.Subject.Role == s.Role && w.Subject.Link == s.Link && w.Subject.Maker == s.Maker &&
		slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Teams, b.Teams) &&
		maps.Equal(w.Subject.Homes, s.Homes) && maps.Equal(a.Attributes, b.Attributes)
}

// name spells the asker as policies do. Who is not known is the profile anon,
// and so is a visitor of a link, with its role.
func (w *Who) name() {
	s := &w.Subject
	switch {
	case s.Link != 0:
		role := alveary.LinkRole(s.Link)
		w.Names = alveary.SubjectNames("", alveary.ProfileAnon, []alveary.RoleID{role}, nil)
		w.Asker = &policy.Asker{Profile: alveary.ProfileAnon, Roles: []string{string(role)}}
		return
	case !s.Known():
		w.Names = alveary.SubjectNames("", alveary.ProfileAnon, nil, nil)
		return
	}
	roles := make([]alveary.RoleID, len(w.Stack))
	words := make([]string, len(w.Stack))
	for i, r := range w.Stack {
		roles[i], words[i] = r.Role, string(r.Role)
	}
	// Of every profile: external people inherit no role of their groups (MODEL.md
	// 2.2), but a deny for a group that they are in means them as well (6.2).
	groups := w.Snap.People.Paths(s.User.Group)
	own := ""
	if len(groups) > 0 {
		own = groups[len(groups)-1]
	}
	w.Names = alveary.SubjectNames(s.User.Login, s.User.Profile, roles, groups)
	w.Asker = &policy.Asker{
		Name: s.User.Login, Profile: s.User.Profile, Roles: words, GroupPath: own, Email: s.User.Email, Attributes: s.User.Attributes,
	}
}

// far is what an asker has to do with by way of Cells, found when it is first
// asked for.
type far struct {
	nodes, watches sync.Once
	standing       []alveary.NodeID
	watched        []acl.Policy
}

// everybody are the asker and all owners of Cells through which he may come by
// rights, transitively.
func (w *Who) everybody() []*Who {
	all := []*Who{w}
	seen := map[*ways.Owner]bool{}
	for i := 0; i < len(all); i++ {
		if all[i].Ways == nil {
			continue
		}
		for _, way := range all[i].Ways.All {
			if o := way.Owner; o.Known() && !seen[o] {
				seen[o] = true
				all = append(all, w.Snap.OfOwner(o))
			}
		}
	}
	return all
}

// Nodes are those on which something stands that can make a difference to the
// asker, by entries alone, in order.
func (w *Who) Nodes() []alveary.NodeID {
	if w.Ways == nil {
		return w.Ledger.Nodes()
	}
	w.far.nodes.Do(func() {
		var nodes []alveary.NodeID
		for _, one := range w.everybody() {
			nodes = append(append(nodes, one.Ledger.Nodes()...), one.Ways.Nodes()...)
		}
		slices.Sort(nodes)
		w.far.standing = slices.Compact(nodes)
	})
	return slices.Clone(w.far.standing)
}

// Watched are the observed policies that could make a difference to the asker.
func (w *Who) Watched() []acl.Policy {
	if !w.Snap.Observes {
		return nil
	}
	w.far.watches.Do(func() {
		var all []acl.Policy
		for _, one := range w.everybody() {
			all = append(all, one.Ledger.Watched()...)
			if one.Ways != nil {
				for _, way := range one.Ways.All {
					all = append(all, way.Ledger().Watched()...)
				}
			}
		}
		slices.Sort(all)
		w.far.watched = slices.Compact(all)
	})
	return w.far.watched
}

// Imagine binds to an asker who is told by the order of his roles and not found
// among the users. His groups are paths, from the root group down.
func (snap *Snapshot) Imagine(name string, roles []alveary.RoleID, groups []string) *Who {
	w := &Who{Snap: snap, Subject: alveary.Subject{User: alveary.User{Login: name, Roles: roles}}}
	w.Asker = &policy.Asker{Name: name}
	for n, r := range roles {
		if r.OfLink() != 0 {
			continue // nobody but the link has it
		}
		w.Stack = append(w.Stack, acl.Ranked{Role: r, Rank: n + 1})
		w.Asker.Roles = append(w.Asker.Roles, string(r))
	}
	if len(groups) > 0 {
		w.Asker.GroupPath = groups[len(groups)-1]
	}
	w.Ledger = snap.Entries.Ledger(w.Stack, nil)
	w.Ways = snap.Book.Of(&w.Subject, w.Stack)
	w.Names = alveary.SubjectNames(name, "", roles, groups)
	return w
}
