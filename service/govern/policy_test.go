package govern_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/service/govern/document"
	"alveary/testkit/world"
)

// "Bad input gets": each comes back with its place, by saving and by checking,
// and nothing is stored.
func TestMalformedPolicies(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	condition := func(attribute, kind, options string) string {
		return fmt.Sprintf(`{"id":"p","type":"acl","rules":[{"effect":"allow","actions":["read"],"conditions":{"%s":{"type":"%s","options":%s}}}]}`, attribute, kind, options)
	}
	for name, bad := range map[string]struct{ policy, place string }{
		"unknown type of condition": {condition("RemoteAddress", "StrangeCondition", `{}`), "rules[0].conditions.RemoteAddress"},
		"unknown option":            {condition("RemoteAddress", "CIDRCondition", `{"cidr":"10.0.0.0/8","cdir":"x"}`), "rules[0].conditions.RemoteAddress.options.cdir"},
		"missing option":            {condition("RemoteAddress", "CIDRCondition", `{}`), "rules[0].conditions.RemoteAddress.options.cidr"},
		"Mondy":                     {condition("ServerTime", "OfficeHoursCondition", `{"matches":"Mondy/09:00/18:30"}`), "rules[0].conditions.ServerTime.options.matches"},
		"9h/18h":                    {condition("ServerTime", "OfficeHoursCondition", `{"matches":"Monday/9h/18h"}`), "rules[0].conditions.ServerTime.options.matches"},
		"time zone":                 {condition("ServerTime", "OfficeHoursCondition", `{"matches":"Monday/09:00/18:30","timezone":"Mars/North"}`), "rules[0].conditions.ServerTime.options.timezone"},
		"period without a slash":    {condition("ServerTime", "WithinPeriodCondition", `{"matches":"2018-02-01T00:00+0100"}`), "rules[0].conditions.ServerTime.options.matches"},
		"CIDR":                      {condition("RemoteAddress", "CIDRCondition", `{"cidr":"10.0.0.0/99"}`), "rules[0].conditions.RemoteAddress.options.cidr"},
		"pattern":                   {condition("NodeMetaName", "StringMatchCondition", `{"matches":"("}`), "rules[0].conditions.NodeMetaName.options.matches"},
		"glob":                      {condition("NodeMetaPath", "PathGlobCondition", `{"glob":"a["}`), "rules[0].conditions.NodeMetaPath.options.glob"},
		"CEL of the wrong type":     {condition("NodeMetaSize", "CELCondition", `{"expr":"1 + 1"}`), "rules[0].conditions.NodeMetaSize.options.expr"},
		"two rules with one id":     {`{"id":"p","type":"acl","rules":[{"id":"r","effect":"allow","actions":["read"]},{"id":"r","effect":"allow","actions":["write"]}]}`, "rules[1].id"},
		"effect":                    {`{"id":"p","type":"acl","rules":[{"effect":"maybe","actions":["read"]}]}`, "rules[0].effect"},
		"allow of a deny-only":      {`{"id":"p","type":"acl","rules":[{"effect":"allow","actions":["download"]}]}`, "rules[0].actions[0]"},
		"unknown field":             {`{"id":"p","type":"acl","rules":[{"effect":"allow","actions":["read"],"when":"now"}]}`, "rules[0]"},
		"unknown type":              {`{"id":"p","type":"acls","rules":[]}`, "type"},
		"no policy":                 {`[]`, ""},
		"a newline in the id":       {`{"id":"p\n","type":"acl","rules":[]}`, "id"},
		"another id":                {`{"id":"q","type":"acl","rules":[{"effect":"maybe","actions":["read"]}]}`, "rules[0].effect"},
	} {
		c.unchanged(name, func() {
			p := c.want(c.root, "PUT", "/policies/p", `{"policy":`+bad.policy+`}`, http.StatusBadRequest, "malformed", nil).Problem(t)
			if len(p.Errors) != 1 || p.Errors[0].Location != bad.place || p.Errors[0].Message == "" {
				t.Errorf("%s: %+v, want the place %q", name, p, bad.place)
			}
			var checked document.Checked
			c.want(c.root, "POST", "/policies/check", `{"policy":`+bad.policy+`}`, http.StatusOK, "", &checked)
			if checked.Valid || len(checked.Errors) != 1 || checked.Errors[0].Location != bad.place {
				t.Errorf("%s, checked: %+v", name, checked)
			}
		})
	}
	c.unchanged("another id", func() {
		p := c.want(c.root, "PUT", "/policies/q", `{"policy":`+readOnly+`}`, http.StatusBadRequest, "malformed", nil).Problem(t)
		if p.Errors[0].Location != "id" {
			t.Errorf("%+v", p)
		}
	})
	c.want(c.root, "PUT", "/policies/p", `{"policy":`+readOnly+`,"note":"a\nb"}`, http.StatusBadRequest, "invalid", nil)
}

