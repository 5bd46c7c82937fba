package acl_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/acl"
)

// shelf is what the tests' policies are: their numbers and forces.
var shelf = map[alveary.PolicyID]struct {
	number acl.Policy
	force  acl.Force
}{
	"a": {0, acl.InForce}, "b": {1, acl.InForce}, "c": {2, acl.InForce}, "off": {3, acl.Idle}, "seen": {4, acl.Watched}, "other": {5, acl.Watched},
}

func resolve(id alveary.PolicyID) (acl.Policy, acl.Force) {
	p := shelf[id]
	return p.number, p.force
}

func naming(node alveary.NodeID, role alveary.RoleID, policies ...alveary.PolicyID) alveary.Entry {
	return alveary.Entry{Role: role, Node: node, Policies: policies, Rights: alveary.RightWrite}
}

var (
	inOrder = []acl.Ranked{{Role: "one", Rank: 1}, {Role: "two", Rank: 2}}
	when    = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// Policies in place of rights (MODEL.md 3.2 to 3.6), on the path 1, 2, 3.
func TestPoliciesOfEntries(t *testing.T) {
	path := []alveary.NodeID{1, 2, 3}
	for _, c := range []struct {
		name    string
		entries []alveary.Entry
		stack   []acl.Ranked
		want    acl.Standing
	}{
		{"one", []alveary.Entry{naming(2, "one", "a")}, inOrder, acl.Standing{Allow: []acl.Policy{0}, Named: []acl.Policy{0}}},
		{"beside rights", []alveary.Entry{naming(2, "one", "a"), on(2, "one", alveary.RightRead)}, inOrder, acl.Standing{Rights: alveary.RightRead, Allow: []acl.Policy{0}, Named: []acl.Policy{0}}},
		{"two of one role", []alveary.Entry{naming(2, "one", "a"), naming(2, "one", "b", "a")}, inOrder, acl.Standing{Allow: []acl.Policy{0, 1}, Named: []acl.Policy{0, 1}}},
		{"a later role replaces what allows", []alveary.Entry{naming(2, "one", "a"), naming(2, "two", "b")}, inOrder, acl.Standing{Allow: []acl.Policy{1}, Named: []acl.Policy{0, 1}}},
		{"rights of a later role replace", []alveary.Entry{naming(2, "one", "a"), on(2, "two", alveary.RightRead)}, inOrder, acl.Standing{Rights: alveary.RightRead, Named: []acl.Policy{0}}},
		{"equal rank adds up", []alveary.Entry{naming(2, "one", "a"), naming(2, "two", "b")}, []acl.Ranked{{Role: "one", Rank: 1}, {Role: "two", Rank: 1}}, acl.Standing{Allow: []acl.Policy{0, 1}, Named: []acl.Policy{0, 1}}},
		{"nearest decides what allows, all may deny", []alveary.Entry{naming(1, "one", "a"), naming(2, "one", "b"), on(3, "one", alveary.RightRead)}, inOrder, acl.Standing{Rights: alveary.RightRead, Named: []acl.Policy{0, 1}}},
		{"missing", []alveary.Entry{naming(2, "one", "a", "nope")}, inOrder, acl.Standing{Denied: true}},
		{"missing beside what is off", []alveary.Entry{naming(2, "one", "off", "nope")}, inOrder, acl.Standing{Denied: true}},
		{"off", []alveary.Entry{on(1, "one", alveary.RightRead), naming(2, "one", "off", "seen")}, inOrder, acl.Standing{Rights: alveary.RightRead}},
		{"off beside one in force", []alveary.Entry{on(1, "one", alveary.RightRead), naming(2, "one", "off", "a", "seen")}, inOrder, acl.Standing{Allow: []acl.Policy{0}, Named: []acl.Policy{0}}},
		{"off in a later role replaces nothing", []alveary.Entry{naming(2, "one", "a"), naming(2, "two", "off")}, inOrder, acl.Standing{Allow: []acl.Policy{0}, Named: []acl.Policy{0}}},
		{"a deny that names what is off", []alveary.Entry{{Role: "one", Node: 2, Deny: true, Policies: []alveary.PolicyID{"off"}}}, inOrder, acl.Standing{Denied: true}},
		{"of a stranger", []alveary.Entry{naming(2, "three", "a", "nope")}, inOrder, acl.Standing{}},
		{"expired", []alveary.Entry{until(naming(2, "one", "nope"), when), until(naming(2, "one", "a"), when.Add(-1))}, inOrder, acl.Standing{}},
		{"expires at the end of all years", []alveary.Entry{until(deny(2, "one"), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))}, inOrder, acl.Standing{Denied: true}},
		{"expired before all clocks", []alveary.Entry{until(deny(2, "one"), time.Date(1066, 1, 1, 0, 0, 0, 0, time.UTC))}, inOrder, acl.Standing{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := acl.NewIndex(c.entries, resolve).Ledger(c.stack, nil)
			for range 2 { // what is remembered says the same
				got := l.At(path, when)
				if got.Denied != c.want.Denied || got.Rights != c.want.Rights || !slices.Equal(got.Allow, c.want.Allow) || (!got.Denied && !slices.Equal(got.Named, c.want.Named)) {
					t.Errorf("%+v", got)
				}
			}
			slices.Reverse(c.entries)
			got := acl.NewIndex(c.entries, resolve).Ledger(c.stack, nil).At(path, when)
			slices.Sort(got.Allow)
			if got.Denied != c.want.Denied || got.Rights != c.want.Rights || !slices.Equal(got.Allow, c.want.Allow) {
				t.Errorf("in another order: %+v", got)
			}
		})
	}
}

