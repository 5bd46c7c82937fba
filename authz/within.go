package authz

import (
	"context"

	"alveary"
	"alveary/authz/within"
	"alveary/policy"
)

// Within says whether lower can surely do nothing that upper cannot, in any
// context from now on (MODEL.md 7.7): with files, own nodes of template paths
// aside; in calls and when signing in; by his profile and by the flags of his
// roles. A yes is certain; a no may only mean that it could not be shown, and
// comes with the first thing that speaks against it, in words for upper. Line
// finds the way to a node; a node that is gone is alveary.KindNotFound.
//
// Lower is a user who is there already, or is about to be, with his id: what a
// user without one will hold cannot be known.
func (g *Gate) Within(ctx context.Context, src Source, lower, upper alveary.Subject, line func(alveary.NodeID) (alveary.Lineage, error)) (ok bool, why string, err error) {
	switch {
	case !upper.Known() || upper.Scope != (alveary.Scope{}) || upper.Link != 0:
		return false, "more than this token, or nobody, holds", nil
	case lower.User.ID == 0 || lower.Link != 0:
		return false, "what nobody can know yet", nil
	case lower.User.Disabled:
		return true, "", nil
	case !lower.User.Profile.Valid(), standing(lower.User.Profile) > standing(upper.User.Profile):
		return false, "the profile " + string(lower.User.Profile) + ", which is above your own", nil
	}
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return false, "", err
	}
	l, u := snap.Who(&lower), snap.Who(&upper)
	if l.Flags.Invites && !u.Flags.Invites {
		return false, "making external people, which none of your roles lets you do", nil
	}
	pair := policy.Pair{Lower: l.Facts(alveary.PolicyREST), Upper: u.Facts(alveary.PolicyREST)}
	if rule, gains := pair.Calls(snap.REST); gains {
		return false, "calls that you may not make in the same way, by the rule " + rule.Name(), nil
	}
	if rule, gains := pair.Calls(snap.OIDC); gains {
		return false, "signing in as you may not, by the rule " + rule.Name(), nil
	}
	world := within.World{Entries: snap.Entries, Policies: snap.Policies, Now: g.now(), Line: line}
	if why, err = within.Files(world, l.Compared(), u.Compared()); why == "" && err == nil && l.Ways != nil {
		why, err = within.Cells(world, l.Compared(), u.Compared(), l.Passages(u))
	}
	return why == "" && err == nil, why, err
}

// standing orders the profiles by what services themselves let them do.
func standing(p alveary.Profile) int {
	switch p {
	case alveary.ProfileAnon:
		return 0
	case alveary.ProfileShared:
		return 1
	case alveary.ProfileStandard:
		return 2
	case alveary.ProfileAdmin:
	}
	return 3
}
