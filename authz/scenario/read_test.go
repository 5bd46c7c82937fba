package scenario_test

import (
	"errors"
	"strings"
	"testing"

	"alveary"
	"alveary/authz/scenario"
)

// What is wrong with a file is said with its line.
func TestMalformedFiles(t *testing.T) {
	for _, c := range []struct {
		name, text string
		line       int
		says       string
	}{
		{"nothing", "", 0, "empty"},
		{"a comment alone", "# nothing\n", 0, "empty"},
		{"no questions", "roles: [usr]\n", 0, "asks nothing"},
		{"an empty list of questions", "roles: [usr]\nask: []\n", 0, "asks nothing"},
		{"no YAML", "roles: [usr\nask: []\n", 1, "did not find"},
		{"tabs", "roles:\n\t- usr\n", 2, ""},
		{"a list", "- roles\n", 1, "map"},
		{"two documents", "ask: []\n---\nask: []\n", 0, "more than one document"},
		{"an unknown field", "role: [usr]\n", 1, `no field "role"`},
		{"a key twice", "roles: [usr]\nroles: [usr]\n", 2, "already defined"},
		{"a merge", "x: &x {a: 1}\n", 1, `no field "x"`},
		{"an alias of itself", "roles: &a [*a]\n", 0, "itself"},
		{"a role of a list", "roles: [[usr]]\n", 1, "a role is a map"},
		{"a role without id", "roles:\n  - {force: true}\n", 2, "has an id"},
		{"a role of an unknown profile", "roles:\n  - {id: a, profiles: [admin, boss]}\n", 2, `"boss" is no profile`},
		{"a force that is no boolean", "roles: [{id: a, force: 1}]\n", 1, "true or false"},
		{"a user without name", "users:\n- {profile: admin}\n", 2, "has a name"},
		{"two users of one name", "users:\n- {name: a}\n- {name: a}\n", 3, "two users"},
		{"a user with an unknown field", "users:\n- {name: a, grp: /x}\n", 2, `no field "grp"`},
		{"a node without path", "nodes:\n- {size: 1}\n", 2, "has a path"},
		{"a node twice", "nodes:\n- {path: a}\n- {path: /a/}\n", 3, "stands twice"},
		{"an empty part of a path", "nodes:\n- {path: a//b}\n", 2, "is no path"},
		{"a path that climbs", "nodes:\n- {path: a/../b}\n", 2, "is no path"},
		{"an empty path", "nodes:\n- {path: ''}\n", 2, "is no path"},
		{"a size in words", "nodes:\n- {path: a, size: big}\n", 2, "number of bytes"},
		{"a size below nothing", "nodes:\n- {path: a, size: -1}\n", 2, "number of bytes"},
		{"an unknown type", "nodes:\n- {path: a, type: FILE}\n", 2, "LEAF and COLLECTION"},
		{"a name as metadata", "nodes:\n- {path: a, meta: {NodeMetaName: b}}\n", 2, "not set by meta"},
		{"an entry without node", "entries:\n- {role: a, deny: true}\n", 2, "a role and a node"},
		{"a right that is not given", "entries:\n- {role: a, node: b, rights: [read, download]}\n", 2, "read and write"},
		{"an expiry that is no time", "entries:\n- {role: a, node: b, expires: tomorrow}\n", 2, "is a time"},
		{"a policy without id", "policies:\n- {type: acl}\n", 2, "has an id"},
		{"two policies of one id", "policies:\n- {id: p}\n- {id: p}\n", 3, "two policies"},
		{"an unknown field of a policy", "policies:\n- {id: p, kind: acl}\n", 2, `no field "kind"`},
		{"an unknown field of a rule", "policies:\n- id: p\n  rules:\n  - {effect: deny, action: [read]}\n", 4, `no field "action"`},
		{"an unknown field of a condition", "policies:\n- id: p\n  rules:\n  - conditions: {A: {type: T, option: {}}}\n", 4, `no field "option"`},
		{"actions that are no list", "policies:\n- id: p\n  rules:\n  - {actions: read}\n", 4, "is a list"},
		{"an attribute twice", "policies:\n- id: p\n  rules:\n  - conditions: {A: {type: T}, A: {type: U}}\n", 4, "already defined"},
		{"a question about nothing", "ask:\n- {id: a}\n", 2, "is about a node"},
		{"a question that expects nothing", "ask:\n- {node: a}\n", 2, "says what it expects"},
		{"a right nobody knows", "ask:\n- {node: a, actions: {look: allow}}\n", 2, `"look" cannot be asked`},
		{"an answer nobody gives", "ask:\n- {node: a, actions: {read: yes}}\n", 2, `"yes" cannot be expected`},
		{"no action at all", "ask:\n- {node: a, actions: {}}\n", 2, "names an action"},
		{"both ways to ask", "ask:\n- {node: a, actions: {read: allow}, action: read, expect: allow}\n", 2, "or action: and expect:"},
		{"an action without answer", "ask:\n- {policy: p, action: GET}\n", 2, "says what it expects"},
		{"a value for a node", "ask:\n- {node: a, value: 1, actions: {read: allow}}\n", 2, `no field "value"`},
		{"a value for a policy to save", "ask:\n- {save: {id: p}, value: 1, expect: valid}\n", 2, `no field "value"`},
		{"a condition that expects an allow", "ask:\n- {condition: {type: T}, expect: allow}\n", 2, "true, false, undecided, invalid"},
		{"a policy to save that expects a truth", "ask:\n- {save: {id: p}, expect: true}\n", 2, "valid, invalid"},
		{"somebody unknown", "ask:\n- {as: mia, node: a, actions: {read: allow}}\n", 2, `no user "mia"`},
		{"two askers", "users:\n- {name: mia}\nask:\n- {as: mia, roles: [a], node: a, actions: {read: allow}}\n", 4, "not both"},
		{"no asker", "users:\n- {name: mia}\nask:\n- {node: a, actions: {read: allow}}\n", 4, "who asks"},
		{"a Cell without owner", "users:\n- {name: mia}\ncells:\n- {id: c}\n", 4, "an id and an owner"},
		{"a Cell of nobody", "cells:\n- {id: c, owner: mia}\n", 2, `no user "mia"`},
		{"two Cells of one id", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia}\n- {id: c, owner: mia}\n", 5, "two Cells"},
		{"a Cell with a password", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia, password: true}\n", 4, "a link has a mode"},
		{"an unknown mode", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia, mode: look}\n", 4, "no mode of a link"},
		{"an entry of a Cell for nobody", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia, entries: [{node: a, rights: [read]}]}\n", 4, "a role, a user or a group"},
		{"a Cell that denies", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia, entries: [{user: mia, node: a, deny: true}]}\n", 4, `no field "deny"`},
		{"a link for somebody", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia, mode: read, entries: [{user: mia, node: a}]}\n", 4, `no field "user"`},
		{"a house rule of nobody", "house:\n- {node: a, cells: true}\n", 2, "a role and a node"},
		{"a link that is a Cell", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia}\nask:\n- {link: c, node: a, actions: {read: allow}}\n", 6, `no link "c"`},
		{"a link with roles", "users:\n- {name: mia}\ncells:\n- {id: c, owner: mia, mode: read}\nask:\n- {link: c, as: mia, node: a, actions: {read: allow}}\n", 6, "no role but the link's"},
		{"a guest of nothing", "users:\n- {name: mia}\nask:\n- {as: mia, guest: mia, node: a, actions: {read: allow}}\n", 4, "opens a link"},
		{"an unknown field of a question", "ask:\n- {node: a, actions: {read: allow}, why: not}\n", 2, `no field "why"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := scenario.Read([]byte(c.text))
			var m *scenario.Malformed
			if !errors.As(err, &m) || alveary.KindOf(err) != alveary.KindInvalid {
				t.Fatalf("%v", err)
			}
			if m.Line != c.line || !strings.Contains(m.Message, c.says) || strings.Contains(m.Message, "\n") {
				t.Errorf("line %d: %q, want line %d and %q", m.Line, m.Message, c.line, c.says)
			}
		})
	}
}

func TestFilesThatAreTooLarge(t *testing.T) {
	text := "roles: [usr]\n#" + strings.Repeat("x", 4<<20)
	if _, err := scenario.Read([]byte(text)); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("%v", err)
	}
	// Aliases of aliases, a billion times nothing.
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'l'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 8) + "]\n"
	}
	if _, err := scenario.Read([]byte(bomb)); err == nil {
		t.Error("a file that multiplies was read")
	}
}

// A file may hold policies alone, for who wants nothing else of it.
func TestReadLax(t *testing.T) {
	f, err := scenario.ReadLax([]byte(`
policies:
  - id: p
    type: rest
    mode: observed
    label: 12
    rules:
      - id: r
        effect: deny
        actions: [GET]
        subjects: []
        conditions:
          - {attribute: ServerTime, type: DateAfterCondition, options: {matches: 2018-02-05T12:00:00Z}}
          - {attribute: ServerTime, type: CompareCondition, options: {op: "<", value: 5, values: [1.5, true, null]}}
`))
	if err != nil || len(f.Policies()) != 1 {
		t.Fatalf("%v, %v", f, err)
	}
	p := f.Policies()[0]
	rule := p.Rules[0]
	if p.Label != "12" || p.Mode != alveary.ModeObserved || rule.Subjects == nil || rule.Resources != nil || len(rule.Conditions) != 2 {
		t.Errorf("%+v", p)
	}
	if got := rule.Conditions[0].Options["matches"]; got != "2018-02-05T12:00:00Z" {
		t.Errorf("an option that is a time: %#v", got)
	}
	second := rule.Conditions[1].Options
	if list, ok := second["values"].([]any); !ok || list[0] != 1.5 || list[1] != true || list[2] != nil || second["value"] != 5.0 {
		t.Errorf("options as JSON has them: %#v", second)
	}
	if _, err := scenario.ReadLax([]byte("policies: 12")); err == nil {
		t.Error("12 policies were read")
	}
}

// Whatever the text, reading ends without a panic and says something.
func FuzzRead(f *testing.F) {
	f.Add("roles: [usr]\nask:\n- {node: a, actions: {read: deny}}\n")
	f.Add("users: [{name: a, group: /x}]\nask:\n- {as: a, policy: p, subjects: [x], action: GET, expect: deny}\n")
	f.Add("ask:\n- {condition: {type: BooleanCondition, options: {value: true}}, value: &x [1, {a: b}], expect: undecided}\n- {save: {}, expect: valid}\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := scenario.Read([]byte(text))
		if err != nil {
			if err.Error() == "" {
				t.Error("nothing said")
			}
			return
		}
		for _, r := range file.Run(present) {
			if r.ID == "" || r.Expected == "" || r.Got == "" || r.Passed != (r.Expected == r.Got) {
				t.Errorf("%+v", r)
			}
		}
	})
}
