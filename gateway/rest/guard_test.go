package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

// forPeople are the calls that the shipped rest policies leave to whoever has
// an account, written down a second time: method, or * for any, and path.
var forPeople = []string{
	"* /session", "* /session/*", "* /sessions", "* /sessions/1", "* /tokens", "* /tokens/1", "* /account", "* /account/*", "POST /password/*",
	"* /workspaces", "* /nodes", "* /nodes/1", "* /nodes/1/*", "* /bin", "* /uploads", "* /uploads/1", "* /uploads/1/*", "* /archive",
	"GET /attributes", "GET /metadata-namespaces", "GET /server", "POST /setup",
	"* /cells", "* /cells/*", "* /links", "* /links/*", "* /shares", "* /shares/*", "* /sharing", "* /requests", "* /requests/*", "* /notices", "* /notices/*",
	"* /visits", "* /visits/*",
}

// forStaff are those that they leave to the profile standard alone.
var forStaff = []string{"* /teams", "* /teams/*", "* /people", "* /people/*"}

func isFor(lines []string, method, path string) bool {
	for _, line := range lines {
		m, p, _ := strings.Cut(line, " ")
		prefix, more := strings.CutSuffix(p, "*")
		if (m == "*" || m == method) && (p == path || more && strings.HasPrefix(path, prefix)) {
			return true
		}
	}
	return false
}

// Every call of the API, by nobody, by somebody and by an administrator, as the
// shipped rest policies have it: who is not known is asked to sign in, who may
// not call is refused before anything is looked at.
func TestShippedRestPolicies(t *testing.T) {
	g := newGarden(t, world.Options{})
	g.User("root", alveary.ProfileAdmin)
	g.User("guest", alveary.ProfileShared)
	root, guest := g.Client("root"), g.Client("guest")
	calls := 0
	for _, route := range g.Routes() {
		path, ours := strings.CutPrefix(route.Pattern, "/api/v1")
		if !ours {
			continue
		}
		calls++
		parts := strings.Split(path, "/")
		for i, part := range parts {
			if strings.HasPrefix(part, "{") {
				parts[i] = "1"
			}
		}
		path = strings.Join(parts, "/")
		code := func(c *world.Client) (int, string) {
			a := c.Do(route.Method, path, nil)
			if a.Header.Get("Content-Type") != "application/problem+json" || len(a.Body) == 0 {
				return a.Status, ""
			}
			return a.Status, a.Problem(t).Code
		}
		ask := route.Method + " " + path
		switch status, code := code(g.Nobody()); {
		case route.Open == "" && status != http.StatusUnauthorized:
			t.Errorf("%s by nobody: %d %s", ask, status, code)
		case route.Open != "" && (status == http.StatusUnauthorized && code == "signed-out" || code == "policy"):
			t.Errorf("%s is open and answers nobody %d %s", ask, status, code)
		}
		for name, c := range map[string]*world.Client{"ann": g.ann, "guest": guest} {
			status, code := code(c)
			refused := status == http.StatusForbidden && (code == "policy" || route.Method == http.MethodHead)
			may := isFor(forPeople, route.Method, path) || name == "ann" && isFor(forStaff, route.Method, path)
			if refused == may {
				t.Errorf("%s by %s: %d %s", ask, name, status, code)
			}
		}
		if status, code := code(root); status == http.StatusUnauthorized && code != "visit" || code == "policy" { // whoever has not opened a link has no visit
			t.Errorf("%s by an administrator: %d %s", ask, status, code)
		}
	}
	if calls < 110 {
		t.Errorf("only %d calls were tried", calls)
	}
}

// rule keeps a policy of one enforced rule.
func (g *garden) rule(id alveary.PolicyID, kind alveary.PolicyType, r alveary.Rule) {
	g.t.Helper()
	g.Write(func(tx *store.Tx) error {
		_, err := tx.PutPolicy(alveary.Policy{ID: id, Type: kind, Rules: []alveary.Rule{r}}, "", "")
		return err
	})
}

// The shipped policy on clients, switched on, keeps scripts from changing
// access and lets the page through; nothing else changes.
func TestWebOnly(t *testing.T) {
	g := newGarden(t, world.Options{})
	g.User("root", alveary.ProfileAdmin)
	root := g.Client("root")
	add := func(id string, headers ...string) world.Answer {
		return root.Do("POST", "/roles", world.JSON(map[string]string{"id": id}), headers...)
	}
	want(t, add("before"), http.StatusCreated)
	g.Write(func(tx *store.Tx) error {
		v, err := tx.Policy("rest-web-only")
		if err != nil {
			return err
		}
		v.Policy.Mode = alveary.ModeEnforced
		_, err = tx.PutPolicy(v.Policy, "", "")
		return err
	})
	for _, headers := range [][]string{nil, {"User-Agent", "curl/8.0"}, {"X-Alveary-Client", "cli"}, {"X-Alveary-Client", "Web"}, {"X-Alveary-Client", " "}} {
		want(t, add("script", headers...), http.StatusForbidden, "policy")
	}
	want(t, add("page", "X-Alveary-Client", "web", "User-Agent", "curl/8.0"), http.StatusCreated)
	want(t, root.Do("DELETE", "/policies/none", nil), http.StatusForbidden, "policy")
	want(t, root.Do("GET", "/roles", nil), http.StatusOK)
	want(t, g.ann.Do("POST", fmt.Sprintf("/nodes/%s/folders", g.area), world.Reader(`{"name":"made"}`)), http.StatusCreated)
}

