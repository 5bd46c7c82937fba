package authz_test

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

var present = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// source is access data in memory. It counts how often they were loaded.
type source struct {
	mu                   sync.Mutex
	data                 alveary.AccessData
	versionErr, loadFail error
	loads                atomic.Int64
}

func (s *source) AccessVersion(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data.Version, s.versionErr
}

func (s *source) Access(context.Context) (alveary.AccessData, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads.Add(1)
	return s.data, s.loadFail
}

func (s *source) Login(context.Context, alveary.UserID) (string, error) { return "", nil }

// set makes the next version, with other entries.
func (s *source) set(entries ...alveary.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.Version++
	s.data.Entries = entries
}

func newSource(entries ...alveary.Entry) *source {
	return &source{data: alveary.AccessData{
		Version: 1, Groups: []alveary.Group{{ID: alveary.RootGroup, Role: alveary.RootGroupRole}},
		Roles:   []alveary.Role{{ID: alveary.RootGroupRole}, {ID: "mia"}},
		Entries: entries,
	}}
}

var mia = alveary.Subject{User: alveary.User{ID: 7, Login: "mia", Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, Role: "mia"}

// The tree of the tests: folder 2 in the root, folder 3 and file 5 in it, file
// 4 in 3.
func line(node alveary.NodeID) alveary.Lineage {
	root := alveary.Node{ID: 1, Type: alveary.Collection}
	top := alveary.Node{ID: 2, Parent: 1, Name: "top", Type: alveary.Collection}
	deep := alveary.Node{ID: 3, Parent: 2, Name: "deep", Type: alveary.Collection}
	file := alveary.Node{ID: 4, Parent: 3, Name: "file.txt", Type: alveary.Leaf, Version: 6, Blob: "current"}
	other := alveary.Node{ID: 5, Parent: 2, Name: "other.txt", Type: alveary.Leaf, Version: 1, Blob: "other"}
	return map[alveary.NodeID]alveary.Lineage{1: {root}, 2: {root, top}, 3: {root, top, deep}, 4: {root, top, deep, file}, 5: {root, top, other}}[node]
}

func on(node alveary.NodeID, r alveary.Rights) alveary.Entry {
	return alveary.Entry{ID: alveary.EntryID(node), Role: "mia", Node: node, Rights: r}
}

func newGate(t testing.TB) (*authz.Gate, alveary.Verifier) {
	t.Helper()
	sealer, verifier, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return authz.New(sealer, func() time.Time { return present }), verifier
}

func bind(t testing.TB, g *authz.Gate, src authz.Source, s alveary.Subject) *authz.Access {
	t.Helper()
	a, err := g.Bind(t.Context(), src, s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// access binds mia to the entries.
func access(t testing.TB, entries ...alveary.Entry) *authz.Access {
	t.Helper()
	g, _ := newGate(t)
	return bind(t, g, newSource(entries...), mia)
}

// MODEL.md 7.5: what was changed counts for the next request, and what was not
// is not loaded again.
func TestChangedVersionIsReloaded(t *testing.T) {
	g, _ := newGate(t)
	src := newSource(on(2, alveary.Givable))
	for range 3 {
		if got := bind(t, g, src, mia).Rights(line(2)); got != alveary.AllRights {
			t.Fatalf("%v", got)
		}
	}
	if n := src.loads.Load(); n != 1 {
		t.Errorf("loaded %d times for one version", n)
	}
	before := bind(t, g, src, mia)
	src.set(on(2, alveary.RightRead))
	after := bind(t, g, src, mia)
	if got := after.Rights(line(2)); got != alveary.RightRead.Implied() || after.Version() != 2 {
		t.Errorf("%v at version %d", got, after.Version())
	}
	if got := before.Rights(line(2)); got != alveary.AllRights || before.Version() != 1 {
		t.Errorf("a bound snapshot changed under its request: %v at version %d", got, before.Version())
	}
	src.set()
	if got := bind(t, g, src, mia).Rights(line(2)); got != 0 {
		t.Errorf("%v after the entry was removed", got)
	}
	if n := src.loads.Load(); n != 3 {
		t.Errorf("loaded %d times for three versions", n)
	}
}

// A source whose version went back, such as a database that was restored, is
// believed too.
func TestVersionThatWentBackIsBelieved(t *testing.T) {
	g, _ := newGate(t)
	src := newSource(on(2, alveary.Givable))
	src.data.Version = 10
	bind(t, g, src, mia)
	src.data.Version, src.data.Entries = 4, nil
	for range 2 {
		if got := bind(t, g, src, mia).Rights(line(2)); got != 0 {
			t.Errorf("%v by the old state", got)
		}
	}
}

// What a transaction has changed and not committed counts in it alone: rolled
// back, its version is given to another change.
func TestDraftIsNeverKept(t *testing.T) {
	g, _ := newGate(t)
	committed := newSource()
	bind(t, g, committed, mia)
	draft := newSource(on(2, alveary.Givable))
	draft.data.Version, draft.data.Draft = 2, true
	for range 2 {
		if got := bind(t, g, draft, mia).Rights(line(2)); got != alveary.AllRights {
			t.Errorf("the draft gives %v in its transaction", got)
		}
	}
	committed.set(on(2, alveary.RightRead)) // also version 2
	if got := bind(t, g, committed, mia).Rights(line(2)); got != alveary.RightRead.Implied() {
		t.Errorf("%v, the draft outlived its transaction", got)
	}
	// And what is kept does not hide a draft of the same version.
	other := newSource()
	other.data.Version, other.data.Draft = 3, true
	if got := bind(t, g, other, mia).Rights(line(2)); got != 0 {
		t.Errorf("%v in the draft", got)
	}
}

// MODEL.md 7.5: who cannot be sure to be fresh refuses.
func TestErrorOfTheSourceRefuses(t *testing.T) {
	g, _ := newGate(t)
	src := newSource(on(2, alveary.Givable))
	bind(t, g, src, mia)
	lost := errors.New("the database is gone")

	src.versionErr = lost
	if a, err := g.Bind(t.Context(), src, mia); !errors.Is(err, lost) || a != nil {
		t.Errorf("without a version: %v, %v", a, err)
	}
	src.versionErr, src.loadFail = nil, lost
	src.set()
	if a, err := g.Bind(t.Context(), src, mia); !errors.Is(err, lost) || a != nil {
		t.Errorf("without the data: %v, %v", a, err)
	}
	src.loadFail = nil
	if got := bind(t, g, src, mia).Rights(line(2)); got != 0 {
		t.Errorf("%v once it is back", got)
	}
}

// While the data change nobody sees a version that is older than the one that
// held when he began.
func TestNoStaleYesUnderConcurrency(t *testing.T) {
	g, _ := newGate(t)
	src := newSource(on(2, alveary.Givable))
	var published atomic.Int64
	published.Store(1)
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				began := published.Load()
				a, err := g.Bind(t.Context(), src, mia)
				if err != nil {
					t.Error(err)
					return
				}
				if a.Version() < began {
					t.Errorf("version %d although %d held", a.Version(), began)
					return
				}
				if want := a.Version()%2 == 1; a.Rights(line(2)).Has(alveary.ActionWrite) != want {
					t.Errorf("version %d decided by the entries of another", a.Version())
					return
				}
			}
		})
	}
	for v := int64(2); v < 500; v++ {
		if v%2 == 1 {
			src.set(on(2, alveary.Givable))
		} else {
			src.set(on(2, alveary.RightRead))
		}
		published.Store(v)
	}
	close(stop)
	readers.Wait()
}

