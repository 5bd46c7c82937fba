package match

import "testing"

// What templates bring leaves the structure alone (MODEL.md 6.9).
func TestFilledSeparators(t *testing.T) {
	for _, c := range []struct {
		p    Phrase
		fine bool
	}{
		{Phrase{{Text: "a/b,c"}}, true}, // written by the author
		{Phrase{{Text: "a,"}, {"b", true}, {Text: ",c"}}, true},
		{Phrase{{Text: "a, "}, {"b/8", true}, {Text: " ,c"}}, true}, // a whole part
		{Phrase{{"b/8", true}}, true},
		{Phrase{{Text: "a, 1"}, {"b/8", true}, {Text: ",c"}}, false},
		{Phrase{{Text: "a,"}, {"b/8", true}, {Text: ".1"}}, false},
		{Phrase{{"a", true}, {"b/8", true}}, false},
		{Phrase{{"a,b", true}}, false},
	} {
		if err := c.p.keeps(",", "/"); (err == nil) != c.fine {
			t.Errorf("%v: %v", c.p, err)
		}
	}
	bad := Phrase{{Text: "Monday/09:00/18:00"}, {";", true}}
	if _, err := ParseHours(bad, nil); err == nil {
		t.Error("hours take a separator that was filled in")
	}
	if _, _, err := ParsePeriod(bad); err == nil {
		t.Error("a period takes a separator that was filled in")
	}
	if _, err := ParseNetworks(Phrase{{Text: "10.0.0.0/8"}, {",", true}, {Text: "11.0.0.0/8"}}); err == nil {
		t.Error("networks take a separator that was filled in")
	}
}
