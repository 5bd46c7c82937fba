package govern_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/govern/document"
	"alveary/store"
	"alveary/testkit/world"
)

func (c *console) explain(body string) (e document.Explanation) {
	c.t.Helper()
	c.want(c.root, "POST", "/explain", body, http.StatusOK, "", &e)
	if e.Verdict == "" || e.Decided.Text == "" || e.Decided.Clause == "" {
		c.t.Errorf("%s: no verdict: %+v", body, e)
	}
	return e
}

const officeHours = `{"id":"hours","type":"acl","label":"By day","rules":[{"label":"open","effect":"allow","actions":["read","write"],
 "conditions":{"ServerTime":{"type":"OfficeHoursCondition","options":{"matches":"Monday-Friday/09:00/18:30"}}}}]}`

// Every kind of verdict, with what decided.
func TestExplainNode(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		c.put(officeHours)
		c.put(`{"id":"no-txt","type":"acl","rules":[{"label":"all","effect":"allow","actions":["read","write"]},
 {"label":"no txt","effect":"deny","actions":["read"],"conditions":{"NodeMetaExtension":{"type":"StringEqualCondition","options":{"equals":"txt"}}}},
 {"label":"no secrets","effect":"deny","actions":["read"],"conditions":{"NodeMetaName":{"type":"StringEqualCondition","options":{"equals":"secret"}}}}]}`)
		names := map[string]alveary.NodeID{}
		for _, name := range []string{"open", "shut", "day", "typed", "typed/secret", "lost", "past"} {
			names[name] = c.Folder("hidden/" + name)
			c.File("hidden/"+name+"/a.txt", "a")
			c.File("hidden/"+name+"/b.pdf", "b")
		}
		allow := c.Allow("ann", names["open"], "read")
		denied := c.Deny("ann", names["shut"])
		c.Allow("ann", c.At("hidden/shut/a.txt"), "read")
		c.Entry("ann", names["day"], alveary.Entry{Policies: []alveary.PolicyID{"hours"}})
		c.Entry("ann", names["typed"], alveary.Entry{Policies: []alveary.PolicyID{"no-txt"}})
		c.Entry("ann", names["lost"], alveary.Entry{Policies: []alveary.PolicyID{"none"}})
		c.Entry("ann", names["past"], alveary.Entry{Rights: alveary.RightRead, Expires: c.Now()})
		for _, one := range []struct {
			path, action, context, clause, policy string
			allowed                               bool
		}{
			{path: "none-at-all", clause: ""},
			{path: "open/a.txt", action: "read", clause: "3.4", allowed: true},
			{path: "open/a.txt", action: "download", clause: "3.4", allowed: true},
			{path: "open/a.txt", action: "write", clause: "3.4"},
			{path: "shut/a.txt", action: "read", clause: "3.2"},
			{path: "day/a.txt", action: "read", clause: "3.5", policy: "hours", allowed: true},
			{path: "day/a.txt", action: "delete", clause: "3.5", policy: "hours", allowed: true},
			{path: "day/a.txt", action: "read", context: `"ServerTime":"2026-06-01T20:00+0000"`, clause: "3.5"},
			{path: "day/a.txt", action: "read", context: `"ServerTime":"unreadable"`, clause: "3.5"},
			{path: "typed/a.txt", action: "read", clause: "3.2", policy: "no-txt"},
			{path: "typed/a.txt", action: "download", clause: "3.2", policy: "no-txt"},
			{path: "typed/b.pdf", action: "read", clause: "3.5", policy: "no-txt", allowed: true},
			{path: "typed/secret/b.pdf", action: "read", clause: "3.6", policy: "no-txt"},
			{path: "lost/a.txt", action: "read", clause: "3.5"},
			{path: "past/a.txt", action: "read", clause: "3.1"},
		} {
			body := fmt.Sprintf(`{"user":"ann","path":"main/hidden/%s","action":"%s","context":{%s}}`, one.path, one.action, one.context)
			if one.clause == "" {
				c.want(c.root, "POST", "/explain", strings.Replace(body, `""`, `"read"`, 1), http.StatusNotFound, "not-found", nil)
				continue
			}
			e := c.explain(body)
			if e.Allowed != one.allowed || e.Decided.Clause != one.clause || string(e.Decided.Policy) != one.policy {
				t.Errorf("%s: %v by %+v", body, e.Allowed, e.Decided)
			}
			if e.Node == nil || e.Node.Path != "main/hidden/"+one.path || e.Subject.Login != "ann" || len(e.Roles) != 2 || e.Action != one.action {
				t.Errorf("%s: %+v", body, e)
			}
			if strings.Contains(e.Verdict, "may not") == one.allowed || (e.Decided.Rule != nil) != (one.policy != "") {
				t.Errorf("%s: %q, %+v", body, e.Verdict, e.Decided)
			}
		}
		e := c.explain(`{"user":"ann","path":"/main/hidden/open/a.txt","action":"read"}`)
		if e.Decided.Entry != fmt.Sprint(allow.ID) || e.Decided.Role != allow.Role || e.Roles[1].Entries[0].State != "counts" || e.ValidUntil != nil {
			t.Errorf("%+v", e)
		}
		e = c.explain(fmt.Sprintf(`{"user":"ann","node":"%s","action":"read"}`, c.At("hidden/shut/a.txt")))
		if e.Decided.Entry != fmt.Sprint(denied.ID) || e.Decided.Path != "main/hidden/shut" {
			t.Errorf("%+v", e.Decided)
		}
		// Noon: open until 18:30, and the nearest change of the clock shuts it.
		e = c.explain(`{"user":"ann","path":"main/hidden/day/a.txt","action":"read"}`)
		if e.ValidUntil == nil || !e.ValidUntil.Equal(time.Date(2026, 6, 1, 18, 31, 0, 0, time.UTC)) {
			t.Errorf("valid until %v", e.ValidUntil)
		}
		if len(e.Flips) != 1 || e.Flips[0].Attribute != "ServerTime" || e.Flips[0].Becomes != "deny" || e.Flips[0].To != "2026-06-01T08:59:59Z" && e.Flips[0].To != "2026-06-01T08:59:00Z" {
			t.Errorf("%+v", e.Flips)
		}
		if p := e.Policies[len(e.Policies)-1]; p.Policy != "hours" || p.Verdict != "allow" || !p.Rules[0].Applies || p.Rules[0].Conditions[0].Result != "true" || p.Rules[0].Conditions[0].Value == "" {
			t.Errorf("%+v", e.Policies)
		}
		// It is put on record, and what was imagined changes nothing.
		if last := c.Audit(); last[len(last)-1].Action != "explain" || last[len(last)-1].Path != "main/hidden/day/a.txt" {
			t.Errorf("%+v", last[len(last)-1])
		}
	})
}

