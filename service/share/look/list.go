package look

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/service/share/hall"
)

// Filter asks for shares; what is empty asks for nothing.
type Filter struct {
	Scope string // by-me, with-me, or for administrators all
	Kind  string // cell or link
	Flag  string
	Query string // in the label, the owner's name and the names of the nodes
	Owner alveary.UserID
	Node  alveary.NodeID // on this node itself
	After alveary.CellID
	Limit int // 1 to 200; 0: 50
}

// The scopes and kinds of lists.
const (
	ScopeByMe   = "by-me"
	ScopeWithMe = "with-me"
	ScopeAll    = "all"
	KindCell    = "cell"
	KindLink    = "link"
)

// Row is a Cell or link in a list.
type Row struct {
	ID          alveary.CellID
	Kind        string // cell or link
	Label       string
	Slug        string
	Mode        alveary.LinkMode // of a link
	Owner       hall.Person
	Mine        string // owner, manager, member, administrator; empty for whoever owns a node of it
	Nodes       []NodeView
	Members     int      // roles that are in it, or that a link is for
	People      []string // labels of the first five
	Created     time.Time
	From, Until time.Time
	Above       bool // of shares of a node: it stands on a folder above
	Flags       []string
	Void        Void
	Use         alveary.CellUse
	Review      *ReviewRef
}

// Page is a part of a list.
type Page struct {
	Items  []Row
	Next   alveary.CellID // 0 on the last page
	Counts map[string]int // by flag, of all in the scope that fit the kind, owner, node and query
}

const (
	pageShares = 50
	mostPage   = 200
	mostNames  = 5 // in a row
)

// Shares lists what is shared by whoever asks, with him or by anybody, newest
// first.
func (s *Service) Shares(ctx context.Context, by alveary.Subject, f Filter) (out Page, err error) {
	err = s.read(ctx, by, "list what is shared", func(r *Room) error {
		if err := r.checkFilter(&f); err != nil {
			return err
		}
		cells, err := r.inScope(&f)
		if err != nil {
			return err
		}
		out, err = r.page(cells, &f)
		return err
	})
	return out, err
}

func (r *Room) checkFilter(f *Filter) error {
	if f.Limit == 0 {
		f.Limit = pageShares
	}
	switch {
	case f.Limit < 1 || f.Limit > mostPage:
		return r.Invalid("limit", "invalid", "a page holds 1 to 200 shares")
	case !slices.Contains([]string{"", KindCell, KindLink}, f.Kind):
		return r.Invalid("kind", "invalid", "the kind is cell or link")
	case !slices.Contains([]string{"", ScopeByMe, ScopeWithMe, ScopeAll}, f.Scope):
		return r.Invalid("scope", "invalid", "the scope is by-me, with-me or all")
	}
	if f.Scope == "" {
		f.Scope = ScopeByMe
	}
	if f.Scope == ScopeAll {
		return r.Administrators()
	}
	return nil
}

// inScope are the shares that the filter is about, by id.
func (r *Room) inScope(f *Filter) (cells []alveary.Cell, err error) {
	switch {
	case f.Node != 0:
		cells, err = r.Tx.CellsOn(f.Node)
	case f.Scope == ScopeAll:
		cells, err = r.Tx.Cells()
	default:
		cells = r.own()
	}
	if err != nil {
		return nil, err
	}
	if err := r.Know(rolesOf(cells)...); err != nil {
		return nil, err
	}
	mine := cells[:0]
	for i := range cells {
		c := &cells[i]
		if f.Kind != "" && (f.Kind == KindLink) != (c.Link != nil) || f.Owner != 0 && c.Owner != f.Owner {
			continue
		}
		manages := c.Manages(r.By.User.ID)
		switch f.Scope {
		case ScopeByMe:
			if !manages {
				continue
			}
		case ScopeWithMe:
			member, err := r.IsMember(c)
			if err != nil {
				return nil, err
			}
			if c.Owner == r.By.User.ID || !member && !manages {
				continue
			}
		}
		mine = append(mine, *c)
	}
	return mine, nil
}

// own are the Cells and links around whoever asks, by id: of those of everybody
// else nothing is read.
func (r *Room) own() []alveary.Cell {
	around := append(r.Access.Around(), r.Access.Links()...)
	slices.SortFunc(around, func(a, b *alveary.Cell) int { return cmp.Compare(a.ID, b.ID) })
	cells := make([]alveary.Cell, len(around))
	for i, c := range around {
		cells[i] = *c
	}
	return cells
}

// page makes a page of shares, and counts the flags of all.
func (r *Room) page(cells []alveary.Cell, f *Filter) (out Page, err error) {
	out = Page{Items: []Row{}, Counts: map[string]int{}}
	a, err := r.Album(cells)
	if err != nil {
		return out, err
	}
	slices.Reverse(cells)
	for i := range cells {
		c := &cells[i]
		if ok, err := r.fits(&a, c, f.Query); err != nil || !ok {
			if err != nil {
				return out, err
			}
			continue
		}
		flags, err := r.Flags(&a, c)
		if err != nil {
			return out, err
		}
		for _, flag := range flags {
			out.Counts[flag]++
		}
		switch {
		case f.Flag != "" && !slices.Contains(flags, f.Flag), f.After != 0 && c.ID >= f.After:
			continue
		case len(out.Items) == f.Limit:
			out.Next = out.Items[f.Limit-1].ID
			continue
		}
		row, err := r.Row(&a, c, flags)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, row)
	}
	return out, nil
}

