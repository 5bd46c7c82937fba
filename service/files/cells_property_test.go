package files_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/store/share"
	"alveary/testkit/world"
)

// maze is a random tree with random entries, and with Cells and links of random
// people on random nodes of it: chains, loops, owners who have nothing.
type maze struct {
	*world.World
	random *rand.Rand
	nodes  []alveary.NodeID // the first is the folder that holds the others
	under  map[alveary.NodeID][]alveary.NodeID
	askers []alveary.Subject
	people []alveary.RoleID
	policy alveary.PolicyID
}

func newMaze(w *world.World, random *rand.Rand, number int) *maze {
	m := &maze{World: w, random: random, under: map[alveary.NodeID][]alveary.NodeID{}, policy: alveary.PolicyID(fmt.Sprint("maze ", number))}
	for _, name := range []string{"ann", "bob", "guest"} {
		s := w.As(name)
		m.askers, m.people = append(m.askers, s), append(m.people, s.Role)
	}
	m.grow(number)
	keep(w, m.policy, alveary.ModeEnforced, allow("read write"), deny("read", called("odd1", "odd7")), deny("write", extension("txt")))
	w.Write(func(tx *store.Tx) error {
		for range 3 + random.IntN(6) {
			e := m.entry()
			e.Role = m.people[random.IntN(len(m.people))]
			e.Deny = random.IntN(6) == 0
			if e.Deny {
				e.Rights, e.Policies = 0, nil
			}
			if _, err := tx.InsertEntry(e); err != nil {
				return err
			}
		}
		// Someone has all of it, or nobody would have anything to share.
		_, err := tx.InsertEntry(alveary.Entry{Role: m.people[random.IntN(2)], Node: m.nodes[0], Rights: alveary.Givable})
		return err
	})
	for i := range 2 + random.IntN(4) {
		m.share(number, i)
	}
	return m
}

