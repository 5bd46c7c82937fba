package store

import (
	"slices"
	"testing"

	"alveary"
)

func TestBin(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, folderNamed("a"), fileNamed("f"))
		inner := insert(t, s, made[0].ID, fileNamed("inner"))[0]
		on(t, s, made[0].ID, bin)
		n := node(t, s, made[0].ID)
		if n.Binned.IsZero() || n.BinnedBy != 7 || n.Parent != commonFolder || n.Name != "a" {
			t.Errorf("%+v", n)
		}
		if l := lineage(t, s, inner.ID); !l.InBin() || l.Path() != "main/common/a/inner" {
			t.Errorf("what lies in it is decided at %q, in the bin: %v", l.Path(), l.InBin())
		}
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder}), "f")
		first := n.Binned
		on(t, s, made[0].ID, bin)
		if again := node(t, s, made[0].ID).Binned; !again.Equal(first) {
			t.Error("binned again, the time of the first was lost")
		}

		insert(t, s, commonFolder, fileNamed("a")) // the name is free
		wantKind(t, tryOn(s, made[0].ID, unbin), alveary.KindConflict, "name-exists")
		if n := node(t, s, made[0].ID); n.Binned.IsZero() {
			t.Error("restored in spite of the conflict")
		}
		on(t, s, made[0].ID, place(commonFolder, "a (2)"))
		on(t, s, made[0].ID, unbin)
		if n := node(t, s, made[0].ID); !n.Binned.IsZero() || n.BinnedBy != 0 {
			t.Errorf("%+v", n)
		}
		if lineage(t, s, inner.ID).InBin() {
			t.Error("what lies in it is still in the bin")
		}
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder}), "a (2)", "a", "f")
	})
}

// Two of one name may lie in the bin, and pages of it neither overlap nor
// leave out, those binned at one instant included.
func TestBinInPages(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var all []alveary.NodeID
		for range 3 {
			n := insert(t, s, commonFolder, fileNamed("same"))[0]
			on(t, s, n.ID, bin)
			all = append(all, n.ID)
		}
		together := insert(t, s, commonFolder, fileNamed("1"), fileNamed("2"), fileNamed("3"), fileNamed("4"))
		write(t, s, func(tx *Tx) error {
			for _, n := range together {
				line, err := tx.Lineage(n.ID)
				if err != nil {
					return err
				}
				if err := bin(tx, line); err != nil {
					return err
				}
				all = append(all, n.ID)
			}
			return nil
		})
		slices.Reverse(all)
		for limit := 1; limit <= 8; limit++ {
			var got []alveary.NodeID
			place := BinPlace{}
			for {
				var page []alveary.Node
				read(t, s, func(tx *Tx) (err error) { page, err = tx.Binned(place, limit); return err })
				if len(page) == 0 {
					break
				}
				for _, n := range page {
					got = append(got, n.ID)
				}
				var err error
				if place, err = ParseBinPlace(PlaceOf(page[len(page)-1]).String()); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(got, all) {
				t.Errorf("in pages of %d: %v, want %v", limit, got, all)
			}
		}
	})
	for _, text := range []string{".", "1", "x.1", "1.x", "1.", ".1", "1.0", "1.-1", "1.1.1", "99999999999999999999.1"} {
		if _, err := ParseBinPlace(text); !alveary.IsKind(err, alveary.KindInvalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if p, err := ParseBinPlace(""); err != nil || p != (BinPlace{}) {
		t.Errorf("%v, %v", p, err)
	}
}
