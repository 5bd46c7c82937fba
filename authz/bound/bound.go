// Package bound is access data at one version, compiled, and bound to who asks:
// the first of the three bindings of MODEL.md 7.
//
// It exists so that the gate can be read without how its inputs are prepared.
// It decides nothing about nodes. A *Snapshot never changes, but for the askers
// that it remembers, and a *Who never does; both are safe for concurrent use.
//
// Read this file first, then who.go.
package bound

import (
	"slices"
	"sync/atomic"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/authz/ways"
	"alveary/policy"
)

// Snapshot is the access data at one version, compiled. It never changes, but
// for the askers it remembers.
type Snapshot struct {
	Version   int64
	People    *acl.People
	Entries   *acl.Index
	Book      *ways.Book
	bound     []atomic.Pointer[Who] // owners of Cells, by their places in the book, once they were asked for
	Policies  []*policy.Policy      // by acl.Policy: those of type acl
	IDs       map[alveary.PolicyID]*policy.Policy
	REST      *policy.Set // in force
	OIDC      *policy.Set
	Watched   []*policy.Policy // observed, of types rest and oidc
	Owners    bool             // a policy reads who owns a node
	Malformed []policy.Place
	Paths     bool // a policy reads the path of a node
	Observes  bool // a policy of type acl is observed

	askers askers
}

// New compiles access data. Of policies that are the same as in an
// earlier snapshot, which the store shares, the compiled form is taken over.
func New(data alveary.AccessData, compiler *policy.Compiler, earlier *Snapshot) *Snapshot {
	snap := &Snapshot{
		Version: data.Version, People: acl.NewPeople(data.Groups, data.Roles),
		IDs: make(map[alveary.PolicyID]*policy.Policy, len(data.Policies)),
	}
	handles := make(map[alveary.PolicyID]acl.Policy, len(data.Policies))
	force := make(map[alveary.PolicyID]acl.Force, len(data.Policies))
	var rest, oidc []*policy.Policy
	for _, p := range data.Policies {
		compiled := earlier.same(&p)
		if compiled == nil {
			compiled, _ = compiler.Load(p)
		}
		if bad := compiled.Malformed(); bad != nil {
			snap.Malformed = append(snap.Malformed, bad.Places...)
		}
		snap.IDs[p.ID] = compiled
		snap.Owners = snap.Owners || compiled.Reads(alveary.AttrNodeOwner)
		snap.Paths = snap.Paths || compiled.Reads(alveary.AttrNodePath)
		state := acl.Idle
		switch {
		case p.Mode == alveary.ModeObserved:
			state = acl.Watched
		case p.Mode != alveary.ModeOff: // an unknown mode is taken for enforced: it takes away rather than gives
			state = acl.InForce
		}
		switch {
		case p.Type == alveary.PolicyACL:
			handles[p.ID], force[p.ID] = acl.Policy(len(snap.Policies)), state
			snap.Policies = append(snap.Policies, compiled)
			snap.Observes = snap.Observes || state == acl.Watched
		case state == acl.Watched:
			snap.Watched = append(snap.Watched, compiled)
		case state == acl.InForce && p.Type == alveary.PolicyREST:
			rest = append(rest, compiled)
		case state == acl.InForce && p.Type == alveary.PolicyOIDC:
			oidc = append(oidc, compiled)
		}
	}
	snap.REST, snap.OIDC = policy.NewSet(rest...), policy.NewSet(oidc...)
	resolve := func(id alveary.PolicyID) (acl.Policy, acl.Force) {
		return handles[id], force[id] // what is not there is acl.Missing
	}
	snap.Entries = acl.NewIndex(ofAdministrators(data.Entries), resolve)
	snap.Book = ways.NewBook(&data, snap.People, resolve)
	snap.bound = make([]atomic.Pointer[Who], snap.Book.Owners())
	return snap
}

// ofAdministrators leaves out what stands in a Cell alone, and what is said of
// the role of a link, which holds nothing but what the link itself gives.
func ofAdministrators(entries []alveary.Entry) []alveary.Entry {
	not := func(e alveary.Entry) bool { return e.Cell != 0 || e.Role.OfLink() != 0 }
	if slices.ContainsFunc(entries, not) {
		entries = slices.DeleteFunc(slices.Clone(entries), not)
	}
	return entries
}

// same is the compiled form of a policy that has not changed since; nil where
// it has.
func (snap *Snapshot) same(p *alveary.Policy) *policy.Policy {
	if snap == nil {
		return nil
	}
	have := snap.IDs[p.ID]
	if have == nil {
		return nil
	}
	was := have.Source()
	if len(p.Rules) == 0 || len(was.Rules) != len(p.Rules) || &was.Rules[0] != &p.Rules[0] || was.Type != p.Type || was.Mode != p.Mode || was.Label != p.Label {
		return nil
	}
	return have
}

// Conditions is how many the policies hold.
func Conditions(data alveary.AccessData) (n int) {
	for i := range data.Policies {
		for j := range data.Policies[i].Rules {
			n += len(data.Policies[i].Rules[j].Conditions)
		}
	}
	return n
}

// Facts are those of a question without a node.
func (snap *Snapshot) Facts(s *alveary.Subject, present func() time.Time, resource string) *policy.Facts {
	w := snap.Who(s)
	c, now := ContextOf(s, present)
	return &policy.Facts{Subjects: w.Names, Resource: resource, Context: c, Now: now, Asker: w.Asker}
}

// Ask puts one question to all policies of a type.
func (snap *Snapshot) Ask(t alveary.PolicyType, action string, f *policy.Facts) policy.Verdict {
	if t == alveary.PolicyOIDC {
		return snap.OIDC.Ask(action, f)
	}
	return snap.REST.Ask(action, f)
}

// ContextOf is the context of the asker's request, and the present, or the time
// that is imagined.
func ContextOf(s *alveary.Subject, present func() time.Time) (*alveary.Context, time.Time) {
	c := s.Context
	if c == nil {
		c = &alveary.Context{Address: s.Address}
	}
	if !c.Now.IsZero() {
		return c, c.Now
	}
	return c, present()
}
