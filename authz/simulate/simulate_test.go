package simulate_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/authz/simulate"
)

// town is a small world for drafts: folders 2 (top), 3 (top/deep), 5 (homes),
// file 4 (top/deep/file.txt), and a home for each of its people in 5.
type town struct {
	data   alveary.AccessData
	people []alveary.Subject
}

func newTown() *town {
	w := &town{data: alveary.AccessData{
		Version: 1, Groups: []alveary.Group{{ID: alveary.RootGroup, Role: alveary.RootGroupRole}, {ID: 2, Parent: 1, Name: "sales", Role: "sales"}},
		Roles: []alveary.Role{{ID: alveary.RootGroupRole}, {ID: "sales", OwnerGroup: 2}, {ID: "r1"}, {ID: "r2"}, {ID: "auto", Profiles: []alveary.Profile{alveary.ProfileStandard}}},
	}}
	for i, login := range []string{"ann", "bob", "cyd", "dan"} {
		s := alveary.Subject{
			User:  alveary.User{ID: alveary.UserID(10 + i), Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup},
			Role:  alveary.RoleID(login),
			Homes: map[alveary.TemplateID]alveary.NodeID{alveary.TemplateMyFiles: alveary.NodeID(100 + i)},
		}
		w.data.Roles = append(w.data.Roles, alveary.Role{ID: s.Role, OwnerUser: s.User.ID})
		w.people = append(w.people, s)
	}
	w.people[1].User.Roles = []alveary.RoleID{"r1"}
	w.people[2].User.Roles = []alveary.RoleID{"r1", "r2"}
	w.people[3].User.Group, w.people[3].User.Profile = 2, alveary.ProfileAdmin
	return w
}

func (w *town) line(id alveary.NodeID) (alveary.Lineage, error) {
	if id >= 100 && id < 104 {
		homes := alveary.Node{ID: 5, Parent: 1, Name: "homes", Type: alveary.Collection}
		return alveary.Lineage{line(1)[0], homes, {ID: id, Parent: 5, Name: w.people[id-100].User.Login, Type: alveary.Collection}}, nil
	}
	if id == 5 {
		return alveary.Lineage{line(1)[0], {ID: 5, Parent: 1, Name: "homes", Type: alveary.Collection}}, nil
	}
	if l := line(id); l != nil && id != 5 {
		return l, nil
	}
	return nil, alveary.Withheld("find")
}

// draft is the town and what it would be.
func (w *town) draft(change func(data *alveary.AccessData, people []alveary.Subject)) authz.Draft {
	after := w.data
	after.Entries, after.Policies, after.Roles, after.Groups = slices.Clone(after.Entries), slices.Clone(after.Policies), slices.Clone(after.Roles), slices.Clone(after.Groups)
	people := slices.Clone(w.people)
	for i := range people {
		people[i].User.Roles = slices.Clone(people[i].User.Roles)
	}
	change(&after, people)
	d := authz.Draft{
		Before: w.data, After: after, Context: alveary.Context{Now: present, Address: "10.0.0.1"}, Line: w.line,
		Templates: map[alveary.TemplateID]alveary.NodeID{alveary.TemplateMyFiles: 5}, Login: func(alveary.UserID) string { return "" },
		Calls: []authz.Call{{Method: "GET", Path: "/session"}, {Method: "POST", Path: "/session"}, {Method: "GET", Path: "/users"}},
	}
	for i := range people {
		d.People = append(d.People, authz.Person{Before: w.people[i], After: people[i]})
	}
	return d
}

func simulated(t testing.TB, d authz.Draft) authz.Effects {
	t.Helper()
	g := newGate()
	var last authz.Effects
	if err := simulate.Run(t.Context(), g, d, func(e authz.Effects) bool { last = e; return true }); err != nil {
		t.Fatal(err)
	}
	if !last.Complete {
		t.Fatal("not complete")
	}
	return last
}

