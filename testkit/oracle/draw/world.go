package draw

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"alveary"
)

// MyFiles is the one template path of the worlds.
const MyFiles = alveary.TemplateMyFiles

// World is people, a tree, entries and policies, and someone who asks.
type World struct {
	Data    alveary.AccessData
	Logins  map[alveary.UserID]string
	Subject alveary.Subject   // without context
	Lines   []alveary.Lineage // of every node, parents first
}

var (
	profiles = []alveary.Profile{alveary.ProfileStandard, alveary.ProfileStandard, alveary.ProfileAdmin, alveary.ProfileShared, alveary.ProfileAnon}
	assigned = []alveary.RoleID{"r1", "r2", "r3", "r4"}
	teams    = []alveary.RoleID{"t1", "t2"}
	everyone = []alveary.RoleID{alveary.RootGroupRole, alveary.RootGroupRole, "g2", "g3", "mia", "mia", "mia", "auto", "auto", "stranger", "r1", "r2", "r3", "r4", "t1", "t2"}
	names    = []string{"a", "A", "mia", "b.txt", "c.TXT", ".hidden", "d.tar.gz", "x\ny", "10.1.2.3"}
)

// Draw makes a world.
func Draw(t *rapid.T) *World {
	w := &World{Logins: map[alveary.UserID]string{7: "mia", 8: "zoe"}}
	w.people(t)
	w.tree(t)
	for i := range rapid.IntRange(1, 6).Draw(t, "policies") {
		w.Data.Policies = append(w.Data.Policies, Policy(t, alveary.PolicyID(fmt.Sprint("p", i))))
	}
	for i := range rapid.IntRange(3, 12).Draw(t, "entries") {
		w.Data.Entries = append(w.Data.Entries, w.entry(t, alveary.EntryID(100+i)))
	}
	if rapid.Bool().Draw(t, "telling") {
		w.tell(t)
	}
	if rapid.Bool().Draw(t, "sharing") {
		w.share(t)
	}
	return w
}

// tell adds an entry on the datasource whose policy opens everything but for
// one condition: where nothing else denies, that one decides.
func (w *World) tell(t *rapid.T) {
	one := func(effect alveary.Effect, actions ...string) alveary.Rule {
		attribute := Attribute(t)
		r := alveary.Rule{Effect: effect, Actions: actions}
		r.Conditions = alveary.Conditions{{Attribute: attribute, Condition: Condition(t, attribute)}}
		return r
	}
	p := alveary.Policy{ID: "telling", Type: alveary.PolicyACL}
	if rapid.Bool().Draw(t, "by an allow") {
		p.Rules = []alveary.Rule{one(alveary.EffectAllow, "read", "write")}
	} else {
		open := alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"read", "write"}}
		p.Rules = []alveary.Rule{open, one(alveary.EffectDeny, pick(t, []string{"read", "write", "download", "delete"}, "action"))}
	}
	w.Data.Policies = append(w.Data.Policies, p)
	w.Data.Entries = append(w.Data.Entries[:at(t, len(w.Data.Entries), "entries kept")],
		alveary.Entry{ID: 99, Role: "mia", Node: 2, Policies: []alveary.PolicyID{p.ID}})
}

func (w *World) people(t *rapid.T) {
	w.Data.Groups = []alveary.Group{
		{ID: alveary.RootGroup, Role: alveary.RootGroupRole},
		{ID: 2, Parent: 1, Name: "sales", Role: "g2"},
		{ID: 3, Parent: pick(t, []alveary.GroupID{1, 2}, "parent"), Name: "north", Role: "g3"},
	}
	w.Data.Roles = []alveary.Role{{ID: alveary.RootGroupRole, OwnerGroup: 1}, {ID: "g2", OwnerGroup: 2}, {ID: "g3", OwnerGroup: 3}, {ID: "mia", OwnerUser: 7}, {ID: "stranger"}}
	for _, id := range slices.Concat([]alveary.RoleID{"auto"}, assigned, teams) {
		role := alveary.Role{ID: id, ForceOverride: oneIn(t, 4, "force")}
		if id == "auto" || !slices.Contains(teams, id) && oneIn(t, 4, "auto-applied") {
			role.Profiles = []alveary.Profile{pick(t, profiles, "profile"), alveary.ProfileStandard}
		}
		w.Data.Roles = append(w.Data.Roles, role)
	}
	w.Subject = alveary.Subject{
		User: alveary.User{
			ID: 7, Login: "mia", Profile: pick(t, profiles, "profile"), Group: alveary.GroupID(rapid.IntRange(1, 3).Draw(t, "group")),
			Roles:    rapid.SliceOfNDistinct(rapid.SampledFrom(assigned), 0, 4, rapid.ID).Draw(t, "assigned"),
			Teams:    rapid.SliceOfNDistinct(rapid.SampledFrom(teams), 0, 2, rapid.ID).Draw(t, "teams"),
			Disabled: oneIn(t, 40, "disabled"), Email: pick(t, []string{"", "mia@example.org"}, "email"),
			Attributes: map[string]string{"dept": pick(t, []string{"", "a", "{*}", "m.a"}, "dept"), "level": pick(t, []string{"1", "5", "high"}, "level")},
		},
		Role: "mia",
	}
	if oneIn(t, 20, "nobody") {
		w.Subject = alveary.Subject{}
	}
}

