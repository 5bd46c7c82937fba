package policy_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"alveary"
	"alveary/policy"
)

// cond is a condition with one option.
func cond(attribute, kind, option string, value any) alveary.AttributeCondition {
	return alveary.AttributeCondition{Attribute: attribute, Condition: alveary.Condition{Type: kind, Options: map[string]any{option: value}}}
}

// acl is a policy for entries.
func acl(rules ...alveary.Rule) alveary.Policy {
	return alveary.Policy{ID: "p", Type: alveary.PolicyACL, Rules: rules}
}

// rule is a rule about actions.
func rule(effect alveary.Effect, actions string, conditions ...alveary.AttributeCondition) alveary.Rule {
	return alveary.Rule{Effect: effect, Actions: strings.Split(actions, ","), Conditions: conditions}
}

func compile(t testing.TB, p alveary.Policy) *policy.Policy {
	t.Helper()
	compiled, err := policy.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// malformed is what Compile has to say against a policy.
func malformed(t *testing.T, p alveary.Policy) []policy.Place {
	t.Helper()
	compiled, err := policy.Compile(p)
	var m *policy.Malformed
	if !errors.As(err, &m) || compiled != nil || len(m.Places) == 0 {
		t.Fatalf("not refused: %v", err)
	}
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != alveary.KindInvalid || e.Code != "malformed" || e.Message != m.Error() || e.Subject != string(p.ID) {
		t.Errorf("no error for the one who saves: %+v", e)
	}
	return m.Places
}

// MODEL.md 6.8: what is malformed in a condition is refused with policy, rule,
// condition, option and reason.
func TestMalformedConditionIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		name           string
		cond           alveary.AttributeCondition
		option, reason string
	}{
		{"unknown type", cond("ServerTime", "OfficeHourCondition", "matches", "x"), "", "OfficeHourCondition"},
		{"unknown option", cond("RemoteAddress", "CIDRCondition", "cdir", "10.0.0.0/8"), "cdir", ""},
		{"Mondy", cond("ServerTime", "OfficeHoursCondition", "matches", "Mondy/09:00/18:00"), "matches", "Mondy"},
		{"9h/18h", cond("ServerTime", "OfficeHoursCondition", "matches", "Monday/9h/18h"), "matches", "9h"},
		{"period without /", cond("ServerTime", "WithinPeriodCondition", "matches", "2018-02-05T10:00+0000"), "matches", ""},
		{"period the wrong way", cond("ServerTime", "WithinPeriodCondition", "matches", "2019-02-05T10:00+0000/2018-02-05T10:00+0000"), "matches", ""},
		{"network", cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/99"), "cidr", "10.0.0.0/99"},
		{"address alone", cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.1"), "cidr", "10.0.0.1"},
		{"pattern", cond("UserAgent", "StringMatchCondition", "matches", "(a"), "matches", ""},
		{"lookahead, which RE2 has not", cond("UserAgent", "StringMatchCondition", "matches", "(?=a)b"), "matches", ""},
		{"glob", cond("NodeMetaPath", "PathGlobCondition", "glob", "a/[b"), "glob", ""},
		{"expression of a wrong type", cond("NodeMetaSize", "CELCondition", "expr", "1 + 1"), "expr", ""},
		{"expression that is none", cond("NodeMetaSize", "CELCondition", "expr", "node."), "expr", ""},
		{"time zone", alveary.AttributeCondition{Attribute: "ServerTime", Condition: alveary.Condition{
			Type: "OfficeHoursCondition", Options: map[string]any{"matches": "Monday/09:00/18:00", "timezone": "Europe/Pariss"},
		}}, "timezone", "Pariss"},
		{"within another", cond("RemoteAddress", "NotCondition", "condition", map[string]any{
			"type": "CIDRCondition", "options": map[string]any{"cidr": "10.0.0.0/99"},
		}), "condition.options.cidr", "10.0.0.0/99"},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := rule(alveary.EffectAllow, "read")
			second := rule(alveary.EffectDeny, "read", cond("Site", "StringEqualCondition", "equals", "x"), c.cond)
			second.Label = "the second"
			places := malformed(t, acl(first, second))
			if len(places) != 1 {
				t.Fatalf("%+v", places)
			}
			p := places[0]
			if p.Policy != "p" || p.Rule != 1 || p.Label != "the second" || p.Attribute != c.cond.Attribute || p.Nth != 1 || p.Option != c.option || p.Field != "" {
				t.Errorf("%+v", p)
			}
			if p.Message == "" || !strings.Contains(p.Message, c.reason) {
				t.Errorf("the reason is %q", p.Message)
			}
			location, sentence := "rules[1].conditions."+c.cond.Attribute, `policy "p", rule 2 (the second), condition on `+c.cond.Attribute
			if c.option != "" {
				location, sentence = location+".options."+c.option, sentence+", option "+c.option
			}
			if p.Location() != location || p.String() != sentence+": "+p.Message {
				t.Errorf("%s\n%s", p.Location(), p)
			}
		})
	}
}

