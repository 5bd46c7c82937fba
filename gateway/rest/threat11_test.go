package rest_test

import (
	"fmt"
	"net/http"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// named is a node's id from an answer that holds it.
func (g *garden) named(a world.Answer) alveary.NodeID {
	g.t.Helper()
	var n node
	if a.Status >= 300 {
		g.t.Fatalf("%d %s", a.Status, a.Body)
	}
	a.Into(g.t, &n)
	id, err := alveary.ParseNodeID(n.ID)
	if err != nil {
		g.t.Fatal(err)
	}
	return id
}

// does asks as ann and wants it to be done.
func (g *garden) does(method, path string, fields body) world.Answer {
	g.t.Helper()
	a := g.ann.Do(method, path, world.JSON(fields))
	if a.Status >= 300 {
		g.t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	return a
}

// Threat 11: a share is of a node, not of a path. What is deleted and made
// again, what is renamed to the old name or moved over it is not shared; what
// was shared is, under its new name.
func TestThreat11_PathsAreNotShared(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.file, "bob", "read")
		link, token := f.links(f.ann, f.file, "read")
		v := f.opens(f.Nobody(), token)
		var seen struct{ Slug string }
		want(t, f.ann.Do("GET", "/cells/"+cell, nil), http.StatusOK).Into(t, &seen)
		path := func(name string, may bool) {
			t.Helper()
			a := f.bob.Do("GET", "/nodes?path="+escape(seen.Slug+"/"+name), nil)
			if may && a.Status != http.StatusOK || !may && a.Status != http.StatusNotFound {
				t.Errorf("by the path %s: %d %s", name, a.Status, a.Body)
			}
		}
		both := func(what string, id alveary.NodeID, may bool) {
			t.Helper()
			f.reads(what, f.bob, id, may)
			if id == f.file || !may {
				for _, rest := range []string{"", "/content", "/text"} {
					a := v.get(id, rest)
					if may != (a.Status == http.StatusOK) || !may && a.Status != http.StatusNotFound {
						t.Errorf("%s, a visitor's %q: %d %s", what, rest, a.Status, a.Body)
					}
				}
			}
		}
		both("at first", f.file, true)
		path("plan.txt", true)

		f.does("PATCH", fmt.Sprintf("/nodes/%s", f.file), body{"name": "old.txt"})
		twin := f.named(f.put(f.ann, f.plans, "name=plan.txt", "of nobody else's concern"))
		both("renamed", f.file, true)
		both("what has its name now", twin, false)
		path("plan.txt", false)
		path("old.txt", true)

		aside := f.named(f.does("POST", fmt.Sprintf("/nodes/%s/folders", f.plans), body{"name": "aside"}))
		f.does("POST", fmt.Sprintf("/nodes/%s/move", f.file), body{"parent": aside.String()})
		f.does("PATCH", fmt.Sprintf("/nodes/%s", twin), body{"name": "old.txt"})
		both("moved", f.file, true)
		both("what stands where it stood", twin, false)
		f.does("POST", fmt.Sprintf("/nodes/%s/copy", f.file), body{"parent": f.plans.String(), "name": "copy.txt"})
		both("its copy", f.At("vault/plans/copy.txt"), false)

		// Another is moved over it: what was there is in the bin, or is what is there.
		a := f.ann.Do("POST", fmt.Sprintf("/nodes/%s/move", twin), world.JSON(body{"parent": aside.String(), "conflict": "replace"}))
		if a.Status == http.StatusOK {
			if there := f.At("vault/plans/aside/old.txt"); there != f.file {
				both("what was moved over it", there, false)
				f.does("DELETE", fmt.Sprintf("/nodes/%s", there), nil)
				f.does("POST", fmt.Sprintf("/nodes/%s/restore", f.file), body{})
			}
		}
		both("after it", f.file, true)

		f.does("POST", fmt.Sprintf("/nodes/%s/bin", f.file), nil)
		for _, rest := range []string{"", "/content", "/text"} {
			want(t, v.get(f.file, rest), http.StatusNotFound)
		}
		again := f.named(f.put(f.ann, aside, "name=old.txt", "made again"))
		both("made while it is in the bin", again, false)
		want(t, f.tries(f.Nobody(), token), http.StatusNotFound)
		f.does("POST", fmt.Sprintf("/nodes/%s/restore", f.file), body{"conflict": "rename"})
		both("restored", f.file, true)

		f.does("DELETE", fmt.Sprintf("/nodes/%s", f.file), nil)
		both("deleted", f.file, false)
		for _, name := range []string{"old.txt", "plan.txt"} {
			id := f.At("vault/plans/aside/" + name)
			if id == 0 {
				id = f.named(f.put(f.ann, aside, "name="+name, "made again"))
			}
			both("made again", id, false)
		}
		want(t, f.tries(f.Nobody(), token), http.StatusNotFound)
		want(t, f.ann.Do("GET", "/links/"+link, nil), http.StatusNotFound)
		var left struct{ Nodes []node }
		want(t, f.ann.Do("GET", "/cells/"+cell, nil), http.StatusOK).Into(t, &left)
		if len(left.Nodes) != 0 {
			t.Errorf("the Cell is still of %+v", left.Nodes)
		}
	})
}

