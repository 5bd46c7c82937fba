package bound

import (
	"alveary"
	"alveary/authz/within"
	"alveary/policy"
)

// Facts are what policies of a type are told of him, whatever the request.
func (w *Who) Facts(t alveary.PolicyType) *policy.Facts {
	return &policy.Facts{Subjects: w.Names, Resource: string(t), Asker: w.Asker}
}

// Compared is him as one of two who are compared.
func (w *Who) Compared() within.Asker {
	return within.Asker{Stack: w.Stack, Homes: w.Subject.Homes, Ledger: w.Ledger, Facts: w.Facts(alveary.PolicyACL)}
}

// Passages are the Cells through which one comes by rights, as they are for him
// and for another.
func (w *Who) Passages(upper *Who) []within.Passage {
	out := make([]within.Passage, len(w.Ways.All))
	for i, way := range w.Ways.All {
		out[i] = within.Passage{Lower: way.Ledger(), Upper: way.Index().Ledger(upper.Stack, nil), OfUpper: way.Cell.Owner == upper.Subject.User.ID}
	}
	return out
}
