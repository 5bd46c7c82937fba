package document

import (
	"encoding/json"

	"alveary"
)

// Simulation is what a change would do, as far as it is known.
type Simulation struct {
	ID       string           `json:"id"`
	Complete bool             `json:"complete"`
	AtLeast  bool             `json:"atLeast" doc:"There may be more than is told"`
	People   SimulatedPeople  `json:"people"`
	Lines    []SimulatedLine  `json:"lines"`
	Refused  *SimulatedRefuse `json:"refused,omitempty" doc:"Why the change would not be made"`
}

// SimulatedPeople counts who gains and who loses anything.
type SimulatedPeople struct {
	Gain int `json:"gain"`
	Lose int `json:"lose"`
}

// SimulatedLine is one right that people gain or lose somewhere.
type SimulatedLine struct {
	Who   SimulatedWho `json:"who"`
	Node  *Place       `json:"node,omitempty"`
	Call  *CallName    `json:"call,omitempty"`
	Right string       `json:"right" doc:"One of the six rights; call, login, issue or refresh"`
	Gains bool         `json:"gains"`
	When  string       `json:"when,omitempty" doc:"In which context; empty: in that of whoever asks"`
}

// SimulatedWho is people for whom every answer is the same.
type SimulatedWho struct {
	Label  string   `json:"label"`
	Users  int      `json:"users"`
	Logins []string `json:"logins" doc:"At most five of them"`
}

// SimulatedRefuse is a refusal that making the change would meet.
type SimulatedRefuse struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Change is one change of a draft: exactly one of its parts is given.
type Change struct {
	Policy       json.RawMessage  `json:"policy,omitempty" doc:"A policy as it would be"`
	RemovePolicy alveary.PolicyID `json:"removePolicy,omitempty"`
	Entry        *EntryIn         `json:"entry,omitempty" doc:"An entry; with an id, in place of that one"`
	RemoveEntry  string           `json:"removeEntry,omitempty"`
	Role         *RoleChange      `json:"role,omitempty"`
	RemoveRole   alveary.RoleID   `json:"removeRole,omitempty"`
	User         *UserChange      `json:"user,omitempty"`
}

// RoleChange is a role as it would be.
type RoleChange struct {
	ID       alveary.RoleID    `json:"id" maxLength:"200"`
	Label    string            `json:"label,omitempty" maxLength:"200"`
	Profiles []alveary.Profile `json:"profiles,omitempty" maxItems:"4"`
	Force    bool              `json:"force,omitempty"`
}

// UserChange is what would change of a user; what is missing stays. A login
// that is not there yet is a new user.
type UserChange struct {
	Login    string            `json:"login" maxLength:"256"`
	Group    *string           `json:"group,omitempty" doc:"Path such as /sales/north, or id"`
	Roles    *[]alveary.RoleID `json:"roles,omitempty"`
	Profile  *alveary.Profile  `json:"profile,omitempty" enum:"admin,standard,shared,anon"`
	Disabled *bool             `json:"disabled,omitempty"`
}
