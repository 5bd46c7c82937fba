package people

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/account"
	"alveary/gateway/rest/operation"
	"alveary/service/people"
)

type usersIn struct {
	Text    string `query:"q" maxLength:"200" doc:"Beginnings of words of login, name or mail address"`
	Group   string `query:"group" doc:"Id of a group, or its path"`
	Beneath bool   `query:"beneath" doc:"Of the groups beneath it too"`
	Profile string `query:"profile" enum:"admin,standard,shared"`
	State   string `query:"state" enum:"active,disabled,never"`
	Role    string `query:"role" doc:"Assigned by hand, or a team"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After   string `query:"after" doc:"Where to go on, as the page before says"`
}

func (d *door) users(ctx context.Context, in *usersIn) (*operation.One[people.Users], error) {
	return operation.Body(d.people.Users(ctx, operation.Asker(ctx), people.Query{
		Text: in.Text, Group: in.Group, Beneath: in.Beneath, Profile: alveary.Profile(in.Profile), State: in.State,
		Role: alveary.RoleID(in.Role), Limit: in.Limit, After: in.After,
	}))
}

type addUserIn struct{ Body people.NewUser }

func (d *door) addUser(ctx context.Context, in *addUserIn) (*operation.One[people.MadeUser], error) {
	return operation.Body(d.people.AddUser(ctx, operation.Asker(ctx), in.Body))
}

func (d *door) user(ctx context.Context, in *operation.IDIn) (*operation.One[people.UserDocument], error) {
	return operation.Body(d.people.User(ctx, operation.Asker(ctx), in.ID))
}

type changeUserIn struct {
	operation.IDIn
	Body people.UserPatch
}

func (d *door) changeUser(ctx context.Context, in *changeUserIn) (*operation.One[people.UserDocument], error) {
	return operation.Body(d.people.ChangeUser(ctx, operation.Asker(ctx), in.ID, in.Body))
}

func (d *door) leaving(ctx context.Context, in *operation.IDIn) (*operation.One[people.Leaving], error) {
	return operation.Body(d.people.Leaving(ctx, operation.Asker(ctx), in.ID))
}

type deleteUserIn struct {
	operation.IDIn
	Heir   string `query:"heir" doc:"Id of whoever takes his files over; needed where there are any"`
	Expect string `query:"expect" required:"true" doc:"His login, so that nobody else is deleted by mistake"`
}

func (d *door) deleteUser(ctx context.Context, in *deleteUserIn) (*struct{}, error) {
	return nil, d.people.DeleteUser(ctx, operation.Asker(ctx), in.ID, in.Heir, in.Expect)
}

func (d *door) invite(ctx context.Context, in *operation.IDIn) (*operation.One[people.Mailed], error) {
	return operation.Body(d.people.Invite(ctx, operation.Asker(ctx), in.ID))
}

func (d *door) reset(ctx context.Context, in *operation.IDIn) (*operation.One[people.Mailed], error) {
	return operation.Body(d.people.Reset(ctx, operation.Asker(ctx), in.ID))
}

type importIn struct {
	DryRun     bool   `query:"dryRun" doc:"Change nothing, and show what would become of each row"`
	MakeGroups bool   `query:"makeGroups" doc:"Make groups that are not there"`
	RawBody    []byte `contentType:"text/csv"`
}

func (d *door) importUsers(ctx context.Context, in *importIn) (*operation.One[people.Imported], error) {
	return operation.Body(d.people.Import(ctx, operation.Asker(ctx), in.RawBody, people.ImportOptions{DryRun: in.DryRun, MakeGroups: in.MakeGroups}))
}

func describeExport(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{Description: "The people", Content: map[string]*huma.MediaType{
		"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
}

func (d *door) exportUsers(w http.ResponseWriter, r *http.Request) {
	var out bytes.Buffer
	if err := d.people.Export(r.Context(), operation.Asker(r.Context()), &out); err != nil {
		gateway.WriteProblem(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="people.csv"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(out.Bytes()) // the client is gone; there is nobody to tell
}

func userID(text string) (alveary.UserID, error) {
	id, err := alveary.ParseNodeID(text)
	if err != nil {
		return 0, &alveary.Error{Kind: alveary.KindInvalid, Op: "find the user", Subject: text, Code: "invalid", Message: "the id of a user is a number"}
	}
	return alveary.UserID(id), nil
}

func (d *door) sessions(ctx context.Context, in *operation.IDIn) (*operation.List[account.Session], error) {
	id, err := userID(in.ID)
	if err != nil {
		return nil, err
	}
	asks := operation.Asker(ctx)
	sessions, err := d.login.SessionsOf(ctx, asks, id)
	out := make([]account.Session, len(sessions))
	for i, s := range sessions {
		out[i] = account.ToSession(s, s.ID == asks.Session)
	}
	return operation.Items(out, err)
}

func (d *door) endSessions(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	id, err := userID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.login.EndSessionsOf(ctx, operation.Asker(ctx), id)
}

type endSessionIn struct {
	operation.IDIn
	Session string `path:"session"`
}

func (d *door) endSession(ctx context.Context, in *endSessionIn) (*struct{}, error) {
	id, err := userID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.login.EndSessionOf(ctx, operation.Asker(ctx), id, alveary.SessionID(in.Session))
}

func (d *door) tokens(ctx context.Context, in *operation.IDIn) (*operation.List[account.Token], error) {
	id, err := userID(in.ID)
	if err != nil {
		return nil, err
	}
	asks := operation.Asker(ctx)
	tokens, err := d.login.TokensOf(ctx, asks, id)
	if err != nil {
		return nil, err
	}
	return operation.Items(account.ToTokens(ctx, d.files, asks, tokens))
}

type revokeTokenIn struct {
	operation.IDIn
	Token string `path:"token"`
}

func (d *door) revokeToken(ctx context.Context, in *revokeTokenIn) (*struct{}, error) {
	id, err := userID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.login.RevokeTokenOf(ctx, operation.Asker(ctx), id, alveary.TokenID(in.Token))
}

func (d *door) factors(ctx context.Context, in *operation.IDIn) (*operation.One[account.Factors], error) {
	id, err := userID(in.ID)
	if err != nil {
		return nil, err
	}
	f, err := d.login.FactorsOf(ctx, operation.Asker(ctx), id)
	return operation.Body(account.ToFactors(f), err)
}

func (d *door) resetFactors(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	id, err := userID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.login.ResetFactors(ctx, operation.Asker(ctx), id)
}

type colleaguesIn struct {
	Text string `query:"q" required:"true" minLength:"2" maxLength:"200"`
}

func (d *door) colleagues(ctx context.Context, in *colleaguesIn) (*operation.List[people.Colleague], error) {
	return operation.Items(d.people.People(ctx, operation.Asker(ctx), in.Text))
}

func (d *door) findGroups(ctx context.Context, in *colleaguesIn) (*operation.List[people.GroupName], error) {
	return operation.Items(d.people.FindGroups(ctx, operation.Asker(ctx), in.Text))
}

type externalIn struct{ Body people.External }

func (d *door) addExternal(ctx context.Context, in *externalIn) (*operation.One[people.MadeUser], error) {
	return operation.Body(d.people.AddExternal(ctx, operation.Asker(ctx), in.Body))
}
