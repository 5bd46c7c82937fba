package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// fair is a garden for sharing: ann has "vault/plans" by an entry of her own,
// bob and eve have nothing there, and root is an administrator. Nobody looks on
// but by REST.
type fair struct {
	*garden
	root, bob, eve      *world.Client
	entry               alveary.Entry // ann's on the plans
	plans, file, secret alveary.NodeID
}

func newFair(t *testing.T, o world.Options) *fair {
	t.Helper()
	o.Proxy = true
	f := &fair{garden: newGarden(t, o)}
	f.User("root", alveary.ProfileAdmin)
	f.User("bob")
	f.User("eve")
	f.root, f.bob, f.eve = f.Client("root"), f.Client("bob"), f.Client("eve")
	f.plans, f.file = f.Folder("vault/plans"), f.File("vault/plans/plan.txt", "the plan itself")
	f.secret = f.File("vault/secret.txt", "the secret")
	f.entry = f.Allow("ann", f.plans, "read,write")
	return f
}

// fairs runs a test at a fair on each of the two databases.
func fairs(t *testing.T, test func(*testing.T, *fair)) {
	t.Helper()
	for _, database := range world.Databases() {
		t.Run(database, func(t *testing.T) { test(t, newFair(t, world.Options{Database: database})) })
	}
}

// id is a user's, as bodies have it.
func (f *fair) id(name string) string { return fmt.Sprint(f.As(name).User.ID) }

// shares makes a Cell of a node with one member, and gives its id.
func (f *fair) shares(c *world.Client, id alveary.NodeID, to string, rights ...string) string {
	f.t.Helper()
	var made struct{ Cell struct{ ID string } }
	want(f.t, c.Do("POST", "/cells", world.JSON(body{
		"label": "Plans", "nodes": []string{id.String()}, "members": []body{{"user": f.id(to), "rights": rights}},
	})), http.StatusCreated).Into(f.t, &made)
	return made.Cell.ID
}

// links makes a link, and gives its id and what follows /s/ in its address.
func (f *fair) links(c *world.Client, id alveary.NodeID, mode string, more ...body) (link, token string) {
	f.t.Helper()
	ask := body{"node": id.String(), "mode": mode}
	for _, fields := range more {
		for name, value := range fields {
			ask[name] = value
		}
	}
	var made struct {
		Link    struct{ ID string }
		Address struct{ Path string }
	}
	want(f.t, c.Do("POST", "/links", world.JSON(ask)), http.StatusCreated).Into(f.t, &made)
	token, found := strings.CutPrefix(made.Address.Path, "/s/")
	if !found || token == "" {
		f.t.Fatalf("the address of the link is %q", made.Address.Path)
	}
	return made.Link.ID, token
}

// visitor is who comes by a link.
type visitor struct {
	*world.Client
	id string
}

// opens opens a link, and wants to be let in.
func (f *fair) opens(c *world.Client, token string, more ...body) *visitor {
	f.t.Helper()
	a := want(f.t, f.tries(c, token, more...), http.StatusOK)
	var v struct{ ID string }
	a.Into(f.t, &v)
	return &visitor{c, v.ID}
}

// tries opens a link.
func (f *fair) tries(c *world.Client, token string, more ...body) world.Answer {
	f.t.Helper()
	ask := body{"token": token}
	for _, fields := range more {
		for name, value := range fields {
			ask[name] = value
		}
	}
	return c.Step("/visits", ask)
}

// visits makes a link and comes by it.
func (f *fair) visits(c *world.Client, id alveary.NodeID, mode string, more ...body) *visitor {
	f.t.Helper()
	_, token := f.links(c, id, mode, more...)
	return f.opens(f.Nobody(), token)
}

// at is the path of a node within the visit, or of something of it.
func (v *visitor) at(id alveary.NodeID, rest string) string {
	return fmt.Sprintf("/visits/%s/nodes/%s%s", v.id, id, rest)
}

func (v *visitor) get(id alveary.NodeID, rest string, headers ...string) world.Answer {
	return v.Do("GET", v.at(id, rest), nil, headers...)
}

// puts puts a file into a folder of the visit.
func (v *visitor) puts(folder alveary.NodeID, name, content string) world.Answer {
	return v.Do("PUT", v.at(folder, "/files/"+name), world.Reader(content), "Content-Type", octets)
}

// reads wants someone to be able, or not, to look at a file and to have it.
func (f *fair) reads(what string, c *world.Client, id alveary.NodeID, may bool) {
	f.t.Helper()
	want := http.StatusNotFound
	if may {
		want = http.StatusOK
	}
	for _, rest := range []string{"", "/content", "/versions"} {
		if a := c.Do("GET", fmt.Sprintf("/nodes/%s%s", id, rest), nil); a.Status != want {
			f.t.Errorf("%s: the file's %q: %d, want %d: %.200s", what, rest, a.Status, want, a.Body)
		}
	}
}

// reads wants the visitor to be able, or not, to look at a file and to have it.
func (v *visitor) reads(t *testing.T, what string, id alveary.NodeID, may bool) {
	t.Helper()
	for _, path := range []string{v.at(id, ""), v.at(id, "/content"), v.at(id, "/text"), "/visits/" + v.id} {
		a := v.Do("GET", path, nil)
		if may != (a.Status == http.StatusOK) || !may && a.Status != http.StatusNotFound && a.Status != http.StatusUnauthorized {
			t.Errorf("%s: a visitor's %s: %d %.200s", what, path, a.Status, a.Body)
		}
	}
}
