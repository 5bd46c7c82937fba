// Package scenario reads scenario files and asks the gate their questions: it
// tests access as one tests code (MODEL.md 8).
//
// It exists so that who may do what can be written down, kept beside a policy
// and asked again at each change. The answers come from the very code that
// serves requests: a file brings people, a tree, entries and policies in
// memory, and package authz decides. Nothing is decided here.
//
// Beside the forms of the model's chapter 8 a file may hold Cells and links,
//
//	cells: [{id, owner, from, until, created, slug,
//	         mode, password, people,          # of a link alone
//	         entries: [{role|user|group, node, rights, policies, expires}]}]
//
// where an entry of a link says nobody and gives what the mode says unless it
// says otherwise; house rules, house: [{role, node, cells, fileLinks,
// folderLinks, password, slugs, days}]; and users that are disabled: true. A
// question may be asked as whoever opens a link, link: its id, with guest: the
// user who is signed in.
//
// A file is read strictly: what is not known is an error that names its line.
// A malformed policy in it is no such error; it acts as MODEL.md 6.8 says, as
// it would on a server. A *File is read-only once made and safe for concurrent
// use.
//
// Read this file first, then run.go, how a question is put; read.go and yaml.go
// take the text apart, report.go writes what came of it.
package scenario

import (
	"slices"
	"time"

	"alveary"
	"alveary/authz/lint"
)

// File is a scenario, read.
type File struct {
	policies []alveary.Policy
	users    []user
	roles    []role
	entries  []alveary.Entry
	cells    []named
	house    []alveary.HouseRule
	tree     *tree
	asks     []ask
}

// user is a person of the file.
type user struct {
	name       string
	profile    alveary.Profile
	group      string // path from the root group, "/" for that one
	roles      []alveary.RoleID
	attributes map[string]string
	disabled   bool
}

// role is a name in the order of the asker's roles or, beside users, what is
// known of a role.
type role struct {
	id       alveary.RoleID
	profiles []alveary.Profile
	force    bool
	plain    bool // written as a name alone
}

// ask is one question, in one of the four forms.
type ask struct {
	line      int
	id, note  string
	as        string
	link      string           // a link that somebody opens …
	guest     string           // … and the user who is signed in to it
	roles     []alveary.RoleID // nil: those of the file, or of the user
	context   map[string]alveary.Value
	node      string // path; "" for none, "/" for the root
	policy    alveary.PolicyID
	subjects  []string // nil: the asker's
	resource  *string
	answers   []answer // of a node or policy, in the order they are told
	condition *drafted[alveary.Condition]
	save      *drafted[alveary.Policy]
	value     alveary.Value
	expect    string // of a condition or a policy to save
}

// answer is what is expected of one action.
type answer struct {
	action string
	allow  bool
}

// drafted is what is read from a file in order to be refused, or not.
type drafted[T any] struct {
	what    T
	refused *Malformed // its very form is wrong
}

// Result is what came of one question.
type Result struct {
	ID       string   `json:"id"` // as written, or made from the place of the question
	Note     string   `json:"note,omitempty"`
	Line     int      `json:"line"`
	Question string   `json:"question"` // in words
	Passed   bool     `json:"passed"`
	Expected string   `json:"expected"`
	Got      string   `json:"got"`
	Trace    []string `json:"trace,omitempty"` // why, where it failed
}

// Policies are those that the file brings, as data.
func (f *File) Policies() []alveary.Policy { return slices.Clone(f.policies) }

// LintEntries looks at how the entries of the file name policies.
func (f *File) LintEntries() ([]lint.Finding, error) {
	return lint.Entries(newWorld(f, f.policies).data, func(id alveary.NodeID) (alveary.Lineage, error) {
		return f.tree.lineage(f.tree.paths[id]), nil
	})
}

// Names says whether an entry or a question of the file names the policy.
func (f *File) Names(id alveary.PolicyID) bool {
	return slices.ContainsFunc(f.entries, func(e alveary.Entry) bool { return slices.Contains(e.Policies, id) }) ||
		slices.ContainsFunc(f.cells, func(c named) bool {
			return slices.ContainsFunc(c.cell.Entries, func(e alveary.Entry) bool { return slices.Contains(e.Policies, id) })
		}) ||
		slices.ContainsFunc(f.asks, func(q ask) bool { return q.policy == id })
}

// with gives the policies of the file, those of the same id replaced by the
// ones given, and the others given added.
func (f *File) with(drafts []alveary.Policy) []alveary.Policy {
	out := slices.Clone(f.policies)
	for _, d := range drafts {
		if at := slices.IndexFunc(out, func(p alveary.Policy) bool { return p.ID == d.ID }); at >= 0 {
			out[at] = d
		} else {
			out = append(out, d)
		}
	}
	return out
}

// Run asks every question. now is the present of the questions that set no
// time. The policies given stand in the place of those of the file with the
// same id, so that a draft can be tested.
func (f *File) Run(now time.Time, policies ...alveary.Policy) []Result {
	r := newRun(f, now, f.with(policies))
	results := make([]Result, len(f.asks))
	for i := range f.asks {
		results[i] = r.result(&f.asks[i])
	}
	return results
}
