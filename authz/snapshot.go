package authz

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/policy"
)

// snapshot is the access data at one version, compiled. It never changes, but
// for the askers it remembers.
type snapshot struct {
	version   int64
	data      alveary.AccessData
	people    *acl.People
	entries   *acl.Index
	policies  []*policy.Policy // by acl.Policy: those of type acl
	ids       map[alveary.PolicyID]*policy.Policy
	rest      *policy.Set // in force
	oidc      *policy.Set
	watched   []*policy.Policy // observed, of types rest and oidc
	owners    bool             // a policy reads who owns a node
	malformed []policy.Place
	paths     bool // a policy reads the path of a node

	mu     sync.RWMutex
	askers map[alveary.UserID]*who
}

// newSnapshot compiles access data. Of policies that are the same as in an
// earlier snapshot, which the store shares, the compiled form is taken over.
func newSnapshot(data alveary.AccessData, compiler *policy.Compiler, earlier *snapshot) *snapshot {
	snap := &snapshot{
		version: data.Version, data: data, people: acl.NewPeople(data.Groups, data.Roles),
		askers: map[alveary.UserID]*who{},
		ids:    make(map[alveary.PolicyID]*policy.Policy, len(data.Policies)),
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
		case state == acl.Watched:
			snap.watched = append(snap.watched, compiled)
		case state == acl.InForce && p.Type == alveary.PolicyREST:
			rest = append(rest, compiled)
		case state == acl.InForce && p.Type == alveary.PolicyOIDC:
			oidc = append(oidc, compiled)
		}
	}
	snap.rest, snap.oidc = policy.NewSet(rest...), policy.NewSet(oidc...)
	snap.entries = acl.NewIndex(data.Entries, func(id alveary.PolicyID) (acl.Policy, acl.Force) {
		return handles[id], force[id] // what is not there is acl.Missing
	})
	return snap
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

// who is the snapshot bound to one asker: the first of the three bindings.
type who struct {
	snap    *snapshot
	subject alveary.Subject
	stack   []acl.Ranked
	ledger  *acl.Ledger
	names   []string // MODEL.md 2.6
	asker   *policy.Asker
	watched []acl.Policy
	flags   Flags
}

// who binds to an asker. Askers are remembered as long as the snapshot lives,
// and used again only where nothing about them has changed.
func (snap *snapshot) who(s *alveary.Subject) *who {
	snap.mu.RLock()
	have := snap.askers[s.User.ID]
	snap.mu.RUnlock()
	if have != nil && have.stillIs(s) {
		return have
	}
	w := &who{snap: snap, subject: *s, stack: snap.people.Stack(*s)}
	w.subject.Context, w.subject.Session, w.subject.Token, w.subject.Address, w.subject.Request = nil, "", "", "", ""
	w.subject.Scope, w.subject.Proved = alveary.Scope{}, time.Time{} // they are the request's
	w.ledger = snap.entries.Ledger(w.stack, s.Homes)
	w.watched, w.flags = w.ledger.Watched(), w.flagsOf()
	w.name()
	if s.Known() {
		snap.mu.Lock()
		snap.askers[s.User.ID] = w
		snap.mu.Unlock()
	}
	return w
}

// stillIs compares all that a binding rests on.
func (w *who) stillIs(s *alveary.Subject) bool {
	a, b := &w.subject.User, &s.User
	return a.ID == b.ID && a.Disabled == b.Disabled && a.Profile == b.Profile && a.Group == b.Group && a.Login == b.Login &&
		a.Email == b.Email && a.Name == b.Name && w.subject.Role == s.Role && slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Teams, b.Teams) &&
		maps.Equal(w.subject.Homes, s.Homes) && maps.Equal(a.Attributes, b.Attributes)
}

// name spells the asker as policies do. Who is not known is the profile anon.
func (w *who) name() {
	s := &w.subject
	if !s.Known() {
		w.names = alveary.SubjectNames("", alveary.ProfileAnon, nil, nil)
		return
	}
	roles := make([]alveary.RoleID, len(w.stack))
	words := make([]string, len(w.stack))
	for i, r := range w.stack {
		roles[i], words[i] = r.Role, string(r.Role)
	}
	// Of every profile: external people inherit no role of their groups (MODEL.md
	// 2.2), but a deny for a group that they are in means them as well (6.2).
	groups := w.snap.people.Paths(s.User.Group)
	own := ""
	if len(groups) > 0 {
		own = groups[len(groups)-1]
	}
	w.names = alveary.SubjectNames(s.User.Login, s.User.Profile, roles, groups)
	w.asker = &policy.Asker{
		Name: s.User.Login, Profile: s.User.Profile, Roles: words, GroupPath: own, Email: s.User.Email, Attributes: s.User.Attributes,
	}
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
