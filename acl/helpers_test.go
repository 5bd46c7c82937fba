package acl_test

import (
	"time"

	"alveary"
	"alveary/acl"
)

// newLedger indexes the entries of the stack's roles. No policy can be found.
func newLedger(stack []acl.Ranked, entries func(alveary.RoleID) []alveary.Entry, homes map[alveary.TemplateID]alveary.NodeID) *acl.Ledger {
	var all []alveary.Entry
	seen := map[alveary.RoleID]bool{}
	for _, r := range stack {
		if !seen[r.Role] {
			seen[r.Role] = true
			all = append(all, entries(r.Role)...)
		}
	}
	return acl.NewIndex(all, func(alveary.PolicyID) (acl.Policy, acl.Force) { return 0, acl.Missing }).Ledger(stack, homes)
}

// decision is an answer read from the steps alone, apart from At.
type decision struct {
	Allowed, Explicit bool
	Trace             []reason
}

type reason struct {
	acl.Step
	Clause, Text string
	Decided      bool
}

func explain(l *acl.Ledger, path []alveary.NodeID, action alveary.Action, now time.Time) decision {
	var d decision
	nearest := -1
	var rights alveary.Rights
	for _, s := range l.Steps(path, now) {
		r := reason{Step: s, Clause: "3.4", Text: s.Text("role " + string(s.Entry.Role))}
		switch s.State {
		case acl.Expired:
			r.Clause = "3"
		case acl.Denies:
			r.Clause = "3.2"
			if s.Missing {
				r.Clause = "3.5"
			}
			r.Decided = !d.Explicit
			d.Explicit = true
		case acl.NotInForce:
			r.Clause = "3.5"
		case acl.Counts:
			rights |= s.Entry.Rights & alveary.Givable
			nearest = len(d.Trace)
		case acl.Replaced, acl.Farther:
		}
		d.Trace = append(d.Trace, r)
	}
	d.Allowed = !d.Explicit && rights.Implied().Has(action)
	switch {
	case d.Explicit:
	case nearest >= 0:
		d.Trace[nearest].Decided = true
	default:
		d.Trace = append(d.Trace, reason{Clause: "3.1", Text: "no entry of any role allows it", Decided: true})
	}
	return d
}
