package rest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"testing"
	"time"

	"alveary/testkit/world"
)

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// Ranges and conditions, as RFC 9110 has them.
func TestRangesAndConditions(t *testing.T) {
	g := newGarden(t, world.Options{})
	id := g.File("common/area/x.txt", "0123456789")
	path := fmt.Sprintf("/nodes/%s/content", id)
	whole := want(t, g.ann.Do("GET", path, nil), http.StatusOK)
	tag, date := whole.Header.Get("ETag"), whole.Header.Get("Last-Modified")
	if tag != g.Node(id).ETag() || date == "" || whole.Header.Get("Accept-Ranges") != "bytes" || whole.Header.Get("Repr-Digest") != digest("0123456789") {
		t.Errorf("the headers are %v", whole.Header)
	}
	at, err := http.ParseTime(date)
	if err != nil {
		t.Fatal(err)
	}
	earlier, later := at.Add(-time.Hour).Format(http.TimeFormat), at.Add(time.Hour).Format(http.TimeFormat)
	many := "bytes=" + strings.TrimSuffix(strings.Repeat("0-0,", 10_000), ",")
	for _, c := range []struct {
		headers []string
		status  int
		body    string
	}{
		{[]string{"Range", "bytes=0-0"}, 206, "0"},
		{[]string{"Range", "bytes=2-4"}, 206, "234"},
		{[]string{"Range", "bytes=8-"}, 206, "89"},
		{[]string{"Range", "bytes=-3"}, 206, "789"},
		{[]string{"Range", "bytes=-300"}, 206, "0123456789"},
		{[]string{"Range", "bytes=5-500"}, 206, "56789"},
		{[]string{"Range", "bytes=10-"}, 416, ""},
		{[]string{"Range", "bytes=10-20"}, 416, ""},
		{[]string{"Range", "bytes=4-2"}, 416, ""},
		{[]string{"Range", "bytes=x"}, 416, ""},
		{[]string{"Range", "lines=1-2"}, 416, ""},
		{[]string{"Range", "bytes=99999999999999999999-"}, 416, ""},
		{[]string{"Range", many}, 200, "0123456789"},
		{[]string{"Range", "bytes=0-,0-,0-"}, 200, "0123456789"}, // together more than the whole
		{[]string{"Range", "bytes=1-2", "If-Range", tag}, 206, "12"},
		{[]string{"Range", "bytes=1-2", "If-Range", date}, 206, "12"},
		{[]string{"Range", "bytes=1-2", "If-Range", `"other"`}, 200, "0123456789"},
		{[]string{"Range", "bytes=1-2", "If-Range", "W/" + tag}, 200, "0123456789"},
		{[]string{"Range", "bytes=1-2", "If-Range", earlier}, 200, "0123456789"},
		{[]string{"If-None-Match", tag}, 304, ""},
		{[]string{"If-None-Match", `"a", ` + tag}, 304, ""},
		{[]string{"If-None-Match", "W/" + tag}, 304, ""},
		{[]string{"If-None-Match", "*"}, 304, ""},
		{[]string{"If-None-Match", `"other"`}, 200, "0123456789"},
		{[]string{"If-Modified-Since", date}, 304, ""},
		{[]string{"If-Modified-Since", earlier}, 200, "0123456789"},
		{[]string{"If-Modified-Since", date, "If-None-Match", `"other"`}, 200, "0123456789"},
		{[]string{"If-Match", tag}, 200, "0123456789"},
		{[]string{"If-Match", "*"}, 200, "0123456789"},
		{[]string{"If-Match", `"other"`}, 412, ""},
		{[]string{"If-Match", "W/" + tag}, 412, ""},
		{[]string{"If-Unmodified-Since", later}, 200, "0123456789"},
		{[]string{"If-Unmodified-Since", earlier}, 412, ""},
		{[]string{"If-Match", tag, "If-Unmodified-Since", earlier}, 200, "0123456789"},
	} {
		a := g.ann.Do("GET", path, nil, c.headers...)
		if a.Status != c.status || c.body != string(a.Body) && c.body != "" || c.status == 304 && len(a.Body) > 0 {
			t.Errorf("%.100v: %d %q, want %d %q", c.headers, a.Status, a.Body, c.status, c.body)
		}
		if strings.Contains(string(a.Body), "0123") && c.status >= 300 {
			t.Errorf("%.100v: content in a refusal", c.headers)
		}
		head := g.ann.Do("HEAD", path, nil, c.headers...)
		if head.Status != c.status || len(head.Body) > 0 {
			t.Errorf("HEAD %.100v: %d with %d bytes", c.headers, head.Status, len(head.Body))
		}
	}
	several := want(t, g.ann.Do("GET", path, nil, "Range", "bytes=0-1,8-9"), http.StatusPartialContent)
	kind, params, err := mime.ParseMediaType(several.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/byteranges" || params["boundary"] == "" || !strings.Contains(string(several.Body), "bytes 8-9/10") {
		t.Errorf("several ranges: %v %q", several.Header, several.Body)
	}
	for _, version := range []string{"0", "-1", "x", "1.5", "99999999999999999999"} {
		want(t, g.ann.Do("GET", path+"?version="+version, nil), http.StatusBadRequest, "invalid")
	}
	want(t, g.ann.Do("GET", path+"?version=2", nil), http.StatusNotFound, "not-found")
	want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/content", g.area), nil), http.StatusBadRequest, "not-a-file")
}

