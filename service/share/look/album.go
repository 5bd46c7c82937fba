package look

import (
	"slices"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/share/hall"
)

// The flags of shares.
const (
	FlagNoPassword = "no-password" // a link that anyone can open who has the address
	FlagNoEnd      = "no-end"
	FlagExternal   = "external" // external people are members, or named
	FlagUnused     = "unused"   // for 90 days; a Cell, by nobody but its owner
	FlagOwnerGone  = "owner-gone"
	FlagStopped    = "stopped" // by a house rule
	FlagPartly     = "partly"  // stopped by a house rule on some nodes, or for external people
	FlagEnded      = "ended"
	FlagWeaker     = "weaker" // its owner lacks what it gives
	FlagBinned     = "binned" // a node of it is in the bin
	FlagEmpty      = "empty"  // nothing is in it any more
)

const unusedFor = 90 * 24 * time.Hour

// Album is what is known of some shares, looked up for all at once.
type Album struct {
	states  map[alveary.CellID]authz.State
	uses    map[alveary.CellID]alveary.CellUse
	lines   map[alveary.NodeID]alveary.Lineage
	reviews map[alveary.CellID]*ReviewRef
	days    bool // a house rule bounds how long links last
}

// Album looks up what is to be known of some shares.
func (r *Room) Album(cells []alveary.Cell) (a Album, err error) {
	ids := make([]alveary.CellID, len(cells))
	var nodes []alveary.NodeID
	owners := map[alveary.UserID]bool{}
	for i := range cells {
		c := &cells[i]
		ids[i], owners[c.Owner] = c.ID, true
		for j := range c.Entries {
			nodes = append(nodes, c.Entries[j].Node)
		}
	}
	if err := r.Know(rolesOf(cells)...); err != nil {
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
	if a.states, err = r.Gate.LiveAll(r.Ctx, r.Tx, ids, line); err != nil {
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

// rolesOf are those to whom shares give something, or for whom they are.
func rolesOf(cells []alveary.Cell) (roles []alveary.RoleID) {
	for i := range cells {
		if l := cells[i].Link; l != nil {
			roles = append(roles, l.People...)
			continue
		}
		for j := range cells[i].Entries {
			roles = append(roles, cells[i].Entries[j].Role)
		}
	}
	return roles
}

// mostOwners is of how many owners the open reviews are looked up one by one.
const mostOwners = 20

func (r *Room) openReviews(into map[alveary.CellID]*ReviewRef) error {
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

// Void is why house rules stop a share.
func (a *Album) Void(c *alveary.Cell) Void {
	term := a.states[c.ID].Void
	if term == "" {
		return Void{}
	}
	return Void{Term: term, Text: hall.TermText(term)}
}

// Voids is on how many of its nodes house rules stop a share, and one of their
// terms.
func (a *Album) Voids(c *alveary.Cell) (nodes int, term string) {
	for _, n := range a.states[c.ID].Nodes {
		if n.Void != "" {
			nodes, term = nodes+1, n.Void
		}
	}
	return nodes, term
}

// Stopped is why house rules stop a share, or a part of it.
func (r *Room) Stopped(a *Album, c *alveary.Cell) Void {
	v := a.Void(c)
	if v.Term != "" {
		return v
	}
	if _, v.Term = a.Voids(c); v.Term == "" && len(a.Shuns(c)) > 0 && r.External(c) {
		v.Term = external
	}
	if v.Term == "" {
		return v
	}
	return Void{v.Term, hall.TermText(v.Term), true}
}

const external = "external" // the term of house rules

// Shuns are the nodes on which house rules keep external people from coming by
// a share that they do not stop.
func (a *Album) Shuns(c *alveary.Cell) (nodes []alveary.NodeID) {
	state := a.states[c.ID]
	for _, n := range state.Nodes {
		if state.Void == "" && n.Void == "" && n.Shuns {
			nodes = append(nodes, n.Node)
		}
	}
	return nodes
}

// ends is when a share ends, under the house rules.
func (r *Room) ends(a *Album, c *alveary.Cell) (time.Time, error) {
	if c.Link == nil || !a.days || len(c.Entries) == 0 {
		return c.Until, nil
	}
	house, err := r.HouseOf(c, a.lines[c.Entries[0].Node])
	return house.Ends(c), err
}

// Flags say what one should know of a share at a glance.
func (r *Room) Flags(a *Album, c *alveary.Cell) (flags []string, err error) {
	now, state, use := r.Now(), a.states[c.ID], a.uses[c.ID]
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
	add(FlagExternal, r.External(c))
	add(FlagUnused, now.Sub(last) > unusedFor)
	add(FlagOwnerGone, state.Owner != "")
	add(FlagStopped, state.Void != "")
	add(FlagPartly, r.Stopped(a, c).Partly)
	add(FlagEnded, !ends.IsZero() && !now.Before(ends))
	add(FlagWeaker, state.Owner == "" && slices.ContainsFunc(state.Nodes, func(n authz.NodeState) bool { return n.Missing != 0 }))
	add(FlagBinned, binned)
	add(FlagEmpty, len(c.Entries) == 0)
	return flags, nil
}
