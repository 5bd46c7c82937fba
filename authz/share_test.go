package authz_test

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alveary"
	"alveary/authz"
	"alveary/testkit/oracle/draw"
)

// sharing draws a world in which something is shared.
func sharing(t *rapid.T) *draw.World {
	return rapid.Custom(draw.Draw).Filter(func(w *draw.World) bool { return len(w.Data.Cells) > 0 }).Draw(t, "world")
}

// unimagined is the context without what is imagined of the asker: nobody
// shares what he is only imagined to be.
func unimagined(c *alveary.Context) *alveary.Context {
	out := *c
	out.Set = maps.Clone(c.Set)
	maps.DeleteFunc(out.Set, func(name string, _ alveary.Value) bool { return alveary.ClassOf(name) == alveary.ClassSubject })
	return &out
}

// everybody are those who may come through something: the owners, who asks, and
// the visitors of all links.
func everybody(w *draw.World) []alveary.Subject {
	all := append(slices.Clone(w.Data.Owners), w.Subject)
	for _, c := range w.Data.Cells {
		if c.Link != nil {
			visitor := alveary.Visiting(c.ID, c.Owner)
			for i := range w.Data.Owners {
				visitor.Guest = &w.Data.Owners[i]
			}
			all = append(all, visitor)
		}
	}
	return all
}

// MODEL.md 4.1, for every member, link, node and action: what a share gives its
// owner has, and whatever somebody has beyond his own came through one.
func TestNoShareGivesMoreThanItsOwnerHas(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/4, func(t *rapid.T) {
		w := sharing(t)
		context := w.Context(t)
		src := c.source(w)
		owners := map[alveary.UserID]*authz.Access{}
		for _, o := range w.Data.Owners {
			o.Context = unimagined(context)
			owners[o.User.ID] = bindTo(t, c.gate, src, o)
		}
		for _, s := range everybody(w) {
			s.Context = context
			a := bindTo(t, c.gate, src, s)
			for _, line := range w.Lines {
				var through alveary.Rights
				comes := a.Through(line, alveary.RightRead)
				for _, way := range a.Ways(line) {
					c.asked++
					cell := w.Data.Cells[slices.IndexFunc(w.Data.Cells, func(c alveary.Cell) bool { return c.ID == way.Cell })]
					if owner := owners[cell.Owner]; owner == nil || way.Rights&^owner.Rights(line) != 0 {
						differ(t, w, context, "through %d on %q somebody has %q", way.Cell, line.Path(), way.Rights)
					}
					through |= way.Rights
					if counts := s.Link == 0 && cell.Owner != s.User.ID && s.Scope == (alveary.Scope{}); counts && way.Rights.Has(alveary.ActionRead) && !slices.Contains(comes, way.Cell) { // it may be another's way as well
						differ(t, w, context, "on %q the Cell %d leaves %q and he comes through %v", line.Path(), way.Cell, way.Rights, comes)
					}
				}
				if len(comes) > 0 && !through.Has(alveary.ActionRead) {
					differ(t, w, context, "on %q he comes through %v, which give %q", line.Path(), comes, through)
				}
				if got := a.Rights(line); got != a.ByHimself(line)|through {
					differ(t, w, context, "on %q: %q, himself %q, through Cells %q", line.Path(), got, a.ByHimself(line), through)
				}
			}
		}
	})
}

