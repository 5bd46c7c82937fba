package authz

import (
	"fmt"
	"slices"

	"alveary"
	"alveary/policy"
)

// EntryFinding is something hardly meant about how entries name policies.
type EntryFinding struct {
	policy.Finding
	Policy alveary.PolicyID
	Entry  alveary.EntryID
	Node   alveary.NodeID
}

// The codes of findings about entries.
const (
	LintBesidePolicy = "beside-policy"
	LintBelowPolicy  = "below-policy"
	LintMissing      = "missing-policy"
)

// LintEntries looks at how entries name policies. Line finds the way to a
// node; entries on nodes that are gone are passed over.
func LintEntries(data alveary.AccessData, line func(alveary.NodeID) (alveary.Lineage, error)) ([]EntryFinding, error) {
	l := entryLinter{policies: map[alveary.PolicyID]*alveary.Policy{}, lines: map[alveary.NodeID]alveary.Lineage{}, find: line}
	for i := range data.Policies {
		l.policies[data.Policies[i].ID] = &data.Policies[i]
	}
	for _, e := range data.Entries {
		if len(e.Policies) > 0 {
			l.missing(e)
			l.beside(e, data.Entries)
			if err := l.below(e, data.Entries); err != nil {
				return nil, err
			}
		}
	}
	return l.findings, nil
}

type entryLinter struct {
	policies map[alveary.PolicyID]*alveary.Policy
	lines    map[alveary.NodeID]alveary.Lineage
	find     func(alveary.NodeID) (alveary.Lineage, error)
	findings []EntryFinding
}

func (l *entryLinter) add(code string, e alveary.Entry, id alveary.PolicyID, message, fix string) {
	l.findings = append(l.findings, EntryFinding{
		Finding: policy.Finding{Code: code, Severity: policy.Warning, Rule: -1, Message: message, Fix: fix},
		Policy:  id, Entry: e.ID, Node: e.Node,
	})
}

func (l *entryLinter) missing(e alveary.Entry) {
	for _, id := range e.Policies {
		if p := l.policies[id]; p == nil || p.Type != alveary.PolicyACL {
			l.add(LintMissing, e, id, fmt.Sprintf("an entry of role %s names the policy %s, which is not there or not of type acl: it denies everything", e.Role, id),
				"name another policy, or remove the entry")
		}
	}
}

// beside finds static rights that the policies beside them make void (MODEL.md
// 3.5).
func (l *entryLinter) beside(e alveary.Entry, all []alveary.Entry) {
	for _, other := range all {
		if other.Role == e.Role && other.Node == e.Node && other.Template == e.Template && len(other.Policies) == 0 && !other.Deny && other.Rights != 0 {
			l.add(LintBesidePolicy, e, e.Policies[0],
				fmt.Sprintf("role %s also holds %s on the same node, which does not count beside a policy", e.Role, other.Rights),
				"remove the rights, or allow them in the policy")
		}
	}
}

// below finds static rights beneath a policy that only allows under conditions:
// nearest decides, so that they open what it meant to keep shut (MODEL.md 3.4).
func (l *entryLinter) below(e alveary.Entry, all []alveary.Entry) error {
	if e.Node == 0 || slices.ContainsFunc(e.Policies, l.denies) {
		return nil
	}
	for _, other := range all {
		if other.Node == 0 || other.Node == e.Node || len(other.Policies) > 0 || other.Deny || other.Rights == 0 {
			continue
		}
		line, ok := l.lines[other.Node]
		if !ok {
			var err error
			if line, err = l.find(other.Node); err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
				return err
			}
			l.lines[other.Node] = line
		}
		if len(line) > 0 && slices.Contains(line.IDs()[:len(line)-1], e.Node) {
			l.add(LintBelowPolicy, e, e.Policies[0],
				fmt.Sprintf("role %s holds %s on %s beneath, and no rule of the policy denies: nearest decides, so the policy does not count there", other.Role, other.Rights, line.Path()),
				"write what the policy keeps shut as a deny rule")
			return nil
		}
	}
	return nil
}

func (l *entryLinter) denies(id alveary.PolicyID) bool {
	p := l.policies[id]
	return p != nil && slices.ContainsFunc(p.Rules, func(r alveary.Rule) bool { return r.Effect == alveary.EffectDeny })
}
