package govern_test

import (
	"fmt"
	"maps"
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

// simulate waits for the whole answer.
func (c *console) simulate(changes string) (s document.Simulation) {
	c.t.Helper()
	c.unchanged("a simulation", func() {
		c.want(c.root, "POST", "/simulate", `{"changes":[`+changes+`]}`, http.StatusOK, "", &s)
		for !s.Complete {
			c.want(c.root, "GET", "/simulations/"+s.ID, "", http.StatusOK, "", &s)
			time.Sleep(10 * time.Millisecond)
		}
	})
	if s.AtLeast {
		c.t.Errorf("complete, and at least: %+v", s)
	}
	return s
}

// matrix is who may what where: "ann read main/common".
func (c *console) matrix(people []string, nodes []alveary.NodeID) map[string]bool {
	c.t.Helper()
	held := map[string]bool{}
	for _, login := range people {
		s := c.As(login)
		s.Address, s.Context = "127.0.0.1", nil
		c.Read(func(tx *store.Tx) error {
			access, err := c.Gate.Bind(c.t.Context(), tx, s)
			if err != nil {
				return err
			}
			for _, id := range nodes {
				line, err := tx.Lineage(id)
				if err != nil {
					return err
				}
				for _, a := range access.Rights(line).Actions() {
					held[fmt.Sprintf("%s %s %s", login, a, line.Path())] = true
				}
			}
			return nil
		})
	}
	return held
}

// A simulation tells exactly what making the change then does, for every user
// on every folder with entries.
func TestSimulationIsWhatHappens(t *testing.T) {
	people := []string{"ann", "bob", "cem", "dora", "root"}
	onEach(t, func(t *testing.T, c *console) {
		c.User("cem")
		c.User("dora", alveary.ProfileShared)
		var nodes []alveary.NodeID
		for _, path := range []string{"common", "common/area", "common/area/deep", "hidden", "hidden/deep"} {
			nodes = append(nodes, c.Folder(path))
		}
		area, deep, hidden := nodes[1], nodes[2], nodes[3]
		c.Write(func(tx *store.Tx) error {
			if err := tx.InsertRole(alveary.Role{ID: "team", Label: "Team"}); err != nil {
				return err
			}
			return tx.SetUserRoles(c.As("cem").User.ID, []alveary.RoleID{"team"})
		})
		c.put(readOnly)
		c.put(`{"id":"shut","type":"acl","rules":[{"effect":"deny","actions":["download","write"]},{"effect":"allow","actions":["read"]}]}`)
		c.Deny("bob", deep)
		c.Allow("ann", deep, "")
		named := c.entry(fmt.Sprintf(`{"role":"team","node":"%s","policies":["p"]}`, hidden))
		c.entry(fmt.Sprintf(`{"role":"team","node":"%s","rights":["read"]}`, nodes[4]))
		both := strings.Replace(readOnly, `["read"]`, `["read","write"]`, 1)
		everyone := alveary.RootGroupRole
		for _, one := range []struct {
			name, change string
			make         func()
		}{
			{"entry", fmt.Sprintf(`{"entry":{"role":"%s","node":"%s","rights":["read","write"]}}`, everyone, area), func() {
				c.entry(fmt.Sprintf(`{"role":"%s","node":"%s","rights":["read","write"]}`, everyone, area))
			}},
			{"policy", `{"policy":` + both + `}`, func() { c.put(both) }},
			{"replaced entry", fmt.Sprintf(`{"entry":{"id":"%s","role":"team","node":"%s","policies":["shut"]}}`, named.ID, hidden), func() {
				c.want(c.root, "PUT", "/entries/"+named.ID, fmt.Sprintf(`{"role":"team","node":"%s","policies":["shut"]}`, hidden), http.StatusOK, "", nil)
			}},
			{"membership", `{"user":{"login":"ann","roles":["team"]}}`, func() {
				c.Write(func(tx *store.Tx) error { return tx.SetUserRoles(c.As("ann").User.ID, []alveary.RoleID{"team"}) })
			}},
			{"role", `{"role":{"id":"team","label":"Team","profiles":["shared"]}}`, func() {
				c.Write(func(tx *store.Tx) error {
					return tx.UpdateRole(alveary.Role{ID: "team", Label: "Team", Profiles: []alveary.Profile{alveary.ProfileShared}})
				})
			}},
			{"profile", `{"user":{"login":"bob","profile":"admin"}}`, func() {
				c.Write(func(tx *store.Tx) error {
					u := c.As("bob").User
					u.Profile = alveary.ProfileAdmin
					return tx.UpdateUser(u)
				})
			}},
			{"removed entry", `{"removeEntry":"` + named.ID + `"}`, func() { c.want(c.root, "DELETE", "/entries/"+named.ID, "", http.StatusNoContent, "", nil) }},
			{"disabled", `{"user":{"login":"cem","disabled":true}}`, func() {
				c.Write(func(tx *store.Tx) error { return tx.SetDisabled(c.As("cem").User.ID, true) })
			}},
		} {
			before := c.matrix(people, nodes)
			s := c.simulate(one.change)
			one.make()
			after := c.matrix(people, nodes)
			compare(t, one.name, s, before, after)
			if s.Refused != nil {
				t.Errorf("%s: refused %+v", one.name, s.Refused)
			}
		}
	})
}

func compare(t *testing.T, what string, s document.Simulation, before, after map[string]bool) {
	t.Helper()
	told := map[string]bool{}
	for _, l := range s.Lines {
		if l.When != "" || l.Node == nil || l.Node.Path == "My files" {
			continue
		}
		if l.Who.Users != len(l.Who.Logins) {
			t.Fatalf("%s: %+v", what, l)
		}
		for _, login := range l.Who.Logins {
			told[fmt.Sprintf("%v %s %s %s", l.Gains, login, l.Right, l.Node.Path)] = true
		}
	}
	gain, lose := map[string]bool{}, map[string]bool{}
	happened := map[string]bool{}
	for key := range before {
		if !after[key] {
			happened["false "+key] = true
			lose[strings.Fields(key)[0]] = true
		}
	}
	for key := range after {
		if !before[key] {
			happened["true "+key] = true
			gain[strings.Fields(key)[0]] = true
		}
	}
	if len(happened) == 0 {
		t.Errorf("%s: nothing happened", what)
	}
	for _, key := range slices.Sorted(maps.Keys(told)) {
		if !happened[key] {
			t.Errorf("%s: told, and did not happen: %s", what, key)
		}
	}
	for key := range happened {
		path := strings.Fields(key)[3]
		// What holds for a folder holds for those beneath it that no entry stands on.
		for !told[key] {
			at := strings.LastIndexByte(path, '/')
			if at < 0 {
				t.Errorf("%s: happened, and was not told: %s", what, key)
				break
			}
			path = path[:at]
			key = strings.Join(append(strings.Fields(key)[:3], path), " ")
		}
	}
	if what != "disabled" && what != "profile" && (s.People.Gain != len(gain) || s.People.Lose != len(lose)) { // both change My files as well
		t.Errorf("%s: %+v, want %v and %v", what, s.People, gain, lose)
	}
}

// A policy under conditions is tried at their boundaries.
func TestSimulationTriesBoundaries(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	c.put(readOnly)
	area := c.Folder("common/area")
	c.Entry("ann", area, alveary.Entry{Policies: []alveary.PolicyID{"p"}})
	s := c.simulate(`{"policy":` + strings.Replace(officeHours, `"hours"`, `"p"`, 1) + `}`)
	var when []string
	for _, l := range s.Lines {
		if l.Right == "read" && !l.Gains {
			when = append(when, l.When)
		}
		if l.Who.Label != "ann" || l.Node == nil || l.Node.ID != area {
			t.Errorf("%+v", l)
		}
	}
	if s.People != (document.SimulatedPeople{Gain: 1, Lose: 1}) || len(when) == 0 || !strings.Contains(when[0], "ServerTime") {
		t.Errorf("%+v, when %q", s.People, when)
	}
}

// Calls and sign-in.
func TestSimulationOfRestAndOIDC(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	s := c.simulate(`{"policy":{"id":"x","type":"rest","rules":[{"effect":"deny","actions":["GET"],"subjects":["user:ann"],"resources":["rest:/bin"]}]}}`)
	if len(s.Lines) != 1 || s.Lines[0].Call == nil || *s.Lines[0].Call != (document.CallName{Method: "GET", Path: "/bin"}) || s.Lines[0].Who.Label != "ann" || s.Lines[0].Gains || s.Lines[0].Node != nil {
		t.Errorf("%+v", s.Lines)
	}
	s = c.simulate(`{"policy":{"id":"x","type":"oidc","rules":[{"effect":"deny","actions":["login","refresh"],"subjects":["user:bob"]}]}}`)
	var rights []string
	for _, l := range s.Lines {
		rights = append(rights, l.Who.Label+" "+l.Right)
	}
	slices.Sort(rights)
	equal(t, "rights", rights, []string{"bob login", "bob refresh"})
}

// What making the change would refuse is said, beside what it would do.
func TestSimulationSaysRefusals(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	c.put(readOnly)
	c.Entry("ann", c.Folder("common/area"), alveary.Entry{Policies: []alveary.PolicyID{"p"}})
	for change, code := range map[string]string{
		`{"removePolicy":"rest-administrators"}`:                                               "lock-out",
		`{"policy":{"id":"x","type":"oidc","rules":[{"effect":"deny","actions":["login"]}]}}`:  "lock-out",
		`{"user":{"login":"root","disabled":true}}`:                                            "lock-out",
		`{"user":{"login":"root","profile":"standard"}}`:                                       "lock-out",
		`{"removePolicy":"p"}`:                                                                 "in-use",
		`{"policy":{"id":"p","type":"rest","rules":[]}}`:                                       "in-use",
		`{"policy":{"id":"p","type":"acl","rules":[{"effect":"perhaps","actions":["read"]}]}}`: "malformed",
		`{"removeRole":"ADMINISTRATORS"}`:                                                      "in-use",
	} {
		s := c.simulate(change)
		if s.Refused == nil || s.Refused.Code != code || s.Refused.Message == "" {
			t.Errorf("%s: %+v", change, s.Refused)
		}
		if code == "malformed" && len(s.Lines) > 0 {
			t.Errorf("%s: %+v", change, s.Lines)
		}
	}
	for _, changes := range []string{
		``, `{}`, `{"removePolicy":"none"}`, `{"removeEntry":"9"}`, `{"removeEntry":"x"}`, `{"removeRole":"none"}`, `{"removePolicy":"p","removeEntry":"9"}`,
		`{"entry":{"role":"none","node":"3"}}`, `{"entry":{"id":"9","role":"ADMINISTRATORS","node":"3"}}`, `{"user":{"login":""}}`, `{"user":{"login":"ann","group":"/none"}}`,
		`{"user":{"login":"ann","roles":["none"]}}`, `{"role":{"id":""}}`, `{"role":{"id":"x","profiles":["king"]}}`,
	} {
		p := c.want(c.root, "POST", "/simulate", `{"changes":[`+changes+`]}`, http.StatusBadRequest, "invalid", nil).Problem(t)
		if strings.Contains(changes, "entry") && strings.Contains(changes, `"none"`) && p.Errors[0].Location != "changes[0].role" {
			t.Errorf("%+v", p)
		}
	}
}

// A result is its owner's, and for a while.
func TestSimulationIsItsOwners(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	c.User("other", alveary.ProfileAdmin)
	var s document.Simulation
	c.want(c.root, "POST", "/simulate", `{"changes":[{"policy":`+readOnly+`}]}`, http.StatusOK, "", &s)
	if s.ID == "" || s.Lines == nil {
		t.Fatalf("%+v", s)
	}
	c.want(c.Client("other"), "GET", "/simulations/"+s.ID, "", http.StatusNotFound, "not-found", nil)
	c.want(c.root, "GET", "/simulations/x", "", http.StatusNotFound, "not-found", nil)
	c.Wait(10*time.Minute - time.Second)
	c.want(c.root, "GET", "/simulations/"+s.ID, "", http.StatusOK, "", nil)
	c.Wait(time.Second)
	c.want(c.root, "GET", "/simulations/"+s.ID, "", http.StatusNotFound, "not-found", nil)
	if last := c.Audit(); last[len(last)-1].Action != "create-token" && last[len(last)-1].Action != "simulate" {
		t.Errorf("%+v", last[len(last)-1])
	}
}

// A new user, and one in another group.
func TestSimulationOfPeople(t *testing.T) {
	c := newConsole(t, world.New(t, world.Options{}))
	var sales alveary.Group
	c.Write(func(tx *store.Tx) (err error) { sales, err = tx.InsertGroup(alveary.RootGroup, "sales"); return err })
	area := c.Folder("hidden/area")
	c.entry(fmt.Sprintf(`{"role":"%s","node":"%s","rights":["read"]}`, sales.Role, area))
	for _, change := range []string{`{"user":{"login":"ann","group":"/sales"}}`, fmt.Sprintf(`{"user":{"login":"ANN","group":"%d"}}`, sales.ID), `{"user":{"login":"new","group":"/sales"}}`} {
		s := c.simulate(change)
		found := slices.ContainsFunc(s.Lines, func(l document.SimulatedLine) bool {
			return l.Node != nil && l.Node.ID == area && l.Gains && l.Right == "read" && (l.Who.Label == "ann" || l.Who.Label == "new")
		})
		if !found || s.People.Lose != 0 || s.People.Gain != 1 {
			t.Errorf("%s: %+v", change, s)
		}
	}
}