// told are the effects, one a line for each of the people.
func told(e authz.Effects, plain bool) []string {
	var out []string
	for _, l := range e.Lines {
		if plain && l.When != "" {
			continue
		}
		verb := "loses"
		if l.Gains {
			verb = "gains"
		}
		what := l.Path
		if l.Call.Path != "" {
			what = l.Call.Method + " " + l.Call.Path
		}
		for _, login := range l.People {
			out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", login, verb, l.Right, what, l.When)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// force asks the gate about everybody, everywhere, before and after.
func force(t testing.TB, w *town, d authz.Draft, nodes []alveary.NodeID) []string {
	t.Helper()
	g := newGate()
	var out []string
	people := slices.Clone(d.People)
	seen := map[alveary.CellID]bool{}
	for _, c := range slices.Concat(d.Before.Cells, d.After.Cells) {
		if c.Link != nil && !seen[c.ID] {
			seen[c.ID] = true
			v := alveary.Visiting(c.ID, c.Owner)
			people = append(people, authz.Person{Before: v, After: v})
		}
	}
	for _, p := range people {
		name := p.Before.User.Login
		if p.Before.Link != 0 {
			name = "the link " + p.Before.Link.String()
		}
		for _, id := range nodes {
			l, err := w.line(id)
			if err != nil {
				t.Fatal(err)
			}
			path := l.Path()
			if id >= 100 {
				path = "My files"
				if d.People[id-100].Before.User.ID != p.Before.User.ID {
					continue
				}
			}
			var rights [2]alveary.Rights
			for i, s := range []alveary.Subject{p.Before, p.After} {
				s.Context = &d.Context
				data := []alveary.AccessData{d.Before, d.After}[i]
				data.Draft = true
				data.Version = int64(2*i) + 7
				data.Owners = nil
				for _, o := range d.People {
					data.Owners = append(data.Owners, []alveary.Subject{o.Before, o.After}[i])
				}
				rights[i] = bind(t, g, &source{data: data}, s).Rights(l)
			}
			for _, a := range (rights[0] ^ rights[1]).Actions() {
				verb := "loses"
				if rights[1].Has(a) {
					verb = "gains"
				}
				out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", name, verb, a, path)))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Drafts of every kind, at random: in the context of whoever drafts, simulate
// tells exactly what asking about everybody and everything would.
func TestSimulationIsBruteForce(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(n int) int { return random.IntN(n) }
	roles := []alveary.RoleID{alveary.RootGroupRole, "sales", "r1", "r2", "auto", "ann", "bob", "cyd", "dan"}
	entry := func(id alveary.EntryID) alveary.Entry {
		e := alveary.Entry{ID: id, Role: roles[pick(len(roles))], Node: []alveary.NodeID{1, 2, 3, 4, 5, 101}[pick(6)], Rights: []alveary.Rights{0, alveary.RightRead, alveary.Givable}[pick(3)]}
		switch pick(8) {
		case 0:
			e.Deny = true
		case 1, 2:
			e.Policies = []alveary.PolicyID{alveary.PolicyID(fmt.Sprint("p", pick(3)))}
		case 3:
			e.Node, e.Template = 0, alveary.TemplateMyFiles
		case 4:
			e.Expires = present.Add(time.Duration(pick(3)-1) * time.Hour)
		}
		return e
	}
	aPolicy := func(id int) alveary.Policy {
		p := alveary.Policy{ID: alveary.PolicyID(fmt.Sprint("p", id)), Type: alveary.PolicyACL, Mode: []alveary.PolicyMode{"", "", alveary.ModeOff, alveary.ModeObserved}[pick(4)]}
		for range 1 + pick(2) {
			r := alveary.Rule{Effect: []alveary.Effect{alveary.EffectAllow, alveary.EffectDeny}[pick(2)], Actions: []string{[]string{"read", "write", "<.*>"}[pick(3)]}}
			switch pick(5) {
			case 0:
				r.Conditions = alveary.Conditions{{Attribute: "RemoteAddress", Condition: alveary.Condition{Type: "CIDRCondition", Options: map[string]any{"cidr": []string{"10.0.0.0/8", "11.0.0.0/8"}[pick(2)]}}}}
			case 1:
				r.Subjects = []string{"user:ann", "role:r2"}
			case 2:
				r.Conditions = alveary.Conditions{{Attribute: "ClaimsName", Condition: alveary.Condition{Type: "StringEqualCondition", Options: map[string]any{"equals": "bob"}}}}
			}
			p.Rules = append(p.Rules, r)
		}
		return p
	}
	aCell := func(id alveary.CellID) alveary.Cell {
		c := alveary.Cell{ID: id, Owner: alveary.UserID(10 + pick(4)), Created: present.AddDate(0, 0, -1)}
		for i := range 1 + pick(2) {
			e := entry(alveary.EntryID(int(id)*100 + i))
			e.Cell, e.Deny, e.Role = id, false, roles[5+pick(4)]
			if e.Template != "" {
				e.Template, e.Node = "", 2
			}
			c.Entries = append(c.Entries, e)
		}
		if pick(3) == 0 {
			c.Link = &alveary.Link{Mode: []alveary.LinkMode{alveary.LinkRead, alveary.LinkPreview, alveary.LinkEdit}[pick(3)]}
			for i := range c.Entries {
				c.Entries[i].Role = alveary.LinkRole(id)
			}
		}
		return c
	}
	no := false
	for i := range 1000 {
		w := newTown()
		for id := range pick(8) {
			w.data.Entries = append(w.data.Entries, entry(alveary.EntryID(id+1)))
		}
		for id := range 3 {
			w.data.Policies = append(w.data.Policies, aPolicy(id))
		}
		if i%2 == 0 {
			w.data.Owners = slices.Clone(w.people)
			for id := range 1 + pick(4) {
				w.data.Cells = append(w.data.Cells, aCell(alveary.CellID(id+1)))
			}
			for at := range w.people {
				w.data.Entries = append(w.data.Entries, alveary.Entry{ID: alveary.EntryID(30 + at), Role: w.people[at].Role, Node: alveary.NodeID(2 + pick(2)), Rights: alveary.Givable})
			}
		}
		d := w.draft(func(data *alveary.AccessData, people []alveary.Subject) {
			for range 1 + pick(2) {
				s := &people[pick(len(people))]
				switch pick(11) {
				case 8:
					if n := len(data.Cells); n > 0 {
						data.Cells = slices.Clone(data.Cells[:n-1])
					}
				case 9:
					if n := len(data.Cells); n > 0 {
						data.Cells = slices.Clone(data.Cells)
						data.Cells[n-1] = aCell(data.Cells[n-1].ID)
					}
				case 10:
					data.Rules = []alveary.HouseRule{{ID: 1, Role: roles[pick(len(roles))], Node: alveary.NodeID(1 + pick(4)), Terms: alveary.Terms{Cells: &no, FolderLinks: &no}}}
				case 0:
					data.Policies[pick(3)] = aPolicy(7)
				case 1:
					at := pick(3)
					id := data.Policies[at].ID
					data.Policies[at] = aPolicy(7)
					data.Policies[at].ID = id
				case 2:
					data.Entries = append(data.Entries, entry(50))
				case 3:
					if n := len(data.Entries); n > 0 {
						data.Entries = slices.Delete(data.Entries, n-1, n)
					}
				case 4:
					s.User.Roles = []alveary.RoleID{roles[2+pick(2)]}
				case 5:
					s.User.Disabled = !s.User.Disabled
				case 6:
					data.Roles[2+pick(3)].ForceOverride = true
				case 7:
					s.User.Group, s.User.Profile = alveary.GroupID(1+pick(2)), []alveary.Profile{alveary.ProfileShared, alveary.ProfileStandard}[pick(2)]
				}
			}
		})
		var nodes []alveary.NodeID
		every := slices.Concat(d.Before.Entries, d.After.Entries)
		for _, c := range slices.Concat(d.Before.Cells, d.After.Cells) {
			every = append(every, c.Entries...)
		}
		for _, e := range every {
			switch {
			case e.Node == 0:
				nodes = append(nodes, 100, 101, 102, 103)
			case e.Node < 100:
				nodes = append(nodes, e.Node)
			}
		}
		want := force(t, w, d, nodes)
		got := told(simulated(t, d), true)
		for n, line := range got { // a home as a node of its own
			login, _, _ := strings.Cut(line, " ")
			got[n] = strings.Replace(line, "homes/"+login, "My files", 1)
		}
		got = slices.DeleteFunc(got, func(line string) bool {
			return strings.Contains(line, "homes/") || (strings.Contains(line, "My files") && !slices.Contains(nodes, 100))
		})
		slices.Sort(got)
		got = slices.Compact(got)
		missing := slices.DeleteFunc(slices.Clone(want), func(l string) bool {
			return slices.ContainsFunc(got, func(other string) bool { // or on a folder above, where only a Cell stands that has nothing to do with it
				return l == other || i%2 == 0 && strings.HasPrefix(l, other+"/")
			})
		})
		if len(missing) > 0 || len(got) > len(want) {
			more := slices.DeleteFunc(slices.Clone(got), func(l string) bool { return slices.Contains(want, l) })
			t.Fatalf("draft %d: not told %q; told besides %q\nbefore %+v\n%+v\n%+v\nafter %+v\n%+v\n%+v\n%+v", i, missing, more, d.Before.Entries, d.Before.Policies, d.Before.Cells, d.After.Entries, d.After.Policies, d.After.Cells, d.After.Rules)
		}
	}
}

func network(cidr string) alveary.Conditions {
	return alveary.Conditions{{Attribute: "RemoteAddress", Condition: alveary.Condition{Type: "CIDRCondition", Options: map[string]any{"cidr": cidr}}}}
}

func hours(matches string) alveary.Conditions {
	return alveary.Conditions{{Attribute: "ServerTime", Condition: alveary.Condition{Type: "OfficeHoursCondition", Options: map[string]any{"matches": matches}}}}
}

func aclPolicy(id alveary.PolicyID, rules ...alveary.Rule) alveary.Policy {
	return alveary.Policy{ID: id, Type: alveary.PolicyACL, Rules: rules}
}

func allowing(conditions alveary.Conditions, actions ...string) alveary.Rule {
	return alveary.Rule{Effect: alveary.EffectAllow, Actions: actions, Conditions: conditions}
}

func denying(conditions alveary.Conditions, actions ...string) alveary.Rule {
	return alveary.Rule{Effect: alveary.EffectDeny, Actions: actions, Conditions: conditions}
}

// has says whether a line that begins so was told.
func has(lines []string, beginning string) bool {
	return slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, beginning) })
}

// What does not show in the drafter's own context shows at the edges of the
// conditions, in both directions.
func TestSimulationAtTheEdges(t *testing.T) {
	w := newTown()
	w.data.Policies = []alveary.Policy{aclPolicy("hours", allowing(hours("Monday/09:00/18:30"), "read"))}
	w.data.Entries = []alveary.Entry{{ID: 1, Role: "r1", Node: 2, Policies: []alveary.PolicyID{"hours"}}}
	for _, c := range []struct {
		name     string
		change   func(*alveary.AccessData, []alveary.Subject)
		yes, not []string
	}{
		{"other hours", func(data *alveary.AccessData, _ []alveary.Subject) {
			data.Policies[0] = aclPolicy("hours", allowing(hours("Monday/14:00/22:00"), "read"))
		}, []string{"bob loses read top", "bob gains read top when ServerTime is 2026-06-01T18:31:00Z", "cyd gains sync top when ServerTime is"}, []string{"ann", "dan"}},
		{"an entry that names what is there", func(data *alveary.AccessData, _ []alveary.Subject) {
			data.Entries = append(data.Entries, alveary.Entry{ID: 2, Role: "ann", Node: 3, Policies: []alveary.PolicyID{"hours"}})
		}, []string{"ann gains read top/deep"}, []string{"bob", "cyd", "ann gains read top "}},
		{"a role that names what is there, after hours", func(_ *alveary.AccessData, people []alveary.Subject) {
			people[0].User.Roles = []alveary.RoleID{"r1"}
		}, []string{"ann gains read top"}, []string{"bob", "ann loses"}},
		{"an entry that ends", func(data *alveary.AccessData, _ []alveary.Subject) {
			data.Entries[0].Expires = present.Add(time.Hour)
		}, []string{"bob loses read top when ServerTime is 2026-06-01T13:00:00Z"}, []string{"bob gains", "ann"}},
		{"one more network", func(data *alveary.AccessData, _ []alveary.Subject) {
			data.Policies[0].Rules = append(slices.Clone(data.Policies[0].Rules), denying(network("192.168.0.0/16"), "download"))
		}, []string{"bob loses download top when RemoteAddress is 192.168.0.0"}, []string{"bob loses read", "bob gains"}},
		{"by what a file is", func(data *alveary.AccessData, _ []alveary.Subject) {
			data.Policies[0].Rules = append(slices.Clone(data.Policies[0].Rules), denying(alveary.Conditions{{Attribute: "NodeMetaExtension", Condition: alveary.Condition{Type: "StringEqualCondition", Options: map[string]any{"equals": "exe"}}}}, "read"))
		}, []string{"bob loses read top for files whose NodeMetaExtension is exe"}, []string{"bob gains"}},
		{"nothing", func(*alveary.AccessData, []alveary.Subject) {}, nil, []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := simulated(t, w.draft(c.change))
			lines := told(e, false)
			for _, one := range c.yes {
				if !has(lines, one) {
					t.Errorf("not told: %s\n%q", one, lines)
				}
			}
			for _, one := range c.not {
				if has(lines, one) {
					t.Errorf("told: %s\n%q", one, lines)
				}
			}
		})
	}
	// After hours the same draft shows at the edges what the plain context hides.
	d := w.draft(func(_ *alveary.AccessData, people []alveary.Subject) { people[0].User.Roles = []alveary.RoleID{"r1"} })
	d.Context.Now = present.Add(12 * time.Hour)
	if lines := told(simulated(t, d), false); !has(lines, "ann gains read top when ServerTime is") || has(told(simulated(t, d), true), "ann") {
		t.Errorf("%q", lines)
	}
}

// Whoever a policy tells apart is not put together with others, even where that
// policy is not the one that is drafted.
func TestSimulationTellsPeopleApart(t *testing.T) {
	w := newTown()
	only := aclPolicy("only", allowing(nil, "read"), alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"read"}, Subjects: []string{"user:bob"}})
	w.data.Policies = []alveary.Policy{only}
	w.data.Entries = []alveary.Entry{{ID: 1, Role: "r1", Node: 2, Policies: []alveary.PolicyID{"only"}}}
	w.people[2].User.Roles = []alveary.RoleID{"r1"}
	lines := told(simulated(t, w.draft(func(data *alveary.AccessData, _ []alveary.Subject) {
		data.Entries = append(data.Entries, alveary.Entry{ID: 2, Role: "r1", Node: 3, Rights: alveary.Givable})
	})), true)
	if !has(lines, "cyd gains write top/deep") || !has(lines, "bob gains write top/deep") || has(lines, "bob gains read") {
		t.Errorf("%q", lines)
	}
	// The same of calls.
	w.data.Policies = []alveary.Policy{
		{ID: "all", Type: alveary.PolicyREST, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"<.*>"}, Resources: []string{"rest:/session"}}}},
		{ID: "not", Type: alveary.PolicyREST, Rules: []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"GET"}, Subjects: []string{"user:ann"}}}},
	}
	e := simulated(t, w.draft(func(data *alveary.AccessData, _ []alveary.Subject) {
		data.Policies[0].Rules = []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"GET"}, Resources: []string{"rest:<.*>"}}}
	}))
	lines = told(e, true)
	want := []string{
		"ann loses call POST /session", "bob gains call GET /users", "bob loses call POST /session", "cyd gains call GET /users", "cyd loses call POST /session",
		"dan gains call GET /users", "dan loses call POST /session",
	}
	if !slices.Equal(lines, want) || e.Gain != 3 || e.Lose != 4 {
		t.Errorf("%q, %d gain, %d lose", lines, e.Gain, e.Lose)
	}
}

