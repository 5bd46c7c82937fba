package conditions

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
)

func TestExpressions(t *testing.T) {
	f := someFacts()
	f.Context.AuthLevel, f.Context.Host = 2, "files.example.org:8443"
	f.Context.Headers = map[string][]string{"X-Site": {"lab"}, "X-Many": {"a", "b"}, "X-Client-Time": {"2018-02-05T10:00+0100"}}
	for _, c := range []struct {
		expr  string
		want  Truth
		reads string
	}{
		{`node.NodeMetaSize < 10000`, True, "NodeMetaSize"},
		{`node["NodeMetaSize"] < 10000`, True, "NodeMetaSize"},
		{`node.NodeMetaMTime < timestamp("2018-01-01T00:00:00Z")`, True, "NodeMetaMTime"},
		{`node.NodeMetaPath.startsWith("common/")`, True, "NodeMetaPath"},
		{`node["NodeMeta:usermeta-tags"].exists(tag, tag == "draft")`, True, "NodeMeta:usermeta-tags"},
		{`"red" in node["NodeMeta:usermeta-tags"]`, False, "NodeMeta:usermeta-tags"},
		{`size(node["NodeMeta:nothing"]) == 0`, True, "NodeMeta:nothing"},
		{`"red" in node["NodeMeta:nothing"]`, False, "NodeMeta:nothing"}, // nothing set is decided
		{`context.RemoteAddress == "10.1.2.3"`, True, "RemoteAddress"},
		{`context.AuthLevel >= 2 && context.RequestPort == 8443`, True, "AuthLevel RequestPort"},
		{`context["Header:X-Site"] == "lab"`, True, "Header:X-Site"},
		{`context["Header:X-Many"] == ["a", "b"]`, True, "Header:X-Many"},
		{`has(context.RemoteAddress) && "Header:X-Site" in context`, True, "Header:X-Site RemoteAddress"},
		{`has(context.RequestMethod) || "Header:X-None" in context`, False, "Header:X-None RequestMethod"},
		{`context.ServerTime.getHours("Europe/Berlin") == 10`, True, "ServerTime"},
		{`context.ClientTime == context.ServerTime`, True, "ClientTime ServerTime"},
		{`subject.ClaimsName == "anna" && "sales" in subject.ClaimsRoles`, True, "ClaimsName ClaimsRoles"},
		{`subject["User:team"] == "north" && subject["User:other"] == ""`, True, "User:other User:team"},
		{`subject.ClaimsEmail == ""`, True, "ClaimsEmail"},
		{`true`, True, ""},
		{`context.RequestMethod == "GET"`, Undecided, "RequestMethod"}, // absent
		{`context.RequestMethod == "GET" || true`, True, "RequestMethod"},
		{`context.RequestMethod == "GET" && false`, False, "RequestMethod"},
		{`context.Custom == "x"`, Undecided, "Custom"},
		{`1 / (node.NodeMetaSize - 5000) == 1`, Undecided, "NodeMetaSize"},
		{`timestamp(node.NodeMetaName) > context.ServerTime`, Undecided, "NodeMetaName ServerTime"},
	} {
		cond, err := Compile("X", alveary.Condition{Type: kindCEL, Options: opts{"expr": c.expr}})
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if got := cond.Holds(f); got != c.want {
			t.Errorf("%s: %s, want %s", c.expr, got, c.want)
		}
		if !slices.Equal(cond.Reads, strings.Fields(c.reads)) {
			t.Errorf("%s reads %v, want %s", c.expr, cond.Reads, c.reads)
		}
	}
}

// What is imagined reaches expressions in the type that they know it by.
func TestExpressionsOfImaginedValues(t *testing.T) {
	list := alveary.List(text("a"), number(5), monday, alveary.List())
	f := imagine(map[string]alveary.Value{
		alveary.AttrServerTime: text("2018-02-05T10:00+0000"), alveary.AttrNodeSize: text("5"), alveary.AttrNodeMTime: unset,
		alveary.AttrClaimsRoles: text("one"), alveary.AttrClaimsName: texts("a", "b"), "NodeMeta:a": alveary.List(someMap),
		"Header:N": number(5), "Header:T": monday, "Header:L": list, "Header:F": someMap, "Header:G": alveary.List(someMap),
	})
	for expr, want := range map[string]Truth{
		`context.ServerTime == timestamp("2018-02-05T10:00:00Z")`: True,
		`node.NodeMetaSize == 5`:                                  True,
		`has(node.NodeMetaMTime)`:                                 False,
		`subject.ClaimsRoles == ["one"]`:                          True,
		`subject.ClaimsName == "a"`:                               Undecided,
		`"x" in node["NodeMeta:a"]`:                               Undecided,
		`context["Header:N"] == 5`:                                True,
		`context["Header:T"] > timestamp("2018-02-05T09:00:00Z")`: True,
		`size(context["Header:L"]) == 4`:                          True,
		`has(context.Custom) || "Header:F" in context`:            False,
		`"Header:G" in context`:                                   False,
	} {
		if got := must(t, "X", kindCEL, opts{"expr": expr}).Holds(f); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
	f.Context.Set[alveary.AttrNodeSize] = text("1.5")
	if got := must(t, "X", kindCEL, opts{"expr": `node.NodeMetaSize > 1`}).Holds(f); got != Undecided {
		t.Errorf("a size of one and a half bytes: %s", got)
	}
}

func TestMalformedExpressions(t *testing.T) {
	for _, expr := range []string{
		``, `"a" ==`, `nope == 1`, `node.NodeMetaName`, `1`, `dyn(true)`, `subject["User:x"]`,
		`node.NodeMetaSize < "a"`, `node.NodeMetaName == 5`, `context.ServerTime > "2018"`, `context.UserAgent.matches("(")`, `timestamp("noon") == timestamp("noon")`,
		`node.Nope == "a"`, `has(node.Nope)`, `subject.NodeMetaName == "a"`, `node.RemoteAddress == "a"`, `"Nope" in node`, `context.ClaimsName == "a"`,
		`context[subject.ClaimsName] == "a"`, `size(node) > 1`, `context == context`, `context.exists(name, name == "a")`, `subject.ClaimsName in context`, `context[1] == "a"`, `[1].exists(node, node > 0)`,
		`context.UserAgent + context.UserAgent`, strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300), strings.Repeat(" ", 5000) + "true",
		`subject.ClaimsRoles.all(a, subject.ClaimsRoles.all(b, subject.ClaimsRoles.all(c, a == b)))`,
		`subject.ClaimsRoles.all(a, subject.ClaimsRoles.exists(b, a == b))`,
	} {
		_, err := Compile("X", alveary.Condition{Type: kindCEL, Options: opts{"expr": expr}})
		if at := (*Error)(nil); !errors.As(err, &at) || at.Option != "expr" {
			t.Errorf("%.80s: %v", expr, err)
		}
	}
}

// The cost of a question is bounded, whatever comes with the request.
func TestExpressionsStop(t *testing.T) {
	f := someFacts()
	long := make([]string, 200_000)
	f.Asker.Roles = long
	c := must(t, "X", kindCEL, opts{"expr": `subject.ClaimsRoles.all(a, a.matches("^(a|b)*$"))`})
	begun := time.Now()
	if got := c.Holds(f); got != Undecided {
		t.Errorf("%s", got)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}
