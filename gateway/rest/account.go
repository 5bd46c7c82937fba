package rest

import (
	"context"
	"net/http"
	"time"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/operation"
	"alveary/service/login"
)

type serverOut struct {
	Body struct {
		Product     string   `json:"product"`
		Version     string   `json:"version"`
		SetupNeeded bool     `json:"setupNeeded" doc:"There is no administrator yet"`
		Languages   []string `json:"languages"`
	}
}

func (a *API) server(ctx context.Context, _ *struct{}) (*serverOut, error) {
	needed, err := a.login.SetupNeeded(ctx)
	if err != nil {
		return nil, err
	}
	out := &serverOut{}
	out.Body.Product, out.Body.Version, out.Body.SetupNeeded = "Alveary", a.version, needed
	out.Body.Languages = []string{"en", "fr"}
	return out, nil
}

type user struct {
	ID       string    `json:"id"`
	Login    string    `json:"login"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Profile  string    `json:"profile" enum:"admin,standard,shared,anon"`
	Disabled bool      `json:"disabled"`
	Created  time.Time `json:"created"`
}

func toUser(u alveary.User) user {
	return user{alveary.NodeID(u.ID).String(), u.Login, u.DisplayName(), u.Email, string(u.Profile), u.Disabled, u.Created}
}

type session struct {
	ID        string    `json:"id"`
	Created   time.Time `json:"created"`
	LastSeen  time.Time `json:"lastSeen"`
	Expires   time.Time `json:"expires"`
	Address   string    `json:"address"`
	UserAgent string    `json:"userAgent"`
	Current   bool      `json:"current"`
}

func toSession(s alveary.Session, current bool) session {
	return session{string(s.ID), s.Created, s.LastSeen, s.Expires, s.Address, s.UserAgent, current}
}

type sessionOut struct {
	Status    int
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      sessionInfo
}

type sessionInfo struct {
	User    user     `json:"user"`
	Session *session `json:"session,omitempty" doc:"Missing where a token asks"`
}

// signedIn answers with the cookie of a new session.
func (a *API) signedIn(ctx context.Context, status int, secret string, s alveary.Session) (*sessionOut, error) {
	subject, err := a.login.BySession(ctx, secret, gateway.Client(ctx))
	if err != nil {
		return nil, err
	}
	shown := toSession(s, true)
	return &sessionOut{
		Status: status, SetCookie: *a.gate.Cookie(secret, s),
		Body: sessionInfo{User: toUser(subject.User), Session: &shown},
	}, nil
}

type setupIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"What follows # in the set-up link"`
		Login    string `json:"login" maxLength:"256"`
		Name     string `json:"name,omitempty" maxLength:"1024"`
		Password string `json:"password" maxLength:"4096"`
	}
}

func (a *API) setup(ctx context.Context, in *setupIn) (*sessionOut, error) {
	n := login.NewUser{Login: in.Body.Login, Name: in.Body.Name, Password: in.Body.Password}
	secret, s, err := a.login.Setup(ctx, in.Body.Token, n, gateway.Client(ctx))
	if err != nil {
		return nil, err
	}
	return a.signedIn(ctx, http.StatusCreated, secret, s)
}

type signInIn struct {
	Body struct {
		Login    string `json:"login" maxLength:"256"`
		Password string `json:"password" maxLength:"4096"`
	}
}

func (a *API) signIn(ctx context.Context, in *signInIn) (*sessionOut, error) {
	secret, s, err := a.login.SignIn(ctx, in.Body.Login, in.Body.Password, gateway.Client(ctx))
	a.gate.Metrics.SignIn(err)
	if err != nil {
		return nil, err
	}
	return a.signedIn(ctx, http.StatusOK, secret, s)
}

type whoOut struct{ Body sessionInfo }

