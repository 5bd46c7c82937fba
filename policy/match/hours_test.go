package match

import (
	"testing"
	"time"
)

func hoursOf(t *testing.T, text, zone string) *Hours {
	t.Helper()
	var location *time.Location
	if zone != "" {
		var err error
		if location, err = ParseZone(zone); err != nil {
			t.Fatal(err)
		}
	}
	h, err := ParseHours(Phrase{{Text: text}}, location)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return h
}

// MODEL.md 6.5. The 5th of February 2018 was a Monday.
func TestHours(t *testing.T) {
	for _, c := range []struct {
		hours, zone, at string
		want            bool
	}{
		{"Monday-Friday/09:00/18:30", "", "2018-02-05T09:00:00Z", true},
		{"Monday-Friday/09:00/18:30", "", "2018-02-05T08:59:59Z", false},
		{"Monday-Friday/09:00/18:30", "", "2018-02-05T18:30:59Z", true}, // inclusive to the minute
		{"Monday-Friday/09:00/18:30", "", "2018-02-05T18:31:00Z", false},
		{"Monday-Friday/09:00/18:30", "", "2018-02-10T12:00:00Z", false},
		{"monday-FRIDAY/09:00/18:30", "", "2018-02-07T12:00:00Z", true}, // any case
		{" \tMonday - Wednesday , Friday/09:00/18:30 ; Sunday/10:00/11:00", "", "2018-02-09T12:00:00Z", true},
		{"Monday-Wednesday,Friday/09:00/18:30;Sunday/10:00/11:00", "", "2018-02-08T12:00:00Z", false},
		{"Monday-Wednesday,Friday/09:00/18:30;Sunday/10:00/11:00", "", "2018-02-11T11:00:30Z", true},
		{"Saturday-Sunday/00:00/23:59", "", "2018-02-11T23:59:59Z", true}, // wraps
		{"Saturday-Sunday/00:00/23:59", "", "2018-02-12T00:00:00Z", false},
		{"Friday-Monday/09:00/10:00", "", "2018-02-04T09:30:00Z", true},
		{"Friday-Monday/09:00/10:00", "", "2018-02-06T09:30:00Z", false},
		{"Tuesday-Monday/00:00/23:59", "", "2018-02-05T12:00:00Z", true},  // the whole week
		{"Monday-Monday/00:00/23:59", "", "2018-02-06T12:00:00Z", false},  // one day
		{"Friday/22:00/06:00", "", "2018-02-09T22:00:00Z", true},          // overnight
		{"Friday/22:00/06:00", "", "2018-02-10T06:00:59Z", true},          // belongs to the day it began
		{"Friday/22:00/06:00", "", "2018-02-09T03:00:00Z", false},         // so not to this morning
		{"Saturday/22:00/06:00", "", "2018-02-11T05:00:00Z", true},        // over the end of the week
		{"Monday/09:00/09:00", "", "2018-02-05T09:00:59Z", true},          // one minute
		{"Monday/09:00/09:00", "", "2018-02-05T09:01:00Z", false},         //
		{"Monday/00:00/00:00", "", "1969-12-29T00:00:30Z", true},          // before the count of Unix
		{"Monday-Friday/09:00/18:30", "", "2018-02-05T01:00+0100", false}, // the wall clock as written
		{"Monday-Friday/09:00/18:30", "", "2018-02-05T11:00+1100", true},  //
		{"Monday-Friday/09:00/18:30", "Europe/Berlin", "2018-02-05T11:00+1100", false},
		{"Monday-Friday/09:00/18:30", "Australia/Sydney", "2018-02-05T01:00+0100", true},
		{"Monday-Friday/09:00/18:30", "Europe/Berlin", "2018-07-02T07:00Z", true}, // summer: 09:00 there
		{"Monday-Friday/09:00/18:30", "Europe/Berlin", "2018-02-05T07:30Z", false},
	} {
		at, ok := ParseTime(c.at)
		if !ok {
			var err error
			if at, err = time.Parse("2006-01-02T15:04Z", c.at); err != nil {
				t.Fatal(err)
			}
		}
		if got := hoursOf(t, c.hours, c.zone).Within(at); got != c.want {
			t.Errorf("%s is within %q in %q: %v", c.at, c.hours, c.zone, got)
		}
	}
}

func TestMalformedHours(t *testing.T) {
	for _, text := range []string{
		"", "Monday", "Monday-Friday", "Monday/09:00", "Monday/09:00/18:00/19:00", "/09:00/18:00", "Mon/09:00/18:00", "Lundi/09:00/18:00",
		"Monday/9:00/18:00", "Monday/09:00/24:00", "Monday/09:60/18:00", "Monday/0900/18:00", "Monday/09:00/18:00:00", "Monday/+9:00/18:00",
		"Monday/ 09:00/18:00", "Monday/09:00 /18:00", "Monday-/09:00/18:00", "Monday,/09:00/18:00", "Monday-Tuesday-Friday/09:00/18:00",
		"Monday/09:00/18:00;", ";", "Monday/09:00/18:00;;Friday/09:00/18:00", "Mo nday/09:00/18:00", "\u017funday/09:00/18:00", "Monday\n/09:00/18:00",
	} {
		if _, err := ParseHours(Phrase{{Text: text}}, nil); err == nil {
			t.Errorf("%q is malformed and was taken", text)
		}
	}
	for _, zone := range []string{"", "Local", "Nowhere", "../etc/passwd", "Berlin"} {
		if _, err := ParseZone(zone); err == nil {
			t.Errorf("%q is no time zone and was taken", zone)
		}
	}
}

