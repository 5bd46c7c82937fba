package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

// Threat 16: whoever was given something gives no more of it on, as a member,
// as a manager or by a link, neither when he does nor when less is left to him.
func TestThreat16_NobodyGivesMoreThanHeHas(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.plans, "bob", "read")
		both := []string{"read", "write"}
		give := func(rights ...string) body {
			return body{"label": "On", "nodes": []string{f.file.String()}, "members": []body{{"user": f.id("eve"), "rights": rights}}}
		}
		refused := func(what string, a world.Answer) {
			t.Helper()
			if p := want(t, a, http.StatusForbidden, "not-held").Problem(t); !slices.Contains(p.Missing, "write") {
				t.Errorf("%s: the missing right is not named: %s", what, a.Body)
			}
		}
		refused("a Cell", f.bob.Do("POST", "/cells", world.JSON(give(both...))))
		for _, mode := range []string{"edit", "drop"} {
			refused("a link", f.bob.Do("POST", "/links", world.JSON(body{"node": f.plans.String(), "mode": mode})))
		}
		own := f.shares(f.bob, f.file, "eve", "read")
		link, token := f.links(f.bob, f.plans, "read")
		v := f.opens(f.Nobody(), token)
		refused("a member raised", f.bob.Do("PATCH", fmt.Sprintf("/cells/%s/members/%s", own, f.Role("eve")), world.JSON(body{"rights": both})))
		refused("a member added", f.bob.Do("POST", "/cells/"+own+"/members", world.JSON(body{"members": []body{{"user": f.id("root"), "rights": both}}})))
		refused("a link raised", f.bob.Do("PATCH", "/links/"+link, world.Reader(`{"mode":"edit"}`)))
		want(t, f.bob.Do("PATCH", "/cells/"+own, world.JSON(body{"nodes": []string{f.file.String(), f.secret.String()}})), http.StatusNotFound, "gone")

		// A manager is bounded in the same way, by what he has elsewhere.
		want(t, f.bob.Do("POST", "/cells/"+cell+"/members", world.JSON(body{"members": []body{{"user": f.id("eve"), "rights": both}}})), http.StatusForbidden)
		want(t, f.ann.Do("PUT", "/cells/"+cell+"/managers/"+f.id("bob"), nil), http.StatusOK)
		for what, a := range map[string]world.Answer{
			"himself":   f.bob.Do("PATCH", fmt.Sprintf("/cells/%s/members/%s", cell, f.Role("bob")), world.JSON(body{"rights": both})),
			"another":   f.bob.Do("POST", "/cells/"+cell+"/members", world.JSON(body{"members": []body{{"user": f.id("eve"), "rights": both}}})),
			"more":      f.bob.Do("PATCH", "/cells/"+cell, world.JSON(body{"nodes": []string{f.plans.String(), f.secret.String()}})),
			"ownership": f.bob.Do("POST", "/cells/"+cell+"/owner", world.JSON(body{"user": f.id("bob")})),
		} {
			if a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
				t.Errorf("a manager gives %s: %d %s", what, a.Status, a.Body)
			}
		}
		f.writes(f.bob, false)
		f.writes(f.eve, false)

		// With more he gives more, until he has less.
		set := func(rights ...string) {
			t.Helper()
			want(t, f.ann.Do("PATCH", fmt.Sprintf("/cells/%s/members/%s", cell, f.Role("bob")), world.JSON(body{"rights": rights})), http.StatusOK)
		}
		set(both...)
		want(t, f.bob.Do("PATCH", fmt.Sprintf("/cells/%s/members/%s", own, f.Role("eve")), world.JSON(body{"rights": both})), http.StatusOK)
		want(t, f.bob.Do("PATCH", "/links/"+link, world.Reader(`{"mode":"edit"}`)), http.StatusOK)
		f.writes(f.eve, true)
		if a := v.puts(f.plans, "new", "x"); a.Status != http.StatusCreated {
			t.Errorf("the visitor: %d %s", a.Status, a.Body)
		}
		set("read")
		f.writes(f.bob, false)
		f.writes(f.eve, false)
		if a := v.puts(f.plans, "newer", "x"); a.Status != http.StatusForbidden {
			t.Errorf("the visitor, after it: %d %s", a.Status, a.Body)
		}
		f.reads("what is left", f.eve, f.file, true)
		v.reads(t, "what is left", f.file, true)

		// A chain that comes back gives ann nothing that she has lost.
		set(both...)
		f.shares(f.bob, f.plans, "ann", "read", "write")
		f.shares(f.eve, f.file, "ann", "read", "write")
		f.writes(f.ann, true)
		f.Drop(f.entry)
		for name, c := range map[string]*world.Client{"ann": f.ann, "bob": f.bob, "eve": f.eve} {
			f.reads("a chain that comes back, "+name, c, f.file, false)
			f.writes(c, false)
		}
		v.reads(t, "a chain that comes back", f.file, false)
	})
}

