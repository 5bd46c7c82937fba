// Package visit lets visitors in through public links: whoever has a link's
// address, and its password or a place among its people where it asks for
// them, gets a pass and comes by with it from then on.
//
// It exists so that the secret address of a link is asked for once and is in no
// later request, in no log and in no page, and so that what a link allows is
// looked at anew with every request while an opening costs no row of a
// database. It decides nothing about nodes: a visitor is the subject of the
// link (MODEL.md 2.3), and what he may, the gate says to whoever serves him.
//
// Promises: a link that is not there, is over, does not begin yet or is stopped
// by house rules is answered in one way. A changed password, a new address, and
// the end of a link end its visits with the next request, and what is under way
// in them within a second (service/files/vigil). No password is
// compared without the guard's leave, and of those that come at once no more
// are tried than it would let through one after the other. Of a link whose
// downloads are bounded, never more bytes are handed out than so many contents
// have; the count is written before they are. Neither an address nor a password
// is in an error or in what is written down. A *Service is safe for concurrent use.
//
// Read this file first, then open.go, known.go and claim.go.
package visit

import (
	"context"
	"io"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"alveary"
	"alveary/authz"
	"alveary/service/share/use"
	"alveary/store"
	"alveary/vault"
)

// Guard counts failures under a key and for an address, and says who must wait.
// Under an empty key the address alone counts.
type Guard interface {
	// Check says whether an attempt may go on; proved says that it brought a
	// proof of work. KindUnauthenticated "captcha" where one is needed,
	// KindLimited where one must wait.
	Check(ctx context.Context, key, address string, proved bool) error
	Failed(ctx context.Context, key, address string) error
	Succeeded(ctx context.Context, key, address string) error
}

// Config are the parts the service is made of.
type Config struct {
	Store *store.Store
	Gate  *authz.Gate
	Now   func() time.Time
	Box   *vault.Box
	Guard Guard
	// Matches compares a password with a hash.
	Matches func(ctx context.Context, hash, password string) (bool, error)
	// Proved says whether a proof of work is right and was not used before. One
	// that is not may be KindUnauthenticated as well.
	Proved func(ctx context.Context, proof string) (bool, error)
	Random io.Reader
	Count  *use.Counter // of what need not be counted at once
}

// Service is what visitors of one installation come to.
type Service struct {
	store   *store.Store
	gate    *authz.Gate
	now     func() time.Time
	box     *vault.Box
	guard   Guard
	matches func(ctx context.Context, hash, password string) (bool, error)
	proved  func(ctx context.Context, proof string) (bool, error)
	random  io.Reader
	count   *use.Counter

	links   *lru.Cache[alveary.CellID, *known]
	names   *lru.Cache[name, address]
	turns   chan struct{} // of comparing a password
	waiting queue
}

// mostKnown bounds the links that are kept in memory.
const mostKnown = 4096

// New makes the service.
func New(c Config) (*Service, error) {
	s := &Service{
		store: c.Store, gate: c.Gate, now: c.Now, box: c.Box, guard: c.Guard, matches: c.Matches, proved: c.Proved,
		random: c.Random, count: c.Count, turns: make(chan struct{}, 1),
	}
	var err error
	if s.links, err = lru.New[alveary.CellID, *known](mostKnown); err != nil {
		return nil, err
	}
	s.names, err = lru.New[name, address](mostKnown)
	return s, err
}

// Client is what is known of a visitor's request.
type Client struct {
	Address string           // without port
	Request string           // id of the request, for the audit
	Context *alveary.Context // with the gateway "link"
	Guest   *alveary.Subject // who is signed in to the house; nil: nobody
}

// Visit is a visitor at a link, for one request.
type Visit struct {
	Cell    alveary.Cell    // not to be changed
	House   alveary.House   // what the house rules come to; not to be changed
	Node    alveary.NodeID  // what the link is bound to
	Subject alveary.Subject // who asks for whatever the visitor asks for
	Sharer  string          // what the owner is called
	Ends    time.Time       // the link, under the house rules; zero: never
	Left    int64           // downloads; -1: they are not bounded

	id    string
	known *known
}

// MostUpload is how many bytes a file may have that is put in; 0: not bounded.
func (v *Visit) MostUpload() int64 { return v.House.MostUpload(v.Cell.Link) }

// visit is the visitor of a pass at a link, as he asks now.
func (k *known) visit(p *pass, c Client) Visit {
	return Visit{
		Cell: k.cell, House: k.house, Node: k.line.Node().ID, Subject: k.subject(c), Sharer: k.owner.User.DisplayName(),
		Ends: k.house.Ends(&k.cell), Left: k.left(), id: p.visit, known: k,
	}
}

// subject is the subject of the link, as whom this client asks. Who is signed
// in counts only where the link is for named people.
func (k *known) subject(c Client) alveary.Subject {
	s := alveary.Visiting(k.cell.ID, k.cell.Owner)
	s.Stamp = k.stamp
	s.Address, s.Request, s.Context = c.Address, c.Request, c.Context
	if len(k.cell.Link.People) > 0 {
		s.Guest = c.Guest
	}
	return s
}

// opened is what errors say was being done.
const opened = "open the link"

// gone is the one answer for a link that nobody can open, whyever.
func gone() error {
	return &alveary.Error{
		Kind: alveary.KindNotFound, Op: opened, Code: "not-found",
		Message: "this link does not exist, or does not any more: ask whoever gave it to you",
	}
}

// needs says what a visitor has to bring.
func needs(code, message string) error {
	return &alveary.Error{Kind: alveary.KindUnauthenticated, Op: opened, Code: code, Message: message}
}

func needsSignIn() error {
	return needs("sign-in", "this link is for certain people: sign in so that it is known whether you are one of them")
}
