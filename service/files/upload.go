package files

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/service/files/desk"
	"alveary/store"
)

// Uploads are resumable uploads: begun, fed in pieces through broken
// connections and restarts, then finished as a file. Only who began one may go
// on with it, and every piece is asked at the gate.
type Uploads struct {
	*core
	expiry time.Duration
}

// Begin asks for a resumable upload.
type Begin struct {
	Parent   alveary.NodeID
	Name     string
	Relative string // `dir/dir/name` beneath Parent in place of Name; folders are made as needed
	Length   int64  // bytes
	MTime    time.Time
	Conflict Conflict
	IfMatch  string
	Most     int64 // bytes that it may have at most; 0: no bound
}

// Progress is how far an upload is.
type Progress struct {
	ID      string
	Offset  int64 // bytes that are durable
	Length  int64
	Expires time.Time
	Node    alveary.NodeID // what it became; 0 until it is finished
}

// Begin starts an upload. An upload of no bytes is finished by the first call
// of Append.
func (u *Uploads) Begin(ctx context.Context, s alveary.Subject, b Begin) (p Progress, err error) {
	up := store.Upload{
		User: s.Makes(), Link: s.Link, Parent: b.Parent, Name: b.Name, Conflict: string(b.Conflict), IfMatch: b.IfMatch,
		Length: b.Length, MTime: b.MTime,
	}
	if b.Relative != "" {
		names, err := alveary.SplitPath(b.Relative)
		if err != nil {
			return p, err
		}
		up.Relative, up.Name = strings.Join(names[:len(names)-1], "/"), names[len(names)-1]
	}
	if err := alveary.CheckName(up.Name); err != nil {
		return p, err
	}
	if up.MTime, err = desk.Declared(b.MTime); err != nil {
		return p, err
	}
	if !utf8.ValidString(b.IfMatch) || strings.ContainsRune(b.IfMatch, 0) {
		return p, &alveary.Error{Kind: alveary.KindInvalid, Op: "begin the upload", Code: "invalid", Message: "an entity tag is text in quotes"}
	}
	if b.Length < 0 {
		return p, &alveary.Error{Kind: alveary.KindInvalid, Op: "begin the upload", Message: "an upload needs its length in bytes, 0 or more"}
	}
	if b.Most > 0 && b.Length > b.Most {
		return p, tooLarge(b.Most)
	}
	if up.Blob, err = newBlobID(); err != nil {
		return p, err
	}
	secret, err := newBlobID() // as hard to guess as an object's name
	if err != nil {
		return p, err
	}
	up.ID = string(secret)
	err = u.write(ctx, s, func(v *view) error {
		if _, err := v.aimUpload(up); err != nil {
			return err
		}
		up.Created, up.Expires = v.Tx.Now(), v.Tx.Now().Add(u.expiry)
		return v.Tx.InsertUpload(up)
	})
	return Progress{ID: up.ID, Length: up.Length, Expires: up.Expires}, err
}

// aimUpload asks the gate for where the upload would go as things are now.
// Folders that are still to be made are asked for on the one they come in, and
// one that the asker may not see is as good as none (MODEL.md 5.2).
// A name that is taken is no reason to refuse yet: the choice comes at the end.
// That a folder cannot be made is one: there no choice helps.
func (v *view) aimUpload(up store.Upload) (alveary.Grant, error) {
	line, err := v.Tx.Lineage(up.Parent)
	if err != nil {
		return alveary.Grant{}, err
	}
	for left := foldersOf(up); len(left) > 0; left = left[1:] {
		n, err := v.Tx.Child(line.Node().ID, left[0])
		if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
			return alveary.Grant{}, err
		}
		if err != nil || !v.Sees(line.Child(n)) {
			return v.aimBeneath(line, left, up)
		}
		if !n.IsFolder() {
			if err := v.Check(authz.See, line); err != nil {
				return alveary.Grant{}, err
			}
			return alveary.Grant{}, store.NameExists(n.Name)
		}
		line = line.Child(n)
	}
	conflict := Conflict(up.Conflict)
	if conflict == Fail || conflict == "" {
		conflict = KeepBoth
	}
	t, err := v.target(line.Node().ID, v.fileOf(up), conflict, nil, up.Blob)
	return t.grant, err
}

