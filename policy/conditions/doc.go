// Package conditions compiles the conditions of rules and says what they say of
// the facts (MODEL.md 6.4 to 6.9). It exists so that what one condition means can
// be read and tested apart from the rules it stands in.
//
// Read condition.go first for how a condition answers for a value, then options.go
// for how it is read and facts.go for what it is asked about. What values are
// compared with is in package match.
//
// What is compiled never changes and is safe for concurrent use; facts belong to
// one asker at a time. Nothing here panics on any text. A hole in the input makes
// a condition undecided, never false.
package conditions
