package conditions

import (
	"fmt"
	"strings"

	"alveary"
)

// wordsOf says in a few words what a condition asks of an attribute. Times of the
// server need no name: it is the time.
func wordsOf(attribute string, c alveary.Condition) string {
	text := func(name string) string {
		p, _ := scalar(c.Options[name])
		return p.String()
	}
	whose := attribute + " "
	if attribute == alveary.AttrServerTime {
		whose = ""
	}
	switch c.Type {
	case kindEqual:
		return fmt.Sprintf("%s is %q", attribute, text("equals"))
	case kindIn:
		return attribute + " is " + wordsOfList(c.Options["values"])
	case kindMatch:
		return fmt.Sprintf("%s matches %q", attribute, text("matches"))
	case kindNotMatch:
		return fmt.Sprintf("%s does not match %q", attribute, text("matches"))
	case kindGlob:
		return fmt.Sprintf("%s is like %q", attribute, text("glob"))
	case kindCIDR:
		return attribute + " in " + text("cidr")
	case kindHours:
		return whose + wordsOfHours(text("matches"), text("timezone"))
	case kindPeriod:
		begin, end, _ := strings.Cut(text("matches"), "/")
		return whose + "between " + begin + " and " + end
	case kindAfter:
		return whose + "after " + text("matches")
	case kindBoolean:
		return attribute + " is " + text("value")
	case kindCompare:
		return attribute + " " + text("op") + " " + text("value")
	case kindPairs:
		return "both of each pair in " + attribute + " are the same"
	case kindSubject:
		return attribute + " names the asker"
	case kindResource:
		return "the resource contains " + attribute
	case kindCEL:
		return "(" + text("expr") + ")"
	case kindNot:
		return "not (" + wordsOfInner(attribute, c.Options["condition"]) + ")"
	case kindAny:
		return "(" + strings.Join(wordsOfSeveral(attribute, c.Options["conditions"]), " or ") + ")"
	case kindAll:
		return "(" + strings.Join(wordsOfSeveral(attribute, c.Options["conditions"]), " and ") + ")"
	}
	return attribute + " " + c.Type
}

func wordsOfList(given any) string {
	list, _ := given.([]any)
	words := make([]string, len(list))
	for i, one := range list {
		p, _ := scalar(one)
		words[i] = fmt.Sprintf("%q", p.String())
	}
	return strings.Join(words, " or ")
}

// wordsOfHours sets days and hours apart: Monday-Friday 09:00-18:30.
func wordsOfHours(text, zone string) string {
	periods := strings.Split(text, ";")
	for i, one := range periods {
		one = strings.Replace(strings.TrimSpace(one), "/", " ", 1)
		periods[i] = strings.Replace(one, "/", "-", 1)
	}
	words := strings.Join(periods, ", ")
	if zone != "" {
		words += " in " + zone
	}
	return words
}

func wordsOfInner(attribute string, given any) string {
	fields, _ := given.(map[string]any)
	inner := alveary.Condition{}
	inner.Type, _ = fields["type"].(string)
	inner.Options, _ = fields["options"].(map[string]any)
	return wordsOf(attribute, inner)
}

func wordsOfSeveral(attribute string, given any) []string {
	list, _ := given.([]any)
	words := make([]string, len(list))
	for i, one := range list {
		words[i] = wordsOfInner(attribute, one)
	}
	return words
}
