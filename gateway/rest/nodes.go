package rest

import (
	"context"
	"net/http"
	"time"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/gateway/rest/stream"
	"alveary/service/files"
)

// NodeIn names a node in the path of a request. It is exported because huma
// does not see the parameters of embedded structs that are not.
type NodeIn struct {
	ID string `path:"id" doc:"Id of the node" example:"3"`
}

func (in NodeIn) node() (alveary.NodeID, error) { return alveary.ParseNodeID(in.ID) }

type nodeOut struct {
	ETag string `header:"ETag"`
	Body node
}

func oneNode(it files.Item, err error) (*nodeOut, error) {
	if err != nil {
		return nil, err
	}
	return &nodeOut{ETag: it.ETag(), Body: toNode(it)}, nil
}

type workspacesOut struct {
	Body struct {
		Items []workspace `json:"items"`
	}
}

type workspace struct {
	Slug  string `json:"slug" doc:"First part of remote paths"`
	Label string `json:"label"`
	Cell  string `json:"cell,omitempty" doc:"Id of the Cell, where it is one"`
	Root  *node  `json:"root,omitempty" doc:"Missing where the root itself may not be read"`
	Roots []node `json:"roots" doc:"Further nodes that show under the workspace on their own"`
}

func (a *API) workspaces(ctx context.Context, _ *struct{}) (*workspacesOut, error) {
	spaces, err := a.files.Tree.Workspaces(ctx, operation.Asker(ctx))
	if err != nil {
		return nil, err
	}
	out := &workspacesOut{}
	out.Body.Items = make([]workspace, len(spaces))
	for i, s := range spaces {
		w := workspace{Slug: s.Slug, Label: s.Label, Roots: toNodes(s.Roots)}
		if s.Cell != 0 {
			w.Cell = s.Cell.String()
		}
		if s.Root != nil {
			root := toNode(*s.Root)
			w.Root = &root
		}
		out.Body.Items[i] = w
	}
	return out, nil
}

type lookupIn struct {
	Path string `query:"path" required:"true" doc:"Remote path WORKSPACE/name/name" example:"common-files/report.txt"`
}

func (a *API) lookup(ctx context.Context, in *lookupIn) (*nodeOut, error) {
	return oneNode(a.files.Tree.Lookup(ctx, operation.Asker(ctx), in.Path))
}

func (a *API) stat(ctx context.Context, in *NodeIn) (*nodeOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	return oneNode(a.files.Tree.Stat(ctx, operation.Asker(ctx), id))
}

type listIn struct {
	NodeIn
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	Offset  int    `query:"offset" minimum:"0" doc:"Where to begin, for jumping; not together with cursor"`
	Cursor  string `query:"cursor" doc:"The next of the page before"`
	Sort    string `query:"sort" enum:"name,size,mtime,type" default:"name"`
	Order   string `query:"order" enum:"asc,desc" default:"asc"`
	Folders string `query:"folders" enum:"first,mixed" default:"first"`
}

type listOut struct {
	ETag string `header:"ETag"`
	Body struct {
		Folder     node    `json:"folder"`
		Breadcrumb []crumb `json:"breadcrumb" doc:"The way to the folder from the workspace"`
		Items      []node  `json:"items"`
		Next       string  `json:"next,omitempty" doc:"Cursor of the next page; missing at the end"`
		Total      int64   `json:"total" doc:"Nodes in the folder that the caller may see"`
	}
}

func (a *API) list(ctx context.Context, in *listIn) (*listOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	l := files.Listing{
		Folder: id, Sort: files.Sort(in.Sort), Descending: in.Order == "desc", FoldersMixed: in.Folders == "mixed",
		Offset: in.Offset, Limit: in.Limit, Cursor: in.Cursor,
	}
	page, err := a.files.Tree.List(ctx, operation.Asker(ctx), l)
	if err != nil {
		return nil, err
	}
	out := &listOut{ETag: page.Folder.ETag()}
	out.Body.Folder, out.Body.Items = toNode(page.Folder), toNodes(page.Items)
	out.Body.Breadcrumb, out.Body.Folder.Breadcrumb = out.Body.Folder.Breadcrumb, nil
	out.Body.Next, out.Body.Total = page.Next, page.Total
	return out, nil
}

