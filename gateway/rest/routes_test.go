package rest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

// stage is what the requests of the table speak of.
type stage struct {
	*garden
	file, folder, binned, other alveary.NodeID
	upload, done                string // ids of uploads, the second with all bytes
	session, token              string // ids of ann's
	team, lock                  string // ids of hers and of failures, once there are any
	vic                         alveary.UserID
	crew                        alveary.GroupID
	sharedThings                *shared       // see shares
	caller                      *world.Client // ann, by a token that no route is about
}

func newStage(t *testing.T) *stage {
	t.Helper()
	g := newGarden(t, world.Options{Public: world.Site})
	s := &stage{garden: g}
	s.folder, s.file = g.Folder("common/area/folder"), g.File("common/area/x.png", "\x89PNG\r\n\x1a\nno picture")
	s.binned, s.other = g.File("common/area/binned", "b"), g.File("common/mine/other", "o")
	g.Allow("ann", g.At("common/mine"), "read,write")
	g.Bin(s.binned)
	s.upload = g.begin(g.ann, 4, "parent", s.folder.String(), "name", "up")
	g.File("common/area/folder/taken", "t")
	s.done = g.begin(g.ann, 2, "parent", s.folder.String(), "name", "taken")
	want(t, g.piece(g.ann, s.done, 0, "ab"), http.StatusConflict, "name-exists")
	browser := g.Browser("ann")
	var sessions, tokens struct{ Items []struct{ ID string } }
	browser.Do("GET", "/sessions", nil).Into(t, &sessions)
	browser.Do("GET", "/tokens", nil).Into(t, &tokens)
	s.session, s.token = sessions.Items[0].ID, tokens.Items[0].ID
	s.shares()
	s.caller = g.Client("ann")
	return s
}

// Answers to who may only read, and to who may not even read, the node that a
// route is about. Zero: the route is about no node.
type asked struct {
	method, path string
	body         string
	headers      []string
	readOnly     int
	noRight      int
}

const octets = "application/octet-stream"

// request is the question that each route is asked. A route that is missing
// here fails the test below: whoever adds one says what it answers to whom.
func (s *stage) request(operation string) (a asked, known bool) {
	const denied, withheld, good, made, gone = http.StatusForbidden, http.StatusNotFound, http.StatusOK, http.StatusCreated, http.StatusNoContent
	id := func(format string, n alveary.NodeID) string { return fmt.Sprintf(format, n) }
	bytes := []string{"Content-Type", octets}
	speak := []string{"Tus-Resumable", "1.0.0", "Content-Type", "application/offset+octet-stream"}
	up := strings.TrimPrefix
	table := map[string]asked{
		"server":      {"GET", "/server", "", nil, 0, 0},
		"setup":       {"POST", "/setup", `{"token":"x","login":"y","password":"z"}`, nil, 0, 0},
		"tus-options": {"OPTIONS", "/uploads", "", nil, 0, 0},
		"openapi":     {"GET", s.URL() + "/api/openapi.json", "", nil, 0, 0},
		"reference":   {"GET", s.URL() + "/api/", "", nil, 0, 0},

		"list-workspaces": {"GET", "/workspaces", "", nil, good, good},

		"find-node":       {"GET", "/nodes?path=common-files/area/x.png", "", nil, good, withheld},
		"stat":            {"GET", id("/nodes/%s", s.file), "", nil, good, withheld},
		"list":            {"GET", id("/nodes/%s/children", s.folder), "", nil, good, withheld},
		"make-folder":     {"POST", id("/nodes/%s/folders", s.folder), `{"name":"made"}`, nil, denied, withheld},
		"edit":            {"PATCH", id("/nodes/%s", s.file), `{"name":"renamed"}`, nil, denied, withheld},
		"set-metadata":    {"PUT", id("/nodes/%s/metadata/usermeta-tags", s.file), `{"values":["draft"]}`, nil, denied, withheld},
		"list-namespaces": {"GET", "/metadata-namespaces", "", nil, good, good},
		"move":            {"POST", id("/nodes/%s/move", s.file), fmt.Sprintf(`{"parent":"%s"}`, s.folder), nil, denied, withheld},
		"copy":            {"POST", id("/nodes/%s/copy", s.file), fmt.Sprintf(`{"parent":"%s"}`, s.folder), nil, denied, withheld},
		"list-versions":   {"GET", id("/nodes/%s/versions", s.file), "", nil, good, withheld},
		"restore-version": {"POST", id("/nodes/%s/versions/1/restore", s.file), "", nil, denied, withheld},
		"delete":          {"DELETE", id("/nodes/%s", s.file), "", nil, denied, withheld},
		"list-bin":        {"GET", "/bin", "", nil, good, good},
		"empty-bin":       {"DELETE", "/bin", "", nil, good, good},
		"bin":             {"POST", id("/nodes/%s/bin", s.file), "", nil, denied, withheld},
		"restore":         {"POST", id("/nodes/%s/restore", s.binned), `{}`, nil, denied, withheld},
		"finish-upload":   {"POST", up(s.done, "/api/v1") + "/finish", `{"conflict":"rename"}`, nil, withheld, withheld},

		"download":   {"GET", id("/nodes/%s/content", s.file), "", nil, good, withheld},
		"overwrite":  {"PUT", id("/nodes/%s/content", s.file), "new", bytes, denied, withheld},
		"upload":     {"PUT", id("/nodes/%s/files?name=new", s.folder), "new", bytes, denied, withheld},
		"thumbnail":  {"GET", id("/nodes/%s/thumbnail", s.file), "", nil, withheld, withheld}, // no picture can be made of it
		"archive":    {"POST", "/archive", id("nodes=%s", s.file), []string{"Content-Type", "application/x-www-form-urlencoded"}, good, withheld},
		"tus-create": {"POST", "/uploads", "", append(speak, "Upload-Length", "3", "Upload-Metadata", meta("parent", s.folder.String(), "name", "n")), denied, withheld},
		"tus-status": {"HEAD", up(s.upload, "/api/v1"), "", speak, withheld, withheld},
		"tus-append": {"PATCH", up(s.upload, "/api/v1"), "abcd", append(speak, "Upload-Offset", "0"), withheld, withheld},
		"tus-end":    {"DELETE", up(s.upload, "/api/v1"), "", speak, withheld, withheld},
	}
	_, _ = made, gone
	if a, known = table[operation]; !known {
		a, known = s.signIn(operation)
	}
	if !known {
		a, known = s.account(operation)
	}
	if !known {
		a, known = s.console(operation)
	}
	if !known {
		a, known = s.sharing(operation)
	}
	return a, known
}

