package scenario

import (
	"fmt"

	"alveary/authz"
	"alveary/policy"
)

// told puts an explanation into lines: the verdict, the entries of each role in
// order, the policies asked with their rules, and what would turn the answer.
func told(e authz.Explanation) []string {
	lines := []string{e.Verdict + " (" + e.Decided.Clause + ")"}
	for _, r := range e.Roles {
		for _, s := range r.Entries {
			lines = append(lines, fmt.Sprintf("role %s on %s: %s (%s)", r.Role, pathWord(s.Path), s.Text, s.State))
		}
	}
	for _, p := range e.Policies {
		if p.Above && p.Verdict == policy.Silent {
			continue // on folders above only denies count
		}
		lines = append(lines, fmt.Sprintf("policy %s on %s: %s", p.Policy, pathWord(p.Path), p.Verdict))
		lines = append(lines, toldRules(p.Rules)...)
	}
	lines = append(lines, toldWays(e.Ways, "")...)
	for _, f := range e.Flips {
		lines = append(lines, f.Text)
	}
	return lines
}

func toldRules(steps []policy.RuleStep) (lines []string) {
	for _, s := range steps {
		lines = append(lines, fmt.Sprintf("  rule %s, %s: %s", s.Name(), s.Effect, s.Why))
		for _, c := range s.Conditions {
			lines = append(lines, fmt.Sprintf("    %s: %s is %s", c.Words, c.Value, c.Result))
		}
	}
	return lines
}

func pathWord(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// toldWays are the Cells and links that lead to the node, those of their owners
// beneath each.
func toldWays(ways []authz.WayStep, indent string) (lines []string) {
	for _, w := range ways {
		lines = append(lines, indent+w.Text)
		lines = append(lines, toldWays(w.Above, indent+"  ")...)
	}
	return lines
}
