package authz

import (
	"fmt"
	"slices"

	"alveary"
	"alveary/acl"
	"alveary/authz/trace"
	"alveary/policy"
)

type (
	// Explanation is a decision with everything that counted.
	Explanation = trace.Explanation
	// RoleStep is one role of the asker, in order, with its entries on the way.
	RoleStep = trace.RoleStep
	// EntryStep is one entry of a role on a node of the way.
	EntryStep = trace.EntryStep
	// PolicyStep is a policy asked about one node of the way, or about a call.
	PolicyStep = trace.PolicyStep
	// WayStep is a Cell or link that leads to the node.
	WayStep = trace.WayStep
	// Decider is what settled the answer.
	Decider = trace.Decider
	// Flip is the nearest change of one attribute that would turn the answer.
	Flip = trace.Flip
)

// Stack are a subject's roles in order with how he comes by each.
func (a *Access) Stack() []RoleStep { return a.who.Reasons() }

// Explain decides one action on the node at the end of the lineage and says
// why. Its verdict is that of Rights: both use the same walk.
func (a *Access) Explain(line alveary.Lineage, action alveary.Action) Explanation {
	e := Explanation{
		Action: action.String(), Version: a.Version(), Allowed: a.Rights(line).Has(action), ValidUntil: a.ValidUntil(line),
	}
	e.Roles = a.roleSteps(line)
	e.Policies = a.policySteps(a.ledger, line, action)
	e.Ways = a.waySteps(line, action)
	if !e.Allowed && a.held(line, alveary.AllRights).Has(action) {
		e.Decided = outsideOf(a.mask.Scope)
	} else {
		e.Decided = a.settledBy(line, action, &e)
	}
	e.Verdict = a.sentence(&e)
	if len(line) > 1 {
		e.Residual = a.Residual(line[:len(line)-1])
		if line.Node().IsFolder() || a.ledger.Stands(line.Node().ID) || a.ways.Begins(line.Node().ID) {
			e.Residual = a.Residual(line)
		}
	}
	e.Flips = a.flips(line, action, e.Allowed)
	return e
}

func (a *Access) sentence(e *Explanation) string {
	verb := "may not"
	if e.Allowed {
		verb = "may"
	}
	name := a.who.Subject.User.Login
	switch {
	case a.who.Subject.Link != 0:
		name = "whoever opens the link"
	case name == "":
		name = "nobody in particular"
	}
	return fmt.Sprintf("%s %s %s: %s", name, verb, e.Action, e.Decided.Text)
}

// roleSteps tells each role in order, with its entry on each node of the way.
func (a *Access) roleSteps(line alveary.Lineage) []RoleStep {
	steps := a.entrySteps(a.ledger, line)
	out := make([]RoleStep, 0, len(a.who.Stack))
	for _, r := range a.who.Reasons() {
		for _, s := range steps {
			if s.Role == r.Role {
				r.Entries = append(r.Entries, s)
			}
		}
		out = append(out, r)
	}
	return out
}

// entrySteps are the entries of a ledger on the way, with what became of each.
func (a *Access) entrySteps(l *acl.Ledger, line alveary.Lineage) (out []EntryStep) {
	for _, s := range l.Steps(line.IDs(), a.now) {
		out = append(out, EntryStep{
			Entry: s.Entry.ID, Node: s.Node, Path: trace.PathTo(line, s.Node), Holds: trace.Holds(s.Entry), State: s.State.String(),
			Text: s.Text(a.who.Spoken(s.Entry.Role)), Role: s.Entry.Role,
		})
	}
	return out
}

// policySteps asks each policy that is named on the way about each node it is
// asked about: the node itself, and the folders above it from the entry on.
func (a *Access) policySteps(l *acl.Ledger, line alveary.Lineage, action alveary.Action) []PolicyStep {
	var out []PolicyStep
	w := walk{access: a, ledger: l, deny: &policy.Residual{}, about: alveary.AllRights}
	for i := range line {
		s := w.ledger.Below(w.standing, line[i].ID, a.now)
		last := i == len(line)-1
		for _, p := range s.Named {
			compiled := a.who.Snap.Policies[p]
			w.facts(&line[i])
			step := PolicyStep{
				Policy: compiled.ID(), Label: compiled.Source().Label, Mode: trace.ModeOf(compiled), Node: line[i].ID,
				Path: line[:i+1].Path(), Above: !last,
			}
			if !last {
				a.facts.Context = a.above
			}
			step.Rules = compiled.Steps(action, &a.facts, !last)
			a.facts.Context = a.context
			step.Verdict = policy.VerdictOf(step.Rules)
			out = append(out, step)
		}
		w.enter(&line[i])
	}
	return out
}

// decider finds what settled the answer as far as the subject's own roles go, in
// the order in which the model looks.
func (a *Access) decider(line alveary.Lineage, e *Explanation) Decider {
	d := Decider{Rule: -1}
	steps := a.ledger.Steps(line.IDs(), a.now)
	for _, s := range steps {
		if s.State == acl.Denies {
			d.Clause, d.Text, d.Node, d.Role, d.Entry = "3.2", s.Text(a.who.Spoken(s.Entry.Role)), s.Node, s.Entry.Role, s.Entry.ID
			if s.Missing {
				d.Clause = "3.5"
			}
			d.Path = trace.PathTo(line, s.Node)
			return d
		}
	}
	for _, p := range e.Policies {
		if p.Verdict == policy.Denies {
			r := p.Rules[slices.IndexFunc(p.Rules, func(r policy.RuleStep) bool { return r.Applies && r.Effect == alveary.EffectDeny })]
			d.Clause, d.Policy, d.Rule, d.Node, d.Path = "3.2", p.Policy, r.Index, p.Node, p.Path
			d.Text = fmt.Sprintf("the rule %s of the policy %s denies it", r.Name(), p.Policy)
			if p.Above {
				d.Clause, d.Text = "3.6", d.Text+" on the folder "+p.Path
			}
			return d
		}
	}
	var nearest *acl.Step
	for i := range steps {
		if steps[i].State == acl.Counts {
			nearest = &steps[i]
		}
	}
	if nearest == nil {
		d.Clause, d.Text = "3.1", "no entry of any role allows it"
		return d
	}
	d.Clause, d.Node, d.Role, d.Entry = "3.4", nearest.Node, nearest.Entry.Role, nearest.Entry.ID
	d.Path, d.Text = trace.PathTo(line, nearest.Node), nearest.Text(a.who.Spoken(nearest.Entry.Role))
	if len(nearest.Policies) > 0 {
		d.Clause = "3.5"
		for _, p := range e.Policies {
			if !p.Above && p.Verdict == policy.Allows && e.Allowed {
				r := p.Rules[slices.IndexFunc(p.Rules, func(r policy.RuleStep) bool { return r.Applies && r.Effect == alveary.EffectAllow })]
				d.Policy, d.Rule, d.Text = p.Policy, r.Index, fmt.Sprintf("the rule %s of the policy %s allows it", r.Name(), p.Policy)
				return d
			}
		}
		d.Text += ", and no rule of them allows it"
	}
	return d
}
