package conditions

import (
	"fmt"
	"slices"

	"alveary"
	"alveary/policy/match"
)

func compileEqual(o *options) (*test, error) {
	want, err := o.phrase("equals")
	if err != nil {
		return nil, err
	}
	return oneOf(want.String()), nil
}

func compileIn(o *options) (*test, error) {
	list, err := o.list("values")
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(list))
	for i, one := range list {
		text, ok := scalar(one)
		if !ok {
			return nil, refuse(fmt.Sprintf("values[%d]", i), "this is a text, a number, true or false, or a time")
		}
		texts[i] = text.String()
	}
	if !slices.ContainsFunc(texts, hasTemplate) {
		return oneOf(texts...), nil
	}
	// Where one cannot be filled in, the value may still be another.
	tests := make([]*test, len(texts))
	for i, text := range texts {
		inner := &options{attribute: o.attribute, kind: kindEqual, given: map[string]any{"equals": text}}
		if tests[i], err = compileTest(inner); err != nil {
			return nil, &Error{fmt.Sprintf("values[%d]", i), err.(*Error).Message} //nolint:errorlint // compileTest wraps nothing
		}
	}
	return several(tests, false), nil
}

func hasTemplate(text string) bool {
	segments, problem := splitTemplates(text, false)
	return segments != nil || problem != ""
}

// oneOf holds for the texts. A few are compared one by one, which is faster than
// a map.
func oneOf(texts ...string) *test {
	t := &test{boundaries: func(*Facts) []alveary.Value { return insideAndOther(texts) }}
	if len(texts) > 8 {
		set := make(map[string]bool, len(texts))
		for _, one := range texts {
			set[one] = true
		}
		t.text = func(text string, _ *Facts) bool { return set[text] }
		return t
	}
	t.text = func(text string, _ *Facts) bool { return slices.Contains(texts, text) }
	return t
}

func compileMatch(o *options, negative bool) (*test, error) {
	source, err := o.phrase("matches")
	if err != nil {
		return nil, err
	}
	found, err := match.ParsePattern(source)
	if err != nil {
		return nil, refuse("matches", "%s", err)
	}
	return &test{negative: negative, text: func(text string, _ *Facts) bool { return found(text) != negative }}, nil
}

func compileGlob(o *options) (*test, error) {
	source, err := o.phrase("glob")
	if err != nil {
		return nil, err
	}
	g, err := match.ParseGlob(source)
	if err != nil {
		return nil, refuse("glob", "%s", err)
	}
	return &test{
		text: func(text string, _ *Facts) bool { return g.Matches(match.Path{Name: text}) },
		path: g.Matches,
	}, nil
}
