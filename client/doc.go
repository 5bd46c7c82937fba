// Package client speaks to a server's REST API, for the command line and for
// any Go program.
//
// It exists so that the care that transfers need is taken in one place:
// requests that broke are sent again only where a second one does no harm,
// uploads go on where they stopped, downloads go to a temporary file that
// takes its name once its digest is right, and a token is sent to the one
// server that it belongs to and nowhere else.
//
// A Client is safe for concurrent use. Every error of a request is an
// *alveary.Error whose Kind says what happened and whose Message is the
// server's own sentence. Whole folders are the business of client/transfer;
// tests use the in-memory server of testkit/fakeapi.
//
// Read client.go first, then request.go: every method goes through it.
package client
