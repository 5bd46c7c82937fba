package policy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alveary"
	"alveary/policy"
	"alveary/testkit/oracle/draw"
)

func leaf(name string, size int64, tags ...string) *alveary.Node {
	n := &alveary.Node{ID: 9, Name: name, Type: alveary.Leaf, Size: size}
	if len(tags) > 0 {
		n.Meta = n.Meta.With(alveary.NamespaceTags, tags...)
	}
	return n
}

// folded is what is left of policies, denies first as the gate does it.
func folded(t testing.TB, f *policy.Facts, policies ...alveary.Policy) *policy.Residual {
	t.Helper()
	k := policy.NewCompiler()
	res := &policy.Residual{}
	for _, deny := range []bool{true, false} {
		for _, source := range policies {
			p, bad := k.Load(source)
			if bad != nil {
				t.Fatal(bad)
			}
			p.Fold(f, deny, alveary.AllRights, res)
		}
	}
	return res
}

var (
	exe    = cond("NodeMetaExtension", "StringEqualCondition", "equals", "exe")
	secret = cond("NodeMeta:usermeta-tags", "StringEqualCondition", "equals", "secret")
	large  = alveary.AttributeCondition{Attribute: "NodeMetaSize", Condition: alveary.Condition{Type: "CompareCondition", Options: map[string]any{"op": ">", "value": "1KiB"}}}
	inside = cond("RemoteAddress", "CIDRCondition", "cidr", "10.0.0.0/8")
	byDay  = cond("ServerTime", "OfficeHoursCondition", "matches", "Monday-Friday/09:00/18:30")
	day    = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// MODEL.md 7.2: what is known folds away. A hole in the context leaves a deny
// standing, without the condition, and makes an allow vanish (6.7).
func TestFoldingOfWhatIsKnown(t *testing.T) {
	for _, c := range []struct {
		name    string
		context alveary.Context
		rules   []alveary.Rule
		words   []string
	}{
		{"nothing", alveary.Context{}, nil, nil},
		{"all holds", alveary.Context{Address: "10.0.0.1", Now: day}, []alveary.Rule{rule(alveary.EffectAllow, "read,write", inside, byDay)}, []string{"always read, write"}},
		{"one does not", alveary.Context{Address: "11.0.0.1", Now: day}, []alveary.Rule{rule(alveary.EffectAllow, "read", inside, byDay), rule(alveary.EffectDeny, "read", inside)}, nil},
		{"a hole", alveary.Context{Now: day}, []alveary.Rule{rule(alveary.EffectAllow, "read", inside, byDay), rule(alveary.EffectDeny, "write", inside, byDay)}, []string{"never write"}},
		{"a hole before what the node tells", alveary.Context{}, []alveary.Rule{rule(alveary.EffectAllow, "read", inside, exe), rule(alveary.EffectDeny, "write", exe, inside)}, []string{`may not write where NodeMetaExtension is "exe"`}},
		{"a hole beside what does not hold", alveary.Context{Now: day.Add(12 * time.Hour)}, []alveary.Rule{rule(alveary.EffectDeny, "write", inside, byDay)}, nil},
		{"the node tells", alveary.Context{Address: "10.0.0.1"}, []alveary.Rule{rule(alveary.EffectAllow, "read", exe, inside), rule(alveary.EffectDeny, "download,sync", large)}, []string{"may not download, sync where NodeMetaSize > 1KiB", `may read where NodeMetaExtension is "exe"`}},
		{"two of the node", alveary.Context{}, []alveary.Rule{rule(alveary.EffectDeny, "read", exe, secret)}, []string{`may not read where NodeMetaExtension is "exe" and NodeMeta:usermeta-tags is "secret"`}},
		{"other resources", alveary.Context{}, []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"read"}, Resources: []string{"rest:<.*>"}}}, nil},
		{"own resources", alveary.Context{}, []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"read"}, Resources: []string{"<a.*>"}}}, []string{"never read"}},
		{"other subjects", alveary.Context{}, []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"read"}, Subjects: []string{"user:bob"}}}, nil},
		{"other actions", alveary.Context{}, []alveary.Rule{rule(alveary.EffectDeny, "GET")}, nil},
		{"a pattern gives what can be given", alveary.Context{}, []alveary.Rule{rule(alveary.EffectAllow, "<.*>")}, []string{"always read, write"}},
		{"a pattern denies all", alveary.Context{}, []alveary.Rule{rule(alveary.EffectDeny, "<.*>")}, []string{"never read, write, delete, download, upload, sync"}},
		{"a pattern of what is never given", alveary.Context{}, []alveary.Rule{rule(alveary.EffectAllow, "<d.*>")}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := &policy.Facts{Subjects: []string{"user:mia"}, Resource: "acl", Context: &c.context}
			res := folded(t, f, acl(c.rules...))
			if got := res.Words(); !slices.Equal(got, c.words) {
				t.Errorf("%q", got)
			}
			// And it says of each node what the policy says, asked whole.
			whole := compile(t, acl(c.rules...))
			for _, n := range []*alveary.Node{leaf("a.exe", 5), leaf("a.exe", 5000, "secret"), leaf("a.txt", 5000, "open"), {Name: "top", Type: alveary.Collection}} {
				f.Node, f.Resource = n, "acl"
				allowed, denied := res.On(f)
				for _, action := range alveary.AllRights.Actions() {
					verdict := whole.Ask(action.String(), f)
					if got := denied.Has(action); got != (verdict == policy.Denies) {
						t.Errorf("%s of %s denied %t, the whole says %s", action, n.Name, got, verdict)
					}
					if got := allowed.Has(action) && !denied.Has(action); alveary.Givable.Has(action) && got != (verdict == policy.Allows) {
						t.Errorf("%s of %s allowed %t, the whole says %s", action, n.Name, got, verdict)
					}
				}
			}
		})
	}
}

