package authz_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

// governed is a source with policies and entries.
func governed(policies []alveary.Policy, entries ...alveary.Entry) *source {
	src := newSource(entries...)
	src.data.Policies = policies
	return src
}

func ofType(kind alveary.PolicyType, id alveary.PolicyID, rules ...alveary.Rule) alveary.Policy {
	return alveary.Policy{ID: id, Type: kind, Rules: rules}
}

func restPolicy(id alveary.PolicyID, rules ...alveary.Rule) alveary.Policy {
	return ofType(alveary.PolicyREST, id, rules...)
}

func at(c alveary.Context) alveary.Subject {
	s := mia
	s.Context = &c
	return s
}

// MODEL.md 6.2: a refusal by a policy says so, and is KindDenied.
func TestCall(t *testing.T) {
	resource := func(effect alveary.Effect, path string) alveary.Rule {
		return alveary.Rule{Effect: effect, Actions: []string{"GET"}, Resources: []string{"rest:" + path}}
	}
	off := restPolicy("off", allowing(nil, "PATCH"))
	off.Mode = alveary.ModeOff
	src := governed([]alveary.Policy{
		restPolicy("a", resource(alveary.EffectAllow, "/user</.*|>"), resource(alveary.EffectAllow, "/policies")), off,
		restPolicy("b", resource(alveary.EffectDeny, "/user/7"), denying(network("11.0.0.0/8"), "GET")),
		ofType(alveary.PolicyACL, "c", allowing(nil, "<.*>")), ofType(alveary.PolicyOIDC, "d", allowing(nil, "<.*>")),
	})
	g, _ := newGate(t)
	inside := at(alveary.Context{Address: "10.0.0.1"})
	for _, c := range []struct {
		subject      alveary.Subject
		method, path string
		allowed      bool
	}{
		{inside, "GET", "/user", true},
		{inside, "GET", "/api/v1/user", true}, // the base is left out
		{inside, "GET", "/api/v1/user/8", true},
		{inside, "GET", "/api/v1/user/7", false},
		{inside, "POST", "/user", false},
		{inside, "PATCH", "/user", false}, // a policy that is off
		{inside, "GET", "/", false},
		{at(alveary.Context{Address: "11.0.0.1"}), "GET", "/user", false},
		{at(alveary.Context{}), "GET", "/user", false}, // where from is not known: the deny stands
		{alveary.Subject{Context: inside.Context}, "GET", "/user", true},
	} {
		err := g.Call(t.Context(), src, c.subject, c.method, c.path)
		if (err == nil) != c.allowed {
			t.Errorf("%s %s: %v", c.method, c.path, err)
		}
		var e *alveary.Error
		if err != nil && (!errors.As(err, &e) || e.Kind != alveary.KindDenied || e.Code != "policy" || e.Message == "") {
			t.Errorf("%+v", e)
		}
		x, err := g.ExplainCall(t.Context(), src, c.subject, c.method, c.path)
		if err != nil || x.Allowed != c.allowed || x.Action != c.method || x.Verdict == "" || x.Decided.Text == "" || len(x.Policies) != 2 {
			t.Errorf("%s %s explained as %+v, %v", c.method, c.path, x, err)
		}
	}
	src.versionErr = errors.New("the database is away")
	if err := g.Call(t.Context(), src, inside, "GET", "/user"); !errors.Is(err, src.versionErr) {
		t.Errorf("not sure to be fresh, and yet %v", err)
	}
	if _, err := g.ExplainCall(t.Context(), src, inside, "GET", "/user"); !errors.Is(err, src.versionErr) {
		t.Errorf("%v", err)
	}
	if _, err := g.SignIn(t.Context(), src, inside, authz.ActionLogin); !errors.Is(err, src.versionErr) {
		t.Errorf("%v", err)
	}
	if _, err := g.CallUntil(t.Context(), src, inside); !errors.Is(err, src.versionErr) {
		t.Errorf("%v", err)
	}
	if _, err := g.Reachable(t.Context(), src, nil, alveary.Context{}); !errors.Is(err, src.versionErr) {
		t.Errorf("%v", err)
	}
	if _, err := g.Malformed(t.Context(), src); !errors.Is(err, src.versionErr) {
		t.Errorf("%v", err)
	}
	if _, err := g.Imagine(t.Context(), src, authz.Imagined{}); !errors.Is(err, src.versionErr) {
		t.Errorf("%v", err)
	}
}