// Explaining says what asking gets, also for who is disabled and for nobody.
func TestExplainWho(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	c.File("common/a.txt", "a")
	if e := c.explain(`{"user":"ann","path":"common-files/a.txt","action":"read"}`); !e.Allowed {
		t.Errorf("%+v", e.Verdict)
	}
	if e := c.explain(`{"path":"common-files/a.txt","action":"read"}`); e.Allowed || e.Subject.Login != "" || e.Subject.Profile != alveary.ProfileAnon || len(e.Roles) != 0 {
		t.Errorf("%+v", e)
	}
	c.Write(func(tx *store.Tx) error { return tx.SetDisabled(c.As("ann").User.ID, true) })
	if e := c.explain(`{"user":"ann","path":"common-files/a.txt","action":"read"}`); e.Allowed {
		t.Errorf("%+v", e.Verdict)
	}
	// My files lead to those of whoever is named.
	c.want(c.Client("bob"), "GET", "/workspaces", "", http.StatusOK, "", nil)
	if e := c.explain(`{"user":"bob","path":"my-files","action":"write"}`); !e.Allowed || e.Node.Path != "main/users/bob" {
		t.Errorf("%+v", e.Node)
	}
	for body, code := range map[string]string{
		`{"user":"nobody-here","path":"main","action":"read"}`: "not-found", `{"user":"ann","path":"main"}`: "invalid", `{"user":"ann"}`: "invalid",
		`{"user":"ann","path":"main","action":"read","signin":"login"}`: "invalid", `{"path":"my-files","action":"read"}`: "not-found",
		`{"signin":"login","call":{"method":"GET","path":"/x"}}`: "invalid", `{"call":{"method":"","path":"/x"}}`: "invalid",
		`{"path":"main","action":"read","draft":{"id":"p","type":"acl","rules":[{"effect":"x","actions":[]}]}}`: "malformed",
	} {
		if p := c.root.Do("POST", "/explain", world.Reader(body)).Problem(t); p.Code != code {
			t.Errorf("%s: %+v", body, p)
		}
	}
}

