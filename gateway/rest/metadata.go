package rest

import (
	"context"

	"alveary/gateway/rest/operation"
	"alveary/service/files"
)

type metadataIn struct {
	NodeIn
	Namespace string `path:"namespace" maxLength:"64"`
	Body      struct {
		Values []string `json:"values" maxItems:"64" doc:"In place of those before; none remove them"`
	}
}

func (a *API) setMetadata(ctx context.Context, in *metadataIn) (*nodeOut, error) {
	id, err := in.node()
	if err != nil {
		return nil, err
	}
	return oneNode(a.files.Tree.SetMetadata(ctx, operation.Asker(ctx), id, in.Namespace, in.Body.Values))
}

type namespace struct {
	Name    string `json:"name"`
	Label   string `json:"label"`
	Editors string `json:"editors" enum:"writers,admins" doc:"Whoever may write the node, or administrators alone"`
}

func (a *API) namespaces(ctx context.Context, _ *struct{}) (*operation.List[namespace], error) {
	list, err := a.files.Namespaces.List(ctx)
	shown := make([]namespace, len(list))
	for i, n := range list {
		shown[i] = namespace(n)
	}
	return operation.Items(shown, err)
}

type setNamespaceIn struct {
	Name string `path:"name" maxLength:"64" doc:"1 to 64 lower-case letters, digits, - and _"`
	Body struct {
		Label   string `json:"label,omitempty" maxLength:"1000" doc:"The name if missing"`
		Editors string `json:"editors" enum:"writers,admins"`
	}
}

func (a *API) setNamespace(ctx context.Context, in *setNamespaceIn) (*operation.One[namespace], error) {
	n, err := a.files.Namespaces.Put(ctx, operation.Asker(ctx), files.Namespace{Name: in.Name, Label: in.Body.Label, Editors: in.Body.Editors})
	return operation.Body(namespace(n), err)
}

type namespaceIn struct {
	Name string `path:"name" maxLength:"64"`
}

func (a *API) deleteNamespace(ctx context.Context, in *namespaceIn) (*struct{}, error) {
	return nil, a.files.Namespaces.Delete(ctx, operation.Asker(ctx), in.Name)
}
