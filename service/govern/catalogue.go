package govern

import (
	"alveary"
	"alveary/policy"
	"alveary/policy/templates"
	"alveary/service/govern/document"
)

// Catalogue is what conditions can be made of: the same for everybody.
func (*Service) Catalogue() document.Catalogue {
	out := document.Catalogue{Attributes: []document.CatalogueAttribute{}, Conditions: []document.CatalogueCondition{}}
	for _, a := range alveary.Attributes() {
		out.Attributes = append(out.Attributes, document.CatalogueAttribute{Name: a.Name, Class: a.Class.String(), Holds: a.Holds, Values: a.Values, Doc: a.Doc})
	}
	for _, c := range policy.ConditionTypes() {
		one := document.CatalogueCondition{Type: c.Type, Doc: c.Doc, Options: []document.CatalogueOption{}}
		for _, o := range c.Options {
			one.Options = append(one.Options, document.CatalogueOption{Name: o.Name, Kind: o.Kind, Required: o.Required, Doc: o.Doc})
		}
		out.Conditions = append(out.Conditions, one)
	}
	return out
}

// Templates are the policies to begin with: the same for everybody.
func (*Service) Templates() []document.PolicyTemplate {
	out := []document.PolicyTemplate{}
	for _, t := range templates.All() {
		out = append(out, document.PolicyTemplate{ID: t.ID, Label: t.Label, Description: t.Description, Policy: t.Policy, Scenario: t.Scenario})
	}
	return out
}
