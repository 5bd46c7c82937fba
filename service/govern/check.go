package govern

import (
	"context"
	"errors"
	"fmt"

	"alveary"
	"alveary/policy"
	"alveary/service/govern/document"
	"alveary/service/govern/intake"
	"alveary/store"
)

// CheckPolicy says what saving the policy would say, and saves nothing.
func (s *Service) CheckPolicy(ctx context.Context, who alveary.Subject, text []byte, scenarios []document.AttachedScenario) (document.Checked, error) {
	out := document.Checked{Errors: []document.Mistake{}, Findings: []document.Finding{}, Scenarios: []document.CheckedScenario{}}
	p, err := intake.Policy(text)
	if err != nil {
		var m *intake.Malformed
		if !errors.As(err, &m) {
			return out, err
		}
		out.Errors = m.Mistakes
		return out, nil
	}
	out.Valid = true
	for _, one := range scenarios {
		out.Scenarios = append(out.Scenarios, intake.Try(s.now(), p, one))
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

// SetScenarios attaches scenarios to a policy in place of those before. What
// is attached must pass at once.
func (s *Service) SetScenarios(ctx context.Context, who alveary.Subject, id alveary.PolicyID, list []document.AttachedScenario) (doc document.PolicyDocument, err error) {
	const op = "attach scenarios to the policy"
	stored, err := intake.Scenarios(op, id, list)
	if err != nil {
		return doc, err
	}
	err = s.change(ctx, who, op, func(r *room) error {
		v, err := r.Policy(id)
		if err != nil {
			return err
		}
		if err := intake.Passes(op, s.now(), v.Policy, stored); err != nil {
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