// What is taken away, from owners, from policies, from Cells, by house rules,
// gives nobody anything, and what was ended gives nothing from then on.
func TestTakingAwayGivesNothing(t *testing.T) {
	c := newCourt(t)
	no, days := false, int64(1)
	c.until(t, *questions/4, func(t *rapid.T) {
		w := sharing(t)
		context := w.Context(t)
		after := *w
		after.Data.Cells, after.Data.Entries, after.Data.Owners = slices.Clone(w.Data.Cells), slices.Clone(w.Data.Entries), slices.Clone(w.Data.Owners)
		after.Data.Policies, after.Data.Rules = slices.Clone(w.Data.Policies), slices.Clone(w.Data.Rules)
		at := rapid.IntRange(0, len(w.Data.Cells)-1).Draw(t, "cell")
		cell, ended := &after.Data.Cells[at], alveary.CellID(0)
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0: // the share
			ended = cell.ID
			after.Data.Cells = slices.Delete(after.Data.Cells, at, at+1)
		case 1: // its time
			ended, cell.Until = cell.ID, context.Now
		case 2: // its owner
			for i := range after.Data.Owners {
				if after.Data.Owners[i].User.ID == cell.Owner {
					ended = cell.ID
					after.Data.Owners[i].User.Disabled = true
				}
			}
			if w.Subject.User.ID == cell.Owner {
				after.Subject.User.Disabled = true
			}
		case 3: // something of the owner
			role := alveary.RoleID("mia")
			for _, o := range w.Data.Owners {
				if o.User.ID == cell.Owner {
					role = o.Role
				}
			}
			after.Data.Entries = append(after.Data.Entries, alveary.Entry{ID: 900, Role: role, Node: rapid.SampledFrom(w.Lines).Draw(t, "node").Node().ID, Deny: true})
		case 4: // something of a policy
			if len(after.Data.Policies) > 0 {
				p := &after.Data.Policies[rapid.IntRange(0, len(after.Data.Policies)-1).Draw(t, "policy")]
				p.Rules = append(slices.Clone(p.Rules), alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"read"}})
			}
		case 5: // by the house: the last of everybody's roles
			for i, o := range after.Data.Owners {
				after.Data.Rules = append(after.Data.Rules, alveary.HouseRule{
					ID: alveary.HouseRuleID(900 + i), Role: o.Role, Node: rapid.SampledFrom(w.Lines).Draw(t, "node").Node().ID,
					Terms: alveary.Terms{Cells: &no, FileLinks: &no, FolderLinks: &no, Days: &days},
				})
			}
			after.Data.Rules = slices.DeleteFunc(after.Data.Rules, func(r alveary.HouseRule) bool { return r.ID < 900 })
			w.Data.Rules = nil
		}
		before, then := c.source(w), c.source(&after)
		for _, s := range everybody(w) {
			s.Context = context
			had := make([]alveary.Rights, len(w.Lines))
			a := bindTo(t, c.gate, before, s)
			for i, line := range w.Lines {
				had[i] = a.Rights(line)
			}
			if after.Subject.User.Disabled && s.User.ID == after.Subject.User.ID {
				s.User.Disabled = true
			}
			a = bindTo(t, c.gate, then, s)
			for i, line := range w.Lines {
				c.asked++
				if more := a.Rights(line) &^ had[i]; more != 0 {
					differ(t, &after, context, "%s gains %q on %q", s.User.Login, more, line.Path())
				}
				if slices.ContainsFunc(a.Ways(line), func(way authz.Way) bool { return way.Cell == ended }) {
					differ(t, &after, context, "on %q the Cell %d that was ended gives something", line.Path(), ended)
				}
			}
		}
	})
}

// MODEL.md 3.7, for Cells: no order changes a decision.
func TestOrderOfWhatIsSharedMeansNothing(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := sharing(t)
		context := w.Context(t)
		other := *w
		other.Data.Cells = rapid.Permutation(w.Data.Cells).Draw(t, "cells")
		other.Data.Owners = rapid.Permutation(w.Data.Owners).Draw(t, "owners")
		other.Data.Rules = rapid.Permutation(w.Data.Rules).Draw(t, "rules")
		for i := range other.Data.Cells {
			other.Data.Cells[i].Entries = rapid.Permutation(other.Data.Cells[i].Entries).Draw(t, "entries")
		}
		a, b := c.bind(t, w, context), c.bind(t, &other, context)
		for _, line := range w.Lines {
			c.asked++
			if one, two := a.Rights(line), b.Rights(line); one != two {
				differ(t, w, context, "on %q: %q, and %q in another order", line.Path(), one, two)
			}
		}
	})
}

// MODEL.md 7.8, for policies that are named anywhere on the way: a request is
// counted where the oracle says otherwise with the policy in force.
func TestObservedOnTheWayIsTheOracles(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := sharing(t)
		for i := range w.Data.Policies {
			if rapid.IntRange(0, 1).Draw(t, "observed") == 0 {
				w.Data.Policies[i].Mode = alveary.ModeObserved
			}
		}
		context := w.Context(t)
		a := c.bind(t, w, context)
		o, asker := oracleOf(w)
		for _, line := range w.Lines {
			c.gate.Observed()
			rights := a.Asked(line, alveary.AllRights)
			counts := c.gate.Observed()
			for i := range w.Data.Policies {
				p := &w.Data.Policies[i]
				if p.Type != alveary.PolicyACL || p.Mode != alveary.ModeObserved {
					continue
				}
				c.asked++
				would := o
				would.Data.Policies = slices.Clone(o.Data.Policies)
				would.Data.Policies[i].Mode = alveary.ModeEnforced
				if want := would.Rights(asker, context, line) != rights; (counts[p.ID] > 0) != want {
					differ(t, w, context, "on %q: the policy %s was counted %d times, the oracle says it makes a difference: %t", line.Path(), p.ID, counts[p.ID], want)
				}
			}
		}
	})
}

