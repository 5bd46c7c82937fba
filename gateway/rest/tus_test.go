package rest_test

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

// upload is where an upload stands, as HEAD says.
func (g *garden) stands(c *world.Client, path string) (offset string, a world.Answer) {
	a = tus(c, "HEAD", path, "")
	return a.Header.Get("Upload-Offset"), a
}

func TestTus(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		options := want(t, g.Nobody().Do("OPTIONS", "/uploads", nil), http.StatusNoContent)
		if options.Header.Get("Tus-Version") != "1.0.0" || options.Header.Get("Tus-Extension") != "creation,creation-with-upload,checksum,expiration,termination" {
			t.Errorf("%v", options.Header)
		}
		at := g.begin(g.ann, 10, "parent", g.area.String(), "name", "x.txt", "mtime", "2020-02-03T04:05:06Z")
		offset, head := g.stands(g.ann, at)
		expires, err := http.ParseTime(head.Header.Get("Upload-Expires"))
		if offset != "0" || head.Header.Get("Upload-Length") != "10" || head.Header.Get("Cache-Control") != "no-store" || err != nil || expires.Sub(g.Now()) != world.UploadExpiry {
			t.Errorf("begun: %v", head.Header)
		}
		want(t, g.piece(g.ann, at, 0, "0123"), http.StatusNoContent)
		want(t, g.piece(g.ann, at, 0, "0123"), http.StatusConflict, "offset")
		want(t, g.piece(g.ann, at, 5, "5"), http.StatusConflict, "offset")
		g.Restart()
		if offset, _ = g.stands(g.ann, at); offset != "4" {
			t.Errorf("after a restart it stands at %s", offset)
		}
		last := want(t, g.piece(g.ann, at, 4, "456789"), http.StatusNoContent)
		id := g.At("common/area/x.txt")
		if last.Header.Get("Alveary-Node") != id.String() || last.Header.Get("Upload-Offset") != "10" || g.Content(id) != "0123456789" {
			t.Errorf("finished: %v", last.Header)
		}
		if n := g.Node(id); !n.MTime.Equal(time.Date(2020, 2, 3, 4, 5, 6, 0, time.UTC)) {
			t.Errorf("declared at %v", n.MTime)
		}
		// The answer was lost: asking again tells the same and does nothing.
		g.unchanged("asking again", func() {
			if offset, head = g.stands(g.ann, at); offset != "10" || head.Header.Get("Alveary-Node") != id.String() {
				t.Errorf("afterwards: %v", head.Header)
			}
			want(t, g.piece(g.ann, at, 10, ""), http.StatusNoContent)
			want(t, tus(g.ann, "DELETE", at, ""), http.StatusNoContent)
			want(t, tus(g.ann, "DELETE", at, ""), http.StatusNotFound, "not-found")
		})
	})
}

// Creation with upload, of all bytes, of some, of none.
func TestTusCreationWithUpload(t *testing.T) {
	g := newGarden(t, world.Options{})
	begin := func(name, body string, length int, more ...string) world.Answer {
		return tus(g.ann, "POST", "/uploads", body, append([]string{"Upload-Length", fmt.Sprint(length), "Upload-Metadata", meta("parent", g.area.String(), "name", name)}, more...)...)
	}
	all := want(t, begin("all", "abc", 3), http.StatusCreated)
	if all.Header.Get("Alveary-Node") != g.At("common/area/all").String() || all.Header.Get("Upload-Offset") != "3" || all.Header.Get("Location") == "" {
		t.Errorf("%v", all.Header)
	}
	some := want(t, begin("some", "ab", 3), http.StatusCreated)
	if some.Header.Get("Upload-Offset") != "2" || some.Header.Get("Alveary-Node") != "" {
		t.Errorf("%v", some.Header)
	}
	want(t, g.piece(g.ann, some.Header.Get("Location"), 2, "c"), http.StatusNoContent)
	empty := want(t, begin("empty", "", 0, "Content-Type", "text/plain"), http.StatusCreated)
	if empty.Header.Get("Alveary-Node") != g.At("common/area/empty").String() {
		t.Errorf("%v", empty.Header)
	}
	want(t, begin("empty", "", 0), http.StatusConflict, "name-exists")
	want(t, begin("much", "abcd", 3), http.StatusRequestEntityTooLarge, "too-large")
	if g.At("common/area/much") != 0 || g.Content(g.At("common/area/some")) != "abc" {
		t.Errorf("%s", g.Picture())
	}
}

