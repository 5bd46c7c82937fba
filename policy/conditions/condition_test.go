package conditions

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
)

type opts = map[string]any

func inner(kind string, o opts) opts { return opts{"type": kind, "options": o} }

var (
	absent   = alveary.Value{}
	unset    = alveary.Unset()
	empty    = alveary.Text("")
	someMap  = alveary.Fields(map[string]alveary.Value{"a": alveary.Text("b")})
	monday   = alveary.Instant(time.Date(2018, 2, 5, 10, 0, 0, 0, time.UTC))
	equalA   = inner(kindEqual, opts{"equals": "a"})
	inTen    = inner(kindCIDR, opts{"cidr": "10.0.0.0/8"})
	notEqual = inner(kindNot, opts{"condition": equalA})
	texts    = func(all ...string) alveary.Value { return alveary.Texts(all...) }
	text     = alveary.Text
	number   = alveary.Number
)

// MODEL.md 6.4 and 6.7, one line a clause.
var answers = []struct {
	kind    string
	options opts
	value   alveary.Value
	want    Truth
}{
	{kindEqual, opts{"equals": "abc"}, text("abc"), True},
	{kindEqual, opts{"equals": "abc"}, text("ABC"), False},
	{kindEqual, opts{"equals": "5"}, number(5), True}, // a number has a text
	{kindEqual, opts{"equals": "2018-02-05T10:00:00Z"}, monday, True},
	{kindEqual, opts{"equals": ""}, unset, True}, // nothing set is the empty text
	{kindEqual, opts{"equals": ""}, empty, True}, // present
	{kindEqual, opts{"equals": "a"}, unset, False},
	{kindEqual, opts{"equals": ""}, absent, Undecided},
	{kindEqual, opts{"equals": "a"}, someMap, Undecided},
	{kindEqual, opts{"equals": "b"}, texts("a", "b"), True}, // of a list one is enough
	{kindEqual, opts{"equals": "c"}, texts("a", "b"), False},
	{kindEqual, opts{"equals": "a"}, alveary.List(someMap, text("a")), True},
	{kindEqual, opts{"equals": "c"}, alveary.List(someMap, text("a")), Undecided},
	{kindEqual, opts{"equals": "c"}, alveary.List(alveary.List(text("c"))), Undecided}, // a list within a list has no text
	{kindEqual, opts{"equals": ""}, alveary.List(), True},                              // an empty list is nothing set
	{kindIn, opts{"values": []any{"a", 5, true}}, number(5), True},
	{kindIn, opts{"values": []any{"a", 5, true}}, text("true"), True},
	{kindIn, opts{"values": []string{"a", "b"}}, text("c"), False},
	{kindIn, opts{"values": []any{"a"}}, absent, Undecided},
	{kindMatch, opts{"matches": "b"}, text("abc"), True}, // anywhere
	{kindMatch, opts{"matches": "^b"}, text("abc"), False},
	{kindMatch, opts{"matches": "a.c"}, text("a\nc"), False},
	{kindMatch, opts{"matches": ".*"}, unset, True},
	{kindMatch, opts{"matches": ".*"}, absent, Undecided},
	{kindNotMatch, opts{"matches": "x"}, unset, True},
	{kindNotMatch, opts{"matches": "x"}, absent, Undecided},
	{kindNotMatch, opts{"matches": "x"}, texts("a", "b"), True}, // of a list all
	{kindNotMatch, opts{"matches": "a"}, texts("a", "b"), False},
	{kindNotMatch, opts{"matches": "x"}, alveary.List(text("a"), someMap), Undecided},
	{kindNotMatch, opts{"matches": "a"}, alveary.List(someMap, text("a")), False},
	{kindGlob, opts{"glob": "a/**"}, text("a/b/c"), True},
	{kindGlob, opts{"glob": "a/**"}, text("a"), False},
	{kindGlob, opts{"glob": "**"}, unset, True},
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, text("10.1.2.3"), True},
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, unset, False},
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, empty, Undecided}, // present, and no address
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, text("10.1.2.3:443"), Undecided},
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, number(10), Undecided},
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, texts("nowhere", "10.1.2.3"), True},
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, texts("11.0.0.0", "nowhere"), Undecided},
	{kindCIDR, opts{"cidr": "10.0.0.0/8"}, alveary.List(), False},
	{kindHours, opts{"matches": "Monday/09:00/18:30"}, monday, True},
	{kindHours, opts{"matches": "Monday/09:00/18:30", "timezone": "Australia/Sydney"}, monday, False},
	{kindHours, opts{"matches": "Monday/09:00/18:30"}, text("2018-02-05T10:00+0100"), True},
	{kindHours, opts{"matches": "Monday/09:00/18:30"}, text("noon"), Undecided},
	{kindHours, opts{"matches": "Monday/09:00/18:30"}, unset, False},
	{kindPeriod, opts{"matches": "2018-02-05T10:00:00Z/2018-04-01T00:00:00Z"}, monday, False}, // strictly
	{kindPeriod, opts{"matches": "2018-02-05T09:59:59Z/2018-02-05T10:00:01Z"}, monday, True},
	{kindPeriod, opts{"matches": "2018-02-05T09:59:59Z/2018-02-05T10:00:00Z"}, monday, False},
	{kindPeriod, opts{"matches": "2018-02-05T09:59:59Z/2018-02-05T10:00:01Z"}, number(5), Undecided},
	{kindAfter, opts{"matches": "2018-02-05T10:00:00Z"}, monday, False}, // strictly
	{kindAfter, opts{"matches": "2018-02-05T09:59+0000"}, monday, True},
	{kindAfter, opts{"matches": time.Date(2018, 2, 5, 9, 0, 0, 0, time.UTC)}, monday, True}, // as YAML reads it
	{kindAfter, opts{"matches": "2018-02-05T09:59+0000"}, unset, False},
	{kindBoolean, opts{"value": true}, text("true"), True},
	{kindBoolean, opts{"value": "false"}, text("false"), True},
	{kindBoolean, opts{"value": true}, text("false"), False},
	{kindBoolean, opts{"value": true}, text("maybe"), Undecided},
	{kindBoolean, opts{"value": true}, number(1), Undecided},
	{kindBoolean, opts{"value": false}, unset, False},
	{kindCompare, opts{"op": "<", "value": 10}, number(9), True},
	{kindCompare, opts{"op": "<", "value": 10.0}, number(10), False},
	{kindCompare, opts{"op": "<=", "value": "10"}, number(10), True},
	{kindCompare, opts{"op": ">", "value": "1.5"}, number(1), False},
	{kindCompare, opts{"op": ">", "value": 1.5}, text("1.75"), True},
	{kindCompare, opts{"op": ">=", "value": "10MiB"}, number(10 << 20), True},
	{kindCompare, opts{"op": "=", "value": "1KiB"}, text("1024"), True},
	{kindCompare, opts{"op": "=", "value": "1KiB"}, text("1KiB"), Undecided},
	{kindCompare, opts{"op": "!=", "value": 1}, number(1), False},
	{kindCompare, opts{"op": "!=", "value": 1}, number(2), True},
	{kindCompare, opts{"op": "<", "value": "99999999999999999999"}, number(math.MaxInt64), True},
	{kindCompare, opts{"op": "!=", "value": 1}, unset, True}, // the only comparison that is
	{kindCompare, opts{"op": "=", "value": 1}, unset, False},
	{kindCompare, opts{"op": "<", "value": 1}, unset, False},
	{kindCompare, opts{"op": "!=", "value": 1}, absent, Undecided},
	{kindCompare, opts{"op": "!=", "value": 1}, empty, Undecided},
	{kindCompare, opts{"op": "!=", "value": 1}, texts("2", "3"), True}, // of a list all
	{kindCompare, opts{"op": "!=", "value": 1}, texts("1", "3"), False},
	{kindCompare, opts{"op": "=", "value": 1}, texts("1", "x"), True},
	{kindCompare, opts{"op": ">", "value": "2018-02-05T10:59+0100"}, monday, True},
	{kindCompare, opts{"op": "=", "value": "2018-02-05T11:00+0100"}, text("2018-02-05T10:00:00Z"), True},
	{kindCompare, opts{"op": "=", "value": time.Date(2018, 2, 5, 10, 0, 0, 0, time.UTC)}, monday, True},
	{kindCompare, opts{"op": ">", "value": "2018-02-05T10:59+0100"}, number(2018), Undecided},
	{kindCompare, opts{"op": ">", "value": 5}, monday, Undecided},
	{kindPairs, nil, alveary.List(texts("a", "a"), texts("b", "b")), True},
	{kindPairs, nil, alveary.List(texts("a", "a"), texts("b", "c")), False},
	{kindPairs, nil, alveary.List(), True},
	{kindPairs, nil, alveary.List(texts("a", "b"), texts("a")), Undecided},
	{kindPairs, nil, alveary.List(texts("1", "1", "2")), Undecided},
	{kindPairs, nil, alveary.List(alveary.List(someMap, someMap)), Undecided},
	{kindPairs, nil, texts("a", "a"), Undecided},
	{kindPairs, nil, text("junk"), Undecided},
	{kindPairs, nil, unset, False},
	{kindPairs, nil, absent, Undecided},
	{kindSubject, nil, text("user:anna"), True},
	{kindSubject, nil, text("user:bob"), False},
	{kindSubject, nil, texts("user:bob", "role:sales"), True},
	{kindSubject, nil, unset, False},
	{kindSubject, nil, absent, Undecided},
	{kindResource, opts{}, fields("value", "foo", "delimiter", ":"), True},
	{kindResource, nil, fields("value", "foo:ba", "delimiter", ":"), False},
	{kindResource, nil, fields("value", "foo:ba"), True},
	{kindResource, nil, fields("value", ""), Undecided},
	{kindResource, nil, fields("delimiter", ":"), Undecided},
	{kindResource, nil, alveary.Fields(map[string]alveary.Value{"value": text("a"), "delimiter": someMap}), Undecided},
	{kindResource, nil, text("foo"), Undecided},
	{kindResource, nil, unset, False},
	{kindResource, nil, absent, Undecided},
	{kindNot, opts{"condition": equalA}, text("b"), True},
	{kindNot, opts{"condition": equalA}, absent, Undecided}, // Not of it is it
	{kindNot, opts{"condition": equalA}, texts("a", "b"), False},
	{kindNot, opts{"condition": equalA}, texts("b", "c"), True}, // all
	{kindNot, opts{"condition": notEqual}, texts("a", "b"), True},
	{kindNot, opts{"condition": inTen}, text("nowhere"), Undecided},
	{kindNot, opts{"condition": inTen}, unset, True},
	{kindAny, opts{"conditions": []any{inTen, equalA}}, text("a"), True}, // a true member makes it true
	{kindAny, opts{"conditions": []any{inTen, equalA}}, text("b"), Undecided},
	{kindAny, opts{"conditions": []any{equalA}}, text("b"), False},
	{kindAll, opts{"conditions": []any{inTen, equalA}}, text("b"), False}, // a false member makes it false
	{kindAll, opts{"conditions": []any{inTen, equalA}}, text("a"), Undecided},
	{kindAll, opts{"conditions": []any{equalA, inner(kindEqual, opts{"equals": "b"})}}, texts("a", "b"), True}, // each finds its own
	{kindAll, opts{"conditions": []any{equalA, inner(kindPairs, nil)}}, absent, Undecided},
	{kindCEL, opts{"expr": `node.NodeMetaSize == 5000`}, absent, True}, // the expression says what it reads
	{kindNot, opts{"condition": inner(kindCEL, opts{"expr": "true"})}, absent, False},
}

