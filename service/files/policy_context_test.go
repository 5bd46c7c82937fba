package files_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/policy/templates"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// A right that ends by the clock ends between two requests, at the very minute;
// an entry at the very instant. The world begins on Monday, 1 June 2026, 12:00.
func TestPolicyByTheClock(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		a, b := w.File("area/a.pdf", "a"), w.File("brief/b.pdf", "b")
		enforce(w, area, "hours", deny("read write", not(hours("Monday-Friday/09:00/18:30"))))
		keep(w, "always", "", allow("read write"))
		w.Entry("ann", w.At("brief"), alveary.Entry{Policies: []alveary.PolicyID{"always"}, Expires: w.Now().Add(time.Minute)})
		begun := begin(t, w, ann, files.Begin{Parent: area, Name: "up.pdf", Length: 2})
		see := func(id alveary.NodeID, want bool) {
			t.Helper()
			_, err := readAll(t, w, ann, id, 0)
			if (err == nil) != want || err != nil && words(err) != words(alveary.Withheld("")) {
				t.Errorf("at %s: %v", w.Now(), err)
			}
		}
		see(b, true)
		w.Wait(time.Minute - time.Microsecond)
		see(b, true)
		w.Wait(time.Microsecond)
		see(b, false)
		w.Wait(6*time.Hour + 29*time.Minute + 59*time.Second) // 18:30:59 is inside
		see(a, true)
		_, _, err := feed(t, w, ann, begun, 0, "u")
		ok(t, err)
		w.Wait(time.Second)
		see(a, false)
		unchanged(t, w, "going on at night", alveary.KindNotFound, "not-found", func() error { _, _, err := feed(t, w, ann, begun, 1, "p"); return err })
		unchanged(t, w, "sending at night", alveary.KindNotFound, "not-found", func() error { return send(t, w, ann, area, text("x")) })
		w.Wait(14*time.Hour + 29*time.Minute) // Tuesday, 09:00
		see(a, true)
		_, _, err = feed(t, w, ann, begun, 1, "p")
		ok(t, err)
		see(w.At("area/up.pdf"), true)
		w.Wait(4 * 24 * time.Hour) // Saturday
		see(a, false)
	})
}

// A deny covers all that is beneath the entry: it is asked of the folders in
// between, with what is set on them; an allow is asked of the node alone. Of
// several policies one deny is enough, from whichever role and depth.
func TestPolicyCoversWhatIsBeneath(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		a := w.File("area/between/deep/er/a.pdf", "a")
		plain := w.File("area/plain/b.pdf", "b")
		see := func(id alveary.NodeID, want bool) {
			t.Helper()
			if _, err := readAll(t, w, ann, id, 0); (err == nil) != want {
				t.Errorf("%s: %v", w.Node(id).Name, err)
			}
		}
		enforce(w, area, "p", deny("download", tagged("secret")), deny("download", not(tagged("cleared", "secret")), called("never")))
		see(a, true)
		label(w, w.At("area/between"), "secret")
		see(a, false)
		see(plain, true)
		// Neither a deeper entry nor another role nor another policy reopens it.
		w.Allow("ann", w.At("area/between/deep/er"), "read,write")
		enforce(w, a, "open")
		see(a, false)
		if _, err := w.Files.Tree.Stat(t.Context(), ann, a); err != nil {
			t.Error(err)
		}
		label(w, w.At("area/between"))
		see(a, true)
		// The tag above the entry's own node does not count.
		label(w, world.Main, "secret")
		see(a, true)
		label(w, area, "secret")
		see(a, false)
		see(plain, false)
		label(w, area)
		keep(w, "closed", "", deny("read", called("b.pdf")))
		w.Write(func(tx *store.Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: world.Main, Policies: []alveary.PolicyID{"closed"}})
			return err
		})
		see(plain, false)
		see(a, true)
		if got := names(t, w, ann, w.At("area/plain")); len(got) != 0 {
			t.Errorf("the list shows %q", got)
		}
	})
}

