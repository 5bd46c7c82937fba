package acl

import (
	"slices"

	"alveary"
)

// Rules are the house rules for sharing, by role. They never change and are
// shared by everyone who asks.
type Rules struct {
	byRole map[alveary.RoleID][]*alveary.HouseRule
}

// NewRules prepares house rules. It keeps pointers into the slice.
func NewRules(rules []alveary.HouseRule) *Rules {
	r := &Rules{byRole: map[alveary.RoleID][]*alveary.HouseRule{}}
	for i := range rules {
		one := &rules[i]
		r.byRole[one.Role] = append(r.byRole[one.Role], one)
	}
	return r
}

// Bylaws are the house rules of one subject's roles, put together node by node.
// They never change.
type Bylaws struct {
	nodes map[alveary.NodeID]*bylaw
}

// bylaw is what the rules on one node come to, with the rule that set each term.
type bylaw struct {
	terms alveary.Terms
	by    [len(termWords)]alveary.HouseRuleID
}

// termWords are the names of the terms, as in JSON.
var termWords = [...]string{
	"cells", "fileLinks", "folderLinks", "external", "password", "slugs", "days", "downloads", "upload", "characters", "policies", "groups",
}

// Of are the rules of the roles of a stack. On one node the last role that
// says something of a term replaces the others in it; of roles of equal rank
// the stricter counts, since nobody gave them an order.
func (r *Rules) Of(stack []Ranked) *Bylaws {
	b := &Bylaws{}
	if len(r.byRole) == 0 {
		return b
	}
	ordered := slices.Clone(stack)
	slices.SortStableFunc(ordered, func(x, y Ranked) int { return x.Rank - y.Rank })
	for len(ordered) > 0 {
		same := 1
		for same < len(ordered) && ordered[same].Rank == ordered[0].Rank {
			same++
		}
		equal := map[alveary.NodeID]*bylaw{}
		for _, role := range ordered[:same] {
			for _, rule := range r.byRole[role.Role] {
				into := equal[rule.Node]
				if into == nil {
					into = &bylaw{}
					equal[rule.Node] = into
				}
				into.tighten(rule)
			}
		}
		for node, later := range equal {
			if b.nodes == nil {
				b.nodes = map[alveary.NodeID]*bylaw{}
			}
			if b.nodes[node] == nil {
				b.nodes[node] = later
			} else {
				later.under(b.nodes[node])
				b.nodes[node] = later
			}
		}
		ordered = ordered[same:]
	}
	return b
}

// None says whether no rule concerns the subject.
func (b *Bylaws) None() bool { return len(b.nodes) == 0 }

// On is what the rules come to at the end of the lineage: of each term by
// itself the deepest node counts that says something of it. With said, House.By
// tells which rule that was.
func (b *Bylaws) On(line alveary.Lineage, said bool) alveary.House {
	h := alveary.DefaultHouse()
	if b.None() {
		return h
	}
	var sum bylaw
	for i := len(line) - 1; i >= 0; i-- {
		if here := b.nodes[line[i].ID]; here != nil {
			sum.under(here)
		}
	}
	sum.settle(&h)
	if said {
		h.By = map[string]alveary.HouseRuleID{}
		for i, by := range sum.by {
			if by != 0 {
				h.By[termWords[i]] = by
			}
		}
	}
	return h
}

// under takes from another bylaw what this one says nothing of.
func (b *bylaw) under(other *bylaw) {
	t, o := &b.terms, &other.terms
	fill(b, other, 0, &t.Cells, o.Cells)
	fill(b, other, 1, &t.FileLinks, o.FileLinks)
	fill(b, other, 2, &t.FolderLinks, o.FolderLinks)
	fill(b, other, 3, &t.External, o.External)
	fill(b, other, 4, &t.Password, o.Password)
	fill(b, other, 5, &t.Slugs, o.Slugs)
	fill(b, other, 6, &t.Days, o.Days)
	fill(b, other, 7, &t.Downloads, o.Downloads)
	fill(b, other, 8, &t.Upload, o.Upload)
	fill(b, other, 9, &t.Characters, o.Characters)
	fill(b, other, 10, &t.Policies, o.Policies)
	fill(b, other, 11, &t.Groups, o.Groups)
}

func fill[T any](b, other *bylaw, term int, into **T, from *T) {
	if *into == nil && from != nil {
		*into, b.by[term] = from, other.by[term]
	}
}

// tighten adds a rule of a role of equal rank.
func (b *bylaw) tighten(rule *alveary.HouseRule) {
	t, o, id := &b.terms, &rule.Terms, rule.ID
	lesser := func(a, b int64) bool { return a != 0 && (b == 0 || a < b) } // 0 is no bound
	refuses := func(a, b bool) bool { return !a && b }
	tighter(b, id, 0, &t.Cells, o.Cells, refuses)
	tighter(b, id, 1, &t.FileLinks, o.FileLinks, refuses)
	tighter(b, id, 2, &t.FolderLinks, o.FolderLinks, refuses)
	tighter(b, id, 3, &t.External, o.External, refuses)
	tighter(b, id, 4, &t.Password, o.Password, func(a, b bool) bool { return a && !b })
	tighter(b, id, 5, &t.Slugs, o.Slugs, refuses)
	tighter(b, id, 6, &t.Days, o.Days, lesser)
	tighter(b, id, 7, &t.Downloads, o.Downloads, lesser)
	tighter(b, id, 8, &t.Upload, o.Upload, lesser)
	tighter(b, id, 9, &t.Characters, o.Characters, func(a, b int64) bool { return a > b })
	both(b, id, 10, &t.Policies, o.Policies)
	both(b, id, 11, &t.Groups, o.Groups)
}

// tighter takes over a term that is stricter than what is there, or was set by
// a rule with a smaller id where both are alike.
func tighter[T comparable](b *bylaw, id alveary.HouseRuleID, term int, into **T, from *T, stricter func(T, T) bool) {
	switch {
	case from == nil:
	case *into == nil || stricter(*from, **into) || *from == **into && id < b.by[term]:
		*into, b.by[term] = from, id
	}
}

// both leaves what both lists hold.
func both[T comparable](b *bylaw, id alveary.HouseRuleID, term int, into **[]T, from *[]T) {
	switch {
	case from == nil:
	case *into == nil:
		*into, b.by[term] = from, id
	default:
		left := slices.DeleteFunc(slices.Clone(**into), func(one T) bool { return !slices.Contains(*from, one) })
		*into, b.by[term] = &left, min(id, b.by[term])
	}
}

// settle writes the terms that are set into what holds otherwise.
func (b *bylaw) settle(h *alveary.House) {
	t := &b.terms
	set(&h.Cells, t.Cells)
	set(&h.FileLinks, t.FileLinks)
	set(&h.FolderLinks, t.FolderLinks)
	set(&h.External, t.External)
	set(&h.Password, t.Password)
	set(&h.Slugs, t.Slugs)
	set(&h.Days, t.Days)
	set(&h.Downloads, t.Downloads)
	set(&h.Upload, t.Upload)
	set(&h.Characters, t.Characters)
	set(&h.Policies, t.Policies)
	set(&h.Groups, t.Groups)
	if t.Policies != nil && h.Policies == nil {
		h.Policies = []alveary.PolicyID{} // a rule lets nobody give any, which is more than that none does
	}
	if t.Groups != nil && h.Groups == nil {
		h.Groups = []alveary.GroupID{} // nobody is found, rather than everybody
	}
}

func set[T any](into *T, from *T) {
	if from != nil {
		*into = *from
	}
}
