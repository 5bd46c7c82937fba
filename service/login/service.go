package login

import (
	"errors"
	"io"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/captcha"
	"alveary/service/login/credential"
	"alveary/service/login/keyring"
	"alveary/service/login/letter"
	"alveary/service/login/limit"
	"alveary/store"
	"alveary/vault"
)

// Options are what the service is built from.
type Options struct {
	Now         func() time.Time
	Random      io.Reader        // of cryptographic quality
	SessionLife time.Duration    // a session ends so long after its sign-in
	SessionIdle time.Duration    // and so long after it was last used; 0 means DefaultSessionIdle
	Box         *vault.Box       // seals what must be read again; one for all servers
	Captcha     *captcha.Captcha // nil: made with a key of the box
	Limits      *limit.Limits    // nil: made over the store
	PublicURL   string           // where browsers find this server, for links and passkeys; empty: not known
}

// The times that nobody sets.
const (
	DefaultSessionIdle = 3 * time.Hour
	FreshFor           = 15 * time.Minute // so long after a proof of who one is one may make dangerous changes
	seenEvery          = time.Minute      // how often "last seen" and "last used" are written at most
)

// Service knows the accounts of one installation.
type Service struct {
	store   *store.Store
	gate    *authz.Gate
	now     func() time.Time
	random  io.Reader
	life    time.Duration
	idle    time.Duration
	hasher  *credential.Hasher
	box     *vault.Box
	captcha *captcha.Captcha
	limits  *limit.Limits
	keyring *keyring.Keyring
	letters *letter.Writer
	public  string
}

// How someone signed in, as policies read it.
const (
	methodPassword = "password"
	methodPasskey  = "passkey"
	methodToken    = "token"
)

// New makes the service over a store; the gate asks the oidc policies.
func New(s *store.Store, gate *authz.Gate, o Options) (*Service, error) {
	if s == nil || gate == nil || o.Now == nil || o.Random == nil || o.SessionLife <= 0 || o.SessionIdle < 0 || o.Box == nil {
		return nil, errors.New("login: a store, a gate, a clock, randomness, the life of a session and a box are needed")
	}
	if o.SessionIdle == 0 {
		o.SessionIdle = DefaultSessionIdle
	}
	if o.Captcha == nil {
		o.Captcha = captcha.New(o.Box.Key("captcha"), o.Random, captcha.Options{})
	}
	if o.Limits == nil {
		o.Limits = limit.New(s, o.Now)
	}
	public := strings.TrimRight(o.PublicURL, "/")
	return &Service{
		store: s, gate: gate, now: o.Now, random: o.Random,
		life: o.SessionLife, idle: min(o.SessionIdle, o.SessionLife), hasher: credential.NewHasher(credential.Price(), credential.AtOnce()),
		box: o.Box, captcha: o.Captcha, limits: o.Limits, keyring: keyring.New(o.Box, o.Random, public), letters: letter.New(o.Box, o.Random, public), public: public,
	}, nil
}

// Client is where a request comes from.
type Client struct {
	Address   string           // without port
	UserAgent string           // as the client says it
	Request   string           // id of the request
	Context   *alveary.Context // what policies know of the request; may be nil
}

// context is what policies know of the request of someone who signed in this
// way.
func (c Client) context(method string, level int) *alveary.Context {
	known := alveary.Context{Address: c.Address}
	if c.Context != nil {
		known = *c.Context
	}
	known.AuthBy, known.AuthLevel = method, level
	return &known
}

// place is where the request came to.
func (c Client) place() (at keyring.Place) {
	if c.Context != nil {
		at.Scheme, at.Host = c.Context.Protocol, c.Context.Host
	}
	return at
}

// mostAgent bounds what is kept of a User-Agent header, in bytes.
const mostAgent = 256

// agent is the User-Agent without what a database or a screen cannot hold.
func (c Client) agent() string { return alveary.Printable(c.UserAgent, mostAgent) }

// signedOut is the one answer to a session or token that does not count:
// unknown, wrong, passed, or of a disabled account.
func signedOut(op string) error {
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: op, Code: "signed-out",
		Message: "you are not signed in, or no longer: sign in and try again",
	}
}

// fresh refuses a dangerous change of one's own account by anything but a
// session whose user has lately proved who he is.
func (s *Service) fresh(by alveary.Subject, op string) error {
	if err := ofSession(by, op); err != nil || s.now().Sub(by.Proved) <= FreshFor {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op, Code: "not-fresh",
		Message: "confirm first that it is you: your last sign-in is too long ago for a change like this",
	}
}

func ofSession(by alveary.Subject, op string) error {
	if by.Session != "" {
		return nil
	}
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op, Code: "session-needed", Message: "a token cannot do this: sign in to the web page for it",
	}
}

// record is an audit line about what a subject does.
func record(by alveary.Subject, action string, verdict alveary.Verdict, detail string) alveary.AuditRecord {
	return alveary.AuditRecord{
		User: by.User.ID, Login: by.User.Login, Action: action, Verdict: verdict, Detail: detail,
		Address: by.Address, Request: by.Request,
	}
}
