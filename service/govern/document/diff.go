package document

import "slices"

const (
	// mostEdits bounds the search for the smallest difference: its time and
	// memory grow with the square.
	mostEdits = 1000
	// wholeDiff is how long a difference may be to be told with every line
	// that stays; of a longer one those near a change do.
	wholeDiff = 2000
	// nearby is how many lines that stay are told on both sides of a change.
	nearby = 3
)

// Diff is the smallest difference between two texts, line by line; where they
// differ in very much, everything between the first and the last difference.
func Diff(before, after []string) []DiffLine {
	from := 0
	for from < len(before) && from < len(after) && before[from] == after[from] {
		from++
	}
	tail := 0
	for tail < len(before)-from && tail < len(after)-from && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	out := appendLines([]DiffLine{}, " ", before[:from])
	out = append(out, middle(before[from:len(before)-tail], after[from:len(after)-tail])...)
	out = appendLines(out, " ", before[len(before)-tail:])
	if len(out) > wholeDiff {
		out = folded(out)
	}
	return out
}

func appendLines(to []DiffLine, op string, lines []string) []DiffLine {
	for _, text := range lines {
		to = append(to, DiffLine{op, text})
	}
	return to
}

// middle is the greedy algorithm of Myers: for each number of edits, the
// farthest that each diagonal is reached with so many, until the end is.
func middle(a, b []string) []DiffLine {
	reach := map[int]int{1: 0} // by diagonal, how far in a
	var trail []map[int]int
	for edits := 0; edits <= min(mostEdits, len(a)+len(b)); edits++ {
		step := make(map[int]int, edits+1)
		for k := -edits; k <= edits; k += 2 {
			x := farthest(reach, k, edits)
			for x < len(a) && x-k < len(b) && x-k >= 0 && a[x] == b[x-k] {
				x++
			}
			step[k] = x
			if x >= len(a) && x-k >= len(b) {
				return back(a, b, append(trail, step))
			}
		}
		trail = append(trail, step)
		reach = step
	}
	return appendLines(appendLines(nil, "-", a), "+", b)
}

// farthest is where diagonal k begins with one more edit: down from the
// diagonal above, or right from the one below.
func farthest(reach map[int]int, k, edits int) int {
	if edits == 0 {
		return 0
	}
	if down(reach, k, edits) {
		return reach[k+1]
	}
	return reach[k-1] + 1
}

func down(reach map[int]int, k, edits int) bool {
	return k == -edits || (k != edits && reach[k-1] < reach[k+1])
}

// back walks from the end to the beginning and tells each step.
func back(a, b []string, trail []map[int]int) []DiffLine {
	var out []DiffLine
	x, y := len(a), len(b)
	for edits := len(trail) - 1; edits > 0; edits-- {
		k := x - y
		insert := down(trail[edits-1], k, edits)
		fromX := farthest(trail[edits-1], k, edits)
		for x > fromX {
			x, y = x-1, y-1
			out = append(out, DiffLine{" ", a[x]})
		}
		if insert {
			y--
			out = append(out, DiffLine{"+", b[y]})
		} else {
			x--
			out = append(out, DiffLine{"-", a[x]})
		}
	}
	for x > 0 {
		x--
		out = append(out, DiffLine{" ", a[x]})
	}
	slices.Reverse(out)
	return out
}

// folded leaves out the lines that stay and are far from a change.
func folded(lines []DiffLine) []DiffLine {
	near := make([]bool, len(lines))
	for i, l := range lines {
		if l.Op != " " {
			for at := max(0, i-nearby); at <= min(len(lines)-1, i+nearby); at++ {
				near[at] = true
			}
		}
	}
	out := []DiffLine{}
	for i, l := range lines {
		switch {
		case near[i]:
			out = append(out, l)
		case i == 0 || near[i-1]:
			out = append(out, DiffLine{" ", "…"})
		}
	}
	return out
}
