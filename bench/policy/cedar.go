package policy

import (
	"context"
	"fmt"
	"iter"
	"net/netip"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/cedar-policy/cedar-go/x/exp/batch"
)

// cedarEngine is cedar-go: a permit or forbid for each rule, roles as parents
// of the asker and workspaces as parents of the file. Cedar has no patterns, so
// all lists of extensions are sets. People and workspaces are entities made
// once; the file is one made for each request.
type cedarEngine struct {
	policies *cedar.PolicySet
	people   cedar.EntityMap
	entries  []file
}

func loadCedar(w *world) (engine, error) {
	e := &cedarEngine{policies: cedar.NewPolicySet(), people: cedarPeople(w), entries: w.entries}
	return e, cedarCompile(w, func(*policy) *cedar.PolicySet { return e.policies })
}

func cedarCompile(w *world, into func(*policy) *cedar.PolicySet) error {
	for i := range w.policies {
		p := &w.policies[i]
		for at := range p.rules {
			var compiled cedar.Policy
			if err := compiled.UnmarshalCedar([]byte(cedarText(p, &p.rules[at]))); err != nil {
				return err
			}
			into(p).Add(cedar.PolicyID(fmt.Sprint(p.id, "-", at)), &compiled)
		}
	}
	return nil
}

func cedarText(p *policy, r *rule) string {
	effect := "permit"
	if r.deny {
		effect = "forbid"
	}
	actions := make([]string, len(r.actions))
	for i, a := range r.actions {
		actions[i] = fmt.Sprintf("Action::%q", a)
	}
	var when []string
	if r.inside != "" {
		when = append(when, fmt.Sprintf("context.address.isInRange(ip(%q))", r.inside))
	}
	if r.outside != "" {
		when = append(when, fmt.Sprintf("!context.address.isInRange(ip(%q))", r.outside))
	}
	if h := r.hours; h != nil {
		when = append(when, fmt.Sprintf("context.day >= %d && context.day <= %d && context.minute >= %d && context.minute <= %d", h.first, h.last, h.from, h.to))
	}
	if r.extensions != nil {
		when = append(when, fmt.Sprintf("[%s].contains(resource.extension)", quoted(r.extensions)))
	}
	if r.over > 0 {
		when = append(when, fmt.Sprintf("resource.size > %d", r.over))
	}
	if r.tag != "" {
		when = append(when, fmt.Sprintf("resource.tags.contains(%q)", r.tag))
	}
	return fmt.Sprintf("%s (principal in Role::%q, action in [%s], resource in Workspace::%q) when { %s };",
		effect, p.role, strings.Join(actions, ", "), p.workspace, strings.Join(when, " && "))
}

func quoted(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(out, ", ")
}

func cedarPeople(w *world) cedar.EntityMap {
	all := cedar.EntityMap{}
	for _, u := range w.users {
		var roles []cedar.EntityUID
		for _, r := range u.roles {
			id := cedar.NewEntityUID("Role", cedar.String(r))
			roles = append(roles, id)
			all[id] = cedar.Entity{UID: id}
		}
		id := cedar.NewEntityUID("User", cedar.String(u.login))
		all[id] = cedar.Entity{UID: id, Parents: cedar.NewEntityUIDSet(roles...)}
	}
	for _, p := range w.policies {
		id := cedar.NewEntityUID("Workspace", cedar.String(p.workspace))
		all[id] = cedar.Entity{UID: id}
	}
	return all
}

// cedarEntities are the people, the workspaces and one file.
type cedarEntities struct {
	people cedar.EntityMap
	file   cedar.Entity
}

// Get is asked by cedar-go for each entity that a rule names.
func (e *cedarEntities) Get(id cedar.EntityUID) (cedar.Entity, bool) {
	if id == e.file.UID {
		return e.file, true
	}
	found, ok := e.people[id]
	return found, ok
}

