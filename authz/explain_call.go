package authz

import (
	"context"

	"alveary"
	"alveary/authz/bound"
	"alveary/authz/trace"
	"alveary/policy"
)

// ExplainCall decides one API call as Call does, counts nothing, and says why.
func (g *Gate) ExplainCall(ctx context.Context, src Source, s alveary.Subject, method, path string) (Explanation, error) {
	return g.explainQuestion(ctx, src, s, alveary.PolicyREST, method, RESTResource(path))
}

// ExplainSignIn decides a sign-in as SignIn does, counts nothing, and says why.
func (g *Gate) ExplainSignIn(ctx context.Context, src Source, s alveary.Subject, action string) (Explanation, error) {
	return g.explainQuestion(ctx, src, s, alveary.PolicyOIDC, action, string(alveary.PolicyOIDC))
}

// explainQuestion explains a question to all policies of a type. Its verdict is
// that of the very question.
func (g *Gate) explainQuestion(ctx context.Context, src Source, s alveary.Subject, t alveary.PolicyType, action, resource string) (Explanation, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return Explanation{}, err
	}
	f := snap.Facts(&s, g.now, resource)
	q := question{snap: snap, facts: f, action: action, set: snap.REST}
	if t == alveary.PolicyOIDC {
		q.set = snap.OIDC
	}
	e := Explanation{
		Action: action, Version: snap.Version, Allowed: snap.Ask(t, action, f) == policy.Allows,
		Roles: snap.Who(&s).Reasons(),
	}
	for _, p := range q.set.Policies() {
		e.Policies = append(e.Policies, q.step(p))
		e.ValidUntil = earlier(e.ValidUntil, p.ValidUntil(f))
	}
	e.Decided = trace.Settled(e.Policies)
	admitted := admits(t, &s, action, resource)
	if !admitted {
		e.Allowed, e.Decided = false, outsideOf(s.Scope)
	}
	for _, p := range snap.Watched {
		if p.Source().Type == t {
			e.Policies = append(e.Policies, q.step(p)) // shown, and decides nothing
		}
	}
	a := &Access{who: snap.Who(&s)}
	about := action
	if t == alveary.PolicyREST {
		about = "call " + action + " " + resource[len(restPrefix):]
	}
	e.Verdict = a.sentence(&Explanation{Action: about, Allowed: e.Allowed, Decided: e.Decided})
	if admitted {
		e.Flips = q.flips(e.Allowed)
	}
	return e, nil
}

// question is one that all policies of a type answer together (MODEL.md 6.2).
type question struct {
	snap   *bound.Snapshot
	set    *policy.Set
	facts  *policy.Facts
	action string
}

func (q *question) step(p *policy.Policy) PolicyStep {
	s := PolicyStep{Policy: p.ID(), Label: p.Source().Label, Mode: trace.ModeOf(p), Rules: p.CallSteps(q.action, q.facts)}
	s.Verdict = policy.VerdictOf(s.Rules)
	return s
}

// flips tries the values at which conditions could change their answer, as
// Access.flips does.
func (q *question) flips(allowed bool) []Flip {
	found := map[string]*trace.Probe{}
	for _, p := range q.set.Policies() {
		for attribute, values := range p.Boundaries(q.facts) {
			at := found[attribute]
			if at == nil {
				at = &trace.Probe{Attribute: attribute, Now: q.facts.Attribute(attribute)}
				found[attribute] = at
			}
			at.Values = append(at.Values, values...)
		}
	}
	var out []Flip
	for _, p := range trace.NearestFirst(found) {
		for _, to := range p.Values {
			if q.imagine(p.Attribute, to) != allowed {
				out = append(out, trace.Turn(p, to, !allowed))
				break // they come nearest first
			}
		}
	}
	return out
}

func (q *question) imagine(attribute string, to alveary.Value) bool {
	c := trace.Supposing(*q.facts.Context, attribute, to)
	f := *q.facts
	f.Context = &c
	return q.set.Ask(q.action, &f) == policy.Allows
}
