package simulate_test

import (
	"context"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

var present = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func newGate() *authz.Gate { return authz.Deciding(func() time.Time { return present }) }

// source is access data in memory.
type source struct{ data alveary.AccessData }

func (s *source) AccessVersion(context.Context) (int64, error)          { return s.data.Version, nil }
func (s *source) Access(context.Context) (alveary.AccessData, error)    { return s.data, nil }
func (s *source) Login(context.Context, alveary.UserID) (string, error) { return "", nil }

func bind(t testing.TB, g *authz.Gate, src authz.Source, s alveary.Subject) *authz.Access {
	t.Helper()
	a, err := g.Bind(t.Context(), src, s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var mia = alveary.Subject{User: alveary.User{ID: 7, Login: "mia", Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, Role: "mia"}

// The tree of the tests: folder 2 in the root, folder 3 in it, file 4 in that.
func line(node alveary.NodeID) alveary.Lineage {
	root := alveary.Node{ID: 1, Type: alveary.Collection}
	top := alveary.Node{ID: 2, Parent: 1, Name: "top", Type: alveary.Collection}
	deep := alveary.Node{ID: 3, Parent: 2, Name: "deep", Type: alveary.Collection}
	file := alveary.Node{ID: 4, Parent: 3, Name: "file.txt", Type: alveary.Leaf, Version: 6, Blob: "current"}
	return map[alveary.NodeID]alveary.Lineage{1: {root}, 2: {root, top}, 3: {root, top, deep}, 4: {root, top, deep, file}}[node]
}

func on(node alveary.NodeID, r alveary.Rights) alveary.Entry {
	return alveary.Entry{ID: alveary.EntryID(node), Role: "mia", Node: node, Rights: r}
}