// A standing is shared: what is added beneath one child is not seen beneath
// another.
func TestStandingsDoNotShare(t *testing.T) {
	l := acl.NewIndex([]alveary.Entry{naming(1, "one", "a"), naming(2, "one", "b"), naming(3, "one", "c")}, resolve).Ledger(inOrder, nil)
	root := l.Below(acl.Standing{}, 1, when)
	two, three := l.Below(root, 2, when), l.Below(root, 3, when)
	again := l.Below(root, 2, when)
	if !slices.Equal(root.Named, []acl.Policy{0}) || !slices.Equal(two.Named, []acl.Policy{0, 1}) || !slices.Equal(three.Named, []acl.Policy{0, 2}) || !slices.Equal(again.Named, two.Named) {
		t.Errorf("%v %v %v %v", root.Named, two.Named, three.Named, again.Named)
	}
}

// MODEL.md 7.8: an observed policy counts in the ledger that is told so.
func TestLedgerWithAnObservedPolicy(t *testing.T) {
	l := acl.NewIndex([]alveary.Entry{
		on(1, "one", alveary.RightRead), naming(2, "one", "seen"), naming(3, "two", "a", "seen"), naming(4, "three", "other"), naming(5, "one", "nope", "seen"),
	}, resolve).Ledger(inOrder, nil)
	if got := l.Watched(); !slices.Equal(got, []acl.Policy{4}) {
		t.Errorf("%v", got)
	}
	with := l.With(4)
	for _, c := range []struct {
		path             []alveary.NodeID
		without, changed []acl.Policy
	}{
		{[]alveary.NodeID{1, 2}, nil, []acl.Policy{4}}, {[]alveary.NodeID{1, 3}, []acl.Policy{0}, []acl.Policy{0, 4}}, {[]alveary.NodeID{1, 4}, nil, nil},
	} {
		if got := l.At(c.path, when).Allow; !slices.Equal(got, c.without) {
			t.Errorf("%v: %v", c.path, got)
		}
		if got := with.At(c.path, when).Allow; !slices.Equal(got, c.changed) {
			t.Errorf("%v with it: %v", c.path, got)
		}
	}
	if !with.At([]alveary.NodeID{5}, when).Denied || l.With(5).At([]alveary.NodeID{1, 2}, when).Allow != nil {
		t.Error("a missing policy beside it is forgotten, or another counts")
	}
	if got := l.Steps([]alveary.NodeID{2}, when); got[0].State != acl.NotInForce {
		t.Errorf("%+v", got)
	}
	if got := with.Steps([]alveary.NodeID{2}, when); got[0].State != acl.Counts || !slices.Equal(got[0].Policies, []acl.Policy{4}) {
		t.Errorf("%+v", got)
	}
}

// Many roles on one node are found as few are.
func TestManyRolesOnANode(t *testing.T) {
	var entries []alveary.Entry
	for i := range 40 {
		for range 2 {
			entries = append(entries, on(1, alveary.RoleID(fmt.Sprint("r", i)), alveary.RightRead))
		}
	}
	entries = append(entries, on(2, "r7", alveary.RightWrite), on(1, "r7", alveary.RightWrite), on(2, "elsewhere", alveary.RightRead))
	x := acl.NewIndex(entries, resolve)
	for i := range 41 {
		role := alveary.RoleID(fmt.Sprint("r", i))
		want := alveary.RightRead
		switch i {
		case 7:
			want = alveary.Givable
		case 40:
			want = 0
		}
		l := x.Ledger([]acl.Ranked{{Role: role, Rank: 1}, {Role: "elsewhere", Rank: 2}}, nil)
		if got := l.At([]alveary.NodeID{1}, when).Rights; got != want {
			t.Errorf("%s: %q", role, got)
		}
		if steps := l.Steps([]alveary.NodeID{1}, when); len(steps) != 2 && i != 7 && i != 40 {
			t.Errorf("%s: %d entries", role, len(steps))
		}
	}
}

