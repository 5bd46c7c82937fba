package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary/testkit/world"
)

// Threat 27: a page of another site that asks with the visitor's cookie is
// refused on every route that changes something, and nothing after the refusal
// runs. Pages of ours and programs are let through.
func TestThreat27_CrossOrigin(t *testing.T) {
	s := newStage(t)
	browser := s.Browser("ann")
	foreign := [][]string{
		{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "same-site", "Origin", "http://other.localhost"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Origin", strings.Replace(s.URL(), "127.0.0.1", "127.0.0.1.evil.example", 1)},
	}
	tried := 0
	for _, route := range s.Routes() {
		ask, known := s.request(route.Operation)
		if !known || ask.method == "GET" || ask.method == "HEAD" || ask.method == "OPTIONS" {
			continue
		}
		s.unchanged(route.Operation, func() {
			lines := len(s.Audit())
			for _, headers := range foreign {
				also := ask
				also.headers = append(append([]string{}, ask.headers...), headers...)
				a := also.of(browser)
				if a.Status != http.StatusForbidden || a.Problem(t).Code != "denied" || a.Header.Get("Set-Cookie") != "" {
					t.Errorf("%s from %v: %d %s", route.Operation, headers, a.Status, a.Body)
				}
			}
			if got := s.Since(lines); len(got) != 0 {
				t.Errorf("%s from elsewhere: on record %+v", route.Operation, got)
			}
		})
		tried++
	}
	if tried < 70 {
		t.Errorf("only %d routes were tried", tried)
	}
	for _, headers := range [][]string{{"Sec-Fetch-Site", "same-origin", "Origin", s.URL()}, {"Origin", s.URL()}, {"Sec-Fetch-Site", "none"}, {}} {
		want(t, browser.Do("POST", fmt.Sprintf("/nodes/%s/folders", s.folder), world.JSON(map[string]string{"name": "f", "conflict": "rename"}), headers...), http.StatusCreated)
	}
	// No other site is ever told that it may read an answer.
	a := browser.Do("GET", "/session", nil, "Origin", "https://evil.example")
	for name := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s: %s", name, a.Header.Get(name))
		}
	}
}

// Looking changes nothing: no GET and no HEAD, however it is asked.
func TestLookingChangesNothing(t *testing.T) {
	s := newStage(t)
	browser := s.Browser("ann")
	want(t, browser.Do("GET", "/workspaces", nil), http.StatusOK) // one's own folder is made by the first look
	for _, route := range s.Routes() {
		ask, known := s.request(route.Operation)
		if !known || ask.method != "GET" && ask.method != "HEAD" {
			continue
		}
		s.unchanged(route.Operation, func() {
			for _, c := range []*world.Client{browser, s.ann, s.Nobody()} {
				for _, method := range []string{"GET", "HEAD"} {
					also := ask
					also.method = method
					if a := also.of(c); a.Status >= 500 || method == "HEAD" && len(a.Body) > 0 {
						t.Errorf("%s %s: %d", method, route.Operation, a.Status)
					}
				}
			}
		})
	}
}

// The methods that change something are not understood as others, nor are they
// hidden in a header or a field.
func TestMethodsAreThemselves(t *testing.T) {
	s := newStage(t)
	s.unchanged("another method", func() {
		for _, c := range []struct {
			method, path string
			headers      []string
		}{
			{"GET", "/nodes/%s/bin", nil},
			{"POST", "/nodes/%s", []string{"X-HTTP-Method-Override", "DELETE"}},
			{"GET", "/nodes/%s", []string{"X-HTTP-Method-Override", "DELETE"}},
			{"POST", "/nodes/%s?_method=DELETE", nil},
			{"TRACE", "/nodes/%s", nil},
			{"PROPFIND", "/nodes/%s", nil},
			{"CONNECT", "/nodes/%s", nil},
			{"delete", "/nodes/%s", nil},
		} {
			a := s.ann.Do(c.method, fmt.Sprintf(c.path, s.file), nil, c.headers...)
			if a.Status < 400 && c.method != "GET" || a.Status >= 500 || strings.Contains(a.Header.Get("Content-Type"), "message/http") {
				t.Errorf("%s %s: %d", c.method, c.path, a.Status)
			}
		}
	})
}

