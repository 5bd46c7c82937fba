package share

import (
	"context"
	"fmt"
	"slices"
	"time"

	"alveary"
	"alveary/service/files/desk"
	"alveary/store"
)

// member is what one role has in a Cell: on one of its nodes, or on all.
type member struct {
	Role     alveary.RoleID
	Node     alveary.NodeID // 0: the same on all
	Rights   alveary.Rights
	Policies []alveary.PolicyID
	Expires  time.Time
}

// members are those of a Cell, in the order of its entries.
func (r *room) members(c *alveary.Cell) (list []member) {
	nodes := c.Nodes()
	done := map[alveary.RoleID]bool{}
	for i := range c.Entries {
		role := c.Entries[i].Role
		if isAnchor(&c.Entries[i]) || done[role] {
			continue
		}
		done[role] = true
		own := entriesWhere(c, func(e *alveary.Entry) bool { return e.Role == role && !isAnchor(e) })
		alike := len(own) == len(nodes) && !slices.ContainsFunc(own, func(e alveary.Entry) bool { return !sameGift(&e, &own[0]) })
		for _, e := range own {
			m := member{e.Role, e.Node, e.Rights, e.Policies, e.Expires}
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

func sameGift(a, b *alveary.Entry) bool {
	return a.Rights == b.Rights && slices.Equal(a.Policies, b.Policies) && a.Expires.Equal(b.Expires)
}

// add gives people something by a Cell that is in hand, and invites those who
// have no account.
func (r *room) add(c *alveary.Cell, field string, gives []Give) (invited []Invited, err error) {
	for i := range gives {
		one, err := r.addOne(c, fmt.Sprintf("%s[%d]", field, i), &gives[i], true)
		if err != nil {
			return nil, err
		}
		if one != nil {
			invited = append(invited, *one)
		}
	}
	if n := len(r.members(c)); n > mostMembers {
		return nil, r.invalid(field, "too-many", "a Cell has at most 1,000 members: make a group or a team")
	}
	return invited, nil
}

func (r *room) addOne(c *alveary.Cell, field string, g *Give, invite bool) (*Invited, error) {
	if err := r.checkGive(field, g); err != nil {
		return nil, err
	}
	w, err := r.resolve(field, g.To)
	if err != nil {
		return nil, err
	}
	nodes, err := r.nodesOf(field, c, g.Node)
	if err != nil {
		return nil, err
	}
	if w.label.user != 0 && w.label.user == c.Owner {
		return nil, r.conflict(field, "twice", w.label.text+" owns this Cell and has it already")
	}
	for _, id := range nodes {
		if w.role != "" && slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == w.role && e.Node == id && !isAnchor(&e) }) {
			return nil, r.conflict(field, "twice", w.label.text+" is in it already: change what is given to him")
		}
		line, err := r.node(field, id)
		if err != nil {
			return nil, err
		}
		if err := r.mayGive(field, c, line, g, &w); err != nil {
			return nil, err
		}
	}
	var invited *Invited
	if invite {
		if invited, err = r.invite(field, &w); err != nil {
			return nil, err
		}
	}
	for _, id := range nodes {
		c.Entries = append(c.Entries, alveary.Entry{Role: w.role, Node: id, Rights: g.Rights, Policies: g.Policies, Expires: g.Expires})
	}
	return invited, nil
}

// nodesOf are the nodes of a Cell that are meant: one of them, or all.
func (r *room) nodesOf(field string, c *alveary.Cell, one alveary.NodeID) ([]alveary.NodeID, error) {
	all := c.Nodes()
	switch {
	case len(all) == 0:
		return nil, r.fault(alveary.KindNotFound, field, "gone", "what was in this Cell is no longer there: put something into it first")
	case one == 0:
		return all, nil
	case !slices.Contains(all, one):
		return nil, r.fault(alveary.KindNotFound, field, "gone", "this ("+one.String()+") is not, or no longer, in the Cell")
	}
	return []alveary.NodeID{one}, nil
}

// managed finds a Cell, not a link, that whoever asks may change.
func (r *room) managed(id alveary.CellID, takes bool) (*alveary.Cell, error) {
	c, err := r.cell(id)
	if err != nil {
		return nil, err
	}
	if c.Link != nil {
		return nil, r.invalid("", "invalid", "this is a link: it has no members")
	}
	return c, r.manages(c, takes)
}

// changeMembers changes who is in a Cell and what they have.
func (s *Service) changeMembers(ctx context.Context, by alveary.Subject, id alveary.CellID, takes bool, fn func(*room, *alveary.Cell) error) (CellView, error) {
	err := s.change(ctx, by, "change who is in the Cell", func(r *room) error {
		c, err := r.managed(id, takes)
		if err != nil {
			return err
		}
		before := slices.Clone(c.Entries)
		if err := fn(r, c); err != nil {
			return err
		}
		if err := r.putEntries(c); err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(c.Entries), func(e alveary.Entry) bool {
			return slices.ContainsFunc(before, func(b alveary.Entry) bool { return b.Role == e.Role })
		})
		if err := r.tellMembers(c, fresh); err != nil {
			return err
		}
		return r.changedCell(c, r.difference(before, c.Entries))
	})
	if err != nil {
		return CellView{}, err
	}
	return s.Cell(ctx, by, id)
}

