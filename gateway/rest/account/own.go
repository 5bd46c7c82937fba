package account

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/operation"
	"alveary/service/login"
	"alveary/service/people"
)

func (d *door) sessions(ctx context.Context, _ *struct{}) (*operation.List[Session], error) {
	asks := operation.Asker(ctx)
	sessions, err := d.login.Sessions(ctx, asks)
	out := make([]Session, len(sessions))
	for i, s := range sessions {
		out[i] = ToSession(s, s.ID == asks.Session)
	}
	return operation.Items(out, err)
}

func (d *door) revokeSession(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, d.login.RevokeSession(ctx, operation.Asker(ctx), alveary.SessionID(in.ID))
}

func (d *door) revokeOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, d.login.RevokeOtherSessions(ctx, operation.Asker(ctx))
}

func (d *door) tokens(ctx context.Context, _ *struct{}) (*operation.List[Token], error) {
	asks := operation.Asker(ctx)
	tokens, err := d.login.Tokens(ctx, asks)
	if err != nil {
		return nil, err
	}
	return operation.Items(ToTokens(ctx, d.files, asks, tokens))
}

type createTokenIn struct {
	Body struct {
		Label   string    `json:"label" maxLength:"400"`
		Expires time.Time `json:"expires,omitempty" doc:"When it ends; never if missing"`
		Scope   *struct {
			Reach    string   `json:"reach,omitempty" enum:"all,write,read" default:"all"`
			Node     string   `json:"node,omitempty" maxLength:"20" doc:"Id of a file or folder; with write or read alone"`
			Gateways []string `json:"gateways,omitempty" maxItems:"10" enum:"rest,webdav,s3,sftp,sync" doc:"Those through which it may come; any if missing"`
		} `json:"scope,omitempty"`
	}
}

type createdToken struct {
	Token  Token  `json:"token"`
	Secret string `json:"secret" doc:"alv_…; it cannot be had again"`
}

func (d *door) createToken(ctx context.Context, in *createTokenIn) (*operation.One[createdToken], error) {
	scope := alveary.Scope{}
	if s := in.Body.Scope; s != nil {
		scope.Gateways = strings.Join(s.Gateways, ",")
		if s.Reach != "all" {
			scope.Reach = alveary.Reach(s.Reach)
		}
		if s.Node != "" {
			node, err := alveary.ParseNodeID(s.Node)
			if err != nil {
				return nil, err
			}
			scope.Node = node
		}
	}
	asks := operation.Asker(ctx)
	t, secret, err := d.login.CreateToken(ctx, asks, in.Body.Label, in.Body.Expires, scope)
	if err != nil {
		return nil, err
	}
	shown, err := ToTokens(ctx, d.files, asks, []alveary.Token{t})
	if err != nil {
		return nil, err
	}
	return operation.Body(createdToken{shown[0], secret}, nil)
}

func (d *door) revokeToken(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, d.login.RevokeToken(ctx, operation.Asker(ctx), alveary.TokenID(in.ID))
}

// accountInfo is all that someone may know of his own account.
type accountInfo struct {
	User    User                 `json:"user"`
	Factors Factors              `json:"factors"`
	Stack   []people.StackedRole `json:"stack" doc:"All roles in the order in which they count"`
	Group   string               `json:"group" doc:"Path of the own group"`
	Invites bool                 `json:"invites" doc:"May make external people"`
}

func (d *door) account(ctx context.Context, _ *struct{}) (*operation.One[accountInfo], error) {
	asks := operation.Asker(ctx)
	factors, err := d.login.Factors(ctx, asks)
	if err != nil {
		return nil, err
	}
	self, err := d.people.Self(ctx, asks)
	if err != nil {
		return nil, err
	}
	return operation.Body(accountInfo{toUser(asks.User), ToFactors(factors), self.Stack, self.Group, self.Invites}, nil)
}

type changeAccountIn struct {
	Body struct {
		Name string `json:"name" maxLength:"1024" doc:"As shown; the login where it is empty"`
	}
}

func (d *door) changeAccount(ctx context.Context, in *changeAccountIn) (*operation.One[User], error) {
	u, err := d.people.RenameSelf(ctx, operation.Asker(ctx), in.Body.Name)
	return operation.Body(toUser(u), err)
}

type passwordIn struct {
	Body struct {
		Current string `json:"current" maxLength:"4096"`
		Next    string `json:"next" maxLength:"4096"`
	}
}

func (d *door) changePassword(ctx context.Context, in *passwordIn) (*struct{}, error) {
	return nil, d.login.ChangePassword(ctx, operation.Asker(ctx), in.Body.Current, in.Body.Next)
}

func (d *door) beginTOTP(ctx context.Context, _ *struct{}) (*operation.One[enrolment], error) {
	e, err := d.login.BeginTOTP(ctx, operation.Asker(ctx))
	return operation.Body(toEnrolment(e), err)
}

// codes are recovery codes, shown once.
type codes struct {
	Recovery []string `json:"recovery" doc:"Recovery codes to keep; empty where there are some already"`
}

func toCodes(list []string) codes { return codes{append([]string{}, list...)} }

type confirmTOTPIn struct {
	Body struct {
		Pending string `json:"pending" maxLength:"200"`
		Code    string `json:"code" maxLength:"64"`
	}
}

func (d *door) confirmTOTP(ctx context.Context, in *confirmTOTPIn) (*operation.One[codes], error) {
	recovery, err := d.login.ConfirmTOTP(ctx, operation.Asker(ctx), in.Body.Pending, in.Body.Code)
	return operation.Body(toCodes(recovery), err)
}

func (d *door) beginAddPasskey(ctx context.Context, _ *struct{}) (*operation.One[enrolment], error) {
	e, err := d.login.BeginAddPasskey(ctx, operation.Asker(ctx), gateway.Client(ctx))
	return operation.Body(toEnrolment(e), err)
}

type confirmPasskeyIn struct {
	Body struct {
		Pending string          `json:"pending" maxLength:"200"`
		Label   string          `json:"label,omitempty" maxLength:"400"`
		Passkey json.RawMessage `json:"passkey" doc:"What navigator.credentials gave, in JSON"`
	}
}

func (d *door) confirmPasskey(ctx context.Context, in *confirmPasskeyIn) (*operation.One[codes], error) {
	a := login.Answer{Pending: in.Body.Pending, Passkey: in.Body.Passkey, Label: in.Body.Label}
	recovery, err := d.login.ConfirmPasskey(ctx, operation.Asker(ctx), a, gateway.Client(ctx))
	return operation.Body(toCodes(recovery), err)
}

type labelFactorIn struct {
	operation.IDIn
	Body struct {
		Label string `json:"label" maxLength:"400"`
	}
}

func (d *door) labelFactor(ctx context.Context, in *labelFactorIn) (*struct{}, error) {
	return nil, d.login.LabelFactor(ctx, operation.Asker(ctx), alveary.FactorID(in.ID), in.Body.Label)
}

func (d *door) removeFactor(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, d.login.RemoveFactor(ctx, operation.Asker(ctx), alveary.FactorID(in.ID))
}

func (d *door) newRecovery(ctx context.Context, _ *struct{}) (*operation.One[codes], error) {
	recovery, err := d.login.NewRecovery(ctx, operation.Asker(ctx))
	return operation.Body(toCodes(recovery), err)
}
