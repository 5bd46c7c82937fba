package files_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// when is a condition on an attribute; its options come as name and value.
func when(attribute, kind string, options ...any) alveary.AttributeCondition {
	c := alveary.AttributeCondition{Attribute: attribute, Condition: alveary.Condition{Type: kind, Options: map[string]any{}}}
	for i := 0; i < len(options); i += 2 {
		c.Options[options[i].(string)] = options[i+1]
	}
	return c
}

// extension, tag, named… are conditions that many stories need.
func extension(values ...any) alveary.AttributeCondition {
	return when(alveary.AttrNodeExtension, "InCondition", "values", values)
}

func tagged(values ...any) alveary.AttributeCondition {
	return when(alveary.NodeMetaPrefix+alveary.NamespaceTags, "InCondition", "values", values)
}

func called(values ...any) alveary.AttributeCondition {
	return when(alveary.AttrNodeName, "InCondition", "values", values)
}

func path(glob string) alveary.AttributeCondition {
	return when(alveary.AttrNodePath, "PathGlobCondition", "glob", glob)
}

func larger(than string) alveary.AttributeCondition {
	return when(alveary.AttrNodeSize, "CompareCondition", "op", ">", "value", than)
}

func hours(matches string) alveary.AttributeCondition {
	return when(alveary.AttrServerTime, "OfficeHoursCondition", "matches", matches)
}

func not(c alveary.AttributeCondition) alveary.AttributeCondition {
	inner := map[string]any{"type": c.Type, "options": c.Options}
	return when(c.Attribute, "NotCondition", "condition", inner)
}

// deny and allow are rules about actions, separated by blanks.
func deny(actions string, conditions ...alveary.AttributeCondition) alveary.Rule {
	return alveary.Rule{Effect: alveary.EffectDeny, Actions: strings.Fields(actions), Conditions: conditions}
}

func allow(actions string, conditions ...alveary.AttributeCondition) alveary.Rule {
	r := deny(actions, conditions...)
	r.Effect = alveary.EffectAllow
	return r
}

// enforce stores a policy that allows reading and writing but for the rules,
// and names it in an entry of ann's on the node.
func enforce(w *world.World, node alveary.NodeID, id alveary.PolicyID, rules ...alveary.Rule) {
	keep(w, id, alveary.ModeEnforced, append([]alveary.Rule{allow("read write")}, rules...)...)
	w.Entry("ann", node, alveary.Entry{Policies: []alveary.PolicyID{id}})
}

func keep(w *world.World, id alveary.PolicyID, mode alveary.PolicyMode, rules ...alveary.Rule) {
	w.Write(func(tx *store.Tx) error {
		_, err := tx.PutPolicy(alveary.Policy{ID: id, Type: alveary.PolicyACL, Mode: mode, Rules: rules}, "", "")
		return err
	})
}

// label gives a node tags.
func label(w *world.World, id alveary.NodeID, tags ...string) {
	w.On(id, func(tx *store.Tx, line alveary.Lineage) error {
		_, err := tx.SetMetadata(line, line.Node().Meta.With(alveary.NamespaceTags, tags...))
		return err
	})
}

// estate is a world with ann, bob and a folder "area".
func estate(w *world.World) (area alveary.NodeID) {
	w.User("ann")
	w.User("bob")
	return w.Folder("area")
}

// Every operation, where a policy takes rights by a tag: allowed exactly where
// what is left holds what chapter 5 of the model needs, else in the words of
// a static entry that gives no more. The tag goes along wherever the node goes.
func TestPolicyModel5(t *testing.T) {
	for _, op := range operations {
		s := newStage(t)
		trodden := false // refused, nothing changes, so one stage does for many
		for _, lost := range []string{"read", "write", "download", "upload", "delete", "sync", "download delete", "upload delete"} {
			denied := alveary.Rights(0)
			for a := alveary.ActionRead; a <= alveary.ActionSync; a++ {
				if slices.Contains(strings.Fields(lost), a.String()) {
					denied = denied.With(a)
				}
			}
			if (op.name == "copy a file" || op.name == "copy a folder") && denied&authz.Create.Needs() != 0 {
				continue // the tag goes along: see TestPolicyCopyIsDecidedWhole
			}
			have := alveary.AllRights &^ denied &^ (denied & alveary.Givable).Implied()
			set := func(w *world.World, _, node, _ alveary.NodeID) {
				w.Forget(s.whole)
				enforce(w, s.whole, "odd", deny(lost, tagged("odd")))
				label(w, node, "odd")
			}
			if trodden {
				s = s.next()
			}
			if op.on == onUpload && s.upload == "" {
				s.began()
			}
			if trodden = op.needs&^have == 0; !trodden {
				s.refused(t, op.name, op.on, op.needs, lost+" denied", have, set, op.try)
			} else {
				s.allowed(t, op.on, lost+" denied", have, set, op.try)
			}
		}
	}
}

