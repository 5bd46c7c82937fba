package govern

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"alveary"
	"alveary/authz/lint"
	"alveary/policy"
	"alveary/service/govern/document"
	"alveary/service/govern/intake"
)

// Policies lists the policies of a type; of all types where it is empty.
func (s *Service) Policies(ctx context.Context, who alveary.Subject, of alveary.PolicyType) (list []document.PolicyLine, err error) {
	err = s.read(ctx, who, "list the policies", func(r *room) error {
		heads, err := r.PolicyHeads()
		if err != nil {
			return err
		}
		entries, err := r.Entries()
		if err != nil {
			return err
		}
		observed, err := r.Observations()
		if err != nil {
			return err
		}
		found, err := r.entryFindings(nil)
		if err != nil {
			return err
		}
		uses := map[alveary.PolicyID]int{}
		for _, e := range entries {
			for _, id := range e.Policies {
				uses[id]++
			}
		}
		list = []document.PolicyLine{}
		for _, h := range heads {
			p := &h.Policy
			if of != "" && p.Type != of {
				continue
			}
			list = append(list, document.PolicyLine{
				ID: p.ID, Type: p.Type, Label: p.Label, Description: p.Description, Mode: modeOf(p), Rules: len(p.Rules),
				Version: h.Version, Changed: h.At, Author: h.Author, UsedBy: uses[p.ID],
				Findings: len(s.lint(h)) + len(found[p.ID]), Observed: observation(p, observed),
			})
		}
		return nil
	})
	return list, err
}

// observation counts from the moment on that a policy is observed.
func observation(p *alveary.Policy, all map[alveary.PolicyID]alveary.Observation) *document.Observed {
	if p.Mode != alveary.ModeObserved {
		return nil
	}
	o := all[p.ID]
	return &document.Observed{Count: o.Count, Last: instant(o.Last)}
}

// lint looks a version through once.
func (s *Service) lint(v alveary.PolicyVersion) []policy.Finding {
	s.mu.Lock()
	have, ok := s.linted[v.Policy.ID]
	s.mu.Unlock()
	if ok && have.version == v.Version {
		return have.findings
	}
	have = lintedVersion{v.Version, policy.Lint(v.Policy)}
	s.mu.Lock()
	s.linted[v.Policy.ID] = have
	s.mu.Unlock()
	return have.findings
}

// entryFindings is what is hardly meant about how entries name policies, with
// a draft in the place of the stored policy where one is given.
func (r *room) entryFindings(draft *alveary.Policy) (map[alveary.PolicyID][]lint.Finding, error) {
	data, err := r.Access(r.ctx)
	if err != nil {
		return nil, err
	}
	if draft != nil {
		data.Policies = withPolicy(data.Policies, *draft)
	}
	all, err := lint.Entries(data, r.ways(data.Entries))
	found := map[alveary.PolicyID][]lint.Finding{}
	for _, f := range all {
		found[f.Policy] = append(found[f.Policy], f)
	}
	return found, err
}

// ways finds the ways to the nodes of entries, all of them when the first is
// asked for.
func (r *room) ways(entries []alveary.Entry) func(alveary.NodeID) (alveary.Lineage, error) {
	var ways map[alveary.NodeID]alveary.Lineage
	return func(id alveary.NodeID) (alveary.Lineage, error) {
		if ways == nil {
			nodes := make([]alveary.NodeID, 0, len(entries))
			for _, e := range entries {
				if e.Template == "" {
					nodes = append(nodes, e.Node)
				}
			}
			var err error
			if ways, err = r.Lineages(nodes); err != nil {
				return nil, err
			}
		}
		if ways[id] == nil {
			return nil, alveary.Withheld("find the node")
		}
		return ways[id], nil
	}
}

// withPolicy gives the policies with one put in or replaced.
func withPolicy(policies []alveary.Policy, p alveary.Policy) []alveary.Policy {
	out := slices.DeleteFunc(slices.Clone(policies), func(other alveary.Policy) bool { return other.ID == p.ID })
	return append(out, p)
}

// Policy is all about a policy.
func (s *Service) Policy(ctx context.Context, who alveary.Subject, id alveary.PolicyID) (doc document.PolicyDocument, err error) {
	err = s.read(ctx, who, "read the policy", func(r *room) error {
		v, err := r.Policy(id)
		if err == nil {
			doc, err = r.document(v)
		}
		return err
	})
	return doc, err
}

func (r *room) document(v alveary.PolicyVersion) (doc document.PolicyDocument, err error) {
	id := v.Policy.ID
	doc = document.PolicyDocument{Policy: v.Policy, Version: v.Version, Author: v.Author, At: v.At, Scenarios: []document.AttachedScenario{}}
	if doc.Policy.Rules == nil {
		doc.Policy.Rules = []alveary.Rule{}
	}
	naming, err := r.EntriesNaming(id)
	if err != nil {
		return doc, err
	}
	if doc.UsedBy, err = r.entries(naming); err != nil {
		return doc, err
	}
	if doc.Findings, err = r.findings(v.Policy, r.service.lint(v), len(naming) > 0); err != nil {
		return doc, err
	}
	scenarios, err := r.PolicyScenarios(id)
	if err != nil {
		return doc, err
	}
	for _, one := range scenarios {
		doc.Scenarios = append(doc.Scenarios, document.AttachedScenario{Name: one.Name, Text: one.Text})
	}
	observed, err := r.Observations()
	doc.Observed = observation(&v.Policy, observed)
	return doc, err
}

