package authz

import (
	"slices"

	"alveary"
	"alveary/acl"
	"alveary/authz/bound"
	"alveary/policy"
)

// Draft is a change that is not made yet: the access data and the people as
// they are and as they would be. Package simulate finds out what it does.
type Draft struct {
	Before, After alveary.AccessData
	People        []Person
	Calls         []Call
	Context       alveary.Context // of whoever drafts: the one context that is tried as it is
	// Line finds the way to a node; a node that is gone is alveary.KindNotFound.
	Line func(alveary.NodeID) (alveary.Lineage, error)
	// Templates are the folders in which the nodes of template paths are made.
	Templates map[alveary.TemplateID]alveary.NodeID
	// Login is that of a user, for policies that read who owns a node.
	Login func(alveary.UserID) string
}

// Person is a user as he is and as he would be; one of the two may be nobody.
type Person struct{ Before, After alveary.Subject }

// Call is an API call that rest policies may allow.
type Call struct{ Method, Path string }

// Effect is one difference that a draft makes.
type Effect struct {
	People []string // logins, and links in words
	Node   alveary.NodeID
	Path   string
	Call   Call   // where no node is meant
	Right  string // one of the six rights; call, login, issue or refresh
	Gains  bool
	When   string // empty: in the context of whoever drafts
}

// Effects are the differences found so far.
type Effects struct {
	Lines      []Effect
	Gain, Lose int  // people with at least one of them
	Complete   bool // nothing is left to look at
}

// Trial is access data compiled apart from those that hold. Nothing that is
// asked of it is counted, and no request is ever decided by it.
type Trial struct {
	gate  *Gate
	snap  *bound.Snapshot
	login func(alveary.UserID) string
}

// Try compiles access data for a trial. What another trial has compiled is
// taken over where it is the same. Login is that of a user, for policies that
// read who owns a node.
func (g *Gate) Try(data alveary.AccessData, like *Trial, login func(alveary.UserID) string) *Trial {
	last := g.snapshot.Load()
	if like != nil {
		last = like.snap
	}
	return &Trial{gate: g, snap: bound.New(data, policy.NewCompiler(), last), login: login}
}

// Bind is Gate.Bind for the trial.
func (t *Trial) Bind(s alveary.Subject) *Access {
	return t.gate.bind(t.snap, func(id alveary.UserID) (string, error) { return t.login(id), nil }, &s)
}

// Stack are the roles of a subject in order.
func (t *Trial) Stack(s *alveary.Subject) []acl.Ranked { return t.snap.Who(s).Stack }

// Policies are all of the trial, compiled, by id.
func (t *Trial) Policies() map[alveary.PolicyID]*policy.Policy { return t.snap.IDs }

// Allows puts a question without a node to all policies of a type; of calls the
// resource is the path.
func (t *Trial) Allows(of alveary.PolicyType, s *alveary.Subject, action, resource string) bool {
	if of == alveary.PolicyREST {
		resource = RESTResource(resource)
	}
	return t.snap.Ask(of, action, t.snap.Facts(s, t.gate.now, resource)) == policy.Allows
}

// Facts are what is known of anybody's request in a context.
func (t *Trial) Facts(c alveary.Context) policy.Facts {
	return policy.Facts{Context: &c, Now: t.gate.now()}
}

// Alike says whether all that a binding rests on is the same of both subjects,
// the one on this trial and the other on another.
func (t *Trial) Alike(s *alveary.Subject, other *Trial, o *alveary.Subject) bool {
	a, b := t.snap.Who(s), other.snap.Who(o)
	return s.Known() == o.Known() && a.StillIs(o) && slices.Equal(a.Stack, b.Stack) && slices.Equal(a.Names, b.Names)
}
