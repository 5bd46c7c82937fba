package share

import (
	"context"
	"net/http"
	"time"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/operation"
	"alveary/gateway/rest/stream"
	"alveary/service/files"
	"alveary/service/share/visit"
)

type openIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"128" doc:"What follows /s/ in the address"`
		Password string `json:"password,omitempty" maxLength:"1024"`
		Captcha  string `json:"captcha,omitempty" maxLength:"4096" doc:"A proof of work, where one was asked for; from /session/captcha"`
	}
}

// Visit is what a link leads to, for who opened it.
type Visit struct {
	ID        string     `json:"id"`
	Label     string     `json:"label"`
	Mode      string     `json:"mode" enum:"read,preview,download,drop,edit"`
	Owner     string     `json:"owner" doc:"Name of who shares it"`
	Node      VisitNode  `json:"node"`
	Until     *time.Time `json:"until,omitempty"`
	Left      *int64     `json:"left,omitempty" doc:"Downloads that are left, where they are bounded"`
	Upload    int64      `json:"upload" doc:"Most bytes of a file that is put in; 0: no bound"`
	Watermark bool       `json:"watermark"`
	Guest     string     `json:"guest,omitempty" doc:"Name of who is signed in, where it counts"`
}

// VisitNode is a file or folder as visitors see it.
type VisitNode struct {
	ID        string                     `json:"id,omitempty" doc:"Missing where nothing is seen"`
	Name      string                     `json:"name"`
	Type      string                     `json:"type" enum:"LEAF,COLLECTION"`
	Size      int64                      `json:"size"`
	MIME      string                     `json:"mime"`
	MTime     *time.Time                 `json:"mtime,omitempty"`
	Preview   string                     `json:"preview" enum:"image,text,pages,media," doc:"How it can be looked at: image, text and pages are renditions; media is the original, where it may be downloaded"`
	Thumbnail bool                       `json:"thumbnail"`
	Abilities map[string]alveary.Ability `json:"abilities"`
}

type visitOut struct {
	Cookie http.Cookie `header:"Set-Cookie"`
	Body   Visit
}

func client(ctx context.Context) visit.Client {
	c := gateway.Client(ctx)
	out := visit.Client{Address: c.Address, Request: c.Request, Context: c.Context}
	if guest, ok := gateway.Guest(ctx); ok {
		out.Guest = &guest
	}
	return out
}

func (d *door) open(ctx context.Context, in *openIn) (*visitOut, error) {
	v, ticket, err := d.visits.Open(ctx, visit.Attempt{Address: in.Body.Token, Password: in.Body.Password, Proof: in.Body.Captcha}, client(ctx))
	if err != nil {
		return nil, err
	}
	out := &visitOut{Cookie: *d.Gateway.VisitCookie(v.Cell.ID, ticket.Cookie, ticket.Expires)}
	out.Body, err = d.describe(ctx, v)
	return out, err
}

// VisitIn names a visit, which the browser's cookie shows to be one.
type VisitIn struct {
	ID string `path:"id" doc:"Id of the link, as opening it says"`
}

func (d *door) enter(ctx context.Context, in *VisitIn) (visit.Visit, error) {
	id, err := cellID(in.ID)
	if err != nil {
		return visit.Visit{}, err
	}
	return d.visits.Enter(ctx, id, gateway.Visit(ctx), client(ctx))
}

func (d *door) visit(ctx context.Context, in *VisitIn) (*operation.One[Visit], error) {
	v, err := d.enter(ctx, in)
	if err != nil {
		return nil, err
	}
	return operation.Body(d.describe(ctx, v))
}

func (d *door) describe(ctx context.Context, v visit.Visit) (Visit, error) {
	out := Visit{
		ID: v.Cell.ID.String(), Label: v.Cell.Label, Mode: string(v.Cell.Link.Mode), Owner: v.Sharer, Until: orNil(v.Ends),
		Upload: v.MostUpload(), Watermark: v.Cell.Link.Watermark,
	}
	if v.Left >= 0 {
		out.Left = &v.Left
	}
	if v.Subject.Guest != nil {
		out.Guest = v.Subject.Guest.User.DisplayName()
	}
	if v.Cell.Link.Mode == alveary.LinkDrop { // nothing of it is shown, and so not its name either
		out.Node = VisitNode{Name: v.Cell.Label, Type: string(alveary.Collection), Abilities: alveary.Abilities{"upload": {Allowed: true}}}
		return out, nil
	}
	it, known := d.visits.Here(ctx, &v)
	if !known {
		var err error
		if it, err = d.files.Tree.Stat(ctx, v.Subject, v.Node); err != nil {
			return out, err
		}
	}
	out.Node = d.visitNodeOf(v, it)
	return out, nil
}

func (d *door) visitNodeOf(v visit.Visit, it files.Item) VisitNode {
	n := VisitNode{ID: it.ID.String(), Name: it.Name, Type: string(it.Type), Size: it.Size, MIME: it.MIME, MTime: orNil(it.MTime), Abilities: it.Abilities}
	if v.Cell.Link.Mode == alveary.LinkDownload || it.IsFolder() {
		return n
	}
	n.Preview = d.files.Content.PreviewOf(it.Node)
	n.Thumbnail = n.Preview == "image" && !v.Cell.Link.Watermark
	if kind := stream.Previewable(it.Node); v.Cell.Link.Mode != alveary.LinkPreview && !v.Cell.Link.Watermark && (kind == "audio" || kind == "video") {
		n.Preview = "media"
	}
	return n
}

func (d *door) forget(ctx context.Context, in *VisitIn) (*visitGone, error) {
	v, err := d.enter(ctx, in)
	if err != nil {
		return nil, err
	}
	return &visitGone{Cookie: *d.Gateway.VisitCookie(v.Cell.ID, "", time.Time{})}, nil
}

type visitGone struct {
	Cookie http.Cookie `header:"Set-Cookie"`
}

// VisitNodeIn names a node within a visit.
type VisitNodeIn struct {
	VisitIn
	Node string `path:"node" doc:"Id of the node"`
}

// within is the visit and the node that a request is about. A drop box has no
// nodes to ask for but the folder itself.
func (d *door) within(ctx context.Context, in *VisitNodeIn) (visit.Visit, alveary.NodeID, error) {
	id, err := alveary.ParseNodeID(in.Node)
	if err != nil {
		return visit.Visit{}, 0, err
	}
	v, err := d.enter(ctx, &in.VisitIn)
	return v, id, err
}

func (d *door) visitNode(ctx context.Context, in *VisitNodeIn) (*operation.One[VisitNode], error) {
	v, id, err := d.within(ctx, in)
	if err != nil {
		return nil, err
	}
	return d.oneVisitNode(v)(d.files.Tree.Stat(ctx, v.Subject, id))
}

func (d *door) oneVisitNode(v visit.Visit) func(files.Item, error) (*operation.One[VisitNode], error) {
	return func(it files.Item, err error) (*operation.One[VisitNode], error) {
		if err != nil {
			return nil, err
		}
		return operation.Body(d.visitNodeOf(v, it), nil)
	}
}

type visitChildrenIn struct {
	VisitNodeIn
	Sort   string `query:"sort" enum:"name,size,mtime,type" default:"name"`
	Order  string `query:"order" enum:"asc,desc" default:"asc"`
	Cursor string `query:"cursor" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