// An answer to a call carries when it could change, and an explanation who
// decided.
func TestCallExplained(t *testing.T) {
	watched := restPolicy("watched", denying(nil, "GET"))
	watched.Mode = alveary.ModeObserved
	hold := restPolicy("hold", denying(hours("Monday/18:00/23:00"), "GET"))
	hold.Rules[0].Label = "not in the evening"
	src := governed([]alveary.Policy{watched, restPolicy("open", allowing(nil, "GET")), hold, restPolicy("office", denying(network("192.168.0.0/16"), "GET"))})
	g, _ := newGate(t)
	s := at(alveary.Context{Now: present, Address: "10.0.0.1"})
	x, err := g.ExplainCall(t.Context(), src, s, "GET", "/user")
	if err != nil {
		t.Fatal(err)
	}
	six := time.Date(2026, 6, 1, 18, 0, 0, 0, time.UTC)
	if !x.Allowed || x.Decided.Clause != "6.1" || x.Decided.Policy != "open" || x.Decided.Rule != 0 || !x.ValidUntil.Equal(six) || x.Version != 1 {
		t.Errorf("%+v", x)
	}
	if x.Verdict != "mia may call GET /user: the rule 1 of the policy open allows it" {
		t.Errorf("%s", x.Verdict)
	}
	if last := x.Policies[len(x.Policies)-1]; last.Policy != "watched" || last.Mode != alveary.ModeObserved || last.Verdict.String() != "deny" {
		t.Errorf("%+v", last)
	}
	if until, err := g.CallUntil(t.Context(), src, s); err != nil || !until.Equal(six) {
		t.Errorf("%s, %v", until, err)
	}
	if n := len(g.Observed()); n != 0 {
		t.Errorf("explaining counted %d", n)
	}
	// The flips are true.
	if len(x.Flips) != 2 {
		t.Fatalf("%+v", x.Flips)
	}
	for _, f := range x.Flips {
		then := *s.Context
		switch f.Attribute {
		case alveary.AttrServerTime:
			then.Now, err = time.Parse(time.RFC3339, f.To)
			if err != nil || !then.Now.Equal(six) {
				t.Errorf("the nearest is %s, %v", then.Now, err)
			}
		case alveary.AttrRemoteAddress:
			then.Address = f.To
		}
		if f.Becomes || g.Call(t.Context(), src, at(then), "GET", "/user") == nil || f.Text == "" {
			t.Errorf("it does not flip: %+v", f)
		}
	}
	evening := at(alveary.Context{Now: six.Add(time.Hour), Address: "10.0.0.1"})
	x, err = g.ExplainCall(t.Context(), src, evening, "GET", "/user")
	if err != nil || x.Allowed || x.Decided.Policy != "hold" || !strings.Contains(x.Decided.Text, "“not in the evening”") {
		t.Errorf("%+v, %v", x.Decided, err)
	}
	x, err = g.ExplainCall(t.Context(), src, evening, "PUT", "/user")
	if err != nil || x.Allowed || x.Decided.Clause != "6.2" || x.Decided.Rule != -1 || len(x.Flips) != 0 {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestSignIn(t *testing.T) {
	src := governed([]alveary.Policy{
		ofType(alveary.PolicyOIDC, "a", allowing(hours("Monday/09:00/18:30"), "login"), allowing(nil, "issue")),
		ofType(alveary.PolicyOIDC, "b", alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"user:bob"}, Resources: []string{"oidc"}}),
		restPolicy("c", allowing(nil, "<.*>")),
	})
	g, _ := newGate(t)
	end := time.Date(2026, 6, 1, 18, 31, 0, 0, time.UTC)
	bob := mia
	bob.User.ID, bob.User.Login = 8, "bob"
	for _, c := range []struct {
		who     alveary.Subject
		action  string
		now     time.Time
		allowed bool
	}{
		{mia, authz.ActionLogin, present, true},
		{bob, authz.ActionLogin, present, false},
		{mia, authz.ActionRefresh, present, false},
		{bob, authz.ActionIssue, present, true},
		{mia, authz.ActionLogin, end, false},
		{mia, authz.ActionIssue, end, true},
	} {
		c.who.Context = &alveary.Context{Now: c.now}
		until, err := g.SignIn(t.Context(), src, c.who, c.action)
		if (err == nil) != c.allowed {
			t.Errorf("%s %s: %v", c.who.User.Login, c.action, err)
		}
		if c.allowed && c.now.Equal(present) && !until.Equal(end) {
			t.Errorf("%s %s holds until %s", c.who.User.Login, c.action, until)
		}
		if err != nil && !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("%v", err)
		}
		x, err := g.ExplainSignIn(t.Context(), src, c.who, c.action)
		if err != nil || x.Allowed != c.allowed || x.Action != c.action {
			t.Errorf("%+v, %v", x, err)
		}
	}
	// Without a context of its own a subject has the clock.
	if _, err := g.SignIn(t.Context(), src, mia, authz.ActionLogin); err != nil {
		t.Error(err)
	}
}

