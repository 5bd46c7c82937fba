package policy

import (
	"slices"
	"testing"
)

// All engines give the answers that the questions were made for; else their
// figures would not be about the same thing.
func TestEnginesAgree(t *testing.T) {
	for _, s := range shapes() {
		if testing.Short() && s.policies > 1000 {
			continue
		}
		w := decisions(s)
		for _, c := range contenders() {
			e, err := c.load(w)
			if err != nil {
				t.Fatalf("%s, %s policies: %v", c.name, s.name, err)
			}
			for i := range w.questions {
				q := &w.questions[i]
				got, err := e.allows(q)
				if err != nil {
					t.Fatalf("%s, %s policies, %+v: %v", c.name, s.name, q, err)
				}
				if want := i < each; got != want {
					t.Errorf("%s, %s policies, %+v of %+v: %v, want %v", c.name, s.name, q, q.user, got, want)
				}
			}
		}
	}
}

// What is not allowed is denied for the reason it was made for, so that the
// benchmarks measure what their names say.
func TestQuestionsAreOfTheirKind(t *testing.T) {
	for _, s := range shapes() {
		w := decisions(s)
		f, err := newFloor(w, false)
		if err != nil {
			t.Fatal(err)
		}
		for i := range w.questions {
			if got, want := f.verdict(&w.questions[i]), 1-(i/each+1)/2-i/each%2; got != want {
				t.Errorf("%s policies, question %d: %d, want %d", s.name, i, got, want)
			}
		}
	}
}

// The listing of each engine is that of the floor asked entry by entry.
func TestListingsAgree(t *testing.T) {
	w := listing()
	q := &w.questions[0]
	f, err := newFloor(w, false)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]bool, len(w.entries))
	if err := entrywise(f, w.entries, q, want); err != nil {
		t.Fatal(err)
	}
	if n := count(want); n < len(want)/4 || n > len(want)*9/10 {
		t.Errorf("%d of %d are visible: too few or too many to tell", n, len(want))
	}
	for _, c := range contenders() {
		e, err := c.load(w)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]bool, len(w.entries))
		if l, ok := e.(lister); ok {
			if err := l.visible(q, got); err != nil {
				t.Fatal(err)
			}
			if at := firstDifference(got, want); at >= 0 {
				t.Errorf("%s, the listing: entry %+v is %v, want %v", c.name, w.entries[at], got[at], want[at])
			}
		}
		clear(got)
		if err := entrywise(e, w.entries[:500], q, got[:500]); err != nil {
			t.Fatal(err)
		}
		if at := firstDifference(got[:500], want[:500]); at >= 0 {
			t.Errorf("%s, entry by entry: %+v is %v, want %v", c.name, w.entries[at], got[at], want[at])
		}
	}
}

func count(list []bool) (n int) {
	for _, v := range list {
		if v {
			n++
		}
	}
	return n
}

func firstDifference(a, b []bool) int {
	if slices.Equal(a, b) {
		return -1
	}
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return len(a)
}

// The floor is no floor if it allocates.
func TestTheFloorAllocatesNothing(t *testing.T) {
	w := decisions(shapes()[0])
	f, err := newFloor(w, false)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(10, func() {
		for i := range w.questions {
			f.verdict(&w.questions[i])
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
