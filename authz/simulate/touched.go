package simulate

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"alveary"
	"alveary/authz"
)

// touch finds what differs between the two sets of data, and where that could
// make a difference.
func (s *simulation) touch() error {
	s.roles, s.policies = map[alveary.RoleID]bool{}, map[alveary.PolicyID]bool{}
	s.standing, s.template = map[alveary.NodeID]bool{}, map[alveary.TemplateID]bool{}
	differing(s.Before.Policies, s.After.Policies, func(p alveary.Policy) alveary.PolicyID { return p.ID }, func(p alveary.Policy) string { return fmt.Sprintf("%+v", p) },
		func(p alveary.Policy) {
			s.policies[p.ID] = true
			s.calls = s.calls || p.Type == alveary.PolicyREST
			s.signIn = s.signIn || p.Type == alveary.PolicyOIDC
		})
	values := map[string][]alveary.Value{}
	named := maps.Clone(s.policies)
	mark := func(e alveary.Entry) {
		s.roles[e.Role] = true
		for _, id := range e.Policies {
			named[id] = true
		}
		if e.Template != "" {
			s.template[e.Template] = true
		} else {
			s.standing[e.Node] = true
		}
		if !e.Expires.IsZero() {
			values[alveary.AttrServerTime] = append(values[alveary.AttrServerTime], alveary.Instant(e.Expires.Add(-time.Second)), alveary.Instant(e.Expires))
		}
	}
	differing(s.Before.Entries, s.After.Entries, func(e alveary.Entry) alveary.EntryID { return e.ID }, func(e alveary.Entry) string { return fmt.Sprintf("%+v", e) }, mark)
	moved := s.moved()
	for _, e := range slices.Concat(s.Before.Entries, s.After.Entries) {
		if moved[e.Role] || slices.ContainsFunc(e.Policies, func(p alveary.PolicyID) bool { return s.policies[p] }) {
			mark(e)
		}
	}
	maps.Copy(s.roles, moved)
	s.touchCells(mark, func(c alveary.Cell) {
		for _, at := range []time.Time{c.From, c.Until} {
			if !at.IsZero() {
				values[alveary.AttrServerTime] = append(values[alveary.AttrServerTime], alveary.Instant(at.Add(-time.Second)), alveary.Instant(at))
			}
		}
	}, func(e alveary.Entry) {
		for _, id := range e.Policies {
			named[id] = true
		}
	})
	s.probe(named, values)
	s.tellApart()
	return s.touchHomes()
}

// moved are the roles that stand elsewhere in someone's order, or are no longer
// his, or newly so.
func (s *simulation) moved() map[alveary.RoleID]bool {
	moved := map[alveary.RoleID]bool{}
	differing(s.Before.Roles, s.After.Roles, func(r alveary.Role) alveary.RoleID { return r.ID }, func(r alveary.Role) string { return fmt.Sprintf("%+v", r) },
		func(r alveary.Role) { moved[r.ID] = true })
	for _, p := range s.People {
		if s.before.Alike(&p.Before, s.after, &p.After) {
			continue
		}
		for _, r := range slices.Concat(s.before.Stack(&p.Before), s.after.Stack(&p.After)) {
			moved[r.Role] = true
		}
	}
	return moved
}

// probe gathers the values at which conditions of the policies could change
// their answer.
func (s *simulation) probe(policies map[alveary.PolicyID]bool, values map[string][]alveary.Value) {
	f := s.before.Facts(s.Context)
	for _, trial := range []*authz.Trial{s.before, s.after} {
		for _, id := range slices.Sorted(maps.Keys(policies)) {
			if p := trial.Policies()[id]; p != nil {
				for attribute, list := range p.Boundaries(&f) {
					values[attribute] = append(values[attribute], list...)
				}
			}
		}
	}
	for _, attribute := range slices.Sorted(maps.Keys(values)) {
		s.probes = append(s.probes, probe{attribute: attribute, values: distinct(values[attribute])})
	}
}

// tellApart finds out whether people who hold the same roles may get different
// answers: any policy that is part of a question can tell them apart, not only
// one that is touched.
func (s *simulation) tellApart() {
	for _, trial := range []*authz.Trial{s.before, s.after} {
		for _, p := range trial.Policies() {
			asked := len(s.standing) > 0
			switch p.Source().Type {
			case alveary.PolicyREST:
				asked = s.calls
			case alveary.PolicyOIDC:
				asked = s.signIn
			case alveary.PolicyACL:
			}
			s.personal = s.personal || (asked && p.Personal())
		}
	}
}

// touchHomes adds the template paths whose nodes lie beneath what is touched.
func (s *simulation) touchHomes() error {
	for _, e := range slices.Concat(s.Before.Entries, s.After.Entries) {
		parent := s.Templates[e.Template]
		if e.Template == "" || parent == 0 || s.template[e.Template] {
			continue
		}
		line, err := s.Line(parent)
		if alveary.IsKind(err, alveary.KindNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if slices.ContainsFunc(line.IDs(), func(id alveary.NodeID) bool { return s.standing[id] }) {
			s.template[e.Template] = true
		}
	}
	return nil
}

func distinct(values []alveary.Value) []alveary.Value {
	seen := map[string]bool{}
	return slices.DeleteFunc(values, func(v alveary.Value) bool {
		key := v.String()
		if seen[key] {
			return true
		}
		seen[key] = true
		return false
	})
}

// differing hands over what is not the same in both lists.
func differing[T any, K comparable](before, after []T, key func(T) K, text func(T) string, fn func(T)) {
	was := make(map[K]string, len(before))
	for _, one := range before {
		was[key(one)] = text(one)
	}
	for _, one := range after {
		if old, ok := was[key(one)]; !ok || old != text(one) {
			fn(one)
		}
		delete(was, key(one))
	}
	for _, one := range before {
		if _, gone := was[key(one)]; gone {
			fn(one)
		}
	}
}