func fields(all ...string) alveary.Value {
	m := map[string]alveary.Value{}
	for i := 0; i < len(all); i += 2 {
		m[all[i]] = alveary.Text(all[i+1])
	}
	return alveary.Fields(m)
}

func TestAnswers(t *testing.T) {
	f := someFacts()
	f.Resource = "foo:bar"
	for _, a := range answers {
		got, err := Test(alveary.Condition{Type: a.kind, Options: a.options}, a.value, f)
		if got != a.want || err != nil {
			t.Errorf("%s %v of %s: %s (%v), want %s", a.kind, a.options, a.value, got, err, a.want)
		}
	}
}

func deep(n int) any {
	c := any(equalA)
	for range n {
		c = inner(kindNot, opts{"condition": c})
	}
	return c
}

// MODEL.md 6.8: with the place.
func TestMalformed(t *testing.T) {
	for _, m := range []struct {
		kind    string
		options opts
		option  string // where
	}{
		{"EqualCondition", nil, ""},
		{"", nil, ""},
		{kindEqual, nil, "equals"},
		{kindEqual, opts{"equals": 5}, "equals"},
		{kindEqual, opts{"equals": nil}, "equals"},
		{kindEqual, opts{"equals": []any{"a"}}, "equals"},
		{kindEqual, opts{"equal": "a", "equals": "a"}, "equal"},
		{kindEqual, opts{"equals": "a", "Equals": "a"}, "Equals"},
		{kindIn, opts{"values": "a"}, "values"},
		{kindIn, opts{"values": []any{}}, "values"},
		{kindIn, opts{"values": []string{}}, "values"},
		{kindIn, opts{"values": []any{"a", []any{}}}, "values[1]"},
		{kindIn, opts{"values": []any{"a", nil}}, "values[1]"},
		{kindIn, opts{"values": []any{"a", struct{}{}}}, "values[1]"},
		{kindIn, opts{"values": []any{"a", "{{.Nope}}"}}, "values[1]"},
		{kindMatch, opts{"matches": "(localhost"}, "matches"},
		{kindMatch, opts{"matches": 5}, "matches"},
		{kindNotMatch, opts{"matches": "[a"}, "matches"},
		{kindGlob, opts{"glob": "[a]"}, "glob"},
		{kindGlob, opts{"glob": 5}, "glob"},
		{kindCIDR, opts{"cidr": "10.0.0.0/99"}, "cidr"},
		{kindCIDR, opts{"cdir": "10.0.0.0/8"}, "cdir"},
		{kindCIDR, opts{"cidr": []any{"10.0.0.0/8"}}, "cidr"},
		{kindHours, opts{"matches": "Monday-Friday"}, "matches"},
		{kindHours, opts{"matches": 5}, "matches"},
		{kindHours, opts{"matches": "Monday/09:00/18:30", "timezone": "Local"}, "timezone"},
		{kindHours, opts{"matches": "Monday/09:00/18:30", "timezone": 1}, "timezone"},
		{kindPeriod, opts{"matches": "2018-02-01T00:00+0100"}, "matches"},
		{kindPeriod, opts{"matches": 5}, "matches"},
		{kindAfter, opts{"matches": "28/02/2018"}, "matches"},
		{kindAfter, opts{"matches": 5}, "matches"},
		{kindBoolean, opts{"value": "maybe"}, "value"},
		{kindBoolean, opts{"value": 1}, "value"},
		{kindBoolean, opts{"value": []any{true}}, "value"},
		{kindCompare, opts{"op": "==", "value": 1}, "op"},
		{kindCompare, opts{"op": 1, "value": 1}, "op"},
		{kindCompare, opts{"op": "<"}, "value"},
		{kindCompare, opts{"op": "<", "value": "10MB"}, "value"},
		{kindCompare, opts{"op": "<", "value": []any{}}, "value"},
		{kindPairs, opts{"a": "b"}, "a"},
		{kindSubject, opts{"b": 1, "a": "b"}, "a"},
		{kindCEL, opts{"expr": "1"}, "expr"},
		{kindCEL, opts{"expr": 1}, "expr"},
		{kindNot, opts{"condition": "a"}, "condition"},
		{kindNot, opts{"condition": opts{"type": kindEqual, "attribute": "a"}}, "condition"},
		{kindNot, opts{"condition": opts{"type": 1}}, "condition.type"},
		{kindNot, opts{"condition": opts{"type": kindEqual, "options": 1}}, "condition.options"},
		{kindNot, opts{"condition": inner("Nope", nil)}, "condition.type"},
		{kindNot, opts{"condition": inner(kindCIDR, opts{"cidr": "x"})}, "condition.options.cidr"},
		{kindNot, opts{"condition": deep(20)}, ""},
		{kindAny, opts{"conditions": opts{}}, "conditions"},
		{kindAny, opts{"conditions": []any{}}, "conditions"},
		{kindAll, opts{"conditions": []any{equalA, "a"}}, "conditions[1]"},
		{kindAll, opts{"conditions": []any{equalA, inner(kindAny, opts{"conditions": []any{inner(kindMatch, opts{"matches": "("})}})}}, "conditions[1].options.conditions[0].options.matches"},
	} {
		_, err := Compile("X", alveary.Condition{Type: m.kind, Options: m.options})
		at := (*Error)(nil)
		if !errors.As(err, &at) || at.Message == "" {
			t.Errorf("%s %v was taken: %v", m.kind, m.options, err)
			continue
		}
		if at.Option != m.option && m.kind+m.option != kindNot {
			t.Errorf("%s %v: at %q, want %q", m.kind, m.options, at.Option, m.option)
		}
		if !strings.Contains(at.Error(), at.Message) {
			t.Errorf("%q leaves out %q", at.Error(), at.Message)
		}
		if answer, err := Test(alveary.Condition{Type: m.kind, Options: m.options}, text("a"), &Facts{}); answer != Undecided || err == nil {
			t.Errorf("%s %v by itself: %s", m.kind, m.options, answer)
		}
	}
	if _, err := Compile("X", alveary.Condition{Type: kindNot, Options: opts{"condition": opts{"type": kindPairs, "options": nil}}}); err != nil {
		t.Error("options may be left out:", err)
	}
}

