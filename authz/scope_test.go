package authz_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"alveary"
	"alveary/authz"
	"alveary/testkit/oracle/draw"
)

// scopeOf draws what a token is confined to.
func scopeOf(t *rapid.T, w *draw.World) alveary.Scope {
	s := alveary.Scope{
		Reach:    rapid.SampledFrom([]alveary.Reach{alveary.ReachAll, alveary.ReachWrite, alveary.ReachWrite, alveary.ReachRead, "later"}).Draw(t, "reach"),
		Gateways: rapid.SampledFrom([]string{"", "", "rest", "webdav,rest", "s3"}).Draw(t, "gateways"),
	}
	switch line := rapid.SampledFrom(w.Lines).Draw(t, "scope"); rapid.IntRange(0, 5).Draw(t, "of") {
	case 0:
	case 1:
		s.Node = 999 // gone
	default:
		s.Node = line.Node().ID
	}
	return s
}

// leaves is what a scope leaves, as the vocabulary says it.
func leaves(s alveary.Scope, gateway string, line alveary.Lineage, held alveary.Rights) alveary.Rights {
	if !s.Gateway(gateway) {
		return 0
	}
	return s.Rights(line, held)
}

// Every answer to a token that is confined is what the oracle says of its user,
// less what the scope takes away, and each explanation says the same.
func TestScopeMasksEveryAnswer(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/4, func(t *rapid.T) {
		w := draw.Draw(t)
		o, asker := oracleOf(w)
		context := w.Context(t)
		scope := scopeOf(t, w)
		src := c.source(w)
		s := w.Subject
		s.Context, s.Token, s.Scope = context, "token", scope
		bound := func(s alveary.Subject) *authz.Access {
			a, err := c.gate.Bind(t.Context(), src, s)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		free := w.Subject
		free.Context = context
		bound(free) // whoever asked before without a token lends it nothing
		a := bound(s)
		if got := a.Subject().Scope; got != scope {
			t.Fatalf("the subject has the scope %+v, want %+v", got, scope)
		}
		for _, line := range w.Lines {
			c.asked++
			want := leaves(scope, context.Gateway, line, o.Rights(asker, context, line))
			saysAll(t, w, context, a, line, want)
		}
		b := bound(free) // nor does the token take anything from him
		for _, line := range w.Lines {
			if got, want := b.Rights(line), o.Rights(asker, context, line); got != want {
				differ(t, w, context, "without the token on %q: %q, the oracle says %q", line.Path(), got, want)
			}
		}
	})
}

// saysAll asks for the rights on a node in every way there is.
func saysAll(t *rapid.T, w *draw.World, context *alveary.Context, a *authz.Access, line alveary.Lineage, want alveary.Rights) {
	t.Helper()
	scope := a.Subject().Scope
	same := func(how string, got alveary.Rights) {
		if got != want {
			differ(t, w, context, "on %q for a token for %+v, %s: %q, want %q", line.Path(), scope, how, got, want)
		}
	}
	same("asked", a.Rights(line))
	same("asked about", a.Asked(line, alveary.AllRights))
	along := a.Along(line)
	same("along", along[len(along)-1])
	if up := len(line) - 1; up > 0 {
		same("listed", a.In(line[:up]).Rights(line[up]))
		same("listed about", a.In(line[:up]).Asked(line[up], alveary.AllRights))
		same("again", a.Rights(line))
	}
	for op := authz.None; op <= authz.Delete; op++ {
		if err := a.Check(op, line); (err == nil) != (op.Needs()&^want == 0) {
			differ(t, w, context, "to %s %q for a token for %+v: %v, although %q", op, line.Path(), scope, err, want)
		}
	}
	_, read := a.GrantRead(line, 1, "b")
	_, create := a.GrantCreate(line, "b")
	_, change := a.GrantChange(line, "b")
	for op, err := range map[authz.Operation]error{authz.ReadBytes: read, authz.Create: create, authz.Change: change} {
		if (err == nil) != (op.Needs()&^want == 0) {
			differ(t, w, context, "a grant to %s %q for a token for %+v: %v, although %q", op, line.Path(), scope, err, want)
		}
	}
	for _, action := range alveary.AllRights.Actions() {
		e := a.Explain(line, action)
		if e.Allowed != want.Has(action) || e.Decided.Text == "" {
			differ(t, w, context, "%s on %q for a token for %+v: explained as %t by %+v, want %t", action, line.Path(), scope, e.Allowed, e.Decided, want.Has(action))
		}
	}
}

// A listing for a token may rest on Varies and Nodes as any other.
func TestScopeVariesOnNodesAlone(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		context := w.Context(t)
		s := w.Subject
		s.Context, s.Token, s.Scope = context, "token", scopeOf(t, w)
		a, err := c.gate.Bind(t.Context(), c.source(w), s)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(a.Nodes()) || len(slices.Compact(a.Nodes())) != len(a.Nodes()) {
			t.Fatalf("%v", a.Nodes())
		}
		for _, folder := range w.Lines {
			for _, line := range w.Lines {
				c.asked++
				beneath := len(line) > len(folder) && line.Contains(folder.Node().ID)
				if !beneath || a.Varies(folder, alveary.AllRights) || slices.ContainsFunc(line[len(folder):], func(n alveary.Node) bool { return slices.Contains(a.Nodes(), n.ID) }) {
					continue
				}
				plain := folder.Child(alveary.Node{ID: 1000, Name: "plain", Type: alveary.Leaf})
				if got, want := a.Rights(line), a.Rights(plain); got != want {
					differ(t, w, context, "beneath %q for a token for %+v nothing varies, but %q has %q and another %q", folder.Path(), s.Scope, line.Path(), got, want)
				}
			}
		}
	})
}