// aimBeneath asks for a file in folders that are still to be made.
func (v *view) aimBeneath(line alveary.Lineage, names []string, up store.Upload) (g alveary.Grant, err error) {
	if line, err = v.Folder(line.Node().ID, authz.Create); err != nil {
		return g, err
	}
	if err := roomFor(line, len(names)); err != nil {
		return g, err
	}
	if err := v.Check(authz.Edit, line); err != nil {
		return g, err
	}
	there := line
	for _, name := range names {
		folder := alveary.Node{Name: name, Type: alveary.Collection, Owner: v.Access.Subject().Makes()}
		if err := v.CheckNew(authz.Edit, there, folder); err != nil {
			return g, err
		}
		there = there.Child(folder)
	}
	if err := v.CheckNew(authz.Create, there, v.fileOf(up)); err != nil {
		return g, err
	}
	return v.Access.GrantCreate(line, up.Blob)
}

// fileOf is the file that the upload would make.
func (v *view) fileOf(up store.Upload) alveary.Node {
	return fileOf(up.Name, up.Length, up.MTime, v.Tx.Now(), v.Access.Subject().Makes())
}

// own finds an upload of the subject. Another's is as good as none.
func (v *view) own(id string) (store.Upload, error) {
	if blob.CheckID(alveary.BlobID(id)) != nil {
		id = "" // not every text can be asked of a database
	}
	up, err := v.Tx.Upload(id)
	if s := v.Access.Subject(); err == nil && (up.Link != s.Link || s.Link == 0 && up.User != s.User.ID) {
		_, err = v.Tx.Upload("")
	}
	if err == nil && !v.Tx.Now().Before(up.Expires) {
		err = &alveary.Error{Kind: alveary.KindGone, Op: "find the upload", Message: "the upload has expired: start it again"}
	}
	return up, err
}

// Status tells how far an upload is. One whose bytes are all there, but whose
// end was lost with the line or the server, is finished now: a client takes the
// full length for a yes. Where the name is taken, Finish is still to be asked.
func (u *Uploads) Status(ctx context.Context, s alveary.Subject, id string) (Progress, error) {
	p, finished, err := u.status(ctx, s, id)
	if err != nil || finished || p.Offset < p.Length {
		return p, err
	}
	_, _, err = u.Append(ctx, s, id, Piece{Offset: p.Length, Body: strings.NewReader("")})
	if err != nil && !alveary.IsKind(err, alveary.KindConflict) {
		return p, err
	}
	p, _, err = u.status(ctx, s, id)
	return p, err
}

func (u *Uploads) status(ctx context.Context, s alveary.Subject, id string) (p Progress, finished bool, err error) {
	up, _, err := u.admit(ctx, s, id)
	if err != nil {
		return p, false, err
	}
	p, err = u.progress(ctx, up)
	if err != nil || p.Node == 0 {
		return p, false, err
	}
	return p, true, u.read(ctx, s, func(v *view) error {
		line, err := v.Tx.Lineage(p.Node)
		if err != nil || !v.Sees(line) {
			p.Node = 0 // what it became is gone, or not for him to know
		}
		if alveary.IsKind(err, alveary.KindNotFound) {
			return nil
		}
		return err
	})
}

// aimed is where an upload would go, as decided.
type aimed struct {
	grant alveary.Grant
	line  alveary.Lineage // of the grant's node
}

// admit finds an upload of the subject and asks the gate for it.
func (u *Uploads) admit(ctx context.Context, s alveary.Subject, id string) (up store.Upload, a aimed, err error) {
	err = u.read(ctx, s, func(v *view) error {
		if up, err = v.own(id); err != nil || up.Node != 0 {
			return err
		}
		a, err = v.aim(up)
		return err
	})
	if err == nil {
		err = u.found(ctx, &up)
	}
	return up, a, err
}

// aim is aimUpload with the way to the node.
func (v *view) aim(up store.Upload) (a aimed, err error) {
	if a.grant, err = v.aimUpload(up); err == nil {
		a.line, err = v.Tx.Lineage(a.grant.Node)
	}
	return a, err
}

// found completes what is known of an upload whose last piece a server stored
// just before it stopped.
func (u *Uploads) found(ctx context.Context, up *store.Upload) error {
	if up.Node != 0 || up.SHA256 != "" {
		return nil
	}
	if _, err := u.blobs.PartialSize(ctx, up.Blob); !alveary.IsKind(err, alveary.KindNotFound) {
		return err
	}
	info, err := u.blobs.Describe(ctx, up.Blob)
	if alveary.IsKind(err, alveary.KindNotFound) || err == nil && info.Size != up.Length {
		return nil // nothing has come yet
	}
	up.SHA256, up.MIME = info.SHA256, info.MIME
	return err
}

