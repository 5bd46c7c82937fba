package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// scoped is a client with a token that the user makes for himself.
func (g *garden) scoped(user, scope string) *world.Client {
	g.t.Helper()
	var made struct{ Secret string }
	want(g.t, g.Browser(user).Do("POST", "/tokens", world.Reader(`{"label":"x","scope":`+scope+`}`)), http.StatusCreated).Into(g.t, &made)
	c := g.Nobody()
	c.Token = made.Secret
	return c
}

// forReading says once more what a token may call that is for reading files
// (issue 4: a folder and everything beneath).
func forReading(method, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	if method == "POST" && path == "/archive" {
		return true
	}
	if method != "GET" && method != "HEAD" && method != "OPTIONS" {
		return false
	}
	if path == "/session" || path == "/attributes" || path == "/metadata-namespaces" {
		return true
	}
	if strings.HasSuffix(path, "/shares") { // with whom is not what is in it
		return false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first == "workspaces" || first == "nodes" || first == "bin" || first == "uploads" || first == "archive"
}

// Every route of the table by an administrator's token that is for reading one
// folder: it reads there, and nothing else, whoever made it.
func TestThreat06_ReadOnlyFolderToken(t *testing.T) {
	s := newStage(t)
	s.User("root", alveary.ProfileAdmin)
	s.Allow("root", s.At("common"), "read,write")
	token := s.scoped("root", fmt.Sprintf(`{"reach":"read","node":"%s"}`, s.area))
	beside := s.scoped("root", fmt.Sprintf(`{"reach":"read","node":"%s"}`, s.folder))
	reads, refused, outside := 0, 0, 0
	before := s.Picture()
	lines := len(s.Audit())
	for _, route := range s.Routes() {
		ask, known := s.request(route.Operation)
		if !known || route.Open != "" || !strings.HasPrefix(route.Pattern, "/api/v1/") {
			continue
		}
		a := ask.of(token)
		switch may := forReading(ask.method, ask.path); {
		case !may:
			refused++
			if a.Status != http.StatusForbidden || a.Problem(t).Code != "scope" {
				t.Errorf("%s: %d %.200s", route.Operation, a.Status, a.Body)
			}
		case ask.readOnly == http.StatusOK || ask.readOnly == 0 && ask.method == "GET":
			reads++
			if a.Status >= 300 {
				t.Errorf("%s: %d %.200s", route.Operation, a.Status, a.Body)
			}
		}
		if about := s.file.String(); strings.Contains(ask.path, "/"+about) || strings.Contains(ask.body, about) && ask.path == "/archive" {
			outside++
			if a := ask.of(beside); a.Status < 400 || strings.Contains(string(a.Body), "x.png") {
				t.Errorf("%s outside of the folder: %d %.200s", route.Operation, a.Status, a.Body)
			}
		}
		if after := s.Picture(); after != before {
			t.Errorf("%s changed the tree", route.Operation)
			before = after
		}
	}
	if reads < 8 || refused < 80 || outside < 8 {
		t.Errorf("only %d read, %d were refused, %d were about what lies outside", reads, refused, outside)
	}
	for _, line := range s.Since(lines) {
		if line.Login == "root" && line.Verdict == alveary.VerdictDone && line.Action != "download" && line.Action != "archive" && line.Action != "preview" {
			t.Errorf("it did %+v", line)
		}
	}
}

// What a token for one folder finds begins with that folder.
func TestTokenSeesItsFolderAlone(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		folder, file := g.Folder("common/area/folder"), g.File("common/area/folder/in.txt", "in")
		g.File("common/area/out.txt", "out")
		c := g.scoped("ann", fmt.Sprintf(`{"reach":"read","node":"%s"}`, folder))
		var listed struct{ Items []node }
		want(t, c.Do("GET", fmt.Sprintf("/nodes/%s/children", folder), nil), http.StatusOK).Into(t, &listed)
		if len(listed.Items) != 1 || listed.Items[0].ID != file.String() {
			t.Errorf("it lists %+v", listed.Items)
		}
		for _, path := range []string{"/workspaces", "/bin", fmt.Sprintf("/nodes/%s/children", g.area), "/nodes?path=common-files/area", "/nodes?path=common-files/area/out.txt"} {
			if a := c.Do("GET", path, nil); strings.Contains(string(a.Body), "out.txt") || a.Status >= 500 {
				t.Errorf("%s: %d %s", path, a.Status, a.Body)
			}
		}
		if ann := g.scoped("ann", `{"reach":"read"}`); true {
			want(t, ann.Do("GET", fmt.Sprintf("/nodes/%s/children", g.area), nil), http.StatusOK)
			want(t, ann.Do("POST", fmt.Sprintf("/nodes/%s/folders", folder), world.Reader(`{"name":"new"}`)), http.StatusForbidden, "scope")
		}
		// Whose it is reads where that is, as everywhere else; whoever may not
		// see the folder does not.
		if list := string(want(t, g.Browser("ann").Do("GET", "/tokens", nil), http.StatusOK).Body); !strings.Contains(list, `"path":"common-files/area/folder"`) {
			t.Errorf("ann's tokens are %s", list)
		}
		// The scope does not give: what ann loses, the token loses.
		g.Deny("ann", folder)
		if list := string(want(t, g.Browser("ann").Do("GET", "/tokens", nil), http.StatusOK).Body); strings.Contains(list, "area") {
			t.Errorf("ann's tokens name what she may not see: %s", list)
		}
		want(t, c.Do("GET", fmt.Sprintf("/nodes/%s", file), nil), http.StatusNotFound)
	})
}