// Next agrees with asking minute by minute, over the changes of clocks of 2024
// and in a zone whose offset has seconds (MODEL.md 7.4).
func TestNextHours(t *testing.T) {
	berlin, liberia := zone(t, "Europe/Berlin"), zone(t, "Africa/Monrovia")
	for _, c := range []struct {
		hours, zone string
		from        time.Time
	}{
		{"Monday-Friday/09:00/18:30", "", time.Date(2018, 2, 5, 8, 59, 59, 5, time.UTC)},
		{"Monday-Friday/09:00/18:30", "", time.Date(2018, 2, 9, 18, 30, 30, 0, time.FixedZone("", 3600))},
		{"Sunday/02:30/02:45", "Europe/Berlin", time.Date(2024, 3, 30, 12, 0, 0, 0, time.UTC)},  // the hour that is skipped
		{"Sunday/01:30/02:15", "Europe/Berlin", time.Date(2024, 3, 31, 0, 40, 0, 0, time.UTC)},  // ends within it
		{"Sunday/02:30/03:45", "Europe/Berlin", time.Date(2024, 3, 30, 12, 0, 0, 0, time.UTC)},  // begins within it
		{"Sunday/02:30/02:45", "Europe/Berlin", time.Date(2024, 10, 27, 0, 50, 0, 0, time.UTC)}, // the hour that comes twice
		{"Sunday/02:30/02:59", "Europe/Berlin", time.Date(2024, 10, 27, 0, 50, 0, 0, time.UTC)},
		{"Sunday/02:00/02:30", "", time.Date(2024, 10, 26, 12, 0, 0, 0, berlin)},
		{"Monday-Friday/00:00/23:59", "", time.Date(2024, 10, 26, 12, 0, 0, 0, berlin)},
		{"Monday/12:00/13:00", "", time.Date(1960, 6, 1, 0, 0, 0, 0, liberia)}, // 44 minutes 30 seconds behind
		{"Saturday/22:00/06:00", "America/New_York", time.Date(2024, 11, 2, 23, 0, 0, 0, time.UTC)},
	} {
		h := hoursOf(t, c.hours, c.zone)
		at := c.from
		for range 6 {
			next, want := h.Next(at), slowly(h, at)
			if !next.Equal(want) {
				t.Errorf("%q in %q after %s: %s, want %s", c.hours, c.zone, at, next, want)
				break
			}
			at = next
		}
	}
	if next := hoursOf(t, "Monday-Sunday/00:00/23:59", "Europe/Berlin").Next(time.Unix(0, 0)); !next.IsZero() {
		t.Errorf("what is always so changes at %s", next)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	location, err := ParseZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func slowly(h *Hours, from time.Time) time.Time {
	open := h.Within(from)
	for at := from.Truncate(30 * time.Second).Add(30 * time.Second); at.Before(from.AddDate(0, 0, 8)); at = at.Add(30 * time.Second) {
		if h.Within(at) != open {
			return at
		}
	}
	return time.Time{}
}

// On both sides of every edge the answers differ.
func TestEdgesOfHours(t *testing.T) {
	for _, text := range []string{"Monday-Friday/09:00/18:30", "Saturday/22:00/06:00;Monday/00:00/00:00"} {
		for _, zone := range []string{"", "Europe/Berlin"} {
			h := hoursOf(t, text, zone)
			edges := h.Edges(time.Date(2024, 10, 30, 12, 0, 0, 0, time.UTC))
			if len(edges) < 4 {
				t.Errorf("%q has the edges %v", text, edges)
			}
			for _, edge := range edges {
				if h.Within(edge) == h.Within(edge.Add(-time.Second)) {
					t.Errorf("%q in %q: nothing changes at %s", text, zone, edge)
				}
			}
		}
	}
}

func FuzzHours(f *testing.F) {
	for _, text := range []string{"Monday-Friday/09:00/18:30", "Saturday-Sunday,Monday/22:00/06:00; friday/00:00/23:59", "Monday", ";", "//"} {
		f.Add(text, int64(1_517_821_200))
	}
	f.Fuzz(func(t *testing.T, text string, second int64) {
		h, err := ParseHours(Phrase{{Text: text}}, nil)
		if err != nil {
			return
		}
		at := time.Unix(second%(1<<33), 0).UTC()
		next := h.Next(at)
		if next.IsZero() {
			return
		}
		if open := h.Within(at); !next.After(at) || h.Within(next) == open || h.Within(next.Add(-1)) != open {
			t.Fatalf("%q after %s: %s", text, at, next)
		}
	})
}