// The size is bound by distinct outcomes: 3,000 policies that say five things
// of a node leave at most that, once for each effect.
func TestResidualIsSmall(t *testing.T) {
	f := &policy.Facts{Subjects: []string{"user:mia"}, Resource: "acl", Context: &alveary.Context{Address: "10.0.0.1", Now: day}}
	policies := make([]alveary.Policy, 3000)
	for i := range policies {
		ext := cond("NodeMetaExtension", "StringEqualCondition", "equals", fmt.Sprintf("e%d", i%5))
		own := cond("RemoteAddress", "CIDRCondition", "cidr", fmt.Sprintf("10.%d.%d.0/8", i/250, i%250))
		policies[i] = acl(rule(alveary.EffectDeny, "download", own, ext), rule(alveary.EffectAllow, []string{"read", "write"}[i%2], ext, own, byDay))
	}
	res := folded(t, f, policies...)
	if res.Len() != 10 || res.Settled() {
		t.Errorf("%d clauses:\n%s", res.Len(), strings.Join(res.Words(), "\n"))
	}
	if got := res.Varies(); got != alveary.Givable.With(alveary.ActionDownload) {
		t.Errorf("%s may vary", got)
	}
	// What is settled makes clauses pointless.
	res.Allow |= alveary.RightRead
	if res.Tidy(); res.Len() != 10 {
		t.Errorf("write waits still, and %d clauses are left", res.Len())
	}
	res.Allow |= alveary.RightWrite
	if res.Tidy(); res.Len() != 5 {
		t.Errorf("%d clauses, of the denies 5", res.Len())
	}
	copied := res.Clone()
	res.Deny = res.Deny.With(alveary.ActionDownload)
	if res.Tidy(); !res.Settled() || copied.Len() != 5 {
		t.Errorf("%d clauses are left, of the copy %d", res.Len(), copied.Len())
	}
	if copied.Reset(); copied.Len() != 0 || copied.Allow|copied.Deny != 0 || copied.AsksAbove() {
		t.Errorf("not empty: %+v", copied)
	}
}