// A folder that is deleted and made again with all that was in it is another.
func TestThreat11_FolderAgain(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.Allow("ann", f.At("vault"), "read,write")
		f.shares(f.ann, f.plans, "bob", "read", "write")
		link, token := f.links(f.ann, f.plans, "edit", body{"slug": "our-plans", "password": "tulip engine 4217"})
		v := f.opens(f.Nobody(), token, body{"password": "tulip engine 4217"})
		f.does("DELETE", fmt.Sprintf("/nodes/%s", f.plans), nil)
		plans := f.named(f.does("POST", fmt.Sprintf("/nodes/%s/folders", f.At("vault")), body{"name": "plans"}))
		file := f.named(f.put(f.ann, plans, "name=plan.txt", "again"))
		f.reads("made again", f.bob, file, false)
		f.reads("made again", f.bob, plans, false)
		if v.id != link {
			t.Fatalf("the visit is %s of the link %s", v.id, link)
		}
		v.reads(t, "made again", file, false)
		if a := v.puts(plans, "x", "x"); a.Status < 400 {
			t.Errorf("the visitor writes: %d", a.Status)
		}
		// Its address may be taken now. Who was let in by the old one is not in.
		next, _ := f.links(f.ann, plans, "edit", body{"slug": "our-plans", "password": "tulip engine 4217"})
		v.reads(t, "a link of the same slug", file, false)
		v.id = next
		v.reads(t, "the old visit at the new link", file, false)
	})
}

// Whoever takes the login of somebody who is gone is another, and so is a Cell
// that takes the slug of one that ended.
func TestThreat11_NamesAgain(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.plans, "bob", "read")
		_, token := f.links(f.ann, f.plans, "read", body{"people": []body{{"user": f.id("bob")}}})
		var seen struct{ Slug string }
		want(t, f.ann.Do("GET", "/cells/"+cell, nil), http.StatusOK).Into(t, &seen)
		a := f.root.Do("DELETE", f.number("bob")+"?expect=bob", nil)
		if a.Status != http.StatusNoContent {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		f.User("bob")
		f.reads("the next bob", f.Client("bob"), f.file, false)
		want(t, f.tries(f.Browser("bob"), token), http.StatusForbidden, "not-for-you")
		want(t, f.ann.Do("DELETE", "/cells/"+cell, nil), http.StatusNoContent)
		f.Allow("eve", f.At("vault"), "read")
		next := f.shares(f.eve, f.secret, "ann", "read")
		want(t, f.eve.Do("PATCH", "/cells/"+next, world.JSON(body{"slug": seen.Slug})), http.StatusOK)
		want(t, f.Client("bob").Do("GET", "/nodes?path="+seen.Slug+"/secret.txt", nil), http.StatusNotFound)
		want(t, f.Client("bob").Do("GET", "/nodes?path="+seen.Slug, nil), http.StatusNotFound)
		want(t, f.ann.Do("GET", "/nodes?path="+seen.Slug+"/secret.txt", nil), http.StatusOK)
	})
}

// What is not there cannot be shared, however its id is spelt, and a share does
// not go by a path of it either.
func TestThreat11_NothingToShare(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.plans, "bob", "read")
		for _, id := range []string{"4000000000", f.secret.String(), "0", "-1", "", "x", f.file.String() + "/", "+" + f.file.String(), "0" + f.file.String(), f.file.String() + ".0", " " + f.file.String(), "vault/plans"} {
			for what, a := range map[string]world.Answer{
				"a Cell":   f.ann.Do("POST", "/cells", world.JSON(body{"label": "x", "nodes": []string{id}, "members": []body{{"user": f.id("bob")}}})),
				"a change": f.ann.Do("PATCH", "/cells/"+cell, world.JSON(body{"nodes": []string{id}})),
				"a link":   f.ann.Do("POST", "/links", world.JSON(body{"node": id, "mode": "read"})),
			} {
				if a.Status != http.StatusNotFound && a.Status != http.StatusBadRequest {
					t.Errorf("%s of %q: %d %s", what, id, a.Status, a.Body)
				}
			}
		}
		for _, path := range []string{"/cells/" + cell + "/", "/cells//" + cell, "/cells/0" + cell, "/cells/" + cell + "%00", "/cells/" + cell + "/..%2f" + cell} {
			if a := f.ann.Do("DELETE", path, nil); a.Status < 300 || a.Status >= 500 {
				t.Errorf("%s: %d", path, a.Status)
			}
		}
		f.reads("after all that", f.bob, f.file, true)
	})
}