// A piece whose checksum is not that of its bytes is taken back.
func TestTusChecksum(t *testing.T) {
	g := newGarden(t, world.Options{})
	at := g.begin(g.ann, 6, "parent", g.area.String(), "name", "x")
	one, two := sha1.Sum([]byte("abc")), sha256.Sum256([]byte("def"))
	good1 := "sha1 " + base64.StdEncoding.EncodeToString(one[:])
	good2 := "sha256 " + base64.StdEncoding.EncodeToString(two[:])
	want(t, g.piece(g.ann, at, 0, "abX", "Upload-Checksum", good1), 460)
	if offset, _ := g.stands(g.ann, at); offset != "0" {
		t.Errorf("it stands at %s", offset)
	}
	want(t, g.piece(g.ann, at, 0, "abc", "Upload-Checksum", good1), http.StatusNoContent)
	for _, bad := range []string{"md5 " + good1[5:], "sha1", "sha1 !", "sha256", good2 + " x"} {
		if a := g.piece(g.ann, at, 3, "def", "Upload-Checksum", bad); a.Status != http.StatusBadRequest && a.Status != 460 {
			t.Errorf("%q: %d", bad, a.Status)
		}
	}
	want(t, g.piece(g.ann, at, 3, "deX", "Upload-Checksum", good2), 460)
	if g.At("common/area/x") != 0 {
		t.Error("a file of wrong bytes")
	}
	want(t, g.piece(g.ann, at, 3, "def", "Upload-Checksum", good2), http.StatusNoContent)
	if got := g.Content(g.At("common/area/x")); got != "abcdef" {
		t.Errorf("the file holds %q", got)
	}
}

// A name that is taken at the end keeps the upload, and the choice is asked for.
func TestTusConflictAtTheEnd(t *testing.T) {
	g := newGarden(t, world.Options{})
	old := g.File("common/area/x.txt", "old")
	at := g.begin(g.ann, 3, "parent", g.area.String(), "name", "x.txt")
	want(t, g.piece(g.ann, at, 0, "new"), http.StatusConflict, "name-exists")
	want(t, g.piece(g.ann, at, 3, ""), http.StatusConflict, "name-exists")
	g.Restart()
	if offset, _ := g.stands(g.ann, at); offset != "3" || g.Content(old) != "old" {
		t.Errorf("it stands at %s", offset)
	}
	finish := strings.TrimPrefix(at, "/api/v1") + "/finish"
	for _, bad := range []string{`{"conflict":"existing"}`, `{}`, `{"conflict":""}`, `{"conflict":"rename","name":"y"}`, `[]`, ``} {
		if a := g.ann.Do("POST", finish, world.Reader(bad)); a.Status != http.StatusBadRequest {
			t.Errorf("finish with %s: %d %s", bad, a.Status, a.Body)
		}
	}
	want(t, g.ann.Do("POST", finish, world.Reader(`{"conflict":"fail"}`)), http.StatusConflict, "name-exists")
	var n node
	want(t, g.ann.Do("POST", finish, world.Reader(`{"conflict":"rename"}`)), http.StatusOK).Into(t, &n)
	if n.Name != "x (2).txt" || g.Content(g.At("common/area/x (2).txt")) != "new" || g.Content(old) != "old" {
		t.Errorf("%+v", n)
	}
	g.unchanged("finishing twice", func() {
		want(t, g.ann.Do("POST", finish, world.Reader(`{"conflict":"replace"}`)), http.StatusConflict, "changed")
	})
	at = g.begin(g.ann, 3, "parent", g.area.String(), "name", "x.txt")
	want(t, g.piece(g.ann, at, 0, "3rd"), http.StatusConflict, "name-exists")
	want(t, g.ann.Do("POST", strings.TrimPrefix(at, "/api/v1")+"/finish", world.Reader(`{"conflict":"replace"}`)), http.StatusOK).Into(t, &n)
	if n.ID != old.String() || n.Version != 2 || g.Content(old) != "3rd" {
		t.Errorf("%+v", n)
	}
}

