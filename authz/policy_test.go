package authz_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

func one(attribute, kind, option string, value any) alveary.Conditions {
	return alveary.Conditions{{Attribute: attribute, Condition: alveary.Condition{Type: kind, Options: map[string]any{option: value}}}}
}

// MODEL.md 6.8: met at load, an allow gives nothing and a deny all it is about,
// and the health check is told of each place.
func TestMalformedPoliciesAtLoad(t *testing.T) {
	broken := network("10.0.0.0/99")
	src := governed([]alveary.Policy{
		aclPolicy("gives", allowing(broken, "read"), allowing(nil, "write")), aclPolicy("takes", allowing(nil, "read", "write"), denying(broken, "write")),
	}, named(1, "mia", 2, "gives"), named(2, "mia", 3, "takes"))
	g, _ := newGate(t)
	a := bind(t, g, src, mia)
	if got := a.Rights(line(2)); got != alveary.RightWrite.Implied() {
		t.Errorf("%q", got)
	}
	if got := a.Rights(line(4)); got != alveary.RightRead.Implied() {
		t.Errorf("%q", got)
	}
	places, err := g.Malformed(t.Context(), src)
	if err != nil || len(places) != 2 || places[0].Policy != "gives" || places[1].Location() != "rules[1].conditions.RemoteAddress.options.cidr" {
		t.Errorf("%v, %v", places, err)
	}
}

// A pattern that matches all six rights gives the two that can be given, and
// what follows from them (MODEL.md 3.8).
func TestPatternGivesReadAndWrite(t *testing.T) {
	for pattern, want := range map[string]alveary.Rights{
		"<.*>": alveary.AllRights, "<read|sync>": alveary.RightRead.Implied(), "<.*load|delete|sync>": 0, "<w.*>": alveary.RightWrite.Implied(),
	} {
		g, _ := newGate(t)
		if got := bind(t, g, governed([]alveary.Policy{aclPolicy("p", allowing(nil, pattern))}, named(1, "mia", 2, "p")), mia).Rights(line(4)); got != want {
			t.Errorf("%s: %q", pattern, got)
		}
	}
}

// Imagined attributes of a node are those of the node asked about, not of the
// folders above it (MODEL.md 3.6).
func TestImaginedNodeAttributes(t *testing.T) {
	p := aclPolicy("p", allowing(nil, "read", "write"), denying(one("NodeMeta:usermeta-tags", "StringEqualCondition", "equals", "secret"), "write"))
	g, _ := newGate(t)
	src := governed([]alveary.Policy{p}, named(1, "mia", 2, "p"))
	secret := at(alveary.Context{Set: map[string]alveary.Value{"NodeMeta:usermeta-tags": alveary.Text("secret")}})
	open := at(alveary.Context{Set: map[string]alveary.Value{"NodeMeta:usermeta-tags": alveary.Text("open"), alveary.AttrSite: alveary.Text("x")}})
	if got := bind(t, g, src, secret).Rights(line(4)); got.Has(alveary.ActionWrite) || !got.Has(alveary.ActionRead) {
		t.Errorf("%q", got)
	}
	// The folder above is in truth secret, whatever is imagined of the file.
	tagged := slices.Clone(line(4))
	tagged[2].Meta = tagged[2].Meta.With(alveary.NamespaceTags, "secret")
	for _, a := range []*authz.Access{bind(t, g, src, open), bind(t, g, src, mia)} {
		if got := a.Rights(tagged); got.Has(alveary.ActionWrite) {
			t.Errorf("%q", got)
		}
		if got := a.Rights(line(4)); !got.Has(alveary.ActionWrite) {
			t.Errorf("%q", got)
		}
	}
}

