package rest

import (
	"context"

	"alveary/gateway/rest/operation"
	"alveary/service/govern"
	"alveary/service/govern/document"
)

func (a *API) consoleWorkspaces(ctx context.Context, _ *struct{}) (*operation.List[document.ConsoleWorkspace], error) {
	return operation.Items(a.govern.Workspaces(ctx, operation.Asker(ctx)))
}

type addWorkspaceIn struct {
	Body struct {
		Slug  string `json:"slug" maxLength:"64" doc:"First part of remote paths"`
		Label string `json:"label" maxLength:"200"`
		Path  string `json:"path,omitempty" maxLength:"4096" doc:"Of the folder, WORKSPACE/name/name or from the root of the tree"`
		Node  string `json:"node,omitempty" maxLength:"20" doc:"Id of the folder. Without either, a folder of the label's name is made."`
	}
}

func (a *API) addWorkspace(ctx context.Context, in *addWorkspaceIn) (*operation.One[document.ConsoleWorkspace], error) {
	n := govern.NewWorkspace{Slug: in.Body.Slug, Label: in.Body.Label, Node: in.Body.Node, Path: in.Body.Path}
	return operation.Body(a.govern.AddWorkspace(ctx, operation.Asker(ctx), n))
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

func (a *API) renameWorkspace(ctx context.Context, in *renameWorkspaceIn) (*operation.One[document.ConsoleWorkspace], error) {
	return operation.Body(a.govern.RenameWorkspace(ctx, operation.Asker(ctx), in.Slug, in.Body.Label))
}

func (a *API) deleteWorkspace(ctx context.Context, in *SlugIn) (*struct{}, error) {
	return nil, a.govern.DeleteWorkspace(ctx, operation.Asker(ctx), in.Slug)
}

type consoleNodesIn struct {
	Path   string `query:"path" maxLength:"4096" doc:"Of a folder, WORKSPACE/name/name or from the root of the tree"`
	Parent string `query:"parent" doc:"Id of a folder. Without either, the datasources."`
}

func (a *API) consoleNodes(ctx context.Context, in *consoleNodesIn) (*operation.List[document.ConsoleNode], error) {
	return operation.Items(a.govern.Nodes(ctx, operation.Asker(ctx), in.Parent, in.Path))
}
