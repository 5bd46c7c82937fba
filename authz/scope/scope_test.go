package scope_test

import (
	"testing"

	"alveary"
	"alveary/authz/scope"
)

// The mask leaves what the vocabulary says that a scope leaves.
func TestMaskIsTheVocabulary(t *testing.T) {
	line := alveary.Lineage{{ID: 1}, {ID: 2}, {ID: 3}}
	for _, reach := range []alveary.Reach{alveary.ReachAll, alveary.ReachWrite, alveary.ReachRead, "later"} {
		for _, node := range []alveary.NodeID{0, 1, 2, 3, 4} {
			for _, gateways := range []string{"", "rest", "s3,rest", "s3", "rest2"} {
				s := alveary.Scope{Reach: reach, Node: node, Gateways: gateways}
				for n := range line {
					want := alveary.Rights(0)
					if s.Gateway("rest") {
						want = s.Rights(line[:n+1], alveary.AllRights)
					}
					m := scope.New(s, "rest")
					if got := m.Rights(line[:n+1], alveary.AllRights); got != want || got&^m.Keep() != 0 || m.Free() != (s == alveary.Scope{}) {
						t.Errorf("%+v on %d: %q, want %q", s, n, got, want)
					}
				}
			}
		}
	}
	if none := (scope.Mask{}); none.Rights(line, alveary.AllRights) != 0 {
		t.Error("a mask of nothing leaves rights")
	}
}

func TestPurpose(t *testing.T) {
	for s, want := range map[alveary.Scope]string{
		{Reach: alveary.ReachRead}:           "reading files",
		{Reach: alveary.ReachWrite, Node: 3}: "files in one folder",
		{Node: 3, Gateways: "webdav,s3"}:     "files in one folder through webdav or s3",
		{Gateways: "sync"}:                   "requests through sync",
		{Reach: "later"}:                     "what this version of the server does not know",
	} {
		if got := scope.Purpose(s); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
}
