package files_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// sweeping are the operations that take a folder with all that is in it.
var sweeping = []struct {
	name   string
	binned bool // the folder is in the bin
	right  string
	run    func(t *testing.T, w *world.World, s alveary.Subject, top, target alveary.NodeID) error
}{
	{"move", false, "write", func(t *testing.T, w *world.World, s alveary.Subject, top, target alveary.NodeID) error {
		_, err := w.Files.Tree.Move(t.Context(), s, top, target, "", files.Fail)
		return err
	}},
	{"bin", false, "write", func(t *testing.T, w *world.World, s alveary.Subject, top, _ alveary.NodeID) error {
		_, err := w.Files.Bin.Put(t.Context(), s, top)
		return err
	}},
	{"delete", false, "delete", remove1},
	{"delete from the bin", true, "delete", remove1},
	{"restore", true, "write", func(t *testing.T, w *world.World, s alveary.Subject, top, _ alveary.NodeID) error {
		_, err := w.Files.Bin.Restore(t.Context(), s, top, 0, files.Fail)
		return err
	}},
	{"restore elsewhere", true, "read", func(t *testing.T, w *world.World, s alveary.Subject, top, target alveary.NodeID) error {
		_, err := w.Files.Bin.Restore(t.Context(), s, top, target, files.Fail)
		return err
	}},
}

func remove1(t *testing.T, w *world.World, s alveary.Subject, top, _ alveary.NodeID) error {
	return w.Files.Bin.Delete(t.Context(), s, top)
}

// One file that a policy tells apart, wherever the entry that names the policy
// stands and whether the file is in the bin or not, refuses what would take it
// along, without being named; without it the same is allowed.
func TestPolicySweepingIsAllOrNothing(t *testing.T) {
	for _, op := range sweeping {
		w := world.New(t, world.Options{})
		estate(w)
		ann := w.As("ann")
		n := 0
		for _, at := range []string{"", "/top/deep", "/top/deep/er/SECRET.txt"} {
			for _, oddInBin := range []bool{false, true} {
				n++
				base := fmt.Sprintf("area/%d", n)
				odd := w.File(base+"/top/deep/er/SECRET.txt", "x")
				w.File(base+"/top/a.pdf", "x")
				w.File(base+"/top/deep/b.pdf", "x")
				target := w.Folder(base + "/target")
				w.Allow("ann", w.At(base), "read,write")
				top := w.At(base + "/top")
				id := alveary.PolicyID(base)
				enforce(w, w.At(base+at), id, deny(op.right, extension("txt")))
				if oddInBin {
					w.Bin(odd)
				}
				if op.binned {
					w.Bin(top)
				}
				what := fmt.Sprintf("%s, policy at %q, in the bin %v", op.name, at, oddInBin)
				var err error
				unchanged(t, w, what, alveary.KindDenied, "denied", func() error { err = op.run(t, w, ann, top, target); return err })
				if strings.Contains(errText(err, "NAME"), "SECRET") {
					t.Errorf("%s: named in %v", what, err)
				}
				if oddInBin {
					continue
				}
				keep(w, id, "", allow("read write"), deny(op.right, extension("exe")))
				if err := op.run(t, w, ann, top, target); err != nil {
					t.Errorf("%s, without it: %v", what, err)
				}
			}
		}
	}
}

// A hidden file refuses what would take it along, in the words of any other
// file that may not be taken.
func TestPolicySweepingDoesNotTell(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		estate(w)
		ann := w.As("ann")
		target := w.Folder("target")
		w.Allow("ann", target, "read,write")
		for i, op := range sweeping {
			var said []string
			for _, right := range []string{"read write delete", "write delete"} {
				base := fmt.Sprintf("area/%d %s", i, right)
				w.File(base+"/top/deep/SECRET.txt", "x")
				enforce(w, w.At(base), alveary.PolicyID(base), deny(right, extension("txt")))
				if op.binned {
					w.Bin(w.At(base + "/top"))
				}
				top := w.At(base + "/top")
				if op.binned {
					top = binnedTop(w, base)
				}
				said = append(said, words(op.run(t, w, ann, top, target)))
			}
			if said[0] != said[1] || strings.Contains(said[0], "SECRET") {
				t.Errorf("%s: of what is hidden %s\nof what is seen %s", op.name, said[0], said[1])
			}
		}
	})
}

