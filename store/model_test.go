package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"alveary"
)

// model is a tree in plain maps: what the store should hold after each change.
type model struct {
	parent         map[alveary.NodeID]alveary.NodeID
	name           map[alveary.NodeID]string
	folder, binned map[alveary.NodeID]bool
	blobs          map[alveary.NodeID][]alveary.BlobID
}

func newModel() *model {
	return &model{
		parent: map[alveary.NodeID]alveary.NodeID{}, name: map[alveary.NodeID]string{},
		folder: map[alveary.NodeID]bool{commonFolder: true}, binned: map[alveary.NodeID]bool{}, blobs: map[alveary.NodeID][]alveary.BlobID{},
	}
}

// live lists the live children of a folder by name.
func (m *model) live(folder alveary.NodeID) map[string]alveary.NodeID {
	children := map[string]alveary.NodeID{}
	for id, parent := range m.parent {
		if parent == folder && !m.binned[id] {
			children[m.name[id]] = id
		}
	}
	return children
}

// taken says whether another live node of the folder has the name.
func (m *model) taken(folder alveary.NodeID, name string, self alveary.NodeID) bool {
	other, ok := m.live(folder)[name]
	return ok && other != self
}

// within says whether a node is a folder or lies beneath it.
func (m *model) within(id, folder alveary.NodeID) bool {
	for id != commonFolder {
		if id == folder {
			return true
		}
		id = m.parent[id]
	}
	return folder == commonFolder
}

// named is every blob that some version names.
func (m *model) named() map[alveary.BlobID]bool {
	named := map[alveary.BlobID]bool{}
	for _, blobs := range m.blobs {
		for _, b := range blobs {
			named[b] = true
		}
	}
	return named
}

// Whatever changes come one after the other, the store holds what a plain model
// of the tree holds, refuses what that refuses, frees what that no longer
// names, and is sound.
func TestStoreAgreesWithAModel(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			round++
			m := newModel()
			for range rapid.IntRange(1, 12).Draw(t, "steps") {
				step(t, s, m, round)
			}
			agree(t, s, m)
			for _, id := range slices.Sorted(maps.Keys(m.parent)) { // leave an empty tree to the next round
				err := tryOn(s, id, erase)
				if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
					t.Fatal(err)
				}
			}
		})
		wantSound(t, s)
	})
}

// step draws a change and makes it in both.
func step(t *rapid.T, s *Store, m *model, round int) {
	ids := append([]alveary.NodeID{commonFolder}, slices.Sorted(maps.Keys(m.parent))...)
	folders := slices.DeleteFunc(slices.Clone(ids), func(id alveary.NodeID) bool { return !m.folder[id] })
	folder := rapid.SampledFrom(folders).Draw(t, "folder")
	name := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name")
	blob := alveary.BlobID(fmt.Sprint(round, rapid.SampledFrom([]string{" x", " y", " z"}).Draw(t, "blob")))
	kind := rapid.SampledFrom([]string{"folder", "folder", "file", "file", "place", "bin", "unbin", "replace", "delete"}).Draw(t, "kind")
	if kind == "folder" || kind == "file" {
		insertBoth(t, s, m, folder, name, blob, kind == "folder")
		return
	}
	if len(ids) == 1 {
		return
	}
	id := rapid.SampledFrom(ids[1:]).Draw(t, "node")
	want := alveary.KindInternal // no refusal
	var err error
	switch kind {
	case "place":
		switch {
		case m.within(folder, id):
			want = alveary.KindInvalid
		case !m.binned[id] && m.taken(folder, name, id):
			want = alveary.KindConflict
		default:
			m.parent[id], m.name[id] = folder, name
		}
		err = tryOn(s, id, place(folder, name))
	case "bin":
		m.binned[id] = true
		err = tryOn(s, id, bin)
	case "unbin":
		if m.binned[id] && m.taken(m.parent[id], m.name[id], id) {
			want = alveary.KindConflict
		} else {
			delete(m.binned, id)
		}
		err = tryOn(s, id, unbin)
	case "replace":
		if m.folder[id] {
			return
		}
		m.blobs[id] = append(m.blobs[id], blob)
		err = tryOn(s, id, func(tx *Tx, l alveary.Lineage) error {
			_, err := tx.Replace(l, Content{Blob: blob}, 0, 7)
			return err
		})
	case "delete":
		err = deleteBoth(t, s, m, id)
	}
	if (err != nil) != (want != alveary.KindInternal) || err != nil && alveary.KindOf(err) != want {
		t.Fatalf("%s %v (%s into %v): %v, want kind %d", kind, id, name, folder, err, want)
	}
}

func insertBoth(t *rapid.T, s *Store, m *model, folder alveary.NodeID, name string, blob alveary.BlobID, isFolder bool) {
	n := fileNamed(name)
	n.Blob = blob
	if isFolder {
		n = folderNamed(name)
	}
	taken := m.taken(folder, name, 0)
	err := tryOn(s, folder, func(tx *Tx, l alveary.Lineage) (err error) { n, err = tx.Insert(l, n); return err })
	if taken != alveary.IsKind(err, alveary.KindConflict) || !taken && err != nil {
		t.Fatalf("insert %s into %v: %v, taken: %v", name, folder, err, taken)
	}
	if err != nil {
		return
	}
	m.parent[n.ID], m.name[n.ID], m.folder[n.ID] = folder, name, isFolder
	if !isFolder {
		m.blobs[n.ID] = []alveary.BlobID{blob}
	}
}

func deleteBoth(t *rapid.T, s *Store, m *model, id alveary.NodeID) error {
	before := m.named()
	count := 0
	for _, other := range slices.Collect(maps.Keys(m.parent)) {
		if m.within(other, id) {
			defer delete(m.parent, other)
			delete(m.blobs, other)
			delete(m.binned, other)
			count++
		}
	}
	after := m.named()
	maps.DeleteFunc(before, func(b alveary.BlobID, _ bool) bool { return after[b] })
	return tryOn(s, id, func(tx *Tx, l alveary.Lineage) error {
		freed, nodes, err := tx.Delete(l)
		if slices.Sort(freed); nodes != count || !slices.Equal(freed, slices.Sorted(maps.Keys(before))) {
			t.Fatalf("delete %v: %d nodes and %q went, want %d and %q", id, nodes, freed, count, slices.Sorted(maps.Keys(before)))
		}
		return err
	})
}

// agree compares every folder of the two, and looks for damage.
func agree(t *rapid.T, s *Store, m *model) {
	err := s.Read(context.Background(), func(tx *Tx) error {
		for id := range m.folder {
			if _, there := m.parent[id]; !there && id != commonFolder {
				continue // deleted
			}
			nodes, err := tx.Children(Listing{Folder: id, Limit: 1000})
			if err != nil {
				return err
			}
			count, err := tx.CountChildren(id)
			if err != nil {
				return err
			}
			got, want := map[string]alveary.NodeID{}, m.live(id)
			for _, n := range nodes {
				got[n.Name] = n.ID
			}
			if !maps.Equal(got, want) || count != int64(len(want)) {
				t.Fatalf("in %v: %v, counted %d, want %v", id, got, count, want)
			}
		}
		for id, blobs := range m.blobs {
			versions, err := tx.Versions(id)
			if err != nil {
				return err
			}
			var got []alveary.BlobID
			for _, v := range slices.Backward(versions) {
				got = append(got, v.Content.Blob)
			}
			if !slices.Equal(got, blobs) {
				t.Fatalf("%v held %q, want %q", id, got, blobs)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.Check(context.Background()); err != nil || len(found) > 0 {
		t.Fatalf("damaged: %q, %v", found, err)
	}
}
