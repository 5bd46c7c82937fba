package acl_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alveary"
	"alveary/acl"
)

const template alveary.TemplateID = "t"

// epoch is the present of most worlds; expiries lie on whole hours around it.
var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// drawWorld makes a small world: small enough that roles, nodes and instants
// meet often.
func drawWorld(t *rapid.T) (world, alveary.Subject) {
	w := world{parents: map[alveary.NodeID]alveary.NodeID{}}
	roleIDs := []alveary.RoleID{"r0", "r1", "r2", "r3", "own", "g1", "g2", "g3", "strange"}
	profiles := []alveary.Profile{alveary.ProfileAdmin, alveary.ProfileStandard, alveary.ProfileShared, alveary.ProfileAnon}

	w.groups = []alveary.Group{{ID: 1, Role: "g1"}, {ID: 2, Parent: 1, Role: "g2"}, {ID: 3, Parent: rapid.SampledFrom([]alveary.GroupID{1, 2}).Draw(t, "parent of g3"), Role: "g3"}}
	for _, id := range roleIDs {
		w.roles = append(w.roles, alveary.Role{
			ID: id, ForceOverride: rapid.IntRange(0, 3).Draw(t, "force "+string(id)) == 0,
			Profiles: rapid.SliceOfNDistinct(rapid.SampledFrom(profiles), 0, 2, rapid.ID).Draw(t, "profiles of "+string(id)),
		})
	}
	nodes := alveary.NodeID(rapid.IntRange(1, 7).Draw(t, "nodes"))
	for id := alveary.NodeID(2); id <= nodes; id++ {
		w.parents[id] = alveary.NodeID(rapid.IntRange(1, int(id)-1).Draw(t, "parent"))
	}
	for range rapid.IntRange(0, 8).Draw(t, "entries") {
		w.entries = append(w.entries, drawEntry(t, roleIDs, nodes, len(w.entries)))
	}
	s := alveary.Subject{User: alveary.User{
		ID: 9, Profile: rapid.SampledFrom(profiles).Draw(t, "profile"), Group: alveary.GroupID(rapid.IntRange(1, 3).Draw(t, "group")),
		Roles:    rapid.SliceOfNDistinct(rapid.SampledFrom(roleIDs[:4]), 0, 4, rapid.ID).Draw(t, "assigned"),
		Disabled: rapid.IntRange(0, 20).Draw(t, "disabled") == 0,
	}, Role: "own"}
	if rapid.Bool().Draw(t, "has a home") {
		s.Homes = map[alveary.TemplateID]alveary.NodeID{template: alveary.NodeID(rapid.IntRange(1, int(nodes)).Draw(t, "home"))}
	}
	return w, s
}

func drawEntry(t *rapid.T, roles []alveary.RoleID, nodes alveary.NodeID, i int) alveary.Entry {
	e := alveary.Entry{ID: alveary.EntryID(100 + i), Role: rapid.SampledFrom(roles).Draw(t, "role")}
	if rapid.IntRange(0, 4).Draw(t, "on a template") == 0 {
		e.Template = template
	} else {
		e.Node = alveary.NodeID(rapid.IntRange(1, int(nodes)).Draw(t, "node"))
	}
	switch rapid.IntRange(0, 11).Draw(t, "value") {
	case 0:
		e.Deny = true
	case 1:
		e.Policies = []alveary.PolicyID{"lost"}
	case 2: // what can only be denied is given all the same
		e.Rights = alveary.AllRights &^ alveary.Givable
	case 3:
	default:
		e.Rights = rapid.SampledFrom([]alveary.Rights{alveary.RightRead, alveary.RightWrite, alveary.Givable}).Draw(t, "rights")
	}
	if rapid.IntRange(0, 2).Draw(t, "expires") == 0 {
		e.Expires = epoch.Add(time.Duration(rapid.IntRange(-2, 2).Draw(t, "when")) * time.Hour)
	}
	return e
}

// ledgerOf is the code under test, on a world.
func ledgerOf(w world, s alveary.Subject) *acl.Ledger {
	byRole := map[alveary.RoleID][]alveary.Entry{}
	for _, e := range w.entries {
		byRole[e.Role] = append(byRole[e.Role], e)
	}
	stack := acl.NewPeople(w.groups, w.roles).Stack(s)
	return newLedger(stack, func(r alveary.RoleID) []alveary.Entry { return byRole[r] }, s.Homes)
}

func eachNode(w world, fn func(node alveary.NodeID, path []alveary.NodeID)) {
	for id := alveary.RootID; int(id) <= len(w.parents)+1; id++ {
		fn(id, w.path(id))
	}
}

func drawNow(t *rapid.T) time.Time {
	return epoch.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "now")) * time.Hour)
}

// The ledger says what the model says.
func TestLedgerAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, s := drawWorld(t)
		now := drawNow(t)
		l := ledgerOf(w, s)
		eachNode(w, func(node alveary.NodeID, path []alveary.NodeID) {
			want := w.rights(s, node, now)
			if got := l.At(path, now).Settle(0, 0); got != want {
				t.Fatalf("on %v: %v, want %v", path, got, want)
			}
			for a := alveary.ActionNone; a <= alveary.ActionSync; a++ {
				d := explain(l, path, a, now)
				if d.Allowed != want.Has(a) {
					t.Fatalf("on %v explained as %v, want %v of %v", path, d, a, want)
				}
				checkTrace(t, w, s, path, d, now)
			}
		})
	})
}

