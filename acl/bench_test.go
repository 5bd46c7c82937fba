package acl_test

import (
	"fmt"
	"testing"
	"time"

	"alveary"
	"alveary/acl"
)

// office is a subject with eight roles, 1000 entries of theirs, and a folder
// six levels down.
func office() (stack []acl.Ranked, entries map[alveary.RoleID][]alveary.Entry, path []alveary.NodeID) {
	entries = map[alveary.RoleID][]alveary.Entry{}
	for i := range 8 {
		role := alveary.RoleID(fmt.Sprintf("role-%d", i))
		stack = append(stack, acl.Ranked{Role: role, Rank: i + 1})
		for j := range 125 {
			e := on(alveary.NodeID(1000+(i*125+j)*7), role, both)
			if j%5 == 0 {
				e.Expires = present.Add(time.Duration(j) * time.Hour)
			}
			entries[role] = append(entries[role], e)
		}
	}
	path = []alveary.NodeID{1, 2, 3, 4, 5, 6}
	entries["role-0"] = append(entries["role-0"], on(2, "role-0", read))
	entries["role-7"] = append(entries["role-7"], on(4, "role-7", both))
	return stack, entries, path
}

func BenchmarkDecision(b *testing.B) {
	stack, entries, path := office()
	l := newLedger(stack, func(r alveary.RoleID) []alveary.Entry { return entries[r] }, nil)
	b.ReportAllocs()
	for b.Loop() {
		if !l.At(path, present).Settle(0, 0).Has(alveary.ActionWrite) {
			b.Fatal("denied")
		}
	}
}

func BenchmarkBind(b *testing.B) {
	stack, entries, _ := office()
	b.ReportAllocs()
	for b.Loop() {
		newLedger(stack, func(r alveary.RoleID) []alveary.Entry { return entries[r] }, nil)
	}
}

// Of 5,000 groups the user is in one nine levels down, and in twenty teams.
func BenchmarkStack(b *testing.B) {
	groups := []alveary.Group{{ID: 1, Role: "g1"}}
	for id := alveary.GroupID(2); id <= 5000; id++ {
		groups = append(groups, alveary.Group{ID: id, Parent: (id + 1) / 3, Name: fmt.Sprint(id), Role: alveary.RoleID(fmt.Sprint("g", id))})
	}
	var roles []alveary.Role
	s := alveary.Subject{User: alveary.User{ID: 7, Login: "mia", Profile: alveary.ProfileStandard, Group: 5000}, Role: "mia"}
	for i := range 1000 {
		r := alveary.Role{ID: alveary.RoleID(fmt.Sprint("r", i)), ForceOverride: i%3 == 0}
		if i%100 == 0 {
			r.Profiles = []alveary.Profile{alveary.ProfileStandard}
		}
		roles = append(roles, r)
		if i < 20 {
			s.User.Teams, s.User.Roles = append(s.User.Teams, r.ID), append(s.User.Roles, r.ID+"0")
		}
	}
	people := acl.NewPeople(groups, roles)
	b.ReportAllocs()
	for b.Loop() {
		if len(people.Stack(s)) < 50 {
			b.Fatal("too short a stack")
		}
	}
}

func BenchmarkListing10000(b *testing.B) {
	stack, entries, path := office()
	l := newLedger(stack, func(r alveary.RoleID) []alveary.Entry { return entries[r] }, nil)
	b.ReportAllocs()
	for b.Loop() {
		folder, visible := l.At(path, present), 0
		for child := alveary.NodeID(1000); child < 11_000; child++ {
			if l.Below(folder, child, present).Settle(0, 0).Has(alveary.ActionRead) {
				visible++
			}
		}
		if visible != 10_000 {
			b.Fatal(visible)
		}
	}
}

// Once bound, deciding allocates nothing.
func TestDecidingAllocatesNothing(t *testing.T) {
	stack, entries, path := office()
	l := newLedger(stack, func(r alveary.RoleID) []alveary.Entry { return entries[r] }, nil)
	if n := testing.AllocsPerRun(100, func() {
		folder := l.At(path, present)
		for child := alveary.NodeID(1000); child < 1100; child++ {
			_ = l.Below(folder, child, present).Settle(0, 0)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
