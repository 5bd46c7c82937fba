package alveary_test

import (
	"encoding/json"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"alveary"
)

// Browsers hold 53 bits exactly, so ids travel as text.
func TestNodeIDInJSON(t *testing.T) {
	type body struct {
		ID   alveary.NodeID           `json:"id"`
		More map[alveary.NodeID]int64 `json:"more,omitempty"`
	}
	for _, id := range []alveary.NodeID{1, 42, 1 << 53, 1<<53 + 1, math.MaxInt64} {
		text, err := json.Marshal(body{ID: id, More: map[alveary.NodeID]int64{id: 7}})
		if err != nil {
			t.Fatal(err)
		}
		want := `{"id":"` + id.String() + `","more":{"` + id.String() + `":7}}`
		if string(text) != want {
			t.Errorf("written as %s, want %s", text, want)
		}
		var back body
		if err := json.Unmarshal(text, &back); err != nil || back.ID != id || back.More[id] != 7 {
			t.Errorf("%s read as %v, %v", text, back, err)
		}
	}
	for _, text := range []string{
		`{"id":42}`, `{"id":""}`, `{"id":"0"}`, `{"id":"-1"}`, `{"id":"+1"}`, `{"id":"01"}`, `{"id":" 1"}`, `{"id":"1 "}`, `{"id":"1.0"}`,
		`{"id":"1e3"}`, `{"id":"0x1"}`, `{"id":"9223372036854775808"}`, `{"id":"99999999999999999999"}`, `{"id":"１"}`, `{"id":true}`, `{"id":[]}`,
	} {
		back := body{ID: 5}
		if err := json.Unmarshal([]byte(text), &back); err == nil || back.ID != 5 {
			t.Errorf("%s read as %v without an error", text, back.ID)
		}
	}
}

// A node id has one spelling.
func FuzzParseNodeID(f *testing.F) {
	for _, seed := range []string{"1", "0", "-1", "007", "9223372036854775807", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := alveary.ParseNodeID(text)
		switch {
		case err != nil && (id != 0 || !alveary.IsKind(err, alveary.KindInvalid)):
			t.Errorf("%q: %v, %v", text, id, err)
		case err == nil && (id <= 0 || id.String() != text):
			t.Errorf("%q read as %v", text, id)
		}
	})
}

// MODEL.md 6.9: lower case, no dot; none for a folder or a name whose only dot
// is its first character.
func TestExtension(t *testing.T) {
	for name, want := range map[string]string{
		"a.txt": "txt", "A.TXT": "txt", "a.tar.gz": "gz", "README": "", ".profile": "", ".a.txt": "txt", "..x": "x", "a.": "", "a..": "",
		"a.b c": "b c", "a.ÄÖ": "äö", "日本.語": "語", "a.b.": "", "...": "", ".": "", "": "",
	} {
		if got := (&alveary.Node{Name: name, Type: alveary.Leaf}).Extension(); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
		if got := (&alveary.Node{Name: name, Type: alveary.Collection}).Extension(); got != "" {
			t.Errorf("the folder %q has the extension %q", name, got)
		}
	}
}

func TestETagIsQuotedAndFollowsTheRevision(t *testing.T) {
	seen := map[string]bool{}
	for _, revision := range []int64{0, 1, 35, 36, math.MaxInt64} {
		tag := alveary.Node{Revision: revision}.ETag()
		if len(tag) < 3 || tag[0] != '"' || tag[len(tag)-1] != '"' || seen[tag] {
			t.Errorf("revision %d: %s", revision, tag)
		}
		seen[tag] = true
	}
}

