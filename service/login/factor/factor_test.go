package factor

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
)

// The published test vector: seed, time and code of RFC 6238, cut to six
// digits.
func TestCodeStep(t *testing.T) {
	const seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	at := time.Unix(1111111109, 0)
	const code, step = "081804", 1111111109 / 30
	for _, c := range []struct {
		name string
		code string
		off  time.Duration
		ok   bool
	}{
		{"now", code, 0, true},
		{"with blanks", " 081 804 ", 0, true},
		{"one step late", code, 30 * time.Second, true},
		{"one step early", code, -30 * time.Second, true},
		{"two steps late", code, time.Minute, false},
		{"two steps early", code, -time.Minute, false},
		{"five minutes off", code, 5 * time.Minute, false},
		{"five minutes slow", code, -5 * time.Minute, false},
		{"another", "081805", 0, false},
		{"cut", "08180", 0, false},
		{"longer", "0818040", 0, false},
		{"without zero", "81804", 0, false},
		{"other digits", "٠٨١٨٠٤", 0, false},
		{"empty", "", 0, false},
		{"huge", strings.Repeat("0", 100_000), 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := CodeStep(seed, c.code, at.Add(c.off))
			if ok != c.ok || (ok && got != step) {
				t.Errorf("step %d, %v; want %v", got, ok, c.ok)
			}
		})
	}
	if _, ok := CodeStep("not base32 !", code, at); ok {
		t.Error("a broken seed takes a code")
	}
	if _, ok := CodeStep(seed, "755224", time.Unix(1, 0)); !ok {
		t.Error("the first step of all is refused")
	}
}

func TestURI(t *testing.T) {
	text := URI("Müller: & Söhne", "ann@example.org", "ABC")
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || strings.Contains(text, "+") {
		t.Fatalf("%s, %v", text, err)
	}
	if u.Path != "/Müller  & Söhne:ann@example.org" || u.Query().Get("issuer") != "Müller  & Söhne" || u.Query().Get("secret") != "ABC" {
		t.Errorf("%s says %q, %v", text, u.Path, u.Query())
	}
}

func TestRecovery(t *testing.T) {
	codes, err := NewRecovery(rand.Reader)
	if err != nil || len(codes) != RecoveryCodes {
		t.Fatal(codes, err)
	}
	seen := map[string]bool{}
	for _, code := range codes {
		if len(code) != 17 || !IsRecovery(code) || seen[code] {
			t.Fatalf("a code is %q", code)
		}
		seen[code] = true
	}
	one, hash := codes[0], HashRecovery(codes[0])
	for typed, same := range map[string]bool{
		one: true, strings.ToUpper(one): true, strings.ReplaceAll(one, "-", ""): true, " " + strings.ReplaceAll(one, "-", " ") + "\n": true,
		strings.NewReplacer("0", "O", "1", "l").Replace(one): true,
		one[:16]: false, one + "0": false, codes[1]: false, "": false, hash: false,
	} {
		if SameRecovery(typed, hash) != same {
			t.Errorf("%q fits: %v", typed, !same)
		}
	}
	if strings.Contains(hash, plain(one)) {
		t.Errorf("the hash %s holds the code", hash)
	}
	if SameRecovery("", HashRecovery("")) {
		t.Error("nothing fits nothing")
	}
	if strings.ContainsFunc(recoveryLetters, unicode.IsUpper) || len(recoveryLetters) != 32 {
		t.Error("the letters are not 32 small ones")
	}
}

// Without randomness nothing is made.
func TestNoRandomness(t *testing.T) {
	dry := io.LimitReader(bytes.NewReader(nil), 0)
	if _, err := NewSeed(dry); !errors.Is(err, io.EOF) {
		t.Errorf("a seed: %v", err)
	}
	if _, err := NewRecovery(dry); !errors.Is(err, io.EOF) {
		t.Errorf("codes: %v", err)
	}
	if _, err := NewChallenge(dry); !errors.Is(err, io.EOF) {
		t.Errorf("a challenge: %v", err)
	}
}