func TestPolicyVersions(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		before := len(c.Audit())
		var first, second, third document.PolicyDocument
		c.want(c.root, "PUT", "/policies/p", `{"policy":`+readOnly+`,"version":0}`, http.StatusCreated, "", &first)
		if first.Version != 1 || first.Author != "root" || len(first.UsedBy) != 0 || first.Policy.Label != "Reading" {
			t.Errorf("%+v", first)
		}
		c.want(c.root, "PUT", "/policies/p", `{"policy":`+readOnly+`,"version":0}`, http.StatusPreconditionFailed, "changed", nil)
		wider := strings.Replace(readOnly, `["read"]`, `["read","write"]`, 1)
		c.want(c.root, "PUT", "/policies/p", `{"policy":`+wider+`,"version":1,"note":"they write too"}`, http.StatusOK, "", &second)
		if p := c.want(c.root, "PUT", "/policies/p", `{"policy":`+readOnly+`,"version":1}`, http.StatusPreconditionFailed, "changed", nil).Problem(t); !strings.Contains(p.Detail, "version 2") || !strings.Contains(p.Detail, "root") {
			t.Errorf("%q", p.Detail)
		}
		c.unchanged("what is as it was", func() {
			c.want(c.root, "PUT", "/policies/p", `{"policy":`+wider+`,"version":2}`, http.StatusOK, "", nil)
		})
		var history struct{ Items []document.VersionLine }
		c.want(c.root, "GET", "/policies/p/versions", "", http.StatusOK, "", &history)
		if len(history.Items) != 2 || history.Items[0].Note != "they write too" || !history.Items[0].Current || history.Items[1].Current || history.Items[1].Version != 1 {
			t.Errorf("%+v", history)
		}
		var v document.VersionDocument
		c.want(c.root, "GET", "/policies/p/versions/2", "", http.StatusOK, "", &v)
		var differ []string
		for _, line := range v.Diff {
			if line.Op != " " {
				differ = append(differ, line.Op+strings.TrimSpace(line.Text))
			}
		}
		equal(t, "difference", differ, []string{`-"read"`, `+"read",`, `+"write"`})
		c.want(c.root, "POST", "/policies/p/versions/1/restore", "", http.StatusOK, "", &third)
		c.want(c.root, "GET", "/policies/p/versions", "", http.StatusOK, "", &history)
		if third.Version != 3 || !third.Policy.Equal(first.Policy) || history.Items[0].Note != "back to version 1" {
			t.Errorf("%+v, %+v", third, history.Items[0])
		}
		c.want(c.root, "POST", "/policies/p/versions/9/restore", "", http.StatusNotFound, "not-found", nil)
		c.want(c.root, "GET", "/policies/p/versions/9", "", http.StatusNotFound, "not-found", nil)
		c.want(c.root, "PUT", "/policies/q", `{"policy":{"id":"q","type":"rest","mode":"off","label":"\\u003c is <","rules":[{"effect":"deny","actions":["GET"],"resources":["rest:/users<.*>"]}]},"version":0}`, http.StatusCreated, "", nil)
		c.want(c.root, "GET", "/policies/q/versions/1", "", http.StatusOK, "", &v)
		if text := fmt.Sprint(v.Diff); !strings.Contains(text, `"rest:/users<.*>"`) || !strings.Contains(text, `"\\u003c is <"`) {
			t.Errorf("patterns cannot be read in %s", text)
		}

		// A deleted policy is gone, its history is not, and it can come back.
		c.want(c.root, "DELETE", "/policies/p", "", http.StatusNoContent, "", nil)
		c.want(c.root, "GET", "/policies/p", "", http.StatusNotFound, "not-found", nil)
		c.want(c.root, "DELETE", "/policies/p", "", http.StatusNotFound, "not-found", nil)
		c.want(c.root, "GET", "/policies/p/versions", "", http.StatusOK, "", &history)
		if !history.Items[0].Deleted || history.Items[0].Current || len(history.Items) != 4 {
			t.Errorf("%+v", history)
		}
		c.want(c.root, "PUT", "/policies/p", `{"policy":`+readOnly+`,"version":3}`, http.StatusPreconditionFailed, "changed", nil)
		c.want(c.root, "POST", "/policies/p/versions/2/restore", "", http.StatusOK, "", &third)
		if third.Version != 5 {
			t.Errorf("%+v", third)
		}
		c.want(c.root, "GET", "/policies/none/versions", "", http.StatusNotFound, "not-found", nil)
		equal(t, "audit", c.actions(before), []string{"save-policy done", "save-policy done", "restore-policy done", "save-policy done", "delete-policy done", "restore-policy done"})
	})
}