// MODEL.md 7.6: someone who administers can sign in from here and mend it.
func TestReachable(t *testing.T) {
	admin := mia
	admin.User.Profile = alveary.ProfileAdmin
	other := admin
	other.User.ID, other.User.Login = 8, "zoe"
	open := []alveary.Policy{restPolicy("r", allowing(nil, "<.*>")), ofType(alveary.PolicyOIDC, "o", allowing(nil, "<.*>"))}
	with := func(policies ...alveary.Policy) []alveary.Policy { return append(slices.Clone(open), policies...) }
	equal := func(attribute, value string) alveary.Conditions {
		return alveary.Conditions{{Attribute: attribute, Condition: alveary.Condition{Type: "StringEqualCondition", Options: map[string]any{"equals": value}}}}
	}
	on := func(path string) alveary.Rule {
		return alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"<.*>"}, Resources: []string{"rest:" + path}}
	}
	disabled := admin
	disabled.User.Disabled = true
	for _, c := range []struct {
		name     string
		policies []alveary.Policy
		admins   []alveary.Subject
		want     bool
	}{
		{"open", open, []alveary.Subject{admin}, true},
		{"nothing allows", nil, []alveary.Subject{admin}, false},
		{"nobody is left", open, nil, false},
		{"disabled", open, []alveary.Subject{disabled}, false},
		{"no administrator", open, []alveary.Subject{mia}, false},
		{"one of two", with(ofType(alveary.PolicyOIDC, "x", alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"user:mia"}})), []alveary.Subject{admin, other}, true},
		{"neither", with(ofType(alveary.PolicyOIDC, "x", denying(network("10.0.0.0/8"), "login"))), []alveary.Subject{admin, other}, false},
		{"from elsewhere", with(restPolicy("x", denying(network("11.0.0.0/8"), "<.*>"))), []alveary.Subject{admin}, true},
		{"not from here", with(restPolicy("x", denying(network("10.0.0.0/8"), "<.*>"))), []alveary.Subject{admin}, false},
		{"no page to sign in", with(restPolicy("x", on("/session"))), []alveary.Subject{admin}, false},
		{"no list of policies", with(restPolicy("x", on("/policies"))), []alveary.Subject{admin}, false},
		{"no policy", with(restPolicy("x", on("/policies/<.*>"))), []alveary.Subject{admin}, false},
		{"no sign-in by method", with(restPolicy("x", denying(equal("RequestMethod", "POST"), "<.*>"))), []alveary.Subject{admin}, false},
		{"no sign-in by address", with(restPolicy("x", denying(equal("RequestURI", "/api/v1/session"), "<.*>"))), []alveary.Subject{admin}, false},
		{"no nobody", with(restPolicy("x", denying(equal("AuthMethod", "none"), "POST"))), []alveary.Subject{admin}, false},
		{"no deleting", with(restPolicy("x", denying(equal("RequestMethod", "DELETE"), "<.*>"))), []alveary.Subject{admin}, true},
		{"only observed", with(alveary.Policy{ID: "x", Type: alveary.PolicyREST, Mode: alveary.ModeObserved, Rules: []alveary.Rule{denying(nil, "<.*>")}}), []alveary.Subject{admin}, true},
	} {
		g, _ := newGate(t)
		here := alveary.Context{Address: "10.0.0.1", Method: "DELETE", URI: "/api/v1/policies/x", AuthBy: "password", AuthLevel: 1}
		if c.name == "no deleting" {
			here.Method = "PUT"
		}
		got, err := g.Reachable(t.Context(), governed(c.policies), c.admins, here)
		if err != nil || got != c.want {
			t.Errorf("%s: %t, %v", c.name, got, err)
		}
	}
}
