package authz

import (
	"context"
	"slices"
	"sync/atomic"

	"alveary"
	"alveary/acl"
	"alveary/authz/ways"
	"alveary/policy"
)

// snapshot is the access data at one version, compiled. It never changes, but
// for the askers it remembers.
type snapshot struct {
	version   int64
	data      alveary.AccessData
	people    *acl.People
	entries   *acl.Index
	book      *ways.Book
	bound     []atomic.Pointer[who] // owners of Cells, by their places in the book, once they were asked for
	policies  []*policy.Policy      // by acl.Policy: those of type acl
	ids       map[alveary.PolicyID]*policy.Policy
	rest      *policy.Set // in force
	oidc      *policy.Set
	watched   []*policy.Policy // observed, of types rest and oidc
	owners    bool             // a policy reads who owns a node
	malformed []policy.Place
	paths     bool // a policy reads the path of a node
	observes  bool // a policy of type acl is observed

	askers askers
}

// newSnapshot compiles access data. Of policies that are the same as in an
// earlier snapshot, which the store shares, the compiled form is taken over.
func newSnapshot(data alveary.AccessData, compiler *policy.Compiler, earlier *snapshot) *snapshot {
	snap := &snapshot{
		version: data.Version, data: data, people: acl.NewPeople(data.Groups, data.Roles),
		ids: make(map[alveary.PolicyID]*policy.Policy, len(data.Policies)),
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
			snap.malformed = append(snap.malformed, bad.Places...)
		}
		snap.ids[p.ID] = compiled
		snap.owners = snap.owners || compiled.Reads(alveary.AttrNodeOwner)
		snap.paths = snap.paths || compiled.Reads(alveary.AttrNodePath)
		state := acl.Idle
		switch {
		case p.Mode == alveary.ModeObserved:
			state = acl.Watched
		case p.Mode != alveary.ModeOff: // an unknown mode is taken for enforced: it takes away rather than gives
			state = acl.InForce
		}
		switch {
		case p.Type == alveary.PolicyACL:
			handles[p.ID], force[p.ID] = acl.Policy(len(snap.policies)), state
			snap.policies = append(snap.policies, compiled)
			snap.observes = snap.observes || state == acl.Watched
		case state == acl.Watched:
			snap.watched = append(snap.watched, compiled)
		case state == acl.InForce && p.Type == alveary.PolicyREST:
			rest = append(rest, compiled)
		case state == acl.InForce && p.Type == alveary.PolicyOIDC:
			oidc = append(oidc, compiled)
		}
	}
	snap.rest, snap.oidc = policy.NewSet(rest...), policy.NewSet(oidc...)
	resolve := func(id alveary.PolicyID) (acl.Policy, acl.Force) {
		return handles[id], force[id] // what is not there is acl.Missing
	}
	snap.entries = acl.NewIndex(ofAdministrators(data.Entries), resolve)
	snap.book = ways.NewBook(&data, snap.people, resolve)
	snap.bound = make([]atomic.Pointer[who], snap.book.Owners())
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
func (snap *snapshot) same(p *alveary.Policy) *policy.Policy {
	if snap == nil {
		return nil
	}
	have := snap.ids[p.ID]
	if have == nil {
		return nil
	}
	was := have.Source()
	if len(p.Rules) == 0 || len(was.Rules) != len(p.Rules) || &was.Rules[0] != &p.Rules[0] || was.Type != p.Type || was.Mode != p.Mode || was.Label != p.Label {
		return nil
	}
	return have
}

// fresh is the snapshot of the version that holds now.
func (g *Gate) fresh(ctx context.Context, src Source) (*snapshot, error) {
	version, err := src.AccessVersion(ctx)
	if err != nil {
		return nil, err
	}
	if have := g.snapshot.Load(); have != nil && have.version == version {
		return have, nil
	}
	data, err := src.Access(ctx)
	if err != nil {
		return nil, err
	}
	snap := g.compile(data)
	if !data.Draft {
		g.keep(snap)
	}
	return snap, nil
}

// mostShared is how many compiled conditions are kept for each that is in use,
// before those that no policy has any more are forgotten.
const mostShared = 4

// compile makes a snapshot with what the last one has compiled already.
func (g *Gate) compile(data alveary.AccessData) *snapshot {
	g.compiling.Lock()
	defer g.compiling.Unlock()
	last := g.snapshot.Load()
	if g.compiler == nil || g.compiler.Len() > mostShared*(conditionsOf(data)+1000) {
		g.compiler, last = policy.NewCompiler(), nil
	}
	return newSnapshot(data, g.compiler, last)
}

func conditionsOf(data alveary.AccessData) (n int) {
	for i := range data.Policies {
		for j := range data.Policies[i].Rules {
			n += len(data.Policies[i].Rules[j].Conditions)
		}
	}
	return n
}

// keep makes the snapshot the current one unless a later one is. Drafts are
// not kept: a transaction that is rolled back gives its version to another.
func (g *Gate) keep(snap *snapshot) {
	for {
		have := g.snapshot.Load()
		if have != nil && have.version >= snap.version {
			return
		}
		if g.snapshot.CompareAndSwap(have, snap) {
			return
		}
	}
}

// Malformed are the places in stored policies that should never have been
// stored (MODEL.md 6.8), for the health check.
func (g *Gate) Malformed(ctx context.Context, src Source) ([]policy.Place, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return nil, err
	}
	return snap.malformed, nil
}

func joinPath(folder, name string) string {
	if folder == "" {
		return name
	}
	return folder + "/" + name
}