func (a asked) of(c *world.Client) world.Answer {
	var body io.Reader
	if a.body != "" {
		body = world.Reader(a.body)
	}
	return c.Do(a.method, a.path, body, a.headers...)
}

// Threat 6: every route of the table, asked by nobody, with a made-up or an
// ended session, by who may only read and by who may not even that. A route
// without a case fails.
func TestThreat06_EveryRoute(t *testing.T) {
	s := newStage(t)
	s.User("bob")
	s.User("eve")
	s.Allow("bob", s.At("common"), "read")
	s.Deny("eve", s.At("common/area"))
	bob, eve := s.Client("bob"), s.Client("eve")
	for _, c := range []*world.Client{bob, eve} { // a first look makes one's own folder
		want(t, c.Do("GET", "/workspaces", nil), http.StatusOK)
	}
	ended := s.Browser("ann")
	want(t, ended.Do("DELETE", "/session", nil), http.StatusNoContent)
	strangers := map[string]*world.Client{"nobody": s.Nobody(), "an ended session": ended}
	for name, cookie := range map[string]string{
		"a session's id alone": s.session, "a made-up session": s.session + "_" + strings.Repeat("a", 52), "an empty session": "", "nonsense": "x_y_z",
	} {
		c := s.Nobody()
		c.Cookie = &http.Cookie{Name: ended.Cookie.Name, Value: cookie}
		strangers[name] = c
	}
	for name, token := range map[string]string{"a made-up token": "alv_" + s.token + "_" + strings.Repeat("a", 52), "a token's id": s.token, "no token": " "} {
		c := s.Browser("ann") // whose good cookie must not count where a bad token came
		c.Token = token
		strangers[name] = c
	}
	before := s.Picture()
	for _, route := range s.Routes() {
		if strings.HasPrefix(route.Operation, "page ") || strings.HasPrefix(route.Pattern, "/.well-known/") {
			continue // gateway/webui tries these
		}
		ask, known := s.request(route.Operation)
		if !known {
			t.Errorf("%s %s: the operation %q has no case here", route.Method, route.Pattern, route.Operation)
			continue
		}
		if route.Open != "" {
			if got := ask.of(s.Nobody()); got.Status == http.StatusForbidden && got.Problem(t).Code == "policy" || got.Status >= 500 {
				t.Errorf("%s is open, and answers %d", route.Operation, got.Status)
			}
			continue
		}
		for name, c := range strangers {
			a := ask.of(c)
			if a.Status != http.StatusUnauthorized || a.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s by %s: %d", route.Operation, name, a.Status)
			}
			if ask.method != "HEAD" {
				if p := a.Problem(t); p.Code != "signed-out" {
					t.Errorf("%s by %s: %+v", route.Operation, name, p)
				}
			}
		}
		if route.Session {
			if a := ask.of(bob); a.Status != http.StatusForbidden || a.Problem(t).Code != "session-needed" {
				t.Errorf("%s by a token: %d %.200s", route.Operation, a.Status, a.Body)
			}
		}
		for who, c := range map[string]*world.Client{"bob": bob, "eve": eve} {
			status := map[string]int{"bob": ask.readOnly, "eve": ask.noRight}[who]
			if status == 0 {
				continue
			}
			a := ask.of(c)
			if a.Status != status {
				t.Errorf("%s by %s: %d, want %d: %.200s", route.Operation, who, a.Status, status, a.Body)
			}
			if status == http.StatusForbidden && a.Problem(t).Code != "policy" && a.Problem(t).Code != "not-held" && len(a.Problem(t).Missing) == 0 {
				t.Errorf("%s by %s: the missing right is not named: %s", route.Operation, who, a.Body)
			}
			if who == "eve" && (strings.Contains(string(a.Body), "area") || strings.Contains(string(a.Body), "x.png")) {
				t.Errorf("%s tells eve: %s", route.Operation, a.Body)
			}
		}
		if after := s.Picture(); after != before {
			t.Errorf("%s changed the tree to\n%s\nfrom\n%s", route.Operation, after, before)
			before = after
		}
	}
}

