package match

import (
	"strings"
	"time"
	_ "time/tzdata" // so that a machine without time zones knows them all the same
)

// Minutes of a week, from Sunday 00:00.
const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
)

// Hours are the minutes of the week that count, one bit each (MODEL.md 6.5).
type Hours struct {
	bits  [(minutesOfWeek + 63) / 64]uint64
	edges []int          // the minutes at which the answer changes, in order
	zone  *time.Location // nil: the wall clock as written in the value
}

func (h *Hours) has(minute int) bool { return h.bits[minute/64]>>(minute%64)&1 != 0 }

// set marks the minutes from one to another, both included, over the end of the
// week where the second comes first.
func (h *Hours) set(from, to int) {
	for m := from; ; m = (m + 1) % minutesOfWeek {
		h.bits[m/64] |= 1 << (m % 64)
		if m == to {
			return
		}
	}
}

// ParseHours reads hours, and where a zone is named, takes them by the clock there.
func ParseHours(source Phrase, zone *time.Location) (*Hours, error) {
	if err := source.keeps(",;", "/-"); err != nil {
		return nil, err
	}
	h := &Hours{zone: zone}
	for _, period := range strings.Split(source.String(), ";") {
		if err := h.period(strings.Trim(period, blanks)); err != nil {
			return nil, err
		}
	}
	for m := range minutesOfWeek {
		if h.has(m) != h.has((m+minutesOfWeek-1)%minutesOfWeek) {
			h.edges = append(h.edges, m)
		}
	}
	return h, nil
}

// ParseZone reads the name of a time zone.
func ParseZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" { // the last two are the machine's own
		return nil, malformed("%q is no time zone; write one such as Europe/Berlin", name)
	}
	return zone, nil
}

const wantHours = "write days/HH:MM/HH:MM such as Monday-Friday/09:00/18:30"

// period adds days/HH:MM/HH:MM. What runs overnight belongs to the day it began.
func (h *Hours) period(text string) error {
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return malformed("%q are no hours: %s", text, wantHours)
	}
	begin, okBegin := parseMinute(parts[1])
	end, okEnd := parseMinute(parts[2])
	if !okBegin || !okEnd {
		return malformed("%q are no hours: two digits each, from 00:00 to 23:59", parts[1]+"/"+parts[2])
	}
	if end < begin {
		end += minutesOfDay
	}
	for _, days := range strings.Split(parts[0], ",") {
		first, last, interval := strings.Cut(days, "-")
		if !interval {
			last = first
		}
		day, okFirst := parseDay(first)
		to, okLast := parseDay(last)
		if !okFirst || !okLast {
			return malformed("%q is no day: full English names, as Monday-Friday or Monday,Tuesday", days)
		}
		for {
			h.set(day*minutesOfDay+begin, (day*minutesOfDay+end)%minutesOfWeek)
			if day == to {
				break
			}
			day = (day + 1) % 7
		}
	}
	return nil
}

func parseDay(text string) (int, bool) {
	text = strings.Trim(text, blanks)
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.EqualFold(text, day.String()) && len(text) == len(day.String()) {
			return int(day), true
		}
	}
	return 0, false
}

func parseMinute(text string) (int, bool) {
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil && len(text) == len("15:04")
}

// at is the time on the clock that counts.
func (h *Hours) at(t time.Time) time.Time {
	if h.zone != nil {
		return t.In(h.zone)
	}
	return t
}

// second is the second of the week that the clock shows.
func second(t time.Time) int64 {
	const week, thursday = minutesOfWeek * 60, 4 * minutesOfDay * 60 // the day on which the count of Unix begins
	_, offset := t.Zone()
	s := (t.Unix() + int64(offset) + thursday) % week
	if s < 0 {
		s += week
	}
	return s
}

// Within says whether the time is.
func (h *Hours) Within(t time.Time) bool { return h.has(int(second(h.at(t)) / 60)) }

// Next is the first instant after now at which the answer changes; zero: never.
// It walks from one change of the zone's offset to the next, since between
// them the clock runs evenly. Ten are more than lie in any week.
func (h *Hours) Next(now time.Time) time.Time {
	open := h.Within(now)
	for range 10 {
		if len(h.edges) == 0 {
			break
		}
		_, shift := h.at(now).ZoneBounds()
		s := second(h.at(now))
		change := now.Truncate(time.Second).Add(time.Duration(h.edgeAfter(int(s/60))*60-int(s)) * time.Second)
		if shift.IsZero() || change.Before(shift) {
			return change
		}
		if now = shift.In(now.Location()); h.Within(now) != open {
			return now
		}
	}
	return time.Time{}
}

// edgeAfter is the first minute after the given one at which the answer changes,
// counted on into the next week.
func (h *Hours) edgeAfter(minute int) int {
	for _, edge := range h.edges {
		if edge > minute {
			return edge
		}
	}
	return h.edges[0] + minutesOfWeek
}

// Edges are the instants, in the week of the given one, at which the answer
// changes.
func (h *Hours) Edges(now time.Time) []time.Time {
	now = h.at(now)
	year, month, day := now.Date()
	instants := make([]time.Time, len(h.edges))
	for i, edge := range h.edges {
		instants[i] = time.Date(year, month, day-int(now.Weekday()), 0, edge, 0, 0, now.Location())
	}
	return instants
}
