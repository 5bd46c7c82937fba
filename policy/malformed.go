package policy

import (
	"fmt"
	"strings"

	"alveary"
)

// Place says where in a policy something is malformed, and why (MODEL.md 6.8).
type Place struct {
	Policy    alveary.PolicyID
	Rule      int    // from 0; -1: the policy itself
	Label     string // of the rule, or its id
	Field     string // effect, actions[2], conditions, …; empty where an attribute is named
	Attribute string
	Nth       int // which of the rule's conditions, from 0; -1: none
	Option    string
	Message   string
}

// Location is the place as a path into the JSON of the policy.
func (p Place) Location() string {
	var b strings.Builder
	if p.Rule >= 0 {
		fmt.Fprintf(&b, "rules[%d]", p.Rule)
	}
	step := func(s string) {
		if s == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s)
	}
	step(p.Field)
	if p.Attribute != "" {
		step("conditions." + p.Attribute)
		if p.Option != "" {
			step("options." + p.Option)
		}
	}
	return b.String()
}

// String is one sentence with the place.
func (p Place) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "policy %q", p.Policy)
	if p.Rule >= 0 {
		fmt.Fprintf(&b, ", rule %d", p.Rule+1)
		if p.Label != "" {
			fmt.Fprintf(&b, " (%s)", p.Label)
		}
	}
	if p.Field != "" {
		b.WriteString(", " + p.Field)
	}
	if p.Attribute != "" {
		b.WriteString(", condition on " + p.Attribute)
		if p.Option != "" {
			b.WriteString(", option " + p.Option)
		}
	}
	return b.String() + ": " + p.Message
}

// Malformed is what is wrong with a policy: at least one place.
type Malformed struct{ Places []Place }

// Error lists the places, one a line.
func (m *Malformed) Error() string {
	lines := make([]string, len(m.Places))
	for i, p := range m.Places {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the error its kind and public sentence.
func (m *Malformed) Unwrap() error {
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: "read the policy", Subject: string(m.Places[0].Policy), Code: "malformed",
		Message: m.Error(),
	}
}
