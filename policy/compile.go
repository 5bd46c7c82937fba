package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alveary"
)

// Compiler compiles policies. Conditions that say the same are compiled once
// and shared, which keeps 10,000 policies small and lets a residual see that
// two rules ask the same. It is not safe for concurrent use; what it made is.
type Compiler struct {
	shared map[string]*condition
	texts  map[string]pattern
}

// NewCompiler makes a compiler, one for each snapshot.
func NewCompiler() *Compiler {
	return &Compiler{shared: map[string]*condition{}, texts: map[string]pattern{}}
}

// Compile compiles a policy, or says everything that is malformed in it
// (MODEL.md 6.8); the error is a *Malformed.
func Compile(p alveary.Policy) (*Policy, error) {
	compiled, bad := NewCompiler().Load(p)
	if bad != nil {
		return nil, bad
	}
	return compiled, nil
}

// Load compiles what can be compiled. Malformed rules are kept as 6.8 asks: an
// allow never matches, a deny always does.
func (k *Compiler) Load(p alveary.Policy) (*Policy, *Malformed) {
	c := &compilation{Compiler: k, out: &Policy{source: p}}
	c.policy()
	for i := range p.Rules {
		c.rule(i)
	}
	if len(c.places) > 0 {
		c.out.malformed = &Malformed{c.places}
	}
	return c.out, c.out.malformed
}

// Len is how many compiled conditions it keeps.
func (k *Compiler) Len() int { return len(k.shared) }

// compilation is the compiling of one policy.
type compilation struct {
	*Compiler
	out    *Policy
	places []Place
	ids    map[string]int
}

func (c *compilation) bad(rule int, p Place, format string, args ...any) {
	p.Policy, p.Rule, p.Message = c.out.source.ID, rule, fmt.Sprintf(format, args...)
	if p.Attribute == "" {
		p.Nth = -1
	}
	if rule >= 0 {
		r := c.out.source.Rules[rule]
		if p.Label = r.Label; p.Label == "" {
			p.Label = r.ID
		}
	}
	c.places = append(c.places, p)
}

func (c *compilation) policy() {
	p := &c.out.source
	if err := alveary.CheckPolicyID(p.ID); err != nil {
		c.bad(-1, Place{Field: "id"}, "the id of a policy is 1 to 128 characters on one line, without blanks at its ends")
	}
	switch p.Type {
	case alveary.PolicyACL, alveary.PolicyREST, alveary.PolicyOIDC:
	default:
		c.bad(-1, Place{Field: "type"}, "%q is no type of policy: it is acl, rest or oidc", p.Type)
	}
	switch p.Mode {
	case "", alveary.ModeOff, alveary.ModeObserved, alveary.ModeEnforced:
	default:
		c.bad(-1, Place{Field: "mode"}, "%q is no mode: it is off, observed or enforced", p.Mode)
	}
	if !oneLine(p.Label) {
		c.bad(-1, Place{Field: "label"}, "a label stands on one line")
	}
}

func oneLine(text string) bool { return !strings.ContainsAny(text, "\n\r\x00\u2028\u2029") }

// denyOnly are the rights that are never given (MODEL.md 3.8).
var denyOnly = [...]alveary.Action{alveary.ActionDelete, alveary.ActionDownload, alveary.ActionUpload, alveary.ActionSync}

func (c *compilation) rule(i int) {
	before := len(c.places)
	source := &c.out.source.Rules[i]
	r := &Rule{policy: c.out, index: i, label: source.Label, deny: source.Effect == alveary.EffectDeny}
	if r.label == "" {
		r.label = source.ID
	}
	if source.Effect != alveary.EffectAllow && source.Effect != alveary.EffectDeny {
		c.bad(i, Place{Field: "effect"}, "%q is no effect: it is allow or deny", source.Effect)
		// What it was meant to do is not known: it takes away rather than gives.
		r.deny = true
	}
	if !oneLine(source.Label) || !oneLine(source.ID) {
		c.bad(i, Place{Field: "label"}, "a label and an id stand on one line")
	}
	if source.ID != "" {
		if other, taken := c.ids[source.ID]; taken {
			c.bad(i, Place{Field: "id"}, "rule %d has the same id %q", other+1, source.ID)
		} else {
			if c.ids == nil {
				c.ids = map[string]int{}
			}
			c.ids[source.ID] = i
		}
	}
	if source.Actions == nil {
		c.bad(i, Place{Field: "actions"}, "a rule names the actions it is about")
	}
	r.actions = c.patterns(i, "actions", source.Actions)
	r.subjects = c.patterns(i, "subjects", source.Subjects)
	r.resources = c.patterns(i, "resources", source.Resources)
	c.rights(r, i)
	c.conditions(r, i, source.Conditions)
	if len(c.places) > before {
		r.broken = true
		if len(r.actions) < len(source.Actions) || source.Actions == nil {
			r.rights = alveary.AllRights // which actions it is about is not known
			r.anyAction = true
		}
	}
	c.out.rules = append(c.out.rules, r)
	c.out.index.add(r)
}

