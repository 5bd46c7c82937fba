// Package rules holds the house rules that a compiler does not know, as tests:
// which room may import which and why, that every package says what it is for,
// that nothing runs or changes at package level, that only the gate can seal a
// grant, and that the tree is free of large, foreign or machine-bound files.
//
// It exists because a rule that is only written down is kept by those who have
// read it. Each test prints the reason beside the offence, so that nobody has
// to look it up. There is no code here to import.
//
// Read imports_test.go first: its table is the plan of the house.
package rules