// VisitFolder is a page of a folder, with the way to it from what the link is on.
type VisitFolder struct {
	Items []VisitNode  `json:"items"`
	Way   []VisitCrumb `json:"way"`
	Next  string       `json:"next,omitempty"`
	Total int64        `json:"total"`
}

// VisitCrumb is a step of the way.
type VisitCrumb struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (d *door) visitChildren(ctx context.Context, in *visitChildrenIn) (*operation.One[VisitFolder], error) {
	v, id, err := d.within(ctx, &in.VisitNodeIn)
	if err != nil {
		return nil, err
	}
	page, err := d.files.Tree.List(ctx, v.Subject, files.Listing{
		Folder: id, Sort: files.Sort(in.Sort), Descending: in.Order == "desc", Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := VisitFolder{Items: make([]VisitNode, len(page.Items)), Way: []VisitCrumb{}, Next: page.Next, Total: page.Total}
	for i, it := range page.Items {
		out.Items[i] = d.visitNodeOf(v, it)
	}
	for _, c := range page.Folder.Crumbs {
		out.Way = append(out.Way, VisitCrumb{c.ID.String(), c.Name})
	}
	return operation.Body(out, nil)
}

type visitNameIn struct {
	VisitNodeIn
	Body struct {
		Name string `json:"name" maxLength:"1024"`
	}
}

func (d *door) visitMakeFolder(ctx context.Context, in *visitNameIn) (*operation.One[VisitNode], error) {
	v, id, err := d.within(ctx, &in.VisitNodeIn)
	if err != nil {
		return nil, err
	}
	it, _, err := d.files.Tree.MakeFolder(ctx, v.Subject, id, in.Body.Name, files.Fail)
	return d.oneVisitNode(v)(it, err)
}

func (d *door) visitRename(ctx context.Context, in *visitNameIn) (*operation.One[VisitNode], error) {
	v, id, err := d.within(ctx, &in.VisitNodeIn)
	if err != nil {
		return nil, err
	}
	return d.oneVisitNode(v)(d.files.Tree.Edit(ctx, v.Subject, id, files.Edit{Name: &in.Body.Name}))
}

func (d *door) visitBin(ctx context.Context, in *VisitNodeIn) (*struct{}, error) {
	v, id, err := d.within(ctx, in)
	if err != nil {
		return nil, err
	}
	_, err = d.files.Bin.Put(ctx, v.Subject, id)
	return nil, err
}

// Text is a text to read.
type Text struct {
	Text string `json:"text"`
	Cut  bool   `json:"cut" doc:"There is more of it than is shown"`
}

func (d *door) visitText(ctx context.Context, in *VisitNodeIn) (*operation.One[Text], error) {
	v, id, err := d.within(ctx, in)
	if err != nil {
		return nil, err
	}
	r, err := d.rendition(ctx, v, id, 0)
	if err != nil {
		return nil, err
	}
	if r.Kind != "text" || r.Picture.Bytes != nil {
		return nil, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the text", Code: "no-preview", Message: "this is shown as a picture"}
	}
	return operation.Body(Text{Text: r.Text.Text, Cut: r.Text.Cut}, nil)
}