// Once it is warm a gate allocates nothing: a listing, and a check of a second
// file in one folder, whatever is tested.
func TestCheckingAllocatesNothing(t *testing.T) {
	var rules []alveary.Rule
	rules = append(rules, allowing(nil, "read", "write"))
	for _, c := range []alveary.Conditions{
		one("NodeMetaExtension", "StringEqualCondition", "equals", "exe"), one("NodeMeta:usermeta-tags", "StringEqualCondition", "equals", "secret"),
		one("NodeMetaPath", "PathGlobCondition", "glob", "(i)top/**/*.{bak,tmp}"), network("11.0.0.0/8"), hours("Sunday/09:00/10:00"),
		one("NodeMetaMTime", "DateAfterCondition", "matches", "2027-01-01T00:00:00Z"), one("NodeMeta:usermeta-tags", "StringNotMatchCondition", "matches", "open|secret|^$"),
		{{Attribute: "NodeMetaSize", Condition: alveary.Condition{Type: "CompareCondition", Options: map[string]any{"op": ">", "value": "1MiB"}}}},
	} {
		rules = append(rules, denying(c, "read"), denying(c, "upload"))
	}
	g, _ := newGate(t)
	src := governed([]alveary.Policy{aclPolicy("p", rules...)}, named(1, "mia", 2, "p"))
	a := bind(t, g, src, at(alveary.Context{Now: present, Address: "10.0.0.1"}))
	file := line(4).Node()
	file.Meta, file.Size, file.MTime = file.Meta.With(alveary.NamespaceTags, "open", "draft"), 5000, present
	tagged := slices.Clone(line(3))
	tagged[2].Meta = file.Meta
	folder := a.In(tagged)
	asked := tagged.Child(file)
	other := tagged.Child(alveary.Node{ID: 99, Name: "b.txt", Type: alveary.Leaf, Size: 1})
	for what, ask := range map[string]func(){
		"a child":            func() { folder.Rights(file) },
		"a second check":     func() { _ = a.Check(authz.ReadBytes, asked) },
		"a check of another": func() { _ = a.Check(authz.ReadBytes, other) },
	} {
		ask()
		ask()
		if n := testing.AllocsPerRun(200, ask); n != 0 {
			t.Errorf("%s: %g allocations", what, n)
		}
	}
	if err := a.Check(authz.ReadBytes, asked); err != nil {
		t.Error(err)
	}
}

// MODEL.md 7.4: until when an answer holds, by what stands on the way.
func TestValidUntil(t *testing.T) {
	end := time.Date(2026, 6, 1, 18, 31, 0, 0, time.UTC)
	soon := on(3, alveary.Givable)
	soon.Expires = present.Add(time.Hour)
	past := on(4, alveary.Givable)
	past.Expires = present.Add(-time.Hour)
	policies := []alveary.Policy{aclPolicy("hours", allowing(hours("Monday/09:00/18:30"), "read")), aclPolicy("plain", allowing(network("10.0.0.0/8"), "read"))}
	for _, c := range []struct {
		entries []alveary.Entry
		want    time.Time
	}{
		{[]alveary.Entry{on(2, alveary.Givable)}, time.Time{}},
		{[]alveary.Entry{named(1, "mia", 2, "plain")}, time.Time{}},
		{[]alveary.Entry{named(1, "mia", 2, "hours")}, end},
		{[]alveary.Entry{named(1, "mia", 2, "hours"), soon}, present.Add(time.Hour)},
		{[]alveary.Entry{past, named(1, "mia", 2, "hours")}, end},
		{[]alveary.Entry{named(1, "ann", 2, "hours")}, time.Time{}},
	} {
		g, _ := newGate(t)
		if got := bind(t, g, governed(policies, c.entries...), mia).ValidUntil(line(4)); !got.Equal(c.want) {
			t.Errorf("%+v: %s", c.entries, got)
		}
	}
}

