package draw

import (
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"alveary"
)

type options = map[string]any

// Epoch is the instant around which all others lie: the Saturday evening before
// Central Europe sets its clocks forward.
var Epoch = time.Date(2026, 3, 28, 18, 30, 0, 0, time.UTC)

// The pools. What is in one is about what is in another.
var (
	texts = []string{
		"", "a", "mia", "zoe", "secret", "public", "txt", "ds", "ds/a", "ds/a/b.txt", "ds/A/mia", "LEAF", "COLLECTION", "admin",
		"10.1.2.3", "::ffff:10.1.2.3", "192.168.0.7", "2001:db8::1", "10.1.2.3:80", "user:mia", "role:r1", "group:/", "true", "false", "maybe",
		"0", "5", "-1", "1.5", "1048576", "rest", "x\ny", "m.a", "{*}", "/sales", "acl", "mia@example.org",
		"2026-03-28T19:30+0100", "2026-03-28T18:30:00Z", "2026-03-28T18:30:30.5Z", "2026-03-29T03:00:00+02:00", "2026-02-30T00:00:00Z",
	}
	templates = []string{"{{.ClaimsName}}", "x{{.ClaimsName}}", "{{.User:dept}}", "{{.Header:X-Own}}", "{{.ClaimsProfile}}{{.User:level}}"}
	matches   = []string{
		"txt", "^txt$", "(?i)TXT", "^a", "m.a", "secret|public", "^$", ".*", ".", "^{{.ClaimsName}}$", "{{.User:dept}}", `^10\.`, "^ds/", "x.y", "^[0-9]+$", "{{.Header:X-Own}}",
	}
	globs = []string{
		"**", "*", "", "ds", "ds/*", "ds/**", "ds/a", "ds/a/**", "(p)ds/a/b.txt", "(i)DS/A/**", "(ip)DS/*/B*", "ds/{a,b}/**", "ds/{a,b{.txt,x}}", "?s/**",
		"**/b.txt", "*/*", "ds/{{.ClaimsName}}/**", "(p)**/{{.ClaimsName}}", "*{{.Header:X-Own}}", "(p)ds/?/*.txt", "{,ds}", "ds{,/**}", "(i)*.TXT", "**a**", "{ds,10.1.2.3}",
		"(p)/ds", "?", "(ip){DS/a,x}/{{.User:dept}}",
	}
	networks = []string{
		"10.0.0.0/8", "10.1.2.3/32", "10.1.2.99/24", "192.168.0.0/24,10.1.0.0/16", "0.0.0.0/0", "::/0", "2001:db8::/32", "192.168.0.0/16", "::ffff:10.0.0.0/104",
	}
	hours = []string{
		"Monday-Friday/09:00/18:30", "Saturday/18:30/18:30", "Saturday/18:00/19:30", "Saturday-Sunday/00:00/23:59", "Friday-Monday/22:00/06:00",
		"saturday , SUNDAY/19:31/18:29", "Sunday/02:00/03:00", "Sunday/03:00/02:59;Saturday/19:00/20:00", "Monday, Saturday - Sunday/18:29/19:29 ; Tuesday/00:00/00:00",
		"Sunday/02:30/02:30", "Saturday/23:59/00:00",
	}
	zones   = []string{"UTC", "Europe/Berlin", "Australia/Sydney", "America/New_York"}
	periods = []string{
		"2026-03-28T18:30+0000/2026-03-29T00:00:00Z", "2026-03-28T18:00:00Z/2026-03-28T18:31:30Z", "2026-03-01T00:00+0100/2026-04-01T00:00+0200",
		"2026-03-28T18:31:00.5Z/2026-03-29T18:30:00+01:00", "2025-01-01T00:00+0000/2026-03-28T18:30+0000",
	}
	instants = []string{
		"2026-03-28T18:30+0000", "2026-03-28T19:30:00+01:00", "2026-03-28T18:29:59Z", "2026-03-28T18:31:15Z", "2026-03-29T01:00:00Z", "2026-04-01T00:00+0200", "2020-01-01T00:00:00Z",
	}
	sizes = []any{"0", "5", "-1", "1MiB", "1.5KiB", "10MiB", "1048576", "1.5", 5.0, 2.0, 1.0, 1.5, "1TiB"}
	ops   = []string{"<", "<=", "=", "!=", ">=", ">"}
	// Attributes are those that conditions test: some of each class.
	attributes = []string{
		alveary.AttrRemoteAddress, alveary.AttrServerTime, alveary.AttrClientTime, alveary.AttrAuthLevel, alveary.AttrGateway, "Header:X-Own", "Unheard",
		alveary.AttrNodeName, alveary.AttrNodePath, alveary.AttrNodeType, alveary.AttrNodeExtension, alveary.AttrNodeSize, alveary.AttrNodeMTime,
		alveary.AttrNodeOwner, "NodeMeta:usermeta-tags", "NodeMeta:pages", "NodeMetaUnheard",
		alveary.AttrClaimsName, alveary.AttrClaimsProfile, alveary.AttrClaimsRoles, alveary.AttrClaimsGroupPath, alveary.AttrClaimsEmail, "User:dept", "User:level",
	}
)