// difference words what entries came and went.
func (r *room) difference(was, is []alveary.Entry) (did changed) {
	missing := func(list, from []alveary.Entry) []alveary.Entry {
		return slices.DeleteFunc(slices.Clone(list), func(e alveary.Entry) bool {
			return slices.ContainsFunc(from, func(o alveary.Entry) bool { return o.Role == e.Role && o.Node == e.Node && sameGift(&o, &e) })
		})
	}
	if words := r.inWords(missing(was, is)); words != "" {
		did = append(did, "no longer "+words)
	}
	if words := r.inWords(missing(is, was)); words != "" {
		did = append(did, "now "+words)
	}
	return did
}

// AddMembers puts people into a Cell.
func (s *Service) AddMembers(ctx context.Context, by alveary.Subject, id alveary.CellID, gives []Give) (out CellView, invited []Invited, err error) {
	out, err = s.changeMembers(ctx, by, id, false, func(r *room, c *alveary.Cell) error {
		invited, err = r.add(c, "members", gives)
		return err
	})
	return out, invited, err
}

// noMember is the answer for whoever is not in a Cell.
func (r *room) noMember() error {
	return r.fault(alveary.KindNotFound, "", "not-found", "there is no such member")
}

// ChangeMember gives a member something else, on one node of the Cell or on
// all of them.
func (s *Service) ChangeMember(ctx context.Context, by alveary.Subject, id alveary.CellID, role alveary.RoleID, g Give) (CellView, error) {
	return s.changeMembers(ctx, by, id, false, func(r *room, c *alveary.Cell) error {
		if err := r.checkGive("", &g); err != nil {
			return err
		}
		nodes, err := r.nodesOf("node", c, g.Node)
		if err != nil {
			return err
		}
		one, err := r.label(role)
		if err != nil {
			return err
		}
		old := entriesWhere(c, func(e *alveary.Entry) bool {
			return e.Role == role && !isAnchor(e) && slices.Contains(nodes, e.Node)
		})
		if len(old) == 0 {
			return r.noMember()
		}
		// What policies held back, and what comes back when the new one expires, is
		// given by the change.
		lifts := slices.DeleteFunc(slices.Clone(old), func(e alveary.Entry) bool {
			return len(e.Policies) == 0 && (g.Expires.IsZero() || !e.Expires.IsZero() && !e.Expires.After(g.Expires))
		})
		if err := r.mayTake("", c, lifts); err != nil {
			return err
		}
		for _, id := range nodes {
			line, err := r.node("node", id)
			if err != nil {
				return err
			}
			if err := r.mayGive("", c, line, &g, &who{role: role, label: one}); err != nil {
				return err
			}
			now := alveary.Entry{Role: role, Node: id, Rights: g.Rights, Policies: g.Policies, Expires: g.Expires}
			at := slices.IndexFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == role && e.Node == id && !isAnchor(&e) })
			if at < 0 {
				c.Entries = append(c.Entries, now)
				continue
			}
			now.ID = c.Entries[at].ID
			c.Entries[at] = now
		}
		return nil
	})
}

