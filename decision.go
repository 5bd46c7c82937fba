package alveary

import (
	"fmt"
	"strings"
	"time"
)

// Decision is allow or deny, with its reasons.
type Decision struct {
	Action     Action
	Allowed    bool
	Explicit   bool      // denied by an explicit deny, which nothing reopens
	ValidUntil time.Time // when the answer could change by the clock alone; zero: not by the clock
	Trace      []Reason  // what counted, in the order it was looked at
}

// Reason is one step of a trace.
type Reason struct {
	Node    NodeID
	Role    RoleID
	Entry   EntryID // 0 where no entry was found
	Clause  string  // of MODEL.md, such as "3.2"
	Text    string  // one plain sentence
	Decided bool    // this step settled the answer
}

// String is the verdict with the step that settled it.
func (d Decision) String() string {
	verdict := "deny"
	if d.Allowed {
		verdict = "allow"
	}
	for _, r := range d.Trace {
		if r.Decided {
			return fmt.Sprintf("%s %s: %s (%s)", verdict, d.Action, r.Text, r.Clause)
		}
	}
	return verdict + " " + d.Action.String()
}

// Abilities tell a screen what the asker may do with a node; an action that is
// missing carries the reason to show.
type Abilities map[string]Ability

// Ability is one entry of Abilities.
type Ability struct {
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason,omitempty"` // why not, in a plain sentence
}

// MissingRights words a refusal that names the rights.
func MissingRights(missing ...Action) string {
	words := make([]string, len(missing))
	for i, a := range missing {
		words[i] = a.String()
	}
	if len(words) == 1 {
		return "you lack the right to " + words[0] + " here"
	}
	return "you lack the rights to " + strings.Join(words, " and ") + " here"
}
