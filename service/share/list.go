package share

import (
	"context"
	"errors"
	"slices"
	"time"

	"alveary"
	"alveary/service/share/hall"
)

// Fix is what is done with many shares at once.
type Fix struct {
	Action string // end, set-end or remove-external
	Until  time.Time
}

// Failure is a share with which it could not be done.
type Failure struct {
	ID      alveary.CellID
	Message string
}

const mostFixed = 500

// Fix does the same with many shares, each by itself: what can be done is done.
func (s *Service) Fix(ctx context.Context, by alveary.Subject, ids []alveary.CellID, f Fix) (done []alveary.CellID, failed []Failure, err error) {
	done, failed = []alveary.CellID{}, []Failure{}
	bad := func(message string) error {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: "change the shares", Code: "invalid", Message: message}
	}
	switch {
	case len(ids) == 0 || len(ids) > mostFixed:
		return done, failed, bad("choose 1 to 500 shares")
	case !slices.Contains([]string{"end", "set-end", "remove-external"}, f.Action):
		return done, failed, bad("what to do is end, set-end or remove-external")
	case f.Action == "set-end" && !f.Until.After(s.Now()):
		return done, failed, &alveary.Error{Kind: alveary.KindInvalid, Op: "change the shares", Code: "past", Message: "this end has passed already"}
	}
	for _, id := range ids {
		err := s.change(ctx, by, "change the share", func(r *room) error { return r.fix(id, f) })
		var refusal *alveary.Error
		switch {
		case err == nil:
			done = append(done, id)
		case errors.As(err, &refusal) && refusal.Kind != alveary.KindInternal && refusal.Kind != alveary.KindUnauthenticated:
			failed = append(failed, Failure{id, refusal.Message})
		default:
			return done, failed, err
		}
	}
	return done, failed, nil
}

func (r *room) fix(id alveary.CellID, f Fix) error {
	c, err := r.FindCell(id)
	if err != nil {
		return err
	}
	switch f.Action {
	case "end":
		return r.end(c)
	case "set-end":
		if err := r.Manages(c, true); err != nil {
			return err
		}
		if c.Link == nil {
			return r.changeCell(c, &CellChange{Until: &f.Until})
		}
		_, err := r.changeLink(c, &LinkChange{Until: &f.Until}, "")
		return err
	}
	if err := r.Manages(c, true); err != nil {
		return err
	}
	return r.removeExternal(c)
}

// removeExternal takes external people out. A link that is for nobody else
// ends: without names it would be open to anyone.
func (r *room) removeExternal(c *alveary.Cell) error {
	if c.Link != nil {
		if err := r.Know(c.Link.People...); err != nil {
			return err
		}
		if !r.External(c) {
			return nil
		}
		was := c.Link.People
		c.Link.People = slices.DeleteFunc(slices.Clone(was), func(id alveary.RoleID) bool { return r.Labels[id].External })
		if len(c.Link.People) == 0 {
			c.Link.People = was
			return r.end(c)
		}
		if err := r.Tx.UpdateCell(*c); err != nil {
			return err
		}
		return r.changedCell(c, changed{"people: " + r.PeopleInWords(c.Link.People)})
	}
	before := slices.Clone(c.Entries)
	for _, m := range r.Members(c) {
		l, err := r.LabelOf(m.Role)
		if err != nil {
			return err
		}
		if !l.External || !slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == m.Role && !hall.IsAnchor(&e) }) {
			continue
		}
		if err := r.remove(c, m.Role); err != nil {
			return err
		}
	}
	if len(before) == len(c.Entries) {
		return nil
	}
	if err := r.putEntries(c); err != nil {
		return err
	}
	return r.changedCell(c, r.difference(before, c.Entries))
}
