package rest_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

// loss is a way in which ann, who shares, comes to have nothing on the plans
// any more, and how it is taken back. All of it goes through REST.
type loss struct {
	lose, back func(f *fair)
}

// losses need prepare to have been called.
func losses() map[string]loss {
	put := func(f *fair, path, text string) {
		f.t.Helper()
		if a := f.root.Do("PUT", path, world.Reader(text)); a.Status >= 300 {
			f.t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	effect := func(word string) string {
		return fmt.Sprintf(`{"policy":{"id":"plans","type":"acl","rules":[{"effect":%q,"actions":["read","write"]}]}}`, word)
	}
	change := func(text string) func(*fair) {
		return func(f *fair) { f.t.Helper(); patched(f.t, f.root, f.number("ann"), text) }
	}
	rule := ""
	return map[string]loss{
		"disabled":       {change(`{"disabled":true}`), change(`{"disabled":false}`)},
		"out of a group": {change(`{"group":"/"}`), change(`{"group":"/planners"}`)},
		"a policy that gives nothing": {
			func(f *fair) { f.t.Helper(); put(f, "/policies/plans", effect("deny")) },
			func(f *fair) { f.t.Helper(); put(f, "/policies/plans", effect("allow")) },
		},
		"an entry that denies": {
			func(f *fair) {
				f.t.Helper()
				want(f.t, f.root.Do("POST", "/entries", world.JSON(body{"role": f.Role("ann"), "node": f.plans.String(), "deny": true})), http.StatusCreated)
			},
			func(f *fair) {
				f.t.Helper()
				var on struct {
					Items []struct {
						ID   string
						Deny bool
					}
				}
				want(f.t, f.root.Do("GET", "/entries?node="+f.plans.String(), nil), http.StatusOK).Into(f.t, &on)
				for _, e := range on.Items {
					if e.Deny {
						want(f.t, f.root.Do("DELETE", "/entries/"+e.ID, nil), http.StatusNoContent)
					}
				}
			},
		},
		"a house rule": {
			func(f *fair) {
				f.t.Helper()
				var made struct{ ID string }
				want(f.t, f.root.Do("POST", "/house/rules", world.Reader(`{"role":"ROOT_GROUP","terms":{"cells":false,"folderLinks":false}}`)), http.StatusCreated).Into(f.t, &made)
				rule = made.ID
			},
			func(f *fair) {
				f.t.Helper()
				want(f.t, f.root.Do("DELETE", "/house/rules/"+rule, nil), http.StatusNoContent)
			},
		},
	}
}

// prepare makes what ann has on the plans depend on a group and a policy.
func (f *fair) prepare() {
	f.t.Helper()
	f.Drop(f.entry)
	f.Write(func(tx *store.Tx) error {
		group, err := tx.InsertGroup(alveary.RootGroup, "planners")
		if err != nil {
			return err
		}
		if _, err := tx.PutPolicy(alveary.Policy{ID: "plans", Type: alveary.PolicyACL, Rules: []alveary.Rule{
			{Effect: alveary.EffectAllow, Actions: []string{"read", "write"}},
		}}, "", ""); err != nil {
			return err
		}
		f.entry, err = tx.InsertEntry(alveary.Entry{Role: group.Role, Node: f.plans, Policies: []alveary.PolicyID{"plans"}})
		return err
	})
	patched(f.t, f.root, f.number("ann"), `{"group":"/planners"}`)
	f.ann = f.Client("ann") // which ended what she had
}

// Threat 10: when who shares loses a right, whoever has it from him loses it
// with the same answer, by whatever way: members, those they share it on to,
// and visitors. What comes back, comes back.
func TestThreat10_WhatTheOwnerLosesIsLost(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.prepare()
		f.shares(f.ann, f.plans, "bob", "read", "write")
		f.shares(f.bob, f.file, "eve", "read")
		v := f.visits(f.ann, f.plans, "edit")
		chained := f.visits(f.bob, f.plans, "read")
		ways := losses()
		all := func(what string, may bool) {
			t.Helper()
			f.reads(what+", the member", f.bob, f.file, may)
			f.reads(what+", the end of the chain", f.eve, f.file, may)
			v.reads(t, what+", her link", f.file, may)
			chained.reads(t, what+", the member's link", f.file, may)
			if a := f.put(f.bob, f.plans, "name=n&conflict=rename", "x"); may != (a.Status < 300) {
				t.Errorf("%s: the member puts a file: %d %s", what, a.Status, a.Body)
			}
			if a := v.puts(f.plans, "n", "x"); may != (a.Status < 300) {
				t.Errorf("%s: the visitor puts a file: %d %s", what, a.Status, a.Body)
			}
			for who, c := range map[string]*world.Client{"bob": f.bob, "eve": f.eve} {
				if told := string(want(t, c.Do("GET", "/workspaces", nil), http.StatusOK).Body); strings.Contains(told, "Plans") != may {
					t.Errorf("%s: the workspaces of %s are %s", what, who, told)
				}
			}
		}
		all("at first", true)
		for _, name := range slices.Sorted(maps.Keys(ways)) {
			ways[name].lose(f)
			all(name, false)
			ways[name].back(f)
			all("after "+name, true)
		}
		want(t, f.root.Do("DELETE", fmt.Sprintf("/entries/%d", f.entry.ID), nil), http.StatusNoContent)
		all("the entry taken away", false)
	})
}

