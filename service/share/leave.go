package share

import (
	"context"
	"fmt"
	"slices"
	"time"

	"alveary"
	"alveary/service/share/hall"
)

// Leave takes whoever asks out of a Cell.
func (s *Service) Leave(ctx context.Context, by alveary.Subject, id alveary.CellID) error {
	return s.change(ctx, by, "leave the Cell", func(r *room) error {
		c, err := r.FindCell(id)
		if err != nil {
			return err
		}
		if c.Owner == by.User.ID {
			return r.Conflict("", "owner", "you own it: hand it over, or end it")
		}
		if c.Link != nil {
			return r.Conflict("", "link", "this is a link: there is nothing to leave")
		}
		own := hall.EntriesWhere(c, func(e *alveary.Entry) bool { return e.Role == by.Role && !hall.IsAnchor(e) })
		others, err := r.otherwise(c)
		if err != nil {
			return err
		}
		manages := slices.Contains(c.Managers, by.User.ID)
		switch {
		case len(own) > 0 && others != "", len(own) == 0 && !manages && others != "":
			// What is given to himself may be less than what he has as one of many:
			// without it he would have more.
			return r.Conflict("", "by-group", "you are in it as one of “"+others+"”: ask its owner to take you out")
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
			c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == by.Role && !hall.IsAnchor(&e) })
			if err := r.putEntries(c); err != nil {
				return err
			}
		}
		return r.OnRecord("leave-share", c, "")
	})
}

// otherwise is what else makes whoever asks a member, as people read it.
func (r *room) otherwise(c *alveary.Cell) (string, error) {
	for i := range c.Entries {
		e := &c.Entries[i]
		if hall.IsAnchor(e) || e.Role == r.By.Role {
			continue
		}
		held, err := r.Holds(&r.By, e.Role)
		if err != nil {
			return "", err
		}
		if held {
			l, err := r.LabelOf(e.Role)
			return l.Text, err
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
		c, err := r.FindCell(id)
		if err != nil {
			return err
		}
		switch {
		case c.Link != nil:
			return r.Invalid("", "invalid", "a link cannot be handed over: end it, and let him make one")
		case c.Owner != by.User.ID && !r.Administers():
			return r.Denied("", "not-yours", "only its owner may hand it over")
		case c.Owner == user:
			return r.Conflict("user", "twice", "he owns it already")
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
	if r.Administers() {
		return nil
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		if hall.IsAnchor(e) || e.Role == heir.Role {
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
		// What neither of them has now the heir may come by later, and the members
		// with him.
		if missing := rights &^ r.Access.Rights(line); missing != 0 {
			return r.notHeld("user", line, missing, "you do not have it yourself any more: take it out of the Cell first, or ask an administrator")
		}
		if err := r.within("user", heir, r.By, 0, line, rights, time.Time{}, false); err != nil {
			var refusal *hall.Fault
			if !hall.AsFault(err, &refusal) {
				return err
			}
			return r.Denied("user", "not-held", heir.User.DisplayName()+" may have more there than you, and members would then have it too: "+
				"ask an administrator, or let him make a Cell of his own", refusal.Err.Missing.Actions()...)
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
	c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == was && hall.IsAnchor(&e) })
	anchors := make([]alveary.Entry, 0, len(nodes)+len(c.Entries))
	for _, id := range nodes {
		anchors = append(anchors, alveary.Entry{Role: heir.Role, Node: id})
	}
	c.Entries = append(anchors, c.Entries...)
	c.Owner = heir.User.ID
	c.Managers = slices.DeleteFunc(c.Managers, func(m alveary.UserID) bool { return m == heir.User.ID })
	if r.By.User.ID == from {
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
	if _, err := r.Tx.Notify(alveary.Notice{User: heir.User.ID, Kind: alveary.NoticeHanded, By: r.By.User.ID, Cell: c.ID, Text: c.Label}); err != nil {
		return err
	}
	return r.OnRecord("hand-over-share", c, fmt.Sprintf("from user %s to %s", userText(from), heir.User.Login))
}
