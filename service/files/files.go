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
// Read view.go first: the state of one request. Then tree.go and change.go for
// names, content.go and upload.go for bytes.
package files

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/store"
)

// core is what all parts of the service share.
type core struct {
	store   *store.Store
	gate    *authz.Gate
	blobs   *blob.Store
	now     func() time.Time
	decided func() // see Config.Decided
}

// Service is the files of one installation, by what is done with them.
type Service struct {
	Tree    *Tree
	Bin     *Bin
	Content *Content
	Uploads *Uploads
}

// Config are the parts the service is made of.
type Config struct {
	Store        *store.Store
	Gate         *authz.Gate
	Blobs        *blob.Store
	Now          func() time.Time
	UploadExpiry time.Duration // how long an unfinished upload is kept after its last byte
	// Decided, where set, is called between each decision on content and the
	// act that rests on it. Tests swap the node there.
	Decided func()
}

// New puts the service together.
func New(cfg Config) *Service {
	c := &core{store: cfg.Store, gate: cfg.Gate, blobs: cfg.Blobs, now: cfg.Now, decided: cfg.Decided}
	if c.decided == nil {
		c.decided = func() {}
	}
	return &Service{
		Tree:    &Tree{c},
		Bin:     &Bin{c},
		Content: newContent(c),
		Uploads: &Uploads{core: c, expiry: cfg.UploadExpiry},
	}
}

// read runs fn on one consistent state with the gate bound to the subject.
func (c *core) read(ctx context.Context, s alveary.Subject, fn func(*view) error) error {
	return c.within(ctx, s, c.store.Read, fn)
}

// write runs fn as the only writer with the gate bound to the subject.
func (c *core) write(ctx context.Context, s alveary.Subject, fn func(*view) error) error {
	return c.within(ctx, s, c.store.Write, fn)
}

func (c *core) within(ctx context.Context, s alveary.Subject, run func(context.Context, func(*store.Tx) error) error, fn func(*view) error) error {
	var v *view
	err := run(ctx, func(tx *store.Tx) error {
		access, err := c.gate.Bind(ctx, tx, s)
		if err != nil {
			return err
		}
		v = &view{tx: tx, access: access}
		return fn(v)
	})
	if err != nil && v != nil && v.refused != nil {
		// The transaction is gone with what it did; the denial is kept alone.
		return errors.Join(err, c.store.Record(context.WithoutCancel(ctx), *v.refused))
	}
	return err
}

// record writes what was done into the audit log of the same transaction.
func (v *view) record(action string, line alveary.Lineage, detail string) error {
	return v.tx.Record(line2record(v.access.Subject(), action, alveary.VerdictDone, line, detail))
}

func line2record(s alveary.Subject, action string, verdict alveary.Verdict, line alveary.Lineage, detail string) alveary.AuditRecord {
	r := alveary.AuditRecord{
		User: s.User.ID, Login: s.User.Login, Action: action, Verdict: verdict, Detail: detail,
		Address: s.Address, Request: s.Request,
	}
	if len(line) > 0 {
		r.Node, r.Path = line.Node().ID, line.Path()
	}
	return r
}

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
