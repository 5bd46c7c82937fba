// Package ways knows through which Cells and links someone may come by rights,
// and why one of them gives nothing (MODEL.md 4).
//
// It exists apart from the gate so that what concerns Cells can be read by
// itself: which of them have an entry of a subject's roles, where they begin,
// and whether dates, house rules or a missing owner stop them. What an entry
// gives is still decided by package acl, and how much of it the owner has by the
// gate: nothing here looks at a right.
//
// A *Book is made of access data at one version and never changes, but for what
// it compiles when it is first asked for: there may be a hundred thousand links,
// of which a request needs one. It is safe for concurrent use, and so are the
// *Ways that it gives.
//
// Read this file first, then ways.go.
package ways

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"alveary"
	"alveary/acl"
)

// Book is all Cells and links at one version, with their owners and the house
// rules.
type Book struct {
	cells   []alveary.Cell             // by id
	byRole  map[alveary.RoleID][]int32 // places of Cells; that of a link is found by the link
	byUser  map[alveary.UserID][]int32 // places of Cells that he owns or manages
	links   linked
	owners  map[alveary.UserID]*Owner
	all     []*Owner
	people  *acl.People
	rules   *acl.Rules
	resolve acl.Resolver
	indexes []atomic.Pointer[acl.Index] // by place, of those that were asked for
	names   []bool                      // by place: whether an entry names policies
}

// linked are places of links: by who owns or manages them, and by those who are
// named for them.
type linked struct {
	byUser map[alveary.UserID][]int32
	byRole map[alveary.RoleID][]int32
}

func (l *linked) add(c *alveary.Cell, place int32) {
	for _, user := range append([]alveary.UserID{c.Owner}, c.Managers...) {
		l.byUser[user] = append(l.byUser[user], place)
	}
	for _, role := range c.Link.People {
		l.byRole[role] = append(l.byRole[role], place)
	}
}

// Owner is a user who owns Cells or links.
type Owner struct {
	Subject alveary.Subject
	Place   int // among the owners of the book

	once   sync.Once
	book   *Book
	stack  []acl.Ranked
	bylaws *acl.Bylaws
}

// NewBook prepares the Cells, links, owners and house rules of access data.
func NewBook(data *alveary.AccessData, people *acl.People, resolve acl.Resolver) *Book {
	b := &Book{
		cells: data.Cells, byRole: map[alveary.RoleID][]int32{}, byUser: map[alveary.UserID][]int32{}, owners: make(map[alveary.UserID]*Owner, len(data.Owners)),
		people: people, rules: acl.NewRules(data.Rules), resolve: resolve,
		indexes: make([]atomic.Pointer[acl.Index], len(data.Cells)), links: linked{map[alveary.UserID][]int32{}, map[alveary.RoleID][]int32{}},
	}
	byID := func(x, y alveary.Cell) int { return cmp.Compare(x.ID, y.ID) }
	if !slices.IsSortedFunc(b.cells, byID) {
		b.cells = slices.Clone(b.cells)
		slices.SortFunc(b.cells, byID)
	}
	for _, s := range data.Owners {
		if b.owners[s.User.ID] == nil {
			o := &Owner{Subject: s, Place: len(b.all), book: b}
			b.owners[s.User.ID], b.all = o, append(b.all, o)
		}
	}
	b.names = make([]bool, len(b.cells))
	for i := range b.cells {
		place := int32(i)
		b.names[i] = slices.ContainsFunc(b.cells[i].Entries, func(e alveary.Entry) bool { return len(e.Policies) > 0 })
		if b.cells[i].Link != nil {
			b.links.add(&b.cells[i], place)
			continue
		}
		for _, user := range append([]alveary.UserID{b.cells[i].Owner}, b.cells[i].Managers...) {
			b.byUser[user] = append(b.byUser[user], place)
		}
		for j := range b.cells[i].Entries {
			role := b.cells[i].Entries[j].Role
			if list := b.byRole[role]; len(list) == 0 || list[len(list)-1] != place {
				b.byRole[role] = append(list, place)
			}
		}
	}
	return b
}

// Empty says whether there are no Cells and no links.
func (b *Book) Empty() bool { return len(b.cells) == 0 }

// Owners is how many owners there are.
func (b *Book) Owners() int { return len(b.all) }

// find is the place of a Cell; -1 where there is none.
func (b *Book) find(id alveary.CellID) int {
	at, found := slices.BinarySearchFunc(b.cells, id, func(c alveary.Cell, id alveary.CellID) int { return cmp.Compare(c.ID, id) })
	if !found {
		return -1
	}
	return at
}

