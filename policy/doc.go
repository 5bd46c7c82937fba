// Package policy compiles policies and answers what they say (MODEL.md 6). It
// exists so that a decision is a function of its arguments: no clock, no
// database, nothing read or written.
//
// Read package conditions first for what one condition is, then rule.go for how
// conditions make rules and rules a verdict, and compile.go for how malformed
// policies are met.
//
// What is compiled never changes and is safe for concurrent use. Facts belong to
// one asker at a time. Nothing here panics on any text, and a hole in the input
// never switches a deny off: it makes a condition undecided, and rule.go reads
// that against the asker.
package policy
