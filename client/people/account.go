package people

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Session is a signed-in browser.
type Session struct {
	ID        string    `json:"id"`
	Created   time.Time `json:"created"`
	LastSeen  time.Time `json:"lastSeen"`
	Expires   time.Time `json:"expires"`
	Address   string    `json:"address"`
	UserAgent string    `json:"userAgent"`
	Method    string    `json:"method,omitempty"` // password or passkey
	Level     int       `json:"level,omitempty"`  // 2 with a second factor or a passkey
	Current   bool      `json:"current"`
}

// Token is a personal access token, without its secret.
type Token struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Created  time.Time  `json:"created"`
	Expires  *time.Time `json:"expires,omitempty"`  // nil: does not expire
	LastUsed *time.Time `json:"lastUsed,omitempty"` // nil: never
	Level    int        `json:"level,omitempty"`    // of the session that made it
	Scope    Scope      `json:"scope"`
}

// Scope is what a token is confined to.
type Scope struct {
	Reach    string   `json:"reach"`          // all, write or read
	Node     string   `json:"node,omitempty"` // id
	Path     string   `json:"path,omitempty"` // of the node
	Gateways []string `json:"gateways,omitempty"`
}

// MadeToken is a token that was made, with its secret.
type MadeToken struct {
	Token  Token  `json:"token"`
	Secret string `json:"secret"` // alv_…; it cannot be had again
}

// NewScope is what a new token is to be confined to.
type NewScope struct {
	Reach    string   `json:"reach,omitempty"`
	Node     string   `json:"node,omitempty"` // id
	Gateways []string `json:"gateways,omitempty"`
}

// NewToken is a token that is to be made.
type NewToken struct {
	Label   string     `json:"label"`
	Expires *time.Time `json:"expires,omitempty"`
	Scope   *NewScope  `json:"scope,omitempty"`
}

// Factors is what an account has beside the password.
type Factors struct {
	TOTP *struct {
		ID      string     `json:"id,omitempty"`
		Created time.Time  `json:"created"`
		Used    *time.Time `json:"used,omitempty"`
	} `json:"totp,omitempty"`
	Passkeys []struct {
		ID      string     `json:"id"`
		Label   string     `json:"label"`
		Created time.Time  `json:"created"`
		Used    *time.Time `json:"used,omitempty"`
	} `json:"passkeys"`
	Recovery int    `json:"recovery"` // codes that are left
	Needed   bool   `json:"needed"`
	NeededBy string `json:"neededBy,omitempty"`
}

// Account is what one sees of oneself.
type Account struct {
	User    User      `json:"user"`
	Factors Factors   `json:"factors"`
	Group   string    `json:"group"`
	Stack   []Stacked `json:"stack"`
	Invites bool      `json:"invites"`
}

// Account tells about the account of whoever asks.
func (p People) Account(ctx context.Context) (Account, error) {
	return get[Account](ctx, p, "look at the account", "", "/account", nil)
}

// Sessions lists one's own sessions.
func (p People) Sessions(ctx context.Context) ([]Session, error) {
	return list[Session](ctx, p, "list the sessions", "", "/sessions", nil)
}

// EndSession ends one of one's own sessions.
func (p People) EndSession(ctx context.Context, id string) error {
	return p.remove(ctx, "end the session", id, at("/sessions", id, ""), nil)
}

// EndSessions ends all of one's own sessions; none of a program is among them.
func (p People) EndSessions(ctx context.Context) error {
	return p.remove(ctx, "end the sessions", "", "/sessions", nil)
}

// Tokens lists one's own tokens.
func (p People) Tokens(ctx context.Context) ([]Token, error) {
	return list[Token](ctx, p, "list the tokens", "", "/tokens", nil)
}

// AddToken makes a token; only a session may, so begin one.
func (p People) AddToken(ctx context.Context, n NewToken) (MadeToken, error) {
	return send[MadeToken](ctx, p, "make a token", n.Label, http.MethodPost, "/tokens", n)
}

// EndToken ends one of one's own tokens.
func (p People) EndToken(ctx context.Context, id string) error {
	return p.remove(ctx, "end the token", id, at("/tokens", id, ""), nil)
}

// Lock is an account or an address with failed sign-ins.
type Lock struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind"` // account or address
	Login    string     `json:"login,omitempty"`
	UserID   string     `json:"userId,omitempty"`
	Address  string     `json:"address,omitempty"`
	Failures int64      `json:"failures"`
	Last     time.Time  `json:"last"`
	Until    *time.Time `json:"until,omitempty"` // nil: not locked
	Captcha  bool       `json:"captcha"`         // a proof of work is wanted
}

// Locks lists accounts and addresses with failed sign-ins.
func (p People) Locks(ctx context.Context) ([]Lock, error) {
	return list[Lock](ctx, p, "list the locks", "", "/locks", nil)
}

// LiftLock forgets failed sign-ins.
func (p People) LiftLock(ctx context.Context, l Lock) error {
	return p.remove(ctx, "lift the lock", l.Login+l.Address, "/locks/"+url.PathEscape(l.ID), nil)
}

// Settings is one part of the settings of the house, by name.
type Settings map[string]any

// Settings reads organisation, sign-in or mail.
func (p People) Settings(ctx context.Context, part string) (Settings, error) {
	return get[Settings](ctx, p, "read the settings of", part, "/settings/"+part, nil)
}

// SetSettings replaces a part of the settings.
func (p People) SetSettings(ctx context.Context, part string, s Settings) error {
	return p.do(ctx, "change the settings of", part, http.MethodPut, "/settings/"+part, s)
}

// TestMail sends a mail to try the settings. The text is why it did not go,
// empty where it did.
func (p People) TestMail(ctx context.Context, to string) (string, error) {
	out, err := send[struct {
		OK      bool   `json:"ok"`
		Failure string `json:"failure"`
	}](ctx, p, "send a test mail to", to, http.MethodPost, "/settings/mail/test", map[string]string{"to": to})
	if err == nil && !out.OK && out.Failure == "" {
		out.Failure = "the server does not say why"
	}
	return out.Failure, err
}
