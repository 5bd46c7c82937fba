package policy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ory/ladon"
	"github.com/ory/ladon/manager/memory"
	"github.com/pkg/errors" // what Ladon wraps its errors with, before Go had Unwrap
)

// ladonEngine is Ladon as its README shows it: the manager in memory, one of
// its policies for each rule, its own CIDR and pattern conditions, and
// conditions of ours, of the kind it invites one to write, for what it lacks.
// It takes one subject at a time, so each of the asker's roles is one call.
type ladonEngine struct{ warden *ladon.Ladon }

func loadLadon(w *world) (engine, error) { return newLadon(w, memory.NewMemoryManager()) }

// loadLadonIndexed puts a manager before it that finds policies by subject and
// resource, as its SQL managers do in part.
func loadLadonIndexed(w *world) (engine, error) {
	return newLadon(w, &ladonIndex{MemoryManager: memory.NewMemoryManager(), found: map[place]ladon.Policies{}})
}

func newLadon(w *world, manager ladon.Manager) (engine, error) {
	for i := range w.policies {
		p := &w.policies[i]
		for at := range p.rules {
			r := &p.rules[at]
			effect := ladon.AllowAccess
			if r.deny {
				effect = ladon.DenyAccess
			}
			err := manager.Create(context.Background(), &ladon.DefaultPolicy{
				ID: fmt.Sprint(p.id, "-", at), Subjects: []string{p.role}, Resources: []string{p.workspace},
				Actions: r.actions, Effect: effect, Conditions: ladonConditions(r),
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return &ladonEngine{&ladon.Ladon{Manager: manager}}, nil
}

func ladonConditions(r *rule) ladon.Conditions {
	c := ladon.Conditions{}
	if r.inside != "" {
		c["address"] = &ladon.CIDRCondition{CIDR: r.inside}
	}
	if r.outside != "" {
		c["address"] = ladonNot(&ladon.CIDRCondition{CIDR: r.outside})
	}
	if r.hours != nil {
		c["time"] = ladonHours(*r.hours)
	}
	switch {
	case r.pattern:
		c["extension"] = &ladon.StringMatchCondition{Matches: r.regex()}
	case r.extensions != nil:
		c["extension"] = ladonIn(r.extensions)
	}
	if r.over > 0 {
		c["size"] = ladonOver(r.over)
	}
	if r.tag != "" {
		c["tags"] = ladonTag(r.tag)
	}
	return c
}

func (e *ladonEngine) allows(q *question) (bool, error) {
	ctx := ladon.Context{
		"address": q.address, "time": q.now, "extension": extension(q.file.name), "size": q.file.size, "tags": q.file.tags,
	}
	allowed := false
	for _, role := range q.user.roles {
		err := e.warden.IsAllowed(context.Background(), &ladon.Request{Subject: role, Resource: q.workspace, Action: q.action, Context: ctx})
		switch errors.Cause(err) {
		case nil:
			allowed = true
		case ladon.ErrRequestForcefullyDenied: //nolint:errorlint // Cause has unwrapped what errors.Is cannot
			return false, nil
		case ladon.ErrRequestDenied:
		default:
			return false, err
		}
	}
	return allowed, nil
}

// ladonIndex is a manager that knows where its policies stand.
type ladonIndex struct {
	*memory.MemoryManager
	found map[place]ladon.Policies
}

// Create files a policy under its subject and its resource.
func (m *ladonIndex) Create(_ context.Context, p ladon.Policy) error {
	at := place{p.GetSubjects()[0], p.GetResources()[0]}
	m.found[at] = append(m.found[at], p)
	return nil
}

// FindRequestCandidates gives the policies of the place asked about.
func (m *ladonIndex) FindRequestCandidates(_ context.Context, r *ladon.Request) (ladon.Policies, error) {
	return m.found[place{r.Subject, r.Resource}], nil
}

// ladonTest is a condition of ours.
type ladonTest struct {
	name  string
	holds func(value any) bool
}

// GetName is for Ladon's own JSON.
func (c *ladonTest) GetName() string { return c.name }

// Fulfills is asked with the value that the request has for the condition.
func (c *ladonTest) Fulfills(_ context.Context, value any, _ *ladon.Request) bool {
	return c.holds(value)
}

func ladonNot(c ladon.Condition) *ladonTest {
	return &ladonTest{"Not", func(v any) bool { return !c.Fulfills(context.Background(), v, nil) }}
}

func ladonHours(h hours) *ladonTest {
	return &ladonTest{"Hours", func(v any) bool {
		t, ok := v.(time.Time)
		day, minute := clock(t)
		return ok && h.holds(day, minute)
	}}
}

func ladonIn(list []string) *ladonTest {
	return &ladonTest{"In", func(v any) bool {
		s, ok := v.(string)
		return ok && slices.Contains(list, s)
	}}
}

func ladonOver(size int64) *ladonTest {
	return &ladonTest{"Over", func(v any) bool {
		n, ok := v.(int64)
		return ok && n > size
	}}
}

func ladonTag(tag string) *ladonTest {
	return &ladonTest{"Tag", func(v any) bool {
		tags, ok := v.([]string)
		return ok && slices.Contains(tags, tag)
	}}
}
