package conditions

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"alveary"
)

// imagine sets attributes in otherwise empty facts.
func imagine(set map[string]alveary.Value) *Facts {
	return &Facts{Context: &alveary.Context{Set: set}}
}

// MODEL.md 6.9: filled in quoted for the option's own syntax.
func TestTemplates(t *testing.T) {
	const name = "{{.ClaimsName}}"
	for _, c := range []struct {
		kind    string
		options opts
		filled  alveary.Value
		value   string
		want    Truth
	}{
		{kindEqual, opts{"equals": name}, text("john.doe"), "john.doe", True},
		{kindEqual, opts{"equals": "a{{ .ClaimsName }}b"}, text("x"), "axb", True}, // blanks may stand within
		{kindEqual, opts{"equals": name + "-" + name}, text("x"), "x-x", True},
		{kindEqual, opts{"equals": "{{x}}{" + name}, text("x"), "{{x}}{x", True}, // other braces are braces
		{kindEqual, opts{"equals": name}, text("{{.ClaimsName}}"), "{{.ClaimsName}}", True},
		{kindEqual, opts{"equals": name}, unset, "", True}, // nothing set is the empty text
		{kindEqual, opts{"equals": name}, absent, "", Undecided},
		{kindEqual, opts{"equals": name}, texts("a"), "a", Undecided},
		{kindIn, opts{"values": []any{"a", name}}, text("b"), "b", True},
		{kindIn, opts{"values": []any{"a", name}}, absent, "a", True},
		{kindIn, opts{"values": []any{"a", name}}, absent, "b", Undecided},
		{kindMatch, opts{"matches": "^" + name + "$"}, text("john.doe"), "john.doe", True},
		{kindMatch, opts{"matches": "^" + name + "$"}, text("john.doe"), "johnxdoe", False},
		{kindMatch, opts{"matches": "^" + name + "$"}, text(".*"), "anything", False},
		{kindMatch, opts{"matches": "^" + name + "$"}, text("\xff"), "x", Undecided},
		{kindNotMatch, opts{"matches": name}, text("a|b"), "a", True},
		{kindGlob, opts{"glob": "home/" + name + "/**"}, text("bob"), "home/bob/x", True},
		{kindGlob, opts{"glob": "home/" + name + "/**"}, text("*"), "home/bob/x", False},
		{kindGlob, opts{"glob": "{home,a}/{" + name + ",b}"}, text("bob"), "a/bob", True},
		{kindGlob, opts{"glob": "{{.txt,b},c}"}, text("bob"), ".txt", True}, // braces in braces
		{kindCIDR, opts{"cidr": name + "/32"}, text("10.0.0.1"), "10.0.0.1", True},
		{kindCIDR, opts{"cidr": "192.168.0.0/16, " + name}, text("10.0.0.0/8"), "10.0.0.1", True},
		{kindCIDR, opts{"cidr": "10.0.0.0/" + name}, text("8"), "10.0.0.1", True},
		{kindCIDR, opts{"cidr": "10.0.0." + name + "/32"}, text("0/1"), "10.0.0.1", Undecided}, // a separator
		{kindCIDR, opts{"cidr": name}, text("10.0.0.0/8,11.0.0.0/8"), "10.0.0.1", Undecided},
		{kindCIDR, opts{"cidr": name}, text("nowhere"), "10.0.0.1", Undecided},
		{kindCIDR, opts{"cidr": name}, unset, "10.0.0.1", Undecided},
		{kindHours, opts{"matches": name + "/09:00/18:30"}, text("Monday"), "2018-02-05T10:00+0000", True},
		{kindHours, opts{"matches": name + "/09:00/18:30"}, text("Monday-Friday"), "2018-02-05T10:00+0000", Undecided},
		{kindHours, opts{"matches": "Sunday/10:00/11:00; " + name}, text("Monday-Friday/09:00/18:30"), "2018-02-05T10:00+0000", True},
		{kindHours, opts{"matches": name}, text("Monday/09:00/10:00;Sunday/09:00/10:00"), "2018-02-05T10:00+0000", Undecided},
		{kindHours, opts{"matches": "Monday/09:00/18:30", "timezone": name}, text("Australia/Sydney"), "2018-02-05T01:00+0100", True},
		{kindHours, opts{"matches": "Monday/09:00/18:30", "timezone": "Europe/" + name}, text("../Local"), "2018-02-05T01:00+0100", Undecided},
		{kindPeriod, opts{"matches": name + "/2018-04-01T00:00+0100"}, text("2018-02-01T00:00+0100"), "2018-03-01T00:00+0100", True},
		{kindPeriod, opts{"matches": name}, text("2018-02-01T00:00+0100/2018-04-01T00:00+0100"), "2018-03-01T00:00+0100", True},
		{kindPeriod, opts{"matches": "2018-02-01T00:00+0100/" + name}, text("2018-03-01T00:00+0100/2018-04-01T00:00+0100"), "2018-03-01T00:00+0100", Undecided},
		{kindAfter, opts{"matches": name}, text("2018-02-01T00:00+0100"), "2018-03-01T00:00+0100", True},
		{kindAfter, opts{"matches": name}, text("soon"), "2018-03-01T00:00+0100", Undecided},
		{kindBoolean, opts{"value": name}, text("true"), "true", True},
		{kindBoolean, opts{"value": name}, text("maybe"), "true", Undecided},
		{kindCompare, opts{"op": "<", "value": name}, text("10MiB"), "5", True},
		{kindCompare, opts{"op": "<", "value": name + "MiB"}, number(10), "5", True},
		{kindCompare, opts{"op": "<", "value": name}, text("x"), "5", Undecided},
		{kindNot, opts{"condition": inner(kindEqual, opts{"equals": name})}, text("a"), "b", True},
		{kindNot, opts{"condition": inner(kindEqual, opts{"equals": name})}, absent, "b", Undecided},
	} {
		f := imagine(map[string]alveary.Value{"X": text(c.value), alveary.AttrClaimsName: c.filled})
		compiled := must(t, "X", c.kind, c.options)
		for range 2 { // the second time what was filled in is at hand
			if got := compiled.Holds(f); got != c.want {
				t.Errorf("%s %v with %s of %q: %s, want %s", c.kind, c.options, c.filled, c.value, got, c.want)
			}
		}
	}
}

