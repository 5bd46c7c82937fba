package rest

import (
	"context"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/govern"
	"alveary/service/govern/document"
)

type entriesIn struct {
	Role   string `query:"role" doc:"Id of a role"`
	Node   string `query:"node" doc:"Id of a node"`
	Policy string `query:"policy" doc:"Id of a policy"`
}

func (a *API) entries(ctx context.Context, in *entriesIn) (*operation.List[document.Entry], error) {
	f := govern.EntryFilter{Role: alveary.RoleID(in.Role), Policy: alveary.PolicyID(in.Policy)}
	if in.Node != "" {
		var err error
		if f.Node, err = alveary.ParseNodeID(in.Node); err != nil {
			return nil, err
		}
	}
	return operation.Items(a.govern.Entries(ctx, operation.Asker(ctx), f))
}

type addEntryIn struct{ Body document.EntryIn }

func (a *API) addEntry(ctx context.Context, in *addEntryIn) (*operation.One[document.Entry], error) {
	return operation.Body(a.govern.AddEntry(ctx, operation.Asker(ctx), in.Body))
}

type replaceEntryIn struct {
	operation.IDIn
	Body document.EntryIn
}

func (a *API) replaceEntry(ctx context.Context, in *replaceEntryIn) (*operation.One[document.Entry], error) {
	return operation.Body(a.govern.ReplaceEntry(ctx, operation.Asker(ctx), in.ID, in.Body))
}

func (a *API) deleteEntry(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return nil, a.govern.DeleteEntry(ctx, operation.Asker(ctx), in.ID)
}
