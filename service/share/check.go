package share

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"alveary"
	"alveary/service/share/hall"
	"alveary/store"
)

// Effect is what making or changing a Cell would do.
type Effect struct {
	Gain     []string // whom it would give more
	Lose     []string // whom it would take something
	Problems []Problem
}

// Problem is why a part of it would be refused.
type Problem struct {
	Field   string
	Message string
	Code    string
	Missing alveary.Rights
}

// CheckCell says what a Cell would give whom if it were made, or where it has
// an id made into this, and saves nothing. Nobody is invited.
func (s *Service) CheckCell(ctx context.Context, by alveary.Subject, id alveary.CellID, n NewCell) (out Effect, err error) {
	out = Effect{Gain: []string{}, Lose: []string{}, Problems: []Problem{}}
	err = s.read(ctx, by, "look what this would share", func(r *room) error {
		c := alveary.Cell{Owner: by.User.ID}
		if id != 0 {
			have, err := r.managed(id, false)
			if err != nil {
				return err
			}
			c = *have
		}
		before := slices.Clone(c.Entries)
		c.Label, c.Description, c.From, c.Until = n.Label, n.Description, n.From, n.Until
		err := out.collect(r.checkCell(&c))
		if err != nil {
			return err
		}
		if err := r.tryNodes(&c, &out, n); err != nil {
			return err
		}
		if err := r.tryGives(&c, &out, n.Gives, id != 0); err != nil {
			return err
		}
		return r.compare(&out, before, &c)
	})
	return out, err
}

// collect keeps a refusal, and hands on what is none.
func (e *Effect) collect(err error) error {
	var refusal *alveary.Error
	if err == nil {
		return nil
	}
	if !errors.As(err, &refusal) || refusal.Kind == alveary.KindInternal || refusal.Kind == alveary.KindUnauthenticated {
		return err
	}
	p := Problem{Message: refusal.Message, Code: refusal.Code, Missing: refusal.Missing}
	var placed *hall.Fault
	if hall.AsFault(err, &placed) {
		p.Field = placed.Field
	}
	e.Problems = append(e.Problems, p)
	return nil
}

// tryNodes puts those nodes into a Cell that can be put there.
func (r *room) tryNodes(c *alveary.Cell, out *Effect, n NewCell) error {
	if len(n.Nodes) == 0 {
		if c.ID == 0 { // a folder would be made for it
			c.Entries = []alveary.Entry{{Role: r.By.Role, Node: r.By.Homes[alveary.TemplateMyFiles]}}
		}
		return nil
	}
	for i := range n.Nodes {
		one := *c
		one.Entries = slices.Clone(c.Entries)
		err := r.setNodes(&one, append(c.Nodes(), n.Nodes[i]))
		if slices.Contains(c.Nodes(), n.Nodes[i]) && !slices.Contains(n.Nodes[:i], n.Nodes[i]) {
			continue
		}
		if err == nil {
			c.Entries = one.Entries
			continue
		}
		if err := out.collect(moved(err, fmt.Sprintf("nodes[%d]", i))); err != nil {
			return err
		}
	}
	kept := slices.DeleteFunc(c.Nodes(), func(id alveary.NodeID) bool { return !slices.Contains(n.Nodes, id) })
	if len(kept) == 0 {
		return nil
	}
	return out.collect(r.setNodes(c, kept))
}

// moved puts a refusal at another place.
func moved(err error, field string) error {
	var placed *hall.Fault
	if hall.AsFault(err, &placed) {
		return &hall.Fault{Err: placed.Err, Field: field}
	}
	return hall.At(field, err)
}

// tryGives gives each what he can be given. Those who are in the Cell already
// are taken to be given something else.
func (r *room) tryGives(c *alveary.Cell, out *Effect, gives []Give, change bool) error {
	var kept []alveary.RoleID
	for i := range gives {
		field := fmt.Sprintf("members[%d]", i)
		if change {
			w, err := r.resolve(field, gives[i].To)
			if err == nil && w.role != "" && !slices.Contains(kept, w.role) {
				c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Role == w.role && !hall.IsAnchor(&e) })
				kept = append(kept, w.role)
			}
		}
		if mail := gives[i].To.Email; mail != "" && slices.ContainsFunc(gives[:i], func(g Give) bool { return store.FoldName(g.To.Email) == store.FoldName(mail) }) {
			if err := out.collect(r.Conflict(field, "twice", mail+" is there twice")); err != nil {
				return err
			}
			continue
		}
		if len(c.Entries) == 0 || c.ID == 0 && c.Entries[0].Node == 0 {
			if err := out.collect(r.checkGive(field, &gives[i])); err != nil {
				return err
			}
			continue
		}
		if _, err := r.addOne(c, field, &gives[i], false); err != nil {
			if err := out.collect(moved(err, field)); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare says who gains and who loses.
func (r *room) compare(out *Effect, before []alveary.Entry, c *alveary.Cell) error {
	more := func(now, than []alveary.Entry) ([]string, error) {
		names := []string{}
		for i := range now {
			e := &now[i]
			if hall.IsAnchor(e) || slices.ContainsFunc(than, func(o alveary.Entry) bool {
				return o.Role == e.Role && o.Node == e.Node && (hall.SameGift(&o, e) || len(o.Policies)+len(e.Policies) == 0 && e.Rights&^o.Rights == 0 && o.Expires.Equal(e.Expires))
			}) {
				continue
			}
			name := "somebody who is invited"
			if e.Role != "" {
				l, err := r.LabelOf(e.Role)
				if err != nil {
					return nil, err
				}
				name = l.Text
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return names, nil
	}
	var err error
	if out.Gain, err = more(c.Entries, before); err != nil {
		return err
	}
	out.Lose, err = more(before, c.Entries)
	return err
}
