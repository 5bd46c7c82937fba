package authz

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"alveary"
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
	f := snap.facts(&s, g.now, resource)
	q := question{snap: snap, facts: f, action: action, set: snap.rest}
	if t == alveary.PolicyOIDC {
		q.set = snap.oidc
	}
	e := Explanation{
		Action: action, Version: snap.version, Allowed: snap.ask(t, action, f) == policy.Allows,
		Roles: snap.who(&s).reasons(),
	}
	for _, p := range q.set.Policies() {
		e.Policies = append(e.Policies, q.step(p))
		e.ValidUntil = earlier(e.ValidUntil, p.ValidUntil(f))
	}
	e.Decided = q.decider(e.Policies)
	admitted := admits(t, &s, action, resource)
	if !admitted {
		e.Allowed, e.Decided = false, outsideOf(s.Scope)
	}
	for _, p := range snap.watched {
		if p.Source().Type == t {
			e.Policies = append(e.Policies, q.step(p)) // shown, and decides nothing
		}
	}
	a := &Access{who: snap.who(&s)}
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
	snap   *snapshot
	set    *policy.Set
	facts  *policy.Facts
	action string
}

func (q *question) step(p *policy.Policy) PolicyStep {
	s := PolicyStep{Policy: p.ID(), Label: p.Source().Label, Mode: modeOf(p), Rules: p.CallSteps(q.action, q.facts)}
	s.Verdict = policy.VerdictOf(s.Rules)
	return s
}

// decider is the first deny, or else the first allow.
func (*question) decider(steps []PolicyStep) Decider {
	for _, verdict := range []policy.Verdict{policy.Denies, policy.Allows} {
		effect, word := alveary.EffectAllow, "allows"
		if verdict == policy.Denies {
			effect, word = alveary.EffectDeny, "denies"
		}
		for i := range steps {
			p := &steps[i]
			if p.Verdict != verdict {
				continue
			}
			r := p.Rules[slices.IndexFunc(p.Rules, func(r policy.RuleStep) bool { return r.Applies && r.Effect == effect })]
			return Decider{
				Clause: "6.1", Policy: p.Policy, Rule: r.Index,
				Text: fmt.Sprintf("the rule %s of the policy %s %s it", r.Name(), p.Policy, word),
			}
		}
	}
	return Decider{Clause: "6.2", Text: "no rule of any enforced policy allows it", Rule: -1}
}

// flips tries the values at which conditions could change their answer, as
// Access.flips does.
func (q *question) flips(allowed bool) []Flip {
	found := map[string]*probe{}
	for _, p := range q.set.Policies() {
		for attribute, values := range p.Boundaries(q.facts) {
			at := found[attribute]
			if at == nil {
				at = &probe{attribute: attribute, now: q.facts.Attribute(attribute)}
				found[attribute] = at
			}
			at.values = append(at.values, values...)
		}
	}
	var out []Flip
	for _, p := range nearestFirst(found) {
		for _, to := range p.values {
			if q.imagine(p.attribute, to) != allowed {
				out = append(out, flip(p, to, !allowed))
				break // they come nearest first
			}
		}
	}
	return out
}

func (q *question) imagine(attribute string, to alveary.Value) bool {
	c := Supposing(*q.facts.Context, attribute, to)
	f := *q.facts
	f.Context = &c
	return q.set.Ask(q.action, &f) == policy.Allows
}

// Supposing is the context with one attribute changed.
func Supposing(c alveary.Context, attribute string, to alveary.Value) alveary.Context {
	c.Set = maps.Clone(c.Set)
	if c.Set == nil {
		c.Set = map[string]alveary.Value{}
	}
	if attribute == alveary.AttrServerTime && to.Kind() == alveary.ValueInstant {
		c.Now = to.Time()
		delete(c.Set, attribute)
		return c
	}
	c.Set[attribute] = to
	return c
}

// nearestFirst gives each attribute's values by how far they are from what is.
func nearestFirst(found map[string]*probe) []probe {
	out := make([]probe, 0, len(found))
	for _, name := range slices.Sorted(maps.Keys(found)) {
		p := *found[name]
		slices.SortStableFunc(p.values, func(x, y alveary.Value) int { return cmp.Compare(distance(&p.now, &x), distance(&p.now, &y)) })
		out = append(out, p)
	}
	return out
}
