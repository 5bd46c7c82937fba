package bench

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

// busy reports the time of the processor that an operation took, which other
// programs on the machine disturb less than the clock on the wall.
func busy(b *testing.B) func() {
	spent := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	begun := spent()
	return func() { b.ReportMetric(float64(spent()-begun)/float64(b.N), "cpu-ns/op") }
}

// shared is access data in memory: people 1 to 200 of one group with ten roles
// each, a thousand entries of theirs, a folder four levels down, and Cells.
type shared struct{ data alveary.AccessData }

func (s *shared) AccessVersion(context.Context) (int64, error)          { return s.data.Version, nil }
func (s *shared) Access(context.Context) (alveary.AccessData, error)    { return s.data, nil }
func (s *shared) Login(context.Context, alveary.UserID) (string, error) { return "", nil }

// sharer is one of the people. Entries stand for him on nodes elsewhere.
func sharer(id int) alveary.Subject {
	s := alveary.Subject{
		User: alveary.User{ID: alveary.UserID(id), Login: fmt.Sprint("user", id), Profile: alveary.ProfileStandard, Group: alveary.RootGroup},
		Role: alveary.RoleID(fmt.Sprint("own-", id)),
	}
	for r := range 10 {
		s.User.Roles = append(s.User.Roles, alveary.RoleID(fmt.Sprint("role-", (id+r)%40)))
	}
	return s
}

func newShared(people int) *shared {
	s := &shared{data: alveary.AccessData{Version: 1, Groups: []alveary.Group{{ID: alveary.RootGroup, Role: alveary.RootGroupRole}}}}
	for r := range 40 {
		role := alveary.RoleID(fmt.Sprint("role-", r))
		s.data.Roles = append(s.data.Roles, alveary.Role{ID: role})
		for n := range 25 {
			s.data.Entries = append(s.data.Entries, alveary.Entry{ID: alveary.EntryID(len(s.data.Entries) + 1), Role: role, Node: alveary.NodeID(100_000 + r*25 + n), Rights: alveary.RightRead})
		}
	}
	for id := 1; id <= people; id++ {
		s.data.Owners = append(s.data.Owners, sharer(id))
	}
	return s
}

// give lets a person have everything in the folder by an entry of his own.
func (s *shared) give(id int, node alveary.NodeID) {
	s.data.Entries = append(s.data.Entries, alveary.Entry{ID: alveary.EntryID(len(s.data.Entries) + 1), Role: sharer(id).Role, Node: node, Rights: alveary.Givable})
}

// cell lets one person share the folder with another.
func (s *shared) cell(owner, member int, node alveary.NodeID) {
	id := alveary.CellID(len(s.data.Cells) + 1)
	s.data.Cells = append(s.data.Cells, alveary.Cell{
		ID: id, Owner: alveary.UserID(owner), Created: time.Now(),
		Entries: []alveary.Entry{{ID: alveary.EntryID(1_000_000 + id), Role: sharer(member).Role, Node: node, Rights: alveary.RightRead, Cell: id}},
	})
}

// link lets a person share a node with everybody.
func (s *shared) link(owner int, node alveary.NodeID) alveary.CellID {
	id := alveary.CellID(len(s.data.Cells) + 1)
	s.data.Cells = append(s.data.Cells, alveary.Cell{
		ID: id, Owner: alveary.UserID(owner), Created: time.Now(), Link: &alveary.Link{Mode: alveary.LinkRead},
		Entries: []alveary.Entry{{ID: alveary.EntryID(1_000_000 + id), Role: alveary.LinkRole(id), Node: node, Rights: alveary.RightRead, Cell: id}},
	})
	return id
}

// way is the lineage of a file four folders down.
func way(file alveary.NodeID) alveary.Lineage {
	line := alveary.Lineage{{ID: alveary.RootID, Type: alveary.Collection}}
	for id := alveary.NodeID(2); id <= 5; id++ {
		line = append(line, alveary.Node{ID: id, Parent: id - 1, Name: fmt.Sprint("folder", id), Type: alveary.Collection})
	}
	return append(line, alveary.Node{ID: file, Parent: 5, Name: "file.txt", Type: alveary.Leaf, Size: 1})
}