// An old version has a tag of its own, and the tag of the file changes with
// its content.
func TestVersionsHaveTags(t *testing.T) {
	g := newGarden(t, world.Options{})
	id := g.File("common/area/x.txt", "one")
	path := fmt.Sprintf("/nodes/%s/content", id)
	one := g.ann.Do("GET", path, nil).Header.Get("ETag")
	want(t, g.ann.Do("PUT", path, world.Reader("two"), "Content-Type", octets, "If-Match", one), http.StatusOK)
	two := g.ann.Do("GET", path, nil).Header.Get("ETag")
	old := want(t, g.ann.Do("GET", path+"?version=1", nil), http.StatusOK)
	if string(old.Body) != "one" || old.Header.Get("ETag") == two || two == one || old.Header.Get("ETag") == "" {
		t.Errorf("tags: %s, then %s, of the old one %s", one, two, old.Header.Get("ETag"))
	}
	want(t, g.ann.Do("GET", path, nil, "If-None-Match", one), http.StatusOK)
	want(t, g.ann.Do("PUT", path, world.Reader("three"), "Content-Type", octets, "If-Match", one), http.StatusPreconditionFailed, "changed")
	if g.Content(id) != "two" {
		t.Error("it was changed all the same")
	}
}

// Threat 24: whatever a user uploads is never a page of our origin.
func TestThreat24_UserContent(t *testing.T) {
	g := newGarden(t, world.Options{})
	const script = "<script>alert(1)</script>"
	for name, content := range map[string]string{
		"a.html": "<!doctype html><html>" + script, "a.html.txt": "<html>" + script, "a.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"a.xml": `<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml">` + script + "</x>", "a.xhtml": `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">` + script + "</html>",
		"a.js": "alert(1)//", "a.md": script, "a.pdf": "%PDF-1.4\n" + script, "a.png": "\x89PNG\r\n\x1a\n" + script, "a.css": "body{}", "a.json": `{"a":"` + script + `"}`,
		"a.mhtml": "MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n" + script, "a.swf": "FWS\x05" + script, "a.xsl": `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#"?><x/>`,
		"empty": "", "bom": "\ufeff<html>" + script, "utf16": "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00", "gifar.gif": "GIF89a<html>" + script, "a.wasm": "\x00asm\x01\x00\x00\x00",
	} {
		id := g.File("common/area/"+name, content)
		for _, query := range []string{"", "?inline=1", "?inline=1&version=1"} {
			a := want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/content%s", id, query), nil), http.StatusOK)
			h := a.Header
			policy, kind := h.Get("Content-Security-Policy"), h.Get("Content-Type")
			if h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(policy, "sandbox;") || strings.Contains(policy, "allow-") || strings.Contains(policy, "script") {
				t.Errorf("%s%s: %v", name, query, h)
			}
			attached := strings.HasPrefix(h.Get("Content-Disposition"), "attachment")
			base, _, _ := mime.ParseMediaType(kind)
			shown := base == "text/plain" || base == "application/pdf" || strings.HasPrefix(base, "image/") && base != "image/svg+xml" || strings.HasPrefix(base, "audio/") || strings.HasPrefix(base, "video/")
			if !attached && !shown || !attached && query == "" {
				t.Errorf("%s%s: shown as %s, %s", name, query, kind, h.Get("Content-Disposition"))
			}
			for _, live := range []string{"html", "javascript", "text/xml", "application/xml", "ecmascript", "css", "xslt", "multipart", "flash", "message"} {
				if strings.Contains(kind, live) {
					t.Errorf("%s%s has the type %s", name, query, kind)
				}
			}
			if h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("Cache-Control") == "" || h.Get("Set-Cookie") != "" {
				t.Errorf("%s%s: %v", name, query, h)
			}
		}
	}
}

