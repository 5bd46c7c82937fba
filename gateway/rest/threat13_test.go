package rest_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary/store"
	"alveary/testkit/world"
)

// Threat 13: of a link for seven downloads no more than seven contents go out,
// however many ask at once for the whole, for parts or for headers, as one
// visitor or as many.
func TestThreat13_MostDownloads(t *testing.T) {
	const most, size = 7, 40_000
	fairs(t, func(t *testing.T, f *fair) {
		file := f.File("vault/plans/many.bin", strings.Repeat("0123456789", size/10))
		link, token := f.links(f.ann, f.plans, "read", body{"downloads": most})
		shared := f.opens(f.Nobody(), token)
		visitors := []*visitor{}
		for n := range 50 {
			v := shared
			if n%2 == 0 {
				v = f.opens(f.Nobody(), token)
			}
			visitors = append(visitors, v)
		}
		want(t, shared.Do("HEAD", shared.at(file, "/content"), nil), http.StatusOK)
		var bytes, whole, refused atomic.Int64
		var all sync.WaitGroup
		for n, v := range visitors {
			all.Go(func() {
				for i, headers := range [][]string{
					nil,
					{"Range", fmt.Sprintf("bytes=%d-", n*97)},
					{"Range", fmt.Sprintf("bytes=-%d", 1+n*300)},
					{"Range", "bytes=0-99,200-299"},
					{"If-None-Match", `"x"`},
					{"Range", "bytes=0-0"},
					{"Range", fmt.Sprintf("bytes=%d-%d", n, n+size/2), "If-Range", `"1"`},
				} {
					method := "GET"
					if (n+i)%5 == 0 {
						method = "HEAD"
					}
					a := v.Do(method, v.at(file, "/content"), nil, headers...)
					switch a.Status {
					case http.StatusOK, http.StatusPartialContent:
						bytes.Add(int64(len(a.Body)))
						if len(a.Body) == size {
							whole.Add(1)
						}
					case http.StatusForbidden:
						refused.Add(1)
						if method == "GET" && a.Problem(t).Code != "exhausted" {
							t.Errorf("refused with %s", a.Body)
						}
					default:
						t.Errorf("%s %v: %d %s", method, headers, a.Status, a.Body)
					}
				}
			})
		}
		all.Wait()
		if bytes.Load() > most*size || whole.Load() > most || bytes.Load() == 0 || refused.Load() == 0 {
			t.Errorf("%d bytes and %d whole contents went out, %d were refused", bytes.Load(), whole.Load(), refused.Load())
		}
		for _, method := range []string{"GET", "HEAD"} {
			want(t, shared.Do(method, shared.at(file, "/content"), nil), http.StatusForbidden)
		}
		want(t, shared.get(file, "/content", "Range", "bytes=5-6"), http.StatusForbidden, "exhausted")
		want(t, shared.get(file, "/content", "If-None-Match", "*"), http.StatusForbidden, "exhausted")
		want(t, shared.Do("GET", "/visits/"+link+"/archive", nil), http.StatusForbidden, "exhausted")
		var seen struct {
			Left *int64
			Use  struct{ Downloads int64 }
		}
		want(t, f.ann.Do("GET", "/links/"+link, nil), http.StatusOK).Into(t, &seen)
		if seen.Left == nil || *seen.Left != 0 || seen.Use.Downloads != most {
			t.Errorf("the link says %+v", seen)
		}
	})
}

