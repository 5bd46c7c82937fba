package conditions

import (
	"slices"
	"strings"

	"alveary"
)

// The three conditions that Ladon has and that stand for no option: what they
// ask is in the value.

// pairsEqual holds where the value is a list of pairs of texts and in each both
// are the same. A value of another shape cannot be decided.
func pairsEqual(v alveary.Value, _ *Facts) Truth {
	if v.Kind() == alveary.ValueUnset {
		return False
	}
	if v.Kind() != alveary.ValueList {
		return Undecided
	}
	same := True
	for _, one := range v.List() {
		pair := one.List()
		if len(pair) != 2 {
			return Undecided
		}
		first, okFirst := pair[0].Text()
		second, okSecond := pair[1].Text()
		if !okFirst || !okSecond {
			return Undecided
		}
		if first != second {
			same = False
		}
	}
	return same
}

// equalsSubject holds where the text is one of the asker's names.
func equalsSubject(text string, f *Facts) bool { return slices.Contains(f.Subjects, text) }

// resourceContains holds where the resource contains the field `value`, and with
// a field `delimiter`, contains it as a whole between delimiters.
func resourceContains(v alveary.Value, f *Facts) Truth {
	if v.Kind() == alveary.ValueUnset {
		return False
	}
	part, delimiter := v.Field("value"), v.Field("delimiter")
	text, ok := part.Text()
	edge, single := delimiter.Text()
	if !ok || text == "" || (!single && delimiter.Kind() != alveary.ValueAbsent) {
		return Undecided
	}
	return truth(strings.Contains(edge+f.Resource+edge, edge+text+edge))
}