// Who ends a share, takes a member out or gives it a new address or password is
// obeyed with the next request.
func TestThreat10_EndedIsEnded(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		cell := f.shares(f.ann, f.plans, "bob", "read")
		want(t, f.ann.Do("DELETE", "/cells/"+cell+"/members/"+string(f.Role("bob")), nil), http.StatusOK)
		f.reads("taken out", f.bob, f.file, false)
		cell = f.shares(f.ann, f.plans, "bob", "read")
		f.reads("in again", f.bob, f.file, true)
		want(t, f.bob.Do("POST", "/cells/"+cell+"/leave", nil), http.StatusNoContent)
		f.reads("who left", f.bob, f.file, false)
		cell = f.shares(f.ann, f.plans, "bob", "read")
		want(t, f.ann.Do("DELETE", "/cells/"+cell, nil), http.StatusNoContent)
		f.reads("ended", f.bob, f.file, false)
		for what, end := range map[string]func(link string) world.Answer{
			"an end":         func(link string) world.Answer { return f.ann.Do("DELETE", "/links/"+link, nil) },
			"a new address":  func(link string) world.Answer { return f.ann.Do("POST", "/links/"+link+"/address", nil) },
			"a password":     func(link string) world.Answer { return f.change(link, body{"password": "tulip engine 4217"}) },
			"people":         func(link string) world.Answer { return f.change(link, body{"people": []body{{"user": f.id("bob")}}}) },
			"a later begin":  func(link string) world.Answer { return f.change(link, body{"from": f.Now().Add(time.Hour)}) },
			"an owner's end": func(link string) world.Answer { return f.fixed(f.ann, "end", link) },
			"the house's":    func(link string) world.Answer { return f.fixed(f.root, "end", link) },
		} {
			v := f.visits(f.ann, f.plans, "read")
			v.reads(t, "before "+what, f.file, true)
			if a := end(v.id); a.Status >= 300 {
				t.Fatalf("%s: %d %s", what, a.Status, a.Body)
			}
			v.reads(t, "after "+what, f.file, false)
		}
	})
}

func (f *fair) change(link string, fields body) world.Answer {
	f.t.Helper()
	return f.ann.Do("PATCH", "/links/"+link, world.JSON(fields))
}

func (f *fair) fixed(c *world.Client, action, id string) world.Answer {
	f.t.Helper()
	a := c.Do("POST", "/shares/fix", world.JSON(body{"ids": []string{id}, "action": action}))
	var out struct{ Done []string }
	want(f.t, a, http.StatusOK).Into(f.t, &out)
	if len(out.Done) != 1 {
		f.t.Errorf("%s: %s", action, a.Body)
	}
	return a
}

