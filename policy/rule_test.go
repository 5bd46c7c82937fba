package policy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/policy"
)

// rest asks one rule about one call.
func rest(t *testing.T, r alveary.Rule, action string, f policy.Facts) policy.Verdict {
	t.Helper()
	return compile(t, alveary.Policy{ID: "p", Type: alveary.PolicyREST, Rules: []alveary.Rule{r}}).Ask(action, &f)
}

// MODEL.md 6.3: text outside of < and > is literal, the whole is anchored, and
// no line break slips past.
func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern string
		yes, no []string
	}{
		{"rest:/user", []string{"rest:/user"}, []string{"rest:/user/", "rest:/use", "xrest:/user", "rest:/User", ""}},
		{"rest:/a.b", []string{"rest:/a.b"}, []string{"rest:/axb"}},
		{"", []string{""}, []string{"a"}},
		{"<.*>", []string{"", "a", "a\nb", "\n", "a\r\n\u2028b"}, nil},
		{"<.+>.txt", []string{"a\nb.txt", "\n.txt"}, []string{".txt", "a.txt\n", "a.txtx", "axtxt"}},
		{"rest:/user/<[0-9]+>", []string{"rest:/user/7"}, []string{"rest:/user/", "rest:/user/7\n", "rest:/user/7/x", "rest:/user/a"}},
		{"<a|b>c", []string{"ac", "bc"}, []string{"a", "b", "abc", "c"}},
		{"<(?i)a>b", []string{"ab", "Ab"}, []string{"aB", "AB"}},
		{"a(b<c>", []string{"a(bc"}, []string{"abc"}},
		{"<a<b>c>", []string{"a<b>c"}, []string{"abc", "<a<b>c>"}},
		{"<(?P<name>x+)>-<y>", []string{"x-y", "xxx-y"}, []string{"x-", "<name>x-y"}},
		{"<>a<>", []string{"a"}, []string{""}},
		{"<^a$>", []string{"a"}, []string{"a\n", "ba"}},
		{"<(?m)^a$>", []string{"a"}, []string{"a\nb", "b\na"}},
		{"<(?m)a$>\n<b>", []string{"a\nb"}, []string{"ab"}},
		{"grün<.>", []string{"grünß"}, []string{"grün"}},
	} {
		for want, texts := range map[policy.Verdict][]string{policy.Allows: c.yes, policy.Silent: c.no} {
			for _, text := range texts {
				if got := rest(t, alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"x"}, Resources: []string{"other", c.pattern}}, "x", policy.Facts{Resource: text}); got != want {
					t.Errorf("resource %q of %q: %s", c.pattern, text, got)
				}
				if got := rest(t, alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"x"}, Subjects: []string{c.pattern}}, "x", policy.Facts{Subjects: []string{"nobody else", text}}); got != want {
					t.Errorf("subject %q of %q: %s", c.pattern, text, got)
				}
				if got := rest(t, alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"other", c.pattern}}, text, policy.Facts{}); got != want {
					t.Errorf("action %q of %q: %s", c.pattern, text, got)
				}
			}
		}
	}
}

// A pattern that is made to be slow elsewhere is asked in time that grows with
// the text alone: this would not end with a matcher that goes back.
func TestSlowPattern(t *testing.T) {
	text := strings.Repeat("a", 10_000) + "!"
	for _, pattern := range []string{"<(a+)+>b", "<(a|a)*>b", "<(.*a){20}>b"} {
		if got := rest(t, alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"x"}, Resources: []string{pattern}}, "x", policy.Facts{Resource: text}); got != policy.Silent {
			t.Errorf("%s: %s", pattern, got)
		}
	}
}

// MODEL.md 6.3: omitted means any, an empty list none.
func TestOmittedAndEmptyLists(t *testing.T) {
	f := policy.Facts{Subjects: []string{"user:mia"}, Resource: "rest:/user"}
	for _, effect := range []alveary.Effect{alveary.EffectAllow, alveary.EffectDeny} {
		applies := map[alveary.Effect]policy.Verdict{alveary.EffectAllow: policy.Allows, alveary.EffectDeny: policy.Denies}[effect]
		for _, c := range []struct {
			rule alveary.Rule
			want policy.Verdict
		}{
			{alveary.Rule{Actions: []string{"GET"}}, applies},
			{alveary.Rule{Actions: []string{"GET"}, Subjects: []string{}}, policy.Silent},
			{alveary.Rule{Actions: []string{"GET"}, Resources: []string{}}, policy.Silent},
			{alveary.Rule{Actions: []string{}}, policy.Silent},
			{alveary.Rule{Actions: []string{"GET"}, Subjects: []string{"user:mia"}, Resources: []string{"rest:/user"}}, applies},
		} {
			c.rule.Effect = effect
			if got := rest(t, c.rule, "GET", f); got != c.want {
				t.Errorf("%+v: %s", c.rule, got)
			}
		}
		if got := rest(t, alveary.Rule{Effect: effect, Actions: []string{"GET"}}, "GET", policy.Facts{}); got != applies {
			t.Errorf("any does not mean nobody: %s", got)
		}
	}
}

