// Package acl is the algebra of ACL entries: role order × path × entries →
// rights, and the trace of how they came to be (MODEL.md 2 and 3).
//
// It exists so that the law can be read, tested and proved apart from
// everything that gathers its inputs: it takes values and returns values, with
// no clock, no context.Context and no database. What policies say is handed in:
// here they are numbers, in force, watched, idle or missing, and Settle puts
// together what entries give and what policies allow and deny.
//
// Read stack.go for who comes after whom, index.go for how entries are kept,
// then ledger.go for how they become rights. An *Index never changes; a *Ledger
// remembers what it gathered. Both are safe for concurrent use.
package acl