// binnedTop is the folder "top" in the bin, beneath a path.
func binnedTop(w *world.World, base string) (id alveary.NodeID) {
	w.Read(func(tx *store.Tx) error {
		nodes, err := tx.Binned(store.BinPlace{}, 1000)
		for _, n := range nodes {
			if n.Parent == w.At(base) {
				id = n.ID
			}
		}
		return err
	})
	return id
}

// Emptying the bin deletes what may be deleted. It keeps and counts what may
// be seen and not deleted; what is hidden is kept and not counted, and so is a
// folder with something of the kind in it.
func TestPolicyEmptyBin(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		for _, at := range []string{"a.pdf", "b.pdf", "keep.log", "hidden.txt", "free/x.pdf", "full/x.pdf", "full/deep/x.log", "veiled/deep/x.txt"} {
			w.File("area/"+at, "x")
		}
		enforce(w, area, "p", deny("delete", extension("log")), deny("read delete", extension("txt")))
		for _, at := range []string{"a.pdf", "b.pdf", "keep.log", "hidden.txt", "free", "full", "veiled"} {
			w.Bin(w.At("area/" + at))
		}
		deleted, kept, err := w.Files.Bin.Empty(t.Context(), ann)
		if err != nil || deleted != 3 || kept != 3 {
			t.Errorf("%d deleted, %d kept, %v", deleted, kept, err)
		}
		items, _, err := w.Files.Bin.List(t.Context(), ann, "", 10)
		var left []string
		for _, it := range items {
			left = append(left, it.Name)
			if it.Abilities["delete"].Allowed && !it.IsFolder() {
				t.Errorf("%s says that it can be deleted", it.Name)
			}
		}
		slices.Sort(left)
		if err != nil || !slices.Equal(left, []string{"full", "keep.log", "veiled"}) {
			t.Errorf("the bin shows %q, %v", left, err)
		}
	})
}

// In a folder of thousands, one of them refuses the whole, on the page of the
// walk that it is on.
func TestPolicySweepsBigFolders(t *testing.T) {
	w := world.New(t, world.Options{})
	area := estate(w)
	ann := w.As("ann")
	top := w.Folder("area/top")
	info := w.Object("x")
	w.Write(func(tx *store.Tx) error {
		line, err := tx.Lineage(top)
		for i := 0; i < 4200 && err == nil; i++ {
			_, err = tx.Insert(line, alveary.Node{
				Name: fmt.Sprintf("n%05d.pdf", i), Type: alveary.Leaf, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME, Blob: info.Blob, Owner: ann.User.ID,
			})
		}
		return err
	})
	target := w.Folder("target")
	w.Allow("ann", target, "read,write")
	// The owner is looked up while the walk is under way.
	enforce(w, area, "p", deny("write delete", called("n04199.pdf")), deny("delete", when(alveary.AttrNodeOwner, "InCondition", "values", []any{"bob"})))
	_, err := w.Files.Tree.Move(t.Context(), ann, top, target, "", files.Fail)
	wantKind(t, err, alveary.KindDenied, "denied")
	err = w.Files.Bin.Delete(t.Context(), ann, top)
	wantKind(t, err, alveary.KindDenied, "denied")
	name := "other"
	_, err = w.Files.Tree.Edit(t.Context(), ann, top, files.Edit{Name: &name})
	wantKind(t, err, alveary.KindDenied, "denied")
	keep(w, "p", "", allow("read write"), deny("write", when(alveary.AttrNodeOwner, "StringEqualCondition", "equals", "bob")))
	_, err = w.Files.Tree.Edit(t.Context(), ann, top, files.Edit{Name: &name})
	ok(t, err)
	_, err = w.Files.Tree.Move(t.Context(), ann, top, target, "", files.Fail)
	ok(t, err)
	ok(t, w.Files.Bin.Delete(t.Context(), ann, top))
}