// names lists what is shown of a folder, in its order.
func names(t *testing.T, w *world.World, s alveary.Subject, folder alveary.NodeID) (out []string) {
	t.Helper()
	page, err := w.Files.Tree.List(t.Context(), s, files.Listing{Folder: folder, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range page.Items {
		out = append(out, it.Name)
	}
	if page.Total != int64(len(out)) {
		t.Errorf("the total is %d of %q", page.Total, out)
	}
	return out
}

// What a policy hides is nowhere: not in a list, by its path, by its id, in an
// archive, a copy, or the bin; nor is what lies in a hidden folder.
func TestPolicyHides(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		w.Write(func(tx *store.Tx) error {
			return tx.InsertWorkspace(alveary.Workspace{Slug: "area", Label: "Area", Root: area})
		})
		w.File("area/plan.pdf", "plan")
		w.File("area/old.pdf", "in the bin")
		w.File("area/deep/open.pdf", "open")
		vault := w.Folder("area/deep/vault")
		label(w, vault, "hidden")
		var hidden []alveary.NodeID
		for _, at := range []string{"area/notes.txt", "area/NOTES.TXT", "area/deep/more.txt", "area/deep/vault/in.pdf", "area/deep/vault/er/in.pdf", "area/bin.txt"} {
			hidden = append(hidden, w.File(at, "hidden"))
		}
		inVault := w.Folder("area/deep/vault/er")
		target := w.Folder("target")
		w.Allow("ann", target, "read,write")
		enforce(w, area, "hide", deny("read", extension("txt")), deny("read", tagged("hidden")))
		w.Bin(w.At("area/bin.txt"))
		w.Bin(w.At("area/old.pdf"))

		if got := names(t, w, ann, area); !slices.Equal(got, []string{"deep", "plan.pdf"}) {
			t.Errorf("the list shows %q", got)
		}
		if got := names(t, w, ann, w.At("area/deep")); !slices.Equal(got, []string{"open.pdf"}) {
			t.Errorf("the list shows %q", got)
		}
		nothing := words(alveary.Withheld(""))
		for _, p := range []string{"notes.txt", "NOTES.TXT", "deep/more.txt", "deep/vault", "deep/vault/in.pdf", "deep/vault/er/in.pdf", "none.txt"} {
			if _, err := w.Files.Tree.Lookup(t.Context(), ann, "area/"+p); words(err) != nothing {
				t.Errorf("%s: %v", p, err)
			}
		}
		if it, err := w.Files.Tree.Lookup(t.Context(), ann, "area/deep/open.pdf"); err != nil || it.Path != "area/deep/open.pdf" {
			t.Errorf("%+v, %v", it, err)
		}
		for _, id := range append(hidden, vault, inVault) {
			errs := map[string]error{}
			_, errs["stat"] = w.Files.Tree.Stat(t.Context(), ann, id)
			_, errs["list"] = w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: id, Limit: 9})
			_, errs["read"] = readAll(t, w, ann, id, 0)
			_, errs["read version"] = readAll(t, w, ann, id, 1)
			_, errs["probe"] = w.Files.Content.Open(t.Context(), ann, id, 0, files.ForProbing)
			_, errs["versions"] = w.Files.Content.Versions(t.Context(), ann, id)
			_, _, errs["picture"] = w.Files.Content.Thumbnail(t.Context(), ann, id, 64)
			_, errs["zip"] = w.Files.Content.Archive(t.Context(), ann, []alveary.NodeID{w.At("area/plan.pdf"), id})
			_, _, errs["copy"] = w.Files.Tree.Copy(t.Context(), ann, id, target, "", files.Fail)
			_, errs["move"] = w.Files.Tree.Move(t.Context(), ann, id, target, "", files.Fail)
			_, errs["restore elsewhere"] = w.Files.Bin.Restore(t.Context(), ann, id, target, files.Fail)
			for what, err := range errs {
				if words(err) != nothing {
					t.Errorf("%s of what is hidden: %v", what, err)
				}
			}
		}
		if got := unzip(t, w, area); len(got) != 4 || got["area/deep/open.pdf"] != "open" {
			t.Errorf("the archive holds %v", got)
		}
		_, left, err := w.Files.Tree.Copy(t.Context(), ann, area, target, "", files.Fail)
		if err != nil || left != 0 || w.At("target/area/notes.txt")+w.At("target/area/deep/more.txt")+w.At("target/area/deep/vault") != 0 || w.At("target/area/deep/open.pdf") == 0 {
			t.Errorf("%d left out, %v:\n%s", left, err, w.Picture())
		}
		items, next, err := w.Files.Bin.List(t.Context(), ann, "", 100)
		if err != nil || next != "" || len(items) != 1 || items[0].Name != "old.pdf" {
			t.Errorf("the bin shows %+v, %v", items, err)
		}
	})
}