func (a *API) session(ctx context.Context, _ *struct{}) (*whoOut, error) {
	who := operation.Asker(ctx)
	out := &whoOut{Body: sessionInfo{User: toUser(who.User)}}
	if who.Session == "" {
		return out, nil
	}
	s, err := a.login.Session(ctx, who)
	if err != nil {
		return nil, err
	}
	shown := toSession(s, true)
	out.Body.Session = &shown
	return out, nil
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (a *API) signOut(ctx context.Context, _ *struct{}) (*signedOut, error) {
	if err := a.login.SignOut(ctx, operation.Asker(ctx)); err != nil {
		return nil, err
	}
	return &signedOut{SetCookie: *a.gate.NoCookie()}, nil
}

type sessionsOut struct {
	Body struct {
		Items []session `json:"items"`
	}
}

func (a *API) sessions(ctx context.Context, _ *struct{}) (*sessionsOut, error) {
	who := operation.Asker(ctx)
	sessions, err := a.login.Sessions(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &sessionsOut{}
	out.Body.Items = make([]session, len(sessions))
	for i, s := range sessions {
		out.Body.Items[i] = toSession(s, s.ID == who.Session)
	}
	return out, nil
}

func (a *API) revokeSession(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, a.login.RevokeSession(ctx, operation.Asker(ctx), alveary.SessionID(in.ID))
}

func (a *API) revokeOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, a.login.RevokeOtherSessions(ctx, operation.Asker(ctx))
}

type token struct {
	ID       string     `json:"id"`
	Label    string     `json:"label"`
	Created  time.Time  `json:"created"`
	Expires  *time.Time `json:"expires,omitempty" doc:"Missing where it does not expire"`
	LastUsed *time.Time `json:"lastUsed,omitempty"`
}

func toToken(t alveary.Token) token {
	out := token{ID: string(t.ID), Label: t.Label, Created: t.Created}
	if !t.Expires.IsZero() {
		out.Expires = &t.Expires
	}
	if !t.LastUsed.IsZero() {
		out.LastUsed = &t.LastUsed
	}
	return out
}

type tokensOut struct {
	Body struct {
		Items []token `json:"items"`
	}
}

func (a *API) tokens(ctx context.Context, _ *struct{}) (*tokensOut, error) {
	tokens, err := a.login.Tokens(ctx, operation.Asker(ctx))
	if err != nil {
		return nil, err
	}
	out := &tokensOut{}
	out.Body.Items = make([]token, len(tokens))
	for i, t := range tokens {
		out.Body.Items[i] = toToken(t)
	}
	return out, nil
}

type createTokenIn struct {
	Body struct {
		Label   string    `json:"label" maxLength:"200"`
		Expires time.Time `json:"expires,omitempty" doc:"When it ends; never if missing"`
	}
}

type createdTokenOut struct {
	Body struct {
		Token  token  `json:"token"`
		Secret string `json:"secret" doc:"alv_…; it cannot be had again"`
	}
}

func (a *API) createToken(ctx context.Context, in *createTokenIn) (*createdTokenOut, error) {
	t, secret, err := a.login.CreateToken(ctx, operation.Asker(ctx), in.Body.Label, in.Body.Expires)
	if err != nil {
		return nil, err
	}
	out := &createdTokenOut{}
	out.Body.Token, out.Body.Secret = toToken(t), secret
	return out, nil
}

func (a *API) revokeToken(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, a.login.RevokeToken(ctx, operation.Asker(ctx), alveary.TokenID(in.ID))
}

type passwordIn struct {
	Body struct {
		Current string `json:"current" maxLength:"4096"`
		Next    string `json:"next" maxLength:"4096"`
	}
}

func (a *API) changePassword(ctx context.Context, in *passwordIn) (*struct{}, error) {
	return nil, a.login.ChangePassword(ctx, operation.Asker(ctx), in.Body.Current, in.Body.Next)
}

type usersOut struct {
	Body struct {
		Items []user `json:"items"`
	}
}

func (a *API) users(ctx context.Context, _ *struct{}) (*usersOut, error) {
	users, err := a.login.Users(ctx, operation.Asker(ctx))
	if err != nil {
		return nil, err
	}
	out := &usersOut{}
	out.Body.Items = make([]user, len(users))
	for i, u := range users {
		out.Body.Items[i] = toUser(u)
	}
	return out, nil
}

type addUserIn struct {
	Body struct {
		Login    string `json:"login" maxLength:"256"`
		Name     string `json:"name,omitempty" maxLength:"1024"`
		Email    string `json:"email,omitempty" maxLength:"1024"`
		Password string `json:"password" maxLength:"4096"`
		Profile  string `json:"profile,omitempty" enum:"admin,standard,shared" default:"standard"`
		Group    string `json:"group,omitempty" maxLength:"4096" doc:"Path such as /sales/north; the root group if missing"`
	}
}

type userOut struct{ Body user }

func (a *API) addUser(ctx context.Context, in *addUserIn) (*userOut, error) {
	u, err := a.login.AddUser(ctx, operation.Asker(ctx), login.NewUser{
		Login: in.Body.Login, Name: in.Body.Name, Email: in.Body.Email, Password: in.Body.Password,
		Profile: alveary.Profile(in.Body.Profile), Group: in.Body.Group,
	})
	if err != nil {
		return nil, err
	}
	return &userOut{Body: toUser(u)}, nil
}