// Who owns a node is looked up wherever it is asked about: in lists, archives,
// copies, the bin and what goes along with a folder.
func TestPolicyByOwner(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann, bob := w.As("ann"), w.As("bob")
		target := w.Folder("target")
		for _, who := range []string{"ann", "bob"} {
			w.Allow(who, target, "read,write")
		}
		w.Allow("bob", area, "read,write")
		keep(w, "own", "", allow("write"),
			allow("read", when(alveary.AttrNodeType, "StringEqualCondition", "equals", "COLLECTION")),
			allow("read", when(alveary.AttrNodeOwner, "StringEqualCondition", "equals", "{{.ClaimsName}}")))
		w.Entry("ann", area, alveary.Entry{Policies: []alveary.PolicyID{"own"}})
		for i := range 30 {
			ok(t, send(t, w, ann, area, named(fmt.Sprintf("ann%d.txt", i), "a", files.Fail)))
			ok(t, send(t, w, bob, area, named(fmt.Sprintf("bob%d.txt", i), "b", files.Fail)))
		}
		if got := names(t, w, ann, area); len(got) != 30 || got[0] != "ann0.txt" {
			t.Errorf("ann sees %q", got)
		}
		page, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: area, Limit: 7, Sort: store.SortSize, Offset: 28})
		if err != nil || len(page.Items) != 2 || page.Total != 30 {
			t.Errorf("%d of %d, %v", len(page.Items), page.Total, err)
		}
		if got := unzip(t, w, area); len(got) != 31 {
			t.Errorf("the archive holds %d", len(got))
		}
		_, left, err := w.Files.Tree.Copy(t.Context(), ann, area, target, "", files.Fail)
		if err != nil || left != 0 || len(names(t, w, bob, w.At("target/area"))) != 30 {
			t.Errorf("%d left out, %v", left, err)
		}
		_, err = w.Files.Tree.Move(t.Context(), ann, area, target, "moved", files.Fail)
		wantKind(t, err, alveary.KindDenied, "denied")
		w.Bin(w.At("area/ann1.txt"))
		w.Bin(w.At("area/bob1.txt"))
		items, _, err := w.Files.Bin.List(t.Context(), ann, "", 10)
		if err != nil || len(items) != 1 || items[0].Name != "ann1.txt" {
			t.Errorf("the bin shows %+v, %v", items, err)
		}
		// Her own is hers when it comes back, and what another sends onto her name is his.
		_, err = w.Files.Bin.Restore(t.Context(), ann, items[0].ID, 0, files.Fail)
		ok(t, err)
		it, _, err := w.Files.Content.Write(t.Context(), ann, area, named("bob2.txt", "mine", files.Replace))
		if err != nil || it.Name != "bob2 (2).txt" || w.Content(w.At("area/bob2.txt")) != "b" {
			t.Errorf("%q, %v", it.Name, err)
		}
	})
}

// A rule on the path counts through the folders above: by a new name of one of
// them a node gets in and out of it, and both ways are asked.
func TestPolicyByPath(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		w.File("area/open/deep/a.pdf", "a")
		w.File("area/closed/deep/b.pdf", "b")
		w.File("area/closed2/deep/c.pdf", "c")
		open, closed := w.At("area/open"), w.At("area/closed")
		main := w.Node(world.Main).Name
		enforce(w, area, "p", deny("read", path(main+"/area/closed/deep/*")), deny("write", path(main+"/area/shut/**")))
		see := func(id alveary.NodeID, want bool) {
			t.Helper()
			if _, err := w.Files.Tree.Stat(t.Context(), ann, id); (err == nil) != want {
				t.Errorf("%s: %v", w.Node(id).Name, err)
			}
		}
		b := w.At("area/closed/deep/b.pdf")
		see(b, false)
		see(w.At("area/closed2/deep/c.pdf"), true)
		see(w.At("area/closed/deep"), true)
		rename := func(id alveary.NodeID, name string) error {
			_, err := w.Files.Tree.Edit(t.Context(), ann, id, files.Edit{Name: &name})
			return err
		}
		unchanged(t, w, "out of the rule", alveary.KindDenied, "lifted", func() error { return rename(closed, "opened") })
		unchanged(t, w, "into the rule", alveary.KindDenied, "denied", func() error { return rename(open, "shut") })
		unchanged(t, w, "move into the rule", alveary.KindDenied, "denied", func() error {
			_, err := w.Files.Tree.Move(t.Context(), ann, open, area, "shut", files.Fail)
			return err
		})
		unchanged(t, w, "copy into the rule", alveary.KindDenied, "denied", func() error {
			_, _, err := w.Files.Tree.Copy(t.Context(), ann, open, area, "shut", files.Fail)
			return err
		})
		// Somebody to whom nothing is denied may, and then it counts there.
		w.Place(closed, area, "opened")
		see(b, true)
		w.Place(open, area, "closed")
		see(w.At("area/closed/deep/a.pdf"), false)
	})
}
