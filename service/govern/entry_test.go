package govern_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/govern/document"
	"alveary/store"
	"alveary/testkit/world"
)

func TestEntries(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		c.put(readOnly)
		area, ann := c.Folder("common/area"), c.Role("ann")
		before := len(c.Audit())
		made := c.entry(fmt.Sprintf(`{"role":"%s","path":"common-files/area","rights":["read","write"],"expires":"2026-06-02T12:00:00Z"}`, ann))
		if made.Node == nil || *made.Node != area || made.Path != "main/common/area" || made.RoleLabel != "ann" || made.Expires == nil || len(made.Policies) != 0 {
			t.Errorf("%+v", made)
		}
		var changed document.Entry
		c.want(c.root, "PUT", "/entries/"+made.ID, fmt.Sprintf(`{"role":"%s","path":"/main/common","policies":["p"]}`, ann), http.StatusOK, "", &changed)
		if changed.ID != made.ID || changed.Path != "main/common" || len(changed.Rights) != 0 || changed.Expires != nil || !slices.Equal(changed.Policies, []alveary.PolicyID{"p"}) {
			t.Errorf("%+v", changed)
		}
		mine := c.entry(fmt.Sprintf(`{"role":"%s","template":"my-files","deny":true}`, ann))
		if mine.Node != nil || mine.Path != "" || mine.Template != alveary.TemplateMyFiles || !mine.Deny {
			t.Errorf("%+v", mine)
		}
		for query, want := range map[string]int{
			"?role=" + string(ann): 2, "?policy=p": 1, "?node=3": 3, "?node=3&policy=p": 1, "?node=3&role=" + string(ann): 1, "?policy=none": 0, "": 5,
			"?role=" + string(ann) + "&node=" + area.String(): 0,
		} {
			var list struct{ Items []document.Entry }
			c.want(c.root, "GET", "/entries"+query, "", http.StatusOK, "", &list)
			if len(list.Items) != want {
				t.Errorf("%q: %d entries, want %d: %+v", query, len(list.Items), want, list)
			}
		}
		c.want(c.root, "GET", "/entries?node=x", "", http.StatusBadRequest, "", nil)
		c.want(c.root, "DELETE", "/entries/"+made.ID, "", http.StatusNoContent, "", nil)
		c.want(c.root, "DELETE", "/entries/"+made.ID, "", http.StatusNotFound, "not-found", nil)
		c.want(c.root, "PUT", "/entries/"+made.ID, fmt.Sprintf(`{"role":"%s","node":"3"}`, ann), http.StatusNotFound, "not-found", nil)
		c.want(c.root, "DELETE", "/entries/x", "", http.StatusBadRequest, "invalid", nil)
		equal(t, "audit", c.actions(before), []string{"add-entry done", "change-entry done", "add-entry done", "delete-entry done"})
	})
}

