package store

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/store/names"
)

// People's order: without regard to case and accents, numbers by their value,
// folders first.
func TestOrderOfNames(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		want := []string{ // signs where their code points lie
			"(a)", "1", "02", "10", "10% off", "0100", "_x",
			"a", "a b", "a.txt", "ä2", "A10", "a10b", "Äb", "anna", "B", "bild 2.png", "Bild 10.png", "bild 0100.png",
			"E", "éa", "Éb", "ec", "Straße", "strasse 2", "z", "ωμέγα", "я", "語", "🐝",
		}
		shuffled := slices.Clone(want)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, name := range shuffled {
			insert(t, s, commonFolder, fileNamed(name))
		}
		insert(t, s, commonFolder, folderNamed("zz"), folderNamed("B folder"))
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder, Sort: SortName}), append([]string{"B folder", "zz"}, want...)...)
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder}), append([]string{"B folder", "zz"}, want...)...)
		reversed := slices.Clone(want)
		slices.Reverse(reversed)
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder, Sort: SortName, Descending: true}), append([]string{"zz", "B folder"}, reversed...)...)
		mixed := namesIn(t, s, Listing{Folder: commonFolder, FoldersMixed: true})
		if i := slices.Index(mixed, "B folder"); i < 1 || mixed[i-1] != "B" {
			t.Errorf("mixed: %q", mixed)
		}
	})
}

// manyFiles fills a folder with nodes of random names, few sizes, times and
// types, so that much is equal and only the last key tells them apart.
func manyFiles(t testing.TB, s *Store, count int) alveary.NodeID {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	alphabet := []rune("aAäÄbBéE019 _-.%~zßΩя語🐝\u0301")
	types := []string{"application/x-tar", "application/xml", "application/pdf", "image/png", "Image/png", "text/plain; charset=utf-8", "text/x-go", "textual"}
	folder := insert(t, s, commonFolder, folderNamed(fmt.Sprint("many ", count)))[0].ID
	on(t, s, folder, func(tx *Tx, l alveary.Lineage) error {
		for made := 0; made < count; {
			name := make([]rune, 1+random.IntN(6))
			for i := range name {
				name[i] = alphabet[random.IntN(len(alphabet))]
			}
			n := fileNamed(string(name))
			n.Size, n.MIME, n.MTime = int64(random.IntN(4)), types[random.IntN(len(types))], time.Unix(int64(random.IntN(4)), 0)
			if random.IntN(5) == 0 {
				n = folderNamed(n.Name)
			}
			if alveary.CheckName(n.Name) != nil {
				continue
			}
			switch _, err := tx.Insert(l, n); {
			case alveary.IsKind(err, alveary.KindConflict):
			case err != nil:
				return err
			default:
				made++
			}
		}
		return nil
	})
	return folder
}

var sorts = []Sort{SortName, SortSize, SortMTime, SortType}

// For every order, pages of any length put together are the whole, which holds
// every node once, in that order.
func TestPagesNeitherOverlapNorLeaveOut(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		const count = 137
		folder := manyFiles(t, s, count)
		for _, sort := range sorts {
			for _, descending := range []bool{false, true} {
				for _, mixed := range []bool{false, true} {
					l := Listing{Folder: folder, Sort: sort, Descending: descending, FoldersMixed: mixed, Limit: 1000}
					var whole []alveary.Node
					read(t, s, func(tx *Tx) (err error) { whole, err = tx.Children(l); return err })
					if len(whole) != count {
						t.Fatalf("%+v: %d nodes", l, len(whole))
					}
					checkOrder(t, l, whole)
					for _, limit := range []int{9, 50, count} {
						var pages []alveary.Node
						for l.Limit, l.Offset = limit, 0; len(pages) == l.Offset; l.Offset += limit {
							read(t, s, func(tx *Tx) error {
								page, err := tx.Children(l)
								pages = append(pages, page...)
								return err
							})
							if l.Offset > count {
								break
							}
						}
						if !slices.Equal(pages, whole) {
							t.Errorf("%+v: the pages are not the whole", l)
						}
					}
				}
			}
		}
	})
}

