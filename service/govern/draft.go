package govern

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"alveary"
	"alveary/authz"
	"alveary/service/govern/document"
	"alveary/service/govern/intake"
	"alveary/store"
)

// mostChanges is how many changes one simulation takes.
const mostChanges = 200

// drafting is a draft being put together from changes.
type drafting struct {
	draft    authz.Draft
	refused  *document.SimulatedRefuse // the first refusal that making the change would meet
	hopeless bool                      // a change cannot even be imagined
	guard    bool
	nextID   alveary.EntryID
}

// note keeps a refusal that making the change would meet.
func (d *drafting) note(err error) {
	if err != nil && d.refused == nil {
		d.refused = refusal(err)
	}
}

// draft applies changes to the access data and the people in memory.
func (r *room) draft(op string, changes []document.Change) (*drafting, error) {
	if len(changes) == 0 || len(changes) > mostChanges {
		return nil, invalid(op, "", fmt.Sprintf("a simulation is of 1 to %d changes", mostChanges))
	}
	data, err := r.Access(r.ctx)
	if err != nil {
		return nil, err
	}
	people, err := r.everybody()
	if err != nil {
		return nil, err
	}
	templates, err := r.templates()
	if err != nil {
		return nil, err
	}
	d := &drafting{draft: authz.Draft{Before: data, After: data, Templates: templates}, nextID: 1 << 62}
	a := &d.draft.After
	a.Roles, a.Entries, a.Policies = slices.Clone(a.Roles), slices.Clone(a.Entries), slices.Clone(a.Policies)
	logins := make(map[alveary.UserID]string, len(people))
	for _, p := range people {
		logins[p.User.ID] = p.User.Login
		d.draft.People = append(d.draft.People, authz.Person{Before: p, After: p})
	}
	d.draft.Login = func(id alveary.UserID) string { return logins[id] }
	for i, c := range changes {
		if err := r.apply(op, d, c); err != nil {
			if !alveary.IsKind(err, alveary.KindInvalid) {
				return nil, err
			}
			var m *intake.Malformed
			if c.Policy != nil && errors.As(err, &m) { // told, so that a form can go on
				d.refused, d.hopeless = refusal(err), true
				return d, nil
			}
			return nil, intake.Within(fmt.Sprintf("changes[%d]", i), err)
		}
	}
	return d, nil
}

// after are the people as they would be.
func (d *drafting) after() []alveary.Subject {
	out := make([]alveary.Subject, len(d.draft.People))
	for i, p := range d.draft.People {
		out[i] = p.After
	}
	return out
}

// templates are the folders in which nodes of template paths are made.
func (r *room) templates() (map[alveary.TemplateID]alveary.NodeID, error) {
	out := map[alveary.TemplateID]alveary.NodeID{}
	parent, err := r.TemplateParent(alveary.TemplateMyFiles)
	if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
		return nil, err
	}
	out[alveary.TemplateMyFiles] = parent
	return out, nil
}

func (r *room) apply(op string, d *drafting, c document.Change) error {
	given := 0
	for _, one := range []bool{
		len(c.Policy) > 0, c.RemovePolicy != "", c.Entry != nil, c.RemoveEntry != "", c.Role != nil, c.RemoveRole != "", c.User != nil,
	} {
		if one {
			given++
		}
	}
	if given != 1 {
		return invalid(op, "", "each change is exactly one of policy, removePolicy, entry, removeEntry, role, removeRole and user")
	}
	switch {
	case len(c.Policy) > 0:
		return r.applyPolicy(op, d, c.Policy)
	case c.RemovePolicy != "":
		return d.removePolicy(op, c.RemovePolicy)
	case c.Entry != nil:
		return r.applyEntry(op, d, *c.Entry)
	case c.RemoveEntry != "":
		return d.removeEntry(op, c.RemoveEntry)
	case c.Role != nil:
		d.guard = true
		return d.applyRole(op, *c.Role)
	case c.RemoveRole != "":
		d.guard = true
		return d.removeRole(op, c.RemoveRole)
	}
	d.guard = true
	return r.applyUser(op, d, *c.User)
}

func (r *room) applyPolicy(op string, d *drafting, text []byte) error {
	p, err := intake.Policy(text)
	if err != nil {
		return err
	}
	a := &d.draft.After
	if at := slices.IndexFunc(a.Policies, func(o alveary.Policy) bool { return o.ID == p.ID }); at >= 0 {
		d.guard = d.guard || guarded(a.Policies[at])
		if a.Policies[at].Type != p.Type && d.named(p.ID) {
			d.note(&alveary.Error{Kind: alveary.KindConflict, Op: op, Code: "in-use", Message: "entries name this policy, so its type cannot change"})
		}
	}
	d.guard = d.guard || guarded(p)
	a.Policies = withPolicy(a.Policies, p)
	scenarios, err := r.PolicyScenarios(p.ID)
	if err != nil {
		return err
	}
	d.note(intake.Passes(op, r.service.now(), p, scenarios))
	return nil
}

func (d *drafting) named(id alveary.PolicyID) bool {
	return slices.ContainsFunc(d.draft.After.Entries, func(e alveary.Entry) bool { return slices.Contains(e.Policies, id) })
}

func (d *drafting) removePolicy(op string, id alveary.PolicyID) error {
	a := &d.draft.After
	at := slices.IndexFunc(a.Policies, func(p alveary.Policy) bool { return p.ID == id })
	if at < 0 {
		return invalid(op, string(id), "there is no such policy to remove")
	}
	d.guard = d.guard || guarded(a.Policies[at])
	if d.named(id) {
		d.note(&alveary.Error{Kind: alveary.KindConflict, Op: op, Code: "in-use", Message: "an entry names this policy: name another one there, or delete the entry, first"})
	}
	a.Policies = slices.Delete(a.Policies, at, at+1)
	return nil
}

