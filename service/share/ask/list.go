package ask

import (
	"context"

	"alveary"
	"alveary/service/files/desk"
)

// Person is an account as others may see it.
type Person struct {
	ID          alveary.UserID
	Login, Name string
}

// Asked is a request as its reader may see it.
type Asked struct {
	alveary.Request
	Person   Person // who asks
	Name     string // of the node; empty where the reader may not read it
	Path     string
	Answerer *Person           // who answered
	May      alveary.Abilities // "answer": refuse, "grant": give as well, "withdraw"
}

// List gives the requests that somebody made and those that wait for him or
// that he could have answered, newest first. Of nodes that he may not read,
// those that he made show no name, and others are shown to administrators
// alone.
func (s *Service) List(ctx context.Context, by alveary.Subject) (mine, forMe []Asked, err error) {
	if by.Link != 0 || !by.Known() {
		return nil, nil, nil
	}
	err = s.desk.Read(ctx, by, func(v *desk.View) error {
		made, err := v.Tx.RequestsOf(by.User.ID)
		if err != nil {
			return err
		}
		asked, err := v.Tx.RequestsFor(by.User.ID, false)
		if err != nil {
			return err
		}
		made, asked = recent(made), recent(asked)
		r := reading{Service: s, View: v, ctx: ctx}
		if err := r.find(made, asked); err != nil {
			return err
		}
		for _, q := range made {
			a, _, err := r.asked(q)
			if err != nil {
				return err
			}
			a.May = alveary.Abilities{"withdraw": able(q.Answer == "", answered)}
			mine = append(mine, a)
		}
		for _, q := range asked {
			a, seen, err := r.asked(q)
			if err != nil {
				return err
			}
			if !seen && !administers(by) {
				continue
			}
			if a.May, err = r.may(&q); err != nil {
				return err
			}
			forMe = append(forMe, a)
		}
		return nil
	})
	return mine, forMe, err
}

// recent leaves out what is long past.
func recent(list []alveary.Request) (kept []alveary.Request) {
	past := 0
	for _, q := range list {
		if q.Answer != "" {
			past++
		}
		if q.Answer == "" || past <= mostPast {
			kept = append(kept, q)
		}
	}
	return kept
}

func administers(by alveary.Subject) bool { return by.User.Profile == alveary.ProfileAdmin }

// answered is why nothing can be done with a request any more.
const answered = "this request was answered already"

func able(yes bool, why string) alveary.Ability {
	if yes {
		return alveary.Ability{Allowed: true}
	}
	return alveary.Ability{Reason: why}
}

// reading is one looking at requests.
type reading struct {
	*Service
	*desk.View
	ctx   context.Context //nolint:containedctx // a reading lives within one call
	lines map[alveary.NodeID]alveary.Lineage
}

// find looks the ways to all nodes up at once.
func (r *reading) find(lists ...[]alveary.Request) (err error) {
	var ids []alveary.NodeID
	for _, list := range lists {
		for _, q := range list {
			ids = append(ids, q.Node)
		}
	}
	r.lines, err = r.Tx.Lineages(ids)
	return err
}

// line is the way to a live node of a request; nil where there is none.
func (r *reading) line(q *alveary.Request) alveary.Lineage {
	if line := r.lines[q.Node]; line != nil && !line.InBin() {
		return line
	}
	return nil
}

// asked words a request for whoever reads it; seen says that he may read the
// node.
func (r *reading) asked(q alveary.Request) (a Asked, seen bool, err error) {
	a.Request = q
	if line := r.line(&q); line != nil && r.Access.Rights(line).Has(alveary.ActionRead) {
		seen, a.Name = true, line.Node().Name
		if a.Path, _, err = r.Place(line); err != nil {
			return a, seen, err
		}
	}
	person, err := r.person(q.User)
	if err != nil {
		return a, seen, err
	}
	if person != nil {
		a.Person = *person
	}
	a.Answerer, err = r.person(q.By)
	return a, seen, err
}

func (r *reading) person(id alveary.UserID) (*Person, error) {
	p, err := r.Person(id)
	if p == nil || err != nil {
		return nil, err
	}
	return &Person{id, p.Login, p.Name}, nil
}

// may says what who reads it may do with a request that he may answer.
func (r *reading) may(q *alveary.Request) (alveary.Abilities, error) {
	if q.Answer != "" {
		return alveary.Abilities{"answer": able(false, answered), "grant": able(false, answered)}, nil
	}
	line := r.line(q)
	why := "there is nothing here any more"
	if line != nil {
		asker, err := r.Tx.User(q.User)
		if err != nil {
			return nil, err
		}
		if why, err = r.maySharing(r.ctx, r.Access, r.Tx, asker, line); err != nil {
			return nil, err
		}
	}
	if why == "" {
		why = lacks(q.Rights &^ r.Access.Rights(line))
	}
	return alveary.Abilities{"answer": able(true, ""), "grant": able(why == "", why)}, nil
}

// lacks words the rights that are missing; empty where none is.
func lacks(missing alveary.Rights) string {
	if missing == 0 {
		return ""
	}
	return alveary.MissingRights(missing.Actions()...)
}
