package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// sheetOf is a CSV of so many new people of a group; the row that a
// spreadsheet counts as broken has a profile that there is not.
func sheetOf(rows, broken int) string {
	var out strings.Builder
	out.WriteString("login,name,email,profile,group\n")
	for row := 2; row < rows+2; row++ {
		profile := "standard"
		if row == broken {
			profile = "king"
		}
		fmt.Fprintf(&out, "person-%05d,Person %d,person-%05d@example.net,%s,/crew\n", row, row, row, profile)
	}
	return out.String()
}

// A sheet of which row 4,711 is broken imports nobody and names the row; a dry
// run says of each row what would become of it and does nothing; then all come
// in, and go out again as they came.
func TestImportNamesTheRow(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		root := g.Browser("root")
		want(t, root.Do("POST", "/groups", world.Reader(`{"parent":"/","name":"crew"}`)), http.StatusCreated)
		csv := func(query, text string) world.Answer {
			return root.Do("POST", "/users/import"+query, world.Reader(text), "Content-Type", "text/csv")
		}
		total := func() (n struct{ Total int }) {
			want(t, root.Do("GET", "/users?limit=1", nil), http.StatusOK).Into(t, &n)
			return n
		}
		before := total()
		p := want(t, csv("", sheetOf(5000, 4711)), http.StatusBadRequest).Problem(t)
		if !strings.Contains(strings.ReplaceAll(p.Detail, ",", ""), "4711") || total() != before {
			t.Errorf("%+v; %v people of %v", p, total(), before)
		}
		var fates struct {
			Rows []struct {
				Row               int
				Login, Fate, Text string
			}
			Create, Change, Same, Refused int
		}
		want(t, csv("?dryRun=true", sheetOf(5000, 4711)), http.StatusOK).Into(t, &fates)
		if fates.Create != 4999 || fates.Refused != 1 || len(fates.Rows) != 5000 || fates.Rows[4709].Fate != "refused" || fates.Rows[4709].Row != 4711 || total() != before {
			t.Errorf("%d, %d, %+v", fates.Create, fates.Refused, fates.Rows[4709])
		}
		want(t, csv("", sheetOf(300, 0)), http.StatusOK).Into(t, &fates)
		if fates.Create != 300 || total().Total != before.Total+300 {
			t.Errorf("%d came in, there are %v", fates.Create, total())
		}
		exported := want(t, root.Do("GET", "/users/export", nil), http.StatusOK)
		want(t, csv("", string(exported.Body)), http.StatusOK).Into(t, &fates)
		if fates.Same != before.Total+300 || fates.Create+fates.Change+fates.Refused > 0 {
			t.Errorf("what was exported comes in again as %d, %d, %d, %d", fates.Create, fates.Change, fates.Same, fates.Refused)
		}
		for _, wrong := range []string{"login,shoe\nx,42\n", "", "login\nzoe\nZOE\n", "login,profile\nroot,standard\n", "login,email\nx,\"=cmd\"\n", "login\n\xff\xfe\n"} {
			if a := csv("", wrong); a.Status != http.StatusBadRequest && a.Status != http.StatusConflict {
				t.Errorf("%q: %d %.200s", wrong, a.Status, a.Body)
			}
		}
		// A sheet comes from the page itself, or from a program: not from another site.
		a := root.Do("POST", "/users/import", world.Reader("login\nzoe\n"), "Content-Type", "text/csv", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
		want(t, a, http.StatusForbidden, "denied")
	})
}

// A leaver's files come to an heir, who sees them among his own; nothing goes
// without one.
func TestLeaverHasAnHeir(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		g.User("bob")
		root, bob := g.Browser("root"), g.Client("bob")
		home := func(c *world.Client) alveary.NodeID {
			var seen struct {
				Items []struct {
					Slug string
					Root struct{ ID string }
				}
			}
			want(t, c.Do("GET", "/workspaces", nil), http.StatusOK).Into(t, &seen)
			for _, w := range seen.Items {
				if w.Slug == "my-files" {
					id, err := alveary.ParseNodeID(w.Root.ID)
					if err != nil {
						t.Fatal(err)
					}
					return id
				}
			}
			t.Fatalf("%+v", seen)
			return 0
		}
		want(t, g.put(g.ann, home(g.ann), "name=diary.txt", "dear diary"), http.StatusCreated)
		mine := home(bob)
		ann, heir := g.number("ann"), strings.TrimPrefix(g.number("bob"), "/users/")
		var leaving struct {
			Files int64
			Homes []string
		}
		want(t, root.Do("GET", ann+"/leaving", nil), http.StatusOK).Into(t, &leaving)
		if leaving.Files != 1 || len(leaving.Homes) != 1 {
			t.Errorf("%+v", leaving)
		}
		want(t, root.Do("DELETE", ann+"?expect=ann", nil), http.StatusConflict, "heir-needed")
		want(t, root.Do("DELETE", ann+"?expect=anna&heir="+heir, nil), http.StatusConflict, "changed")
		want(t, root.Do("DELETE", ann+"?expect=ann&heir="+strings.TrimPrefix(ann, "/users/"), nil), http.StatusBadRequest)
		want(t, root.Do("DELETE", ann+"?expect=ann&heir="+heir, nil), http.StatusNoContent)
		want(t, g.ann.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out")
		want(t, root.Do("GET", ann, nil), http.StatusNotFound)
		var listed struct{ Items []node }
		want(t, bob.Do("GET", fmt.Sprintf("/nodes/%s/children", mine), nil), http.StatusOK).Into(t, &listed)
		if len(listed.Items) != 1 {
			t.Fatalf("bob has %+v", listed.Items)
		}
		var within struct{ Items []node }
		want(t, bob.Do("GET", "/nodes/"+listed.Items[0].ID+"/children", nil), http.StatusOK).Into(t, &within)
		if len(within.Items) != 1 || within.Items[0].Name != "diary.txt" {
			t.Fatalf("he was left %+v with %+v", listed.Items, within.Items)
		}
		if a := bob.Do("GET", "/nodes/"+within.Items[0].ID+"/content", nil); string(a.Body) != "dear diary" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		// Whoever takes the login next is another.
		g.User("ann")
		if a := g.Client("ann").Do("GET", "/nodes/"+within.Items[0].ID, nil); a.Status != http.StatusNotFound {
			t.Errorf("the next ann: %d", a.Status)
		}
	})
}

