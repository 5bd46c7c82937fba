package people_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"alveary"
	"alveary/client"
	"alveary/client/people"
	"alveary/testkit/fakeapi"
)

func dial(t *testing.T, s *fakeapi.Server) people.People {
	t.Helper()
	c, err := client.New(client.Options{URL: s.URL, Token: fakeapi.Token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return people.At(c)
}

// A list is read to its end, and no further than it is wanted.
func TestUsersPageAfterPage(t *testing.T) {
	s := fakeapi.New(t, false)
	p := dial(t, s)
	for _, login := range []string{"bea", "carl", "dora", "eve"} {
		if _, err := p.AddUser(t.Context(), people.NewUser{Login: login, Group: "/"}); err != nil {
			t.Fatal(err)
		}
	}
	var logins []string
	for u, err := range p.Users(t.Context(), people.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		logins = append(logins, u.Login)
	}
	if got := strings.Join(logins, " "); got != "ada bea carl dora eve" {
		t.Errorf("there are %s", got)
	}
	before := s.Count("GET /users")
	for _, err := range p.Users(t.Context(), people.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if got := s.Count("GET /users") - before; got != 1 {
		t.Errorf("%d pages were asked for where one was wanted", got)
	}
	if u, err := p.Find(t.Context(), "look", "DORA"); err != nil || u.Login != "dora" {
		t.Errorf("%+v, %v", u, err)
	}
	// A login that another one begins with is not that one.
	if _, err := p.Find(t.Context(), "look", "do"); !alveary.IsKind(err, alveary.KindNotFound) {
		t.Errorf("a part of a login found %v", err)
	}
}

func TestLinksHaveAHost(t *testing.T) {
	s := fakeapi.New(t, false)
	p := dial(t, s)
	s.LinksWithoutHost()
	made, err := p.AddUser(t.Context(), people.NewUser{Login: "bea", Group: "/", Invite: true})
	if err != nil || made.Link != s.URL+"/welcome#secret" {
		t.Errorf("%+v, %v", made, err)
	}
	letter, err := p.Reset(t.Context(), made.User)
	if err != nil || letter.Link != s.URL+"/welcome#secret" {
		t.Errorf("%+v, %v", letter, err)
	}
}

func TestTeamsByName(t *testing.T) {
	s := fakeapi.New(t, false)
	p := dial(t, s)
	for _, text := range []string{`{"id":"team-1","label":"Fair"}`, `{"id":"team-2","label":"fair"}`, `{"id":"team-3","label":"Shop"}`} {
		if err := s.Keep("teams", text); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"shop": "team-3", "team-1": "team-1"} {
		if team, err := p.FindTeam(t.Context(), "look", name); err != nil || team.ID != want {
			t.Errorf("%s is %+v, %v", name, team, err)
		}
	}
	if _, err := p.FindTeam(t.Context(), "look", "Fair"); !alveary.IsKind(err, alveary.KindConflict) {
		t.Errorf("a name of two teams: %v", err)
	}
	if _, err := p.FindTeam(t.Context(), "look", "none"); !alveary.IsKind(err, alveary.KindNotFound) {
		t.Errorf("a name of none: %v", err)
	}
}

// What wants a person is refused to a token, and done in a session that ends.
func TestFreshSession(t *testing.T) {
	s := fakeapi.New(t, false)
	p := dial(t, s)
	s.WantFresh()
	s.WantProof()
	s.WantFactors("totp", "recovery")
	n := people.NewUser{Login: "bea", Group: "/"}
	var refused *alveary.Error
	if _, err := p.AddUser(t.Context(), n); !errors.As(err, &refused) || refused.Code != "not-fresh" {
		t.Fatalf("a token made a user: %v", err)
	}
	asked := 0
	session, who, err := p.Begin(t.Context(), fakeapi.Login, client.Answers{Password: fakeapi.Password, Code: code(&asked)})
	if err != nil || who.Login != fakeapi.Login || asked != 2 {
		t.Fatalf("%+v after %d codes, %v", who, asked, err)
	}
	if _, err := people.At(session).AddUser(t.Context(), n); err != nil {
		t.Error(err)
	}
	if err := session.End(t.Context()); err != nil {
		t.Error(err)
	}
	if sessions, _ := s.SignedIn(); sessions != 0 {
		t.Errorf("%d sessions are left", sessions)
	}
	var csv bytes.Buffer
	if err := p.Export(t.Context(), &csv); err != nil || !strings.HasPrefix(csv.String(), "login,name\n") || !strings.Contains(csv.String(), "\nbea,") {
		t.Errorf("%q, %v", csv.String(), err)
	}
}

// code answers wrongly at first.
func code(asked *int) func(context.Context, error) (string, error) {
	return func(_ context.Context, refused error) (string, error) {
		*asked++
		if refused == nil {
			return "000000", nil
		}
		return fakeapi.Code, nil
	}
}
