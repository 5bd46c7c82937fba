// Package trace is how a decision is explained: what counted, in the order in
// which it was looked at, and what would turn the answer.
//
// It exists apart from the gate so that explanations are plain data, which
// whoever shows them can hold without asking anything. Nothing here decides.
//
// Read this file first; flip.go is about what would turn an answer.
package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/policy"
)

// RoleStep is one role of the asker, in order, with its entries on the way.
type RoleStep struct {
	Role    alveary.RoleID
	Label   string // a user's own role has his login, a group's its path
	Why     string // how he comes by it
	Entries []EntryStep
}

// Explanation is a decision with everything that counted.
type Explanation struct {
	Allowed    bool
	Action     string
	Verdict    string    // one plain sentence
	Version    int64     // of the access data
	ValidUntil time.Time // when the clock alone could change it; zero: never
	Roles      []RoleStep
	Policies   []PolicyStep
	Ways       []WayStep // Cells and links that lead to the node, whether they count or not
	Decided    Decider
	Residual   []string // what is left when asker and context are known, in words
	Flips      []Flip
}

// EntryStep is one entry of a role on a node of the way.
type EntryStep struct {
	Entry alveary.EntryID
	Node  alveary.NodeID
	Path  string
	Holds string
	State string
	Text  string
	Role  alveary.RoleID
}

// PolicyStep is a policy asked about one node of the way, or about a call.
type PolicyStep struct {
	Policy  alveary.PolicyID
	Label   string
	Mode    alveary.PolicyMode
	Node    alveary.NodeID // 0 where there is none
	Path    string
	Above   bool // asked as a folder above the node: its denies alone count (MODEL.md 3.6)
	Verdict policy.Verdict
	Rules   []policy.RuleStep
}

// Decider is what settled the answer.
type Decider struct {
	Clause string // of MODEL.md
	Text   string
	Node   alveary.NodeID
	Path   string
	Role   alveary.RoleID
	Entry  alveary.EntryID
	Policy alveary.PolicyID
	Rule   int            // -1: none
	Cell   alveary.CellID // where it came, or failed to come, through a Cell or link
}

// Flip is the nearest change of one attribute that would turn the answer.
type Flip struct {
	Attribute string
	From, To  string
	Becomes   bool // allowed
	Text      string
}

// WayStep is a Cell or link that leads to the node.
type WayStep struct {
	Cell     alveary.CellID
	Label    string
	Kind     string // "cell" or "link"
	Owner    string // login; empty: he is gone
	Gives    alveary.Rights
	OwnerHas alveary.Rights
	Counts   bool   // the action comes through it
	Text     string // why it counts or not, in one plain sentence
	Entries  []EntryStep
	Policies []PolicyStep
	Above    []WayStep // ways of the owner's own; told once for each owner
	Loop     bool      // it comes back to where it began
}

// Holds is what an entry gives, in a few words.
func Holds(e *alveary.Entry) string {
	switch {
	case e.Deny:
		return "deny"
	case len(e.Policies) > 0:
		words := make([]string, len(e.Policies))
		for i, p := range e.Policies {
			words[i] = string(p)
		}
		return "policies " + strings.Join(words, ", ")
	case e.Rights&alveary.Givable == 0:
		return "nothing"
	}
	return Spoken(e.Rights & alveary.Givable)
}

// Spoken are rights within a sentence.
func Spoken(r alveary.Rights) string { return strings.ReplaceAll(r.String(), ",", ", ") }

// PathTo is the path of a node on the way; empty where it is not on it.
func PathTo(line alveary.Lineage, id alveary.NodeID) string {
	at := slices.IndexFunc(line, func(n alveary.Node) bool { return n.ID == id })
	if at < 0 {
		return ""
	}
	return line[:at+1].Path()
}

// ModeOf is the mode of a policy, as people call it.
func ModeOf(p *policy.Policy) alveary.PolicyMode {
	if m := p.Source().Mode; m != "" {
		return m
	}
	return alveary.ModeEnforced
}

// Settled is what settles a question to all policies of a type: the first deny,
// or else the first allow.
func Settled(steps []PolicyStep) Decider {
	for _, verdict := range []policy.Verdict{policy.Denies, policy.Allows} {
		effect, word := alveary.EffectAllow, "allows"
		if verdict == policy.Denies {
			effect, word = alveary.EffectDeny, "denies"
		}
		for i := range steps {
			p := &steps[i]
			if p.Verdict != verdict {
				continue
			}
			r := p.Rules[slices.IndexFunc(p.Rules, func(r policy.RuleStep) bool { return r.Applies && r.Effect == effect })]
			return Decider{
				Clause: "6.1", Policy: p.Policy, Rule: r.Index,
				Text: fmt.Sprintf("the rule %s of the policy %s %s it", r.Name(), p.Policy, word),
			}
		}
	}
	return Decider{Clause: "6.2", Text: "no rule of any enforced policy allows it", Rule: -1}
}