// Around are the Cells that a user with these roles owns, manages or has an
// entry in, each once and by id; links are none of them.
func (b *Book) Around(user alveary.UserID, stack []acl.Ranked) (cells []*alveary.Cell) {
	if user == 0 {
		return nil
	}
	places := slices.Clone(b.byUser[user])
	for _, r := range stack {
		places = append(places, b.byRole[r.Role]...)
	}
	return b.at(places)
}

// Links are those that a user with these roles owns or manages, or is named
// for, each once and by id.
func (b *Book) Links(user alveary.UserID, stack []acl.Ranked) []*alveary.Cell {
	if user == 0 {
		return nil
	}
	places := slices.Clone(b.links.byUser[user])
	for _, r := range stack {
		places = append(places, b.links.byRole[r.Role]...)
	}
	return b.at(places)
}

func (b *Book) at(places []int32) (cells []*alveary.Cell) {
	slices.Sort(places)
	for _, place := range slices.Compact(places) {
		cells = append(cells, &b.cells[place])
	}
	return cells
}

// Cell is a Cell or link with its owner, who may be nil: then he is gone. False
// where there is no such Cell.
func (b *Book) Cell(id alveary.CellID) (c *alveary.Cell, owner *Owner, ok bool) {
	at := b.find(id)
	if at < 0 {
		return nil, nil, false
	}
	return &b.cells[at], b.owners[b.cells[at].Owner], true
}

// index is the entries of the Cell at a place. Those that stand in it against
// the model are left out: a link has entries of its own role alone, and no other
// Cell has any of such a role.
func (b *Book) index(place int32) *acl.Index {
	if x := b.indexes[place].Load(); x != nil {
		return x
	}
	c := &b.cells[place]
	entries := c.Entries
	if slices.ContainsFunc(entries, func(e alveary.Entry) bool { return !belongs(&e, c) }) {
		entries = slices.DeleteFunc(slices.Clone(entries), func(e alveary.Entry) bool { return !belongs(&e, c) })
	}
	x := acl.NewIndex(entries, b.resolve)
	if !b.indexes[place].CompareAndSwap(nil, x) {
		return b.indexes[place].Load()
	}
	return x
}

func belongs(e *alveary.Entry, c *alveary.Cell) bool {
	if e.Template != "" {
		return false
	}
	if c.Link != nil {
		return e.Role == alveary.LinkRole(c.ID)
	}
	return e.Role.OfLink() == 0
}

// Bylaws are the house rules for a stack of roles.
func (b *Book) Bylaws(stack []acl.Ranked) *acl.Bylaws { return b.rules.Of(stack) }

// Known says whether the owner is there and may hold roles at all.
func (o *Owner) Known() bool { return o != nil && o.Subject.Known() }

// Stack are the owner's roles in order.
func (o *Owner) Stack() []acl.Ranked {
	o.prepare()
	return o.stack
}

// Bylaws are the house rules for the owner.
func (o *Owner) Bylaws() *acl.Bylaws {
	o.prepare()
	return o.bylaws
}

func (o *Owner) prepare() {
	o.once.Do(func() {
		o.stack = o.book.people.Stack(o.Subject)
		o.bylaws = o.book.rules.Of(o.stack)
	})
}

// Admits says whether a link may be opened: by anyone, or by who signed in and
// holds one of the roles that it names.
func (b *Book) Admits(c *alveary.Cell, guest []acl.Ranked) bool {
	return c.Link == nil || len(c.Link.People) == 0 ||
		slices.ContainsFunc(guest, func(r acl.Ranked) bool { return slices.Contains(c.Link.People, r.Role) })
}

// Given is what the entries of a Cell on one node are meant to give. Nobody
// misses synchronising.
func Given(c *alveary.Cell, id alveary.NodeID) (given alveary.Rights) {
	for i := range c.Entries {
		switch e := &c.Entries[i]; {
		case e.Node != id:
		case len(e.Policies) > 0:
			given |= alveary.RightRead
		default:
			given |= (e.Rights & alveary.Givable).Implied()
		}
	}
	if l := c.Link; l != nil {
		keeps := l.Mode.Keeps()
		if l.Mode == alveary.LinkPreview {
			keeps = keeps.With(alveary.ActionDownload) // renditions are made of what he may download
		}
		given &= keeps
	}
	return given &^ alveary.Rights(0).With(alveary.ActionSync)
}
