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
	t.text, t.one, t.path, t.instant, t.parsed = nil, nil, nil, nil, nil
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
func compileSeveral(o *options, combine func(int, func(int) Truth) Truth) (*test, error) {
	list, err := o.list("conditions")
	if err != nil {
		return nil, err
	}
	t := &test{}
	tests := make([]*test, len(list))
	for i, one := range list {
		inner, err := o.member(fmt.Sprintf("conditions[%d]", i), one)
		if err != nil {
			return nil, err
		}
		tests[i] = inner
		t.reads = append(t.reads, inner.reads...)
		t.call = t.call || inner.call
	}
	t.whole = func(v alveary.Value, f *Facts) Truth {
		return combine(len(tests), func(i int) Truth { return tests[i].of(v, f) })
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
	return t, nil
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
