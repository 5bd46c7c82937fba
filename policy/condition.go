package policy

import (
	"time"

	"alveary"
	"alveary/policy/conditions"
)

// What conditions are asked about and what they say is defined with them.
type (
	// Truth is what a condition says.
	Truth = conditions.Truth
	// Facts are what conditions are asked about.
	Facts = conditions.Facts
	// Asker is what policies see of the user who asks.
	Asker = conditions.Asker

	// ConditionType is a type of conditions with its options.
	ConditionType = conditions.Type
	// ConditionOption is an option of a type of conditions.
	ConditionOption = conditions.Option

	optionError = conditions.Error
)

// The three values of a condition (MODEL.md 6.7).
const (
	False     = conditions.False
	True      = conditions.True
	Undecided = conditions.Undecided
)

// ConditionTypes is the catalogue of conditions, for forms and checks.
func ConditionTypes() []ConditionType { return conditions.Types() }

// TestCondition asks a condition by itself, of a value in place of an
// attribute's. The error says why it would be refused on saving.
func TestCondition(c alveary.Condition, v alveary.Value, f *Facts) (Truth, error) {
	return conditions.Test(c, v, f)
}

// condition is a condition of a rule, compiled.
type condition struct {
	attribute string
	source    alveary.Condition
	class     alveary.AttributeClass // the latest to become known among all it reads
	reads     []string
	compiled  *conditions.Condition
}

func compileCondition(attribute string, source alveary.Condition) (*condition, error) {
	c, err := conditions.Compile(attribute, source)
	if err != nil {
		return nil, err
	}
	return &condition{attribute, source, c.Class, c.Reads, c}, nil
}

func (c *condition) holds(f *Facts) Truth                { return c.compiled.Holds(f) }
func (c *condition) boundaries(f *Facts) []alveary.Value { return c.compiled.Boundaries(f) }
func (c *condition) next(now time.Time) time.Time        { return c.compiled.Next(now) }
func (c *condition) words() string                       { return c.compiled.Words() }
