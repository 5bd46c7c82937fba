package oracle

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"alveary"
)

// The two layouts of 6.6: to the minute with an offset without colon, and RFC
// 3339.
var (
	toTheMinute = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)()()([+-])(\d\d)(\d\d)$`)
	rfc3339     = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$`)
)

// timeOf is 6.6.
func timeOf(text string) (time.Time, error) {
	part := toTheMinute.FindStringSubmatch(text)
	if part == nil {
		part = rfc3339.FindStringSubmatch(text)
	}
	if part == nil {
		return time.Time{}, fmt.Errorf("%q is no time", text)
	}
	number := func(i int) int {
		n, _ := strconv.Atoi(part[i]) // digits, or nothing
		return n
	}
	year, month, day, hour, minute, second := number(1), number(2), number(3), number(4), number(5), number(6)
	fraction, _ := strconv.ParseFloat("0"+part[7], 64)
	offset := number(9)*3600 + number(10)*60
	if part[8] == "-" {
		offset = -offset
	}
	zone := time.UTC
	if part[8] != "" {
		zone = time.FixedZone("", offset)
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, int(fraction*1e9), zone)
	same := t.Year() == year && int(t.Month()) == month && t.Day() == day && t.Hour() == hour && t.Minute() == minute && t.Second() == second
	if !same || number(9) > 23 || number(10) > 59 {
		return time.Time{}, fmt.Errorf("%q is no time there is", text)
	}
	return t, nil
}

// instant reads a value as a time.
func instant(v alveary.Value) (time.Time, bool) {
	if v.Kind() == alveary.ValueInstant {
		return v.Time(), true
	}
	if v.Kind() != alveary.ValueText {
		return time.Time{}, false
	}
	text, _ := v.Text()
	t, err := timeOf(text)
	return t, err == nil
}

// after is DateAfterCondition.
func after(option string, v alveary.Value) Truth {
	t, ok := instant(v)
	begin, err := timeOf(option)
	if !ok || err != nil {
		return Undecided
	}
	return truth(t.After(begin))
}

// within is WithinPeriodCondition: both ends are outside.
func within(option string, v alveary.Value) Truth {
	t, ok := instant(v)
	begin, end, err := periodOf(option)
	if !ok || err != nil {
		return Undecided
	}
	return truth(t.After(begin) && t.Before(end))
}

func periodOf(text string) (begin, end time.Time, err error) {
	first, second, found := strings.Cut(text, "/")
	if !found {
		return begin, end, fmt.Errorf("%q is no period", text)
	}
	if begin, err = timeOf(first); err != nil {
		return begin, end, err
	}
	if end, err = timeOf(second); err != nil {
		return begin, end, err
	}
	if !begin.Before(end) {
		return begin, end, fmt.Errorf("%q ends before it begins", text)
	}
	return begin, end, nil
}

// hours is one period of 6.5.
type hours struct {
	days       []time.Weekday
	begin, end int // minutes of the day
}

// inOfficeHours is 6.5: the wall clock as it is written in the value, or that
// of the time zone.
func (f Facts) inOfficeHours(c alveary.Condition, v alveary.Value) Truth {
	text, ok := f.fill(c, "matches")
	t, isTime := instant(v)
	periods, err := hoursOf(text)
	if !ok || !isTime || err != nil {
		return Undecided
	}
	if _, set := c.Options["timezone"]; set {
		name, _ := f.fill(c, "timezone")
		zone, err := zoneOf(name)
		if err != nil {
			return Undecided
		}
		t = t.In(zone)
	}
	return truth(slices.ContainsFunc(periods, func(p hours) bool { return p.contains(t) }))
}

// contains walks from the beginning on each of the days, minute by minute, to
// the end, which may lie on the day after.
func (p hours) contains(t time.Time) bool {
	now := t.Hour()*60 + t.Minute()
	for _, day := range p.days {
		for minute := p.begin; ; {
			if day == t.Weekday() && minute == now {
				return true
			}
			if minute == p.end {
				break
			}
			if minute++; minute == 24*60 {
				minute, day = 0, (day+1)%7
			}
		}
	}
	return false
}

var hoursPattern = regexp.MustCompile(`^([^/]*)/([01]\d|2[0-3]):([0-5]\d)/([01]\d|2[0-3]):([0-5]\d)$`)

func hoursOf(text string) ([]hours, error) {
	var all []hours
	for _, one := range strings.Split(text, ";") {
		part := hoursPattern.FindStringSubmatch(strings.TrimSpace(one))
		if part == nil {
			return nil, fmt.Errorf("%q is no period of office hours", one)
		}
		days, err := daysOf(part[1])
		if err != nil {
			return nil, err
		}
		clock := func(hour, minute string) int {
			h, _ := strconv.Atoi(hour) // two digits
			m, _ := strconv.Atoi(minute)
			return h*60 + m
		}
		all = append(all, hours{days, clock(part[2], part[3]), clock(part[4], part[5])})
	}
	return all, nil
}

// daysOf is the first part of a period: days and intervals, which may wrap.
func daysOf(text string) ([]time.Weekday, error) {
	var days []time.Weekday
	for _, one := range strings.Split(text, ",") {
		from, to, interval := strings.Cut(one, "-")
		if !interval {
			to = from
		}
		first, err := dayOf(from)
		if err != nil {
			return nil, err
		}
		last, err := dayOf(to)
		if err != nil {
			return nil, err
		}
		for day := first; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == last {
				break
			}
		}
	}
	return days, nil
}

func dayOf(name string) (time.Weekday, error) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.EqualFold(strings.TrimSpace(name), day.String()) {
			return day, nil
		}
	}
	return 0, fmt.Errorf("%q is no day", name)
}

func zoneOf(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is no time zone", name)
	}
	return time.LoadLocation(name)
}