// Whether a Cell gives anything is told as the oracle says it.
func TestStatesOfCells(t *testing.T) {
	no := false
	v := newVillage(entry("ann", 2, both), entry("bob", 2, read)).with(
		cell(1, ann, entry("mia", 3, read)), cell(2, bob, entry("mia", 3, both), entry("mia", 5, read)), cell(3, cyd, entry("mia", 3, read)),
		link(4, ann, 3, alveary.LinkPreview), link(5, person(99, "gone"), 3, alveary.LinkRead), cell(6, ann, entry("mia", 77, read)),
	)
	v.data.Owners = slices.Clone(v.data.Owners)
	v.data.Owners[2].User.Disabled = true
	v.data.Rules = []alveary.HouseRule{{ID: 8, Role: "ann", Node: 2, Terms: alveary.Terms{FolderLinks: &no}}}
	g, _ := newGate(t)
	src := &source{data: v.data}
	all, err := g.LiveAll(t.Context(), src, []alveary.CellID{1, 2, 3, 4, 5, 6, 7}, lineOf)
	if err != nil || len(all) != 6 {
		t.Fatalf("%v, %v", all, err)
	}
	if s := all[1]; s.Void != "" || s.Owner != "" || len(s.Nodes) != 1 || s.Nodes[0].Missing != 0 {
		t.Errorf("a sound one: %+v", s)
	}
	if s := all[2]; len(s.Nodes) != 2 || s.Nodes[0].Missing.String() != "write,delete,upload" || s.Nodes[1].Missing != 0 {
		t.Errorf("one whose owner lacks something: %+v", s)
	}
	if s := all[3]; s.Owner != "disabled" || s.Nodes[0].Missing == 0 {
		t.Errorf("one of somebody disabled: %+v", s)
	}
	if s := all[4]; s.Void != "folderLinks" || s.Nodes[0].Void != "folderLinks" {
		t.Errorf("one that the house stops: %+v", s)
	}
	if s := all[5]; s.Owner != "gone" {
		t.Errorf("one of nobody: %+v", s)
	}
	if s := all[6]; !s.Nodes[0].Gone {
		t.Errorf("one on a node that is gone: %+v", s)
	}
	if one, err := g.Live(t.Context(), src, 4, lineOf); err != nil || one.Void != "folderLinks" {
		t.Errorf("%+v, %v", one, err)
	}
	h, err := g.House(t.Context(), src, ann, line(4))
	if err != nil || h.FolderLinks || h.By["folderLinks"] != 8 || len(h.By) != 1 || !h.Cells {
		t.Errorf("%+v, %v", h, err)
	}
}

// Twelve people who share one folder with each other, of whom one has anything:
// there is an answer, and once all are bound it takes no memory.
func TestThickNet(t *testing.T) {
	v := newVillage()
	v.data.Owners = nil
	people := make([]alveary.Subject, 12)
	for i := range people {
		people[i] = person(100+i, "p"+alveary.CellID(i).String())
		v.data.Owners = append(v.data.Owners, people[i])
	}
	for i := range people {
		for j := range people {
			if i != j {
				v.with(cell(alveary.CellID(100*i+j+1), people[i], entry(people[j].Role, 2, both)))
			}
		}
	}
	if got := v.access(t, people[11]).Rights(line(4)); got != 0 {
		t.Errorf("out of nothing: %q", got)
	}
	v.data.Entries = []alveary.Entry{entry(people[0].Role, 2, read)}
	a := v.access(t, people[11])
	if got := a.Rights(line(4)); got != read.Implied() {
		t.Errorf("%q", got)
	}
	lines := []alveary.Lineage{line(4), line(5)} // no two in one folder
	most := 1.0                                  // of a pool that forgets
	if raced() {
		most = 1e6 // which it does on purpose
	}
	if n := testing.AllocsPerRun(100, func() {
		for _, l := range lines {
			if a.Check(authz.See, l) != nil {
				t.Error("denied")
			}
		}
	}); n > most {
		t.Errorf("%v allocations", n)
	}
	e := a.Explain(line(4), alveary.ActionWrite)
	if e.Allowed || len(e.Ways) != 11 || e.Decided.Clause != "4.1" && e.Decided.Clause != "4.3" {
		t.Errorf("%+v", e.Decided)
	}
}

