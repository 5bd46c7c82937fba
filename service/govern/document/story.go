package document

import (
	"time"

	"alveary"
)

// Explanation is a decision with everything that counted.
type Explanation struct {
	Allowed    bool          `json:"allowed"`
	Action     string        `json:"action"`
	Verdict    string        `json:"verdict" doc:"One sentence"`
	Version    int64         `json:"version" doc:"Of the access data"`
	ValidUntil *time.Time    `json:"validUntil,omitempty" doc:"When the clock alone could change it"`
	Subject    StorySubject  `json:"subject"`
	Node       *Place        `json:"node,omitempty"`
	Decided    StoryDecided  `json:"decided"`
	Roles      []StoryRole   `json:"roles" doc:"In order; each replaces those before it"`
	Policies   []StoryPolicy `json:"policies"`
	Ways       []StoryWay    `json:"ways" doc:"The Cells and links that lead to the node, each followed by those that its owner has it from"`
	Residual   []string      `json:"residual" doc:"What is left when asker and context are known, in words"`
	Flips      []StoryFlip   `json:"flips" doc:"The nearest change of each attribute that would turn the answer"`
}

// StorySubject is who is asked about.
type StorySubject struct {
	Login   string            `json:"login,omitempty"`
	Profile alveary.Profile   `json:"profile" enum:"admin,standard,shared,anon"`
	Roles   []StoryRoleReason `json:"roles"`
}

// StoryRoleReason is a role with how the asker comes by it.
type StoryRoleReason struct {
	Role  alveary.RoleID `json:"role"`
	Label string         `json:"label"`
	Why   string         `json:"why"`
}

// StoryDecided is what settled the answer.
type StoryDecided struct {
	Clause string           `json:"clause" doc:"Of the access model"`
	Text   string           `json:"text"`
	Node   *alveary.NodeID  `json:"node,omitempty"`
	Path   string           `json:"path,omitempty"`
	Role   alveary.RoleID   `json:"role,omitempty"`
	Entry  string           `json:"entry,omitempty"`
	Policy alveary.PolicyID `json:"policy,omitempty"`
	Rule   *int             `json:"rule,omitempty"`
}

// StoryRole is a role with its entries on the way to the node.
type StoryRole struct {
	Role    alveary.RoleID `json:"role"`
	Label   string         `json:"label"`
	Why     string         `json:"why"`
	Entries []StoryEntry   `json:"entries"`
}

// StoryEntry is an entry on the way to the node.
type StoryEntry struct {
	Entry string         `json:"entry"`
	Node  alveary.NodeID `json:"node"`
	Path  string         `json:"path"`
	Holds string         `json:"holds" doc:"read, write; deny; policies a, b; nothing"`
	State string         `json:"state" doc:"counts, replaced, expired, not in force, farther or denies"`
	Text  string         `json:"text"`
}

// StoryPolicy is a policy that was asked.
type StoryPolicy struct {
	Policy  alveary.PolicyID   `json:"policy"`
	Label   string             `json:"label"`
	Mode    alveary.PolicyMode `json:"mode" enum:"off,observed,enforced"`
	OnPath  bool               `json:"onPath" doc:"Asked about a folder above the node, where its denies alone count"`
	At      *Place             `json:"at,omitempty" doc:"The node it was asked about"`
	Verdict string             `json:"verdict" enum:"allow,deny,none"`
	Rules   []StoryRule        `json:"rules"`
}

// StoryRule is a rule of it.
type StoryRule struct {
	Rule       int              `json:"rule" doc:"From 0"`
	Label      string           `json:"label"`
	Effect     alveary.Effect   `json:"effect" enum:"allow,deny"`
	Applies    bool             `json:"applies"`
	Why        string           `json:"why"`
	Conditions []StoryCondition `json:"conditions"`
}

// StoryCondition is a condition of the rule with the value it was asked about.
type StoryCondition struct {
	Attribute string `json:"attribute"`
	Type      string `json:"type"`
	Words     string `json:"words"`
	Value     string `json:"value"`
	Result    string `json:"result" enum:"true,false,undecided"`
}

// StoryWay is a Cell or link that leads to the node.
type StoryWay struct {
	Cell   string `json:"cell"`
	Label  string `json:"label"`
	Kind   string `json:"kind" enum:"cell,link"`
	Owner  string `json:"owner" doc:"Sign-in name; empty where he is gone"`
	Counts bool   `json:"counts" doc:"Whether the action comes through it"`
	Depth  int    `json:"depth" doc:"0: leads to who is asked about; 1: to the owner of the one before it, and so on"`
	Text   string `json:"text" doc:"Why it counts or not, in one sentence"`
}

// StoryFlip is a change of one attribute that would turn the answer.
type StoryFlip struct {
	Attribute string `json:"attribute"`
	From      string `json:"from"`
	To        string `json:"to"`
	Becomes   string `json:"becomes" enum:"allow,deny"`
	Text      string `json:"text"`
}