// The same person signs in again after his session ended and goes on; another
// does not.
func TestTusThroughTheEndOfASession(t *testing.T) {
	g := newGarden(t, world.Options{})
	g.User("bob")
	g.Allow("bob", g.area, "read,write")
	browser := g.Browser("ann")
	at := g.begin(browser, 6, "parent", g.area.String(), "name", "x")
	want(t, g.piece(browser, at, 0, "abc"), http.StatusNoContent)
	g.Wait(world.SessionLife)
	want(t, g.piece(browser, at, 3, "def"), http.StatusUnauthorized, "signed-out")
	bob := g.Browser("bob")
	for _, a := range []world.Answer{tus(bob, "HEAD", at, ""), g.piece(bob, at, 3, "def"), tus(bob, "DELETE", at, "")} {
		if a.Status != http.StatusNotFound {
			t.Errorf("bob: %d", a.Status)
		}
	}
	browser.SignIn("ann")
	if offset, _ := g.stands(browser, at); offset != "3" {
		t.Errorf("it stands at %s", offset)
	}
	want(t, g.piece(browser, at, 3, "def"), http.StatusNoContent)
	if got := g.Content(g.At("common/area/x")); got != "abcdef" {
		t.Errorf("the file holds %q", got)
	}
}

// A right that is lost between two pieces counts for the next, and one that
// comes back for the one after.
func TestTusRightLostBetweenPieces(t *testing.T) {
	g := newGarden(t, world.Options{})
	at := g.begin(g.ann, 6, "parent", g.area.String(), "name", "x")
	want(t, g.piece(g.ann, at, 0, "abc"), http.StatusNoContent)
	e := g.Allow("ann", g.Folder("common/area"), "read")
	g.Write(func(tx *store.Tx) error { return tx.DeleteEntry(e.ID) })
	denied := g.Deny("ann", g.area)
	for _, a := range []world.Answer{tus(g.ann, "HEAD", at, ""), g.piece(g.ann, at, 3, "def"), tus(g.ann, "DELETE", at, "")} {
		if a.Status != http.StatusNotFound {
			t.Errorf("denied: %d", a.Status)
		}
	}
	g.Drop(denied)
	g.Forget(g.area)
	g.Allow("ann", g.area, "read")
	if p := want(t, g.piece(g.ann, at, 3, "def"), http.StatusForbidden, "denied").Problem(t); len(p.Missing) != 2 {
		t.Errorf("%+v", p)
	}
	g.Allow("ann", g.area, "read,write")
	want(t, g.piece(g.ann, at, 3, "def"), http.StatusNoContent)
}

