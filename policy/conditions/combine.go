package conditions

import (
	"fmt"
	"time"

	"alveary"
)

// maxDepth is how deep conditions may lie within each other.
const maxDepth = 16

// compileNot turns a condition round. What cannot be decided stays so.
func compileNot(o *options) (*test, error) {
	inner, err := o.member("condition", o.given["condition"])
	if err != nil {
		return nil, err
	}
	t := *inner
	t.text, t.one, t.path, t.instant, t.parsed, t.number = nil, nil, nil, nil, nil, nil
	t.whole = func(v alveary.Value, f *Facts) Truth { return inner.of(v, f).not() }
	if instant := inner.instant; instant != nil {
		t.instant = func(at time.Time) bool { return !instant(at) }
	}
	if parsed := inner.parsed; parsed != nil {
		t.parsed = func(text string) Truth { return parsed(text).not() }
	}
	return &t, nil
}

// compileSeveral combines conditions on one attribute.
func compileSeveral(o *options, all bool) (*test, error) {
	list, err := o.list("conditions")
	if err != nil {
		return nil, err
	}
	tests := make([]*test, len(list))
	for i, one := range list {
		if tests[i], err = o.member(fmt.Sprintf("conditions[%d]", i), one); err != nil {
			return nil, err
		}
	}
	return several(tests, all), nil
}

// several is the combination of tests on the whole value.
func several(tests []*test, all bool) *test {
	t := &test{}
	for _, one := range tests {
		t.reads = append(t.reads, one.reads...)
		t.call = t.call || one.call
	}
	t.whole = func(v alveary.Value, f *Facts) Truth {
		member := func(i int) Truth { return tests[i].of(v, f) }
		if all {
			return allOf(len(tests), member)
		}
		return anyOf(len(tests), member)
	}
	t.boundaries = func(f *Facts) (values []alveary.Value) {
		for _, one := range tests {
			if one.boundaries != nil {
				values = append(values, one.boundaries(f)...)
			}
		}
		return values
	}
	t.next = func(now time.Time) (soonest time.Time) {
		for _, one := range tests {
			if one.next == nil {
				continue
			}
			if at := one.next(now); !at.IsZero() && (soonest.IsZero() || at.Before(soonest)) {
				soonest = at
			}
		}
		return soonest
	}
	return t
}

// member compiles a condition within the condition.
func (o *options) member(option string, given any) (*test, error) {
	inner := &options{attribute: o.attribute, depth: o.depth + 1}
	fields, ok := given.(map[string]any)
	if !ok {
		return nil, refuse(option, "this is a condition: its type and its options")
	}
	for name, value := range fields {
		switch name {
		case "type":
			inner.kind, ok = value.(string)
		case "options":
			if inner.given, ok = value.(map[string]any); value == nil {
				ok = true
			}
		default:
			return nil, refuse(option, "a condition has a type and options, and no %s", name)
		}
		if !ok {
			return nil, refuse(option+"."+name, "this is malformed")
		}
	}
	if inner.depth > maxDepth {
		return nil, refuse(option, "conditions lie more than %d deep within each other", maxDepth)
	}
	t, err := compileTest(inner)
	return t, beneath(option, err)
}

// beneath places the error of a condition within another.
func beneath(option string, err error) error {
	at, ok := err.(*Error) //nolint:errorlint // compileTest makes it and wraps nothing
	switch {
	case !ok:
		return err
	case at.Option == "":
		return &Error{option + ".type", at.Message}
	}
	return &Error{option + ".options." + at.Option, at.Message}
}
