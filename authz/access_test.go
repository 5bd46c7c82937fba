package authz_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alveary"
	"alveary/authz"
)

// Every way to ask for the rights on a node gives the same answer: the whole
// lineage, step by step along it, through its folder, and explained.
func TestEveryWayToAskAgrees(t *testing.T) {
	g, _ := newGate(t)
	version := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		src := newSource(drawEntries(t)...)
		version++
		src.data.Version = version
		s := mia
		s.Homes = map[alveary.TemplateID]alveary.NodeID{alveary.TemplateMyFiles: alveary.NodeID(rapid.IntRange(0, 6).Draw(t, "home"))}
		a, err := g.Bind(t.Context(), src, s)
		if err != nil {
			t.Fatal(err)
		}
		l := drawLineage(t)
		along := a.Along(l)
		for i := range l {
			here := l[:i+1]
			want := a.Rights(here)
			if along[i] != want {
				t.Fatalf("along %v: %v, want %v", here.IDs(), along[i], want)
			}
			if i > 0 {
				if got := a.In(l[:i]).Rights(l[i]); got != want {
					t.Fatalf("in the folder of %v: %v, want %v", here.IDs(), got, want)
				}
			}
			for action := alveary.ActionNone; action <= alveary.ActionSync; action++ {
				if d := a.Explain(here, action); d.Allowed != want.Has(action) {
					t.Fatalf("%v on %v: %v, want it of %v", action, here.IDs(), d, want)
				}
			}
			for op := authz.None; op <= authz.Delete; op++ {
				if err := a.Check(op, here); (err == nil) != (op.Needs()&^want == 0) {
					t.Fatalf("%v on %v with %v: %v", op, here.IDs(), want, err)
				}
			}
			if i > 0 && along[i] != along[i-1] && !slices.Contains(a.Nodes(), l[i].ID) {
				t.Fatalf("rights change on %v, said to change on %v", l[i].ID, a.Nodes())
			}
		}
	})
}

func drawEntries(t *rapid.T) (entries []alveary.Entry) {
	for i := range rapid.IntRange(0, 8).Draw(t, "entries") {
		e := alveary.Entry{
			ID: alveary.EntryID(i + 1), Role: rapid.SampledFrom([]alveary.RoleID{"mia", alveary.RootGroupRole, "stranger"}).Draw(t, "role"),
			Node:   alveary.NodeID(rapid.IntRange(1, 6).Draw(t, "node")),
			Rights: rapid.SampledFrom([]alveary.Rights{0, alveary.RightRead, alveary.RightWrite, alveary.Givable}).Draw(t, "rights"),
			Deny:   rapid.IntRange(0, 9).Draw(t, "deny") == 0,
		}
		if rapid.IntRange(0, 4).Draw(t, "template") == 0 {
			e.Node, e.Template = 0, alveary.TemplateMyFiles
		}
		if rapid.IntRange(0, 3).Draw(t, "expires") == 0 {
			e.Expires = present.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "when")) * time.Hour)
		}
		entries = append(entries, e)
	}
	return entries
}

func drawLineage(t *rapid.T) alveary.Lineage {
	ids := rapid.Permutation([]alveary.NodeID{2, 3, 4, 5, 6}).Draw(t, "order")
	l := alveary.Lineage{{ID: alveary.RootID, Type: alveary.Collection}}
	for _, id := range ids[:rapid.IntRange(0, 5).Draw(t, "depth")] {
		l = l.Child(alveary.Node{ID: id, Type: alveary.Collection, Name: "n" + id.String()})
	}
	return l
}

func TestHoldsTemplate(t *testing.T) {
	if a := access(t, alveary.Entry{Role: "mia", Template: alveary.TemplateMyFiles}); !a.HoldsTemplate(alveary.TemplateMyFiles) || a.HoldsTemplate("other") {
		t.Error("a template that is held is not said to be, or another is")
	}
	if a := access(t, alveary.Entry{Role: "stranger", Template: alveary.TemplateMyFiles}); a.HoldsTemplate(alveary.TemplateMyFiles) {
		t.Error("held through a role that is not the subject's")
	}
}

func BenchmarkBindAndCheck(b *testing.B) {
	g, _ := newGate(b)
	src := newSource(on(2, alveary.Givable), on(3, alveary.RightRead))
	b.ReportAllocs()
	for b.Loop() {
		a, err := g.Bind(b.Context(), src, mia)
		if err != nil || a.Check(authz.See, line4) != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFilterListing10000(b *testing.B) {
	a := access(b, on(2, alveary.Givable), on(3, alveary.RightRead))
	child := alveary.Node{Type: alveary.Leaf}
	b.ReportAllocs()
	for b.Loop() {
		folder := a.In(line4[:3])
		for id := alveary.NodeID(100); id < 10_100; id++ {
			child.ID = id
			if !folder.Rights(child).Has(alveary.ActionRead) {
				b.Fatal(id)
			}
		}
	}
}

var line4 = line(4)

// A house of 5,000 groups and as many roles in use: someone is bound for the
// first time, and his roles are told in order.
func BenchmarkFirstStack(b *testing.B) {
	src := newSource(on(2, alveary.Givable))
	for id := alveary.GroupID(2); id <= 5000; id++ {
		role := alveary.RoleID(fmt.Sprint("group-", id))
		src.data.Groups = append(src.data.Groups, alveary.Group{ID: id, Parent: (id + 1) / 3, Name: fmt.Sprint(id), Role: role})
		src.data.Entries = append(src.data.Entries, alveary.Entry{ID: alveary.EntryID(id), Role: role, Node: 3, Rights: alveary.RightRead})
	}
	g, _ := newGate(b)
	s := mia
	s.User.Group = 5000
	bind(b, g, src, s)
	b.ReportAllocs()
	for b.Loop() {
		s.User.ID++ // someone else
		if len(bind(b, g, src, s).Stack()) < 9 {
			b.Fatal("too short a stack")
		}
	}
}
