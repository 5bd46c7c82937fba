package conditions

import (
	"testing"

	"alveary"
)

func TestTry(t *testing.T) {
	for _, e := range []string{
		`node.NodeMetaSize < 10`, `node.NodeMetaSize < "a"`, `node["NodeMeta:usermeta-tags"].exists(t, t == "draft")`,
		`"draft" in node["NodeMeta:usermeta-tags"]`, `has(node.NodeMetaSize)`, `has(node.Nope)`, `node.Nope == "a"`, `context.Foo == "a"`, `subject["User:x"]`, `subject["User:x"] == "y"`,
		`subject["User:x"] == subject`, `context[subject.ClaimsName] == "a"`, `"Header:X" in context`, `node.NodeMetaName`, `1`, `"a" == `, `context.RemoteAddress.startsWith("10.")`,
		`context.ServerTime > timestamp("2018-01-01T00:00:00Z")`, `context.ServerTime.getHours("Europe/Berlin") < 9`, `context.UserAgent.matches("(a+)+b")`, `context.UserAgent.matches("(")`,
		`subject.ClaimsRoles.all(a, subject.ClaimsRoles.all(b, subject.ClaimsRoles.all(c, a == b)))`, `subject.ClaimsRoles.all(a, subject.ClaimsRoles.exists(b, a == b))`,
		`[1].exists(node, node > 0)`, `node.RemoteAddress == "a"`, `dyn(true)`, `true`, `nope == 1`, `context.AuthLevel >= 2`, `context["Header:X"].contains("a")`, `context["Header:X"].exists(a, a.contains("x"))`,
		`.context.RemoteAddress == "x"`, `[1,2,3].map(x, x+1).exists(y, context.RequestPort == y)`, `context.UserAgent + context.UserAgent == "x"`,
	} {
		c, err := Compile("X", alveary.Condition{Type: kindCEL, Options: map[string]any{"expr": e}})
		if err != nil {
			t.Log(e, "=>", err)
			continue
		}
		f := &Facts{Node: &alveary.Node{Name: "a", Size: 5, Meta: alveary.NewMetadata(map[string][]string{"usermeta-tags": {"draft"}})}, Asker: &Asker{Name: "bob", Roles: []string{"a", "b"}}}
		t.Log(e, "=>", c.Reads, c.Class, c.Holds(f))
	}
}