// Every route lets in who may, or the table above shows nothing. What one route
// did may stand in another's way: then an own house says.
func TestEveryRouteLetsIn(t *testing.T) {
	s := newStage(t)
	s.User("root", alveary.ProfileAdmin)
	for _, route := range s.Routes() {
		if _, known := s.request(route.Operation); !known || route.Open != "" || route.Operation == "thumbnail" { // no picture can be made of the file
			continue
		}
		if !route.Session && s.admitted(t, route.Operation, false).Status < 300 {
			continue
		}
		t.Run(route.Operation, func(t *testing.T) {
			s := newStage(t)
			s.User("root", alveary.ProfileAdmin)
			if a := s.admitted(t, route.Operation, route.Session); a.Status >= 300 {
				t.Errorf("answered %d: %.300s", a.Status, a.Body)
			}
		})
	}
}

// admitted asks as whoever may.
func (s *stage) admitted(t *testing.T, operation string, session bool) world.Answer {
	t.Helper()
	ask, _ := s.request(operation)
	c := s.caller
	if _, own := s.account(operation); own && session || operation == "sign-out" {
		c = s.Browser("ann")
	} else if _, known := s.console(operation); known || strings.HasPrefix(ask.path, "/house/") {
		c = s.Browser("root")
	}
	if operation == "simulation" {
		ask.path = "/simulations/" + simulated(t, c)
	}
	return s.prepare(operation, c, ask).of(c)
}

// Threat 25 (of the list of families): what belongs to another's account is as
// good as none.
func TestForeignSessionsAndTokens(t *testing.T) {
	s := newStage(t)
	s.User("bob")
	bob := s.Browser("bob")
	for _, path := range []string{"/sessions/", "/tokens/"} {
		own := map[string]string{"/sessions/": s.session, "/tokens/": s.token}[path]
		foreign := want(t, bob.Do("DELETE", path+own, nil), http.StatusNotFound, "not-found").Problem(t)
		for _, missing := range []string{strings.Repeat("a", len(own)), "x", "%00", "%ff", "..%2f" + own} {
			if p := want(t, bob.Do("DELETE", path+missing, nil), http.StatusNotFound, "not-found").Problem(t); p.Detail != foreign.Detail {
				t.Errorf("%s: %q, of another's %q", path+missing, p.Detail, foreign.Detail)
			}
		}
	}
	want(t, s.ann.Do("GET", "/session", nil), http.StatusOK)
	if lists := string(bob.Do("GET", "/sessions", nil).Body) + string(bob.Do("GET", "/tokens", nil).Body); strings.Contains(lists, s.session) || strings.Contains(lists, s.token) {
		t.Errorf("bob sees %s", lists)
	}
}

// A disabled account is out with its next request, whatever it holds.
func TestDisabledIsOut(t *testing.T) {
	s := newStage(t)
	browser := s.Browser("ann")
	s.Write(func(tx *store.Tx) error { return tx.SetDisabled(s.As("ann").User.ID, true) })
	for _, c := range []*world.Client{s.ann, browser} {
		want(t, c.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out")
		want(t, c.Do("GET", fmt.Sprintf("/nodes/%s/content", s.file), nil), http.StatusUnauthorized, "signed-out")
	}
}