// What a member, the member of a chain and a visitor download at that moment is
// cut with it, and does not look whole; what they put in does not appear.
func TestThreat10_RunningIsCut(t *testing.T) {
	ways, databases := losses(), world.Databases()
	ways["the link and the Cell ended"] = loss{func(f *fair) {
		f.t.Helper()
		for _, c := range []*world.Client{f.ann, f.bob} {
			var mine struct{ Items []struct{ ID string } }
			want(f.t, c.Do("GET", "/shares", nil), http.StatusOK).Into(f.t, &mine)
			for _, one := range mine.Items {
				f.fixed(c, "end", one.ID)
			}
		}
	}, nil}
	ways["past their ends"] = loss{func(f *fair) { f.Wait(time.Hour) }, nil}
	for i, name := range slices.Sorted(maps.Keys(ways)) {
		t.Run(databases[i%len(databases)]+"/"+name, func(t *testing.T) {
			f := newFair(t, world.Options{Database: databases[i%len(databases)]})
			f.prepare()
			u := &underWay{garden: f.garden, place: "vault/plans", reads: map[string]*slowRead{}, sends: map[string]*slowSend{}, content: noise()}
			u.file = f.File("vault/plans/large.bin", u.content)
			dated := body{"until": f.Now().Add(time.Hour)}
			cell := f.shares(f.ann, f.plans, "bob", "read", "write")
			f.shares(f.bob, u.file, "eve", "read")
			want(t, f.ann.Do("PATCH", "/cells/"+cell, world.JSON(dated)), http.StatusOK)
			v := f.visits(f.ann, f.plans, "edit", dated)
			path := fmt.Sprintf("/nodes/%s/content", u.file)
			u.download("bob", f.bob.Request("GET", path, nil))
			u.download("eve", f.eve.Request("GET", path, nil))
			u.download("visitor", v.Request("GET", v.at(u.file, "/content"), nil))
			u.download("visitor's archive", v.Request("GET", "/visits/"+v.id+"/archive", nil))
			u.upload("bob", f.bob, "PUT", fmt.Sprintf("/nodes/%s/files?name=bob.bin", f.plans))
			u.upload("visitor", v.Client, "PUT", v.at(f.plans, "/files/visitor.bin"))
			u.settled()
			ways[name].lose(f)
			u.cut("", time.Now())
			for _, file := range []string{"bob.bin", "visitor.bin"} {
				if u.At("vault/plans/"+file) != 0 {
					t.Errorf("half of %s appeared", file)
				}
			}
		})
	}
}

// What a visitor downloads is cut when the link gets another address or password:
// whoever changes one wants those who have the other out. Who came by another
// link goes on.
func TestThreat10_VisitsAreCut(t *testing.T) {
	causes := map[string]func(f *fair, link string) world.Answer{
		"a new address":       func(f *fair, link string) world.Answer { return f.ann.Do("POST", "/links/"+link+"/address", nil) },
		"another password":    func(f *fair, link string) world.Answer { return f.change(link, body{"password": "copper lantern 88"}) },
		"no password":         func(f *fair, link string) world.Answer { return f.change(link, body{"password": ""}) },
		"an address of ann's": func(f *fair, link string) world.Answer { return f.change(link, body{"slug": "plans-of-ann"}) },
	}
	for i, name := range slices.Sorted(maps.Keys(causes)) {
		database := world.Databases()[i%2]
		t.Run(database+"/"+name, func(t *testing.T) {
			f := newFair(t, world.Options{Database: database})
			u := &underWay{garden: f.garden, reads: map[string]*slowRead{}, content: noise()}
			u.file = f.File("vault/plans/large.bin", u.content)
			f.rule1(`{"slugs":true}`)
			locked := body{"password": "tulip engine 4217"}
			link, token := f.links(f.ann, f.plans, "read", locked)
			v, other := f.opens(f.Nobody(), token, locked), f.visits(f.ann, f.plans, "read")
			for n := range 4 {
				u.download(fmt.Sprint("visitor ", n), v.Request("GET", v.at(u.file, "/content"), nil))
			}
			u.download("other", other.Request("GET", other.at(u.file, "/content"), nil))
			u.settled()
			// What has nothing to do with how one comes in harms nobody.
			want(t, f.change(link, body{"label": "Our plans"}), http.StatusOK)
			u.settled()
			if n := strings.Count(u.Log(), " cut\""); n > 0 {
				t.Fatalf("%d were cut by a label", n)
			}
			if a := causes[name](f, link); a.Status >= 300 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			u.cut("visitor", time.Now())
			u.readOn("other", u.reads["other"])
		})
	}
}