// Calls are asked as they would be made, and sign-in for all three actions.
func TestSimulationOfCallsAndSignIn(t *testing.T) {
	w := newTown()
	w.data.Policies = []alveary.Policy{
		{ID: "rest", Type: alveary.PolicyREST, Rules: []alveary.Rule{allowing(nil, "<.*>")}},
		{ID: "oidc", Type: alveary.PolicyOIDC, Rules: []alveary.Rule{allowing(nil, "<.*>")}},
	}
	d := w.draft(func(data *alveary.AccessData, _ []alveary.Subject) {
		equal := func(attribute, value string) alveary.Conditions {
			return alveary.Conditions{{Attribute: attribute, Condition: alveary.Condition{Type: "StringEqualCondition", Options: map[string]any{"equals": value}}}}
		}
		data.Policies[0].Rules = []alveary.Rule{allowing(nil, "<.*>"), denying(append(equal("RequestMethod", "POST"), equal("RequestURI", "/api/v1/session")...), "<.*>")}
		data.Policies[1].Rules = []alveary.Rule{allowing(network("10.0.0.0/8"), "login"), allowing(hours("Monday/11:00/13:00"), "issue")}
	})
	d.Context.Method, d.Context.URI = "PUT", "/api/v1/policies/rest"
	lines := told(simulated(t, d), false)
	for _, one := range []string{"ann loses call POST /session", "ann loses refresh", "ann loses login  when RemoteAddress is", "ann loses issue  when ServerTime is"} {
		if !has(lines, one) {
			t.Errorf("not told: %s\n%q", one, lines)
		}
	}
	for _, one := range []string{"ann loses call GET /session when ServerTime", "ann loses call GET /users when ServerTime", "ann gains"} {
		if has(lines, one) {
			t.Errorf("told: %s\n%q", one, lines)
		}
	}
}

