package store

import (
	"fmt"
	"strings"
	"testing"

	"alveary"
)

// Metadata is there wherever a node is read, changes what a new name would
// change, and comes along on every way.
func TestMetadata(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		tags := alveary.NewMetadata(map[string][]string{alveary.NamespaceTags: {"draft", "é\x00"}})
		withTags := fileNamed("born with tags")
		withTags.Meta = tags
		folder := insert(t, s, commonFolder, folderNamed("f"))[0]
		born := insert(t, s, folder.ID, withTags)[0]
		plain := insert(t, s, folder.ID, fileNamed("plain"))[0]
		before, around := node(t, s, plain.ID), node(t, s, folder.ID)
		on(t, s, plain.ID, func(tx *Tx, l alveary.Lineage) error {
			n, err := tx.SetMetadata(l, tags)
			if n.Meta.String() != tags.String() || n.ETag() != before.ETag() {
				t.Errorf("%+v", n)
			}
			return err
		})
		after := node(t, s, plain.ID)
		if after.ETag() != before.ETag() || !after.Changed.After(before.Changed) || node(t, s, folder.ID).ETag() == around.ETag() {
			t.Errorf("%+v after %+v", after, before)
		}
		want := func(n alveary.Node, err error) {
			t.Helper()
			if err != nil || n.Meta.String() != tags.String() {
				t.Errorf("%s has %v, %v", n.Name, n.Meta, err)
			}
		}
		on(t, s, plain.ID, place(commonFolder, "moved"))
		on(t, s, plain.ID, func(tx *Tx, l alveary.Lineage) error {
			_, err := tx.Replace(l, Content{Blob: "other", Size: 1}, 0, 7)
			return err
		})
		on(t, s, plain.ID, bin)
		read(t, s, func(tx *Tx) error {
			binned, err := tx.Binned(BinPlace{}, 10)
			want(binned[0], err)
			return nil
		})
		on(t, s, plain.ID, unbin)
		read(t, s, func(tx *Tx) error {
			want(tx.Node(plain.ID))
			want(tx.Child(commonFolder, "moved"))
			line, err := tx.Lineage(born.ID)
			want(line.Node(), err)
			children, err := tx.Children(Listing{Folder: folder.ID, Limit: 10})
			want(children[0], err)
			among, err := tx.Among(folder.ID, []alveary.NodeID{born.ID})
			want(among[0], err)
			if among[0].Meta != children[0].Meta {
				t.Error("the same metadata is read twice in one transaction")
			}
			return tx.Subtree(folder.ID, false, func(n alveary.Node) error { want(n, nil); return nil })
		})
		on(t, s, plain.ID, func(tx *Tx, l alveary.Lineage) error { _, err := tx.SetMetadata(l, nil); return err })
		if n := node(t, s, plain.ID); n.Meta != nil {
			t.Errorf("%+v", n)
		}
	})
}

// More metadata than a transaction remembers are read all the same.
func TestManyMetadata(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		const count = mostMeta + 100
		write(t, s, func(tx *Tx) error {
			line, err := tx.Lineage(commonFolder)
			for i := range count {
				n := folderNamed(fmt.Sprint(i))
				n.Meta = alveary.NewMetadata(map[string][]string{"n": {n.Name}})
				if _, err = tx.Insert(line, n); err != nil {
					return err
				}
			}
			return err
		})
		read(t, s, func(tx *Tx) error {
			return tx.EachChild(Listing{Folder: commonFolder}, func(n alveary.Node) error {
				if got := n.Meta.Get("n"); len(got) != 1 || got[0] != n.Name {
					t.Errorf("%s has %q", n.Name, got)
				}
				return nil
			})
		})
	})
}

// What is damaged is an error, not a node without the tag that would deny; and
// the check finds it.
func TestDamagedTexts(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		n := insert(t, s, commonFolder, fileNamed("f"))[0]
		mia := insertUser(t, s, alveary.User{Login: "mia", Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
		write(t, s, func(tx *Tx) error {
			if _, err := tx.exec(`UPDATE nodes SET meta = '[' WHERE id = $1`, n.ID); err != nil {
				return err
			}
			_, err := tx.exec(`UPDATE users SET attributes = '{"a":1}' WHERE id = $1`, mia.ID)
			return err
		})
		read(t, s, func(tx *Tx) error {
			if _, err := tx.Node(n.ID); alveary.KindOf(err) != alveary.KindInternal || err == nil {
				t.Errorf("%v", err)
			}
			if _, err := tx.Subject(mia.ID); alveary.KindOf(err) != alveary.KindInternal || err == nil {
				t.Errorf("%v", err)
			}
			return nil
		})
		found, err := s.Check(t.Context())
		all := strings.Join(found, "\n")
		if err != nil || len(found) != 2 || !strings.Contains(all, "node "+n.ID.String()+" cannot be read") || !strings.Contains(all, "user mia cannot be read") {
			t.Errorf("%q, %v", found, err)
		}
	})
}
