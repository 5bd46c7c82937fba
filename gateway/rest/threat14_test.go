package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// answered is an answer without what differs from one answer to the next.
func answered(a world.Answer, words ...string) string {
	text := string(a.Body)
	for _, word := range append(words, a.Header.Get("X-Request-Id")) {
		if word != "" {
			text = strings.ReplaceAll(text, word, "…")
		}
	}
	var names []string
	for name := range a.Header {
		if name != "Content-Length" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return fmt.Sprint(a.Status, names, a.Header.Get("ETag"), text)
}

// Threat 14: by a link that is for putting files in there is no list, no
// reading, no overwriting, no deleting, and no answer from which it could be
// told whether there is a file of that name or a node of that id.
func TestThreat14_DropBox(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		sub := f.File("vault/plans/sub/deep.txt", "deep")
		link, token := f.links(f.ann, f.plans, "drop", body{"label": "Bring it here"})
		a := f.tries(f.Nobody(), token)
		for _, hidden := range []string{f.plans.String(), "plans", "plan.txt", "vault"} {
			if strings.Contains(string(a.Body), hidden) {
				t.Errorf("opening it tells %q: %s", hidden, a.Body)
			}
		}
		v := f.opens(f.Nobody(), token)
		none := alveary.NodeID(4_000_000_000)
		ids := []alveary.NodeID{f.file, sub, f.At("vault/plans/sub"), f.secret, f.area, f.plans}
		f.unchanged("what a drop box is not for", func() {
			for _, ask := range []struct{ method, rest, text, kind string }{
				{"GET", "", "", ""},
				{"GET", "/children", "", ""},
				{"GET", "/text", "", ""},
				{"GET", "/content", "", ""},
				{"HEAD", "/content", "", ""},
				{"GET", "/content?inline=1", "", ""},
				{"GET", "/preview", "", ""},
				{"GET", "/thumbnail", "", ""},
				{"PATCH", "", `{"name":"mine"}`, ""},
				{"DELETE", "", "", ""},
				{"POST", "/folders", `{"name":"made"}`, ""},
				{"PUT", "/files/new", "new", octets},
			} {
				send := func(id alveary.NodeID) world.Answer {
					var headers []string
					if ask.kind != "" {
						headers = []string{"Content-Type", ask.kind}
					}
					if ask.text == "" {
						return v.Do(ask.method, v.at(id, ask.rest), nil, headers...)
					}
					return v.Do(ask.method, v.at(id, ask.rest), world.Reader(ask.text), headers...)
				}
				missing := send(none)
				if missing.Status != http.StatusNotFound && missing.Status != http.StatusForbidden {
					t.Errorf("%s %s of nothing: %d %s", ask.method, ask.rest, missing.Status, missing.Body)
				}
				for _, id := range ids {
					if id == f.plans && ask.method == "PUT" {
						continue // what it is for
					}
					if got := send(id); answered(got) != answered(missing) {
						t.Errorf("%s %s of %s: %s, of nothing: %s", ask.method, ask.rest, f.Node(id).Name, answered(got), answered(missing))
					}
				}
			}
			for _, path := range []string{"/archive", "/archive?node=" + f.plans.String(), "/archive?node=" + f.file.String(), "/archive?node=" + none.String()} {
				if a := v.Do("GET", "/visits/"+link+path, nil); a.Status != http.StatusNotFound {
					t.Errorf("%s: %d %s", path, a.Status, a.Body)
				}
			}
		})

		// What is taken is taken in, as what is free.
		first := v.Do("PUT", "/visits/"+link+"/nodes/top/files/free.txt", world.Reader("twelve bytes"), "Content-Type", octets)
		want(t, first, http.StatusCreated)
		if first.Header.Get("Location") != "" || first.Header.Get("ETag") != "" {
			t.Errorf("its headers tell %v", first.Header)
		}
		for _, name := range []string{"free.txt", "plan.txt", "sub", "other.txt", "free.txt"} {
			for _, headers := range [][]string{nil, {"X-Mtime", "2026-01-31T12:00:00Z"}} {
				for _, at := range []string{"top", f.plans.String()} {
					got := v.Do("PUT", "/visits/"+link+"/nodes/"+at+"/files/"+name, world.Reader("twelve bytes"), append([]string{"Content-Type", octets}, headers...)...)
					if answered(got, name) != answered(first, "free.txt") {
						t.Errorf("%s: %s, one that is free: %s", name, answered(got, name), answered(first, "free.txt"))
					}
				}
			}
			for header, value := range map[string]string{"If-Match": f.Node(f.file).ETag(), "If-None-Match": "*"} {
				got := v.Do("PUT", "/visits/"+link+"/nodes/top/files/"+name, world.Reader("twelve bytes"), "Content-Type", octets, header, value)
				free := v.Do("PUT", "/visits/"+link+"/nodes/top/files/never-"+name, world.Reader("twelve bytes"), "Content-Type", octets, header, value)
				if answered(got, name) != answered(free, "never-"+name) {
					t.Errorf("%s with %s: %s, one that is free: %s", name, header, answered(got, name), answered(free, "never-"+name))
				}
			}
		}
		if f.Content(f.file) != "the plan itself" || f.Node(f.file).Version != 1 || f.Content(sub) != "deep" {
			t.Error("what was there is overwritten")
		}
		for _, name := range []string{"..", ".", "a%2fb", "%2e%2e%2fx", "a%00b", "..%5cx", strings.Repeat("x", 300)} {
			a := v.Do("PUT", "/visits/"+link+"/nodes/top/files/"+name, world.Reader("x"), "Content-Type", octets)
			if a.Status < 400 && name != "..%5cx" || a.Status >= 500 {
				t.Errorf("a file %q: %d %s", name, a.Status, a.Body)
			}
		}
		if f.At("vault/x") != 0 || f.At("vault/plans/a") != 0 {
			t.Errorf("they came out of the box:\n%s", f.Picture())
		}
	})
}

