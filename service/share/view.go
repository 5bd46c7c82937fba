package share

import (
	"context"
	"slices"
	"time"

	"alveary"
	"alveary/authz"
)

// CellView is a Cell as whoever asks may see it.
type CellView struct {
	alveary.Cell
	Owner     Person
	Mine      string // owner, manager, member or administrator
	Nodes     []NodeView
	Members   []MemberView // of a discreet Cell members see themselves alone
	Flags     []string
	Void      Void
	Use       alveary.CellUse
	Review    *ReviewRef // that waits for an answer
	Abilities alveary.Abilities
}

// LinkView is a link as whoever asks may see it.
type LinkView struct {
	alveary.Cell
	Owner     Person
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
	Invited   []Invited // by the call that answers this
	Abilities alveary.Abilities
}

// NodeView is a node that is shared. Of one that whoever asks may not read,
// there is no name; administrators are told the names of all.
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
	Term string // of alveary.Terms
	Text string
}

// ReviewRef is a review that waits for the answer of an owner.
type ReviewRef struct {
	ID   alveary.ReviewID
	Due  time.Time
	Note string
}

// The flags of shares.
const (
	FlagNoPassword = "no-password" // a link that anyone can open who has the address
	FlagNoEnd      = "no-end"
	FlagExternal   = "external" // external people are members, or named
	FlagUnused     = "unused"   // for 90 days
	FlagOwnerGone  = "owner-gone"
	FlagStopped    = "stopped" // by a house rule
	FlagEnded      = "ended"
	FlagWeaker     = "weaker" // its owner lacks what it gives
	FlagBinned     = "binned" // a node of it is in the bin
	FlagEmpty      = "empty"  // nothing is in it any more
)

const unusedFor = 90 * 24 * time.Hour

// album is what is known of some shares, looked up for all at once.
type album struct {
	states  map[alveary.CellID]authz.State
	uses    map[alveary.CellID]alveary.CellUse
	lines   map[alveary.NodeID]alveary.Lineage
	reviews map[alveary.CellID]*ReviewRef
	days    bool // a house rule bounds how long links last
}

func (r *room) album(cells []alveary.Cell) (a album, err error) {
	ids := make([]alveary.CellID, len(cells))
	var nodes []alveary.NodeID
	var roles []alveary.RoleID
	owners := map[alveary.UserID]bool{}
	for i := range cells {
		c := &cells[i]
		ids[i], owners[c.Owner] = c.ID, true
		for j := range c.Entries {
			nodes, roles = append(nodes, c.Entries[j].Node), append(roles, c.Entries[j].Role)
		}
		if c.Link != nil {
			roles = append(roles, c.Link.People...)
		}
	}
	roles = slices.DeleteFunc(roles, func(id alveary.RoleID) bool { return id.OfLink() != 0 })
	if err := r.know(roles...); err != nil {
		return a, err
	}
	if a.lines, err = r.Tx.Lineages(nodes); err != nil {
		return a, err
	}
	line := func(id alveary.NodeID) (alveary.Lineage, error) {
		if line, ok := a.lines[id]; ok {
			return line, nil
		}
		return r.Tx.Lineage(id)
	}
	if a.states, err = r.service.Gate.LiveAll(r.ctx, r.Tx, ids, line); err != nil {
		return a, err
	}
	if a.uses, err = r.Tx.CellUses(ids); err != nil {
		return a, err
	}
	rules, err := r.Tx.HouseRules()
	if err != nil {
		return a, err
	}
	a.days = slices.ContainsFunc(rules, func(h alveary.HouseRule) bool { return h.Terms.Days != nil && *h.Terms.Days > 0 })
	a.reviews = map[alveary.CellID]*ReviewRef{}
	if len(owners) > mostOwners {
		return a, r.openReviews(a.reviews)
	}
	for owner := range owners {
		open, err := r.Tx.ReviewsOpen(owner)
		if err != nil {
			return a, err
		}
		noteReviews(a.reviews, open)
	}
	return a, nil
}

// mostOwners is of how many owners the open reviews are looked up one by one.
const mostOwners = 20

func (r *room) openReviews(into map[alveary.CellID]*ReviewRef) error {
	all, err := r.Tx.Reviews()
	noteReviews(into, all)
	return err
}

// noteReviews keeps of each share the review that is due first.
func noteReviews(into map[alveary.CellID]*ReviewRef, reviews []alveary.Review) {
	for i := range reviews {
		v := &reviews[i]
		for _, c := range v.Cells {
			if have := into[c.Cell]; c.Answer == "" && (have == nil || v.Due.Before(have.Due)) {
				into[c.Cell] = &ReviewRef{v.ID, v.Due, v.Note}
			}
		}
	}
}

