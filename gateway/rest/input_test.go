package rest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/world"
)

// Threat 17 and "Bad input": fields that a request may not have are refused by
// name, on every route that takes JSON, and nothing is done.
func TestUnknownFields(t *testing.T) {
	s := newStage(t)
	s.User("root", alveary.ProfileAdmin)
	root := s.Browser("root")
	seen := 0
	for _, route := range s.Routes() {
		ask, known := s.request(route.Operation)
		if !known || !strings.HasPrefix(ask.body, "{") {
			continue
		}
		seen++
		s.unchanged(route.Operation, func() {
			for field, value := range map[string]string{"owner": `"1"`, "profile_": `"admin"`, "roles": `["ADMINISTRATORS"]`, "Name ": `"x"`, "__proto__": `{"profile":"admin"}`, "$schema": `"x"`} {
				if (route.Operation == "change-user" || route.Operation == "add-user") && field == "roles" {
					continue // the requests that are about them
				}
				body := strings.TrimSuffix(ask.body, "}") + `,"` + field + `":` + value + "}"
				body = strings.Replace(body, "{,", "{", 1)
				a := root.Do(ask.method, ask.path, world.Reader(body))
				if a.Status != http.StatusBadRequest || a.Problem(t).Code != "unknown-fields" || !strings.Contains(a.Problem(t).Detail, field) {
					t.Errorf("%s with %q: %d %s", route.Operation, field, a.Status, a.Body)
				}
			}
		})
	}
	if seen < 8 {
		t.Errorf("only %d routes were tried", seen)
	}
	want(t, s.ann.Do("GET", "/bin?limi=1", nil), http.StatusBadRequest, "unknown-fields")
}

// What is no JSON, or of the wrong kind, or empty, is 400 with the place, and
// never a failure of the server.
func TestWrongTypes(t *testing.T) {
	s := newStage(t)
	s.User("root", alveary.ProfileAdmin)
	root := s.Browser("root")
	for _, route := range s.Routes() {
		ask, known := s.request(route.Operation)
		if !known || !strings.HasPrefix(ask.body, "{") {
			continue
		}
		for _, body := range []string{
			"", "null", "[]", `"x"`, "1", "{", `{"`, "{}}", `{"name":1,"login":1,"conflict":1,"parent":1,"label":1,"password":1,"token":1,"current":1}`,
			`{"name":null,"login":null,"label":null,"password":null,"parent":null,"token":null,"current":null,"conflict":null}`, "\xff\xfe", strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 20_000),
			`{"name":"\ud800","login":"\ud800","label":"\u0000","parent":"\u0000","password":"\u0000","token":"\u0000","current":"\u0000"}`,
		} {
			a := root.Do(ask.method, ask.path, world.Reader(body))
			if a.Status < 400 || a.Status >= 500 {
				if route.Operation == "restore" && (body == "{}}" || a.Status < 500) || route.Operation == "edit" && a.Status < 500 {
					continue // every field may be left out
				}
				t.Errorf("%s with %.60q: %d %.200s", route.Operation, body, a.Status, a.Body)
			}
		}
	}
}

