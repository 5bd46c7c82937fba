// Package desk is where a request to the files service stands: a transaction,
// the gate bound to who asks, and the refusal to keep when it is turned away.
//
// It exists so that no operation can forget one of the three. What is asked
// through a View is decided on the state that the same transaction changes;
// a denial is in the audit log although its transaction is gone; and a node is
// described to the asker in one place, without the names he may not see.
//
// A Desk is safe for concurrent use; a View lives within the function that
// received it. Read view.go after this file, then place.go.
package desk

import (
	"context"
	"errors"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// Desk binds the store and the gate.
type Desk struct {
	store *store.Store
	gate  *authz.Gate

	readings *readings
	used     Used // nil: nobody counts
}

// New makes a desk.
func New(s *store.Store, g *authz.Gate) *Desk {
	return &Desk{store: s, gate: g, readings: newReadings()}
}

// Read runs fn on one consistent state with the gate bound to the subject.
func (d *Desk) Read(ctx context.Context, s alveary.Subject, fn func(*View) error) error {
	return d.within(ctx, s, d.store.Read, fn)
}

// Write runs fn as the only writer with the gate bound to the subject.
func (d *Desk) Write(ctx context.Context, s alveary.Subject, fn func(*View) error) error {
	return d.within(ctx, s, d.store.Write, fn)
}

func (d *Desk) within(ctx context.Context, s alveary.Subject, run func(context.Context, func(*store.Tx) error) error, fn func(*View) error) error {
	var v *View
	err := run(ctx, func(tx *store.Tx) error {
		access, err := d.gate.Bind(ctx, tx, s)
		if err != nil {
			return err
		}
		v = &View{Tx: tx, Access: access, counts: d.used != nil, live: func(cells []alveary.CellID) (map[alveary.CellID]authz.State, error) {
			return d.gate.LiveAll(ctx, tx, cells, tx.Lineage)
		}}
		return fn(v)
	})
	if err != nil && v != nil && v.refused != nil {
		// The transaction is gone with what it did; the denial is kept alone.
		return errors.Join(err, d.store.Record(context.WithoutCancel(ctx), *v.refused))
	}
	if err == nil {
		d.tell(v)
	}
	return err
}

// View is the state of one request: a transaction, the gate bound to who asks,
// and what was looked up on the way.
type View struct {
	Tx     *store.Tx
	Access *authz.Access

	spaces  []Space // workspaces
	cells   []Space
	roots   map[space][]Root
	live    func([]alveary.CellID) (map[alveary.CellID]authz.State, error) // asks whether Cells give anything
	logins  map[alveary.UserID]Person
	refused *alveary.AuditRecord // the denial to keep when the request fails
	counts  bool                 // what is done through Cells
	uses    map[alveary.CellID]alveary.CellUse
}

// Record writes what was changed into the audit log of the same transaction. It
// is a use of the Cells through which the asker came.
func (v *View) Record(action string, line alveary.Lineage, detail string) error {
	v.Used(authz.Edit, line, ofChange(action))
	return v.Tx.Record(Line(v.Access.Subject(), action, alveary.VerdictDone, line, detail))
}

// Line is one line of the audit log about what a subject did with the node at
// the end of the lineage; an empty lineage stands for no node.
func Line(s alveary.Subject, action string, verdict alveary.Verdict, line alveary.Lineage, detail string) alveary.AuditRecord {
	r := alveary.AuditRecord{
		User: Doer(s), Login: spelled(s), Action: action, Verdict: verdict, Detail: detail,
		Address: s.Address, Request: s.Request,
	}
	if len(line) > 0 {
		r.Node, r.Path = line.Node().ID, line.Path()
	}
	return r
}
