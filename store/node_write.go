package store

import (
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/store/names"
	"alveary/store/sqldb"
)

func (tx *Tx) insertNode(n alveary.Node) error {
	kind := kindFile
	if n.IsFolder() {
		kind = kindFolder
	}
	revision, err := tx.nextRevision()
	if err != nil {
		return err
	}
	// Not refused but left out where the name is taken: PostgreSQL would give
	// the whole transaction up.
	made, err := tx.count(`INSERT INTO nodes (id, parent_id, name, name_key, sort_key, kind, size, mime, sha256, blob, version,
 revision, children, mtime, created_at, changed_at, owner_id, binned_at, binned_by, meta)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $15, $16, 0, 0, $17)
 ON CONFLICT (parent_id, name_key) WHERE binned_at = 0 DO NOTHING`,
		n.ID, n.Parent, n.Name, names.Key(n.Name), names.Sort(n.Name), kind, n.Size, n.MIME, n.SHA256, n.Blob, n.Version,
		revision, sqldb.Micros(n.MTime), sqldb.Micros(n.Created), sqldb.Micros(n.Changed), n.Owner, n.Meta.String())
	if err == nil && made == 0 {
		err = NameExists(n.Name)
	}
	return err
}

// nameFree says that no other live node of the folder has the name, or
// KindConflict. There is one writer, so it stays free.
func (tx *Tx) nameFree(parent alveary.NodeID, name string, self alveary.NodeID) error {
	switch there, err := tx.Child(parent, name); {
	case err == nil && there.ID != self:
		return NameExists(name)
	case err != nil && !alveary.IsKind(err, alveary.KindNotFound):
		return err
	}
	return nil
}

// NameExists is the refusal of a name that a live node of the folder has.
func NameExists(name string) error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "name the node", Subject: name, Code: "name-exists",
		Message: "there is already something named “" + name + "” here: replace it, or keep both under another name",
	}
}

func (tx *Tx) addChildren(folder alveary.NodeID, delta int) error {
	_, err := tx.exec(`UPDATE nodes SET children = children + $1, mtime = $2 WHERE id = $3`, delta, sqldb.Micros(tx.now), folder)
	return err
}

// touch gives every folder of the lineage the transaction's revision.
func (tx *Tx) touch(folders alveary.Lineage) error {
	if len(folders) == 0 {
		return nil
	}
	revision, err := tx.nextRevision()
	if err != nil {
		return err
	}
	// Once a transaction: PostgreSQL keeps a row for each time it was changed.
	// A mark for each folder, so that there are few texts; and no subquery,
	// for which PostgreSQL may read the whole table.
	args := []any{revision, sqldb.Micros(tx.now)}
	marks := make([]string, len(folders))
	for i, folder := range folders {
		args = append(args, folder.ID)
		marks[i] = placeholder(len(args))
	}
	_, err = tx.exec(`UPDATE nodes SET revision = $1, changed_at = $2 WHERE revision <> $1 AND id IN (`+strings.Join(marks, ",")+`)`, args...)
	return err
}

// Insert makes a node in the folder at the end of the lineage. The caller sets
// name, type, owner, MTime and of a file its content; the rest is filled in.
// A name that a live node there has is KindConflict "name-exists".
func (tx *Tx) Insert(folder alveary.Lineage, n alveary.Node) (alveary.Node, error) {
	n.ID, n.Parent = alveary.NodeID(tx.NewID()), folder.Node().ID
	n.Created, n.Changed = tx.now, tx.now
	if n.MTime.IsZero() {
		n.MTime = tx.now
	}
	if !n.IsFolder() {
		n.Version = 1
	}
	if err := tx.insertNode(n); err != nil {
		return n, err
	}
	n.Revision = tx.revision
	if !n.IsFolder() {
		if err := tx.insertVersion(n, n.Owner); err != nil {
			return n, err
		}
	}
	if err := tx.addChildren(n.Parent, 1); err != nil {
		return n, err
	}
	return n, tx.touch(folder)
}

// Content is what a file holds.
type Content struct {
	Blob   alveary.BlobID
	Size   int64
	SHA256 string
	MIME   string
}