// What may be seen but not downloaded is left out and counted; what is hidden
// is not counted.
func TestPolicyCountsOnlyWhatIsSeen(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		target := w.Folder("target")
		w.Allow("ann", target, "read,write")
		for i := range 4 {
			w.File(fmt.Sprintf("area/d/a%d.txt", i), "hidden")
			w.File(fmt.Sprintf("area/d/b%d.bin", i), "sealed")
		}
		w.File("area/d/c.pdf", "open")
		label(w, w.At("area/d/b0.bin"), "open")
		enforce(w, area, "p", deny("read", extension("txt")), deny("download", extension("bin"), not(tagged("open"))))
		got := unzip(t, w, area)
		if note := got["LEFT-OUT.txt"]; len(got) != 5 || !strings.Contains(note, "3") || got["area/d/b0.bin"] != "sealed" {
			t.Errorf("the archive holds %q", got)
		}
		if _, left, err := w.Files.Tree.Copy(t.Context(), w.As("ann"), area, target, "", files.Fail); err != nil || left != 3 {
			t.Errorf("%d left out, %v", left, err)
		}
		_, err := readAll(t, w, w.As("ann"), w.At("area/d/b1.bin"), 0)
		wantKind(t, err, alveary.KindDenied, "denied")
		_, _, err = w.Files.Content.Thumbnail(t.Context(), w.As("ann"), w.At("area/d/b1.bin"), 64)
		wantKind(t, err, alveary.KindDenied, "denied")
	})
}

// Of 1,200 every third is hidden: in every order, by cursor and by number, the
// pages hold the others, each once, and the total counts them alone.
func TestPolicyListsInPages(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		info := w.Object("x")
		shown := map[alveary.NodeID]bool{}
		w.Write(func(tx *store.Tx) error {
			line, err := tx.Lineage(area)
			for i := 0; i < 1200 && err == nil; i++ {
				n := alveary.Node{
					Name: fmt.Sprintf("n%d.%s", i%200*7+i/200*100000, []string{"txt", "pdf", "bin"}[i%3]), Type: alveary.Leaf, MTime: time.UnixMicro(int64(1 + i%7)),
					Size: int64(i % 11), MIME: []string{"text/plain", "image/png"}[i%2], SHA256: info.SHA256, Blob: info.Blob,
				}
				if i%5 == 0 {
					n.Type, n.Size, n.MIME, n.SHA256, n.Blob = alveary.Collection, 0, "", "", ""
				}
				var made alveary.Node
				made, err = tx.Insert(line, n)
				shown[made.ID] = i%3 != 0
			}
			return err
		})
		enforce(w, area, "hide", deny("read", when(alveary.AttrNodeName, "StringMatchCondition", "matches", `\.txt$`)))
		ann := w.As("ann")
		for _, sort := range []files.Sort{"", store.SortName, store.SortSize, store.SortMTime, store.SortType} {
			for mode := range 4 {
				for _, numbered := range []bool{false, true} {
					l := files.Listing{Folder: area, Sort: sort, Descending: mode&1 != 0, FoldersMixed: mode&2 != 0, Limit: 280}
					seen := map[alveary.NodeID]bool{}
					for more := true; more; {
						page, err := w.Files.Tree.List(t.Context(), ann, l)
						if err != nil || page.Total != 800 || len(page.Items) == 0 {
							t.Fatalf("%+v: %d of %d, %v", l, len(page.Items), page.Total, err)
						}
						for _, it := range page.Items {
							if seen[it.ID] || !shown[it.ID] {
								t.Fatalf("%+v: %s twice or hidden", l, it.Name)
							}
							seen[it.ID] = true
						}
						if l.Cursor, more = page.Next, page.Next != ""; numbered {
							l.Offset, l.Cursor = len(seen), ""
						}
					}
					if len(seen) != 800 {
						t.Errorf("%+v: %d seen", l, len(seen))
					}
				}
			}
		}
		past, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: area, Limit: 10, Offset: 800})
		if err != nil || len(past.Items) != 0 || past.Next != "" || past.Total != 800 {
			t.Errorf("past the end: %d, %q, %v", len(past.Items), past.Next, err)
		}
		full, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: area, Limit: 800})
		if err != nil || len(full.Items) != 800 || full.Next != "" {
			t.Errorf("exactly all: %d, %q, %v", len(full.Items), full.Next, err)
		}
	})
}