func (c *compilation) patterns(rule int, field string, texts []string) []pattern {
	if texts == nil {
		return nil
	}
	out := make([]pattern, 0, len(texts))
	for n, text := range texts {
		p, ok := c.texts[text]
		if !ok {
			var err error
			if p, err = compilePattern(text); err != nil {
				c.bad(rule, Place{Field: fmt.Sprintf("%s[%d]", field, n)}, "%q: %s", text, err)
				continue
			}
			c.texts[text] = p
		}
		out = append(out, p)
	}
	return out
}

// rights finds which of the six rights the actions of an acl rule match, and
// refuses an allow that names one that is never given (MODEL.md 3.8).
func (c *compilation) rights(r *Rule, i int) {
	for a := alveary.ActionRead; a <= alveary.ActionSync; a++ {
		if anyMatches(r.actions, a.String()) {
			r.rights = r.rights.With(a)
		}
	}
	r.onACL = r.resources == nil || anyMatches(r.resources, string(alveary.PolicyACL))
	if r.deny || c.out.source.Type != alveary.PolicyACL {
		return
	}
	for n, text := range c.out.source.Rules[i].Actions {
		p := c.texts[text] // without a name where it is malformed
		for _, a := range denyOnly {
			if p.literal == a.String() {
				c.bad(i, Place{Field: fmt.Sprintf("actions[%d]", n)}, "%s can only be denied: it follows from read or write", a)
			}
		}
	}
	r.rights &= alveary.Givable
}

func (c *compilation) conditions(r *Rule, i int, source alveary.Conditions) {
	for n, one := range source {
		place := Place{Attribute: one.Attribute, Nth: n}
		if one.Attribute == "" || !oneLine(one.Attribute) {
			c.bad(i, Place{Field: "conditions"}, "a condition names the attribute it tests, on one line")
			continue
		}
		compiled, err := c.condition(one)
		if err != nil {
			message := err.Error()
			if at := (*optionError)(nil); errors.As(err, &at) {
				place.Option, message = at.Option, at.Message
			}
			c.bad(i, place, "%s", message)
			continue
		}
		r.conditions = append(r.conditions, compiled)
	}
	// What is known first is asked first, so that folding takes a prefix.
	slices.SortStableFunc(r.conditions, func(a, b *condition) int { return stage(a) - stage(b) })
	r.onNode = len(r.conditions)
	for n, cond := range r.conditions {
		if cond.class == alveary.ClassNode {
			r.onNode = min(r.onNode, n)
			r.ofFiles = r.ofFiles || slices.Contains(cond.reads, alveary.AttrNodeExtension) || slices.Contains(cond.reads, alveary.AttrNodeSize)
		}
	}
}

// stage orders classes by when they become known: who, context, node.
func stage(c *condition) int {
	switch c.class {
	case alveary.ClassSubject:
		return 0
	case alveary.ClassContext:
		return 1
	case alveary.ClassNode:
	}
	return 2
}

func (c *compilation) condition(one alveary.AttributeCondition) (*condition, error) {
	key, err := json.Marshal(one)
	if err != nil {
		return nil, fmt.Errorf("the condition cannot be written as JSON: %w", err)
	}
	if have, ok := c.shared[string(key)]; ok {
		return have, nil
	}
	compiled, err := compileCondition(one.Attribute, one.Condition)
	if err == nil {
		c.shared[string(key)] = compiled
	}
	return compiled, err
}
