package acl_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/acl"
)

const (
	none  alveary.Rights = 0
	read                 = alveary.RightRead
	write                = alveary.RightWrite
	both                 = alveary.Givable
)

// The tree of the cases: root 1, folder 2, folder 3 in it, file 4 in that, and
// a folder 5 beside 3.
func pathOf(node alveary.NodeID) []alveary.NodeID {
	return map[alveary.NodeID][]alveary.NodeID{1: {1}, 2: {1, 2}, 3: {1, 2, 3}, 4: {1, 2, 3, 4}, 5: {1, 2, 5}}[node]
}

func on(node alveary.NodeID, role alveary.RoleID, r alveary.Rights) alveary.Entry {
	return alveary.Entry{Node: node, Role: role, Rights: r}
}

func deny(node alveary.NodeID, role alveary.RoleID) alveary.Entry {
	return alveary.Entry{Node: node, Role: role, Deny: true}
}

func until(e alveary.Entry, at time.Time) alveary.Entry {
	e.Expires = at
	return e
}

// Each case names its clause of MODEL.md. The asker's roles are a, b, c in that
// order; b and b2 are of equal rank.
func TestClauses(t *testing.T) {
	stack := []acl.Ranked{{Role: "a", Rank: 1}, {Role: "b", Rank: 2}, {Role: "b2", Rank: 2}, {Role: "c", Rank: 3}}
	tpl := func(role alveary.RoleID, r alveary.Rights) alveary.Entry {
		return alveary.Entry{Template: template, Role: role, Rights: r}
	}
	lost := alveary.Entry{Node: 2, Role: "a", Rights: both, Policies: []alveary.PolicyID{"lost"}}
	home := map[alveary.TemplateID]alveary.NodeID{template: 3}
	cases := []struct {
		clause, label string
		entries       []alveary.Entry
		homes         map[alveary.TemplateID]alveary.NodeID
		want          map[alveary.NodeID]alveary.Rights // as given; what follows is added
	}{
		{"2.5", "an entry on a template path stands on the asker's own node", []alveary.Entry{tpl("a", both)}, home, wants{2: none, 3: both, 4: both, 5: none}},
		{"2.5", "where that is not made yet it stands nowhere", []alveary.Entry{tpl("a", both)}, nil, wants{1: none, 2: none, 3: none, 4: none, 5: none}},
		{"2.5", "whatever node it names beside", []alveary.Entry{{Template: template, Node: 2, Role: "a", Rights: both}}, nil, wants{2: none, 4: none}},
		{"2.5", "nor does it stand on another template's node", []alveary.Entry{tpl("a", both)}, map[alveary.TemplateID]alveary.NodeID{"u": 3}, wants{3: none}},
		{"2.5", "a deny on a template path denies on the own node alone", []alveary.Entry{on(1, "a", read), {Template: template, Role: "b", Deny: true}}, home, wants{2: read, 3: none, 4: none, 5: read}},
		{"2.5", "it meets the entries on the node itself", []alveary.Entry{tpl("a", both), on(3, "b", read)}, home, wants{3: read}},

		{"3", "an entry whose expiry has passed does not exist", []alveary.Entry{until(on(2, "a", both), present.Add(-1))}, nil, wants{2: none}},
		{"3", "at the very instant it has passed", []alveary.Entry{until(on(2, "a", both), present)}, nil, wants{2: none}},
		{"3", "before, it holds", []alveary.Entry{until(on(2, "a", both), present.Add(1))}, nil, wants{2: both, 4: both}},
		{"3", "an expired deny denies nothing", []alveary.Entry{on(2, "a", read), until(deny(2, "b"), present)}, nil, wants{2: read}},
		{"3", "an expired entry replaces nothing", []alveary.Entry{on(2, "a", both), until(on(2, "c", read), present)}, nil, wants{2: both}},
		{"3", "an expired entry is no nearest entry", []alveary.Entry{on(2, "a", both), until(on(3, "a", none), present)}, nil, wants{3: both}},

		{"3.1", "what nothing allows is denied", nil, nil, wants{1: none, 2: none, 4: none}},
		{"3.1", "the entry of a role that is not the asker's allows nothing", []alveary.Entry{on(2, "stranger", both)}, nil, wants{2: none, 4: none}},
		{"3.1", "nor does it deny", []alveary.Entry{on(2, "a", read), deny(2, "stranger")}, nil, wants{2: read}},

		{"3.2", "a deny of any role denies every right on the node", []alveary.Entry{on(2, "c", both), deny(2, "a")}, nil, wants{2: none, 3: none, 4: none, 5: none}},
		{"3.2", "and on all beneath, whatever stands there", []alveary.Entry{deny(2, "a"), on(3, "c", both), on(4, "c", both)}, nil, wants{2: none, 3: none, 4: none}},
		{"3.2", "a deny of the last role too", []alveary.Entry{on(2, "a", both), deny(2, "c")}, nil, wants{2: none, 4: none}},
		{"3.2", "a deny on the root denies everything", []alveary.Entry{on(2, "a", both), deny(1, "b")}, nil, wants{1: none, 2: none, 4: none}},
		{"3.2", "a deny beneath denies nothing above or beside", []alveary.Entry{on(2, "a", both), deny(3, "a")}, nil, wants{2: both, 3: none, 4: none, 5: both}},
		{"3.2", "a deny that gives rights as well gives none", []alveary.Entry{{Node: 2, Role: "a", Deny: true, Rights: both}}, nil, wants{2: none}},

		{"3.3", "the entries of one role add up", []alveary.Entry{on(2, "a", read), on(2, "a", write)}, nil, wants{2: both}},
		{"3.3", "a later role replaces and raises", []alveary.Entry{on(2, "a", read), on(2, "b", both)}, nil, wants{2: both}},
		{"3.3", "a later role replaces and lowers", []alveary.Entry{on(2, "a", both), on(2, "b", read)}, nil, wants{2: read}},
		{"3.3", "it replaces and does not join", []alveary.Entry{on(2, "a", read), on(2, "b", write)}, nil, wants{2: write}},
		{"3.3", "it may lower to nothing", []alveary.Entry{on(2, "a", both), on(2, "c", none)}, nil, wants{2: none, 4: none}},
		{"3.3", "the last of three counts", []alveary.Entry{on(2, "c", read), on(2, "a", both), on(2, "b", write)}, nil, wants{2: read}},
		{"3.3", "roles of equal rank add up", []alveary.Entry{on(2, "b", read), on(2, "b2", write)}, nil, wants{2: both}},
		{"3.3", "on that node only", []alveary.Entry{on(2, "a", both), on(3, "c", read)}, nil, wants{2: both, 3: read, 5: both}},
		{"3.3", "denies are not replaced", []alveary.Entry{deny(2, "a"), on(2, "b", both), on(2, "c", both)}, nil, wants{2: none}},

		{"3.4", "the deepest node with an entry decides", []alveary.Entry{on(1, "a", read), on(2, "a", both), on(3, "a", write)}, nil, wants{1: read, 2: both, 3: write, 4: write, 5: both}},
		{"3.4", "even where a later role stands above", []alveary.Entry{on(2, "c", both), on(3, "a", read)}, nil, wants{2: both, 3: read, 4: read}},
		{"3.4", "even where the entry gives nothing", []alveary.Entry{on(2, "a", both), on(3, "a", none)}, nil, wants{2: both, 3: none, 4: none, 5: both}},
		{"3.4", "a right on a child gives none on its parent", []alveary.Entry{on(4, "a", both)}, nil, wants{1: none, 2: none, 3: none, 4: both}},

		{"3.5", "a policy that cannot be found denies every right", []alveary.Entry{lost}, nil, wants{2: none, 4: none}},
		{"3.5", "as finally as an explicit deny", []alveary.Entry{lost, on(2, "c", both), on(3, "c", both)}, nil, wants{2: none, 3: none, 4: none}},

		{"3.8", "what can only be denied is not given", []alveary.Entry{on(2, "a", alveary.AllRights&^both)}, nil, wants{2: none}},
		{"3.8", "but such an entry stands and replaces", []alveary.Entry{on(2, "a", both), on(2, "b", alveary.AllRights&^both)}, nil, wants{2: none}},
		{"3.8", "download and sync follow from read, upload and delete from write", []alveary.Entry{on(2, "a", read), on(3, "a", write)}, nil, wants{2: read, 3: write}},

		{"3.9", "without read there is no download and no sync", []alveary.Entry{on(2, "a", write)}, nil, wants{2: write}},
		{"3.9", "without write there is no upload and no delete", []alveary.Entry{on(2, "a", read)}, nil, wants{2: read}},
		{"3.9", "a deny takes all six", []alveary.Entry{on(2, "a", both), deny(2, "a")}, nil, wants{2: none}},
	}
	for _, c := range cases {
		t.Run(c.clause+" "+c.label, func(t *testing.T) {
			for shift := range max(1, len(c.entries)) { // 3.7: in any order of the entries
				entries := append(slices.Clone(c.entries[shift:]), c.entries[:shift]...)
				l := newLedger(stack, ofRole(entries), c.homes)
				for node, given := range c.want {
					want := expand(given.Has(alveary.ActionRead), given.Has(alveary.ActionWrite))
					if got := l.At(pathOf(node), present).Settle(0, 0); got != want {
						t.Errorf("on %v: %v, want %v", pathOf(node), got, want)
					}
				}
			}
		})
	}
}

