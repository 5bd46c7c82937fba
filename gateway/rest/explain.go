package rest

import (
	"context"

	"alveary/gateway/rest/operation"
	"alveary/service/govern/document"
)

type explainIn struct{ Body document.Question }

func (a *API) explain(ctx context.Context, in *explainIn) (*operation.One[document.Explanation], error) {
	return operation.Body(a.govern.Explain(ctx, operation.Asker(ctx), in.Body))
}

type simulateIn struct {
	Body struct {
		Changes []document.Change `json:"changes" maxItems:"200"`
	}
}

func (a *API) simulate(ctx context.Context, in *simulateIn) (*operation.One[document.Simulation], error) {
	return operation.Body(a.govern.Simulate(ctx, operation.Asker(ctx), in.Body.Changes))
}

func (a *API) simulation(ctx context.Context, in *operation.IDIn) (*operation.One[document.Simulation], error) {
	return operation.Body(a.govern.Simulation(ctx, operation.Asker(ctx), in.ID))
}
