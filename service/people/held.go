package people

import (
	"context"
	"errors"

	"alveary"
)

// notHeld is the refusal of what the asker cannot give.
func notHeld(op, message string) error {
	return &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "not-held", Message: message}
}

// refuse writes the refusals of this room down and returns them.
func (s *Service) refuse(ctx context.Context, who alveary.Subject, err error) error {
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != alveary.KindDenied || e.Code != "not-held" {
		return err
	}
	return errors.Join(err, s.store.Record(context.WithoutCancel(ctx), line(who, "console", alveary.VerdictDenied, e.Error())))
}

func isAdministrator(u alveary.User) bool { return u.Profile == alveary.ProfileAdmin }

// administers says whether MODEL.md 7.7 leaves the asker aside.
func (r *room) administers() bool { return r.who.Known() && isAdministrator(r.who.User) }

// administrators refuses everybody else.
func (r *room) administrators() error {
	if r.administers() {
		return nil
	}
	return notHeld(r.op, "only administrators may "+r.op)
}

// reaches refuses whoever could then do through a user what he cannot do
// himself (MODEL.md 7.7). Asked for a user as he is and as he is to be, within
// the transaction of the change.
func (r *room) reaches(id alveary.UserID) error {
	if r.administers() {
		return nil
	}
	user, err := r.Subject(id)
	if err != nil {
		return err
	}
	if isAdministrator(user.User) {
		return notHeld(r.op, "only administrators may change administrators")
	}
	// As he would be with his account enabled: that can be done later.
	user.User.Disabled = false
	return r.surely(user, "you may change only people who can do nothing that you cannot")
}

// gives refuses whoever would give with a team what he does not hold himself.
func (r *room) gives(team alveary.RoleID) error {
	if r.administers() {
		return nil
	}
	if err := r.unnamed(team); err != nil {
		return err
	}
	entries, err := r.EntriesOf(team)
	if err != nil || len(entries) == 0 {
		return err
	}
	// Under a name that nobody has: a rule that denies the asker by his name would
	// not deny the member.
	member := alveary.Subject{User: alveary.User{ID: -1, Login: "\x00", Profile: alveary.ProfileShared, Group: alveary.RootGroup, Teams: []alveary.RoleID{team}}}
	return r.surely(member, "this team gives what you do not hold yourself, so only administrators may put somebody into it")
}

// unnamed refuses whoever would change by a team what policies say of its
// members: what they may call, and whether they may sign in.
func (r *room) unnamed(team alveary.RoleID) error {
	policies, err := r.naming("role:" + string(team))
	if err != nil || len(policies) == 0 {
		return err
	}
	return notHeld(r.op, "a policy names this team, so only administrators may choose who is in it")
}

// surely refuses where it is not sure that a subject can do nothing that the
// asker cannot.
func (r *room) surely(lower alveary.Subject, message string) error {
	ok, why, err := r.service.gate.Within(r.ctx, r.Tx, lower, r.who, r.Lineage)
	if err != nil || ok {
		return err
	}
	return notHeld(r.op, message+": "+why)
}

// yourself refuses what nobody does to his own account.
func (r *room) yourself(was, is alveary.User) error {
	if was.ID != r.who.User.ID || is.ID != 0 && !is.Disabled && is.Profile == was.Profile {
		return nil
	}
	return conflict(r.op, was.Login, "yourself",
		"you cannot disable or delete your own account, or take your own profile away: another administrator can")
}

// signOut ends all sign-ins of people who are no longer who they were, but for
// the session that asks.
func (r *room) signOut(ids ...alveary.UserID) error { return r.EndSignInsOf(ids, r.who.Session) }
