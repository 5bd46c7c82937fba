package alveary

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// PolicyID names a policy.
type PolicyID string

// PolicyType says what a policy guards (MODEL.md 6.2).
type PolicyType string

// The types of policies.
const (
	PolicyACL  PolicyType = "acl"  // named by ACL entries, asked about nodes
	PolicyREST PolicyType = "rest" // asked about each API call
	PolicyOIDC PolicyType = "oidc" // asked about sign-in and the issue of tokens
)

// PolicyMode says whether a policy decides (MODEL.md 7.8).
type PolicyMode string

// The modes. The empty mode is Enforced.
const (
	ModeOff      PolicyMode = "off"
	ModeObserved PolicyMode = "observed" // decides nothing; what it would have changed is counted
	ModeEnforced PolicyMode = "enforced"
)

// Effect is what a rule does when it applies.
type Effect string

// The effects.
const (
	EffectAllow Effect = "allow"
	EffectDeny  Effect = "deny"
)

// Policy is a named stack of rules, as data. Package policy compiles it and
// says what is malformed.
type Policy struct {
	ID          PolicyID   `json:"id"`
	Type        PolicyType `json:"type"`
	Label       string     `json:"label,omitempty"`
	Description string     `json:"description,omitempty"`
	Mode        PolicyMode `json:"mode,omitempty"`
	Rules       []Rule     `json:"rules"`
}

// InForce says whether the policy decides.
func (p *Policy) InForce() bool { return p.Mode == "" || p.Mode == ModeEnforced }

// Rule is one rule of a policy (MODEL.md 6.1). Omitted subjects or resources
// (nil) mean any; an empty list means none.
type Rule struct {
	ID         string     `json:"id,omitempty"`
	Label      string     `json:"label,omitempty"`
	Effect     Effect     `json:"effect"`
	Actions    []string   `json:"actions"`
	Subjects   []string   `json:"subjects,omitzero"`
	Resources  []string   `json:"resources,omitzero"`
	Conditions Conditions `json:"conditions,omitempty"`
}

// Condition is a typed test on one attribute (MODEL.md 6.4).
type Condition struct {
	Type    string         `json:"type"`
	Options map[string]any `json:"options,omitempty"` // as a JSON decoder gives them
}

// AttributeCondition is a condition with the attribute it tests.
type AttributeCondition struct {
	Attribute string `json:"attribute"`
	Condition
}

// Conditions are the conditions of a rule in the order they were written; in
// JSON a map from attribute to condition, or a list where one attribute is
// tested twice.
type Conditions []AttributeCondition

// MarshalJSON writes a map where it can.
func (c Conditions) MarshalJSON() ([]byte, error) {
	names := make(map[string]bool, len(c))
	for _, one := range c {
		names[one.Attribute] = true
	}
	if len(names) < len(c) {
		return json.Marshal([]AttributeCondition(c))
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for i, one := range c {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(one.Attribute)
		if err != nil {
			return nil, err
		}
		body, err := json.Marshal(one.Condition)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(body)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// UnmarshalJSON reads both forms. An attribute that stands twice in a map and a
// field that no condition has are errors, since the one or the other would
// silently not count.
func (c *Conditions) UnmarshalJSON(text []byte) error {
	*c = nil
	text = bytes.TrimSpace(text)
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	if len(text) > 0 && text[0] == '[' {
		return strictly(text, (*[]AttributeCondition)(c))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	opening, err := d.Token()
	if err != nil {
		return err
	}
	if opening != json.Delim('{') {
		return errNoConditions
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, ok := token.(string)
		if !ok {
			return errNoConditions
		}
		if seen[name] {
			return fmt.Errorf("attribute %q stands twice: write the conditions as a list", name)
		}
		seen[name] = true
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		one := AttributeCondition{Attribute: name}
		if err := strictly(raw, &one.Condition); err != nil {
			return fmt.Errorf("condition on %s: %w", name, err)
		}
		*c = append(*c, one)
	}
	return nil
}

var errNoConditions = errors.New("conditions are a map from attribute to condition, or a list")

func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// Equal says whether two policies say the same, mode included.
func (p Policy) Equal(other Policy) bool {
	a, errA := json.Marshal(p)
	b, errB := json.Marshal(other)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// PolicyVersion is one version of a policy, kept for good (MODEL.md 7.8).
type PolicyVersion struct {
	Version int64 // from 1
	Policy  Policy
	At      time.Time
	Author  string // login; empty for what was shipped
	Note    string // "back to version 3"
	Deleted bool   // the policy was deleted with this version
}

// PolicyScenario is a scenario file attached to a policy: a version that fails
// it is not saved.
type PolicyScenario struct {
	Name string
	Text string // YAML (MODEL.md 8)
}

// Observation is how often an observed policy would have changed an answer.
type Observation struct {
	Policy PolicyID
	Count  int64
	Last   time.Time
}

// SubjectNames are how policies spell who asks (MODEL.md 2.6), for a user with
// the given roles, in order, and groups, from the root group down.
func SubjectNames(login string, profile Profile, roles []RoleID, groups []string) []string {
	names := make([]string, 0, 2+len(roles)+len(groups))
	if login != "" {
		names = append(names, "user:"+login)
	}
	if profile != "" {
		names = append(names, "profile:"+string(profile))
	}
	for _, r := range roles {
		names = append(names, "role:"+string(r))
	}
	for _, g := range groups {
		names = append(names, "group:"+g)
	}
	return slices.Clip(names)
}

// CheckPolicyID refuses ids that could be taken for something else: empty, too
// long, with control characters, or with blanks at an end.
func CheckPolicyID(id PolicyID) error {
	text := string(id)
	if text == "" || len(text) > 128 || strings.TrimSpace(text) != text || strings.ContainsFunc(text, isControl) {
		return &Error{
			Kind: KindInvalid, Op: "name the policy", Subject: text, Code: "invalid",
			Message: "the id of a policy is 1 to 128 characters on one line, without blanks at its ends",
		}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }
