// Package oracle decides access a second time, from MODEL.md alone.
//
// It exists to be compared with the code that serves requests. It is slow and
// plain on purpose: it keeps nothing between questions, walks every entry,
// policy and rule for each, and shares no parser and no matcher with the rest
// of the house. Each function is one clause, named in its comment; where it and
// the product differ, read the clause. CELCondition is
// left out.
//
// What it promises: the answer depends on the arguments alone, and nothing
// given to it is changed.
//
// Read this file first (MODEL.md 3), then cell.go (4), policy.go (6.1 to 6.3,
// 6.8) and condition.go (6.4 to 6.7).
package oracle

import (
	"maps"
	"slices"

	"alveary"
)

// World is all that decides.
type World struct {
	Data   alveary.AccessData
	Logins map[alveary.UserID]string // of those who own nodes
}

// Verdict is the answer to one question.
type Verdict struct {
	Allowed  bool
	Explicit bool // denied by 3.2, not for want of an allow
}

// Check says whether the asker may do the action on the node at the end of the
// line, which begins with the root.
func (w World) Check(asker *Asker, context *alveary.Context, line []alveary.Node, action alveary.Action) Verdict {
	q := question{w.administrators(), asker, context, line}
	switch {
	case q.denied(action):
		return Verdict{Explicit: true}
	case asker.Guest != nil && (question{q.World, asker.Guest, q.unimagined(), line}).denied(action):
		return Verdict{Explicit: true} // 4.2: of who signed in to a link
	case q.allowed(action), q.comes(action, nil):
		return Verdict{Allowed: true}
	}
	return Verdict{} // 3.1
}

// administrators is the world without the entries that are not theirs to make:
// those of links' roles (2.3).
func (w World) administrators() World {
	w.Data.Entries = slices.DeleteFunc(slices.Clone(w.Data.Entries), func(e alveary.Entry) bool { return e.Role.OfLink() != 0 })
	return w
}

// unimagined is the context without what is imagined of the asker: of others it
// is not.
func (q question) unimagined() *alveary.Context {
	context := *q.context
	context.Set = maps.Clone(context.Set)
	maps.DeleteFunc(context.Set, func(name string, _ alveary.Value) bool { return alveary.ClassOf(name) == alveary.ClassSubject })
	return &context
}

// Rights are all six answers.
func (w World) Rights(asker *Asker, context *alveary.Context, line []alveary.Node) alveary.Rights {
	var rights alveary.Rights
	for _, action := range alveary.AllRights.Actions() {
		if w.Check(asker, context, line, action).Allowed {
			rights = rights.With(action)
		}
	}
	return rights
}

type question struct {
	World
	asker   *Asker
	context *alveary.Context
	line    []alveary.Node
}

// basis is the right that an action follows from (3.8).
func basis(action alveary.Action) alveary.Action {
	switch action {
	case alveary.ActionDownload, alveary.ActionSync:
		return alveary.ActionRead
	case alveary.ActionUpload, alveary.ActionDelete:
		return alveary.ActionWrite
	}
	return action
}

// denied is 3.2 with 3.9: a deny of read or write takes along what follows.
func (q question) denied(action alveary.Action) bool {
	return q.deniedItself(action) || q.deniedItself(basis(action))
}

// deniedItself is 3.2.
func (q question) deniedItself(action alveary.Action) bool {
	for at := range q.line {
		for _, entry := range q.entriesOn(at) {
			if entry.Deny {
				return true
			}
			for _, id := range entry.Policies {
				if q.deniedByPolicy(id, at, action) {
					return true
				}
			}
		}
	}
	return false
}

// deniedByPolicy is 3.5, what cannot be found or is of another type, and the
// first half of 3.6: denies are looked for on N, on the entry's own node and on
// each folder between them.
func (q question) deniedByPolicy(id alveary.PolicyID, entryAt int, action alveary.Action) bool {
	policy, found := q.policy(id)
	if !found || policy.Type != alveary.PolicyACL {
		return true
	}
	if !policy.InForce() { // 7.8
		return false
	}
	for at := entryAt; at < len(q.line); at++ {
		facts := q.facts(at)
		facts.above = at < len(q.line)-1
		if facts.Decide(policy, action.String()) == Deny {
			return true
		}
	}
	return false
}

// allowed is 3.4 with 3.8: the deepest node with an effective entry decides.
func (q question) allowed(action alveary.Action) bool {
	for at := len(q.line) - 1; at >= 0; at-- {
		if effective := q.effective(at); len(effective) > 0 {
			return q.allowedBy(effective, basis(action))
		}
	}
	return false
}

