// Package world builds a whole installation in memory for a test: a store on
// SQLite or PostgreSQL, a bucket, the gate, the services, and on demand an HTTP
// server with the REST door and clients that are signed in.
//
// It exists so that the tests of the upper rooms stand on the real house, in
// which nothing is pretended, and say in one line what people and files there
// are. Its clock stands still until a test moves it. A World belongs to one
// test; its methods that act may be called from parallel requests, those that
// build may not. Every failure while building ends the test.
//
// Read world.go first; tree.go fills the tree and looks at it, http.go asks
// over HTTP, signin.go signs in in steps.
package world