func TestExplainCallsAndSignIn(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	c.put(`{"id":"inside","type":"rest","rules":[{"label":"not from outside","effect":"deny","actions":["DELETE"],
 "conditions":{"RemoteAddress":{"type":"NotCondition","options":{"condition":{"type":"CIDRCondition","options":{"cidr":"127.0.0.0/8, 10.0.0.0/8"}}}}}}]}`)
	c.put(`{"id":"by-day","type":"oidc","rules":[{"label":"ann by day","effect":"deny","actions":["login"],"subjects":["user:ann"],
 "conditions":{"ServerTime":{"type":"NotCondition","options":{"condition":{"type":"OfficeHoursCondition","options":{"matches":"Monday-Friday/09:00/18:30"}}}}}}]}`)
	c.put(`{"id":"by-method","type":"rest","rules":[{"effect":"deny","actions":["<.*>"],"resources":["rest:/tokens"],
 "conditions":{"RequestMethod":{"type":"StringEqualCondition","options":{"equals":"POST"}}}}]}`)
	for _, one := range []struct {
		body, clause, policy string
		allowed              bool
		flips                int
	}{
		{`{"user":"ann","call":{"method":"GET","path":"/tokens"}}`, "6.1", "rest-people", true, 1},
		{`{"user":"ann","call":{"method":"POST","path":"/tokens"}}`, "6.1", "by-method", false, 1},
		{`{"user":"root","call":{"method":"GET","path":"/policies"}}`, "6.1", "rest-administrators", true, 0},
		{`{"user":"ann","call":{"method":"GET","path":"/policies"}}`, "6.2", "", false, 0},
		{`{"user":"ann","call":{"method":"GET","path":"/api/v1/nodes/1"}}`, "6.1", "rest-people", true, 0},
		{`{"call":{"method":"GET","path":"/nodes/1"}}`, "6.2", "", false, 0},
		{`{"call":{"method":"POST","path":"/session"}}`, "6.1", "rest-public", true, 0},
		{`{"user":"root","call":{"method":"DELETE","path":"/bin"},"context":{"RemoteAddress":"10.1.2.3"}}`, "6.1", "rest-administrators", true, 1},
		{`{"user":"root","call":{"method":"DELETE","path":"/bin"},"context":{"RemoteAddress":"192.0.2.1"}}`, "6.1", "inside", false, 1},
		{`{"user":"root","call":{"method":"DELETE","path":"/bin"}}`, "6.1", "inside", false, 1}, // an address that is not known
		{`{"user":"bob","signin":"login"}`, "6.1", "oidc-everybody", true, 0},
		{`{"user":"ann","signin":"login"}`, "6.1", "oidc-everybody", true, 1},
		{`{"user":"ann","signin":"login","context":{"ServerTime":"2026-06-01T20:00+0000"}}`, "6.1", "by-day", false, 1},
		{`{"user":"ann","signin":"refresh","context":{"ServerTime":"2026-06-01T20:00+0000"}}`, "6.1", "oidc-everybody", true, 0},
	} {
		e := c.explain(one.body)
		if e.Allowed != one.allowed || e.Decided.Clause != one.clause || string(e.Decided.Policy) != one.policy || len(e.Flips) != one.flips || e.Node != nil {
			t.Errorf("%s: %v by %+v, flips %+v", one.body, e.Allowed, e.Decided, e.Flips)
		}
		if len(e.Policies) == 0 || strings.Contains(e.Verdict, "may not") == one.allowed {
			t.Errorf("%s: %q, %d policies", one.body, e.Verdict, len(e.Policies))
		}
	}
	if e := c.explain(`{"user":"ann","signin":"login"}`); e.ValidUntil == nil {
		t.Error("the clock would change it, and nothing says when")
	}
}