// What expired is gone, and giving up leaves nothing.
func TestTusEnds(t *testing.T) {
	g := newGarden(t, world.Options{})
	given := g.begin(g.ann, 6, "parent", g.area.String(), "name", "x")
	want(t, g.piece(g.ann, given, 0, "abc"), http.StatusNoContent)
	want(t, tus(g.ann, "DELETE", given, ""), http.StatusNoContent)
	want(t, tus(g.ann, "HEAD", given, ""), http.StatusNotFound)
	late := g.begin(g.ann, 6, "parent", g.area.String(), "name", "x")
	want(t, g.piece(g.ann, late, 0, "abc"), http.StatusNoContent)
	g.Wait(world.UploadExpiry)
	want(t, g.piece(g.ann, late, 3, "def"), http.StatusGone)
	if _, err := g.Files.Sweep(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	want(t, g.piece(g.ann, late, 3, "def"), http.StatusNotFound)
	if got := g.Objects(); len(got) != 0 {
		t.Errorf("left %v", got)
	}
}

// Threats 3 and 25: what the headers of the protocol say is believed only
// where it can be.
func TestThreat03_TusHeaders(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		area := g.area.String()
		secret := g.Folder("common/secret")
		g.File("common/secret/x", "s")
		g.Deny("ann", secret)
		create := func(length, metadata string, more ...string) world.Answer {
			return tus(g.ann, "POST", "/uploads", "", append([]string{"Content-Type", "text/plain", "Upload-Length", length, "Upload-Metadata", metadata}, more...)...)
		}
		good := meta("parent", area, "name", "x")
		for what, c := range map[string]struct {
			a      world.Answer
			status int
		}{
			"another version":    {create("3", good, "Tus-Resumable", "0.2.2"), 412},
			"no length":          {create("", good), 400},
			"negative":           {create("-1", good), 400},
			"no number":          {create("3x", good), 400},
			"too large a number": {create("9223372036854775808", good), 400},
			"deferred":           {create("", good, "Upload-Defer-Length", "1"), 400},
			"no metadata":        {create("3", ""), 400},
			"no name":            {create("3", meta("parent", area)), 400},
			"no parent":          {create("3", meta("name", "x")), 400},
			"no base64":          {create("3", "parent !,name !"), 400},
			"twice":              {create("3", good+","+meta("name", "y")), 400},
			"unknown key":        {create("3", good+","+meta("owner", "1")), 400},
			"a path as name":     {create("3", meta("parent", area, "name", "../x")), 400},
			"dots as name":       {create("3", meta("parent", area, "name", "..")), 400},
			"NUL":                {create("3", meta("parent", area, "name", "a\x00b")), 400},
			"broken text":        {create("3", meta("parent", area, "name", "\xff")), 400},
			"up and out":         {create("3", meta("parent", area, "relative", "../secret/x")), 400},
			"from the top":       {create("3", meta("parent", area, "relative", "/secret/x")), 400},
			"dots within":        {create("3", meta("parent", area, "relative", "a/../../x")), 400},
			"a strange tag":      {create("3", meta("parent", area, "name", "x", "ifmatch", "\x00")), 400},
			"a time beyond":      {create("3", meta("parent", area, "name", "x", "mtime", "9999-12-31T23:59:59-10:00")), 400},
			"no such choice":     {create("3", meta("parent", area, "name", "x", "conflict", "existing")), 400},
			"a parent unseen":    {create("3", meta("parent", secret.String(), "name", "x")), 404},
			"a parent not there": {create("3", meta("parent", "4000000000", "name", "x")), 404},
			"the root":           {create("3", meta("parent", "1", "name", "x")), 404},
		} {
			if c.a.Status != c.status || c.a.Header.Get("Location") != "" || c.a.Header.Get("Tus-Resumable") != "1.0.0" {
				t.Errorf("%s: %d, want %d: %s", what, c.a.Status, c.status, c.a.Body)
			}
		}
		at := g.begin(g.ann, 3, "parent", area, "name", "x")
		for what, c := range map[string]struct {
			a      world.Answer
			status int
		}{
			"negative offset":  {g.piece(g.ann, at, -1, "abc"), 400},
			"no offset":        {g.piece(g.ann, at, 0, "abc", "Upload-Offset", ""), 400},
			"offset far out":   {g.piece(g.ann, at, 0, "abc", "Upload-Offset", "9223372036854775807"), 409},
			"another type":     {g.piece(g.ann, at, 0, "abc", "Content-Type", "text/plain"), 415},
			"more than said":   {g.piece(g.ann, at, 0, "abcd"), 413},
			"another version":  {g.piece(g.ann, at, 0, "abc", "Tus-Resumable", "2"), 412},
			"id with NUL":      {tus(g.ann, "HEAD", "/uploads/%00", ""), 404},
			"id of no text":    {tus(g.ann, "HEAD", "/uploads/%ff", ""), 404},
			"an id in capital": {tus(g.ann, "HEAD", strings.ToUpper(strings.TrimPrefix(at, "/api/v1/uploads")), ""), 404},
		} {
			if c.a.Status != c.status {
				t.Errorf("%s: %d, want %d: %s", what, c.a.Status, c.status, c.a.Body)
			}
		}
		if offset, _ := g.stands(g.ann, at); offset != "0" || g.At("common/area/x") != 0 {
			t.Errorf("it stands at %s", offset)
		}
		rel := g.begin(g.ann, 3, "parent", area, "relative", "a/b\\..\\c/%2e%2e/x", "name", "ignored")
		want(t, g.piece(g.ann, rel, 0, "abc"), http.StatusNoContent)
		if g.At("common/area/a/b\\..\\c/%2e%2e/x") == 0 {
			t.Errorf("%s", g.Picture())
		}
	})
}

// Many pieces at once on one upload: one is taken, the others are told, and the
// file is whole.
func TestTusAtOnce(t *testing.T) {
	g := newGarden(t, world.Options{})
	at := g.begin(g.ann, 3, "parent", g.area.String(), "name", "x")
	var all sync.WaitGroup
	statuses := make([]int, 12)
	for i := range statuses {
		all.Go(func() { statuses[i] = g.piece(g.ann, at, 0, "abc").Status })
	}
	all.Wait()
	taken := 0
	for _, status := range statuses {
		switch status {
		case http.StatusNoContent:
			taken++
		case http.StatusConflict, http.StatusLocked, http.StatusNotFound:
		default:
			t.Errorf("answered %d", status)
		}
	}
	if got := g.Content(g.At("common/area/x")); taken < 1 || got != "abc" {
		t.Errorf("%d taken: %v; the file holds %q", taken, statuses, got)
	}
	var n alveary.Node
	if n = g.Node(g.At("common/area/x")); n.Version != 1 || g.At("common/area/x (2)") != 0 {
		t.Errorf("%+v", n)
	}
}