// What is malformed outside of conditions.
func TestMalformedPartIsRefusedWithItsPlace(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(*alveary.Policy)
		rule     int
		location string
		reason   string
	}{
		{"no id", func(p *alveary.Policy) { p.ID = "" }, -1, "id", "1 to 128 characters"},
		{"line break in the id", func(p *alveary.Policy) { p.ID = "a\nb" }, -1, "id", "one line"},
		{"no type", func(p *alveary.Policy) { p.Type = "" }, -1, "type", "acl, rest or oidc"},
		{"type", func(p *alveary.Policy) { p.Type = "ACL" }, -1, "type", `"ACL"`},
		{"mode", func(p *alveary.Policy) { p.Mode = "on" }, -1, "mode", "off, observed or enforced"},
		{"line break in the label", func(p *alveary.Policy) { p.Label = "a\nb" }, -1, "label", "one line"},
		{"no effect", func(p *alveary.Policy) { p.Rules[1].Effect = "" }, 1, "rules[1].effect", "allow or deny"},
		{"effect", func(p *alveary.Policy) { p.Rules[1].Effect = "Deny" }, 1, "rules[1].effect", `"Deny"`},
		{"line break in a rule's label", func(p *alveary.Policy) { p.Rules[1].Label = "a\r" }, 1, "rules[1].label", "one line"},
		{"line break in a rule's id", func(p *alveary.Policy) { p.Rules[1].ID = "a\u2028" }, 1, "rules[1].label", "one line"},
		{"one id twice", func(p *alveary.Policy) { p.Rules[0].ID, p.Rules[1].ID = "a", "a" }, 1, "rules[1].id", "rule 1 has the same id"},
		{"no actions", func(p *alveary.Policy) { p.Rules[1].Actions = nil }, 1, "rules[1].actions", "names the actions"},
		{"< alone", func(p *alveary.Policy) { p.Rules[1].Actions = []string{"read", "wri<te"} }, 1, "rules[1].actions[1]", "a < without its >"},
		{"> alone", func(p *alveary.Policy) { p.Rules[1].Subjects = []string{"user:a>"} }, 1, "rules[1].subjects[0]", "a > without its <"},
		{"> before <", func(p *alveary.Policy) { p.Rules[1].Subjects = []string{"a>b<c"} }, 1, "rules[1].subjects[0]", "a > without its <"},
		{"nested and alone", func(p *alveary.Policy) { p.Rules[1].Resources = []string{"a", "<a<b>"} }, 1, "rules[1].resources[1]", "a < without its >"},
		{"expression", func(p *alveary.Policy) { p.Rules[1].Resources = []string{"<(a>"} }, 1, "rules[1].resources[0]", "no regular expression"},
		{"expressions that are one only together", func(p *alveary.Policy) { p.Rules[1].Resources = []string{"<(>a<)>"} }, 1, "rules[1].resources[0]", "no regular expression"},
		{"expression beyond RE2", func(p *alveary.Policy) { p.Rules[1].Resources = []string{"<(a{1000}){1000}>"} }, 1, "rules[1].resources[0]", "no regular expression"},
		{"no attribute", func(p *alveary.Policy) {
			p.Rules[1].Conditions = alveary.Conditions{cond("", "StringEqualCondition", "equals", "x")}
		}, 1, "rules[1].conditions", "names the attribute"},
		{"line break in an attribute", func(p *alveary.Policy) {
			p.Rules[1].Conditions = alveary.Conditions{cond("Server\nTime", "StringEqualCondition", "equals", "x")}
		}, 1, "rules[1].conditions", "on one line"},
		{"an option that no JSON can hold", func(p *alveary.Policy) {
			p.Rules[1].Conditions = alveary.Conditions{cond("Site", "StringEqualCondition", "equals", make(chan int))}
		}, 1, "rules[1].conditions.Site", "JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := acl(rule(alveary.EffectAllow, "read"), rule(alveary.EffectDeny, "read"))
			p.Rules[1].Label = "second"
			c.change(&p)
			places := malformed(t, p)
			if len(places) != 1 {
				t.Fatalf("%+v", places)
			}
			got := places[0]
			if got.Rule != c.rule || got.Location() != c.location || !strings.Contains(got.Message, c.reason) || got.Policy != p.ID {
				t.Errorf("%s: %+v", got.Location(), got)
			}
			if got.Attribute == "" && got.Nth != -1 {
				t.Errorf("condition %d is named where none is meant", got.Nth)
			}
		})
	}
}

