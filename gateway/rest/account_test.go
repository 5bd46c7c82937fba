package rest_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"alveary"
	"alveary/service/login/limit"
	"alveary/service/people"
	"alveary/store"
	"alveary/testkit/passkey"
	"alveary/testkit/world"
)

// signIn is the question that each open route of the sign-in is asked.
func (s *stage) signIn(operation string) (a asked, known bool) {
	table := map[string]asked{
		"sign-in":           {"POST", "/session", `{"login":"nobody","password":"wrong"}`, nil, 0, 0},
		"captcha":           {"GET", "/session/captcha", "", nil, 0, 0},
		"begin-passkey":     {"POST", "/session/passkey", "", nil, 0, 0},
		"second-step":       {"POST", "/session/factor", `{"pending":"x","code":"123456"}`, nil, 0, 0},
		"begin-enrolment":   {"POST", "/session/enrol", `{"pending":"x","kind":"totp"}`, nil, 0, 0},
		"confirm-enrolment": {"POST", "/session/enrol/confirm", `{"pending":"x","code":"123456"}`, nil, 0, 0},
		"ask-reset":         {"POST", "/password/reset", `{"login":"nobody"}`, nil, 0, 0},
		"letter":            {"POST", "/password/letter", `{"token":"x"}`, nil, 0, 0},
		"choose-password":   {"POST", "/password/choose", `{"token":"x","password":"a long enough one"}`, nil, 0, 0},
	}
	a, known = table[operation]
	return a, known
}

// account is the question that each route is asked that is about one's own
// account and teams. Tokens are refused where a browser's session is needed,
// which TestThreat06_EveryRoute sees to by itself.
func (s *stage) account(operation string) (a asked, known bool) {
	const good, made, withheld = http.StatusOK, http.StatusCreated, http.StatusNotFound
	s.folk()
	table := map[string]asked{
		"session":               {"GET", "/session", "", nil, 0, 0},
		"sign-out":              {"DELETE", "/session", "", nil, 0, 0},
		"begin-prove":           {"GET", "/session/prove", "", nil, 0, 0},
		"prove":                 {"POST", "/session/prove", `{"password":"` + world.Password + `"}`, nil, 0, 0},
		"list-sessions":         {"GET", "/sessions", "", nil, 0, 0},
		"revoke-other-sessions": {"DELETE", "/sessions", "", nil, 0, 0},
		"revoke-session":        {"DELETE", "/sessions/" + s.session, "", nil, withheld, withheld},
		"list-tokens":           {"GET", "/tokens", "", nil, 0, 0},
		"create-token":          {"POST", "/tokens", `{"label":"x"}`, nil, 0, 0},
		"revoke-token":          {"DELETE", "/tokens/" + s.token, "", nil, withheld, withheld},

		"account":           {"GET", "/account", "", nil, good, good},
		"change-account":    {"PATCH", "/account", `{"name":"Ann"}`, nil, good, good},
		"change-password":   {"POST", "/account/password", `{"current":"x","next":"a new long password"}`, nil, 0, 0},
		"begin-totp":        {"POST", "/account/totp", "", nil, 0, 0},
		"confirm-totp":      {"POST", "/account/totp/confirm", `{"pending":"x","code":"123456"}`, nil, 0, 0},
		"begin-add-passkey": {"POST", "/account/passkeys", "", nil, 0, 0},
		"confirm-passkey":   {"POST", "/account/passkeys/confirm", `{"pending":"x","passkey":{}}`, nil, 0, 0},
		"label-factor":      {"PATCH", "/account/factors/x", `{"label":"My phone"}`, nil, 0, 0},
		"remove-factor":     {"DELETE", "/account/factors/x", "", nil, 0, 0},
		"new-recovery":      {"POST", "/account/recovery", "", nil, 0, 0},

		"list-teams":         {"GET", "/teams", "", nil, good, good},
		"add-team":           {"POST", "/teams", `{"label":"Movers"}`, nil, made, made},
		"team":               {"GET", "/teams/" + s.team, "", nil, withheld, withheld},
		"rename-team":        {"PATCH", "/teams/" + s.team, `{"label":"Shakers"}`, nil, withheld, withheld},
		"delete-team":        {"DELETE", "/teams/" + s.team, "", nil, withheld, withheld},
		"set-team-member":    {"PUT", fmt.Sprintf("/teams/%s/members/%d", s.team, s.vic), `{"manager":true}`, nil, withheld, withheld},
		"remove-team-member": {"DELETE", fmt.Sprintf("/teams/%s/members/%d", s.team, s.vic), "", nil, withheld, withheld},
		"find-people":        {"GET", "/people?q=vi", "", nil, good, good},
		"find-groups":        {"GET", "/people/groups?q=vi", "", nil, good, good},
	}
	a, known = table[operation]
	return a, known
}