// Whoever asks for the headers of an archive gets these: no file is read for
// him, and it is no download.
func TestThreat13_HeadersOfAnArchive(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		link, token := f.links(f.ann, f.plans, "read", body{"downloads": 1})
		v := f.opens(f.Nobody(), token)
		ask := func(method string) world.Answer { return v.Do(method, "/visits/"+link+"/archive", nil) }
		left := func(want int64) {
			t.Helper()
			if err := f.Uses.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			var seen struct {
				Left int64
				Use  struct{ Downloads int64 }
			}
			f.ann.Do("GET", "/links/"+link, nil).Into(t, &seen)
			if seen.Left != want || seen.Use.Downloads != 1-want {
				t.Errorf("the link says %+v, want %d left", seen, want)
			}
		}
		archived := func() (n int) {
			for _, line := range f.Audit() {
				if line.Node == f.file && line.Action == "archive" {
					n++
				}
			}
			return n
		}
		for range 3 {
			head := want(t, ask("HEAD"), http.StatusOK)
			if kind := head.Header.Get("Content-Type"); kind != "application/zip" || len(head.Body) > 0 || !strings.Contains(head.Header.Get("Content-Disposition"), ".zip") {
				t.Errorf("headers: %v", head.Header)
			}
		}
		left(1)
		if n := archived(); n > 0 {
			t.Errorf("%d files were read for headers", n)
		}
		if whole := want(t, ask("GET"), http.StatusOK); !strings.Contains(string(whole.Body), "plan.txt") {
			t.Error("the archive holds no plan")
		}
		left(0)
		if n := archived(); n == 0 {
			t.Error("what was read is not on record")
		}
		want(t, ask("HEAD"), http.StatusForbidden)
	})
}

// A link begins and ends at the very second, for who opens it and for who is in,
// and what is over, not begun, stopped, ended or never was is told in one way.
func TestThreat13_EndsAtTheSecond(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		_, token := f.links(f.ann, f.plans, "read", body{"from": f.Now().Add(time.Minute), "until": f.Now().Add(time.Hour)})
		dead := func(what string, a world.Answer) string {
			t.Helper()
			if a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s: a cookie", what)
			}
			p := want(t, a, http.StatusNotFound, "not-found").Problem(t)
			return p.Title + p.Detail
		}
		unknown := dead("unknown", f.tries(f.Nobody(), strings.Repeat("a", 32)))
		same := func(what string, a world.Answer) {
			t.Helper()
			if got := dead(what, a); got != unknown {
				t.Errorf("%s: %q, unknown: %q", what, got, unknown)
			}
		}
		f.Wait(time.Minute - time.Second)
		same("a second too early", f.tries(f.Nobody(), token))
		f.Wait(time.Second)
		v := f.opens(f.Nobody(), token)
		f.Wait(time.Hour - time.Minute - time.Second)
		v.reads(t, "a second before the end", f.file, true)
		f.opens(f.Nobody(), token)
		f.Wait(time.Second)
		v.reads(t, "at the end", f.file, false)
		same("at the end", f.tries(f.Nobody(), token))

		link, token := f.links(f.ann, f.plans, "read")
		want(t, f.ann.Do("DELETE", "/links/"+link, nil), http.StatusNoContent)
		same("ended", f.tries(f.Nobody(), token))
		link, token = f.links(f.ann, f.plans, "read")
		want(t, f.ann.Do("POST", "/links/"+link+"/address", nil), http.StatusOK)
		same("with another address", f.tries(f.Nobody(), token))
		_, token = f.links(f.ann, f.plans, "read")
		_, locked := f.links(f.ann, f.plans, "read", body{"password": "tulip engine 4217"})
		f.Drop(f.entry)
		same("of an owner without rights", f.tries(f.Nobody(), token))
		f.Allow("ann", f.plans, "read,write")
		f.rule1(`{"folderLinks":false}`)
		same("stopped by the house", f.tries(f.Nobody(), token))
		same("stopped, and with a password", f.tries(f.Nobody(), locked))
		for _, text := range []string{"", "/", "..", "a b", token + "a", strings.ToUpper(token), token[:31], strings.Repeat("a", 128), "\u0000", "' or 1=1"} {
			same(text, f.tries(f.Nobody(), text))
		}
	})
}

// rule1 is a house rule for everybody, everywhere.
func (f *fair) rule1(terms string) (id string) {
	f.t.Helper()
	var made struct{ ID string }
	want(f.t, f.root.Do("POST", "/house/rules", world.Reader(`{"role":"ROOT_GROUP","terms":`+terms+`}`)), http.StatusCreated).Into(f.t, &made)
	return made.ID
}

