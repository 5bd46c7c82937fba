package console

import (
	"context"
	"slices"

	"alveary"
	"alveary/service/share/hall"
	"alveary/service/share/look"
	"alveary/store"
)

// mostListed is how many shares a rule that is tried names in each list.
const mostListed = 500

// CheckRule says what a house rule would stop and what it would let through
// again, and keeps nothing. What it would stop on some nodes, or for external
// people alone, is among it, and is said to be so.
func (s *Service) CheckRule(ctx context.Context, by alveary.Subject, rule alveary.HouseRule) (stopped, freed []look.Row, err error) {
	stopped, freed = []look.Row{}, []look.Row{}
	err = s.try(ctx, by, "try the house rule", func(r *room) error {
		if err := r.Administrators(); err != nil {
			return err
		}
		cells, err := r.Tx.Cells()
		if err != nil {
			return err
		}
		before, err := r.Album(cells)
		if err != nil {
			return err
		}
		if _, err := r.putRule(rule); err != nil {
			return err
		}
		after, err := r.Album(cells)
		if err != nil {
			return err
		}
		t := trial{room: r, outside: map[alveary.RoleID]bool{}}
		for i := range cells {
			c := &cells[i]
			was, err := t.stops(&before, c)
			if err != nil {
				return err
			}
			is, err := t.stops(&after, c)
			if err != nil {
				return err
			}
			into := &stopped
			if is.less(was) {
				into = &freed
			} else if !was.less(is) {
				continue
			}
			if len(*into) == mostListed {
				continue
			}
			row, err := t.row(&after, c)
			if err != nil {
				return err
			}
			if is.external && is.nodes <= was.nodes {
				row.Void = look.Void{Term: external, Text: hall.TermText(external), Partly: true}
			}
			*into = append(*into, row)
		}
		return nil
	})
	return stopped, freed, err
}

const external = "external" // the term of house rules

// stop is what house rules stop of a share: everything, what it gives on some of
// its nodes, and what external people have of the rest.
type stop struct {
	all      bool
	nodes    int
	external bool
}

// less says whether less is stopped than by another.
func (s stop) less(than stop) bool {
	switch {
	case s.all || than.all:
		return than.all && !s.all
	case s.nodes != than.nodes:
		return s.nodes < than.nodes
	}
	return than.external && !s.external
}

// trial is a rule that is tried.
type trial struct {
	*room
	outside map[alveary.RoleID]bool // roles that were asked about
}

func (t *trial) stops(a *look.Album, c *alveary.Cell) (s stop, err error) {
	if a.Void(c).Term != "" {
		return stop{all: true}, nil
	}
	s.nodes, _ = a.Voids(c)
	for _, on := range a.Shuns(c) {
		if s.external, err = t.meets(c, on); err != nil || s.external {
			return s, err
		}
	}
	return s, nil
}

// meets says whether somebody from outside comes by a share to a node.
func (t *trial) meets(c *alveary.Cell, on alveary.NodeID) (bool, error) {
	var roles []alveary.RoleID
	if c.Link != nil {
		roles = c.Link.People
	}
	for i := range c.Entries {
		if e := &c.Entries[i]; c.Link == nil && e.Node == on && !hall.IsAnchor(e) && !e.Expired(t.Now()) {
			roles = append(roles, e.Role)
		}
	}
	for _, role := range roles {
		outside, known := t.outside[role]
		if !known {
			var err error
			if outside, err = t.holdsOutside(role); err != nil {
				return false, err
			}
			t.outside[role] = outside
		}
		if outside {
			return true, nil
		}
	}
	return false, nil
}

// holdsOutside says whether somebody from outside holds a role. No group gives
// him one.
func (t *trial) holdsOutside(id alveary.RoleID) (bool, error) {
	l, err := t.LabelOf(id)
	if err != nil || l.Kind == hall.KindUser || l.Kind == hall.KindGroup {
		return l.External, err
	}
	role, err := t.Tx.Role(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	f := store.UserFilter{Profile: alveary.ProfileShared, State: store.StateActive, Limit: 1}
	if !slices.Contains(role.Profiles, alveary.ProfileShared) {
		f.Role = id
	}
	found, err := t.Tx.FindUsers(f)
	return len(found.Users) > 0, err
}

func (t *trial) row(a *look.Album, c *alveary.Cell) (row look.Row, err error) {
	flags, err := t.Flags(a, c)
	if err != nil {
		return row, err
	}
	return t.Row(a, c, flags)
}
