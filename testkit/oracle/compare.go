package oracle

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"

	"alveary"
)

var (
	numberPattern = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
	sizePattern   = regexp.MustCompile(`^(-?\d+(?:\.\d+)?)(B|KiB|MiB|GiB|TiB)$`)
	units         = map[string]int64{"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
	operators     = []string{"<", "<=", "=", "!=", ">=", ">"}
)

// compare is CompareCondition: numbers with numbers and sizes, times with times.
func (f Facts) compare(c alveary.Condition, v alveary.Value) Truth {
	option, ok := f.fill(c, "value")
	if !ok {
		return Undecided
	}
	op, _ := c.Options["op"].(string)
	if limit, err := timeOf(option); err == nil {
		t, ok := instant(v)
		if !ok {
			return Undecided
		}
		return truth(holds(op, t.Compare(limit)))
	}
	limit, err := numberOf(option)
	text, isText := v.Text()
	if err != nil || !isText || !numberPattern.MatchString(text) {
		return Undecided
	}
	number, err := numberOf(text)
	if err != nil {
		return Undecided
	}
	return truth(holds(op, number.Cmp(limit)))
}

func holds(op string, order int) bool {
	switch op {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case ">=":
		return order >= 0
	}
	return order > 0
}

// numberOf reads a number, or a size in units of 1024.
func numberOf(text string) (*big.Rat, error) {
	unit, sized := int64(1), false
	if part := sizePattern.FindStringSubmatch(text); part != nil {
		text, unit, sized = part[1], units[part[2]], true
	}
	number, ok := new(big.Rat).SetString(text)
	if !numberPattern.MatchString(text) || !ok {
		return nil, fmt.Errorf("%q is no number", text)
	}
	number.Mul(number, new(big.Rat).SetInt64(unit))
	if sized && (!number.IsInt() || number.Sign() < 0) {
		return nil, fmt.Errorf("%q is no whole number of bytes", text)
	}
	return number, nil
}

func refusedComparison(c alveary.Condition) error {
	op, _ := c.Options["op"].(string)
	if !slices.Contains(operators, op) {
		return fmt.Errorf("unknown op %q", op)
	}
	text := wordOf(c.Options["value"])
	if template.MatchString(text) {
		return nil // only what is filled in can tell
	}
	if _, err := timeOf(text); err == nil {
		return nil
	}
	_, err := numberOf(text)
	return err
}