// Replace gives the file at the end of the lineage new content as a new
// version. mtime zero means now.
func (tx *Tx) Replace(line alveary.Lineage, c Content, mtime int64, by alveary.UserID) (alveary.Node, error) {
	n := line.Node()
	last, err := tx.lastVersion(n.ID)
	if err != nil {
		return n, err
	}
	n.Blob, n.Size, n.SHA256, n.MIME = c.Blob, c.Size, c.SHA256, c.MIME
	n.Version, n.Changed, n.MTime = last+1, tx.now, tx.now
	if mtime != 0 {
		n.MTime = sqldb.Time(mtime)
	}
	if n.Revision, err = tx.nextRevision(); err != nil {
		return n, err
	}
	if _, err := tx.exec(`UPDATE nodes SET blob = $1, size = $2, sha256 = $3, mime = $4, version = $5, revision = $6,
 mtime = $7, changed_at = $8 WHERE id = $9`, n.Blob, n.Size, n.SHA256, n.MIME, n.Version, n.Revision,
		sqldb.Micros(n.MTime), sqldb.Micros(n.Changed), n.ID); err != nil {
		return n, err
	}
	if err := tx.insertVersion(n, by); err != nil {
		return n, err
	}
	return n, tx.touch(line[:len(line)-1])
}

// SetMTime declares when the content was last changed.
func (tx *Tx) SetMTime(line alveary.Lineage, micros int64) (alveary.Node, error) {
	n := line.Node()
	n.MTime = sqldb.Time(sqldb.Micros(time.UnixMicro(micros)))
	if _, err := tx.exec(`UPDATE nodes SET mtime = $1 WHERE id = $2`, sqldb.Micros(n.MTime), n.ID); err != nil {
		return n, err
	}
	return n, tx.touch(line[:len(line)-1])
}

// Place moves the node at the end of the lineage into a folder under a name;
// either may stay as it is. Whatever lies beneath comes along untouched. A
// name that a live node there has is KindConflict "name-exists"; moving a
// folder into itself is KindInvalid.
func (tx *Tx) Place(line, folder alveary.Lineage, name string) (alveary.Node, error) {
	n := line.Node()
	if folder.Contains(n.ID) {
		return n, &alveary.Error{
			Kind: alveary.KindInvalid, Op: "move the node", Subject: n.Name, Code: "into-itself",
			Message: "a folder cannot be moved into itself",
		}
	}
	old := n.Parent
	n.Name, n.Parent = name, folder.Node().ID
	if n.Binned.IsZero() {
		if err := tx.nameFree(n.Parent, name, n.ID); err != nil {
			return n, err
		}
	}
	if _, err := tx.exec(`UPDATE nodes SET parent_id = $1, name = $2, name_key = $3, sort_key = $4, changed_at = $5 WHERE id = $6`,
		n.Parent, n.Name, names.Key(n.Name), names.Sort(n.Name), sqldb.Micros(tx.now), n.ID); err != nil {
		return n, err
	}
	if old != n.Parent && n.Binned.IsZero() {
		if err := tx.addChildren(old, -1); err != nil {
			return n, err
		}
		if err := tx.addChildren(n.Parent, 1); err != nil {
			return n, err
		}
	}
	if err := tx.touch(line[:len(line)-1]); err != nil {
		return n, err
	}
	return n, tx.touch(folder)
}

// Bin marks the node at the end of the lineage as binned. It keeps its place,
// so that it is decided there; what lies beneath is in the bin with it. One
// that is marked already stays as it is.
func (tx *Tx) Bin(line alveary.Lineage, by alveary.UserID) (alveary.Node, error) {
	n := line.Node()
	if !n.Binned.IsZero() {
		return n, nil
	}
	n.Binned, n.BinnedBy = tx.now, by
	if _, err := tx.exec(`UPDATE nodes SET binned_at = $1, binned_by = $2 WHERE id = $3`, sqldb.Micros(n.Binned), by, n.ID); err != nil {
		return n, err
	}
	if err := tx.addChildren(n.Parent, -1); err != nil {
		return n, err
	}
	return n, tx.touch(line[:len(line)-1])
}

// Unbin takes the mark away. A name that was taken meanwhile is KindConflict
// "name-exists"; a node that is not marked stays as it is.
func (tx *Tx) Unbin(line alveary.Lineage) (alveary.Node, error) {
	n := line.Node()
	if n.Binned.IsZero() {
		return n, nil
	}
	if err := tx.nameFree(n.Parent, n.Name, n.ID); err != nil {
		return n, err
	}
	n.Binned, n.BinnedBy = sqldb.Time(0), 0
	if _, err := tx.exec(`UPDATE nodes SET binned_at = 0, binned_by = 0 WHERE id = $1`, n.ID); err != nil {
		return n, err
	}
	if err := tx.addChildren(n.Parent, 1); err != nil {
		return n, err
	}
	return n, tx.touch(line[:len(line)-1])
}