type wants = map[alveary.NodeID]alveary.Rights

func ofRole(entries []alveary.Entry) func(alveary.RoleID) []alveary.Entry {
	return func(role alveary.RoleID) (mine []alveary.Entry) {
		for _, e := range entries {
			if e.Role == role {
				mine = append(mine, e)
			}
		}
		return mine
	}
}

// The trace names the clause that settled the answer, and what was looked at.
func TestExplainNamesTheClause(t *testing.T) {
	stack := []acl.Ranked{{Role: "a", Rank: 1}, {Role: "b", Rank: 2}}
	for _, c := range []struct {
		label, clause, says string
		entries             []alveary.Entry
		allowed, explicit   bool
	}{
		{"nothing", "3.1", "no entry", nil, false, false},
		{"a deny", "3.2", "role b is denied", []alveary.Entry{on(2, "a", both), deny(3, "b")}, false, true},
		{"a lost policy", "3.5", "policy", []alveary.Entry{{Node: 2, Role: "a", Policies: []alveary.PolicyID{"p"}}}, false, true},
		{"the nearest entry", "3.4", "role b holds read here", []alveary.Entry{on(2, "b", both), on(3, "b", read)}, true, false},
		{"the last role", "3.4", "role b holds read here", []alveary.Entry{on(3, "a", both), on(3, "b", read)}, true, false},
		{"a right that is missing", "3.4", "role b holds write here", []alveary.Entry{on(2, "a", both), on(3, "b", write)}, false, false},
		{"an entry of nothing", "3.4", "role b holds nothing here", []alveary.Entry{on(2, "a", both), on(3, "b", none)}, false, false},
		{"an expired entry", "3.1", "no entry", []alveary.Entry{until(on(2, "a", both), present)}, false, false},
	} {
		t.Run(c.label, func(t *testing.T) {
			d := explain(newLedger(stack, ofRole(c.entries), nil), pathOf(4), alveary.ActionRead, present)
			if d.Allowed != c.allowed || d.Explicit != c.explicit {
				t.Errorf("%v, explicit %v", d, d.Explicit)
			}
			i := slices.IndexFunc(d.Trace, func(r reason) bool { return r.Decided })
			if i < 0 || d.Trace[i].Clause != c.clause || !strings.Contains(d.Trace[i].Text, c.says) {
				t.Errorf("settled by %+v, want %s: %s", d.Trace, c.clause, c.says)
			}
			looked := slices.DeleteFunc(slices.Clone(d.Trace), func(r reason) bool { return r.Clause == "3.1" })
			if len(looked) != len(c.entries) {
				t.Errorf("%d of %d entries were looked at", len(looked), len(c.entries))
			}
		})
	}
}