// RemoveMember takes somebody out of a Cell.
func (s *Service) RemoveMember(ctx context.Context, by alveary.Subject, id alveary.CellID, role alveary.RoleID) (CellView, error) {
	return s.changeMembers(ctx, by, id, true, func(r *room, c *alveary.Cell) error { return r.remove(c, role) })
}

func (r *room) remove(c *alveary.Cell, role alveary.RoleID) error {
	taken := entriesWhere(c, func(e *alveary.Entry) bool { return e.Role == role && !isAnchor(e) })
	if len(taken) == 0 {
		return r.noMember()
	}
	if err := r.mayTake("", c, taken); err != nil {
		return err
	}
	c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == role && !isAnchor(&e) })
	return nil
}

// SetManager lets somebody change a Cell beside its owner, or no longer. What a
// manager gives is bounded by what he holds himself.
func (s *Service) SetManager(ctx context.Context, by alveary.Subject, id alveary.CellID, user alveary.UserID, manager bool) (out CellView, err error) {
	err = s.change(ctx, by, "choose who manages the Cell", func(r *room) error {
		c, err := r.managed(id, true)
		if err != nil {
			return err
		}
		is := slices.Contains(c.Managers, user)
		switch {
		case manager == is:
			return nil
		case !manager && user == by.User.ID:
		case c.Owner != by.User.ID && (manager || !r.administers()):
			return r.denied("", "not-yours", "only its owner may choose who manages it")
		case user == c.Owner:
			return r.conflict("user", "twice", "its owner manages it already")
		}
		login := userText(user)
		if manager {
			m, err := r.colleague("user", user)
			if err != nil {
				return err
			}
			login = m.User.Login
			c.Managers = append(c.Managers, user)
		} else {
			c.Managers = slices.DeleteFunc(c.Managers, func(m alveary.UserID) bool { return m == user })
		}
		if err := r.Tx.SetCellManagers(c.ID, c.Managers); err != nil {
			return err
		}
		return r.changedCell(c, changed{fmt.Sprintf("manager %s: %t", login, manager)})
	})
	if err != nil {
		return out, err
	}
	out, err = s.Cell(ctx, by, id)
	if alveary.IsKind(err, alveary.KindNotFound) && user == by.User.ID {
		return CellView{}, nil // he has no part in it any more
	}
	return out, err
}

// colleague finds one of the house whom whoever asks may find.
func (r *room) colleague(field string, id alveary.UserID) (alveary.Subject, error) {
	nobody := r.invalid(field, "nobody", "choose somebody of this house whose account is not disabled")
	user, err := r.Tx.Subject(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return user, nobody
	}
	if err != nil {
		return user, err
	}
	if user.User.Disabled || user.User.Profile != alveary.ProfileAdmin && user.User.Profile != alveary.ProfileStandard {
		return user, nobody
	}
	house, err := r.everywhere()
	if err != nil {
		return user, err
	}
	ok, err := r.found(house, user.User.Group)
	if err == nil && !ok && !r.administers() {
		err = nobody
	}
	return user, err
}

