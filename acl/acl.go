// Package acl is the algebra of ACL entries: role order × path × entries →
// rights, and the trace of how they came to be (MODEL.md 2 and 3).
//
// It exists so that the law can be read, tested and proved apart from
// everything that gathers its inputs: it takes values and returns values, with
// no clock, no context.Context and no database. Policies as the value of an
// entry are not known here yet; an entry that names one denies every right,
// which is what 3.5 says of a policy that cannot be found.
//
// Read stack.go for who comes after whom, then ledger.go for how entries
// become rights. A *Ledger is read-only once made and safe for concurrent use.
package acl
