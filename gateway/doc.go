// Package gateway is what every HTTP door has in common: the listener and its
// certificate, who asks and from where, the table of routes, the limits, the
// headers, the log, the metrics and the one table from kinds of errors to
// status codes.
//
// It exists so that these are settled once. A door (gateway/rest and its
// neighbours) registers its routes here and is then reached only through this
// package: by a request whose sender is known, whose body is bounded and whose
// answer carries the security headers. A route says which decision it asks for,
// or why it needs none; one that says neither cannot be registered.
//
// Promises: no handler of a route with a decision runs for someone who is not
// signed in. Private causes of errors go to the log and never to the asker; no
// query string, cookie, token or header of a request goes to the log. A
// *Gateway is safe for concurrent use once its routes are registered.
//
// Read gateway.go first, then route.go and auth.go.
package gateway
