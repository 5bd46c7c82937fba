package share_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/service/share"
	"alveary/store"
)

// holding is what everybody has: users by login, visitors by the id of a link.
type holding map[string]map[alveary.NodeID]alveary.Rights

// play is a random world in which people do random things.
type play struct {
	*stage
	t      *testing.T
	random *rand.Rand
	people []string
	nodes  []alveary.NodeID
	roles  []alveary.RoleID
	group  alveary.GroupID
	had    holding // at any time
	did    map[string]int
}

// MODEL.md 7.7: whatever owners, managers and members do, in whatever order,
// nobody comes by a right that the one who did the last step lacked; what the
// clock brings back somebody had before. And what is in the database is what
// the reports show.
func TestNobodyGivesWhatHeLacks(t *testing.T) {
	worlds, steps := 5, 100
	if testing.Short() {
		worlds = 2
	}
	did := map[string]int{}
	for seed := range worlds {
		database := "sqlite"
		if seed == 0 {
			database = "postgres"
		}
		t.Run(fmt.Sprintf("%s/%d", database, seed), func(t *testing.T) {
			p := newPlay(t, database, uint64(seed))
			p.did = did
			before := p.holding()
			for range steps {
				actor, what, err := p.step()
				if err != nil && alveary.KindOf(err) == alveary.KindInternal {
					t.Fatalf("%s by %s: %v", what, actor, err)
				}
				if err == nil {
					did[what]++
				}
				after := p.holding()
				p.compare(before, after, actor, what, err)
				p.reported(what)
				before = after
			}
		})
	}
	for _, what := range []string{"make", "add", "change", "remove", "manager", "leave", "hand over", "end", "nodes", "link", "mode", "wait"} {
		if did[what] == 0 && !testing.Short() {
			t.Errorf("nobody ever came to %s", what)
		}
	}
	t.Log(did)
}

func newPlay(t *testing.T, database string, seed uint64) *play {
	t.Helper()
	w := newStage(t, database)
	p := &play{
		stage: w, t: t, random: rand.New(rand.NewPCG(seed, 5)), people: []string{"ann", "bob", "eve", "mia"},
		nodes: []alveary.NodeID{w.plans, w.secret, w.file, w.mixed, w.folder(w.secret, "deep", "ann"), w.folder(w.mixed, "in", "root")},
		had:   holding{},
	}
	w.write(func(tx *store.Tx) error {
		g, err := tx.InsertGroup(alveary.RootGroup, "sales")
		if err != nil {
			return err
		}
		p.group = g.ID
		p.roles = append(p.roles, g.Role)
		for _, login := range []string{"bob", "eve"} {
			u, _, err := tx.UserByLogin(login)
			if err != nil {
				return err
			}
			u.Group = g.ID
			if err := tx.UpdateUser(u); err != nil {
				return err
			}
		}
		return nil
	})
	for _, login := range p.people {
		p.roles = append(p.roles, w.role(login))
		for range 3 {
			node := one(p, p.nodes)
			switch p.random.IntN(9) {
			case 0:
				w.deny(login, one(p, p.nodes[1:])) // something is left to share
			case 1, 2:
				w.entry(login, node, alveary.RightRead)
			default:
				w.entry(login, node, alveary.Givable)
			}
		}
	}
	return p
}

func one[T any](p *play, from []T) T { return from[p.random.IntN(len(from))] }

func (p *play) rights() alveary.Rights {
	return one(p, []alveary.Rights{alveary.RightRead, alveary.RightRead, alveary.Givable, alveary.RightWrite})
}

func (p *play) draw() share.Give {
	g := share.Give{To: share.Ref{User: p.id(one(p, p.people))}, Rights: p.rights()}
	if p.random.IntN(3) == 0 {
		g.To = share.Ref{Group: p.group}
	}
	if p.random.IntN(4) == 0 {
		g.Expires = p.now().Add(time.Duration(1+p.random.IntN(3)) * time.Hour)
	}
	if p.random.IntN(4) == 0 {
		g.Node = one(p, p.nodes)
	}
	return g
}

// share draws one of those that there are; 0 where there is none.
func (p *play) share(links bool) (id alveary.CellID) {
	p.read(func(tx *store.Tx) error {
		all, err := tx.Cells()
		all = slices.DeleteFunc(all, func(c alveary.Cell) bool { return (c.Link != nil) != links })
		if len(all) > 0 {
			id = one(p, all).ID
		}
		return err
	})
	return id
}

