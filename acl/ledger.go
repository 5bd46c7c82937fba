package acl

import (
	"fmt"
	"slices"
	"time"

	"alveary"
)

// held is an entry with the rank of the role that holds it.
type held struct {
	rank  int
	entry alveary.Entry
}

// Ledger is the entries of one subject's roles, by node.
type Ledger struct {
	byNode    map[alveary.NodeID][]held // in rank order
	templates map[alveary.TemplateID]bool
}

// NewLedger gathers the entries of the stack's roles. Entries on a template
// path stand on the subject's own node, which homes tells; where that is not
// made yet they stand nowhere (MODEL.md 2.5).
func NewLedger(stack []Ranked, entries func(alveary.RoleID) []alveary.Entry, homes map[alveary.TemplateID]alveary.NodeID) *Ledger {
	l := &Ledger{byNode: map[alveary.NodeID][]held{}, templates: map[alveary.TemplateID]bool{}}
	for _, r := range stack {
		for _, e := range entries(r.Role) {
			node := e.Node
			if e.Template != "" {
				l.templates[e.Template] = true
				if node = homes[e.Template]; node == 0 {
					continue
				}
			}
			l.byNode[node] = append(l.byNode[node], held{r.Rank, e})
		}
	}
	for _, entries := range l.byNode {
		slices.SortStableFunc(entries, func(a, b held) int { return a.rank - b.rank })
	}
	return l
}

// Nodes are the nodes on which an entry stands, in order of their ids, those
// of expired entries included.
func (l *Ledger) Nodes() []alveary.NodeID {
	nodes := make([]alveary.NodeID, 0, len(l.byNode))
	for id := range l.byNode {
		nodes = append(nodes, id)
	}
	slices.Sort(nodes)
	return nodes
}

// HoldsTemplate says whether a role of the subject has an entry on the
// template path.
func (l *Ledger) HoldsTemplate(t alveary.TemplateID) bool { return l.templates[t] }

// Standing is what holds on a node through itself and all above it. The zero
// value is the standing above the root: nothing is allowed.
type Standing struct {
	denied     bool
	rights     alveary.Rights // as given by the nearest effective entry
	validUntil time.Time
}

// Rights are what the standing allows, with what follows from read and write.
func (s Standing) Rights() alveary.Rights {
	if s.denied {
		return 0
	}
	return s.rights.Implied()
}

// ValidUntil is when the standing could change by the clock alone; zero: never.
func (s Standing) ValidUntil() time.Time { return s.validUntil }

// At is the standing on the last of the ids, which are the path from the root.
func (l *Ledger) At(path []alveary.NodeID, now time.Time) Standing {
	var s Standing
	for _, id := range path {
		s = l.Below(s, id, now)
	}
	return s
}

// Below is the standing on a node whose parent has the given standing.
func (l *Ledger) Below(s Standing, id alveary.NodeID, now time.Time) Standing {
	entries := l.byNode[id]
	if len(entries) == 0 {
		return s
	}
	var given alveary.Rights
	rank, effective := -1, false
	for _, h := range entries {
		if h.entry.Expired(now) {
			continue
		}
		if t := h.entry.Expires; !t.IsZero() && (s.validUntil.IsZero() || t.Before(s.validUntil)) {
			s.validUntil = t
		}
		if h.entry.Deny || len(h.entry.Policies) > 0 {
			s.denied = true // 3.2; 3.5: a policy that cannot be found denies
			continue
		}
		if h.rank != rank { // 3.3: a later role replaces
			given, rank = 0, h.rank
		}
		given, effective = given|h.entry.Rights&alveary.Givable, true
	}
	if effective {
		s.rights = given // 3.4: nearest decides
	}
	return s
}

// Explain decides one action on the last of the ids and says why: every entry
// that stands on the path, from the root down and in the order of the roles.
// Its verdict is that of At.
func (l *Ledger) Explain(path []alveary.NodeID, action alveary.Action, now time.Time) alveary.Decision {
	s := l.At(path, now)
	d := alveary.Decision{Action: action, Allowed: s.Rights().Has(action), Explicit: s.denied, ValidUntil: s.validUntil}
	nearest := -1 // the step of the trace that decides the allow
	for _, id := range path {
		for _, h := range l.byNode[id] {
			reason := reasonOf(id, h, now)
			d.Trace = append(d.Trace, reason)
			if reason.Clause == "3.4" { // deeper nodes and later roles come later
				nearest = len(d.Trace) - 1
			}
		}
	}
	switch denies := slices.IndexFunc(d.Trace, func(r alveary.Reason) bool { return r.Clause == "3.2" || r.Clause == "3.5" }); {
	case denies >= 0:
		d.Trace[denies].Decided = true
	case nearest >= 0:
		d.Trace[nearest].Decided = true
	default:
		d.Trace = append(d.Trace, alveary.Reason{Clause: "3.1", Text: "no entry of any role allows it", Decided: true})
	}
	return d
}

func reasonOf(node alveary.NodeID, h held, now time.Time) alveary.Reason {
	r := alveary.Reason{Node: node, Role: h.entry.Role, Entry: h.entry.ID}
	switch e := h.entry; {
	case e.Expired(now):
		r.Clause, r.Text = "3", fmt.Sprintf("the entry of role %s expired at %s", e.Role, e.Expires.UTC().Format(time.RFC3339))
	case e.Deny:
		r.Clause, r.Text = "3.2", fmt.Sprintf("role %s is denied here and beneath", e.Role)
	case len(e.Policies) > 0:
		r.Clause, r.Text = "3.5", fmt.Sprintf("role %s names a policy that cannot be found", e.Role)
	case e.Rights&alveary.Givable == 0:
		r.Clause, r.Text = "3.4", fmt.Sprintf("role %s holds nothing here", e.Role)
	default:
		r.Clause, r.Text = "3.4", fmt.Sprintf("role %s holds %s here", e.Role, e.Rights&alveary.Givable)
	}
	return r
}
