package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/policy"
	"alveary/policy/templates"
)

// codes are those of the findings, with the rules they are about.
func codes(found []policy.Finding) string {
	words := make([]string, len(found))
	for i, f := range found {
		words[i] = fmt.Sprintf("%s@%d", f.Code, f.Rule)
	}
	return strings.Join(words, " ")
}

func match(attribute, pattern string) alveary.AttributeCondition {
	return cond(attribute, "StringMatchCondition", "matches", pattern)
}

func compare(attribute, op string, value any) alveary.AttributeCondition {
	return alveary.AttributeCondition{Attribute: attribute, Condition: alveary.Condition{Type: "CompareCondition", Options: map[string]any{"op": op, "value": value}}}
}

func TestLint(t *testing.T) {
	allow, deny := alveary.EffectAllow, alveary.EffectDeny
	all := rule(allow, "read,write")
	denying := func(conditions ...alveary.AttributeCondition) []alveary.Rule {
		return []alveary.Rule{all, rule(deny, "read", conditions...)}
	}
	period := func(matches string) alveary.AttributeCondition {
		return cond("ServerTime", "WithinPeriodCondition", "matches", matches)
	}
	unlike := func(tag string) alveary.AttributeCondition {
		return cond("NodeMeta:usermeta-tags", "NotCondition", "condition", map[string]any{"type": "StringEqualCondition", "options": map[string]any{"equals": tag}})
	}
	in := func(values ...any) alveary.AttributeCondition {
		return cond("ClaimsProfile", "InCondition", "values", values)
	}
	for _, c := range []struct {
		name           string
		rules          []alveary.Rule
		codes          string
		attribute      string
		sentence, then string // parts of what is the matter and of the fix
	}{
		// Addresses.
		{"not anchored", denying(match("RemoteAddress", `192\.168\.2\.1`)), "address-pattern@1", "RemoteAddress", "found anywhere", "192.168.2.0/24"},
		{"anchored in front", denying(match("RemoteAddress", `^10\.`)), "address-pattern@1", "RemoteAddress", "found anywhere", "CIDRCondition"},
		{"not escaped", denying(match("RemoteAddress", `^192.168.2.1$`)), "address-pattern@1", "RemoteAddress", "unescaped .", "CIDRCondition"},
		{"neither, as manuals have it", denying(match("RemoteAddress", `192.168.2.*`)), "address-pattern@1 address-pattern@1", "RemoteAddress", "found anywhere", "CIDRCondition"},
		{"one of several not anchored", denying(match("RemoteAddress", `^(localhost|127\.0\.0\.1)$|::1`)), "address-pattern@1", "RemoteAddress", "found anywhere", "CIDRCondition"},
		{"within a not", denying(cond("RemoteAddress", "NotCondition", "condition", map[string]any{"type": "StringMatchCondition", "options": map[string]any{"matches": `10\.`}})), "address-pattern@1", "RemoteAddress", "found anywhere", "CIDRCondition"},
		{"within any", denying(cond("RemoteAddress", "AnyCondition", "conditions", []any{map[string]any{"type": "StringNotMatchCondition", "options": map[string]any{"matches": `10\.`}}})), "address-pattern@1", "RemoteAddress", "found anywhere", "CIDRCondition"},
		{"well done", denying(match("RemoteAddress", `^(192\.168\.2\.1|::1)$`)), "", "", "", ""},
		{"well done, each way", denying(match("RemoteAddress", `^127\.0\.0\.1$|^::1$`)), "", "", "", ""},
		{"of something else", denying(match("UserAgent", `a.b`)), "", "", "", ""},
		{"host bits", denying(cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/8, 192.168.2.7/24")), "host-bits@1", "RemoteAddress", "it means 192.168.2.0/24", "192.168.2.7/32"},
		{"host bits of six", denying(cond("RemoteAddress", "CIDRCondition", "cidr", "fe80::1/10")), "host-bits@1", "RemoteAddress", "it means fe80::/10", "fe80::1/128"},

		// Extensions.
		{"a dot", denying(cond("NodeMetaExtension", "StringEqualCondition", "equals", ".exe")), "extension@1", "NodeMetaExtension", "no dot", "without the dot"},
		{"capitals", denying(cond("NodeMetaExtension", "StringEqualCondition", "equals", "EXE")), "extension@1", "NodeMetaExtension", "lower case", "write exe"},
		{"one of several", denying(cond("NodeMetaExtension", "InCondition", "values", []any{"exe", ".Bat", 7})), "extension@1", "NodeMetaExtension", "no dot", "without the dot"},
		{"a pattern with a dot", denying(match("NodeMetaExtension", `\.(exe|bat)$`)), "extension@1", "NodeMetaExtension", "no dot", "without the dot"},
		{"a pattern that begins with one", denying(match("NodeMetaExtension", `.exe`)), "extension@1", "NodeMetaExtension", "no dot", "without the dot"},
		{"a pattern in capitals", denying(match("NodeMetaExtension", `^(EXE|BAT){1,2}$`)), "extension@1", "NodeMetaExtension", "lower case", "write ^(exe|bat)"},
		{"a pattern in any case", denying(match("NodeMetaExtension", `^(?i:EXE|BAT)$`)), "", "", "", ""},
		{"a pattern of what it is not", denying(match("NodeMetaExtension", `^[^A-Z]\W*(TXT)?X{0,2}.+$`)), "", "", "", ""},
		{"a pattern that also means capitals", denying(match("NodeMetaExtension", `^(txt|TXT)$`)), "", "", "", ""},

		// Rules that can never apply.
		{"no actions", []alveary.Rule{all, {Effect: deny, Actions: []string{}}}, "never-applies@1", "", "empty list", "leave subjects or resources out"},
		{"no subjects", []alveary.Rule{all, {Effect: deny, Actions: []string{"read"}, Subjects: []string{}}}, "never-applies@1", "", "empty list", "fill the list in"},
		{"no resources", []alveary.Rule{all, {Effect: deny, Actions: []string{"read"}, Resources: []string{}}}, "never-applies@1", "", "empty list", "fill the list in"},
		{"other resources", []alveary.Rule{all, {Effect: deny, Actions: []string{"read"}, Resources: []string{"rest:<.*>"}}}, "never-applies@1", "", "resource acl", "leave the resources out"},
		{"two texts", denying(cond("Site", "StringEqualCondition", "equals", "a"), cond("Site", "StringEqualCondition", "equals", "b")), "never-applies@1", "Site", "no Site can meet", "conditions on Site"},
		{"two sets", denying(in("admin", "standard"), in("shared", "anon")), "never-applies@1", "ClaimsProfile", "no ClaimsProfile can meet", "change one"},
		{"two sets with one in both", denying(in("admin", "standard"), in("standard", "anon")), "", "", "", ""},
		{"an empty interval", denying(compare("NodeMetaSize", ">", "1GiB"), compare("NodeMetaSize", "<", "1MiB")), "never-applies@1", "NodeMetaSize", "no NodeMetaSize", "NodeMetaSize"},
		{"an interval of one", denying(compare("NodeMetaSize", ">=", 7), compare("NodeMetaSize", "<=", 7)), "", "", "", ""},
		{"an interval", denying(compare("NodeMetaSize", ">", "1MiB"), compare("NodeMetaSize", "<", "1GiB")), "", "", "", ""},
		{"two networks", denying(cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/8"), cond("RemoteAddress", "CIDRCondition", "cidr", "192.168.0.0/16")), "never-applies@1", "RemoteAddress", "no RemoteAddress", "RemoteAddress"},
		{"a network in another", denying(cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/8"), cond("RemoteAddress", "CIDRCondition", "cidr", "10.1.0.0/16")), "", "", "", ""},
		{"a network and not that of it", denying(cond("RemoteAddress", "CIDRCondition", "cidr", "10.1.0.0/16"), cond("RemoteAddress", "NotCondition", "condition", map[string]any{"type": "CIDRCondition", "options": map[string]any{"cidr": "10.0.0.0/8"}})), "never-applies@1", "RemoteAddress", "no RemoteAddress", "RemoteAddress"},
		{"two periods", denying(period("2026-01-01T00:00Z/2026-02-01T00:00Z"), period("2026-03-01T00:00Z/2026-04-01T00:00Z")), "", "", "", ""}, // malformed: a zone is +0000
		{"two periods apart", denying(period("2026-01-01T00:00+0000/2026-02-01T00:00+0000"), period("2026-03-01T00:00+0000/2026-04-01T00:00+0000")), "never-applies@1", "ServerTime", "no ServerTime", "ServerTime"},
		{"two periods that meet", denying(period("2026-01-01T00:00+0000/2026-02-01T00:00+0000"), period("2026-01-15T00:00+0000/2026-04-01T00:00+0000")), "", "", "", ""},
		{"hours in a period", denying(byDay, period("2026-01-01T00:00+0000/2026-02-01T00:00+0000")), "", "", "", ""},
		{"hours in a weekend", denying(byDay, period("2026-06-06T00:00+0000/2026-06-07T23:00+0000")), "never-applies@1", "ServerTime", "no ServerTime", "ServerTime"},
		{"hours that do not meet", denying(byDay, cond("ServerTime", "OfficeHoursCondition", "matches", "Saturday/10:00/12:00")), "never-applies@1", "ServerTime", "no ServerTime", "ServerTime"},
		{"hours in a period from one weekend to another", denying(byDay, period("2026-01-03T20:00+0000/2026-02-01T08:00+0000")), "", "", "", ""},
		{"two tags", denying(secret, cond("NodeMeta:usermeta-tags", "StringEqualCondition", "equals", "open")), "", "", "", ""},
		{"two tags and not a third", denying(secret, cond("NodeMeta:usermeta-tags", "StringEqualCondition", "equals", "open"), unlike("old")), "", "", "", ""},
		{"a tag and not it", denying(secret, unlike("secret")), "never-applies@1", "NodeMeta:usermeta-tags", "no NodeMeta:usermeta-tags", "conditions on"},
		{"patterns are not looked into", denying(match("Site", "^a$"), match("Site", "^b$")), "", "", "", ""},

		// Rules that another makes pointless.
		{"the same again", []alveary.Rule{all, all}, "pointless@1", "", "rule 1 does all", "remove this rule"},
		{"more beside it", []alveary.Rule{rule(allow, "read", byDay), rule(allow, "read")}, "pointless@0", "", "rule 2 does all", "narrow the other"},
		{"denied anyway", []alveary.Rule{rule(allow, "write", byDay, inside), rule(deny, "<.*>", inside), rule(allow, "read")}, "pointless@0", "", "rule 2 denies all", "narrow the other"},
		{"a pattern and what it matches", []alveary.Rule{rule(allow, "<read|write>"), {Effect: allow, Actions: []string{"write"}, Subjects: []string{"user:mia"}}}, "pointless@1", "", "rule 1 does all", "remove"},
		{"anybody and one", []alveary.Rule{all, {Effect: allow, Actions: []string{"write"}, Subjects: []string{"user:mia"}}}, "pointless@1", "", "rule 1 does all", "remove"},
		{"some and one of them", []alveary.Rule{{Effect: allow, Actions: []string{"write"}, Subjects: []string{"<.*>"}}, {Effect: allow, Actions: []string{"write"}, Subjects: []string{"user:mia"}}}, "pointless@1", "", "rule 1 does all", "remove"},
		{"one and anybody", []alveary.Rule{{Effect: allow, Actions: []string{"write"}, Subjects: []string{"user:mia"}}, {Effect: deny, Actions: []string{"read"}}, {Effect: allow, Actions: []string{"write"}, Subjects: []string{"user:bob"}}}, "", "", "", ""},
		{"other conditions", []alveary.Rule{rule(allow, "read", byDay), rule(allow, "read", inside)}, "", "", "", ""},
		{"more actions", []alveary.Rule{rule(allow, "read"), rule(allow, "read,write", byDay)}, "", "", "", ""},
		{"an allow takes no deny away", []alveary.Rule{all, rule(deny, "read", byDay)}, "", "", "", ""},

		// Words.
		{"a pattern of what is never given", []alveary.Rule{all, rule(allow, "<down.*|sync>")}, "deny-only@1", "", "can only be denied", "allow read or write"},
		{"no attribute", denying(cond("Tag", "StringEqualCondition", "equals", "x")), "unknown-attribute@1", "Tag", `no attribute "Tag"`, "catalogue"},
		{"almost an attribute", denying(cond("remoteaddress", "StringEqualCondition", "equals", "x")), "unknown-attribute@1", "remoteaddress", "never be decided", "did you mean RemoteAddress"},
		{"without its beginning", denying(cond("Extension", "StringEqualCondition", "equals", "x")), "unknown-attribute@1", "Extension", "never be decided", "did you mean NodeMetaExtension"},
		{"a family without a name", denying(cond("Header:", "StringEqualCondition", "equals", "x")), "unknown-attribute@1", "Header:", "never be decided", ""},
		{"a family", denying(cond("Header:X-Own", "StringEqualCondition", "equals", "x")), "", "", "", ""},
		{"no action", []alveary.Rule{all, rule(deny, "read,list")}, "unknown-action@1", "", `no action "list"`, "read, write"},
		{"nothing allowed", []alveary.Rule{rule(deny, "read", byDay)}, "no-allow@-1", "", "gives nothing", "add a rule"},
		{"nothing at all", nil, "", "", "", ""},
		{"malformed rules are not looked at", denying(cond("Tag", "Nope", "x", 1)), "", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := policy.Lint(acl(c.rules...))
			if codes(found) != c.codes {
				t.Fatalf("%s\n%+v", codes(found), found)
			}
			if len(found) == 0 {
				return
			}
			f := found[0]
			if f.Attribute != c.attribute || !strings.Contains(f.Message, c.sentence) || !strings.Contains(f.Fix, c.then) || f.Fix == "" {
				t.Errorf("%+v", f)
			}
			if f.Severity != policy.Warning && f.Code != policy.LintNoAllow {
				t.Errorf("%+v", f)
			}
		})
	}
}

// Actions are known where the type of the policy tells them.
func TestLintOfOtherTypes(t *testing.T) {
	r := rule(alveary.EffectAllow, "login,LOGIN")
	if got := codes(policy.Lint(alveary.Policy{ID: "p", Type: alveary.PolicyOIDC, Rules: []alveary.Rule{r}})); got != "unknown-action@0" {
		t.Errorf("%s", got)
	}
	r = alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"PROPFIND", "<.*>"}, Resources: []string{"rest:/x"}}
	if got := codes(policy.Lint(alveary.Policy{ID: "p", Type: alveary.PolicyREST, Rules: []alveary.Rule{r}})); got != "" {
		t.Errorf("%s", got)
	}
}

// What is shipped is clean.
func TestTemplatesAreClean(t *testing.T) {
	for _, template := range templates.All() {
		compile(t, template.Policy)
		if found := policy.Lint(template.Policy); len(found) > 0 {
			t.Errorf("%s: %+v", template.ID, found)
		}
	}
}

// Looking through thousands of rules of which any may cover any ends.
func TestLintOfManyRules(t *testing.T) {
	p := alveary.Policy{ID: "p", Type: alveary.PolicyREST}
	for i := range 3000 {
		p.Rules = append(p.Rules, alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"GET"}, Subjects: []string{fmt.Sprintf("user:%d", i)}})
	}
	p.Rules[1] = p.Rules[0]
	p.Rules[2999] = p.Rules[0]
	found := policy.Lint(p)
	if !slices.ContainsFunc(found, func(f policy.Finding) bool { return f.Code == policy.LintPointless && f.Rule == 1 }) || len(found) > 2 {
		t.Errorf("%s", codes(found))
	}
}
