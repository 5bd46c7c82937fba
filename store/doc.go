// Package store keeps the metadata: the tree, people, entries, what they share,
// sessions, uploads under way and the audit log, in SQLite or PostgreSQL.
//
// It exists so that nobody else writes SQL. One SQL text serves both
// databases; package sqldb runs it. What decides who may what (roles, entries,
// policies) is in package access, what people share in package share; a *Tx has
// the methods of both. The store keeps and finds; it never decides who may.
//
// Promises: Write runs one change at a time across all servers of one
// database (docs/decisions) and returns only when the change is durable; Read
// sees one consistent state. Values that are returned share no memory with
// the store, but for the access data, which nobody changes. A *Store is safe for
// concurrent use, a *Tx is not.
//
// Read store.go first, then node.go.
package store
