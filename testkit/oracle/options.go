package oracle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"alveary"
)

// types are the condition types with the options each must have, and with those
// it may have.
var types = map[string]struct{ must, may []string }{
	"StringEqualCondition":      {must: []string{"equals"}},
	"StringMatchCondition":      {must: []string{"matches"}},
	"StringNotMatchCondition":   {must: []string{"matches"}},
	"PathGlobCondition":         {must: []string{"glob"}},
	"CIDRCondition":             {must: []string{"cidr"}},
	"OfficeHoursCondition":      {must: []string{"matches"}, may: []string{"timezone"}},
	"WithinPeriodCondition":     {must: []string{"matches"}},
	"DateAfterCondition":        {must: []string{"matches"}},
	"BooleanCondition":          {must: []string{"value"}},
	"StringPairsEqualCondition": {},
	"EqualsSubjectCondition":    {},
	"ResourceContainsCondition": {},
	"CompareCondition":          {must: []string{"op", "value"}},
	"InCondition":               {must: []string{"values"}},
	"NotCondition":              {must: []string{"condition"}},
	"AnyCondition":              {must: []string{"conditions"}},
	"AllCondition":              {must: []string{"conditions"}},
}

// RefusedCondition is 6.8 for one condition: what is malformed in it.
func RefusedCondition(c alveary.Condition) error {
	options, known := types[c.Type]
	if !known {
		return fmt.Errorf("unknown type %q", c.Type)
	}
	for name := range c.Options {
		if !slices.Contains(options.must, name) && !slices.Contains(options.may, name) {
			return fmt.Errorf("%s has no option %q", c.Type, name)
		}
	}
	for _, name := range options.must {
		if _, ok := c.Options[name]; !ok {
			return fmt.Errorf("%s lacks option %q", c.Type, name)
		}
	}
	if err := refusedOptions(c); err != nil {
		return fmt.Errorf("%s: %w", c.Type, err)
	}
	return nil
}

func refusedOptions(c alveary.Condition) error {
	switch c.Type {
	case "NotCondition":
		return refusedNested(c.Options["condition"])
	case "AnyCondition", "AllCondition":
		list, ok := c.Options["conditions"].([]any)
		if !ok {
			return fmt.Errorf("no list of conditions")
		}
		for _, one := range list {
			if err := refusedNested(one); err != nil {
				return err
			}
		}
		return nil
	case "BooleanCondition":
		if word := wordOf(c.Options["value"]); word != "true" && word != "false" {
			return fmt.Errorf("%q is no boolean", word)
		}
		return nil
	case "CompareCondition":
		return refusedComparison(c)
	case "InCondition":
		list, ok := c.Options["values"].([]any)
		if !ok {
			return fmt.Errorf("no list of values")
		}
		for _, one := range list {
			if !isScalar(one) {
				return fmt.Errorf("%v is no value", one)
			}
		}
		return nil
	}
	for name, option := range c.Options {
		text, ok := option.(string)
		if !ok {
			return fmt.Errorf("option %s is no text", name)
		}
		if err := refusedText(c.Type, name, text); err != nil {
			return fmt.Errorf("option %s: %w", name, err)
		}
	}
	return nil
}

func refusedNested(option any) error {
	inner, ok := nested(option)
	if !ok {
		return fmt.Errorf("no condition")
	}
	return RefusedCondition(inner)
}

func refusedText(kind, name, text string) error {
	switch kind {
	case "StringMatchCondition", "StringNotMatchCondition":
		_, err := regexp.Compile(template.ReplaceAllString(text, "x"))
		return err
	case "PathGlobCondition":
		_, err := globOf([]piece{{text: template.ReplaceAllString(text, "x")}})
		return err
	}
	if template.MatchString(text) {
		return nil // only what is filled in can tell
	}
	switch kind {
	case "CIDRCondition":
		_, err := networksOf(text)
		return err
	case "OfficeHoursCondition":
		if name == "timezone" {
			_, err := zoneOf(text)
			return err
		}
		_, err := hoursOf(text)
		return err
	case "WithinPeriodCondition":
		_, _, err := periodOf(text)
		return err
	case "DateAfterCondition":
		_, err := timeOf(text)
		return err
	}
	return nil
}

// nested reads a condition that is an option of another.
func nested(option any) (alveary.Condition, bool) {
	fields, ok := option.(map[string]any)
	if !ok {
		return alveary.Condition{}, false
	}
	for name := range fields {
		if name != "type" && name != "options" {
			return alveary.Condition{}, false
		}
	}
	kind, ok := fields["type"].(string)
	if !ok {
		return alveary.Condition{}, false
	}
	options, ok := fields["options"].(map[string]any)
	return alveary.Condition{Type: kind, Options: options}, ok || fields["options"] == nil
}

func listOf(option any) []any {
	list, _ := option.([]any)
	return list
}

func isScalar(option any) bool {
	v, err := alveary.ValueOf(option)
	if err != nil {
		return false
	}
	_, ok := v.Text()
	return ok
}

// wordOf is an option as text.
func wordOf(option any) string {
	v, err := alveary.ValueOf(option)
	if err != nil {
		return ""
	}
	if v.Kind() == alveary.ValueInstant {
		return v.Time().Format(time.RFC3339)
	}
	text, _ := v.Text()
	return text
}

// template is the end of 6.9: {{.ClaimsName}}.
var template = regexp.MustCompile(`\{\{\.([^{}]+)\}\}`)

// piece is a part of an option: the author's, or what was filled in.
type piece struct {
	text   string
	filled bool
}

// pieces cuts an option at its templates and fills those in; false where a
// value has no text or is absent.
func (f Facts) pieces(option string) ([]piece, bool) {
	var cut []piece
	from := 0
	for _, at := range template.FindAllStringSubmatchIndex(option, -1) {
		value := f.attribute(option[at[2]:at[3]])
		text, ok := value.Text()
		if !ok {
			return nil, false
		}
		cut = append(cut, piece{text: option[from:at[0]]}, piece{text, true})
		from = at[1]
	}
	return append(cut, piece{text: option[from:]}), true
}

func (f Facts) fillText(option string, quote func(string) string) (string, bool) {
	pieces, ok := f.pieces(option)
	var b strings.Builder
	for _, p := range pieces {
		if p.filled {
			p.text = quote(p.text)
		}
		b.WriteString(p.text)
	}
	return b.String(), ok
}

func (f Facts) fill(c alveary.Condition, option string) (string, bool) {
	return f.fillText(wordOf(c.Options[option]), plainly)
}

func plainly(text string) string { return text }

// templates are the names of the attributes that options fill in.
func templates(option any) []string {
	var names []string
	switch o := option.(type) {
	case string:
		for _, found := range template.FindAllStringSubmatch(o, -1) {
			names = append(names, found[1])
		}
	case map[string]any:
		for _, one := range o {
			names = append(names, templates(one)...)
		}
	case []any:
		for _, one := range o {
			names = append(names, templates(one)...)
		}
	}
	return names
}
