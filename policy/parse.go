package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"alveary"
)

// Parse reads a policy from JSON. A field that no policy has and text after the
// end are refused like any malformed part; the error is a *Malformed.
func Parse(text []byte) (alveary.Policy, error) {
	var raw struct {
		alveary.Policy
		Rules []json.RawMessage `json:"rules"`
	}
	bad := func(rule int, err error) (alveary.Policy, error) {
		return raw.Policy, &Malformed{[]Place{{Policy: raw.ID, Rule: rule, Nth: -1, Message: plain(err)}}}
	}
	if err := strictly(text, &raw); err != nil {
		return bad(-1, err)
	}
	if err := noneTwice(json.NewDecoder(bytes.NewReader(text))); err != nil {
		return bad(-1, err)
	}
	p := raw.Policy
	p.Rules = make([]alveary.Rule, len(raw.Rules))
	for i, one := range raw.Rules {
		if err := strictly(one, &p.Rules[i]); err != nil {
			return bad(i, err)
		}
	}
	return p, nil
}

func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something after the end")
	}
	return nil
}

// fields are those of policies, rules and conditions, which a decoder takes in
// any case.
var fields = []string{
	"id", "type", "label", "description", "mode", "rules", "effect", "actions", "subjects", "resources", "conditions", "attribute", "options",
}

// noneTwice refuses a name that stands twice in one object: a decoder would let
// the last one count and drop the others without a word.
func noneTwice(d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for d.More() {
		if open == '{' {
			if token, err = d.Token(); err != nil {
				return err
			}
			name := fmt.Sprint(token)
			if field := strings.ToLower(name); slices.Contains(fields, field) {
				name = field
			}
			if seen[name] {
				return fmt.Errorf("%q stands twice in one place", name)
			}
			seen[name] = true
		}
		if err := noneTwice(d); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// plain words a decoder's error without its package's name.
func plain(err error) string {
	text := err.Error()
	if at := (*json.UnmarshalTypeError)(nil); errors.As(err, &at) {
		field := at.Field
		if field == "" {
			field = "this"
		}
		text = strings.Replace(text, at.Error(), fmt.Sprintf("%s cannot be a %s", field, at.Value), 1)
	}
	return strings.ReplaceAll(text, "json: ", "")
}

// Import reads policies of other products and keeps their meaning: a policy or
// a list of policies as Ladon writes them, policy groups as Pydio Cells writes
// them, and our own. In the first two omitted subjects or resources match
// nothing, which is written out as an empty list; a Cells rule of type acl that
// has its own policy among its subjects is one that entries name, which needs no
// subject here. Nothing is checked: compile what comes back.
func Import(text []byte) ([]alveary.Policy, error) {
	text = bytes.TrimSpace(text)
	if len(text) > 0 && text[0] == '[' {
		var list []json.RawMessage
		if err := strictly(text, &list); err != nil {
			return nil, unreadable(err)
		}
		var out []alveary.Policy
		for _, one := range list {
			policies, err := Import(one)
			if err != nil {
				return nil, err
			}
			out = append(out, policies...)
		}
		return out, nil
	}
	var shape map[string]json.RawMessage
	if err := json.Unmarshal(text, &shape); err != nil {
		return nil, unreadable(err)
	}
	has := func(name string) bool {
		for key := range shape {
			if strings.EqualFold(key, name) {
				return true
			}
		}
		return false
	}
	switch {
	case has("rules"):
		p, err := Parse(text)
		if err != nil {
			return nil, err
		}
		return []alveary.Policy{p}, nil
	case has("PolicyGroups"): // the answer of the other product's list
		var all struct{ PolicyGroups json.RawMessage }
		if err := json.Unmarshal(text, &all); err != nil {
			return nil, unreadable(err)
		}
		return Import(all.PolicyGroups)
	case has("policies"):
		return importGroup(text)
	case has("effect"):
		return importLadon(text)
	}
	return nil, unreadable(errors.New("this is no policy of ours, of Ladon or of Cells"))
}

func unreadable(err error) error {
	return &Malformed{[]Place{{Rule: -1, Nth: -1, Message: plain(err)}}}
}

// foreign is a Ladon policy; Cells writes the options of a condition as a text.
type foreign struct {
	ID, Description              string
	Subjects, Resources, Actions []string
	Effect                       alveary.Effect
	Conditions                   map[string]struct {
		Type        string
		Options     map[string]any
		JSONOptions string `json:"jsonOptions"`
	}
}

func (f foreign) rule() (alveary.Rule, error) {
	r := alveary.Rule{
		ID: f.ID, Label: strings.Join(strings.Fields(f.Description), " "), Effect: f.Effect,
		Actions: full(f.Actions), Subjects: full(f.Subjects), Resources: full(f.Resources),
	}
	for _, name := range sortedKeys(f.Conditions) {
		c := f.Conditions[name]
		if c.JSONOptions != "" {
			if err := json.Unmarshal([]byte(c.JSONOptions), &c.Options); err != nil {
				return r, fmt.Errorf("the options of the condition on %s: %w", name, err)
			}
		}
		r.Conditions = append(r.Conditions, alveary.AttributeCondition{
			Attribute: name, Condition: alveary.Condition{Type: c.Type, Options: c.Options},
		})
	}
	return r, nil
}

func full(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func importLadon(text []byte) ([]alveary.Policy, error) {
	var f foreign
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, unreadable(err)
	}
	r, err := f.rule()
	if err != nil {
		return nil, unreadable(err)
	}
	return []alveary.Policy{{ID: alveary.PolicyID(f.ID), Type: typeOf(r), Label: r.Label, Rules: []alveary.Rule{r}}}, nil
}

// typeOf guesses from the resources what a policy guards; Ladon has no types.
func typeOf(r alveary.Rule) alveary.PolicyType {
	for _, resource := range r.Resources {
		switch {
		case resource == string(alveary.PolicyACL):
			return alveary.PolicyACL
		case resource == string(alveary.PolicyOIDC):
			return alveary.PolicyOIDC
		}
	}
	return alveary.PolicyREST
}

func importGroup(text []byte) ([]alveary.Policy, error) {
	var g struct {
		UUID, Name, Description, ResourceGroup string
		Policies                               []foreign
	}
	if err := json.Unmarshal(text, &g); err != nil {
		return nil, unreadable(err)
	}
	p := alveary.Policy{
		ID: alveary.PolicyID(g.UUID), Type: alveary.PolicyType(g.ResourceGroup),
		Label: strings.Join(strings.Fields(g.Name), " "), Description: g.Description, Rules: []alveary.Rule{},
	}
	if p.Type == "" {
		p.Type = alveary.PolicyREST // the first of their types is left out of their JSON
	}
	for _, f := range g.Policies {
		r, err := f.rule()
		if err != nil {
			return nil, unreadable(err)
		}
		if p.Type == alveary.PolicyACL && slices.ContainsFunc(r.Subjects, func(text string) bool {
			subject, err := compilePattern(text)
			return err == nil && subject.matches("policy:"+g.UUID)
		}) {
			r.Subjects = nil
		}
		p.Rules = append(p.Rules, r)
	}
	return []alveary.Policy{p}, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
