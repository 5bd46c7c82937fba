package share

import (
	"slices"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/share/hall"
)

// Give is what somebody is given.
type Give struct {
	To       Ref
	Rights   alveary.Rights
	Policies []alveary.PolicyID // in place of rights
	Expires  time.Time
	Node     alveary.NodeID // 0: all of the Cell's
}

const mostPolicies = 20

// checkGive refuses what cannot be given to anybody.
func (r *room) checkGive(field string, g *Give) error {
	switch {
	case g.Rights&^alveary.Givable != 0:
		return r.Invalid(field, "invalid", "only read and write can be given")
	case g.Rights != 0 && len(g.Policies) > 0:
		return r.Invalid(field, "invalid", "policies stand in the place of rights: give the one or the other")
	case g.Rights == 0 && len(g.Policies) == 0:
		return r.Invalid(field, "invalid", "give read, write or a policy")
	case len(g.Policies) > mostPolicies:
		return r.Invalid(field, "invalid", "at most 20 policies can be given at once")
	case !g.Expires.IsZero() && !g.Expires.After(r.Now()):
		return r.Invalid(field, "past", "this time has passed, so it would never count")
	}
	for i, id := range g.Policies {
		if slices.Contains(g.Policies[:i], id) {
			return r.Invalid(field, "twice", "the policy "+string(id)+" is named twice")
		}
	}
	return nil
}

// mayGive refuses to give somebody what whoever asks does not hold himself, on
// the node at the end of the lineage, through a Cell (MODEL.md 4.5, 7.7).
func (r *room) mayGive(field string, c *alveary.Cell, line alveary.Lineage, g *Give, w *who) error {
	house, err := r.houseAt(line)
	if err != nil {
		return err
	}
	if err := r.MayShare(field, line, house, "cells", house.Cells); err != nil {
		return err
	}
	if w.label.External && !house.External {
		return r.Denied(field, "house-rule", hall.TermText("external"))
	}
	return r.mayHand(field, c, line, g.Rights, g.Policies, g.Expires, house)
}

// mayHand is mayGive for what is given, whoever gets it.
func (r *room) mayHand(field string, c *alveary.Cell, line alveary.Lineage, rights alveary.Rights, policies []alveary.PolicyID, expires time.Time, house *alveary.House) error {
	for _, id := range policies {
		if err := r.offered(field, house, id); err != nil {
			return err
		}
	}
	own := c.Owner == r.By.User.ID
	if len(policies) > 0 && !own {
		rights = alveary.Givable
		if err := r.ownerOffers(field, c, line, policies); err != nil {
			return err
		}
	}
	if missing := rights &^ r.Access.Rights(line); missing != 0 {
		return r.notHeld(field, line, missing, "you do not have it yourself")
	}
	if own {
		return nil // the gate bounds it by what he has
	}
	return r.surely(field, c, line, rights, expires)
}

func (r *room) notHeld(field string, line alveary.Lineage, missing alveary.Rights, why string) error {
	return r.Denied(field, "not-held", "nobody gives what he does not hold: "+missing.String()+" on “"+hall.NameOf(line)+"”: "+why, missing.Actions()...)
}

// offered refuses a policy that is not among those that may be given.
func (r *room) offered(field string, house *alveary.House, id alveary.PolicyID) error {
	if slices.Contains(house.Policies, id) {
		v, err := r.Tx.Policy(id)
		if err == nil && v.Policy.Type == alveary.PolicyACL {
			return nil
		}
		if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
			return err
		}
	}
	return r.Denied(field, "policy-not-offered", "the policy "+string(id)+" is not among those that you may give")
}

// ownerOffers refuses a manager a policy that would stop the owner's Cell.
func (r *room) ownerOffers(field string, c *alveary.Cell, line alveary.Lineage, policies []alveary.PolicyID) error {
	house, err := r.HouseOf(c, line)
	if err != nil || house.Policies == nil {
		return err
	}
	for _, id := range policies {
		if !slices.Contains(house.Policies, id) {
			return r.Denied(field, "policy-not-offered", "the policy "+string(id)+" is not among those that the owner may give")
		}
	}
	return nil
}

// surely refuses a manager who could give through the owner's Cell what he does
// not hold himself at all times, from everywhere, and in all of a folder. What
// the owner does not hold either beneath it, nobody gets; on the node itself he
// may hold it again tomorrow, when the manager does not.
func (r *room) surely(field string, c *alveary.Cell, line alveary.Lineage, rights alveary.Rights, expires time.Time) error {
	owner, err := r.Tx.Subject(c.Owner)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return nil // a Cell without an owner gives nothing, for good
	}
	if err != nil {
		return err
	}
	if !c.Until.IsZero() && (expires.IsZero() || c.Until.Before(expires)) {
		expires = c.Until
	}
	return r.within(field, owner, r.By, c.ID, line, rights, expires, true)
}

