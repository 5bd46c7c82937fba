package sharing

import (
	"testing"
	"time"
)

// A share that ends with a day ends on that day, wherever its end is shown.
func TestDateEnds(t *testing.T) {
	for text, end := range map[string]time.Time{
		"2027-01-31":           time.Date(2027, 1, 31, 23, 59, 59, 0, time.Local),
		"2027-01-31T18:00:00Z": time.Date(2027, 1, 31, 18, 0, 0, 0, time.UTC),
	} {
		var d Date
		if err := d.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if at := d.ends(); at == nil || !at.Equal(end) {
			t.Errorf("%s ends at %v, not %v", text, at, end)
		}
	}
	if at := (Date{}).ends(); at != nil {
		t.Errorf("no date ends at %v", at)
	}
}
