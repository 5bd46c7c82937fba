package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// Threat 15: what a visitor holds opens the routes of visitors for the one link
// and nothing else in the whole table, wherever it is put.
func TestThreat15_EveryRouteByALink(t *testing.T) {
	s := newStage(t)
	f := &fair{garden: s.garden}
	_, token := f.links(s.ann, s.folder, "edit")
	v := f.opens(s.Nobody(), token)
	next := f.opens(s.Nobody(), func() string { _, token := f.links(s.ann, s.At("common/mine"), "edit"); return token }())
	session := s.Browser("ann").Cookie.Name
	strangers := map[string]*world.Client{}
	for name, value := range map[string]string{"the cookie": v.Cookie.Value, "the token": token, "the id": v.id} {
		as := func(where string, c *http.Cookie, bearer string) {
			one := s.Nobody()
			one.Cookie, one.Token = c, bearer
			strangers[name+" as "+where] = one
		}
		as("a cookie of a visit", &http.Cookie{Name: v.Cookie.Name, Value: value}, "")
		as("a session", &http.Cookie{Name: session, Value: value}, "")
		as("a session with an id", &http.Cookie{Name: session, Value: s.session + "_" + value}, "")
		as("a bearer", nil, value)
		as("a token", nil, "alv_"+s.token+"_"+value)
	}
	tried := 0
	before := s.Picture()
	for _, route := range s.Routes() {
		ask, known := s.request(route.Operation)
		if !known || !strings.HasPrefix(route.Pattern, "/api/v1/") {
			continue
		}
		if route.Open == "" {
			tried++
			for name, c := range strangers {
				if a := ask.of(c); a.Status != http.StatusUnauthorized {
					t.Errorf("%s by %s: %d %.200s", route.Operation, name, a.Status, a.Body)
				}
			}
		}
		if strings.HasPrefix(ask.path, "/visits/") { // of another link than his, on the same folder
			tried++
			for name, c := range strangers {
				if a := ask.of(c); a.Status != http.StatusUnauthorized {
					t.Errorf("%s of another link by %s: %d %.200s", route.Operation, name, a.Status, a.Body)
				}
			}
			if a := ask.of(next.Client); a.Status != http.StatusUnauthorized {
				t.Errorf("%s of another link by a visitor of the next: %d %.200s", route.Operation, a.Status, a.Body)
			}
		}
		if after := s.Picture(); after != before {
			t.Errorf("%s changed the tree", route.Operation)
			before = after
		}
	}
	if tried < 130 {
		t.Errorf("only %d were tried", tried)
	}
}

// askedByVisitors are the routes of visitors on a node.
func (v *visitor) asked(id alveary.NodeID) []asked {
	bytes := []string{"Content-Type", octets}
	return []asked{
		{"GET", v.at(id, ""), "", nil, 0, 0},
		{"GET", v.at(id, "/children"), "", nil, 0, 0},
		{"GET", v.at(id, "/text"), "", nil, 0, 0},
		{"GET", v.at(id, "/content"), "", nil, 0, 0},
		{"HEAD", v.at(id, "/content"), "", nil, 0, 0},
		{"GET", v.at(id, "/content?inline=1"), "", nil, 0, 0},
		{"GET", v.at(id, "/preview?page=1"), "", nil, 0, 0},
		{"GET", v.at(id, "/thumbnail?size=64"), "", nil, 0, 0},
		{"GET", fmt.Sprintf("/visits/%s/archive?node=%s", v.id, id), "", nil, 0, 0},
		{"POST", v.at(id, "/folders"), `{"name":"made"}`, nil, 0, 0},
		{"PATCH", v.at(id, ""), `{"name":"renamed"}`, nil, 0, 0},
		{"DELETE", v.at(id, ""), "", nil, 0, 0},
		{"PUT", v.at(id, "/files/new"), "new", bytes, 0, 0},
	}
}

