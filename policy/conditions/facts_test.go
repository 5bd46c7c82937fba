package conditions

import (
	"testing"
	"time"

	"alveary"
)

// MODEL.md 6.9, and 6.7 for what is not there.
func TestAttributes(t *testing.T) {
	full := someFacts()
	full.Asker.Email = "anna@example.org"
	folder := &Facts{Node: &alveary.Node{ID: 3, Name: "Sales.2018", Type: alveary.Collection, Size: 4}}
	root := &Facts{Node: &alveary.Node{ID: alveary.RootID, Name: "root", Type: alveary.Collection}}
	undeclared := &Facts{Node: &alveary.Node{ID: 4, Name: "Makefile", Type: alveary.Leaf, Size: -1}}
	imagined := someFacts()
	imagined.Context.Set = map[string]alveary.Value{
		alveary.AttrNodeName: text(""), alveary.AttrClaimsName: text("zoe"), alveary.AttrClaimsRoles: alveary.List(), "Header:X": text(""),
		alveary.AttrServerTime: text("2018-02-05T10:00+0000"), alveary.AttrNodeSize: number(7), "NodeMeta:a": texts("b"),
	}
	for _, a := range []struct {
		facts *Facts
		name  string
		want  string // as Value words it
	}{
		{full, alveary.AttrNodeName, "report.pdf"},
		{full, alveary.AttrNodePath, "common/sales/north/report.pdf"},
		{full, alveary.AttrNodeType, "LEAF"},
		{full, alveary.AttrNodeExtension, "pdf"},
		{full, alveary.AttrNodeSize, "5000"},
		{full, alveary.AttrNodeMTime, time.Unix(1_500_000_000, 0).Format(time.RFC3339)},
		{full, alveary.AttrNodeOwner, "bob"},
		{full, "NodeMeta:usermeta-tags", `["draft" "blue"]`},
		{full, "NodeMeta:other", "not set"},
		{full, "NodeMetaNope", "not set"},
		{full, alveary.AttrClaimsName, "anna"},
		{full, alveary.AttrClaimsProfile, "standard"},
		{full, alveary.AttrClaimsRoles, `["ROOT_GROUP" "sales"]`},
		{full, alveary.AttrClaimsGroupPath, "/sales/north"},
		{full, alveary.AttrClaimsEmail, "anna@example.org"},
		{full, "User:team", "north"},
		{full, "User:other", "not set"},
		{full, "ClaimsNope", "not set"},
		{full, alveary.AttrServerTime, "2018-02-05T10:00:00+01:00"},
		{full, alveary.AttrRemoteAddress, "10.1.2.3"},
		{full, alveary.AttrRequestHost, "absent"},
		{full, "Nope", "absent"},
		{folder, alveary.AttrNodeName, "Sales.2018"},
		{folder, alveary.AttrNodePath, "Sales.2018"}, // a datasource
		{folder, alveary.AttrNodeType, "COLLECTION"},
		{folder, alveary.AttrNodeExtension, "not set"}, // a folder has no size and no extension
		{folder, alveary.AttrNodeSize, "not set"},
		{folder, alveary.AttrNodeMTime, "not set"},
		{folder, alveary.AttrNodeOwner, "not set"},
		{folder, alveary.AttrClaimsName, "not set"}, // where there is no user
		{folder, alveary.AttrClaimsRoles, "not set"},
		{folder, "User:team", "not set"},
		{folder, alveary.AttrServerTime, "absent"},
		{root, alveary.AttrNodeName, "not set"}, // the root's name and path are empty
		{root, alveary.AttrNodePath, "not set"},
		{root, alveary.AttrNodeType, "COLLECTION"},
		{undeclared, alveary.AttrNodeSize, "absent"}, // 5.0
		{undeclared, alveary.AttrNodeExtension, "not set"},
		{&Facts{}, alveary.AttrNodeName, "not set"}, // where there is no node
		{&Facts{}, alveary.AttrNodePath, "not set"},
		{&Facts{}, alveary.AttrNodeSize, "not set"},
		{&Facts{}, "NodeMeta:usermeta-tags", "not set"},
		{&Facts{Context: &alveary.Context{}}, alveary.AttrServerTime, "absent"},
		{imagined, alveary.AttrNodeName, "not set"}, // however it is put
		{imagined, alveary.AttrClaimsName, "zoe"},
		{imagined, alveary.AttrClaimsRoles, "not set"},
		{imagined, "Header:X", ""}, // of the context it is present
		{imagined, alveary.AttrServerTime, "2018-02-05T10:00+0000"},
		{imagined, alveary.AttrNodeSize, "7"},
		{imagined, "NodeMeta:a", `["b"]`},
		{imagined, alveary.AttrNodeOwner, "bob"},
	} {
		if got := a.facts.Attribute(a.name); got.String() != a.want {
			t.Errorf("%s is %s, want %s", a.name, got, a.want)
		}
	}
}