// A name in a header stays a name, whatever is in it.
func TestThreat24_FileNames(t *testing.T) {
	g := newGarden(t, world.Options{})
	for _, name := range []string{
		`a".html`, "a\r\nSet-Cookie: x=y", "a\nb", "\u202egpj.exe", "a;b", `a\b`, "ä€😀.txt", "%22", "a'b", "a, b", "  x  ", "=cmd|' -C calc'!A0", strings.Repeat("é", 127), "x\x7f\x1b[31m", "<img src=x onerror=alert(1)>",
	} {
		id := g.File("common/area/"+name, "x")
		a := want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/content", id), nil), http.StatusOK)
		kind, params, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || params["filename"] != name || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%q: %q (%v)", name, a.Header.Get("Content-Disposition"), err)
		}
		zipped := want(t, g.ann.Do("POST", "/archive", world.Reader("nodes="+id.String()+"&name="+strings.NewReplacer("%", "%25", "&", "%26", "+", "%2B", ";", "%3B", "\r", "%0D", "\n", "%0A", " ", "%20", "#", "%23", "=", "%3D").Replace(name)), "Content-Type", "application/x-www-form-urlencoded"), http.StatusOK)
		if kind, _, err := mime.ParseMediaType(zipped.Header.Get("Content-Disposition")); err != nil || kind != "attachment" || zipped.Header.Get("Set-Cookie") != "" || zipped.Cut != nil {
			t.Errorf("%q: %q (%v)", name, zipped.Header.Get("Content-Disposition"), err)
		}
		var n node
		want(t, g.ann.Do("GET", "/nodes/"+id.String(), nil), http.StatusOK).Into(t, &n)
		if n.Name != name {
			t.Errorf("%q in JSON is %q", name, n.Name)
		}
		if missing := g.ann.Do("GET", "/nodes?path="+strings.NewReplacer("<", "%3C", ">", "%3E").Replace("common-files/%3Cscript%3E"), nil); strings.Contains(string(missing.Body), "<script>") {
			t.Errorf("an error repeats %s", missing.Body)
		}
	}
}