// A token gets no call and no sign-in that its user does not get, and the
// explanation of one says what the call says.
func TestScopeGivesNoCall(t *testing.T) {
	c := newCourt(t)
	paths := []string{"/nodes", "/nodes/7/content", "/nodesmore", "/users", "/session", "/archive", "/nodes/../users"}
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		for i := range w.Data.Policies { // many are open, so that it is the scope that refuses
			if rapid.Bool().Draw(t, "open") {
				w.Data.Policies[i].Rules = []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"<.*>"}}}
			}
		}
		src := c.source(w)
		free := w.Subject
		free.Context = w.Context(t)
		s := free
		s.Token, s.Scope = "token", scopeOf(t, w)
		for _, method := range []string{"GET", "HEAD", "POST", "PUT"} {
			for _, path := range paths {
				c.asked++
				own, token := c.gate.Call(t.Context(), src, free, method, path), c.gate.Call(t.Context(), src, s, method, path)
				e, err := c.gate.ExplainCall(t.Context(), src, s, method, path)
				if own != nil && token == nil || err != nil || e.Allowed != (token == nil) {
					differ(t, w, s.Context, "%s %s for a token for %+v: %v, its user: %v; explained as %t (%v)", method, path, s.Scope, token, own, e.Allowed, err)
				}
			}
		}
		for _, action := range []string{authz.ActionLogin, authz.ActionIssue, authz.ActionRefresh} {
			c.asked++
			_, own := c.gate.SignIn(t.Context(), src, free, action)
			_, token := c.gate.SignIn(t.Context(), src, s, action)
			e, err := c.gate.ExplainSignIn(t.Context(), src, s, action)
			if own != nil && token == nil || err != nil || e.Allowed != (token == nil) || token == nil && action != authz.ActionLogin && s.Scope != (alveary.Scope{}) {
				differ(t, w, s.Context, "%s for a token for %+v: %v, its user: %v; explained as %t (%v)", action, s.Scope, token, own, e.Allowed, err)
			}
		}
	})
}

// What a token for files may call.
func TestScopedCalls(t *testing.T) {
	src := governed([]alveary.Policy{restPolicy("open", allowing(nil, "<.*>")), ofType(alveary.PolicyOIDC, "in", allowing(nil, "<.*>"))})
	g, _ := newGate(t)
	read, write := alveary.Scope{Reach: alveary.ReachRead}, alveary.Scope{Reach: alveary.ReachWrite}
	node, dav := alveary.Scope{Node: 3}, alveary.Scope{Gateways: "webdav,s3"}
	rest := alveary.Scope{Gateways: "rest,webdav"}
	for _, c := range []struct {
		call    string
		yes, no []alveary.Scope
		message string
	}{
		{"GET /workspaces", []alveary.Scope{{}, read, write, node, rest}, []alveary.Scope{dav, {Reach: "later"}}, ""},
		{"GET /api/v1/nodes/7/content", []alveary.Scope{{}, read, write, node, rest}, []alveary.Scope{dav}, ""},
		{"PUT /nodes/7/content", []alveary.Scope{{}, write, node, rest}, []alveary.Scope{read}, "this token is for reading files alone: use another one, or sign in"},
		{"POST /archive", []alveary.Scope{{}, read, write, node}, nil, ""},
		{"POST /nodes/7/copy", []alveary.Scope{write, node}, []alveary.Scope{read}, ""},
		{"HEAD /uploads/7", []alveary.Scope{read, write, node}, nil, ""},
		{"PATCH /uploads/7", []alveary.Scope{write, node}, []alveary.Scope{read}, ""},
		{"DELETE /bin", []alveary.Scope{write, node}, []alveary.Scope{read}, ""},
		{"GET /session", []alveary.Scope{read, write, node, rest}, []alveary.Scope{dav}, ""},
		{"DELETE /session", []alveary.Scope{{}, rest}, []alveary.Scope{read, write, node}, ""},
		{"GET /session/prove", []alveary.Scope{{}, rest}, []alveary.Scope{read, write, node}, ""},
		{"GET /attributes", []alveary.Scope{read, write, node}, nil, ""},
		{"GET /metadata-namespaces", []alveary.Scope{read, write, node}, nil, ""},
		{"PUT /metadata-namespaces/tags", []alveary.Scope{{}, rest}, []alveary.Scope{read, write, node}, ""},
		{"GET /users", []alveary.Scope{{}, rest}, []alveary.Scope{read, write, node}, "files"},
		{"GET /account", []alveary.Scope{{}, rest}, []alveary.Scope{read, write, node}, ""},
		{"POST /tokens", []alveary.Scope{{}, rest}, []alveary.Scope{read, write, node}, ""},
		{"GET /nodesmore", []alveary.Scope{{}}, []alveary.Scope{read, write, node}, ""},
		{"GET /nodes/../users", []alveary.Scope{{}}, []alveary.Scope{read, write, node}, ""},
		{"GET //nodes", []alveary.Scope{{}}, []alveary.Scope{read, write, node}, ""},
		{"GET /api/v1/api/v1/nodes", []alveary.Scope{{}}, []alveary.Scope{read, write, node}, ""},
		{"GET /Nodes", []alveary.Scope{{}}, []alveary.Scope{read, write, node}, ""},
		{"GET nodes", []alveary.Scope{{}}, []alveary.Scope{read, write, node}, ""},
		{"get /nodes", []alveary.Scope{{}, write}, []alveary.Scope{read}, ""},
	} {
		method, path, _ := strings.Cut(c.call, " ")
		for i, scopes := range [][]alveary.Scope{c.yes, c.no} {
			for _, scope := range scopes {
				s := at(alveary.Context{Gateway: "rest"})
				s.Token, s.Scope = "token", scope
				err := g.Call(t.Context(), src, s, method, path)
				var e *alveary.Error
				switch {
				case i == 0 && err != nil, i == 1 && !errors.As(err, &e):
					t.Errorf("%s for %+v: %v", c.call, scope, err)
				case i == 1 && (e.Kind != alveary.KindDenied || e.Code != "scope" || !strings.Contains(e.Message, c.message)):
					t.Errorf("%s for %+v: %+v", c.call, scope, e)
				}
			}
		}
	}
	s := at(alveary.Context{Gateway: "rest"})
	for _, scope := range []alveary.Scope{read, write, node, rest} {
		s.Scope = scope
		for _, action := range []string{authz.ActionIssue, authz.ActionRefresh} {
			_, err := g.SignIn(t.Context(), src, s, action)
			var e *alveary.Error
			if !errors.As(err, &e) || e.Kind != alveary.KindDenied || e.Code != "scope" {
				t.Errorf("%s for %+v: %v", action, scope, err)
			}
		}
	}
}

