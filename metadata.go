package alveary

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// NamespaceTags is the shipped namespace of user metadata.
const NamespaceTags = "usermeta-tags"

// Metadata is the user metadata of a node: values by namespace. It never
// changes; nil is none.
type Metadata struct{ values map[string][]string }

// NewMetadata copies values by namespace; namespaces without a value are left
// out, and nil stands for none at all.
func NewMetadata(values map[string][]string) *Metadata {
	kept := make(map[string][]string, len(values))
	for namespace, list := range values {
		list = slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == "" })
		if len(list) > 0 {
			kept[namespace] = list
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return &Metadata{kept}
}

// Get is the values of a namespace; the caller must not change them.
func (m *Metadata) Get(namespace string) []string {
	if m == nil {
		return nil
	}
	return m.values[namespace]
}

// All is a copy of the values by namespace.
func (m *Metadata) All() map[string][]string {
	out := map[string][]string{}
	if m == nil {
		return out
	}
	for namespace, list := range m.values {
		out[namespace] = slices.Clone(list)
	}
	return out
}

// With is the metadata with the values of one namespace replaced; no values
// remove it.
func (m *Metadata) With(namespace string, values ...string) *Metadata {
	all := m.All()
	all[namespace] = values
	return NewMetadata(all)
}

// String is the JSON text that ParseMetadata reads; empty for none.
func (m *Metadata) String() string {
	if m == nil {
		return ""
	}
	text, err := json.Marshal(m.values)
	if err != nil {
		panic(err) // a map of texts can always be written
	}
	return string(text)
}

// ParseMetadata reads what String wrote.
func ParseMetadata(text string) (*Metadata, error) {
	if text == "" {
		return nil, nil
	}
	var values map[string][]string
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		return nil, &Error{Kind: KindInternal, Op: "read the metadata of a node", Message: "the metadata of a node cannot be read", Cause: err}
	}
	return NewMetadata(values), nil
}

// CheckMetadata refuses namespaces and values that no screen could show or
// policy name: at most 64 namespaces of 64 values of 256 characters.
func CheckMetadata(namespace string, values []string) error {
	bad := func(what string) error {
		return &Error{Kind: KindInvalid, Op: "set metadata", Subject: namespace, Code: "invalid", Message: what}
	}
	ok := namespace != "" && len(namespace) <= 64 && strings.Trim(namespace, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
	switch {
	case !ok:
		return bad("a namespace is 1 to 64 lower-case letters, digits, - and _")
	case len(values) > 64:
		return bad("a namespace holds at most 64 values")
	}
	for _, v := range values {
		if v == "" || len(v) > 256 || strings.ContainsFunc(v, isControl) {
			return bad("a value is 1 to 256 characters on one line")
		}
	}
	return nil
}

// Namespaces are the names in use, sorted.
func (m *Metadata) Namespaces() []string {
	if m == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(m.values))
}
