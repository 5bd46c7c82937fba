package policy

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
)

// ours is Alveary's own gate, the very one that serves requests: a question
// binds who asks and the request's context, then checks the file at the end of
// its lineage. The answer comes with everything the model asks for, three
// values, the order of the roles and the folders above included. Subjects and
// lineages are the plain structs that a request brings; the source says each
// time which version holds.
type ours struct {
	gate    *authz.Gate
	source  *source
	asked   []asked // by question
	folder  alveary.Lineage
	nodes   []alveary.Node // the entries of the listing
	others  bool           // nobody has asked before as he is now
	scratch alveary.Lineage
}

type asked struct {
	subject alveary.Subject
	line    alveary.Lineage
}

func loadOurs(w *world) (engine, error) { return newOurs(w) }

// loadOursAnew has every asker changed before he asks again, so that nothing
// which the gate remembers of him can be used.
func loadOursAnew(w *world) (engine, error) {
	o, err := newOurs(w)
	if err != nil {
		return nil, err
	}
	o.others = true
	return o, nil
}

func newOurs(w *world) (*ours, error) {
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		return nil, err
	}
	src := &source{world: w, nodes: map[string]alveary.NodeID{}}
	o := &ours{gate: authz.New(sealer, time.Now), source: src}
	for i := range w.policies {
		if place := w.policies[i].workspace; src.nodes[place] == 0 {
			src.nodes[place] = alveary.NodeID(100 + len(src.nodes))
		}
	}
	for i := range w.questions {
		q := &w.questions[i]
		o.asked = append(o.asked, asked{subjectOf(q), src.lineage(q.workspace).Child(nodeOf(&q.file, i))})
	}
	o.folder = src.lineage(w.questions[0].workspace)
	for i := range w.entries {
		o.nodes = append(o.nodes, nodeOf(&w.entries[i], i))
	}
	// The gate loads at the first question.
	malformed, err := o.gate.Malformed(context.Background(), src)
	if err == nil && len(malformed) > 0 {
		err = fmt.Errorf("ours: %+v", malformed[0])
	}
	o.scratch = make(alveary.Lineage, 0, 3)
	return o, err
}

// source is the access data of a world, made anew whenever they are asked for,
// as a database does.
type source struct {
	world *world
	nodes map[string]alveary.NodeID // by workspace
}

// AccessVersion is always the same: nothing changes here.
func (s *source) AccessVersion(context.Context) (int64, error) { return 1, nil }

// Login is not asked for: no policy reads who owns a file.
func (s *source) Login(context.Context, alveary.UserID) (string, error) { return "", nil }

// Access makes roles, entries and policies.
func (s *source) Access(context.Context) (alveary.AccessData, error) {
	data := alveary.AccessData{
		Version: 1,
		Groups:  []alveary.Group{{ID: alveary.RootGroup, Role: alveary.RootGroupRole}},
		Roles:   []alveary.Role{{ID: alveary.RootGroupRole}},
	}
	roles := map[string]bool{}
	for i := range s.world.policies {
		p := &s.world.policies[i]
		if !roles[p.role] {
			roles[p.role] = true
			data.Roles = append(data.Roles, alveary.Role{ID: alveary.RoleID(p.role), Label: p.role})
		}
		data.Entries = append(data.Entries, alveary.Entry{
			ID: alveary.EntryID(i + 1), Role: alveary.RoleID(p.role), Node: s.nodes[p.workspace], Policies: []alveary.PolicyID{alveary.PolicyID(p.id)},
		})
		data.Policies = append(data.Policies, policyOf(p))
	}
	return data, nil
}

func policyOf(p *policy) alveary.Policy {
	out := alveary.Policy{ID: alveary.PolicyID(strings.Clone(p.id)), Type: alveary.PolicyACL, Label: "of " + p.role}
	for i := range p.rules {
		r := &p.rules[i]
		effect := alveary.EffectAllow
		if r.deny {
			effect = alveary.EffectDeny
		}
		out.Rules = append(out.Rules, alveary.Rule{
			ID: fmt.Sprint("rule-", i), Effect: effect, Actions: append([]string(nil), r.actions...), Conditions: conditionsOf(r),
		})
	}
	return out
}

