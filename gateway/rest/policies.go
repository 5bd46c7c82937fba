package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/govern"
	"alveary/service/govern/document"
)

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
	a.door.Huma.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[alveary.Conditions](), reflect.TypeFor[conditionsShape]())
}

func (a *API) catalogue(context.Context, *struct{}) (*operation.One[document.Catalogue], error) {
	return operation.Body(a.govern.Catalogue(), nil)
}

func (a *API) policyTemplates(context.Context, *struct{}) (*operation.List[document.PolicyTemplate], error) {
	return operation.Items(a.govern.Templates(), nil)
}

type policiesIn struct {
	Type string `query:"type" enum:"acl,rest,oidc"`
}

func (a *API) policies(ctx context.Context, in *policiesIn) (*operation.List[document.PolicyLine], error) {
	return operation.Items(a.govern.Policies(ctx, operation.Asker(ctx), alveary.PolicyType(in.Type)))
}

// PolicyIn names a policy in the path of a request; exported like NodeIn.
type PolicyIn struct {
	ID string `path:"id" doc:"Id of the policy"`
}

func (in PolicyIn) id() alveary.PolicyID { return alveary.PolicyID(in.ID) }

func (a *API) policy(ctx context.Context, in *PolicyIn) (*operation.One[document.PolicyDocument], error) {
	return operation.Body(a.govern.Policy(ctx, operation.Asker(ctx), in.id()))
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
	doc, made, err := a.govern.PutPolicy(ctx, operation.Asker(ctx), in.id(), change)
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
	return nil, a.govern.DeletePolicy(ctx, operation.Asker(ctx), in.id())
}

func (a *API) policyVersions(ctx context.Context, in *PolicyIn) (*operation.List[document.VersionLine], error) {
	return operation.Items(a.govern.Versions(ctx, operation.Asker(ctx), in.id()))
}

type policyVersionIn struct {
	PolicyIn
	Version int64 `path:"version" minimum:"1"`
}

func (a *API) policyVersion(ctx context.Context, in *policyVersionIn) (*operation.One[document.VersionDocument], error) {
	return operation.Body(a.govern.Version(ctx, operation.Asker(ctx), in.id(), in.Version))
}

func (a *API) restorePolicy(ctx context.Context, in *policyVersionIn) (*operation.One[document.PolicyDocument], error) {
	return operation.Body(a.govern.RestoreVersion(ctx, operation.Asker(ctx), in.id(), in.Version))
}

type scenariosIn struct {
	PolicyIn
	Body struct {
		Scenarios []document.AttachedScenario `json:"scenarios" maxItems:"20"`
	}
}

func (a *API) setScenarios(ctx context.Context, in *scenariosIn) (*operation.One[document.PolicyDocument], error) {
	return operation.Body(a.govern.SetScenarios(ctx, operation.Asker(ctx), in.id(), in.Body.Scenarios))
}

type checkPolicyIn struct {
	Body struct {
		Policy    json.RawMessage             `json:"policy" doc:"Any JSON"`
		Scenarios []document.AttachedScenario `json:"scenarios,omitempty" maxItems:"20"`
	}
}

func (a *API) checkPolicy(ctx context.Context, in *checkPolicyIn) (*operation.One[document.Checked], error) {
	return operation.Body(a.govern.CheckPolicy(ctx, operation.Asker(ctx), in.Body.Policy, in.Body.Scenarios))
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