// Guessing a password is stopped for the link, from wherever it is tried, and
// for the address, at whatever link; a proof of work lets people on until then.
func TestThreat13_PasswordsAreNotGuessed(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		right := body{"password": "tulip engine 4217"}
		_, token := f.links(f.ann, f.plans, "read", right)
		from := func(address string) *world.Client { c := f.Nobody(); c.From = address; return c }
		want(t, f.tries(from("198.51.100.1"), token), http.StatusUnauthorized, "password")
		tried, codes := 0, map[string]int{}
		for n := range 40 { // each from elsewhere
			a := f.tries(from(fmt.Sprintf("198.51.100.%d", n+2)), token, body{"password": fmt.Sprint("guess ", n)})
			code := a.Problem(t).Code
			codes[code]++
			if code == "wrong-password" {
				tried++
			}
		}
		if tried > 5 || codes["captcha"] == 0 {
			t.Errorf("of 40 guesses at one link %d were tried: %v", tried, codes)
		}
		want(t, f.tries(from("198.51.100.200"), token, right), http.StatusUnauthorized, "captcha")
		honest := from("198.51.100.201")
		proof := honest.Proof()
		want(t, f.tries(honest, token, right, body{"captcha": proof}), http.StatusOK)
		for n := range 3 { // a proof counts once
			f.tries(from(fmt.Sprintf("198.51.100.%d", n+210)), token, body{"password": "x"})
		}
		want(t, f.tries(from("198.51.100.202"), token, right, body{"captcha": proof}), http.StatusUnauthorized, "captcha")

		// Many at once are no more than one after the other.
		_, token = f.links(f.ann, f.plans, "read", right)
		var guessed atomic.Int64
		var all sync.WaitGroup
		for n := range 40 {
			c := from(fmt.Sprintf("198.18.0.%d", n+1))
			all.Go(func() {
				if f.tries(c, token, body{"password": fmt.Sprint("guess ", n)}).Problem(t).Code == "wrong-password" {
					guessed.Add(1)
				}
			})
		}
		all.Wait()
		if guessed.Load() > 5 {
			t.Errorf("of 40 guesses at once %d were tried", guessed.Load())
		}

		tried, codes = 0, map[string]int{}
		for range 20 { // one address, at one link after the other
			_, token := f.links(f.ann, f.plans, "read", right)
			c := from("203.0.113.5")
			a := f.tries(c, token, body{"password": "guess"})
			codes[a.Problem(t).Code]++
			if a.Problem(t).Code == "wrong-password" {
				tried++
			}
		}
		if tried > 5 || codes["captcha"]+codes["limited"]+codes["locked"] == 0 {
			t.Errorf("of 20 guesses from one address %d were tried: %v", tried, codes)
		}
		// Slugs can be guessed too.
		for n := range 40 {
			a := f.tries(from("203.0.113.6"), fmt.Sprintf("our-plans-%d", n))
			if codes[a.Problem(t).Code]++; a.Status != http.StatusNotFound {
				return
			}
		}
		t.Errorf("40 slugs were tried from one address: %v", codes)
	})
}