// folk makes those of whom the routes about people speak, once: vic, who never
// signed in and is in ann's team, failures that count against him, a group and a
// role.
func (s *stage) folk() {
	s.t.Helper()
	if s.team != "" {
		return
	}
	s.User("vic")
	vic := s.As("vic").User
	s.vic = vic.ID
	team, err := s.People.AddTeam(s.t.Context(), s.As("ann"), people.NewTeam{Label: "Movers", Members: []string{fmt.Sprint(vic.ID)}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.team = string(team.ID)
	for range 3 {
		if _, err := s.Limits.Failed(s.t.Context(), limit.Attempt{Login: "vic", User: vic.ID, Address: "192.0.2.99"}); err != nil {
			s.t.Fatal(err)
		}
	}
	locks, err := s.Limits.Locks(s.t.Context())
	if err != nil || len(locks) != 2 {
		s.t.Fatal(locks, err)
	}
	s.lock = locks[0].ID
	s.Write(func(tx *store.Tx) error {
		crew, err := tx.InsertGroup(alveary.RootGroup, "crew")
		s.crew = crew.ID
		return errors.Join(err, tx.InsertRole(alveary.Role{ID: "helpers", Label: "Helpers"}))
	})
}

// prepare brings about what a route of one's own account needs before it lets
// anybody in.
func (s *stage) prepare(operation string, c *world.Client, ask asked) asked {
	s.t.Helper()
	switch operation {
	case "change-password":
		ask.body = `{"current":"` + world.Password + `","next":"a new long password"}`
	case "confirm-totp":
		var e world.Enrolment
		want(s.t, c.Do("POST", "/account/totp", nil), http.StatusOK).Into(s.t, &e)
		ask.body = fmt.Sprintf(`{"pending":%q,"code":%q}`, e.Pending, s.Code(e.TOTP.Secret))
	case "confirm-passkey":
		ask.body = string(s.makes(c, s.device("ann")))
	case "label-factor", "remove-factor", "new-recovery":
		s.App(c)
		if ask.path != "/account/recovery" {
			ask.path = "/account/factors/" + s.factor(c)
		}
	}
	return ask
}

// factor is the id of the app of whoever is signed in.
func (s *stage) factor(c *world.Client) string {
	var a struct {
		Factors struct{ TOTP struct{ ID string } }
	}
	want(s.t, c.Do("GET", "/account", nil), http.StatusOK).Into(s.t, &a)
	return a.Factors.TOTP.ID
}

// device is a passkey of a user's that he may yet make.
func (g *garden) device(user string) *passkey.Device {
	return passkey.New(g.t, int64(g.As(user).User.ID))
}

// makes is the body by which a passkey is confirmed.
func (g *garden) makes(c *world.Client, d *passkey.Device) []byte {
	g.t.Helper()
	var e world.Enrolment
	want(g.t, c.Do("POST", "/account/passkeys", nil), http.StatusOK).Into(g.t, &e)
	return fmt.Appendf(nil, `{"pending":%q,"label":"My key","passkey":%s}`, e.Pending, d.Makes(world.Site, e.Passkey))
}

// Routes that are for browsers refuse tokens, and routes that change something
// dangerous refuse a session whose user has not proved lately who he is, before
// anything is looked at; both are read off the table of routes.
func TestFreshAndSessionRoutes(t *testing.T) {
	s := newStage(t)
	s.User("root", "admin")
	root, token := s.Browser("root"), s.Client("root")
	s.Wait(16 * time.Minute)
	fresh, session := 0, 0
	s.unchanged("what is not fresh", func() {
		for _, route := range s.Routes() {
			ask, known := s.request(route.Operation)
			if !known || !route.Fresh && !route.Session {
				continue
			}
			if route.Session {
				session++
				if a := ask.of(token); a.Status != http.StatusForbidden || a.Problem(t).Code != "session-needed" {
					t.Errorf("%s by a token: %d %.200s", route.Operation, a.Status, a.Body)
				}
			}
			if route.Fresh {
				fresh++
				if a := ask.of(root); a.Status != http.StatusForbidden || a.Problem(t).Code != "not-fresh" {
					t.Errorf("%s after 16 minutes: %d %.200s", route.Operation, a.Status, a.Body)
				}
			}
		}
	})
	if fresh < 20 || session < 10 {
		t.Errorf("only %d routes are to be fresh, and %d for browsers", fresh, session)
	}
	want(t, root.Step("/session/prove", map[string]string{"password": "wrong"}), http.StatusForbidden, "wrong-credentials")
	want(t, root.Do("POST", "/tokens", world.Reader(`{"label":"x"}`)), http.StatusForbidden, "not-fresh")
	want(t, root.Step("/session/prove", map[string]string{"password": world.Password}), http.StatusNoContent)
	want(t, root.Do("POST", "/tokens", world.Reader(`{"label":"x"}`)), http.StatusCreated)
	s.Wait(16 * time.Minute)
	want(t, root.Do("POST", "/tokens", world.Reader(`{"label":"x"}`)), http.StatusForbidden, "not-fresh")
}