// What is done to the folder that holds all homes is told of each one's own; of
// someone who has none yet as it would be.
func TestSimulationOfHomes(t *testing.T) {
	w := newTown()
	w.data.Entries = []alveary.Entry{{ID: 1, Role: alveary.RootGroupRole, Template: alveary.TemplateMyFiles, Rights: alveary.Givable}}
	w.people[0].Homes = nil
	lines := told(simulated(t, w.draft(func(data *alveary.AccessData, _ []alveary.Subject) {
		data.Entries = append(data.Entries, alveary.Entry{ID: 2, Role: "r1", Node: 5, Deny: true})
	})), true)
	if !has(lines, "bob loses read My files") || !has(lines, "cyd loses write My files") || has(lines, "ann") || has(lines, "dan") {
		t.Errorf("%q", lines)
	}
	lines = told(simulated(t, w.draft(func(data *alveary.AccessData, _ []alveary.Subject) {
		data.Entries[0].Rights = alveary.RightRead
	})), true)
	for _, login := range []string{"ann", "bob", "cyd", "dan"} {
		if !has(lines, login+" loses write My files") || has(lines, login+" loses read") {
			t.Errorf("%s: %q", login, lines)
		}
	}
}

// A group that is moved, someone new, someone who goes.
func TestSimulationOfPeople(t *testing.T) {
	w := newTown()
	w.data.Groups = append(w.data.Groups, alveary.Group{ID: 3, Parent: 1, Name: "north", Role: "r2"})
	w.people[0].User.Group = 3
	w.data.Entries = []alveary.Entry{{ID: 1, Role: "sales", Node: 2, Rights: alveary.RightRead}}
	lines := told(simulated(t, w.draft(func(data *alveary.AccessData, _ []alveary.Subject) { data.Groups[2].Parent = 2 })), true)
	if !slices.Equal(lines, []string{"ann gains download top", "ann gains read top", "ann gains sync top"}) {
		t.Errorf("%q", lines)
	}
	d := w.draft(func(*alveary.AccessData, []alveary.Subject) {})
	made := mia
	made.User.Group = 2
	gone := w.people[3]
	d.People[3].After = alveary.Subject{}
	d.People = append(d.People, authz.Person{After: made})
	e := simulated(t, d)
	if lines := told(e, true); !has(lines, "mia gains read top") || !has(lines, gone.User.Login+" loses read top") || e.Gain != 1 || e.Lose != 1 {
		t.Errorf("%q", lines)
	}
}

