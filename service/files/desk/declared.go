package desk

import (
	"time"

	"alveary"
)

// Declared is a time as it can be kept: UTC, to the microsecond. One that no
// answer could spell is refused: RFC 3339 has four digits for the year. The
// first instant of 1970 is moved by a microsecond, since its number means that
// there is none.
func Declared(t time.Time) (time.Time, error) {
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		return t, &alveary.Error{
			Kind: alveary.KindInvalid, Op: "read the time", Code: "invalid",
			Message: "the time of the last change must lie in the years 1 to 9999",
		}
	}
	if !t.IsZero() && t.UnixMicro() == 0 {
		t = time.UnixMicro(1)
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// Micros is the time as the store takes it: 0 where none was declared.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
