package conditions

import (
	"testing"
	"time"

	"alveary"
)

func must(t testing.TB, on, kind string, options map[string]any) *Condition {
	t.Helper()
	c, err := Compile(on, alveary.Condition{Type: kind, Options: options})
	if err != nil {
		t.Fatalf("%s on %s: %v", kind, on, err)
	}
	return c
}

func someFacts() *Facts {
	return &Facts{
		Subjects: []string{"user:anna", "role:sales"}, Resource: "acl", Folder: "common/sales/north", Owner: "bob",
		Context: &alveary.Context{Now: time.Date(2018, 2, 5, 10, 0, 0, 0, time.FixedZone("", 3600)), Address: "10.1.2.3"},
		Asker:   &Asker{Name: "anna", Profile: "standard", Roles: []string{"ROOT_GROUP", "sales"}, GroupPath: "/sales/north", Attributes: map[string]string{"team": "north"}},
		Node:    &alveary.Node{ID: 7, Name: "report.pdf", Type: alveary.Leaf, Size: 5000, MTime: time.Unix(1_500_000_000, 0), Meta: alveary.NewMetadata(map[string][]string{"usermeta-tags": {"draft", "blue"}})},
	}
}

// quick are the conditions that listings ask for every node: they allocate
// nothing.
var quick = []struct {
	name, on, kind string
	options        map[string]any
	want           Truth
}{
	{"cidr", alveary.AttrRemoteAddress, kindCIDR, map[string]any{"cidr": "192.168.0.0/16,10.0.0.0/8"}, True},
	{"hours", alveary.AttrServerTime, kindHours, map[string]any{"matches": "Monday-Friday/09:00/18:30"}, True},
	{"hours in a zone", alveary.AttrServerTime, kindHours, map[string]any{"matches": "Monday-Friday/09:00/18:30", "timezone": "Europe/Berlin"}, True},
	{"not hours", alveary.AttrServerTime, kindNot, map[string]any{"condition": map[string]any{"type": kindHours, "options": map[string]any{"matches": "Monday-Friday/09:00/18:30"}}}, False},
	{"period", alveary.AttrServerTime, kindPeriod, map[string]any{"matches": "2018-02-01T00:00+0100/2018-04-01T00:00+0100"}, True},
	{"after", alveary.AttrServerTime, kindAfter, map[string]any{"matches": "2018-02-28T23:59+0100"}, False},
	{"name", alveary.AttrNodeName, kindEqual, map[string]any{"equals": "report.pdf"}, True},
	{"extension", alveary.AttrNodeExtension, kindIn, map[string]any{"values": []any{"exe", "bat", "cmd", "pdf"}}, True},
	{"many extensions", alveary.AttrNodeExtension, kindIn, map[string]any{"values": []any{"1", "2", "3", "4", "5", "6", "7", "8", "pdf"}}, True},
	{"pattern of texts", alveary.AttrNodeExtension, kindMatch, map[string]any{"matches": "^(exe|bat|cmd|pdf)$"}, True},
	{"pattern", alveary.AttrNodeName, kindMatch, map[string]any{"matches": `(?i)^re.*\.PDF$`}, True},
	{"owner", alveary.AttrNodeOwner, kindEqual, map[string]any{"equals": "anna"}, False},
	{"tags", "NodeMeta:usermeta-tags", kindEqual, map[string]any{"equals": "blue"}, True},
	{"not tags", "NodeMeta:usermeta-tags", kindNotMatch, map[string]any{"matches": "^red"}, True},
	{"size", alveary.AttrNodeSize, kindCompare, map[string]any{"op": "<", "value": "10MiB"}, True},
	{"glob of a shape", alveary.AttrNodePath, kindGlob, map[string]any{"glob": "common/**/*.{pdf,odt}"}, True},
	{"glob walked", alveary.AttrNodePath, kindGlob, map[string]any{"glob": "(i)common/*/north/*.{pdf,odt}"}, True},
	{"any", alveary.AttrNodeName, kindAny, map[string]any{"conditions": []any{map[string]any{"type": kindEqual, "options": map[string]any{"equals": "x"}}, map[string]any{"type": kindMatch, "options": map[string]any{"matches": "pdf$"}}}}, True},
	{"template", alveary.AttrNodeOwner, kindEqual, map[string]any{"equals": "{{.ClaimsName}}"}, False},
}

func TestQuickConditionsAllocateNothing(t *testing.T) {
	f := someFacts()
	for _, q := range quick {
		c := must(t, q.on, q.kind, q.options)
		if got := c.Holds(f); got != q.want {
			t.Errorf("%s: %s, want %s", q.name, got, q.want)
		}
		// The best of some: now and then a pool, such as that of regular
		// expressions, gives nothing back, the more so under the race detector.
		n := 1.0
		for try := 0; try < 10 && n > 0; try++ {
			n = min(n, testing.AllocsPerRun(100, func() { c.Holds(f) }))
		}
		if n != 0 {
			t.Errorf("%s: %v allocations", q.name, n)
		}
		// The quick ways answer as the long one does.
		if got := c.test.of(f.Attribute(q.on), f); got != q.want {
			t.Errorf("%s: %s of the value, want %s", q.name, got, q.want)
		}
	}
}

func BenchmarkConditions(b *testing.B) {
	f := someFacts()
	for _, q := range quick {
		c := must(b, q.on, q.kind, q.options)
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				c.Holds(f)
			}
		})
	}
	b.Run("cel", func(b *testing.B) {
		c := must(b, "", kindCEL, map[string]any{"expr": `node.NodeMetaSize < 10485760 && node.NodeMetaExtension in ["exe", "pdf"]`})
		for b.Loop() {
			c.Holds(f)
		}
	})
}
