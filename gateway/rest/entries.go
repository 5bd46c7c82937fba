package rest

import (
	"context"

	"alveary"
	"alveary/service/govern"
	"alveary/service/govern/document"
)

type entriesIn struct {
	Role   string `query:"role" doc:"Id of a role"`
	Node   string `query:"node" doc:"Id of a node"`
	Policy string `query:"policy" doc:"Id of a policy"`
}

func (a *API) entries(ctx context.Context, in *entriesIn) (*itemsOut[document.Entry], error) {
	f := govern.EntryFilter{Role: alveary.RoleID(in.Role), Policy: alveary.PolicyID(in.Policy)}
	if in.Node != "" {
		var err error
		if f.Node, err = alveary.ParseNodeID(in.Node); err != nil {
			return nil, err
		}
	}
	return items(a.govern.Entries(ctx, asker(ctx), f))
}

type addEntryIn struct{ Body document.EntryIn }

func (a *API) addEntry(ctx context.Context, in *addEntryIn) (*bodyOut[document.Entry], error) {
	return body(a.govern.AddEntry(ctx, asker(ctx), in.Body))
}

type replaceEntryIn struct {
	IDIn
	Body document.EntryIn
}

func (a *API) replaceEntry(ctx context.Context, in *replaceEntryIn) (*bodyOut[document.Entry], error) {
	return body(a.govern.ReplaceEntry(ctx, asker(ctx), in.ID, in.Body))
}

func (a *API) deleteEntry(ctx context.Context, in *IDIn) (*struct{}, error) {
	return nil, a.govern.DeleteEntry(ctx, asker(ctx), in.ID)
}
