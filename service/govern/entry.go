package govern

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"alveary"
	"alveary/service/govern/document"
	"alveary/service/govern/intake"
)

// EntryFilter chooses entries; what is empty chooses all.
type EntryFilter struct {
	Role   alveary.RoleID
	Node   alveary.NodeID
	Policy alveary.PolicyID
}

// Entries lists ACL entries.
func (s *Service) Entries(ctx context.Context, who alveary.Subject, f EntryFilter) (list []document.Entry, err error) {
	err = s.read(ctx, who, "list the entries", func(r *room) error {
		var chosen []alveary.Entry
		switch {
		case f.Node != 0:
			chosen, err = r.EntriesOn(f.Node)
		case f.Policy != "":
			chosen, err = r.EntriesNaming(f.Policy)
		case f.Role != "":
			chosen, err = r.EntriesOf(f.Role)
		default:
			chosen, err = r.Tx.Entries()
		}
		if err != nil {
			return err
		}
		list, err = r.entries(chosen, f)
		return err
	})
	return list, err
}

// entries describes entries, those that the filters leave.
func (r *room) entries(stored []alveary.Entry, filters ...EntryFilter) ([]document.Entry, error) {
	out := []document.Entry{}
	if len(stored) == 0 {
		return out, nil
	}
	roles, err := r.Roles()
	if err != nil {
		return nil, err
	}
	labels := make(map[alveary.RoleID]string, len(roles))
	for _, role := range roles {
		labels[role.ID] = role.Label
	}
	stored = slices.DeleteFunc(slices.Clone(stored), func(e alveary.Entry) bool { return len(filters) > 0 && !filters[0].takes(e) })
	nodes := make([]alveary.NodeID, 0, len(stored))
	for _, e := range stored {
		if e.Template == "" {
			nodes = append(nodes, e.Node)
		}
	}
	ways, err := r.Lineages(nodes)
	if err != nil {
		return nil, err
	}
	for _, e := range stored {
		one := document.Entry{
			ID: entryText(e.ID), Role: e.Role, RoleLabel: labels[e.Role], Template: e.Template, Rights: []string{}, Deny: e.Deny,
			Policies: append([]alveary.PolicyID{}, e.Policies...), Expires: instant(e.Expires),
		}
		for _, a := range e.Rights.Actions() {
			one.Rights = append(one.Rights, a.String())
		}
		if e.Template == "" {
			node := e.Node
			one.Node, one.Path = &node, ways[node].Path()
		}
		out = append(out, one)
	}
	return out, nil
}

func (f EntryFilter) takes(e alveary.Entry) bool {
	named := f.Policy == ""
	for _, p := range e.Policies {
		named = named || p == f.Policy
	}
	return named && (f.Role == "" || e.Role == f.Role) && (f.Node == 0 || e.Node == f.Node && e.Template == "")
}

// AddEntry makes an ACL entry.
func (s *Service) AddEntry(ctx context.Context, who alveary.Subject, in document.EntryIn) (out document.Entry, err error) {
	const op = "make the entry"
	err = s.write(ctx, who, func(r *room) error {
		e, err := r.toEntry(op, in)
		if err != nil {
			return err
		}
		if err := r.mayGive(op, e); err != nil {
			return err
		}
		if e, err = r.InsertEntry(e); err != nil {
			return err
		}
		if out, err = r.entry(e); err != nil {
			return err
		}
		return r.record("add-entry", describe(out))
	})
	return out, s.kept(ctx, who, err)
}

// ReplaceEntry puts an ACL entry in the place of another.
func (s *Service) ReplaceEntry(ctx context.Context, who alveary.Subject, id string, in document.EntryIn) (out document.Entry, err error) {
	const op = "change the entry"
	number, err := entryID(op, id)
	if err != nil {
		return out, err
	}
	err = s.write(ctx, who, func(r *room) error {
		old, err := r.Entry(number)
		if err != nil {
			return r.hidden(op, err)
		}
		if err := r.mayTake(op, old); err != nil {
			return err
		}
		e, err := r.toEntry(op, in)
		if err != nil {
			return err
		}
		if err := r.mayGive(op, e); err != nil {
			return err
		}
		e.ID = number
		if e, err = r.UpdateEntry(e); err != nil {
			return err
		}
		before, err := r.entry(old)
		if err != nil {
			return err
		}
		if out, err = r.entry(e); err != nil {
			return err
		}
		return r.record("change-entry", describe(before)+" → "+describe(out))
	})
	return out, s.kept(ctx, who, err)
}

