// Package document holds what the console hands out and takes in: policies,
// entries, workspaces, explanations and simulations as plain data, with the
// names that they have in JSON.
//
// It exists so that the service, the REST door and the page mean the same thing
// by the same field, and so that what is answered can be read on its own. Lists
// in answers are never nil; ids are decimal text. Nothing is decided here; the
// one thing computed is the difference between two texts (diff.go).
//
// Read this file first; story.go is an explanation, simulation.go what a change
// would do.
package document

import (
	"encoding/json"
	"time"

	"alveary"
)

// Catalogue is what conditions can be made of.
type Catalogue struct {
	Attributes []CatalogueAttribute `json:"attributes"`
	Conditions []CatalogueCondition `json:"conditions"`
}

// CatalogueAttribute is an attribute that a condition can test.
type CatalogueAttribute struct {
	Name   string   `json:"name" doc:"Ends in : where a name of one's own follows"`
	Class  string   `json:"class" enum:"context,subject,node"`
	Holds  string   `json:"holds" enum:"text,address,time,number,size,path,list"`
	Values []string `json:"values,omitempty" doc:"Where only these are possible"`
	Doc    string   `json:"doc"`
}

// CatalogueCondition is a type of conditions.
type CatalogueCondition struct {
	Type    string            `json:"type"`
	Doc     string            `json:"doc"`
	Options []CatalogueOption `json:"options"`
}

// CatalogueOption is an option of a type of conditions.
type CatalogueOption struct {
	Name     string `json:"name"`
	Kind     string `json:"kind" doc:"text, pattern, cidr, hours, period, time, timezone, glob, boolean, op, value, values, expr, condition or conditions"`
	Required bool   `json:"required"`
	Doc      string `json:"doc"`
}

// PolicyLine is a policy in the list of policies.
type PolicyLine struct {
	ID          alveary.PolicyID   `json:"id"`
	Type        alveary.PolicyType `json:"type" enum:"acl,rest,oidc"`
	Label       string             `json:"label"`
	Description string             `json:"description"`
	Mode        alveary.PolicyMode `json:"mode" enum:"off,observed,enforced"`
	Rules       int                `json:"rules" doc:"How many it has"`
	Version     int64              `json:"version"`
	Changed     time.Time          `json:"changed"`
	Author      string             `json:"author" doc:"Login; empty for what was shipped"`
	UsedBy      int                `json:"usedBy" doc:"How many entries name it"`
	Findings    int                `json:"findings" doc:"How many there are"`
	Observed    *Observed          `json:"observed,omitempty" doc:"Of a policy that is observed"`
}

// Observed is how often an observed policy would have changed an answer.
type Observed struct {
	Count int64      `json:"count"`
	Last  *time.Time `json:"last,omitempty"`
}

// PolicyDocument is all about a policy.
type PolicyDocument struct {
	Policy    alveary.Policy     `json:"policy"`
	Version   int64              `json:"version"`
	Author    string             `json:"author"`
	At        time.Time          `json:"at"`
	UsedBy    []Entry            `json:"usedBy"`
	Findings  []Finding          `json:"findings"`
	Scenarios []AttachedScenario `json:"scenarios"`
	Observed  *Observed          `json:"observed,omitempty"`
}

// Finding is something well formed that is hardly meant.
type Finding struct {
	Code      string `json:"code"`
	Severity  string `json:"severity" enum:"error,warning,note"`
	Rule      int    `json:"rule" doc:"From 0; -1 for the policy itself"`
	Attribute string `json:"attribute,omitempty"`
	Message   string `json:"message"`
	Fix       string `json:"fix"`
	Entry     string `json:"entry,omitempty" doc:"Id of the entry that is meant"`
}

// AttachedScenario is a scenario that a version of the policy must pass.
type AttachedScenario struct {
	Name string `json:"name" maxLength:"200"`
	Text string `json:"text" doc:"YAML"`
}

// VersionLine is a version in the history of a policy.
type VersionLine struct {
	Version int64              `json:"version"`
	At      time.Time          `json:"at"`
	Author  string             `json:"author"`
	Note    string             `json:"note"`
	Mode    alveary.PolicyMode `json:"mode" enum:"off,observed,enforced"`
	Rules   int                `json:"rules"`
	Deleted bool               `json:"deleted" doc:"The policy was deleted with this version"`
	Current bool               `json:"current"`
}

// VersionDocument is a version with what it changed.
type VersionDocument struct {
	Version int64          `json:"version"`
	Policy  alveary.Policy `json:"policy"`
	Diff    []DiffLine     `json:"diff" doc:"Against the version before"`
}

// DiffLine is a line that stays, comes or goes.
type DiffLine struct {
	Op   string `json:"op" enum:" ,+,-"`
	Text string `json:"text"`
}