// Of what is not beneath the node of his link a visitor learns nothing: what is
// there is as what is not, though the owner has all of it.
func TestThreat15_ItsOwnSubtreeAlone(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.Allow("ann", f.At("vault"), "read,write")
		inner, deep := f.Folder("vault/plans/inner"), f.File("vault/plans/inner/deep.txt", "deep")
		sibling := f.File("vault/plans2/x.txt", "sibling")
		home := f.At("personal/ann")
		for _, mode := range []string{"read", "preview", "download", "drop", "edit"} {
			v := f.visits(f.ann, inner, mode)
			if a := v.get(deep, ""); mode != "drop" && a.Status != http.StatusOK {
				t.Fatalf("%s: what it is for: %d %s", mode, a.Status, a.Body)
			}
			f.unchanged("a link to "+mode, func() {
				missing := v.asked(4_000_000_000)
				for _, id := range []alveary.NodeID{f.plans, f.file, f.secret, f.At("vault"), sibling, f.At("vault/plans2"), f.area, world.Main, world.Common, world.Users, alveary.RootID, home} {
					if id == 0 {
						continue
					}
					for i, ask := range v.asked(id) {
						got, gone := ask.of(v.Client), missing[i].of(v.Client)
						if answered(got) != answered(gone) || got.Status < 400 || got.Status >= 500 {
							t.Errorf("%s, %s %s (%s): %s, of nothing: %s", mode, ask.method, ask.path, f.Node(id).Name, answered(got), answered(gone))
						}
					}
				}
			})
			for _, path := range []string{v.at(deep, ""), v.at(inner, ""), v.at(inner, "/children"), "/visits/" + v.id} {
				a := v.Do("GET", path, nil)
				for _, above := range []string{"vault", `"plans"`, f.plans.String(), "secret"} {
					if strings.Contains(string(a.Body), above) {
						t.Errorf("%s, %s tells what is above: %s", mode, path, a.Body)
					}
				}
			}
		}
		// Nor by a spelling of the path.
		v := f.visits(f.ann, inner, "edit")
		f.unchanged("a spelling", func() {
			for _, path := range []string{
				v.at(inner, "/../"+f.secret.String()+"/content"), v.at(inner, "%2f..%2f"+f.secret.String()+"/content"), "/visits/" + v.id + "/../../nodes/" + f.secret.String() + "/content",
				"/visits/" + v.id + "/nodes/0" + f.secret.String(), "/visits/0" + v.id + "/nodes/" + f.secret.String(), "/visits/" + v.id + "%2fnodes%2f" + f.secret.String(),
				"/visits/" + v.id + "/archive?node=" + inner.String() + "&node=" + f.secret.String(), "/visits/" + v.id + "/archive?node=" + f.secret.String() + "&node=" + inner.String(),
			} {
				if a := v.Do("GET", path, nil); strings.Contains(string(a.Body), "secret") || a.Status >= 500 {
					t.Errorf("%s: %d %.200s", path, a.Status, a.Body)
				}
			}
		})
	})
}

// A link of named people is for them, signed in, and for as long as they are;
// it does not make them more than visitors elsewhere.
func TestThreat15_NamedPeople(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		link, token := f.links(f.ann, f.plans, "read", body{"people": []body{{"user": f.id("bob")}}})
		want(t, f.tries(f.Nobody(), token), http.StatusUnauthorized, "sign-in")
		want(t, f.tries(f.Browser("eve"), token), http.StatusForbidden, "not-for-you")
		bob := f.Browser("bob")
		session := bob.Cookie
		v := f.opens(bob, token)
		visit := v.Cookie
		with := func(session *http.Cookie) []string {
			return []string{"Cookie", session.Name + "=" + session.Value + "; " + visit.Name + "=" + visit.Value}
		}
		want(t, v.get(f.file, "/content", with(session)...), http.StatusOK)
		want(t, v.get(f.file, "/content", with(f.Browser("eve").Cookie)...), http.StatusUnauthorized, "sign-in")
		want(t, v.get(f.file, "/content"), http.StatusUnauthorized, "sign-in")
		want(t, v.Do("GET", fmt.Sprintf("/nodes/%s", f.file), nil, with(session)...), http.StatusNotFound)
		bob.Cookie = session
		want(t, bob.Do("DELETE", "/session", nil), http.StatusNoContent)
		want(t, v.get(f.file, "/content", with(session)...), http.StatusUnauthorized)
		session = f.Browser("bob").Cookie
		want(t, v.get(f.file, "/content", with(session)...), http.StatusOK)
		want(t, f.change(link, body{"people": []body{{"user": f.id("eve")}}}), http.StatusOK)
		if a := v.get(f.file, "/content", with(session)...); a.Status < 400 {
			t.Errorf("who is not named any more: %d", a.Status)
		}
	})
}