// MODEL.md 6.1 and 6.3: any deny among several policies and several subjects is
// final, in whatever order they stand (3.7).
func TestOrderOfPoliciesAndRules(t *testing.T) {
	var policies []*policy.Policy
	one := func(rules ...alveary.Rule) {
		policies = append(policies, compile(t, alveary.Policy{ID: alveary.PolicyID(fmt.Sprint(len(policies))), Type: alveary.PolicyREST, Rules: rules}))
	}
	one(rule(alveary.EffectAllow, "GET,GET,POST"), rule(alveary.EffectDeny, "PUT"))
	one(alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"POST", "<D.*>"}, Subjects: []string{"role:r1"}})
	one(rule(alveary.EffectAllow, "<.*>"))
	one(alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"GET"}, Resources: []string{"oidc"}})
	f := policy.Facts{Subjects: []string{"user:mia", "role:r1"}, Resource: "rest:/x"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		random.Shuffle(len(policies), func(i, j int) { policies[i], policies[j] = policies[j], policies[i] })
		s := policy.NewSet(policies...)
		for action, want := range map[string]policy.Verdict{"GET": policy.Allows, "POST": policy.Denies, "PUT": policy.Denies, "DELETE": policy.Denies, "PATCH": policy.Allows} {
			if got := s.Ask(action, &f); got != want {
				t.Errorf("%s: %s", action, got)
			}
		}
		if len(s.Policies()) != len(policies) {
			t.Error("a policy is lost")
		}
	}
	if got := policy.NewSet().Ask("GET", &f); got != policy.Silent {
		t.Errorf("no policy at all: %s", got)
	}
}