// A path is what it is decoded, without its query: no other spelling of it goes
// past a policy or into one (THREATS 15).
func TestPathsOfCalls(t *testing.T) {
	g := newGarden(t, world.Options{})
	g.User("root", alveary.ProfileAdmin)
	root := g.Client("root")
	g.rule("no-roles", alveary.PolicyREST, alveary.Rule{
		Effect: alveary.EffectDeny, Actions: []string{"<.*>"}, Subjects: []string{"user:root"}, Resources: []string{"rest:/roles", "rest:/roles/<.+>"},
	})
	for _, path := range []string{"/roles", "/%72oles", "/r%6Fles?x=1", "/roles?/session", "/roles?", "/%72%6f%6c%65%73/x", "/roles/a%2fb"} {
		a := root.Do("DELETE", path, nil)
		if strings.Count(path, "/") == 1 || strings.Contains(path, "?") {
			a = root.Do("GET", path, nil)
		}
		if a.Status != http.StatusForbidden || a.Problem(t).Code != "policy" {
			t.Errorf("%s by the administrator: %d %s", path, a.Status, a.Body)
		}
	}
	for _, path := range []string{
		"/policies", "/%70olicies", "/policies?/nodes/1", "/policies/..%2fnodes", "/policies/%2e%2e%2fsession", "/nodes/..%2fpolicies%2foidc-everybody",
		"//policies", "/./policies", "/nodes/../policies", "/nodes/%2e%2e/policies", "/POLICIES", "/policies/", "/policies%00", "/policies;nodes", "/policies%3f/nodes",
	} {
		if a := g.ann.Do("GET", path, nil); a.Status < 300 || strings.Contains(string(a.Body), "oidc-everybody\"") {
			t.Errorf("%s by ann: %d %.200s", path, a.Status, a.Body)
		}
	}
	want(t, root.Do("GET", "/%70olicies", nil), http.StatusOK)
}

// Where an oidc policy does not let someone sign in, the answer is the same
// whether or not the password is right, and whether or not there is such a
// user; sessions and tokens that would be made or renewed are not.
func TestSignInPolicy(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		here, there := g.Browser("ann"), g.Browser("ann")
		elsewhere := alveary.Conditions{{Attribute: "RemoteAddress", Condition: alveary.Condition{Type: "NotCondition", Options: map[string]any{
			"condition": map[string]any{"type": "CIDRCondition", "options": map[string]any{"cidr": "10.0.0.0/8"}},
		}}}}
		g.rule("office", alveary.PolicyOIDC, alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"login", "issue", "refresh"}, Conditions: elsewhere})
		var said []string
		for i, who := range []struct{ login, password string }{
			{"ann", world.Password}, {"ann", "wrong"}, {"nobody", world.Password}, {"ANN", "wrong"}, {"", ""}, {"a/b", "x"},
		} {
			c := g.Nobody()
			c.From = fmt.Sprintf("198.51.100.%d", i) // or a proof of work is asked for
			a := want(t, c.Do("POST", "/session", world.JSON(map[string]string{"login": who.login, "password": who.password})), http.StatusForbidden, "policy")
			said = append(said, a.Problem(t).Detail)
			if len(a.Header.Values("Set-Cookie")) > 0 {
				t.Errorf("%v is given a cookie", who)
			}
		}
		for _, sentence := range said {
			if sentence != said[0] {
				t.Errorf("told %q", said)
			}
		}
		// A session that is there goes on until it has to be renewed.
		want(t, here.Do("GET", "/session", nil), http.StatusOK)
		want(t, here.Do("POST", "/tokens", world.Reader(`{"label":"x"}`)), http.StatusForbidden, "policy")
		g.Wait(2 * time.Minute)
		want(t, here.Do("GET", "/session", nil), http.StatusForbidden, "policy")
		want(t, here.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out")
		g.Write(func(tx *store.Tx) error { return tx.DeletePolicy("office", "", "") })
		want(t, here.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out")
		want(t, there.Do("GET", "/session", nil), http.StatusOK)
		again := g.Nobody()
		want(t, again.Step("/session", map[string]string{"login": "ann", "password": world.Password, "captcha": again.Proof()}), http.StatusOK)
	})
}

// A session ends when the decision that let it begin does (MODEL.md 7.4).
func TestSessionIsCut(t *testing.T) {
	g := newGarden(t, world.Options{})
	closing := g.Now().Add(time.Hour).Truncate(time.Minute)
	hours := fmt.Sprintf("%s/%s/%s", closing.Weekday(), closing.Format("15:04"), closing.Add(5*time.Hour).Format("15:04"))
	g.rule("closing", alveary.PolicyOIDC, alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"login"}, Conditions: alveary.Conditions{
		{Attribute: "ServerTime", Condition: alveary.Condition{Type: "OfficeHoursCondition", Options: map[string]any{"matches": hours}}},
	}})
	browser := g.Browser("ann")
	var seen struct{ Session struct{ Expires time.Time } }
	want(t, browser.Do("GET", "/session", nil), http.StatusOK).Into(t, &seen)
	if !seen.Session.Expires.Equal(closing) || world.SessionLife <= time.Hour {
		t.Errorf("the session expires at %v, the answer at %v", seen.Session.Expires, closing)
	}
	g.Wait(time.Hour - time.Second)
	want(t, browser.Do("GET", "/session", nil), http.StatusOK)
	g.Wait(time.Second)
	want(t, browser.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out")
	want(t, g.Nobody().Do("POST", "/session", world.JSON(map[string]string{"login": "ann", "password": world.Password})), http.StatusForbidden, "policy")
}
