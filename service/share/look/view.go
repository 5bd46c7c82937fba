package look

import (
	"context"
	"slices"
	"time"

	"alveary"
	"alveary/service/share/hall"
)

// CellView is a Cell as whoever asks may see it.
type CellView struct {
	alveary.Cell
	Owner     hall.Person
	Mine      string // owner, manager, member or administrator
	Nodes     []NodeView
	Members   []MemberView // of a discreet Cell members see themselves alone
	Flags     []string
	Void      Void
	Use       alveary.CellUse // of a discreet Cell members see none
	Review    *ReviewRef      // that waits for an answer
	Abilities alveary.Abilities
}

// LinkView is a link as whoever asks may see it.
type LinkView struct {
	alveary.Cell
	Owner     hall.Person
	Mine      string
	Node      NodeView
	Password  bool
	People    []MemberView
	Ends      time.Time // under the house rules; zero: never
	Left      int64     // downloads; -1: no bound
	Downloads int64     // at most, under the house rules; 0: no bound
	Upload    int64     // bytes of a file at most, under the house rules; 0: no bound
	Flags     []string
	Void      Void
	Use       alveary.CellUse
	Review    *ReviewRef
	Invited   []hall.Invited // by the call that answers this
	Abilities alveary.Abilities
}

// NodeView is a node that is shared. Of one that whoever asks may not read,
// there is no name, and mere members are not told of it (MODEL.md 5.2);
// administrators are told the names of all.
type NodeView struct {
	ID      alveary.NodeID
	Name    string
	Path    string // as for whoever asks; empty where no workspace leads there
	Type    alveary.NodeType
	Missing alveary.Rights // what an entry gives and the owner lacks by now
	Binned  bool
}

// MemberView is somebody in a Cell.
type MemberView struct {
	Role     alveary.RoleID
	Kind     string // user, group, team or role
	Label    string
	User     alveary.UserID
	Login    string
	External bool
	Rights   alveary.Rights
	Policies []alveary.PolicyID
	Expires  time.Time
	Node     alveary.NodeID // 0: the same on all nodes
	Manager  bool
}

// Void is why house rules stop a share.
type Void struct {
	Term   string // of alveary.Terms
	Text   string
	Partly bool // on some of its nodes, or for external people
}

// ReviewRef is a review that waits for the answer of an owner.
type ReviewRef struct {
	ID   alveary.ReviewID
	Due  time.Time
	Note string
}

// nodeViews are the nodes of a share as whoever asks, and has this part in it,
// may see them.
func (r *Room) nodeViews(a *Album, c *alveary.Cell, mine string) ([]NodeView, error) {
	nodes := []NodeView{}
	for _, id := range c.Nodes() {
		v := NodeView{ID: id}
		for _, n := range a.states[c.ID].Nodes {
			if n.Node == id {
				v.Missing |= n.Missing
			}
		}
		line := a.lines[id]
		there := len(line) > 0
		switch {
		case there && r.Access.Rights(line).Has(alveary.ActionRead):
			path, _, err := r.Place(line)
			if err != nil {
				return nil, err
			}
			v.Name, v.Path, v.Type, v.Binned = line.Node().Name, path, line.Node().Type, line.InBin()
		case there && r.Administers():
			v.Name, v.Path, v.Type, v.Binned = line.Node().Name, line.Path(), line.Node().Type, line.InBin()
		case c.Link == nil && mine == hall.PartMember:
			continue
		}
		nodes = append(nodes, v)
	}
	return nodes, nil
}

func (r *Room) memberView(c *alveary.Cell, m hall.Member) MemberView {
	l := r.Labels[m.Role]
	return MemberView{
		Role: m.Role, Kind: l.Kind, Label: l.Text, User: l.User, Login: l.Login, External: l.External, Rights: m.Rights,
		Policies: append([]alveary.PolicyID{}, m.Policies...), Expires: m.Expires, Node: m.Node, Manager: slices.Contains(c.Managers, l.User),
	}
}