// Delete removes the node at the end of the lineage with everything beneath
// it, its versions, entries, homes and workspaces, and takes it out of what is
// shared. It returns the blobs that nothing names any more, to be removed once
// the transaction is durable, and how many nodes went.
func (tx *Tx) Delete(line alveary.Lineage) (blobs []alveary.BlobID, nodes int, err error) {
	n := line.Node()
	ids, err := tx.subtree(n.ID)
	if err != nil {
		return nil, 0, err
	}
	changed, homes := false, false
	for part := range slices.Chunk(ids, 500) {
		in := `(` + joinIDs(part) + `)`
		freed, err := tx.freeBlobs(in)
		if err != nil {
			return nil, 0, err
		}
		blobs = append(blobs, freed...)
		if _, err := tx.sql.Once().Exec(`DELETE FROM nodes WHERE id IN ` + in); err != nil {
			return nil, 0, err
		}
		for _, table := range []string{`homes`, `workspaces`, `entries`} {
			gone, err := tx.sql.Once().Exec(`DELETE FROM ` + table + ` WHERE node_id IN ` + in)
			if err != nil {
				return nil, 0, err
			}
			if count, err := gone.RowsAffected(); err != nil || count > 0 {
				changed, homes = true, homes || table == `homes`
			}
		}
		unshared, err := tx.UnshareNodes(part)
		if err != nil {
			return nil, 0, err
		}
		changed = changed || unshared
	}
	next := tx.accessChanged
	if homes { // it may have been one of an owner
		next = tx.ownersChanged
	}
	if changed {
		if err := next(); err != nil {
			return nil, 0, err
		}
	}
	if n.Binned.IsZero() {
		if err := tx.addChildren(n.Parent, -1); err != nil {
			return nil, 0, err
		}
	}
	return blobs, len(ids), tx.touch(line[:len(line)-1])
}

// subtree lists a node and everything beneath it, nodes in the bin included.
func (tx *Tx) subtree(id alveary.NodeID) (ids []alveary.NodeID, err error) {
	err = tx.all(func(row scanner) error {
		var id alveary.NodeID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, `WITH RECURSIVE down (id) AS (
  SELECT id FROM nodes WHERE id = $1
  UNION ALL
  SELECT c.id FROM nodes c JOIN down d ON c.parent_id = d.id)
SELECT id FROM down`, id)
	return ids, err
}

// freeBlobs deletes the versions of the nodes and returns those of their blobs
// that no other version names.
func (tx *Tx) freeBlobs(in string) (freed []alveary.BlobID, err error) {
	var blobs []alveary.BlobID
	if err := tx.sql.Once().All(func(row scanner) error {
		var b alveary.BlobID
		err := row.Scan(&b)
		blobs = append(blobs, b)
		return err
	}, `SELECT DISTINCT blob FROM versions WHERE node_id IN `+in); err != nil {
		return nil, err
	}
	if _, err := tx.sql.Once().Exec(`DELETE FROM versions WHERE node_id IN ` + in); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(blobs, 500) {
		known, err := tx.KnownBlobs(part)
		if err != nil {
			return nil, err
		}
		for _, b := range part {
			if !known[b] {
				freed = append(freed, b)
			}
		}
	}
	return freed, nil
}

// KnownBlobs says which of the blobs a version or an upload under way names.
// At most 500 at a time.
func (tx *Tx) KnownBlobs(blobs []alveary.BlobID) (map[alveary.BlobID]bool, error) {
	known := make(map[alveary.BlobID]bool, len(blobs))
	if len(blobs) == 0 {
		return known, nil
	}
	args := make([]any, len(blobs))
	marks := make([]string, len(blobs))
	for i, b := range blobs {
		args[i], marks[i] = string(b), placeholder(i+1)
	}
	in := "(" + strings.Join(marks, ",") + ")"
	err := tx.sql.Once().All(func(row scanner) error {
		var b alveary.BlobID
		err := row.Scan(&b)
		known[b] = true
		return err
	}, `SELECT blob FROM versions WHERE blob IN `+in+` UNION SELECT blob FROM uploads WHERE blob IN `+in, args...)
	return known, err
}
