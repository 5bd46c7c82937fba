package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// A rule that is tightened is told beforehand what it stops, for whom and why;
// then it counts with the next request, for what was shared before, and whoever
// shares is told why. Taken back, all of it is as it was.
func TestTighterRulesAreToldAndCountAtOnce(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.User("guest", alveary.ProfileShared)
		guest := f.Client("guest")
		f.rule("by-day", alveary.PolicyACL, alveary.Rule{Effect: alveary.EffectAllow, Actions: []string{"read"}})
		rule := f.rule1(`{"policies":["by-day"]}`)
		var made struct{ Cell struct{ ID string } }
		want(t, f.ann.Do("POST", "/cells", world.JSON(body{
			"label": "By day", "nodes": []string{f.plans.String()}, "members": []body{{"user": f.id("bob"), "policies": []string{"by-day"}}},
		})), http.StatusCreated).Into(t, &made)
		named := made.Cell.ID
		link, token := f.links(f.ann, f.plans, "read", body{"policies": []string{"by-day"}})
		v := f.opens(f.Nobody(), token)
		abroad := f.shares(f.ann, f.plans, "guest", "read")
		plain := f.shares(f.ann, f.plans, "eve", "read")
		all := func(what string, may bool) {
			t.Helper()
			f.reads(what+", the member by a policy", f.bob, f.file, may)
			f.reads(what+", the guest", guest, f.file, may)
			v.reads(t, what+", the visitor", f.file, may)
			f.reads(what+", whoever is not meant", f.eve, f.file, true)
		}
		type effect struct {
			Stopped, Freed []struct {
				ID   string
				Void struct{ Term, Text string }
			}
		}
		check := func(terms string) (e effect) {
			t.Helper()
			want(t, f.root.Do("POST", "/house/rules/check", world.Reader(`{"id":"`+rule+`","role":"ROOT_GROUP","terms":`+terms+`}`)), http.StatusOK).Into(t, &e)
			return e
		}
		put := func(terms string) {
			t.Helper()
			want(t, f.root.Do("PUT", "/house/rules/"+rule, world.Reader(`{"role":"ROOT_GROUP","terms":`+terms+`}`)), http.StatusOK)
		}
		explained := func() string {
			t.Helper()
			ask := fmt.Sprintf(`{"user":"bob","node":"%s","action":"read"}`, f.file)
			return string(want(t, f.root.Do("POST", "/explain", world.Reader(ask)), http.StatusOK).Body)
		}
		all("at first", true)

		const tighter = `{"policies":[],"external":false}`
		reasons := map[string]string{named: "policies", link: "policies", abroad: "external"}
		would := check(tighter)
		if len(would.Stopped) != len(reasons) || len(would.Freed) > 0 {
			t.Errorf("it would stop %+v and free %+v", would.Stopped, would.Freed)
		}
		for _, one := range would.Stopped {
			if one.Void.Term != reasons[one.ID] || one.Void.Text == "" {
				t.Errorf("it would stop %+v, want it for %q", one, reasons[one.ID])
			}
		}
		all("tried", true)
		put(tighter)
		all("tightened", false)
		for path, term := range map[string]string{"/cells/" + named: "policies", "/links/" + link: "policies", "/cells/" + plain: ""} {
			var told struct {
				Void  struct{ Term, Text string }
				Flags []string
			}
			want(t, f.ann.Do("GET", path, nil), http.StatusOK).Into(t, &told)
			if told.Void.Term != term || (term != "") != (told.Void.Text != "") || (term != "") != slices.Contains(told.Flags, "stopped") {
				t.Errorf("ann is told of %s: %+v, want %q", path, told, term)
			}
		}
		if text := explained(); !strings.Contains(text, "the house rules stop it: a policy that it names may not be given here") {
			t.Errorf("explained: %s", text)
		}
		want(t, f.ann.Do("POST", "/links", world.JSON(body{"node": f.plans.String(), "mode": "read", "policies": []string{"by-day"}})), http.StatusForbidden, "policy-not-offered")

		const wider = `{"policies":["by-day"],"external":true}`
		if would = check(wider); len(would.Stopped) > 0 || len(would.Freed) != len(reasons) {
			t.Errorf("taken back it would stop %+v and free %+v", would.Stopped, would.Freed)
		}
		put(wider)
		all("taken back", true)
	})
}
