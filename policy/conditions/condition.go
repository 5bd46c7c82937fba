package conditions

import (
	"slices"
	"time"

	"alveary"
	"alveary/policy/match"
)

// Condition is a condition on an attribute, compiled.
type Condition struct {
	Attribute string
	Source    alveary.Condition
	Class     alveary.AttributeClass // the latest to become known among all it reads: subject, context, node
	Reads     []string               // every attribute it reads: its own, those of templates and of expressions
	from      attribute
	nodes     []attribute // those of Reads that are the node's
	test      *test
}

// Error says which option of a condition is malformed; an empty one is the
// type.
type Error struct{ Option, Message string }

// Error is the reason with its place.
func (e *Error) Error() string {
	if e.Option == "" {
		return e.Message
	}
	return e.Option + ": " + e.Message
}

// Compile compiles a condition on an attribute; the error is an *Error.
func Compile(on string, source alveary.Condition) (*Condition, error) {
	t, err := compileTest(&options{attribute: on, kind: source.Type, given: source.Options})
	if err != nil {
		return nil, err
	}
	c := &Condition{Attribute: on, Source: source, from: attributeNamed(on), test: t, Class: alveary.ClassSubject}
	c.Reads = slices.Compact(slices.Sorted(slices.Values(t.reads)))
	if t.call {
		c.Class = alveary.ClassContext
	}
	for _, name := range c.Reads {
		class := alveary.ClassOf(name)
		if rank(class) > rank(c.Class) {
			c.Class = class
		}
		if class == alveary.ClassNode {
			c.nodes = append(c.nodes, attributeNamed(name))
		}
	}
	return c, nil
}

// TestsUnset says whether the condition reads a node attribute with nothing set
// on the node of the facts (MODEL.md 3.6).
func (c *Condition) TestsUnset(f *Facts) bool {
	imagined := f.Context != nil && len(f.Context.Set) > 0
	for i := range c.nodes {
		if !imagined && f.Node != nil && f.Node.IsFolder() && (c.nodes[i].read == readNodeSize || c.nodes[i].read == readNodeExtension) {
			return true // a folder has neither
		}
		if c.nodes[i].unset(f) {
			return true
		}
	}
	return false
}

// rank orders classes by when they become known.
func rank(c alveary.AttributeClass) int {
	switch c {
	case alveary.ClassSubject:
		return 0
	case alveary.ClassContext:
		return 1
	case alveary.ClassNode:
	}
	return 2
}

// Holds asks the condition of the facts.
func (c *Condition) Holds(f *Facts) Truth {
	t := c.test
	if f.Context != nil && len(f.Context.Set) > 0 {
		return t.of(c.from.value(f), f)
	}
	// The ways below answer as the last line does, without making a value first.
	switch {
	case t.text != nil:
		if text, ok := c.from.text(f); ok {
			return truth(t.text(text, f))
		}
		if texts, ok := c.from.texts(f); ok && len(texts) > 0 {
			return truth(slices.ContainsFunc(texts, func(text string) bool { return t.text(text, f) != t.negative }) != t.negative)
		}
		if t.path != nil && c.from.read == readNodePath && f.Node != nil {
			return truth(t.path(pathOf(f)))
		}
	case t.number != nil && c.from.read == readNodeSize:
		if f.Node != nil && !f.Node.IsFolder() && f.Node.Size >= 0 {
			return truth(t.number(f.Node.Size))
		}
	case t.instant != nil && c.from.read == readTime:
		if now := f.Time(); !now.IsZero() {
			return truth(t.instant(now))
		}
	case f.Context == nil:
	case t.parsed != nil && c.from.read == readAddress && f.Context.Address != "":
		return t.parsed(f.Context.Address)
	}
	return t.of(c.from.value(f), f)
}

// Boundaries are values of the attribute just inside and just outside of what
// the condition takes; none for patterns and expressions, which have no edge.
func (c *Condition) Boundaries(f *Facts) []alveary.Value {
	if c.test.boundaries == nil {
		return nil
	}
	return c.test.boundaries(f)
}

// Next is the first instant after now at which the clock alone could change the
// answer; zero: never (MODEL.md 7.4).
func (c *Condition) Next(now time.Time) time.Time {
	if c.test.next == nil {
		return time.Time{}
	}
	return c.test.next(now)
}

// Words is the condition in a few plain words.
func (c *Condition) Words() string { return wordsOf(c.Attribute, c.Source) }

// Test asks a condition by itself, of a value in place of an
// attribute's. The error says why it would be refused on saving.
func Test(c alveary.Condition, v alveary.Value, f *Facts) (Truth, error) {
	compiled, err := Compile("", c)
	if err != nil {
		return Undecided, err
	}
	return compiled.test.of(v, f), nil
}