// Groups are renamed, moved and deleted with those beneath them; their people
// stay and move.
func TestGroupsMoveAndGo(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		root := g.Browser("root")
		add := func(parent, name string) (made struct{ ID, Path string }) {
			want(t, root.Do("POST", "/groups", world.JSON(body{"parent": parent, "name": name})), http.StatusCreated).Into(t, &made)
			return made
		}
		sales := add("/", "sales")
		add("/", "buyers")
		north := add("/sales", "north")
		patched(t, root, g.number("ann"), `{"group":"/sales/north"}`)
		want(t, root.Do("PATCH", "/groups/"+sales.ID, world.JSON(body{"parent": "/sales/north"})), http.StatusBadRequest)
		patched(t, root, "/groups/"+sales.ID, `{"name":"sellers","parent":"/buyers"}`)
		in := func() string {
			var u struct{ Group struct{ Path string } }
			want(t, root.Do("GET", g.number("ann"), nil), http.StatusOK).Into(t, &u)
			return u.Group.Path
		}
		if in() != "/buyers/sellers/north" {
			t.Errorf("ann is in %s", in())
		}
		var leaving struct{ Groups, Users int }
		want(t, root.Do("GET", "/groups/"+sales.ID+"/leaving", nil), http.StatusOK).Into(t, &leaving)
		if leaving.Groups != 1 || leaving.Users != 1 {
			t.Errorf("%+v", leaving)
		}
		if a := root.Do("DELETE", "/groups/"+sales.ID+"?to="+north.ID, nil); a.Status < 400 {
			t.Errorf("its people move to what goes with it: %d", a.Status)
		}
		want(t, root.Do("DELETE", "/groups/"+sales.ID, nil), http.StatusNoContent)
		if in() != "/buyers" {
			t.Errorf("ann is in %s", in())
		}
		want(t, root.Do("GET", "/groups/"+north.ID+"/leaving", nil), http.StatusNotFound)
		if a := root.Do("DELETE", "/groups/1", nil); a.Status < 400 {
			t.Errorf("the root group: %d", a.Status)
		}
	})
}

// Teams are their members' own: a manager chooses who is in, and what the team
// may its members may.
func TestTeams(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		for _, name := range []string{"bob", "eve"} {
			g.User(name)
		}
		vault := g.File("vault/plan.txt", "plan")
		root, bob, eve := g.Browser("root"), g.Client("bob"), g.Client("eve")
		id := func(name string) string { return strings.TrimPrefix(g.number(name), "/users/") }
		var team struct{ ID string }
		want(t, g.ann.Do("POST", "/teams", world.JSON(body{"label": "Movers", "members": []string{id("bob")}})), http.StatusCreated).Into(t, &team)
		want(t, root.Do("POST", "/entries", world.Reader(fmt.Sprintf(`{"role":%q,"node":"%s","rights":["read"]}`, team.ID, g.At("vault")))), http.StatusCreated)
		path := fmt.Sprintf("/nodes/%s", vault)
		want(t, bob.Do("GET", path, nil), http.StatusOK)
		want(t, eve.Do("GET", path, nil), http.StatusNotFound)
		for _, ask := range []asked{
			{"GET", "/teams/" + team.ID, "", nil, 0, 0},
			{"PATCH", "/teams/" + team.ID, `{"label":"x"}`, nil, 0, 0},
			{"DELETE", "/teams/" + team.ID, "", nil, 0, 0},
			{"PUT", "/teams/" + team.ID + "/members/" + id("eve"), `{"manager":true}`, nil, 0, 0},
			{"DELETE", "/teams/" + team.ID + "/members/" + id("bob"), "", nil, 0, 0},
		} {
			want(t, ask.of(eve), http.StatusNotFound)
		}
		want(t, bob.Do("PUT", "/teams/"+team.ID+"/members/"+id("eve"), world.Reader(`{}`)), http.StatusForbidden)
		want(t, g.ann.Do("PUT", "/teams/"+team.ID+"/members/"+id("eve"), world.Reader(`{}`)), http.StatusNoContent)
		want(t, eve.Do("GET", path, nil), http.StatusOK)
		want(t, bob.Do("DELETE", "/teams/"+team.ID+"/members/"+id("bob"), nil), http.StatusNoContent)
		want(t, bob.Do("GET", path, nil), http.StatusNotFound)
		want(t, g.ann.Do("DELETE", "/teams/"+team.ID+"/members/"+id("ann"), nil), http.StatusConflict, "last-manager")
		want(t, g.ann.Do("DELETE", "/teams/"+team.ID, nil), http.StatusNoContent)
		want(t, eve.Do("GET", path, nil), http.StatusNotFound)
	})
}