func TestPolicyList(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		c.put(readOnly)
		c.put(strings.Replace(readOnly, `"p"`, `"watched","mode":"observed"`, 1))
		area := c.Folder("common/area")
		c.entry(fmt.Sprintf(`{"role":"%s","node":"%s","policies":["p"]}`, c.Role("ann"), area))
		c.entry(fmt.Sprintf(`{"role":"%s","node":"%s","rights":["write"]}`, c.Role("ann"), area))
		var list struct{ Items []document.PolicyLine }
		c.want(c.root, "GET", "/policies?type=acl", "", http.StatusOK, "", &list)
		if len(list.Items) != 2 {
			t.Fatalf("%+v", list)
		}
		p, watched := list.Items[0], list.Items[1]
		if p.ID != "p" || p.UsedBy != 1 || p.Rules != 1 || p.Mode != alveary.ModeEnforced || p.Findings != 1 || p.Observed != nil {
			t.Errorf("%+v", p)
		}
		if watched.Observed == nil || watched.Observed.Count != 0 || watched.Mode != alveary.ModeObserved {
			t.Errorf("%+v", watched)
		}
		var doc document.PolicyDocument
		c.want(c.root, "GET", "/policies/p", "", http.StatusOK, "", &doc)
		if len(doc.UsedBy) != 1 || doc.UsedBy[0].Path != "main/common/area" || len(doc.Findings) != 1 || doc.Findings[0].Code != "beside-policy" || doc.Findings[0].Fix == "" {
			t.Errorf("%+v", doc)
		}
		c.want(c.root, "GET", "/policies", "", http.StatusOK, "", &list)
		if len(list.Items) < 6 { // the shipped ones as well
			t.Errorf("%d policies", len(list.Items))
		}
		c.want(c.root, "GET", "/policies?type=other", "", http.StatusBadRequest, "invalid", nil)
	})
}

// A policy that an entry names is not deleted, and stays of its type.
func TestPolicyInUse(t *testing.T) {
	onEach(t, func(_ *testing.T, c *console) {
		c.put(readOnly)
		e := c.entry(fmt.Sprintf(`{"role":"%s","path":"common-files","policies":["p"]}`, c.Role("ann")))
		c.unchanged("a policy in use", func() {
			c.want(c.root, "DELETE", "/policies/p", "", http.StatusConflict, "in-use", nil)
			c.want(c.root, "PUT", "/policies/p", `{"policy":{"id":"p","type":"oidc","rules":[{"effect":"allow","actions":["login"]}]}}`, http.StatusConflict, "in-use", nil)
		})
		c.want(c.root, "DELETE", "/entries/"+e.ID, "", http.StatusNoContent, "", nil)
		c.want(c.root, "DELETE", "/policies/p", "", http.StatusNoContent, "", nil)
	})
}

const opens = `nodes: [{path: common/a.txt}]
entries: [{role: ann, node: common, policies: [p]}]
ask:
  - {id: reading, note: they read, node: common/a.txt, actions: {read: allow}, roles: [ann]}
`

