package authz_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

// What settles an answer, clause by clause.
func TestDecider(t *testing.T) {
	policies := []alveary.Policy{
		aclPolicy("reads", allowing(nil, "read")),
		aclPolicy("shuts", allowing(nil, "read", "write"), denying(one("NodeMetaType", "StringEqualCondition", "equals", "COLLECTION"), "write")),
		aclPolicy("files", allowing(nil, "read", "write"), denying(one("NodeMetaExtension", "StringEqualCondition", "equals", "txt"), "download")),
		restPolicy("rest", allowing(nil, "read")),
	}
	ended := on(3, alveary.Givable)
	ended.Expires = present
	for _, c := range []struct {
		name    string
		entries []alveary.Entry
		action  alveary.Action
		allowed bool
		clause  string
		node    alveary.NodeID
		policy  alveary.PolicyID
		rule    int
		text    string
	}{
		{"nothing", nil, alveary.ActionRead, false, "3.1", 0, "", -1, "no entry of any role allows it"},
		{"only what has ended", []alveary.Entry{ended}, alveary.ActionRead, false, "3.1", 0, "", -1, "no entry"},
		{"rights", []alveary.Entry{on(2, alveary.Givable)}, alveary.ActionSync, true, "3.4", 2, "", -1, "mia holds read"},
		{"too few rights", []alveary.Entry{on(2, alveary.RightRead)}, alveary.ActionDelete, false, "3.4", 2, "", -1, "mia holds read here"},
		{"nearest", []alveary.Entry{on(2, alveary.Givable), on(3, 0)}, alveary.ActionRead, false, "3.4", 3, "", -1, "holds nothing here"},
		{"a deny above", []alveary.Entry{{ID: 1, Role: "mia", Node: 2, Deny: true}, on(4, alveary.Givable)}, alveary.ActionRead, false, "3.2", 2, "", -1, "denied here and beneath"},
		{"a policy that is gone", []alveary.Entry{named(1, "mia", 2, "nope"), on(4, alveary.Givable)}, alveary.ActionRead, false, "3.5", 2, "", -1, "cannot be found"},
		{"a policy of another type", []alveary.Entry{named(1, "mia", 2, "rest")}, alveary.ActionRead, false, "3.5", 2, "", -1, "cannot be found"},
		{"a policy allows", []alveary.Entry{named(1, "mia", 2, "reads")}, alveary.ActionDownload, true, "3.5", 2, "reads", 0, "the rule 1 of the policy reads allows it"},
		{"no rule of it allows", []alveary.Entry{named(1, "mia", 2, "reads")}, alveary.ActionWrite, false, "3.5", 2, "", -1, "and no rule of them allows it"},
		{"a folder above is denied", []alveary.Entry{named(1, "mia", 2, "shuts")}, alveary.ActionUpload, false, "3.6", 2, "shuts", 1, "denies it on the folder top"},
		{"the file is denied, deeper rights or not", []alveary.Entry{named(1, "mia", 2, "files"), on(4, alveary.Givable)}, alveary.ActionDownload, false, "3.2", 4, "files", 1, "the rule 2 of the policy files denies it"},
		{"what is not denied of it", []alveary.Entry{named(1, "mia", 2, "files")}, alveary.ActionRead, true, "3.5", 2, "files", 0, "allows it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, _ := newGate(t)
			a := bind(t, g, governed(policies, c.entries...), mia)
			e := a.Explain(line(4), c.action)
			d := e.Decided
			if e.Allowed != c.allowed || a.Rights(line(4)).Has(c.action) != c.allowed {
				t.Errorf("allowed %t", e.Allowed)
			}
			if d.Clause != c.clause || d.Node != c.node || d.Policy != c.policy || d.Rule != c.rule || !strings.Contains(d.Text, c.text) {
				t.Errorf("%+v", d)
			}
			if d.Node != 0 && d.Path != line(d.Node).Path() {
				t.Errorf("%+v", d)
			}
			begins := "mia may not " + c.action.String() + ": "
			if c.allowed {
				begins = "mia may " + c.action.String() + ": "
			}
			if e.Verdict != begins+d.Text {
				t.Errorf("%s", e.Verdict)
			}
		})
	}
	a := access(t)
	if e := a.Explain(line(1), alveary.ActionRead); e.Allowed || e.Residual != nil {
		t.Errorf("of the root: %+v", e)
	}
	g, _ := newGate(t)
	if e := bind(t, g, newSource(), alveary.Subject{}).Explain(line(4), alveary.ActionRead); !strings.HasPrefix(e.Verdict, "nobody in particular may not read") {
		t.Errorf("%s", e.Verdict)
	}
}

