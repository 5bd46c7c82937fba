package conditions

import (
	"strings"
	"testing"
	"time"

	"alveary"
)

func TestBoundaries(t *testing.T) {
	f := someFacts()
	for _, c := range []struct {
		kind    string
		options opts
		want    string
	}{
		{kindEqual, opts{"equals": "other"}, "other other-"},
		{kindIn, opts{"values": []any{"a", 5}}, "a 5 other"},
		{kindCIDR, opts{"cidr": "10.0.0.0/8"}, "9.255.255.255 10.0.0.0 10.255.255.255 11.0.0.0"},
		{kindHours, opts{"matches": "Monday/09:00/18:30"}, "2018-02-05T08:59:59+01:00 2018-02-05T09:00:00+01:00 2018-02-05T18:30:59+01:00 2018-02-05T18:31:00+01:00"},
		{kindHours, opts{"matches": "Monday/09:00/18:30", "timezone": "UTC"}, "2018-02-05T08:59:59Z 2018-02-05T09:00:00Z 2018-02-05T18:30:59Z 2018-02-05T18:31:00Z"},
		{kindPeriod, opts{"matches": "2018-02-01T00:00+0100/2018-04-01T00:00+0100"}, "2018-01-31T23:59:59+01:00 2018-02-01T00:00:00+01:00 2018-02-01T00:00:01+01:00 2018-03-31T23:59:59+01:00 2018-04-01T00:00:00+01:00 2018-04-01T00:00:01+01:00"},
		{kindAfter, opts{"matches": "2018-02-01T00:00+0100"}, "2018-01-31T23:59:59+01:00 2018-02-01T00:00:00+01:00 2018-02-01T00:00:01+01:00"},
		{kindBoolean, opts{"value": true}, "true false"},
		{kindCompare, opts{"op": "<", "value": "1KiB"}, "1023 1024 1025"},
		{kindCompare, opts{"op": "<", "value": "1.5"}, "0 1 2"},
		{kindCompare, opts{"op": "<", "value": "-0.5"}, "-2 -1 0"},
		{kindCompare, opts{"op": "<", "value": "9223372036854775807"}, "9223372036854775806 9223372036854775807"},
		{kindCompare, opts{"op": "<", "value": "-9223372036854775808"}, "-9223372036854775808 -9223372036854775807"},
		{kindCompare, opts{"op": "<", "value": "99999999999999999999.5"}, ""},
		{kindCompare, opts{"op": "<", "value": "99999999999999999999"}, ""},
		{kindCompare, opts{"op": "<", "value": "2018-02-01T00:00+0100"}, "2018-01-31T23:59:59+01:00 2018-02-01T00:00:00+01:00 2018-02-01T00:00:01+01:00"},
		{kindMatch, opts{"matches": "a"}, ""},
		{kindGlob, opts{"glob": "a"}, ""},
		{kindCEL, opts{"expr": "true"}, ""},
		{kindPairs, nil, ""},
		{kindNot, opts{"condition": equalA}, "a other"},
		{kindAny, opts{"conditions": []any{equalA, inner(kindBoolean, opts{"value": true}), inner(kindPairs, nil)}}, "a other true false"},
	} {
		var words []string
		for _, v := range must(t, alveary.AttrServerTime, c.kind, c.options).Boundaries(f) {
			words = append(words, v.String())
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.kind, c.options, got, c.want)
		}
	}
	hours := must(t, alveary.AttrServerTime, kindHours, opts{"matches": "Monday/09:00/18:30"})
	if got := hours.Boundaries(&Facts{}); got != nil {
		t.Errorf("without a present: %v", got)
	}
	if got := hours.Boundaries(imagine(map[string]alveary.Value{alveary.AttrServerTime: text("2018-02-07T10:00+0000")})); len(got) != 4 || got[1].String() != "2018-02-05T09:00:00Z" {
		t.Errorf("with a present told as text: %v", got)
	}
}