// MODEL.md 3.6: of the folders above only denies count, and none that tests an
// attribute of the node with nothing set there.
func TestResidualAbove(t *testing.T) {
	top := &alveary.Node{ID: 2, Name: "top", Type: alveary.Collection}
	tagged := &alveary.Node{ID: 2, Name: "top", Type: alveary.Collection, Meta: (*alveary.Metadata)(nil).With(alveary.NamespaceTags, "secret")}
	open := cond("NodeMeta:usermeta-tags", "StringNotMatchCondition", "matches", "^open$")
	folder := cond("NodeMetaType", "StringEqualCondition", "equals", "COLLECTION")
	for _, c := range []struct {
		name  string
		rule  alveary.Rule
		node  *alveary.Node
		want  alveary.Rights
		above bool
	}{
		{"of every node", rule(alveary.EffectDeny, "read"), top, alveary.RightRead, false},
		{"an allow", rule(alveary.EffectAllow, "read", folder), top, 0, false},
		{"of folders", rule(alveary.EffectDeny, "read", folder), top, alveary.RightRead, true},
		{"of tagged nodes, with none", rule(alveary.EffectDeny, "read", secret), top, 0, true},
		{"of tagged nodes", rule(alveary.EffectDeny, "read", secret), tagged, alveary.RightRead, true},
		{"of what is not open, with no tags", rule(alveary.EffectDeny, "read", open), top, 0, true},
		{"of what is not open", rule(alveary.EffectDeny, "read", open), tagged, alveary.RightRead, true},
		{"by size, which no folder has", rule(alveary.EffectDeny, "read", large), tagged, 0, false},
		{"by size and tag", rule(alveary.EffectDeny, "read", large, secret), tagged, 0, false},
	} {
		f := &policy.Facts{Context: &alveary.Context{}, Resource: "acl"}
		res := folded(t, f, acl(c.rule))
		f.Node = c.node
		if got := res.Above(f); got != c.want || res.AsksAbove() != c.above {
			t.Errorf("%s: %q, asks %t", c.name, got, res.AsksAbove())
		}
	}
}

// A size that is not declared cannot be decided (MODEL.md 5.0).
func TestSizeNotDeclared(t *testing.T) {
	f := &policy.Facts{Context: &alveary.Context{}, Resource: "acl"}
	small := alveary.AttributeCondition{Attribute: "NodeMetaSize", Condition: alveary.Condition{Type: "CompareCondition", Options: map[string]any{"op": "<=", "value": "1KiB"}}}
	res := folded(t, f, acl(rule(alveary.EffectDeny, "upload", large), rule(alveary.EffectAllow, "write", small)))
	for size, want := range map[int64][2]alveary.Rights{
		-1: {0, alveary.Rights(0).With(alveary.ActionUpload)}, 5: {alveary.RightWrite, 0}, 5000: {0, alveary.Rights(0).With(alveary.ActionUpload)},
	} {
		f.Node = leaf("a", size)
		table := policy.NewTable(f.Context, res)
		for what, on := range map[string]func(*policy.Facts) (alveary.Rights, alveary.Rights){"residual": res.On, "table": table.On} {
			if allowed, denied := on(f); allowed != want[0] || denied != want[1] {
				t.Errorf("%s, %d: %q %q", what, size, allowed, denied)
			}
		}
	}
}

// A table answers as the residuals do: on files, folders, the root, nodes with
// and without metadata, with imagined attributes, and beyond 64 clauses.
func TestTableIsTheResiduals(t *testing.T) {
	names := []string{"a.txt", "A.TXT", "b.exe", "c", ".hidden", "d.tar.gz", "e.", "grün.Ä", "big.bin"}
	rapid.Check(t, func(t *rapid.T) {
		context := draw.Context(t)
		f := &policy.Facts{Subjects: []string{"user:mia", "role:r1"}, Resource: "acl", Context: context, Asker: &policy.Asker{Name: "mia"}, Owner: "zoe"}
		k := policy.NewCompiler()
		residuals := []*policy.Residual{{}, {}}
		rules := 3
		if rapid.IntRange(0, 3).Draw(t, "many") == 0 {
			rules = 90
		}
		for i := range rapid.IntRange(1, 3).Draw(t, "policies") {
			source := draw.Policy(t, alveary.PolicyID(fmt.Sprint(i)))
			source.Type = alveary.PolicyACL
			for n := range rapid.IntRange(0, rules).Draw(t, "rules") {
				r := rule(rapid.SampledFrom([]alveary.Effect{alveary.EffectAllow, alveary.EffectDeny}).Draw(t, "effect"), rapid.SampledFrom([]string{"read", "write"}).Draw(t, "action"))
				for range rapid.IntRange(1, 2).Draw(t, "conditions") {
					r.Conditions = append(r.Conditions, rapid.SampledFrom([]alveary.AttributeCondition{
						exe, secret, large, cond("NodeMetaExtension", "StringMatchCondition", "matches", "^t"),
						cond("NodeMeta:usermeta-tags", "StringNotMatchCondition", "matches", fmt.Sprint(n)),
						cond("NodeMetaExtension", "NotCondition", "condition", map[string]any{"type": "InCondition", "options": map[string]any{"values": []any{"txt", fmt.Sprint(n)}}}),
						cond("NodeMetaSize", "CELCondition", "expr", `node.NodeMetaExtension == "gz"`),
						cond("NodeMetaName", "StringMatchCondition", "matches", fmt.Sprint(n)+"|a"),
					}).Draw(t, "condition"))
				}
				source.Rules = append(source.Rules, r)
			}
			p, _ := k.Load(source)
			p.Fold(f, true, alveary.AllRights, residuals[0])
			p.Fold(f, false, alveary.Givable, residuals[1])
		}
		table := policy.NewTable(context, residuals...)
		for range 12 {
			n := leaf(rapid.SampledFrom(names).Draw(t, "name"), rapid.SampledFrom([]int64{-1, 0, 5, 5000}).Draw(t, "size"))
			if rapid.Bool().Draw(t, "folder") {
				n.Type, n.Size = alveary.Collection, 0
			}
			if rapid.IntRange(0, 9).Draw(t, "root") == 0 {
				n.ID = alveary.RootID
			}
			if tags := rapid.SliceOfN(rapid.SampledFrom([]string{"secret", "open", "1"}), 0, 2).Draw(t, "tags"); len(tags) > 0 {
				n.Meta = n.Meta.With(alveary.NamespaceTags, tags...)
			}
			f.Node, f.Folder = n, rapid.SampledFrom([]string{"", "common"}).Draw(t, "folder of it")
			_, denied := residuals[0].On(f)
			allowed, _ := residuals[1].On(f)
			if gotAllowed, gotDenied := table.On(f); gotAllowed != allowed || gotDenied != denied {
				t.Fatalf("%+v: the table says %q %q, the residuals %q %q\n%q\n%q\n%s", n, gotAllowed, gotDenied, allowed, denied, residuals[0].Words(), residuals[1].Words(), draw.Words(context))
			}
		}
	})
}

