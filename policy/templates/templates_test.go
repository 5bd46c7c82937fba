package templates_test

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"alveary"
	"alveary/policy/templates"
)

// What can be seen without the compiler; authz/scenario runs the scenarios.
func TestTemplates(t *testing.T) {
	all := templates.All()
	if len(all) != 12 {
		t.Errorf("%d templates", len(all))
	}
	seen := map[string]bool{}
	for _, one := range all {
		t.Run(one.ID, func(t *testing.T) {
			p := one.Policy
			if seen[one.ID] || string(p.ID) != one.ID || alveary.CheckPolicyID(p.ID) != nil {
				t.Errorf("the id %q, of the policy %q", one.ID, p.ID)
			}
			seen[one.ID] = true
			if p.Type != alveary.PolicyACL || p.Mode != "" {
				t.Errorf("type %q, mode %q", p.Type, p.Mode)
			}
			if one.Label != p.Label || one.Description != p.Description || !strings.HasSuffix(one.Description, ".") {
				t.Errorf("labelled %q: %q", one.Label, one.Description)
			}
			if strings.ContainsAny(one.Label+one.Description+one.Scenario, "!") {
				t.Error("raises its voice")
			}
			denies := 0
			for _, r := range p.Rules {
				if r.Label == "" {
					t.Error("a rule without label")
				}
				if r.Effect == alveary.EffectDeny {
					denies++
				}
			}
			if denies == 0 {
				t.Error("refuses nothing explicitly: a right given beneath would reopen it")
			}
		})
	}
}

// Each scenario asks what is allowed and what is not, in words, and holds no
// copy of the policy, which would be asked in the place of the edited one.
func TestScenariosAskBothWays(t *testing.T) {
	for _, one := range templates.All() {
		var file struct {
			Policies []any
			Entries  []struct{ Policies []string }
			Ask      []struct {
				ID      string
				Actions map[string]string
			}
		}
		if err := yaml.Unmarshal([]byte(one.Scenario), &file); err != nil {
			t.Errorf("%s: %v", one.ID, err)
			continue
		}
		answers := map[string]int{}
		ids := map[string]bool{}
		for _, q := range file.Ask {
			if q.ID == "" || ids[q.ID] {
				t.Errorf("%s: the id %q", one.ID, q.ID)
			}
			ids[q.ID] = true
			for _, expect := range q.Actions {
				answers[expect]++
			}
		}
		if answers["allow"] == 0 || answers["deny"] == 0 || len(file.Policies) > 0 || len(file.Entries) == 0 || file.Entries[0].Policies[0] != one.ID {
			t.Errorf("%s: %v, policies %v, entries %v", one.ID, answers, file.Policies, file.Entries)
		}
	}
}

// What a caller does to a template is his own.
func TestTemplatesAreMadeAnew(t *testing.T) {
	templates.All()[0].Policy.Rules[0].Actions[0] = "changed"
	if got := templates.All()[0].Policy.Rules[0].Actions[0]; got != "read" {
		t.Errorf("%q", got)
	}
}
