package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alveary"
)

func TestAmong(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, folderNamed("a"), fileNamed("b"), fileNamed("binned"))
		inner := insert(t, s, made[0].ID, fileNamed("inner"))[0]
		on(t, s, made[2].ID, bin)
		ids := []alveary.NodeID{99, made[0].ID, made[1].ID, made[2].ID, inner.ID, commonFolder}
		for i := range 1100 {
			ids = append(ids, alveary.NodeID(1000+i))
		}
		read(t, s, func(tx *Tx) error {
			nodes, err := tx.Among(commonFolder, ids)
			var got []string
			for _, n := range nodes {
				got = append(got, n.Name)
			}
			slices.Sort(got)
			wantNames(t, got, "a", "b")
			none, err2 := tx.Among(commonFolder, nil)
			if err2 != nil || len(none) != 0 {
				t.Errorf("%v, %v", none, err2)
			}
			return err
		})
	})
}

func TestBeneath(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, folderNamed("a"), folderNamed("beside"))
		a := made[0].ID
		sub := insert(t, s, a, folderNamed("sub"), fileNamed("file"))
		deep := insert(t, s, sub[0].ID, fileNamed("deep"))[0].ID
		other := insert(t, s, made[1].ID, fileNamed("other"))[0].ID
		on(t, s, sub[0].ID, bin)
		ids := []alveary.NodeID{alveary.RootID, commonFolder, a, sub[0].ID, sub[1].ID, deep, other, 99}
		for i := range 1100 { // more than one statement takes
			ids = append(ids, alveary.NodeID(1000+i))
		}
		for _, c := range []struct {
			folder alveary.NodeID
			want   []string
		}{
			{a, []string{"main/common/a/file", "main/common/a/sub", "main/common/a/sub/deep"}},
			{sub[0].ID, []string{"main/common/a/sub/deep"}},
			{deep, nil},
			{made[1].ID, []string{"main/common/beside/other"}},
			{commonFolder, []string{"main/common/a", "main/common/a/file", "main/common/a/sub", "main/common/a/sub/deep", "main/common/beside/other"}},
			{99, nil},
		} {
			read(t, s, func(tx *Tx) error {
				lines, err := tx.Beneath(c.folder, ids)
				var got []string
				for _, l := range lines {
					if l[0].ID != alveary.RootID {
						t.Errorf("%v does not begin at the root", l.IDs())
					}
					got = append(got, l.Path())
				}
				slices.Sort(got)
				wantNames(t, got, c.want...)
				return err
			})
		}
	})
}

func TestDepth(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		a := insert(t, s, commonFolder, folderNamed("a"))[0].ID
		file := insert(t, s, a, fileNamed("f"))[0].ID
		at := a
		for i := range 5 {
			at = insert(t, s, at, folderNamed(fmt.Sprint(i)))[0].ID
		}
		insert(t, s, a, folderNamed("beside"))
		for id, want := range map[alveary.NodeID]int{file: 0, at: 0, a: 5, commonFolder: 6} {
			read(t, s, func(tx *Tx) error {
				got, err := tx.Depth(id)
				if got != want {
					t.Errorf("beneath %v: %d levels, want %d", id, got, want)
				}
				return err
			})
		}
	})
}

// The deepest tree that is allowed can be found and deleted.
func TestDeepestTree(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		at := commonFolder
		for range alveary.MaxDepth {
			at = insert(t, s, at, folderNamed("d"))[0].ID
		}
		if got := len(lineage(t, s, at)); got != alveary.MaxDepth+3 {
			t.Errorf("a lineage of %d", got)
		}
		top := lineage(t, s, at)[3].ID
		on(t, s, top, func(tx *Tx, l alveary.Lineage) error {
			_, nodes, err := tx.Delete(l)
			if nodes != alveary.MaxDepth {
				t.Errorf("%d nodes went", nodes)
			}
			return err
		})
	})
}

// A free name is like the wanted one, fits, and is free in this folder.
func TestFreeName(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for wanted, want := range map[string]string{
			"report.txt": "report (2).txt", "README": "README (2)", ".profile": ".profile (2)", "a.tar.gz": "a.tar (2).gz", "a.": "a (2).",
			"e\u0301": "e\u0301 (2)", "100%.txt": "100% (2).txt",
			strings.Repeat("a", 255):          strings.Repeat("a", 251) + " (2)",
			strings.Repeat("a", 251) + ".txt": strings.Repeat("a", 247) + " (2).txt",
			strings.Repeat("🐝", 63):           strings.Repeat("🐝", 62) + " (2)",
		} {
			insert(t, s, commonFolder, fileNamed(wanted))
			for i := 2; i < 5; i++ {
				var got string
				read(t, s, func(tx *Tx) (err error) { got, err = tx.FreeName(commonFolder, wanted); return err })
				if i == 2 && got != want {
					t.Errorf("%q: %q, want %q", wanted, got, want)
				}
				if err := alveary.CheckName(got); err != nil {
					t.Errorf("%q: %v", wanted, err)
				}
				insert(t, s, commonFolder, fileNamed(got)) // it is free
			}
		}
		// What looks like an extension may be nearly the whole name.
		for _, wanted := range []string{"a." + strings.Repeat("b", 253), "a." + strings.Repeat("🐝", 63), "é" + strings.Repeat("b", 100) + "." + strings.Repeat("c", 150)} {
			var got string
			read(t, s, func(tx *Tx) (err error) { got, err = tx.FreeName(commonFolder, wanted); return err })
			if err := alveary.CheckName(got); err != nil || got == wanted {
				t.Errorf("%q: %q, %v", wanted, got, err)
			}
		}
		// In another folder it is free, and one in the bin does not count.
		x := insert(t, s, commonFolder, fileNamed("x"), fileNamed("x (2)"))[1]
		on(t, s, x.ID, bin)
		read(t, s, func(tx *Tx) error {
			got, err := tx.FreeName(commonFolder, "x")
			if got != "x (2)" {
				t.Error(got)
			}
			return err
		})
	})
}
