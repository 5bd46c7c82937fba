// Package api carries the OpenAPI document as a file, so that clients can be
// made from it without a running server.
//
// It exists to make a change of the interface visible in a review: the
// document is written by the server's own code, and a test fails where this
// copy says something else (`go test ./app -run OpenAPI -update` writes it
// anew).
package api

import _ "embed" // for the document

//go:embed openapi.json
var document []byte

// Document is the OpenAPI 3.1 document in JSON. The caller may change it.
func Document() []byte { return append([]byte(nil), document...) }