// A policy of 10,000 rules is taken, and asking one question of it costs as
// little as of one: rules about other actions are not looked at.
func TestTenThousandRules(t *testing.T) {
	big := alveary.Policy{ID: "big", Type: alveary.PolicyREST}
	for i := range 10_000 {
		r := rule(alveary.EffectDeny, fmt.Sprintf("act%d", i), cond("RemoteAddress", "CIDRCondition", "cidr", fmt.Sprintf("10.%d.%d.0/24", i/256, i%256)))
		r.ID = fmt.Sprint(i)
		big.Rules = append(big.Rules, r)
	}
	p := compile(t, big)
	f := policy.Facts{Resource: "rest:/x", Context: &alveary.Context{Address: "10.0.7.9"}}
	for _, action := range []string{"act7", "act8", "act10000"} {
		want := policy.Silent
		if action == "act7" {
			want = policy.Denies
		}
		if got := p.Ask(action, &f); got != want {
			t.Errorf("%s: %s", action, got)
		}
		if n := testing.AllocsPerRun(100, func() { p.Ask(action, &f) }); n != 0 {
			t.Errorf("%s: %g allocations", action, n)
		}
	}
	// Only the rule about the action is looked at: of 10,000 steps one is asked.
	asked := 0
	for _, s := range p.CallSteps("act7", &f) {
		if s.Why != "it is not about act7" {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("%d rules are about one action", asked)
	}
	if found := policy.Lint(big); len(found) != 0 {
		t.Errorf("%d findings, the first: %+v", len(found), found[0])
	}
}

// Conditions that say the same are compiled once, which keeps thousands of
// policies small.
func TestSameConditionsAreShared(t *testing.T) {
	k := policy.NewCompiler()
	one := acl(rule(alveary.EffectDeny, "read", cond("UserAgent", "StringMatchCondition", "matches", strings.Repeat("a?b+(c|d)*", 20))))
	load := func() {
		if _, bad := k.Load(one); bad != nil {
			t.Fatal(bad)
		}
	}
	load()
	if n := testing.AllocsPerRun(20, load); n > 60 {
		t.Errorf("%g allocations for what is known", n)
	}
}

// MODEL.md 6.7: an allow needs all true, a deny applies unless one is false.
func TestHolesInTheContext(t *testing.T) {
	address := cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/8")
	level := cond("AuthLevel", "CompareCondition", "op", ">=")
	level.Options["value"] = 2
	both := []alveary.AttributeCondition{address, level}
	for _, c := range []struct {
		context     alveary.Context
		allow, deny policy.Verdict
		why         string
	}{
		{alveary.Context{Address: "10.0.0.1", AuthLevel: 2}, policy.Allows, policy.Denies, "it applies"},
		{alveary.Context{Address: "11.0.0.1", AuthLevel: 2}, policy.Silent, policy.Silent, "a condition does not hold: RemoteAddress in 10.0.0.0/8"},
		{alveary.Context{AuthLevel: 2}, policy.Silent, policy.Denies, "it applies, because RemoteAddress cannot be decided"},
		{alveary.Context{}, policy.Silent, policy.Denies, "it applies, because RemoteAddress and AuthLevel cannot be decided"},
		{alveary.Context{Address: "nowhere", AuthLevel: 1}, policy.Silent, policy.Silent, "a condition does not hold: AuthLevel >= 2"},
	} {
		f := policy.Facts{Context: &c.context, Node: &alveary.Node{}}
		if got := rest(t, rule(alveary.EffectAllow, "GET", both...), "GET", f); got != c.allow {
			t.Errorf("%+v: allow %s", c.context, got)
		}
		if got := rest(t, rule(alveary.EffectDeny, "GET", both...), "GET", f); got != c.deny {
			t.Errorf("%+v: deny %s", c.context, got)
		}
		steps := compile(t, acl(rule(alveary.EffectDeny, "read", both...))).Steps(alveary.ActionRead, &f, false)
		if steps[0].Why != c.why || policy.VerdictOf(steps) != c.deny {
			t.Errorf("%+v: %s", c.context, steps[0].Why)
		}
	}
	steps := compile(t, acl(rule(alveary.EffectAllow, "read", both...))).Steps(alveary.ActionRead, &policy.Facts{Context: &alveary.Context{}}, false)
	if want := "an allow needs what cannot be decided: RemoteAddress, AuthLevel"; steps[0].Why != want {
		t.Errorf("%s", steps[0].Why)
	}
	if c := steps[0].Conditions[0]; c.Attribute != "RemoteAddress" || c.Type != "CIDRCondition" || c.Value != "absent" || c.Result != policy.Undecided || c.Words == "" {
		t.Errorf("%+v", c)
	}
}

// A trace says of each rule why it takes no part.
func TestStepsSayWhy(t *testing.T) {
	tagged := cond("NodeMeta:usermeta-tags", "StringNotMatchCondition", "matches", "^open$")
	p := compile(t, acl(
		rule(alveary.EffectAllow, "read"),
		rule(alveary.EffectDeny, "write"),
		alveary.Rule{ID: "other", Effect: alveary.EffectDeny, Actions: []string{"read"}, Resources: []string{"rest:/x"}},
		alveary.Rule{Label: "bob", Effect: alveary.EffectDeny, Actions: []string{"read"}, Subjects: []string{"user:bob"}},
		rule(alveary.EffectDeny, "read", tagged),
	))
	f := policy.Facts{Subjects: []string{"user:mia"}, Resource: "acl", Context: &alveary.Context{}, Node: &alveary.Node{Name: "top", Type: alveary.Collection}}
	whys := func(action alveary.Action, above bool) (out []string) {
		for i, s := range p.Steps(action, &f, above) {
			if s.Index != i {
				t.Errorf("step %d is of rule %d", i, s.Index)
			}
			out = append(out, s.Why)
		}
		return out
	}
	about, other, subject := "it is not about ", "its resources are not acl", "its subjects do not match"
	for _, c := range []struct {
		action alveary.Action
		above  bool
		want   []string
	}{
		{alveary.ActionRead, false, []string{"it applies", about + "read", other, subject, "it applies"}},
		{alveary.ActionDownload, false, []string{"it applies", about + "download", other, subject, "it applies"}}, // 3.8, 3.9
		{alveary.ActionDelete, false, []string{about + "delete", "it applies", about + "delete", about + "delete", about + "delete"}},
		{alveary.ActionRead, true, []string{"above the node only denies count", about + "read", other, subject, "it tests an attribute that this folder does not have"}},
	} {
		if got := whys(c.action, c.above); !slices.Equal(got, c.want) {
			t.Errorf("%s, above %t: %q", c.action, c.above, got)
		}
	}
	steps := p.Steps(alveary.ActionRead, &f, false)
	if steps[0].Name() != "1" || steps[2].Name() != "“other”" || steps[3].Name() != "“bob”" || steps[3].Effect != alveary.EffectDeny || steps[0].Effect != alveary.EffectAllow {
		t.Errorf("%+v", steps)
	}
	calls := p.CallSteps("read", &f)
	if calls[2].Why != "its resources do not match acl" || calls[1].Why != about+"read" || policy.VerdictOf(calls) != policy.Denies {
		t.Errorf("%+v", calls)
	}
	for v, word := range map[policy.Verdict]string{policy.Silent: "none", policy.Allows: "allow", policy.Denies: "deny"} {
		if v.String() != word {
			t.Errorf("%d is %s", v, v)
		}
	}
	if policy.VerdictOf(steps[:1]) != policy.Allows || policy.VerdictOf(steps[1:4]) != policy.Silent {
		t.Error("the verdict is not that of the steps")
	}
}

// MODEL.md 7.4: the soonest instant at which the clock could change an answer.
func TestValidUntilOfAPolicy(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) // a Monday
	hours := cond("ServerTime", "OfficeHoursCondition", "matches", "Monday-Friday/09:00/18:30")
	until := cond("ServerTime", "DateAfterCondition", "matches", "2026-06-01T15:00Z")
	until.Options["matches"] = "2026-06-01T15:00:00Z"
	f := policy.Facts{Context: &alveary.Context{Now: now, Address: "10.0.0.1"}}
	if got := compile(t, acl(rule(alveary.EffectAllow, "read", hours))).ValidUntil(&f); !got.Equal(time.Date(2026, 6, 1, 18, 31, 0, 0, time.UTC)) {
		t.Errorf("hours end %s", got)
	}
	both := compile(t, acl(rule(alveary.EffectAllow, "read", hours), rule(alveary.EffectDeny, "read", until), rule(alveary.EffectDeny, "read", cond("Site", "StringEqualCondition", "equals", "x"))))
	got := both.ValidUntil(&f)
	if got.Before(now.Add(3*time.Hour)) || got.After(now.Add(3*time.Hour+time.Second)) {
		t.Errorf("the sooner of the two ends %s", got)
	}
	f.Context.Now = time.Time{}
	f.Now = now
	if !both.ValidUntil(&f).Equal(got) {
		t.Error("the present counts only where the context says it")
	}
	if got := compile(t, acl(rule(alveary.EffectAllow, "read", cond("ClientTime", "DateAfterCondition", "matches", "2026-06-01T15:00:00Z")))).ValidUntil(&f); !got.IsZero() {
		t.Errorf("the client's clock bounds nothing, and yet %s", got)
	}
}