func checkOrder(t *testing.T, l Listing, nodes []alveary.Node) {
	t.Helper()
	seen := map[alveary.NodeID]bool{}
	for i, n := range nodes {
		if seen[n.ID] {
			t.Errorf("%+v: %q twice", l, n.Name)
		}
		seen[n.ID] = true
		if i == 0 {
			continue
		}
		before := nodes[i-1]
		if !l.FoldersMixed && before.IsFolder() != n.IsFolder() {
			if n.IsFolder() {
				t.Errorf("%+v: the folder %q after the file %q", l, n.Name, before.Name)
			}
			continue
		}
		order := 0
		switch l.Sort {
		case SortName:
			order = strings.Compare(names.Sort(before.Name), names.Sort(n.Name))
		case SortSize:
			order = int(before.Size - n.Size)
		case SortMTime:
			order = before.MTime.Compare(n.MTime)
		case SortType:
			order = strings.Compare(before.MIME, n.MIME)
		}
		if l.Descending {
			order = -order
		}
		if order > 0 {
			t.Errorf("%+v: %q (%d, %v, %s) after %q (%d, %v, %s)", l, n.Name, n.Size, n.MTime, n.MIME, before.Name, before.Size, before.MTime, before.MIME)
		}
	}
}

// The two databases order the same names alike, in every order.
func TestOrderIsTheSameOnBothDatabases(t *testing.T) {
	orders := map[string][]string{}
	eachStore(t, func(t *testing.T, s *Store) {
		folder := manyFiles(t, s, 400)
		for _, sort := range sorts {
			for _, descending := range []bool{false, true} {
				// By the name as well, since ids are not the same in both.
				var lines []string
				read(t, s, func(tx *Tx) error {
					nodes, err := tx.Children(Listing{Folder: folder, Sort: sort, Descending: descending, Limit: 1000})
					for _, n := range nodes {
						lines = append(lines, fmt.Sprint(n.Type, n.Size, n.MIME, names.Sort(n.Name)))
						if sort == SortMTime && n.IsFolder() {
							lines = lines[:0] // folders have the time of their making
						}
					}
					return err
				})
				key := fmt.Sprint(sort, descending)
				if other, ok := orders[key]; ok && !slices.Equal(other, lines) {
					t.Errorf("%s: the two databases differ", key)
				}
				orders[key] = lines
			}
		}
	})
}

func TestListingDetails(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		made := insert(t, s, commonFolder, fileNamed("a"), fileNamed("b"), fileNamed("c"), fileNamed("binned"), folderNamed("d"))
		insert(t, s, made[4].ID, fileNamed("inner"))
		on(t, s, made[3].ID, bin)
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder, Except: []alveary.NodeID{made[0].ID, made[4].ID, 99}}), "b", "c")
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder, Offset: 3, Limit: 5}), "c")
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder, Offset: 4, Limit: 5}))
		wantNames(t, namesIn(t, s, Listing{Folder: commonFolder, Sort: "no such order"}), "d", "a", "b", "c")
		wantNames(t, namesIn(t, s, Listing{Folder: made[0].ID}))
		read(t, s, func(tx *Tx) error {
			none, err := tx.Children(Listing{Folder: commonFolder})
			if len(none) != 0 {
				t.Errorf("no limit gives %d", len(none))
			}
			return err
		})
	})
}

// A cursor keeps its place whatever is added or removed before it.
func TestCursorKeepsItsPlace(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		folder := manyFiles(t, s, 90)
		var whole, pages []alveary.Node
		read(t, s, func(tx *Tx) (err error) { whole, err = tx.Children(Listing{Folder: folder, Limit: 1000}); return err })
		l := Listing{Folder: folder, Limit: 8}
		for range 20 {
			var page []alveary.Node
			read(t, s, func(tx *Tx) (err error) { page, err = tx.Children(l); return err })
			if len(page) == 0 {
				break
			}
			pages = append(pages, page...)
			var err error
			if l.After, err = ParseCursor(CursorAfter(page[len(page)-1]).String()); err != nil {
				t.Fatal(err)
			}
			insert(t, s, folder, folderNamed(fmt.Sprint("!", len(pages)))) // before every name
			on(t, s, page[0].ID, bin)
		}
		if !slices.EqualFunc(pages, whole, func(a, b alveary.Node) bool { return a.ID == b.ID }) {
			t.Errorf("%d nodes in pages, %d in the whole", len(pages), len(whole))
		}
	})
	for _, text := range []string{"", "x", "!", "MSAxIA=", "0 1 a", "3 1 a", "1 0 a", "1 -1 a", "1 x a", "1 1", "1  a", "1 1 \xff"} {
		for _, text := range []string{text, base64.RawURLEncoding.EncodeToString([]byte(text))} {
			if c, err := ParseCursor(text); !alveary.IsKind(err, alveary.KindInvalid) || c != nil {
				t.Errorf("%q: %v, %v", text, c, err)
			}
		}
	}
}