// What becomes of each entry, in words.
func TestStepsInWords(t *testing.T) {
	ended := until(on(2, "one", alveary.RightRead), when)
	entries := []alveary.Entry{
		naming(1, "one", "a"), naming(1, "two", "a", "b"), naming(2, "one", "off"), ended, naming(2, "two", "nope"), on(3, "one", 0), on(3, "two", alveary.Givable), deny(3, "one"),
	}
	l := acl.NewIndex(entries, resolve).Ledger(inOrder, nil)
	var got []string
	for _, s := range l.Steps([]alveary.NodeID{1, 2, 3}, when) {
		got = append(got, fmt.Sprintf("%d %s: %s", s.Node, s.State, s.Text("role "+string(s.Entry.Role))))
	}
	want := []string{
		"1 replaced: role one holds what the policy a allow here",
		"1 farther: role two holds what the policies a, b allow here",
		"2 not in force: role one names policies of which none is in force",
		"2 expired: the entry of role one expired at 2026-06-01T12:00:00Z",
		"2 denies: role two names a policy that cannot be found",
		"3 replaced: role one holds nothing here",
		"3 denies: role one is denied here and beneath",
		"3 counts: role two holds read, write here",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
}

// MODEL.md 3.8, 3.9: what policies allow and deny, put together with entries.
func TestSettle(t *testing.T) {
	download := alveary.Rights(0).With(alveary.ActionDownload)
	for _, c := range []struct {
		standing        acl.Standing
		allowed, denied alveary.Rights
		want            alveary.Rights
	}{
		{acl.Standing{Rights: alveary.Givable}, 0, 0, alveary.AllRights},
		{acl.Standing{Rights: alveary.Givable}, alveary.RightRead, 0, alveary.AllRights}, // no policy stands
		{acl.Standing{Rights: alveary.Givable, Allow: []acl.Policy{0}}, alveary.RightRead, 0, alveary.RightRead.Implied()},
		{acl.Standing{Allow: []acl.Policy{0}}, alveary.AllRights &^ alveary.Givable, 0, 0}, // never given
		{acl.Standing{Allow: []acl.Policy{0}}, alveary.Givable, alveary.RightRead, alveary.RightWrite.Implied()},
		{acl.Standing{Allow: []acl.Policy{0}, Lost: alveary.RightWrite}, alveary.Givable, download, alveary.RightRead.Implied() &^ download},
		{acl.Standing{Rights: alveary.Givable, Denied: true}, alveary.Givable, 0, 0},
	} {
		if got := c.standing.Settle(c.allowed, c.denied); got != c.want {
			t.Errorf("%+v, %q, %q: %q", c.standing, c.allowed, c.denied, got)
		}
	}
	for right, want := range map[alveary.Rights]alveary.Rights{
		download: download | alveary.RightRead, alveary.Rights(0).With(alveary.ActionUpload): alveary.RightWrite.With(alveary.ActionUpload), alveary.RightRead: alveary.RightRead, 0: 0,
	} {
		if got := acl.Causes(right); got != want {
			t.Errorf("%q is caused by %q", right, got)
		}
	}
}

func TestPathsOfGroups(t *testing.T) {
	p := acl.NewPeople([]alveary.Group{{ID: 3, Parent: 2, Name: "north"}, {ID: 1}, {ID: 2, Parent: 1, Name: "sales"}, {ID: 8, Parent: 9, Name: "lost"}}, []alveary.Role{{ID: "r", Label: "R"}})
	for id, want := range map[alveary.GroupID][]string{3: {"/", "/sales", "/sales/north"}, 1: {"/"}, 77: {}, 8: {"/lost"}} {
		if got := p.Paths(id); !slices.Equal(got, want) {
			t.Errorf("%d: %q", id, got)
		}
	}
	if r, ok := p.Role("r"); !ok || r.Label != "R" {
		t.Errorf("%+v", r)
	}
	if _, ok := p.Role("s"); ok {
		t.Error("a role that is not there is found")
	}
}
