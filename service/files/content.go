package files

import (
	"context"
	"errors"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/render"
	"alveary/service/files/desk"
	"alveary/service/files/vigil"
	"alveary/thumb"
)

// Content opens and writes the bytes of files.
type Content struct {
	*core
	thumbs *thumb.Shelf
	render *render.Renderer
}

// File is content open for reading, with what it is the content of. It is
// watched until it is closed: where reading it is not allowed any more, its
// reads fail.
type File struct {
	*vigil.Reading
	Item    Item
	Version int64
	SHA256  string
	MIME    string
	MTime   time.Time
	through []alveary.CellID // by which a member may read it
}

// ETag is the strong entity tag of the content: the node's own while it is the
// current version, else one of the version's.
func (f *File) ETag() string {
	if f.Version == f.Item.Version {
		return f.Item.ETag()
	}
	return `"` + f.SHA256[:32] + `"`
}

// Why says what a content is opened for; package desk tells more.
type Why = desk.Why

// The reasons to open content.
const (
	ForDownload = desk.ForDownload
	ForPreview  = desk.ForPreview
	ForArchive  = desk.ForArchive
	ForProbing  = desk.ForProbing
)

// reading is what is asked of the gate before a content is read.
type reading struct {
	allowed func(*authz.Access, alveary.Lineage) error
	grant   func(*authz.Access, alveary.Lineage, int64, alveary.BlobID) (alveary.Grant, error)
}

// asItIs is asked where the bytes of a file are handed out.
func asItIs() reading {
	return reading{
		allowed: func(a *authz.Access, line alveary.Lineage) error { return desk.Allowed(a, authz.ReadBytes, line) },
		grant:   (*authz.Access).GrantRead,
	}
}

// Open decides on reading one content of a file and opens it; version 0 is the
// current one. Where the node was changed, moved or replaced between the
// decision and the opening, it is refused with KindConflict "changed".
func (c *Content) Open(ctx context.Context, s alveary.Subject, id alveary.NodeID, version int64, why Why) (*File, error) {
	f, line, err := c.open(ctx, s, asItIs(), id, version, why)
	if err != nil {
		return nil, err
	}
	f.Watched(c.vigil.Watch(reads(s, line)))
	return f, nil
}

// open is Open without the watch.
func (c *Content) open(ctx context.Context, s alveary.Subject, by reading, id alveary.NodeID, version int64, why Why) (f *File, line alveary.Lineage, err error) {
	f = &File{Reading: &vigil.Reading{}}
	var grant alveary.Grant
	err = c.read(ctx, s, func(v *view) (err error) {
		line, grant, err = v.grantRead(by, id, version, f)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	c.decided()
	if f.Content, err = c.blobs.Open(ctx, grant); err != nil {
		return nil, nil, c.explain(ctx, s, by, line, grant, err)
	}
	if err := c.unchanged(ctx, s, by, line, grant); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	if err := c.desk.Reading(ctx, s, line, f.Version, why, f.through); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, line, nil
}

func (v *view) grantRead(by reading, id alveary.NodeID, version int64, f *File) (alveary.Lineage, alveary.Grant, error) {
	line, err := v.Tx.Lineage(id)
	if err != nil {
		return nil, alveary.Grant{}, err
	}
	if err := v.Note(authz.ReadBytes, line, by.allowed(v.Access, line)); err != nil {
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
	stored, err := v.Tx.Version(id, version)
	if err != nil {
		return nil, alveary.Grant{}, err
	}
	f.Version, f.SHA256, f.MIME, f.MTime = version, stored.Content.SHA256, stored.Content.MIME, stored.MTime
	if version == n.Version {
		f.MTime = n.MTime
	}
	if f.Item, err = v.Item(line); err != nil {
		return nil, alveary.Grant{}, err
	}
	f.through = v.Access.Through(line, authz.ReadBytes.Needs())
	grant, err := by.grant(v.Access, line, version, stored.Content.Blob)
	return line, grant, v.Note(authz.ReadBytes, line, err)
}

// unchanged asks again, now that the content is open: the node must be where
// it was and what it was, and still be allowed.
func (c *core) unchanged(ctx context.Context, s alveary.Subject, by reading, was alveary.Lineage, g alveary.Grant) error {
	return c.read(ctx, s, func(v *view) error {
		line, err := v.Tx.Lineage(g.Node)
		if err != nil {
			return err
		}
		if err := v.Note(authz.ReadBytes, line, by.allowed(v.Access, line)); err != nil {
			return err
		}
		stored, err := v.Tx.Version(g.Node, g.Version)
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
func (c *core) explain(ctx context.Context, s alveary.Subject, by reading, line alveary.Lineage, g alveary.Grant, err error) error {
	if !alveary.IsKind(err, alveary.KindNotFound) {
		return err
	}
	if gone := c.unchanged(ctx, s, by, line, g); gone != nil {
		return gone
	}
	return &alveary.Error{
		Kind: alveary.KindInternal, Op: "open the file", Subject: line.Node().Name, Cause: err,
		Message: "the content of this file is missing on the server; the administrator can run alveary doctor",
	}
}

// reads is the question on which the reading of a file rests.
func reads(s alveary.Subject, line alveary.Lineage) vigil.Question {
	return vigil.Question{Subject: s, Action: "cut-download", Operation: authz.ReadBytes, Line: line}
}