// Who comes by a link of named people is cut when he is nobody any more: signed
// out, disabled, not named, out of the group that is, or denied it himself.
func TestThreat10_GuestsAreCut(t *testing.T) {
	causes := map[string]func(f *fair, bob *world.Client, link string){
		"disabled":     func(f *fair, _ *world.Client, _ string) { patched(f.t, f.root, f.number("bob"), `{"disabled":true}`) },
		"out of group": func(f *fair, _ *world.Client, _ string) { patched(f.t, f.root, f.number("bob"), `{"group":"/"}`) },
		"signed out": func(f *fair, bob *world.Client, _ string) {
			want(f.t, bob.Do("DELETE", "/session", nil), http.StatusNoContent)
		},
		"not named": func(f *fair, _ *world.Client, link string) {
			want(f.t, f.change(link, body{"people": []body{{"user": f.id("eve")}}}), http.StatusOK)
		},
		"denied": func(f *fair, _ *world.Client, _ string) { f.Deny("bob", f.plans) },
		"a call forbidden": func(f *fair, _ *world.Client, _ string) {
			f.rule("no-links", alveary.PolicyREST, alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"<.*>"}, Resources: []string{"rest:/visits/<.+>"}})
		},
	}
	for i, name := range slices.Sorted(maps.Keys(causes)) {
		database := world.Databases()[i%2]
		t.Run(database+"/"+name, func(t *testing.T) {
			f := newFair(t, world.Options{Database: database})
			u := &underWay{garden: f.garden, reads: map[string]*slowRead{}, content: noise()}
			u.file = f.File("vault/plans/large.bin", u.content)
			var group alveary.Group
			f.Write(func(tx *store.Tx) (err error) { group, err = tx.InsertGroup(alveary.RootGroup, "readers"); return err })
			patched(t, f.root, f.number("bob"), `{"group":"/readers"}`)
			link, token := f.links(f.ann, f.plans, "read", body{"people": []body{{"group": fmt.Sprint(group.ID)}}})
			bob, door := f.Browser("bob"), f.Browser("bob")
			bob.Cookie = door.Cookie
			v := f.opens(door, token)
			both := bob.Cookie.Name + "=" + bob.Cookie.Value + "; " + v.Cookie.Name + "=" + v.Cookie.Value
			for n := range 4 {
				u.download(fmt.Sprint("bob ", n), v.Request("GET", v.at(u.file, "/content"), nil, "Cookie", both))
			}
			u.settled()
			causes[name](f, bob, link)
			u.cut("bob", time.Now())
		})
	}
}

// A member's own explicit deny counts against what is shared with him, for a
// link of named people too.
func TestThreat10_OwnDenies(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		f.shares(f.ann, f.plans, "bob", "read")
		_, token := f.links(f.ann, f.plans, "read", body{"people": []body{{"user": f.id("bob")}}})
		bob := f.Browser("bob")
		session := bob.Cookie
		v := f.opens(bob, token)
		both := "Cookie"
		value := session.String()
		if i := strings.IndexByte(value, ';'); i > 0 {
			value = value[:i]
		}
		value += "; " + v.Cookie.Name + "=" + v.Cookie.Value
		want(t, v.get(f.file, "/content", both, value), http.StatusOK)
		v.reads(t, "without his session", f.file, false)
		f.Deny("bob", f.file)
		f.reads("denied", f.bob, f.file, false)
		if a := v.get(f.file, "/content", both, value); a.Status != http.StatusNotFound {
			t.Errorf("by the link: %d %s", a.Status, a.Body)
		}
		form := url.Values{"nodes": {f.plans.String()}}.Encode()
		zip := f.bob.Do("POST", "/archive", strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded")
		if whole := want(t, zip, http.StatusOK); strings.Contains(string(whole.Body), "plan.txt") {
			t.Error("the denied file is in the archive")
		}
		if a := v.Do("GET", "/visits/"+v.id+"/archive", nil, both, value); strings.Contains(string(a.Body), "plan.txt") {
			t.Error("the denied file is in the visitor's archive")
		}
	})
}