// writes wants someone to be able, or not, to overwrite the file.
func (f *fair) writes(c *world.Client, may bool) {
	f.t.Helper()
	a := c.Do("PUT", fmt.Sprintf("/nodes/%s/content", f.file), world.Reader("the plan itself"), "Content-Type", octets)
	if may != (a.Status < 300) || !may && a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
		f.t.Errorf("writing: %d %s", a.Status, a.Body)
	}
}

// Policies may be given as far as the house offers them, and give no more than
// their giver has.
func TestThreat16_Policies(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.Write(func(tx *store.Tx) error {
			_, err := tx.PutPolicy(alveary.Policy{ID: "all", Type: alveary.PolicyACL, Rules: []alveary.Rule{
				{Effect: alveary.EffectAllow, Actions: []string{"<.*>"}},
			}}, "", "")
			return err
		})
		by := body{"label": "By policy", "nodes": []string{f.file.String()}, "members": []body{{"user": f.id("eve"), "policies": []string{"all"}}}}
		link := body{"node": f.file.String(), "mode": "read", "policies": []string{"all"}}
		want(t, f.ann.Do("POST", "/cells", world.JSON(by)), http.StatusForbidden, "policy-not-offered")
		want(t, f.ann.Do("POST", "/links", world.JSON(link)), http.StatusForbidden, "policy-not-offered")
		f.rule1(`{"policies":["all"]}`)
		want(t, f.ann.Do("POST", "/cells", world.JSON(by)), http.StatusCreated)
		f.writes(f.eve, true)
		_, token := f.links(f.ann, f.file, "read", body{"policies": []string{"all"}})
		v := f.opens(f.Nobody(), token)
		v.reads(t, "by a policy", f.file, true)
		for _, ask := range v.asked(f.file) { // the mode bounds what the policy gives
			if a := ask.of(v.Client); ask.method != "GET" && ask.method != "HEAD" && a.Status < 400 {
				t.Errorf("a link for reading: %s %s: %d", ask.method, ask.path, a.Status)
			}
		}
		f.Drop(f.entry)
		f.Allow("ann", f.plans, "read")
		f.writes(f.eve, false)
		f.reads("what ann has left", f.eve, f.file, true)
	})
}

