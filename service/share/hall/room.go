package hall

import (
	"alveary"
	"alveary/authz"
)

// FindLink finds a link that whoever asks may see.
func (r *Room) FindLink(id alveary.CellID) (*alveary.Cell, error) {
	c, err := r.FindCell(id)
	if err == nil && c.Link == nil {
		return nil, r.NoCell()
	}
	return c, err
}

// Administers says whether MODEL.md 7.7 leaves the asker aside.
func (r *Room) Administers() bool { return r.By.User.Profile == alveary.ProfileAdmin }

// Administrators refuses everybody else.
func (r *Room) Administrators() error {
	if r.Administers() {
		return nil
	}
	return r.Denied("", "not-held", "only administrators may "+r.Op)
}

// Fault is a refusal of one part of what was given.
type Fault struct {
	Err   *alveary.Error
	Field string
}

// Error joins the parts for the log.
func (f *Fault) Error() string { return f.Err.Error() }

// Unwrap gives the kind and the sentence.
func (f *Fault) Unwrap() error { return f.Err }

// Places hands over the place with what is wrong there.
func (f *Fault) Places(yield func(location, message string) bool) { yield(f.Field, f.Err.Message) }

// Refuse makes a refusal, of a part of what was given where a field is named.
func (r *Room) Refuse(kind alveary.Kind, field, code, message string, missing ...alveary.Action) error {
	err := &alveary.Error{Kind: kind, Op: r.Op, Code: code, Message: message, Missing: alveary.Rights(0).With(missing...)}
	if field == "" {
		return err
	}
	return &Fault{err, field}
}

// Invalid refuses what cannot be.
func (r *Room) Invalid(field, code, message string) error {
	return r.Refuse(alveary.KindInvalid, field, code, message)
}

// Conflict refuses what is there already, or changed meanwhile.
func (r *Room) Conflict(field, code, message string) error {
	return r.Refuse(alveary.KindConflict, field, code, message)
}

// Denied refuses what whoever asks may not do.
func (r *Room) Denied(field, code, message string, missing ...alveary.Action) error {
	return r.Refuse(alveary.KindDenied, field, code, message, missing...)
}

// NoCell is the one answer for what is not there and what one may not see.
func (r *Room) NoCell() error {
	return r.Refuse(alveary.KindNotFound, "", "not-found", "there is no such share, or you may not see it")
}

// Bound is the gate bound to somebody else, in the context of who asks.
func (r *Room) Bound(who alveary.Subject) (*authz.Access, error) {
	who.Context, who.Address = r.By.Context, r.By.Address
	return r.Gate.Bind(r.Ctx, r.Tx, who)
}

// Node finds what is to be shared: there, not in the bin, and readable.
func (r *Room) Node(field string, id alveary.NodeID) (alveary.Lineage, error) {
	line, err := r.Tx.Lineage(id)
	switch {
	case alveary.IsKind(err, alveary.KindNotFound), err == nil && !r.Access.Rights(line).Has(alveary.ActionRead):
		return nil, r.Refuse(alveary.KindNotFound, field, "gone", "what you share ("+id.String()+") is no longer there, or you may not see it any more")
	case err != nil:
		return nil, err
	case line.InBin():
		return nil, r.Refuse(alveary.KindNotFound, field, "gone", "“"+line.Node().Name+"” was moved to the bin meanwhile: restore it first")
	}
	return line, nil
}

// FindCell finds a Cell or link that whoever asks may see.
func (r *Room) FindCell(id alveary.CellID) (*alveary.Cell, error) {
	c, err := r.Tx.Cell(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return nil, r.NoCell()
	}
	if err != nil {
		return nil, err
	}
	mine, err := r.Part(&c)
	if err == nil && mine == "" {
		return nil, r.NoCell()
	}
	return &c, err
}

// The parts that somebody has in a Cell or link.
const (
	PartOwner         = "owner"
	PartManager       = "manager"
	PartMember        = "member"
	PartAdministrator = "administrator"
)

// Part is what whoever asks has to do with a Cell or link; empty: nothing.
func (r *Room) Part(c *alveary.Cell) (string, error) {
	switch {
	case c.Owner == r.By.User.ID:
		return PartOwner, nil
	case c.Manages(r.By.User.ID):
		return PartManager, nil
	}
	if ok, err := r.IsMember(c); ok || err != nil {
		return PartMember, err
	}
	if r.Administers() {
		return PartAdministrator, nil
	}
	return "", nil
}

// IsMember says whether whoever asks gets something by a Cell, or may open a
// link as one of those it names.
func (r *Room) IsMember(c *alveary.Cell) (bool, error) {
	if c.Link != nil {
		return r.HoldsAny(&r.By, c.Link.People)
	}
	for i := range c.Entries {
		if e := &c.Entries[i]; !IsAnchor(e) && !e.Expired(r.Now()) {
			if ok, err := r.Holds(&r.By, e.Role); ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

// Manages refuses whoever may not change a Cell; an administrator may where
// what he changes only takes away.
func (r *Room) Manages(c *alveary.Cell, takes bool) error {
	switch {
	case c.Manages(r.By.User.ID), takes && r.Administers():
		return nil
	case r.Administers():
		return r.Denied("", "not-yours", "an administrator may end it, or take people out of it; what it gives is its owner's to say")
	}
	return r.Denied("", "not-yours", "only its owner and its managers may change it")
}
