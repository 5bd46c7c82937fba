package oracle

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"alveary"
)

// Truth is the answer of a condition: 6.7.
type Truth uint8

// The three values.
const (
	False Truth = iota
	True
	Undecided
)

// String is the word of scenario files.
func (t Truth) String() string { return [...]string{"false", "true", "undecided"}[t] }

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

func (t Truth) not() Truth { return [...]Truth{True, False, Undecided}[t] }

// anyOf is 6.7: a true member makes it true; else one that cannot be decided
// makes it so.
func anyOf(members []Truth) Truth {
	switch {
	case slices.Contains(members, True):
		return True
	case slices.Contains(members, Undecided):
		return Undecided
	}
	return False
}

// allOf is 6.7: a false member makes it false; else one that cannot be decided
// makes it so.
func allOf(members []Truth) Truth {
	switch {
	case slices.Contains(members, False):
		return False
	case slices.Contains(members, Undecided):
		return Undecided
	}
	return True
}

// Holds asks a condition of a rule, which must be well formed.
func (f Facts) Holds(c alveary.AttributeCondition) Truth {
	return f.Test(c.Condition, f.attribute(c.Attribute))
}

// Test is 6.4 and 6.7: a well-formed condition on a value.
func (f Facts) Test(c alveary.Condition, v alveary.Value) Truth {
	switch c.Type {
	case "NotCondition":
		inner, _ := nested(c.Options["condition"])
		return f.Test(inner, v).not()
	case "AnyCondition":
		return anyOf(f.testEach(c, v))
	case "AllCondition":
		return allOf(f.testEach(c, v))
	case "StringPairsEqualCondition":
		return pairsEqual(v)
	}
	if v.Kind() == alveary.ValueList { // 6.9: a positive test needs one value, a negative all
		var members []Truth
		for _, member := range v.List() {
			members = append(members, f.testOne(c, member))
		}
		if c.Type == "StringNotMatchCondition" || c.Options["op"] == "!=" {
			return allOf(members)
		}
		return anyOf(members)
	}
	return f.testOne(c, v)
}

func (f Facts) testEach(c alveary.Condition, v alveary.Value) []Truth {
	var members []Truth
	for _, one := range listOf(c.Options["conditions"]) {
		inner, _ := nested(one)
		members = append(members, f.Test(inner, v))
	}
	return members
}

// testOne is a condition on a value that is no list.
func (f Facts) testOne(c alveary.Condition, v alveary.Value) Truth {
	if v.Kind() == alveary.ValueAbsent {
		return Undecided
	}
	text, isText := v.Text() // "" for what is not set
	switch c.Type {
	case "StringEqualCondition", "StringMatchCondition", "StringNotMatchCondition", "PathGlobCondition", "EqualsSubjectCondition", "InCondition":
		if !isText {
			return Undecided
		}
		return f.testText(c, text)
	}
	if v.Kind() == alveary.ValueUnset {
		return truth(c.Options["op"] == "!=")
	}
	option, ok := f.fill(c, "matches")
	if !ok {
		return Undecided
	}
	switch c.Type {
	case "CIDRCondition":
		list, ok := f.fill(c, "cidr")
		if !ok || !isText {
			return Undecided
		}
		return inNetworks(list, text)
	case "OfficeHoursCondition":
		return f.inOfficeHours(c, v)
	case "WithinPeriodCondition":
		return within(option, v)
	case "DateAfterCondition":
		return after(option, v)
	case "BooleanCondition":
		if text != "true" && text != "false" {
			return Undecided
		}
		return truth(text == wordOf(c.Options["value"]))
	case "CompareCondition":
		return f.compare(c, v)
	case "ResourceContainsCondition":
		return contains(f.Resource, v)
	}
	return Undecided
}

// testText are the conditions that compare text.
func (f Facts) testText(c alveary.Condition, text string) Truth {
	switch c.Type {
	case "EqualsSubjectCondition":
		return truth(slices.Contains(f.Subjects, text))
	case "InCondition":
		var members []Truth
		for _, one := range listOf(c.Options["values"]) {
			filled, ok := f.fillText(wordOf(one), plainly)
			if !ok {
				members = append(members, Undecided)
				continue
			}
			members = append(members, truth(text == filled))
		}
		return anyOf(members)
	case "StringEqualCondition":
		equals, ok := f.fill(c, "equals")
		if !ok {
			return Undecided
		}
		return truth(text == equals)
	case "PathGlobCondition":
		return f.globs(c, text)
	}
	pattern, ok := f.fillText(wordOf(c.Options["matches"]), regexp.QuoteMeta)
	if !ok {
		return Undecided
	}
	e, err := regexp.Compile(pattern)
	if err != nil {
		return Undecided
	}
	return truth(e.MatchString(text) != (c.Type == "StringNotMatchCondition"))
}

// inNetworks is CIDRCondition: IPv4 in IPv6 is unwrapped, the bits of the host
// are ignored.
func inNetworks(list, text string) Truth {
	address, err := netip.ParseAddr(text)
	networks, bad := networksOf(list)
	if err != nil || bad != nil {
		return Undecided
	}
	return truth(slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(address.Unmap()) }))
}

func networksOf(list string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, one := range strings.Split(list, ",") {
		p, err := netip.ParsePrefix(strings.TrimSpace(one))
		if err != nil {
			return nil, err
		}
		if p.Addr().Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		networks = append(networks, p.Masked())
	}
	return networks, nil
}

// pairsEqual is StringPairsEqualCondition as in Ladon: a list of lists of two
// texts, equal in each.
func pairsEqual(v alveary.Value) Truth {
	switch v.Kind() {
	case alveary.ValueUnset:
		return False
	case alveary.ValueList:
	default:
		return Undecided
	}
	equal := true
	for _, pair := range v.List() {
		both := pair.List()
		if len(both) != 2 {
			return Undecided
		}
		left, ok := both[0].Text()
		right, okToo := both[1].Text()
		if !ok || !okToo {
			return Undecided
		}
		equal = equal && left == right
	}
	return truth(equal)
}

// contains is ResourceContainsCondition as in Ladon: the value stands in the
// resource, between delimiters where there is one.
func contains(resource string, v alveary.Value) Truth {
	field := v.Field("value")
	value, ok := field.Text()
	if !ok || value == "" {
		return Undecided
	}
	between := v.Field("delimiter")
	delimiter, _ := between.Text()
	return truth(strings.Contains(delimiter+resource+delimiter, delimiter+value+delimiter))
}