// step lets somebody do something.
func (p *play) step() (actor, what string, err error) {
	ctx := p.t.Context()
	actor = one(p, p.people)
	by, id := p.as(actor), p.share(false)
	role, member := one(p, p.roles), actor
	if p.random.IntN(5) > 0 && id != 0 { // mostly whoever may, and whoever is in it
		p.read(func(tx *store.Tx) error {
			c, err := tx.Cell(id)
			if err != nil {
				return err
			}
			u, err := tx.User(one(p, append(c.Managers, c.Owner)))
			if err != nil {
				return err
			}
			actor = u.Login
			role = one(p, c.Entries).Role
			r, err := tx.Role(role)
			if r.OwnerUser != 0 {
				u, err = tx.User(r.OwnerUser)
				member = u.Login
			}
			return err
		})
		by = p.as(actor)
	}
	switch p.random.IntN(19) {
	case 0, 1:
		n := share.NewCell{Label: "x", Nodes: []alveary.NodeID{one(p, p.nodes)}, Gives: []share.Give{p.draw()}}
		n.Gives[0].Node = 0
		if p.random.IntN(2) == 0 {
			n.Nodes = append(n.Nodes, one(p, p.nodes))
		}
		_, _, err = p.Share.MakeCell(ctx, by, n)
		return actor, "make", err
	case 2, 3, 4:
		_, _, err = p.Share.AddMembers(ctx, by, id, []share.Give{p.draw()})
		return actor, "add", err
	case 5, 14, 15:
		_, err = p.Share.ChangeMember(ctx, by, id, role, p.draw())
		return actor, "change", err
	case 6:
		_, err = p.Share.RemoveMember(ctx, by, id, role)
		return actor, "remove", err
	case 7, 16:
		_, err = p.Share.SetManager(ctx, by, id, p.id(one(p, p.people)), p.random.IntN(4) > 0)
		return actor, "manager", err
	case 8, 17, 18:
		return member, "leave", p.Share.Leave(ctx, p.as(member), id)
	case 9:
		_, err = p.Share.HandOver(ctx, by, id, p.id(one(p, p.people)))
		return actor, "hand over", err
	case 10:
		if p.random.IntN(3) > 0 {
			nodes := []alveary.NodeID{one(p, p.nodes)}
			if other := one(p, p.nodes); other != nodes[0] {
				nodes = append(nodes, other)
			}
			_, err = p.Share.ChangeCell(ctx, by, id, share.CellChange{Nodes: &nodes})
			return actor, "nodes", err
		}
		until := p.now().Add(time.Duration(p.random.IntN(3)) * time.Hour)
		if p.random.IntN(2) == 0 {
			until = time.Time{}
		}
		_, err = p.Share.ChangeCell(ctx, by, id, share.CellChange{Until: &until})
		return actor, "until", err
	case 11:
		n := share.NewLink{Node: one(p, p.nodes), Mode: one(p, []alveary.LinkMode{alveary.LinkRead, alveary.LinkEdit, alveary.LinkDrop})}
		_, _, err = p.Share.MakeLink(ctx, by, n)
		return actor, "link", err
	case 12:
		if p.random.IntN(2) == 0 {
			return actor, "end", p.Share.End(ctx, by, id)
		}
		link := p.share(true)
		p.read(func(tx *store.Tx) error {
			c, err := tx.Cell(link)
			if err == nil {
				by, err = tx.Subject(c.Owner)
			}
			if alveary.IsKind(err, alveary.KindNotFound) {
				err = nil
			}
			return err
		})
		_, err = p.Share.ChangeLink(ctx, by, link, share.LinkChange{Mode: ptr(one(p, []alveary.LinkMode{alveary.LinkRead, alveary.LinkEdit}))})
		return by.User.Login, "mode", err
	}
	p.wait(time.Hour)
	return "", "wait", nil
}

// holding looks at what everybody has.
func (p *play) holding() holding {
	out := holding{}
	p.read(func(tx *store.Tx) error {
		lines, err := tx.Lineages(p.nodes)
		if err != nil {
			return err
		}
		look := func(name string, s alveary.Subject) error {
			a, err := p.Gate.Bind(p.t.Context(), tx, s)
			out[name] = map[alveary.NodeID]alveary.Rights{}
			for _, id := range p.nodes {
				out[name][id] = a.Rights(lines[id]) & alveary.Givable
				if p.had[name] == nil {
					p.had[name] = map[alveary.NodeID]alveary.Rights{}
				}
			}
			return err
		}
		for _, login := range p.people {
			u, _, err := tx.UserByLogin(login)
			if err != nil {
				return err
			}
			s, err := tx.Subject(u.ID)
			if err != nil {
				return err
			}
			if err := look(login, s); err != nil {
				return err
			}
		}
		cells, err := tx.Cells()
		for _, c := range cells {
			if c.Link != nil {
				if err := look("link "+c.ID.String(), alveary.Visiting(c.ID, c.Owner)); err != nil {
					return err
				}
			}
		}
		return err
	})
	return out
}

