package share

import (
	"context"
	"time"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/share"
)

// Give is what someone is to have.
type Give struct {
	Ref
	Rights   []string   `json:"rights,omitempty" doc:"read, write; read where neither rights nor policies are named"`
	Policies []string   `json:"policies,omitempty" doc:"In place of rights, of those that the house offers"`
	Expires  *time.Time `json:"expires,omitempty"`
	Node     string     `json:"node,omitempty" doc:"For one node of the Cell alone"`
}

func (g Give) read() (give share.Give, err error) {
	if give.To, err = g.Ref.read(); err != nil {
		return give, err
	}
	if give.Rights, err = rightsOf(g.Rights); err != nil {
		return give, err
	}
	if g.Rights == nil && len(g.Policies) == 0 {
		give.Rights = alveary.RightRead
	}
	give.Policies = policies(g.Policies)
	if g.Expires != nil {
		give.Expires = *g.Expires
	}
	if g.Node != "" {
		give.Node, err = alveary.ParseNodeID(g.Node)
	}
	return give, err
}

func readGives(list []Give) ([]share.Give, error) {
	gives := make([]share.Give, len(list))
	for i, one := range list {
		var err error
		if gives[i], err = one.read(); err != nil {
			return nil, err
		}
	}
	return gives, nil
}

// Invited is someone who was given an account by being shared with.
type Invited struct {
	Email  string `json:"email"`
	Link   string `json:"link,omitempty" doc:"To hand to him where no mail could be sent; shown this once"`
	Mailed bool   `json:"mailed"`
}

// MadeCell is a Cell after someone was taken into it.
type MadeCell struct {
	Cell    Cell      `json:"cell"`
	Invited []Invited `json:"invited"`
}

// NewCell is a Cell to be made.
type NewCell struct {
	Label       string     `json:"label" maxLength:"200"`
	Description string     `json:"description,omitempty" maxLength:"2000"`
	Nodes       []string   `json:"nodes,omitempty" maxItems:"1000" doc:"Ids of the files and folders"`
	Folder      string     `json:"folder,omitempty" maxLength:"255" doc:"In place of nodes: the name of a folder to make in one's own files"`
	Members     []Give     `json:"members,omitempty" maxItems:"1000"`
	From        *time.Time `json:"from,omitempty"`
	Until       *time.Time `json:"until,omitempty"`
	Discreet    bool       `json:"discreet,omitempty"`
}

func (n NewCell) read() (out share.NewCell, err error) {
	out = share.NewCell{Label: n.Label, Description: n.Description, Folder: n.Folder, Discreet: n.Discreet}
	if out.Nodes, err = nodes(n.Nodes); err != nil {
		return out, err
	}
	if out.Gives, err = readGives(n.Members); err != nil {
		return out, err
	}
	if n.From != nil {
		out.From = *n.From
	}
	if n.Until != nil {
		out.Until = *n.Until
	}
	return out, nil
}

