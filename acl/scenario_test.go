package acl_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"alveary"
	"alveary/acl"
)

// present is what a question is asked at that sets no time.
var present = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// scenario is what this package can decide of a scenario file (MODEL.md 8):
// people, tree, entries and questions about nodes.
type scenario struct {
	Roles []scenarioRole
	Users []struct {
		Name, Group string
		Profile     alveary.Profile
		Roles       []alveary.RoleID
	}
	Nodes []struct {
		Path, Type string
		Size       int64
		Meta       map[string]any // attributes decide nothing here
	}
	Entries []struct {
		Role     alveary.RoleID
		Node     string
		Rights   []string
		Deny     bool
		Policies []alveary.PolicyID
		Expires  string
	}
	Ask []struct {
		ID, Note, As, Node string
		Roles              []alveary.RoleID
		Context            struct {
			ServerTime string `yaml:"ServerTime"`
		}
		Actions map[string]string
	}

	ids     map[string]alveary.NodeID
	groups  map[string]alveary.Group
	byRole  map[alveary.RoleID][]alveary.Entry
	parents map[alveary.NodeID]alveary.NodeID
}

// scenarioRole is a name in the asker's order, or a role beside users.
type scenarioRole struct {
	ID       alveary.RoleID
	Profiles []alveary.Profile
	Force    bool
}

func (r *scenarioRole) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&r.ID)
	}
	type plain scenarioRole
	return n.Decode((*plain)(r))
}

// The scenario files that need entries alone.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d scenario files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := readScenario(text)
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Ask) == 0 {
				t.Fatal("asks nothing")
			}
			for i := range s.Ask {
				s.ask(t, i)
			}
		})
	}
}

func readScenario(text []byte) (*scenario, error) {
	s := &scenario{
		ids: map[string]alveary.NodeID{"/": alveary.RootID}, parents: map[alveary.NodeID]alveary.NodeID{},
		byRole: map[alveary.RoleID][]alveary.Entry{},
		groups: map[string]alveary.Group{"/": {ID: alveary.RootGroup, Role: alveary.RootGroupRole}},
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true) // nothing in a file goes unread
	if err := d.Decode(s); err != nil {
		return nil, err
	}
	for i, e := range s.Entries {
		entry := alveary.Entry{ID: alveary.EntryID(i + 1), Role: e.Role, Node: s.node(e.Node), Deny: e.Deny, Policies: e.Policies}
		var err error
		if entry.Rights, err = alveary.ParseRights(strings.Join(e.Rights, ",")); err != nil {
			return nil, err
		}
		if entry.Expires, err = readTime(e.Expires, time.Time{}); err != nil {
			return nil, err
		}
		s.byRole[e.Role] = append(s.byRole[e.Role], entry)
	}
	return s, nil
}

// node gives the id of a path and makes the folders above it.
func (s *scenario) node(path string) alveary.NodeID {
	if id, ok := s.ids[path]; ok {
		return id
	}
	parent := alveary.RootID
	if slash := strings.LastIndexByte(path, '/'); slash >= 0 {
		parent = s.node(path[:slash])
	}
	s.ids[path] = alveary.NodeID(len(s.ids) + 1)
	s.parents[s.ids[path]] = parent
	return s.ids[path]
}

// group gives a group and makes those above it.
func (s *scenario) group(path string) alveary.Group {
	path = "/" + strings.Trim(path, "/")
	if g, ok := s.groups[path]; ok {
		return g
	}
	parent := s.group(filepath.Dir(path))
	s.groups[path] = alveary.Group{
		ID: alveary.GroupID(len(s.groups) + 1), Parent: parent.ID, Name: filepath.Base(path), Role: alveary.RoleID("group:" + path),
	}
	return s.groups[path]
}

// stack is the asker's roles in order.
func (s *scenario) stack(as string, own []alveary.RoleID) ([]acl.Ranked, error) {
	var stack []acl.Ranked
	if as == "" {
		if own == nil {
			for _, r := range s.Roles {
				own = append(own, r.ID)
			}
		}
		for i, r := range own {
			stack = append(stack, acl.Ranked{Role: r, Rank: i + 1})
		}
		return stack, nil
	}
	for i, u := range s.Users {
		if u.Name != as {
			continue
		}
		subject := alveary.Subject{
			User: alveary.User{ID: alveary.UserID(i + 1), Login: u.Name, Profile: u.Profile, Group: s.group(u.Group).ID, Roles: u.Roles},
			Role: alveary.RoleID(u.Name),
		}
		var groups []alveary.Group
		for _, g := range s.groups {
			groups = append(groups, g)
		}
		var roles []alveary.Role
		for _, r := range s.Roles {
			roles = append(roles, alveary.Role{ID: r.ID, Profiles: r.Profiles, ForceOverride: r.Force})
		}
		return acl.NewPeople(groups, roles).Stack(subject), nil
	}
	return nil, fmt.Errorf("there is no user %q", as)
}

func (s *scenario) ask(t *testing.T, i int) {
	t.Helper()
	q := s.Ask[i]
	stack, err := s.stack(q.As, q.Roles)
	if err != nil {
		t.Fatalf("%s: %v", q.ID, err)
	}
	now, err := readTime(q.Context.ServerTime, present)
	if err != nil {
		t.Fatalf("%s: %v", q.ID, err)
	}
	path := world{parents: s.parents}.path(s.node(q.Node))
	l := newLedger(stack, func(r alveary.RoleID) []alveary.Entry { return s.byRole[r] }, nil)
	if len(q.Actions) == 0 {
		t.Errorf("%s: asks nothing", q.ID)
	}
	for word, expect := range q.Actions {
		a := actionOf(t, word)
		if expect != "allow" && expect != "deny" {
			t.Fatalf("%s: expects %q", q.ID, expect)
		}
		d := explain(l, path, a, now)
		if d.Allowed != (expect == "allow") {
			t.Errorf("%s: %s on %s: %v, want %s (%s)\n%+v", q.ID, word, q.Node, d, expect, q.Note, d.Trace)
		}
		if l.At(path, now).Settle(0, 0).Has(a) != d.Allowed {
			t.Errorf("%s: decided and explained differently", q.ID)
		}
	}
}

func actionOf(t *testing.T, word string) alveary.Action {
	t.Helper()
	for a := alveary.ActionRead; a <= alveary.ActionSync; a++ {
		if a.String() == word {
			return a
		}
	}
	t.Fatalf("there is no action %q", word)
	return 0
}

func readTime(text string, otherwise time.Time) (time.Time, error) {
	if text == "" {
		return otherwise, nil
	}
	if at, err := time.Parse("2006-01-02T15:04-0700", text); err == nil {
		return at, nil
	}
	return time.Parse(time.RFC3339, text)
}
