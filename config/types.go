package config

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// hidden is what stands in print where a secret would.
const hidden = "********"

// Secret is text that prints as stars.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the secret from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the secret from JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal gives the text itself.
func (s Secret) Reveal() string { return string(s) }

// Database is the address of a PostgreSQL database; the zero value stands for
// the embedded SQLite. It prints without its password.
type Database struct{ dsn string }

// DSN is the whole address, password included, for the driver alone.
func (d Database) DSN() string { return d.dsn }

// Embedded says whether the embedded database is meant.
func (d Database) Embedded() bool { return d.dsn == "" }

// UnmarshalText reads postgres://… or postgresql://…
func (d *Database) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		d.dsn = ""
		return nil
	}
	// The error of url.Parse repeats the address, and the address may hold a password.
	u, err := url.Parse(string(text))
	if err != nil {
		return errors.New("is not a readable address; it looks like postgres://user:password@host:5432/name, with special characters of the password percent-encoded")
	}
	if u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return errors.New("must begin with postgres://; leave it out for the embedded database")
	}
	d.dsn = string(text)
	return nil
}

// String is the address without password and without parameters, which may
// hold one too.
func (d Database) String() string {
	if d.dsn == "" {
		return "SQLite"
	}
	u, err := url.Parse(d.dsn)
	if err != nil {
		return "postgres://" + hidden
	}
	u.RawQuery = ""
	return u.Redacted()
}

// GoString hides the password from %#v.
func (d Database) GoString() string { return d.String() }

// LogValue hides the password from logs.
func (d Database) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText hides the password from JSON.
func (d Database) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// LogFormat is the form of log lines.
type LogFormat string

// The forms of log lines.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// UnmarshalText refuses any other form.
func (f *LogFormat) UnmarshalText(text []byte) error {
	switch v := LogFormat(text); v {
	case LogText, LogJSON:
		*f = v
		return nil
	}
	return fmt.Errorf("must be text or json, not %q", text)
}

// Size is a number of bytes.
type Size int64

var units = []struct {
	name string
	size int64
}{
	// Longest first, so that MiB is not taken for B.
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
	{"kB", 1e3},
	{"KB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
	{"B", 1},
}

// UnmarshalText reads a whole number and a unit: 1MiB, 500 kB, 4096.
func (s *Size) UnmarshalText(text []byte) error {
	number, factor := strings.TrimSpace(string(text)), int64(1)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, factor = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/factor {
		return fmt.Errorf("must be a number of bytes such as 1MiB, 500kB or 4096, not %q", text)
	}
	*s = Size(n * factor)
	return nil
}

// String is the size in the largest binary unit that holds it whole.
func (s Size) String() string {
	for i := 3; i >= 0; i-- {
		if u := units[i]; int64(s) >= u.size && int64(s)%u.size == 0 {
			return strconv.FormatInt(int64(s)/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// Networks is a list of address ranges.
type Networks []netip.Prefix

// UnmarshalText reads ranges and single addresses, comma-separated.
func (n *Networks) UnmarshalText(text []byte) error {
	var out Networks
	for part := range strings.SplitSeq(string(text), ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		prefix, err := parseNetwork(part)
		if err != nil {
			return fmt.Errorf("must be addresses or ranges such as 10.0.0.0/8, comma-separated; %q is neither", part)
		}
		out = append(out, prefix)
	}
	*n = out
	return nil
}

func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	return prefix.Masked(), err
}

// Contains says whether the address is within one of the ranges. An IPv4
// address written as IPv6 counts as the IPv4 address that it is.
func (n Networks) Contains(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	for _, prefix := range n {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// String lists the ranges, comma-separated.
func (n Networks) String() string {
	parts := make([]string, len(n))
	for i, p := range n {
		parts[i] = p.String()
	}
	return strings.Join(parts, ",")
}
