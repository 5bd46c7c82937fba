package lint_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"alveary"
	"alveary/authz/lint"
)

// line finds the way in the tree of the tests: folder 2 in the root, folder 3
// and file 5 in it, file 4 in 3.
func line(node alveary.NodeID) alveary.Lineage {
	root := alveary.Node{ID: 1, Type: alveary.Collection}
	top := alveary.Node{ID: 2, Parent: 1, Name: "top", Type: alveary.Collection}
	deep := alveary.Node{ID: 3, Parent: 2, Name: "deep", Type: alveary.Collection}
	file, other := alveary.Node{ID: 4, Parent: 3, Name: "file.txt"}, alveary.Node{ID: 5, Parent: 2, Name: "other.txt"}
	return map[alveary.NodeID]alveary.Lineage{1: {root}, 2: {root, top}, 3: {root, top, deep}, 4: {root, top, deep, file}, 5: {root, top, other}}[node]
}

func policyOf(id alveary.PolicyID, rules ...alveary.Rule) alveary.Policy {
	return alveary.Policy{ID: id, Type: alveary.PolicyACL, Rules: rules}
}

func allowing(c alveary.Conditions, actions ...string) alveary.Rule {
	return alveary.Rule{Effect: alveary.EffectAllow, Actions: actions, Conditions: c}
}

func denying(c alveary.Conditions, actions ...string) alveary.Rule {
	return alveary.Rule{Effect: alveary.EffectDeny, Actions: actions, Conditions: c}
}

func network(cidr string) alveary.Conditions {
	return alveary.Conditions{{Attribute: alveary.AttrRemoteAddress, Condition: alveary.Condition{Type: "CIDRCondition", Options: map[string]any{"cidr": cidr}}}}
}

func find(id alveary.NodeID) (alveary.Lineage, error) {
	if l := line(id); l != nil {
		return l, nil
	}
	return nil, alveary.Withheld("find")
}

// named is an entry that names policies.
func named(id alveary.EntryID, role alveary.RoleID, node alveary.NodeID, policies ...alveary.PolicyID) alveary.Entry {
	return alveary.Entry{ID: id, Role: role, Node: node, Policies: policies}
}

func holding(id alveary.EntryID, role alveary.RoleID, node alveary.NodeID) alveary.Entry {
	return alveary.Entry{ID: id, Role: role, Node: node, Rights: alveary.RightRead}
}

func TestEntries(t *testing.T) {
	off := policyOf("off", allowing(nil, "read"))
	off.Mode = alveary.ModeOff
	watched := policyOf("watched", denying(nil, "write"))
	watched.Mode = alveary.ModeObserved
	policies := []alveary.Policy{
		policyOf("open", allowing(network("10.0.0.0/8"), "read")), policyOf("shut", allowing(nil, "read"), denying(network("11.0.0.0/8"), "read")),
		{ID: "rest", Type: alveary.PolicyREST},
		off, watched,
	}
	template := func(e alveary.Entry) alveary.Entry {
		e.Node, e.Template = 0, alveary.TemplateMyFiles
		return e
	}
	gone := holding(2, "r1", 77)
	deny := alveary.Entry{ID: 2, Role: "r1", Node: 3, Deny: true}
	for _, c := range []struct {
		name     string
		entries  []alveary.Entry
		found    string
		sentence string
	}{
		{"missing", []alveary.Entry{named(1, "r1", 2, "shut", "nope")}, "missing-policy nope@1:2", "names the policy nope"},
		{"of another type", []alveary.Entry{named(1, "r1", 2, "rest", "shut")}, "missing-policy rest@1:2", "not of type acl"},
		{"rights beside it", []alveary.Entry{named(1, "r1", 2, "shut"), holding(2, "r1", 2), holding(3, "r2", 2)}, "beside-policy shut@1:2", "role r1 also holds read on the same node"},
		{"rights beside it at home", []alveary.Entry{template(named(1, "r1", 0, "shut")), template(holding(2, "r1", 0)), holding(3, "r1", 2)}, "beside-policy shut@1:0", "role r1"},
		{"a deny beside it", []alveary.Entry{named(1, "r1", 3, "shut"), deny}, "", ""},
		{"rights below it", []alveary.Entry{named(1, "r1", 2, "open"), holding(2, "r2", 4), holding(3, "r2", 5)}, "below-policy open@1:2", "role r2 holds read on top/deep/file.txt beneath"},
		{"rights below one that denies", []alveary.Entry{named(1, "r1", 2, "shut"), holding(2, "r2", 4)}, "", ""},
		{"rights above it", []alveary.Entry{named(1, "r1", 3, "open"), holding(2, "r2", 2)}, "", ""},
		{"below it what gives nothing", []alveary.Entry{named(1, "r1", 2, "open"), deny, named(3, "r1", 4, "shut"), {ID: 4, Role: "r1", Node: 3}}, "", ""},
		{"below it what is gone", []alveary.Entry{named(1, "r1", 2, "open"), gone}, "", ""},
		{"none in force", []alveary.Entry{named(1, "r1", 2, "off", "watched"), holding(2, "r1", 2), holding(3, "r1", 4)}, "", ""},
		{"a deny that is only observed", []alveary.Entry{named(1, "r1", 2, "open", "watched"), holding(3, "r1", 4)}, "below-policy open@1:2", "no rule of the policy denies"},
		{"nothing", nil, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := lint.Entries(alveary.AccessData{Policies: policies, Entries: c.entries}, find)
			if err != nil {
				t.Fatal(err)
			}
			var words []string
			for _, f := range found {
				words = append(words, fmt.Sprintf("%s %s@%d:%d", f.Code, f.Policy, f.Entry, f.Node))
				if !strings.Contains(f.Message, c.sentence) || f.Fix == "" || f.Rule != -1 {
					t.Errorf("%+v", f)
				}
			}
			if got := strings.Join(words, " "); got != c.found {
				t.Errorf("%s", got)
			}
		})
	}
	ofGroup := alveary.AccessData{
		Policies: policies, Entries: []alveary.Entry{named(1, "group-2", 2, "nope"), named(2, "r1", 2, "nope")},
		Groups: []alveary.Group{{ID: 1, Role: alveary.RootGroupRole}, {ID: 2, Parent: 1, Name: "sales", Role: "group-2"}}, Roles: []alveary.Role{{ID: "r1", Label: "Readers"}},
	}
	found, err := lint.Entries(ofGroup, find)
	if err != nil || len(found) != 2 || !strings.HasPrefix(found[0].Message, "an entry of group /sales names") || !strings.HasPrefix(found[1].Message, "an entry of role Readers names") {
		t.Errorf("%+v, %v", found, err)
	}
	broken := errors.New("the database is away")
	_, err = lint.Entries(alveary.AccessData{Policies: policies, Entries: []alveary.Entry{named(1, "r1", 2, "open"), holding(2, "r1", 4)}},
		func(alveary.NodeID) (alveary.Lineage, error) { return nil, broken })
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
