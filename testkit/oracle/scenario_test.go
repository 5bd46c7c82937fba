package oracle_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"alveary"
	"alveary/testkit/oracle"
)

// scenario is a file of MODEL.md 8, read by this test alone.
type scenario struct {
	Roles []yaml.Node
	Users []struct {
		Name       string
		Profile    alveary.Profile
		Group      string
		Roles      []alveary.RoleID
		Attributes map[string]string
	}
	Nodes []struct {
		Path string
		Type alveary.NodeType
		Size int64
		Meta map[string]any
	}
	Entries []struct {
		Role     alveary.RoleID
		Node     string
		Rights   []string
		Deny     bool
		Policies []alveary.PolicyID
		Expires  string
	}
	Policies []yaml.Node
	Ask      []question
}

type question struct {
	ID, Note  string
	As        string
	Roles     []alveary.RoleID
	Node      *string
	Actions   map[string]string
	Context   map[string]any
	Policy    alveary.PolicyID
	Subjects  []string
	Resource  string
	Action    string
	Condition yaml.Node
	Value     any
	Save      yaml.Node
	Expect    any
}

// Every question of the public scenario files, asked of the oracle.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../../policy/testdata/*.yaml")
	if err != nil || len(files) < 37 {
		t.Fatalf("%d scenario files, %v", len(files), err)
	}
	asked := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s scenario
		d := yaml.NewDecoder(bytes.NewReader(text))
		d.KnownFields(true)
		if err := d.Decode(&s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		h := build(t, s)
		for _, q := range s.Ask {
			asked++
			t.Run(q.ID, func(t *testing.T) { h.ask(t, q) })
		}
	}
	t.Logf("%d questions of %d files", asked, len(files))
}

// house is the world of a scenario: what the oracle needs, by name.
type house struct {
	oracle.World
	roles []alveary.RoleID
	users map[string]*oracle.Asker
	lines map[string][]alveary.Node
	metas map[alveary.NodeID]map[string]any
}

func build(t *testing.T, s scenario) *house {
	t.Helper()
	h := &house{users: map[string]*oracle.Asker{}, lines: map[string][]alveary.Node{}, metas: map[alveary.NodeID]map[string]any{}}
	for _, n := range s.Roles {
		h.addRole(t, n)
	}
	h.lines[""] = []alveary.Node{{ID: alveary.RootID, Type: alveary.Collection}}
	for _, n := range s.Nodes {
		line := h.line(n.Path)
		if n.Type != "" {
			line[len(line)-1].Type = n.Type
		}
		line[len(line)-1].Size = n.Size
		h.metas[line[len(line)-1].ID] = n.Meta
	}
	for _, e := range s.Entries {
		line := h.line(e.Node)
		entry := alveary.Entry{Role: e.Role, Node: line[len(line)-1].ID, Deny: e.Deny, Policies: e.Policies}
		entry.Rights = rights(t, e.Rights)
		if e.Expires != "" {
			entry.Expires = parseTime(t, e.Expires)
		}
		h.Data.Entries = append(h.Data.Entries, entry)
	}
	for _, n := range s.Policies {
		h.Data.Policies = append(h.Data.Policies, policyOf(t, &n))
	}
	for _, u := range s.Users {
		user := alveary.User{ID: 7, Login: u.Name, Profile: u.Profile, Roles: u.Roles, Attributes: u.Attributes, Group: h.group(u.Group)}
		if user.Profile == "" {
			user.Profile = alveary.ProfileStandard
		}
		h.users[u.Name] = h.Asker(alveary.Subject{User: user, Role: alveary.RoleID(u.Name)})
	}
	return h
}

func (h *house) addRole(t *testing.T, n yaml.Node) {
	t.Helper()
	if n.Kind == yaml.ScalarNode {
		h.roles = append(h.roles, alveary.RoleID(n.Value))
		return
	}
	var r struct {
		ID       alveary.RoleID
		Profiles []alveary.Profile
		Force    bool
	}
	if err := n.Decode(&r); err != nil {
		t.Fatal(err)
	}
	h.Data.Roles = append(h.Data.Roles, alveary.Role{ID: r.ID, Profiles: r.Profiles, ForceOverride: r.Force})
}

// group makes the groups of a path where they are not there yet.
func (h *house) group(groupPath string) alveary.GroupID {
	parent := alveary.GroupID(0)
	for _, one := range append([]string{""}, strings.FieldsFunc(groupPath, func(r rune) bool { return r == '/' })...) {
		at := slices.IndexFunc(h.Data.Groups, func(g alveary.Group) bool { return g.Parent == parent && g.Name == one })
		if at < 0 {
			role := alveary.RootGroupRole
			if one != "" {
				up, _, _ := strings.Cut(groupPath, "/"+one)
				role = alveary.RoleID("group:" + up + "/" + one)
			}
			at = len(h.Data.Groups)
			h.Data.Groups = append(h.Data.Groups, alveary.Group{ID: alveary.GroupID(at + 1), Parent: parent, Name: one, Role: role})
		}
		parent = h.Data.Groups[at].ID
	}
	return parent
}

// line is the way to a node; a node passed on the way is a folder.
func (h *house) line(p string) []alveary.Node {
	p = strings.Trim(p, "/")
	if line, ok := h.lines[p]; ok {
		return line
	}
	parent := h.line(strings.Trim(path.Dir("/"+p), "/"))
	parent[len(parent)-1].Type = alveary.Collection
	node := alveary.Node{ID: alveary.NodeID(len(h.lines) + 1), Name: path.Base(p), Type: alveary.Leaf}
	h.lines[p] = append(slices.Clip(slices.Clone(parent)), node)
	return h.lines[p]
}