// void is why house rules stop a share.
func (a *album) void(c *alveary.Cell) Void {
	term := a.states[c.ID].Void
	if term == "" {
		return Void{}
	}
	return Void{term, termText(term)}
}

// ends is when a share ends, under the house rules.
func (r *room) ends(a *album, c *alveary.Cell) (time.Time, error) {
	if c.Link == nil || !a.days || len(c.Entries) == 0 {
		return c.Until, nil
	}
	house, err := r.houseOf(c, a.lines[c.Entries[0].Node])
	return house.Ends(c), err
}

// houseOf are the house rules for the owner of a share.
func (r *room) houseOf(c *alveary.Cell, line alveary.Lineage) (alveary.House, error) {
	if len(line) == 0 {
		return alveary.DefaultHouse(), nil
	}
	if c.Owner == r.by.User.ID {
		return r.house(line)
	}
	owner, err := r.Tx.Subject(c.Owner)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return alveary.DefaultHouse(), nil
	}
	if err != nil {
		return alveary.House{}, err
	}
	return r.service.Gate.House(r.ctx, r.Tx, owner, line)
}

// flags say what one should know of a share at a glance.
func (r *room) flags(a *album, c *alveary.Cell) (flags []string, err error) {
	now, state, use := r.service.Now(), a.states[c.ID], a.uses[c.ID]
	flags = []string{}
	add := func(flag string, is bool) {
		if is {
			flags = append(flags, flag)
		}
	}
	ends, err := r.ends(a, c)
	if err != nil {
		return nil, err
	}
	last := use.Last
	if last.IsZero() {
		last = c.Created
	}
	binned := slices.ContainsFunc(c.Nodes(), func(id alveary.NodeID) bool { return a.lines[id].InBin() })
	add(FlagNoPassword, c.Link != nil && !c.Link.Password && len(c.Link.People) == 0)
	add(FlagNoEnd, ends.IsZero())
	add(FlagExternal, r.external(c))
	add(FlagUnused, now.Sub(last) > unusedFor)
	add(FlagOwnerGone, state.Owner != "")
	add(FlagStopped, state.Void != "")
	add(FlagEnded, !ends.IsZero() && !now.Before(ends))
	add(FlagWeaker, state.Owner == "" && slices.ContainsFunc(state.Nodes, func(n authz.NodeState) bool { return n.Missing != 0 }))
	add(FlagBinned, binned)
	add(FlagEmpty, len(c.Entries) == 0)
	return flags, nil
}

// external says whether somebody from outside is in a Cell, or named for a link.
func (r *room) external(c *alveary.Cell) bool {
	if c.Link != nil {
		return slices.ContainsFunc(c.Link.People, func(id alveary.RoleID) bool { return r.labels[id].external })
	}
	return slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return !isAnchor(&e) && r.labels[e.Role].external })
}

// nodeViews are the nodes of a share as whoever asks may see them.
func (r *room) nodeViews(a *album, c *alveary.Cell) ([]NodeView, error) {
	nodes := []NodeView{}
	for _, id := range c.Nodes() {
		v := NodeView{ID: id}
		for _, n := range a.states[c.ID].Nodes {
			if n.Node == id {
				v.Missing |= n.Missing
			}
		}
		line := a.lines[id]
		switch {
		case len(line) == 0:
		case r.Access.Rights(line).Has(alveary.ActionRead):
			path, _, err := r.Place(line)
			if err != nil {
				return nil, err
			}
			v.Name, v.Path, v.Type, v.Binned = line.Node().Name, path, line.Node().Type, line.InBin()
		case r.administers():
			v.Name, v.Path, v.Type, v.Binned = line.Node().Name, line.Path(), line.Node().Type, line.InBin()
		}
		nodes = append(nodes, v)
	}
	return nodes, nil
}

func (r *room) memberView(c *alveary.Cell, m member) MemberView {
	l := r.labels[m.Role]
	return MemberView{
		Role: m.Role, Kind: l.kind, Label: l.text, User: l.user, Login: l.login, External: l.external, Rights: m.Rights,
		Policies: append([]alveary.PolicyID{}, m.Policies...), Expires: m.Expires, Node: m.Node, Manager: slices.Contains(c.Managers, l.user),
	}
}

