package scenario

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"alveary"
)

// ask reads one question. What nobody would look at in a question of its form
// is an error, since its author meant something by it.
func (r *reader) ask(n *yaml.Node, f *File, count int) ask {
	q := ask{line: n.Line}
	var action, expect *yaml.Node
	seen := map[string]bool{}
	note := func(name string, read func(*yaml.Node)) func(*yaml.Node) {
		return func(n *yaml.Node) { seen[name] = true; read(n) }
	}
	fields := map[string]func(*yaml.Node){
		"id":        func(n *yaml.Node) { q.id = r.text(n, "the id of a question") },
		"note":      func(n *yaml.Node) { q.note = r.text(n, "a note") },
		"as":        func(n *yaml.Node) { q.as = r.user(n, f) },
		"roles":     func(n *yaml.Node) { q.roles = r.ownRoles(n) },
		"link":      func(n *yaml.Node) { q.link = r.link(n, f) },
		"guest":     func(n *yaml.Node) { q.guest = r.user(n, f) },
		"context":   func(n *yaml.Node) { q.context = r.context(n) },
		"node":      func(n *yaml.Node) { q.node = r.asked(n, f.tree) },
		"policy":    func(n *yaml.Node) { q.policy = alveary.PolicyID(r.text(n, "the id of a policy")) },
		"subjects":  func(n *yaml.Node) { q.subjects = r.texts(n, "subjects") },
		"resource":  func(n *yaml.Node) { text := r.text(n, "a resource"); q.resource = &text },
		"action":    func(n *yaml.Node) { action = n },
		"actions":   func(n *yaml.Node) { q.answers = r.answers(n) },
		"expect":    func(n *yaml.Node) { expect = n },
		"condition": func(n *yaml.Node) { q.condition = draft(n, (*reader).condition) },
		"value":     func(n *yaml.Node) { q.value = r.value(n) },
		"save":      func(n *yaml.Node) { q.save = draft(n, (*reader).policy) },
	}
	for name, read := range fields {
		fields[name] = note(name, read)
	}
	r.fields(n, "a question", fields)
	if q.id == "" {
		q.id = number(count)
	}
	r.form(n, seen)
	r.expected(n, &q, action, expect)
	if !seen["as"] && !seen["roles"] && !seen["link"] && q.needsAsker() && !f.asksAsListed() {
		r.fail(n, "the question does not say who asks: give it as: or roles:")
	}
	return q
}

func (q *ask) needsAsker() bool {
	return q.save == nil && q.condition == nil && (q.policy == "" || q.subjects == nil)
}

// asksAsListed says whether the roles of the file are an asker's.
func (f *File) asksAsListed() bool {
	return len(f.users) == 0 || len(f.roles) > 0 && !slices.ContainsFunc(f.roles, func(r role) bool { return !r.plain })
}

// form checks that a question is of one form, and that each field is of it.
func (r *reader) form(n *yaml.Node, seen map[string]bool) {
	common := []string{"id", "note", "as", "roles", "link", "guest", "context", "expect"}
	forms := []struct {
		field, others string
	}{
		{"save", ""},
		{"condition", "value node subjects resource"},
		{"policy", "node subjects resource action actions"},
		{"node", "action actions"},
	}
	for _, form := range forms {
		if !seen[form.field] {
			continue
		}
		may := append(slices.Clone(common), append(strings.Fields(form.others), form.field)...)
		for field := range seen {
			if !slices.Contains(may, field) {
				r.fail(n, "a question about a %s has no field %q", form.field, field)
			}
		}
		switch {
		case seen["as"] && seen["roles"]:
			r.fail(n, "a question has as: or roles:, not both")
		case seen["link"] && (seen["as"] || seen["roles"]):
			r.fail(n, "whoever opens a link has no role but the link's; who is signed in is the guest:")
		case seen["guest"] && !seen["link"]:
			r.fail(n, "a guest: opens a link:")
		}
		return
	}
	r.fail(n, "a question is about a node, a policy, a condition or a policy to save")
}

// expected reads what the answer should be, in the words of the form.
func (r *reader) expected(n *yaml.Node, q *ask, action, expect *yaml.Node) {
	if expect != nil {
		q.expect = r.text(expect, "expect")
	}
	words := []string{"allow", "deny"}
	switch {
	case q.save != nil:
		words = []string{"valid", "invalid"}
	case q.condition != nil:
		words = []string{"true", "false", "undecided", "invalid"}
	case q.answers != nil:
		if action != nil || expect != nil {
			r.fail(n, "a question has actions:, or action: and expect:")
		}
		r.rights(n, q)
		return
	case action == nil || expect == nil:
		r.fail(n, "a question says what it expects: actions:, or action: and expect:")
		return
	default:
		q.answers = []answer{{r.text(action, "an action"), q.expect == "allow"}}
		r.rights(n, q)
	}
	if expect == nil {
		expect = n
	}
	if !slices.Contains(words, q.expect) {
		r.fail(expect, "%q cannot be expected here: it is %s", q.expect, strings.Join(words, ", "))
	}
}

func (r *reader) answers(n *yaml.Node) []answer {
	out := []answer{}
	r.each(n, "actions", func(key, value *yaml.Node) {
		expect := r.text(value, "what is expected")
		if expect != "allow" && expect != "deny" {
			r.fail(value, "%q cannot be expected here: it is allow, deny", expect)
		}
		out = append(out, answer{key.Value, expect == "allow"})
	})
	if len(out) == 0 {
		r.fail(n, "a question names an action")
	}
	return out
}

// rights checks that what is asked of a node is one of the six rights.
func (r *reader) rights(n *yaml.Node, q *ask) {
	for _, a := range q.answers {
		if _, ok := actionOf(a.action); !ok && q.policy == "" {
			r.fail(n, "%q cannot be asked of a node: there are %s", a.action, alveary.AllRights)
		}
	}
}

func actionOf(word string) (alveary.Action, bool) {
	for _, a := range alveary.AllRights.Actions() {
		if a.String() == word {
			return a, true
		}
	}
	return 0, false
}

func (r *reader) user(n *yaml.Node, f *File) string {
	name := r.text(n, "as")
	if !slices.ContainsFunc(f.users, func(u user) bool { return u.name == name }) {
		r.fail(n, "there is no user %q", name)
	}
	return name
}

func (r *reader) ownRoles(n *yaml.Node) []alveary.RoleID {
	out := []alveary.RoleID{}
	for _, id := range r.texts(n, "roles") {
		out = append(out, alveary.RoleID(id))
	}
	return out
}

func (r *reader) context(n *yaml.Node) map[string]alveary.Value {
	out := map[string]alveary.Value{}
	r.each(n, "context", func(key, value *yaml.Node) { out[key.Value] = r.value(value) })
	return out
}

// asked is the path of the node that is asked for, which need not be listed;
// "/" is the root.
func (r *reader) asked(n *yaml.Node, t *tree) string {
	path := r.path(n)
	t.id(path)
	if path == "" {
		return "/"
	}
	return path
}
