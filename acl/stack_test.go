package acl_test

import (
	"fmt"
	"strings"
	"testing"

	"alveary"
	"alveary/acl"
)

// Each case names its clause of MODEL.md. Roles of equal rank are written with
// a plus between them.
func TestStack(t *testing.T) {
	groups := []alveary.Group{
		{ID: 3, Parent: 2, Name: "north", Role: "g-north"}, // written down before those above it
		{ID: 1, Role: "ROOT_GROUP"},
		{ID: 2, Parent: 1, Name: "sales", Role: "g-sales"},
		{ID: 4, Parent: 99, Name: "lost", Role: "g-lost"},
		{ID: 5, Parent: 6, Name: "ring", Role: "g-ring"},
		{ID: 6, Parent: 5, Name: "ring", Role: "g-ring2"},
	}
	std, shared, anon, admin := alveary.ProfileStandard, alveary.ProfileShared, alveary.ProfileAnon, alveary.ProfileAdmin
	roles := []alveary.Role{
		{ID: "auto1", Profiles: []alveary.Profile{std, shared}},
		{ID: "auto2", Profiles: []alveary.Profile{std}},
		{ID: "auto-anon", Profiles: []alveary.Profile{anon}},
		{ID: "auto-admin", Profiles: []alveary.Profile{admin}},
		{ID: "x"},
		{ID: "y"},
		{ID: "force1", ForceOverride: true},
		{ID: "force2", ForceOverride: true},
		{ID: "t1", Team: true},
		{ID: "t2", Team: true},
		{ID: "t-force", Team: true, ForceOverride: true},
		{ID: "auto-force", ForceOverride: true, Profiles: []alveary.Profile{admin}},
	}
	user := func(p alveary.Profile, g alveary.GroupID, assigned ...alveary.RoleID) alveary.Subject {
		return alveary.Subject{User: alveary.User{ID: 7, Login: "mia", Profile: p, Group: g, Roles: assigned}, Role: "mia"}
	}
	inTeams := func(s alveary.Subject, teams ...alveary.RoleID) alveary.Subject {
		s.User.Teams = teams
		return s
	}
	disabled := user(std, 3, "x")
	disabled.User.Disabled = true
	for _, c := range []struct {
		clause, label string
		subject       alveary.Subject
		want          string
	}{
		{"2.1", "groups from the top down", user(admin, 3), "ROOT_GROUP g-sales g-north auto-admin auto-force mia"},
		{"2.1", "in the root group", user(std, 1), "ROOT_GROUP auto1+auto2 mia"},
		{"2.1", "assigned roles in the administrator's order", user(std, 2, "y", "x"), "ROOT_GROUP g-sales auto1+auto2 y x mia"},
		{"2.1", "and the other way round", user(std, 2, "x", "y"), "ROOT_GROUP g-sales auto1+auto2 x y mia"},
		{"2.1", "those that force override last, in order among themselves", user(std, 1, "force2", "x", "force1", "y"), "ROOT_GROUP auto1+auto2 x y force2 force1 mia"},
		{"2.1", "a role of the profile that forces override comes with them", user(admin, 1, "force1", "x"), "ROOT_GROUP auto-admin x auto-force force1 mia"},
		{"2.1", "his own role is the last even then", user(std, 1, "force1"), "ROOT_GROUP auto1+auto2 force1 mia"},
		{"2.1", "a role that nobody knows", user(std, 1, "ghost"), "ROOT_GROUP auto1+auto2 ghost mia"},
		{"2.1", "a group that does not exist", user(std, 42), "auto1+auto2 mia"},
		{"2.1", "a group above that does not exist", user(std, 4), "g-lost auto1+auto2 mia"},
		{"2.1", "groups in a ring end", user(std, 5), "g-ring2 g-ring auto1+auto2 mia"},
		{"2.1", "teams after the roles of the profile and before those assigned, of equal rank", inTeams(user(std, 1, "x"), "t2", "t1"), "ROOT_GROUP auto1+auto2 t2+t1 x mia"},
		{"2.1", "a team that forces override comes with them", inTeams(user(admin, 1, "force1", "x"), "t-force", "t1"), "ROOT_GROUP auto-admin t1 x auto-force t-force force1 mia"},
		{"2.1", "a team that nobody knows", inTeams(user(std, 1, "x"), "ghost"), "ROOT_GROUP auto1+auto2 ghost x mia"},
		{"2.2", "shared is in teams", inTeams(user(shared, 3), "t1"), "auto1 t1 mia"},
		{"2.2", "shared inherits no group role", user(shared, 3, "x"), "auto1 x mia"},
		{"2.2", "anon inherits no group role", user(anon, 3, "x"), "auto-anon x mia"},
		{"2.2", "nor does a profile that is none", user("guest", 3), "mia"},
		{"2.4", "a disabled user has no roles", disabled, ""},
		{"2.4", "nobody has no roles", alveary.Subject{}, ""},
		{"2.4", "nor has he a role by its name", alveary.Subject{Role: "mia", User: alveary.User{Profile: std, Group: 1, Roles: []alveary.RoleID{"x"}}}, ""},
		{"2.3", "a link has its own role and no other, whatever it is said to have", alveary.Subject{
			Link: 5, Role: "mia", User: alveary.User{ID: 7, Profile: std, Group: 3, Roles: []alveary.RoleID{"x", alveary.LinkRole(6)}, Teams: []alveary.RoleID{"t1"}},
		}, "link:5"},
		{"2.3", "nobody else has a link's role", alveary.Subject{
			Role: alveary.LinkRole(5), User: alveary.User{ID: 7, Profile: std, Group: 1, Roles: []alveary.RoleID{"x", alveary.LinkRole(6)}, Teams: []alveary.RoleID{alveary.LinkRole(7)}},
		}, "ROOT_GROUP auto1+auto2 x"},
		{"2.6", "a user who owns no role", alveary.Subject{User: alveary.User{ID: 7, Profile: std, Group: 1}}, "ROOT_GROUP auto1+auto2"},
	} {
		t.Run(c.clause+" "+c.label, func(t *testing.T) {
			if got := inWords(acl.NewPeople(groups, roles).Stack(c.subject)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// inWords writes a stack and holds that ranks only rise.
func inWords(stack []acl.Ranked) string {
	var b strings.Builder
	for i, r := range stack {
		switch {
		case i == 0:
		case r.Rank == stack[i-1].Rank:
			b.WriteByte('+')
		case r.Rank > stack[i-1].Rank:
			b.WriteByte(' ')
		default:
			fmt.Fprintf(&b, " [%d after %d] ", r.Rank, stack[i-1].Rank)
		}
		b.WriteString(string(r.Role))
	}
	return b.String()
}

// A role that comes to a user by two ways counts at its last place.
func TestRoleHeldTwiceCountsLast(t *testing.T) {
	std := alveary.ProfileStandard
	people := acl.NewPeople([]alveary.Group{{ID: 1, Role: "root"}}, []alveary.Role{{ID: "r", Profiles: []alveary.Profile{std}}, {ID: "x"}})
	s := alveary.Subject{User: alveary.User{ID: 7, Profile: std, Group: 1, Roles: []alveary.RoleID{"x", "r"}}, Role: "own"}
	entries := ofRole([]alveary.Entry{on(2, "r", read), on(2, "x", both)})
	if got := newLedger(people.Stack(s), entries, nil).At(pathOf(2), present).Settle(0, 0); got != read.Implied() {
		t.Errorf("%v, want what r gives: it is assigned after x", got)
	}
}

// How a subject comes by each role is told with it.
func TestWays(t *testing.T) {
	std := alveary.ProfileStandard
	people := acl.NewPeople(
		[]alveary.Group{{ID: 1, Role: "root"}, {ID: 2, Parent: 1, Name: "sales", Role: "g"}},
		[]alveary.Role{{ID: "auto", Profiles: []alveary.Profile{std}}, {ID: "t"}, {ID: "f", ForceOverride: true}},
	)
	got := people.Stack(alveary.Subject{
		User: alveary.User{ID: 7, Profile: std, Group: 2, Roles: []alveary.RoleID{"f", "g"}, Teams: []alveary.RoleID{"t"}}, Role: "own",
	})
	want := map[alveary.RoleID][]acl.Way{
		"root": {acl.OfGroup}, "g": {acl.OfGroup, acl.Assigned}, "auto": {acl.OfProfile}, "t": {acl.OfTeam}, "f": {acl.Assigned}, "own": {acl.Own},
	}
	for _, r := range got {
		if ways := want[r.Role]; len(ways) == 0 || ways[0] != r.Way {
			t.Errorf("%s by way %d, want %v", r.Role, r.Way, ways)
			continue
		}
		want[r.Role] = want[r.Role][1:]
	}
	if path, ok := people.Owner("g"); path != "/sales" || !ok {
		t.Errorf("the owner of g is %q, %t", path, ok)
	}
	if path, ok := people.Owner("t"); ok {
		t.Errorf("a group owns the team: %q", path)
	}
}