func (r *room) applyEntry(op string, d *drafting, in document.EntryIn) error {
	e, err := r.toEntry(op, in)
	if err != nil {
		return err
	}
	a := &d.draft.After
	if in.ID == "" {
		d.nextID++
		e.ID = d.nextID
		a.Entries = append(a.Entries, e)
		return nil
	}
	if e.ID, err = entryID(op, in.ID); err != nil {
		return err
	}
	at := slices.IndexFunc(a.Entries, func(o alveary.Entry) bool { return o.ID == e.ID })
	if at < 0 {
		return invalid(op, in.ID, "there is no such entry to replace")
	}
	a.Entries[at] = e
	return nil
}

func (d *drafting) removeEntry(op, text string) error {
	id, err := entryID(op, text)
	if err != nil {
		return err
	}
	a := &d.draft.After
	at := slices.IndexFunc(a.Entries, func(e alveary.Entry) bool { return e.ID == id })
	if at < 0 {
		return invalid(op, text, "there is no such entry to remove")
	}
	a.Entries = slices.Delete(a.Entries, at, at+1)
	return nil
}

func (d *drafting) applyRole(op string, in document.RoleChange) error {
	role := alveary.Role{ID: in.ID, Label: in.Label, Profiles: in.Profiles, ForceOverride: in.Force}
	if in.ID == "" || slices.ContainsFunc(in.Profiles, func(p alveary.Profile) bool { return !p.Valid() }) {
		return invalid(op, string(in.ID), "a role has an id, and its profiles are among admin, standard, shared and anon")
	}
	a := &d.draft.After
	at := slices.IndexFunc(a.Roles, func(o alveary.Role) bool { return o.ID == role.ID })
	if at < 0 {
		a.Roles = append(a.Roles, role)
		return nil
	}
	role.OwnerUser, role.OwnerGroup = a.Roles[at].OwnerUser, a.Roles[at].OwnerGroup
	a.Roles[at] = role
	return nil
}

func (d *drafting) removeRole(op string, id alveary.RoleID) error {
	a := &d.draft.After
	at := slices.IndexFunc(a.Roles, func(r alveary.Role) bool { return r.ID == id })
	if at < 0 {
		return invalid(op, string(id), "there is no such role to remove")
	}
	used := slices.ContainsFunc(a.Entries, func(e alveary.Entry) bool { return e.Role == id }) ||
		slices.ContainsFunc(d.draft.People, func(p authz.Person) bool { return slices.Contains(p.After.User.Roles, id) })
	if used {
		d.note(&alveary.Error{Kind: alveary.KindConflict, Op: op, Code: "in-use", Message: "this role is in use: take it from its users and delete its entries first"})
	}
	a.Roles = slices.Delete(a.Roles, at, at+1)
	for i := range d.draft.People {
		u := &d.draft.People[i].After.User
		u.Roles = slices.DeleteFunc(slices.Clone(u.Roles), func(r alveary.RoleID) bool { return r == id })
	}
	return nil
}

func (r *room) applyUser(op string, d *drafting, in document.UserChange) error {
	key := store.FoldName(in.Login)
	at := slices.IndexFunc(d.draft.People, func(p authz.Person) bool {
		return store.FoldName(p.Before.User.Login) == key || store.FoldName(p.After.User.Login) == key
	})
	if at < 0 {
		if in.Login == "" {
			return invalid(op, "", "name the user by his login")
		}
		// As he would be made: with a role of his own.
		id := alveary.UserID(r.NewID())
		s := alveary.Subject{User: alveary.User{ID: id, Login: in.Login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, Role: alveary.RoleID(fmt.Sprintf("user-%d", id))}
		d.draft.After.Roles = append(d.draft.After.Roles, alveary.Role{ID: s.Role, Label: in.Login, OwnerUser: id})
		at = len(d.draft.People)
		d.draft.People = append(d.draft.People, authz.Person{After: s})
	}
	u := &d.draft.People[at].After.User
	if in.Roles != nil {
		for _, id := range *in.Roles {
			if !slices.ContainsFunc(d.draft.After.Roles, func(r alveary.Role) bool { return r.ID == id }) {
				return invalid(op, string(id), fmt.Sprintf("there is no role %q", id))
			}
		}
		u.Roles = slices.Clone(*in.Roles)
	}
	if in.Profile != nil {
		if !in.Profile.Valid() {
			return invalid(op, string(*in.Profile), "the profile is one of admin, standard, shared and anon")
		}
		u.Profile = *in.Profile
	}
	if in.Disabled != nil {
		u.Disabled = *in.Disabled
	}
	if in.Group != nil {
		group, ok := findGroup(d.draft.After.Groups, *in.Group)
		if !ok {
			return invalid(op, *in.Group, "there is no such group; its path looks like /sales/north")
		}
		u.Group = group
	}
	return nil
}

// findGroup finds a group by its path or id.
func findGroup(groups []alveary.Group, text string) (alveary.GroupID, bool) {
	if !strings.HasPrefix(text, "/") {
		id, err := alveary.ParseNodeID(text)
		known := slices.ContainsFunc(groups, func(g alveary.Group) bool { return g.ID == alveary.GroupID(id) })
		return alveary.GroupID(id), err == nil && known
	}
	here := alveary.RootGroup
	for name := range strings.SplitSeq(strings.Trim(text, "/"), "/") {
		if name == "" {
			continue
		}
		at := slices.IndexFunc(groups, func(g alveary.Group) bool { return g.Parent == here && store.FoldName(g.Name) == store.FoldName(name) })
		if at < 0 {
			return 0, false
		}
		here = groups[at].ID
	}
	return here, true
}