// An observed policy changes no answer. Each request that it would have changed
// is counted once, whatever door of the service it came through, and no other.
func TestPolicyObserved(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		w.Allow("ann", area, "read,write")
		top := w.Folder("area/top")
		txt := w.File("area/top/deep/a.txt", "a")
		pdf := w.File("area/top/deep/b.pdf", "b")
		w.Allow("ann", w.Folder("target"), "read,write")
		keep(w, "watched", alveary.ModeObserved, allow("read write"), deny("read write", extension("txt")))
		w.Entry("ann", area, alveary.Entry{Policies: []alveary.PolicyID{"watched"}})
		requests := 0
		counted := func(what string, want int64, try func(alveary.Subject) error) {
			t.Helper()
			w.Gate.Observed()
			ann := w.As("ann")
			requests++
			ann.Request = fmt.Sprint("request ", requests)
			if err := try(ann); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if got := w.Gate.Observed()["watched"]; got != want {
				t.Errorf("%s is counted %d times, not %d", what, got, want)
			}
		}
		stat := func(id alveary.NodeID) func(alveary.Subject) error {
			return func(s alveary.Subject) error { _, err := w.Files.Tree.Stat(t.Context(), s, id); return err }
		}
		list := func(id alveary.NodeID) func(alveary.Subject) error {
			return func(s alveary.Subject) error {
				_, err := w.Files.Tree.List(t.Context(), s, files.Listing{Folder: id, Limit: 1, Offset: 1})
				return err
			}
		}
		rename := func(id alveary.NodeID, name string) func(alveary.Subject) error {
			return func(s alveary.Subject) error {
				_, err := w.Files.Tree.Edit(t.Context(), s, id, files.Edit{Name: &name})
				return err
			}
		}
		counted("to see it", 1, stat(txt))
		counted("to see another", 0, stat(pdf))
		counted("to list where it is", 1, list(w.At("area/top/deep")))
		counted("to list above", 0, list(top))
		counted("to read it", 1, func(s alveary.Subject) error { _, err := readAll(t, w, s, txt, 0); return err })
		counted("to send one", 1, func(s alveary.Subject) error { return send(t, w, s, area, named("new.txt", "x", files.Fail)) })
		counted("to send another", 0, func(s alveary.Subject) error { return send(t, w, s, area, named("new.pdf", "x", files.Fail)) })
		counted("to begin one", 1, func(s alveary.Subject) error {
			_, err := w.Files.Uploads.Begin(t.Context(), s, files.Begin{Parent: area, Name: "x.txt", Length: 1})
			return err
		})
		counted("to rename into it", 1, rename(pdf, "c.txt"))
		counted("to rename out of it", 1, rename(pdf, "b.pdf"))
		counted("to copy the folder", 1, func(s alveary.Subject) error {
			_, _, err := w.Files.Tree.Copy(t.Context(), s, top, w.At("target"), "", files.Fail)
			return err
		})
		counted("to move the folder", 1, func(s alveary.Subject) error {
			_, err := w.Files.Tree.Move(t.Context(), s, top, w.At("target"), "moved", files.Fail)
			return err
		})
		counted("where it is not", 0, stat(txt))
		w.Place(top, area, "top")
		counted("to put the folder into the bin", 1, func(s alveary.Subject) error { _, err := w.Files.Bin.Put(t.Context(), s, top); return err })
		counted("to delete it", 1, func(s alveary.Subject) error { return w.Files.Bin.Delete(t.Context(), s, top) })

		// Many at once, each asking again and again: each is counted once.
		other := w.File("area/d.txt", "d")
		w.Gate.Observed()
		var all sync.WaitGroup
		for i := range 8 {
			ann := w.As("ann")
			ann.Request = fmt.Sprint("one of many ", i)
			all.Go(func() {
				for range 5 {
					if _, err := w.Files.Tree.Stat(t.Context(), ann, other); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if got := w.Gate.Observed()["watched"]; got != 8 {
			t.Errorf("8 requests are counted %d times", got)
		}
	})
}

// What a screen is told that may be done is what may be done, for any policies:
// every word of the abilities is tried.
func TestPolicyAbilitiesAreTrue(t *testing.T) {
	w := world.New(t, world.Options{})
	estate(w)
	target := w.Folder("target")
	w.Allow("ann", target, "read,write")
	random := rand.New(rand.NewPCG(7, 11))
	ann := w.As("ann")
	for round := range 40 {
		base := fmt.Sprintf("area/%d", round)
		for _, at := range []string{"a.txt", "b.pdf", "deep/c.txt", "deep/d.pdf", "gone.txt"} {
			w.File(base+"/"+at, strings.Repeat("x", random.IntN(20)))
		}
		label(w, w.At(base+"/b.pdf"), "odd")
		if random.IntN(2) == 0 {
			label(w, w.At(base+"/deep"), "odd")
		}
		keep(w, alveary.PolicyID(base), "", someRules(random, base)...)
		w.Entry("ann", w.At(base), alveary.Entry{Policies: []alveary.PolicyID{alveary.PolicyID(base)}})
		if random.IntN(2) == 0 {
			enforce(w, w.At(base+"/deep"), alveary.PolicyID(base+" deep"), someRules(random, base)...)
		}
		binned := w.At(base + "/gone.txt")
		w.Bin(binned)
		for _, id := range []alveary.NodeID{w.At(base + "/a.txt"), w.At(base + "/b.pdf"), w.At(base + "/deep"), w.At(base + "/deep/c.txt"), w.At(base + "/deep/d.pdf"), binned} {
			it, err := w.Files.Tree.Stat(t.Context(), ann, id)
			if err != nil {
				continue // hidden: nothing is sent
			}
			for word, try := range abilities(t, w, ann, it, target) {
				err := try()
				if allowed := it.Abilities[word].Allowed; allowed != (err == nil) && !excused(it, word, err) {
					t.Errorf("round %d, %s, %s: told %v, got %v", round, w.Node(id).Name, word, allowed, err)
				}
			}
		}
	}
}

// someRules are rules at random.
func someRules(random *rand.Rand, base string) []alveary.Rule {
	conditions := []alveary.AttributeCondition{
		extension("txt"), extension("pdf", ""), tagged("odd"), larger("9B"), called("deep"), path("*/" + base + "/deep/**"),
		when(alveary.AttrNodeType, "StringEqualCondition", "equals", "LEAF"), when(alveary.AttrNodeOwner, "InCondition", "values", []any{"bob", ""}),
		when(alveary.AttrRemoteAddress, "CIDRCondition", "cidr", "10.0.0.0/8"),
	}
	actions := []string{"read", "write", "download", "upload", "delete", "sync", "read write"}
	rules := []alveary.Rule{allow("read"), allow("read write", not(conditions[random.IntN(len(conditions))]))}
	for range random.IntN(4) {
		rules = append(rules, deny(actions[random.IntN(len(actions))], conditions[random.IntN(len(conditions))]))
	}
	return rules
}

// abilities are what each word means, tried in a way that leaves all as it was:
// what is done is undone by who asks nobody.
func abilities(t *testing.T, w *world.World, s alveary.Subject, it files.Item, target alveary.NodeID) map[string]func() error {
	id, tree := it.ID, w.Files.Tree
	n := w.Node(id)
	back := func(err error) error {
		if err == nil {
			w.Place(id, n.Parent, n.Name)
		}
		return err
	}
	name := "renamed"
	if dot := strings.LastIndexByte(n.Name, '.'); dot > 0 && !n.IsFolder() {
		name += n.Name[dot:]
	}
	tries := map[string]func() error{
		"read": func() error { _, err := tree.Stat(t.Context(), s, id); return err },
		"write": func() error {
			_, err := tree.Edit(t.Context(), s, id, files.Edit{MTime: &n.MTime})
			return err
		},
		"rename": func() error { _, err := tree.Edit(t.Context(), s, id, files.Edit{Name: &name}); return back(err) },
		"move":   func() error { _, err := tree.Move(t.Context(), s, id, target, name, files.Fail); return back(err) },
		"copy": func() error {
			copied, _, err := tree.Copy(t.Context(), s, id, target, "", files.KeepBoth)
			if err == nil {
				w.Delete(copied.ID)
			}
			return err
		},
		"bin": func() error {
			_, err := w.Files.Bin.Put(t.Context(), s, id)
			if err == nil {
				w.On(id, func(tx *store.Tx, line alveary.Lineage) error { _, err := tx.Unbin(line); return err })
			}
			return err
		},
		"restore": func() error {
			_, err := w.Files.Bin.Restore(t.Context(), s, id, 0, files.Fail)
			if err == nil {
				w.Bin(id)
			}
			return err
		},
		"versions": func() error { _, err := w.Files.Content.Versions(t.Context(), s, id); return err },
	}
	if n.IsFolder() {
		delete(tries, "versions")
		tries["download"] = func() error { _, err := w.Files.Content.Archive(t.Context(), s, []alveary.NodeID{id}); return err }
		tries["createFolder"] = func() error {
			made, _, err := tree.MakeFolder(t.Context(), s, id, "made", files.Fail)
			if err == nil && made.ID != 0 {
				w.Delete(made.ID)
			}
			return err
		}
		return tries
	}
	tries["download"] = func() error { _, err := readAll(t, w, s, id, 0); return err }
	if n.Binned.IsZero() {
		tries["upload"] = func() error {
			_, err := w.Files.Content.Overwrite(t.Context(), s, id, sized("", int(n.Size), n.Size))
			return err
		}
	}
	return tries
}

// excused are differences that the words of the abilities leave open: what else
// is in a folder, and what comes to be at another place or under another name,
// only trying tells.
func excused(it files.Item, word string, err error) bool {
	if !it.Abilities[word].Allowed || err == nil {
		return false
	}
	return it.IsFolder() && slices.Contains([]string{"move", "bin", "copy", "rename", "createFolder"}, word) || strings.Contains(words(err), `"lifted"`)
}

// Each shipped template, given on a folder as it is, does through the service
// what its description says.
func TestPolicyTemplates(t *testing.T) {
	inside, outside := "192.168.2.17", "203.0.113.9"
	office := time.Date(2027, 3, 1, 10, 0, 0, 0, time.UTC) // a Monday
	type request struct {
		when    time.Time
		address string
		level   int
	}
	at := func(when time.Time, address string, level int) request { return request{when, address, level} }
	plain := at(office, inside, 1)
	all := "list read send delete overwrite"
	stories := map[string][]struct {
		request
		can string
	}{
		"business-hours":           {{plain, all}, {at(office.Add(9*time.Hour), inside, 1), ""}, {at(office.AddDate(0, 0, 5), inside, 1), ""}},
		"limited-period":           {{plain, all}, {at(office.AddDate(-1, 0, 0), inside, 1), ""}, {at(office.AddDate(0, 6, 0), inside, 1), ""}},
		"no-access-after":          {{plain, all}, {at(office.AddDate(1, 0, 0), inside, 1), ""}},
		"only-from-networks":       {{plain, all}, {at(office, outside, 2), ""}, {at(office, "", 2), ""}},
		"second-factor-outside":    {{plain, all}, {at(office, outside, 1), ""}, {at(office, outside, 2), all}, {at(office, "", 1), ""}},
		"read-no-download":         {{plain, "list"}},
		"write-no-delete":          {{plain, "list read send overwrite"}},
		"no-large-uploads":         {{plain, all}},
		"no-sync":                  {{plain, all}},
		"drop-box":                 {{plain, "send overwrite delete"}},
		"hide-by-extension":        {{plain, all}},
		"confidential-no-download": {{plain, all}},
	}
	world.OnEach(t, func(t *testing.T, w *world.World) {
		estate(w)
		for _, template := range templates.All() {
			if len(stories[template.ID]) == 0 {
				t.Errorf("%s is not tried", template.ID)
			}
			keep(w, template.Policy.ID, "", template.Policy.Rules...)
			folder := w.Folder("area/" + template.ID)
			w.Entry("ann", folder, alveary.Entry{Policies: []alveary.PolicyID{template.Policy.ID}})
			for i, story := range stories[template.ID] {
				id, gone := w.File("area/"+template.ID+"/a.pdf", "a"), w.File("area/"+template.ID+"/gone.pdf", "b")
				ann := w.As("ann")
				ann.Context = &alveary.Context{Address: story.address, AuthLevel: story.level}
				w.Wait(story.when.Sub(w.Now()))
				can := map[string]error{}
				_, can["list"] = w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: folder, Limit: 9})
				_, can["read"] = readAll(t, w, ann, id, 0)
				can["send"] = send(t, w, ann, folder, named("sent.pdf", "x", files.Fail))
				_, can["overwrite"] = w.Files.Content.Overwrite(t.Context(), ann, id, sized("", 3, 3))
				can["delete"] = w.Files.Bin.Delete(t.Context(), ann, gone)
				for _, what := range slices.Sorted(maps.Keys(can)) {
					if want := slices.Contains(strings.Fields(story.can), what); want != (can[what] == nil) {
						t.Errorf("%s, %d: to %s: %v", template.ID, i, what, can[what])
					}
				}
				for _, name := range []string{"a.pdf", "gone.pdf", "sent.pdf"} {
					if left := w.At("area/" + template.ID + "/" + name); left != 0 {
						w.Delete(left)
					}
				}
			}
		}
		ann := w.As("ann")
		ann.Context = &alveary.Context{Address: plain.address, AuthLevel: plain.level}
		w.Wait(office.Sub(w.Now()))
		// What is in some of them alone.
		limit := w.At("area/no-large-uploads")
		u := text("x")
		u.Size, u.Body = 100<<20+1, untouched{t}
		wantKind(t, send(t, w, ann, limit, u), alveary.KindDenied, "denied")
		u.Size = -1
		wantKind(t, send(t, w, ann, limit, u), alveary.KindDenied, "denied")
		hide := w.At("area/hide-by-extension")
		ok(t, send(t, w, ann, hide, named("a.txt", "x", files.Fail)))
		ok(t, send(t, w, ann, hide, named("a.pdf", "x", files.Fail)))
		if got := names(t, w, ann, hide); !slices.Equal(got, []string{"a.pdf"}) {
			t.Errorf("%q", got)
		}
		secret := w.File("area/confidential-no-download/sub/a.pdf", "x")
		label(w, w.At("area/confidential-no-download/sub"), "draft", "Confidential")
		_, err := readAll(t, w, ann, secret, 0)
		wantKind(t, err, alveary.KindDenied, "denied")
		synced := w.File("area/no-sync/a.pdf", "x")
		w.Read(func(tx *store.Tx) error {
			access, err := w.Gate.Bind(t.Context(), tx, ann)
			line, lost := tx.Lineage(synced)
			if rights := access.Rights(line); lost != nil || rights != alveary.AllRights&^(1<<alveary.ActionSync) {
				t.Errorf("left are %s", rights)
			}
			return err
		})
		box := w.At("area/drop-box")
		it, _, err := w.Files.Content.Write(t.Context(), ann, box, named("twice.pdf", "1", files.Replace))
		again, _, errAgain := w.Files.Content.Write(t.Context(), ann, box, named("twice.pdf", "2", files.Replace))
		if err != nil || errAgain != nil || it.Name != again.Name || it.ID+again.ID != 0 || w.Content(w.At("area/drop-box/twice.pdf")) != "1" {
			t.Errorf("%+v and %+v, %v, %v", it, again, err, errAgain)
		}
		_, err = w.Files.Bin.Put(t.Context(), ann, w.File("area/write-no-delete/x.pdf", "x"))
		ok(t, err)
		if deleted, kept, err := w.Files.Bin.Empty(t.Context(), ann); err != nil || deleted != 0 || kept != 1 {
			t.Errorf("%d, %d, %v", deleted, kept, err)
		}
	})
}
