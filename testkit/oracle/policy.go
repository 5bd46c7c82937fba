package oracle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"alveary"
)

// Outcome is what a policy says by itself.
type Outcome uint8

// The outcomes. The zero value is a deny by default.
const (
	Default Outcome = iota
	Allow
	Deny
)

// Decide is 6.1: any matching deny, else any matching allow, else nothing.
func (f Facts) Decide(p alveary.Policy, action string) Outcome {
	outcome := Default
	for _, rule := range p.Rules {
		switch {
		case !f.takesPart(p.Type, rule, action):
		case rule.Effect == alveary.EffectAllow:
			outcome = max(outcome, Allow)
		default:
			outcome = Deny
		}
	}
	return outcome
}

// allowsSomewhere says whether an allow rule of the policy takes part. Denies
// are looked for by 3.2, for all policies and nodes at once.
func (f Facts) allowsSomewhere(p alveary.Policy, action string) bool {
	return slices.ContainsFunc(p.Rules, func(r alveary.Rule) bool {
		return r.Effect == alveary.EffectAllow && f.takesPart(p.Type, r, action)
	})
}

// takesPart is 6.1 and 6.3 for one rule, with the last sentences of 6.7 and
// 6.8: an allow rule needs every condition true; a deny rule applies unless one
// is false, and always if it is malformed.
func (f Facts) takesPart(kind alveary.PolicyType, rule alveary.Rule, action string) bool {
	if RefusedRule(kind, rule) != nil {
		return rule.Effect != alveary.EffectAllow
	}
	switch {
	case !anyMatches(rule.Actions, action):
		return false
	case rule.Subjects != nil && !slices.ContainsFunc(f.Subjects, func(s string) bool { return anyMatches(rule.Subjects, s) }):
		return false
	case rule.Resources != nil && !anyMatches(rule.Resources, f.Resource):
		return false
	case f.above && f.testsNothingSet(rule):
		return false
	}
	for _, c := range rule.Conditions {
		if truth := f.Holds(c); truth == False || truth == Undecided && rule.Effect == alveary.EffectAllow {
			return false
		}
	}
	return true
}

// testsNothingSet is the end of 3.6: whether the rule tests an attribute of the
// node that has nothing set.
func (f Facts) testsNothingSet(rule alveary.Rule) bool {
	for _, c := range rule.Conditions {
		for _, name := range append(templates(c.Options), c.Attribute) {
			value := f.attribute(name)
			if alveary.ClassOf(name) == alveary.ClassNode && value.Kind() == alveary.ValueUnset {
				return true
			}
		}
	}
	return false
}

// Refused says what is malformed in a policy that is to be saved: 6.8, 3.8.
func Refused(p alveary.Policy) error {
	if !slices.Contains([]alveary.PolicyType{alveary.PolicyACL, alveary.PolicyREST, alveary.PolicyOIDC}, p.Type) {
		return fmt.Errorf("type %q", p.Type)
	}
	for i, rule := range p.Rules {
		if err := RefusedRule(p.Type, rule); err != nil {
			return fmt.Errorf("rule %d: %w", i, err)
		}
	}
	return nil
}

// RefusedRule says what is malformed in one rule.
func RefusedRule(kind alveary.PolicyType, rule alveary.Rule) error {
	if rule.Effect != alveary.EffectAllow && rule.Effect != alveary.EffectDeny {
		return fmt.Errorf("effect %q", rule.Effect)
	}
	if rule.Actions == nil {
		return fmt.Errorf("no actions")
	}
	for _, pattern := range slices.Concat(rule.Actions, rule.Subjects, rule.Resources) {
		if !strings.ContainsAny(pattern, "<>") {
			continue
		}
		if _, err := expression(pattern); err != nil {
			return err
		}
	}
	if kind == alveary.PolicyACL && rule.Effect == alveary.EffectAllow {
		for _, never := range []string{"delete", "download", "upload", "sync"} { // 3.8
			if slices.Contains(rule.Actions, never) {
				return fmt.Errorf("%s cannot be given", never)
			}
		}
	}
	for _, c := range rule.Conditions {
		if err := RefusedCondition(c.Condition); err != nil {
			return fmt.Errorf("condition on %s: %w", c.Attribute, err)
		}
	}
	return nil
}

func anyMatches(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if !strings.ContainsAny(pattern, "<>") {
			return pattern == text
		}
		e, err := expression(pattern)
		return err == nil && e.MatchString(text)
	})
}

// expression is 6.3: what stands between < and >, which nest, is a regular
// expression; the rest is literal; the whole is anchored. A dot takes a newline
// too, for the text has no lines.
func expression(pattern string) (*regexp.Regexp, error) {
	var whole, inner strings.Builder
	depth := 0
	for _, r := range pattern {
		switch {
		case r == '<' && depth == 0:
			depth++
			inner.Reset()
		case r == '>' && depth == 0:
			return nil, fmt.Errorf("unpaired > in %q", pattern)
		case r == '>' && depth == 1:
			depth--
			if _, err := regexp.Compile(inner.String()); err != nil { // by itself: a)(b is none
				return nil, err
			}
			whole.WriteString("(?s:" + inner.String() + ")")
		case depth > 0:
			depth += map[rune]int{'<': 1, '>': -1}[r]
			inner.WriteRune(r)
		default:
			whole.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	if depth > 0 {
		return nil, fmt.Errorf("unpaired < in %q", pattern)
	}
	return regexp.Compile(`\A(?:` + whole.String() + `)\z`)
}