// Leave takes whoever asks out of a Cell.
func (s *Service) Leave(ctx context.Context, by alveary.Subject, id alveary.CellID) error {
	return s.change(ctx, by, "leave the Cell", func(r *room) error {
		c, err := r.cell(id)
		if err != nil {
			return err
		}
		if c.Owner == by.User.ID {
			return r.conflict("", "owner", "you own it: hand it over, or end it")
		}
		if c.Link != nil {
			return r.conflict("", "link", "this is a link: there is nothing to leave")
		}
		own := entriesWhere(c, func(e *alveary.Entry) bool { return e.Role == by.Role && !isAnchor(e) })
		others, err := r.otherwise(c)
		if err != nil {
			return err
		}
		manages := slices.Contains(c.Managers, by.User.ID)
		switch {
		case len(own) > 0 && others != "", len(own) == 0 && !manages && others != "":
			// What is given to himself may be less than what he has as one of many:
			// without it he would have more.
			return r.conflict("", "by-group", "you are in it as one of “"+others+"”: ask its owner to take you out")
		case len(own) == 0 && !manages:
			return r.noMember()
		}
		if manages {
			c.Managers = slices.DeleteFunc(c.Managers, func(m alveary.UserID) bool { return m == by.User.ID })
			if err := r.Tx.SetCellManagers(c.ID, c.Managers); err != nil {
				return err
			}
		}
		if len(own) > 0 {
			c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == by.Role && !isAnchor(&e) })
			if err := r.putEntries(c); err != nil {
				return err
			}
		}
		return r.onRecord("leave-share", c, "")
	})
}

// otherwise is what else makes whoever asks a member, as people read it.
func (r *room) otherwise(c *alveary.Cell) (string, error) {
	for i := range c.Entries {
		e := &c.Entries[i]
		if isAnchor(e) || e.Role == r.by.Role {
			continue
		}
		held, err := r.holds(&r.by, e.Role)
		if err != nil {
			return "", err
		}
		if held {
			l, err := r.label(e.Role)
			return l.text, err
		}
	}
	return "", nil
}

// HandOver makes somebody else the owner of a Cell. From then on it gives what
// he has; so it is refused where that could be more than whoever hands it over
// has himself (MODEL.md 7.7), administrators aside. Who owned it goes on
// managing it. Links are not handed over: their address is its owner's to give.
func (s *Service) HandOver(ctx context.Context, by alveary.Subject, id alveary.CellID, user alveary.UserID) (out CellView, err error) {
	err = s.change(ctx, by, "hand the Cell over", func(r *room) error {
		c, err := r.cell(id)
		if err != nil {
			return err
		}
		switch {
		case c.Link != nil:
			return r.invalid("", "invalid", "a link cannot be handed over: end it, and let him make one")
		case c.Owner != by.User.ID && !r.administers():
			return r.denied("", "not-yours", "only its owner may hand it over")
		case c.Owner == user:
			return r.conflict("user", "twice", "he owns it already")
		}
		heir, err := r.colleague("user", user)
		if err != nil {
			return err
		}
		if err := r.mayHandOver(c, heir); err != nil {
			return err
		}
		return r.handOver(c, heir)
	})
	if err != nil {
		return out, err
	}
	return s.Cell(ctx, by, id)
}

