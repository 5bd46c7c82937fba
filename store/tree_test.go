package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/store/sqldb"
)

// What was put in comes out, in every field.
func TestInsertAndFind(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		mtime := time.Date(2001, 2, 3, 4, 5, 6, 789_000, time.UTC)
		f := fileNamed("a.txt")
		f.MTime = mtime
		made := insert(t, s, commonFolder, f, folderNamed("sub"))
		file, folder := made[0], made[1]
		for _, n := range made {
			if got := node(t, s, n.ID); got != rounded(n) {
				t.Errorf("inserted\n%+v, found\n%+v", n, got)
			}
			read(t, s, func(tx *Tx) error {
				got, err := tx.Child(commonFolder, n.Name)
				if got.ID != n.ID {
					t.Errorf("%q is %v", n.Name, got)
				}
				return err
			})
		}
		if file.Parent != commonFolder || file.Version != 1 || !file.MTime.Equal(mtime) || file.Type != alveary.Leaf || file.ID <= usersFolder {
			t.Errorf("%+v", file)
		}
		if folder.Version != 0 || folder.MTime.IsZero() || !folder.IsFolder() || folder.ETag() == file.ETag() {
			t.Errorf("%+v", folder)
		}
		if got := lineage(t, s, insert(t, s, folder.ID, fileNamed("deep"))[0].ID).Path(); got != "main/common/sub/deep" {
			t.Error(got)
		}
	})
}

// rounded is a node as it comes back: to the microsecond and in UTC.
func rounded(n alveary.Node) alveary.Node {
	for _, at := range []*time.Time{&n.MTime, &n.Created, &n.Changed, &n.Binned} {
		*at = sqldb.Time(sqldb.Micros(*at))
	}
	return n
}

func TestWhatIsNotThere(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		read(t, s, func(tx *Tx) error {
			for label, find := range map[string]func() error{
				"node":    func() error { _, err := tx.Node(99); return err },
				"lineage": func() error { _, err := tx.Lineage(99); return err },
				"child":   func() error { _, err := tx.Child(commonFolder, "x"); return err },
				"count":   func() error { _, err := tx.CountChildren(99); return err },
				"version": func() error { _, err := tx.Version(99, 1); return err },
			} {
				if err := find(); !alveary.IsKind(err, alveary.KindNotFound) {
					t.Errorf("%s: %v", label, err)
				}
			}
			return nil
		})
		if names := namesIn(t, s, Listing{Folder: 99}); len(names) != 0 {
			t.Errorf("%q", names)
		}
	})
}

// A time long ago is not "never": files from archives have the epoch for a
// date, and an expiry there has long passed.
func TestTheEpochIsATime(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		f := fileNamed("a.txt")
		for i, at := range []time.Time{time.Unix(0, 0), time.Unix(0, 1), time.Unix(0, -1), time.Unix(-1, 0), time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC)} {
			f.Name, f.MTime = string(rune('a'+i)), at
			made := insert(t, s, commonFolder, f)[0]
			if got := node(t, s, made.ID).MTime; got.Sub(at).Abs() > time.Microsecond {
				t.Errorf("%v came back as %v", at.UTC(), got)
			}
			write(t, s, func(tx *Tx) error {
				_, err := tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: made.ID, Rights: alveary.Givable, Expires: at})
				return err
			})
		}
		read(t, s, func(tx *Tx) error {
			entries, err := tx.Entries()
			for _, e := range entries[3:] {
				if !e.Expired(tx.Now()) {
					t.Errorf("an entry that expired long ago lives on: %+v", e)
				}
			}
			return err
		})
	})
}

// Names are kept as given and compared as NFC; case makes another name.
func TestNamesAreComparedAsNFC(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for _, name := range []string{"é", "Übersicht.ods", "Å", "한글", "ệ", "ｶﾞ", "か\u3099"} {
			one, two := norm.NFD.String(name), norm.NFC.String(name)
			if one == two {
				one, two = name, name
			}
			made := insert(t, s, commonFolder, fileNamed(one))[0]
			if got := node(t, s, made.ID).Name; got != one {
				t.Errorf("%q was kept as %q", one, got)
			}
			for _, twin := range []string{one, two} {
				for _, n := range []alveary.Node{fileNamed(twin), folderNamed(twin)} {
					wantKind(t, tryOn(s, commonFolder, func(tx *Tx, l alveary.Lineage) error { _, err := tx.Insert(l, n); return err }), alveary.KindConflict, "name-exists")
				}
				read(t, s, func(tx *Tx) error {
					got, err := tx.Child(commonFolder, twin)
					if got.ID != made.ID {
						t.Errorf("%q is not found by %q", one, twin)
					}
					return err
				})
			}
		}
		insert(t, s, commonFolder, fileNamed("a"), fileNamed("A"), fileNamed("é.txt"), fileNamed("É.txt"), fileNamed("e.txt"), fileNamed("ß"), fileNamed("ss"))
		// Compatible is not canonical: these look alike and are two names.
		insert(t, s, commonFolder, fileNamed("ﬁ"), fileNamed("fi"), fileNamed("x²"), fileNamed("x2"), fileNamed("１"), fileNamed("1"))
	})
}

