package conditions

import (
	"cmp"
	"math/big"
	"strings"
	"time"

	"alveary"
	"alveary/policy/match"
)

// compileBoolean compares with true or false; a value that is neither cannot be
// decided.
func compileBoolean(o *options) (*test, error) {
	given, ok := scalar(o.given["value"])
	text := given.String()
	if !ok || (text != "true" && text != "false") {
		return nil, refuse("value", "this is true or false")
	}
	return &test{
		one: func(v alveary.Value) Truth {
			switch is, _ := v.Text(); is {
			case "true", "false":
				return truth(is == text)
			}
			return Undecided
		},
		boundaries: func(*Facts) []alveary.Value {
			return []alveary.Value{alveary.Text("true"), alveary.Text("false")}
		},
	}, nil
}

// compileCompare compares numbers and sizes, or times: its value says which.
func compileCompare(o *options) (*test, error) {
	op, ok := o.given["op"].(string)
	takes, known := comparison(op)
	if !ok || !known {
		return nil, refuse("op", "this is one of <, <=, =, !=, >= and >")
	}
	given, ok := scalar(o.given["value"])
	if !ok {
		return nil, refuse("value", "this is a number, a size such as 10MiB, or a time")
	}
	text := given.String()
	var t *test
	if n, ok := match.ParseNumber(text); ok {
		t = compareNumber(n, takes)
	} else if at, ok := match.ParseTime(text); ok {
		t = instantTest(func(v time.Time) bool { return takes(v.Compare(at)) })
		t.boundaries = func(*Facts) []alveary.Value { return aroundTime(at) }
		t.next = nextOf(at, at.Add(1))
	} else {
		return nil, refuse("value", "%q is no number, no size such as 10MiB and no time such as 2018-02-28T23:59+0100", text)
	}
	t.negative = op == "!="
	return t, nil
}

// comparison says which of -1, 0 and 1 an operator takes.
func comparison(op string) (takes func(int) bool, known bool) {
	switch op {
	case "<":
		return func(c int) bool { return c < 0 }, true
	case "<=":
		return func(c int) bool { return c <= 0 }, true
	case "=":
		return func(c int) bool { return c == 0 }, true
	case "!=":
		return func(c int) bool { return c != 0 }, true
	case ">=":
		return func(c int) bool { return c >= 0 }, true
	case ">":
		return func(c int) bool { return c > 0 }, true
	}
	return nil, false
}

func compareNumber(n *big.Rat, takes func(int) bool) *test {
	whole := n.IsInt() && n.Num().IsInt64()
	small := n.Num().Int64()
	t := &test{}
	if whole {
		t.number = func(is int64) bool { return takes(cmp.Compare(is, small)) }
	}
	t.one = func(v alveary.Value) Truth {
		if v.Kind() == alveary.ValueNumber && whole {
			return truth(t.number(v.Int()))
		}
		text, _ := v.Text()
		is, ok := match.ParseNumber(text)
		if !ok || strings.HasSuffix(text, "B") { // a size is how authors write a number, and no value
			return Undecided
		}
		return truth(takes(is.Cmp(n)))
	}
	t.boundaries = func(*Facts) []alveary.Value {
		if whole {
			return aroundNumber(small)
		}
		below := new(big.Int).Div(n.Num(), n.Denom()) // rounds down
		if !below.IsInt64() {
			return nil
		}
		return aroundNumber(below.Int64())
	}
	return t
}