// A token that may write in one folder takes nothing out of it and puts nothing
// beside it.
func TestTokenWritesInItsFolderAlone(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		folder, file := g.Folder("common/area/folder"), g.File("common/area/folder/in.txt", "in")
		out := g.File("common/area/out.txt", "out")
		up := g.begin(g.ann, 4, "parent", g.area.String(), "name", "up")
		c := g.scoped("ann", fmt.Sprintf(`{"reach":"write","node":"%s"}`, folder))
		want(t, c.Do("POST", fmt.Sprintf("/nodes/%s/folders", folder), world.Reader(`{"name":"new"}`)), http.StatusCreated)
		want(t, g.put(c, folder, "name=new.txt", "new"), http.StatusCreated)
		want(t, c.Do("GET", fmt.Sprintf("/nodes/%s/content", file), nil), http.StatusOK)
		g.unchanged("a token for a folder", func() {
			to, from := fmt.Sprintf(`{"parent":"%s"}`, g.area), fmt.Sprintf(`{"parent":"%s"}`, folder)
			for _, ask := range []asked{
				{"POST", fmt.Sprintf("/nodes/%s/move", file), to, nil, 0, 0},
				{"POST", fmt.Sprintf("/nodes/%s/copy", file), to, nil, 0, 0},
				{"POST", fmt.Sprintf("/nodes/%s/move", out), from, nil, 0, 0},
				{"POST", fmt.Sprintf("/nodes/%s/copy", out), from, nil, 0, 0},
				{"POST", fmt.Sprintf("/nodes/%s/move", folder), to, nil, 0, 0},
				{"POST", fmt.Sprintf("/nodes/%s/bin", out), "", nil, 0, 0},
				{"DELETE", fmt.Sprintf("/nodes/%s", out), "", nil, 0, 0},
				{"PATCH", fmt.Sprintf("/nodes/%s", out), `{"name":"o"}`, nil, 0, 0},
				{"PUT", fmt.Sprintf("/nodes/%s/files?name=x", g.area), "x", []string{"Content-Type", octets}, 0, 0},
				{"POST", "/uploads", "", []string{"Tus-Resumable", "1.0.0", "Upload-Length", "3", "Upload-Metadata", meta("parent", g.area.String(), "name", "n")}, 0, 0},
				{"PATCH", strings.TrimPrefix(up, "/api/v1"), "abcd", []string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream", "Upload-Offset", "0"}, 0, 0},
				{"POST", "/tokens", `{"label":"x"}`, nil, 0, 0},
				{"GET", "/account", "", nil, 0, 0},
				{"GET", "/users", "", nil, 0, 0},
				{"POST", "/account/password", `{"current":"` + world.Password + `","next":"a new long password"}`, nil, 0, 0},
			} {
				if a := ask.of(c); a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
					t.Errorf("%s %s: %d %.200s", ask.method, ask.path, a.Status, a.Body)
				}
			}
		})
	})
}

// A token for other gateways opens this one not at all, and one that confines
// nothing, or what its maker does not see, is not made.
func TestScopesThatAreNotMade(t *testing.T) {
	g := newGarden(t, world.Options{Public: world.Site})
	hidden := g.Folder("common/hidden")
	g.Deny("ann", hidden)
	for _, path := range []string{"/session", "/workspaces", fmt.Sprintf("/nodes/%s", g.area), "/account", "/tokens"} {
		want(t, g.scoped("ann", `{"gateways":["webdav","s3"]}`).Do("GET", path, nil), http.StatusForbidden, "scope")
	}
	want(t, g.scoped("ann", `{"gateways":["rest"]}`).Do("GET", "/account", nil), http.StatusOK)
	browser := g.Browser("ann")
	for _, scope := range []string{
		`{"reach":"more"}`, `{"reach":"all","node":"%s"}`, `{"node":"%s"}`, `{"reach":"read","node":"x"}`, `{"reach":"read","node":"-1"}`, `{"gateways":["ftp"]}`, `{"gateways":[""]}`, `{"gateways":["rest,s3"]}`,
		`{"reach":"read","path":"/"}`, `"read"`, `[]`,
	} {
		if strings.Contains(scope, "%s") {
			scope = fmt.Sprintf(scope, g.area)
		}
		a := browser.Do("POST", "/tokens", world.Reader(`{"label":"x","scope":`+scope+`}`))
		if a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", scope, a.Status, a.Body)
		}
	}
	for _, id := range []string{hidden.String(), "4000000000"} {
		a := browser.Do("POST", "/tokens", world.Reader(`{"label":"x","scope":{"reach":"read","node":"`+id+`"}}`))
		want(t, a, http.StatusNotFound)
	}
	// A token makes none, however much it may do itself.
	want(t, g.ann.Do("POST", "/tokens", world.Reader(`{"label":"x"}`)), http.StatusForbidden, "session-needed")
}