func TestMalformedTemplates(t *testing.T) {
	for _, m := range []struct {
		kind    string
		options opts
		option  string
	}{
		{kindEqual, opts{"equals": "{{.Nope}}"}, "equals"},
		{kindEqual, opts{"equals": "{{.NodeMetaName}}"}, "equals"}, // of the asker and the request alone
		{kindEqual, opts{"equals": "{{.User:}}"}, "equals"},
		{kindEqual, opts{"equals": "{{.ClaimsName"}, "equals"},
		{kindEqual, opts{"equals": "{{.ClaimsName}"}, "equals"},
		{kindEqual, opts{"equals": "{{.}}"}, "equals"},
		{kindMatch, opts{"matches": "({{.ClaimsName}}"}, "matches"},
		{kindMatch, opts{"matches": "[{{.ClaimsName}}]"}, "matches"},
		{kindMatch, opts{"matches": "({{.ClaimsName}}{{.ClaimsEmail}}{{.User:a}}"}, "matches"},
		{kindGlob, opts{"glob": "[{{.ClaimsName}}]"}, "glob"},
		{kindGlob, opts{"glob": "{{.Nope}}"}, "glob"},
		{kindCIDR, opts{"cidr": "{{.RemoteAddress}}/99"}, "cidr"},
		{kindCIDR, opts{"cidr": "10.0.0.{{.User:last}}"}, "cidr"},
		{kindHours, opts{"matches": "{{.User:day}}/25:00/18:00"}, "matches"},
		{kindHours, opts{"matches": "{{.User:hours}}", "timezone": "Nowhere"}, "timezone"},
		{kindAfter, opts{"matches": "28/02/{{.User:year}}"}, "matches"},
		{kindCompare, opts{"op": "{{.User:op}}", "value": 1}, "op"},
		{kindCEL, opts{"expr": `subject.ClaimsName == "{{.ClaimsName}}"`}, "expr"},
		{kindNot, opts{"condition": inner(kindEqual, opts{"equals": "{{.Nope}}"})}, "condition.options.equals"},
	} {
		_, err := Compile("X", alveary.Condition{Type: m.kind, Options: m.options})
		if at := (*Error)(nil); !errors.As(err, &at) || at.Option != m.option {
			t.Errorf("%s %v: %v, want %q", m.kind, m.options, err, m.option)
		}
	}
	for _, fine := range []opts{
		{"matches": "{{.User:a}}/{{.User:b}}/{{.User:c}}"}, // of three nobody knows
		{"matches": "{{.User:a}}/{{.User:b}}:00/18:00"},
	} {
		must(t, "X", kindHours, fine)
	}
}

// What is compiled is shared by all who ask at once.
func TestTemplatesAtOnce(t *testing.T) {
	c := must(t, alveary.AttrNodeOwner, kindMatch, opts{"matches": "^{{.ClaimsName}}$"})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				name := fmt.Sprint("user", (i+n)%50)
				if got := c.Holds(&Facts{Asker: &Asker{Name: name}, Node: &alveary.Node{}, Owner: name}); got != True {
					t.Errorf("%s: %s", name, got)
				}
			}
		})
	}
	all.Wait()
}

// Many askers do not make it grow without bounds, and boundaries are those of
// what is filled in.
func TestFilledIn(t *testing.T) {
	c := must(t, alveary.AttrNodeOwner, kindEqual, opts{"equals": "{{.ClaimsName}}"})
	for i := range 3 * maxReady {
		name := fmt.Sprint("user", i)
		if c.Holds(&Facts{Asker: &Asker{Name: name}, Node: &alveary.Node{}, Owner: name}) != True {
			t.Fatal(name)
		}
	}
	if got := c.Boundaries(&Facts{Asker: &Asker{Name: "bob"}}); len(got) != 2 || got[0].String() != "bob" {
		t.Errorf("boundaries %v", got)
	}
	if got := must(t, "X", kindMatch, opts{"matches": "{{.ClaimsName}}"}).Boundaries(&Facts{}); got != nil {
		t.Errorf("boundaries %v", got)
	}
	if got := must(t, "X", kindEqual, opts{"equals": "{{.RequestHost}}"}).Boundaries(&Facts{}); got != nil {
		t.Errorf("boundaries %v", got)
	}
}