// memberViews are the members of a Cell, and its managers who are none, as
// whoever asks may see them.
func (r *Room) memberViews(c *alveary.Cell, mine string) ([]MemberView, error) {
	list := []MemberView{}
	known := map[alveary.UserID]bool{}
	for _, m := range r.Members(c) {
		v := r.memberView(c, m)
		known[v.User] = true
		if c.Discreet && mine == hall.PartMember && !r.Administers() {
			held, err := r.Holds(&r.By, m.Role)
			if err != nil {
				return nil, err
			}
			if !held {
				continue
			}
		}
		list = append(list, v)
	}
	for _, id := range c.Managers {
		if known[id] || c.Discreet && mine == hall.PartMember && !r.Administers() {
			continue
		}
		subject, err := r.Tx.Subject(id)
		if alveary.IsKind(err, alveary.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := r.Know(subject.Role); err != nil {
			return nil, err
		}
		list = append(list, r.memberView(c, hall.Member{Role: subject.Role}))
	}
	return list, nil
}

// Cell shows a Cell to whoever has a part in it.
func (s *Service) Cell(ctx context.Context, by alveary.Subject, id alveary.CellID) (out CellView, err error) {
	err = s.read(ctx, by, "look at the Cell", func(r *Room) error {
		c, err := r.FindCell(id)
		if err != nil {
			return err
		}
		if c.Link != nil {
			return r.NoCell()
		}
		views, err := r.cellViews([]alveary.Cell{*c})
		if err == nil {
			out = views[0]
		}
		return err
	})
	return out, err
}

// Cells lists the Cells that whoever asks owns, manages or is in, by id.
func (s *Service) Cells(ctx context.Context, by alveary.Subject) (out []CellView, err error) {
	err = s.read(ctx, by, "list the Cells", func(r *Room) error {
		all := r.own()
		if err := r.Know(rolesOf(all)...); err != nil {
			return err
		}
		var mine []alveary.Cell
		for i := range all {
			c := &all[i]
			if c.Link != nil {
				continue
			}
			part, err := r.Part(c)
			if err != nil {
				return err
			}
			if part != "" && part != hall.PartAdministrator {
				mine = append(mine, *c)
			}
		}
		var err error
		out, err = r.cellViews(mine)
		return err
	})
	return out, err
}

func (r *Room) cellViews(cells []alveary.Cell) ([]CellView, error) {
	out := make([]CellView, len(cells))
	a, err := r.Album(cells)
	if err != nil {
		return nil, err
	}
	for i := range cells {
		c := &cells[i]
		v := CellView{Cell: *c, Void: r.Stopped(&a, c)}
		if v.Mine, err = r.Part(c); err != nil {
			return nil, err
		}
		if r.seesOthers(c, v.Mine) {
			v.Use = a.uses[c.ID]
		}
		if v.Owner, err = r.PersonOf(c.Owner); err != nil {
			return nil, err
		}
		if v.Nodes, err = r.nodeViews(&a, c, v.Mine); err != nil {
			return nil, err
		}
		if v.Members, err = r.memberViews(c, v.Mine); err != nil {
			return nil, err
		}
		if v.Flags, err = r.Flags(&a, c); err != nil {
			return nil, err
		}
		if c.Manages(r.By.User.ID) || r.Administers() {
			v.Review = a.reviews[c.ID]
		} else {
			v.Cell.Entries, v.Cell.Managers = nil, nil
		}
		v.Abilities = r.abilities(c)
		out[i] = v
	}
	return out, nil
}

// abilities tell a screen what whoever asks may do with a share. What else
// stands in the way only trying tells.
func (r *Room) abilities(c *alveary.Cell) alveary.Abilities {
	owner, manager := c.Owner == r.By.User.ID, c.Manages(r.By.User.ID)
	out := alveary.Abilities{}
	add := func(word string, allowed bool, reason string) {
		if allowed {
			reason = ""
		}
		out[word] = alveary.Ability{Allowed: allowed, Reason: reason}
	}
	add("change", manager, "only its owner and its managers may change it")
	add("share", manager && c.Link == nil, "only its owner and its managers may add people")
	add("remove", c.Link == nil && (manager || r.Administers()), "only its owner and its managers may take people out")
	add("leave", c.Link == nil && !owner, "you own it: hand it over, or end it")
	add("handOver", c.Link == nil && (owner || r.Administers()), "only its owner may hand it over")
	add("end", owner || r.Administers(), "only its owner may end it")
	return out
}

// Link shows a link to whoever has a part in it.
func (s *Service) Link(ctx context.Context, by alveary.Subject, id alveary.CellID) (out LinkView, err error) {
	err = s.read(ctx, by, "look at the link", func(r *Room) error {
		c, err := r.FindLink(id)
		if err != nil {
			return err
		}
		out, err = r.linkView(c)
		return err
	})
	return out, err
}

func (r *Room) linkView(c *alveary.Cell) (v LinkView, err error) {
	a, err := r.Album([]alveary.Cell{*c})
	if err != nil {
		return v, err
	}
	v = LinkView{Cell: *c, Password: c.Link.Password, Left: -1, Void: r.Stopped(&a, c), Use: a.uses[c.ID], People: []MemberView{}, Abilities: r.abilities(c)}
	if v.Mine, err = r.Part(c); err != nil {
		return v, err
	}
	if v.Owner, err = r.PersonOf(c.Owner); err != nil {
		return v, err
	}
	nodes, err := r.nodeViews(&a, c, v.Mine)
	if err != nil {
		return v, err
	}
	house := alveary.DefaultHouse()
	if len(nodes) > 0 {
		v.Node = nodes[0]
		if house, err = r.HouseOf(c, a.lines[nodes[0].ID]); err != nil {
			return v, err
		}
	}
	v.Ends, v.Downloads, v.Upload = house.Ends(c), house.MostDownloads(c.Link), house.MostUpload(c.Link)
	if v.Downloads > 0 {
		v.Left = max(0, v.Downloads-v.Use.Downloads)
	}
	for _, role := range c.Link.People {
		v.People = append(v.People, r.memberView(c, hall.Member{Role: role}))
	}
	if v.Flags, err = r.Flags(&a, c); err != nil {
		return v, err
	}
	if v.Mine != hall.PartMember {
		v.Review = a.reviews[c.ID]
	}
	return v, nil
}
