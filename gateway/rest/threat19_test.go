package rest_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/world"
)

// accountChange is a change of ann's account through the API: by herself in
// the session that she keeps, or by an administrator.
type accountChange struct {
	own bool
	do  func(u *underWay, path string, own, root *world.Client)
}

func patched(t *testing.T, root *world.Client, path, change string) {
	t.Helper()
	want(t, root.Do("PATCH", path, world.Reader(change)), http.StatusOK)
}

func accountChanges(t *testing.T) map[string]accountChange {
	return map[string]accountChange{
		"her own password": {true, func(_ *underWay, _ string, own, _ *world.Client) {
			want(t, own.Step("/account/password", body{"current": world.Password, "next": chosen}), http.StatusNoContent)
		}},
		"a factor added": {true, func(u *underWay, _ string, own, _ *world.Client) { u.App(own) }},
		"a passkey added and removed": {true, func(u *underWay, _ string, own, _ *world.Client) {
			want(t, own.Do("POST", "/account/passkeys/confirm", world.Reader(string(u.makes(own, u.device("ann"))))), http.StatusOK)
			var a struct {
				Factors struct{ Passkeys []struct{ ID string } }
			}
			want(t, own.Do("GET", "/account", nil), http.StatusOK).Into(t, &a)
			want(t, own.Do("DELETE", "/account/factors/"+a.Factors.Passkeys[0].ID, nil), http.StatusNoContent)
		}},
		"a password by a link": {false, func(u *underWay, path string, _, root *world.Client) {
			var made struct{ Link string }
			want(t, root.Do("POST", path+"/reset", nil), http.StatusOK).Into(t, &made)
			_, token, _ := strings.Cut(made.Link, "#")
			want(t, u.Nobody().Step("/password/choose", body{"token": token, "password": chosen}), http.StatusNoContent)
		}},
		"another profile": {false, func(_ *underWay, path string, _, root *world.Client) { patched(t, root, path, `{"profile":"shared"}`) }},
		"another group": {false, func(_ *underWay, path string, _, root *world.Client) {
			want(t, root.Do("POST", "/groups", world.Reader(`{"parent":"/","name":"sales"}`)), http.StatusCreated)
			patched(t, root, path, `{"group":"/sales"}`)
		}},
		"another role": {false, func(_ *underWay, path string, _, root *world.Client) {
			want(t, root.Do("POST", "/roles", world.Reader(`{"id":"r"}`)), http.StatusCreated)
			patched(t, root, path, `{"roles":["r"]}`)
		}},
		"a role that needs a second factor": {false, func(_ *underWay, _ string, _, root *world.Client) {
			want(t, root.Do("POST", "/roles", world.Reader(`{"id":"r","profiles":["standard"],"secondFactor":true}`)), http.StatusCreated)
		}},
		"factors reset":         {false, func(_ *underWay, path string, _, root *world.Client) { ended(t, root, path+"/factors") }},
		"signed out everywhere": {false, func(_ *underWay, path string, _, root *world.Client) { ended(t, root, path+"/sessions") }},
		"disabled":              {false, func(_ *underWay, path string, _, root *world.Client) { patched(t, root, path, `{"disabled":true}`) }},
		"deleted":               {false, func(_ *underWay, path string, _, root *world.Client) { ended(t, root, path+"?expect=ann") }},
	}
}

func ended(t *testing.T, root *world.Client, path string) {
	t.Helper()
	want(t, root.Do("DELETE", path, nil), http.StatusNoContent)
}

// Threat 19: what makes an account another ends, within a second, its sessions
// and tokens, what they download and upload, and what they would resume; the
// session that asked for one's own change stays. The changes take the databases
// in turn.
func TestThreat19_AccountChangesEndAll(t *testing.T) {
	for i, name := range slices.Sorted(maps.Keys(accountChanges(t))) {
		database := world.Databases()[i%2]
		t.Run(database+"/"+name, func(t *testing.T) {
			t.Parallel()
			change := accountChanges(t)[name] // that fail this test
			u := newUnderWay(t, database)
			u.User("root", alveary.ProfileAdmin)
			root, own, other, token := u.Browser("root"), u.Browser("ann"), u.Browser("ann"), u.scoped("ann", "{}")
			path := fmt.Sprintf("/users/%d", u.As("ann").User.ID)
			place := u.garden.begin(other, 4, "parent", u.area.String(), "name", "later")
			u.download("by a session", other.Request("GET", fmt.Sprintf("/nodes/%s/content", u.file), nil))
			u.download("by a token", token.Request("GET", fmt.Sprintf("/nodes/%s/content", u.file), nil))
			u.upload("by a session", other, "PUT", fmt.Sprintf("/nodes/%s/files?name=new-a.bin", u.area))
			u.upload("by a token", token, "PUT", fmt.Sprintf("/nodes/%s/files?name=new-b.bin", u.area))
			u.settled()
			if n := strings.Count(u.Log(), " cut\""); n > 0 {
				t.Fatalf("%d were cut before", n)
			}
			change.do(u, path, own, root)
			began := time.Now()
			for _, c := range []*world.Client{other, token} {
				want(t, c.Do("GET", "/workspaces", nil), http.StatusUnauthorized)
				want(t, u.piece(c, place, 0, "abcd"), http.StatusUnauthorized)
			}
			for kind, s := range u.sends {
				select {
				case a := <-s.answer:
					if a.Cut == nil && (a.Status < 400 || a.Status >= 500) {
						t.Errorf("the upload %s: answered %d %s", kind, a.Status, a.Body)
					}
				case <-time.After(time.Until(began.Add(within))):
					t.Errorf("the upload %s goes on", kind)
				}
			}
			for strings.Count(u.Log(), " cut\"") < 2 && time.Since(began) < within {
				time.Sleep(5 * time.Millisecond)
			}
			if n := strings.Count(u.Log(), " cut\""); n < 2 {
				t.Errorf("only %d of 2 downloads were cut", n)
			}
			t.Logf("all was cut after %v", time.Since(began))
			if a := own.Do("GET", "/session", nil); (a.Status == http.StatusOK) != change.own {
				t.Errorf("the session that asked: %d", a.Status)
			}
			if u.At(u.place+"/new-a.bin")+u.At(u.place+"/new-b.bin") != 0 {
				t.Error("half a file appeared")
			}
		})
	}
}