// What is too much is refused before it is read: by what it says of itself, and
// by what it is where it says nothing.
func TestThreat25_LargeBodies(t *testing.T) {
	s := newStage(t)
	s.User("root", alveary.ProfileAdmin)
	root := s.Browser("root")
	for _, route := range s.Routes() {
		large := `{"name":"` + strings.Repeat("x", int(max(10<<20, route.Body))) + `"}`
		ask, known := s.request(route.Operation)
		if !known || route.Stream || ask.method == "GET" || ask.method == "HEAD" {
			continue
		}
		for name, body := range map[string]io.Reader{"declared": world.Reader(large), "in chunks": io.MultiReader(world.Reader(large))} {
			if name == "in chunks" && !strings.HasPrefix(ask.body, "{") && route.Operation != "archive" {
				continue // a body that nobody reads is not read to its end either
			}
			s.unchanged(route.Operation, func() {
				r := root.Request(ask.method, ask.path, body)
				if route.Operation == "archive" {
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
				if err != nil {
					// The server may close while we still send; it has answered all the same.
					t.Logf("%s %s: %v", route.Operation, name, err)
					return
				}
				defer answer.Body.Close()
				if answer.StatusCode != http.StatusRequestEntityTooLarge {
					text, _ := io.ReadAll(answer.Body)
					t.Errorf("%s %s: %d %.200s", route.Operation, name, answer.StatusCode, text)
				}
			})
		}
	}
}

// Queries out of bounds.
func TestQueries(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		for i := range 3 {
			g.File(fmt.Sprintf("common/area/f%d", i), "x")
		}
		path := fmt.Sprintf("/nodes/%s/children?", g.area)
		for _, bad := range []string{
			"limit=0", "limit=1001", "limit=-1", "limit=x", "limit=1e9", "limit=99999999999999999999", "offset=-1", "offset=99999999999999999999", "sort=owner", "sort=name;drop",
			"order=up", "folders=last", "cursor=x", "cursor=MSA1IABh", "cursor=%00", "cursor=%ff", "cursor=" + strings.Repeat("A", 10_000), "sort=size&cursor=-1", "x=1",
		} {
			if a := g.ann.Do("GET", path+bad, nil); a.Status != http.StatusBadRequest {
				t.Errorf("%s: %d %s", bad, a.Status, a.Body)
			}
		}
		for _, bad := range []string{"limit=0", "limit=1001", "cursor=x", "cursor=1.%00", "cursor=-"} {
			if a := g.ann.Do("GET", "/bin?"+bad, nil); a.Status != http.StatusBadRequest {
				t.Errorf("bin %s: %d %s", bad, a.Status, a.Body)
			}
		}
		for _, bad := range []string{"path=", "", "path=/", "path=common-files%2f", "path=common-files/a%00", "path=%ff", "path=common-files/../my-files"} {
			if a := g.ann.Do("GET", "/nodes?"+bad, nil); a.Status != http.StatusBadRequest {
				t.Errorf("find %s: %d %s", bad, a.Status, a.Body)
			}
		}
		var page struct {
			Items []node
			Next  string
			Total int
		}
		want(t, g.ann.Do("GET", path+"limit=2&offset=2147483647", nil), http.StatusOK).Into(t, &page)
		if len(page.Items) != 0 || page.Total != 3 {
			t.Errorf("far out: %+v", page)
		}
		want(t, g.ann.Do("GET", path+"limit=2", nil), http.StatusOK).Into(t, &page)
		want(t, g.ann.Do("GET", path+"limit=2&cursor="+page.Next, nil), http.StatusOK).Into(t, &page)
		if len(page.Items) != 1 || page.Items[0].Name != "f2" {
			t.Errorf("second page: %+v", page)
		}
	})
}

// A token that ends at a time which no answer can spell is not made, and the
// list of tokens can still be read.
func TestTokenTimes(t *testing.T) {
	g := newGarden(t, world.Options{})
	browser := g.Browser("ann")
	for _, bad := range []string{"9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00", "1970-01-01T00:00:00Z", "tomorrow", ""} {
		want(t, browser.Do("POST", "/tokens", world.JSON(map[string]string{"label": "x", "expires": bad})), http.StatusBadRequest, "invalid")
	}
	want(t, browser.Do("POST", "/tokens", world.JSON(map[string]string{"label": "x", "expires": "9999-12-31T23:59:59Z"})), http.StatusCreated)
	want(t, browser.Do("GET", "/tokens", nil), http.StatusOK)
}

