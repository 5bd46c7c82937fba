package authz_test

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alveary"
	"alveary/authz"
	"alveary/testkit/oracle/draw"
)

// Two people of one world; both may be the same in much.
func others(t *rapid.T, w *draw.World) (lower, upper alveary.Subject) {
	upper = w.Subject
	if rapid.IntRange(0, 2).Draw(t, "alike") > 0 {
		lower = upper
		lower.User.ID, lower.User.Login, lower.Role = 8, "zoe", "zoe"
		if rapid.Bool().Draw(t, "fewer") {
			lower.User.Roles, lower.User.Teams = nil, nil
		}
		if rapid.Bool().Draw(t, "same mail") {
			lower.User.Email = ""
		}
	} else {
		lower = draw.Draw(t).Subject
		lower.User.ID, lower.User.Login, lower.Role = 8, "zoe", "zoe"
	}
	lower.Homes = nil
	if rapid.Bool().Draw(t, "has a home") {
		lower.Homes = map[alveary.TemplateID]alveary.NodeID{draw.MyFiles: rapid.SampledFrom(w.Lines).Draw(t, "home").Node().ID}
	}
	return lower, upper
}

// THREATS.md 16, MODEL.md 7.7: whenever Within says yes, no node, action, call
// or sign-in in any context is allowed to the one and refused to the other.
func TestThreat16_WithinIsCertain(t *testing.T) {
	c := newCourt(t)
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	early := authz.New(sealer, func() time.Time { return draw.Epoch.Add(-100 * 24 * time.Hour) })
	yes := 0
	c.until(t, *questions, func(t *rapid.T) {
		w := draw.Draw(t)
		simpler(t, w)
		lower, upper := others(t, w)
		src := c.source(w)
		lines := map[alveary.NodeID]alveary.Lineage{}
		for _, l := range w.Lines {
			lines[l.Node().ID] = l
		}
		ok, why, err := early.Within(t.Context(), src, lower, upper, func(id alveary.NodeID) (alveary.Lineage, error) {
			if l := lines[id]; l != nil {
				return l, nil
			}
			return nil, alveary.Withheld("find the node")
		})
		if err != nil || ok != (why == "") {
			t.Fatalf("%t, %q, %v", ok, why, err)
		}
		c.asked++
		if !ok || !lower.Known() { // who is disabled is nobody, and as nobody the upper may ask too
			return
		}
		yes++
		for range 12 {
			context := w.Context(t)
			maps.DeleteFunc(context.Set, func(name string, _ alveary.Value) bool { return alveary.ClassOf(name) == alveary.ClassSubject }) // nobody imagines who asks
			l, u := lower, upper
			l.Context, u.Context = context, context
			may, must := bindTo(t, c.gate, src, l), bindTo(t, c.gate, src, u)
			for _, line := range w.Lines {
				if home := lower.Homes[draw.MyFiles]; home != 0 && line.Contains(home) {
					continue // his own
				}
				c.asked++
				if more := may.Rights(line) &^ must.Rights(line); more != 0 {
					differ(t, w, context, "%+v holds %q on %q and %+v does not", lower.User, more, line.Path(), upper.User)
				}
			}
			for _, call := range []string{"GET /user", "POST /user", "GET /user/7", "DELETE /other"} {
				method, path, _ := strings.Cut(call, " ")
				c.asked++
				if c.gate.Call(t.Context(), src, l, method, path) == nil && c.gate.Call(t.Context(), src, u, method, path) != nil {
					differ(t, w, context, "%+v may call %s and %+v may not", lower.User, call, upper.User)
				}
			}
			for _, action := range []string{authz.ActionLogin, authz.ActionIssue, authz.ActionRefresh} {
				c.asked++
				_, first := c.gate.SignIn(t.Context(), src, l, action)
				_, second := c.gate.SignIn(t.Context(), src, u, action)
				if first == nil && second != nil {
					differ(t, w, context, "%+v may %s and %+v may not", lower.User, action, upper.User)
				}
			}
		}
	})
	t.Logf("%d times yes", yes)
	if yes < 20 {
		t.Errorf("yes only %d times: nothing was shown", yes)
	}
}