func (s *shared) access(b *testing.B, who alveary.Subject) (*authz.Gate, *authz.Access) {
	b.Helper()
	g := authz.Deciding(time.Now)
	a, err := g.Bind(b.Context(), s, who)
	if err != nil {
		b.Fatal(err)
	}
	return g, a
}

// BenchmarkCell decides on files for whom it is bound already: by entries of his
// own, through a Cell, through a chain of three, through a link, and where
// twelve people share one folder with each other. Each file is in a folder of
// its own, so that none was bound before.
func BenchmarkCell(b *testing.B) {
	s := newShared(20)
	for id := 1; id <= 3; id++ {
		s.give(id, 2)
	}
	s.cell(1, 4, 3)                       // 4 through a Cell
	s.cell(4, 5, 3)                       // 5 through two
	s.cell(5, 6, 4)                       // 6 through three
	visited := s.link(2, 4)               // a visitor
	s.cell(3, 7, 4)                       // 7 is one of twelve …
	for owner := 7; owner < 19; owner++ { // … who share with each other
		for member := 7; member < 19; member++ {
			if owner != member {
				s.cell(owner, member, 4)
			}
		}
	}
	s.cell(1, 20, 700) // 20 is in a Cell that is elsewhere
	s.give(20, 2)
	for _, c := range []struct {
		name string
		who  alveary.Subject
	}{
		{"plain", sharer(1)}, {"plain-in-another", sharer(20)}, {"one", sharer(4)}, {"three", sharer(6)}, {"link", alveary.Visiting(visited, 2)}, {"twelve", sharer(18)},
	} {
		lines := make([]alveary.Lineage, 64)
		for i := range lines {
			lines[i] = way(alveary.NodeID(100 + i))
			lines[i][4].ID = alveary.NodeID(500 + i) // no two in one folder
			if c.name == "plain" || i%2 == 0 {
				lines[i][4].Name = "other"
			}
		}
		b.Run(c.name, func(b *testing.B) {
			_, a := s.access(b, c.who)
			i := 0
			b.ReportAllocs()
			defer busy(b)()
			for b.Loop() {
				if i = (i + 1) % len(lines); a.Check(authz.See, lines[i]) != nil {
					b.Fatal("denied")
				}
			}
		})
	}
}

// BenchmarkCellListing filters a folder of 10,000 through a Cell, bound anew
// each time, beside the same by an entry of one's own.
func BenchmarkCellListing(b *testing.B) {
	s := newShared(5)
	s.give(1, 2)
	s.cell(1, 4, 3)
	folder := way(1000)[:5]
	for name, id := range map[string]int{"plain": 1, "one": 4} {
		b.Run(name, func(b *testing.B) {
			_, a := s.access(b, sharer(id))
			child := alveary.Node{Type: alveary.Leaf, Name: "file.txt", Parent: 5}
			b.ReportAllocs()
			defer busy(b)()
			for b.Loop() {
				f := a.In(folder)
				for n := alveary.NodeID(1000); n < 11_000; n++ {
					child.ID = n
					if !f.Rights(child).Has(alveary.ActionRead) {
						b.Fatal("denied")
					}
				}
			}
		})
	}
}

// BenchmarkManyLinks loads 100,000 links of 200 owners, and decides among them for
// somebody who has none, and for a visitor who comes for the first time.
func BenchmarkManyLinks(b *testing.B) {
	s := newShared(200)
	for id := 1; id <= 200; id++ {
		s.give(id, 2)
	}
	links := sized(100_000, 1000)
	for i := range links {
		s.link(i%200+1, alveary.NodeID(3+i%2))
	}
	line := way(1000)
	g, a := s.access(b, sharer(1))
	b.Run("load", func(b *testing.B) {
		b.ReportAllocs()
		defer busy(b)()
		for b.Loop() {
			s.data.Version++
			if _, err := g.Bind(b.Context(), s, sharer(1)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		defer busy(b)()
		for b.Loop() {
			if a.Check(authz.See, line) != nil {
				b.Fatal("denied")
			}
		}
	})
	b.Run("visitor", func(b *testing.B) {
		b.ReportAllocs()
		defer busy(b)()
		i := 0
		for b.Loop() {
			i = (i + 1) % links
			v, err := g.Bind(b.Context(), s, alveary.Visiting(alveary.CellID(i+1), alveary.UserID(i%200+1)))
			if err != nil || v.Check(authz.See, line) != nil {
				b.Fatal("denied", err)
			}
		}
	})
}
