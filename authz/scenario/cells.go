package scenario

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"alveary"
)

// named is a Cell or link with the name that the file gives it.
type named struct {
	name  string
	owner string
	cell  alveary.Cell
}

// cells reads Cells and links: those with a mode are links.
func (r *reader) cells(list []*yaml.Node, f *File) []named {
	var out []named
	for i, n := range list {
		c := named{cell: alveary.Cell{ID: alveary.CellID(i + 1)}}
		link := &alveary.Link{}
		var entries []*yaml.Node
		r.fields(n, "a Cell", map[string]func(*yaml.Node){
			"id":       func(n *yaml.Node) { c.name = r.text(n, "the id of a Cell") },
			"owner":    func(n *yaml.Node) { c.owner = r.user(n, f) },
			"from":     func(n *yaml.Node) { c.cell.From = r.instant(n, "from") },
			"until":    func(n *yaml.Node) { c.cell.Until = r.instant(n, "until") },
			"created":  func(n *yaml.Node) { c.cell.Created = r.instant(n, "created") },
			"slug":     func(n *yaml.Node) { c.cell.Slug = r.text(n, "a slug") },
			"mode":     func(n *yaml.Node) { link.Mode = r.mode(n) },
			"password": func(n *yaml.Node) { link.Password = r.boolean(n, "password") },
			"people": func(n *yaml.Node) {
				for _, role := range r.list(n, "people") {
					link.People = append(link.People, alveary.RoleID(r.text(role, "a role")))
				}
			},
			"entries": func(n *yaml.Node) { entries = r.list(n, "entries") },
		})
		switch {
		case c.name == "" || c.owner == "":
			r.fail(n, "a Cell has an id and an owner")
		case slices.ContainsFunc(out, func(other named) bool { return other.name == c.name }):
			r.fail(n, "there are two Cells %q", c.name)
		case link.Mode == "" && (link.Password || link.People != nil):
			r.fail(n, "a Cell has neither password nor people; a link has a mode as well")
		}
		if c.cell.Label = c.name; link.Mode != "" {
			c.cell.Link = link
		}
		for _, one := range entries {
			c.cell.Entries = append(c.cell.Entries, r.entryOf(one, &c.cell, f))
		}
		out = append(out, c)
	}
	return out
}

func (r *reader) mode(n *yaml.Node) alveary.LinkMode {
	m := alveary.LinkMode(r.text(n, "a mode"))
	if !m.Valid() {
		r.fail(n, "%q is no mode of a link: there are read, preview, download, drop and edit", m)
	}
	return m
}

// entryOf reads an entry of a Cell: whom it is for is a role, a user or a group;
// of a link it is the link itself, which gives what its mode says where nothing
// else is said.
func (r *reader) entryOf(n *yaml.Node, c *alveary.Cell, f *File) alveary.Entry {
	e := alveary.Entry{ID: alveary.EntryID(int64(c.ID)*1000 + int64(len(c.Entries)) + 1), Cell: c.ID}
	have := false
	fields := r.entryFields(&e, f.tree, &have)
	delete(fields, "deny") // a Cell gives
	fields["user"] = func(n *yaml.Node) { e.Role = alveary.RoleID(r.user(n, f)) }
	fields["group"] = func(n *yaml.Node) {
		if e.Role = alveary.RoleID("group:/" + r.path(n)); e.Role == "group:/" {
			e.Role = alveary.RootGroupRole
		}
	}
	if c.Link != nil {
		e.Role, e.Rights = alveary.LinkRole(c.ID), c.Link.Mode.Gives()
		for _, name := range []string{"role", "user", "group"} {
			delete(fields, name)
		}
	}
	r.fields(n, "an entry of a Cell", fields)
	if e.Role == "" || !have {
		r.fail(n, "an entry of a Cell has a node, and a role, a user or a group")
	}
	return e
}

// house reads the house rules.
func (r *reader) house(n *yaml.Node, f *File) []alveary.HouseRule {
	var out []alveary.HouseRule
	for i, n := range r.list(n, "house") {
		one := alveary.HouseRule{ID: alveary.HouseRuleID(i + 1)}
		have := false
		is := func(into **bool) func(*yaml.Node) {
			return func(n *yaml.Node) { b := r.boolean(n, "a term"); *into = &b }
		}
		r.fields(n, "a house rule", map[string]func(*yaml.Node){
			"role":        func(n *yaml.Node) { one.Role = alveary.RoleID(r.text(n, "the role of a house rule")) },
			"node":        func(n *yaml.Node) { one.Node, have = f.tree.add(r.path(n)), true },
			"cells":       is(&one.Terms.Cells),
			"fileLinks":   is(&one.Terms.FileLinks),
			"folderLinks": is(&one.Terms.FolderLinks),
			"password":    is(&one.Terms.Password),
			"slugs":       is(&one.Terms.Slugs),
			"policies": func(n *yaml.Node) {
				list := []alveary.PolicyID{}
				for _, id := range r.texts(n, "policies") {
					list = append(list, alveary.PolicyID(id))
				}
				one.Terms.Policies = &list
			},
			"days": func(n *yaml.Node) { days := r.size(n); one.Terms.Days = &days },
		})
		if one.Role == "" || !have {
			r.fail(n, "a house rule has a role and a node")
		}
		out = append(out, one)
	}
	return out
}

// link is a link that a question names.
func (r *reader) link(n *yaml.Node, f *File) string {
	name := r.text(n, "link")
	if !slices.ContainsFunc(f.cells, func(c named) bool { return c.name == name && c.cell.Link != nil }) {
		r.fail(n, "there is no link %q", name)
	}
	return name
}

// share puts the Cells and house rules of a file into its world.
func (w *world) share(f *File) {
	w.data.Rules = f.house
	for _, c := range f.cells {
		c.cell.Owner = w.users[c.owner].User.ID
		w.data.Cells = append(w.data.Cells, c.cell)
	}
	if len(f.cells) > 0 {
		for _, u := range f.users {
			w.data.Owners = append(w.data.Owners, w.users[u.name])
		}
	}
}

// visitor opens a link, signed in or not.
func (w *world) visitor(q *ask) alveary.Subject {
	at := slices.IndexFunc(w.data.Cells, func(c alveary.Cell) bool { return c.Label == q.link })
	s := alveary.Visiting(w.data.Cells[at].ID, w.data.Cells[at].Owner)
	if guest, ok := w.users[q.guest]; ok {
		s.Guest = &guest
	}
	return s
}