// What nobody but its owner may know reaches no log and no error: over a whole
// life of the server, at the most talkative level.
func TestSecretsAreNotToldAnywhere(t *testing.T) {
	w := world.New(t, world.Options{})
	nobody := w.Nobody()
	setup, _, err := w.Login.EnsureSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var answers strings.Builder
	do := func(c *world.Client, method, path, body string, headers ...string) world.Answer {
		a := c.Do(method, path, world.Reader(body), headers...)
		if a.Status >= 400 {
			answers.Write(a.Body)
		}
		return a
	}
	const first, second, wrong = "the first of all passwords", "the second of all passwords", "not one of the passwords"
	for _, body := range []string{
		`{"token":"` + setup + `","login":"root","password":"short1"}`, `{"token":"` + setup + `x","login":"root","password":"` + first + `"}`, `{"token":"` + setup + `","login":5,"password":"` + first + `"}`,
		`{"token":"` + setup + `","login":"root","password":"` + first + `","x":"` + wrong + `"}`, `{"token":"` + setup + `","login":"root","password":"` + first,
	} {
		if a := do(nobody, "POST", "/setup", body); a.Status < 400 {
			t.Fatalf("set up with %s", body)
		}
	}
	root := w.Nobody()
	set := want(t, do(root, "POST", "/setup", `{"token":"`+setup+`","login":"root","password":"`+first+`"}`), http.StatusCreated)
	if root.Cookie, err = http.ParseSetCookie(set.Header.Get("Set-Cookie")); err != nil {
		t.Fatal(err)
	}
	want(t, do(nobody, "POST", "/setup", `{"token":"`+setup+`","login":"eve","password":"`+first+`"}`), http.StatusGone, "setup-done")
	do(nobody, "POST", "/session", `{"login":"root","password":"`+wrong+`"}`)
	do(nobody, "POST", "/session", `{"login":"`+first+`","password":"`+first+`"}`)
	do(nobody, "POST", "/session", `{"login":"root","password":["`+first+`"]}`)
	do(nobody, "POST", "/session?password="+strings.ReplaceAll(first, " ", "%20"), `{}`)
	do(root, "POST", "/account/password", `{"current":"`+wrong+`","next":"`+second+`"}`)
	do(root, "POST", "/account/password", `{"current":"`+first+`","next":"short2"}`)
	do(root, "POST", "/users", `{"login":"ann","password":"`+second+`","group":"/none"}`)
	var made struct{ Secret string }
	want(t, do(root, "POST", "/tokens", `{"label":"x"}`), http.StatusCreated).Into(t, &made)
	byToken := w.Nobody()
	byToken.Token = made.Secret
	want(t, do(byToken, "GET", "/session", ""), http.StatusOK)
	byToken.Token = made.Secret + "x"
	do(byToken, "GET", "/session", "")
	do(nobody, "GET", "/nodes?path="+made.Secret, "", "Authorization", "Basic "+made.Secret)
	want(t, do(root, "POST", "/account/password", `{"current":"`+first+`","next":"`+second+`"}`), http.StatusNoContent)
	cookie := root.Cookie.Value
	_, secret, _ := strings.Cut(cookie, "_")
	told := map[string]string{"the log": w.Log(), "an error": answers.String()}
	for _, line := range w.Audit() {
		told["the audit log"] += fmt.Sprintf("%+v\n", line)
	}
	for where, text := range told {
		for what, hidden := range map[string]string{
			"the set-up token": setup, "a password": first, "the new password": second, "a wrong password": wrong, "a short password": "short1", "a short one": "short2",
			"a cookie": cookie, "a session's secret": secret, "a token": made.Secret, "a part of it": made.Secret[len(made.Secret)-20:], "a hash": "argon2",
		} {
			if strings.Contains(text, hidden) {
				at := strings.Index(text, hidden)
				t.Errorf("%s holds %s: …%s", where, what, text[max(0, at-200):min(len(text), at+80)])
			}
		}
	}
}

// Each answer has an id of its own, which the log has too, and which a client
// cannot choose.
func TestRequestIDs(t *testing.T) {
	g := newGarden(t, world.Options{})
	seen := map[string]bool{}
	for range 20 {
		a := g.ann.Do("GET", "/nodes/4000000000", nil, "X-Request-Id", "chosen")
		id := want(t, a, http.StatusNotFound, "not-found").Header.Get("X-Request-Id")
		if seen[id] || id == "chosen" || len(id) < 20 || !strings.Contains(g.Log(), "request="+id) {
			t.Errorf("the id %q", id)
		}
		seen[id] = true
	}
}