// The end of what comes through Cells is the first of all ends on the way.
func TestEndsOnTheWay(t *testing.T) {
	days := int64(2)
	for label, c := range map[string]struct {
		village *village
		as      alveary.Subject
		want    time.Time
	}{
		"of the Cell": {func() *village {
			c := cell(1, ann, entry("mia", 3, read))
			c.Until = present.Add(time.Hour)
			return newVillage(entry("ann", 2, both)).with(c)
		}(), mia, present.Add(time.Hour)},
		"of what its owner has": {func() *village {
			e := entry("ann", 2, both)
			e.Expires = present.Add(2 * time.Hour)
			return newVillage(e).with(cell(1, ann, entry("bob", 2, both)), cell(2, bob, entry("mia", 3, read)))
		}(), mia, present.Add(2 * time.Hour)},
		"of another member whose policy may not be given": {func() *village {
			e := alveary.Entry{Role: "bob", Node: 3, Policies: []alveary.PolicyID{"p"}, Expires: present.Add(3 * time.Hour)}
			v := newVillage(entry("ann", 2, both)).named(nil, entry("mia", 3, read), e)
			v.data.Rules = []alveary.HouseRule{{ID: 1, Role: "ann", Node: 1, Terms: alveary.Terms{Policies: &[]alveary.PolicyID{}}}}
			return v
		}(), mia, present.Add(3 * time.Hour)},
		"by a house rule": {func() *village {
			v := newVillage(entry("ann", 2, both)).with(link(1, ann, 3, alveary.LinkRead))
			v.data.Rules = []alveary.HouseRule{{ID: 1, Role: "ann", Node: 1, Terms: alveary.Terms{Days: &days}}}
			return v
		}(), alveary.Visiting(1, 11), present.Add(-time.Hour).AddDate(0, 0, 2)},
	} {
		if got := c.village.access(t, c.as).ValidUntil(line(4)); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", label, got, c.want)
		}
	}
}

// What is told of ways says why each counts or not.
func TestWaysAreTold(t *testing.T) {
	no := false
	begun := cell(4, ann, entry("mia", 2, read))
	begun.From = present.Add(time.Hour)
	v := newVillage(entry("ann", 2, read), entry("bob", 4, read)).with(
		cell(1, ann, entry("mia", 3, both)), cell(2, bob, entry("mia", 3, both)), cell(3, cyd, entry("mia", 3, read)), begun,
		cell(5, bob, alveary.Entry{Role: "mia", Node: 3, Policies: []alveary.PolicyID{"p"}}),
	)
	v.data.Rules = []alveary.HouseRule{
		{ID: 1, Role: "cyd", Node: 3, Terms: alveary.Terms{Cells: &no}}, {ID: 2, Role: "bob", Node: 3, Terms: alveary.Terms{Policies: &[]alveary.PolicyID{"q"}}},
	}
	e := v.access(t, mia).Explain(line(3), alveary.ActionRead)
	if !e.Allowed || e.Decided.Clause != "4.1" || e.Decided.Cell != 1 {
		t.Errorf("%+v", e.Decided)
	}
	for i, want := range []struct {
		cell   alveary.CellID
		counts bool
		text   string
	}{
		{1, true, "the Cell cell1 of ann gives read here, and ann has it"},
		{2, false, "the Cell cell2 of bob gives read here, but bob does not have it: no entry of any role allows it"},
		{3, false, "the Cell cell3 of cyd gives nothing: the house rules stop it: nothing may be shared in Cells here"},
		{4, false, "the Cell cell4 of ann gives nothing: it begins at 2026-06-01T13:00:00Z"},
		{5, false, "the Cell cell5 of bob gives nothing: the house rules stop it: a policy that it names may not be given here"},
	} {
		at := slices.IndexFunc(e.Ways, func(s authz.WayStep) bool { return s.Cell == want.cell })
		if at < 0 || e.Ways[at].Counts != want.counts || e.Ways[at].Text != want.text {
			t.Errorf("%d: %d, %+v", i, at, e.Ways)
		}
	}
	if e := v.access(t, mia).Explain(line(3), alveary.ActionWrite); e.Allowed || e.Decided.Clause != "4.1" || e.Decided.Text != "the Cell cell1 of ann gives write here, but ann does not have it: ann holds read here" {
		t.Errorf("%+v", e.Decided)
	}
	ring := newVillage().with(cell(1, ann, entry("bob", 3, read)), cell(2, bob, entry("ann", 3, read), entry("mia", 3, read)))
	if e := ring.access(t, mia).Explain(line(3), alveary.ActionRead); e.Allowed || len(e.Ways) != 1 || len(e.Ways[0].Above) != 1 || len(e.Ways[0].Above[0].Above) != 1 {
		t.Errorf("%+v", e.Ways)
	}
	if e := ring.access(t, ann).Explain(line(3), alveary.ActionRead); e.Decided.Clause != "4.1" && e.Decided.Clause != "4.3" {
		t.Errorf("%+v", e.Decided)
	}
}

// raced says whether the race detector runs: a pool then drops some of what it
// is given.
func raced() bool {
	pool := sync.Pool{New: func() any { return new(int) }}
	lost := testing.AllocsPerRun(200, func() {
		for range 10 {
			pool.Put(pool.Get())
		}
	})
	return lost >= 1
}