// Everything is told at once, and a rule without a label is named by its id.
func TestAllPlacesAreTold(t *testing.T) {
	p := acl(
		alveary.Rule{ID: "one", Effect: "maybe", Actions: []string{"<a", "read"}},
		rule(alveary.EffectDeny, "read", cond("NodeMetaPath", "PathGlobCondition", "glob", "["), cond("NodeMetaPath", "PathGlobCondition", "glob", "]")),
	)
	p.Mode = "on"
	places := malformed(t, p)
	var locations []string
	for _, place := range places {
		locations = append(locations, place.Location())
	}
	want := "mode rules[0].effect rules[0].actions[0] rules[1].conditions.NodeMetaPath.options.glob rules[1].conditions.NodeMetaPath.options.glob"
	if got := strings.Join(locations, " "); got != want {
		t.Errorf("%s", got)
	}
	if places[1].Label != "one" || places[3].Nth != 0 || places[4].Nth != 1 {
		t.Errorf("%+v", places)
	}
	if _, err := policy.Compile(p); strings.Count(err.Error(), "\n") != len(places)-1 {
		t.Errorf("not one line for each place:\n%v", err)
	}
}

// MODEL.md 3.8: rights that are never given cannot be saved as given; a pattern
// names them only by its literal text.
func TestDenyOnlyRightsAreNotAllowed(t *testing.T) {
	for _, action := range []string{"delete", "download", "upload", "sync", "<>delete", "sy<.*>nc"} {
		p := acl(rule(alveary.EffectAllow, "read,<a"), rule(alveary.EffectAllow, "read,"+action))
		p.Rules[0].Actions = p.Rules[0].Actions[:1]
		places := malformed(t, p)
		if len(places) != 1 || places[0].Location() != "rules[1].actions[1]" || !strings.Contains(places[0].Message, "can only be denied") {
			t.Errorf("%s: %+v", action, places)
		}
		p.Rules[1].Effect = alveary.EffectDeny
		compile(t, p)
		p.Rules[1].Effect, p.Type = alveary.EffectAllow, alveary.PolicyREST // no rights there
		compile(t, p)
	}
	for _, action := range []string{"<.*>", "<delete>", "<d.*>", "Delete", "deletes"} {
		compile(t, acl(rule(alveary.EffectAllow, action)))
	}
	// A malformed pattern before it does not shift the place.
	p := acl(rule(alveary.EffectAllow, "<,sync"))
	if places := malformed(t, p); len(places) != 2 || places[0].Location() != "rules[0].actions[0]" || places[1].Location() != "rules[0].actions[1]" {
		t.Errorf("%+v", places)
	}
}