func (r *room) mayHandOver(c *alveary.Cell, heir alveary.Subject) error {
	if r.administers() {
		return nil
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		if isAnchor(e) || e.Role == heir.Role {
			continue
		}
		line, err := r.Tx.Lineage(e.Node)
		if alveary.IsKind(err, alveary.KindNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		rights := e.Rights
		if len(e.Policies) > 0 {
			rights = alveary.Givable
		}
		if err := r.within("user", heir, r.by, line, rights, time.Time{}); err != nil {
			var refusal *fault
			if !asFault(err, &refusal) {
				return err
			}
			return r.denied("user", "not-held", heir.User.DisplayName()+" may have more there than you, and members would then have it too: "+
				"ask an administrator, or let him make a Cell of his own", refusal.err.Missing.Actions()...)
		}
	}
	return nil
}

func (r *room) handOver(c *alveary.Cell, heir alveary.Subject) error {
	was, err := r.ownRole(c)
	if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
		return err
	}
	from := c.Owner
	c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == heir.Role })
	nodes := c.Nodes()
	c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == was && isAnchor(&e) })
	anchors := make([]alveary.Entry, len(nodes))
	for i, id := range nodes {
		anchors[i] = alveary.Entry{Role: heir.Role, Node: id}
	}
	c.Entries = append(anchors, c.Entries...)
	c.Owner = heir.User.ID
	c.Managers = slices.DeleteFunc(c.Managers, func(m alveary.UserID) bool { return m == heir.User.ID })
	if r.by.User.ID == from {
		c.Managers = append(c.Managers, from)
	}
	if err := r.Tx.UpdateCell(*c); err != nil {
		return err
	}
	if err := r.Tx.SetCellManagers(c.ID, c.Managers); err != nil {
		return err
	}
	if err := r.putEntries(c); err != nil {
		return err
	}
	if _, err := r.Tx.Notify(alveary.Notice{User: heir.User.ID, Kind: alveary.NoticeHanded, By: r.by.User.ID, Cell: c.ID, Text: c.Label}); err != nil {
		return err
	}
	return r.onRecord("hand-over-share", c, fmt.Sprintf("from user %s to %s", userText(from), heir.User.Login))
}

// Grant gives a user something on a node within a transaction that is under
// way, by a Cell of its own: what an answered request gives.
func (s *Service) Grant(ctx context.Context, tx *store.Tx, by alveary.Subject, node alveary.NodeID, to alveary.UserID, rights alveary.Rights, until time.Time) (alveary.CellID, error) {
	access, err := s.Gate.Bind(ctx, tx, by)
	if err != nil {
		return 0, err
	}
	r := s.room(ctx, &desk.View{Tx: tx, Access: access}, "give what was asked for", by)
	line, err := r.node("node", node)
	if err != nil {
		return 0, err
	}
	c, _, err := r.makeCell(&NewCell{
		Label: nameOf(line), Nodes: []alveary.NodeID{node}, Gives: []Give{{To: Ref{User: to}, Rights: rights, Expires: until}},
	})
	return c.ID, err
}

// mostTold is how many members of a group are told that something was shared
// with it.
const mostTold = 200

// tellMembers tells those who came to a Cell that it is there.
func (r *room) tellMembers(c *alveary.Cell, entries []alveary.Entry) error {
	told := map[alveary.UserID]bool{r.by.User.ID: true, c.Owner: true}
	done := map[alveary.RoleID]bool{}
	for i := range entries {
		e := &entries[i]
		if isAnchor(e) || done[e.Role] {
			continue
		}
		done[e.Role] = true
		users, err := r.holders(e.Role)
		if err != nil {
			return err
		}
		if err := r.tell(c, users, told); err != nil {
			return err
		}
	}
	return nil
}

func (r *room) tell(c *alveary.Cell, users []alveary.UserID, told map[alveary.UserID]bool) error {
	for _, user := range users {
		if told[user] {
			continue
		}
		told[user] = true
		if _, err := r.Tx.Notify(alveary.Notice{User: user, Kind: alveary.NoticeShared, By: r.by.User.ID, Cell: c.ID, Text: c.Label}); err != nil {
			return err
		}
	}
	return nil
}

// holders are the users who hold a role, as many as are told.
func (r *room) holders(id alveary.RoleID) (users []alveary.UserID, err error) {
	role, err := r.Tx.Role(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := store.UserFilter{State: store.StateActive, Limit: mostTold}
	switch {
	case role.OwnerUser != 0:
		return []alveary.UserID{role.OwnerUser}, nil
	case role.OwnerGroup != 0:
		f.Group, f.Beneath = role.OwnerGroup, true
	default:
		f.Role = id
	}
	found, err := r.Tx.FindUsers(f)
	for _, u := range found.Users {
		if role.OwnerGroup == 0 || u.Profile != alveary.ProfileShared {
			users = append(users, u.ID)
		}
	}
	return users, err
}
