package bound

import (
	"alveary"
	"alveary/acl"
	"alveary/authz/trace"
)

// Reasons are the asker's roles in order with how he comes by each.
func (w *Who) Reasons() []trace.RoleStep {
	out := make([]trace.RoleStep, len(w.Stack))
	for i, r := range w.Stack {
		step := trace.RoleStep{Role: r.Role, Label: w.Label(r.Role)}
		switch r.Way {
		case acl.Own:
			step.Why = "his own role"
			if r.Role.OfLink() != 0 {
				step.Why = "the link's own role"
			}
		case acl.OfGroup:
			path, _ := w.Snap.People.Owner(r.Role)
			step.Why = "the role of the group " + path
		case acl.OfProfile:
			step.Why = "applied to the profile " + string(w.Subject.User.Profile)
		case acl.OfTeam:
			step.Why = "one of his teams"
		case acl.Assigned:
			step.Why = "assigned to him"
		}
		if role, _ := w.Snap.People.Role(r.Role); role.ForceOverride && r.Way != acl.Own && r.Way != acl.OfGroup {
			step.Why += ", overriding"
		}
		out[i] = step
	}
	return out
}

// Label is what people call a role of the asker; empty where it has no name.
func (w *Who) Label(id alveary.RoleID) string {
	if id == w.Subject.Role {
		return w.Subject.User.Login
	}
	return labelOf(w.Snap.People, id)
}

// Spoken is a role of the asker within a sentence.
func (w *Who) Spoken(id alveary.RoleID) string {
	if login := w.Subject.User.Login; id == w.Subject.Role && login != "" {
		return login
	}
	if id.OfLink() != 0 {
		return "the link"
	}
	return spokenOf(w.Snap.People, id)
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

// Flags are settings that a subject has of his roles.
type Flags struct {
	SecondFactor   bool // he signs in with a second factor
	Invites        bool // he may make external people
	SecondFactorBy alveary.RoleID
	InvitesBy      alveary.RoleID // the first role, in order, that says so
}

// flagsOf gathers them from the stack.
func (w *Who) flagsOf() (f Flags) {
	for _, r := range w.Stack {
		role, _ := w.Snap.People.Role(r.Role)
		if role.SecondFactor && !f.SecondFactor {
			f.SecondFactor, f.SecondFactorBy = true, role.ID
		}
		if role.Invites && !f.Invites {
			f.Invites, f.InvitesBy = true, role.ID
		}
	}
	return f
}