// What is not there is met as 6.7 says by the quick ways as well.
func TestQuickWaysAndHoles(t *testing.T) {
	folder := &Facts{Node: &alveary.Node{ID: 3, Name: "Sales", Type: alveary.Collection}}
	undeclared := &Facts{Node: &alveary.Node{ID: 4, Name: "a", Type: alveary.Leaf, Size: -1}, Context: &alveary.Context{Address: "nowhere"}}
	for _, q := range []struct {
		facts    *Facts
		on, kind string
		options  opts
		want     Truth
	}{
		{folder, alveary.AttrNodeSize, kindCompare, opts{"op": "<", "value": 5}, False},
		{folder, alveary.AttrNodeSize, kindCompare, opts{"op": "!=", "value": 5}, True},
		{undeclared, alveary.AttrNodeSize, kindCompare, opts{"op": "<", "value": 5}, Undecided},
		{&Facts{}, alveary.AttrNodeSize, kindCompare, opts{"op": "<", "value": 5}, False},
		{&Facts{}, alveary.AttrNodePath, kindGlob, opts{"glob": "**"}, True},
		{&Facts{}, alveary.AttrNodePath, kindGlob, opts{"glob": "a"}, False},
		{&Facts{}, "NodeMeta:a", kindEqual, opts{"equals": ""}, True},
		{&Facts{}, "NodeMeta:a", kindNotMatch, opts{"matches": "a"}, True},
		{&Facts{}, alveary.AttrServerTime, kindAfter, opts{"matches": "2018-02-05T10:00+0000"}, Undecided},
		{folder, alveary.AttrRemoteAddress, kindCIDR, opts{"cidr": "10.0.0.0/8"}, Undecided},
		{undeclared, alveary.AttrRemoteAddress, kindCIDR, opts{"cidr": "10.0.0.0/8"}, Undecided},
		{undeclared, alveary.AttrServerTime, kindAfter, opts{"matches": "2018-02-05T10:00+0000"}, Undecided},
	} {
		c := must(t, q.on, q.kind, q.options)
		if got := c.Holds(q.facts); got != q.want {
			t.Errorf("%s %v on %s: %s, want %s", q.kind, q.options, q.on, got, q.want)
		}
		if got := c.test.of(q.facts.Attribute(q.on), q.facts); got != q.want {
			t.Errorf("%s %v on %s: %s of the value, want %s", q.kind, q.options, q.on, got, q.want)
		}
	}
}

func TestThreeValues(t *testing.T) {
	for _, c := range []struct {
		members  []Truth
		any, all Truth
	}{
		{nil, False, True},
		{[]Truth{False, Undecided, True}, True, False},
		{[]Truth{Undecided, False}, Undecided, False},
		{[]Truth{Undecided, True}, True, Undecided},
		{[]Truth{False, False}, False, False},
		{[]Truth{True, True}, True, True},
	} {
		member := func(i int) Truth { return c.members[i] }
		if got := anyOf(len(c.members), member); got != c.any {
			t.Errorf("any of %v is %s", c.members, got)
		}
		if got := allOf(len(c.members), member); got != c.all {
			t.Errorf("all of %v is %s", c.members, got)
		}
	}
	if False.String()+True.String()+Undecided.String() != "falsetrueundecided" {
		t.Error("the words of scenario files are others")
	}
}
