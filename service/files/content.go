package files

import (
	"context"
	"errors"
	"io"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/store"
)

// Content opens and writes the bytes of files.
type Content struct {
	*core
	seen   *expirable.LRU[reading, struct{}] // downloads that are on record
	thumbs *lru.Cache[thumbKey, thumbnail]
	slots  chan struct{} // bounds how many thumbnails are made at once
}

// reading is one reader of one content: a file that is fetched in a hundred
// ranges is one download on record, not a hundred.
type reading struct {
	user    alveary.UserID
	node    alveary.NodeID
	version int64
	why     string
}

func newContent(c *core) *Content {
	thumbs, err := lru.New[thumbKey, thumbnail](512)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &Content{
		core:   c,
		seen:   expirable.NewLRU[reading, struct{}](4096, nil, 10*time.Minute),
		thumbs: thumbs,
		slots:  make(chan struct{}, 2),
	}
}

// File is content open for reading, with what it is the content of.
type File struct {
	*blob.Reader
	Item    Item
	Version int64
	SHA256  string
	MIME    string
	MTime   time.Time
}

// ETag is the strong entity tag of the content: the node's own while it is the
// current version, else one of the version's.
func (f *File) ETag() string {
	if f.Version == f.Item.Version {
		return f.Item.ETag()
	}
	return `"` + f.SHA256[:32] + `"`
}

// Why says in the audit log what a content is opened for.
type Why string

// The reasons to open content. Probing, as a HEAD request does, sends no bytes
// and is not put on record.
const (
	ForDownload Why = "download"
	ForPreview  Why = "preview"
	ForArchive  Why = "archive"
	ForProbing  Why = ""
)