func (w *World) tree(t *rapid.T) {
	root := alveary.Lineage{{ID: alveary.RootID, Type: alveary.Collection}}
	w.Lines = []alveary.Lineage{root, root.Child(w.node(t, 2, "ds", alveary.Collection))}
	for id := range alveary.NodeID(rapid.IntRange(1, 6).Draw(t, "nodes")) {
		folders := slices.DeleteFunc(slices.Clone(w.Lines[1:]), func(l alveary.Lineage) bool { return !l.Node().IsFolder() })
		kind := pick(t, []alveary.NodeType{alveary.Leaf, alveary.Collection}, "type")
		w.Lines = append(w.Lines, folders[at(t, len(folders), "parent")].Child(w.node(t, id+3, pick(t, names, "name"), kind)))
		line := w.Lines[len(w.Lines)-1]
		line[len(line)-1].Parent = line[len(line)-2].ID
	}
	if rapid.Bool().Draw(t, "has a home") && w.Subject.Known() {
		w.Subject.Homes = map[alveary.TemplateID]alveary.NodeID{MyFiles: w.Lines[at(t, len(w.Lines), "home")].Node().ID}
	}
}

func (w *World) node(t *rapid.T, id alveary.NodeID, name string, kind alveary.NodeType) alveary.Node {
	n := alveary.Node{ID: id, Parent: alveary.RootID, Name: name, Type: kind, Owner: pick(t, []alveary.UserID{0, 7, 8, 9}, "owner")}
	if kind == alveary.Leaf {
		n.Size = pick(t, []int64{5, 0, -1, 1536, 1 << 20, 10 << 20}, "size")
		n.MTime = pick(t, []time.Time{{}, Epoch, Epoch.Add(-time.Hour), Epoch.Add(12 * time.Hour)}, "changed")
	}
	n.Meta = alveary.NewMetadata(map[string][]string{
		alveary.NamespaceTags: rapid.SliceOfN(rapid.SampledFrom([]string{"secret", "public", "mia"}), 0, 2).Draw(t, "tags"),
		"pages":               pick(t, [][]string{nil, {"5"}, {"1.5", "-1"}}, "pages"),
	})
	return n
}

func (w *World) entry(t *rapid.T, id alveary.EntryID) alveary.Entry {
	e := alveary.Entry{ID: id, Role: pick(t, everyone, "role"), Node: w.Lines[max(1, at(t, len(w.Lines)+2, "node")-2)].Node().ID}
	if oneIn(t, 15, "on the root") {
		e.Node = alveary.RootID
	}
	if oneIn(t, 6, "on a template") {
		e.Node, e.Template = 0, MyFiles
	}
	what := rapid.IntRange(0, 19).Draw(t, "what")
	e.Deny = what == 5 || oneIn(t, 30, "denies besides")
	if what < 9 && what != 5 {
		e.Rights = pick(t, []alveary.Rights{alveary.Givable, alveary.RightRead, alveary.RightWrite, 0}, "rights")
	}
	if what > 6 {
		ids := []alveary.PolicyID{"p0", "p1", "p2", "p3"}
		if len(w.Data.Policies) > 0 {
			ids = []alveary.PolicyID{"lost"}
			for _, p := range w.Data.Policies {
				ids = append(ids, p.ID)
				if p.Type == alveary.PolicyACL {
					ids = append(ids, slices.Repeat([]alveary.PolicyID{p.ID}, 5)...)
				}
			}
		}
		e.Policies = rapid.SliceOfN(rapid.SampledFrom(ids), 1, 2).Draw(t, "policies")
	}
	if oneIn(t, 4, "expires") {
		e.Expires = Epoch.Add(pick(t, []time.Duration{0, time.Minute, -time.Minute, 45 * time.Second, 7 * time.Hour, -7 * time.Hour}, "when"))
	}
	return e
}

