package conditions

// Truth is what a condition says: it holds, does not, or cannot be decided
// (MODEL.md 6.7).
type Truth uint8

// The three values. A hole in the input is never False.
const (
	False Truth = iota
	True
	Undecided
)

// String is the word for traces and scenario files.
func (t Truth) String() string { return [...]string{"false", "true", "undecided"}[t] }

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

// not of what cannot be decided cannot be decided.
func (t Truth) not() Truth { return [...]Truth{True, False, Undecided}[t] }

// anyOf is True if one is; else one that cannot be decided makes it so.
func anyOf(n int, member func(int) Truth) Truth {
	whole := False
	for i := range n {
		switch member(i) {
		case True:
			return True
		case Undecided:
			whole = Undecided
		case False:
		}
	}
	return whole
}

// allOf is False if one is; else one that cannot be decided makes it so.
func allOf(n int, member func(int) Truth) Truth {
	return anyOf(n, func(i int) Truth { return member(i).not() }).not()
}
