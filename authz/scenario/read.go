package scenario

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"alveary"
)

// Read reads a scenario file; the error is a *Malformed. A file that asks
// nothing would pass whatever it says, and is malformed.
func Read(text []byte) (*File, error) {
	f, err := read(text)
	if err != nil {
		return nil, err
	}
	if len(f.asks) == 0 {
		return nil, &Malformed{0, "the file asks nothing"}
	}
	return f, nil
}

// ReadLax is Read for a file that need not ask anything, for who wants its
// policies alone.
func ReadLax(text []byte) (*File, error) { return read(text) }

func read(text []byte) (*File, error) {
	document, err := parse(text)
	if err != nil {
		return nil, err
	}
	r, f := &reader{}, &File{tree: newTree()}
	var entries, asks, cells []*yaml.Node
	var house *yaml.Node
	r.fields(document, "a scenario", map[string]func(*yaml.Node){
		"roles":    func(n *yaml.Node) { f.roles = r.roles(n) },
		"users":    func(n *yaml.Node) { f.users = r.users(n) },
		"nodes":    func(n *yaml.Node) { r.nodes(n, f.tree) },
		"policies": func(n *yaml.Node) { f.policies = r.policies(n) },
		"entries":  func(n *yaml.Node) { entries = r.list(n, "entries") },
		"ask":      func(n *yaml.Node) { asks = r.list(n, "ask") },
		"cells":    func(n *yaml.Node) { cells = r.list(n, "cells") },
		"house":    func(n *yaml.Node) { house = n },
	})
	for _, n := range entries { // after the nodes, whatever the order in the file
		f.entries = append(f.entries, r.entry(n, f.tree, len(f.entries)+1))
	}
	f.cells = r.cells(cells, f)
	if house != nil {
		f.house = r.house(house, f)
	}
	for _, n := range asks {
		f.asks = append(f.asks, r.ask(n, f, len(f.asks)+1))
	}
	if r.err != nil {
		return nil, r.err
	}
	return f, nil
}

func (r *reader) roles(n *yaml.Node) []role {
	var out []role
	for _, n := range r.list(n, "roles") {
		if n = resolve(n); n.Kind == yaml.ScalarNode {
			out = append(out, role{id: alveary.RoleID(r.text(n, "a role")), plain: true})
			continue
		}
		var one role
		r.fields(n, "a role", map[string]func(*yaml.Node){
			"id":    func(n *yaml.Node) { one.id = alveary.RoleID(r.text(n, "the id of a role")) },
			"force": func(n *yaml.Node) { one.force = r.boolean(n, "force") },
			"profiles": func(n *yaml.Node) {
				for _, p := range r.list(n, "profiles") {
					one.profiles = append(one.profiles, r.profile(p))
				}
			},
		})
		if one.id == "" {
			r.fail(n, "a role has an id")
		}
		out = append(out, one)
	}
	return out
}

func (r *reader) profile(n *yaml.Node) alveary.Profile {
	p := alveary.Profile(r.text(n, "a profile"))
	if !p.Valid() {
		r.fail(n, "%q is no profile: there are admin, standard, shared and anon", p)
	}
	return p
}

func (r *reader) users(n *yaml.Node) []user {
	var out []user
	for _, n := range r.list(n, "users") {
		u := user{profile: alveary.ProfileStandard, group: "/"}
		r.fields(n, "a user", map[string]func(*yaml.Node){
			"name":     func(n *yaml.Node) { u.name = r.text(n, "the name of a user") },
			"profile":  func(n *yaml.Node) { u.profile = r.profile(n) },
			"group":    func(n *yaml.Node) { u.group = "/" + r.path(n) },
			"disabled": func(n *yaml.Node) { u.disabled = r.boolean(n, "disabled") },
			"roles": func(n *yaml.Node) {
				for _, id := range r.texts(n, "roles") {
					u.roles = append(u.roles, alveary.RoleID(id))
				}
			},
			"attributes": func(n *yaml.Node) {
				u.attributes = map[string]string{}
				r.each(n, "attributes", func(key, value *yaml.Node) { u.attributes[key.Value] = r.text(value, "an attribute") })
			},
		})
		switch {
		case u.name == "":
			r.fail(n, "a user has a name")
		case slices.ContainsFunc(out, func(other user) bool { return other.name == u.name }):
			r.fail(n, "there are two users %q", u.name)
		}
		out = append(out, u)
	}
	return out
}