func (p *play) compare(before, after holding, actor, what string, failed error) {
	p.t.Helper()
	for name, nodes := range after {
		for node, rights := range nodes {
			gained := rights &^ before[name][node]
			p.had[name][node] |= before[name][node]
			switch {
			case gained == 0:
			case failed != nil:
				p.t.Fatalf("%s by %s was refused (%v), and yet %s gained %q on %s", what, actor, failed, name, gained, node)
			case actor == "" && gained&^p.everHad(name, node) != 0:
				p.t.Fatalf("by the clock %s gained %q on %s, which neither he nor who shares with him ever had", name, gained, node)
			case actor != "" && gained&^before[actor][node] != 0:
				p.t.Fatalf("%s by %s gave %s %q on %s, where %s has %q", what, actor, name, gained, node, actor, before[actor][node])
			}
		}
	}
}

// everHad is what somebody had at any time, or one of those who share with him,
// or with those: what an entry held back for a while comes back to them all.
func (p *play) everHad(name string, node alveary.NodeID) (rights alveary.Rights) {
	p.t.Helper()
	p.read(func(tx *store.Tx) error {
		cells, err := tx.Cells()
		if err != nil {
			return err
		}
		names := []string{name}
		for i := 0; i < len(names); i++ {
			rights |= p.had[names[i]][node]
			for _, c := range cells {
				u, err := tx.User(c.Owner)
				if err != nil {
					return err
				}
				if !slices.Contains(names, u.Login) && slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return p.holds(names[i], e.Role) }) {
					names = append(names, u.Login)
				}
			}
		}
		return nil
	})
	return rights
}

func (p *play) holds(name string, role alveary.RoleID) bool {
	if link := role.OfLink(); link != 0 {
		return name == "link "+link.String()
	}
	at := slices.Index(p.people, name)
	return at >= 0 && role == p.roles[at+1] || role == p.roles[0] && (name == "bob" || name == "eve")
}

// reported compares the entries in the database with what is reported.
func (p *play) reported(what string) {
	p.t.Helper()
	var cells []alveary.Cell
	owners := map[alveary.CellID]alveary.Subject{}
	p.read(func(tx *store.Tx) (err error) {
		if cells, err = tx.Cells(); err != nil {
			return err
		}
		for _, c := range cells {
			if owners[c.ID], err = tx.Subject(c.Owner); err != nil {
				return err
			}
		}
		return nil
	})
	page := must[share.Page](p.t)(p.Share.Shares(p.t.Context(), p.as("root"), share.Filter{Scope: share.ScopeAll, Limit: 200}))
	if len(page.Items) != len(cells) {
		p.t.Fatalf("after %s: %d shares are reported of %d", what, len(page.Items), len(cells))
	}
	for _, c := range cells {
		want := map[string]bool{}
		for _, e := range c.Entries {
			if e.Rights == 0 && e.Role != owners[c.ID].Role {
				p.t.Fatalf("after %s: an entry that gives nothing: %+v", what, e)
			}
			if e.Rights != 0 {
				want[fmt.Sprint(e.Role, e.Node, e.Rights, e.Expires.Unix())] = true
			}
		}
		if c.Link != nil {
			v := must[share.LinkView](p.t)(p.Share.Link(p.t.Context(), owners[c.ID], c.ID))
			if len(want) != 1 || v.Node.ID != c.Entries[0].Node {
				p.t.Fatalf("after %s: a link with %v", what, want)
			}
			continue
		}
		v := must[share.CellView](p.t)(p.Share.Cell(p.t.Context(), owners[c.ID], c.ID))
		got := map[string]bool{}
		for _, m := range v.Members {
			for _, id := range c.Nodes() {
				if m.Rights != 0 && (m.Node == 0 || m.Node == id) {
					got[fmt.Sprint(m.Role, id, m.Rights, m.Expires.Unix())] = true
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			p.t.Fatalf("after %s: reported %v, kept %v", what, got, want)
		}
	}
}