// raw sends a request as it is written, cut off after it where that is asked
// for, and gives the status of the answer.
func raw(t *testing.T, g *garden, text string, cut ...bool) (status int, location, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(g.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if half, ok := conn.(*net.TCPConn); ok && len(cut) > 0 {
		_ = half.CloseWrite()
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, "", err.Error()
	}
	defer answer.Body.Close()
	all, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, answer.Header.Get("Location"), string(all)
}

// Threats 1 and 2: however a target is spelt, it leads to the node that was
// asked for or to none; no redirect leaves the server, and none of it is a
// failure of the server.
func TestThreat02_RawTargets(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		secret := g.File("common/secret/x", "the secret bytes")
		g.Deny("ann", g.At("common/secret"))
		mine := g.File("common/area/x", "ann's own bytes")
		auth := "Host: localhost\r\nAuthorization: Bearer " + g.ann.Token + "\r\nConnection: close\r\n\r\n"
		own, other := fmt.Sprintf("/api/v1/nodes/%s/content", mine), fmt.Sprintf("/api/v1/nodes/%s", secret)
		if status, _, body := raw(t, g, "GET "+own+" HTTP/1.1\r\n"+auth); status != 200 || body != "ann's own bytes" {
			t.Fatalf("%d %s", status, body)
		}
		for _, target := range []string{
			other, other + "/content", "/" + other, "//evil.example/" + other, "/./" + other, own + "/../../../nodes/" + secret.String() + "/content",
			"/api/v1/nodes/" + mine.String() + "/../" + secret.String() + "/content", "/api/v1/nodes/" + mine.String() + "%2f..%2f" + secret.String() + "/content",
			"/api/v1/nodes/%2e%2e/nodes/" + secret.String(), "/api/v1/nodes/%252e%252e/" + secret.String(), "/api/v1/nodes/" + mine.String() + "%00" + secret.String(),
			"/api/v1/nodes/" + mine.String() + "%5c..%5c" + secret.String() + "/content", "/api\\v1\\nodes\\" + secret.String(), "/api/v1/nodes/%c0%ae%c0%ae/" + secret.String(), "/api/v1/nodes/" + secret.String() + "./content",
			"/api/v1/nodes/%20" + secret.String(), "/api/v1/nodes/+" + secret.String(), "/api/v1/nodes/0" + secret.String(), "/API/V1/nodes/" + secret.String(), "/api/v1/nodes/" + strings.Repeat("9", 4096), "/api/v1/nodes/" + secret.String() + ";x=" + mine.String(),
			"/api/v1/nodes?path=common-files/secret/x", "/api/v1/nodes?path=common-files/area/../secret/x", "/api/v1/nodes?path=common-files/area%2f..%2fsecret/x", "/api/v1/nodes?path=common-files/secret%2fx",
			"/api/v1/nodes?path=common-files/area&path=common-files/secret/x", "/api/v1/nodes?path=common-files/secret/x&path=common-files/area", "http://evil.example" + other, "*", "//", "/\\evil.example/", "/%2f%2fevil.example", "/files/..%2f..%2fapi/v1/nodes/" + secret.String(),
			"/assets/../../../etc/passwd", "/assets/%2e%2e/%2e%2e/web.go", "/assets/..%5c..%5cweb.go", "/assets/", "/assets/x%00.js",
		} {
			status, location, body := raw(t, g, "GET "+target+" HTTP/1.1\r\n"+auth)
			if strings.Contains(body, "secret bytes") || strings.Contains(body, `"secret"`) || status == 200 && strings.Contains(body, secret.String()) {
				t.Errorf("%s leads to the secret: %d %s", target, status, body)
			}
			if status >= 500 {
				t.Errorf("%.200s: %d %s", target, status, body)
			}
			if location != "" && (!strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") || strings.HasPrefix(location, "/\\")) {
				t.Errorf("%s sends to %s", target, location)
			}
			if strings.Contains(body, "root:") || strings.Contains(body, "package web") {
				t.Errorf("%s gives away %s", target, body)
			}
		}
	})
}

