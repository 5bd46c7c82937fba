package authz

import (
	"alveary"
	"alveary/acl"
)

// RoleStep is one role of the asker, in order, with its entries on the way.
type RoleStep struct {
	Role    alveary.RoleID
	Label   string // a user's own role has his login, a group's its path
	Why     string // how he comes by it
	Entries []EntryStep
}

// Stack are a subject's roles in order with how he comes by each.
func (a *Access) Stack() []RoleStep { return a.who.reasons() }

// reasons are the asker's roles in order with how he comes by each.
func (w *who) reasons() []RoleStep {
	out := make([]RoleStep, len(w.stack))
	for i, r := range w.stack {
		step := RoleStep{Role: r.Role, Label: w.label(r.Role)}
		switch r.Way {
		case acl.Own:
			step.Why = "his own role"
			if r.Role.OfLink() != 0 {
				step.Why = "the link's own role"
			}
		case acl.OfGroup:
			path, _ := w.snap.people.Owner(r.Role)
			step.Why = "the role of the group " + path
		case acl.OfProfile:
			step.Why = "applied to the profile " + string(w.subject.User.Profile)
		case acl.OfTeam:
			step.Why = "one of his teams"
		case acl.Assigned:
			step.Why = "assigned to him"
		}
		if role, _ := w.snap.people.Role(r.Role); role.ForceOverride && r.Way != acl.Own && r.Way != acl.OfGroup {
			step.Why += ", overriding"
		}
		out[i] = step
	}
	return out
}

// label is what people call a role of the asker; empty where it has no name.
func (w *who) label(id alveary.RoleID) string {
	if id == w.subject.Role {
		return w.subject.User.Login
	}
	return labelOf(w.snap.people, id)
}

// spoken is a role of the asker within a sentence.
func (w *who) spoken(id alveary.RoleID) string {
	if login := w.subject.User.Login; id == w.subject.Role && login != "" {
		return login
	}
	if id.OfLink() != 0 {
		return "the link"
	}
	return spokenOf(w.snap.people, id)
}

// labelOf is what people call a role. Roles that groups own are called after
// them, whether they were made or not; the root group's may have a name.
func labelOf(people *acl.People, id alveary.RoleID) string {
	role, _ := people.Role(id)
	path, ofGroup := people.Owner(id)
	if ofGroup && (id != alveary.RootGroupRole || role.Label == "") {
		return path
	}
	return role.Label
}

func spokenOf(people *acl.People, id alveary.RoleID) string {
	if path, ofGroup := people.Owner(id); ofGroup {
		return "group " + path
	}
	if label := labelOf(people, id); label != "" {
		return "role " + label
	}
	return "role " + string(id)
}
