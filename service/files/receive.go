package files

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/service/files/desk"
	"alveary/service/files/vigil"
	"alveary/store"
)

// Upload is a file that comes in one piece.
type Upload struct {
	Name     string
	Conflict Conflict
	Size     int64     // bytes as declared; -1 where it was not
	Most     int64     // bytes that it may have at most; 0: no bound
	MTime    time.Time // as declared; zero where it was not
	IfMatch  []string  // entity tags of which the replaced file must have one
	Body     io.Reader
	// Verify is called when all bytes have come and may refuse them: a
	// declared digest that is not theirs. It may be nil.
	Verify func() error
	// Wake ends a Read of Body that waits: it is called when the upload is not
	// allowed any more. It may be nil.
	Wake func()
}

// Write makes a file in a folder from the body, or a new version of the file
// of that name where that is asked for. When it returns without an error the
// content is durable; otherwise nothing of it is left.
func (c *Content) Write(ctx context.Context, s alveary.Subject, parent alveary.NodeID, u Upload) (it Item, made bool, err error) {
	return c.receive(ctx, s, u, func(v *view, blob alveary.BlobID, will alveary.Node) (target, error) {
		return v.target(parent, will, u.Conflict, u.IfMatch, blob)
	})
}

// Overwrite gives a file new content as a new version.
func (c *Content) Overwrite(ctx context.Context, s alveary.Subject, id alveary.NodeID, u Upload) (it Item, err error) {
	it, _, err = c.receive(ctx, s, u, func(v *view, blob alveary.BlobID, will alveary.Node) (target, error) {
		line, err := v.Live(id, authz.Change)
		if err != nil {
			return target{}, err
		}
		if line.Node().IsFolder() {
			return target{}, &alveary.Error{
				Kind: alveary.KindInvalid, Op: "change the content", Subject: line.Node().Name, Code: "not-a-file",
				Message: "this is a folder: only a file has content",
			}
		}
		return v.targetAt(line, will, u.IfMatch, blob)
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

// fileOf is a file as an upload would make it. A size below 0 is not declared,
// and so cannot be decided on (MODEL.md 5.0).
func fileOf(name string, size int64, mtime, now time.Time, owner alveary.UserID) alveary.Node {
	if mtime.IsZero() {
		mtime = now
	}
	return alveary.Node{Name: name, Type: alveary.Leaf, Size: size, MTime: mtime, Owner: owner}
}

// target decides where the file would go in that folder, as it will be.
func (v *view) target(parent alveary.NodeID, will alveary.Node, c Conflict, ifMatch []string, b alveary.BlobID) (t target, err error) {
	name := will.Name
	line, err := v.Tx.Lineage(parent)
	if err != nil {
		return t, err
	}
	rights := v.Access.Rights(line)
	if authz.Create.Needs()&^rights != 0 && !rights.Has(alveary.ActionRead) {
		return t, v.Check(authz.Create, line)
	}
	op := authz.See
	if !rights.Has(alveary.ActionRead) {
		op = authz.Create // a drop box
	}
	if err := v.AdmitFolder(line, op); err != nil {
		return t, err
	}
	t.folder, t.asked = line, name
	var taken alveary.Lineage
	if t.name, taken, err = v.settleName(t.folder, name, c); err != nil {
		if e := v.Check(authz.Create, line); e != nil {
			return t, e
		}
		return t, err
	}
	if taken != nil {
		return v.targetAt(taken, will, ifMatch, b)
	}
	if len(ifMatch) > 0 {
		return t, matches(alveary.Node{Name: name}, []string{"-"})
	}
	if t.grant, err = v.Access.GrantCreate(t.folder, b); err != nil {
		return t, v.Note(authz.Create, t.folder, err)
	}
	will.Name = t.name
	return t, v.checkNew(authz.Create, t.folder, will, name)
}

// targetAt decides on new content for a file.
func (v *view) targetAt(line alveary.Lineage, will alveary.Node, ifMatch []string, b alveary.BlobID) (t target, err error) {
	if err := v.Admit(line, authz.Change); err != nil {
		return t, err
	}
	t.over = line
	if n := t.over.Node(); n.IsFolder() {
		return t, store.NameExists(n.Name)
	}
	if err := matches(t.over.Node(), ifMatch); err != nil {
		return t, err
	}
	if t.grant, err = v.Access.GrantChange(t.over, b); err != nil {
		return t, v.Note(authz.Change, t.over, err)
	}
	n := t.over.Node()
	n.Size, n.MTime = will.Size, will.MTime
	return t, v.CheckMove(authz.Change, t.over, t.over[:len(t.over)-1].Child(n))
}

func (c *Content) receive(ctx context.Context, s alveary.Subject, u Upload, aim func(*view, alveary.BlobID, alveary.Node) (target, error)) (it Item, made bool, err error) {
	if u.MTime, err = desk.Declared(u.MTime); err != nil {
		return it, false, err
	}
	if u.Most > 0 && u.Size > u.Most {
		return it, false, tooLarge(u.Most)
	}
	id, err := newBlobID()
	if err != nil {
		return it, false, err
	}
	var t target
	if err := c.read(ctx, s, func(v *view) error {
		t, err = aim(v, id, fileOf(u.Name, u.Size, u.MTime, c.now(), v.Access.Subject().Makes()))
		return err
	}); err != nil {
		return it, false, err
	}
	c.decided()
	q := writes(s, t.line(), func(v *view) (alveary.Lineage, error) {
		now, err := aim(v, id, fileOf(u.Name, u.Size, u.MTime, c.now(), v.Access.Subject().Makes()))
		return now.line(), err
	})
	info, err := c.stream(ctx, q, t.grant, u)
	if err != nil {
		return it, false, err
	}
	content := store.Content{Blob: info.Blob, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME}
	// All bytes are here: that the client hangs up now changes nothing.
	err = c.conclude(context.WithoutCancel(ctx), s, func(v *view) error {
		now, err := aim(v, id, fileOf(u.Name, info.Size, u.MTime, c.now(), v.Access.Subject().Makes()))
		if err != nil {
			return err
		}
		it, _, made, err = v.link(t, now, content, u.MTime)
		return err
	})
	// Of a commit that failed in the middle nobody knows whether it was done:
	// then the sweep finds out what of the object is to become.
	if err != nil && alveary.KindOf(err) != alveary.KindInternal {
		c.forget(ctx, []alveary.BlobID{id})
	}
	return it, made, err
}

// writes is the question on which an upload rests: aim asks it again, and
// returns the node that it was asked about.
func writes(s alveary.Subject, line alveary.Lineage, aim func(*view) (alveary.Lineage, error)) vigil.Question {
	return vigil.Question{
		Subject: s, Action: "cut-upload", Line: line,
		Ask: func(tx *store.Tx, access *authz.Access) (alveary.Lineage, error) {
			return aim(&view{&desk.View{Tx: tx, Access: access}})
		},
	}
}

// line is the file that the content is for, or the folder where a new one
// comes.
func (t target) line() alveary.Lineage {
	if t.over != nil {
		return t.over
	}
	return t.folder
}

// stream writes the body to the object that the grant names, for as long as
// the upload is allowed.
func (c *core) stream(ctx context.Context, q vigil.Question, g alveary.Grant, u Upload) (blob.Info, error) {
	stream := c.vigil.Watch(q)
	defer stream.End()
	stream.OnCut(u.Wake)
	w, err := c.blobs.Create(ctx, g)
	if err != nil {
		return blob.Info{}, err
	}
	defer func() { _ = w.Abort() }() // nothing to do after Commit
	if _, err := w.ReadFrom(stream.Reader(atMost(u.Body, u.Most))); err != nil {
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

// atMost is a body that fails where it has more bytes than that; 0: no bound.
func atMost(body io.Reader, most int64) io.Reader {
	if most <= 0 {
		return body
	}
	return &bounded{body, most, most}
}

type bounded struct {
	from       io.Reader
	left, most int64
}

// Read reads on for as long as there is room. One byte more than that tells a
// body that is too long.
func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p))-1 > b.left {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, tooLarge(b.most)
	}
	return n, err
}

func tooLarge(most int64) error {
	return &alveary.Error{
		Kind: alveary.KindTooLarge, Op: "receive the content", Code: "too-large",
		Message: "this file is larger than what may be put in here, which is " + strconv.FormatInt(most, 10) + " bytes; nothing was stored",
	}
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
// be the one it comes to. The item is what the asker may know of it.
func (v *view) link(decided, now target, content store.Content, mtime time.Time) (it Item, id alveary.NodeID, made bool, err error) {
	if now.grant.Node != decided.grant.Node {
		return it, 0, false, changedMeanwhile("store the file", orName(now.name, decided.name))
	}
	var line alveary.Lineage
	action := "upload"
	if now.over != nil {
		n, err := v.Tx.Replace(now.over, content, desk.Micros(mtime), desk.Doer(v.Access.Subject()))
		if err != nil {
			return it, 0, false, err
		}
		line, action = now.over[:len(now.over)-1].Child(n), "change"
	} else {
		n, err := v.Tx.Insert(now.folder, alveary.Node{
			Name: now.name, Type: alveary.Leaf, Size: content.Size, MIME: content.MIME, SHA256: content.SHA256,
			Blob: content.Blob, MTime: mtime, Owner: v.Access.Subject().Makes(),
		})
		if err != nil {
			return it, 0, false, err
		}
		line, made = now.folder.Child(n), true
	}
	if err := v.Record(action, line, ""); err != nil {
		return it, 0, false, err
	}
	it, err = v.answer(line, alveary.Node{Name: now.asked, Type: alveary.Leaf, Size: content.Size})
	return it, line.Node().ID, made, err
}