// Threat 1: neighbours of a name that is denied are nodes of their own.
func TestThreat01_Siblings(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		names := []string{"a", "a2", "a b", "a.", "a%2f", "A", "a\\", " a", "a ", "aa", "a.txt", "ａ", "á"}
		ids := map[string]alveary.NodeID{}
		for _, name := range names {
			ids[name] = g.File("common/area/"+name+"/x", "bytes of "+name)
		}
		g.Deny("ann", g.At("common/area/a"))
		for _, name := range names {
			id, open := ids[name], name != "a"
			folder := g.At("common/area/" + name)
			upload := want(t, g.ann.Do("GET", "/session", nil), http.StatusOK)
			_ = upload
			for what, got := range map[string]int{
				"stat":   g.ann.Do("GET", fmt.Sprintf("/nodes/%s", folder), nil).Status,
				"list":   g.ann.Do("GET", fmt.Sprintf("/nodes/%s/children", folder), nil).Status,
				"read":   g.ann.Do("GET", fmt.Sprintf("/nodes/%s/content", id), nil).Status,
				"find":   g.ann.Do("GET", "/nodes?path="+escape("common-files/area/"+name+"/x"), nil).Status,
				"zip":    g.ann.Do("POST", "/archive", world.Reader("nodes="+folder.String()), "Content-Type", "application/x-www-form-urlencoded").Status,
				"put":    g.put(g.ann, folder, "name=new", "n").Status,
				"resume": tus(g.ann, "POST", "/uploads", "", "Content-Type", "x/x", "Upload-Length", "1", "Upload-Metadata", meta("parent", folder.String(), "name", "t")).Status,
				"thumb":  map[int]int{404: 404}[g.ann.Do("GET", fmt.Sprintf("/nodes/%s/thumbnail", id), nil).Status],
			} {
				if (got < 300) != open && what != "thumb" || !open && got != http.StatusNotFound {
					t.Errorf("%q, %s: %d", name, what, got)
				}
			}
		}
		var page struct{ Items []node }
		want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/children", g.area), nil), http.StatusOK).Into(t, &page)
		if len(page.Items) != len(names)-1 || slices.ContainsFunc(page.Items, func(n node) bool { return n.Name == "a" }) {
			t.Errorf("listed %+v", page.Items)
		}
	})
}

func escape(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&out, "%%%02x", b)
	}
	return out.String()
}

// A body that ends before the length it declared makes nothing, in the plain
// way and in pieces; what came of a piece is kept.
func TestTruncated(t *testing.T) {
	g := newGarden(t, world.Options{})
	old := g.File("common/area/x", "old")
	auth := "Host: localhost\r\nAuthorization: Bearer " + g.ann.Token + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n"
	for _, target := range []string{
		fmt.Sprintf("PUT /api/v1/nodes/%s/files?name=new", g.area), fmt.Sprintf("PUT /api/v1/nodes/%s/files?name=x&conflict=replace", g.area), fmt.Sprintf("PUT /api/v1/nodes/%s/content", old),
	} {
		g.unchanged(target, func() {
			status, _, body := raw(t, g, target+" HTTP/1.1\r\n"+auth+"\r\nonly this", true)
			if status != http.StatusBadRequest && status != 0 {
				t.Errorf("%s: %d %s", target, status, body)
			}
			time.Sleep(50 * time.Millisecond) // the server may still be at it
		})
		chunked := strings.Replace(auth, "Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n", 1)
		g.unchanged(target+" in chunks", func() {
			raw(t, g, target+" HTTP/1.1\r\n"+chunked+"\r\n9\r\nonly this\r\n", true)
			time.Sleep(50 * time.Millisecond)
		})
	}
	at := g.begin(g.ann, 100, "parent", g.area.String(), "name", "up")
	raw(t, g, "PATCH "+at+" HTTP/1.1\r\n"+strings.Replace(auth, "application/octet-stream", "application/offset+octet-stream", 1)+"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\r\nonly this", true)
	deadline := time.Now().Add(5 * time.Second)
	for offset := ""; offset != "9"; {
		var a world.Answer
		if offset, a = g.stands(g.ann, at); offset != "9" && time.Now().After(deadline) {
			t.Fatalf("it stands at %q: %d", offset, a.Status)
		}
		time.Sleep(5 * time.Millisecond)
	}
	if g.At("common/area/up") != 0 {
		t.Error("half a file is listed")
	}
	want(t, g.piece(g.ann, at, 9, strings.Repeat("x", 91)), http.StatusNoContent)
	if !bytes.HasPrefix([]byte(g.Content(g.At("common/area/up"))), []byte("only thisxxx")) {
		t.Error("the file is not what was sent")
	}
}
