// Package files is what the product does with files and folders: list, make,
// upload, open, rename, move, copy, bin, restore, versions, archives.
//
// It exists so that every door (REST today, others later) does the same thing
// in the same order: resolve the node, ask the gate, act, record. A change is
// decided inside the transaction that makes it, so that nothing can be swapped
// between the decision and the act; content is opened only with the grant that
// a decision returned, and only while the node is still the one that was
// decided on.
//
// Every method takes the subject that asks. Errors are alveary.Error values;
// what the asker may not know of is KindNotFound in the same words as what does
// not exist.
//
// Read package desk first: the state of one request. Then package guide for
// what is shown, change.go and metadata.go for names and what else is said of a
// node, content.go and upload.go for bytes.
package files

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/render"
	"alveary/service/files/desk"
	"alveary/service/files/guide"
	"alveary/service/files/vigil"
	"alveary/store"
	"alveary/thumb"
)

// core is what all parts of the service share.
type core struct {
	desk    *desk.Desk
	store   *store.Store
	blobs   *blob.Store
	gate    *authz.Gate
	vigil   *vigil.Vigil // over what is under way
	now     func() time.Time
	decided func() // see Config.Decided
}

// Service is the files of one installation, by what is done with them.
type Service struct {
	Tree       *Tree
	Bin        *Bin
	Content    *Content
	Uploads    *Uploads
	Namespaces *Namespaces
}

// Config are the parts the service is made of.
type Config struct {
	Store        *store.Store
	Gate         *authz.Gate
	Blobs        *blob.Store
	Now          func() time.Time
	Render       *render.Renderer // what is shown in place of files; nil: nothing
	UploadExpiry time.Duration    // how long an unfinished upload is kept after its last byte
	Used         desk.Used        // is told what members do through Cells; nil: nobody is
	// Decided, where set, is called between each decision on content and the
	// act that rests on it. Tests swap the node there.
	Decided func()
}

// New puts the service together.
func New(cfg Config) *Service {
	c := &core{desk: desk.Counting(cfg.Store, cfg.Gate, cfg.Used), store: cfg.Store, blobs: cfg.Blobs, gate: cfg.Gate, now: cfg.Now, decided: cfg.Decided}
	c.vigil = vigil.New(cfg.Store, cfg.Gate, cfg.Now)
	if c.decided == nil {
		c.decided = func() {}
	}
	return &Service{
		Tree:       &Tree{guide.New(c.desk), c},
		Bin:        &Bin{c},
		Content:    &Content{core: c, thumbs: thumb.NewShelf(), render: cfg.Render},
		Uploads:    &Uploads{core: c, expiry: cfg.UploadExpiry},
		Namespaces: &Namespaces{c},
	}
}

// UnderWay is how many downloads, archives and uploads are watched.
func (s *Service) UnderWay() int { return s.Tree.vigil.Streams() }

// Close cuts what is under way. It must come before the store is closed.
func (s *Service) Close() { s.Tree.vigil.Close() }

// view is the state of one request, with what this service does in it.
type view struct{ *desk.View }

// read runs fn on one consistent state with the gate bound to the subject.
func (c *core) read(ctx context.Context, s alveary.Subject, fn func(*view) error) error {
	return c.desk.Read(ctx, s, func(v *desk.View) error { return fn(&view{v}) })
}

// write runs fn as the only writer with the gate bound to the subject.
func (c *core) write(ctx context.Context, s alveary.Subject, fn func(*view) error) error {
	return c.desk.Write(ctx, s, func(v *desk.View) error { return fn(&view{v}) })
}

// conclude is write for what ends long after it began: with the subject as he
// is now.
func (c *core) conclude(ctx context.Context, s alveary.Subject, fn func(*view) error) error {
	return c.write(ctx, s, func(v *view) error {
		now, _, err := vigil.Renew(v.Tx, s)
		if err != nil {
			return err
		}
		if v.Access, err = c.gate.Bind(ctx, v.Tx, now); err != nil {
			return err
		}
		return fn(v)
	})
}

// Item is a node as the asker sees it; package desk describes it.
type Item = desk.Item

// Person is an account as others may see it.
type Person = desk.Person

// forget removes blobs that no row names any more. A failure leaves orphans,
// which the next sweep finds; what was asked for is done all the same.
func (c *core) forget(ctx context.Context, blobs []alveary.BlobID) {
	for _, b := range blobs {
		_ = c.blobs.Delete(context.WithoutCancel(ctx), b)
	}
}

// Sweep removes objects that no row names, and uploads that have expired. It
// spares objects younger than minAge, which an upload may be about to name.
func (s *Service) Sweep(ctx context.Context, minAge time.Duration) (removed int, err error) {
	c := s.Tree.core
	if err := s.Uploads.expire(ctx); err != nil {
		return 0, err
	}
	return c.blobs.Sweep(ctx, func(ctx context.Context, ids []alveary.BlobID) (known map[alveary.BlobID]bool, err error) {
		err = c.store.Read(ctx, func(tx *store.Tx) error {
			known, err = tx.KnownBlobs(ids)
			return err
		})
		return known, err
	}, minAge)
}

func newBlobID() (alveary.BlobID, error) { return blob.NewID(randomness) }

// randomness is the system's; ids of objects need not be repeatable.
var randomness io.Reader = rand.Reader