// MODEL.md 7: a condition becomes known with the latest of what it reads.
func TestReads(t *testing.T) {
	for _, r := range []struct {
		on, kind string
		options  opts
		reads    []string
		class    alveary.AttributeClass
	}{
		{alveary.AttrClaimsName, kindEqual, opts{"equals": "a"}, []string{alveary.AttrClaimsName}, alveary.ClassSubject},
		{"User:team", kindEqual, opts{"equals": "a"}, []string{"User:team"}, alveary.ClassSubject},
		{alveary.AttrClaimsName, kindEqual, opts{"equals": "{{.RequestHost}}"}, []string{alveary.AttrClaimsName, alveary.AttrRequestHost}, alveary.ClassContext},
		{alveary.AttrClaimsName, kindIn, opts{"values": []any{"a", "{{.RequestHost}}"}}, []string{alveary.AttrClaimsName, alveary.AttrRequestHost}, alveary.ClassContext},
		{"Header:X", kindSubject, nil, []string{"Header:X"}, alveary.ClassContext},
		{alveary.AttrClaimsName, kindResource, nil, []string{alveary.AttrClaimsName}, alveary.ClassContext},
		{alveary.AttrClaimsName, kindNot, opts{"condition": inner(kindResource, nil)}, []string{alveary.AttrClaimsName}, alveary.ClassContext},
		{alveary.AttrClaimsName, kindAny, opts{"conditions": []any{equalA, inner(kindResource, nil)}}, []string{alveary.AttrClaimsName}, alveary.ClassContext},
		{"NodeMeta:x", kindEqual, opts{"equals": "{{.ClaimsName}}"}, []string{alveary.AttrClaimsName, "NodeMeta:x"}, alveary.ClassNode},
		{alveary.AttrNodeName, kindCEL, opts{"expr": `subject["User:x"] == "a"`}, []string{"User:x"}, alveary.ClassSubject},
		{alveary.AttrClaimsName, kindAll, opts{"conditions": []any{equalA, inner(kindCEL, opts{"expr": "node.NodeMetaSize > 1"})}}, []string{alveary.AttrClaimsName, alveary.AttrNodeSize}, alveary.ClassNode},
	} {
		if c := must(t, r.on, r.kind, r.options); !slices.Equal(c.Reads, r.reads) || c.Class != r.class {
			t.Errorf("%s %v on %s reads %v (%s), want %v (%s)", r.kind, r.options, r.on, c.Reads, c.Class, r.reads, r.class)
		}
	}
}

// What the catalogue shows is what there is.
func TestTypes(t *testing.T) {
	all := Types()
	if len(all) != 18 {
		t.Errorf("%d types", len(all))
	}
	for _, one := range all {
		_, err := Compile("X", alveary.Condition{Type: one.Type})
		at := (*Error)(nil)
		if len(one.Options) == 0 && err != nil {
			t.Errorf("%s needs no options: %v", one.Type, err)
		}
		if len(one.Options) > 0 && (!errors.As(err, &at) || at.Option != one.Options[0].Name) {
			t.Errorf("%s without its options: %v", one.Type, err)
		}
	}
}