// THREATS.md 15: a token for a folder gives nothing above it, beside it or in
// one whose id is like it, and what it is for is told.
func TestThreat15_TokenGivesItsSubtreeOnly(t *testing.T) {
	g, _ := newGate(t)
	src := newSource(on(1, alveary.Givable))
	s := mia
	s.Token, s.Scope = "token", alveary.Scope{Node: 3, Reach: alveary.ReachRead}
	a := bind(t, g, src, s)
	want := map[alveary.NodeID]alveary.Rights{1: 0, 2: 0, 3: alveary.RightRead.Implied(), 4: alveary.RightRead.Implied(), 5: 0}
	for node, want := range want {
		if got := a.Rights(line(node)); got != want {
			t.Errorf("on %d: %q, want %q", node, got, want)
		}
	}
	if got := a.Explain(line(4), alveary.ActionWrite); got.Allowed || got.Verdict != "mia may not write: the token is for reading files in one folder alone" || len(got.Flips) != 0 {
		t.Errorf("%+v", got)
	}
	if got := a.Residual(line(2)); len(got) != 1 || got[0] != "never more than the token is for: reading files in one folder" {
		t.Errorf("%q", got)
	}
	if nodes := a.Nodes(); !slices.Equal(nodes, []alveary.NodeID{1, 3}) {
		t.Errorf("%v: a listing would not find the folder", nodes)
	}
	if !bind(t, g, src, mia).Rights(line(5)).Has(alveary.ActionWrite) {
		t.Error("what its user may do was lost")
	}
}

// A template path whose node is not made yet is made for no token that is
// confined to reading, or to a folder.
func TestScopedTokensMakeNoHome(t *testing.T) {
	g, _ := newGate(t)
	src := newSource(alveary.Entry{ID: 1, Role: "mia", Template: alveary.TemplateMyFiles, Rights: alveary.Givable})
	for scope, want := range map[alveary.Scope]bool{
		{}: true, {Reach: alveary.ReachWrite}: true, {Reach: alveary.ReachRead}: false, {Node: 3}: false, {Reach: "later"}: false,
	} {
		s := mia
		s.Scope = scope
		if got := bind(t, g, src, s).HoldsTemplate(alveary.TemplateMyFiles); got != want {
			t.Errorf("%+v: %t", scope, got)
		}
	}
}

func BenchmarkScopedRights(b *testing.B) {
	g, _ := newGate(b)
	src := newSource(on(2, alveary.Givable))
	for name, scope := range map[string]alveary.Scope{"free": {}, "scoped": {Node: 3, Reach: alveary.ReachRead}} {
		b.Run(name, func(b *testing.B) {
			s := mia
			s.Scope = scope
			a, file := bind(b, g, src, s), line(4)
			b.ReportAllocs()
			for b.Loop() {
				if a.Rights(file) == 0 {
					b.Fatal("denied")
				}
			}
		})
	}
}