func TestBadEntries(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	c.put(readOnly)
	ann := string(c.Role("ann"))
	for body, place := range map[string]string{
		`{"role":"none","node":"3"}`:                                   "role",
		`{"role":"ANN","node":"3","rights":["delete"]}`:                "rights",
		`{"role":"ANN","node":"3","rights":["read"],"deny":true}`:      "deny",
		`{"role":"ANN","node":"3","policies":["p"],"deny":true}`:       "deny",
		`{"role":"ANN","node":"3","policies":["p"],"rights":["read"]}`: "policies",
		`{"role":"ANN","node":"3","policies":["p","none"]}`:            "policies[1]",
		`{"role":"ANN","node":"3","policies":["p","p"]}`:               "policies[1]",
		`{"role":"ANN","node":"3","policies":["oidc-everybody"]}`:      "policies[0]",
		`{"role":"ANN","node":"3","path":"main"}`:                      "node",
		`{"role":"ANN"}`:                   "node",
		`{"role":"ANN","template":"none"}`: "template",
		`{"role":"ANN","node":"3","rights":["read"],"expires":"2020-01-01T00:00:00Z"}`: "expires",
	} {
		c.unchanged(body, func() {
			p := c.want(c.root, "POST", "/entries", strings.Replace(body, "ANN", ann, 1), http.StatusBadRequest, "invalid", nil).Problem(t)
			if len(p.Errors) != 1 || p.Errors[0].Location != place {
				t.Errorf("%s: %+v", body, p)
			}
		})
	}
	for path, code := range map[string]string{"nowhere/at/all": "not-found", "common-files/none": "not-found", "my-files": "not-found", "common-files//a": ""} {
		a := c.root.Do("POST", "/entries", world.Reader(fmt.Sprintf(`{"role":"%s","path":"%s"}`, ann, path)))
		if p := a.Problem(t); p.Code != code || a.Status >= 500 {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

// MODEL.md 7.7: whoever a rest policy lets call, and is no administrator, gives
// nothing that he does not hold, by any number of steps.
func TestNobodyGivesWhatHeDoesNotHold(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		area, deep, other, secret := c.Folder("common/area"), c.Folder("common/area/deep"), c.Folder("hidden/other"), c.Folder("common/shut")
		c.put(readOnly)
		c.put(`{"id":"by-day","type":"acl","rules":[{"effect":"allow","actions":["read","write"],"conditions":{"ServerTime":{"type":"OfficeHoursCondition","options":{"matches":"Monday-Sunday/00:00/23:59"}}}}]}`)
		bob := c.Role("bob")
		ann := c.let("ann")
		give := func(node alveary.NodeID, holds string) string {
			return fmt.Sprintf(`{"role":"%s","node":"%s",%s}`, bob, node, holds)
		}
		refused := func(what, method, path, body string, missing ...string) {
			t.Helper()
			c.unchanged(what, func() {
				p := c.want(ann, method, path, body, http.StatusForbidden, "not-held", nil).Problem(t)
				if !slices.Equal(p.Missing, missing) {
					t.Errorf("%s: missing %q, want %q: %s", what, p.Missing, missing, p.Detail)
				}
			})
		}
		// She reads what is common, and cannot give more.
		refused("write where she reads", "POST", "/entries", give(area, `"rights":["read","write"]`), "write")
		var read document.Entry
		c.want(ann, "POST", "/entries", give(area, `"rights":["read"]`), http.StatusCreated, "", &read)
		refused("a deny", "POST", "/entries", give(area, `"deny":true`))
		refused("a policy", "POST", "/entries", give(area, `"policies":["p"]`))
		refused("a template path", "POST", "/entries", fmt.Sprintf(`{"role":"%s","template":"my-files"}`, bob))
		refused("to replace without holding both", "PUT", "/entries/"+read.ID, give(area, `"rights":[]`), "write")
		refused("to take away without holding both", "DELETE", "/entries/"+read.ID, "", "write")
		// What she may not see is not there.
		hidden := c.want(ann, "POST", "/entries", give(other, `"rights":["read"]`), http.StatusNotFound, "not-found", nil).Problem(t)
		if gone := c.want(ann, "POST", "/entries", give(999999, `"rights":["read"]`), http.StatusNotFound, "not-found", nil).Problem(t); gone.Detail != hidden.Detail {
			t.Errorf("%q and %q", gone.Detail, hidden.Detail)
		}
		// With both rights, she gives both; not where she lacks them beneath.
		c.Allow("ann", area, "read,write")
		c.want(ann, "POST", "/entries", give(area, `"rights":["read","write"]`), http.StatusCreated, "", nil)
		c.want(ann, "PUT", "/entries/"+read.ID, give(deep, `"rights":["read"]`), http.StatusOK, "", nil)
		lower := c.Allow("ann", deep, "read")
		refused("what she lacks beneath", "POST", "/entries", give(area, `"rights":["write"]`), "write")
		c.Drop(lower)
		// A deny that she could lift by replacing it.
		denial := c.Deny("bob", deep)
		c.want(ann, "PUT", fmt.Sprintf("/entries/%d", denial.ID), give(deep, `"rights":["read"]`), http.StatusOK, "", nil)
		shut := c.Deny("bob", secret)
		refused("a deny where she only reads", "DELETE", fmt.Sprintf("/entries/%d", shut.ID), "", "write")
		// What she holds by a policy, or for a time, is not hers to give for ever.
		c.Forget(area, deep)
		c.Entry("ann", area, alveary.Entry{Policies: []alveary.PolicyID{"by-day"}})
		refused("what a policy gives", "POST", "/entries", give(area, `"rights":["read"]`), "read")
		c.Forget(area)
		c.Entry("ann", area, alveary.Entry{Rights: alveary.Givable, Expires: c.Now().Add(time.Hour)})
		refused("longer than she holds it", "POST", "/entries", give(area, `"rights":["write"]`), "write")
		refused("longer than she holds it", "POST", "/entries", give(area, `"rights":["write"],"expires":"2026-06-01T14:00:00Z"`), "write")
		c.want(ann, "POST", "/entries", give(area, `"rights":["write"],"expires":"2026-06-01T13:00:00Z"`), http.StatusCreated, "", nil)
		// Policies, and folders that nobody gave her.
		for _, ask := range [][3]string{
			{"PUT", "/policies/q", `{"policy":{"id":"q","type":"acl","rules":[]}}`},
			{"DELETE", "/policies/p", ""},
			{"POST", "/policies/p/versions/1/restore", ""},
			{"PUT", "/policies/p/scenarios", `{"scenarios":[]}`},
			{"POST", "/console/workspaces", `{"slug":"x","label":"X"}`},
		} {
			refused(ask[0]+" "+ask[1], ask[0], ask[1], ask[2])
		}
		if last := c.Audit(); last[len(last)-1].Action != "console" || last[len(last)-1].Verdict != alveary.VerdictDenied {
			t.Errorf("%+v", last[len(last)-1])
		}
	})
}

// Administration is handed out page by page by rest policies: whoever they let
// call reads, and changes what gives nobody a right.
func TestPagesAreHandedOut(t *testing.T) {
	onEach(t, func(_ *testing.T, c *console) {
		c.put(readOnly)
		ann := c.let("ann")
		for _, ask := range [][3]string{
			{"GET", "/policies", ""},
			{"GET", "/policies/p", ""},
			{"GET", "/policies/p/versions", ""},
			{"GET", "/policies/p/versions/1", ""},
			{"GET", "/entries", ""},
			{"GET", "/console/workspaces", ""},
			{"GET", "/console/nodes", ""},
			{"POST", "/explain", `{"signin":"login"}`},
			{"POST", "/simulate", `{"changes":[{"removePolicy":"p"}]}`},
			{"PATCH", "/console/workspaces/my-files", `{"label":"X"}`},
		} {
			c.want(ann, ask[0], ask[1], ask[2], http.StatusOK, "", nil)
			c.want(c.Client("bob"), ask[0], ask[1], ask[2], http.StatusForbidden, "policy", nil)
		}
	})
}

// MODEL.md 7.6.
func TestLockOut(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		nobodySignsIn := `{"id":"shut","type":"oidc","rules":[{"effect":"deny","actions":["login"]}]}`
		elsewhere := `{"id":"shut","type":"rest","rules":[{"effect":"deny","actions":["<.*>"],"conditions":{"RemoteAddress":{"type":"NotCondition","options":{"condition":{"type":"CIDRCondition","options":{"cidr":"%s"}}}}}}]}`
		shut := func(method, path, body string) {
			t.Helper()
			c.unchanged(method+" "+path, func() {
				p := c.want(c.root, method, path, body, http.StatusConflict, "lock-out", nil).Problem(t)
				if !strings.Contains(p.Detail, "127.0.0.1") {
					t.Errorf("%q", p.Detail)
				}
			})
		}
		shut("PUT", "/policies/shut", `{"policy":`+nobodySignsIn+`}`)
		shut("PUT", "/policies/shut", `{"policy":`+fmt.Sprintf(elsewhere, "10.0.0.0/8")+`}`)
		shut("DELETE", "/policies/rest-administrators", "")
		shut("DELETE", "/policies/rest-public", "")
		shut("DELETE", "/policies/oidc-everybody", "")
		shut("PUT", "/policies/oidc-everybody", `{"policy":{"id":"oidc-everybody","type":"oidc","mode":"off","rules":[{"effect":"allow","actions":["login"]}]}}`)
		// Where it is made from, the administrator can still come in.
		c.put(fmt.Sprintf(elsewhere, "127.0.0.0/8"))
		c.put(strings.Replace(nobodySignsIn, `"shut","type":"oidc"`, `"shut-2","type":"oidc","mode":"observed"`, 1))
		shut("PUT", "/policies/shut-2", `{"policy":`+strings.Replace(nobodySignsIn, `"shut"`, `"shut-2"`, 1)+`}`)
		// Going back is a change as well.
		c.put(`{"id":"three","type":"oidc","mode":"off","rules":[{"effect":"deny","actions":["login"]}]}`)
		c.Write(func(tx *store.Tx) error {
			_, err := tx.PutPolicy(alveary.Policy{ID: "three", Type: alveary.PolicyOIDC, Mode: alveary.ModeEnforced, Rules: []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"<never>"}}}}, "root", "")
			return err
		})
		c.put(`{"id":"three","type":"oidc","rules":[{"effect":"deny","actions":["refresh"]}]}`)
		c.want(c.root, "POST", "/policies/three/versions/2/restore", "", http.StatusOK, "", nil)
		// Another administrator who can come in is enough.
		c.put(`{"id":"not-root","type":"oidc","rules":[{"effect":"allow","actions":["<.*>"],"subjects":["user:other"]}]}`)
		shut("PUT", "/policies/not-root", `{"policy":{"id":"not-root","type":"oidc","rules":[{"effect":"deny","actions":["login"],"subjects":["user:root"]}]}}`)
		c.User("other", alveary.ProfileAdmin)
		c.put(`{"id":"not-root","type":"oidc","rules":[{"effect":"deny","actions":["login"],"subjects":["user:root"]}]}`)
	})
}

