package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/service/govern"
	"alveary/service/govern/document"
)

// itemsOut is a list.
type itemsOut[T any] struct {
	Body struct {
		Items []T `json:"items"`
	}
}

func items[T any](list []T, err error) (*itemsOut[T], error) {
	if err != nil {
		return nil, err
	}
	out := &itemsOut[T]{}
	out.Body.Items = list
	return out, nil
}

// bodyOut is one document.
type bodyOut[T any] struct{ Body T }

func body[T any](document T, err error) (*bodyOut[T], error) {
	if err != nil {
		return nil, err
	}
	return &bodyOut[T]{document}, nil
}

// conditionsShape describes the two forms of a rule's conditions, which the
// vocabulary reads and writes itself.
type conditionsShape struct{}

// Schema is what the OpenAPI document says of them.
func (conditionsShape) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "By attribute; or a list, where one attribute is tested twice",
		OneOf: []*huma.Schema{
			{Type: huma.TypeObject, AdditionalProperties: r.Schema(reflect.TypeFor[alveary.Condition](), true, "Condition")},
			{Type: huma.TypeArray, Items: r.Schema(reflect.TypeFor[alveary.AttributeCondition](), true, "AttributeCondition")},
		},
	}
}

func (a *API) describePolicies() {
	a.huma.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[alveary.Conditions](), reflect.TypeFor[conditionsShape]())
}

func (a *API) catalogue(context.Context, *struct{}) (*bodyOut[document.Catalogue], error) {
	return body(a.govern.Catalogue(), nil)
}

func (a *API) policyTemplates(context.Context, *struct{}) (*itemsOut[document.PolicyTemplate], error) {
	return items(a.govern.Templates(), nil)
}

type policiesIn struct {
	Type string `query:"type" enum:"acl,rest,oidc"`
}

func (a *API) policies(ctx context.Context, in *policiesIn) (*itemsOut[document.PolicyLine], error) {
	return items(a.govern.Policies(ctx, asker(ctx), alveary.PolicyType(in.Type)))
}

// PolicyIn names a policy in the path of a request; exported like NodeIn.
type PolicyIn struct {
	ID string `path:"id" doc:"Id of the policy"`
}

func (in PolicyIn) id() alveary.PolicyID { return alveary.PolicyID(in.ID) }

func (a *API) policy(ctx context.Context, in *PolicyIn) (*bodyOut[document.PolicyDocument], error) {
	return body(a.govern.Policy(ctx, asker(ctx), in.id()))
}

type putPolicyIn struct {
	PolicyIn
	Body struct {
		Policy  json.RawMessage `json:"policy" doc:"The policy; it is read strictly, and what is malformed comes back with its place"`
		Note    string          `json:"note,omitempty" maxLength:"1000" doc:"Why, for the history"`
		Version *int64          `json:"version,omitempty" minimum:"0" doc:"The version it was edited from; 0 where there must be none"`
	}
}

type putPolicyOut struct {
	Status int
	Body   document.PolicyDocument
}

func (a *API) putPolicy(ctx context.Context, in *putPolicyIn) (*putPolicyOut, error) {
	change := govern.PolicyChange{Text: in.Body.Policy, Note: in.Body.Note, From: in.Body.Version}
	doc, made, err := a.govern.PutPolicy(ctx, asker(ctx), in.id(), change)
	if err != nil {
		return nil, err
	}
	out := &putPolicyOut{Status: http.StatusOK, Body: doc}
	if made {
		out.Status = http.StatusCreated
	}
	return out, nil
}

func (a *API) deletePolicy(ctx context.Context, in *PolicyIn) (*struct{}, error) {
	return nil, a.govern.DeletePolicy(ctx, asker(ctx), in.id())
}

func (a *API) policyVersions(ctx context.Context, in *PolicyIn) (*itemsOut[document.VersionLine], error) {
	return items(a.govern.Versions(ctx, asker(ctx), in.id()))
}

type policyVersionIn struct {
	PolicyIn
	Version int64 `path:"version" minimum:"1"`
}

func (a *API) policyVersion(ctx context.Context, in *policyVersionIn) (*bodyOut[document.VersionDocument], error) {
	return body(a.govern.Version(ctx, asker(ctx), in.id(), in.Version))
}

func (a *API) restorePolicy(ctx context.Context, in *policyVersionIn) (*bodyOut[document.PolicyDocument], error) {
	return body(a.govern.RestoreVersion(ctx, asker(ctx), in.id(), in.Version))
}

type scenariosIn struct {
	PolicyIn
	Body struct {
		Scenarios []document.AttachedScenario `json:"scenarios" maxItems:"20"`
	}
}

func (a *API) setScenarios(ctx context.Context, in *scenariosIn) (*bodyOut[document.PolicyDocument], error) {
	return body(a.govern.SetScenarios(ctx, asker(ctx), in.id(), in.Body.Scenarios))
}

type checkPolicyIn struct {
	Body struct {
		Policy    json.RawMessage             `json:"policy" doc:"Any JSON"`
		Scenarios []document.AttachedScenario `json:"scenarios,omitempty" maxItems:"20"`
	}
}

func (a *API) checkPolicy(ctx context.Context, in *checkPolicyIn) (*bodyOut[document.Checked], error) {
	return body(a.govern.CheckPolicy(ctx, asker(ctx), in.Body.Policy, in.Body.Scenarios))
}

type importIn struct {
	Body struct {
		Document json.RawMessage `json:"document" doc:"A policy or a list of policies as Ladon writes them, policy groups as Cells writes them, or our own"`
	}
}

type importOut struct {
	Body struct {
		Policies []alveary.Policy `json:"policies"`
	}
}

func (a *API) importPolicies(_ context.Context, in *importIn) (*importOut, error) {
	policies, err := a.govern.ImportPolicies(in.Body.Document)
	if err != nil {
		return nil, err
	}
	out := &importOut{}
	out.Body.Policies = policies
	return out, nil
}
