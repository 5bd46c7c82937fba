package simulate

import (
	"cmp"
	"fmt"
	"slices"

	"alveary"
	"alveary/acl"
	"alveary/authz"
)

// followed is the data with the owners of Cells as the people of the draft are.
func followed(data alveary.AccessData, people []authz.Person, which func(authz.Person) (id alveary.UserID, is alveary.Subject)) alveary.AccessData {
	if len(data.Owners) == 0 {
		return data
	}
	are := make(map[alveary.UserID]alveary.Subject, len(people))
	for _, p := range people {
		if id, is := which(p); id != 0 {
			are[id] = is
		}
	}
	owners := make([]alveary.Subject, 0, len(data.Owners))
	for _, o := range data.Owners {
		is, known := are[o.User.ID]
		switch {
		case !known:
			owners = append(owners, o)
		case is.User.ID != 0:
			owners = append(owners, is)
		}
	}
	data.Owners = owners
	return data
}

func asBefore(p authz.Person) (alveary.UserID, alveary.Subject) { return p.Before.User.ID, p.Before }

func asAfter(p authz.Person) (alveary.UserID, alveary.Subject) {
	return cmp.Or(p.After.User.ID, p.Before.User.ID), p.After
}

// touchCells finds the Cells that the draft touches: by themselves, by a policy
// that their entries name, by a house rule for their owners, and by what is
// touched of their owners, who may have come by it through Cells of others.
// Direct marks an entry that is itself another than it was.
func (s *simulation) touchCells(direct func(alveary.Entry), date func(alveary.Cell), names func(alveary.Entry)) {
	s.cells = map[alveary.CellID]bool{}
	all := func(c alveary.Cell) {
		s.cells[c.ID] = true
		date(c)
		for _, e := range c.Entries {
			direct(e)
		}
	}
	changed := map[alveary.CellID]bool{}
	differing(s.Before.Cells, s.After.Cells, func(c alveary.Cell) alveary.CellID { return c.ID }, spelled, func(c alveary.Cell) { changed[c.ID] = true })
	ruled := map[alveary.RoleID]bool{}
	differing(s.Before.Rules, s.After.Rules, func(r alveary.HouseRule) alveary.HouseRuleID { return r.ID }, spelledRule,
		func(r alveary.HouseRule) { ruled[r.Role] = true })
	stacks := s.ownersStacks()
	for _, cells := range [][]alveary.Cell{s.Before.Cells, s.After.Cells} {
		for _, c := range cells {
			if changed[c.ID] || holdsOne(stacks[c.Owner], ruled) {
				all(c)
				continue
			}
			for _, e := range c.Entries {
				if slices.ContainsFunc(e.Policies, func(p alveary.PolicyID) bool { return s.policies[p] }) {
					s.cells[c.ID] = true
					direct(e)
				}
			}
		}
	}
	for more := true; more; { // whoever is touched touches the members of his Cells
		more = false
		for _, cells := range [][]alveary.Cell{s.Before.Cells, s.After.Cells} {
			for _, c := range cells {
				if !holdsOne(stacks[c.Owner], s.roles) {
					continue
				}
				s.cells[c.ID] = true
				for _, e := range c.Entries {
					names(e)
					more = more || !s.roles[e.Role]
					s.roles[e.Role] = true
				}
			}
		}
	}
	s.among()
}

// among adds the Cells in which those who are touched have entries: there, too,
// something may have become different for them.
func (s *simulation) among() {
	for _, cells := range [][]alveary.Cell{s.Before.Cells, s.After.Cells} {
		for i := range cells {
			if slices.ContainsFunc(cells[i].Entries, func(e alveary.Entry) bool { return s.roles[e.Role] }) {
				s.cells[cells[i].ID] = true
			}
		}
	}
}

// ownersStacks are the roles of those who own Cells, before and after.
func (s *simulation) ownersStacks() map[alveary.UserID][]acl.Ranked {
	out := map[alveary.UserID][]acl.Ranked{}
	for i, owners := range [][]alveary.Subject{s.Before.Owners, s.After.Owners} {
		trial := []*authz.Trial{s.before, s.after}[i]
		for j := range owners {
			id := owners[j].User.ID
			out[id] = append(out[id], trial.Stack(&owners[j])...)
		}
	}
	return out
}

