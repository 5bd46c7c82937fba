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
		out.Attributes = append(out.Attributes, document.CatalogueAttribute{a.Name, a.Class.String(), a.Holds, a.Values, a.Doc})
	}
	for _, c := range policy.ConditionTypes() {
		one := document.CatalogueCondition{c.Type, c.Doc, []document.CatalogueOption{}}
		for _, o := range c.Options {
			one.Options = append(one.Options, document.CatalogueOption{o.Name, o.Kind, o.Required, o.Doc})
		}
		out.Conditions = append(out.Conditions, one)
	}
	return out
}

// Templates are the policies to begin with: the same for everybody.
func (*Service) Templates() []document.PolicyTemplate {
	out := []document.PolicyTemplate{}
	for _, t := range templates.All() {
		out = append(out, document.PolicyTemplate{t.ID, t.Label, t.Description, t.Policy, t.Scenario})
	}
	return out
}