func cedarFile(f *file, workspace string) cedar.Entity {
	tags := make([]cedar.Value, len(f.tags))
	for i, t := range f.tags {
		tags[i] = cedar.String(t)
	}
	return cedar.Entity{
		UID:     cedar.NewEntityUID("File", cedar.String(f.name)),
		Parents: cedar.NewEntityUIDSet(cedar.NewEntityUID("Workspace", cedar.String(workspace))),
		Attributes: cedar.NewRecord(cedar.RecordMap{
			"extension": cedar.String(extension(f.name)), "size": cedar.Long(f.size), "tags": cedar.NewSet(tags...),
		}),
	}
}

func cedarContext(q *question) (cedar.Record, error) {
	address, err := netip.ParseAddr(q.address)
	if err != nil {
		return cedar.Record{}, err
	}
	day, minute := clock(q.now)
	return cedar.NewRecord(cedar.RecordMap{
		"address": types.IPAddr(netip.PrefixFrom(address, address.BitLen())),
		"day":     cedar.Long(day), "minute": cedar.Long(minute),
	}), nil
}

func (e *cedarEngine) allows(q *question) (bool, error) {
	return cedarAsk(e.policies, e.people, q)
}

func cedarAsk(policies cedar.PolicyIterator, people cedar.EntityMap, q *question) (bool, error) {
	asked, err := cedarContext(q)
	if err != nil {
		return false, err
	}
	f := cedarFile(&q.file, q.workspace)
	verdict, diagnostic := cedar.Authorize(policies, &cedarEntities{people, f}, cedar.Request{
		Principal: cedar.NewEntityUID("User", cedar.String(q.user.login)),
		Action:    cedar.NewEntityUID("Action", cedar.String(q.action)),
		Resource:  f.UID,
		Context:   asked,
	})
	if len(diagnostic.Errors) > 0 {
		return false, fmt.Errorf("cedar: %v", diagnostic.Errors)
	}
	return bool(verdict), nil
}

// visible uses the batch evaluation of cedar-go, with the files as variables.
func (e *cedarEngine) visible(q *question, into []bool) error {
	asked, err := cedarContext(q)
	if err != nil {
		return err
	}
	all := make(cedar.EntityMap, len(e.people)+len(e.entries))
	for id, one := range e.people {
		all[id] = one
	}
	files, at := make([]cedar.Value, len(e.entries)), make(map[cedar.EntityUID]int, len(e.entries))
	for i := range e.entries {
		f := cedarFile(&e.entries[i], q.workspace)
		all[f.UID], files[i], at[f.UID] = f, f.UID, i
	}
	return batch.Authorize(context.Background(), e.policies, all, batch.Request{
		Principal: cedar.NewEntityUID("User", cedar.String(q.user.login)),
		Action:    cedar.NewEntityUID("Action", cedar.String(q.action)),
		Resource:  batch.Variable("file"),
		Context:   asked,
		Variables: batch.Variables{"file": files},
	}, func(r batch.Result) error {
		into[at[r.Request.Resource]] = bool(r.Decision)
		return nil
	})
}

// cedarIndexed puts an index by role and workspace before cedar-go, which it
// does not build by itself.
type cedarIndexed struct {
	policies map[place]*cedar.PolicySet
	people   cedar.EntityMap
}

func loadCedarIndexed(w *world) (engine, error) {
	e := &cedarIndexed{policies: map[place]*cedar.PolicySet{}, people: cedarPeople(w)}
	return e, cedarCompile(w, func(p *policy) *cedar.PolicySet {
		at := place{p.role, p.workspace}
		if e.policies[at] == nil {
			e.policies[at] = cedar.NewPolicySet()
		}
		return e.policies[at]
	})
}

func (e *cedarIndexed) allows(q *question) (bool, error) {
	var met cedarSets
	for _, role := range q.user.roles {
		if s := e.policies[place{role, q.workspace}]; s != nil {
			met = append(met, s)
		}
	}
	return cedarAsk(met, e.people, q)
}

// cedarSets is several policy sets as one.
type cedarSets []*cedar.PolicySet

// All goes over the policies of all of them.
func (s cedarSets) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, set := range s {
			for id, p := range set.All() {
				if !yield(id, p) {
					return
				}
			}
		}
	}
}
