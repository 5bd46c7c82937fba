// Package login says who someone is: local users and their passwords, the
// sessions of browsers, personal access tokens, and the set-up of a new
// installation.
//
// It exists so that every door learns who asks in one way and at one price. It
// never says what someone may do with the tree: that is the gate's. What it
// guards itself are accounts, sessions and tokens: one's own for everyone, the
// making of users for administrators.
//
// Promises: a secret (password, session, token, set-up link) is kept as a hash
// only and handed out once. A subject is read from the store anew for every
// request, so that a disabled account, an ended session, a revoked token or a
// new password counts from the next request on. An unknown login, a disabled
// account and a wrong password cannot be told apart, in words or in work done.
// What changes is written to the audit log in the same transaction. A *Service
// is safe for concurrent use.
//
// Read service.go first, then signin.go.
package login