// A token has 160 random bits, is kept as a hash and told once. It is in no
// log, no record, no list and no query, and no page tells it to another site.
func TestThreat13_TokensAreSecret(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		const password = "tulip engine 4217"
		seen := map[string]bool{}
		var secrets []string
		for range 20 {
			_, token := f.links(f.ann, f.plans, "read")
			if len(token) != 32 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" || seen[token] {
				t.Errorf("the token %q", token)
			}
			seen[token] = true
			secrets = append(secrets, token)
		}
		link, token := f.links(f.ann, f.plans, "read", body{"password": password, "label": "secret"})
		secrets = append(secrets, token, password, "another wrong password", strings.Repeat("z", 32))
		v := f.opens(f.Nobody(), token, body{"password": password})
		secrets = append(secrets, v.Cookie.Value)
		if c := v.Cookie; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/api/v1/visits/"+link {
			t.Errorf("the cookie is %+v", c)
		}
		var answers strings.Builder
		told := func(a world.Answer) world.Answer {
			fmt.Fprintf(&answers, "%s %v\n", a.Body, a.Header)
			return a
		}
		nobody := f.Nobody()
		told(nobody.Do("POST", "/visits", world.JSON(body{"token": token, "password": "another wrong password"})))
		told(nobody.Do("POST", "/visits", world.JSON(body{"token": strings.Repeat("z", 32)})))
		told(nobody.Do("POST", "/visits", world.Reader(`{"token":"`+token+`","password":5}`)))
		told(nobody.Do("POST", "/visits", world.Reader(`{"token":"`+token+`","password":"`+password)))
		for _, query := range []string{"token=" + token, "t=" + token, "password=" + strings.ReplaceAll(password, " ", "%20")} {
			if a := told(nobody.Do("GET", "/visits/"+link+"?"+query, nil)); a.Status < 400 {
				t.Errorf("a query lets in: %d", a.Status)
			}
			if a := told(nobody.Do("POST", "/visits?"+query, world.Reader(`{}`))); a.Status < 400 {
				t.Errorf("a query opens: %d", a.Status)
			}
		}
		page := told(nobody.Do("GET", f.URL()+"/s/"+token, nil))
		if page.Header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(page.Header.Get("Cache-Control"), "no-store") || page.Header.Get("Content-Security-Policy") == "" || page.Header.Get("Set-Cookie") != "" {
			t.Errorf("the page's headers are %v", page.Header)
		}
		for _, path := range []string{"/links/" + link, "/shares", fmt.Sprintf("/nodes/%s/shares", f.plans), "/notices", "/notices/feed", "/cells"} {
			told(want(t, f.ann.Do("GET", path, nil), http.StatusOK))
		}
		told(want(t, f.root.Do("GET", "/house/shares", nil), http.StatusOK))
		told(v.get(f.file, ""))
		told(v.Do("GET", "/visits/"+link, nil))
		told(v.get(f.plans, "/children"))
		v.get(f.file, "/content")
		if err := f.Uses.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		kept := ""
		f.Read(func(tx *store.Tx) error {
			cells, err := tx.Cells()
			if err != nil {
				return err
			}
			for _, c := range cells {
				s, err := tx.CellSecret(c.ID)
				if err != nil {
					return err
				}
				kept += fmt.Sprintf("%+v %+v\n", c, s)
			}
			return nil
		})
		sum := sha256.Sum256([]byte(token))
		if !strings.Contains(kept, hex.EncodeToString(sum[:])) {
			t.Error("the token is not kept as its SHA-256")
		}
		record := ""
		for _, line := range f.Audit() {
			record += fmt.Sprintf("%+v\n", line)
		}
		for where, text := range map[string]string{"the database": kept, "the log": f.Log(), "the record": record, "an answer": answers.String()} {
			for _, secret := range secrets {
				if i := strings.Index(text, secret); i >= 0 {
					t.Errorf("%s holds a secret: …%s…", where, text[max(0, i-150):min(len(text), i+60)])
				}
			}
			if where != "the database" && (strings.Contains(text, "argon2") || strings.Contains(text, hex.EncodeToString(sum[:]))) {
				t.Errorf("%s holds a hash", where)
			}
		}
	})
}

// Without the cookie there is nothing to be had, whatever is known of the link.
func TestThreat13_NoVisitWithoutCookie(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		link, token := f.links(f.ann, f.plans, "edit")
		v := f.opens(f.Nobody(), token)
		good := v.Cookie.Value
		for name, value := range map[string]string{"none": "", "the token": token, "the id": link, "cut": good[:len(good)-4], "longer": good + "AAAA", "changed": "A" + good[1:], "long": strings.Repeat("A", 20_000)} {
			forged := &visitor{f.Nobody(), link}
			forged.Cookie = &http.Cookie{Name: v.Cookie.Name, Value: value}
			if good[0] == 'A' && name == "changed" {
				forged.Cookie.Value = "B" + good[1:]
			}
			for _, id := range []string{link, "4000000000"} {
				forged.id = id
				for _, a := range []world.Answer{forged.get(f.file, "/content"), forged.get(f.plans, "/children"), forged.puts(f.plans, "x", "x"), forged.Do("GET", "/visits/"+id, nil)} {
					if a.Status != http.StatusUnauthorized && a.Status != http.StatusRequestHeaderFieldsTooLarge {
						t.Errorf("%s: %d %s", name, a.Status, a.Body)
					}
				}
			}
		}
		f.Wait(12 * time.Hour)
		v.reads(t, "after 12 hours", f.file, false)
	})
}