type folderIn struct {
	NodeIn
	Body struct {
		Name     string `json:"name" maxLength:"1024"`
		Conflict string `json:"conflict,omitempty" enum:"fail,existing,rename" default:"fail" doc:"What to do with a name that exists"`
	}
}

type madeOut struct {
	Status int
	ETag   string `header:"ETag"`
	Body   node
}

func (a *API) makeFolder(ctx context.Context, in *folderIn) (*madeOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	it, made, err := a.files.Tree.MakeFolder(ctx, operation.Asker(ctx), id, in.Body.Name, files.Conflict(in.Body.Conflict))
	if err != nil {
		return nil, err
	}
	out := &madeOut{Status: http.StatusOK, ETag: it.ETag(), Body: toNode(it)}
	if made {
		out.Status = http.StatusCreated
	}
	return out, nil
}

type editIn struct {
	NodeIn
	IfMatch string `header:"If-Match" doc:"Entity tags of which the node must have one"`
	Body    struct {
		Name  *string    `json:"name,omitempty" maxLength:"1024"`
		MTime *time.Time `json:"mtime,omitempty" doc:"When the content was last changed"`
	}
}

func (a *API) edit(ctx context.Context, in *editIn) (*nodeOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	e := files.Edit{Name: in.Body.Name, MTime: in.Body.MTime, IfMatch: stream.EntityTags(in.IfMatch)}
	return oneNode(a.files.Tree.Edit(ctx, operation.Asker(ctx), id, e))
}

// placeBody says where a node is to go.
type placeBody struct {
	Parent   string `json:"parent" doc:"Id of the folder to go to"`
	Name     string `json:"name,omitempty" maxLength:"1024" doc:"A new name; as it is where missing"`
	Conflict string `json:"conflict,omitempty" enum:"fail,rename,replace" default:"fail" doc:"What to do with a name that exists"`
}

type placeIn struct {
	NodeIn
	Body placeBody
}

func (in *placeIn) ids() (id, parent alveary.NodeID, err error) {
	if id, err = in.node(); err != nil {
		return 0, 0, err
	}
	parent, err = alveary.ParseNodeID(in.Body.Parent)
	return id, parent, err
}

func (a *API) move(ctx context.Context, in *placeIn) (*nodeOut, error) {
	id, parent, err := in.ids()
	if err != nil {
		return nil, err
	}
	return oneNode(a.files.Tree.Move(ctx, operation.Asker(ctx), id, parent, in.Body.Name, files.Conflict(in.Body.Conflict)))
}

type copyOut struct {
	Body struct {
		Node    node `json:"node"`
		LeftOut int  `json:"leftOut" doc:"Nodes that the caller may see but not download, and that were left out"`
	}
}

func (a *API) copy(ctx context.Context, in *placeIn) (*copyOut, error) {
	id, parent, err := in.ids()
	if err != nil {
		return nil, err
	}
	it, leftOut, err := a.files.Tree.Copy(ctx, operation.Asker(ctx), id, parent, in.Body.Name, files.Conflict(in.Body.Conflict))
	if err != nil {
		return nil, err
	}
	out := &copyOut{}
	out.Body.Node, out.Body.LeftOut = toNode(it), leftOut
	return out, nil
}

type versionsOut struct {
	Body struct {
		Items []version `json:"items"`
	}
}

type version struct {
	Version int64     `json:"version"`
	Size    int64     `json:"size" doc:"Bytes"`
	SHA256  string    `json:"sha256"`
	MTime   time.Time `json:"mtime"`
	Created time.Time `json:"created" doc:"When the server stored it"`
	By      *person   `json:"by,omitempty"`
	Current bool      `json:"current"`
}

func (a *API) versions(ctx context.Context, in *NodeIn) (*versionsOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	versions, err := a.files.Content.Versions(ctx, operation.Asker(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &versionsOut{}
	out.Body.Items = make([]version, len(versions))
	for i, v := range versions {
		out.Body.Items[i] = version{v.Number, v.Content.Size, v.Content.SHA256, v.MTime, v.Created, toPerson(v.By), v.Current}
	}
	return out, nil
}

type restoreVersionIn struct {
	NodeIn
	Version int64 `path:"version" minimum:"1"`
}

func (a *API) restoreVersion(ctx context.Context, in *restoreVersionIn) (*nodeOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	return oneNode(a.files.Content.RestoreVersion(ctx, operation.Asker(ctx), id, in.Version))
}
