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
