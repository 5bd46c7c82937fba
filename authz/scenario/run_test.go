package scenario_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz/scenario"
	"alveary/policy"
	"alveary/policy/templates"
)

// present is what a question is asked at that sets no time: a Monday.
var present = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, text string) *scenario.File {
	t.Helper()
	f, err := scenario.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func passes(t *testing.T, results []scenario.Result) {
	t.Helper()
	if len(results) == 0 {
		t.Error("nothing was asked")
	}
	for _, r := range results {
		if !r.Passed {
			t.Errorf("line %d, %s: %s (%s)\nexpected %s, got %s\n  %s", r.Line, r.ID, r.Question, r.Note, r.Expected, r.Got, strings.Join(r.Trace, "\n  "))
		}
		if r.Passed && r.Trace != nil {
			t.Errorf("%s: passed with a trace", r.ID)
		}
	}
}

// The law's own examples.
func TestScenariosOfTheModel(t *testing.T) {
	files, err := filepath.Glob("../../policy/testdata/*.yaml")
	if err != nil || len(files) < 37 {
		t.Fatalf("%d scenario files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			passes(t, read(t, string(text)).Run(present))
		})
	}
}

// The policies that are shipped do what they say.
func TestScenariosOfTheTemplates(t *testing.T) {
	for _, one := range templates.All() {
		t.Run(one.ID, func(t *testing.T) {
			f := read(t, one.Scenario)
			if !f.Names(one.Policy.ID) || f.Names("another") {
				t.Error("the policy is not named")
			}
			passes(t, f.Run(present, one.Policy))
			if _, err := policy.Compile(one.Policy); err != nil {
				t.Error(err)
			}
			for _, found := range policy.Lint(one.Policy) {
				t.Errorf("%+v", found)
			}
			failed := 0
			for _, r := range f.Run(present) {
				if !r.Passed {
					failed++
				}
			}
			if failed == 0 {
				t.Error("passes without the policy too")
			}
		})
	}
}

// The files beside this test are stories; each is also an example to read.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			passes(t, read(t, string(text)).Run(present))
		})
	}
}

// What is expected wrongly is told with its reasons.
func TestFailedQuestions(t *testing.T) {
	f := read(t, `
roles: [ROOT_GROUP, alice]
entries:
  - {role: alice, node: hr, policies: [hours]}
policies:
  - {id: hours, type: acl, rules: [{label: by day, effect: allow, actions: [read], conditions: {ServerTime: {type: OfficeHoursCondition, options: {matches: "Monday/09:00/10:00"}}}}]}
  - {id: broken, type: acl, rules: [{label: odd, effect: deny, actions: [read], conditions: {A: {type: Nothing}}}]}
ask:
  - {node: hr/pay.ods, actions: {read: allow, write: deny}, note: too late}
  - {id: named, policy: hours, resource: acl, action: read, expect: allow}
  - {id: absent, policy: none, action: read, expect: deny}
  - {id: broken, policy: broken, action: read, expect: allow}
  - {id: cond, condition: {type: CIDRCondition, options: {cidr: x}}, value: 10.0.0.1, expect: true}
  - {id: form, condition: {kind: CIDRCondition}, expect: true}
  - {id: truth, condition: {type: BooleanCondition, options: {value: true}}, value: false, expect: true}
  - {id: save, save: {id: p, type: acl, rules: [{effect: allow, actions: [delete]}]}, expect: valid}
  - {id: save2, save: {id: p, type: acl, rules: [{effect: deny, actions: [delete]}]}, expect: invalid}
  - {id: save3, save: {id: p, type: acl, rules: [{effect: deny, action: [delete]}]}, expect: valid}
`)
	for i, want := range []struct{ id, got, trace string }{
		{"question 1", "read deny, write deny", "hours"},
		{"named", "read deny", "by day"},
		{"absent", "no answer: there is no policy \"none\"", ""},
		{"broken", "read deny", "odd"},
		{"cond", "invalid", "refused"},
		{"form", "invalid", "kind"},
		{"truth", "false", ""},
		{"save", "invalid", "delete"},
		{"save2", "valid", ""},
		{"save3", "invalid", "action"},
	} {
		got := f.Run(present)[i]
		if got.Passed || got.ID != want.id || got.Got != want.got || got.Line == 0 || !strings.Contains(strings.Join(got.Trace, "\n"), want.trace) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// A draft is asked in the place of the policy of its id, and beside the others
// where the file has none.
func TestDrafts(t *testing.T) {
	f := read(t, `
roles: [alice]
entries:
  - {role: alice, node: a, policies: [one]}
  - {role: alice, node: b, policies: [two]}
policies:
  - {id: one, type: acl, rules: [{effect: allow, actions: [read]}]}
ask:
  - {node: a, actions: {read: allow}}
  - {node: b, actions: {read: deny}}
`)
	allow := func(id alveary.PolicyID, effect alveary.Effect) alveary.Policy {
		return alveary.Policy{ID: id, Type: alveary.PolicyACL, Rules: []alveary.Rule{{Effect: effect, Actions: []string{"read"}}}}
	}
	verdicts := func(policies ...alveary.Policy) (out []bool) {
		for _, r := range f.Run(present, policies...) {
			out = append(out, r.Passed)
		}
		return out
	}
	for _, c := range []struct {
		drafts []alveary.Policy
		want   []bool
	}{
		{nil, []bool{true, true}},
		{[]alveary.Policy{allow("one", alveary.EffectDeny)}, []bool{false, true}},
		{[]alveary.Policy{allow("two", alveary.EffectAllow)}, []bool{true, false}},
		{[]alveary.Policy{allow("three", alveary.EffectDeny)}, []bool{true, true}},
	} {
		if got := verdicts(c.drafts...); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.drafts, got, c.want)
		}
	}
	if len(f.Policies()) != 1 || !f.Names("two") {
		t.Error("the file was changed")
	}
}

// Entries are looked at for what is hardly meant.
func TestLintEntries(t *testing.T) {
	f := read(t, `
roles: [alice]
entries:
  - {role: alice, node: a, policies: [one, none]}
  - {role: alice, node: a, rights: [read]}
  - {role: alice, node: a/b/c, rights: [read]}
policies:
  - {id: one, type: acl, rules: [{effect: allow, actions: [read], conditions: {ServerTime: {type: OfficeHoursCondition, options: {matches: Monday/09:00/10:00}}}}]}
ask:
  - {node: a, actions: {read: deny}}
`)
	findings, err := f.LintEntries()
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, one := range findings {
		codes = append(codes, one.Code)
	}
	slices.Sort(codes)
	if !slices.Equal(codes, []string{"below-policy", "beside-policy", "missing-policy"}) {
		t.Errorf("%v", findings)
	}
}

// What the page for administrators shows can be used as it stands.
func TestExamplesOfTheDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Parse([]byte(fenced(t, string(page), "json")))
	if err != nil {
		t.Fatal(err)
	}
	if found := policy.Lint(p); len(found) > 0 {
		t.Errorf("%+v", found)
	}
	passes(t, read(t, fenced(t, string(page), "yaml")).Run(present, p))
}

// fenced is the first block of the language.
func fenced(t *testing.T, page, language string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "```"+language+"\n")
	block, _, end := strings.Cut(rest, "```\n")
	if !ok || !end {
		t.Fatalf("the page has no block of %s", language)
	}
	return block
}
