package oracle_test

import (
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/oracle"
)

type options = map[string]any

func TestConditions(t *testing.T) {
	text, number, unset, absent := alveary.Text, alveary.Number, alveary.Unset(), alveary.Value{}
	at := func(s string) alveary.Value { return alveary.Instant(parseTime(t, s)) }
	match := func(pattern string) alveary.Condition {
		return alveary.Condition{Type: "StringMatchCondition", Options: options{"matches": pattern}}
	}
	nested := func(kind, pattern string) any {
		return options{"type": kind, "options": options{"matches": pattern}}
	}
	for _, c := range []struct {
		clause  string
		kind    string
		options options
		value   alveary.Value
		want    string
	}{
		{"6.4", "StringEqualCondition", options{"equals": "abc"}, text("ABC"), "false"},
		{"6.7", "StringEqualCondition", options{"equals": ""}, unset, "true"},
		{"6.7", "StringEqualCondition", options{"equals": ""}, text(""), "true"},
		{"6.7", "StringEqualCondition", options{"equals": ""}, absent, "undecided"},
		{"6.8", "StringEqualCondition", options{"equal": "abc"}, absent, "invalid"},
		{"6.8", "StringEqualCondition", options{"equals": "abc", "or": "x"}, absent, "invalid"},

		{"6.4", "PathGlobCondition", options{"glob": "a/**"}, text("a"), "false"},
		{"6.4", "PathGlobCondition", options{"glob": "a/*"}, text("a/b/c"), "false"},
		{"6.4", "PathGlobCondition", options{"glob": "a/?/c"}, text("a/b/c"), "true"},
		{"6.4", "PathGlobCondition", options{"glob": "a/?"}, text("a//"), "false"},
		{"6.4", "PathGlobCondition", options{"glob": "{a,b{c,d}}/e"}, text("bd/e"), "true"},
		{"6.4", "PathGlobCondition", options{"glob": "{a,b{c,d}}/e"}, text("b/e"), "false"},
		{"6.4", "PathGlobCondition", options{"glob": "(i)a/Ä"}, text("A/ä"), "true"},
		{"6.4", "PathGlobCondition", options{"glob": "(p)a/b/c"}, text("a/b"), "true"},
		{"6.4", "PathGlobCondition", options{"glob": "(p)a/b/c"}, text(""), "true"},
		{"6.4", "PathGlobCondition", options{"glob": "(p)a/b/c"}, text("a/c"), "false"},
		{"6.4", "PathGlobCondition", options{"glob": "(p)a/**/c"}, text("a/x/y"), "true"},
		{"6.4", "PathGlobCondition", options{"glob": "a[b]"}, absent, "invalid"},
		{"6.4", "PathGlobCondition", options{"glob": "{a"}, absent, "invalid"},

		{"6.4", "CIDRCondition", options{"cidr": "10.1.2.3/8,192.168.0.0/16"}, text("10.9.9.9"), "true"},
		{"6.4", "CIDRCondition", options{"cidr": "10.0.0.1"}, absent, "invalid"},
		{"6.7", "CIDRCondition", options{"cidr": "10.0.0.0/8"}, unset, "false"},
		{"6.7", "CIDRCondition", options{"cidr": "10.0.0.0/8"}, text(""), "undecided"},

		{"6.5", "OfficeHoursCondition", options{"matches": "Monday-Friday/09:00/18:30"}, at("2018-02-05T18:30:59Z"), "true"},
		{"6.5", "OfficeHoursCondition", options{"matches": "Friday/22:00/06:00"}, at("2018-02-10T06:00:30Z"), "true"},
		{"6.5", "OfficeHoursCondition", options{"matches": "Friday/22:00/06:00"}, at("2018-02-10T22:00:00Z"), "false"},
		{"6.5", "OfficeHoursCondition", options{"matches": "friday - MONDAY , Wednesday/00:00/23:59"}, at("2018-02-04T22:00:00Z"), "true"},
		{"6.5", "OfficeHoursCondition", options{"matches": "Monday/08:00/09:00 ; Tuesday/08:00/09:00"}, at("2018-02-06T09:00:00Z"), "true"},
		{"6.5", "OfficeHoursCondition", options{"matches": "Mondy/08:00/09:00"}, absent, "invalid"},
		{"6.5", "OfficeHoursCondition", options{"matches": "Monday/8:00/09:00"}, absent, "invalid"},
		{"6.5", "OfficeHoursCondition", options{"matches": "Monday/08:00/24:00"}, absent, "invalid"},
		{"6.5", "OfficeHoursCondition", options{"matches": "Monday/08:00/09:00", "timezone": "Mars/Olympus"}, absent, "invalid"},
		{"6.6", "WithinPeriodCondition", options{"matches": "2018-02-02T00:00Z/2018-02-01T00:00:00Z"}, absent, "invalid"},
		{"6.6", "DateAfterCondition", options{"matches": "2018-02-30T00:00+0000"}, absent, "invalid"},
		{"6.7", "DateAfterCondition", options{"matches": "2018-02-28T00:00+0000"}, text("today"), "undecided"},

		{"6.4", "BooleanCondition", options{"value": "true"}, text("true"), "true"},
		{"6.7", "BooleanCondition", options{"value": false}, text("maybe"), "undecided"},
		{"6.7", "BooleanCondition", options{"value": false}, unset, "false"},

		{"6.4", "CompareCondition", options{"op": "<=", "value": "10MiB"}, number(10 << 20), "true"},
		{"6.4", "CompareCondition", options{"op": ">", "value": "1.5KiB"}, number(1536), "false"},
		{"6.4", "CompareCondition", options{"op": "=", "value": 5.0}, text("5"), "true"},
		{"6.4", "CompareCondition", options{"op": "<", "value": "2018-02-05T00:00:00Z"}, at("2018-02-05T00:30:00+01:00"), "true"},
		{"6.7", "CompareCondition", options{"op": "!=", "value": 5.0}, unset, "true"},
		{"6.7", "CompareCondition", options{"op": "<", "value": 5.0}, unset, "false"},
		{"6.7", "CompareCondition", options{"op": "<", "value": 5.0}, text("many"), "undecided"},
		{"6.8", "CompareCondition", options{"op": "=<", "value": 5.0}, absent, "invalid"},
		{"6.8", "CompareCondition", options{"op": "<", "value": "10MB"}, absent, "invalid"},
		{"6.4", "InCondition", options{"values": []any{"a", 5.0}}, number(5), "true"},

		{"6.7", "NotCondition", options{"condition": nested("StringMatchCondition", "a")}, absent, "undecided"},
		{"6.7", "AnyCondition", options{"conditions": []any{nested("DateAfterCondition", "2018-02-28T00:00+0000"), nested("StringMatchCondition", "a")}}, text("a"), "true"},
		{"6.7", "AnyCondition", options{"conditions": []any{nested("DateAfterCondition", "2018-02-28T00:00+0000"), nested("StringMatchCondition", "b")}}, text("a"), "undecided"},
		{"6.7", "AllCondition", options{"conditions": []any{nested("DateAfterCondition", "2018-02-28T00:00+0000"), nested("StringMatchCondition", "b")}}, text("a"), "false"},
		{"6.8", "AnyCondition", options{"conditions": []any{nested("StringMatchCondition", "(")}}, absent, "invalid"},
		{"6.9", "StringMatchCondition", options{"matches": "^a$"}, alveary.Texts("a", "b"), "true"},
		{"6.9", "StringNotMatchCondition", options{"matches": "^a$"}, alveary.Texts("a", "b"), "false"},
		{"6.9", "CompareCondition", options{"op": "!=", "value": 1.0}, alveary.Texts("1", "2"), "false"},
		{"6.9", "NotCondition", options{"condition": nested("StringMatchCondition", "^a$")}, alveary.Texts("a", "b"), "false"},
		{"6.9", "StringMatchCondition", options{"matches": "^{{.ClaimsName}}$"}, text("axb"), "false"},
		{"6.9", "StringMatchCondition", options{"matches": "^{{.ClaimsName}}$"}, text("a.b"), "true"},
		{"6.9", "PathGlobCondition", options{"glob": "home/{{.User:folder}}/*"}, text("home/{*}/x"), "true"},
		{"6.9", "PathGlobCondition", options{"glob": "home/{{.User:folder}}/*"}, text("home/y/x"), "false"},
	} {
		one := alveary.Condition{Type: c.kind, Options: c.options}
		got := "invalid"
		if oracle.RefusedCondition(one) == nil {
			asker := &oracle.Asker{Login: "a.b", Attributes: map[string]string{"folder": "{*}"}}
			got = oracle.Facts{Asker: asker}.Test(one, c.value).String()
		}
		if got != c.want {
			t.Errorf("%s: %s %v on %s: %s, want %s", c.clause, c.kind, c.options, c.value, got, c.want)
		}
	}
	if got := (oracle.Facts{}).Test(match("."), absent); got != oracle.Undecided {
		t.Errorf("without anything known: %s", got)
	}
}