func TestStrangeNames(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		names := []string{
			"100%", "a_b", "a%b", "a__b", `quo"te`, "it's", "''; DROP TABLE nodes; --", `back\slash`, "$1", "?", "?1", ":a", "@p", "🐝", "👩‍👩‍👧‍👦",
			strings.Repeat("a", 255), strings.Repeat("é", 127), strings.Repeat("🐝", 63), strings.Repeat("1a", 127), strings.Repeat("ΐ", 127),
			strings.Repeat("한", 85), strings.Repeat("9", 255), "\u202egpj", "new\nline", "\x01", " ", "...", "\ufffd", "\uffff", "\U0010ffff", "NULL", "*", "0",
		}
		for _, name := range names {
			insert(t, s, commonFolder, fileNamed(name))
		}
		if got := namesIn(t, s, Listing{Folder: commonFolder}); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(names))) {
			t.Errorf("%q", got)
		}
		for _, name := range names {
			read(t, s, func(tx *Tx) error {
				n, err := tx.Child(commonFolder, name)
				if n.Name != name {
					t.Errorf("%q found as %q", name, n.Name)
				}
				return err
			})
		}
		read(t, s, func(tx *Tx) error {
			for _, pattern := range []string{"%", "_", "a_c", "*%", "100_"} {
				if _, err := tx.Child(commonFolder, pattern); !alveary.IsKind(err, alveary.KindNotFound) {
					t.Errorf("%q was taken for a pattern: %v", pattern, err)
				}
			}
			return nil
		})
	})
}

// A name that is taken ends the attempt, not the transaction: the caller may
// choose another within it.
func TestAfterATakenNameTheTransactionGoesOn(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, fileNamed("a"), fileNamed("b"), fileNamed("c"))
		on(t, s, made[2].ID, bin)
		insert(t, s, commonFolder, fileNamed("c"))
		on(t, s, commonFolder, func(tx *Tx, folder alveary.Lineage) error {
			_, err := tx.Insert(folder, fileNamed("a"))
			wantKind(t, err, alveary.KindConflict, "name-exists")
			if _, err = tx.Insert(folder, fileNamed("d")); err != nil {
				return err
			}
			_, err = tx.Place(folder.Child(made[1]), folder, "a")
			wantKind(t, err, alveary.KindConflict, "name-exists")
			if _, err = tx.Place(folder.Child(made[1]), folder, "e"); err != nil {
				return err
			}
			binned, err := tx.Lineage(made[2].ID)
			if err != nil {
				return err
			}
			_, err = tx.Unbin(binned)
			wantKind(t, err, alveary.KindConflict, "name-exists")
			if _, err := tx.Place(binned, folder, "f"); err != nil {
				return err
			}
			if binned, err = tx.Lineage(made[2].ID); err != nil {
				return err
			}
			_, err = tx.Unbin(binned)
			return err
		})
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder}), "a", "c", "d", "e", "f")
	})
}

func TestPlace(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, folderNamed("from"), folderNamed("to"), fileNamed("taken"))
		from, to := made[0].ID, made[1].ID
		inner := insert(t, s, from, folderNamed("inner"), fileNamed("taken"))
		deep := insert(t, s, inner[0].ID, fileNamed("deep"))[0]

		on(t, s, inner[0].ID, place(to, "renamed"))
		if got := lineage(t, s, deep.ID).Path(); got != "main/common/to/renamed/deep" {
			t.Error(got)
		}
		if got := node(t, s, deep.ID); got != rounded(deep) {
			t.Errorf("what lies beneath was touched: %+v", got)
		}
		on(t, s, inner[0].ID, place(to, "RENAMED")) // the same but for the case
		on(t, s, inner[0].ID, place(to, "RENAMED")) // and the very same
		wantNames(t, namesIn(t, s, Listing{Folder: to}), "RENAMED")

		for label, c := range map[string]struct {
			node, into alveary.NodeID
			name       string
			kind       alveary.Kind
			code       string
		}{
			"into itself":                    {to, to, "to", alveary.KindInvalid, "into-itself"},
			"into what lies in it":           {to, inner[0].ID, "x", alveary.KindInvalid, "into-itself"},
			"the root":                       {alveary.RootID, to, "x", alveary.KindInvalid, "into-itself"},
			"onto a name that is taken":      {inner[1].ID, commonFolder, "taken", alveary.KindConflict, "name-exists"},
			"renamed to one that is taken":   {to, commonFolder, "from", alveary.KindConflict, "name-exists"},
			"a folder onto the name of file": {to, commonFolder, "taken", alveary.KindConflict, "name-exists"},
		} {
			before := everything(t, s)
			err := tryOn(s, c.node, place(c.into, c.name))
			if t.Run(label, func(t *testing.T) { wantKind(t, err, c.kind, c.code) }); !slices.Equal(before, everything(t, s)) {
				t.Errorf("%s: the refusal changed something", label)
			}
		}
	})
}