// A trace names what is there, settles the answer with exactly one step, and
// that step could have settled it.
func checkTrace(t *rapid.T, w world, s alveary.Subject, path []alveary.NodeID, d decision, now time.Time) {
	decided := 0
	for _, r := range d.Trace {
		if r.Decided {
			decided++
		}
		if r.Text == "" || r.Clause == "" {
			t.Fatalf("a step without words: %+v", r)
		}
		if r.Entry == nil {
			if r.Clause != "3.1" || d.Allowed || d.Explicit {
				t.Fatalf("%v rests on no entry: %+v", d, r)
			}
			continue
		}
		i := slices.IndexFunc(w.entries, func(e alveary.Entry) bool { return e.ID == r.Entry.ID })
		e := w.entries[i]
		if e.Role != r.Entry.Role || standsOn(e, s) != r.Node || !slices.Contains(path, r.Node) {
			t.Fatalf("the step %+v is not of the entry %+v", r, e)
		}
		if !r.Decided {
			continue
		}
		denies := e.Deny || len(e.Policies) > 0
		switch {
		case e.Expired(now):
			t.Fatalf("%v was settled by an entry that has expired: %+v", d, e)
		case denies != d.Explicit:
			t.Fatalf("%v (explicit: %v) was settled by %+v", d, d.Explicit, e)
		case denies && d.Allowed:
			t.Fatalf("%v was settled by a deny", d)
		}
	}
	if decided != 1 {
		t.Fatalf("%v: %d steps settled it", d, decided)
	}
}

// MODEL.md 3.7: the order in which entries, roles and groups are written down
// never changes a decision.
func TestOrderOfEntriesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, s := drawWorld(t)
		now := drawNow(t)
		other := w
		other.entries = rapid.Permutation(w.entries).Draw(t, "entries shuffled")
		other.roles = rapid.Permutation(w.roles).Draw(t, "roles shuffled")
		other.groups = rapid.Permutation(w.groups).Draw(t, "groups shuffled")
		one, two := ledgerOf(w, s), ledgerOf(other, s)
		eachNode(w, func(_ alveary.NodeID, path []alveary.NodeID) {
			if a, b := one.At(path, now), two.At(path, now); !reflect.DeepEqual(a, b) {
				t.Fatalf("on %v: %v, shuffled %v", path, a, b)
			}
			for a := alveary.ActionRead; a <= alveary.ActionSync; a++ {
				if x, y := explain(one, path, a, now), explain(two, path, a, now); x.Allowed != y.Allowed || x.Explicit != y.Explicit {
					t.Fatalf("on %v: %v, shuffled %v", path, x, y)
				}
			}
		})
	})
}

// THREATS.md 28: adding a deny never grants, and takes everything from its
// subtree where its role is the subject's.
func TestAddingADenyNeverGrants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, s := drawWorld(t)
		now := drawNow(t)
		before := ledgerOf(w, s)
		deny := drawEntry(t, []alveary.RoleID{"r0", "r1", "r2", "r3", "own", "g1", "g2", "g3"}, alveary.NodeID(len(w.parents)+1), 1000)
		deny.Deny = true
		w.entries = append(slices.Clone(w.entries), deny)
		after := ledgerOf(w, s)
		eachNode(w, func(_ alveary.NodeID, path []alveary.NodeID) {
			if gained := after.At(path, now).Settle(0, 0) &^ before.At(path, now).Settle(0, 0); gained != 0 {
				t.Fatalf("a deny gave %v on %v", gained, path)
			}
		})
	})
}

// Going down step by step is the same as asking for the whole path.
func TestBelowAgreesWithAt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, s := drawWorld(t)
		now := drawNow(t)
		l := ledgerOf(w, s)
		eachNode(w, func(node alveary.NodeID, path []alveary.NodeID) {
			folder := l.At(path[:len(path)-1], now)
			if got, want := l.Below(folder, node, now), l.At(path, now); !reflect.DeepEqual(got, want) {
				t.Fatalf("below %v: %v, want %v", path[:len(path)-1], got, want)
			}
		})
		if got := l.At(nil, now).Settle(0, 0); got != 0 {
			t.Fatalf("above the root: %v", got)
		}
	})
}

// MODEL.md 7.4: until ValidUntil the answer holds, and it is asked for no
// earlier than now.
func TestAnswerHoldsUntilValidUntil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, s := drawWorld(t)
		now := drawNow(t)
		l := ledgerOf(w, s)
		eachNode(w, func(node alveary.NodeID, path []alveary.NodeID) {
			until, change := l.ValidUntil(path, now), w.nextChange(s, node, now)
			if !until.IsZero() && !until.After(now) {
				t.Fatalf("on %v: valid until %v, which is not after %v", path, until, now)
			}
			if !change.IsZero() && (until.IsZero() || until.After(change)) {
				t.Fatalf("on %v: changes at %v, said to hold until %v", path, change, until)
			}
		})
	})
}

// Rights can differ from those on the parent only on the nodes that the ledger
// names.
func TestNodesAreWhereRightsChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, s := drawWorld(t)
		now := drawNow(t)
		l := ledgerOf(w, s)
		nodes := l.Nodes()
		if !slices.IsSorted(nodes) || len(slices.Compact(slices.Clone(nodes))) != len(nodes) {
			t.Fatalf("not in order: %v", nodes)
		}
		eachNode(w, func(node alveary.NodeID, path []alveary.NodeID) {
			above := alveary.Rights(0)
			if node != alveary.RootID {
				above = w.rights(s, w.parents[node], now)
			}
			if w.rights(s, node, now) != above && !slices.Contains(nodes, node) {
				t.Fatalf("rights change on %v, the ledger knows %v", path, nodes)
			}
		})
	})
}