func bindTo(t *rapid.T, g *authz.Gate, src authz.Source, s alveary.Subject) *authz.Access {
	a, err := g.Bind(t.Context(), src, s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// simpler makes a yes likely now and then: fewer policies of calls, rules that
// do not tell people apart, entries without policies.
func simpler(t *rapid.T, w *draw.World) {
	if rapid.Bool().Draw(t, "few calls") {
		w.Data.Policies = slices.DeleteFunc(w.Data.Policies, func(p alveary.Policy) bool { return p.Type != alveary.PolicyACL && len(p.Rules) > 2 })
	}
	if rapid.Bool().Draw(t, "impersonal") {
		for i := range w.Data.Policies {
			for j := range w.Data.Policies[i].Rules {
				w.Data.Policies[i].Rules[j].Subjects = nil
			}
		}
	}
	if rapid.Bool().Draw(t, "static") {
		for i := range w.Data.Entries {
			w.Data.Entries[i].Policies = nil
		}
	}
	for i := range w.Data.Entries { // the other has something of his own, too
		if rapid.IntRange(0, 9).Draw(t, "of zoe") == 0 {
			w.Data.Entries[i].Role = "zoe"
		}
	}
}

// lineOf finds the ways of the tests' tree.
func lineOf(id alveary.NodeID) (alveary.Lineage, error) {
	if l := line(id); l != nil {
		return l, nil
	}
	return nil, alveary.Withheld("find the node")
}

func TestWithin(t *testing.T) {
	sales := func(id alveary.EntryID, role alveary.RoleID, node alveary.NodeID, r alveary.Rights) alveary.Entry {
		return alveary.Entry{ID: id, Role: role, Node: node, Rights: r}
	}
	naming := func(id alveary.EntryID, role alveary.RoleID, node alveary.NodeID, p ...alveary.PolicyID) alveary.Entry {
		return alveary.Entry{ID: id, Role: role, Node: node, Policies: p}
	}
	until := func(e alveary.Entry, d time.Duration) alveary.Entry {
		e.Expires = present.Add(d)
		return e
	}
	template := func(id alveary.EntryID, role alveary.RoleID, r alveary.Rights) alveary.Entry {
		return alveary.Entry{ID: id, Role: role, Template: alveary.TemplateMyFiles, Rights: r}
	}
	read, both := alveary.RightRead, alveary.Givable
	hours := alveary.Conditions{{Attribute: alveary.AttrServerTime, Condition: alveary.Condition{Type: "OfficeHoursCondition", Options: map[string]any{"matches": "Monday-Friday/09:00/18:30"}}}}
	mine := alveary.Conditions{{Attribute: alveary.AttrNodeOwner, Condition: alveary.Condition{Type: "StringEqualCondition", Options: map[string]any{"equals": "{{.ClaimsName}}"}}}}
	subjects := func(r alveary.Rule, names ...string) alveary.Rule {
		r.Subjects = names
		return r
	}
	called := alveary.Conditions{{Attribute: alveary.HeaderPrefix + "X-For", Condition: alveary.Condition{Type: "EqualsSubjectCondition"}}}
	policies := []alveary.Policy{
		ofType(alveary.PolicyACL, "called", allowing(called, "read")),
		ofType(alveary.PolicyACL, "hours", allowing(hours, "read", "write")),
		ofType(alveary.PolicyACL, "open", allowing(nil, "read")),
		ofType(alveary.PolicyACL, "mine", allowing(mine, "read")),
		ofType(alveary.PolicyACL, "shut", allowing(nil, "read", "write"), denying(hours, "download")),
		ofType(alveary.PolicyACL, "not-lou", allowing(nil, "read"), subjects(denying(nil, "read"), "user:lou")),
		ofType(alveary.PolicyACL, "not-max", allowing(nil, "read"), subjects(denying(nil, "read"), "user:max")),
	}
	anyone := restPolicy("calls", subjects(allowing(nil, "<.*>"), "profile:<standard|shared>"))
	for _, c := range []struct {
		name    string
		want    bool
		entries []alveary.Entry
		more    []alveary.Policy
		change  func(lower, upper *alveary.Subject)
	}{
		{"nothing", true, nil, nil, nil},
		{"the same group", true, []alveary.Entry{sales(1, "sales", 2, both), sales(2, alveary.RootGroupRole, 1, read)}, nil, nil},
		{"the same group, whose entry names a policy", true, []alveary.Entry{naming(1, "sales", 2, "hours")}, nil, nil},
		{"the same group, whose policy denies as well", true, []alveary.Entry{naming(1, "sales", 2, "shut")}, nil, nil},
		{"the same group, which holds nothing beneath", true, []alveary.Entry{sales(1, "sales", 2, both), sales(2, "sales", 3, 0)}, nil, nil},
		{"the same template path", true, []alveary.Entry{template(1, alveary.RootGroupRole, both)}, nil, nil},
		{
			"the same template path, made for the upper", true,
			[]alveary.Entry{template(1, alveary.RootGroupRole, both)},
			nil,
			func(_, upper *alveary.Subject) {
				upper.Homes = map[alveary.TemplateID]alveary.NodeID{alveary.TemplateMyFiles: 3}
			},
		},
		{"a template path that the upper has not", false, []alveary.Entry{template(1, "lou", both)}, nil, nil},
		{"more on a template path", false, []alveary.Entry{template(1, alveary.RootGroupRole, read), template(2, "lou", both)}, nil, nil},
		{"a template path that is shut for the upper", false, []alveary.Entry{template(1, alveary.RootGroupRole, both), {ID: 2, Role: "max", Template: alveary.TemplateMyFiles, Deny: true}}, nil, nil},
		{"fewer roles", true, []alveary.Entry{sales(1, "r1", 2, both)}, nil, func(_, upper *alveary.Subject) { upper.User.Roles = []alveary.RoleID{"r1"} }},
		{"more roles", false, []alveary.Entry{sales(1, "r1", 2, read)}, nil, func(lower, _ *alveary.Subject) { lower.User.Roles = []alveary.RoleID{"r1"} }},
		{"more teams", false, []alveary.Entry{sales(1, "r1", 2, read)}, nil, func(lower, _ *alveary.Subject) { lower.User.Teams = []alveary.RoleID{"r1"} }},
		{"more roles that hold nothing", true, nil, nil, func(lower, _ *alveary.Subject) { lower.User.Roles = []alveary.RoleID{"r1"} }},
		{
			"a role that holds what the upper holds by another", true,
			[]alveary.Entry{sales(1, "max", 1, both), sales(2, "r1", 3, read)},
			nil,
			func(lower, _ *alveary.Subject) { lower.User.Roles = []alveary.RoleID{"r1"} },
		},
		{"what the upper does not hold beneath", false, []alveary.Entry{sales(1, "sales", 2, both), sales(2, "max", 3, read)}, nil, nil},
		{"what is denied the upper beneath", false, []alveary.Entry{sales(1, "sales", 2, both), {ID: 2, Role: "max", Node: 3, Deny: true}}, nil, nil},
		{"what is denied both beneath", true, []alveary.Entry{sales(1, "sales", 2, both), {ID: 2, Role: "sales", Node: 3, Deny: true}}, nil, nil},
		{"what is denied the upper above", false, []alveary.Entry{sales(1, "sales", 3, both), {ID: 2, Role: "max", Node: 2, Deny: true}}, nil, nil},
		{"what is denied the lower", true, []alveary.Entry{sales(1, "sales", 2, both), {ID: 2, Role: "lou", Node: 3, Deny: true}}, nil, nil},
		{"longer than the upper", false, []alveary.Entry{until(sales(1, "lou", 2, read), 2*time.Hour), until(sales(2, "max", 2, read), time.Hour)}, nil, nil},
		{"as long as the upper", true, []alveary.Entry{until(sales(1, "lou", 2, read), time.Hour), until(sales(2, "max", 2, read), time.Hour)}, nil, nil},
		{"for ever what the upper has for a while", false, []alveary.Entry{sales(1, "lou", 2, read), until(sales(2, "max", 2, read), time.Hour)}, nil, nil},
		{"what the upper has only after something else has passed", false, []alveary.Entry{sales(1, "sales", 2, both), until(sales(2, "max", 3, 0), time.Hour)}, nil, nil},
		{"what has passed", true, []alveary.Entry{until(sales(1, "lou", 2, read), 0)}, nil, nil},
		{"under conditions what the upper has without", true, []alveary.Entry{naming(1, "lou", 2, "hours"), sales(2, "max", 2, both)}, nil, nil},
		{"under conditions what the upper has only to read", false, []alveary.Entry{naming(1, "lou", 2, "hours"), sales(2, "max", 2, read)}, nil, nil},
		{"without conditions what the upper has under", false, []alveary.Entry{sales(1, "lou", 2, both), naming(2, "max", 2, "hours")}, nil, nil},
		{"static rights that the upper has by a policy in any case", true, []alveary.Entry{sales(1, "lou", 2, read), naming(2, "max", 2, "open")}, nil, nil},
		{"what a policy denies the upper", false, []alveary.Entry{sales(1, "lou", 2, read), naming(2, "max", 2, "open", "shut")}, nil, nil},
		{"what a policy denies the upper further up", false, []alveary.Entry{naming(1, "max", 1, "shut"), sales(2, "sales", 3, read)}, nil, nil},
		{"what a policy denies of which the lower has nothing", true, []alveary.Entry{sales(1, "max", 2, both), naming(2, "max", 1, "shut")}, nil, nil},
		{"what is each one's own", false, []alveary.Entry{naming(1, "sales", 2, "mine")}, nil, nil},
		{"what asks for one's own name", false, []alveary.Entry{naming(1, "sales", 2, "called")}, nil, nil},
		{"a rule that denies the upper", false, []alveary.Entry{naming(1, "sales", 2, "not-max")}, nil, nil},
		{"a rule that denies the lower", true, []alveary.Entry{naming(1, "sales", 2, "not-lou")}, nil, nil},
		{"a policy that is gone", true, []alveary.Entry{naming(1, "sales", 2, "gone")}, nil, nil},
		{"a policy that is gone for the upper", false, []alveary.Entry{sales(1, "sales", 2, read), naming(2, "max", 2, "gone")}, nil, nil},
		{"a node that is gone", true, []alveary.Entry{sales(1, "lou", 99, both)}, nil, nil},
		{"calls of the same profiles", true, nil, []alveary.Policy{anyone}, func(lower, _ *alveary.Subject) { lower.User.Profile = alveary.ProfileShared }},
		{"calls for the lower", false, nil, []alveary.Policy{restPolicy("x", subjects(allowing(nil, "GET"), "user:lou"))}, nil},
		{"calls for the upper", true, nil, []alveary.Policy{restPolicy("x", subjects(allowing(nil, "GET"), "user:max"))}, nil},
		{"calls denied the upper", false, nil, []alveary.Policy{anyone, restPolicy("x", subjects(denying(nil, "GET"), "user:max"))}, nil},
		{"calls denied the lower", true, nil, []alveary.Policy{anyone, restPolicy("x", subjects(denying(nil, "GET"), "user:lou"))}, nil},
		{"calls denied both in some contexts", true, nil, []alveary.Policy{anyone, restPolicy("x", denying(hours, "GET"))}, nil},
		{"sign-in for the lower", false, nil, []alveary.Policy{ofType(alveary.PolicyOIDC, "x", subjects(allowing(nil, "login"), "user:lou"))}, nil},
		{"sign-in for both", true, nil, []alveary.Policy{ofType(alveary.PolicyOIDC, "x", allowing(hours, "login"))}, nil},
		{"a policy that is off", true, nil, []alveary.Policy{{ID: "x", Type: alveary.PolicyOIDC, Mode: alveary.ModeOff, Rules: []alveary.Rule{subjects(allowing(nil, "login"), "user:lou")}}}, nil},
		{"a profile above", false, nil, nil, func(lower, upper *alveary.Subject) {
			lower.User.Profile, upper.User.Profile = alveary.ProfileStandard, alveary.ProfileShared
		}},
		{"an administrator", false, nil, nil, func(lower, _ *alveary.Subject) { lower.User.Profile = alveary.ProfileAdmin }},
		{"a profile that is none", false, nil, nil, func(lower, _ *alveary.Subject) { lower.User.Profile = "guest" }},
		{"external people within staff", true, []alveary.Entry{sales(1, "sales", 2, both)}, nil, func(lower, _ *alveary.Subject) { lower.User.Profile = alveary.ProfileShared }},
		{"who is disabled", true, []alveary.Entry{sales(1, "lou", 2, both)}, nil, func(lower, _ *alveary.Subject) { lower.User.Disabled = true }},
		{"nobody yet", false, nil, nil, func(lower, _ *alveary.Subject) { lower.User.ID = 0 }},
		{"the upper is disabled", false, nil, nil, func(_, upper *alveary.Subject) { upper.User.Disabled = true }},
		{"the upper asks with a token that is confined", false, nil, nil, func(_, upper *alveary.Subject) { upper.Scope.Gateways = "rest" }},
		{"a role that lets invite", false, nil, nil, func(lower, _ *alveary.Subject) { lower.User.Roles = []alveary.RoleID{"hosts"} }},
		{"both may invite", true, nil, nil, func(lower, upper *alveary.Subject) {
			lower.User.Roles, upper.User.Roles = []alveary.RoleID{"hosts"}, []alveary.RoleID{"hosts"}
		}},
		{"the upper needs a second factor", true, nil, nil, func(_, upper *alveary.Subject) { upper.User.Roles = []alveary.RoleID{"careful"} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := governed(slices.Concat(policies, c.more), c.entries...)
			src.data.Groups = append(src.data.Groups, alveary.Group{ID: 2, Parent: 1, Name: "sales", Role: "sales"})
			src.data.Roles = append(src.data.Roles, alveary.Role{ID: "hosts", Invites: true}, alveary.Role{ID: "careful", SecondFactor: true}, alveary.Role{ID: "r1"})
			person := func(id alveary.UserID, login string) alveary.Subject {
				return alveary.Subject{User: alveary.User{ID: id, Login: login, Profile: alveary.ProfileStandard, Group: 2}, Role: alveary.RoleID(login)}
			}
			lower, upper := person(8, "lou"), person(9, "max")
			if c.change != nil {
				c.change(&lower, &upper)
			}
			g, _ := newGate(t)
			ok, why, err := g.Within(t.Context(), src, lower, upper, lineOf)
			if err != nil || ok != c.want || ok != (why == "") {
				t.Errorf("%t (%q), %v", ok, why, err)
			}
			if upper.Known() && upper.Scope == (alveary.Scope{}) {
				if ok, why, err := g.Within(t.Context(), src, upper, upper, lineOf); !ok || err != nil {
					t.Errorf("more than himself: %q, %v", why, err)
				}
			}
		})
	}
}

// What is said against it names nothing that the upper may not see.
func TestWithinTellsNoNames(t *testing.T) {
	src := newSource(on(3, alveary.RightRead), on(2, 0), alveary.Entry{ID: 9, Role: "lou", Node: 3, Rights: alveary.Givable},
		alveary.Entry{ID: 10, Role: "lou", Node: 5, Rights: alveary.Givable})
	lou := mia
	lou.User.ID, lou.User.Login, lou.Role = 8, "lou", "lou"
	g, _ := newGate(t)
	if _, why, err := g.Within(t.Context(), src, lou, mia, lineOf); err != nil || why != "write on deep, which you do not hold in the same way" {
		t.Errorf("%q, %v", why, err)
	}
	src.set(alveary.Entry{ID: 10, Role: "lou", Node: 5, Rights: alveary.Givable})
	if _, why, err := g.Within(t.Context(), src, lou, mia, lineOf); err != nil || why != "something on files that you may not do yourself" {
		t.Errorf("%q, %v", why, err)
	}
	lost := func(alveary.NodeID) (alveary.Lineage, error) { return nil, fmt.Errorf("the database is gone") }
	if ok, _, err := g.Within(t.Context(), src, lou, mia, lost); ok || err == nil {
		t.Error("said without being sure")
	}
	src.versionErr = fmt.Errorf("the database is gone")
	if ok, _, err := g.Within(t.Context(), src, lou, mia, lineOf); ok || err == nil {
		t.Error("said without being sure")
	}
}

// 1,000 entries of the roles of both: of one group, of which each has something
// besides, and once with a policy on the way to everything.
func BenchmarkWithin(b *testing.B) {
	for _, governs := range []bool{false, true} {
		b.Run(fmt.Sprintf("policy=%t", governs), func(b *testing.B) {
			var entries []alveary.Entry
			lines := map[alveary.NodeID]alveary.Lineage{}
			for i := range 1000 {
				id := alveary.NodeID(100 + i)
				role := []alveary.RoleID{"sales", "sales", "max"}[i%3]
				entries = append(entries, alveary.Entry{ID: alveary.EntryID(100 + i), Role: role, Node: id, Rights: alveary.Givable})
				lines[id] = slices.Concat(line(3), alveary.Lineage{{ID: 50, Name: "a"}, {ID: 51, Name: "b"}, {ID: id, Name: "c"}})
			}
			if governs {
				entries = append(entries, alveary.Entry{ID: 1, Role: alveary.RootGroupRole, Node: 2, Policies: []alveary.PolicyID{"shut"}})
			}
			src := governed([]alveary.Policy{ofType(alveary.PolicyACL, "shut", allowing(nil, "read"), denying(network("11.0.0.0/8"), "write"))}, entries...)
			src.data.Groups = append(src.data.Groups, alveary.Group{ID: 2, Parent: 1, Name: "sales", Role: "sales"})
			lower := alveary.Subject{User: alveary.User{ID: 8, Login: "lou", Profile: alveary.ProfileStandard, Group: 2}, Role: "lou"}
			upper := alveary.Subject{User: alveary.User{ID: 9, Login: "max", Profile: alveary.ProfileStandard, Group: 2}, Role: "max"}
			g, _ := newGate(b)
			find := func(id alveary.NodeID) (alveary.Lineage, error) {
				if l := lines[id]; l != nil {
					return l, nil
				}
				return lineOf(id)
			}
			b.ReportAllocs()
			for b.Loop() {
				if ok, why, err := g.Within(b.Context(), src, lower, upper, find); !ok || err != nil {
					b.Fatal(why, err)
				}
			}
		})
	}
}

// What comes through Cells is more for whom it does not come through as well,
// but for the owner himself.
func TestWithinLooksAtCells(t *testing.T) {
	shared := func(entries ...alveary.Entry) *village {
		return newVillage(append(entries, entry("ann", 2, both), entry("bob", 2, read))...)
	}
	team := func(s alveary.Subject) alveary.Subject {
		s.User.Roles = []alveary.RoleID{"team"}
		return s
	}
	deny := alveary.Entry{Role: "bob", Node: 3, Deny: true}
	for label, c := range map[string]struct {
		village *village
		upper   alveary.Subject
		want    bool
	}{
		"nothing is shared":                  {shared(), bob, true},
		"with the lower alone":               {shared().with(cell(1, ann, entry("mia", 3, both))), bob, false},
		"with both by one role":              {shared().with(cell(1, ann, entry("team", 3, both))), team(bob), true},
		"with the upper more, by his own":    {shared().with(cell(1, ann, entry("team", 3, read), entry("bob", 3, both))), team(bob), true},
		"with the upper less, by his own":    {shared().with(cell(1, ann, entry("team", 3, both), entry("bob", 3, read))), team(bob), false},
		"with the lower by the upper":        {shared().with(cell(1, bob, entry("mia", 3, both))), bob, true},
		"with both, and the upper is denied": {shared(deny).with(cell(1, ann, entry("team", 2, both))), team(bob), false},
		"with both, denied elsewhere":        {shared(deny).with(cell(1, ann, entry("team", 5, both))), team(bob), true},
	} {
		g, _ := newGate(t)
		ok, why, err := g.Within(t.Context(), &source{data: c.village.data}, team(mia), c.upper, lineOf)
		if err != nil || ok != c.want || ok != (why == "") {
			t.Errorf("%s: %t, %q, %v", label, ok, why, err)
		}
	}
}