// fits says whether each word of a query is in what one sees of a share.
func (r *Room) fits(a *Album, c *alveary.Cell, query string) (bool, error) {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return true, nil
	}
	owner, err := r.PersonOf(c.Owner)
	if err != nil {
		return false, err
	}
	texts := []string{c.Label, c.Slug, owner.Login, owner.Name}
	for _, id := range c.Nodes() {
		if line := a.lines[id]; len(line) > 0 && (r.Administers() || r.Access.Rights(line).Has(alveary.ActionRead)) {
			texts = append(texts, line.Node().Name)
		}
	}
	text := strings.ToLower(strings.Join(texts, "\n"))
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }), nil
}

// Row is a share in a list.
func (r *Room) Row(a *Album, c *alveary.Cell, flags []string) (row Row, err error) {
	row = Row{
		ID: c.ID, Kind: KindCell, Label: c.Label, Slug: c.Slug, Created: c.Created, From: c.From, Until: c.Until,
		Flags: flags, Void: r.Stopped(a, c), People: []string{},
	}
	if c.Link != nil {
		row.Kind, row.Mode = KindLink, c.Link.Mode
	}
	if row.Mine, err = r.Part(c); err != nil {
		return row, err
	}
	if r.seesOthers(c, row.Mine) {
		row.Use = a.uses[c.ID]
	}
	if row.Mine == hall.PartOwner || row.Mine == hall.PartManager || r.Administers() {
		row.Review = a.reviews[c.ID]
	}
	if row.Owner, err = r.PersonOf(c.Owner); err != nil {
		return row, err
	}
	if row.Nodes, err = r.nodeViews(a, c, row.Mine); err != nil {
		return row, err
	}
	if row.Mine == "" { // whoever owns a node sees that one alone
		row.Nodes = slices.DeleteFunc(row.Nodes, func(n NodeView) bool {
			line := a.lines[n.ID]
			return len(line) == 0 || line.Node().Owner != r.By.User.ID
		})
	}
	roles, err := r.shown(c, row.Mine)
	if err != nil {
		return row, err
	}
	row.Members = len(roles)
	for _, role := range roles[:min(len(roles), mostNames)] {
		row.People = append(row.People, r.Labels[role].Text)
	}
	return row, nil
}

// seesOthers says whether whoever asks may know who else is in a share, and what
// they do with it.
func (r *Room) seesOthers(c *alveary.Cell, mine string) bool {
	return !c.Discreet || mine != hall.PartMember && mine != "" || r.Administers()
}

// shown are the roles that a share gives something to, or that a link is for,
// as far as whoever asks may see them.
func (r *Room) shown(c *alveary.Cell, mine string) (roles []alveary.RoleID, err error) {
	if c.Link != nil {
		roles = c.Link.People
	} else {
		for _, m := range r.Members(c) {
			if !slices.Contains(roles, m.Role) {
				roles = append(roles, m.Role)
			}
		}
	}
	if r.seesOthers(c, mine) {
		return roles, nil
	}
	var own []alveary.RoleID
	for _, role := range roles {
		held, err := r.Holds(&r.By, role)
		if err != nil {
			return nil, err
		}
		if held {
			own = append(own, role)
		}
	}
	return own, nil
}

// SharesOf lists the shares of a node, and those of the folders above by which
// it is shared as well: to their owners, managers and members, to
// administrators, and to whoever owns the node that is shared.
func (s *Service) SharesOf(ctx context.Context, by alveary.Subject, node alveary.NodeID) (out []Row, err error) {
	out = []Row{}
	err = s.read(ctx, by, "list the shares of this", func(r *Room) error {
		line, err := r.Tx.Lineage(node)
		if err != nil {
			return err
		}
		if !r.Access.Rights(line).Has(alveary.ActionRead) {
			return alveary.Withheld(r.Op)
		}
		var cells []alveary.Cell
		above := map[alveary.CellID]bool{}
		for i := len(line) - 1; i >= 0; i-- {
			on, err := r.Tx.CellsOn(line[i].ID)
			if err != nil {
				return err
			}
			for _, c := range on {
				if slices.ContainsFunc(cells, func(have alveary.Cell) bool { return have.ID == c.ID }) {
					continue
				}
				part, err := r.Part(&c)
				if err != nil {
					return err
				}
				if part != "" || line[i].Owner == by.User.ID {
					cells, above[c.ID] = append(cells, c), i < len(line)-1
				}
			}
		}
		a, err := r.Album(cells)
		if err != nil {
			return err
		}
		for i := range cells {
			flags, err := r.Flags(&a, &cells[i])
			if err != nil {
				return err
			}
			row, err := r.Row(&a, &cells[i], flags)
			if err != nil {
				return err
			}
			row.Above = above[row.ID]
			out = append(out, row)
		}
		return nil
	})
	return out, err
}
