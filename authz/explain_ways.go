package authz

import (
	"alveary"
	"alveary/authz/trace"
	"alveary/authz/ways"
)

// waySteps tells of each Cell and link that leads to the node.
func (a *Access) waySteps(line alveary.Lineage, action alveary.Action) []WayStep {
	return a.wayStepsOf(a, line, action, map[*ways.Owner]telling{})
}

// telling is how far the ways of an owner were told.
type telling uint8

const (
	untold telling = iota
	under          // in the chain that is being told
	told
)

// wayStepsOf tells of the ways of one of those whose rights count for a.
func (a *Access) wayStepsOf(p *Access, line alveary.Lineage, action alveary.Action, owners map[*ways.Owner]telling) (out []WayStep) {
	for _, b := range p.ways.On(line, a.now, nil) {
		l := p.standing(b.Way)
		step := WayStep{Cell: b.Way.Cell.ID, Label: b.Way.Cell.Label, Kind: "cell", Entries: p.entrySteps(l, line), Policies: p.policySteps(l, line, action)}
		if b.Way.Cell.Link != nil {
			step.Kind = "link"
		}
		given, _ := p.entries(l, line, alveary.AllRights)
		step.Gives = given & p.keeps(b.Way)
		var owner *Access
		if o := b.Way.Owner; o != nil {
			step.Owner = o.Subject.User.Login
			if o.Known() {
				owner = a.of(o)
				step.OwnerHas = owner.held(line, alveary.AllRights)
				step.Loop = owners[o] == under || o.Subject.User.ID == a.who.Subject.User.ID
				if owners[o] == untold {
					owners[o] = under
					step.Above = a.wayStepsOf(owner, line, action, owners)
					owners[o] = told
				}
			}
		}
		stopped := b.Words(p.stops(&b, line))
		step.Counts = stopped == "" && step.Gives.Has(action) && step.OwnerHas.Has(action)
		step.Text = sentence(&step, b.Way, action, stopped, owner, line)
		out = append(out, step)
	}
	return out
}

func sentence(s *WayStep, w *ways.Way, action alveary.Action, stopped string, owner *Access, line alveary.Lineage) string {
	switch {
	case stopped != "":
		return w.String() + " gives nothing: " + stopped
	case s.Gives == 0:
		return w.String() + " gives nothing here"
	case !s.Gives.Has(action):
		return w.String() + " gives " + trace.Spoken(s.Gives) + " here, not " + action.String()
	case s.Counts:
		return w.String() + " gives " + action.String() + " here, and " + s.Owner + " has it"
	case s.Loop:
		return w.String() + " gives " + action.String() + " here, but comes back to where it began: " + s.Owner + " has it from nowhere else"
	}
	why := owner.decider(line, &Explanation{Policies: owner.policySteps(owner.ledger, line, action)})
	return w.String() + " gives " + action.String() + " here, but " + s.Owner + " does not have it: " + why.Text
}

// settledBy finds what settled the answer, ways through Cells included.
func (a *Access) settledBy(line alveary.Lineage, action alveary.Action, e *Explanation) Decider {
	own, denied := a.own(line, alveary.AllRights)
	if g := a.cells.guest; g != nil && !e.Allowed {
		if _, lacks := g.own(line, alveary.AllRights); lacks.Has(action) {
			d := g.decider(line, &Explanation{Policies: g.policySteps(g.ledger, line, action)})
			d.Clause, d.Text = "4.2", "of "+g.who.Subject.User.Login+", who opened the link: "+d.Text
			return d
		}
	}
	if a.who.Ways != nil && a.ways == nil {
		return Decider{Clause: "2.3", Text: "the link is for named people, and whoever opens it is none of them", Rule: -1, Cell: a.who.Subject.Link}
	}
	if denied.Has(action) || own.Has(action) {
		return a.decider(line, e)
	}
	best := -1
	for i := range e.Ways {
		switch s := &e.Ways[i]; {
		case s.Counts && (best < 0 || !e.Ways[best].Counts):
			best = i
		case best < 0 || !e.Ways[best].Counts && !e.Ways[best].Gives.Has(action) && s.Gives.Has(action):
			best = i
		}
	}
	d := a.decider(line, e)
	if best < 0 || !e.Ways[best].Counts && d.Clause != "3.1" {
		return d // what his own roles say tells more
	}
	way := &e.Ways[best]
	d = Decider{Clause: "4.1", Text: way.Text, Rule: -1, Cell: way.Cell}
	if way.Loop && !way.Counts {
		d.Clause = "4.3"
	}
	return d
}
