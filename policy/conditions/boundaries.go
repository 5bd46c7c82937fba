package conditions

import (
	"slices"
	"time"

	"alveary"
)

// What simulate asks about when it looks for who gains and who loses: values on
// both sides of every edge, always in the same order.

// insideAndOther are texts, and one that is none of them.
func insideAndOther(texts []string) []alveary.Value {
	values := make([]alveary.Value, 0, len(texts)+1)
	for _, one := range texts {
		values = append(values, alveary.Text(one))
	}
	other := "other"
	for slices.Contains(texts, other) {
		other += "-"
	}
	return append(values, alveary.Text(other))
}

func aroundTime(t time.Time) []alveary.Value {
	return []alveary.Value{alveary.Instant(t.Add(-time.Second)), alveary.Instant(t), alveary.Instant(t.Add(time.Second))}
}

func aroundNumber(n int64) []alveary.Value {
	var values []alveary.Value
	if n-1 < n {
		values = append(values, alveary.Number(n-1))
	}
	values = append(values, alveary.Number(n))
	if n+1 > n {
		values = append(values, alveary.Number(n+1))
	}
	return values
}
