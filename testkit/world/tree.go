package world

import (
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/blob"
	"alveary/store"
)

// The shipped nodes.
const (
	Main   alveary.NodeID = 2 // the datasource
	Common alveary.NodeID = 3
	Users  alveary.NodeID = 4
)

// Folder makes a folder, and those above it that are missing. Its path begins
// beneath the datasource: "common/a/b". Nobody owns it.
func (w *World) Folder(path string) alveary.NodeID {
	w.t.Helper()
	id := Main
	for name := range strings.SplitSeq(path, "/") {
		child := w.child(id, name)
		if child == 0 {
			child = w.insert(id, alveary.Node{Name: name, Type: alveary.Collection})
		}
		id = child
	}
	return id
}

func (w *World) child(parent alveary.NodeID, name string) (id alveary.NodeID) {
	w.t.Helper()
	w.Read(func(tx *store.Tx) error {
		n, err := tx.Child(parent, name)
		if alveary.IsKind(err, alveary.KindNotFound) {
			return nil
		}
		id = n.ID
		return err
	})
	return id
}

func (w *World) insert(parent alveary.NodeID, n alveary.Node) (id alveary.NodeID) {
	w.t.Helper()
	w.Write(func(tx *store.Tx) error {
		line, err := tx.Lineage(parent)
		if err != nil {
			return err
		}
		made, err := tx.Insert(line, n)
		id = made.ID
		return err
	})
	return id
}

// File makes a file with the folders above it.
func (w *World) File(path, content string) alveary.NodeID {
	w.t.Helper()
	parent, name := Main, path
	if at := strings.LastIndexByte(path, '/'); at >= 0 {
		parent, name = w.Folder(path[:at]), path[at+1:]
	}
	info := w.Object(content)
	return w.insert(parent, alveary.Node{
		Name: name, Type: alveary.Leaf, Size: info.Size, MIME: info.MIME, SHA256: info.SHA256, Blob: info.Blob,
	})
}

// Object writes an object that nothing names yet.
func (w *World) Object(content string) blob.Info {
	w.t.Helper()
	id, err := blob.NewID(rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	grant := w.sealer.Seal(alveary.Grant{Node: Main, Action: alveary.ActionUpload, Blob: id, Expires: w.Now().Add(time.Minute)})
	writer, err := w.Blobs.Create(w.t.Context(), grant)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := io.WriteString(writer, content); err != nil {
		w.t.Fatal(err)
	}
	info, err := writer.Commit()
	if err != nil {
		w.t.Fatal(err)
	}
	return info
}

// On changes a node past all services.
func (w *World) On(id alveary.NodeID, fn func(*store.Tx, alveary.Lineage) error) {
	w.t.Helper()
	w.Write(func(tx *store.Tx) error {
		line, err := tx.Lineage(id)
		if err != nil {
			return err
		}
		return fn(tx, line)
	})
}

// Place moves a node past all services.
func (w *World) Place(id, folder alveary.NodeID, name string) {
	w.t.Helper()
	w.On(id, func(tx *store.Tx, line alveary.Lineage) error {
		to, err := tx.Lineage(folder)
		if err != nil {
			return err
		}
		_, err = tx.Place(line, to, name)
		return err
	})
}

// Bin moves a node to the bin past all services.
func (w *World) Bin(id alveary.NodeID) {
	w.t.Helper()
	w.On(id, func(tx *store.Tx, line alveary.Lineage) error { _, err := tx.Bin(line, 0); return err })
}

// Delete deletes a node past all services, its objects too.
func (w *World) Delete(id alveary.NodeID) {
	w.t.Helper()
	var freed []alveary.BlobID
	w.On(id, func(tx *store.Tx, line alveary.Lineage) (err error) { freed, _, err = tx.Delete(line); return err })
	for _, b := range freed {
		if err := w.Blobs.Delete(w.t.Context(), b); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Node is a node as it is stored; the zero value where there is none.
func (w *World) Node(id alveary.NodeID) (n alveary.Node) {
	w.t.Helper()
	w.Read(func(tx *store.Tx) (err error) {
		n, err = tx.Node(id)
		if alveary.IsKind(err, alveary.KindNotFound) {
			return nil
		}
		return err
	})
	return n
}

// At is the live node at a path beneath the datasource; 0 where there is none.
func (w *World) At(path string) alveary.NodeID {
	w.t.Helper()
	id := Main
	for name := range strings.SplitSeq(path, "/") {
		if id = w.child(id, name); id == 0 {
			return 0
		}
	}
	return id
}

// Content is what a file holds.
func (w *World) Content(id alveary.NodeID) string {
	w.t.Helper()
	return w.Bytes(w.Node(id).Blob)
}

// Bytes is what an object holds.
func (w *World) Bytes(id alveary.BlobID) string {
	w.t.Helper()
	object, err := w.Driver.Open(id)
	if err != nil {
		w.t.Fatalf("the object of the file is lost: %v", err)
	}
	defer object.Close()
	text, err := io.ReadAll(object)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

// Objects are the ids of all objects, committed and partial.
func (w *World) Objects() (ids []alveary.BlobID) {
	w.t.Helper()
	for entry, err := range w.Driver.List() {
		if err != nil {
			w.t.Fatal(err)
		}
		ids = append(ids, entry.ID)
	}
	slices.Sort(ids)
	return ids
}

// Picture is the whole tree as text, a line a node: what to compare where
// nothing may have changed. Homes and the audit log are not on it.
func (w *World) Picture() string {
	w.t.Helper()
	var out strings.Builder
	w.Read(func(tx *store.Tx) error { return w.draw(tx, &out, alveary.RootID, "") })
	for _, id := range w.Objects() {
		fmt.Fprintf(&out, "object %s\n", id)
	}
	return out.String()
}

func (w *World) draw(tx *store.Tx, out *strings.Builder, id alveary.NodeID, indent string) error {
	n, err := tx.Node(id)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s%s %q %s %d %.8s v%d r%d %d binned %v by %d\n",
		indent, n.ID, n.Name, n.Type, n.Size, n.SHA256, n.Version, n.Revision, n.MTime.UnixMicro(), !n.Binned.IsZero(), n.BinnedBy)
	children, err := w.all(tx, id)
	if err != nil {
		return err
	}
	for _, child := range children {
		if err := w.draw(tx, out, child, indent+"  "); err != nil {
			return err
		}
	}
	return nil
}

// all are the children of a folder, those in the bin after the others.
func (w *World) all(tx *store.Tx, folder alveary.NodeID) (ids []alveary.NodeID, err error) {
	live, err := tx.Children(store.Listing{Folder: folder, Limit: 1 << 30})
	if err != nil {
		return nil, err
	}
	for _, n := range live {
		ids = append(ids, n.ID)
	}
	binned, err := tx.Binned(store.BinPlace{}, 1<<30)
	for _, n := range binned {
		if n.Parent == folder {
			ids = append(ids, n.ID)
		}
	}
	return ids, err
}

// Audit is the audit log, oldest first.
func (w *World) Audit() (lines []alveary.AuditRecord) {
	w.t.Helper()
	w.Read(func(tx *store.Tx) (err error) { lines, err = tx.Audit(1 << 20); return err })
	slices.Reverse(lines)
	return lines
}

// Since are the lines of the audit log after the first n.
func (w *World) Since(n int) []alveary.AuditRecord { w.t.Helper(); return w.Audit()[n:] }

// Reader is a body of the text.
func Reader(text string) io.Reader { return strings.NewReader(text) }
