package rest_test

import (
	"encoding/xml"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/world"
)

// Who is in a discreet Cell learns of nobody else in it, and whoever lost what
// was shared learns no more of it, wherever it is told.
func TestSharesTellNoMore(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.User("zara")
		var made struct{ Cell struct{ ID string } }
		want(t, f.ann.Do("POST", "/cells", world.JSON(body{
			"label": "Discreet", "nodes": []string{f.plans.String()}, "discreet": true, "members": []body{{"user": f.id("bob")}, {"user": f.id("zara")}},
		})), http.StatusCreated).Into(t, &made)
		paths := []string{
			"/cells", "/cells/" + made.Cell.ID, "/shares?scope=with-me", "/shares?scope=by-me", fmt.Sprintf("/nodes/%s/shares", f.plans), fmt.Sprintf("/nodes/%s/shares", f.file),
			"/notices", "/notices/feed", "/workspaces", "/requests", fmt.Sprintf("/nodes/%s", f.file), fmt.Sprintf("/nodes/%s/children", f.plans),
		}
		for _, path := range paths {
			if a := want(t, f.bob.Do("GET", path, nil), http.StatusOK); strings.Contains(string(a.Body), "zara") {
				t.Errorf("%s tells of another member: %s", path, a.Body)
			}
		}
		want(t, f.root.Do("DELETE", fmt.Sprintf("/entries/%d", f.entry.ID), nil), http.StatusNoContent)
		for _, path := range paths {
			a := f.bob.Do("GET", path, nil)
			if strings.Contains(string(a.Body), "plan.txt") || strings.Contains(string(a.Body), `"plans"`) || strings.Contains(string(a.Body), "vault") || a.Status >= 500 {
				t.Errorf("%s tells of what is lost: %d %s", path, a.Status, a.Body)
			}
		}
		want(t, f.ann.Do("DELETE", "/cells/"+made.Cell.ID, nil), http.StatusNoContent)
		for _, path := range paths {
			if a := f.eve.Do("GET", path, nil); strings.Contains(string(a.Body), "Discreet") {
				t.Errorf("%s tells a stranger: %s", path, a.Body)
			}
		}
	})
}

// What members do in a Cell is told to its owner, and of a discreet one to no
// other member; opening it tells him nothing by itself.
func TestUseOfACellIsTold(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.plans, "bob", "read")
		type use struct {
			Opened, Downloads, Uploads int64
			Last                       *time.Time
		}
		told := func(c *world.Client, scope string) (one, row use, flags []string) {
			t.Helper()
			if err := f.Uses.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			var whole struct {
				Use   use
				Flags []string
			}
			want(t, c.Do("GET", "/cells/"+cell, nil), http.StatusOK).Into(t, &whole)
			var list struct {
				Items []struct {
					ID  string
					Use use
				}
			}
			want(t, c.Do("GET", "/shares?scope="+scope, nil), http.StatusOK).Into(t, &list)
			if len(list.Items) != 1 || list.Items[0].ID != cell {
				t.Fatalf("%s: %+v", scope, list)
			}
			return whole.Use, list.Items[0].Use, whole.Flags
		}
		unused := func(want bool) {
			t.Helper()
			if _, _, flags := told(f.ann, "by-me"); slices.Contains(flags, "unused") != want {
				t.Errorf("it is flagged %q", flags)
			}
		}
		unused(false)
		f.Wait(91 * 24 * time.Hour)
		f.ann, f.bob, f.eve = f.Client("ann"), f.Client("bob"), f.Client("eve") // signed in anew
		want(t, f.ann.Do("GET", fmt.Sprintf("/nodes/%s/children", f.plans), nil), http.StatusOK)
		want(t, f.bob.Do("GET", "/workspaces", nil), http.StatusOK)
		want(t, f.bob.Do("GET", "/cells/"+cell, nil), http.StatusOK)
		want(t, f.eve.Do("GET", fmt.Sprintf("/nodes/%s/children", f.plans), nil), http.StatusNotFound)
		unused(true)
		want(t, f.bob.Do("GET", fmt.Sprintf("/nodes/%s/children", f.plans), nil), http.StatusOK)
		want(t, f.bob.Do("GET", fmt.Sprintf("/nodes/%s", f.file), nil), http.StatusOK)
		want(t, f.bob.Do("HEAD", fmt.Sprintf("/nodes/%s/content", f.file), nil), http.StatusOK)
		want(t, f.bob.Do("GET", fmt.Sprintf("/nodes/%s/content", f.file), nil), http.StatusOK)
		unused(false)
		for _, who := range []struct {
			client *world.Client
			scope  string
		}{{f.ann, "by-me"}, {f.bob, "with-me"}} {
			one, row, _ := told(who.client, who.scope)
			for _, u := range []use{one, row} {
				if u.Opened != 1 || u.Downloads != 1 || u.Uploads != 0 || u.Last == nil || !u.Last.Equal(f.Now()) {
					t.Errorf("%s: %+v", who.scope, u)
				}
			}
		}
		want(t, f.ann.Do("PATCH", "/cells/"+cell, world.JSON(body{"discreet": true})), http.StatusOK)
		if one, row, _ := told(f.bob, "with-me"); one != (use{}) || row != (use{}) {
			t.Errorf("of a discreet Cell a member is told %+v, %+v", one, row)
		}
		if one, _, _ := told(f.ann, "by-me"); one.Opened != 1 {
			t.Errorf("of a discreet Cell its owner is told %+v", one)
		}
		if told := want(t, f.ann.Do("GET", "/notices", nil), http.StatusOK); strings.Contains(string(told.Body), `"opened"`) {
			t.Errorf("its owner is told %s", told.Body)
		}
	})
}

