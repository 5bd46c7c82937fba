package conditions

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/policy/match"
)

// Type is a line of the catalogue of conditions (MODEL.md 6.4).
type Type struct {
	Type    string
	Doc     string // one plain sentence
	Options []Option
}

// Option is an option of a type of conditions.
type Option struct {
	Name     string
	Kind     string // text, pattern, cidr, hours, period, time, timezone, glob, boolean, op, value, values, expr, condition, conditions
	Required bool
	Doc      string
}

// Types is the catalogue of conditions, for forms and checks.
func Types() []Type { return slices.Clone(catalogue) }

var catalogue = []Type{
	{kindEqual, "the text is exactly this one", []Option{{"equals", "text", true, "the text, in the same case"}}},
	{kindIn, "the text is one of these", []Option{{"values", "values", true, "the texts"}}},
	{kindMatch, "a pattern is found in the text", []Option{{"matches", "pattern", true, "an RE2 pattern, found anywhere unless it has ^ and $"}}},
	{kindNotMatch, "a pattern is not found in the text", []Option{{"matches", "pattern", true, "an RE2 pattern, looked for anywhere unless it has ^ and $"}}},
	{kindGlob, "the path is one of these", []Option{{"glob", "glob", true, "* within a name, ** across folders, {a,b}, ?; (i) in front ignores case, (p) takes the folders above as well"}}},
	{kindCIDR, "the address is in a network", []Option{{"cidr", "cidr", true, "one or several networks such as 10.0.0.0/8, separated by commas"}}},
	{kindHours, "the time is within the week's hours", []Option{
		{"matches", "hours", true, "days/HH:MM/HH:MM such as Monday-Friday/09:00/18:30, several separated by ;"},
		{"timezone", "timezone", false, "the place whose clock counts, such as Europe/Berlin"},
	}},
	{kindPeriod, "the time is within a period", []Option{{"matches", "period", true, "begin/end, each such as 2018-02-01T00:00+0100"}}},
	{kindAfter, "the time is after an instant", []Option{{"matches", "time", true, "the instant, such as 2018-02-28T23:59+0100"}}},
	{kindBoolean, "it is true, or it is false", []Option{{"value", "boolean", true, "true or false"}}},
	{kindCompare, "the number, size or time compares with another", []Option{
		{"op", "op", true, "<, <=, =, !=, >= or >"},
		{"value", "value", true, "a number, a size such as 10MiB, or a time"},
	}},
	{kindPairs, "in every pair of texts both are the same", nil},
	{kindSubject, "the text spells who asks, such as user:anna", nil},
	{kindResource, "the resource contains the value", nil},
	{kindCEL, "an expression is true", []Option{{"expr", "expr", true, "CEL over context, node and subject"}}},
	{kindNot, "another condition does not hold", []Option{{"condition", "condition", true, "the condition, on the same attribute"}}},
	{kindAny, "at least one of several conditions holds", []Option{{"conditions", "conditions", true, "the conditions, on the same attribute"}}},
	{kindAll, "all of several conditions hold", []Option{{"conditions", "conditions", true, "the conditions, on the same attribute"}}},
}

// options are those of one condition, as a JSON or YAML decoder gives them. Where
// a template was filled in, a phrase stands in place of a string.
type options struct {
	attribute string
	kind      string
	given     map[string]any
	depth     int
}

func refuse(option, format string, args ...any) error {
	return &Error{option, fmt.Sprintf(format, args...)}
}

// check refuses unknown types, and options that the type does not have or lacks.
func (o *options) check() error {
	at := slices.IndexFunc(catalogue, func(t Type) bool { return t.Type == o.kind })
	if at < 0 {
		return refuse("", "%q is no type of condition", o.kind)
	}
	known := catalogue[at].Options
	var names []string
	for _, one := range known {
		names = append(names, one.Name)
	}
	var unknown []string
	for name := range o.given {
		if !slices.Contains(names, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		if len(names) == 0 {
			return refuse(unknown[0], "a %s has no options", o.kind)
		}
		return refuse(unknown[0], "a %s has no such option; it has %s", o.kind, strings.Join(names, " and "))
	}
	for _, one := range known {
		if one.Required && o.given[one.Name] == nil {
			return refuse(one.Name, "a %s needs this option: %s", o.kind, one.Doc)
		}
	}
	return nil
}

// phrase is an option that is a text.
func (o *options) phrase(name string) (match.Phrase, error) {
	switch v := o.given[name].(type) {
	case string:
		return match.Phrase{{Text: v}}, nil
	case match.Phrase:
		return v, nil
	}
	return nil, refuse(name, "this is a text; write it in quotes")
}

// timely is an option that is a text or, as YAML reads one without quotes, a
// time.
func (o *options) timely(name string) (match.Phrase, error) {
	if t, ok := o.given[name].(time.Time); ok {
		return match.Phrase{{Text: t.Format(time.RFC3339Nano)}}, nil
	}
	return o.phrase(name)
}

// scalar is the text of a single value: a text, a number, true or false, a time.
func scalar(v any) (match.Phrase, bool) {
	switch v := v.(type) {
	case match.Phrase:
		return v, true
	case string:
		return match.Phrase{{Text: v}}, true
	case time.Time:
		return match.Phrase{{Text: v.Format(time.RFC3339Nano)}}, true
	}
	value, err := alveary.ValueOf(v)
	if err != nil {
		return nil, false
	}
	text, ok := value.Text()
	return match.Phrase{{Text: text}}, ok
}

// list is an option that is a list with at least one member.
func (o *options) list(name string) ([]any, error) {
	switch v := o.given[name].(type) {
	case []any:
		if len(v) > 0 {
			return v, nil
		}
	case []string:
		if len(v) > 0 {
			list := make([]any, len(v))
			for i, one := range v {
				list[i] = one
			}
			return list, nil
		}
	}
	return nil, refuse(name, "this is a list with at least one member")
}
