package authz

import (
	"context"

	"alveary"
	"alveary/authz/bound"
	"alveary/authz/ways"
)

// House is what the house rules come to for an owner of Cells on the node at the
// end of the lineage. By says which rule set which term.
func (g *Gate) House(ctx context.Context, src Source, owner alveary.Subject, line alveary.Lineage) (alveary.House, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return alveary.House{}, err
	}
	return snap.Book.Bylaws(snap.Who(&owner).Stack).On(line, true), nil
}

// State is whether a Cell or link gives anything now, and why not.
type State struct {
	Void  string // the term of the house rules that stops it on every node; empty: none
	Owner string // "gone", "disabled" or empty
	Nodes []NodeState
}

// NodeState is the same of a node that a Cell is bound to.
type NodeState struct {
	Node    alveary.NodeID
	Gone    bool           // there is no such node
	Void    string         // the term of the house rules that stops it here
	Shuns   bool           // the house rules stop it here for external people
	Missing alveary.Rights // what an entry gives and the owner lacks now; of policies, read
}

// LiveAll says of Cells and links whether they give anything now. What the owner
// has is asked without any request: where a policy rests on one, he lacks what
// it denies to a request of which nothing is known. Line finds the way to a
// node; a node that is gone is alveary.KindNotFound. Cells that do not exist are
// left out.
func (g *Gate) LiveAll(ctx context.Context, src Source, cells []alveary.CellID, line func(alveary.NodeID) (alveary.Lineage, error)) (map[alveary.CellID]State, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return nil, err
	}
	l := living{gate: g, snap: snap, line: line, owners: map[*ways.Owner]*Access{}}
	if snap.Owners {
		l.logins = loginsOf(ctx, src)
	}
	out := make(map[alveary.CellID]State, len(cells))
	for _, id := range cells {
		cell, owner, ok := snap.Book.Cell(id)
		if !ok {
			continue
		}
		if out[id], err = l.state(cell, owner); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Live is LiveAll for one.
func (g *Gate) Live(ctx context.Context, src Source, cell alveary.CellID, line func(alveary.NodeID) (alveary.Lineage, error)) (State, error) {
	all, err := g.LiveAll(ctx, src, []alveary.CellID{cell}, line)
	return all[cell], err
}

// living asks about many Cells; an owner is bound once.
type living struct {
	gate   *Gate
	snap   *bound.Snapshot
	logins logins
	line   func(alveary.NodeID) (alveary.Lineage, error)
	owners map[*ways.Owner]*Access
}

func (l *living) state(c *alveary.Cell, o *ways.Owner) (s State, err error) {
	switch {
	case o == nil:
		s.Owner = "gone"
	case !o.Known():
		s.Owner = "disabled"
	}
	void := 0
	for _, id := range c.Nodes() {
		n := NodeState{Node: id}
		line, err := l.line(id)
		switch {
		case alveary.IsKind(err, alveary.KindNotFound):
			n.Gone = true
		case err != nil:
			return s, err
		}
		given := ways.Given(c, id)
		n.Missing = given
		if o.Known() && !n.Gone {
			h := o.Bylaws().On(line, false)
			n.Shuns = !h.External
			n.Void = h.Void(c, id, line.Node().IsFolder(), l.gate.now())
			n.Missing = given &^ l.of(o).held(line, given)
		}
		if n.Void != "" {
			void++
			s.Void = n.Void
		}
		s.Nodes = append(s.Nodes, n)
	}
	if void < len(s.Nodes) {
		s.Void = ""
	}
	return s, nil
}

// of is the owner bound to no request.
func (l *living) of(o *ways.Owner) *Access {
	a := l.owners[o]
	if a == nil {
		a = &Access{gate: l.gate, owner: l.logins}
		a.begin(l.snap.OfOwner(o), &alveary.Context{}, l.gate.now())
		l.owners[o] = a
	}
	return a
}
