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

// number is a user's path.
func (g *garden) number(name string) string {
	g.t.Helper()
	return fmt.Sprintf("/users/%d", g.As(name).User.ID)
}

// made is what comes of making an account.
type made struct {
	User struct {
		ID, Login, Profile, CreatedBy string
		Disabled                      bool
		Stack                         []struct{ Role, Label, Why string }
	}
	Link   string
	Mailed bool
}

// A help desk that a rest policy lets read sees people, and nothing else.
func TestHelpDeskReads(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		g.User("bob")
		g.rule("desk", alveary.PolicyREST, alveary.Rule{
			Effect: alveary.EffectAllow, Actions: []string{"GET"}, Subjects: []string{"user:ann"}, Resources: []string{"rest:/<users|groups|roles>", "rest:/<users|groups|roles>/<.+>"},
		})
		ann := g.Browser("ann")
		for _, path := range []string{"/users", "/users?q=bo", g.number("bob"), g.number("root"), "/groups", "/roles", "/roles/ROOT_GROUP", g.number("bob") + "/leaving"} {
			want(t, ann.Do("GET", path, nil), http.StatusOK)
		}
		// What is someone's sign-in is for administrators.
		for _, part := range []string{"/sessions", "/tokens", "/factors"} {
			want(t, ann.Do("GET", g.number("root")+part, nil), http.StatusForbidden, "denied")
		}
		for _, ask := range []asked{
			{"POST", "/users", `{"login":"zoe"}`, nil, 0, 0},
			{"PATCH", g.number("bob"), `{"name":"B"}`, nil, 0, 0},
			{"DELETE", g.number("bob") + "?expect=bob", "", nil, 0, 0},
			{"POST", g.number("bob") + "/reset", "", nil, 0, 0},
			{"POST", "/groups", `{"parent":"/","name":"x"}`, nil, 0, 0},
			{"GET", "/locks", "", nil, 0, 0},
			{"GET", "/settings/mail", "", nil, 0, 0},
			{"GET", "/policies", "", nil, 0, 0},
		} {
			if a := ask.of(ann); a.Status != http.StatusForbidden || a.Problem(t).Code != "policy" {
				t.Errorf("%s %s: %d %.200s", ask.method, ask.path, a.Status, a.Body)
			}
		}
	})
}

