package rest

import (
	"context"

	"alveary/service/govern/document"
)

type explainIn struct{ Body document.Question }

func (a *API) explain(ctx context.Context, in *explainIn) (*bodyOut[document.Explanation], error) {
	return body(a.govern.Explain(ctx, asker(ctx), in.Body))
}

type simulateIn struct {
	Body struct {
		Changes []document.Change `json:"changes" maxItems:"200"`
	}
}

func (a *API) simulate(ctx context.Context, in *simulateIn) (*bodyOut[document.Simulation], error) {
	return body(a.govern.Simulate(ctx, asker(ctx), in.Body.Changes))
}

func (a *API) simulation(ctx context.Context, in *IDIn) (*bodyOut[document.Simulation], error) {
	return body(a.govern.Simulation(ctx, asker(ctx), in.ID))
}