// path reads a path without its slashes at the ends; that of the root is empty.
func (r *reader) path(n *yaml.Node) string {
	text := r.text(n, "a path")
	path := strings.TrimSuffix(strings.TrimPrefix(text, "/"), "/")
	if text == "/" {
		return ""
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." {
			r.fail(n, "%q is no path; one is names with slashes between them, and / is the root", text)
		}
	}
	return path
}

func (r *reader) nodes(n *yaml.Node, t *tree) {
	for _, n := range r.list(n, "nodes") {
		var path string
		var have bool
		var node listed
		r.fields(n, "a node", map[string]func(*yaml.Node){
			"path": func(n *yaml.Node) { path, have = r.path(n), true },
			"size": func(n *yaml.Node) { size := r.size(n); node.size = &size },
			"type": func(n *yaml.Node) {
				kind := alveary.NodeType(r.text(n, "a type"))
				if kind != alveary.Leaf && kind != alveary.Collection {
					r.fail(n, "%q is no type of node: there are LEAF and COLLECTION", kind)
				}
				node.folder = kind == alveary.Collection
			},
			"meta": func(n *yaml.Node) { r.meta(n, t, &node) },
		})
		if !have {
			r.fail(n, "a node has a path")
		}
		if _, twice := t.listed[path]; twice {
			r.fail(n, "the node %q stands twice", path)
		}
		t.add(path)
		t.listed[path] = node
	}
}

// meta reads user metadata by namespace. Beside it stand the two attributes of
// a node that have no field of their own.
func (r *reader) meta(n *yaml.Node, t *tree, into *listed) {
	values := map[string][]string{}
	r.each(n, "meta", func(key, value *yaml.Node) {
		v := r.value(value)
		namespace := strings.TrimPrefix(key.Value, alveary.NodeMetaPrefix)
		switch {
		case key.Value == alveary.AttrNodeMTime:
			into.mtime = r.instant(value, key.Value)
		case key.Value == alveary.AttrNodeOwner:
			into.owner = t.login(r.text(value, key.Value))
		case strings.HasPrefix(namespace, "NodeMeta"):
			r.fail(key, "%s is not set by meta", key.Value)
		default:
			list, plain := plainTexts(v)
			if !plain {
				into.set(alveary.NodeMetaPrefix+namespace, v)
			}
			values[namespace] = list
		}
	})
	into.meta = alveary.NewMetadata(values)
}

// plainTexts are the values of a namespace, where they are texts as the
// metadata of a node are.
func plainTexts(v alveary.Value) (list []string, plain bool) {
	members := []alveary.Value{v}
	switch v.Kind() {
	case alveary.ValueAbsent:
		return nil, true
	case alveary.ValueList:
		members = v.List()
	}
	for _, m := range members {
		text, ok := m.Text()
		if !ok {
			return nil, false
		}
		list = append(list, text)
	}
	return list, true
}

func (r *reader) entry(n *yaml.Node, t *tree, number int) alveary.Entry {
	e := alveary.Entry{ID: alveary.EntryID(number)}
	have := false
	r.fields(n, "an entry", r.entryFields(&e, t, &have))
	if e.Role == "" || !have {
		r.fail(n, "an entry has a role and a node")
	}
	return e
}

func (r *reader) entryFields(e *alveary.Entry, t *tree, have *bool) map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"role": func(n *yaml.Node) { e.Role = alveary.RoleID(r.text(n, "the role of an entry")) },
		"node": func(n *yaml.Node) { e.Node, *have = t.add(r.path(n)), true },
		"deny": func(n *yaml.Node) { e.Deny = r.boolean(n, "deny") },
		"rights": func(n *yaml.Node) {
			var err error
			if e.Rights, err = alveary.ParseRights(strings.Join(r.texts(n, "rights"), ",")); err != nil {
				r.fail(n, "the rights of an entry are read and write")
			}
		},
		"policies": func(n *yaml.Node) {
			for _, id := range r.texts(n, "policies") {
				e.Policies = append(e.Policies, alveary.PolicyID(id))
			}
		},
		"expires": func(n *yaml.Node) { e.Expires = r.instant(n, "expires") },
	}
}