// named is an entry that names policies.
func named(id alveary.EntryID, role alveary.RoleID, node alveary.NodeID, policies ...alveary.PolicyID) alveary.Entry {
	return alveary.Entry{ID: id, Role: role, Node: node, Policies: policies}
}

func holding(id alveary.EntryID, role alveary.RoleID, node alveary.NodeID) alveary.Entry {
	return alveary.Entry{ID: id, Role: role, Node: node, Rights: alveary.RightRead}
}

// Each role in order, with how one comes by it and what it holds on the way.
func TestRolesExplained(t *testing.T) {
	src := newSource(on(2, alveary.Givable), alveary.Entry{ID: 20, Role: "auto", Node: 3}, alveary.Entry{ID: 21, Role: "r1", Node: 3, Deny: true},
		named(22, "forced", 3, "a", "b"), alveary.Entry{ID: 23, Role: "stranger", Node: 3, Rights: alveary.Givable})
	src.data.Groups = append(src.data.Groups, alveary.Group{ID: 2, Parent: 1, Name: "sales", Role: "sales"})
	src.data.Roles = append(src.data.Roles, alveary.Role{ID: "sales", OwnerGroup: 2}, alveary.Role{ID: "r1", Label: "Readers"},
		alveary.Role{ID: "auto", Profiles: []alveary.Profile{alveary.ProfileStandard}}, alveary.Role{ID: "forced", ForceOverride: true})
	s := mia
	s.User.Group, s.User.Roles = 2, []alveary.RoleID{"forced", "r1"}
	g, _ := newGate(t)
	a := bind(t, g, src, s)
	var got []string
	for _, r := range a.Explain(line(4), alveary.ActionRead).Roles {
		text := string(r.Role) + " " + r.Label + " (" + r.Why + ")"
		for _, e := range r.Entries {
			text += " " + strconv.FormatInt(int64(e.Entry), 10) + " on " + e.Path + " " + e.Holds + " " + e.State
		}
		got = append(got, text)
	}
	want := []string{
		"ROOT_GROUP / (the role of the group /)", "sales /sales (the role of the group /sales)", "auto  (applied to the profile standard) 20 on top/deep nothing counts",
		"r1 Readers (assigned to him) 21 on top/deep deny denies", "forced  (assigned to him, overriding) 22 on top/deep policies a, b denies", "mia mia (his own role) 2 on top read, write farther",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if stack := a.Stack(); len(stack) != len(want) || stack[3].Label != "Readers" {
		t.Errorf("%+v", stack)
	}
}

// Roles that groups and users own, and that were never made since they hold
// nothing, are called after their owners in all that is told.
func TestRolesWithoutRowsAreCalledAfterTheirOwners(t *testing.T) {
	src := newSource(alveary.Entry{ID: 20, Role: "group-2", Node: 2, Rights: alveary.RightRead}, alveary.Entry{ID: 21, Role: "team-1", Node: 3, Rights: alveary.Givable})
	src.data.Groups = append(src.data.Groups, alveary.Group{ID: 2, Parent: 1, Name: "sales", Role: "group-2"})
	src.data.Roles = []alveary.Role{{ID: alveary.RootGroupRole, Label: "Everyone"}, {ID: "team-1", Label: "Band", Team: true, ForceOverride: true}}
	s := mia
	s.User.Group, s.User.Teams, s.Role = 2, []alveary.RoleID{"team-1"}, "user-7"
	g, _ := newGate(t)
	a := bind(t, g, src, s)
	var got []string
	for _, r := range a.Stack() {
		got = append(got, r.Label+": "+r.Why)
	}
	want := []string{"Everyone: the role of the group /", "/sales: the role of the group /sales", "Band: one of his teams, overriding", "mia: his own role"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for node, want := range map[alveary.NodeID]string{2: "mia may read: group /sales holds read here", 3: "mia may read: role Band holds read, write here"} {
		if got := a.Explain(line(node), alveary.ActionRead).Verdict; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Asking again with what a flip says gives the other answer, and nothing nearer
// does.
func TestFlips(t *testing.T) {
	size := func(op, value string) alveary.Conditions {
		return alveary.Conditions{{Attribute: "NodeMetaSize", Condition: alveary.Condition{Type: "CompareCondition", Options: map[string]any{"op": op, "value": value}}}}
	}
	until := holding(9, "mia", 2)
	until.Rights, until.Expires = alveary.Givable, present.Add(time.Hour)
	for _, c := range []struct {
		name      string
		rules     []alveary.Rule
		attribute string
		to        string // empty: none
		change    func(l alveary.Lineage, c *alveary.Context, to string)
	}{
		{"size", []alveary.Rule{allowing(nil, "read"), denying(size(">", "1KiB"), "read")}, "NodeMetaSize", "1025", func(l alveary.Lineage, _ *alveary.Context, to string) {
			l[3].Size, _ = strconv.ParseInt(to, 10, 64)
		}},
		{"the nearer of two sizes", []alveary.Rule{allowing(size("<", "10KiB"), "read"), denying(size(">", "1KiB"), "read")}, "NodeMetaSize", "1025", func(l alveary.Lineage, _ *alveary.Context, to string) {
			l[3].Size, _ = strconv.ParseInt(to, 10, 64)
		}},
		{"extension", []alveary.Rule{allowing(nil, "read"), denying(one("NodeMetaExtension", "StringEqualCondition", "equals", "exe"), "read")}, "NodeMetaExtension", "exe", func(l alveary.Lineage, _ *alveary.Context, to string) {
			l[3].Name = "file." + to
		}},
		{"tag", []alveary.Rule{allowing(one("NodeMeta:usermeta-tags", "StringEqualCondition", "equals", "open"), "read")}, "NodeMeta:usermeta-tags", "open", func(l alveary.Lineage, _ *alveary.Context, to string) {
			l[3].Meta = l[3].Meta.With(alveary.NamespaceTags, to)
		}},
		{"type", []alveary.Rule{allowing(one("NodeMetaType", "StringEqualCondition", "equals", "COLLECTION"), "read")}, "NodeMetaType", "COLLECTION", func(l alveary.Lineage, _ *alveary.Context, _ string) {
			l[3].Type = alveary.Collection
		}},
		{"address", []alveary.Rule{allowing(network("192.168.0.0/16"), "read")}, "RemoteAddress", "192.168.0.0", func(_ alveary.Lineage, c *alveary.Context, to string) {
			c.Address = to
		}},
		{"hours", []alveary.Rule{allowing(hours("Monday/09:00/18:30;Monday/20:00/21:00"), "read")}, "ServerTime", "2026-06-01T08:59:59Z", func(_ alveary.Lineage, c *alveary.Context, to string) {
			c.Now, _ = time.Parse(time.RFC3339, to)
		}},
		{"a pattern", []alveary.Rule{allowing(one("UserAgent", "StringMatchCondition", "matches", "x"), "read")}, "UserAgent", "", nil},
		{"nothing in the way", []alveary.Rule{allowing(nil, "read"), denying(network("192.168.0.0/16"), "write")}, "RemoteAddress", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, _ := newGate(t)
			src := governed([]alveary.Policy{aclPolicy("p", c.rules...)}, named(1, "mia", 2, "p"))
			ask := func(about alveary.Context) *authz.Access { return bind(t, g, src, at(about)) }
			about := alveary.Context{Now: present, Address: "10.0.0.1"}
			l := slices.Clone(line(4))
			l[3].Size = 500
			e := ask(about).Explain(l, alveary.ActionRead)
			if c.to == "" {
				if len(e.Flips) != 0 {
					t.Errorf("%+v", e.Flips)
				}
				return
			}
			if len(e.Flips) != 1 {
				t.Fatalf("%+v", e.Flips)
			}
			f := e.Flips[0]
			if f.Attribute != c.attribute || f.To != c.to || f.Becomes == e.Allowed || f.From == f.To || !strings.Contains(f.Text, f.To) {
				t.Errorf("%+v", f)
			}
			c.change(l, &about, f.To)
			if got := ask(about).Rights(l).Has(alveary.ActionRead); got != f.Becomes {
				t.Errorf("asked again: %t, told %+v", got, f)
			}
		})
	}
	// An entry that ends flips with the clock.
	a := access(t, until)
	if f := a.Explain(line(4), alveary.ActionRead).Flips; len(f) != 1 || f[0].To != "2026-06-01T13:00:00Z" || f[0].Becomes {
		t.Errorf("%+v", f)
	}
}

// Names that change their length with their case, names without an extension,
// and attributes that are imagined already.
func TestFlipsOfOddNodes(t *testing.T) {
	g, _ := newGate(t)
	deny := func(conditions alveary.Conditions) *source {
		return governed([]alveary.Policy{aclPolicy("p", allowing(nil, "read"), denying(conditions, "read"))}, named(1, "mia", 2, "p"))
	}
	exe := deny(one("NodeMetaExtension", "StringEqualCondition", "equals", "exe"))
	for _, name := range []string{"a.ȺȺȺȺȺȺ", "a", ".a", "a.", "a.b.C", "İ.İ"} {
		l := slices.Clone(line(4))
		l[3].Name = name
		if f := bind(t, g, exe, mia).Explain(l, alveary.ActionRead).Flips; len(f) != 1 || f[0].To != "exe" {
			t.Errorf("%q: %+v", name, f)
		}
		exe.data.Version++
	}
	tag := one("NodeMeta:usermeta-tags", "StringEqualCondition", "equals", "secret")
	imagined := at(alveary.Context{Set: map[string]alveary.Value{"NodeMeta:usermeta-tags": alveary.Text("open")}})
	src := deny(tag)
	src.data.Version = 50
	if f := bind(t, g, src, imagined).Explain(line(4), alveary.ActionRead).Flips; len(f) != 1 || f[0].To != "secret" {
		t.Errorf("%+v", f)
	}
	// What no node can carry is imagined of it: a size in words, a change at no
	// time, an owner.
	for i, c := range []alveary.Conditions{
		one("NodeMetaSize", "StringEqualCondition", "equals", "large"), one("NodeMetaMTime", "StringEqualCondition", "equals", "never"),
		one("NodeMetaOwner", "StringEqualCondition", "equals", "zoe"), one("NodeMetaName", "StringEqualCondition", "equals", "b"),
		one("NodeMetaMTime", "DateAfterCondition", "matches", "2030-01-01T00:00:00Z"),
	} {
		src := deny(c)
		src.data.Version = int64(60 + i)
		if f := bind(t, g, src, mia).Explain(line(4), alveary.ActionRead).Flips; len(f) != 1 || f[0].Becomes {
			t.Errorf("%v: %+v", c, f)
		}
	}
}
