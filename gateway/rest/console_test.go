package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

const plainPolicy = `{"id":"%s","type":"acl","rules":[{"effect":"allow","actions":["read"]}]}`

// console is the question that each route of the console is asked. The shipped
// rest policies let administrators alone call them.
func (s *stage) console(operation string) (a asked, known bool) {
	const good, denied = http.StatusOK, http.StatusForbidden
	s.Write(func(tx *store.Tx) error {
		if last, err := tx.LastPolicyVersion("mine"); err != nil || last > 0 {
			return err
		}
		p := alveary.Policy{ID: "mine", Type: alveary.PolicyACL, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"read"}}}}
		_, err := tx.PutPolicy(p, "root", "")
		return err
	})
	var entry alveary.Entry
	s.Read(func(tx *store.Tx) error {
		all, err := tx.EntriesOn(s.area)
		if len(all) > 0 {
			entry = all[0]
		}
		return err
	})
	in := fmt.Sprintf(`{"role":"%s","node":"%s","rights":["read"]}`, entry.Role, s.folder)
	mine := fmt.Sprintf(plainPolicy, "mine")
	table := map[string]asked{
		"catalogue":             {"GET", "/attributes", "", nil, good, good},
		"list-policy-templates": {"GET", "/policy-templates", "", nil, denied, denied},
		"list-policies":         {"GET", "/policies?type=acl", "", nil, denied, denied},
		"policy":                {"GET", "/policies/mine", "", nil, denied, denied},
		"put-policy":            {"PUT", "/policies/mine", `{"policy":` + mine + `}`, nil, denied, denied},
		"delete-policy":         {"DELETE", "/policies/mine", "", nil, denied, denied},
		"list-policy-versions":  {"GET", "/policies/mine/versions", "", nil, denied, denied},
		"policy-version":        {"GET", "/policies/mine/versions/1", "", nil, denied, denied},
		"restore-policy":        {"POST", "/policies/mine/versions/1/restore", "", nil, denied, denied},
		"set-scenarios":         {"PUT", "/policies/mine/scenarios", `{"scenarios":[]}`, nil, denied, denied},
		"check-policy":          {"POST", "/policies/check", `{"policy":` + mine + `}`, nil, denied, denied},
		"import-policies":       {"POST", "/policies/import", `{"document":` + mine + `}`, nil, denied, denied},
		"explain":               {"POST", "/explain", fmt.Sprintf(`{"user":"ann","node":"%s","action":"read"}`, s.file), nil, denied, denied},
		"simulate":              {"POST", "/simulate", `{"changes":[{"policy":` + mine + `}]}`, nil, denied, denied},
		"simulation":            {"GET", "/simulations/none", "", nil, denied, denied},
		"list-entries":          {"GET", "/entries?node=" + s.area.String(), "", nil, denied, denied},
		"add-entry":             {"POST", "/entries", in, nil, denied, denied},
		"replace-entry":         {"PUT", fmt.Sprintf("/entries/%d", entry.ID), in, nil, denied, denied},
		"delete-entry":          {"DELETE", fmt.Sprintf("/entries/%d", entry.ID), "", nil, denied, denied},
		"console-workspaces":    {"GET", "/console/workspaces", "", nil, denied, denied},
		"add-workspace":         {"POST", "/console/workspaces", `{"slug":"new","label":"New","path":"main/common"}`, nil, denied, denied},
		"rename-workspace":      {"PATCH", "/console/workspaces/common-files", `{"label":"Common"}`, nil, denied, denied},
		"delete-workspace":      {"DELETE", "/console/workspaces/common-files", "", nil, denied, denied},
		"console-nodes":         {"GET", "/console/nodes", "", nil, denied, denied},
	}
	if a, known = table[operation]; !known {
		return s.people(operation)
	}
	return a, known
}

// simulated begins a simulation and gives its id.
func simulated(t *testing.T, c *world.Client) string {
	t.Helper()
	var begun struct{ ID string }
	body := `{"changes":[{"policy":` + fmt.Sprintf(plainPolicy, "another") + `}]}`
	want(t, c.Do("POST", "/simulate", world.Reader(body)), http.StatusOK).Into(t, &begun)
	return begun.ID
}

// What is malformed in a policy comes back with its place, as a part of the
// policy that was sent.
func TestPlacesOfMistakes(t *testing.T) {
	g := newGarden(t, world.Options{})
	g.User("root", alveary.ProfileAdmin)
	body := `{"policy":{"id":"p","type":"acl","rules":[{"effect":"allow","actions":["read"]},
 {"effect":"perhaps","actions":["read"],"conditions":{"RemoteAddress":{"type":"CIDRCondition","options":{"cidr":"10.0.0.0/99"}}}}]}}`
	p := want(t, g.Client("root").Do("PUT", "/policies/p", world.Reader(body)), http.StatusBadRequest, "malformed").Problem(t)
	var places []string
	for _, e := range p.Errors {
		places = append(places, e.Location)
	}
	if got := strings.Join(places, " "); got != "rules[1].effect rules[1].conditions.RemoteAddress.options.cidr" {
		t.Errorf("%q: %+v", got, p)
	}
}

// A policy of ten thousand rules is accepted, and one beyond the bound is not.
func TestLargePolicy(t *testing.T) {
	g := newGarden(t, world.Options{})
	g.User("root", alveary.ProfileAdmin)
	rule := `{"label":"%d","effect":"deny","actions":["read"],"conditions":{"RemoteAddress":{"type":"CIDRCondition","options":{"cidr":"10.%d.%d.0/24"}}}}`
	rules := make([]string, 10_000)
	for i := range rules {
		rules[i] = fmt.Sprintf(rule, i, i/256, i%256)
	}
	body := `{"policy":{"id":"large","type":"acl","rules":[` + strings.Join(rules, ",") + `]}}`
	want(t, g.Client("root").Do("PUT", "/policies/large", world.Reader(body)), http.StatusCreated)
}