// DeleteEntry takes an ACL entry away.
func (s *Service) DeleteEntry(ctx context.Context, who alveary.Subject, id string) error {
	const op = "delete the entry"
	number, err := entryID(op, id)
	if err != nil {
		return err
	}
	err = s.write(ctx, who, func(r *room) error {
		old, err := r.Entry(number)
		if err != nil {
			return r.hidden(op, err)
		}
		if err := r.mayTake(op, old); err != nil {
			return err
		}
		shown, err := r.entry(old)
		if err != nil {
			return err
		}
		if err := r.Tx.DeleteEntry(number); err != nil {
			return err
		}
		return r.record("delete-entry", describe(shown))
	})
	return s.kept(ctx, who, err)
}

// hidden answers who is no administrator about an entry that is not there as
// about one on a node that he may not see.
func (r *room) hidden(op string, err error) error {
	if !isAdministrator(r.who) && alveary.IsKind(err, alveary.KindNotFound) {
		return alveary.Withheld(op)
	}
	return err
}

// kept keeps a denial in the audit log when its transaction is gone.
func (s *Service) kept(ctx context.Context, who alveary.Subject, err error) error {
	if alveary.IsKind(err, alveary.KindDenied) {
		return s.refused(ctx, who, err)
	}
	return err
}

func (r *room) entry(e alveary.Entry) (document.Entry, error) {
	list, err := r.entries([]alveary.Entry{e})
	if err != nil {
		return document.Entry{}, err
	}
	return list[0], nil
}

// describe is an entry in the audit log.
func describe(e document.Entry) string {
	holds := strings.Join(e.Rights, ", ")
	switch {
	case e.Deny:
		holds = "deny"
	case len(e.Policies) > 0:
		holds = fmt.Sprintf("policies %v", e.Policies)
	case holds == "":
		holds = "nothing"
	}
	where := e.Path
	if e.Template != "" {
		where = "template path " + string(e.Template)
	}
	text := fmt.Sprintf("%s: role %s holds %s on %s", e.ID, e.Role, holds, where)
	if e.Expires != nil {
		text += " until " + e.Expires.UTC().Format("2006-01-02T15:04:05Z")
	}
	return text
}

// toEntry reads an entry and refuses what it could not mean.
func (r *room) toEntry(op string, in document.EntryIn) (e alveary.Entry, err error) {
	e = alveary.Entry{Role: in.Role, Template: in.Template, Deny: in.Deny, Policies: in.Policies}
	bad := func(field, message string) error {
		return intake.Field(op, "", field, message)
	}
	if _, err := r.Role(in.Role); err != nil {
		if alveary.IsKind(err, alveary.KindNotFound) {
			return e, bad("role", "there is no role of this id")
		}
		return e, err
	}
	if e.Rights, err = alveary.ParseRights(strings.Join(in.Rights, ",")); err != nil {
		return e, bad("rights", "only read and write can be given")
	}
	switch {
	case in.Deny && (e.Rights != 0 || len(in.Policies) > 0):
		return e, bad("deny", "an entry holds rights, or a deny, or policies: one of the three")
	case e.Rights != 0 && len(in.Policies) > 0:
		return e, bad("policies", "policies stand in the place of rights: name the one or the other")
	}
	if in.Expires != nil {
		if e.Expires = *in.Expires; !e.Expires.After(r.Now()) {
			return e, bad("expires", "this time has passed, so the entry would never count")
		}
	}
	if err := r.checkNamed(in.Policies, bad); err != nil {
		return e, err
	}
	e.Node, err = r.entryNode(op, in, bad)
	return e, err
}

func (r *room) checkNamed(policies []alveary.PolicyID, bad func(field, message string) error) error {
	for i, id := range policies {
		field := fmt.Sprintf("policies[%d]", i)
		v, err := r.Policy(id)
		switch {
		case alveary.IsKind(err, alveary.KindNotFound):
			return bad(field, fmt.Sprintf("there is no policy %q", id))
		case err != nil:
			return err
		case v.Policy.Type != alveary.PolicyACL:
			return bad(field, fmt.Sprintf("the policy %q is of type %s, and entries name those of type acl", id, v.Policy.Type))
		}
		for _, other := range policies[:i] {
			if other == id {
				return bad(field, "this policy is named twice")
			}
		}
	}
	return nil
}

func (r *room) entryNode(op string, in document.EntryIn, bad func(field, message string) error) (alveary.NodeID, error) {
	given := 0
	for _, text := range []string{in.Node, in.Path, string(in.Template)} {
		if text != "" {
			given++
		}
	}
	if given != 1 {
		return 0, bad("node", "an entry is on a node, given by its id or its path, or on a template path: one of the three")
	}
	if in.Template != "" {
		if _, err := r.TemplateParent(in.Template); err != nil {
			if alveary.IsKind(err, alveary.KindNotFound) {
				return 0, bad("template", "there is no template path of this id")
			}
			return 0, err
		}
		return 0, nil
	}
	way, err := r.resolve(op, in.Node, in.Path, alveary.Subject{})
	if err != nil {
		return 0, err
	}
	return way.Node().ID, nil
}