func TestWorkspaces(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		area := c.Folder("common/area")
		c.File("common/area/a.txt", "a")
		before := len(c.Audit())
		var made, fresh, renamed document.ConsoleWorkspace
		c.want(c.root, "POST", "/console/workspaces", `{"slug":"area","label":" The area ","path":"common-files/area"}`, http.StatusCreated, "", &made)
		if made.Node == nil || *made.Node != area || made.Path != "main/common/area" || made.Label != "The area" {
			t.Errorf("%+v", made)
		}
		c.want(c.root, "POST", "/console/workspaces", `{"slug":"projects","label":"Projects"}`, http.StatusCreated, "", &fresh)
		if fresh.Path != "main/Projects" || c.At("Projects") != *fresh.Node {
			t.Errorf("%+v", fresh)
		}
		c.want(c.root, "PATCH", "/console/workspaces/projects", `{"label":"Our projects"}`, http.StatusOK, "", &renamed)
		if renamed.Label != "Our projects" || renamed.Path != "main/Projects" {
			t.Errorf("%+v", renamed)
		}
		c.unchanged("bad workspaces", func() {
			c.want(c.root, "POST", "/console/workspaces", `{"slug":"area","label":"Twice","node":"3"}`, http.StatusConflict, "workspace-exists", nil)
			for _, body := range []string{
				`{"slug":"","label":"x"}`, `{"slug":"A","label":"x"}`, `{"slug":"a/b","label":"x"}`, `{"slug":"-a","label":"x"}`, `{"slug":"ok","label":" "}`,
				`{"slug":"ok","label":"a\nb"}`, `{"slug":"ok","label":"x","path":"common-files/area/a.txt"}`, `{"slug":"ok","label":"x","path":"/"}`, `{"slug":"ok","label":"x","path":"a","node":"3"}`,
			} {
				c.want(c.root, "POST", "/console/workspaces", body, http.StatusBadRequest, "", nil)
			}
			c.want(c.root, "PATCH", "/console/workspaces/none", `{"label":"x"}`, http.StatusNotFound, "not-found", nil)
			c.want(c.root, "DELETE", "/console/workspaces/none", "", http.StatusNotFound, "not-found", nil)
		})
		var list struct{ Items []document.ConsoleWorkspace }
		c.want(c.root, "GET", "/console/workspaces", "", http.StatusOK, "", &list)
		if len(list.Items) != 4 || list.Items[0].Template != alveary.TemplateMyFiles || list.Items[0].Node != nil {
			t.Errorf("%+v", list)
		}
		c.want(c.root, "DELETE", "/console/workspaces/area", "", http.StatusNoContent, "", nil)
		if c.At("common/area/a.txt") == 0 {
			t.Error("the files are gone with the workspace")
		}
		equal(t, "audit", c.actions(before), []string{"add-workspace done", "add-workspace done", "change-workspace done", "delete-workspace done"})

		var nodes struct{ Items []document.ConsoleNode }
		c.want(c.root, "GET", "/console/nodes", "", http.StatusOK, "", &nodes)
		if len(nodes.Items) != 1 || nodes.Items[0].Name != "main" || nodes.Items[0].Type != alveary.Collection {
			t.Errorf("%+v", nodes)
		}
		for _, query := range []string{"?parent=" + area.String(), "?path=main/common/area", "?path=common-files/area"} {
			c.want(c.root, "GET", "/console/nodes"+query, "", http.StatusOK, "", &nodes)
			if len(nodes.Items) != 1 || nodes.Items[0].Path != "main/common/area/a.txt" || nodes.Items[0].Type != alveary.Leaf {
				t.Errorf("%s: %+v", query, nodes)
			}
		}
		c.want(c.root, "GET", "/console/nodes?path=none", "", http.StatusNotFound, "not-found", nil)
	})
}
