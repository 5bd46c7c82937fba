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
	"alveary/store"
	"alveary/testkit/world"
)

// listed are the ids of a list of shares, over all of its pages.
func listed(t *testing.T, c *world.Client, path string) (ids []string) {
	t.Helper()
	after := ""
	for {
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		want(t, c.Do("GET", path+after, nil), http.StatusOK).Into(t, &page)
		for _, one := range page.Items {
			ids = append(ids, one.ID)
		}
		if page.Next == "" {
			slices.Sort(ids)
			return ids
		}
		after = "&after=" + page.Next
	}
}

// granted are all Cells and links as they are stored.
func (g *garden) granted() (cells []alveary.Cell) {
	g.t.Helper()
	g.Read(func(tx *store.Tx) (err error) { cells, err = tx.Cells(); return err })
	return cells
}

// idsOf are the ids of those that fit, in order.
func idsOf(cells []alveary.Cell, fits func(*alveary.Cell) bool) (ids []string) {
	for i := range cells {
		if fits(&cells[i]) {
			ids = append(ids, cells[i].ID.String())
		}
	}
	slices.Sort(ids)
	return ids
}

// reported wants what is in the database to be what is reported: all to
// administrators, to each what is his, and on each node what reaches it.
func (f *fair) reported(what string) {
	f.t.Helper()
	cells := f.granted()
	if got, want := listed(f.t, f.root, "/house/shares?limit=2"), idsOf(cells, func(*alveary.Cell) bool { return true }); !slices.Equal(got, want) {
		f.t.Errorf("%s: administrators see %v of %v", what, got, want)
	}
	for name, c := range map[string]*world.Client{"ann": f.ann, "bob": f.bob, "eve": f.eve} {
		user := f.As(name).User.ID
		if got, want := listed(f.t, c, "/shares?limit=2"), idsOf(cells, func(c *alveary.Cell) bool { return c.Manages(user) }); !slices.Equal(got, want) {
			f.t.Errorf("%s: %s sees %v of %v", what, name, got, want)
		}
	}
	for i := range cells {
		f.told(what, &cells[i])
	}
}

// told wants what a Cell gives to be on its own page, and it on its nodes'.
func (f *fair) told(what string, c *alveary.Cell) {
	f.t.Helper()
	type member struct {
		Role, Node string
		Rights     []string
	}
	path := "/cells/"
	if c.Link != nil {
		path = "/links/"
	}
	var page struct{ Members, People []member }
	want(f.t, f.root.Do("GET", path+c.ID.String(), nil), http.StatusOK).Into(f.t, &page)
	for _, e := range c.Entries {
		on := listed(f.t, f.root, fmt.Sprintf("/house/shares?node=%s", e.Node))
		if !slices.Contains(on, c.ID.String()) {
			f.t.Errorf("%s: %s is not among the shares %v of the node %s", what, c.ID, on, e.Node)
		}
		if c.Link != nil || e.Role == "" || e.Rights == 0 {
			continue
		}
		if !slices.ContainsFunc(page.Members, func(m member) bool {
			return m.Role == string(e.Role) && (m.Node == "" || m.Node == e.Node.String()) && (!e.Rights.Has(alveary.ActionWrite) || slices.Contains(m.Rights, "write"))
		}) {
			f.t.Errorf("%s: what %s has on %s is not among the members %+v", what, e.Role, e.Node, page.Members)
		}
	}
	if c.Link != nil && len(page.People) != len(c.Link.People) {
		f.t.Errorf("%s: the link is for %v, the page says %+v", what, c.Link.People, page.People)
	}
}

// Threat 12: nothing is shared that its owner and the administrators do not
// see, whatever became of the owner, and nothing that nobody shared.
func TestThreat12_NothingIsHidden(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.reported("nothing")
		first := f.shares(f.ann, f.plans, "bob", "read", "write")
		f.shares(f.bob, f.file, "eve", "read")
		cells := len(f.granted())
		for _, n := range []body{
			{"label": "Two", "nodes": []string{f.plans.String(), f.file.String()}, "members": []body{
				{"user": f.id("bob"), "rights": []string{"read"}}, {"user": f.id("eve"), "rights": []string{"read", "write"}, "node": f.file.String()},
			}, "discreet": true, "until": f.Now().Add(48 * time.Hour)},
			{"label": "Empty", "folder": "New"},
			{"label": "Later", "nodes": []string{f.plans.String()}, "members": []body{{"user": f.id("eve")}}, "from": f.Now().Add(time.Hour)},
		} {
			want(t, f.ann.Do("POST", "/cells", world.JSON(n)), http.StatusCreated)
		}
		for _, mode := range []string{"read", "preview", "download", "drop", "edit"} {
			f.links(f.ann, f.plans, mode)
		}
		f.links(f.bob, f.file, "read", body{"people": []body{{"user": f.id("eve")}}, "slug": "for-eve-alone"})
		if n := len(f.granted()); n != cells+9 {
			t.Errorf("%d were made, want 9", n-cells)
		}
		f.reported("all kinds")

		// A request that is granted is a share as any other.
		want(t, f.eve.Do("POST", "/requests", world.JSON(body{"node": f.plans.String(), "rights": []string{"write"}})), http.StatusAccepted)
		var asked struct{ ForMe []struct{ ID string } }
		want(t, f.ann.Do("GET", "/requests", nil), http.StatusOK).Into(t, &asked)
		if len(asked.ForMe) != 1 {
			t.Fatalf("ann is asked %+v", asked)
		}
		want(t, f.ann.Do("POST", "/requests/"+asked.ForMe[0].ID+"/answer", world.Reader(`{"grant":true}`)), http.StatusNoContent)
		f.reported("a request granted")
		if a := f.put(f.eve, f.plans, "name=hers", "x"); a.Status != http.StatusCreated {
			t.Errorf("what was granted: %d %s", a.Status, a.Body)
		}

		want(t, f.ann.Do("POST", "/cells/"+first+"/owner", world.JSON(body{"user": f.id("bob")})), http.StatusOK)
		f.reported("handed over")
		want(t, f.ann.Do("POST", fmt.Sprintf("/nodes/%s/bin", f.file), nil), http.StatusOK)
		f.reported("what is in the bin")
		f.Wait(2 * time.Hour)
		var rule struct{ ID string }
		want(t, f.root.Do("POST", "/house/rules", world.Reader(`{"role":"ROOT_GROUP","terms":{"cells":false,"fileLinks":false,"folderLinks":false}}`)), http.StatusCreated).Into(t, &rule)
		f.reported("stopped by the house")
		patched(t, f.root, f.number("ann"), `{"disabled":true}`)
		all := listed(t, f.root, "/house/shares?")
		if gone := listed(t, f.root, "/house/shares?flag=owner-gone&"); len(gone) < 8 || len(all) != len(f.granted()) {
			t.Errorf("with a disabled owner are %v of %v", gone, all)
		}
		if owned := listed(t, f.root, "/house/shares?owner="+f.id("ann")); len(owned) < 8 {
			t.Errorf("of ann's are seen %v", owned)
		}
	})
}

