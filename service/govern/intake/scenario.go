package intake

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/authz/scenario"
	"alveary/service/govern/document"
)

const (
	mostScenarios    = 20
	mostScenarioText = 256 << 10
)

// Try asks the questions of a scenario with the policy in its place, in
// force whatever its mode.
func Try(now time.Time, p alveary.Policy, one document.AttachedScenario) document.CheckedScenario {
	out := document.CheckedScenario{Name: one.Name, Failed: []document.FailedQuestion{}}
	f, err := readScenario(p.ID, one.Text)
	if err != nil {
		out.Malformed = err.Error()
		return out
	}
	p.Mode = alveary.ModeEnforced
	for _, q := range f.Run(now, p) {
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

// Passes refuses a policy that fails one of its scenarios at a time.
func Passes(op string, now time.Time, p alveary.Policy, scenarios []alveary.PolicyScenario) error {
	for _, one := range scenarios {
		got := Try(now, p, document.AttachedScenario{Name: one.Name, Text: one.Text})
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

// Scenarios reads what is to be attached to a policy.
func Scenarios(op string, id alveary.PolicyID, list []document.AttachedScenario) ([]alveary.PolicyScenario, error) {
	if len(list) > mostScenarios {
		return nil, Invalid(op, string(id), fmt.Sprintf("a policy has at most %d scenarios", mostScenarios))
	}
	var stored []alveary.PolicyScenario
	for i, one := range list {
		bad := func(field, message string) error {
			return Field(op, one.Name, fmt.Sprintf("scenarios[%d].%s", i, field), message)
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
