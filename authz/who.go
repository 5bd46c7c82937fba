package authz

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

// who is the snapshot bound to one asker: the first of the three bindings.
type who struct {
	snap    *snapshot
	subject alveary.Subject
	stack   []acl.Ranked
	ledger  *acl.Ledger
	ways    *ways.Ways // Cells through which he may come by more; nil: none
	names   []string   // MODEL.md 2.6
	asker   *policy.Asker
	flags   Flags
	far     far
}

// askers are those that a snapshot remembers, a bounded number of them: the
// ones that asked last.
type askers struct {
	mu         sync.RWMutex
	young, old map[askerID]*who
}

// askerID tells users and links apart; no user has the id 0.
type askerID struct {
	user alveary.UserID
	link alveary.CellID
}

// mostAskers is how many askers are young before those that were are forgotten.
const mostAskers = 20_000

func (a *askers) find(id askerID) *who {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if have := a.young[id]; have != nil {
		return have
	}
	return a.old[id]
}

func (a *askers) keep(id askerID, w *who) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.young == nil || len(a.young) >= mostAskers {
		a.young, a.old = map[askerID]*who{}, a.young
	}
	a.young[id] = w
}

// who binds to an asker. Askers are remembered as long as the snapshot lives,
// and used again only where nothing about them has changed.
func (snap *snapshot) who(s *alveary.Subject) *who {
	id := askerID{s.User.ID, s.Link}
	if have := snap.askers.find(id); have != nil && have.stillIs(s) {
		return have
	}
	w := snap.newWho(s)
	if s.Known() {
		snap.askers.keep(id, w)
	}
	return w
}

func (snap *snapshot) newWho(s *alveary.Subject) *who {
	w := &who{snap: snap, subject: *s, stack: snap.people.Stack(*s)}
	w.subject.Context, w.subject.Session, w.subject.Token, w.subject.Address, w.subject.Request = nil, "", "", "", ""
	w.subject.Scope, w.subject.Proved, w.subject.Guest = alveary.Scope{}, time.Time{}, nil // they are the request's
	w.ledger = snap.entries.Ledger(w.stack, s.Homes)
	w.ways = snap.book.Of(s, w.stack)
	w.flags = w.flagsOf()
	w.name()
	return w
}

// ofOwner binds to the owner of a Cell.
func (snap *snapshot) ofOwner(o *ways.Owner) *who {
	at := &snap.bound[o.Place]
	if have := at.Load(); have != nil {
		return have
	}
	at.CompareAndSwap(nil, snap.newWho(&o.Subject))
	return at.Load()
}

// stillIs compares all that a binding rests on.
func (w *who) stillIs(s *alveary.Subject) bool {
	a, b := &w.subject.User, &s.User
	return a.ID == b.ID && a.Disabled == b.Disabled && a.Profile == b.Profile && a.Group == b.Group && a.Login == b.Login &&
		a.Email == b.Email && a.Name == b.Name && w.subject.Role == s.Role && w.subject.Link == s.Link && w.subject.Maker == s.Maker &&
		slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Teams, b.Teams) &&
		maps.Equal(w.subject.Homes, s.Homes) && maps.Equal(a.Attributes, b.Attributes)
}

// name spells the asker as policies do. Who is not known is the profile anon,
// and so is a visitor of a link, with its role.
func (w *who) name() {
	s := &w.subject
	switch {
	case s.Link != 0:
		role := alveary.LinkRole(s.Link)
		w.names = alveary.SubjectNames("", alveary.ProfileAnon, []alveary.RoleID{role}, nil)
		w.asker = &policy.Asker{Profile: alveary.ProfileAnon, Roles: []string{string(role)}}
		return
	case !s.Known():
		w.names = alveary.SubjectNames("", alveary.ProfileAnon, nil, nil)
		return
	}
	roles := make([]alveary.RoleID, len(w.stack))
	words := make([]string, len(w.stack))
	for i, r := range w.stack {
		roles[i], words[i] = r.Role, string(r.Role)
	}
	// Of every profile: external people inherit no role of their groups (MODEL.md
	// 2.2), but a deny for a group that they are in means them as well (6.2).
	groups := w.snap.people.Paths(s.User.Group)
	own := ""
	if len(groups) > 0 {
		own = groups[len(groups)-1]
	}
	w.names = alveary.SubjectNames(s.User.Login, s.User.Profile, roles, groups)
	w.asker = &policy.Asker{
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
func (w *who) everybody() []*who {
	all := []*who{w}
	seen := map[*ways.Owner]bool{}
	for i := 0; i < len(all); i++ {
		if all[i].ways == nil {
			continue
		}
		for _, way := range all[i].ways.All {
			if o := way.Owner; o.Known() && !seen[o] {
				seen[o] = true
				all = append(all, w.snap.ofOwner(o))
			}
		}
	}
	return all
}

// nodes are those on which something stands that can make a difference to the
// asker, by entries alone, in order.
func (w *who) nodes() []alveary.NodeID {
	if w.ways == nil {
		return w.ledger.Nodes()
	}
	w.far.nodes.Do(func() {
		var nodes []alveary.NodeID
		for _, one := range w.everybody() {
			nodes = append(append(nodes, one.ledger.Nodes()...), one.ways.Nodes()...)
		}
		slices.Sort(nodes)
		w.far.standing = slices.Compact(nodes)
	})
	return slices.Clone(w.far.standing)
}

// watched are the observed policies that could make a difference to the asker.
func (w *who) watched() []acl.Policy {
	if !w.snap.observes {
		return nil
	}
	w.far.watches.Do(func() {
		var all []acl.Policy
		for _, one := range w.everybody() {
			all = append(all, one.ledger.Watched()...)
			if one.ways != nil {
				for _, way := range one.ways.All {
					all = append(all, way.Ledger().Watched()...)
				}
			}
		}
		slices.Sort(all)
		w.far.watched = slices.Compact(all)
	})
	return w.far.watched
}