// What a snapshot and a simulation want to know of a policy.
func TestWhatAPolicyReads(t *testing.T) {
	p := compile(t, acl(rule(alveary.EffectAllow, "read", cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/8"), cond("NodeMetaSize", "CELCondition", "expr", `node.NodeMetaOwner == "x"`))))
	for attribute, want := range map[string]bool{alveary.AttrRemoteAddress: true, alveary.AttrNodeOwner: true, alveary.AttrNodePath: false} {
		if p.Reads(attribute) != want {
			t.Errorf("reads %s: %t", attribute, !want)
		}
	}
	if p.ID() != "p" || p.Source().Type != alveary.PolicyACL {
		t.Errorf("%+v", p.Source())
	}
	edges := p.Boundaries(&policy.Facts{Context: &alveary.Context{}})
	if len(edges["RemoteAddress"]) < 2 || len(edges["NodeMetaSize"]) != 0 {
		t.Errorf("%v", edges)
	}
	for _, c := range []struct {
		name string
		rule alveary.Rule
		want bool
	}{
		{"address", rule(alveary.EffectAllow, "read", cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/8")), false},
		{"subjects", alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"read"}, Subjects: []string{}}, true},
		{"an attribute of the asker", rule(alveary.EffectAllow, "read", cond("User:team", "StringEqualCondition", "equals", "a")), true},
		{"a template", rule(alveary.EffectAllow, "read", cond("NodeMetaPath", "PathGlobCondition", "glob", "homes/{{.ClaimsName}}/**")), true},
		{"an expression", rule(alveary.EffectAllow, "read", cond("Site", "CELCondition", "expr", `subject.ClaimsName == "x"`)), true},
		{"the asker's names", rule(alveary.EffectAllow, "read", alveary.AttributeCondition{Attribute: "NodeMeta:for", Condition: alveary.Condition{Type: "EqualsSubjectCondition"}}), true},
		{"the asker's names, turned round", rule(alveary.EffectDeny, "read", cond("NodeMeta:for", "NotCondition", "condition", map[string]any{"type": "EqualsSubjectCondition"})), true},
	} {
		if got := compile(t, acl(c.rule)).Personal(); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
	if len(policy.ConditionTypes()) < 15 {
		t.Error("the catalogue of conditions is short")
	}
	if got, err := policy.TestCondition(alveary.Condition{Type: "BooleanCondition", Options: map[string]any{"value": true}}, alveary.Text("true"), &policy.Facts{}); err != nil || got != policy.True {
		t.Errorf("%s, %v", got, err)
	}
}
