package govern

import (
	"alveary"
	"alveary/authz"
	"alveary/service/govern/document"
)

// tell makes a document of what the gate explains.
func tell(e *authz.Explanation, s *alveary.Subject) document.Explanation {
	out := document.Explanation{
		Allowed: e.Allowed, Action: e.Action, Verdict: e.Verdict, Version: e.Version, ValidUntil: instant(e.ValidUntil),
		Subject: document.StorySubject{Login: s.User.Login, Profile: s.User.Profile, Roles: []document.StoryRoleReason{}},
		Decided: tellDecided(&e.Decided), Roles: []document.StoryRole{}, Policies: []document.StoryPolicy{},
		Ways: tellWays([]document.StoryWay{}, e.Ways, s.User.Login, 0), Residual: append([]string{}, e.Residual...), Flips: []document.StoryFlip{},
	}
	if out.Subject.Profile == "" {
		out.Subject.Profile = alveary.ProfileAnon
	}
	for _, r := range e.Roles {
		out.Subject.Roles = append(out.Subject.Roles, document.StoryRoleReason{Role: r.Role, Label: r.Label, Why: r.Why})
		role := document.StoryRole{Role: r.Role, Label: r.Label, Why: r.Why, Entries: []document.StoryEntry{}}
		for _, x := range r.Entries {
			role.Entries = append(role.Entries, document.StoryEntry{
				Entry: entryText(x.Entry), Node: x.Node, Path: x.Path, Holds: x.Holds, State: x.State, Text: x.Text,
			})
		}
		out.Roles = append(out.Roles, role)
	}
	for i := range e.Policies {
		out.Policies = append(out.Policies, tellPolicy(&e.Policies[i]))
	}
	for _, f := range e.Flips {
		flip := document.StoryFlip{Attribute: f.Attribute, From: f.From, To: f.To, Becomes: "deny", Text: f.Text}
		if f.Becomes {
			flip.Becomes = "allow"
		}
		out.Flips = append(out.Flips, flip)
	}
	return out
}

func tellDecided(d *authz.Decider) document.StoryDecided {
	out := document.StoryDecided{Clause: d.Clause, Text: d.Text, Path: d.Path, Role: d.Role, Entry: entryText(d.Entry), Policy: d.Policy}
	if d.Node != 0 {
		out.Node = &d.Node
	}
	if d.Rule >= 0 {
		out.Rule = &d.Rule
	}
	return out
}

// tellWays puts each way before those that its owner has the node from. One
// that gives its own owner nothing, or those further up, is not worth telling.
func tellWays(out []document.StoryWay, ways []authz.WayStep, login string, depth int) []document.StoryWay {
	for i := range ways {
		w := &ways[i]
		if w.Gives == 0 && (depth > 0 || w.Owner == login) {
			continue
		}
		out = append(out, document.StoryWay{Cell: w.Cell.String(), Label: w.Label, Kind: w.Kind, Owner: w.Owner, Counts: w.Counts, Depth: depth, Text: w.Text})
		out = tellWays(out, w.Above, login, depth+1)
	}
	return out
}

func tellPolicy(p *authz.PolicyStep) document.StoryPolicy {
	out := document.StoryPolicy{Policy: p.Policy, Label: p.Label, Mode: p.Mode, OnPath: p.Above, Verdict: p.Verdict.String(), Rules: []document.StoryRule{}}
	if p.Node != 0 {
		out.At = &document.Place{ID: p.Node, Path: p.Path}
	}
	for _, r := range p.Rules {
		rule := document.StoryRule{
			Rule: r.Index, Label: r.Label, Effect: r.Effect, Applies: r.Applies, Why: r.Why, Conditions: []document.StoryCondition{},
		}
		for _, c := range r.Conditions {
			rule.Conditions = append(rule.Conditions, document.StoryCondition{
				Attribute: c.Attribute, Type: c.Type, Words: c.Words, Value: c.Value, Result: c.Result.String(),
			})
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}