// A small tree: / > ds > a > x.txt, and one asker with the roles first, second
// and third, of which the last two are of equal rank.
func TestEntriesAndPolicies(t *testing.T) {
	now := time.Date(2018, 2, 5, 12, 0, 0, 0, time.UTC)
	line := []alveary.Node{
		{ID: 1, Type: alveary.Collection},
		{ID: 2, Name: "ds", Type: alveary.Collection},
		{ID: 3, Name: "a", Type: alveary.Collection, Meta: alveary.NewMetadata(map[string][]string{alveary.NamespaceTags: {"secret"}})},
		{ID: 4, Name: "x.txt", Type: alveary.Leaf, Size: 5},
	}
	asker := &oracle.Asker{Ranks: [][]alveary.RoleID{{"first"}, {"second", "third"}}}
	on := func(attribute, equals string) alveary.Conditions {
		return alveary.Conditions{{Attribute: attribute, Condition: alveary.Condition{Type: "StringEqualCondition", Options: options{"equals": equals}}}}
	}
	allow := alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"<.*>"}}
	policies := []alveary.Policy{
		{ID: "open", Type: alveary.PolicyACL, Rules: []alveary.Rule{allow}},
		{ID: "off", Type: alveary.PolicyACL, Mode: alveary.ModeOff, Rules: []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"read"}}}},
		{ID: "rest", Type: alveary.PolicyREST, Rules: []alveary.Rule{allow}},
		{ID: "secret", Type: alveary.PolicyACL, Rules: []alveary.Rule{allow, {Effect: alveary.EffectDeny, Actions: []string{"write"}, Conditions: on("NodeMeta:usermeta-tags", "secret")}}},
		{ID: "no-empty", Type: alveary.PolicyACL, Rules: []alveary.Rule{allow, {Effect: alveary.EffectDeny, Actions: []string{"read"}, Conditions: on("NodeMetaExtension", "")}}},
		{ID: "torn", Type: alveary.PolicyACL, Rules: []alveary.Rule{allow, {Effect: alveary.EffectDeny, Actions: []string{"x"}, Conditions: alveary.Conditions{{Attribute: "Site"}}}}},
		{ID: "giver", Type: alveary.PolicyACL, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"read", "download"}}}},
		{ID: "none", Type: alveary.PolicyACL, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{}}, {Effect: alveary.EffectDeny, Actions: []string{"read"}, Subjects: []string{}}}},
	}
	named := func(role alveary.RoleID, node alveary.NodeID, ids ...alveary.PolicyID) alveary.Entry {
		return alveary.Entry{Role: role, Node: node, Policies: ids}
	}
	static := func(role alveary.RoleID, node alveary.NodeID, r alveary.Rights) alveary.Entry {
		return alveary.Entry{Role: role, Node: node, Rights: r}
	}
	for _, c := range []struct {
		clause  string
		entries []alveary.Entry
		want    string
	}{
		{"3.1", nil, ""},
		{"3.3 the last rank replaces", []alveary.Entry{static("first", 2, alveary.Givable), static("second", 2, alveary.RightRead)}, "read,download,sync"},
		{"3.3 one rank adds up", []alveary.Entry{static("third", 2, alveary.RightWrite), static("second", 2, alveary.RightRead)}, "read,write,delete,download,upload,sync"},
		{"3.4 nearest decides", []alveary.Entry{static("first", 3, alveary.RightWrite), static("second", 2, alveary.RightRead)}, "write,delete,upload"},
		{"3.5 static rights beside a policy", []alveary.Entry{{Role: "first", Node: 2, Rights: alveary.Givable, Policies: []alveary.PolicyID{"none"}}}, ""},
		{"3.5 not found, of a role that is replaced", []alveary.Entry{named("first", 2, "gone"), static("second", 2, alveary.Givable)}, ""},
		{"3.5 of another type", []alveary.Entry{named("first", 2, "open", "rest")}, ""},
		{"3.5 off", []alveary.Entry{named("second", 2, "off"), static("first", 2, alveary.RightRead)}, "read,download,sync"},
		{"3.6 on the folder between", []alveary.Entry{named("first", 2, "secret")}, "read,download,sync"},
		{"3.6 nothing set on the folders above", []alveary.Entry{named("first", 2, "no-empty")}, "read,write,delete,download,upload,sync"},
		{"6.8 a malformed deny", []alveary.Entry{named("first", 2, "torn")}, ""},
		{"3.8 download is never given", []alveary.Entry{named("first", 2, "giver")}, ""},
		{"6.3 an empty list", []alveary.Entry{named("first", 3, "none"), static("first", 2, alveary.Givable)}, ""},
		{"3 expired at that very instant", []alveary.Entry{{Role: "first", Node: 2, Deny: true, Expires: now}, static("first", 1, alveary.RightRead)}, "read,download,sync"},
	} {
		w := oracle.World{Data: alveary.AccessData{Entries: c.entries, Policies: policies}}
		if got := w.Rights(asker, &alveary.Context{Now: now}, line).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.clause, got, c.want)
		}
		slices.Reverse(w.Data.Entries)
		if got := w.Rights(asker, &alveary.Context{Now: now}, line).String(); got != c.want {
			t.Errorf("%s, entries turned round (3.7): %q, want %q", c.clause, got, c.want)
		}
	}
}

