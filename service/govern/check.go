package govern

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alveary"
	"alveary/authz/scenario"
	"alveary/policy"
	"alveary/service/govern/document"
	"alveary/store"
)

const (
	mostScenarios    = 20
	mostScenarioText = 256 << 10
)

// CheckPolicy says what saving the policy would say, and saves nothing.
func (s *Service) CheckPolicy(ctx context.Context, who alveary.Subject, text []byte, scenarios []document.AttachedScenario) (document.Checked, error) {
	out := document.Checked{Errors: []document.Mistake{}, Findings: []document.Finding{}, Scenarios: []document.CheckedScenario{}}
	p, err := readPolicy(text)
	if err != nil {
		var m *malformed
		if !errors.As(err, &m) {
			return out, err
		}
		out.Errors = m.mistakes
		return out, nil
	}
	out.Valid = true
	for _, one := range scenarios {
		out.Scenarios = append(out.Scenarios, s.runScenario(p, one))
	}
	own := policy.Lint(p)
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		r := &room{Tx: tx, service: s, ctx: ctx, who: who}
		named := false
		if isAdministrator(who) { // entries are told to nobody else
			users, err := r.EntriesNaming(p.ID)
			if err != nil {
				return err
			}
			named = len(users) > 0
		}
		out.Findings, err = r.findings(p, own, named)
		return err
	})
	return out, err
}

// runScenario asks the questions of a scenario with the policy in its place, in
// force whatever its mode.
func (s *Service) runScenario(p alveary.Policy, one document.AttachedScenario) document.CheckedScenario {
	out := document.CheckedScenario{Name: one.Name, Failed: []document.FailedQuestion{}}
	f, err := readScenario(p.ID, one.Text)
	if err != nil {
		out.Malformed = err.Error()
		return out
	}
	p.Mode = alveary.ModeEnforced
	for _, q := range f.Run(s.now(), p) {
		if !q.Passed {
			out.Failed = append(out.Failed, document.FailedQuestion{
				ID: q.ID, Note: q.Note, Message: fmt.Sprintf("%s: expected %s, got %s", q.Question, q.Expected, q.Got), Trace: append([]string{}, q.Trace...),
			})
		}
	}
	out.Passed = len(out.Failed) == 0
	return out
}

// readScenario reads a scenario that says something about the policy.
func readScenario(id alveary.PolicyID, text string) (*scenario.File, error) {
	f, err := scenario.Read([]byte(text))
	if err != nil {
		return nil, err
	}
	if !f.Names(id) {
		return nil, fmt.Errorf("no entry and no question names the policy %s, so this scenario says nothing about it", id)
	}
	return f, nil
}

// passes refuses a policy that fails one of its scenarios.
func (s *Service) passes(op string, p alveary.Policy, scenarios []alveary.PolicyScenario) error {
	for _, one := range scenarios {
		got := s.runScenario(p, document.AttachedScenario{Name: one.Name, Text: one.Text})
		if got.Passed {
			continue
		}
		what := got.Malformed
		if what == "" {
			what = "the question " + got.Failed[0].ID + " fails: " + got.Failed[0].Message
		}
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: op, Subject: string(p.ID), Code: "scenario-failed",
			Message: fmt.Sprintf("the scenario “%s” does not pass: %s", one.Name, what),
		}
	}
	return nil
}

// SetScenarios attaches scenarios to a policy in place of those before. What
// is attached must pass at once.
func (s *Service) SetScenarios(ctx context.Context, who alveary.Subject, id alveary.PolicyID, list []document.AttachedScenario) (doc document.PolicyDocument, err error) {
	const op = "attach scenarios to the policy"
	stored, err := checkScenarios(op, id, list)
	if err != nil {
		return doc, err
	}
	err = s.change(ctx, who, op, func(r *room) error {
		v, err := r.Policy(id)
		if err != nil {
			return err
		}
		if err := s.passes(op, v.Policy, stored); err != nil {
			return err
		}
		if err := r.SetPolicyScenarios(id, stored); err != nil {
			return err
		}
		if doc, err = r.document(v); err != nil {
			return err
		}
		return r.record("set-scenarios", fmt.Sprintf("%s, %d", id, len(stored)))
	})
	return doc, err
}

func checkScenarios(op string, id alveary.PolicyID, list []document.AttachedScenario) ([]alveary.PolicyScenario, error) {
	if len(list) > mostScenarios {
		return nil, invalid(op, string(id), fmt.Sprintf("a policy has at most %d scenarios", mostScenarios))
	}
	var stored []alveary.PolicyScenario
	for i, one := range list {
		bad := func(field, message string) error {
			return &malformed{
				error:    invalid(op, one.Name, message),
				mistakes: []document.Mistake{{Location: fmt.Sprintf("scenarios[%d].%s", i, field), Message: message}},
			}
		}
		switch {
		case strings.TrimSpace(one.Name) == "" || len(one.Name) > 200 || strings.ContainsFunc(one.Name, func(c rune) bool { return c < ' ' || c == 0x7f }):
			return nil, bad("name", "a scenario has a name of at most 200 characters on one line")
		case slices.ContainsFunc(stored, func(other alveary.PolicyScenario) bool { return other.Name == one.Name }):
			return nil, bad("name", "there are two scenarios of this name")
		case len(one.Text) > mostScenarioText:
			return nil, bad("text", "a scenario is at most 256 KiB long")
		}
		if _, err := readScenario(id, one.Text); err != nil {
			return nil, bad("text", err.Error())
		}
		stored = append(stored, alveary.PolicyScenario{Name: one.Name, Text: one.Text})
	}
	return stored, nil
}
