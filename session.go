package alveary

import (
	"slices"
	"strings"
	"time"
)

// SessionID names a browser session; it is a public name, not a secret.
type SessionID string

// TokenID names a personal access token in the same way.
type TokenID string

// The levels of a sign-in, as policies read AuthLevel.
const (
	LevelPassword = 1
	LevelSecond   = 2 // a second factor, or a passkey
)

// Session is a signed-in browser.
type Session struct {
	ID        SessionID
	User      UserID
	Created   time.Time
	LastSeen  time.Time
	Expires   time.Time
	Proved    time.Time // when its user last proved who he is
	Address   string
	UserAgent string
	Method    string // password, passkey
	Level     int    // LevelPassword or LevelSecond
}

// Token is a personal access token for the API.
type Token struct {
	ID       TokenID
	User     UserID
	Label    string
	Created  time.Time
	Expires  time.Time // zero: does not expire
	LastUsed time.Time // zero: never
	Level    int       // of the session that made it
	Scope    Scope
}

// Reach is how much of what its user may do a token may do.
type Reach string

// The reaches of a token.
const (
	ReachAll   Reach = ""      // everything, the console and the account too
	ReachWrite Reach = "write" // files: reading and changing
	ReachRead  Reach = "read"  // files: reading
)

// Scope confines a token. The zero value confines nothing.
type Scope struct {
	Reach    Reach  `json:"reach,omitempty"`
	Node     NodeID `json:"node,omitempty"`     // 0: any; else the node and everything beneath
	Gateways string `json:"gateways,omitempty"` // comma-separated, as in MODEL.md 6.9; empty: any
}

// Files says whether the token is for files alone.
func (s Scope) Files() bool { return s.Reach != ReachAll || s.Node != 0 }

// Rights are those that the scope leaves of rights on the node at the end of
// the lineage. Above the node that it names there are none, nor beside it.
func (s Scope) Rights(line Lineage, held Rights) Rights {
	switch s.Reach {
	case ReachAll, ReachWrite:
	case ReachRead:
		held &= RightRead.Implied()
	default: // written by a later version: what is not understood gives nothing
		return 0
	}
	if s.Node != 0 && !slices.ContainsFunc(line, func(n Node) bool { return n.ID == s.Node }) {
		return 0
	}
	return held
}

// Gateway says whether the token may come through a gateway, spelled as in
// MODEL.md 6.9.
func (s Scope) Gateway(name string) bool {
	return s.Gateways == "" || slices.Contains(s.Names(), name)
}

// Names are the gateways; none where any will do.
func (s Scope) Names() []string {
	if s.Gateways == "" {
		return nil
	}
	return strings.Split(s.Gateways, ",")
}

// scopeGateways are those through which a token may come (MODEL.md 6.9); links
// and flows bring no tokens.
const scopeGateways = "rest webdav s3 sftp sync"

// Checked gives the scope as it is kept, or refuses what would confine nothing,
// or not what it seems to.
func (s Scope) Checked() (Scope, error) {
	refuse := func(message string) (Scope, error) {
		return Scope{}, &Error{Kind: KindInvalid, Op: "make a token", Code: "invalid", Message: message}
	}
	switch s.Reach {
	case ReachAll, ReachWrite, ReachRead:
	default:
		return refuse("a token reaches all, write or read")
	}
	if s.Node != 0 && s.Reach == ReachAll {
		return refuse("a token for one folder is for files alone: give it the reach write or read")
	}
	if s.Gateways == "" {
		return s, nil
	}
	names := strings.Split(s.Gateways, ",")
	for _, name := range names {
		if !slices.Contains(strings.Fields(scopeGateways), name) {
			return refuse("a token comes through " + strings.ReplaceAll(scopeGateways, " ", ", ") + ": there is no other gateway for it")
		}
	}
	slices.Sort(names)
	s.Gateways = strings.Join(slices.Compact(names), ",")
	return s, nil
}

// FactorID names a second factor of a user; it is not a secret.
type FactorID string

// FactorKind is what a second factor is.
type FactorKind string

// The kinds of factors.
const (
	FactorTOTP     FactorKind = "totp"
	FactorPasskey  FactorKind = "passkey"
	FactorRecovery FactorKind = "recovery"
)

// Factor is something that a user has beside his password.
type Factor struct {
	ID      FactorID
	User    UserID
	Kind    FactorKind
	Label   string
	Secret  string // sealed or hashed, by kind; never handed out
	Step    int64  // totp: the last time step used; passkey: the signature counter
	Created time.Time
	Used    time.Time // zero: never
}

// Pending is a sign-in, a passkey or an enrolment that waits for its next
// step.
type Pending struct {
	ID      string
	User    UserID // 0: not known yet
	Secret  string // hash
	Kind    string
	Stamp   string // of the account when it began; another one ends it
	Data    string // what the next step is compared with
	Tries   int64
	Expires time.Time
}

// Letter is a link by which someone chooses his password.
type Letter struct {
	ID        string
	User      UserID
	Secret    string // hash
	Kind      string // invitation or reset
	Created   time.Time
	CreatedBy UserID
	Expires   time.Time
}

// Failures are the failed sign-ins of an account or from an address.
type Failures struct {
	ID      string // what is counted, hashed
	Kind    string // account or address
	User    UserID // of an account that exists
	Address string // of an address; of an account the last one
	Count   int64
	First   time.Time
	Last    time.Time
}

// Message is a mail that waits to be sent.
type Message struct {
	ID      int64
	To      string
	Kind    string
	Data    string // what it says, sealed
	Created time.Time
	Next    time.Time // not before
	Tries   int64
	Failure string // of the last try
}
