package store

import (
	"database/sql"
	"errors"
	"strconv"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

func placeholder(i int) string { return "$" + strconv.Itoa(i) }

// Version is one content that a file has or had.
type Version struct {
	Node    alveary.NodeID
	Number  int64
	Content Content
	MTime   time.Time
	Created time.Time
	By      alveary.UserID
}

func (tx *Tx) insertVersion(n alveary.Node, by alveary.UserID) error {
	_, err := tx.exec(`INSERT INTO versions (node_id, version, blob, size, sha256, mime, mtime, created_at, created_by)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		n.ID, n.Version, n.Blob, n.Size, n.SHA256, n.MIME, sqldb.Micros(n.MTime), sqldb.Micros(tx.now), by)
	return err
}

func (tx *Tx) lastVersion(id alveary.NodeID) (last int64, err error) {
	err = tx.row(`SELECT COALESCE(MAX(version), 0) FROM versions WHERE node_id = $1`, id).Scan(&last)
	return last, err
}

const versionColumns = `node_id, version, blob, size, sha256, mime, mtime, created_at, created_by`

func scanVersion(row scanner) (v Version, err error) {
	var mtime, created int64
	err = row.Scan(&v.Node, &v.Number, &v.Content.Blob, &v.Content.Size, &v.Content.SHA256, &v.Content.MIME, &mtime, &created, &v.By)
	v.MTime, v.Created = sqldb.Time(mtime), sqldb.Time(created)
	return v, err
}

// Versions lists what a file has held, newest first.
func (tx *Tx) Versions(id alveary.NodeID) (versions []Version, err error) {
	err = tx.all(func(row scanner) error {
		v, err := scanVersion(row)
		versions = append(versions, v)
		return err
	}, `SELECT `+versionColumns+` FROM versions WHERE node_id = $1 ORDER BY version DESC`, id)
	return versions, err
}

// Version finds one content of a file; KindNotFound where there is none.
func (tx *Tx) Version(id alveary.NodeID, number int64) (Version, error) {
	v, err := scanVersion(tx.row(`SELECT `+versionColumns+` FROM versions WHERE node_id = $1 AND version = $2`, id, number))
	if errors.Is(err, sql.ErrNoRows) {
		return v, &alveary.Error{Kind: alveary.KindNotFound, Op: "find the version", Code: "not-found", Message: "this file has no such version"}
	}
	return v, err
}

// EachContent hands every stored content to fn, for the integrity check.
func (tx *Tx) EachContent(fn func(Version) error) error {
	return tx.all(func(row scanner) error {
		v, err := scanVersion(row)
		if err != nil {
			return err
		}
		return fn(v)
	}, `SELECT `+versionColumns+` FROM versions ORDER BY node_id, version`)
}