// within refuses where a subject could have more of the rights on a node, or on
// what lies beneath it, than another has, until an instant; zero: ever. Strictly,
// on the node itself the other must hold them whether the subject does or not.
func (r *room) within(field string, lower, upper alveary.Subject, cell alveary.CellID, line alveary.Lineage, rights alveary.Rights, expires time.Time, strictly bool) error {
	if lower.User.ID == upper.User.ID {
		return nil
	}
	lower.User.Disabled = false // he can be enabled later
	low, err := r.Bound(lower)
	if err != nil {
		return err
	}
	high, err := r.Bound(upper)
	if err != nil {
		return err
	}
	lines := []alveary.Lineage{line}
	if line.Node().IsFolder() {
		nodes := append(slices.Clone(low.Nodes()), high.Nodes()...)
		slices.Sort(nodes)
		beneath, err := r.Tx.Beneath(line.Node().ID, slices.Compact(nodes))
		if err != nil {
			return err
		}
		lines = append(lines, beneath...)
	}
	for i, at := range lines {
		for _, action := range rights.Actions() {
			if holds(high, cell, at, action, expires) || (i > 0 || !strictly) && lacks(low, at, action) {
				continue
			}
			if i == 0 {
				return r.notHeld(field, line, alveary.Rights(0).With(action), "it is not yours at all times and from everywhere")
			}
			return r.notHeld(field, line, alveary.Rights(0).With(action), "it is not yours everywhere beneath")
		}
	}
	return nil
}

// holds says that a right is surely held until an instant, whatever the
// context: by entries of his own roles without policies, or by entries of that
// very Cell, through which others get it from the same owner.
func holds(a *authz.Access, cell alveary.CellID, line alveary.Lineage, action alveary.Action, expires time.Time) bool {
	if !a.Rights(line).Has(action) {
		return false
	}
	if until := a.ValidUntil(line); !until.IsZero() && (expires.IsZero() || expires.After(until)) {
		return false
	}
	e := a.Explain(line, action)
	return len(e.Policies) == 0 && (e.Decided.Cell == 0 || slices.ContainsFunc(e.Ways, func(w authz.WayStep) bool {
		return w.Cell == cell && w.Counts && len(w.Policies) == 0
	}))
}

// lacks says that a right is surely not held, whatever the context.
func lacks(a *authz.Access, line alveary.Lineage, action alveary.Action) bool {
	if a.Rights(line).Has(action) || !a.ValidUntil(line).IsZero() {
		return false
	}
	e := a.Explain(line, action)
	denied := e.Decided.Clause == "3.2" // by an entry, since no policy has a say: that is final
	return len(e.Policies) == 0 && (denied || !slices.ContainsFunc(e.Ways, func(w authz.WayStep) bool { return len(w.Policies) > 0 || w.Gives.Has(action) }))
}

// mayTake refuses a manager to take an entry away where somebody could then
// have more: what it leaves to decide is another role's entry, or that of a
// folder above (MODEL.md 3.3, 3.4).
func (r *room) mayTake(field string, c *alveary.Cell, taken []alveary.Entry) error {
	if c.Owner == r.By.User.ID || r.Administers() {
		return nil
	}
	for i := range c.Entries {
		if err := r.Know(c.Entries[i].Role); err != nil {
			return err
		}
	}
	for _, e := range taken {
		if hall.IsAnchor(&e) {
			continue
		}
		line, err := r.Tx.Lineage(e.Node)
		if alveary.IsKind(err, alveary.KindNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		left := r.left(c, &e, line)
		if len(e.Policies) > 0 {
			if err := r.mayLift(field, c, &e); err != nil {
				return err
			}
		} else {
			left &^= e.Rights
		}
		if left == 0 {
			continue
		}
		if err := r.surely(field, c, line, left, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// mayLift refuses a manager to take policies away that could deny beneath their
// node what other entries give there (MODEL.md 3.6).
func (r *room) mayLift(field string, c *alveary.Cell, gone *alveary.Entry) error {
	for _, e := range c.Entries {
		if e.ID == gone.ID || hall.IsAnchor(&e) || r.apart(&e, gone) {
			continue
		}
		line, err := r.Tx.Lineage(e.Node)
		if alveary.IsKind(err, alveary.KindNotFound) || err == nil && !line.Contains(gone.Node) {
			continue
		}
		if err != nil {
			return err
		}
		rights := e.Rights
		if len(e.Policies) > 0 {
			rights = alveary.Givable
		}
		if err := r.surely(field, c, line, rights, e.Expires); err != nil {
			return err
		}
	}
	return nil
}

// left are the rights that may decide once an entry is gone, for whoever holds
// its role.
func (r *room) left(c *alveary.Cell, gone *alveary.Entry, line alveary.Lineage) (rights alveary.Rights) {
	for _, e := range c.Entries {
		if e.ID == gone.ID || !line.Contains(e.Node) {
			continue
		}
		if r.apart(&e, gone) {
			continue
		}
		if rights |= e.Rights; len(e.Policies) > 0 {
			rights = alveary.Givable
		}
	}
	return rights
}

// apart says that nobody can hold the roles of both entries: they are those of
// two users.
func (r *room) apart(a, b *alveary.Entry) bool {
	return a.Role != b.Role && r.Labels[a.Role].User != 0 && r.Labels[b.Role].User != 0
}