// What is put up in one piece: new, over another, beside it, with a digest, a
// condition, a time.
func TestPut(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		var n node
		want(t, g.put(g.ann, g.area, "name=x.txt", "one", "X-Mtime", "2020-02-03T04:05:06.789+01:00", "Content-Digest", digest("one")), http.StatusCreated).Into(t, &n)
		if n.Name != "x.txt" || n.Path != "common-files/area/x.txt" || n.Size != 3 || n.Version != 1 || n.MTime != "2020-02-03T03:05:06.789Z" {
			t.Errorf("made %+v", n)
		}
		first := n.ETag
		for _, c := range []struct {
			query, content string
			headers        []string
			status         int
			code           string
		}{
			{"name=x.txt", "two", nil, 409, "name-exists"},
			{"name=x.txt&conflict=fail", "two", nil, 409, "name-exists"},
			{"name=x.txt&conflict=replace", "two", []string{"If-None-Match", "*"}, 409, "name-exists"},
			{"name=x.txt", "two", []string{"If-Match", `"other"`}, 412, "changed"},
			{"name=new.txt", "two", []string{"If-Match", "*"}, 412, "changed"},
			{"name=x.txt&conflict=existing", "two", nil, 400, "invalid"},
			{"name=x.txt&conflict=nonsense", "two", nil, 400, "invalid"},
			{"name=", "two", nil, 400, ""},
			{"", "two", nil, 400, ""},
			{"name=.", "two", nil, 400, ""},
			{"name=a%2fb", "two", nil, 400, ""},
			{"name=a%00b", "two", nil, 400, ""},
			{"name=%ff", "two", nil, 400, ""},
			{"name=y", "two", []string{"X-Mtime", "yesterday"}, 400, "invalid"},
			{"name=y", "two", []string{"X-Mtime", "9999-12-31T23:59:59-01:00"}, 400, "invalid"},
			{"name=y", "two", []string{"Content-Digest", digest("other")}, 400, "checksum"},
			{"name=y", "two", []string{"Content-Digest", "sha-256=:AAAA:"}, 400, "invalid"},
			{"name=y", "two", []string{"Content-Digest", "sha-256=nonsense"}, 400, "invalid"},
		} {
			g.unchanged(c.query, func() {
				a := g.put(g.ann, g.area, c.query, c.content, c.headers...)
				if a.Status != c.status || a.Problem(t).Code != c.code {
					t.Errorf("%s %v: %d %s", c.query, c.headers, a.Status, a.Body)
				}
			})
		}
		want(t, g.put(g.ann, g.area, "name=x.txt", "two", "If-Match", first), http.StatusOK).Into(t, &n)
		if n.Version != 2 || n.ETag == first {
			t.Errorf("replaced %+v", n)
		}
		want(t, g.put(g.ann, g.area, "name=x.txt&conflict=rename", "three"), http.StatusCreated).Into(t, &n)
		if n.Name != "x (2).txt" {
			t.Errorf("beside it %+v", n)
		}
		want(t, g.put(g.ann, g.area, "name=empty", ""), http.StatusCreated).Into(t, &n)
		if n.Size != 0 {
			t.Errorf("empty %+v", n)
		}
		file := g.At("common/area/x.txt")
		want(t, g.put(g.ann, file, "name=y", "x"), http.StatusBadRequest, "not-a-folder")
		want(t, g.ann.Do("PUT", fmt.Sprintf("/nodes/%s/content", g.area), world.Reader("x"), "Content-Type", octets), http.StatusBadRequest, "not-a-file")
		for _, id := range []string{"x", "0", "-1", "01", "99999999999999999999", "3%20", "%33%00", "1e1", "٣"} {
			a := g.ann.Do("GET", "/nodes/"+id, nil)
			if a.Status != http.StatusBadRequest && a.Status != http.StatusNotFound {
				t.Errorf("the id %q: %d", id, a.Status)
			}
		}
	})
}

// A thumbnail is asked for like the bytes it is made of, also where it is there
// already; where none can be made that is said, and nothing breaks.
func TestThumbnail(t *testing.T) {
	g := newGarden(t, world.Options{})
	broken := g.File("common/area/x.png", "\x89PNG\r\n\x1a\nno picture")
	want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/thumbnail", broken), nil), http.StatusNotFound, "no-thumbnail")
	text := g.File("common/area/x.txt", "text")
	want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/thumbnail", text), nil), http.StatusNotFound, "no-thumbnail")
	for _, size := range []string{"0", "63", "65", "2048", "x", "-1", "64x"} {
		want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/thumbnail?size=%s", text, size), nil), http.StatusBadRequest, "invalid")
	}
	good := g.File("common/area/good.gif", "GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
	a := want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/thumbnail?size=64", good), nil), http.StatusOK)
	if a.Header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", a.Header)
	}
	want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/thumbnail?size=64", good), nil, "If-None-Match", a.Header.Get("ETag")), http.StatusNotModified)
	want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/thumbnail?size=256", good), nil, "If-None-Match", a.Header.Get("ETag")), http.StatusOK)
	// Made once for all, and still asked for each: who may not read has none.
	g.User("bob")
	g.Deny("bob", good)
	want(t, g.Client("bob").Do("GET", fmt.Sprintf("/nodes/%s/thumbnail?size=64", good), nil, "If-None-Match", a.Header.Get("ETag")), http.StatusNotFound, "not-found")
}
