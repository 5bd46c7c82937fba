package conditions

import (
	"time"

	"alveary"
	"alveary/policy/match"
)

// instantTest holds or not for times; a value that is none cannot be decided.
func instantTest(holds func(t time.Time) bool) *test {
	return &test{instant: holds, one: func(v alveary.Value) Truth {
		if v.Kind() == alveary.ValueInstant {
			return truth(holds(v.Time()))
		}
		text, _ := v.Text()
		if t, ok := match.ParseTime(text); ok {
			return truth(holds(t))
		}
		return Undecided
	}}
}

func compileHours(o *options) (*test, error) {
	source, err := o.phrase("matches")
	if err != nil {
		return nil, err
	}
	var zone *time.Location
	if o.given["timezone"] != nil {
		name, err := o.phrase("timezone")
		if err != nil {
			return nil, err
		}
		if zone, err = match.ParseZone(name.String()); err != nil {
			return nil, refuse("timezone", "%s", err)
		}
	}
	h, err := match.ParseHours(source, zone)
	if err != nil {
		return nil, refuse("matches", "%s", err)
	}
	t := instantTest(h.Within)
	t.next = h.Next
	t.boundaries = func(f *Facts) (values []alveary.Value) {
		if now, ok := f.now(); ok {
			for _, edge := range h.Edges(now) {
				values = append(values, alveary.Instant(edge.Add(-time.Second)), alveary.Instant(edge))
			}
		}
		return values
	}
	return t, nil
}

// now is the present, however it is told.
func (f *Facts) now() (time.Time, bool) {
	v := f.Attribute(alveary.AttrServerTime)
	if v.Kind() == alveary.ValueInstant {
		return v.Time(), true
	}
	text, _ := v.Text()
	return match.ParseTime(text)
}

func compilePeriod(o *options) (*test, error) {
	source, err := o.phrase("matches")
	if err != nil {
		return nil, err
	}
	begin, end, err := match.ParsePeriod(source)
	if err != nil {
		return nil, refuse("matches", "%s", err)
	}
	t := instantTest(func(t time.Time) bool { return t.After(begin) && t.Before(end) })
	t.boundaries = func(*Facts) []alveary.Value { return append(aroundTime(begin), aroundTime(end)...) }
	t.next = nextOf(begin.Add(1), end)
	return t, nil
}

func compileAfter(o *options) (*test, error) {
	source, err := o.timely("matches")
	if err != nil {
		return nil, err
	}
	instant, ok := match.ParseTime(source.String())
	if !ok {
		return nil, refuse("matches", "%q is no time: %s", source.String(), match.WantTime)
	}
	t := instantTest(func(t time.Time) bool { return t.After(instant) })
	t.boundaries = func(*Facts) []alveary.Value { return aroundTime(instant) }
	t.next = nextOf(instant.Add(1))
	return t, nil
}

// nextOf is the first of the instants, which are in order, that is still to come.
func nextOf(instants ...time.Time) func(now time.Time) time.Time {
	return func(now time.Time) time.Time {
		for _, one := range instants {
			if one.After(now) {
				return one
			}
		}
		return time.Time{}
	}
}
