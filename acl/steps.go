package acl

import (
	"fmt"
	"strings"
	"time"

	"alveary"
)

// State is what became of an entry on the way to a decision.
type State uint8

// The states.
const (
	Counts     State = iota // it decides the allow (MODEL.md 3.4), or is merged into what does
	Replaced                // a later role has an entry on the same node (3.3)
	Farther                 // an entry on a deeper node decides (3.4)
	Expired                 // it has passed (3)
	NotInForce              // all policies it names are off or observed (3.5)
	Denies                  // an explicit deny (3.2)
)

var stateWords = [...]string{"counts", "replaced", "farther", "expired", "not in force", "denies"}

// String is the word for traces.
func (s State) String() string { return stateWords[s] }

// Step is one entry on the path of a node.
type Step struct {
	Node     alveary.NodeID // on which it stands for the subject
	Rank     int            // of the role in the subject's stack
	Entry    *alveary.Entry
	Policies []Policy // those it names that are in force; their denies count whatever the state (3.2)
	Missing  bool     // it names a policy that cannot be found
	State    State
}

// Text says in one plain sentence what the entry holds. Its role is given in
// words, such as "role Readers".
func (s Step) Text(role string) string {
	e := s.Entry
	switch {
	case s.State == Expired:
		return fmt.Sprintf("the entry of %s expired at %s", role, e.Expires.UTC().Format(time.RFC3339))
	case e.Deny:
		return fmt.Sprintf("%s is denied here and beneath", role)
	case s.Missing:
		return fmt.Sprintf("%s names a policy that cannot be found", role)
	case s.State == NotInForce:
		return fmt.Sprintf("%s names policies of which none is in force", role)
	case len(e.Policies) > 0:
		return fmt.Sprintf("%s holds what %s allow here", role, names(e.Policies))
	case e.Rights&alveary.Givable == 0:
		return fmt.Sprintf("%s holds nothing here", role)
	}
	return fmt.Sprintf("%s holds %s here", role, strings.ReplaceAll((e.Rights&alveary.Givable).String(), ",", ", "))
}

func names(policies []alveary.PolicyID) string {
	words := make([]string, len(policies))
	for i, p := range policies {
		words[i] = string(p)
	}
	if len(words) == 1 {
		return "the policy " + words[0]
	}
	return "the policies " + strings.Join(words, ", ")
}

// Steps are all entries on the path, from the root down and in the order of
// the roles, with what became of each. Below decides; this says why.
func (l *Ledger) Steps(path []alveary.NodeID, now time.Time) []Step {
	var steps []Step
	for _, id := range path {
		first, top := len(steps), -1
		for _, it := range l.at(id).entries {
			policies, exists := l.inForce(it.item)
			s := Step{Node: id, Rank: it.rank, Entry: it.entry, Policies: policies, Missing: it.missing}
			switch {
			case it.expired(now):
				s.State = Expired
			case !exists:
				s.State = NotInForce
			case it.deny:
				s.State = Denies
			default:
				top = max(top, it.rank)
			}
			steps = append(steps, s)
		}
		if top < 0 {
			continue // nothing effective here
		}
		for i := range steps {
			switch s := &steps[i]; {
			case s.State != Counts:
			case i < first:
				s.State = Farther
			case s.Rank != top:
				s.State = Replaced
			}
		}
	}
	return steps
}
