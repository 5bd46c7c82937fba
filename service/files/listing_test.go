package files_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// pages reads a folder from its first page to its last.
func pages(t *rapid.T, w *world.World, ctx *testing.T, s alveary.Subject, l files.Listing, byOffset bool) (items []files.Item, total int64) {
	for {
		page, err := w.Files.Tree.List(ctx.Context(), s, l)
		if err != nil {
			t.Fatalf("%+v: %v", l, err)
		}
		if len(page.Items) > l.Limit || (len(page.Items) == 0 && page.Next != "") {
			t.Fatalf("%+v gives %d items and the cursor %q", l, len(page.Items), page.Next)
		}
		items, total = append(items, page.Items...), page.Total
		if page.Next == "" {
			return items, total
		}
		if byOffset {
			l.Offset += len(page.Items)
		} else {
			l.Cursor = page.Next
		}
	}
}

// A listing is what may be read of a folder, each asked for alone; its total is
// their number; its pages, by cursor and by offset, in every order, hold each
// of them once, and in one order.
func TestListingIsCheckingEach(t *testing.T) {
	for _, database := range world.Databases() {
		t.Run(database, func(t *testing.T) {
			w := world.New(t, world.Options{Database: database})
			w.User("ann")
			n := 0
			rapid.Check(t, func(rt *rapid.T) {
				n++
				path := fmt.Sprintf("common/world%d", n)
				folder := w.Folder(path)
				children := fill(rt, w, folder)
				ann := w.As("ann")
				visible := map[alveary.NodeID]alveary.Node{}
				for _, id := range children {
					it, err := w.Files.Tree.Stat(t.Context(), ann, id)
					if err == nil && it.Binned.IsZero() {
						visible[id] = it.Node
					}
				}
				l := files.Listing{
					Folder: folder, Limit: rapid.IntRange(1, 12).Draw(rt, "limit"),
					Sort:       rapid.SampledFrom([]files.Sort{"", store.SortName, store.SortSize, store.SortMTime, store.SortType}).Draw(rt, "sort"),
					Descending: rapid.Bool().Draw(rt, "descending"), FoldersMixed: rapid.Bool().Draw(rt, "mixed"),
				}
				if _, err := w.Files.Tree.Stat(t.Context(), ann, folder); err != nil {
					if _, err := w.Files.Tree.List(t.Context(), ann, l); words(err) != words(alveary.Withheld("")) {
						rt.Fatalf("a folder that may not be seen is listed: %v", err)
					}
					return
				}
				byCursor, total := pages(rt, w, t, ann, l, false)
				byOffset, _ := pages(rt, w, t, ann, l, true)
				if total != int64(len(visible)) || len(byCursor) != len(visible) || len(byOffset) != len(visible) {
					rt.Fatalf("%+v: total %d, by cursor %d, by offset %d, visible %d", l, total, len(byCursor), len(byOffset), len(visible))
				}
				for i, it := range byCursor {
					if it.ID != byOffset[i].ID {
						rt.Fatalf("%+v: %d-th is %q by cursor, %q by offset", l, i, it.Name, byOffset[i].Name)
					}
					if it.Node != visible[it.ID] {
						rt.Fatalf("listed %+v, asked for alone %+v", it.Node, visible[it.ID])
					}
					alone, err := w.Files.Tree.Stat(t.Context(), ann, it.ID)
					if err != nil || fmt.Sprint(alone.Abilities) != fmt.Sprint(it.Abilities) || alone.Path != it.Path || alone.Parent != it.Parent {
						rt.Fatalf("listed %+v, alone %+v", it, alone)
					}
					delete(visible, it.ID)
				}
				inOrder(rt, l, byCursor)
			})
		})
	}
}