func conditionsOf(r *rule) (all alveary.Conditions) {
	add := func(attribute, kind string, options map[string]any) {
		all = append(all, alveary.AttributeCondition{Attribute: attribute, Condition: alveary.Condition{Type: kind, Options: options}})
	}
	if r.inside != "" {
		add(alveary.AttrRemoteAddress, "CIDRCondition", map[string]any{"cidr": r.inside})
	}
	if r.outside != "" {
		add(alveary.AttrRemoteAddress, "NotCondition", map[string]any{
			"condition": map[string]any{"type": "CIDRCondition", "options": map[string]any{"cidr": r.outside}},
		})
	}
	if r.hours != nil {
		add(alveary.AttrServerTime, "OfficeHoursCondition", map[string]any{"matches": r.hours.String()})
	}
	switch {
	case r.pattern:
		add(alveary.AttrNodeExtension, "StringMatchCondition", map[string]any{"matches": r.regex()})
	case r.extensions != nil:
		add(alveary.AttrNodeExtension, "InCondition", map[string]any{"values": anys(r.extensions)})
	}
	if r.over > 0 {
		add(alveary.AttrNodeSize, "CompareCondition", map[string]any{"op": ">", "value": fmt.Sprint(r.over, "B")})
	}
	if r.tag != "" {
		add(alveary.NodeMetaPrefix+alveary.NamespaceTags, "StringEqualCondition", map[string]any{"equals": r.tag})
	}
	return all
}

func subjectOf(q *question) alveary.Subject {
	s := alveary.Subject{
		User: alveary.User{
			ID: alveary.UserID(q.number + 10), Login: q.user.login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup,
		},
		Role:    alveary.RoleID(q.user.login),
		Address: q.address,
		Context: &alveary.Context{
			Now: q.now, Address: q.address, Method: "GET", URI: "/nodes/1", Host: "files.example.org:8443", Protocol: "HTTPS", Version: "HTTP/2.0",
			Headers: map[string][]string{"User-Agent": {"sample/1.0"}}, AuthBy: "password", AuthLevel: 1, Client: "web", Gateway: "rest",
		},
	}
	for _, r := range q.user.roles {
		s.User.Roles = append(s.User.Roles, alveary.RoleID(r))
	}
	return s
}

func (s *source) lineage(workspace string) alveary.Lineage {
	return alveary.Lineage{
		{ID: alveary.RootID, Type: alveary.Collection},
		{ID: s.nodes[workspace], Parent: alveary.RootID, Name: workspace, Type: alveary.Collection},
	}
}

func nodeOf(f *file, i int) alveary.Node {
	n := alveary.Node{
		ID: alveary.NodeID(1_000_000 + i), Name: f.name, Type: alveary.Leaf, Size: f.size, Version: 1, Revision: 1,
		Created: time.Unix(1, 0), MTime: time.Unix(1, 0), Changed: time.Unix(1, 0), Owner: 7,
	}
	if len(f.tags) > 0 {
		n.Meta = alveary.NewMetadata(map[string][]string{alveary.NamespaceTags: f.tags})
	}
	return n
}

func (o *ours) bind(q *question) (*authz.Access, error) {
	s := &o.asked[q.number].subject
	if o.others {
		s.User.Email += "."
		if len(s.User.Email) > 64 {
			s.User.Email = ""
		}
	}
	return o.gate.Bind(context.Background(), o.source, *s)
}

func (o *ours) allows(q *question) (bool, error) {
	a, err := o.bind(q)
	if err != nil {
		return false, err
	}
	line := o.asked[q.number].line
	if q.entry > 0 {
		line = append(o.scratch[:0], o.folder...)
		line = append(line, o.nodes[q.entry-1])
	}
	return answer(a.Check(operation(q), line))
}

func operation(q *question) authz.Operation {
	if q.action == "read" {
		return authz.See
	}
	return authz.Edit
}

// answer tells a refusal from a failure.
func answer(err error) (bool, error) {
	if err == nil {
		return true, nil
	}
	if kind := alveary.KindOf(err); kind != alveary.KindDenied && kind != alveary.KindNotFound {
		return false, err
	}
	return false, nil
}

func (o *ours) visible(q *question, into []bool) error {
	a, err := o.bind(q)
	if err != nil {
		return err
	}
	folder := a.In(o.folder)
	for i := range o.nodes {
		into[i] = folder.Rights(o.nodes[i]).Has(alveary.ActionRead)
	}
	return nil
}
