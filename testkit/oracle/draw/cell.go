package draw

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"alveary"
)

// sharers own Cells and links beside who asks; their entries are mostly wide, so
// that what they share is worth asking about.
var sharers = []struct {
	id    alveary.UserID
	login string
}{{8, "zoe"}, {10, "tom"}, {11, "ivy"}}

// around are instants near the present.
var around = []time.Duration{0, time.Minute, -time.Minute, 45 * time.Second, 7 * time.Hour, -7 * time.Hour}

// share adds owners, Cells within Cells, links and house rules, and now and then
// lets the visitor of a link ask.
func (w *World) share(t *rapid.T) {
	w.sharers(t)
	cells := rapid.IntRange(1, 5).Draw(t, "cells")
	for i := range cells {
		w.Data.Cells = append(w.Data.Cells, w.cell(t, alveary.CellID(i+1)))
	}
	if rapid.Bool().Draw(t, "in order") {
		slices.Reverse(w.Data.Cells)
	}
	for i := range pick(t, []int{0, 0, 1, 2, 4}, "house rules") {
		w.Data.Rules = append(w.Data.Rules, w.rule(t, alveary.HouseRuleID(i+1)))
	}
	if at := slices.IndexFunc(w.Data.Cells, func(c alveary.Cell) bool { return c.Link != nil }); at >= 0 && rapid.Bool().Draw(t, "a visitor asks") {
		c := w.Data.Cells[at]
		visitor := alveary.Visiting(c.ID, c.Owner)
		if guest := w.Subject; (len(c.Link.People) > 0 || oneIn(t, 4, "signed in")) && !oneIn(t, 6, "not signed in") {
			visitor.Guest = &guest
		}
		visitor.User.Roles = some4(t)
		w.Subject = visitor
	}
}

// some4 are roles that a visitor does not come by, whatever he is said to have.
func some4(t *rapid.T) []alveary.RoleID {
	if oneIn(t, 4, "said to have") {
		return []alveary.RoleID{"r1", alveary.LinkRole(2)}
	}
	return nil
}

func (w *World) sharers(t *rapid.T) {
	if w.Subject.User.ID != 0 {
		w.Data.Owners = append(w.Data.Owners, w.Subject)
	}
	for i, one := range sharers {
		s := alveary.Subject{
			User: alveary.User{
				ID: one.id, Login: one.login, Profile: pick(t, profiles[:4], "profile"), Group: alveary.GroupID(rapid.IntRange(1, 3).Draw(t, "group")),
				Roles:      rapid.SliceOfNDistinct(rapid.SampledFrom(assigned), 0, 2, rapid.ID).Draw(t, "assigned"),
				Disabled:   oneIn(t, 20, "disabled"),
				Attributes: map[string]string{"dept": pick(t, []string{"", "a", "m.a"}, "dept")},
			},
			Role: alveary.RoleID(one.login),
		}
		w.Logins[one.id] = one.login
		w.Data.Roles = append(w.Data.Roles, alveary.Role{ID: s.Role, OwnerUser: one.id})
		if !oneIn(t, 20, "gone") {
			w.Data.Owners = append(w.Data.Owners, s)
		}
		e := w.entry(t, alveary.EntryID(200+i))
		if rapid.Bool().Draw(t, "wide") {
			e = alveary.Entry{ID: e.ID, Node: 2, Rights: alveary.Givable}
		}
		e.Role = s.Role
		w.Data.Entries = append(w.Data.Entries, e)
	}
	if oneIn(t, 10, "an entry of a link's role") {
		e := w.entry(t, 210)
		e.Role = alveary.LinkRole(1)
		w.Data.Entries = append(w.Data.Entries, e)
	}
}