// Policy draws a policy, mostly of the type that entries may name and in force.
func Policy(t *rapid.T, id alveary.PolicyID) alveary.Policy {
	p := alveary.Policy{
		ID:   id,
		Type: pick(t, []alveary.PolicyType{"acl", "acl", "acl", "acl", "acl", "rest", "rest", "oidc"}, "type"),
		Mode: pick(t, []alveary.PolicyMode{"", alveary.ModeEnforced, alveary.ModeEnforced, alveary.ModeEnforced, alveary.ModeObserved, alveary.ModeOff}, "mode"),
	}
	if !oneIn(t, 3, "closed") {
		p.Rules = []alveary.Rule{{Label: "open", Effect: alveary.EffectAllow, Actions: []string{"read", "write", "GET", "<log.*>"}}}
	}
	for range rapid.IntRange(1, 4).Draw(t, "rules") {
		p.Rules = append(p.Rules, Rule(t, p.Type))
	}
	return p
}

// Rule draws a rule for a type of policy.
func Rule(t *rapid.T, kind alveary.PolicyType) alveary.Rule {
	r := alveary.Rule{Effect: pick(t, []alveary.Effect{alveary.EffectAllow, alveary.EffectDeny}, "effect")}
	actions := map[alveary.PolicyType][]string{
		alveary.PolicyACL:  {"read", "write", "<read|write>", "<.*>"},
		alveary.PolicyREST: {"GET", "POST", "<GET|POST>", "<.*>"},
		alveary.PolicyOIDC: {"login", "issue", "<login|refresh>", "<.*>"},
	}[kind]
	if kind == alveary.PolicyACL && r.Effect == alveary.EffectDeny {
		actions = append(actions, "delete", "download", "upload", "sync", "<down|up>load", "download")
	}
	r.Actions = rapid.SliceOfN(rapid.SampledFrom(actions), 1, 2).Draw(t, "actions")
	if oneIn(t, 30, "no actions") {
		r.Actions = []string{}
	}
	r.Subjects = some(t, []string{"user:mia", "user:zoe", "user:<.+>", "profile:<standard|admin>", "role:r1", "role:<r[12]>", "group:/", "group:/sales", "group:<.*>/north", "profile:shared"}, "subjects")
	r.Resources = some(t, map[alveary.PolicyType][]string{
		alveary.PolicyACL:  {"acl", "<.*>", "a<c>l", "acl", "rest:/x"},
		alveary.PolicyREST: {"rest:/user", "rest:/user/<.+>", "rest:<.*>", "<.*>"},
		alveary.PolicyOIDC: {"oidc", "<.*>"},
	}[kind], "resources")
	for range pick(t, []int{0, 1, 1, 1, 2, 2}, "conditions") {
		attribute := Attribute(t)
		r.Conditions = append(r.Conditions, alveary.AttributeCondition{Attribute: attribute, Condition: Condition(t, attribute)})
	}
	if oneIn(t, 40, "malformed") {
		spoil(t, &r)
	}
	return r
}

// some draws a list of patterns, mostly left out, seldom empty.
func some(t *rapid.T, from []string, label string) []string {
	switch pick(t, []int{2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2, 0}, label+" given") {
	case 0:
		return []string{}
	case 1:
		return rapid.SliceOfN(rapid.SampledFrom(from), 1, 2).Draw(t, label)
	}
	return nil
}

