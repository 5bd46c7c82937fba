package desk

import (
	"slices"

	"alveary"
	"alveary/authz"
)

// Allowed asks the gate for one operation, and of a visitor of a link what
// links leave him besides (see kept).
func Allowed(a *authz.Access, op authz.Operation, line alveary.Lineage) error {
	err := a.Check(op, line)
	if !alveary.IsKind(err, alveary.KindNotFound) && !kept(a, op, line) {
		return alveary.Withheld(op.String())
	}
	return err
}

// kept says whether a right that a visitor of a link holds is one he may use
// for an operation. To him what lies in the bin is gone, unless he may read and
// write in the folder that it was in: who ends what he shared by moving it to
// the bin has ended it. And a visitor who may not read puts files into the very
// folder of the link and does nothing else: ids can be guessed, and no answer
// tells him whether there is anything by an id (MODEL.md 5, drop box). Of
// others nothing more is asked.
func kept(a *authz.Access, op authz.Operation, line alveary.Lineage) bool {
	if a.Subject().Link == 0 {
		return true
	}
	above := func(at int) alveary.Rights {
		if at <= 0 {
			return 0
		}
		return a.Rights(line[:at])
	}
	binned := slices.IndexFunc(line, func(n alveary.Node) bool { return !n.Binned.IsZero() })
	if binned >= 0 && alveary.Givable&^above(binned) != 0 {
		return false
	}
	if a.Rights(line).Has(alveary.ActionRead) {
		return true
	}
	return op == authz.Create && !above(len(line)-1).Has(alveary.ActionWrite)
}

// Doer is the account that does what a subject does: of a visitor the one with
// which he signed in for the link, if any. What he makes is its owner's; who
// made it the audit log tells.
func Doer(s alveary.Subject) alveary.UserID {
	if s.Link != 0 && s.Guest != nil {
		return s.Guest.User.ID
	}
	return s.User.ID
}

// spelled is how the audit log calls a subject.
func spelled(s alveary.Subject) string {
	if s.Link != 0 {
		return "link " + s.Link.String()
	}
	return s.User.Login
}