// Whoever a rest policy lets keep users, without being an administrator, gives
// nobody more than he has himself and takes nothing from those above him
// (MODEL.md 7.7).
func TestThreat18_DelegatedAdministration(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		for name, profile := range map[string]alveary.Profile{"root": alveary.ProfileAdmin, "bob": alveary.ProfileStandard, "rich": alveary.ProfileStandard} {
			g.User(name, profile)
		}
		secret := g.Folder("vault/secret")
		g.Allow("rich", secret, "read,write")
		g.rule("leaders", alveary.PolicyREST, alveary.Rule{
			Effect: alveary.EffectAllow, Actions: []string{"<.*>"}, Subjects: []string{"user:ann"}, Resources: []string{"rest:/<users|groups|roles>", "rest:/<users|groups|roles>/<.+>"},
		})
		g.Write(func(tx *store.Tx) error {
			if err := tx.InsertRole(alveary.Role{ID: "rich", Label: "Rich"}); err != nil {
				return err
			}
			_, err := tx.InsertEntry(alveary.Entry{Role: "rich", Node: secret, Rights: alveary.Givable})
			return err
		})
		ann := g.Browser("ann")
		before := fmt.Sprint(g.As("ann").User, g.As("bob").User, g.As("rich").User, g.As("root").User)
		bob, rich, root, self := g.number("bob"), g.number("rich"), g.number("root"), g.number("ann")
		for what, ask := range map[string]asked{
			"raise himself":               {"PATCH", self, `{"profile":"admin"}`, nil, 0, 0},
			"give himself a role":         {"PATCH", self, `{"roles":["rich"]}`, nil, 0, 0},
			"disable himself":             {"PATCH", self, `{"disabled":true}`, nil, 0, 0},
			"delete himself":              {"DELETE", self + "?expect=ann", "", nil, 0, 0},
			"raise another":               {"PATCH", bob, `{"profile":"admin"}`, nil, 0, 0},
			"give a role that he lacks":   {"PATCH", bob, `{"roles":["rich"]}`, nil, 0, 0},
			"make an administrator":       {"POST", "/users", `{"login":"zoe","profile":"admin","password":"` + chosen + `"}`, nil, 0, 0},
			"make a user with more":       {"POST", "/users", `{"login":"zoe","roles":["rich"],"password":"` + chosen + `"}`, nil, 0, 0},
			"rename an administrator":     {"PATCH", root, `{"name":"x"}`, nil, 0, 0},
			"disable an administrator":    {"PATCH", root, `{"disabled":true}`, nil, 0, 0},
			"demote an administrator":     {"PATCH", root, `{"profile":"shared"}`, nil, 0, 0},
			"delete an administrator":     {"DELETE", root + "?expect=root", "", nil, 0, 0},
			"reset an administrator":      {"POST", root + "/reset", "", nil, 0, 0},
			"change who has more":         {"PATCH", rich, `{"name":"x"}`, nil, 0, 0},
			"another's mail address":      {"PATCH", bob, `{"email":"ann@example.net"}`, nil, 0, 0},
			"a link for another":          {"POST", bob + "/reset", "", nil, 0, 0},
			"a role for a whole profile":  {"POST", "/roles", `{"id":"all","profiles":["standard"]}`, nil, 0, 0},
			"a role that invites":         {"POST", "/roles", `{"id":"all","invites":true}`, nil, 0, 0},
			"a shipped role for everyone": {"PATCH", "/roles/rich", `{"profiles":["standard"]}`, nil, 0, 0},
			"an import":                   {"POST", "/users/import", "login\nzoe\n", []string{"Content-Type", "text/csv"}, 0, 0},
			"another's factors":           {"DELETE", bob + "/factors", "", nil, 0, 0},
			"another's sessions":          {"DELETE", bob + "/sessions", "", nil, 0, 0},
		} {
			if a := ask.of(ann); a.Status != http.StatusForbidden && a.Status != http.StatusConflict || strings.Contains(string(a.Body), "welcome#") {
				t.Errorf("%s: %d %.300s", what, a.Status, a.Body)
			}
		}
		if after := fmt.Sprint(g.As("ann").User, g.As("bob").User, g.As("rich").User, g.As("root").User); after != before {
			t.Errorf("they became %s from %s", after, before)
		}
	})
}

// External people are made by whoever holds a role that lets him, with least
// rights; whose login is taken in another spelling is refused.
func TestThreat18_ExternalPeople(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		ann := g.Browser("ann")
		guest := `{"email":"Guest@example.net","name":"Guest"}`
		want(t, ann.Do("POST", "/people/external", world.Reader(guest)), http.StatusForbidden, "not-held")
		g.role("hosts", "ann", func(r *alveary.Role) { r.Invites = true })
		ann = g.Browser("ann")
		var m made
		want(t, ann.Do("POST", "/people/external", world.Reader(guest)), http.StatusCreated).Into(t, &m)
		if m.User.Profile != "shared" || m.User.Login != "guest@example.net" || m.User.CreatedBy != "ann" || len(g.As(m.User.Login).User.Roles) > 0 {
			t.Errorf("%+v", m)
		}
		for _, twin := range []string{"guest@EXAMPLE.net", "GUEST@example.net", " guest@example.net "} {
			want(t, ann.Do("POST", "/people/external", world.JSON(body{"email": twin})), http.StatusConflict)
		}
		for _, wrong := range []string{"", "x", "a@b@c", "a\r\nBcc: b@example.net", "Guest <guest2@example.net>"} {
			want(t, ann.Do("POST", "/people/external", world.JSON(body{"email": wrong})), http.StatusBadRequest)
		}
		_, token, _ := strings.Cut(m.Link, "#")
		visitor := g.Nobody()
		want(t, visitor.Step("/password/choose", body{"token": token, "password": chosen}), http.StatusNoContent)
		want(t, visitor.Step("/session", body{"login": "guest@example.net", "password": chosen}), http.StatusOK)
		for _, path := range []string{"/people?q=an", "/teams", "/users", "/groups", "/roles"} {
			want(t, visitor.Do("GET", path, nil), http.StatusForbidden, "policy")
		}
		want(t, visitor.Do("GET", fmt.Sprintf("/nodes/%s", g.area), nil), http.StatusNotFound)
		want(t, visitor.Do("GET", "/account", nil), http.StatusOK)
	})
}
