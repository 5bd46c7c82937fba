package govern_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/service/govern/document"
	"alveary/store"
	"alveary/testkit/world"
)

// console is a world with an administrator at its API.
type console struct {
	*world.World
	t    *testing.T
	root *world.Client
}

func newConsole(t *testing.T, w *world.World) *console {
	t.Helper()
	w.User("root", alveary.ProfileAdmin)
	w.User("ann")
	w.User("bob")
	return &console{World: w, t: t, root: w.Client("root")}
}

func onEach(t *testing.T, test func(*testing.T, *console)) {
	t.Helper()
	world.OnEach(t, func(t *testing.T, w *world.World) { test(t, newConsole(t, w)) })
}

// want asks and wants a status, of an error its code, and reads the answer.
func (c *console) want(who *world.Client, method, path, body string, status int, code string, into any) world.Answer {
	c.t.Helper()
	reader := world.Reader(body)
	if body == "" {
		reader = nil
	}
	a := who.Do(method, path, reader)
	if a.Status != status {
		c.t.Fatalf("%s %s: %d, want %d: %.600s", method, path, a.Status, status, a.Body)
	}
	if code != "" {
		if p := a.Problem(c.t); p.Code != code || p.Detail == "" {
			c.t.Fatalf("%s %s: %+v, want the code %q", method, path, p, code)
		}
	}
	if into != nil {
		a.Into(c.t, into)
	}
	return a
}

// put saves a policy and gives its document.
func (c *console) put(text string) (doc document.PolicyDocument) {
	c.t.Helper()
	var p struct{ ID string }
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		c.t.Fatal(err)
	}
	a := c.root.Do("PUT", "/policies/"+p.ID, world.Reader(`{"policy":`+text+`}`))
	if a.Status != http.StatusOK && a.Status != http.StatusCreated {
		c.t.Fatalf("%d %s", a.Status, a.Body)
	}
	a.Into(c.t, &doc)
	return doc
}

// entry makes an entry and gives it.
func (c *console) entry(body string) (e document.Entry) {
	c.t.Helper()
	c.want(c.root, "POST", "/entries", body, http.StatusCreated, "", &e)
	return e
}

// let makes a rest policy by which the user may call the console.
func (c *console) let(login string) *world.Client {
	c.t.Helper()
	c.put(fmt.Sprintf(`{"id":"let-%[1]s","type":"rest","rules":[{"effect":"allow","actions":["<.*>"],"subjects":["user:%[1]s"],"resources":["<.*>"]}]}`, login))
	return c.Client(login)
}

// actions are the actions in the audit log with their verdicts, after the
// first n.
func (c *console) actions(n int) (out []string) {
	for _, r := range c.Since(n) {
		if r.Action == "create-token" || r.Action == "make-home" {
			continue
		}
		out = append(out, r.Action+" "+string(r.Verdict))
	}
	return out
}

// versions are the versions of the access data and of a policy: what must stay
// where nothing may have changed.
func (c *console) state() string {
	c.t.Helper()
	var out strings.Builder
	c.Read(func(tx *store.Tx) error {
		version, err := tx.AccessVersion(c.t.Context())
		if err != nil {
			return err
		}
		entries, err := tx.Entries()
		if err != nil {
			return err
		}
		heads, err := tx.PolicyHeads()
		for _, h := range heads {
			fmt.Fprintln(&out, h.Policy.ID, h.Version)
		}
		fmt.Fprintln(&out, version, entries)
		return err
	})
	return out.String()
}

// unchanged runs try and wants nothing to be different afterwards.
func (c *console) unchanged(what string, try func()) {
	c.t.Helper()
	before := c.state()
	try()
	if after := c.state(); after != before {
		c.t.Errorf("%s changed\n%s\nto\n%s", what, before, after)
	}
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func rawJSON(text string) json.RawMessage { return json.RawMessage(text) }

const readOnly = `{"id":"p","type":"acl","label":"Reading","rules":[{"effect":"allow","actions":["read"]}]}`
