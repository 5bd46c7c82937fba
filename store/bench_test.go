package store

import (
	"fmt"
	"testing"

	"alveary"
)

// eachBench runs a benchmark on a new store on each of the two databases.
func eachBench(b *testing.B, bench func(*testing.B, *Store)) {
	b.Helper()
	for _, d := range databases {
		b.Run(d.name, func(b *testing.B) { bench(b, open(b, d.config(b))) })
	}
}

// The metadata of a file of 1 KiB, durable, with its version and its record.
func BenchmarkInsertFile(b *testing.B) {
	eachBench(b, func(b *testing.B, s *Store) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			if err := tryOn(s, commonFolder, func(tx *Tx, l alveary.Lineage) error {
				n, err := tx.Insert(l, fileNamed(fmt.Sprint("file ", i, ".txt")))
				if err != nil {
					return err
				}
				return tx.Record(alveary.AuditRecord{User: 7, Login: "mia", Action: "upload", Verdict: alveary.VerdictDone, Node: n.ID, Path: "main/common"})
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fill makes files in a folder, a thousand a transaction.
func fill(b *testing.B, s *Store, count int) alveary.NodeID {
	b.Helper()
	folder := insert(b, s, commonFolder, folderNamed("large"))[0].ID
	for done := 0; done < count; done += 1000 {
		on(b, s, folder, func(tx *Tx, l alveary.Lineage) error {
			for i := range 1000 {
				if _, err := tx.Insert(l, fileNamed(fmt.Sprintf("file %d of many.txt", done+i))); err != nil {
					return err
				}
			}
			return nil
		})
		if s.Dialect() == "postgres" && done%10_000 == 0 { // the throw-away cluster does not do it by itself
			if _, err := s.db.Writer.ExecContext(b.Context(), "VACUUM ANALYZE nodes"); err != nil {
				b.Fatal(err)
			}
		}
	}
	return folder
}

// A folder of 100,000: its first page, one far down, and its move.
func BenchmarkFolderOf100000(b *testing.B) {
	eachBench(b, func(b *testing.B, s *Store) {
		folder := fill(b, s, 100_000)
		to := insert(b, s, commonFolder, folderNamed("to"))[0].ID
		page := func(b *testing.B, l Listing) {
			b.Helper()
			l.Folder, l.Limit = folder, 200
			b.ReportAllocs()
			for b.Loop() {
				read(b, s, func(tx *Tx) error {
					nodes, err := tx.Children(l)
					if len(nodes) != 200 {
						b.Errorf("%d nodes", len(nodes))
					}
					return err
				})
			}
		}
		after := CursorAfter(fileNamed("file 90000 of many.txt"))
		b.Run("first page", func(b *testing.B) { page(b, Listing{}) })
		b.Run("page by cursor", func(b *testing.B) { page(b, Listing{After: &after}) })
		b.Run("page by offset 90000", func(b *testing.B) { page(b, Listing{Offset: 90_000}) })
		b.Run("first page by size", func(b *testing.B) { page(b, Listing{Sort: SortSize, Descending: true}) })
		b.Run("move", func(b *testing.B) {
			places := []alveary.NodeID{to, commonFolder}
			i := 0
			for b.Loop() {
				on(b, s, folder, place(places[i%2], "large"))
				i++
			}
		})
	})
}