func pick[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

// at draws an index of a list of n.
func at(t *rapid.T, n int, label string) int { return rapid.IntRange(0, n-1).Draw(t, label) }

// oneIn is true once in n.
func oneIn(t *rapid.T, n int, label string) bool { return rapid.IntRange(1, n).Draw(t, label) == n }

// fitting are the condition types that say something about an attribute.
func fitting(attribute string) []string {
	textual := []string{"StringEqualCondition", "StringMatchCondition", "StringNotMatchCondition", "InCondition", "PathGlobCondition", "EqualsSubjectCondition"}
	switch attribute {
	case alveary.AttrRemoteAddress:
		return []string{"CIDRCondition", "CIDRCondition", "StringMatchCondition", "InCondition"}
	case alveary.AttrServerTime, alveary.AttrClientTime, alveary.AttrNodeMTime:
		return []string{"OfficeHoursCondition", "OfficeHoursCondition", "WithinPeriodCondition", "DateAfterCondition", "CompareTime"}
	case alveary.AttrNodeSize, alveary.AttrAuthLevel, "User:level", "NodeMeta:pages":
		return []string{"CompareCondition", "CompareCondition", "StringEqualCondition", "InCondition"}
	case alveary.AttrNodePath, alveary.AttrNodeName:
		return []string{"PathGlobCondition", "PathGlobCondition", "StringMatchCondition", "StringEqualCondition"}
	case "Header:X-Own":
		return append(textual, "StringPairsEqualCondition", "ResourceContainsCondition", "BooleanCondition")
	}
	return textual
}

// anyType are all condition types but CELCondition, which the oracle leaves out.
var anyType = []string{
	"StringEqualCondition", "StringMatchCondition", "StringNotMatchCondition", "PathGlobCondition", "CIDRCondition", "OfficeHoursCondition",
	"WithinPeriodCondition", "DateAfterCondition", "BooleanCondition", "StringPairsEqualCondition", "EqualsSubjectCondition",
	"ResourceContainsCondition", "CompareCondition", "CompareTime", "InCondition",
}

// Condition draws a well-formed condition that fits an attribute, or now and
// then one that does not.
func Condition(t *rapid.T, attribute string) alveary.Condition {
	return condition(t, attribute, 2)
}

func condition(t *rapid.T, attribute string, depth int) alveary.Condition {
	if depth > 0 && oneIn(t, 4, "nested") {
		kind := pick(t, []string{"NotCondition", "NotCondition", "AnyCondition", "AllCondition"}, "combination")
		if kind == "NotCondition" {
			return alveary.Condition{Type: kind, Options: options{"condition": asOption(condition(t, attribute, depth-1))}}
		}
		members := []any{asOption(condition(t, attribute, depth-1))}
		for range rapid.IntRange(0, 2).Draw(t, "members") {
			members = append(members, asOption(condition(t, attribute, depth-1)))
		}
		return alveary.Condition{Type: kind, Options: options{"conditions": members}}
	}
	kinds := fitting(attribute)
	if oneIn(t, 12, "any type") {
		kinds = anyType
	}
	return ofType(t, attribute, pick(t, kinds, "type"))
}

func asOption(c alveary.Condition) any {
	if c.Options == nil {
		return options{"type": c.Type}
	}
	return options{"type": c.Type, "options": c.Options}
}

// usual are the texts that an attribute often has.
func usual(attribute string) []string {
	switch attribute {
	case alveary.AttrNodeName:
		return []string{"a", "mia", "b.txt", ".hidden"}
	case alveary.AttrNodeType:
		return []string{"LEAF", "COLLECTION"}
	case alveary.AttrNodeExtension:
		return []string{"txt", "gz", ""}
	case alveary.AttrNodeSize, "NodeMeta:pages", "User:level", alveary.AttrAuthLevel:
		return []string{"5", "1", "1536", "-1"}
	case alveary.AttrNodeOwner, alveary.AttrClaimsName:
		return []string{"mia", "zoe", "", "{{.ClaimsName}}"}
	case "NodeMeta:usermeta-tags":
		return []string{"secret", "public", "mia", "{{.ClaimsName}}"}
	case alveary.AttrClaimsProfile:
		return []string{"standard", "admin", "shared"}
	case alveary.AttrClaimsGroupPath:
		return []string{"/", "/sales"}
	case alveary.AttrClaimsRoles:
		return []string{"r1", "mia", "auto"}
	case alveary.AttrGateway:
		return []string{"rest", "sync"}
	}
	return texts
}

func ofType(t *rapid.T, attribute, kind string) alveary.Condition {
	c := alveary.Condition{Type: kind}
	known := usual(attribute)
	if oneIn(t, 4, "any text") {
		known = slices.Concat(templates, texts)
	}
	switch kind {
	case "StringEqualCondition":
		c.Options = options{"equals": pick(t, known, "equals")}
	case "StringMatchCondition", "StringNotMatchCondition":
		c.Options = options{"matches": pick(t, matches, "matches")}
	case "PathGlobCondition":
		c.Options = options{"glob": pick(t, globs, "glob")}
	case "CIDRCondition":
		c.Options = options{"cidr": pick(t, networks, "cidr")}
	case "OfficeHoursCondition":
		c.Options = options{"matches": pick(t, hours, "hours")}
		if rapid.Bool().Draw(t, "with a zone") {
			c.Options["timezone"] = pick(t, zones, "timezone")
		}
	case "WithinPeriodCondition":
		c.Options = options{"matches": pick(t, periods, "period")}
	case "DateAfterCondition":
		c.Options = options{"matches": pick(t, instants, "date")}
	case "BooleanCondition":
		c.Options = options{"value": pick(t, []any{true, false, "true", "false"}, "value")}
	case "CompareCondition":
		c.Options = options{"op": pick(t, ops, "op"), "value": pick(t, sizes, "value")}
	case "CompareTime":
		c.Type, c.Options = "CompareCondition", options{"op": pick(t, ops, "op"), "value": pick(t, instants, "value")}
	case "InCondition":
		values := []any{}
		for range rapid.IntRange(1, 3).Draw(t, "values") {
			values = append(values, pick(t, []any{pick(t, known, "text"), pick(t, known, "text"), 5.0, 1.5, true}, "value"))
		}
		c.Options = options{"values": values}
	}
	return c
}

// Malformed draws a condition that is refused on saving.
func Malformed(t *rapid.T) alveary.Condition {
	return pick(t, []alveary.Condition{
		{Type: "MoonCondition"},
		{Type: "StringEqualCondition", Options: options{"equal": "a"}},
		{Type: "StringMatchCondition", Options: options{"matches": "("}},
		{Type: "StringNotMatchCondition", Options: options{"matches": "a(?=b)"}},
		{Type: "PathGlobCondition", Options: options{"glob": "a[b]"}},
		{Type: "PathGlobCondition", Options: options{"glob": "{a"}},
		{Type: "CIDRCondition", Options: options{"cidr": "10.0.0.0/99"}},
		{Type: "CIDRCondition", Options: options{"cidr": "10.0.0.1"}},
		{Type: "OfficeHoursCondition", Options: options{"matches": "Mondy/09:00/18:00"}},
		{Type: "OfficeHoursCondition", Options: options{"matches": "Monday/9h/18h"}},
		{Type: "OfficeHoursCondition", Options: options{"matches": hours[0], "timezone": "Mars/Olympus"}},
		{Type: "WithinPeriodCondition", Options: options{"matches": "2026-03-28T18:30+0000"}},
		{Type: "WithinPeriodCondition", Options: options{"matches": "2026-03-28T18:30+0000/2026-03-28T18:30:00Z"}},
		{Type: "DateAfterCondition", Options: options{"matches": "28/02/2026"}},
		{Type: "BooleanCondition", Options: options{"value": "maybe"}},
		{Type: "CompareCondition", Options: options{"op": "=<", "value": 5.0}},
		{Type: "CompareCondition", Options: options{"op": "<", "value": "10MB"}},
		{Type: "InCondition", Options: options{"values": "a"}},
		{Type: "NotCondition", Options: options{"condition": options{"type": "MoonCondition"}}},
		{Type: "AnyCondition", Options: options{"conditions": []any{options{"type": "StringMatchCondition", "options": options{"matches": ")"}}}}},
	}, "malformed")
}

// Value draws a value such as an attribute may have, or now and then any.
func Value(t *rapid.T, attribute string) alveary.Value {
	if oneIn(t, 8, "any value") {
		return anyValue(t)
	}
	switch attribute {
	case alveary.AttrServerTime, alveary.AttrClientTime, alveary.AttrNodeMTime:
		if rapid.Bool().Draw(t, "as text") {
			return alveary.Text(pick(t, instants, "instant"))
		}
		return alveary.Instant(Now(t))
	case alveary.AttrNodeSize, alveary.AttrAuthLevel:
		return alveary.Number(pick(t, []int64{0, 1, 2, 5, 1536, 1 << 20, 10 << 20}, "number"))
	case alveary.AttrRemoteAddress:
		return alveary.Text(pick(t, []string{"10.1.2.3", "::ffff:10.1.2.3", "192.168.0.7", "2001:db8::1", "10.1.2.3:80", ""}, "address"))
	case "NodeMeta:usermeta-tags", "NodeMeta:pages", alveary.AttrClaimsRoles:
		return alveary.Texts(rapid.SliceOfN(rapid.SampledFrom(texts[1:]), 1, 3).Draw(t, "texts")...)
	}
	return alveary.Text(pick(t, texts, "text"))
}

func anyValue(t *rapid.T) alveary.Value {
	text := func() alveary.Value { return alveary.Text(pick(t, texts, "text")) }
	switch rapid.IntRange(0, 8).Draw(t, "kind") {
	case 0:
		return alveary.Value{}
	case 1:
		return alveary.Unset()
	case 2:
		return alveary.Number(rapid.Int64Range(-1, 6).Draw(t, "number"))
	case 3:
		return alveary.Instant(Now(t))
	case 4:
		return alveary.List(text(), text())
	case 5:
		return alveary.List(alveary.List(text(), text()), alveary.List(text(), text()))
	case 6:
		same := text()
		return alveary.List(alveary.List(same, same))
	case 7:
		return alveary.Fields(map[string]alveary.Value{"value": text(), "delimiter": alveary.Text(pick(t, []string{"", ":", "/"}, "delimiter"))})
	}
	return text()
}

// Now draws a present near the epoch, on a clock of one of the zones.
func Now(t *rapid.T) time.Time {
	far := pick(t, []time.Duration{0, time.Second, time.Minute, 90 * time.Second, time.Hour, 6 * time.Hour, 6*time.Hour + 30*time.Minute, 24 * time.Hour, 40 * time.Hour}, "far")
	if rapid.Bool().Draw(t, "before") {
		far = -far
	}
	return Epoch.Add(far).In(pick(t, locations, "zone"))
}

// locations are clocks of servers; without a table of zones that a test might
// not find, Central Europe's is left out.
var locations = []*time.Location{time.UTC, time.FixedZone("", 3600), time.FixedZone("", -5*3600)}

// Attribute draws the name of an attribute, often one of the node or the time.
func Attribute(t *rapid.T) string {
	if oneIn(t, 4, "the time") {
		return alveary.AttrServerTime
	}
	class := pick(t, []alveary.AttributeClass{alveary.ClassNode, alveary.ClassNode, alveary.ClassContext, alveary.ClassSubject}, "class")
	return pick(t, slices.DeleteFunc(slices.Clone(attributes), func(name string) bool { return alveary.ClassOf(name) != class }), "attribute")
}

// Garbled is a condition with one of its texts changed a little, so that it may
// be malformed or mean something else.
func Garbled(t *rapid.T, c alveary.Condition) alveary.Condition {
	changed := options{}
	for _, name := range slices.Sorted(maps.Keys(c.Options)) {
		option := c.Options[name]
		if text, ok := option.(string); ok && !strings.Contains(text, "{{") { // how templates are written is no part of the model
			option = Garble(t, text)
		}
		changed[name] = option
	}
	c.Options = changed
	return c
}

// Garble changes a text a little.
func Garble(t *rapid.T, text string) string {
	runes := []rune(text)
	i := at(t, len(runes)+1, "where")
	odd := pick(t, []rune("/,;-:*?{}()<>.|^$ 019aTZ+"), "odd")
	switch rapid.IntRange(0, 2).Draw(t, "how") {
	case 0:
		return string(runes[:i]) + string(odd) + string(runes[i:])
	case 1:
		return string(runes[:i]) + string(runes[min(i+1, len(runes)):])
	}
	return string(runes[:i]) + string(odd) + string(runes[min(i+1, len(runes)):])
}