func TestLineage(t *testing.T) {
	root := alveary.Node{ID: alveary.RootID, Type: alveary.Collection}
	main := alveary.Node{ID: 2, Parent: 1, Name: "main", Type: alveary.Collection}
	docs := alveary.Node{ID: 3, Parent: 2, Name: "docs", Type: alveary.Collection}
	file := alveary.Node{ID: 4, Parent: 3, Name: "a.txt", Type: alveary.Leaf}
	line := alveary.Lineage{root, main, docs, file}

	if got := line.Node(); got != file {
		t.Errorf("the node is %v", got)
	}
	if got := line.IDs(); !slices.Equal(got, []alveary.NodeID{1, 2, 3, 4}) {
		t.Errorf("the ids are %v", got)
	}
	for want, l := range map[string]alveary.Lineage{"": {root}, "main": line[:2], "main/docs/a.txt": line} {
		if got := l.Path(); got != want {
			t.Errorf("the path is %q, want %q", got, want)
		}
	}
	for _, n := range line {
		if !line.Contains(n.ID) {
			t.Errorf("does not contain %v", n.ID)
		}
	}
	if line.Contains(5) || line.Contains(0) {
		t.Error("contains what is not on it")
	}
	if line.InBin() {
		t.Error("in the bin")
	}
	for i := range line {
		binned := slices.Clone(line)
		binned[i].Binned = time.Unix(1, 0)
		if !binned.InBin() {
			t.Errorf("node %d is in the bin, the one at the end is not", i)
		}
	}
}

// Two children of one lineage do not overwrite each other, whatever room its
// slice has left.
func TestLineageChildSharesNothing(t *testing.T) {
	folder := make(alveary.Lineage, 1, 8)
	folder[0] = alveary.Node{ID: 1}
	first, second := folder.Child(alveary.Node{ID: 2}), folder.Child(alveary.Node{ID: 3})
	if first.Node().ID != 2 || second.Node().ID != 3 || len(folder) != 1 {
		t.Errorf("%v and %v", first.IDs(), second.IDs())
	}
	deep := first.Child(alveary.Node{ID: 4})
	first.Child(alveary.Node{ID: 5})
	if deep.Node().ID != 4 {
		t.Errorf("%v was overwritten", deep.IDs())
	}
}

func TestIDsAreUniqueAndGrow(t *testing.T) {
	ids := alveary.NewIDs(time.Now)
	const workers, each = 8, 5000
	got := make([][]int64, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for range each {
				got[w] = append(got[w], ids.Next())
			}
		})
	}
	all.Wait()
	seen := make(map[int64]bool, workers*each)
	for _, mine := range got {
		for i, id := range mine {
			if seen[id] {
				t.Fatalf("%d twice", id)
			}
			seen[id] = true
			if id <= 100 || i > 0 && id <= mine[i-1] {
				t.Fatalf("%d after %d", id, mine[max(i-1, 0)])
			}
		}
	}
}

// A clock that stands still, goes back or was never set does not make an id
// twice, nor one of those that the shipped nodes have.
func TestIDsWithABadClock(t *testing.T) {
	for label, clock := range map[string]func(i int) time.Time{
		"stands":        func(int) time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) },
		"goes back":     func(i int) time.Time { return time.Date(2026, 1, 1, 0, 0, -i, 0, time.UTC) },
		"was never set": func(i int) time.Time { return time.Unix(int64(i), 0) },
		"far future":    func(i int) time.Time { return time.Date(2163, 1, 1, 0, 0, i, 0, time.UTC) },
	} {
		t.Run(label, func(t *testing.T) {
			i := 0
			ids := alveary.NewIDs(func() time.Time { i++; return clock(i) })
			last := int64(100) // the shipped nodes lie below
			for range 1000 {
				id := ids.Next()
				if id <= last {
					t.Fatalf("%d after %d", id, last)
				}
				last = id
			}
		})
	}
}

// An id made later on another server is larger: rows made together lie together.
func TestIDsGrowWithTime(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	last := int64(0)
	for range 1000 {
		at = at.Add(time.Millisecond)
		id := alveary.NewIDs(func() time.Time { return at }).Next()
		if id <= last {
			t.Fatalf("%d after %d", id, last)
		}
		last = id
	}
}
