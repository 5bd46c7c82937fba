package authz

import "alveary"

// Asked is Rights for an answer that rests on some of them: where one of those
// would be another with an observed policy in force, the request is counted for
// the policy (MODEL.md 7.8).
func (a *Access) Asked(line alveary.Lineage, about alveary.Rights) alveary.Rights {
	rights := a.Rights(line)
	for _, p := range a.who.Watched() {
		if (a.shadow(p).rights(line, about)^rights)&about != 0 {
			a.gate.watch.Count(a.who.Snap.Policies[p].ID(), a.by.request)
		}
	}
	return rights
}

// Observed takes what was counted since it was last called.
func (g *Gate) Observed() map[alveary.PolicyID]int64 { return g.watch.Take() }
