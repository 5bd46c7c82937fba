// Package webui mounts the web page that the room web carries.
//
// It exists because the page is a door too: its routes stand in the table like
// all others, open because they hold no data, and everything the page then
// shows comes through the REST door as the user who is signed in.
package webui

import (
	"net/http"

	"alveary/gateway"
	"alveary/web"
)

// Mount registers the page, and what says how to report a weakness: to the
// contact, a URI, or where none is set as a page of this server says.
func Mount(g *gateway.Gateway, contact string) {
	const why = "the page itself holds no data; it asks the API as whoever is signed in"
	page := web.Handler()
	for _, path := range []string{"/{$}", "/signin", "/setup", "/welcome", "/account", "/bin", "/files/", "/cells/", "/links/", "/shared/", "/requests", "/notices", "/console", "/console/", gateway.LinkPrefix + "{token}", "/assets/", "/favicon.svg", "/theme.js"} {
		g.Routes.Handle(gateway.Route{Method: http.MethodGet, Pattern: path, Operation: "page " + path, Open: why}, page)
	}
	const report = "tells how to report a weakness"
	g.Routes.Handle(gateway.Route{Method: http.MethodGet, Pattern: "/.well-known/security.txt", Operation: "security-txt", Open: report}, securityText(contact))
	g.Routes.Handle(gateway.Route{Method: http.MethodGet, Pattern: policyPath, Operation: "security-policy", Open: report}, securityPolicy())
}