// What cannot be shared is refused with its reason, by Cells and links alike,
// and nothing comes of it.
func TestBadShares(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		reading := f.File("vault/reading/r.txt", "r")
		f.Allow("ann", f.At("vault/reading"), "read")
		f.links(f.ann, f.plans, "read", body{"slug": "our-plans", "password": "tulip engine 4217"})
		cell := f.shares(f.ann, f.plans, "bob", "read")
		deleted := f.File("vault/plans/deleted.txt", "d")
		want(t, f.ann.Do("GET", "/sharing?node="+deleted.String(), nil), http.StatusOK) // the dialog opens
		f.does("DELETE", fmt.Sprintf("/nodes/%s", deleted), nil)
		binned := f.File("vault/plans/binned.txt", "b")
		f.Bin(binned)
		f.rule1(`{"characters":12,"days":30}`)
		granted := f.grants()
		on := func(id alveary.NodeID, more ...any) body {
			b := body{"node": id.String(), "mode": "read"}
			for i := 0; i < len(more); i += 2 {
				b[more[i].(string)] = more[i+1]
			}
			return b
		}
		in := func(id alveary.NodeID, members ...body) body {
			return body{"label": "x", "nodes": []string{id.String()}, "members": members}
		}
		bob, soon := body{"user": f.id("bob")}, f.Now().Add(time.Hour)
		for what, c := range map[string]struct {
			path   string
			fields body
			status int
			code   string
			says   string
		}{
			"a right not held":           {"/cells", in(reading, body{"user": f.id("bob"), "rights": []string{"write"}}), 403, "not-held", `"write"`},
			"a link's right not held":    {"/links", body{"node": reading.String(), "mode": "edit"}, 403, "not-held", `"write"`},
			"what was deleted meanwhile": {"/cells", in(deleted, bob), 404, "gone", ""},
			"a link on it":               {"/links", on(deleted), 404, "gone", ""},
			"what is in the bin":         {"/links", on(binned), 404, "gone", ""},
			"what is withheld":           {"/links", on(f.secret), 404, "gone", ""},
			"a member twice":             {"/cells", in(f.file, bob, bob), 409, "twice", ""},
			"a member who is in":         {"/cells/" + cell + "/members", body{"members": []body{bob}}, 409, "twice", ""},
			"nobody":                     {"/cells", in(f.file, body{"user": "4000000000"}), 400, "nobody", ""},
			"a member of two kinds":      {"/cells", in(f.file, body{"user": f.id("bob"), "email": "a@example.net"}), 400, "", ""},
			"a member of no kind":        {"/cells", in(f.file, body{}), 400, "", ""},
			"a right that is none":       {"/cells", in(f.file, body{"user": f.id("bob"), "rights": []string{"share"}}), 400, "", ""},
			"a short slug":               {"/links", on(f.file, "slug", "short", "password", "tulip engine 4217"), 400, "slug", ""},
			"a strange slug":             {"/links", on(f.file, "slug", "Our/Plans!", "password", "tulip engine 4217"), 400, "slug", ""},
			"a long slug":                {"/links", on(f.file, "slug", strings.Repeat("a", 65), "password", "tulip engine 4217"), 400, "", ""},
			"a slug that is taken":       {"/links", on(f.file, "slug", "our-plans", "password", "tulip engine 4217"), 409, "taken", ""},
			"a slug without a password":  {"/links", on(f.file, "slug", "our-own-plans"), 400, "password-needed", ""},
			"a link's end in the past":   {"/links", on(f.file, "until", f.Now().Add(-time.Second)), 400, "past", ""},
			"a Cell's end in the past":   {"/cells", body{"label": "x", "nodes": []string{f.file.String()}, "members": []body{bob}, "until": f.Now()}, 400, "past", ""},
			"an end before the begin":    {"/links", on(f.file, "from", soon.Add(1), "until", soon), 400, "", ""},
			"an end too late":            {"/links", on(f.file, "until", f.Now().AddDate(0, 0, 31)), 400, "too-long", ""},
			"a password too short":       {"/links", on(f.file, "password", "tulip eng"), 400, "weak-password", "12"},
			"a password too plain":       {"/links", on(f.file, "password", "aaaaaaaaaaaa"), 400, "weak-password", ""},
			"a bound below zero":         {"/links", on(f.file, "downloads", -1), 400, "", ""},
			"a drop box that is a file":  {"/links", body{"node": f.file.String(), "mode": "drop"}, 400, "", ""},
			"a mode that is none":        {"/links", body{"node": f.file.String(), "mode": "everything"}, 400, "", ""},
		} {
			a := f.ann.Do("POST", c.path, world.JSON(c.fields))
			p := a.Problem(t)
			if a.Status != c.status || c.code != "" && p.Code != c.code || p.Detail == "" || !strings.Contains(string(a.Body), c.says) {
				t.Errorf("%s: %d %s", what, a.Status, a.Body)
			}
		}
		f.rule1Again(`{"upload":1000}`)
		if a := f.ann.Do("POST", "/links", world.JSON(body{"node": f.plans.String(), "mode": "drop", "upload": 1001})); a.Status != http.StatusBadRequest || a.Problem(t).Code != "too-large" {
			t.Errorf("larger uploads than the house allows: %d %s", a.Status, a.Body)
		}
		for what, terms := range map[string]string{"fileLinks": `{"fileLinks":false}`, "password": `{"password":true}`} {
			f.rule1Again(terms)
			if a := f.ann.Do("POST", "/links", world.JSON(on(f.file))); a.Status < 400 || a.Status >= 500 {
				t.Errorf("against the house's %s: %d %s", what, a.Status, a.Body)
			}
		}
		f.User("guest", alveary.ProfileShared)
		f.Allow("guest", f.plans, "read")
		if a := f.Client("guest").Do("POST", "/links", world.JSON(on(f.file))); a.Status != http.StatusForbidden {
			t.Errorf("someone of another house shares: %d %s", a.Status, a.Body)
		}
		if after := f.grants(); after != granted {
			t.Errorf("there is %s, was %s", after, granted)
		}
	})
}

// rule1Again changes the house rule for everybody.
func (f *fair) rule1Again(terms string) {
	f.t.Helper()
	var rules struct {
		Items []struct {
			ID   string
			Role struct{ ID string }
		}
	}
	want(f.t, f.root.Do("GET", "/house/rules", nil), http.StatusOK).Into(f.t, &rules)
	for _, r := range rules.Items {
		want(f.t, f.root.Do("PUT", "/house/rules/"+r.ID, world.Reader(`{"role":"ROOT_GROUP","terms":`+terms+`}`)), http.StatusOK)
	}
}

// grants are all Cells and links with what they give, as text.
func (g *garden) grants() string {
	var out strings.Builder
	for _, c := range g.granted() {
		fmt.Fprintf(&out, "%s %s %v\n", c.ID, c.Label, c.Entries)
	}
	return out.String()
}