func nodes(list []string) ([]alveary.NodeID, error) {
	var ids []alveary.NodeID
	for _, text := range list {
		id, err := alveary.ParseNodeID(text)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func (d *door) cells(ctx context.Context, _ *struct{}) (*operation.List[Cell], error) {
	list, err := d.share.Cells(ctx, operation.Asker(ctx))
	out := make([]Cell, len(list))
	for i, c := range list {
		out[i] = toCell(c)
	}
	return operation.Items(out, err)
}

func (d *door) cell(ctx context.Context, in *operation.IDIn) (*operation.One[Cell], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	return oneCell(d.share.Cell(ctx, operation.Asker(ctx), id))
}

func oneCell(c share.CellView, err error) (*operation.One[Cell], error) {
	if err != nil {
		return nil, err
	}
	return operation.Body(toCell(c), nil)
}

type addCellIn struct{ Body NewCell }

func (d *door) addCell(ctx context.Context, in *addCellIn) (*operation.One[MadeCell], error) {
	n, err := in.Body.read()
	if err != nil {
		return nil, err
	}
	return madeCell(d.share.MakeCell(ctx, operation.Asker(ctx), n))
}

func madeCell(c share.CellView, invited []share.Invited, err error) (*operation.One[MadeCell], error) {
	if err != nil {
		return nil, err
	}
	return operation.Body(MadeCell{Cell: toCell(c), Invited: toInvited(invited)}, nil)
}

func toInvited(invited []share.Invited) []Invited {
	out := make([]Invited, len(invited))
	for i, one := range invited {
		out[i] = Invited{Email: one.Email, Link: one.Link, Mailed: one.Mailed}
	}
	return out
}

type checkCellIn struct {
	Body struct {
		NewCell
		ID string `json:"id,omitempty" doc:"Of a Cell that would be changed"`
	}
}

// Effect is who would gain and lose, and what speaks against saving.
type Effect struct {
	Gain     []string `json:"gain" doc:"Names of those who would have something more"`
	Lose     []string `json:"lose"`
	Problems []Fault  `json:"problems"`
}

// Fault is why something cannot be saved, and where.
type Fault struct {
	Field   string   `json:"field"`
	Message string   `json:"message"`
	Missing []string `json:"missing,omitempty" doc:"Rights that who asks does not have"`
}

func (d *door) checkCell(ctx context.Context, in *checkCellIn) (*operation.One[Effect], error) {
	n, err := in.Body.read()
	if err != nil {
		return nil, err
	}
	var id alveary.CellID
	if in.Body.ID != "" {
		if id, err = cellID(in.Body.ID); err != nil {
			return nil, err
		}
	}
	e, err := d.share.CheckCell(ctx, operation.Asker(ctx), id, n)
	if err != nil {
		return nil, err
	}
	out := Effect{Gain: flags(e.Gain), Lose: flags(e.Lose), Problems: make([]Fault, len(e.Problems))}
	for i, p := range e.Problems {
		out.Problems[i] = Fault{Field: p.Field, Message: p.Message, Missing: words(p.Missing)}
	}
	return operation.Body(out, nil)
}

type changeCellIn struct {
	operation.IDIn
	Body struct {
		Label       *string   `json:"label,omitempty" maxLength:"200"`
		Description *string   `json:"description,omitempty" maxLength:"2000"`
		Slug        *string   `json:"slug,omitempty" maxLength:"64"`
		From        *string   `json:"from,omitempty" doc:"A time, or empty for none"`
		Until       *string   `json:"until,omitempty" doc:"A time, or empty for none"`
		Discreet    *bool     `json:"discreet,omitempty"`
		Nodes       *[]string `json:"nodes,omitempty" maxItems:"1000" doc:"All that it is to be bound to"`
	}
}

func (d *door) changeCell(ctx context.Context, in *changeCellIn) (*operation.One[Cell], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	change := share.CellChange{Label: b.Label, Description: b.Description, Slug: b.Slug, Discreet: b.Discreet}
	if change.From, err = moment(b.From); err != nil {
		return nil, err
	}
	if change.Until, err = moment(b.Until); err != nil {
		return nil, err
	}
	if b.Nodes != nil {
		ids, err := nodes(*b.Nodes)
		if err != nil {
			return nil, err
		}
		change.Nodes = &ids
	}
	return oneCell(d.share.ChangeCell(ctx, operation.Asker(ctx), id, change))
}

// moment reads a date that is to be changed: nil where it is not, the zero time
// where there is to be none.
func moment(text *string) (*time.Time, error) {
	if text == nil {
		return nil, nil
	}
	if *text == "" {
		return &time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, *text)
	if err != nil {
		return nil, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the request", Subject: *text, Code: "invalid", Message: "a date is written as 2026-01-31T12:00:00Z", Cause: err}
	}
	return &at, nil
}

func (d *door) endCell(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return d.end(ctx, in.ID)
}

func (d *door) end(ctx context.Context, text string) (*struct{}, error) {
	id, err := cellID(text)
	if err != nil {
		return nil, err
	}
	return nil, d.share.End(ctx, operation.Asker(ctx), id)
}

type addMembersIn struct {
	operation.IDIn
	Body struct {
		Members []Give `json:"members" minItems:"1" maxItems:"1000"`
	}
}

func (d *door) addMembers(ctx context.Context, in *addMembersIn) (*operation.One[MadeCell], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	gives, err := readGives(in.Body.Members)
	if err != nil {
		return nil, err
	}
	return madeCell(d.share.AddMembers(ctx, operation.Asker(ctx), id, gives))
}

// MemberIn names a member. It is exported because huma looks into exported
// embedded fields alone.
type MemberIn struct {
	operation.IDIn
	Role string `path:"role" doc:"The member's role"`
}

type changeMemberIn struct {
	MemberIn
	Body struct {
		Rights   []string   `json:"rights,omitempty"`
		Policies []string   `json:"policies,omitempty"`
		Expires  *time.Time `json:"expires,omitempty"`
		Node     string     `json:"node,omitempty" doc:"For one node of the Cell alone"`
	}
}

func (d *door) changeMember(ctx context.Context, in *changeMemberIn) (*operation.One[Cell], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	give, err := Give{Rights: in.Body.Rights, Policies: in.Body.Policies, Expires: in.Body.Expires, Node: in.Body.Node}.read()
	if err != nil {
		return nil, err
	}
	return oneCell(d.share.ChangeMember(ctx, operation.Asker(ctx), id, alveary.RoleID(in.Role), give))
}

func (d *door) removeMember(ctx context.Context, in *MemberIn) (*operation.One[Cell], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	return oneCell(d.share.RemoveMember(ctx, operation.Asker(ctx), id, alveary.RoleID(in.Role)))
}

type managerIn struct {
	operation.IDIn
	User string `path:"user"`
}

func (d *door) addManager(ctx context.Context, in *managerIn) (*operation.One[Cell], error) {
	return d.setManager(ctx, in, true)
}

func (d *door) removeManager(ctx context.Context, in *managerIn) (*operation.One[Cell], error) {
	return d.setManager(ctx, in, false)
}

func (d *door) setManager(ctx context.Context, in *managerIn, manages bool) (*operation.One[Cell], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	user, err := userID(in.User)
	if err != nil {
		return nil, err
	}
	return oneCell(d.share.SetManager(ctx, operation.Asker(ctx), id, user, manages))
}

func (d *door) leaveCell(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.share.Leave(ctx, operation.Asker(ctx), id)
}

type handOverIn struct {
	operation.IDIn
	Body struct {
		User string `json:"user"`
	}
}

func (d *door) handOver(ctx context.Context, in *handOverIn) (*operation.One[Cell], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	user, err := userID(in.Body.User)
	if err != nil {
		return nil, err
	}
	return oneCell(d.share.HandOver(ctx, operation.Asker(ctx), id, user))
}
