package account

import (
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/service/files"
	"alveary/service/login"
)

// User is an account as others read it.
type User struct {
	ID       string    `json:"id"`
	Login    string    `json:"login"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Profile  string    `json:"profile" enum:"admin,standard,shared,anon"`
	Disabled bool      `json:"disabled"`
	Created  time.Time `json:"created"`
}

func toUser(u alveary.User) User {
	return User{alveary.NodeID(u.ID).String(), u.Login, u.DisplayName(), u.Email, string(u.Profile), u.Disabled, u.Created}
}

// Session is a signed-in browser.
type Session struct {
	ID        string    `json:"id"`
	Created   time.Time `json:"created"`
	LastSeen  time.Time `json:"lastSeen"`
	Expires   time.Time `json:"expires"`
	Proved    time.Time `json:"proved" doc:"When its user last proved who he is"`
	Address   string    `json:"address"`
	UserAgent string    `json:"userAgent"`
	Method    string    `json:"method" doc:"How it began: password or passkey"`
	Level     int       `json:"level" doc:"1: password; 2: second factor or passkey"`
	Current   bool      `json:"current"`
}

// ToSession describes a session; current is the one that asks.
func ToSession(s alveary.Session, current bool) Session {
	return Session{string(s.ID), s.Created, s.LastSeen, s.Expires, s.Proved, s.Address, s.UserAgent, s.Method, s.Level, current}
}

// Scope is what a token is confined to.
type Scope struct {
	Reach    string   `json:"reach" enum:"all,write,read" doc:"all: everything its owner may; write, read: files alone"`
	Node     string   `json:"node,omitempty" doc:"Id of the file or folder to which it is confined, with everything beneath"`
	Path     string   `json:"path,omitempty" doc:"Where that is; only in answers"`
	Gateways []string `json:"gateways,omitempty" maxItems:"10" doc:"Those through which it may come; any if missing"`
}

// Token is an access token, without its secret.
type Token struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Created  time.Time  `json:"created"`
	Expires  *time.Time `json:"expires,omitempty" doc:"Missing where it does not expire"`
	LastUsed *time.Time `json:"lastUsed,omitempty"`
	Level    int        `json:"level" doc:"Of the session that made it"`
	Scope    Scope      `json:"scope"`
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// ToTokens describes tokens to whoever asks; of a folder that he may not see
// the id alone.
func ToTokens(ctx context.Context, tree *files.Service, asks alveary.Subject, tokens []alveary.Token) ([]Token, error) {
	out := make([]Token, len(tokens))
	for i, t := range tokens {
		out[i] = toToken(t)
		if t.Scope.Node == 0 {
			continue
		}
		at, err := tree.Tree.Mention(ctx, asks, t.Scope.Node)
		switch {
		case err == nil:
			out[i].Scope.Path = at.Path
		case !alveary.IsKind(err, alveary.KindNotFound):
			return nil, err
		}
	}
	return out, nil
}

func toToken(t alveary.Token) Token {
	out := Token{
		ID: string(t.ID), Label: t.Label, Created: t.Created, Expires: instant(t.Expires), LastUsed: instant(t.LastUsed), Level: t.Level,
		Scope: Scope{Reach: string(t.Scope.Reach), Gateways: t.Scope.Names()},
	}
	if t.Scope.Reach == alveary.ReachAll {
		out.Scope.Reach = "all"
	}
	if t.Scope.Node != 0 {
		out.Scope.Node = t.Scope.Node.String()
	}
	return out
}

// Factor is a second factor, without its secret.
type Factor struct {
	ID      string     `json:"id"`
	Kind    string     `json:"kind" enum:"totp,passkey,recovery"`
	Label   string     `json:"label"`
	Created time.Time  `json:"created"`
	Used    *time.Time `json:"used,omitempty"`
}

// Factors are someone's second factors.
type Factors struct {
	TOTP     *Factor  `json:"totp,omitempty"`
	Passkeys []Factor `json:"passkeys"`
	Recovery int      `json:"recovery" doc:"Recovery codes that are left"`
	Needed   bool     `json:"needed" doc:"A role needs one"`
	NeededBy string   `json:"neededBy,omitempty" doc:"That role"`
}

// ToFactors describes factors.
func ToFactors(f login.Factors) Factors {
	out := Factors{Passkeys: []Factor{}, Needed: f.NeededBy != "", NeededBy: string(f.NeededBy)}
	for _, one := range f.Factors {
		shown := Factor{ID: string(one.ID), Kind: string(one.Kind), Label: one.Label, Created: one.Created, Used: instant(one.Used)}
		switch one.Kind {
		case alveary.FactorTOTP:
			out.TOTP = &shown
		case alveary.FactorPasskey:
			out.Passkeys = append(out.Passkeys, shown)
		case alveary.FactorRecovery:
			out.Recovery++
		}
	}
	return out
}

// enrolment is what setting up a factor begins with.
type enrolment struct {
	Pending string    `json:"pending,omitempty" doc:"Brings the next step"`
	TOTP    *totp     `json:"totp,omitempty"`
	Passkey *webAuthn `json:"passkey,omitempty"`
}

type totp struct {
	Secret string   `json:"secret" doc:"To type into the app"`
	URI    string   `json:"uri" doc:"otpauth:// for the app"`
	QR     []string `json:"qr" doc:"The URI as a QR code: rows of 0 and 1"`
}

func toEnrolment(e login.Enrolment) enrolment {
	out := enrolment{Pending: e.Pending, Passkey: options(e.Passkey)}
	if e.Secret != "" {
		out.TOTP = &totp{e.Secret, e.URI, e.QR}
	}
	return out
}

// webAuthn is a document of the WebAuthn standard, as browsers make and take
// it; it is checked by package service/login/factor.
type webAuthn struct{ json.RawMessage }

// Schema is what the OpenAPI document says of it.
func (webAuthn) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Description: "As navigator.credentials takes and gives it, in JSON (WebAuthn level 3)", AdditionalProperties: true}
}

// MarshalJSON writes it as it is.
func (w webAuthn) MarshalJSON() ([]byte, error) { return w.RawMessage.MarshalJSON() }

func options(text json.RawMessage) *webAuthn {
	if len(text) == 0 {
		return nil
	}
	return &webAuthn{text}
}