// A name that something hidden has is as good as free: whoever asks for it
// gets another silently, and a refusal of what he asked for is that of a name
// that is free.
func TestPolicyHiddenNameIsNoOracle(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		w.File("area/taken.txt", "hidden")
		w.File("area/taken.sec", "hidden")
		box := w.Folder("area/box")
		w.File("area/box/taken.txt", "hidden")
		enforce(w, area, "hide", deny("read", extension("txt")), deny("read write", extension("sec")))
		enforce(w, box, "blind", deny("read"))
		ann := w.As("ann")
		put := func(folder alveary.NodeID, name string, c files.Conflict) (string, error) {
			it, _, err := w.Files.Content.Write(t.Context(), ann, folder, named(name, "x", c))
			return it.Name, err
		}
		rename := func(name string) error {
			_, err := w.Files.Tree.Edit(t.Context(), ann, w.File("area/mine "+name+".pdf", "x"), files.Edit{Name: &name})
			return err
		}
		for _, c := range []files.Conflict{files.Fail, files.Replace, files.KeepBoth} {
			for _, name := range []string{"taken.txt", "free " + string(c) + ".txt"} {
				told, err := put(area, name, c)
				toldInBox, errInBox := put(box, name, c)
				if err != nil || errInBox != nil || told != name || toldInBox != name {
					t.Errorf("%s to %s: told %q, %q, %v, %v", c, name, told, toldInBox, err, errInBox)
				}
			}
			_, free := put(area, "free "+string(c)+".sec", c)
			_, taken := put(area, "taken.sec", c)
			if errText(free, "free "+string(c)) != errText(taken, "taken") {
				t.Errorf("%s to a name that is free: %v\nand to one that is taken: %v", c, free, taken)
			}
		}
		free, taken := rename("free.sec"), rename("taken.sec")
		if errText(free, "free") != errText(taken, "taken") {
			t.Errorf("renamed to a name that is free: %v\nand to one that is taken: %v", free, taken)
		}
		if got := w.Content(w.At("area/taken.txt")); got != "hidden" {
			t.Errorf("the hidden file holds %q", got)
		}
		if got := w.Content(w.At("area/taken (2).txt")); got != "x" {
			t.Errorf("what was sent holds %q", got)
		}
	})
}

// errText is all that an error says, with a name taken out.
func errText(err error, name string) string {
	return strings.ReplaceAll(fmt.Sprint(err)+" "+words(err), name, "NAME")
}

// Ranges read through what was opened once; whoever opens again is asked again.
func TestPolicyByAddress(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		id := w.File("area/a.pdf", "0123456789")
		enforce(w, area, "net", deny("read write", not(when(alveary.AttrRemoteAddress, "CIDRCondition", "cidr", "10.0.0.0/8"))))
		for address, inside := range map[string]bool{
			"10.1.2.3": true, "::ffff:10.1.2.3": true, "192.0.2.7": false, "": false, "10.1.2.3:80": false, "nonsense": false,
		} {
			ann := w.As("ann")
			ann.Context = &alveary.Context{Address: address}
			f, err := w.Files.Content.Open(t.Context(), ann, id, 0, files.ForDownload)
			if (err == nil) != inside {
				t.Errorf("from %q: %v", address, err)
			}
			if err != nil {
				if words(err) != words(alveary.Withheld("")) {
					t.Errorf("from %q: %v", address, err)
				}
				continue
			}
			if _, err := f.Seek(4, io.SeekStart); err != nil {
				t.Error(err)
			}
			rest, err := io.ReadAll(f)
			if string(rest) != "456789" || err != nil {
				t.Errorf("read %q, %v", rest, err)
			}
			ok(t, f.Close())
		}
	})
}