func TestScenarios(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		c.put(readOnly)
		set := func(text string) string {
			return string(mustJSON(t, map[string]any{"scenarios": []map[string]string{{"name": "who reads", "text": text}}}))
		}
		c.unchanged("what does not pass", func() {
			for text, status := range map[string]int{
				strings.Replace(opens, "allow", "deny", 1): http.StatusConflict, "ask: [": http.StatusBadRequest,
				strings.Replace(opens, "[p]", "[q]", 1): http.StatusBadRequest,
			} {
				c.want(c.root, "PUT", "/policies/p/scenarios", set(text), status, "", nil)
			}
			c.want(c.root, "PUT", "/policies/none/scenarios", `{"scenarios":[]}`, http.StatusNotFound, "not-found", nil)
		})
		var doc document.PolicyDocument
		c.want(c.root, "PUT", "/policies/p/scenarios", set(opens), http.StatusOK, "", &doc)
		if len(doc.Scenarios) != 1 || doc.Scenarios[0].Text != opens {
			t.Errorf("%+v", doc)
		}
		shut := strings.Replace(readOnly, "allow", "deny", 1)
		c.unchanged("a version that fails", func() {
			p := c.want(c.root, "PUT", "/policies/p", `{"policy":`+shut+`}`, http.StatusConflict, "scenario-failed", nil).Problem(t)
			if !strings.Contains(p.Detail, "who reads") || !strings.Contains(p.Detail, "reading") {
				t.Errorf("%q", p.Detail)
			}
		})
		// One that is off is asked as it would be in force.
		c.put(strings.Replace(readOnly, `"p"`, `"p","mode":"off"`, 1))
		var checked document.Checked
		body := mustJSON(t, map[string]any{"policy": rawJSON(shut), "scenarios": []map[string]string{{"name": "who reads", "text": opens}, {"name": "broken", "text": "ask: 1"}}})
		c.want(c.root, "POST", "/policies/check", string(body), http.StatusOK, "", &checked)
		if !checked.Valid || len(checked.Scenarios) != 2 || checked.Scenarios[0].Passed || checked.Scenarios[0].Failed[0].ID != "reading" || len(checked.Scenarios[0].Failed[0].Trace) == 0 || checked.Scenarios[1].Malformed == "" {
			t.Errorf("%+v", checked)
		}
	})
}

// What looks strange is told, and saved all the same.
func TestFindings(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	doc := c.put(`{"id":"p","type":"acl","rules":[{"effect":"allow","actions":["read"],"conditions":{"RemoteAddress":{"type":"CIDRCondition","options":{"cidr":"10.1.2.3/8"}}}}]}`)
	if len(doc.Findings) != 1 || doc.Findings[0].Code != "host-bits" || doc.Findings[0].Attribute != "RemoteAddress" || doc.Findings[0].Rule != 0 {
		t.Errorf("%+v", doc.Findings)
	}
}

func TestImportAndTemplates(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	var imported struct{ Policies []alveary.Policy }
	c.unchanged("an import", func() {
		c.want(c.root, "POST", "/policies/import", `{"document":{"id":"l","effect":"allow","actions":["GET"],"resources":["rest:/a"],"subjects":["user:ann"]}}`, http.StatusOK, "", &imported)
		c.want(c.root, "POST", "/policies/import", `{"document":{"x":1}}`, http.StatusBadRequest, "malformed", nil)
	})
	if len(imported.Policies) != 1 || imported.Policies[0].Type != alveary.PolicyREST {
		t.Errorf("%+v", imported)
	}
	var shipped struct{ Items []document.PolicyTemplate }
	c.want(c.root, "GET", "/policy-templates", "", http.StatusOK, "", &shipped)
	for _, one := range shipped.Items {
		var checked document.Checked
		body := mustJSON(t, map[string]any{"policy": one.Policy, "scenarios": []map[string]string{{"name": one.ID, "text": one.Scenario}}})
		c.want(c.root, "POST", "/policies/check", string(body), http.StatusOK, "", &checked)
		if !checked.Valid || !checked.Scenarios[0].Passed {
			t.Errorf("%s: %+v", one.ID, checked)
		}
	}
	var catalogue document.Catalogue
	c.want(c.Client("ann"), "GET", "/attributes", "", http.StatusOK, "", &catalogue)
	if len(catalogue.Attributes) < 30 || len(catalogue.Conditions) < 15 {
		t.Errorf("%+v", catalogue)
	}
}
