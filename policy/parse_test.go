package policy_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"alveary"
	"alveary/policy"
	"alveary/policy/templates"
)

// What a decoder would drop without a word is refused with its place.
func TestParseIsStrict(t *testing.T) {
	rules := func(one string) string {
		return `{"id":"p","type":"acl","rules":[{"effect":"allow","actions":[]},` + one + `]}`
	}
	for _, c := range []struct {
		name, text string
		rule       int
		reason     string
	}{
		{"no JSON", `{`, -1, ""},
		{"nothing", ``, -1, ""},
		{"a list", `[]`, -1, ""},
		{"after the end", `{"id":"p","type":"acl","rules":[]} {}`, -1, "after the end"},
		{"a bracket after the end", `{"id":"p","type":"acl","rules":[]}]`, -1, "after the end"},
		{"unknown field", `{"id":"p","type":"acl","rule":[]}`, -1, `"rule"`},
		{"a number for a text", `{"id":7}`, -1, "cannot be a number"},
		{"rules that are none", `{"id":"p","rules":{}}`, -1, ""},
		{"unknown field of a rule", rules(`{"effect":"deny","action":["read"]}`), 1, `"action"`},
		{"unknown field of a condition", rules(`{"conditions":{"Site":{"type":"StringEqualCondition","option":{}}}}`), 1, `"option"`},
		{"unknown field of a condition in a list", rules(`{"conditions":[{"attribute":"Site","kind":"x"}]}`), 1, `"kind"`},
		{"a text for a list", rules(`{"actions":"read"}`), 1, "actions cannot be a string"},
		{"one attribute twice", rules(`{"conditions":{"Site":{"type":"a"},"Site":{"type":"b"}}}`), -1, `"Site" stands twice`},
		{"conditions that are a text", rules(`{"conditions":"StringEqualCondition"}`), 1, "a map from attribute to condition, or a list"},
		{"conditions that are true", rules(`{"conditions":true}`), 1, "a map from attribute to condition, or a list"},
		{"conditions that are a number", rules(`{"conditions":7}`), 1, "a map from attribute to condition, or a list"},
		{"a condition that is a text", rules(`{"conditions":{"Site":"x"}}`), 1, "condition on Site"},
		{"one field twice", rules(`{"effect":"deny","actions":["read"],"effect":"allow"}`), -1, `"effect" stands twice`},
		{"one field twice in two spellings", rules(`{"effect":"deny","actions":["read"],"Effect":"allow"}`), -1, `"effect" stands twice`},
		{"rules twice", `{"id":"p","rules":[],"Rules":[]}`, -1, `"rules" stands twice`},
		{"one option twice", rules(`{"conditions":{"RemoteAddress":{"type":"CIDRCondition","options":{"cidr":"10.0.0.0/8","cidr":"0.0.0.0/0"}}}}`), -1, `"cidr" stands twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := policy.Parse([]byte(c.text))
			var m *policy.Malformed
			if !errors.As(err, &m) || len(m.Places) != 1 {
				t.Fatalf("not refused: %v", err)
			}
			p := m.Places[0]
			if p.Rule != c.rule || !strings.Contains(p.Message, c.reason) || p.Message == "" || strings.Contains(p.Message, "json:") || p.Nth != -1 {
				t.Errorf("%+v", p)
			}
		})
	}
}

// Omitted and null conditions are none; omitted subjects any, an empty list
// none (MODEL.md 6.3), and a round trip keeps the difference.
func TestParseKeepsWhatIsEmpty(t *testing.T) {
	p, err := policy.Parse([]byte(`{"id":"p","type":"rest","rules":[{"effect":"allow","actions":["GET"],"subjects":[],"conditions":null},{"effect":"allow","actions":["GET"],"resources":[],"conditions":[]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	q, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []alveary.Policy{p, q} {
		if p.Rules[0].Subjects == nil || p.Rules[0].Resources != nil || p.Rules[1].Subjects != nil || p.Rules[1].Resources == nil || len(p.Rules[0].Conditions)+len(p.Rules[1].Conditions) != 0 {
			t.Errorf("%+v", p)
		}
	}
}

// What is read and compiles can be written, read again, and means the same.
func FuzzParse(f *testing.F) {
	for _, t := range templates.All() {
		text, err := json.Marshal(t.Policy)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(ladon))
	f.Add([]byte(cells))
	f.Add([]byte(`[[{"PolicyGroups":[{"uuid":"a","policies":[{"effect":"deny"}]}]}]]`))
	f.Add([]byte(`{"id":"p","type":"rest","rules":[{"effect":"deny","actions":["<a<b>>"],"conditions":[{"attribute":"a","type":"b"}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		policies, err := policy.Import(text)
		if err != nil && (policies != nil || !alveary.IsKind(err, alveary.KindInvalid)) {
			t.Fatalf("%+v, %v", policies, err)
		}
		if p, err := policy.Parse(text); err == nil {
			policies = append(policies, p)
		}
		for _, p := range policies {
			compiled, err := policy.Compile(p)
			if err != nil {
				compiled, _ = policy.NewCompiler().Load(p)
			}
			policy.Lint(p)
			facts := &policy.Facts{Subjects: []string{"user:a"}, Resource: "acl", Context: &alveary.Context{}}
			compiled.Ask("read", facts)
			written, errWriting := json.Marshal(p)
			if errWriting != nil {
				t.Fatal(errWriting)
			}
			again, errAgain := policy.Parse(written)
			if err != nil {
				continue // what is malformed is not written
			}
			if errAgain != nil || !again.Equal(p) {
				t.Fatalf("%v\n%s\n%+v\n%+v", errAgain, written, p, again)
			}
		}
	})
}

// As Ladon writes them: no subjects match nothing.
const ladon = `{
	"id": "68819e5a-738b-41ec-b03c-b58a1b19d043", "description": "something\nhumanly  readable",
	"subjects": ["max", "peter", "<zac|ken>"], "resources": ["myrn:some.domain.com:resource:<[0-9]+>"],
	"actions": ["<create|delete>", "get"], "effect": "allow", "meta": {"any": "thing"},
	"conditions": {
		"b": {"type": "StringEqualCondition", "options": {"equals": "x"}},
		"a": {"type": "CIDRCondition", "options": {"cidr": "127.0.0.1/32"}}
	}}`

const cells = `{"PolicyGroups": [
	{"Uuid": "acl-hours", "Name": "Business  Hours", "Description": "By day", "ResourceGroup": "acl", "Policies": [
		{"id": "r1", "Description": "by day", "Resources": ["acl"], "Actions": ["read", "write"], "Subjects": ["policy:acl-hours"], "Effect": "allow",
			"Conditions": {"ServerTime": {"type": "OfficeHoursCondition", "jsonOptions": "{\"matches\":\"Monday-Friday/09:00/18:30\"}"}}},
		{"id": "r2", "Resources": ["acl"], "Actions": ["read"], "Subjects": ["user:zoe", "policy:<acl-.*>"], "Effect": "deny"},
		{"id": "r3", "Resources": ["acl"], "Actions": ["read"], "Subjects": ["policy:other"], "Effect": "deny"},
		{"id": "r4", "Resources": ["acl"], "Actions": ["read"], "Effect": "deny"}]},
	{"Uuid": "public", "Name": "Public", "Policies": [
		{"id": "r5", "Actions": ["GET"], "Resources": ["rest:/frontend/<.*>"], "Subjects": ["profile:anon"], "Effect": "allow"}]}
]}`

func imported(t *testing.T, text string) []alveary.Policy {
	t.Helper()
	policies, err := policy.Import([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return policies
}

func TestImportOfLadon(t *testing.T) {
	want := alveary.Policy{
		ID: "68819e5a-738b-41ec-b03c-b58a1b19d043", Type: alveary.PolicyREST, Label: "something humanly readable",
		Rules: []alveary.Rule{{
			ID: "68819e5a-738b-41ec-b03c-b58a1b19d043", Label: "something humanly readable", Effect: alveary.EffectAllow,
			Subjects: []string{"max", "peter", "<zac|ken>"}, Resources: []string{"myrn:some.domain.com:resource:<[0-9]+>"},
			Actions: []string{"<create|delete>", "get"},
			Conditions: alveary.Conditions{
				cond("a", "CIDRCondition", "cidr", "127.0.0.1/32"), cond("b", "StringEqualCondition", "equals", "x"),
			},
		}},
	}
	for _, text := range []string{ladon, "[" + ladon + "]"} {
		if got := imported(t, text); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%+v", got)
		}
	}
	p := compile(t, want)
	f := &policy.Facts{Resource: "myrn:some.domain.com:resource:77", Context: &alveary.Context{Set: map[string]alveary.Value{"a": alveary.Text("127.0.0.1"), "b": alveary.Text("x")}}}
	for subject, verdict := range map[string]policy.Verdict{"max": policy.Allows, "ken": policy.Allows, "kenny": policy.Silent, "Max": policy.Silent} {
		if f.Subjects = []string{subject}; p.Ask("delete", f) != verdict {
			t.Errorf("%s is not what Ladon says", subject)
		}
	}
	// Omitted means none there, so it is written out.
	for _, text := range []string{`{"id":"x","effect":"allow","actions":["get"]}`, `{"id":"x","effect":"allow","actions":["get"],"subjects":null,"resources":null}`} {
		got := imported(t, text)[0]
		if r := got.Rules[0]; r.Subjects == nil || r.Resources == nil || len(r.Subjects)+len(r.Resources) != 0 {
			t.Errorf("%+v", got)
		}
		if verdict := compile(t, got).Ask("get", &policy.Facts{Subjects: []string{"max"}}); verdict != policy.Silent {
			t.Errorf("%s", verdict)
		}
	}
	if got := imported(t, `{"id":"x","effect":"allow"}`)[0]; got.Rules[0].Actions == nil {
		t.Error("no actions are not an empty list, so that it cannot be saved")
	}
	for resource, kind := range map[string]alveary.PolicyType{"acl": alveary.PolicyACL, "oidc": alveary.PolicyOIDC, "<.*>": alveary.PolicyREST} {
		if got := imported(t, `{"id":"x","effect":"deny","resources":["`+resource+`"]}`)[0]; got.Type != kind {
			t.Errorf("%s: %s", resource, got.Type)
		}
	}
}

func TestImportOfCells(t *testing.T) {
	got := imported(t, cells)
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	hours, public := got[0], got[1]
	if hours.ID != "acl-hours" || hours.Type != alveary.PolicyACL || hours.Label != "Business Hours" || hours.Description != "By day" || len(hours.Rules) != 4 {
		t.Fatalf("%+v", hours)
	}
	for i, any := range []bool{true, true, false, false} {
		if (hours.Rules[i].Subjects == nil) != any {
			t.Errorf("rule %d: %q", i, hours.Rules[i].Subjects)
		}
	}
	if c := hours.Rules[0].Conditions; len(c) != 1 || !reflect.DeepEqual(c[0], cond("ServerTime", "OfficeHoursCondition", "matches", "Monday-Friday/09:00/18:30")) {
		t.Errorf("%+v", c)
	}
	if public.Type != alveary.PolicyREST || !reflect.DeepEqual(public.Rules[0].Subjects, []string{"profile:anon"}) {
		t.Errorf("%+v", public)
	}
	compile(t, hours)
	compile(t, public)
	if empty := imported(t, `{"uuid":"e","resourceGroup":"oidc","policies":[]}`); len(empty) != 1 || empty[0].Rules == nil || empty[0].Type != alveary.PolicyOIDC {
		t.Errorf("%+v", empty)
	}
}

func TestImportOfOurs(t *testing.T) {
	own := acl(rule(alveary.EffectAllow, "read"))
	text, err := json.Marshal(own)
	if err != nil {
		t.Fatal(err)
	}
	if got := imported(t, string(text)); len(got) != 1 || !got[0].Equal(own) {
		t.Errorf("%+v", got)
	}
	// No list is made of subjects that are left out: here that means any.
	if got := imported(t, "["+string(text)+","+ladon+"]"); len(got) != 2 || got[0].Rules[0].Subjects != nil {
		t.Errorf("%+v", got)
	}
}

func TestImportRefusesOthers(t *testing.T) {
	for _, text := range []string{
		``, `7`, `{}`, `null`, `"effect"`, `[`, `[7]`, `[] []`, `{"effect":7}`, `{"policies":7}`, `{"policies":[{"id":7}]}`, `{"PolicyGroups":7}`,
		`{"effect":"allow","conditions":{"a":{"type":"x","jsonOptions":"{"}}}`,
		`{"uuid":"u","policies":[{"effect":"allow","conditions":{"a":{"type":"x","jsonOptions":"[1]"}}}]}`,
		`{"rules":[{"efect":"allow"}]}`, `{"effect":"allow"} {}`, `{"effect":"allow","conditions":7}`,
	} {
		policies, err := policy.Import([]byte(text))
		if !alveary.IsKind(err, alveary.KindInvalid) || err.Error() == "" {
			t.Errorf("%s: %+v, %v", text, policies, err)
		}
	}
}
