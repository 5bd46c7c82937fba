package account

import (
	"context"
	"encoding/json"
	"net/http"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/operation"
	"alveary/service/login"
)

type serverOut struct {
	Body struct {
		Product      string               `json:"product"`
		Version      string               `json:"version"`
		SetupNeeded  bool                 `json:"setupNeeded" doc:"There is no administrator yet"`
		Languages    []string             `json:"languages"`
		Organisation alveary.Organisation `json:"organisation"`
		SignIn       publicRules          `json:"signIn"`
		Mail         bool                 `json:"mail" doc:"Mail can be sent"`
	}
}

type publicRules struct {
	Passkeys    bool `json:"passkeys" doc:"A passkey may take the place of the password"`
	Reset       bool `json:"reset" doc:"A new password can be asked for by mail"`
	MinPassword int  `json:"minPassword" doc:"Characters that a password needs"`
}

func (d *door) server(ctx context.Context, _ *struct{}) (*serverOut, error) {
	needed, err := d.login.SetupNeeded(ctx)
	if err != nil {
		return nil, err
	}
	public, err := d.settings.Public(ctx)
	if err != nil {
		return nil, err
	}
	out := &serverOut{}
	out.Body.Product, out.Body.Version, out.Body.SetupNeeded = "Alveary", d.version, needed
	out.Body.Languages = []string{"en", "fr"}
	out.Body.Organisation, out.Body.Mail = public.Organisation, public.Mail
	out.Body.SignIn = publicRules{public.SignIn.Passkeys, public.SignIn.Reset && public.Mail, public.SignIn.MinPassword}
	return out, nil
}

// answer is how far a sign-in has come.
type answer struct {
	State    string    `json:"state" enum:"signed-in,second-factor,enrol"`
	User     *User     `json:"user,omitempty"`
	Session  *Session  `json:"session,omitempty"`
	Pending  string    `json:"pending,omitempty" doc:"Brings the next step; it is a secret"`
	Factors  []string  `json:"factors,omitempty" doc:"With what one can go on: totp, passkey, recovery"`
	Passkey  *webAuthn `json:"passkey,omitempty" doc:"What a passkey is asked"`
	Recovery []string  `json:"recovery,omitempty" doc:"Recovery codes to keep; they cannot be had again"`
}

type answerOut struct {
	Status    int
	SetCookie string `header:"Set-Cookie"` // none where it is empty
	Body      answer
}

// stepped answers with the cookie of a new session, or with what comes next.
func (d *door) stepped(ctx context.Context, s login.Step, err error) (*answerOut, error) {
	d.Gateway.Metrics.SignIn(err)
	if err != nil {
		return nil, err
	}
	out := &answerOut{Status: http.StatusOK, Body: answer{State: s.Need, Pending: s.Pending, Passkey: options(s.Passkey), Recovery: s.Recovery}}
	for _, kind := range s.Factors {
		out.Body.Factors = append(out.Body.Factors, string(kind))
	}
	if s.Secret == "" {
		return out, nil // without a cookie: whoever is signed in stays so
	}
	subject, err := d.login.BySession(ctx, s.Secret, gateway.Client(ctx))
	if err != nil {
		return nil, err
	}
	user, session := toUser(subject.User), ToSession(s.Session, true)
	out.Body.State, out.Body.User, out.Body.Session = "signed-in", &user, &session
	out.SetCookie = d.Gateway.Cookie(s.Secret, s.Session).String()
	return out, nil
}

type setupIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"What follows # in the set-up link"`
		Login    string `json:"login" maxLength:"256"`
		Name     string `json:"name,omitempty" maxLength:"1024"`
		Password string `json:"password" maxLength:"4096"`
	}
}

func (d *door) setup(ctx context.Context, in *setupIn) (*answerOut, error) {
	n := login.NewUser{Login: in.Body.Login, Name: in.Body.Name, Password: in.Body.Password}
	secret, s, err := d.login.Setup(ctx, in.Body.Token, n, gateway.Client(ctx))
	if err != nil {
		return nil, err
	}
	out, err := d.stepped(ctx, login.Step{Secret: secret, Session: s}, nil)
	if err == nil {
		out.Status = http.StatusCreated
	}
	return out, err
}

type captchaOut struct {
	CacheControl string `header:"Cache-Control"`
	Body         webAuthn
}

func (d *door) captcha(_ context.Context, _ *struct{}) (*captchaOut, error) {
	challenge, err := d.login.Challenge()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(challenge)
	return &captchaOut{CacheControl: "no-store", Body: webAuthn{text}}, err
}

type signInIn struct {
	Body struct {
		Login    string `json:"login" maxLength:"256"`
		Password string `json:"password" maxLength:"4096"`
		Captcha  string `json:"captcha,omitempty" maxLength:"4096" doc:"The work that was done, where it is asked for"`
	}
}

func (d *door) signIn(ctx context.Context, in *signInIn) (*answerOut, error) {
	s, err := d.login.SignIn(ctx, in.Body.Login, in.Body.Password, in.Body.Captcha, gateway.Client(ctx))
	return d.stepped(ctx, s, err)
}

type beginPasskeyOut struct {
	Body struct {
		Pending string    `json:"pending"`
		Passkey *webAuthn `json:"passkey"`
	}
}

func (d *door) beginPasskey(ctx context.Context, _ *struct{}) (*beginPasskeyOut, error) {
	s, err := d.login.BeginPasskey(ctx, gateway.Client(ctx))
	if err != nil {
		return nil, err
	}
	out := &beginPasskeyOut{}
	out.Body.Pending, out.Body.Passkey = s.Pending, options(s.Passkey)
	return out, nil
}

// Proof is what answers a question for a factor. It is exported for the
// description of the API, which leaves out what is embedded and is not.
type Proof struct {
	Code    string          `json:"code,omitempty" maxLength:"64" doc:"Of the authenticator app, or a recovery code"`
	Passkey json.RawMessage `json:"passkey,omitempty" doc:"What navigator.credentials gave, in JSON"`
}

type secondStepIn struct {
	Body struct {
		Pending string `json:"pending" maxLength:"200"`
		Proof
	}
}

func (d *door) secondStep(ctx context.Context, in *secondStepIn) (*answerOut, error) {
	s, err := d.login.SecondStep(ctx, in.Body.Pending, login.Answer{Code: in.Body.Code, Passkey: in.Body.Passkey}, gateway.Client(ctx))
	return d.stepped(ctx, s, err)
}

type beginEnrolIn struct {
	Body struct {
		Pending string `json:"pending" maxLength:"200"`
		Kind    string `json:"kind" enum:"totp,passkey"`
	}
}

func (d *door) beginEnrol(ctx context.Context, in *beginEnrolIn) (*operation.One[enrolment], error) {
	e, err := d.login.BeginEnrol(ctx, in.Body.Pending, alveary.FactorKind(in.Body.Kind), gateway.Client(ctx))
	return operation.Body(toEnrolment(e), err)
}

type confirmEnrolIn struct {
	Body struct {
		Pending string `json:"pending" maxLength:"200"`
		Label   string `json:"label,omitempty" maxLength:"400"`
		Proof
	}
}

func (d *door) confirmEnrol(ctx context.Context, in *confirmEnrolIn) (*answerOut, error) {
	a := login.Answer{Code: in.Body.Code, Passkey: in.Body.Passkey, Label: in.Body.Label}
	s, err := d.login.ConfirmEnrol(ctx, in.Body.Pending, a, gateway.Client(ctx))
	return d.stepped(ctx, s, err)
}

// who is who is signed in.
type who struct {
	User    User     `json:"user"`
	Session *Session `json:"session,omitempty" doc:"Missing where a token asks"`
}

func (d *door) session(ctx context.Context, _ *struct{}) (*operation.One[who], error) {
	asks := operation.Asker(ctx)
	out := who{User: toUser(asks.User)}
	if asks.Session != "" {
		s, err := d.login.Session(ctx, asks)
		if err != nil {
			return nil, err
		}
		shown := ToSession(s, true)
		out.Session = &shown
	}
	return operation.Body(out, nil)
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (d *door) signOut(ctx context.Context, _ *struct{}) (*signedOut, error) {
	if err := d.login.SignOut(ctx, operation.Asker(ctx)); err != nil {
		return nil, err
	}
	return &signedOut{SetCookie: *d.Gateway.NoCookie()}, nil
}

// ways are those by which one may confirm that it is oneself.
type ways struct {
	Password bool      `json:"password" doc:"The password is one of them"`
	Factors  []string  `json:"factors" doc:"totp, passkey, recovery"`
	Pending  string    `json:"pending,omitempty" doc:"To be sent with a passkey"`
	Passkey  *webAuthn `json:"passkey,omitempty"`
}

func (d *door) beginProve(ctx context.Context, _ *struct{}) (*operation.One[ways], error) {
	w, err := d.login.BeginProve(ctx, operation.Asker(ctx), gateway.Client(ctx))
	if err != nil {
		return nil, err
	}
	out := ways{Password: w.Password, Factors: []string{}, Pending: w.Pending, Passkey: options(w.Passkey)}
	for _, kind := range w.Factors {
		out.Factors = append(out.Factors, string(kind))
	}
	return operation.Body(out, nil)
}

type proveIn struct {
	Body struct {
		Password string `json:"password,omitempty" maxLength:"4096"`
		Pending  string `json:"pending,omitempty" maxLength:"200"`
		Proof
	}
}

func (d *door) prove(ctx context.Context, in *proveIn) (*struct{}, error) {
	a := login.Answer{Password: in.Body.Password, Code: in.Body.Code, Passkey: in.Body.Passkey, Pending: in.Body.Pending}
	return nil, d.login.Prove(ctx, operation.Asker(ctx), a, gateway.Client(ctx))
}

type askResetIn struct {
	Body struct {
		Login   string `json:"login" maxLength:"256" doc:"The login; the answer is the same whoever it is"`
		Captcha string `json:"captcha,omitempty" maxLength:"4096"`
	}
}

func (d *door) askReset(ctx context.Context, in *askResetIn) (*struct{}, error) {
	return nil, d.login.AskReset(ctx, in.Body.Login, in.Body.Captcha, gateway.Client(ctx))
}

type letterIn struct {
	Body struct {
		Token string `json:"token" maxLength:"200" doc:"What follows # in the link"`
	}
}

type letter struct {
	Kind        string `json:"kind" enum:"invitation,reset"`
	Login       string `json:"login"`
	Name        string `json:"name"`
	MinPassword int    `json:"minPassword"`
}

func (d *door) letter(ctx context.Context, in *letterIn) (*operation.One[letter], error) {
	l, err := d.login.LetterInfo(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	public, err := d.settings.Public(ctx)
	return operation.Body(letter{l.Kind, l.Login, l.Name, public.SignIn.MinPassword}, err)
}

type chooseIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"200"`
		Password string `json:"password" maxLength:"4096"`
	}
}

func (d *door) choosePassword(ctx context.Context, in *chooseIn) (*struct{}, error) {
	return nil, d.login.UseLetter(ctx, in.Body.Token, in.Body.Password, gateway.Client(ctx))
}
