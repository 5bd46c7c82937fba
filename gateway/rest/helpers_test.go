package rest_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// garden is a world in which ann has all rights on "common/area" and on nothing
// else beside what everybody has.
type garden struct {
	*world.World
	t    *testing.T
	ann  *world.Client
	area alveary.NodeID
}

func newGarden(t *testing.T, o world.Options) *garden {
	t.Helper()
	w := world.New(t, o)
	w.User("ann")
	g := &garden{World: w, t: t, area: w.Folder("common/area")}
	w.Allow("ann", g.area, "read,write")
	g.ann = w.Client("ann")
	return g
}

// onEach runs a test in a garden on each of the two databases, behind a proxy
// and with a public address.
func onEach(t *testing.T, test func(*testing.T, *garden)) {
	t.Helper()
	for _, database := range world.Databases() {
		t.Run(database, func(t *testing.T) {
			test(t, newGarden(t, world.Options{Database: database, Public: world.Site, Proxy: true}))
		})
	}
}

// node is a node as it comes in an answer.
type node struct {
	ID, Name, Path, ETag, SHA256, Parent, MTime string
	Size, Version                               int64
	Abilities                                   map[string]alveary.Ability
}

// want wants a status, and of an error its code.
func want(t *testing.T, a world.Answer, status int, code ...string) world.Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("answered %d, want %d: %.400s", a.Status, status, a.Body)
	}
	if len(code) > 0 {
		if p := a.Problem(t); p.Code != code[0] || p.Status != status || p.Detail == "" || p.Instance != a.Header.Get("X-Request-Id") || p.Instance == "" {
			t.Fatalf("answered %+v, want the code %q", p, code[0])
		}
	}
	return a
}

// put uploads a file in one piece.
func (g *garden) put(c *world.Client, folder alveary.NodeID, query, content string, headers ...string) world.Answer {
	return c.Do("PUT", fmt.Sprintf("/nodes/%s/files?%s", folder, query), world.Reader(content), append([]string{"Content-Type", "application/octet-stream"}, headers...)...)
}

// unchanged runs try and wants the tree to be as before.
func (g *garden) unchanged(what string, try func()) {
	g.t.Helper()
	before := g.Picture()
	try()
	if after := g.Picture(); after != before {
		g.t.Errorf("%s changed the tree to\n%s\nfrom\n%s", what, after, before)
	}
}

// meta is an Upload-Metadata header.
func meta(pairs ...string) string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(out, ",")
}

// tus asks with the headers of the protocol.
func tus(c *world.Client, method, path, body string, headers ...string) world.Answer {
	all := append([]string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}, headers...)
	reader := world.Reader(body)
	if method == http.MethodHead || method == http.MethodDelete {
		reader = nil
	}
	return c.Do(method, strings.TrimPrefix(path, "/api/v1"), reader, all...)
}

// begin starts a resumable upload and gives its path.
func (g *garden) begin(c *world.Client, length int, pairs ...string) string {
	g.t.Helper()
	a := want(g.t, tus(c, "POST", "/uploads", "", "Content-Type", "text/plain", "Upload-Length", fmt.Sprint(length), "Upload-Metadata", meta(pairs...)), http.StatusCreated)
	return a.Header.Get("Location")
}

// piece sends a part of a resumable upload.
func (g *garden) piece(c *world.Client, path string, offset int, content string, headers ...string) world.Answer {
	return tus(c, "PATCH", path, content, append([]string{"Upload-Offset", fmt.Sprint(offset)}, headers...)...)
}