// Many at once under one name: all are told the same, and none is lost.
func TestThreat14_ManyAtOnce(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		_, token := f.links(f.ann, f.plans, "drop")
		var all sync.WaitGroup
		for n := range 10 {
			v := f.opens(f.Nobody(), token)
			all.Go(func() {
				if a := v.Do("PUT", "/visits/"+v.id+"/nodes/top/files/same.txt", world.Reader(fmt.Sprint("from ", n)), "Content-Type", octets); a.Status != http.StatusCreated || string(a.Body) != string(world.Answer{Body: a.Body}.Body) {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			})
		}
		all.Wait()
		var page struct{ Total int }
		want(t, f.ann.Do("GET", fmt.Sprintf("/nodes/%s/children", f.plans), nil), http.StatusOK).Into(t, &page)
		if page.Total != 11 {
			t.Errorf("%d files, want 11", page.Total)
		}
	})
}

// What is put in is not larger than the link and the house allow, whatever it
// says of itself; nothing is left of what is refused.
func TestThreat14_SizeOfWhatIsPutIn(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		for _, mode := range []string{"drop", "edit"} {
			v := f.visits(f.ann, f.plans, mode, body{"upload": 100})
			send := func(name string, size int, chunked bool) int {
				text := world.Reader(strings.Repeat("x", size))
				r := v.Request("PUT", "/visits/"+v.id+"/nodes/top/files/"+name, text, "Content-Type", octets)
				if chunked {
					r.ContentLength = -1
				}
				answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
				if err != nil {
					return http.StatusRequestEntityTooLarge // it closed while we still sent
				}
				defer answer.Body.Close()
				return answer.StatusCode
			}
			refused := func(what string, size int) {
				t.Helper()
				for _, chunked := range []bool{false, true} {
					f.unchanged(what, func() {
						if got := send("large", size, chunked); got != http.StatusRequestEntityTooLarge {
							t.Errorf("%s, %s, in chunks %v: %d", mode, what, chunked, got)
						}
					})
				}
			}
			refused("more than the link allows", 101)
			refused("far more", 4<<20)
			if got := send("fits", 100, true); got != http.StatusCreated {
				t.Errorf("what fits: %d", got)
			}
			rule := f.rule1(`{"upload":10}`)
			refused("more than the house allows", 11)
			var seen struct{ Upload int64 }
			want(t, v.Do("GET", "/visits/"+v.id, nil), http.StatusOK).Into(t, &seen)
			if seen.Upload != 10 {
				t.Errorf("the visitor is told %d", seen.Upload)
			}
			want(t, f.root.Do("DELETE", "/house/rules/"+rule, nil), http.StatusNoContent)
		}
	})
}