// The first page of a large folder needs no sort: the listing by name reads
// nodes_order in its order, and a page further on begins there.
func TestListingUsesItsIndex(t *testing.T) {
	s := open(t, databases[0].config(t))
	folder := manyFiles(t, s, 50)
	after := CursorAfter(fileNamed("b"))
	for label, l := range map[string]Listing{
		"first page":         {Folder: folder, Limit: 200},
		"by cursor":          {Folder: folder, Limit: 200, After: &after},
		"with some left out": {Folder: folder, Limit: 200, Except: []alveary.NodeID{5, 6}},
	} {
		plan := planOf(t, s, l)
		if !strings.Contains(plan, "USING INDEX nodes_order") || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "SCAN") {
			t.Errorf("%s: %s", label, plan)
		}
	}
	if plan := planOf(t, s, Listing{Folder: folder, Limit: 200, After: &after}); !strings.Contains(plan, "kind") {
		t.Errorf("by cursor: reads the folder from its beginning: %s", plan)
	}
}

// planOf is how SQLite would run a listing.
func planOf(t *testing.T, s *Store, l Listing) string {
	t.Helper()
	var lines []string
	read(t, s, func(tx *Tx) error {
		query, args := l.query()
		return tx.all(func(row scanner) error {
			var id, parent, unused int
			var detail string
			err := row.Scan(&id, &parent, &unused, &detail)
			lines = append(lines, detail)
			return err
		}, "EXPLAIN QUERY PLAN "+query, args...)
	})
	return strings.Join(lines, "; ")
}

// Statements that are made for one time are not kept for ever.
func TestPreparedStatementsAreFew(t *testing.T) {
	s := open(t, databases[0].config(t))
	folder := manyFiles(t, s, 5)
	count := s.db.Kept
	var before int
	for i := range 50 {
		ids := []alveary.NodeID{alveary.NodeID(1000 + i)}
		namesIn(t, s, Listing{Folder: folder, Except: ids})
		read(t, s, func(tx *Tx) error {
			_, err := tx.Among(folder, ids)
			if err == nil {
				_, err = tx.Beneath(folder, ids)
			}
			if err == nil {
				_, err = tx.KnownBlobs(make([]alveary.BlobID, i+1))
			}
			return err
		})
		x := insert(t, s, folder, fileNamed("x"))[0]
		on(t, s, x.ID, erase)
		if i == 2 {
			before = count()
		}
	}
	if after := count(); after > before {
		t.Errorf("%d statements are kept, and more with each request (%d)", before, after)
	}
}

// The name of the order is one for all spellings of a name, and orders the
// bytes as they are compared.
func FuzzSortKey(f *testing.F) {
	for _, seed := range []string{"", "a", "Ä", "a10", "a010", "000", "9999999999999999999999", "\u0301", "1\u03012"} {
		f.Add(seed, "b")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if alveary.CheckName(a) != nil || alveary.CheckName(b) != nil {
			return
		}
		if names.Key(a) == names.Key(b) && names.Sort(a) != names.Sort(b) {
			t.Errorf("%q and %q are one name in two places", a, b)
		}
		if names.Sort(names.Key(a)) != names.Sort(a) {
			t.Errorf("%q: %q, in NFC %q", a, names.Sort(a), names.Sort(names.Key(a)))
		}
		if len(names.Sort(a)) > 2000 || strings.ContainsRune(names.Sort(a), 0) {
			t.Errorf("%q: a key of %d bytes fits in no index", a, len(names.Sort(a)))
		}
	})
}
