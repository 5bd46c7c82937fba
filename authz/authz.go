// Package authz is the one gate. Every service asks it before it shows,
// changes or opens anything; nobody else decides (MODEL.md 5.3).
//
// It exists to stand between the pure heart (acl) and the rest: it keeps the
// immutable snapshot of the access data, binds it to who asks, knows what each
// operation needs (operation.go), and seals the grants without which the blob
// store opens nothing.
//
// A snapshot is used only at its version: Bind asks the source for the version
// that holds now, inside the asker's transaction where there is one, so that a
// changed entry counts for the very next request on every server. A *Gate is
// safe for concurrent use; an *Access belongs to one request.
//
// Read operation.go first: it is chapter 5 of the model as a table.
package authz

import (
	"context"
	"sync/atomic"
	"time"

	"alveary"
	"alveary/acl"
)

// Source is where the access data come from.
type Source interface {
	// AccessVersion is the version that holds now.
	AccessVersion(context.Context) (int64, error)
	// Access loads the data of that version.
	Access(context.Context) (alveary.AccessData, error)
}

// Gate decides.
type Gate struct {
	sealer   alveary.Sealer
	now      func() time.Time
	snapshot atomic.Pointer[snapshot]
}

// snapshot is the access data at one version, indexed. It never changes.
type snapshot struct {
	version int64
	people  *acl.People
	entries map[alveary.RoleID][]alveary.Entry
}

// New makes the gate. It alone gets the sealer.
func New(sealer alveary.Sealer, now func() time.Time) *Gate { return &Gate{sealer: sealer, now: now} }

// Access is the gate bound to one subject at one instant.
type Access struct {
	gate    *Gate
	subject alveary.Subject
	ledger  *acl.Ledger
	version int64
	now     time.Time
}

// Bind binds the access data that hold now to who asks. An error means that
// the gate cannot be sure to be fresh, and so nothing is decided.
func (g *Gate) Bind(ctx context.Context, src Source, s alveary.Subject) (*Access, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return nil, err
	}
	stack := snap.people.Stack(s)
	ledger := acl.NewLedger(stack, func(r alveary.RoleID) []alveary.Entry { return snap.entries[r] }, s.Homes)
	return &Access{gate: g, subject: s, ledger: ledger, version: snap.version, now: g.now()}, nil
}

func (g *Gate) fresh(ctx context.Context, src Source) (*snapshot, error) {
	version, err := src.AccessVersion(ctx)
	if err != nil {
		return nil, err
	}
	if have := g.snapshot.Load(); have != nil && have.version == version {
		return have, nil
	}
	data, err := src.Access(ctx)
	if err != nil {
		return nil, err
	}
	snap := &snapshot{version: data.Version, people: acl.NewPeople(data.Groups, data.Roles), entries: map[alveary.RoleID][]alveary.Entry{}}
	for _, e := range data.Entries {
		snap.entries[e.Role] = append(snap.entries[e.Role], e)
	}
	if !data.Draft {
		g.keep(snap)
	}
	return snap, nil
}

// keep makes the snapshot the current one unless a later one is. Drafts are
// not kept: a transaction that is rolled back gives its version to another.
func (g *Gate) keep(snap *snapshot) {
	for {
		have := g.snapshot.Load()
		if have != nil && have.version >= snap.version {
			return
		}
		if g.snapshot.CompareAndSwap(have, snap) {
			return
		}
	}
}

// Subject is who asks.
func (a *Access) Subject() alveary.Subject { return a.subject }

// Version is that of the access data the decisions rest on.
func (a *Access) Version() int64 { return a.version }

// Rights are what the subject may do with the node at the end of the lineage.
func (a *Access) Rights(line alveary.Lineage) alveary.Rights {
	return a.ledger.At(line.IDs(), a.now).Rights()
}

// Along gives the rights on each node of the lineage, root first.
func (a *Access) Along(line alveary.Lineage) []alveary.Rights {
	out := make([]alveary.Rights, len(line))
	var s acl.Standing
	for i, n := range line {
		s = a.ledger.Below(s, n.ID, a.now)
		out[i] = s.Rights()
	}
	return out
}

// Folder is the gate bound to a folder as well: what is left to know is the
// child.
type Folder struct {
	access   *Access
	standing acl.Standing
}

// In binds to the folder at the end of the lineage.
func (a *Access) In(folder alveary.Lineage) Folder {
	return Folder{a, a.ledger.At(folder.IDs(), a.now)}
}

// Rights are what the subject may do with a child of the folder.
func (f Folder) Rights(child alveary.Node) alveary.Rights {
	return f.access.ledger.Below(f.standing, child.ID, f.access.now).Rights()
}

// Decide answers one action on the node at the end of the lineage, with the
// reasons.
func (a *Access) Decide(line alveary.Lineage, action alveary.Action) alveary.Decision {
	return a.ledger.Explain(line.IDs(), action, a.now)
}

// Nodes are those on which an entry of the subject stands: only there can his
// rights differ from those on the parent.
func (a *Access) Nodes() []alveary.NodeID { return a.ledger.Nodes() }

// HoldsTemplate says whether the subject has an entry on a template path.
func (a *Access) HoldsTemplate(t alveary.TemplateID) bool { return a.ledger.HoldsTemplate(t) }

// grantLife is how long a grant may wait to be opened. What was opened runs on.
const grantLife = time.Minute

// GrantRead decides on reading one content of the file at the end of the
// lineage and returns the handle that opens it.
func (a *Access) GrantRead(line alveary.Lineage, version int64, blob alveary.BlobID) (alveary.Grant, error) {
	if err := a.Check(ReadBytes, line); err != nil {
		return alveary.Grant{}, err
	}
	return a.seal(alveary.Grant{Node: line.Node().ID, Action: alveary.ActionDownload, Version: version, Blob: blob}), nil
}

// GrantCreate decides on making a file in the folder at the end of the lineage
// and returns the handle that writes its bytes to the given blob.
func (a *Access) GrantCreate(folder alveary.Lineage, blob alveary.BlobID) (alveary.Grant, error) {
	if err := a.Check(Create, folder); err != nil {
		return alveary.Grant{}, err
	}
	return a.seal(alveary.Grant{Node: folder.Node().ID, Action: alveary.ActionUpload, Blob: blob}), nil
}

// GrantChange decides on giving the file at the end of the lineage new
// content, like GrantCreate.
func (a *Access) GrantChange(line alveary.Lineage, blob alveary.BlobID) (alveary.Grant, error) {
	if err := a.Check(Change, line); err != nil {
		return alveary.Grant{}, err
	}
	n := line.Node()
	return a.seal(alveary.Grant{Node: n.ID, Action: alveary.ActionUpload, Version: n.Version, Blob: blob}), nil
}

func (a *Access) seal(g alveary.Grant) alveary.Grant {
	g.Expires = a.now.Add(grantLife)
	return a.gate.sealer.Seal(g)
}
