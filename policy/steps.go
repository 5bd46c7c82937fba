package policy

import (
	"fmt"
	"slices"
	"strings"

	"alveary"
)

// RuleStep is one rule on the way to a verdict.
type RuleStep struct {
	Index      int // in the policy as written, from 0
	Label      string
	Effect     alveary.Effect
	Applies    bool
	Why        string // one plain sentence
	Conditions []ConditionStep
}

// Name is how a sentence names the rule.
func (r RuleStep) Name() string {
	if r.Label != "" {
		return fmt.Sprintf("“%s”", r.Label)
	}
	return fmt.Sprint(r.Index + 1)
}

// ConditionStep is one condition with the value it was asked about.
type ConditionStep struct {
	Attribute string
	Type      string
	Words     string
	Value     string
	Result    Truth
}

// Steps says what each rule of an acl policy makes of one action on the node of
// the facts; above says that the node is a folder above the one asked about.
func (p *Policy) Steps(action alveary.Action, f *Facts, above bool) []RuleStep {
	steps := make([]RuleStep, 0, len(p.rules))
	for _, r := range p.rules {
		steps = append(steps, r.step(f, func(step *RuleStep) bool {
			switch {
			case !r.reaches(action):
				step.Why = "it is not about " + action.String()
			case above && !r.deny:
				step.Why = "above the node only denies count"
			case !r.broken && !r.onACL:
				step.Why = "its resources are not " + string(alveary.PolicyACL)
			case !r.broken && above && testsUnset(r.conditions, f):
				step.Why = "it tests an attribute that this folder does not have"
			default:
				return true
			}
			return false
		}))
	}
	return steps
}

// reaches says whether a rule's rights bear on an action: a deny of read takes
// download and sync, and an allow gives them (MODEL.md 3.8, 3.9).
func (r *Rule) reaches(action alveary.Action) bool { return spread(r.rights).Has(action) }

// spread adds what a deny of read and write denies too (MODEL.md 3.9).
func spread(r alveary.Rights) alveary.Rights { return r | (r & alveary.Givable).Implied() }

// CallSteps says what each rule makes of a question without a node.
func (p *Policy) CallSteps(action string, f *Facts) []RuleStep {
	steps := make([]RuleStep, 0, len(p.rules))
	for _, r := range p.rules {
		steps = append(steps, r.step(f, func(step *RuleStep) bool {
			switch {
			case !r.isAbout(action):
				step.Why = "it is not about " + action
			case !r.broken && r.resources != nil && !anyMatches(r.resources, f.Resource):
				step.Why = "its resources do not match " + f.Resource
			default:
				return true
			}
			return false
		}))
	}
	return steps
}

// step fills in one rule; matches says what comes before subjects and
// conditions.
func (r *Rule) step(f *Facts, matches func(*RuleStep) bool) RuleStep {
	step := RuleStep{Index: r.index, Label: r.label, Effect: alveary.EffectAllow}
	if r.deny {
		step.Effect = alveary.EffectDeny
	}
	for _, c := range r.conditions {
		step.Conditions = append(step.Conditions, c.step(f))
	}
	switch {
	case !matches(&step):
	case r.broken && r.deny:
		step.Applies, step.Why = true, "it is malformed, and a malformed deny always applies"
	case r.broken:
		step.Why = "it is malformed, and a malformed allow never applies"
	case !r.meetsSubject(f):
		step.Why = "its subjects do not match"
	case !r.holds(f):
		step.Why = r.missed(&step)
	default:
		step.Applies, step.Why = true, "it applies"
		if holes := holes(&step); len(holes) > 0 {
			step.Why = "it applies, because " + strings.Join(holes, " and ") + " cannot be decided"
		}
	}
	return step
}

func (r *Rule) missed(step *RuleStep) string {
	for _, c := range step.Conditions {
		if c.Result == False {
			return "a condition does not hold: " + c.Words
		}
	}
	return "an allow needs what cannot be decided: " + strings.Join(holes(step), ", ")
}

func holes(step *RuleStep) (attributes []string) {
	for _, c := range step.Conditions {
		if c.Result == Undecided && !slices.Contains(attributes, c.Attribute) {
			attributes = append(attributes, c.Attribute)
		}
	}
	return attributes
}

func (c *condition) step(f *Facts) ConditionStep {
	v := f.Attribute(c.attribute)
	return ConditionStep{Attribute: c.attribute, Type: c.source.Type, Words: c.words(), Value: v.String(), Result: c.holds(f)}
}

// VerdictOf puts the rules of one policy together (MODEL.md 6.1).
func VerdictOf(steps []RuleStep) Verdict {
	verdict := Silent
	for _, s := range steps {
		if s.Applies {
			if s.Effect == alveary.EffectDeny {
				return Denies
			}
			verdict = Allows
		}
	}
	return verdict
}