// spoil makes a rule malformed, and one about every action: a deny that is
// malformed is to be feared for all that it might have meant.
func spoil(t *rapid.T, r *alveary.Rule) {
	r.Actions = []string{"<.*>"}
	switch rapid.IntRange(0, 4).Draw(t, "spoil") {
	case 0:
		r.Actions = nil
	case 1:
		r.Actions = append(r.Actions, "<(>")
	case 2:
		r.Subjects = append(r.Subjects, "user:<mia")
	case 3:
		r.Resources = append(r.Resources, "a)>")
	case 4:
		r.Conditions = append(r.Conditions, alveary.AttributeCondition{Attribute: pick(t, attributes, "attribute"), Condition: Malformed(t)})
	}
}

// Context draws what is known of a request; much may be missing, and some may
// be imagined.
func Context(t *rapid.T) *alveary.Context {
	c := &alveary.Context{
		Now:       Now(t),
		Address:   pick(t, []string{"", "10.1.2.3", "10.1.2.3", "::ffff:10.1.9.9", "192.168.0.7", "2001:db8::1", "junk"}, "address"),
		AuthLevel: rapid.IntRange(0, 2).Draw(t, "level"),
		Gateway:   pick(t, []string{"", "rest", "sync"}, "gateway"),
	}
	switch rapid.IntRange(0, 3).Draw(t, "headers") {
	case 0:
		c.Headers = map[string][]string{"X-Own": {pick(t, texts, "own")}}
	case 1:
		c.Headers = map[string][]string{"X-Own": {"mia", "a"}, "X-Client-Time": {pick(t, instants, "client")}}
	}
	if oneIn(t, 5, "imagined") {
		imagine(t, c, Attribute(t))
	}
	return c
}

func imagine(t *rapid.T, c *alveary.Context, attribute string) {
	c.Set = map[string]alveary.Value{attribute: Value(t, attribute)}
	if attribute == alveary.AttrServerTime { // the present is Now; this is one that cannot be read
		c.Set[attribute] = pick(t, []alveary.Value{{}, alveary.Text("maybe")}, "no time")
	}
}

// Context draws what is known of a request in this world: now and then an
// attribute is imagined that its rules test.
func (w *World) Context(t *rapid.T) *alveary.Context {
	c := Context(t)
	var tested []string
	for _, p := range w.Data.Policies {
		for _, r := range p.Rules {
			for _, one := range r.Conditions {
				tested = append(tested, one.Attribute)
			}
		}
	}
	if len(tested) > 0 && oneIn(t, 3, "imagined of those tested") {
		imagine(t, c, pick(t, tested, "attribute"))
	}
	return c
}

// String prints the world as one reads it.
func (w *World) String() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	u := w.Subject.User
	say("asks: %s, profile %s, group %d, roles %q, teams %q, disabled %t, mail %q, attributes %v, homes %v", u.Login, u.Profile, u.Group, u.Roles, u.Teams, u.Disabled, u.Email, u.Attributes, w.Subject.Homes)
	for _, g := range w.Data.Groups {
		say("group %d %q in %d", g.ID, g.Name, g.Parent)
	}
	for _, r := range w.Data.Roles {
		if len(r.Profiles) > 0 || r.ForceOverride {
			say("role %s: applied to %q, force %t", r.ID, r.Profiles, r.ForceOverride)
		}
	}
	for _, l := range w.Lines {
		n := l.Node()
		say("node %d %q %s, size %d, changed %s, owner %d, meta %s", n.ID, l.Path(), n.Type, n.Size, n.MTime.Format(time.RFC3339), n.Owner, n.Meta.String())
	}
	for _, e := range w.Data.Entries {
		say("entry %d: role %s on node %d%s: rights %q, deny %t, policies %q, expires %s", e.ID, e.Role, e.Node, e.Template, e.Rights, e.Deny, e.Policies, e.Expires.Format(time.RFC3339))
	}
	b.WriteString(w.shared())
	for _, p := range w.Data.Policies {
		say("policy %s: type %s, mode %q", p.ID, p.Type, p.Mode)
		for _, r := range p.Rules {
			text, err := json.Marshal(r)
			if err != nil {
				text = fmt.Append(nil, r)
			}
			say("  %s", text)
		}
	}
	return b.String()
}

// Words prints a context as one reads it.
func Words(c *alveary.Context) string {
	if c == nil {
		return "nothing known"
	}
	return fmt.Sprintf("now %s, address %q, level %d, gateway %q, headers %q, imagined %v", c.Now.Format(time.RFC3339Nano), c.Address, c.AuthLevel, c.Gateway, c.Headers, c.Set)
}
