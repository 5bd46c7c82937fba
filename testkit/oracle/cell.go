package oracle

import (
	"slices"
	"time"

	"alveary"
)

// comes is the rest of 4.4: whether the asker has the right by one of the Cells
// or by the link. Each way is decided by itself: what the entry gives (4.1) and
// what the owner has, for whom the same is asked. The owners asked so far are
// passed on: a chain that comes back to one of them denies (4.3).
func (q question) comes(action alveary.Action, asked []alveary.UserID) bool {
	return slices.ContainsFunc(q.Data.Cells, func(c alveary.Cell) bool {
		if slices.Contains(asked, c.Owner) || !q.leads(c) || !q.gives(c, action) {
			return false
		}
		owner, found := q.owner(c)
		return found && owner.has(action, append(slices.Clip(asked), c.Owner))
	})
}

// has is 3, and 4 where that allows nothing.
func (q question) has(action alveary.Action, asked []alveary.UserID) bool {
	return !q.denied(action) && (q.allowed(action) || q.comes(action, asked))
}

// owner is the question as its owner would be asked it: it is his rights that
// count, in the context of the member (4.1). What is imagined of the member is
// not imagined of him.
func (q question) owner(c alveary.Cell) (question, bool) {
	at := slices.IndexFunc(q.Data.Owners, func(s alveary.Subject) bool { return s.User.ID == c.Owner })
	if at < 0 || !q.Data.Owners[at].Known() {
		return question{}, false // 2.4
	}
	return question{q.World, q.Asker(q.Data.Owners[at]), q.unimagined(), q.line}, true
}

// within is the question among the entries of the Cell alone.
func (q question) within(c alveary.Cell) question {
	inside := q
	inside.Data.Entries = slices.DeleteFunc(slices.Clone(c.Entries), func(e alveary.Entry) bool {
		ofLink := e.Role.OfLink()
		return e.Template != "" || ofLink != 0 && ofLink != c.ID || (c.Link != nil) != (ofLink != 0)
	})
	return inside
}

// gives says whether the entries of the Cell give the right, and a link of its
// mode lets it through.
func (q question) gives(c alveary.Cell, action alveary.Action) bool {
	inside := q.within(c)
	if inside.denied(action) || !inside.allowed(action) {
		return false
	}
	if c.Link == nil {
		return true
	}
	lets := map[alveary.LinkMode][]alveary.Action{
		alveary.LinkRead:     {alveary.ActionRead, alveary.ActionDownload},
		alveary.LinkDownload: {alveary.ActionRead, alveary.ActionDownload},
		alveary.LinkPreview:  {alveary.ActionRead},
		alveary.LinkDrop:     {alveary.ActionWrite, alveary.ActionUpload},
		alveary.LinkEdit:     {alveary.ActionRead, alveary.ActionWrite, alveary.ActionDelete, alveary.ActionDownload, alveary.ActionUpload},
	}
	return slices.Contains(lets[c.Link.Mode], action)
}

// leads says whether the Cell counts for the asker at all: a link for its own
// visitors, and of those for the people it names; within its dates; and unless
// house rules stop it on the deepest of its nodes.
func (q question) leads(c alveary.Cell) bool {
	if (c.Link != nil) != (q.asker.Link != 0) || c.Link != nil && c.ID != q.asker.Link {
		return false
	}
	if c.Link != nil && len(c.Link.People) > 0 {
		named := func(role alveary.RoleID) bool { return q.asker.Guest != nil && q.asker.Guest.holds(role) }
		if !slices.ContainsFunc(c.Link.People, named) {
			return false
		}
	}
	now := q.facts(0).now()
	if now.Before(c.From) || !c.Until.IsZero() && !now.Before(c.Until) {
		return false
	}
	inside := q.within(c)
	for at := len(q.line) - 1; at >= 0; at-- {
		if len(inside.entriesOn(at)) > 0 {
			return !q.stopped(c, at, now)
		}
	}
	return false
}

// stopped is what the house rules say of a Cell that is bound to a node of the
// line: those of its owner's roles, on that node and above.
func (q question) stopped(c alveary.Cell, at int, now time.Time) bool {
	owner, found := q.owner(c)
	if !found {
		return true
	}
	h := house{owner.asker, q.Data.Rules, q.line[:at+1]}
	who := q.asker
	if who.Guest != nil {
		who = who.Guest
	}
	switch {
	case who.Profile == alveary.ProfileShared && !h.may(func(t alveary.Terms) *bool { return t.External }, true):
		return true
	case slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return e.Node == q.line[at].ID && !e.Expired(now) && !h.offers(e.Policies) }):
		return true
	case c.Link == nil:
		return !h.may(func(t alveary.Terms) *bool { return t.Cells }, true)
	case q.line[at].IsFolder() && !h.may(func(t alveary.Terms) *bool { return t.FolderLinks }, true):
		return true
	case !q.line[at].IsFolder() && !h.may(func(t alveary.Terms) *bool { return t.FileLinks }, true):
		return true
	}
	if !c.Link.Password && len(c.Link.People) == 0 {
		needless := func(t alveary.Terms) *bool {
			if t.Password == nil {
				return nil
			}
			no := !*t.Password
			return &no
		}
		if !h.may(needless, true) || c.Slug != "" && !h.may(func(t alveary.Terms) *bool { return t.Slugs }, false) {
			return true
		}
	}
	days := h.days()
	return days > 0 && !now.Before(c.Created.AddDate(0, 0, int(days)))
}

// house is the house rules for an owner and a node.
type house struct {
	owner *Asker
	rules []alveary.HouseRule
	line  []alveary.Node
}

// rank are the rules that say something, on the deepest node where one does, of
// the last of the owner's roles that does there.
func (h house) rank(says func(alveary.Terms) bool) (found []alveary.Terms) {
	for at := len(h.line) - 1; at >= 0; at-- {
		for i := len(h.owner.Ranks) - 1; i >= 0; i-- {
			for _, rule := range h.rules {
				if rule.Node == h.line[at].ID && slices.Contains(h.owner.Ranks[i], rule.Role) && says(rule.Terms) {
					found = append(found, rule.Terms)
				}
			}
			if len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

// may is a term that lets something; of rules of equal rank each must.
func (h house) may(term func(alveary.Terms) *bool, otherwise bool) bool {
	rules := h.rank(func(t alveary.Terms) bool { return term(t) != nil })
	if rules == nil {
		return otherwise
	}
	return !slices.ContainsFunc(rules, func(t alveary.Terms) bool { return !*term(t) })
}

// offers says whether the owner may give the policies, where a rule says which;
// of rules of equal rank each must.
func (h house) offers(ids []alveary.PolicyID) bool {
	for _, t := range h.rank(func(t alveary.Terms) bool { return t.Policies != nil }) {
		for _, id := range ids {
			if !slices.Contains(*t.Policies, id) {
				return false
			}
		}
	}
	return true
}

// days is the longest life of links; 0 for as long as one likes.
func (h house) days() (days int64) {
	for _, t := range h.rank(func(t alveary.Terms) bool { return t.Days != nil }) {
		if *t.Days > 0 && (days == 0 || *t.Days < days) {
			days = *t.Days
		}
	}
	return days
}
