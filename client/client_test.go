package client_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/client"
	"alveary/testkit/fakeapi"
)

func dial(t *testing.T, s *fakeapi.Server, change ...func(*client.Options)) *client.Client {
	t.Helper()
	o := client.Options{
		URL: s.URL, Token: fakeapi.Token, Chunk: 1000,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	for _, f := range change {
		f(&o)
	}
	c, err := client.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1, byte(n)})
	_, _ = r.Read(b)
	return b
}

func folder(t *testing.T, c *client.Client, path string) client.Node {
	t.Helper()
	n, err := c.MkdirAll(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func upload(n client.Node, name string, data []byte) client.Upload {
	return client.Upload{Parent: n.ID, Name: name, Content: bytes.NewReader(data), Size: int64(len(data)), MTime: time.Unix(1700000000, 5000).UTC()}
}

func wantKind(t *testing.T, err error, kind alveary.Kind, words string) {
	t.Helper()
	if !alveary.IsKind(err, kind) || !strings.Contains(err.Error(), words) {
		t.Errorf("got %v (kind %d), want kind %d with %q", err, alveary.KindOf(err), kind, words)
	}
}

func TestParseURL(t *testing.T) {
	for text, want := range map[string]string{
		"files.example.org":          "https://files.example.org",
		"https://Files.example.org/": "https://files.example.org",
		"http://localhost:8080":      "http://localhost:8080",
		"http://127.0.0.1:1":         "http://127.0.0.1:1",
		"http://[::1]:1":             "http://[::1]:1",
		"http://files.example.org":   "",
		"https://a:b@example.org":    "",
		"https://example.org/x":      "",
		"ftp://example.org":          "",
		"":                           "",
	} {
		u, err := client.ParseURL(text)
		if (err == nil) != (want != "") || err == nil && u.String() != want {
			t.Errorf("%q: %v, %v", text, u, err)
		}
	}
}

func TestTree(t *testing.T) {
	s := fakeapi.New(t, false)
	c, ctx := dial(t, s), t.Context()
	spaces, err := c.Workspaces(ctx)
	if err != nil || len(spaces) != 2 || spaces[0].Root == nil {
		t.Fatalf("%v, %v", spaces, err)
	}
	deep := folder(t, c, "common-files/a/b/c")
	if deep.Path != "common-files/a/b/c" || !deep.IsFolder() {
		t.Errorf("%+v", deep)
	}
	for _, name := range []string{"7", "3", "5", "1", "6", "2", "4"} {
		s.Put(t, "common-files/a/b/c/"+name, []byte(name))
	}
	var names []string
	for n, err := range c.List(ctx, deep) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, n.Name)
	}
	if !slices.Equal(names, []string{"1", "2", "3", "4", "5", "6", "7"}) {
		t.Errorf("pages give %v", names)
	}
	if _, made, err := c.Mkdir(ctx, deep.ID, "new", client.Fail); !made || err != nil {
		t.Errorf("made %v, %v", made, err)
	}
	if _, made, err := c.Mkdir(ctx, deep.ID, "new", client.Existing); made || err != nil {
		t.Errorf("made %v, %v", made, err)
	}
	_, _, err = c.Mkdir(ctx, deep.ID, "new", client.Fail)
	wantKind(t, err, alveary.KindConflict, "already something by the name")
	_, err = c.MkdirAll(ctx, "common-files/a/b/c/1/x")
	wantKind(t, err, alveary.KindConflict, "there is a file by that name")
	_, err = c.MkdirAll(ctx, "nowhere/x")
	wantKind(t, err, alveary.KindNotFound, "nowhere")

	one, err := c.Stat(ctx, "common-files/a/b/c/1")
	if err != nil {
		t.Fatal(err)
	}
	moved, err := c.Move(ctx, one, folder(t, c, "common-files/a").ID, "uno", client.Fail)
	if err != nil || moved.Path != "common-files/a/uno" {
		t.Errorf("%+v, %v", moved, err)
	}
	copied, err := c.Copy(ctx, deep, folder(t, c, "my-files").ID, "", client.Fail)
	if err != nil || copied.Node.Path != "my-files/c" || s.Files()["my-files/c/2"] != "2" {
		t.Errorf("%+v, %v", copied, err)
	}
	if err := c.Bin(ctx, moved); err != nil {
		t.Fatal(err)
	}
	for n, err := range c.Binned(ctx) {
		if err != nil || n.Path != "common-files/a/uno" {
			t.Errorf("%+v, %v", n, err)
		}
		if _, err := c.Restore(ctx, n, client.Fail); err != nil {
			t.Error(err)
		}
	}
	if err := c.Delete(ctx, moved); err != nil {
		t.Error(err)
	}
	wantKind(t, c.Delete(ctx, moved), alveary.KindNotFound, "you may not see it")
	if out, err := c.EmptyBin(ctx); err != nil || out.Deleted != 0 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestRepeatsOnlyWhereThatDoesNoHarm(t *testing.T) {
	s := fakeapi.New(t, false)
	c, ctx := dial(t, s), t.Context()
	id := s.Put(t, "common-files/f", []byte("x"))
	root := folder(t, c, "common-files")

	s.Break(fakeapi.Fault{Method: "GET", Path: "/nodes", Times: 2, Lose: true})
	n, err := c.Stat(ctx, "common-files/f")
	if err != nil {
		t.Fatal(err)
	}
	s.Break(fakeapi.Fault{Method: "POST", Path: "/copy", Times: 1, Lose: true})
	_, err = c.Copy(ctx, n, root.ID, "g", client.Rename)
	wantKind(t, err, alveary.KindUnavailable, "broke")
	if got := s.Count("POST /nodes/" + id.String() + "/copy"); got != 1 || len(s.Files()) != 2 {
		t.Errorf("a copy whose answer was lost was sent %d times", got)
	}
	s.Break(fakeapi.Fault{Method: "POST", Path: "/copy", Times: 2, Status: 503})
	if _, err = c.Copy(ctx, n, root.ID, "h", client.Fail); err != nil {
		t.Errorf("a copy that the server put off was not sent again: %v", err)
	}
	s.Break(fakeapi.Fault{Method: "DELETE", Path: "/nodes", Times: 1, Lose: true})
	if err := c.Delete(ctx, n); err != nil {
		t.Errorf("a deletion whose answer was lost: %v", err)
	}
	s.Break(fakeapi.Fault{Path: "/workspaces", Times: 1, Status: 429, Code: "limited", RetryAfter: "3"})
	if _, err := c.Workspaces(ctx); err != nil {
		t.Error(err)
	}
	s.Break(fakeapi.Fault{Path: "/workspaces", Times: 99, Status: 503})
	_, err = c.Workspaces(ctx)
	wantKind(t, err, alveary.KindUnavailable, "armed fault")
}

func TestErrorsHaveKinds(t *testing.T) {
	s := fakeapi.New(t, false)
	c := dial(t, s)
	for status, kind := range map[int]alveary.Kind{
		400: alveary.KindInvalid, 401: alveary.KindUnauthenticated, 403: alveary.KindDenied, 404: alveary.KindNotFound,
		409: alveary.KindConflict, 412: alveary.KindPrecondition, 413: alveary.KindTooLarge, 500: alveary.KindInternal, 507: alveary.KindNoSpace,
	} {
		s.Break(fakeapi.Fault{Path: "/workspaces", Times: 1, Status: status, Code: "word"})
		_, err := c.Workspaces(t.Context())
		wantKind(t, err, kind, "armed fault")
	}
	gone, err := client.New(client.Options{URL: "http://127.0.0.1:1", Sleep: func(context.Context, time.Duration) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	_, err = gone.Server(t.Context())
	wantKind(t, err, alveary.KindUnavailable, "is the server running?")
}

func TestPutWhole(t *testing.T) {
	s := fakeapi.New(t, false)
	c, ctx := dial(t, s), t.Context()
	root := folder(t, c, "common-files")
	var moved atomic.Int64
	for i, f := range []fakeapi.Fault{{}, {CutBody: 100, Times: 2}, {Lose: true, Times: 2}, {Status: 503, Times: 1}} {
		f.Method, f.Path = "PUT", "/files"
		s.Break(f)
		name, data := string(rune('a'+i)), noise(900)
		u := upload(root, name, data)
		u.Moved = func(n int64) { moved.Add(n) }
		n, err := c.Put(ctx, u)
		if err != nil || n.Name != name || !n.MTime.Equal(u.MTime) || s.Files()["common-files/"+name] != string(data) {
			t.Errorf("fault %d: %+v, %v", i, n, err)
		}
		if moved.Swap(0) != 900 {
			t.Errorf("fault %d: progress does not add up", i)
		}
	}
	_, err := c.Put(ctx, upload(root, "a", []byte("other")))
	wantKind(t, err, alveary.KindConflict, "already something")
	u := upload(root, "a", []byte("other"))
	u.Conflict, u.IfMatch = client.Replace, `"0"`
	_, err = c.Put(ctx, u)
	wantKind(t, err, alveary.KindPrecondition, "changed")
	u.IfMatch = ""
	if _, err = c.Put(ctx, u); err != nil || s.Files()["common-files/a"] != "other" {
		t.Error(err)
	}
	s.Break(fakeapi.Fault{Method: "PUT", Times: 1, Status: 507, Code: "no-space"})
	_, err = c.Put(ctx, upload(root, "full", nil))
	wantKind(t, err, alveary.KindNoSpace, "")
	if _, err = c.Put(ctx, upload(root, "empty", nil)); err != nil {
		t.Error(err)
	}
	short := upload(root, "short", []byte("abc"))
	short.Size = 5
	_, err = c.Put(ctx, short)
	wantKind(t, err, alveary.KindInvalid, "became shorter")
}

func TestPutPieces(t *testing.T) {
	data := noise(4500)
	for name, arm := range map[string][]fakeapi.Fault{
		"whole":              nil,
		"cut bodies":         {{Method: "PATCH", CutBody: 500, Times: 3}},
		"lost answers":       {{Method: "PATCH", Lose: true, Times: 5}},
		"lost creation":      {{Method: "POST", Path: "/uploads", Lose: true, Times: 1}},
		"busy":               {{Method: "PATCH", Status: 503, Times: 2}, {Method: "HEAD", Status: 503, Times: 2}},
		"damaged on the way": {{Method: "PATCH", Status: 460, Times: 2}},
		"gone in between":    {{Method: "PATCH", Status: 404, Times: 1}},
	} {
		for _, conflict := range []client.Conflict{client.Fail, client.Rename} {
			s := fakeapi.New(t, false)
			c := dial(t, s)
			root := folder(t, c, "common-files")
			for _, f := range arm {
				s.Break(f)
			}
			var moved int64
			u := upload(root, "f.bin", data)
			u.Moved, u.Conflict = func(n int64) { moved += n }, conflict
			n, err := c.Put(t.Context(), u)
			if err != nil || n.Size != 4500 || s.Files()["common-files/f.bin"] != string(data) || len(s.Files()) != 1 || moved != 4500 {
				t.Errorf("%s, %s: %+v, %v, %d files, %d moved", name, conflict, n, err, len(s.Files()), moved)
			}
		}
	}
}

func TestPutResumes(t *testing.T) {
	s := fakeapi.New(t, false)
	c, ctx := dial(t, s), t.Context()
	root := folder(t, c, "common-files")
	u := upload(root, "f.bin", noise(4500))
	var address string
	u.Started = func(a string) { address = a }
	s.Break(fakeapi.Fault{Method: "PATCH", Times: 2, CutAnswer: 0})
	s.Break(fakeapi.Fault{Method: "PATCH", Times: 1, Status: 401, Code: "signed-out"})
	_, err := c.Put(ctx, u)
	wantKind(t, err, alveary.KindUnauthenticated, "")
	before := s.Count("PATCH")
	u.Resume = address
	if _, err = c.Put(ctx, u); err != nil {
		t.Fatal(err)
	}
	if again := s.Count("PATCH") - before; again != 3 || s.Count("POST /uploads") != 1 {
		t.Errorf("resumed with %d pieces and %d uploads", again, s.Count("POST /uploads"))
	}
	// A name that was taken meanwhile leaves the bytes there for a decision.
	u = upload(root, "f.bin", noise(2500))
	u.Started = func(a string) { address = a }
	_, err = c.Put(ctx, u)
	wantKind(t, err, alveary.KindConflict, "already something")
	before = s.Count("PATCH")
	u.Resume, u.Conflict = address, client.Replace
	if n, err := c.Put(ctx, u); err != nil || n.Size != 2500 || s.Count("PATCH") != before {
		t.Errorf("%+v, %v, %d pieces sent again", n, err, s.Count("PATCH")-before)
	}
	// What the server has forgotten, or what was never on it, is begun anew.
	for _, resume := range []string{address, "https://elsewhere.example.org/api/v1/uploads/x", "/api/v1/uploads/../tokens"} {
		s.ForgetUploads()
		u.Resume = resume
		if n, err := c.Put(ctx, u); err != nil || n.Size != 2500 {
			t.Errorf("%s: %v", resume, err)
		}
	}
	u = upload(root, "empty", nil)
	u.Conflict = client.Rename
	if _, err := c.Put(ctx, u); err != nil {
		t.Error(err)
	}
}

func TestTrust(t *testing.T) {
	s := fakeapi.New(t, true)
	ctx := t.Context()
	_, err := dial(t, s).Workspaces(ctx)
	wantKind(t, err, alveary.KindUnsupported, "is not trusted: run alveary login")

	seen, err := client.Inspect(ctx, s.URL, nil)
	if err != nil || seen.Trusted || seen.Fingerprint != client.Fingerprint(s.TLS.Certificate()) {
		t.Fatalf("%+v, %v", seen, err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.TLS.Certificate())
	if seen, err := client.Inspect(ctx, s.URL, pool); err != nil || !seen.Trusted {
		t.Errorf("%+v, %v", seen, err)
	}
	for _, change := range []func(*client.Options){
		func(o *client.Options) { o.Roots = pool },
		func(o *client.Options) { o.Pin = seen.Fingerprint },
	} {
		if _, err := dial(t, s, change).Workspaces(ctx); err != nil {
			t.Error(err)
		}
	}
	other := "00" + seen.Fingerprint[2:]
	if strings.HasPrefix(seen.Fingerprint, "00") {
		other = "11" + seen.Fingerprint[2:]
	}
	_, err = dial(t, s, func(o *client.Options) { o.Pin = other }).Workspaces(ctx)
	wantKind(t, err, alveary.KindUnsupported, "another certificate than the one that was trusted")
	if s.Count("GET") != 2 {
		t.Errorf("a request went to a server that is not trusted: %v", s.Requests())
	}
}

func TestSignIn(t *testing.T) {
	s := fakeapi.New(t, false)
	c := dial(t, s, func(o *client.Options) { o.Token = "" })
	_, err := c.SignIn(t.Context(), fakeapi.Login, client.Answers{Password: "wrong"}, "x")
	wantKind(t, err, alveary.KindUnauthenticated, "wrong")
	made, err := c.SignIn(t.Context(), fakeapi.Login, client.Answers{Password: fakeapi.Password}, "alveary on here")
	if err != nil || !strings.HasPrefix(made.Secret, "alv_") || made.User.Login != fakeapi.Login {
		t.Fatalf("%+v, %v", made, err)
	}
	if sessions, tokens := s.SignedIn(); sessions != 0 || tokens != 2 {
		t.Errorf("left %d sessions and %d tokens", sessions, tokens)
	}
	in := dial(t, s, func(o *client.Options) { o.Token = made.Secret })
	if who, err := in.Whoami(t.Context()); err != nil || who.Login != fakeapi.Login {
		t.Errorf("%+v, %v", who, err)
	}
	if err := in.RevokeToken(t.Context(), made.ID); err != nil {
		t.Error(err)
	}
	_, err = in.Workspaces(t.Context())
	wantKind(t, err, alveary.KindUnauthenticated, "sign in again")
	for _, r := range s.Requests() {
		if strings.Contains(r, made.Secret) || strings.Contains(r, fakeapi.Password) {
			t.Errorf("a secret is in the address: %s", r)
		}
	}
}

func TestKeyring(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "alveary")
	k, err := client.OpenKeyring(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Put("https://a", client.Key{Login: "ada", Token: "alv_x", Pin: "00"}); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{dir: 0o700, k.Path(): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	again, err := client.OpenKeyring(dir)
	if err != nil || again.Current != "https://a" || again.Servers["https://a"].Token != "alv_x" {
		t.Errorf("%+v, %v", again, err)
	}
	if err := again.Remove("https://a"); err != nil || again.Current != "" {
		t.Error(err)
	}
	if err := os.Chmod(k.Path(), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := client.OpenKeyring(dir); err == nil || !strings.Contains(err.Error(), "can be read by others") {
		t.Error(err)
	}
}
