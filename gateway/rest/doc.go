// Package rest is the REST door: /api/v1 as described by the OpenAPI document
// that it emits, and the reference page made from that document.
//
// It exists to translate: JSON and HTTP on one side, services on the other. It
// decides nothing; every route states the operation that a service asks at the
// gate, or the reason why it is open, and one without either cannot be
// registered.
//
// Read routes.go first: the whole API on one page. JSON goes through huma;
// what streams bytes (content.go, upload.go, archive.go) is plain net/http and
// described beside it.
package rest
