package rest

import (
	"context"

	"alveary/service/govern"
	"alveary/service/govern/document"
)

func (a *API) consoleWorkspaces(ctx context.Context, _ *struct{}) (*itemsOut[document.ConsoleWorkspace], error) {
	return items(a.govern.Workspaces(ctx, asker(ctx)))
}

type addWorkspaceIn struct {
	Body struct {
		Slug  string `json:"slug" maxLength:"64" doc:"First part of remote paths"`
		Label string `json:"label" maxLength:"200"`
		Path  string `json:"path,omitempty" maxLength:"4096" doc:"Of the folder, WORKSPACE/name/name or from the root of the tree"`
		Node  string `json:"node,omitempty" maxLength:"20" doc:"Id of the folder. Without either, a folder of the label's name is made."`
	}
}

func (a *API) addWorkspace(ctx context.Context, in *addWorkspaceIn) (*bodyOut[document.ConsoleWorkspace], error) {
	n := govern.NewWorkspace{Slug: in.Body.Slug, Label: in.Body.Label, Node: in.Body.Node, Path: in.Body.Path}
	return body(a.govern.AddWorkspace(ctx, asker(ctx), n))
}

// SlugIn names a workspace in the path of a request; exported like NodeIn.
type SlugIn struct {
	Slug string `path:"slug"`
}

type renameWorkspaceIn struct {
	SlugIn
	Body struct {
		Label string `json:"label" maxLength:"200"`
	}
}

func (a *API) renameWorkspace(ctx context.Context, in *renameWorkspaceIn) (*bodyOut[document.ConsoleWorkspace], error) {
	return body(a.govern.RenameWorkspace(ctx, asker(ctx), in.Slug, in.Body.Label))
}

func (a *API) deleteWorkspace(ctx context.Context, in *SlugIn) (*struct{}, error) {
	return nil, a.govern.DeleteWorkspace(ctx, asker(ctx), in.Slug)
}

type consoleNodesIn struct {
	Path   string `query:"path" maxLength:"4096" doc:"Of a folder, WORKSPACE/name/name or from the root of the tree"`
	Parent string `query:"parent" doc:"Id of a folder. Without either, the datasources."`
}

func (a *API) consoleNodes(ctx context.Context, in *consoleNodesIn) (*itemsOut[document.ConsoleNode], error) {
	return items(a.govern.Nodes(ctx, asker(ctx), in.Parent, in.Path))
}