// memberViews are the members of a Cell, and its managers who are none, as
// whoever asks may see them.
func (r *room) memberViews(c *alveary.Cell, mine string) ([]MemberView, error) {
	list := []MemberView{}
	known := map[alveary.UserID]bool{}
	for _, m := range r.members(c) {
		v := r.memberView(c, m)
		known[v.User] = true
		if c.Discreet && mine == partMember && !r.administers() {
			held, err := r.holds(&r.by, m.Role)
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
		if known[id] || c.Discreet && mine == partMember && !r.administers() {
			continue
		}
		subject, err := r.Tx.Subject(id)
		if alveary.IsKind(err, alveary.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := r.know(subject.Role); err != nil {
			return nil, err
		}
		list = append(list, r.memberView(c, member{Role: subject.Role}))
	}
	return list, nil
}

// Cell shows a Cell to whoever has a part in it.
func (s *Service) Cell(ctx context.Context, by alveary.Subject, id alveary.CellID) (out CellView, err error) {
	err = s.read(ctx, by, "look at the Cell", func(r *room) error {
		c, err := r.cell(id)
		if err != nil {
			return err
		}
		if c.Link != nil {
			return r.noCell()
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
	err = s.read(ctx, by, "list the Cells", func(r *room) error {
		all, err := r.Tx.Cells()
		if err != nil {
			return err
		}
		var mine []alveary.Cell
		for i := range all {
			c := &all[i]
			if c.Link != nil {
				continue
			}
			part, err := r.part(c)
			if err != nil {
				return err
			}
			if part != "" && part != partAdministrator {
				mine = append(mine, *c)
			}
		}
		out, err = r.cellViews(mine)
		return err
	})
	return out, err
}

func (r *room) cellViews(cells []alveary.Cell) ([]CellView, error) {
	out := make([]CellView, len(cells))
	a, err := r.album(cells)
	if err != nil {
		return nil, err
	}
	for i := range cells {
		c := &cells[i]
		v := CellView{Cell: *c, Void: a.void(c), Use: a.uses[c.ID]}
		if v.Mine, err = r.part(c); err != nil {
			return nil, err
		}
		if v.Owner, err = r.person(c.Owner); err != nil {
			return nil, err
		}
		if v.Nodes, err = r.nodeViews(&a, c); err != nil {
			return nil, err
		}
		if v.Members, err = r.memberViews(c, v.Mine); err != nil {
			return nil, err
		}
		if v.Flags, err = r.flags(&a, c); err != nil {
			return nil, err
		}
		if c.Manages(r.by.User.ID) || r.administers() {
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
func (r *room) abilities(c *alveary.Cell) alveary.Abilities {
	owner, manager := c.Owner == r.by.User.ID, c.Manages(r.by.User.ID)
	out := alveary.Abilities{}
	add := func(word string, allowed bool, reason string) {
		if allowed {
			reason = ""
		}
		out[word] = alveary.Ability{Allowed: allowed, Reason: reason}
	}
	add("change", manager, "only its owner and its managers may change it")
	add("share", manager && c.Link == nil, "only its owner and its managers may add people")
	add("remove", c.Link == nil && (manager || r.administers()), "only its owner and its managers may take people out")
	add("leave", c.Link == nil && !owner, "you own it: hand it over, or end it")
	add("handOver", c.Link == nil && (owner || r.administers()), "only its owner may hand it over")
	add("end", owner || r.administers(), "only its owner may end it")
	return out
}

// Link shows a link to whoever has a part in it.
func (s *Service) Link(ctx context.Context, by alveary.Subject, id alveary.CellID) (out LinkView, err error) {
	err = s.read(ctx, by, "look at the link", func(r *room) error {
		c, err := r.link(id)
		if err != nil {
			return err
		}
		out, err = r.linkView(c)
		return err
	})
	return out, err
}

func (r *room) linkView(c *alveary.Cell) (v LinkView, err error) {
	a, err := r.album([]alveary.Cell{*c})
	if err != nil {
		return v, err
	}
	v = LinkView{Cell: *c, Password: c.Link.Password, Left: -1, Void: a.void(c), Use: a.uses[c.ID], People: []MemberView{}, Abilities: r.abilities(c)}
	if v.Mine, err = r.part(c); err != nil {
		return v, err
	}
	if v.Owner, err = r.person(c.Owner); err != nil {
		return v, err
	}
	nodes, err := r.nodeViews(&a, c)
	if err != nil {
		return v, err
	}
	house := alveary.DefaultHouse()
	if len(nodes) > 0 {
		v.Node = nodes[0]
		if house, err = r.houseOf(c, a.lines[nodes[0].ID]); err != nil {
			return v, err
		}
	}
	v.Ends, v.Downloads, v.Upload = house.Ends(c), house.MostDownloads(c.Link), house.MostUpload(c.Link)
	if v.Downloads > 0 {
		v.Left = max(0, v.Downloads-v.Use.Downloads)
	}
	for _, role := range c.Link.People {
		v.People = append(v.People, r.memberView(c, member{Role: role}))
	}
	if v.Flags, err = r.flags(&a, c); err != nil {
		return v, err
	}
	if v.Mine != partMember {
		v.Review = a.reviews[c.ID]
	}
	return v, nil
}