// MODEL.md 2.4 and 3.1: who is not known may nothing.
func TestNobodyMayNothing(t *testing.T) {
	g, _ := newGate(t)
	src := newSource(on(1, alveary.Givable), alveary.Entry{Role: alveary.RootGroupRole, Node: 1, Rights: alveary.Givable})
	disabled := mia
	disabled.User.Disabled = true
	for label, s := range map[string]alveary.Subject{"nobody": {}, "a disabled user": disabled} {
		a := bind(t, g, src, s)
		if got := a.Rights(line(2)); got != 0 {
			t.Errorf("%s: %v", label, got)
		}
		for op := authz.None; op <= authz.Delete; op++ {
			if err := a.Check(op, line(2)); !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("%s, %v: %v", label, op, err)
			}
		}
	}
	if got := bind(t, g, src, mia); got.Subject().User.ID != mia.User.ID || got.Rights(line(2)) != alveary.AllRights {
		t.Errorf("%v for %v", got.Rights(line(2)), got.Subject().User)
	}
}

// An entry that expires is judged at the present of the request.
func TestExpiryIsJudgedAtThePresent(t *testing.T) {
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := present
	g := authz.New(sealer, func() time.Time { return now })
	e := on(2, alveary.Givable)
	e.Expires = present.Add(time.Minute)
	src := newSource(e)
	if d := bind(t, g, src, mia).Explain(line(4), alveary.ActionRead); !d.Allowed || !d.ValidUntil.Equal(e.Expires) {
		t.Errorf("before: %v until %v", d, d.ValidUntil)
	}
	now = e.Expires
	if d := bind(t, g, src, mia).Explain(line(4), alveary.ActionRead); d.Allowed {
		t.Errorf("at its expiry: %v", d)
	}
	if src.loads.Load() != 1 {
		t.Error("the clock alone made it load again")
	}
}

// What an unchanged policy was compiled to is taken over; a changed one counts
// at once.
func TestUnchangedPoliciesAreCompiledOnce(t *testing.T) {
	g, _ := newGate(t)
	open := []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"read"}}}
	src := newSource(alveary.Entry{ID: 1, Role: "mia", Node: 2, Policies: []alveary.PolicyID{"p"}})
	src.data.Policies = []alveary.Policy{{ID: "p", Type: alveary.PolicyACL, Rules: open}}
	for range 3 {
		if got := bind(t, g, src, mia).Rights(line(2)); got != alveary.RightRead.Implied() {
			t.Fatalf("%v", got)
		}
		src.data.Version++
	}
	for what, change := range map[string]func(*alveary.Policy){
		"rules": func(p *alveary.Policy) {
			p.Rules = []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"read"}}}
		},
		"mode": func(p *alveary.Policy) { p.Mode = alveary.ModeOff },
		"type": func(p *alveary.Policy) { p.Type = alveary.PolicyREST },
	} {
		p := alveary.Policy{ID: "p", Type: alveary.PolicyACL, Rules: open}
		src.data.Policies = []alveary.Policy{p}
		src.data.Version++
		if got := bind(t, g, src, mia).Rights(line(2)); !got.Has(alveary.ActionRead) {
			t.Fatalf("before the %s changed: %v", what, got)
		}
		change(&p)
		src.data.Policies = []alveary.Policy{p}
		src.data.Version++
		if got := bind(t, g, src, mia).Rights(line(2)); got != 0 {
			t.Errorf("after the %s changed: %v", what, got)
		}
	}
}
