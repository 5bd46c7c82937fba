package conditions

import (
	"alveary"
	"alveary/policy/match"
)

func compileCIDR(o *options) (*test, error) {
	source, err := o.phrase("cidr")
	if err != nil {
		return nil, err
	}
	networks, err := match.ParseNetworks(source)
	if err != nil {
		return nil, refuse("cidr", "%s", err)
	}
	parsed := func(text string) Truth {
		if address, ok := match.ParseAddress(text); ok {
			return truth(networks.Has(address))
		}
		return Undecided
	}
	return &test{
		parsed: parsed,
		one: func(v alveary.Value) Truth {
			text, _ := v.Text()
			return parsed(text)
		},
		boundaries: func(*Facts) (values []alveary.Value) {
			for _, edge := range networks.Edges() {
				values = append(values, alveary.Text(edge.String()))
			}
			return values
		},
	}, nil
}