// What is not sharing shares nothing; others see nothing of what is not theirs.
func TestThreat12_NothingIsMadeImplicitly(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.plans, "bob", "read")
		link, token := f.links(f.ann, f.file, "edit")
		before := fmt.Sprint(idsOf(f.granted(), func(*alveary.Cell) bool { return true }))
		rights := fmt.Sprint(f.entries())
		v := f.opens(f.Nobody(), token)
		acts := map[string]func() world.Answer{
			"a folder": func() world.Answer {
				return f.does("POST", fmt.Sprintf("/nodes/%s/folders", f.plans), body{"name": "f"})
			},
			"a file": func() world.Answer { return f.put(f.ann, f.plans, "name=x", "x") },
			"a copy": func() world.Answer {
				return f.does("POST", fmt.Sprintf("/nodes/%s/copy", f.file), body{"parent": f.plans.String(), "name": "c"})
			},
			"a check": func() world.Answer {
				return f.does("POST", "/cells/check", body{"label": "x", "nodes": []string{f.file.String()}, "members": []body{{"user": f.id("eve")}}})
			},
			"a look":       func() world.Answer { return f.ann.Do("GET", "/sharing?node="+f.file.String(), nil) },
			"a request":    func() world.Answer { return f.eve.Do("POST", "/requests", world.JSON(body{"node": f.file.String()})) },
			"a first look": func() world.Answer { return f.eve.Do("GET", "/workspaces", nil) },
			"an upload":    func() world.Answer { return v.puts(f.file, "n", "x") },
			"an overwrite": func() world.Answer {
				return f.ann.Do("PUT", fmt.Sprintf("/nodes/%s/content", f.file), world.Reader("new"), "Content-Type", octets)
			},
			"a new user": func() world.Answer {
				return f.root.Do("POST", "/users", world.JSON(body{"login": "zoe", "password": chosen}))
			},
			"more than he is": func() world.Answer {
				return f.bob.Do("POST", "/cells", world.JSON(body{"label": "x", "nodes": []string{f.file.String()}, "members": []body{{"user": f.id("eve"), "rights": []string{"write"}}}}))
			},
			"of a stranger": func() world.Answer {
				return f.eve.Do("POST", "/links", world.JSON(body{"node": f.file.String(), "mode": "read"}))
			},
			"a rule's check": func() world.Answer {
				return f.root.Do("POST", "/house/rules/check", world.Reader(`{"role":"ROOT_GROUP","terms":{"password":true}}`))
			},
			"a bad link": func() world.Answer {
				return f.ann.Do("POST", "/links", world.JSON(body{"node": f.file.String(), "mode": "read", "slug": "short"}))
			},
		}
		for _, name := range slices.Sorted(maps.Keys(acts)) {
			if a := acts[name](); a.Status >= 500 {
				t.Errorf("%s: %d %s", name, a.Status, a.Body)
			}
			if after := fmt.Sprint(idsOf(f.granted(), func(*alveary.Cell) bool { return true })); after != before {
				t.Fatalf("after %s there are %s, before it %s", name, after, before)
			}
			if after := fmt.Sprint(f.entries()); after != rights {
				t.Fatalf("after %s there are the entries %s, before it %s", name, after, rights)
			}
		}
		for _, path := range []string{"/cells", "/shares?scope=by-me", "/shares?scope=with-me"} {
			if told := string(want(t, f.eve.Do("GET", path, nil), http.StatusOK).Body); strings.Contains(told, "Plans") {
				t.Errorf("eve finds %s at %s", told, path)
			}
		}
		for _, path := range []string{"/cells/" + cell, "/links/" + link, "/cells/" + link, "/links/" + cell, fmt.Sprintf("/nodes/%s/shares", f.file), "/links/4000000000"} {
			want(t, f.eve.Do("GET", path, nil), http.StatusNotFound)
		}
		for _, path := range []string{"/links/" + link, "/cells/" + link} {
			want(t, f.bob.Do("GET", path, nil), http.StatusNotFound)
		}
	})
}

func (g *garden) entries() (all []alveary.Entry) {
	g.t.Helper()
	g.Read(func(tx *store.Tx) (err error) { all, err = tx.Entries(); return err })
	return all
}
