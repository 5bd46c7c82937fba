package authz_test

import (
	"errors"
	"testing"

	"alveary"
	"alveary/authz"
)

// What roles ask and let is of all roles that a subject has, whichever way he
// comes by them.
func TestHolds(t *testing.T) {
	src := newSource()
	src.data.Groups = append(src.data.Groups, alveary.Group{ID: 2, Parent: 1, Name: "board", Role: "board"})
	src.data.Roles = append(src.data.Roles, alveary.Role{ID: "board", SecondFactor: true}, alveary.Role{ID: "hosts", Invites: true},
		alveary.Role{ID: "guards", SecondFactor: true, Invites: true}, alveary.Role{ID: "band", Team: true, SecondFactor: true},
		alveary.Role{ID: "admins", Profiles: []alveary.Profile{alveary.ProfileAdmin}, SecondFactor: true})
	g, _ := newGate(t)
	for _, c := range []struct {
		name   string
		change func(*alveary.Subject)
		want   authz.Flags
	}{
		{"nothing", func(*alveary.Subject) {}, authz.Flags{}},
		{"by a group", func(s *alveary.Subject) { s.User.Group = 2 }, authz.Flags{SecondFactor: true, SecondFactorBy: "board"}},
		{"external people have no roles of groups", func(s *alveary.Subject) { s.User.Group, s.User.Profile = 2, alveary.ProfileShared }, authz.Flags{}},
		{"by the profile", func(s *alveary.Subject) { s.User.Profile = alveary.ProfileAdmin }, authz.Flags{SecondFactor: true, SecondFactorBy: "admins"}},
		{"by a team", func(s *alveary.Subject) { s.User.Teams = []alveary.RoleID{"band"} }, authz.Flags{SecondFactor: true, SecondFactorBy: "band"}},
		{"assigned", func(s *alveary.Subject) { s.User.Roles = []alveary.RoleID{"hosts"} }, authz.Flags{Invites: true, InvitesBy: "hosts"}},
		{
			"the first that says so is named", func(s *alveary.Subject) { s.User.Group, s.User.Roles = 2, []alveary.RoleID{"hosts", "guards"} },
			authz.Flags{SecondFactor: true, SecondFactorBy: "board", Invites: true, InvitesBy: "hosts"},
		},
		{"who is disabled has no roles", func(s *alveary.Subject) { s.User.Group, s.User.Disabled = 2, true }, authz.Flags{}},
		{"nobody", func(s *alveary.Subject) { *s = alveary.Subject{} }, authz.Flags{}},
	} {
		s := mia
		c.change(&s)
		if got, err := g.Holds(t.Context(), src, s); err != nil || got != c.want {
			t.Errorf("%s: %+v (%v), want %+v", c.name, got, err, c.want)
		}
	}
	s := mia
	s.User.Group = 2
	ask := func() {
		if f, err := g.Holds(t.Context(), src, s); err != nil || !f.SecondFactor {
			t.Errorf("%+v, %v", f, err)
		}
	}
	ask()
	if n := testing.AllocsPerRun(100, ask); n > 1 { // t.Context allocates
		t.Errorf("%v allocations", n)
	}
	src.set()
	src.data.Roles[2].SecondFactor = false
	if f, err := g.Holds(t.Context(), src, s); err != nil || f.SecondFactor {
		t.Errorf("the role says so no more: %+v, %v", f, err)
	}
	src.versionErr = errors.New("the database is gone")
	if _, err := g.Holds(t.Context(), src, s); err == nil {
		t.Error("said without being sure")
	}
}