// It hands over what it has after each step and ends when told to.
func TestSimulationCanBeEnded(t *testing.T) {
	w := newTown()
	w.data.Policies = []alveary.Policy{{ID: "rest", Type: alveary.PolicyREST, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"GET"}, Subjects: []string{"<.*>"}}}}}
	entries := w.draft(func(data *alveary.AccessData, _ []alveary.Subject) {
		data.Entries = append(data.Entries, on(2, alveary.Givable), alveary.Entry{ID: 9, Role: "r1", Node: 2, Rights: alveary.Givable})
	})
	calls := w.draft(func(data *alveary.AccessData, _ []alveary.Subject) { data.Policies[0].Rules = nil })
	g := newGate()
	for name, d := range map[string]authz.Draft{"entries": entries, "calls": calls} {
		steps := 0
		if err := simulate.Run(t.Context(), g, d, func(e authz.Effects) bool { steps++; return !e.Complete && steps < 1 }); err != nil || steps != 1 {
			t.Errorf("%s: %d steps, %v", name, steps, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		steps = 0
		err := simulate.Run(ctx, g, d, func(e authz.Effects) bool {
			steps++
			cancel()
			if e.Complete {
				t.Errorf("%s: complete although it was ended", name)
			}
			return true
		})
		if err != nil || steps > 2 {
			t.Errorf("%s: %d steps, %v", name, steps, err)
		}
	}
	// What cannot be looked up is an error; what is gone is passed over.
	broken := errors.New("the database is away")
	entries.Line = func(alveary.NodeID) (alveary.Lineage, error) { return nil, broken }
	if err := simulate.Run(t.Context(), g, entries, func(authz.Effects) bool { return true }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	entries.Line = func(alveary.NodeID) (alveary.Lineage, error) { return nil, alveary.Withheld("find") }
	if e := simulated(t, entries); len(e.Lines) != 0 {
		t.Errorf("%+v", e)
	}
}