// findings puts together what is hardly meant in a policy and, where entries
// name it, about those.
func (r *room) findings(p alveary.Policy, own []policy.Finding, named bool) ([]document.Finding, error) {
	out := []document.Finding{}
	for _, f := range own {
		out = append(out, document.Finding{Code: f.Code, Severity: string(f.Severity), Rule: f.Rule, Attribute: f.Attribute, Message: f.Message, Fix: f.Fix})
	}
	if !named {
		return out, nil
	}
	found, err := r.entryFindings(&p)
	for _, f := range found[p.ID] {
		out = append(out, document.Finding{
			Code: f.Code, Severity: string(f.Severity), Rule: f.Rule, Attribute: f.Attribute, Message: f.Message, Fix: f.Fix, Entry: entryText(f.Entry),
		})
	}
	return out, err
}

// PolicyChange is a policy to be saved.
type PolicyChange struct {
	Text json.RawMessage // the policy as JSON
	Note string
	From *int64 // the version it was edited from, 0 for none; nil: whatever there is
}

// PutPolicy saves a version of a policy; made says that it is new. What is
// malformed is KindInvalid with the places.
func (s *Service) PutPolicy(ctx context.Context, who alveary.Subject, id alveary.PolicyID, c PolicyChange) (doc document.PolicyDocument, made bool, err error) {
	const op = "save the policy"
	p, err := intake.Policy(c.Text)
	if err == nil && p.ID != id {
		err = intake.Misplaced(p.ID, "id", fmt.Sprintf("the policy says that it is %q and is saved as %q", p.ID, id))
	}
	if err == nil {
		err = checkNote(op, c.Note)
	}
	if err != nil {
		return doc, false, err
	}
	err = s.change(ctx, who, op, func(r *room) error {
		now, err := r.Policy(id)
		if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
			return err
		}
		made = now.Version == 0
		if c.From != nil && *c.From != now.Version {
			return changed(op, id, now)
		}
		if !made && c.Note == "" && p.Equal(now.Policy) {
			doc, err = r.document(now)
			return err
		}
		doc, err = r.putPolicy(now.Policy, p, c.Note)
		if err != nil {
			return err
		}
		return r.record("save-policy", fmt.Sprintf("%s, version %d, %s", id, doc.Version, modeOf(&p)))
	})
	return doc, made, err
}

func changed(op string, id alveary.PolicyID, now alveary.PolicyVersion) error {
	message := "there is no such policy any more: save it as a new one"
	if now.Version != 0 {
		message = fmt.Sprintf("it is at version %d now, which %s made: look at what changed, and save again from there", now.Version, authorOf(now))
	}
	return &alveary.Error{Kind: alveary.KindPrecondition, Op: op, Subject: string(id), Code: "changed", Message: message}
}

func authorOf(v alveary.PolicyVersion) string {
	if v.Author == "" {
		return "nobody in particular"
	}
	return v.Author
}

// putPolicy makes the next version, whatever it is made from. Before is the
// policy as it was; its id is empty where there was none.
func (r *room) putPolicy(before, p alveary.Policy, note string) (doc document.PolicyDocument, err error) {
	const op = "save the policy"
	if before.ID != "" && before.Type != p.Type {
		users, err := r.EntriesNaming(p.ID)
		if err != nil {
			return doc, err
		}
		cells, err := r.CellsNaming(p.ID)
		if err != nil {
			return doc, err
		}
		if len(users)+len(cells) > 0 {
			return doc, &alveary.Error{
				Kind: alveary.KindConflict, Op: op, Subject: string(p.ID), Code: "in-use",
				Message: "entries name this policy, so its type cannot change: name another one there first",
			}
		}
	}
	scenarios, err := r.PolicyScenarios(p.ID)
	if err != nil {
		return doc, err
	}
	if err := intake.Passes(op, r.service.now(), p, scenarios); err != nil {
		return doc, err
	}
	v, err := r.PutPolicy(p, r.who.User.Login, note)
	if err != nil {
		return doc, err
	}
	r.guard = guarded(before) || guarded(p)
	return r.document(v)
}

// guarded says whether the policy has a say in who can sign in and change
// policies.
func guarded(p alveary.Policy) bool {
	return p.Type == alveary.PolicyREST || p.Type == alveary.PolicyOIDC
}

// DeletePolicy ends a policy that no entry names; its versions are kept.
func (s *Service) DeletePolicy(ctx context.Context, who alveary.Subject, id alveary.PolicyID) error {
	return s.change(ctx, who, "delete the policy", func(r *room) error {
		v, err := r.Policy(id)
		if err != nil {
			return err
		}
		if err := r.Tx.DeletePolicy(id, who.User.Login, ""); err != nil {
			return err
		}
		r.guard = guarded(v.Policy)
		return r.record("delete-policy", string(id))
	})
}

// ImportPolicies reads policies as Ladon or Cells write them, and saves nothing.
func (*Service) ImportPolicies(text []byte) ([]alveary.Policy, error) {
	policies, err := policy.Import(text)
	if err != nil {
		return nil, intake.Placed(err)
	}
	for i := range policies {
		if policies[i].Rules == nil {
			policies[i].Rules = []alveary.Rule{}
		}
	}
	return append([]alveary.Policy{}, policies...), nil
}

// checkNote bounds what people write beside a change.
func checkNote(op, note string) error {
	if len(note) > 1000 || strings.ContainsFunc(note, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return invalid(op, "", "the note is at most 1000 characters on one line")
	}
	return nil
}