// More extensions than are remembered are answered all the same.
func TestTableOfManyExtensions(t *testing.T) {
	f := &policy.Facts{Context: &alveary.Context{}, Resource: "acl"}
	table := policy.NewTable(f.Context, folded(t, f, acl(rule(alveary.EffectDeny, "read", exe))))
	for i := range 3000 {
		f.Node = leaf(fmt.Sprintf("a.x%d", i), 1)
		if _, denied := table.On(f); denied != 0 {
			t.Fatalf("%s: %q", f.Node.Name, denied)
		}
	}
	f.Node = leaf("a.EXE", 1)
	if _, denied := table.On(f); denied != alveary.RightRead {
		t.Errorf("%q", denied)
	}
}

// Asking allocates nothing. (A pattern that needs the matcher's own pool of
// memory may, where the race detector empties pools at will.)
func TestAskingAllocatesNothing(t *testing.T) {
	conditions := []alveary.AttributeCondition{
		exe, secret, large, inside, byDay,
		cond("NodeMetaPath", "PathGlobCondition", "glob", "(i)common/**/{a,b}?.exe"),
		cond("NodeMetaMTime", "DateAfterCondition", "matches", "2026-01-01T00:00:00Z"),
		cond("ServerTime", "WithinPeriodCondition", "matches", "2026-01-01T00:00:00Z/2027-01-01T00:00:00Z"),
		cond("NodeMeta:usermeta-tags", "StringNotMatchCondition", "matches", "^open$"),
		cond("RemoteAddress", "NotCondition", "condition", map[string]any{"type": "CIDRCondition", "options": map[string]any{"cidr": "192.168.0.0/16,fe80::/10"}}),
		cond("ClaimsName", "InCondition", "values", []any{"mia", "zoe"}),
	}
	f := &policy.Facts{
		Subjects: []string{"user:mia", "role:r1"}, Resource: "acl", Context: &alveary.Context{Address: "10.0.0.1", Now: day},
		Asker: &policy.Asker{Name: "mia"}, Node: leaf("aa.exe", 5000, "secret", "draft"), Folder: "common/deep",
	}
	f.Node.MTime = day
	for _, c := range conditions {
		p := compile(t, acl(rule(alveary.EffectDeny, "read", c), rule(alveary.EffectAllow, "write", c)))
		res := folded(t, f, *p.Source())
		table := policy.NewTable(f.Context, res)
		table.On(f)
		for what, ask := range map[string]func(){
			"asked":    func() { p.Ask("read", f); p.Ask("write", f) },
			"residual": func() { res.On(f); res.Above(f) },
			"table":    func() { table.On(f) },
		} {
			if n := testing.AllocsPerRun(100, ask); n != 0 {
				t.Errorf("%s of %s on %s: %g allocations", what, c.Type, c.Attribute, n)
			}
		}
	}
}