// MODEL.md 7.4.
func TestNext(t *testing.T) {
	now := time.Date(2018, 2, 5, 10, 0, 0, 500, time.UTC)
	const second = "2018-02-05T10:00:01Z"
	for _, c := range []struct {
		on, kind string
		options  opts
		want     string
	}{
		{alveary.AttrServerTime, kindHours, opts{"matches": "Monday/09:00/18:30"}, "2018-02-05T18:31:00Z"},
		{alveary.AttrClientTime, kindHours, opts{"matches": "Monday/09:00/18:30"}, ""},
		{alveary.AttrServerTime, kindPeriod, opts{"matches": "2018-02-06T00:00+0000/2018-04-01T00:00+0100"}, "2018-02-06T00:00:00.000000001Z"}, // strictly after
		{alveary.AttrServerTime, kindPeriod, opts{"matches": "2018-02-01T00:00+0100/2018-04-01T00:00+0000"}, "2018-04-01T00:00:00Z"},
		{alveary.AttrServerTime, kindPeriod, opts{"matches": "2017-02-01T00:00+0100/2017-04-01T00:00+0000"}, ""},
		{alveary.AttrServerTime, kindAfter, opts{"matches": "2018-04-01T00:00+0000"}, "2018-04-01T00:00:00.000000001Z"},
		{alveary.AttrServerTime, kindCompare, opts{"op": ">=", "value": "2018-04-01T00:00+0000"}, "2018-04-01T00:00:00Z"},
		{alveary.AttrServerTime, kindCompare, opts{"op": ">=", "value": 5}, second},
		{alveary.AttrServerTime, kindMatch, opts{"matches": "T10"}, second}, // cannot be foreseen
		{alveary.AttrServerTime, kindHours, opts{"matches": "{{.User:hours}}"}, second},
		{alveary.AttrRequestHost, kindEqual, opts{"equals": "{{.ServerTime}}"}, second},
		{alveary.AttrRequestHost, kindEqual, opts{"equals": "{{.ClaimsName}}"}, ""},
		{alveary.AttrRequestHost, kindIn, opts{"values": []any{"{{.ClaimsName}}"}}, ""},
		{"", kindCEL, opts{"expr": "context.ServerTime.getHours() > 5"}, second},
		{alveary.AttrServerTime, kindCEL, opts{"expr": "true"}, ""},
		{alveary.AttrServerTime, kindNot, opts{"condition": inner(kindHours, opts{"matches": "Monday/09:00/18:30"})}, "2018-02-05T18:31:00Z"},
		{alveary.AttrServerTime, kindAny, opts{"conditions": []any{inner(kindHours, opts{"matches": "Monday/09:00/18:30"}), inner(kindAfter, opts{"matches": "2018-02-05T12:00+0000"}), inner(kindCEL, opts{"expr": "true"})}}, "2018-02-05T12:00:00.000000001Z"},
		{alveary.AttrServerTime, kindAll, opts{"conditions": []any{inner(kindCEL, opts{"expr": "true"})}}, ""},
		{alveary.AttrNodeName, kindAll, opts{"conditions": []any{equalA}}, ""},
	} {
		got := ""
		if next := must(t, c.on, c.kind, c.options).Next(now); !next.IsZero() {
			got = next.UTC().Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%s %v on %s: %s, want %s", c.kind, c.options, c.on, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		on, kind string
		options  opts
		want     string
	}{
		{"RemoteAddress", kindCIDR, opts{"cidr": "10.0.0.0/8"}, "RemoteAddress in 10.0.0.0/8"},
		{"ServerTime", kindHours, opts{"matches": "Monday-Friday/09:00/18:30; Sunday/10:00/11:00"}, "Monday-Friday 09:00-18:30, Sunday 10:00-11:00"},
		{"ClientTime", kindHours, opts{"matches": "Monday-Friday/09:00/18:30", "timezone": "Europe/Berlin"}, "ClientTime Monday-Friday 09:00-18:30 in Europe/Berlin"},
		{"ServerTime", kindPeriod, opts{"matches": "2018-02-01T00:00+0100/2018-04-01T00:00+0100"}, "between 2018-02-01T00:00+0100 and 2018-04-01T00:00+0100"},
		{"ServerTime", kindAfter, opts{"matches": "2018-02-01T00:00+0100"}, "after 2018-02-01T00:00+0100"},
		{"X", kindEqual, opts{"equals": "a"}, `X is "a"`},
		{"X", kindIn, opts{"values": []any{"a", 5}}, `X is "a" or "5"`},
		{"X", kindMatch, opts{"matches": "a"}, `X matches "a"`},
		{"X", kindNotMatch, opts{"matches": "{{.ClaimsName}}"}, `X does not match "{{.ClaimsName}}"`},
		{"X", kindGlob, opts{"glob": "a/**"}, `X is like "a/**"`},
		{"X", kindBoolean, opts{"value": true}, "X is true"},
		{"X", kindCompare, opts{"op": "<", "value": "10MiB"}, "X < 10MiB"},
		{"X", kindPairs, nil, "both of each pair in X are the same"},
		{"X", kindSubject, nil, "X names the asker"},
		{"X", kindResource, nil, "the resource contains X"},
		{"X", kindCEL, opts{"expr": "true"}, "(true)"},
		{"X", kindNot, opts{"condition": equalA}, `not (X is "a")`},
		{"X", kindAny, opts{"conditions": []any{equalA, inTen}}, `(X is "a" or X in 10.0.0.0/8)`},
		{"X", kindAll, opts{"conditions": []any{equalA, inTen}}, `(X is "a" and X in 10.0.0.0/8)`},
	} {
		if got := must(t, c.on, c.kind, c.options).Words(); got != c.want {
			t.Errorf("%s: %s, want %s", c.kind, got, c.want)
		}
	}
	if got := wordsOf("X", alveary.Condition{Type: "Nope"}); got != "X Nope" {
		t.Error(got)
	}
}
