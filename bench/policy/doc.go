// Package policy runs one set of questions on several policy engines and on
// ours, so that the aims in numbers stand beside what others reach.
//
// It exists as a Go module of its own: the engines of others, and all they
// depend on, never enter the module of the product. Each engine is set up as
// its manual advises for speed; all get the same policies, people and
// questions, and TestEnginesAgree holds them to the same answers before anyone
// looks at a figure. The floor is what a programmer would write by hand for
// these questions and nothing else.
//
// Nothing here asserts a time. The figures, with versions, machine and date,
// are in bench/README.md. Read workload.go first, then floor.go.
package policy
