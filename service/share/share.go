// Package share is what people do with what they have: Cells and public links,
// who is in them, the house rules that bound them, and the lists in which
// nothing of it is hidden (MODEL.md 4).
//
// It exists so that sharing goes one way, whichever door it comes through.
// Nobody gives what he does not hold himself at that moment (7.7); a manager,
// who gives of what is another's, not even what he holds only sometimes, or
// only in parts of a folder (held.go). What a Cell then gives is no longer
// decided here: the gate bounds it by what its owner has at each request.
// Every change is made within one transaction and on record in the audit log
// of the same; tokens and passwords never are.
//
// A Cell keeps its nodes by an entry of its owner's own role, which gives him
// nothing: so it has them before anybody is in it. Those entries are no
// members, and every other one is shown to whoever may see who is in it.
//
// Promises: lists are never nil. A *Service is safe for concurrent use. What is
// answered after a change is read anew, by what whoever asks may see then.
//
// Read this file first, then cell.go, member.go, held.go and link.go. Package
// hall is where each request stands, look is what is answered and the lists,
// console the house rules and reviews.
package share

import (
	"context"
	"io"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/share/console"
	"alveary/service/share/hall"
	"alveary/service/share/look"
	"alveary/store"
)

// Config are the parts the service is made of.
type Config struct {
	Store  *store.Store
	Gate   *authz.Gate
	Now    func() time.Time
	Random io.Reader
	// Hash hashes the password of a link.
	Hash func(ctx context.Context, password string) (string, error)
	// Strength says why a password cannot be one; about is what it may not be made of.
	Strength func(rules alveary.SignInRules, password string, about ...string) error
	// External makes an account for someone of another house, within the
	// transaction; the link is for whoever may see it, where it was not mailed.
	External func(ctx context.Context, tx *store.Tx, by alveary.Subject, email, name string) (user alveary.User, link string, mailed bool, err error)
}

// Service knows what is shared in one installation. What is looked at and what
// administrators do has rooms of its own, whose calls it has as well.
type Service struct {
	looker
	ruler
	Config
	hall *hall.Hall
}

type (
	looker = look.Service
	ruler  = console.Service
)

// New makes the service.
func New(c Config) *Service {
	h := hall.New(c.Store, c.Gate, c.Now)
	return &Service{looker: looker{Hall: h}, ruler: ruler{Hall: h}, Config: c, hall: h}
}

// What is answered.
type (
	// CellView is a Cell as whoever asks may see it.
	CellView = look.CellView
	// LinkView is a link as whoever asks may see it.
	LinkView = look.LinkView
	// NodeView is a node that is shared.
	NodeView = look.NodeView
	// MemberView is somebody in a Cell.
	MemberView = look.MemberView
	// Void is why house rules stop a share.
	Void = look.Void
	// ReviewRef is a review that waits for the answer of an owner.
	ReviewRef = look.ReviewRef
	// Filter asks for shares.
	Filter = look.Filter
	// Row is a Cell or link in a list.
	Row = look.Row
	// Page is a part of a list.
	Page = look.Page
	// Sharing is how somebody may share a node.
	Sharing = look.Sharing
	// PolicyRef is a policy that may be given.
	PolicyRef = look.PolicyRef
	// RuleView is a house rule with its role and node as people read them.
	RuleView = console.RuleView
	// ReviewView is a review with the people of whom it speaks.
	ReviewView = console.ReviewView
	// ReviewedView is a share within a review.
	ReviewedView = console.ReviewedView
	// Person is an account as others may see it.
	Person = hall.Person
	// Invited is what became of somebody's invitation.
	Invited = hall.Invited
)

// The scopes and kinds of lists.
const (
	ScopeByMe   = look.ScopeByMe
	ScopeWithMe = look.ScopeWithMe
	ScopeAll    = look.ScopeAll
	KindCell    = look.KindCell
	KindLink    = look.KindLink
)

// room is one request. Where many are given something on many nodes, each node
// is looked up once.
type room struct {
	*hall.Room
	service *Service

	lines  map[alveary.NodeID]alveary.Lineage
	houses map[alveary.NodeID]*alveary.House
}

func newRoom(r *hall.Room, s *Service) *room {
	return &room{Room: r, service: s, lines: map[alveary.NodeID]alveary.Lineage{}, houses: map[alveary.NodeID]*alveary.House{}}
}

// node is Node, looked up once.
func (r *room) node(field string, id alveary.NodeID) (line alveary.Lineage, err error) {
	line, ok := r.lines[id]
	if !ok {
		if line, err = r.Node(field, id); err == nil {
			r.lines[id] = line
		}
	}
	return line, err
}

// houseAt are the rules for whoever asks, at the node at the end of a lineage.
func (r *room) houseAt(line alveary.Lineage) (*alveary.House, error) {
	id := line.Node().ID
	if h := r.houses[id]; h != nil {
		return h, nil
	}
	h, err := r.House(line)
	if err == nil {
		r.houses[id] = &h
	}
	return &h, err
}

func (s *Service) read(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	return s.hall.Read(ctx, by, op, func(r *hall.Room) error { return fn(newRoom(r, s)) })
}

func (s *Service) change(ctx context.Context, by alveary.Subject, op string, fn func(*room) error) error {
	return s.hall.Change(ctx, by, op, func(r *hall.Room) error { return fn(newRoom(r, s)) })
}

// record writes what was done into the audit log of the same transaction.
func (r *room) record(action string, line alveary.Lineage, detail string) error {
	return r.Record(action, line, detail)
}