// test is what a condition asks of a value. One of text, one and whole is set,
// by what the type works on; the others are quicker ways to the same answer.
type test struct {
	text  func(text string, f *Facts) bool // what is there as a text
	one   func(v alveary.Value) Truth      // a single value that is there and set
	whole func(v alveary.Value, f *Facts) Truth

	negative bool // of a list all are needed, and of nothing set a comparison is true

	path    func(p match.Path) bool // beside text: of a path in its two parts
	instant func(t time.Time) bool  // beside one: of a time
	parsed  func(text string) Truth // beside one: of a text
	number  func(n int64) bool      // beside one: of a whole number

	boundaries func(f *Facts) []alveary.Value
	next       func(now time.Time) time.Time // set where the clock alone can change the answer

	reads []string
	call  bool // asks about the call itself, which becomes known with the context
}

// of answers for a value (MODEL.md 6.7): absent is undecided; of a list a
// positive test needs one member, a negative one all; an empty list is nothing
// set.
func (t *test) of(v alveary.Value, f *Facts) Truth {
	if t.whole != nil {
		return t.whole(v, f)
	}
	if v.Kind() != alveary.ValueList {
		return t.single(v, f)
	}
	list := v.List()
	if len(list) == 0 {
		return t.single(alveary.Unset(), f)
	}
	member := func(i int) Truth { return t.single(list[i], f) }
	if t.negative {
		return allOf(len(list), member)
	}
	return anyOf(len(list), member)
}

func (t *test) single(v alveary.Value, f *Facts) Truth {
	switch v.Kind() {
	case alveary.ValueAbsent, alveary.ValueList, alveary.ValueFields:
		return Undecided
	case alveary.ValueUnset:
		if t.text == nil {
			return truth(t.negative)
		}
	case alveary.ValueText, alveary.ValueNumber, alveary.ValueInstant:
		if t.text == nil {
			return t.one(v)
		}
	}
	text, _ := v.Text()
	return truth(t.text(text, f))
}

// compileTest compiles a condition of any type.
func compileTest(o *options) (*test, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	t, err := o.templates()
	if t == nil && err == nil {
		t, err = compileKind(o)
	}
	if err != nil {
		return nil, err
	}
	switch o.kind {
	case kindCEL, kindNot, kindAny, kindAll: // they say themselves what they read
		return t, nil
	}
	t.reads = append(t.reads, o.attribute)
	if !slices.Contains(t.reads, alveary.AttrServerTime) {
		t.next = nil
	} else if t.next == nil {
		t.next = nextSecond
	}
	return t, nil
}

// nextSecond is when the answer of what cannot be foreseen is asked again.
func nextSecond(now time.Time) time.Time { return now.Truncate(time.Second).Add(time.Second) }

// The types of conditions.
const (
	kindEqual    = "StringEqualCondition"
	kindMatch    = "StringMatchCondition"
	kindNotMatch = "StringNotMatchCondition"
	kindIn       = "InCondition"
	kindGlob     = "PathGlobCondition"
	kindCIDR     = "CIDRCondition"
	kindHours    = "OfficeHoursCondition"
	kindPeriod   = "WithinPeriodCondition"
	kindAfter    = "DateAfterCondition"
	kindBoolean  = "BooleanCondition"
	kindCompare  = "CompareCondition"
	kindPairs    = "StringPairsEqualCondition"
	kindSubject  = "EqualsSubjectCondition"
	kindResource = "ResourceContainsCondition"
	kindCEL      = "CELCondition"
	kindNot      = "NotCondition"
	kindAny      = "AnyCondition"
	kindAll      = "AllCondition"
)

func compileKind(o *options) (*test, error) {
	switch o.kind {
	case kindEqual:
		return compileEqual(o)
	case kindMatch:
		return compileMatch(o, false)
	case kindNotMatch:
		return compileMatch(o, true)
	case kindIn:
		return compileIn(o)
	case kindGlob:
		return compileGlob(o)
	case kindCIDR:
		return compileCIDR(o)
	case kindHours:
		return compileHours(o)
	case kindPeriod:
		return compilePeriod(o)
	case kindAfter:
		return compileAfter(o)
	case kindBoolean:
		return compileBoolean(o)
	case kindCompare:
		return compileCompare(o)
	case kindPairs:
		return &test{whole: pairsEqual}, nil
	case kindSubject:
		return &test{text: equalsSubject}, nil
	case kindResource:
		return &test{whole: resourceContains, call: true}, nil
	case kindCEL:
		return compileCEL(o)
	case kindNot:
		return compileNot(o)
	case kindAny:
		return compileSeveral(o, false)
	default: // kindAll, since check has refused what is unknown
		return compileSeveral(o, true)
	}
}