func (u *Uploads) progress(ctx context.Context, up store.Upload) (Progress, error) {
	p := Progress{ID: up.ID, Length: up.Length, Expires: up.Expires, Node: up.Node}
	if up.Node != 0 || up.SHA256 != "" {
		p.Offset = up.Length
		return p, nil
	}
	size, err := u.blobs.PartialSize(ctx, up.Blob)
	if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
		return p, err
	}
	p.Offset = size
	return p, nil
}

// Piece is a part of an upload.
type Piece struct {
	Offset int64
	Body   io.Reader
	Verify func() error // as in Upload; a refusal takes the piece back
	Wake   func()       // as in Upload
}

// Append adds a piece. What came before a connection broke is kept. The piece
// that completes the upload also finishes it; done is the file then.
func (u *Uploads) Append(ctx context.Context, s alveary.Subject, id string, piece Piece) (p Progress, done *Item, err error) {
	up, aim, err := u.admit(ctx, s, id)
	if err != nil {
		return p, nil, err
	}
	if p, err = u.progress(ctx, up); err != nil {
		return p, nil, err
	}
	if piece.Offset != p.Offset {
		return p, nil, &alveary.Error{
			Kind: alveary.KindConflict, Op: "go on with the upload", Code: "offset",
			Message: "the server has another number of bytes: ask for the offset and go on there",
		}
	}
	if up.Node != 0 {
		return p, nil, nil
	}
	u.decided()
	if up.SHA256 == "" {
		if p.Offset, err = u.feed(ctx, s, aim, &up, piece); err != nil || p.Offset < up.Length {
			return p, nil, errors.Join(err, u.extend(ctx, up, &p, piece))
		}
	}
	it, err := u.finish(ctx, s, up, Conflict(up.Conflict), aim.grant)
	if err != nil {
		return p, nil, errors.Join(err, u.complete(ctx, s, up))
	}
	p.Node = it.ID
	return p, &it, nil
}

// extend keeps an upload that goes on for longer, to the minute: small pieces
// would otherwise cost a change of the database each.
func (u *Uploads) extend(ctx context.Context, up store.Upload, p *Progress, piece Piece) error {
	later := u.now().Add(u.expiry)
	if p.Offset == piece.Offset || later.Sub(up.Expires) < time.Minute {
		return nil
	}
	p.Expires = later
	return u.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.ExtendUpload(up.ID, later) })
}

// feed writes a piece to the partial object and, with the last one, commits it.
// While that goes on the gate is asked where the upload would go.
func (u *Uploads) feed(ctx context.Context, s alveary.Subject, a aimed, up *store.Upload, piece Piece) (int64, error) {
	begun := *up
	stream := u.vigil.Watch(writes(s, a.line, func(v *view) (alveary.Lineage, error) {
		now, err := v.aim(begun)
		return now.line, err
	}))
	defer stream.End()
	stream.OnCut(piece.Wake)
	piece.Body = stream.Reader(piece.Body)
	w, err := u.writer(ctx, a.grant, piece.Offset)
	if err != nil {
		return piece.Offset, err
	}
	// One byte more than is missing tells a body that is too long.
	_, broken := w.ReadFrom(io.LimitReader(piece.Body, max(up.Length-piece.Offset, up.Length-piece.Offset+1)))
	if w.Written() > up.Length {
		tooLong := &alveary.Error{
			Kind: alveary.KindTooLarge, Op: "go on with the upload", Code: "too-large",
			Message: "the upload has more bytes than it declared; this piece was not stored",
		}
		return piece.Offset, errors.Join(tooLong, w.Rollback())
	}
	if broken == nil && piece.Verify != nil {
		if err := piece.Verify(); err != nil {
			return piece.Offset, errors.Join(err, w.Rollback())
		}
	}
	if broken != nil && piece.Verify != nil {
		return piece.Offset, errors.Join(cutOff(broken), w.Rollback())
	}
	if broken != nil || w.Written() < up.Length {
		written := w.Written()
		if alveary.IsKind(broken, alveary.KindNoSpace) {
			return piece.Offset, errors.Join(broken, w.Rollback())
		}
		err := w.Suspend()
		if broken != nil {
			err = errors.Join(cutOff(broken), err)
		}
		return written, err
	}
	info, err := w.Commit()
	up.SHA256, up.MIME = info.SHA256, info.MIME
	return info.Size, err
}

// writer opens the partial object, or begins one.
func (u *Uploads) writer(ctx context.Context, g alveary.Grant, offset int64) (*blob.Writer, error) {
	if offset > 0 {
		return u.blobs.Resume(ctx, g, offset)
	}
	if _, err := u.blobs.PartialSize(ctx, g.Blob); err == nil {
		return u.blobs.Resume(ctx, g, 0)
	}
	return u.blobs.Create(ctx, g)
}