// Open decides on reading one content of a file and opens it; version 0 is the
// current one. Where the node was changed, moved or replaced between the
// decision and the opening, it is refused with KindConflict "changed".
func (c *Content) Open(ctx context.Context, s alveary.Subject, id alveary.NodeID, version int64, why Why) (*File, error) {
	f := &File{}
	var line alveary.Lineage
	var grant alveary.Grant
	err := c.read(ctx, s, func(v *view) (err error) {
		line, grant, err = v.grantRead(id, version, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.decided()
	if f.Reader, err = c.blobs.Open(ctx, grant); err != nil {
		return nil, c.explain(ctx, s, line, grant, err)
	}
	if err := c.unchanged(ctx, s, line, grant); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := c.onRecord(ctx, s, line, f.Version, why); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (v *view) grantRead(id alveary.NodeID, version int64, f *File) (alveary.Lineage, alveary.Grant, error) {
	line, err := v.tx.Lineage(id)
	if err != nil {
		return nil, alveary.Grant{}, err
	}
	if err := v.check(authz.ReadBytes, line); err != nil {
		return nil, alveary.Grant{}, err
	}
	n := line.Node()
	if n.IsFolder() {
		return nil, alveary.Grant{}, &alveary.Error{
			Kind: alveary.KindInvalid, Op: "open the file", Subject: n.Name, Code: "not-a-file",
			Message: "this is a folder: it can be downloaded as an archive",
		}
	}
	if version == 0 {
		version = n.Version
	}
	stored, err := v.tx.Version(id, version)
	if err != nil {
		return nil, alveary.Grant{}, err
	}
	f.Version, f.SHA256, f.MIME, f.MTime = version, stored.Content.SHA256, stored.Content.MIME, stored.MTime
	if version == n.Version {
		f.MTime = n.MTime
	}
	if f.Item, err = v.item(line); err != nil {
		return nil, alveary.Grant{}, err
	}
	grant, err := v.access.GrantRead(line, version, stored.Content.Blob)
	return line, grant, v.note(authz.ReadBytes, line, err)
}

// unchanged asks again, now that the content is open: the node must be where
// it was and what it was, and still be allowed.
func (c *core) unchanged(ctx context.Context, s alveary.Subject, was alveary.Lineage, g alveary.Grant) error {
	return c.read(ctx, s, func(v *view) error {
		line, err := v.tx.Lineage(g.Node)
		if err != nil {
			return err
		}
		if err := v.check(authz.ReadBytes, line); err != nil {
			return err
		}
		stored, err := v.tx.Version(g.Node, g.Version)
		if err != nil {
			return err
		}
		now, then := line.Node(), was.Node()
		if stored.Content.Blob != g.Blob || now.Parent != then.Parent || now.Name != then.Name ||
			now.Version != then.Version || !now.Binned.Equal(then.Binned) {
			return changedMeanwhile("open the file", then.Name)
		}
		return nil
	})
}

func changedMeanwhile(op, name string) error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: op, Subject: name, Code: "changed",
		Message: "it was changed or moved by someone else at this very moment: try again",
	}
}

// explain tells an object that a delete took away between the decision and the
// opening from one that is lost.
func (c *core) explain(ctx context.Context, s alveary.Subject, line alveary.Lineage, g alveary.Grant, err error) error {
	if !alveary.IsKind(err, alveary.KindNotFound) {
		return err
	}
	if gone := c.unchanged(ctx, s, line, g); gone != nil {
		return gone
	}
	return &alveary.Error{
		Kind: alveary.KindInternal, Op: "open the file", Subject: line.Node().Name, Cause: err,
		Message: "the content of this file is missing on the server; the administrator can run alveary doctor",
	}
}

func (c *Content) onRecord(ctx context.Context, s alveary.Subject, line alveary.Lineage, version int64, why Why) error {
	if why == ForProbing {
		return nil
	}
	key := reading{s.User.ID, line.Node().ID, version, string(why)}
	if _, seen := c.seen.Get(key); seen {
		return nil
	}
	if err := c.store.Record(ctx, line2record(s, string(why), alveary.VerdictDone, line, "")); err != nil {
		return err
	}
	c.seen.Add(key, struct{}{})
	return nil
}

// Upload is a file that comes in one piece.
type Upload struct {
	Name     string
	Conflict Conflict
	Size     int64     // bytes as declared; -1 where it was not
	MTime    time.Time // as declared; zero where it was not
	IfMatch  []string  // entity tags of which the replaced file must have one
	Body     io.Reader
	// Verify is called when all bytes have come and may refuse them: a
	// declared digest that is not theirs. It may be nil.
	Verify func() error
}

// Write makes a file in a folder from the body, or a new version of the file
// of that name where that is asked for. When it returns without an error the
// content is durable; otherwise nothing of it is left.
func (c *Content) Write(ctx context.Context, s alveary.Subject, parent alveary.NodeID, u Upload) (it Item, made bool, err error) {
	return c.receive(ctx, s, u, func(v *view, blob alveary.BlobID) (target, error) {
		return v.target(parent, u.Name, u.Conflict, u.IfMatch, blob)
	})
}

// Overwrite gives a file new content as a new version.
func (c *Content) Overwrite(ctx context.Context, s alveary.Subject, id alveary.NodeID, u Upload) (it Item, err error) {
	it, _, err = c.receive(ctx, s, u, func(v *view, blob alveary.BlobID) (target, error) {
		return v.targetNode(id, u.IfMatch, blob)
	})
	return it, err
}

// target is where content is to go, as decided.
type target struct {
	folder alveary.Lineage // where a new file comes
	asked  string          // the name as it was asked for
	name   string          // the name it will have
	over   alveary.Lineage // the file that gets a new version; nil for a new file
	grant  alveary.Grant
}

// target decides where a file of that name in that folder would go.
func (v *view) target(parent alveary.NodeID, name string, c Conflict, ifMatch []string, b alveary.BlobID) (t target, err error) {
	line, err := v.tx.Lineage(parent)
	if err != nil {
		return t, err
	}
	rights := v.access.Rights(line)
	if authz.Create.Needs()&^rights != 0 && !rights.Has(alveary.ActionRead) {
		return t, v.check(authz.Create, line)
	}
	op := authz.See
	if !rights.Has(alveary.ActionRead) {
		op = authz.Create // a drop box
	}
	if err := v.admitFolder(line, op); err != nil {
		return t, err
	}
	t.folder, t.asked = line, name
	var taken alveary.Lineage
	if t.name, taken, err = v.settleName(t.folder, name, c); err != nil {
		if e := v.check(authz.Create, line); e != nil {
			return t, e
		}
		return t, err
	}
	if taken != nil {
		return v.targetAt(taken, ifMatch, b)
	}
	if len(ifMatch) > 0 {
		return t, matches(alveary.Node{Name: name}, []string{"-"})
	}
	t.grant, err = v.access.GrantCreate(t.folder, b)
	return t, v.note(authz.Create, t.folder, err)
}

// targetNode decides on new content for a file.
func (v *view) targetNode(id alveary.NodeID, ifMatch []string, b alveary.BlobID) (t target, err error) {
	line, err := v.tx.Lineage(id)
	if err != nil {
		return t, err
	}
	return v.targetAt(line, ifMatch, b)
}

func (v *view) targetAt(line alveary.Lineage, ifMatch []string, b alveary.BlobID) (t target, err error) {
	if err := v.admit(line, authz.Change); err != nil {
		return t, err
	}
	t.over = line
	if n := t.over.Node(); n.IsFolder() {
		return t, store.NameExists(n.Name)
	}
	if err := matches(t.over.Node(), ifMatch); err != nil {
		return t, err
	}
	t.grant, err = v.access.GrantChange(t.over, b)
	return t, v.note(authz.Change, t.over, err)
}

func (c *Content) receive(ctx context.Context, s alveary.Subject, u Upload, aim func(*view, alveary.BlobID) (target, error)) (it Item, made bool, err error) {
	id, err := newBlobID()
	if err != nil {
		return it, false, err
	}
	var t target
	if err := c.read(ctx, s, func(v *view) error {
		t, err = aim(v, id)
		return err
	}); err != nil {
		return it, false, err
	}
	c.decided()
	info, err := c.stream(ctx, t.grant, u)
	if err != nil {
		return it, false, err
	}
	content := store.Content{Blob: info.Blob, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME}
	err = c.write(ctx, s, func(v *view) error {
		now, err := aim(v, id)
		if err != nil {
			return err
		}
		it, made, err = v.link(t, now, content, u.MTime)
		return err
	})
	if err != nil {
		c.forget(ctx, []alveary.BlobID{id})
	}
	return it, made, err
}

// stream writes the body to the object that the grant names.
func (c *core) stream(ctx context.Context, g alveary.Grant, u Upload) (blob.Info, error) {
	w, err := c.blobs.Create(ctx, g)
	if err != nil {
		return blob.Info{}, err
	}
	defer func() { _ = w.Abort() }() // nothing to do after Commit
	if _, err := w.ReadFrom(u.Body); err != nil {
		return blob.Info{}, cutOff(err)
	}
	if u.Size >= 0 && w.Written() != u.Size {
		return blob.Info{}, cutOff(io.ErrUnexpectedEOF)
	}
	if u.Verify != nil {
		if err := u.Verify(); err != nil {
			return blob.Info{}, err
		}
	}
	return w.Commit()
}

// cutOff gives a body that could not be read to its end a kind.
func cutOff(err error) error {
	var e *alveary.Error
	if errors.As(err, &e) {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: "receive the content", Code: "cut-off", Cause: err,
		Message: "the upload broke off before its end; nothing was stored: send it again",
	}
}

// link makes durable content that of a node. The place it was decided for must
// be the one it comes to.
func (v *view) link(decided, now target, content store.Content, mtime time.Time) (it Item, made bool, err error) {
	if now.grant.Node != decided.grant.Node {
		return it, false, changedMeanwhile("store the file", orName(now.name, decided.name))
	}
	var line alveary.Lineage
	action := "upload"
	if now.over != nil {
		n, err := v.tx.Replace(now.over, content, micros(mtime), v.access.Subject().User.ID)
		if err != nil {
			return it, false, err
		}
		line, action = now.over[:len(now.over)-1].Child(n), "change"
	} else {
		n, err := v.tx.Insert(now.folder, alveary.Node{
			Name: now.name, Type: alveary.Leaf, Size: content.Size, MIME: content.MIME, SHA256: content.SHA256,
			Blob: content.Blob, MTime: mtime, Owner: v.access.Subject().User.ID,
		})
		if err != nil {
			return it, false, err
		}
		line, made = now.folder.Child(n), true
	}
	if err := v.record(action, line, ""); err != nil {
		return it, false, err
	}
	if !v.access.Rights(line).Has(alveary.ActionRead) {
		// A drop box tells what was given to it and no more.
		return Item{Node: alveary.Node{Name: now.asked, Type: alveary.Leaf, Size: content.Size}}, made, nil
	}
	it, err = v.item(line)
	return it, made, err
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