func TestRolesInOrder(t *testing.T) {
	w := oracle.World{Data: alveary.AccessData{
		Groups: []alveary.Group{{ID: 1, Role: "ROOT_GROUP"}, {ID: 2, Parent: 1, Name: "sales", Role: "g2"}, {ID: 3, Parent: 2, Name: "north", Role: "g3"}},
		Roles: []alveary.Role{
			{ID: "auto1", Profiles: []alveary.Profile{"standard", "shared"}},
			{ID: "auto2", Profiles: []alveary.Profile{"standard"}},
			{ID: "forced", ForceOverride: true},
			{ID: "plain"},
		},
	}}
	user := alveary.User{ID: 9, Login: "mia", Profile: alveary.ProfileStandard, Group: 3, Roles: []alveary.RoleID{"forced", "plain"}}
	subjects := w.Asker(alveary.Subject{User: user, Role: "own"}).Subjects()
	want := []string{
		"user:mia", "profile:standard", "role:ROOT_GROUP", "role:g2", "role:g3", "role:auto1", "role:auto2", "role:plain", "role:forced", "role:own",
		"group:/", "group:/sales", "group:/sales/north",
	}
	if !slices.Equal(subjects, want) {
		t.Errorf("2.1: %q, want %q", subjects, want)
	}
	user.Profile = alveary.ProfileShared
	if got := w.Asker(alveary.Subject{User: user, Role: "own"}).Ranks; len(got) != 4 {
		t.Errorf("2.2: %q", got)
	}
	user.Disabled = true
	if got := w.Asker(alveary.Subject{User: user, Role: "own"}).Ranks; len(got) != 0 {
		t.Errorf("2.4: %q", got)
	}
}