// Checked is what saving a policy would say.
type Checked struct {
	Valid     bool              `json:"valid"`
	Errors    []Mistake         `json:"errors"`
	Findings  []Finding         `json:"findings"`
	Scenarios []CheckedScenario `json:"scenarios"`
}

// Mistake is something malformed, with its place.
type Mistake struct {
	Location string `json:"location" example:"rules[2].conditions.RemoteAddress.options.cidr"`
	Message  string `json:"message"`
}

// CheckedScenario is what came of a scenario.
type CheckedScenario struct {
	Name      string           `json:"name"`
	Passed    bool             `json:"passed"`
	Failed    []FailedQuestion `json:"failed"`
	Malformed string           `json:"malformed,omitempty" doc:"Why it could not be run"`
}

// FailedQuestion is a question that got another answer than it expects.
type FailedQuestion struct {
	ID      string   `json:"id"`
	Note    string   `json:"note"`
	Message string   `json:"message"`
	Trace   []string `json:"trace"`
}

// PolicyTemplate is a policy to begin with.
type PolicyTemplate struct {
	ID          string         `json:"id"`
	Label       string         `json:"label"`
	Description string         `json:"description"`
	Policy      alveary.Policy `json:"policy"`
	Scenario    string         `json:"scenario"`
}

// Entry is an ACL entry.
type Entry struct {
	ID        string             `json:"id"`
	Role      alveary.RoleID     `json:"role"`
	RoleLabel string             `json:"roleLabel"`
	Node      *alveary.NodeID    `json:"node,omitempty"`
	Path      string             `json:"path,omitempty" doc:"Of the node, from the root of the tree"`
	Template  alveary.TemplateID `json:"template,omitempty" doc:"Template path, in place of a node"`
	Rights    []string           `json:"rights" doc:"read, write"`
	Deny      bool               `json:"deny"`
	Policies  []alveary.PolicyID `json:"policies"`
	Expires   *time.Time         `json:"expires,omitempty"`
}

// EntryIn is an ACL entry as it is to be.
type EntryIn struct {
	ID       string             `json:"id,omitempty" doc:"In a simulation: of the entry that is replaced"`
	Role     alveary.RoleID     `json:"role" maxLength:"200"`
	Node     string             `json:"node,omitempty" maxLength:"20" doc:"Id of a node; or path, or template"`
	Path     string             `json:"path,omitempty" maxLength:"4096" doc:"WORKSPACE/name/name, or from the root of the tree"`
	Template alveary.TemplateID `json:"template,omitempty" maxLength:"200" doc:"Template path, such as my-files"`
	Rights   []string           `json:"rights,omitempty" maxItems:"2" doc:"read, write"`
	Deny     bool               `json:"deny,omitempty"`
	Policies []alveary.PolicyID `json:"policies,omitempty" maxItems:"100" doc:"In place of rights"`
	Expires  *time.Time         `json:"expires,omitempty"`
}

// ConsoleWorkspace is a workspace as the console sees it.
type ConsoleWorkspace struct {
	Slug     string             `json:"slug"`
	Label    string             `json:"label"`
	Node     *alveary.NodeID    `json:"node,omitempty"`
	Path     string             `json:"path,omitempty" doc:"Of the node, from the root of the tree"`
	Template alveary.TemplateID `json:"template,omitempty"`
}

// ConsoleNode is a node as the console sees it, by name alone.
type ConsoleNode struct {
	ID   alveary.NodeID   `json:"id"`
	Name string           `json:"name"`
	Path string           `json:"path" doc:"From the root of the tree"`
	Type alveary.NodeType `json:"type" enum:"LEAF,COLLECTION"`
}

// Place is a node in an answer.
type Place struct {
	ID   alveary.NodeID `json:"id,omitempty" doc:"Missing where the node is not made yet"`
	Path string         `json:"path"`
}

// CallName is one API call.
type CallName struct {
	Method string `json:"method" maxLength:"20" example:"GET"`
	Path   string `json:"path" maxLength:"4096" example:"/policies"`
}

// Question is what is to be explained: an action on a node, a call, or a
// sign-in.
type Question struct {
	User    string          `json:"user,omitempty" maxLength:"256" doc:"Login; nobody in particular if missing"`
	Node    string          `json:"node,omitempty" maxLength:"20" doc:"Id of a node; or path"`
	Path    string          `json:"path,omitempty" maxLength:"4096" doc:"WORKSPACE/name/name, or from the root of the tree"`
	Action  string          `json:"action,omitempty" enum:"read,write,delete,download,upload,sync" doc:"With a node"`
	Call    *CallName       `json:"call,omitempty"`
	SignIn  string          `json:"signin,omitempty" enum:"login,issue,refresh"`
	Context map[string]any  `json:"context,omitempty" doc:"Attributes by name, of any class; the clock alone if missing"`
	Draft   json.RawMessage `json:"draft,omitempty" doc:"A policy that stands in the place of the stored one with the same id"`
}
