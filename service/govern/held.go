package govern

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"alveary"
	"alveary/authz"
)

// isAdministrator says whether MODEL.md 7.7 leaves the subject aside.
func isAdministrator(who alveary.Subject) bool {
	return who.Known() && who.User.Profile == alveary.ProfileAdmin
}

// administrators refuses everybody else, wherever a rest policy lets them call.
func (s *Service) administrators(ctx context.Context, who alveary.Subject, op string) error {
	if isAdministrator(who) {
		return nil
	}
	return s.refused(ctx, who, notHeld(op, "only administrators may "+op))
}

// known refuses nobody but those who are not signed in: who may call is for the
// rest policies to say.
func (s *Service) known(ctx context.Context, who alveary.Subject, op string) error {
	if who.Known() {
		return nil
	}
	return s.refused(ctx, who, notHeld(op, "nobody who is not signed in may "+op))
}

// refused keeps a denial in the audit log.
func (s *Service) refused(ctx context.Context, who alveary.Subject, refusal error) error {
	return errors.Join(refusal, s.store.Record(context.WithoutCancel(ctx), line(who, "console", alveary.VerdictDenied, refusal.Error())))
}

func notHeld(op, message string, missing ...alveary.Action) *alveary.Error {
	return &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "not-held", Message: message, Missing: alveary.Rights(0).With(missing...)}
}

// bound is the gate bound to who asks.
func (r *room) bound() (*authz.Access, error) {
	if r.access != nil {
		return r.access, nil
	}
	var err error
	r.access, err = r.service.gate.Bind(r.ctx, r.Tx, r.who)
	return r.access, err
}

// mayGive says whether who asks may make the entry: administrators any,
// others static rights that they hold themselves (MODEL.md 7.7).
func (r *room) mayGive(op string, e alveary.Entry) error {
	switch {
	case isAdministrator(r.who):
		return nil
	case e.Deny || len(e.Policies) > 0 || e.Template != "":
		return notHeld(op, "only administrators may give a deny, policies or a template path: give rights on a node that you hold yourself")
	}
	return r.mustHold(op, e.Node, e.Rights&alveary.Givable, e)
}

// mayTake says whether who asks may take the entry away or put another in its
// place. What an entry holds back is given by taking it away, so it takes both
// rights.
func (r *room) mayTake(op string, e alveary.Entry) error {
	switch {
	case isAdministrator(r.who):
		return nil
	case len(e.Policies) > 0 || e.Template != "":
		return notHeld(op, "only administrators may change an entry with policies or on a template path")
	}
	return r.mustHold(op, e.Node, alveary.Givable, alveary.Entry{})
}

// mustHold wants who asks to hold the rights on the node and on everything
// beneath, whatever the context, and at least as long as the entry will last.
func (r *room) mustHold(op string, node alveary.NodeID, rights alveary.Rights, e alveary.Entry) error {
	access, err := r.bound()
	if err != nil {
		return err
	}
	way, err := r.Lineage(node)
	if err != nil {
		return err
	}
	if !access.Rights(way).Has(alveary.ActionRead) {
		return alveary.Withheld(op)
	}
	lines := []alveary.Lineage{way}
	if way.Node().IsFolder() {
		beneath, err := r.Beneath(node, access.Nodes())
		if err != nil {
			return err
		}
		lines = append(lines, beneath...)
	}
	for i, at := range lines {
		if missing := notSurelyHeld(access, at, rights, e); len(missing) > 0 {
			where := "here"
			if i > 0 {
				where = "everywhere beneath"
			}
			return notHeld(op, fmt.Sprintf("nobody gives what he does not hold: you do not hold %s %s at all times and from everywhere",
				alveary.Rights(0).With(missing...), where), missing...)
		}
	}
	return nil
}

// notSurelyHeld are the rights that depend on more than entries that last as
// long as the new one.
func notSurelyHeld(a *authz.Access, at alveary.Lineage, rights alveary.Rights, e alveary.Entry) (missing []alveary.Action) {
	until := a.ValidUntil(at)
	lasting := until.IsZero() || (!e.Expires.IsZero() && !e.Expires.After(until))
	held := a.Rights(at)
	for _, action := range rights.Actions() {
		if !held.Has(action) || !lasting || len(a.Explain(at, action).Policies) > 0 {
			missing = append(missing, action)
		}
	}
	return missing
}

// keepReachable refuses a change after which no administrator could sign in
// from the address it is made from and change policies (MODEL.md 7.6). It runs
// within the transaction of the change.
func (r *room) keepReachable() error {
	ids, err := r.Administrators()
	if err != nil {
		return err
	}
	found, err := r.Subjects(ids)
	if err != nil {
		return err
	}
	people := slices.Collect(maps.Values(found))
	data, err := r.Access(r.ctx)
	if err != nil {
		return err
	}
	return r.service.reachable(r.ctx, data, people, r.who)
}

// everybody are all users, by login.
func (r *room) everybody() ([]alveary.Subject, error) {
	users, err := r.Users()
	if err != nil {
		return nil, err
	}
	ids := make([]alveary.UserID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	found, err := r.Subjects(ids)
	if err != nil {
		return nil, err
	}
	out := make([]alveary.Subject, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

// reachable asks the policies that have a say in it, and compiles no others.
func (s *Service) reachable(ctx context.Context, data alveary.AccessData, people []alveary.Subject, who alveary.Subject) error {
	data.Policies = slices.DeleteFunc(slices.Clone(data.Policies), func(p alveary.Policy) bool { return !guarded(p) })
	data.Entries = nil
	administrators := slices.DeleteFunc(slices.Clone(people), func(p alveary.Subject) bool { return !isAdministrator(p) })
	c := contextOf(who)
	ok, err := s.gate.Reachable(ctx, newDraft(data, nil), administrators, c)
	if err != nil || ok {
		return err
	}
	from := "from here"
	if c.Address != "" {
		from = "from the address " + c.Address
	}
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "change who may call or sign in", Code: "lock-out",
		Message: "after this change no administrator could sign in " + from + " and change policies, so it is refused; " +
			"whoever is at the machine itself can always come back in with alveary unlock",
	}
}

// contextOf is the context in which a change is made.
func contextOf(who alveary.Subject) alveary.Context {
	c := alveary.Context{}
	if who.Context != nil {
		c = *who.Context
	}
	if c.Address == "" {
		c.Address = who.Address
	}
	return c
}