func (r *reader) policies(n *yaml.Node) []alveary.Policy {
	var out []alveary.Policy
	for _, n := range r.list(n, "policies") {
		p := r.policy(n)
		switch {
		case p.ID == "":
			r.fail(n, "a policy has an id")
		case slices.ContainsFunc(out, func(other alveary.Policy) bool { return other.ID == p.ID }):
			r.fail(n, "there are two policies %q", p.ID)
		}
		out = append(out, p)
	}
	return out
}

// policy reads the form of a policy; what it says is judged where it is
// compiled.
func (r *reader) policy(n *yaml.Node) (p alveary.Policy) {
	r.fields(n, "a policy", map[string]func(*yaml.Node){
		"id":          func(n *yaml.Node) { p.ID = alveary.PolicyID(r.text(n, "the id of a policy")) },
		"type":        func(n *yaml.Node) { p.Type = alveary.PolicyType(r.text(n, "the type of a policy")) },
		"label":       func(n *yaml.Node) { p.Label = r.text(n, "a label") },
		"description": func(n *yaml.Node) { p.Description = r.text(n, "a description") },
		"mode":        func(n *yaml.Node) { p.Mode = alveary.PolicyMode(r.text(n, "a mode")) },
		"rules": func(n *yaml.Node) {
			p.Rules = []alveary.Rule{}
			for _, one := range r.list(n, "rules") {
				p.Rules = append(p.Rules, r.rule(one))
			}
		},
	})
	return p
}

func (r *reader) rule(n *yaml.Node) (rule alveary.Rule) {
	r.fields(n, "a rule", map[string]func(*yaml.Node){
		"id":         func(n *yaml.Node) { rule.ID = r.text(n, "the id of a rule") },
		"label":      func(n *yaml.Node) { rule.Label = r.text(n, "a label") },
		"effect":     func(n *yaml.Node) { rule.Effect = alveary.Effect(r.text(n, "an effect")) },
		"actions":    func(n *yaml.Node) { rule.Actions = r.texts(n, "actions") },
		"subjects":   func(n *yaml.Node) { rule.Subjects = r.texts(n, "subjects") },
		"resources":  func(n *yaml.Node) { rule.Resources = r.texts(n, "resources") },
		"conditions": func(n *yaml.Node) { rule.Conditions = r.conditions(n) },
	})
	return rule
}

// conditions reads both forms: a map from attribute to condition, and a list.
func (r *reader) conditions(n *yaml.Node) (out alveary.Conditions) {
	if n = resolve(n); n.Kind == yaml.SequenceNode {
		for _, one := range n.Content {
			var c alveary.AttributeCondition
			fields := r.conditionFields(&c.Condition)
			fields["attribute"] = func(n *yaml.Node) { c.Attribute = r.text(n, "an attribute") }
			r.fields(one, "a condition", fields)
			out = append(out, c)
		}
		return out
	}
	r.each(n, "conditions", func(key, value *yaml.Node) {
		out = append(out, alveary.AttributeCondition{Attribute: key.Value, Condition: r.condition(value)})
	})
	return out
}

func (r *reader) condition(n *yaml.Node) (c alveary.Condition) {
	r.fields(n, "a condition", r.conditionFields(&c))
	return c
}

func (r *reader) conditionFields(c *alveary.Condition) map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"type": func(n *yaml.Node) { c.Type = r.text(n, "the type of a condition") },
		"options": func(n *yaml.Node) {
			c.Options = map[string]any{}
			r.each(n, "options", func(key, value *yaml.Node) { c.Options[key.Value] = r.decoded(value, texts) })
		},
	}
}

// draft reads something that may be refused: a wrong form is then an answer,
// not the end of the file.
func draft[T any](n *yaml.Node, read func(*reader, *yaml.Node) T) *drafted[T] {
	r := &reader{}
	d := &drafted[T]{what: read(r, n)}
	d.refused = r.err
	return d
}

func number(n int) string { return fmt.Sprintf("question %d", n) }
