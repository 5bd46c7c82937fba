package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"alveary"
)

func TestVersions(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		f := insert(t, s, commonFolder, fileNamed("a"))[0]
		declared := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		for i := 2; i <= 4; i++ {
			on(t, s, f.ID, func(tx *Tx, l alveary.Lineage) error {
				mtime := int64(0)
				if i == 3 {
					mtime = declared.UnixMicro()
				}
				n, err := tx.Replace(l, Content{Blob: alveary.BlobID(fmt.Sprint("b", i)), Size: int64(i), SHA256: fmt.Sprint("s", i), MIME: "m"}, mtime, 9)
				if n.Version != int64(i) || n.Size != int64(i) {
					t.Errorf("%+v", n)
				}
				if i == 3 && !n.MTime.Equal(declared) || i != 3 && !n.MTime.Equal(tx.Now()) {
					t.Errorf("version %d is of %v", i, n.MTime)
				}
				return err
			})
		}
		n := node(t, s, f.ID)
		if n.Version != 4 || n.Blob != "b4" || n.Size != 4 || n.SHA256 != "s4" || n.MIME != "m" || n.Owner != 7 || !n.Created.Equal(rounded(f).Created) {
			t.Errorf("%+v", n)
		}
		read(t, s, func(tx *Tx) error {
			versions, err := tx.Versions(f.ID)
			var numbers []int64
			for _, v := range versions {
				numbers = append(numbers, v.Number)
				one, err := tx.Version(f.ID, v.Number)
				if err != nil || one != v {
					t.Errorf("version %d: %+v, %v", v.Number, one, err)
				}
			}
			if !slices.Equal(numbers, []int64{4, 3, 2, 1}) || versions[3].By != 7 || versions[0].By != 9 || versions[3].Content.Blob != f.Blob || !versions[1].MTime.Equal(declared) {
				t.Errorf("%+v", versions)
			}
			_, err2 := tx.Version(f.ID, 5)
			wantKind(t, err2, alveary.KindNotFound, "not-found")
			seen := 0
			err3 := tx.EachContent(func(Version) error { seen++; return nil })
			if seen != 4 || err3 != nil {
				t.Errorf("%d contents, %v", seen, err3)
			}
			return err
		})
	})
}

// Delete frees exactly the blobs that nothing names any more.
func TestDeleteFreesWhatNobodyNames(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		file := func(name string, blob alveary.BlobID) alveary.Node {
			n := fileNamed(name)
			n.Blob = blob
			return n
		}
		a := insert(t, s, commonFolder, folderNamed("a"))[0].ID
		sub := insert(t, s, a, folderNamed("sub"))[0].ID
		made := insert(t, s, a, file("own", "own"), file("twice", "twice"), file("twice too", "twice"), file("copied", "copied"), file("binned", "binned"), file("old", "old1"), file("uploaded", "uploaded"))
		insert(t, s, sub, file("deep", "deep"))
		insert(t, s, commonFolder, file("copy", "copied"), file("beside", "beside"))
		on(t, s, made[4].ID, bin)
		on(t, s, made[5].ID, func(tx *Tx, l alveary.Lineage) error {
			_, err := tx.Replace(l, Content{Blob: "old2"}, 0, 7)
			return err
		})
		write(t, s, func(tx *Tx) error { return tx.InsertUpload(Upload{ID: "u", Blob: "uploaded"}) })

		on(t, s, a, func(tx *Tx, l alveary.Lineage) error {
			blobs, nodes, err := tx.Delete(l)
			slices.Sort(blobs)
			if want := []alveary.BlobID{"binned", "deep", "old1", "old2", "own", "twice"}; !slices.Equal(blobs, want) {
				t.Errorf("freed %v, want %v", blobs, want)
			}
			if nodes != 10 {
				t.Errorf("%d nodes went", nodes)
			}
			return err
		})
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder}), "beside", "copy")
		read(t, s, func(tx *Tx) error {
			known, err := tx.KnownBlobs([]alveary.BlobID{"own", "copied", "uploaded", "beside", "never"})
			if len(known) != 3 || !known["copied"] || !known["uploaded"] || !known["beside"] {
				t.Errorf("%v", known)
			}
			return err
		})
	})
}

// A subtree of more nodes than one statement takes goes as a whole, with a blob
// that is named at both ends of it.
func TestDeleteALargeFolder(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		a := insert(t, s, commonFolder, folderNamed("a"))[0].ID
		on(t, s, a, func(tx *Tx, l alveary.Lineage) error {
			for i := range 1300 {
				n := fileNamed(fmt.Sprint(i))
				n.Blob = alveary.BlobID(fmt.Sprint("shared ", i%650))
				if _, err := tx.Insert(l, n); err != nil {
					return err
				}
			}
			return nil
		})
		on(t, s, a, func(tx *Tx, l alveary.Lineage) error {
			blobs, nodes, err := tx.Delete(l)
			slices.Sort(blobs)
			if nodes != 1301 || len(blobs) != 650 || len(slices.Compact(blobs)) != 650 {
				t.Errorf("%d nodes and %d blobs went", nodes, len(blobs))
			}
			return err
		})
		read(t, s, func(tx *Tx) error {
			return tx.EachContent(func(v Version) error { t.Errorf("%+v is left", v); return nil })
		})
	})
}

// With a node go its entries, homes and workspaces, and the access data make a
// new version when one of them decided something.
func TestDeleteTakesWhatStoodOnIt(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, folderNamed("a"), folderNamed("plain"))
		inner := insert(t, s, made[0].ID, folderNamed("inner"))[0].ID
		write(t, s, func(tx *Tx) error {
			if _, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: inner, Rights: alveary.Givable}); err != nil {
				return err
			}
			if err := tx.InsertHome(42, alveary.TemplateMyFiles, inner); err != nil {
				return err
			}
			return tx.InsertWorkspace(alveary.Workspace{Slug: "w", Root: made[0].ID})
		})
		version := func() (v int64) {
			t.Helper()
			v, err := s.AccessVersion(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		before := version()
		on(t, s, made[1].ID, erase)
		if version() != before {
			t.Error("a folder that decided nothing made a new version")
		}
		on(t, s, made[0].ID, erase)
		if version() == before {
			t.Error("the entry went without a new version")
		}
		read(t, s, func(tx *Tx) error {
			homes, err := tx.Homes(42)
			if err != nil || len(homes) != 0 {
				t.Errorf("homes %v, %v", homes, err)
			}
			spaces, err := tx.Workspaces()
			if len(spaces) != 2 {
				t.Errorf("workspaces %v", spaces)
			}
			return err
		})
	})
}