// allowedBy is 3.5 and the second half of 3.6: the entries of one rank as one.
func (q question) allowedBy(effective []alveary.Entry, right alveary.Action) bool {
	var rights alveary.Rights
	var policies []alveary.Policy
	byPolicy := false
	for _, entry := range effective {
		rights |= entry.Rights & alveary.Givable
		for _, id := range entry.Policies {
			if !q.counts(id) {
				continue
			}
			byPolicy = true
			if policy, found := q.policy(id); found && policy.Type == alveary.PolicyACL {
				policies = append(policies, policy)
			}
		}
	}
	if !byPolicy {
		return rights.Has(right)
	}
	here := q.facts(len(q.line) - 1)
	return slices.ContainsFunc(policies, func(p alveary.Policy) bool { return here.allowsSomewhere(p, right.String()) })
}

// effective is 3.3: the entries, on one node of the line, of the last rank of
// roles that has any there.
func (q question) effective(at int) []alveary.Entry {
	here := slices.DeleteFunc(q.entriesOn(at), func(e alveary.Entry) bool { return !q.standsForAllows(e) })
	for i := len(q.asker.Ranks) - 1; i >= 0; i-- {
		var mine []alveary.Entry
		for _, entry := range here {
			if slices.Contains(q.asker.Ranks[i], entry.Role) {
				mine = append(mine, entry)
			}
		}
		if len(mine) > 0 {
			return mine
		}
	}
	return nil
}

// standsForAllows is the end of 3.5: an entry all of whose policies are off or
// observed is not there for 3.3 and 3.4.
func (q question) standsForAllows(entry alveary.Entry) bool {
	return len(entry.Policies) == 0 || slices.ContainsFunc(entry.Policies, q.counts)
}

// counts says whether a policy that an entry names is more than off or
// observed; what cannot be found or is of another type counts, as a deny.
func (q question) counts(id alveary.PolicyID) bool {
	policy, found := q.policy(id)
	return !found || policy.Type != alveary.PolicyACL || policy.InForce()
}

// entriesOn are the entries of the asker's roles on one node of the line that
// exist now: 2.5 and the head of 3.
func (q question) entriesOn(at int) []alveary.Entry {
	now := q.facts(at).now()
	var found []alveary.Entry
	for _, entry := range q.Data.Entries {
		node := entry.Node
		if entry.Template != "" {
			node = q.asker.Homes[entry.Template] // 0, which no node has, where he has none
		}
		gone := !entry.Expires.IsZero() && !now.Before(entry.Expires)
		if node == q.line[at].ID && !gone && q.asker.holds(entry.Role) {
			found = append(found, entry)
		}
	}
	return found
}

func (q question) policy(id alveary.PolicyID) (alveary.Policy, bool) {
	for _, p := range q.Data.Policies {
		if p.ID == id {
			return p, true
		}
	}
	return alveary.Policy{}, false
}

// facts are what conditions are asked about at one node of the line (6.3, end).
func (q question) facts(at int) Facts {
	return Facts{
		Subjects: q.asker.Subjects(),
		Resource: "acl",
		Context:  q.context,
		Asker:    q.asker,
		Line:     q.line[:at+1],
		Owner:    q.Logins[q.line[at].Owner],
	}
}

// Call is 6.2 for one API call: all enforced rest policies are one question.
// The path is without query string and without what stands before all paths.
func (w World) Call(asker *Asker, context *alveary.Context, method, path string) Verdict {
	return w.all(alveary.PolicyREST, Facts{Subjects: asker.Subjects(), Resource: "rest:" + path, Context: context, Asker: asker}, method)
}

// SignIn is 6.2 for login and for the issue and refresh of tokens.
func (w World) SignIn(asker *Asker, context *alveary.Context, action string) Verdict {
	return w.all(alveary.PolicyOIDC, Facts{Subjects: asker.Subjects(), Resource: "oidc", Context: context, Asker: asker}, action)
}

func (w World) all(kind alveary.PolicyType, facts Facts, action string) Verdict {
	allowed := false
	for _, policy := range w.Data.Policies {
		if policy.Type != kind || !policy.InForce() {
			continue
		}
		switch facts.Decide(policy, action) {
		case Deny:
			return Verdict{Explicit: true}
		case Allow:
			allowed = true
		case Default:
		}
	}
	return Verdict{Allowed: allowed}
}