// A label is text wherever it comes: in the feed, in the name of an archive and
// in the answers.
func TestLabelsAreText(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		for _, label := range []string{`<script>alert(1)</script>`, `"; filename="evil.html`, `../../etc/passwd`, `]]>&amp;<x/>`, `=HYPERLINK("x")`, "Pläne ☃", `a\b`} {
			var made struct{ Cell struct{ ID string } }
			want(t, f.ann.Do("POST", "/cells", world.JSON(body{"label": label, "nodes": []string{f.plans.String()}, "members": []body{{"user": f.id("bob")}}})), http.StatusCreated).Into(t, &made)
			feed := want(t, f.bob.Do("GET", "/notices/feed", nil), http.StatusOK)
			if kind := feed.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/atom+xml") || feed.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("the feed is %v", feed.Header)
			}
			if err := xml.Unmarshal(feed.Body, new(struct{ XMLName xml.Name })); err != nil || strings.Contains(string(feed.Body), "<script") || strings.Contains(string(feed.Body), "<x/>") {
				t.Errorf("the feed of %q: %v %s", label, err, feed.Body)
			}
			v := f.visits(f.ann, f.plans, "read", body{"label": label})
			a := want(t, v.Do("GET", "/visits/"+v.id+"/archive", nil), http.StatusOK)
			kind, params, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
			if err != nil || kind != "attachment" || strings.ContainsAny(params["filename"], `/\`) || strings.HasPrefix(params["filename"], ".") || !strings.HasSuffix(params["filename"], ".zip") {
				t.Errorf("an archive of %q is %q: %v", label, a.Header.Get("Content-Disposition"), err)
			}
			want(t, f.ann.Do("DELETE", "/cells/"+made.Cell.ID, nil), http.StatusNoContent)
			want(t, f.ann.Do("DELETE", "/links/"+v.id, nil), http.StatusNoContent)
		}
		for _, label := range []string{"a\r\nb", "a\x00b", "\u202egpj.exe", strings.Repeat("x", 201), "\x7f"} {
			for path, fields := range map[string]body{
				"/cells": {"label": label, "nodes": []string{f.plans.String()}}, "/links": {"label": label, "node": f.plans.String(), "mode": "read"},
			} {
				if a := f.ann.Do("POST", path, world.JSON(fields)); a.Status != http.StatusBadRequest && label != "\u202egpj.exe" || a.Status >= 500 {
					t.Errorf("%s with the label %q: %d %s", path, label, a.Status, a.Body)
				}
			}
		}
	})
}

// A Cell does not take the place of a workspace, nor of another Cell, for those
// who go by paths.
func TestSlugsOfCells(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		first, second := f.shares(f.ann, f.plans, "bob", "read"), f.shares(f.ann, f.file, "bob", "read")
		var seen struct{ Slug string }
		want(t, f.ann.Do("GET", "/cells/"+first, nil), http.StatusOK).Into(t, &seen)
		for _, slug := range []string{"common-files", "my-files", seen.Slug, "Common-Files", "a/b", "..", ".", "", " ", "%2e", strings.Repeat("a", 65), "a\x00"} {
			if a := f.ann.Do("PATCH", "/cells/"+second, world.JSON(body{"slug": slug})); a.Status != http.StatusBadRequest && a.Status != http.StatusConflict {
				t.Errorf("the slug %q: %d %s", slug, a.Status, a.Body)
			}
		}
		want(t, f.root.Do("POST", "/console/workspaces", world.Reader(`{"slug":"archive","label":"Archive","path":"main/common"}`)), http.StatusCreated)
		if a := f.ann.Do("PATCH", "/cells/"+second, world.JSON(body{"slug": "archive"})); a.Status < 400 {
			t.Errorf("the slug of a workspace: %d", a.Status)
		}
		if a := f.root.Do("POST", "/console/workspaces", world.Reader(`{"slug":"`+seen.Slug+`","label":"X","path":"main/common"}`)); a.Status < 400 {
			t.Errorf("a workspace of a Cell's slug: %d", a.Status)
		}
	})
}

// Others than its owner and managers change nothing of a Cell, and nobody
// answers what he was not asked.
func TestOthersChangeNothing(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.plans, "bob", "read", "write")
		link, _ := f.links(f.ann, f.plans, "read")
		want(t, f.root.Do("POST", "/house/reviews", world.JSON(body{"ids": []string{cell, link}, "due": f.Now().AddDate(0, 0, 7)})), http.StatusCreated)
		want(t, f.eve.Do("POST", "/requests", world.JSON(body{"node": f.plans.String()})), http.StatusAccepted)
		var open struct{ ForMe []struct{ ID string } }
		want(t, f.ann.Do("GET", "/requests", nil), http.StatusOK).Into(t, &open)
		if len(open.ForMe) != 1 {
			t.Fatalf("%+v", open)
		}
		request := "/requests/" + open.ForMe[0].ID
		was := f.grants()
		for name, c := range map[string]*world.Client{"a member": f.bob, "a stranger": f.eve} {
			for _, ask := range []struct{ method, path, body string }{
				{"PATCH", "/cells/" + cell, `{"label":"x"}`},
				{"DELETE", "/cells/" + cell, ""},
				{"POST", "/cells/" + cell + "/members", `{"members":[{"user":"` + f.id("eve") + `"}]}`},
				{"PATCH", "/cells/" + cell + "/members/" + string(f.Role("bob")), `{"rights":["read"]}`},
				{"PUT", "/cells/" + cell + "/managers/" + f.id("bob"), ""},
				{"POST", "/cells/" + cell + "/owner", `{"user":"` + f.id("bob") + `"}`},
				{"PATCH", "/links/" + link, `{"mode":"edit"}`},
				{"POST", "/links/" + link + "/address", ""},
				{"DELETE", "/links/" + link, ""},
				{"DELETE", "/links/" + cell, ""},
				{"POST", "/shares/" + cell + "/review", `{"answer":"kept"}`},
				{"POST", "/shares/" + link + "/review", `{"answer":"kept"}`},
				{"POST", request + "/answer", `{"grant":true}`},
				{"GET", request + "/would", ""},
				{"DELETE", "/requests/4000000000", ""},
			} {
				a := asked{ask.method, ask.path, ask.body, nil, 0, 0}.of(c)
				if a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
					t.Errorf("%s: %s %s: %d %s", name, ask.method, ask.path, a.Status, a.Body)
				}
			}
			for _, action := range []string{"end", "remove-external"} {
				var out struct{ Done []string }
				want(t, c.Do("POST", "/shares/fix", world.JSON(body{"ids": []string{cell, link}, "action": action})), http.StatusOK).Into(t, &out)
				if len(out.Done) > 0 {
					t.Errorf("%s fixes %v by %s", name, out.Done, action)
				}
			}
		}
		want(t, f.ann.Do("DELETE", request, nil), http.StatusNotFound) // it is eve's to take back
		if f.grants() != was {
			t.Errorf("they made of %s %s", was, f.grants())
		}
		if a := want(t, f.root.Do("GET", "/house/reviews", nil), http.StatusOK); strings.Count(string(a.Body), `"answer":""`) != 2 {
			t.Errorf("others answered the review: %s", a.Body)
		}
		// Who answers gives no more than he has, and to nobody else.
		f.Drop(f.entry)
		f.entry = f.Allow("ann", f.plans, "read")
		if a := f.ann.Do("POST", request+"/answer", world.Reader(`{"grant":true,"rights":["read","write"]}`)); a.Status != http.StatusForbidden {
			t.Errorf("granting more than she has: %d %s", a.Status, a.Body)
		}
	})
}

// What one may not see is asked for as what is not there, and listed so.
func TestRequestsTellNothing(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		var nodes []alveary.NodeID
		for n := range 12 {
			nodes = append(nodes, f.File(fmt.Sprintf("vault/plans/f%d", n), "x"), alveary.NodeID(4_000_000_000+n))
		}
		for n, id := range nodes {
			a := f.eve.Do("POST", "/requests", world.JSON(body{"node": id.String(), "message": "please"}))
			if n < 20 && a.Status != http.StatusAccepted || n >= 20 && a.Status != http.StatusTooManyRequests {
				t.Errorf("request %d: %d %s", n, a.Status, a.Body)
			}
		}
		var seen struct {
			Mine []struct {
				Node struct{ ID, Name, Path string }
			}
		}
		a := want(t, f.eve.Do("GET", "/requests", nil), http.StatusOK)
		if a.Into(t, &seen); len(seen.Mine) != 20 || strings.Contains(string(a.Body), "vault") {
			t.Errorf("%s", a.Body)
		}
		for _, one := range seen.Mine {
			if one.Node.Name != "" || one.Node.Path != "" {
				t.Errorf("told %+v", one)
			}
		}
	})
}

// Whoever chose an address for a link is told that one, and as a QR code.
func TestChosenAddressIsTold(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		link, token := f.links(f.ann, f.plans, "read", body{"slug": "our-plans", "password": "tulip engine 4217"})
		if token != "our-plans" {
			t.Errorf("the address that is told ends on %q", token)
		}
		if v := f.opens(f.Nobody(), token, body{"password": "tulip engine 4217"}); v.id != link {
			t.Errorf("it opens the link %s, not %s", v.id, link)
		}
	})
}

// A link has one address: choosing one ends the secret one, which nobody would
// think of any more, and so does choosing another; what changes nothing ends none.
func TestChosenAddressEndsTheOneBefore(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		secret := body{"password": "tulip engine 4217"}
		link, token := f.links(f.ann, f.plans, "read", secret)
		expect := func(when string, open map[string]bool) {
			t.Helper()
			for address, opens := range open {
				if a := f.tries(f.Nobody(), address, secret); (a.Status == http.StatusOK) != opens || !opens && a.Status != http.StatusNotFound {
					t.Errorf("%s %q: %d %s", when, address, a.Status, a.Body)
				}
			}
		}
		want(t, f.change(link, body{"label": "Our plans"}), http.StatusOK)
		expect("under another name", map[string]bool{token: true})
		want(t, f.change(link, body{"slug": "our-plans"}), http.StatusOK)
		expect("with one that was chosen", map[string]bool{token: false, "our-plans": true})
		want(t, f.change(link, body{"slug": "our-plans", "label": "Plans"}), http.StatusOK)
		expect("with the same one", map[string]bool{"our-plans": true})
		want(t, f.change(link, body{"slug": "plans-of-ann"}), http.StatusOK)
		expect("with another", map[string]bool{token: false, "our-plans": false, "plans-of-ann": true})
		want(t, f.change(link, body{"slug": ""}), http.StatusOK)
		expect("with none", map[string]bool{token: false, "plans-of-ann": false})
		var made struct{ Path string }
		want(t, f.ann.Do("POST", "/links/"+link+"/address", nil), http.StatusOK).Into(t, &made)
		expect("with a new secret one", map[string]bool{strings.TrimPrefix(made.Path, "/s/"): true, token: false})
	})
}