// lineNow is line with the folders as they are known in the end.
func (h *house) lineNow(p string) []alveary.Node {
	line := h.line(p)
	for i := range line[:len(line)-1] {
		line[i].Type = alveary.Collection
	}
	return line
}

func (h *house) ask(t *testing.T, q question) {
	switch {
	case !q.Save.IsZero():
		if err := oracle.Refused(policyOf(t, &q.Save)); (err != nil) != (q.Expect == "invalid") {
			t.Errorf("%s: saved with %v, want %v", q.Note, err, q.Expect)
		}
	case !q.Condition.IsZero():
		h.askCondition(t, q)
	case q.Policy != "":
		h.askPolicy(t, q)
	default:
		h.askNode(t, q)
	}
}

func (h *house) askCondition(t *testing.T, q question) {
	c := conditionOf(t, &q.Condition)
	got := "invalid"
	if oracle.RefusedCondition(c) == nil {
		facts := oracle.Facts{Context: h.context(t, q, nil), Asker: h.asker(q), Subjects: q.Subjects}
		got = facts.Test(c, valueOf(t, q.Value)).String()
	}
	if want := fmt.Sprint(q.Expect); got != want {
		t.Errorf("%s: %s, want %s", q.Note, got, want)
	}
}

func (h *house) askPolicy(t *testing.T, q question) {
	at := slices.IndexFunc(h.Data.Policies, func(p alveary.Policy) bool { return p.ID == q.Policy })
	facts := oracle.Facts{Subjects: q.Subjects, Resource: q.Resource, Context: h.context(t, q, nil), Asker: h.asker(q)}
	got := "deny"
	if facts.Decide(h.Data.Policies[at], q.Action) == oracle.Allow {
		got = "allow"
	}
	if got != q.Expect {
		t.Errorf("%s: %s, want %v", q.Note, got, q.Expect)
	}
}

func (h *house) askNode(t *testing.T, q question) {
	line := h.lineNow(*q.Node)
	got := h.Rights(h.asker(q), h.context(t, q, line), line)
	for _, action := range alveary.AllRights.Actions() {
		word := "deny"
		if got.Has(action) {
			word = "allow"
		}
		if want := q.Actions[action.String()]; want != "" && word != want {
			t.Errorf("%s: %s %s, want %s", q.Note, action, word, want)
		}
	}
}

func (h *house) asker(q question) *oracle.Asker {
	if q.As != "" {
		return h.users[q.As]
	}
	roles := h.roles
	if q.Roles != nil {
		roles = q.Roles
	}
	a := &oracle.Asker{}
	for _, id := range roles {
		a.Ranks = append(a.Ranks, []alveary.RoleID{id})
	}
	return a
}

// context is what the question says, and of the node asked for its attributes.
func (h *house) context(t *testing.T, q question, line []alveary.Node) *alveary.Context {
	c := &alveary.Context{Now: time.Now(), Set: map[string]alveary.Value{}}
	if len(line) > 0 {
		meta := h.metas[line[len(line)-1].ID]
		values := map[string][]string{}
		for namespace, v := range meta {
			switch v := v.(type) {
			case []any:
				for _, one := range v {
					values[namespace] = append(values[namespace], fmt.Sprint(one))
				}
			default:
				values[namespace] = []string{fmt.Sprint(v)}
			}
		}
		line[len(line)-1].Meta = alveary.NewMetadata(values)
	}
	for name, v := range q.Context {
		c.Set[name] = valueOf(t, v)
	}
	return c
}

func rights(t *testing.T, words []string) alveary.Rights {
	t.Helper()
	r, err := alveary.ParseRights(strings.Join(words, ","))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func parseTime(t *testing.T, text string) time.Time {
	t.Helper()
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04-0700"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	t.Fatalf("%q is no time", text)
	return time.Time{}
}

func valueOf(t *testing.T, decoded any) alveary.Value {
	t.Helper()
	v, err := alveary.ValueOf(decoded)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type condition struct {
	Type    string
	Options map[string]any
}

func conditionOf(t *testing.T, n *yaml.Node) alveary.Condition {
	t.Helper()
	var c condition
	if err := n.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return alveary.Condition{Type: c.Type, Options: c.Options}
}

func policyOf(t *testing.T, n *yaml.Node) alveary.Policy {
	t.Helper()
	var p struct {
		ID    alveary.PolicyID
		Type  alveary.PolicyType
		Mode  alveary.PolicyMode
		Label string
		Rules []struct {
			ID, Label  string
			Effect     alveary.Effect
			Actions    []string
			Subjects   []string
			Resources  []string
			Conditions map[string]condition
		}
	}
	if err := n.Decode(&p); err != nil {
		t.Fatal(err)
	}
	policy := alveary.Policy{ID: p.ID, Type: p.Type, Mode: p.Mode}
	for _, r := range p.Rules {
		rule := alveary.Rule{Effect: r.Effect, Actions: r.Actions, Subjects: r.Subjects, Resources: r.Resources}
		for _, name := range slices.Sorted(maps.Keys(r.Conditions)) {
			c := r.Conditions[name]
			rule.Conditions = append(rule.Conditions, alveary.AttributeCondition{
				Attribute: name, Condition: alveary.Condition{Type: c.Type, Options: c.Options},
			})
		}
		policy.Rules = append(policy.Rules, rule)
	}
	return policy
}