func (w *World) cell(t *rapid.T, id alveary.CellID) alveary.Cell {
	c := alveary.Cell{ID: id, Label: fmt.Sprint("c", id), Owner: pick(t, []alveary.UserID{7, 8, 8, 10, 10, 11}, "owner"), Created: Epoch.Add(-20 * time.Hour)}
	if oneIn(t, 5, "begins") {
		c.From = Epoch.Add(pick(t, around, "from"))
	}
	if oneIn(t, 4, "ends") {
		c.Until = Epoch.Add(pick(t, around, "until"))
	}
	to := []alveary.RoleID{"mia", "mia", "zoe", "tom", "ivy", "zoe", "tom", "ivy", alveary.RootGroupRole, "r1", "g2", "t1", alveary.LinkRole(1)}
	if oneIn(t, 3, "a link") {
		to = []alveary.RoleID{alveary.LinkRole(id)}
		c.Link = &alveary.Link{Mode: pick(t, []alveary.LinkMode{alveary.LinkRead, alveary.LinkPreview, alveary.LinkDownload, alveary.LinkDrop, alveary.LinkEdit}, "mode"), Password: oneIn(t, 3, "password")}
		if oneIn(t, 4, "for named people") {
			c.Link.People = []alveary.RoleID{pick(t, []alveary.RoleID{"mia", "mia", "r1", "zoe"}, "named")}
		}
		if oneIn(t, 5, "slug") {
			c.Slug = "summer"
		}
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "entries of the cell") {
		e := w.entry(t, alveary.EntryID(1000*int64(id)+int64(i)))
		e.Role, e.Cell = pick(t, to, "to"), id
		if !oneIn(t, 10, "denies") {
			e.Deny = false
		}
		if e.Template != "" && !oneIn(t, 4, "on a template") {
			e.Template, e.Node = "", 2
		}
		if len(e.Policies) > 0 && oneIn(t, 3, "plain") {
			e.Policies, e.Rights = nil, alveary.Givable
		}
		if c.Link != nil && oneIn(t, 10, "of another role") {
			e.Role = "mia"
		}
		c.Entries = append(c.Entries, e)
	}
	return c
}

func (w *World) rule(t *rapid.T, id alveary.HouseRuleID) alveary.HouseRule {
	r := alveary.HouseRule{
		ID: id, Role: pick(t, []alveary.RoleID{alveary.RootGroupRole, alveary.RootGroupRole, "zoe", "tom", "ivy", "r1", "r2", "auto", "g2"}, "role"),
		Node: w.Lines[at(t, len(w.Lines), "node")].Node().ID,
	}
	is := func(label string) *bool {
		if !oneIn(t, 3, label) {
			return nil
		}
		b := rapid.Bool().Draw(t, label)
		return &b
	}
	r.Terms = alveary.Terms{Cells: is("cells"), FileLinks: is("file links"), FolderLinks: is("folder links"), Password: is("password"), Slugs: is("slugs"), External: is("external")}
	if oneIn(t, 3, "policies that may be given") {
		list := []alveary.PolicyID{}
		for _, p := range w.Data.Policies {
			if rapid.Bool().Draw(t, "may be given") {
				list = append(list, p.ID)
			}
		}
		r.Terms.Policies = &list
	}
	if oneIn(t, 3, "days") {
		days := pick(t, []int64{0, 1, 2}, "days")
		r.Terms.Days = &days
	}
	return r
}

// shared prints what is shared as one reads it.
func (w *World) shared() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if s := w.Subject; s.Link != 0 {
		say("through the link %d", s.Link)
		if s.Guest != nil {
			say("signed in as %s, roles %q", s.Guest.User.Login, s.Guest.User.Roles)
		}
	}
	for _, o := range w.Data.Owners {
		say("owner %d %s, profile %s, group %d, roles %q, disabled %t, attributes %v, homes %v", o.User.ID, o.User.Login, o.User.Profile, o.User.Group, o.User.Roles, o.User.Disabled, o.User.Attributes, o.Homes)
	}
	for _, c := range w.Data.Cells {
		say("cell %d of %d, from %s until %s, made %s, slug %q, link %+v", c.ID, c.Owner, c.From.Format(time.RFC3339), c.Until.Format(time.RFC3339), c.Created.Format(time.RFC3339), c.Slug, c.Link)
		for _, e := range c.Entries {
			say("  entry %d: role %s on node %d%s: rights %q, deny %t, policies %q, expires %s", e.ID, e.Role, e.Node, e.Template, e.Rights, e.Deny, e.Policies, e.Expires.Format(time.RFC3339))
		}
	}
	for _, r := range w.Data.Rules {
		t := r.Terms
		say("house rule %d: role %s on node %d: cells %s, file links %s, folder links %s, password %s, slugs %s, days %s, policies %s", r.ID, r.Role, r.Node, told(t.Cells), told(t.FileLinks), told(t.FolderLinks), told(t.Password), told(t.Slugs), told(t.Days), told(t.Policies))
	}
	return b.String()
}

func told[T any](term *T) string {
	if term == nil {
		return "-"
	}
	return fmt.Sprint(*term)
}
