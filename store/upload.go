package store

import (
	"database/sql"
	"errors"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

// Upload is a resumable upload under way. Its bytes are the partial object of
// its blob.
type Upload struct {
	ID       string
	User     alveary.UserID // whose the file will be
	Link     alveary.CellID // of the visitor who goes on with it; 0: the user himself
	Parent   alveary.NodeID
	Relative string // folders beneath Parent, made as needed; may be empty
	Name     string
	Conflict string // what to do with a name that exists: fail, replace, rename
	IfMatch  string // entity tag that the replaced file must have; may be empty
	Blob     alveary.BlobID
	Length   int64  // bytes
	SHA256   string // of the whole, once all bytes are there; empty before
	MIME     string
	MTime    time.Time
	Created  time.Time
	Expires  time.Time
	Node     alveary.NodeID // what it became; 0 until it is finished
}

const uploadColumns = `id, user_id, parent_id, relative, name, conflict, if_match, blob, length, sha256, mime, mtime, created_at, expires_at, node_id, link_id`

func scanUpload(row scanner) (u Upload, err error) {
	var mtime, created, expires int64
	err = row.Scan(&u.ID, &u.User, &u.Parent, &u.Relative, &u.Name, &u.Conflict, &u.IfMatch, &u.Blob, &u.Length,
		&u.SHA256, &u.MIME, &mtime, &created, &expires, &u.Node, &u.Link)
	u.MTime, u.Created, u.Expires = sqldb.Time(mtime), sqldb.Time(created), sqldb.Time(expires)
	return u, err
}

// InsertUpload begins an upload.
func (tx *Tx) InsertUpload(u Upload) error {
	_, err := tx.exec(`INSERT INTO uploads (`+uploadColumns+`)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, u.ID, u.User, u.Parent, u.Relative, u.Name, u.Conflict,
		u.IfMatch, u.Blob, u.Length, u.SHA256, u.MIME, sqldb.Micros(u.MTime), sqldb.Micros(u.Created), sqldb.Micros(u.Expires), u.Node, u.Link)
	return err
}

// Upload finds an upload; KindNotFound where there is none.
func (tx *Tx) Upload(id string) (Upload, error) {
	u, err := scanUpload(tx.row(`SELECT `+uploadColumns+` FROM uploads WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return u, &alveary.Error{Kind: alveary.KindNotFound, Op: "find the upload", Code: "not-found", Message: "there is no such upload; it may have expired: start it again"}
	}
	return u, err
}

// ExtendUpload keeps an upload for longer.
func (tx *Tx) ExtendUpload(id string, expires time.Time) error {
	_, err := tx.exec(`UPDATE uploads SET expires_at = $1 WHERE id = $2`, sqldb.Micros(expires), id)
	return err
}

// CompleteUpload notes that all bytes of an upload are there and durable.
func (tx *Tx) CompleteUpload(id, sha256, mime string) error {
	_, err := tx.exec(`UPDATE uploads SET sha256 = $1, mime = $2 WHERE id = $3`, sha256, mime, id)
	return err
}

// FinishUpload notes what an upload became. Its bytes belong to the node now.
func (tx *Tx) FinishUpload(id string, node alveary.NodeID) error {
	_, err := tx.exec(`UPDATE uploads SET node_id = $1, blob = '' WHERE id = $2`, node, id)
	return err
}

// DeleteUpload forgets an upload.
func (tx *Tx) DeleteUpload(id string) error {
	_, err := tx.exec(`DELETE FROM uploads WHERE id = $1`, id)
	return err
}

// ExpiredUploads lists at most limit uploads whose time has passed.
func (tx *Tx) ExpiredUploads(limit int) (uploads []Upload, err error) {
	err = tx.all(func(row scanner) error {
		u, err := scanUpload(row)
		uploads = append(uploads, u)
		return err
	}, `SELECT `+uploadColumns+` FROM uploads WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2`, sqldb.Micros(tx.now), limit)
	return uploads, err
}
