package sqldb

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// Micros is how a time is stored: microseconds since 1970, 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	if us := t.UnixMicro(); us != 0 {
		return us
	}
	return 1 // the epoch is a time, and 0 stands for none
}

// Time reads what Micros wrote.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Bool is how yes and no are stored.
func Bool(b bool) int {
	if b {
		return 1
	}
	return 0
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("flush the folder %s: %w", dir, err)
	}
	if err := d.Sync(); err != nil {
		return errors.Join(fmt.Errorf("flush the folder %s: %w", dir, err), d.Close())
	}
	return d.Close()
}