func holdsOne(stack []acl.Ranked, roles map[alveary.RoleID]bool) bool {
	return slices.ContainsFunc(stack, func(r acl.Ranked) bool { return roles[r.Role] })
}

// spelled is all of a Cell that decides.
func spelled(c alveary.Cell) string {
	link := ""
	if c.Link != nil {
		link = fmt.Sprintf("%+v", *c.Link)
	}
	return fmt.Sprintf("%d|%s|%s|%s|%s|%t|%+v|%s", c.Owner, c.Created, c.From, c.Until, c.Slug, c.Link != nil, c.Entries, link)
}

func spelledRule(r alveary.HouseRule) string {
	t, word := r.Terms, func(b *bool) string {
		if b == nil {
			return "-"
		}
		return fmt.Sprint(*b)
	}
	days := int64(-1)
	if t.Days != nil {
		days = *t.Days
	}
	return fmt.Sprint(r.Role, r.Node, word(t.Cells), word(t.FileLinks), word(t.FolderLinks), word(t.Password), word(t.Slugs), word(t.External), days)
}

// links are crowds of the visitors of links that the draft touches. Links that
// are alike are put together.
func (s *simulation) links() []crowd {
	was, is := cellsByID(s.Before.Cells), cellsByID(s.After.Cells)
	index, told := map[string]int{}, map[alveary.CellID]bool{}
	var out []crowd
	for _, cells := range [][]alveary.Cell{s.Before.Cells, s.After.Cells} {
		for _, c := range cells {
			if c.Link == nil || !s.cells[c.ID] || told[c.ID] {
				continue
			}
			told[c.ID] = true
			one := crowd{logins: []string{"the link " + cmp.Or(c.Label, c.Slug, c.ID.String())}, nodes: map[alveary.NodeID]bool{}}
			one.Before, one.After = s.visitor(was[c.ID]), s.visitor(is[c.ID])
			key := likeness(was[c.ID]) + "|" + likeness(is[c.ID])
			if s.personal {
				key += c.ID.String()
			}
			if at, ok := index[key]; ok {
				out[at].logins = append(out[at].logins, one.logins...)
				continue
			}
			for _, version := range []*alveary.Cell{was[c.ID], is[c.ID]} {
				if version != nil {
					for _, id := range version.Nodes() {
						one.nodes[id] = true
					}
				}
			}
			index[key] = len(out)
			out = append(out, one)
		}
	}
	return out
}

func cellsByID(cells []alveary.Cell) map[alveary.CellID]*alveary.Cell {
	out := make(map[alveary.CellID]*alveary.Cell, len(cells))
	for i := range cells {
		out[cells[i].ID] = &cells[i]
	}
	return out
}

// likeness is the same for links that give the same.
func likeness(c *alveary.Cell) string {
	if c == nil {
		return ""
	}
	one := *c
	one.Entries = slices.Clone(c.Entries)
	for i := range one.Entries {
		one.Entries[i].ID, one.Entries[i].Cell, one.Entries[i].Role = 0, 0, ""
	}
	if one.Slug != "" {
		one.Slug = "some"
	}
	return spelled(one)
}

// visitor opens a link; one for named people as somebody whom it names.
func (s *simulation) visitor(c *alveary.Cell) alveary.Subject {
	if c == nil || c.Link == nil {
		return alveary.Subject{}
	}
	v := alveary.Visiting(c.ID, c.Owner)
	for i := range s.People {
		if len(c.Link.People) == 0 {
			break
		}
		p := &s.People[i].After
		if p.Known() && slices.ContainsFunc(s.after.Stack(p), func(r acl.Ranked) bool { return slices.Contains(c.Link.People, r.Role) }) {
			v.Guest = p
			break
		}
	}
	return v
}

// entries are those of both worlds that could make a difference on a node.
func (s *simulation) entries() (out [][]alveary.Entry) {
	out = [][]alveary.Entry{s.Before.Entries, s.After.Entries}
	for _, cells := range [][]alveary.Cell{s.Before.Cells, s.After.Cells} {
		for i := range cells {
			if s.cells[cells[i].ID] {
				out = append(out, cells[i].Entries)
			}
		}
	}
	return out
}