// fill puts nodes and entries into a folder.
func fill(rt *rapid.T, w *world.World, folder alveary.NodeID) (children []alveary.NodeID) {
	names := []string{"a", "A", "ä", "b2", "b10", "B02", "z", "é", "e\u0301x", "1", "01", "10", "x.txt", "x.png", ".hidden", "\\", "😀", "a b", "a.b", "ß", "ss"}
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	content := w.Object("x")
	w.Write(func(tx *store.Tx) error {
		line, err := tx.Lineage(folder)
		if err != nil {
			return err
		}
		for _, name := range names[:rapid.IntRange(0, len(names)).Draw(rt, "children")] {
			n := alveary.Node{Name: name, Type: alveary.Collection, MTime: time.UnixMicro(int64(1 + random.IntN(3)))}
			if random.IntN(3) > 0 {
				n.Type, n.Blob, n.SHA256 = alveary.Leaf, content.Blob, content.SHA256
				n.Size, n.MIME = int64(random.IntN(3)), []string{"text/plain", "image/png"}[random.IntN(2)]
			}
			made, err := tx.Insert(line, n)
			if err != nil {
				return err
			}
			if random.IntN(6) == 0 {
				if _, err := tx.Bin(line.Child(made), 0); err != nil {
					return err
				}
			}
			children = append(children, made.ID)
		}
		return nil
	})
	roles := []alveary.RoleID{w.Role("ann"), alveary.RootGroupRole}
	w.Write(func(tx *store.Tx) error {
		for range rapid.IntRange(0, 8).Draw(rt, "entries") {
			on := folder
			if len(children) > 0 && random.IntN(4) > 0 {
				on = children[random.IntN(len(children))]
			}
			e := alveary.Entry{Role: roles[random.IntN(2)], Node: on, Rights: []alveary.Rights{0, alveary.RightRead, alveary.RightWrite, alveary.Givable}[random.IntN(4)]}
			switch random.IntN(6) {
			case 0:
				e.Deny = true
			case 1:
				e.Expires = w.Now()
			}
			if _, err := tx.InsertEntry(e); err != nil {
				return err
			}
		}
		_, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: folder, Rights: alveary.Givable})
		return err
	})
	return children
}

func inOrder(rt *rapid.T, l files.Listing, items []files.Item) {
	sorted := slices.IsSortedFunc(items, func(a, b files.Item) int {
		if !l.FoldersMixed && a.IsFolder() != b.IsFolder() {
			if a.IsFolder() {
				return -1
			}
			return 1
		}
		by := 0
		switch l.Sort {
		case store.SortSize:
			by = int(a.Size - b.Size)
		case store.SortMTime:
			by = a.MTime.Compare(b.MTime)
		}
		if l.Descending {
			by = -by
		}
		return by
	})
	if !sorted {
		rt.Fatalf("%+v is not in order: %+v", l, items)
	}
}

// A cursor stays right when something is added or removed before it, and one
// of another listing is refused, never misread.
func TestCursors(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		w.Allow("ann", area, "read")
		for i := range 10 {
			w.File(fmt.Sprintf("area/f%d", i), "x")
		}
		ann := w.As("ann")
		first, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: area, Limit: 5})
		if err != nil || first.Next == "" {
			t.Fatal(err)
		}
		w.File("area/a", "x")
		w.Delete(first.Items[0].ID)
		w.Delete(first.Items[4].ID) // the very node that the cursor stands on
		rest, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: area, Limit: 50, Cursor: first.Next})
		if err != nil || len(rest.Items) != 5 || rest.Items[0].Name != "f5" {
			t.Errorf("%d items, %v", len(rest.Items), err)
		}
		for _, l := range []files.Listing{
			{Cursor: "x"},
			{Cursor: "5"},
			{Cursor: "MSA1IGE!"},
			{Cursor: "MSA1"},
			{Cursor: "MyA1IGE"},
			{Cursor: "MSAwIGE"},
			{Cursor: "MSA1IP8"},
			{Cursor: "MSA1IABh"},
			{Cursor: first.Next, Sort: store.SortSize},
			{Cursor: "-1", Sort: store.SortSize},
			{Cursor: "1e3", Sort: store.SortSize},
			{Cursor: "99999999999999999999", Descending: true},
		} {
			l.Folder, l.Limit = area, 5
			_, err := w.Files.Tree.List(t.Context(), ann, l)
			if !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("the cursor %q: %v", l.Cursor, err)
			}
		}
	})
}