// grow makes the tree. All names differ, but for some that are all "twin".
func (m *maze) grow(number int) {
	info := m.Object("x")
	m.Write(func(tx *store.Tx) error {
		// In a workspace, or in none.
		main, err := tx.Lineage([]alveary.NodeID{world.Main, world.Common}[number%2])
		if err != nil {
			return err
		}
		top, err := tx.Insert(main, alveary.Node{Name: fmt.Sprint("maze ", number), Type: alveary.Collection})
		if err != nil {
			return err
		}
		if _, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: top.ID}); err != nil {
			return err // what is above gives nobody anything here
		}
		lines := []alveary.Lineage{main.Child(top)}
		m.nodes = []alveary.NodeID{top.ID}
		for i := range 14 + m.random.IntN(10) {
			at := m.random.IntN(len(lines))
			n := alveary.Node{Name: fmt.Sprint("n", i), Type: alveary.Collection}
			switch m.random.IntN(7) {
			case 0:
				n.Name = "twin"
			case 1:
				n.Name = fmt.Sprint("odd", i%8)
			case 2, 3, 4:
				n = alveary.Node{Name: n.Name + ".txt", Type: alveary.Leaf, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME, Blob: info.Blob}
			}
			made, err := tx.Insert(lines[at], n)
			if alveary.IsKind(err, alveary.KindConflict) {
				continue
			}
			if err != nil {
				return err
			}
			parent := lines[at].Node().ID
			m.nodes, m.under[parent] = append(m.nodes, made.ID), append(m.under[parent], made.ID)
			if made.IsFolder() {
				lines = append(lines, lines[at].Child(made))
			}
			if m.random.IntN(15) == 0 {
				if _, err := tx.Bin(lines[at].Child(made), 0); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (m *maze) entry() alveary.Entry {
	e := alveary.Entry{Node: m.nodes[m.random.IntN(len(m.nodes))], Rights: []alveary.Rights{0, alveary.RightRead, alveary.RightRead, alveary.Givable}[m.random.IntN(4)]}
	if m.random.IntN(5) == 0 {
		e.Rights, e.Policies = 0, []alveary.PolicyID{m.policy}
	}
	return e
}

func (m *maze) share(number, i int) {
	c := alveary.Cell{Slug: fmt.Sprintf("cell-%d-%d", number, i), Label: "a Cell", Owner: m.askers[m.random.IntN(3)].User.ID}
	for range 1 + m.random.IntN(4) {
		e := m.entry()
		e.Role = m.people[m.random.IntN(len(m.people))]
		c.Entries = append(c.Entries, e)
	}
	if m.random.IntN(3) == 0 {
		mode := []alveary.LinkMode{alveary.LinkRead, alveary.LinkPreview, alveary.LinkEdit, alveary.LinkDrop}[m.random.IntN(4)]
		c.Link, c.Entries = &alveary.Link{Mode: mode}, c.Entries[:1]
		c.Entries[0].Role = ""
	}
	slices.SortFunc(c.Entries, func(a, b alveary.Entry) int { return int(a.Node - b.Node) })
	m.Write(func(tx *store.Tx) (err error) {
		c, err = tx.InsertCell(c, share.CellSecret{Token: c.Slug})
		return err
	})
	if c.Link != nil {
		m.askers = append(m.askers, visitor(c))
	}
}

// Whatever way someone comes by what he sees, a listing is what he may read of
// a folder, each asked for alone, in its count, its pages and its orders; and
// the way to a node leads to it and names nothing that he may not see.
func TestListingThroughCellsIsCheckingEach(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		rounds := 12 // a refusal is a line in the audit log, which takes its time
		if strings.HasSuffix(t.Name(), "postgres") {
			rounds = 3
		}
		w.User("ann")
		w.User("bob")
		w.User("guest", alveary.ProfileShared)
		random := rand.New(rand.NewPCG(5, 2026))
		seen, through := 0, 0
		for round := range rounds {
			m := newMaze(w, random, round)
			for who, s := range m.askers {
				visible := map[alveary.NodeID]files.Item{}
				for _, id := range m.nodes {
					if it, err := w.Files.Tree.Stat(t.Context(), s, id); err == nil {
						visible[id] = it
					} else if words(err) != words(alveary.Withheld("")) {
						t.Fatalf("round %d, asker %d: %v", round, who, err)
					}
				}
				seen += len(visible)
				for _, id := range m.nodes {
					m.listed(t, fmt.Sprintf("round %d, asker %d, folder %v", round, who, id), s, id, visible)
				}
				through += m.ways(t, fmt.Sprintf("round %d, asker %d", round, who), s, visible)
			}
		}
		if seen < 20*rounds || through < 3*rounds {
			t.Errorf("seen %d nodes, %d of them through Cells and links: that shows nothing", seen, through)
		}
	})
}

// listed compares a listing with what is visible of the folder.
func (m *maze) listed(t *testing.T, what string, s alveary.Subject, folder alveary.NodeID, visible map[alveary.NodeID]files.Item) {
	t.Helper()
	l := files.Listing{
		Folder: folder, Limit: 1 + m.random.IntN(4), Descending: m.random.IntN(2) == 0, FoldersMixed: m.random.IntN(2) == 0,
		Sort: []files.Sort{"", store.SortName, store.SortSize, store.SortMTime, store.SortType}[m.random.IntN(5)],
	}
	var want, got []alveary.NodeID
	for _, id := range m.under[folder] {
		if it, sees := visible[id]; sees && it.Binned.IsZero() {
			want = append(want, id)
		}
	}
	for {
		page, err := m.Files.Tree.List(t.Context(), s, l)
		if shown, sees := visible[folder]; !sees || shown.InBin || !shown.IsFolder() {
			if err == nil || !sees && words(err) != words(alveary.Withheld("")) {
				t.Fatalf("%s: %v, %v", what, page, err)
			}
			return
		}
		if err != nil || page.Total != int64(len(want)) {
			t.Fatalf("%s, %+v: total %d of %d, %v", what, l, page.Total, len(want), err)
		}
		for _, it := range page.Items {
			alone := visible[it.ID]
			if fmt.Sprint(alone.Abilities) != fmt.Sprint(it.Abilities) || alone.Node != it.Node || it.Path != "" && alone.Path == it.Path && alone.Parent != it.Parent {
				t.Fatalf("%s: listed %+v, alone %+v", what, it, alone)
			}
			got = append(got, it.ID)
		}
		if page.Next == "" {
			break
		}
		l.Cursor = page.Next
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("%s, %+v: listed %v, visible %v", what, l, got, want)
	}
}

// ways follows the way to each node, and counts those that are in no workspace.
func (m *maze) ways(t *testing.T, what string, s alveary.Subject, visible map[alveary.NodeID]files.Item) (through int) {
	t.Helper()
	spaces, err := m.Files.Tree.Workspaces(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	for _, space := range spaces {
		for _, root := range space.Roots {
			if _, sees := visible[root.ID]; !sees && slices.Contains(m.nodes, root.ID) {
				t.Fatalf("%s: %s shows %+v, which may not be seen", what, space.Slug, root)
			}
			if space.Cell != 0 {
				through++
			}
		}
	}
	for id, it := range visible {
		for _, crumb := range it.Crumbs {
			if _, err := m.Files.Tree.Stat(t.Context(), s, crumb.ID); err != nil {
				t.Fatalf("%s: %v has the crumb %+v: %v", what, id, crumb, err)
			}
		}
		if it.InBin || it.Path == "" {
			continue
		}
		found, err := m.Files.Tree.Lookup(t.Context(), s, it.Path)
		if err != nil || found.ID != id && found.Path != it.Path {
			t.Fatalf("%s: %v is at %q, where %v is found at %q, %v", what, id, it.Path, found.ID, found.Path, err)
		}
	}
	return through
}
