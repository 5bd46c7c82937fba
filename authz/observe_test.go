package authz_test

import (
	"fmt"
	"maps"
	"testing"

	"alveary"
	"alveary/authz"
)

func observed(p alveary.Policy) alveary.Policy {
	p.Mode = alveary.ModeObserved
	return p
}

func request(s alveary.Subject, id string) alveary.Subject {
	s.Request = id
	return s
}

// MODEL.md 7.8: what is observed decides nothing, and each request whose answer
// it would have changed is counted once.
func TestObservedOnNodes(t *testing.T) {
	policies := []alveary.Policy{
		observed(aclPolicy("no-write", allowing(nil, "read"), denying(nil, "write"))), // as much is read, and nothing written
		observed(aclPolicy("same", allowing(nil, "read", "write"))),
	}
	entries := []alveary.Entry{on(2, alveary.Givable), named(7, "mia", 3, "no-write"), named(8, "mia", 2, "same")}
	plain := access(t, on(2, alveary.Givable))
	for _, c := range []struct {
		name string
		ask  func(a *authz.Access)
		want map[alveary.PolicyID]int64
	}{
		{"what changes", func(a *authz.Access) { _ = a.Check(authz.Edit, line(4)) }, map[alveary.PolicyID]int64{"no-write": 1}},
		{"what stays", func(a *authz.Access) { _ = a.Check(authz.See, line(4)) }, nil},
		{"beside it", func(a *authz.Access) { _ = a.Check(authz.Edit, line(5)) }, nil},
		{"a listing", func(a *authz.Access) {
			f := a.In(line(3))
			for id := range alveary.NodeID(100) {
				f.Rights(alveary.Node{ID: 1000 + id, Name: "x", Type: alveary.Leaf})
			}
			_ = a.Check(authz.Edit, line(4))
		}, map[alveary.PolicyID]int64{"no-write": 1}},
		{"a look for a screen", func(a *authz.Access) { a.Rights(line(4)); a.Along(line(4)); a.Explain(line(4), alveary.ActionWrite) }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, _ := newGate(t)
			src := governed(policies, entries...)
			for range 3 { // one request may bind more than once
				c.ask(bind(t, g, src, request(mia, "r1")))
			}
			if got := g.Observed(); !maps.Equal(got, c.want) {
				t.Errorf("%v", got)
			}
			c.ask(bind(t, g, src, request(mia, "r2")))
			c.ask(bind(t, g, src, request(mia, "r1"))) // it has been counted, whoever came between
			if got := g.Observed(); !maps.Equal(got, c.want) {
				t.Errorf("of the second request: %v", got)
			}
			if got := g.Observed(); len(got) != 0 {
				t.Errorf("counted twice: %v", got)
			}
			a := bind(t, g, src, mia)
			for id := alveary.NodeID(1); id <= 5; id++ {
				if got, want := a.Rights(line(id)), plain.Rights(line(id)); got != want {
					t.Errorf("it decides: on %d %q, without it %q", id, got, want)
				}
			}
		})
	}
}

func TestObservedCalls(t *testing.T) {
	src := governed([]alveary.Policy{
		restPolicy("open", allowing(nil, "GET")), observed(restPolicy("shut", denying(nil, "GET", "PUT"))),
		observed(restPolicy("more", allowing(nil, "GET", "PUT"))), observed(restPolicy("silent", allowing(nil, "PATCH"))),
		ofType(alveary.PolicyOIDC, "in", allowing(nil, "login")), observed(ofType(alveary.PolicyOIDC, "out", denying(nil, "<.*>"))),
	})
	g, _ := newGate(t)
	for i, c := range []struct {
		ask     func(s alveary.Subject) error
		allowed bool
		want    map[alveary.PolicyID]int64
	}{
		{func(s alveary.Subject) error { return g.Call(t.Context(), src, s, "GET", "/x") }, true, map[alveary.PolicyID]int64{"shut": 1}},
		{func(s alveary.Subject) error { return g.Call(t.Context(), src, s, "PUT", "/x") }, false, map[alveary.PolicyID]int64{"more": 1}},
		{func(s alveary.Subject) error { return g.Call(t.Context(), src, s, "POST", "/x") }, false, nil},
		{func(s alveary.Subject) error {
			_, err := g.SignIn(t.Context(), src, s, authz.ActionLogin)
			return err
		}, true, map[alveary.PolicyID]int64{"out": 1}},
		{func(s alveary.Subject) error {
			_, err := g.SignIn(t.Context(), src, s, authz.ActionIssue)
			return err
		}, false, nil},
	} {
		s := request(mia, fmt.Sprint("request ", i))
		for range 2 {
			if err := c.ask(s); (err == nil) != c.allowed {
				t.Errorf("%d: %v", i, err)
			}
		}
		if got := g.Observed(); !maps.Equal(got, c.want) {
			t.Errorf("%d: %v", i, got)
		}
	}
}

// MODEL.md 3.5: an entry of which no policy is in force does not exist, so that
// it replaces nothing; one that also names a missing policy denies.
func TestEntriesOutOfForce(t *testing.T) {
	off := aclPolicy("off", allowing(nil, "read"), denying(nil, "write"))
	off.Mode = alveary.ModeOff
	watched := observed(aclPolicy("watched", denying(nil, "write")))
	policies := []alveary.Policy{off, watched, aclPolicy("on", allowing(nil, "write"))}
	for _, c := range []struct {
		names []alveary.PolicyID
		want  alveary.Rights
	}{
		{[]alveary.PolicyID{"off"}, alveary.AllRights},
		{[]alveary.PolicyID{"watched"}, alveary.AllRights},
		{[]alveary.PolicyID{"off", "watched"}, alveary.AllRights},
		{[]alveary.PolicyID{"off", "on"}, alveary.RightWrite.Implied()},
		{[]alveary.PolicyID{"off", "nope"}, 0},
		{[]alveary.PolicyID{"watched", "on", "nope"}, 0},
	} {
		g, _ := newGate(t)
		a := bind(t, g, governed(policies, on(2, alveary.Givable), named(9, "mia", 3, c.names...)), mia)
		if got := a.Rights(line(4)); got != c.want {
			t.Errorf("%q: %q", c.names, got)
		}
		e := a.Explain(line(4), alveary.ActionRead)
		clause, state := "3.4", "not in force"
		switch c.want {
		case 0:
			clause, state = "3.5", "denies"
		case alveary.AllRights:
		default:
			clause, state = "3.5", "counts"
		}
		if step := e.Roles[len(e.Roles)-1].Entries[1]; e.Decided.Clause != clause || step.State != state {
			t.Errorf("%q: %+v, %+v", c.names, e.Decided, step)
		}
	}
}