// MODEL.md 6.8, at load: an allow never matches, a deny always does, and a rule
// whose effect is neither takes away.
func TestMalformedAtLoad(t *testing.T) {
	broken := cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/99")
	for _, c := range []struct {
		name          string
		rule          alveary.Rule
		read, write   policy.Verdict
		allow, denied alveary.Rights
		why           string
	}{
		{"deny", rule(alveary.EffectDeny, "read", broken), policy.Denies, policy.Silent, 0, alveary.RightRead, "a malformed deny always applies"},
		{"allow", rule(alveary.EffectAllow, "read", broken), policy.Silent, policy.Silent, 0, 0, "a malformed allow never applies"},
		{"deny that another condition would stop", rule(alveary.EffectDeny, "read", broken, cond("Site", "StringEqualCondition", "equals", "never")), policy.Denies, policy.Silent, 0, alveary.RightRead, "always applies"},
		{"neither", rule("maybe", "read"), policy.Denies, policy.Silent, 0, alveary.RightRead, "always applies"},
		{"deny of what cannot be read", rule(alveary.EffectDeny, "read,<"), policy.Denies, policy.Denies, 0, alveary.AllRights, "always applies"},
		{"deny of nothing named", alveary.Rule{Effect: alveary.EffectDeny}, policy.Denies, policy.Denies, 0, alveary.AllRights, "always applies"},
		{"allow of what cannot be read", rule(alveary.EffectAllow, "read,<"), policy.Silent, policy.Silent, 0, 0, "never applies"},
		{"deny for subjects that cannot be read", alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"read"}, Subjects: []string{"<"}}, policy.Denies, policy.Silent, 0, alveary.RightRead, "always applies"},
		{"deny for other resources and unread ones", alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"read"}, Resources: []string{"rest:x", "<"}}, policy.Denies, policy.Silent, 0, alveary.RightRead, "always applies"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, bad := policy.NewCompiler().Load(acl(c.rule))
			if bad == nil {
				t.Fatal("not told")
			}
			f := &policy.Facts{Subjects: []string{"user:mia"}, Resource: "acl", Context: &alveary.Context{}, Node: &alveary.Node{Name: "a.txt", Type: alveary.Leaf}}
			if got := p.Ask("read", f); got != c.read {
				t.Errorf("read: %s", got)
			}
			if got := p.Ask("write", f); got != c.write {
				t.Errorf("write: %s", got)
			}
			var res policy.Residual
			p.Fold(f, true, alveary.AllRights, &res)
			p.Fold(f, false, alveary.AllRights, &res)
			if allow, denied := res.On(f); allow != c.allow || denied != c.denied || !res.Settled() {
				t.Errorf("folded: %q %q", allow, denied)
			}
			for _, steps := range [][]policy.RuleStep{p.Steps(alveary.ActionRead, f, false), p.CallSteps("read", f)} {
				if !strings.Contains(steps[0].Why, c.why) || policy.VerdictOf(steps) != c.read {
					t.Errorf("%+v", steps)
				}
			}
		})
	}
}

// The same text is refused in the same words however it is written.
func TestConditionsAreReadInBothForms(t *testing.T) {
	list := `[{"attribute":"NodeMeta:usermeta-tags","type":"StringNotMatchCondition","options":{"matches":"^a$"}},
		{"attribute":"NodeMeta:usermeta-tags","type":"StringNotMatchCondition","options":{"matches":"^b$"}}]`
	text := `{"id":"p","type":"acl","rules":[{"effect":"allow","actions":["read"],"conditions":` + list + `}]}`
	p, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Rules[0].Conditions) != 2 {
		t.Fatalf("%+v", p)
	}
	again, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if q, err := policy.Parse(again); err != nil || !q.Equal(p) || !strings.Contains(string(again), `"conditions":[{"attribute"`) {
		t.Errorf("%v\n%s", err, again)
	}
	p.Rules[0].Conditions = p.Rules[0].Conditions[:1]
	again, err = json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if q, err := policy.Parse(again); err != nil || !q.Equal(p) || !strings.Contains(string(again), `"conditions":{"NodeMeta:usermeta-tags"`) {
		t.Errorf("%v\n%s", err, again)
	}
}