// A folder keeps how many live children it has through every change.
func TestCountChildren(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, folderNamed("a"), folderNamed("b"))
		a, b := made[0].ID, made[1].ID
		x := insert(t, s, a, fileNamed("x"), fileNamed("y"))[0].ID
		for i, step := range []struct {
			do         func(*Tx, alveary.Lineage) error
			inA, inB   int64
			alsoBinned bool
		}{
			{place(a, "x2"), 2, 0, false},
			{place(b, "x2"), 1, 1, false},
			{bin, 1, 0, true},
			{bin, 1, 0, true}, // again
			{unbin, 1, 1, false},
			{unbin, 1, 1, false}, // again
			{bin, 1, 0, true},
			{place(a, "x3"), 1, 0, true}, // a node in the bin moves
			{unbin, 2, 0, false},
			{bin, 1, 0, true},
			{erase, 1, 0, false},
		} {
			on(t, s, x, step.do)
			read(t, s, func(tx *Tx) error {
				gotA, err := tx.CountChildren(a)
				gotB, err2 := tx.CountChildren(b)
				if gotA != step.inA || gotB != step.inB {
					t.Errorf("step %d: %d and %d children, want %d and %d", i, gotA, gotB, step.inA, step.inB)
				}
				binned, err3 := tx.Binned(BinPlace{}, 10)
				if (len(binned) == 1) != step.alsoBinned {
					t.Errorf("step %d: in the bin %v", i, binned)
				}
				return errors.Join(err, err2, err3)
			})
			wantSound(t, s)
		}
	})
}

// etags of every node, to see which of them a change touches.
func etags(t *testing.T, s *Store) map[alveary.NodeID]string {
	t.Helper()
	tags := map[alveary.NodeID]string{}
	read(t, s, func(tx *Tx) error {
		return tx.all(func(row scanner) error {
			n, err := tx.scanNode(row)
			tags[n.ID] = n.ETag()
			return err
		}, `SELECT `+nodeColumns+` FROM nodes n`)
	})
	return tags
}

// A folder's etag changes when anything beneath changes, in the same
// transaction; and nobody else's does.
func TestETagsChangeUpToTheRoot(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, folderNamed("a"), folderNamed("b"), folderNamed("beside"))
		a, b := made[0].ID, made[1].ID
		sub := insert(t, s, a, folderNamed("sub"))[0].ID
		x := insert(t, s, sub, fileNamed("x"), fileNamed("sibling"))[0].ID
		top := []alveary.NodeID{alveary.RootID, mainDatasource, commonFolder}
		var added alveary.NodeID
		content := Content{Blob: "new", Size: 3, SHA256: "s", MIME: "text/plain"}
		for _, step := range []struct {
			label   string
			at      alveary.NodeID
			do      func(*Tx, alveary.Lineage) error
			changes []alveary.NodeID
		}{
			{"insert", sub, func(tx *Tx, l alveary.Lineage) error {
				n, err := tx.Insert(l, fileNamed("added"))
				added = n.ID
				return err
			}, []alveary.NodeID{a, sub}},
			{"replace", x, func(tx *Tx, l alveary.Lineage) error { _, err := tx.Replace(l, content, 0, 7); return err }, []alveary.NodeID{a, sub, x}},
			{"replace by the same", x, func(tx *Tx, l alveary.Lineage) error { _, err := tx.Replace(l, content, 0, 7); return err }, []alveary.NodeID{a, sub, x}},
			{"declare another time", x, func(tx *Tx, l alveary.Lineage) error { _, err := tx.SetMTime(l, 1e15); return err }, []alveary.NodeID{a, sub}},
			{"rename", x, place(sub, "x2"), []alveary.NodeID{a, sub}},
			{"move", x, place(b, "x2"), []alveary.NodeID{a, sub, b}},
			{"move a folder", sub, place(b, "sub"), []alveary.NodeID{a, b}},
			{"to the bin", x, bin, []alveary.NodeID{b}},
			{"back", x, unbin, []alveary.NodeID{b}},
			{"delete", x, erase, []alveary.NodeID{b}},
			{"delete a folder", sub, erase, []alveary.NodeID{b}},
			{"look", b, func(tx *Tx, _ alveary.Lineage) error { _, err := tx.Children(Listing{Folder: b, Limit: 9}); return err }, nil},
		} {
			before := etags(t, s)
			on(t, s, step.at, step.do)
			want := step.changes
			if want != nil {
				want = append(slices.Clone(top), want...)
			}
			var changed []alveary.NodeID
			for id, tag := range etags(t, s) {
				if old, known := before[id]; known && old != tag {
					changed = append(changed, id)
				} else if !known && id != added {
					t.Errorf("%s: a new node %v", step.label, id)
				}
			}
			slices.Sort(changed)
			slices.Sort(want)
			if !slices.Equal(changed, want) {
				t.Errorf("%s: the etags of %v changed, want %v", step.label, changed, want)
			}
		}
	})
}
