package share

import (
	"context"
	"fmt"
	"slices"
	"time"

	"alveary"
	"alveary/service/share/hall"
	"alveary/store"
)

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
	if n := len(r.Members(c)); n > mostMembers {
		return nil, r.Invalid(field, "too-many", "a Cell has at most 1,000 members: make a group or a team")
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
	if w.label.User != 0 && w.label.User == c.Owner {
		return nil, r.Conflict(field, "twice", w.label.Text+" owns this Cell and has it already")
	}
	if err := r.fewEnough(field, c, len(nodes)); err != nil {
		return nil, err
	}
	for _, id := range nodes {
		if w.role != "" && slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == w.role && e.Node == id && !hall.IsAnchor(&e) }) {
			return nil, r.Conflict(field, "twice", w.label.Text+" is in it already: change what is given to him")
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
		return nil, r.Refuse(alveary.KindNotFound, field, "gone", "what was in this Cell is no longer there: put something into it first")
	case one == 0:
		return all, nil
	case !slices.Contains(all, one):
		return nil, r.Refuse(alveary.KindNotFound, field, "gone", "this ("+one.String()+") is not, or no longer, in the Cell")
	}
	return []alveary.NodeID{one}, nil
}

// managed finds a Cell, not a link, that whoever asks may change.
func (r *room) managed(id alveary.CellID, takes bool) (*alveary.Cell, error) {
	c, err := r.FindCell(id)
	if err != nil {
		return nil, err
	}
	if c.Link != nil {
		return nil, r.Invalid("", "invalid", "this is a link: it has no members")
	}
	return c, r.Manages(c, takes)
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
			return slices.ContainsFunc(from, func(o alveary.Entry) bool { return o.Role == e.Role && o.Node == e.Node && hall.SameGift(&o, &e) })
		})
	}
	if words := r.InWords(missing(was, is)); words != "" {
		did = append(did, "no longer "+words)
	}
	if words := r.InWords(missing(is, was)); words != "" {
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
	return r.Refuse(alveary.KindNotFound, "", "not-found", "there is no such member")
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
		one, err := r.LabelOf(role)
		if err != nil {
			return err
		}
		old := hall.EntriesWhere(c, func(e *alveary.Entry) bool {
			return e.Role == role && !hall.IsAnchor(e) && slices.Contains(nodes, e.Node)
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
			line, err := r.Node("node", id)
			if err != nil {
				return err
			}
			if err := r.mayGive("", c, line, &g, &who{role: role, label: one}); err != nil {
				return err
			}
			now := alveary.Entry{Role: role, Node: id, Rights: g.Rights, Policies: g.Policies, Expires: g.Expires}
			at := slices.IndexFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == role && e.Node == id && !hall.IsAnchor(&e) })
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
	taken := hall.EntriesWhere(c, func(e *alveary.Entry) bool { return e.Role == role && !hall.IsAnchor(e) })
	if len(taken) == 0 {
		return r.noMember()
	}
	if err := r.mayTake("", c, taken); err != nil {
		return err
	}
	c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == role && !hall.IsAnchor(&e) })
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
		case c.Owner != by.User.ID && (manager || !r.Administers()):
			return r.Denied("", "not-yours", "only its owner may choose who manages it")
		case user == c.Owner:
			return r.Conflict("user", "twice", "its owner manages it already")
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
	nobody := r.Invalid(field, "nobody", "choose somebody of this house whose account is not disabled")
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
	house, err := r.Everywhere()
	if err != nil {
		return user, err
	}
	ok, err := r.Finds(house, user.User.Group)
	if err == nil && !ok && !r.Administers() {
		err = nobody
	}
	return user, err
}

// Grant gives a user something on a node within a transaction that is under
// way, by a Cell of its own: what an answered request gives.
func (s *Service) Grant(ctx context.Context, tx *store.Tx, by alveary.Subject, node alveary.NodeID, to alveary.UserID, rights alveary.Rights, until time.Time) (alveary.CellID, error) {
	in, err := s.hall.In(ctx, tx, by, "give what was asked for")
	if err != nil {
		return 0, err
	}
	r := newRoom(in, s)
	line, err := r.Node("node", node)
	if err != nil {
		return 0, err
	}
	c, _, err := r.makeCell(&NewCell{
		Label: hall.NameOf(line), Nodes: []alveary.NodeID{node}, Gives: []Give{{To: Ref{User: to}, Rights: rights, Expires: until}},
	})
	return c.ID, err
}
