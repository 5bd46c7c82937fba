package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"alveary"
)

// plant makes a wide tree with plain statements: folders of files beneath one,
// numbered from first.
func plant(t testing.TB, s *Store, top alveary.NodeID, first int64, folders, files int) {
	t.Helper()
	last := first + int64(folders)
	write(t, s, func(tx *Tx) error {
		numbers := `WITH RECURSIVE c (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM c WHERE i + 1 < CAST($2 AS BIGINT)) `
		columns := `INSERT INTO nodes (id, parent_id, name, name_key, sort_key, kind, size, mime, sha256, blob, version, revision,
 children, mtime, created_at, changed_at, owner_id, binned_at, binned_by) `
		if _, err := tx.exec(columns+numbers+`SELECT i, CAST($3 AS BIGINT), 'd' || i, 'd' || i, 'd' || i, 1, 0, '', '', '', 0, 1, CAST($4 AS BIGINT), 1, 1, 1, 0, 0, 0 FROM c`,
			first, last, top, files); err != nil {
			return err
		}
		if files > 0 {
			if _, err := tx.exec(columns+numbers+`SELECT i, $3 + (i - $1) / $4, 'f' || i || '.txt', 'f' || i, 'f' || i, 2, i, 'text/plain',
 '0123456789012345678901234567890123456789012345678901234567890123', 'abcdefghijklmnopqrstuvwxyz', 1, 1, 0, 1, 1, 1, 7, 0, 0 FROM c`,
				last, last+int64(folders*files), first, files); err != nil {
				return err
			}
		}
		if _, err := tx.exec(`INSERT INTO versions (node_id, version, blob, size, sha256, mime, mtime, created_at, created_by)
 SELECT id, 1, blob, size, sha256, mime, 1, 1, 7 FROM nodes WHERE id >= $1 AND kind = 2`, first); err != nil {
			return err
		}
		_, err := tx.exec(`UPDATE nodes SET children = children + $1 WHERE id = $2`, folders, top)
		return err
	})
}

// A walk meets every node once, each after its folder, whatever the shape of
// the tree: many small folders, and one of more than a page.
func TestSubtree(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		top := insert(t, s, commonFolder, folderNamed("top"))[0].ID
		plant(t, s, top, 1_000_000, 1200, 2)
		large := insert(t, s, top, folderNamed("large"))[0].ID
		plant(t, s, large, 2_000_000, 2*page+10, 0)
		empty := insert(t, s, large, folderNamed("with a binned folder"))[0].ID
		inBin := insert(t, s, empty, folderNamed("binned"))[0].ID
		insert(t, s, inBin, fileNamed("in the bin with it"))
		on(t, s, inBin, bin)
		alsoBinned := insert(t, s, large, fileNamed("binned too"))[0].ID
		on(t, s, alsoBinned, bin)
		insert(t, s, commonFolder, folderNamed("beside"))

		const live = 1200*3 + 1 + 2*page + 10 + 1
		for withBin, want := range map[bool]int{false: live, true: live + 3} {
			seen := map[alveary.NodeID]bool{top: true}
			read(t, s, func(tx *Tx) error {
				return tx.Subtree(top, withBin, func(n alveary.Node) error {
					if seen[n.ID] || !seen[n.Parent] {
						t.Fatalf("%d (in %d) came twice or before its folder", n.ID, n.Parent)
					}
					seen[n.ID] = true
					if n.ID%1000 == 0 { // fn may ask
						one, err := tx.Node(n.ID)
						want := alveary.Node{
							ID: one.ID, Parent: one.Parent, Name: one.Name, Type: one.Type, Size: one.Size, MTime: one.MTime,
							Owner: one.Owner, Meta: one.Meta, Binned: one.Binned,
						}
						if err != nil || n != want {
							t.Errorf("%+v, want %+v, %v", n, want, err)
						}
					}
					return nil
				})
			})
			if len(seen)-1 != want || seen[inBin] != withBin || seen[alsoBinned] != withBin {
				t.Errorf("with the bin %v: %d nodes, want %d", withBin, len(seen)-1, want)
			}
		}
		enough := errors.New("enough")
		err := s.Read(t.Context(), func(tx *Tx) error { return tx.Subtree(top, false, func(alveary.Node) error { return enough }) })
		if !errors.Is(err, enough) {
			t.Errorf("%v", err)
		}
		err = s.Read(t.Context(), func(tx *Tx) error { return tx.Subtree(99, false, nil) })
		wantKind(t, err, alveary.KindNotFound, "not-found")
	})
}

// EachChild gives what Children gives, in every order, whatever the number.
func TestEachChild(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		folder := insert(t, s, commonFolder, folderNamed("many"))[0].ID
		plant(t, s, folder, 1_000_000, page+20, 0)
		insert(t, s, folder, fileNamed("a"), fileNamed("b2"), fileNamed("b10"), folderNamed("c"))
		gone := insert(t, s, folder, fileNamed("gone"))[0].ID
		on(t, s, gone, bin)
		for _, l := range []Listing{{}, {Descending: true}, {FoldersMixed: true}, {Sort: SortSize}, {Sort: SortMTime, Descending: true}, {Sort: SortType, FoldersMixed: true}} {
			l.Folder = folder
			want := namesIn(t, s, l)
			var got []string
			read(t, s, func(tx *Tx) error {
				return tx.EachChild(l, func(n alveary.Node) error {
					got = append(got, n.Name)
					return nil
				})
			})
			if len(want) != page+24 || !slices.Equal(got, want) {
				t.Errorf("%+v: %d names, want %d, or in another order", l, len(got), len(want))
			}
			l.Offset, l.Limit, l.Except = page-1, 3, []alveary.NodeID{1_000_000}
			want, got = namesIn(t, s, l), nil
			read(t, s, func(tx *Tx) error {
				return tx.EachChild(l, func(n alveary.Node) error { got = append(got, n.Name); return nil })
			})
			if len(want) != 3 || !slices.Equal(got, want) {
				t.Errorf("%+v: %q, want %q", l, got, want)
			}
		}
	})
}

// A walk through 1,000,000 nodes in 1,000 folders, and one in a single folder.
func BenchmarkSubtreeOf1000000(b *testing.B) {
	eachBench(b, func(b *testing.B, s *Store) {
		wide := insert(b, s, commonFolder, folderNamed("wide"))[0].ID
		plant(b, s, wide, 1_000_000, 1000, 999)
		flat := insert(b, s, commonFolder, folderNamed("flat"))[0].ID
		plant(b, s, flat, 10_000_000, 1_000_000, 0)
		for name, top := range map[string]alveary.NodeID{"in 1000 folders": wide, "in one folder": flat} {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					count := 0
					read(b, s, func(tx *Tx) error {
						return tx.Subtree(top, false, func(alveary.Node) error { count++; return nil })
					})
					if count != 1_000_000 {
						b.Fatal(fmt.Sprint(count, " nodes"))
					}
				}
			})
		}
	})
}
