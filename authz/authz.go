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
	"sync"
	"sync/atomic"
	"time"

	"alveary"
	"alveary/authz/bound"
	"alveary/authz/scope"
	"alveary/authz/tally"
	"alveary/policy"
)

// Source is where the access data come from.
type Source interface {
	// AccessVersion is the version that holds now.
	AccessVersion(context.Context) (int64, error)
	// Access loads the data of that version.
	Access(context.Context) (alveary.AccessData, error)
	// Login is that of a user, for policies that read who owns a node; empty
	// for an account that is gone.
	Login(context.Context, alveary.UserID) (string, error)
}

// Gate decides.
type Gate struct {
	sealer   alveary.Sealer
	now      func() time.Time
	snapshot atomic.Pointer[bound.Snapshot]
	watch    tally.Tally

	compiling sync.Mutex
	compiler  *policy.Compiler // kept, so that what says the same is compiled once

	spare sync.Pool // of *scratch
}

// New makes the gate. It alone gets the sealer.
func New(sealer alveary.Sealer, now func() time.Time) *Gate { return &Gate{sealer: sealer, now: now} }

// Bind makes the three bindings of MODEL.md 7: the access data that hold now,
// who asks, and in which context; what is left to know is the node. An error
// means that the gate cannot be sure to be fresh, and so nothing is decided.
func (g *Gate) Bind(ctx context.Context, src Source, s alveary.Subject) (*Access, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return nil, err
	}
	var owner logins
	if snap.Owners {
		owner = loginsOf(ctx, src)
	}
	return g.bind(snap, owner, &s), nil
}

// logins finds out who owns a node.
type logins func(alveary.UserID) (string, error)

func loginsOf(ctx context.Context, src Source) logins {
	return func(id alveary.UserID) (string, error) { return src.Login(ctx, id) }
}

func (g *Gate) bind(snap *bound.Snapshot, owner logins, s *alveary.Subject) *Access {
	a := &Access{gate: g, by: by{s.Session, s.Token, s.Proved, s.Address, s.Request, s.Guest, s.Stamp}}
	if snap.Owners {
		a.owner = owner
	}
	c, now := bound.ContextOf(s, g.now)
	a.mask = scope.New(s.Scope, c.Gateway)
	a.begin(snap.Who(s), c, now)
	return a
}

// begin makes the access that of somebody in a context.
func (a *Access) begin(w *bound.Who, c *alveary.Context, now time.Time) {
	a.who, a.ledger, a.ways, a.context, a.now = w, w.Ledger, w.Ways, c, now
	a.facts = policy.Facts{Subjects: w.Names, Resource: string(alveary.PolicyACL), Context: c, Now: now, Asker: w.Asker}
	a.cells.also = none
	a.above = without(c, alveary.ClassNode)
	a.admit()
}

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
	g.Expires = a.gate.now().Add(grantLife)
	return a.gate.sealer.Seal(g)
}
