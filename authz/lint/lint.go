// Package lint looks for what is hardly meant in how ACL entries name policies.
//
// It exists apart from the gate because it decides nothing: it reads the access
// data as they are stored and finds what their author should look at again. It
// is pure. Read Entries.
package lint

import (
	"fmt"
	"slices"

	"alveary"
	"alveary/acl"
	"alveary/policy"
)

// Finding is something hardly meant about how entries name policies.
type Finding struct {
	policy.Finding
	Policy alveary.PolicyID
	Entry  alveary.EntryID
	Node   alveary.NodeID
}

// The codes of findings about entries.
const (
	BesidePolicy = "beside-policy"
	BelowPolicy  = "below-policy"
	Missing      = "missing-policy"
)

// Entries looks at how entries name policies. Line finds the way to a
// node; entries on nodes that are gone are passed over.
func Entries(data alveary.AccessData, line func(alveary.NodeID) (alveary.Lineage, error)) ([]Finding, error) {
	l := linter{people: acl.NewPeople(data.Groups, data.Roles), policies: map[alveary.PolicyID]*alveary.Policy{}, plain: map[place][]alveary.Entry{}}
	for i := range data.Policies {
		l.policies[data.Policies[i].ID] = &data.Policies[i]
	}
	for _, e := range data.Entries {
		if len(e.Policies) == 0 && !e.Deny && e.Rights != 0 {
			at := place{e.Role, e.Node, e.Template}
			l.plain[at] = append(l.plain[at], e)
		}
	}
	below, err := l.below(data.Entries, line)
	if err != nil {
		return nil, err
	}
	for _, e := range data.Entries {
		if len(e.Policies) == 0 {
			continue
		}
		l.missing(e)
		if l.idle(e) {
			continue
		}
		l.beside(e)
		if message := below[e.ID]; message != "" {
			l.add(BelowPolicy, e, e.Policies[0], message, "write what the policy keeps shut as a deny rule")
		}
	}
	return l.findings, nil
}

// place is where an entry of a role stands.
type place struct {
	role     alveary.RoleID
	node     alveary.NodeID
	template alveary.TemplateID
}

type linter struct {
	people   *acl.People
	policies map[alveary.PolicyID]*alveary.Policy
	plain    map[place][]alveary.Entry // those with static rights
	findings []Finding
}

func (l *linter) add(code string, e alveary.Entry, id alveary.PolicyID, message, fix string) {
	l.findings = append(l.findings, Finding{
		Finding: policy.Finding{Code: code, Severity: policy.Warning, Rule: -1, Message: message, Fix: fix},
		Policy:  id, Entry: e.ID, Node: e.Node,
	})
}

func (l *linter) missing(e alveary.Entry) {
	for _, id := range e.Policies {
		if p := l.policies[id]; p == nil || p.Type != alveary.PolicyACL {
			l.add(Missing, e, id, fmt.Sprintf("an entry of %s names the policy %s, which is not there or not of type acl: it denies everything", l.spoken(e.Role), id),
				"name another policy, or remove the entry")
		}
	}
}

// beside finds static rights that the policies beside them make void (MODEL.md
// 3.5).
func (l *linter) beside(e alveary.Entry) {
	for _, other := range l.plain[place{e.Role, e.Node, e.Template}] {
		l.add(BesidePolicy, e, e.Policies[0],
			fmt.Sprintf("%s also holds %s on the same node, which does not count beside a policy", l.spoken(e.Role), other.Rights),
			"remove the rights, or allow them in the policy")
	}
}

// below finds static rights beneath a policy that only allows under conditions:
// nearest decides, so that they open what it meant to keep shut (MODEL.md 3.4).
// It gives what is the matter by the entry that names the policy.
func (l *linter) below(all []alveary.Entry, find func(alveary.NodeID) (alveary.Lineage, error)) (map[alveary.EntryID]string, error) {
	shut := map[alveary.NodeID][]alveary.EntryID{} // by node, entries whose policies deny nothing
	for _, e := range all {
		if e.Node != 0 && len(e.Policies) > 0 && !l.idle(e) && !slices.ContainsFunc(e.Policies, l.denies) {
			shut[e.Node] = append(shut[e.Node], e.ID)
		}
	}
	found := map[alveary.EntryID]string{}
	for _, other := range all {
		if len(shut) == 0 || other.Node == 0 || len(other.Policies) > 0 || other.Deny || other.Rights == 0 {
			continue
		}
		line, err := find(other.Node)
		if alveary.IsKind(err, alveary.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, above := range line[:len(line)-1] {
			for _, id := range shut[above.ID] {
				if found[id] == "" {
					found[id] = fmt.Sprintf("%s holds %s on %s beneath, and no rule of the policy denies: nearest decides, so the policy does not count there",
						l.spoken(other.Role), other.Rights, line.Path())
				}
			}
		}
	}
	return found, nil
}

// idle says whether none of the entry's policies is in force, so that it does
// not exist for what it would replace (MODEL.md 3.5).
func (l *linter) idle(e alveary.Entry) bool {
	return !slices.ContainsFunc(e.Policies, func(id alveary.PolicyID) bool { return l.policies[id] == nil || l.policies[id].InForce() })
}

func (l *linter) denies(id alveary.PolicyID) bool {
	p := l.policies[id]
	return p != nil && p.InForce() && slices.ContainsFunc(p.Rules, func(r alveary.Rule) bool { return r.Effect == alveary.EffectDeny })
}

// spoken is a role within a sentence. Those that groups own are called after
// them.
func (l *linter) spoken(id alveary.RoleID) string {
	if path, ofGroup := l.people.Owner(id); ofGroup {
		return "group " + path
	}
	if role, _ := l.people.Role(id); role.Label != "" {
		return "role " + role.Label
	}
	return "role " + string(id)
}
