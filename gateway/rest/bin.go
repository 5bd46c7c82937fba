package rest

import (
	"context"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/files"
)

type binIn struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	Cursor string `query:"cursor" doc:"The next of the page before"`
}

type binOut struct {
	Body struct {
		Items []node `json:"items"`
		Next  string `json:"next,omitempty" doc:"Cursor of the next page; missing at the end"`
	}
}

func (a *API) listBin(ctx context.Context, in *binIn) (*binOut, error) {
	items, next, err := a.files.Bin.List(ctx, operation.Asker(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &binOut{}
	out.Body.Items, out.Body.Next = toNodes(items), next
	return out, nil
}

type emptiedOut struct {
	Body struct {
		Deleted int `json:"deleted"`
		Kept    int `json:"kept" doc:"Nodes that the caller may see but not delete for good"`
	}
}

func (a *API) emptyBin(ctx context.Context, _ *struct{}) (*emptiedOut, error) {
	deleted, kept, err := a.files.Bin.Empty(ctx, operation.Asker(ctx))
	if err != nil {
		return nil, err
	}
	out := &emptiedOut{}
	out.Body.Deleted, out.Body.Kept = deleted, kept
	return out, nil
}

func (a *API) bin(ctx context.Context, in *NodeIn) (*nodeOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	return oneNode(a.files.Bin.Put(ctx, operation.Asker(ctx), id))
}

type restoreIn struct {
	NodeIn
	Body struct {
		Parent   string `json:"parent,omitempty" doc:"Another folder to restore into; where it was, if missing"`
		Conflict string `json:"conflict,omitempty" enum:"fail,rename" default:"fail"`
	}
}

func (a *API) restore(ctx context.Context, in *restoreIn) (*nodeOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	var parent alveary.NodeID
	if in.Body.Parent != "" {
		if parent, err = alveary.ParseNodeID(in.Body.Parent); err != nil {
			return nil, err
		}
	}
	return oneNode(a.files.Bin.Restore(ctx, operation.Asker(ctx), id, parent, files.Conflict(in.Body.Conflict)))
}

func (a *API) delete(ctx context.Context, in *NodeIn) (*struct{}, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	return nil, a.files.Bin.Delete(ctx, operation.Asker(ctx), id)
}