// The rank says who comes later, not the place in the stack.
func TestRankDecidesWhoComesLater(t *testing.T) {
	entries := ofRole([]alveary.Entry{on(2, "first", both), on(2, "last", read), on(2, "beside", write)})
	stack := []acl.Ranked{{Role: "last", Rank: 9}, {Role: "first", Rank: 1}, {Role: "beside", Rank: 9}}
	if got := newLedger(stack, entries, nil).At(pathOf(2), present).Settle(0, 0); got != both.Implied() {
		t.Errorf("%v, want what the two last roles give together", got)
	}
	if got := newLedger(stack[:2], entries, nil).At(pathOf(2), present).Settle(0, 0); got != read.Implied() {
		t.Errorf("%v, want what the last role gives", got)
	}
}

// What can only be denied is not said to be held either.
func TestExplainSaysNoMoreThanIsHeld(t *testing.T) {
	entries := []alveary.Entry{on(2, "a", alveary.AllRights)}
	d := explain(newLedger([]acl.Ranked{{Role: "a", Rank: 1}}, ofRole(entries), nil), pathOf(2), alveary.ActionRead, present)
	for _, word := range []string{"delete", "download", "upload", "sync"} {
		if strings.Contains(d.Trace[0].Text, word) {
			t.Errorf("3.8: %q says that %s is given", d.Trace[0].Text, word)
		}
	}
}

func TestHoldsTemplate(t *testing.T) {
	entries := []alveary.Entry{{Role: "a", Template: template, Rights: both}}
	for _, homes := range []map[alveary.TemplateID]alveary.NodeID{nil, {template: 3}} {
		l := newLedger([]acl.Ranked{{Role: "a", Rank: 1}}, ofRole(entries), homes)
		if !l.HoldsTemplate(template) || l.HoldsTemplate("other") {
			t.Errorf("homes %v: %v, %v", homes, l.HoldsTemplate(template), l.HoldsTemplate("other"))
		}
	}
	if newLedger(nil, ofRole(entries), nil).HoldsTemplate(template) {
		t.Error("held through a role that is not the asker's")
	}
}