// The residual of a folder in words, and its size by what differs (MODEL.md
// 7.2): 3,000 policies on one folder say five things of a file.
func TestResidualOfAFolder(t *testing.T) {
	policies := make([]alveary.Policy, 3000)
	names := make([]alveary.PolicyID, len(policies))
	for i := range policies {
		names[i] = alveary.PolicyID(fmt.Sprint("p", i))
		policies[i] = aclPolicy(names[i], allowing(network(fmt.Sprintf("10.%d.0.0/8", i%250)), "read"),
			denying(append(hours("Monday/09:00/18:30"), one("NodeMetaExtension", "StringEqualCondition", "equals", fmt.Sprint("e", i%5))...), "read"))
	}
	g, _ := newGate(t)
	src := governed(policies, named(1, "mia", 2, names...), alveary.Entry{ID: 2, Role: "ann", Node: 3, Deny: true}, alveary.Entry{ID: 3, Role: "mia", Node: 5, Deny: true})
	a := bind(t, g, src, at(alveary.Context{Now: present, Address: "10.0.0.1"}))
	if n := a.ResidualSize(line(3)); n != 5 {
		t.Errorf("%d clauses", n)
	}
	words := a.Residual(line(2))
	if len(words) != 6 || words[5] != "always read" || !strings.HasPrefix(words[0], `may not read where NodeMetaExtension is "e`) {
		t.Errorf("%q", words)
	}
	if !a.Varies(line(2), alveary.RightRead) || a.Varies(line(2), alveary.RightWrite) || !a.Varies(line(2), alveary.Rights(0).With(alveary.ActionSync)) {
		t.Error("what varies is not what the clauses say")
	}
	if got := a.Residual(line(5)); len(got) != 1 || !strings.HasPrefix(got[0], "never anything") {
		t.Errorf("%q", got)
	}
	static := access(t, on(2, alveary.Givable))
	if got := static.Residual(line(3)); !slices.Equal(got, []string{"always read, write"}) || static.ResidualSize(line(3)) != 0 || static.Looks() {
		t.Errorf("%q", got)
	}
}

// An asker who is imagined holds what his roles hold, in their order.
func TestImagine(t *testing.T) {
	g := authz.Deciding(func() time.Time { return present })
	src := governed([]alveary.Policy{aclPolicy("p", alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"read"}, Subjects: []string{"group:/sales"}})},
		named(1, "r1", 2, "p"), holding(2, "r2", 2))
	for _, c := range []struct {
		who  authz.Imagined
		want alveary.Rights
	}{
		{authz.Imagined{}, 0},
		{authz.Imagined{Name: "x", Roles: []alveary.RoleID{"r1"}}, 0},
		{authz.Imagined{Name: "x", Roles: []alveary.RoleID{"r1"}, Groups: []string{"/", "/sales"}}, alveary.RightRead.Implied()},
		{authz.Imagined{Name: "x", Roles: []alveary.RoleID{"r1", "r2"}}, alveary.RightRead.Implied()},
		{authz.Imagined{Name: "x", Roles: []alveary.RoleID{"r2", "r1"}, Context: &alveary.Context{Address: "::1"}}, 0},
	} {
		a, err := g.Imagine(t.Context(), src, c.who)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Rights(line(4)); got != c.want {
			t.Errorf("%+v: %q", c.who, got)
		}
		f := a.Facts()
		if f.Resource != "acl" || f.Asker.Name != c.who.Name || len(a.Stack()) != len(c.who.Roles) {
			t.Errorf("%+v", f)
		}
	}
}

func network(cidr string) alveary.Conditions {
	return alveary.Conditions{{Attribute: "RemoteAddress", Condition: alveary.Condition{Type: "CIDRCondition", Options: map[string]any{"cidr": cidr}}}}
}

func allowing(conditions alveary.Conditions, actions ...string) alveary.Rule {
	return alveary.Rule{Effect: alveary.EffectAllow, Actions: actions, Conditions: conditions}
}

func denying(conditions alveary.Conditions, actions ...string) alveary.Rule {
	return alveary.Rule{Effect: alveary.EffectDeny, Actions: actions, Conditions: conditions}
}

func hours(matches string) alveary.Conditions {
	return alveary.Conditions{{Attribute: "ServerTime", Condition: alveary.Condition{Type: "OfficeHoursCondition", Options: map[string]any{"matches": matches}}}}
}

func aclPolicy(id alveary.PolicyID, rules ...alveary.Rule) alveary.Policy {
	return alveary.Policy{ID: id, Type: alveary.PolicyACL, Rules: rules}
}