// A draft stands in the place of the stored policy, for that question alone.
func TestExplainDraft(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	c.put(readOnly)
	area := c.Folder("common/area")
	c.Entry("ann", area, alveary.Entry{Policies: []alveary.PolicyID{"p"}})
	question := fmt.Sprintf(`{"user":"ann","node":"%s","action":"read"}`, area)
	stored := c.explain(question)
	drafted := c.explain(strings.TrimSuffix(question, "}") + `,"draft":` + strings.Replace(readOnly, "allow", "deny", 1) + `}`)
	if !stored.Allowed || drafted.Allowed || drafted.Version != stored.Version {
		t.Errorf("%v at %d, %v at %d", stored.Allowed, stored.Version, drafted.Allowed, drafted.Version)
	}
	if again := c.explain(question); !again.Allowed {
		t.Error("the draft stayed")
	}
	c.want(c.Client("ann"), "GET", "/nodes/"+area.String(), "", http.StatusOK, "", nil)
}

// Observed policies decide nothing, and what they would have changed is
// counted.
func TestObservations(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		c.File("common/a.txt", "a")
		c.put(`{"id":"watched","type":"rest","mode":"observed","rules":[{"effect":"deny","actions":["GET"],"subjects":["user:ann"],"resources":["rest:/bin"]}]}`)
		ann := c.Client("ann")
		for range 3 {
			c.want(ann, "GET", "/bin", "", http.StatusOK, "", nil)
		}
		var doc document.PolicyDocument
		c.want(c.root, "GET", "/policies/watched", "", http.StatusOK, "", &doc)
		if doc.Observed == nil || doc.Observed.Count != 0 || doc.Observed.Last != nil {
			t.Errorf("%+v", doc.Observed)
		}
		for range 2 { // the second has nothing to add
			if err := c.Govern.KeepObservations(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		c.want(c.root, "GET", "/policies/watched", "", http.StatusOK, "", &doc)
		if doc.Observed.Count != 3 || doc.Observed.Last == nil || !doc.Observed.Last.Equal(c.Now()) {
			t.Errorf("%+v", doc.Observed)
		}
		e := c.explain(`{"user":"ann","call":{"method":"GET","path":"/bin"}}`)
		last := e.Policies[len(e.Policies)-1]
		if !e.Allowed || last.Policy != "watched" || last.Mode != alveary.ModeObserved || last.Verdict != "deny" {
			t.Errorf("%v, %+v", e.Allowed, last)
		}
	})
}

// Whoever is at the machine comes back in.
func TestUnlock(t *testing.T) {
	onEach(t, func(t *testing.T, c *console) {
		c.put(readOnly)
		c.put(`{"id":"kept-off","type":"rest","mode":"off","rules":[]}`)
		deny := []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"<.*>"}}}
		c.Write(func(tx *store.Tx) error {
			for _, p := range []alveary.Policy{
				{ID: "shut", Type: alveary.PolicyOIDC, Label: "Shut", Rules: deny},
				{ID: "shut-2", Type: alveary.PolicyREST, Rules: deny},
				{ID: "rest-people", Type: alveary.PolicyREST, Rules: deny},
				{ID: "rest-web-only", Type: alveary.PolicyREST, Mode: alveary.ModeEnforced, Rules: deny},
			} {
				if _, err := tx.PutPolicy(p, "root", ""); err != nil {
					return err
				}
			}
			return tx.DeletePolicy("rest-administrators", "root", "")
		})
		c.want(c.root, "GET", "/policies", "", http.StatusForbidden, "policy", nil)
		before := len(c.Audit())
		did, err := c.Govern.Unlock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, one := range did {
			words = append(words, string(one.Policy)+" "+one.Did)
		}
		equal(t, "done", words, []string{
			"rest-administrators is as it was shipped again", "rest-people is as it was shipped again", "rest-web-only is as it was shipped again",
			"shut is switched off", "shut-2 is switched off",
		})
		equal(t, "audit", c.actions(before), []string{"unlock done"})
		c.Browser("root")
		var doc document.PolicyDocument
		c.want(c.root, "GET", "/policies/shut", "", http.StatusOK, "", &doc)
		if doc.Policy.Mode != alveary.ModeOff || doc.Version != 2 || len(doc.Policy.Rules) != 1 {
			t.Errorf("%+v", doc)
		}
		c.want(c.root, "GET", "/policies/p", "", http.StatusOK, "", &doc)
		if doc.Version != 1 {
			t.Errorf("%+v", doc)
		}
		if did, err := c.Govern.Unlock(t.Context()); err != nil || len(did) != 0 {
			t.Errorf("%v, %v", did, err)
		}
	})
}
