package captcha_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/captcha"
)

var noon = time.Unix(1_800_000_000, 0)

// cheap asks for little work.
var cheap = captcha.Options{Cost: 2, Tries: 20}

func issue(t testing.TB, c *captcha.Captcha) captcha.Challenge {
	t.Helper()
	made, err := c.Challenge(noon)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func solve(t testing.TB, made captcha.Challenge) string {
	t.Helper()
	payload, err := captcha.Solve(t.Context(), made)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// edit replaces text within a payload's JSON.
func edit(t testing.TB, payload string, oldnew ...string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString([]byte(strings.NewReplacer(oldnew...).Replace(string(raw))))
}

func TestWhatWasSolvedIsVerified(t *testing.T) {
	c := captcha.New([]byte("k"), rand.Reader, cheap)
	seen := map[string]bool{}
	for range 20 {
		made := issue(t, c)
		payload := solve(t, made)
		for range 2 { // the same answer for the same payload: whether it is spent is the caller's to know
			spend, expires, err := c.Verify(payload, noon.Add(10*time.Minute-time.Second))
			if err != nil || spend != made.Parameters.Nonce || !expires.Equal(noon.Add(10*time.Minute)) {
				t.Fatalf("%q %v %v", spend, expires, err)
			}
		}
		if seen[made.Parameters.Nonce] {
			t.Fatal("two challenges are the same")
		}
		seen[made.Parameters.Nonce] = true
	}
}

// The other servers of an installation share the key and nothing else.
func TestAnotherServerVerifies(t *testing.T) {
	payload := solve(t, issue(t, captcha.New([]byte("k"), rand.Reader, cheap)))
	if _, _, err := captcha.New([]byte("k"), rand.Reader, captcha.Options{Cost: 9}).Verify(payload, noon); err != nil {
		t.Error(err)
	}
	if _, _, err := captcha.New([]byte("other"), rand.Reader, cheap).Verify(payload, noon); err == nil {
		t.Error("a challenge of another installation was accepted")
	}
}

// This challenge and its solution are the ones that the widget's own library
// agrees on: web/src/entry/captcha.test.ts solves the challenge with the npm
// package altcha and compares what it finds with the payload written here.
const (
	ofThePackage = `{"parameters":{"algorithm":"PBKDF2/SHA-256","cost":1000,"expiresAt":1800000600,"keyLength":32,` +
		`"keyPrefix":"98ff5e6d345815f4a98b7084f678abe3","keySignature":"4e6f86e619f99f994319721006975bf0f3296e897cf134e22129922ec41a87c8",` +
		`"nonce":"000102030405060708090a0b0c0d0e0f","salt":"101112131415161718191a1b1c1d1e1f"},` +
		`"signature":"4d1d6fb8fa8610262fbd910196de162d06ed4e31f096b352db0fce14fb98042c"}`
	foundByThePackage = `{"counter":41,"derivedKey":"98ff5e6d345815f4a98b7084f678abe3cbfbfab38cf5dec8d90ad2dd84337d15","time":33.4}`
)

func TestTheWidgetsLibrarySpeaksTheSame(t *testing.T) {
	drawn := make([]byte, 40)
	for i := range 32 {
		drawn[i] = byte(i)
	}
	drawn[39] = 41
	c := captcha.New([]byte("a key for this test"), bytes.NewReader(drawn), captcha.Options{})
	made, err := json.Marshal(issue(t, c))
	if err != nil || string(made) != ofThePackage {
		t.Errorf("%s %v", made, err)
	}
	payload := base64.StdEncoding.EncodeToString([]byte(`{"challenge":` + ofThePackage + `,"solution":` + foundByThePackage + `}`))
	if spend, _, err := c.Verify(payload, noon); err != nil || spend != "000102030405060708090a0b0c0d0e0f" {
		t.Errorf("%q %v", spend, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	c := captcha.New([]byte("k"), rand.Reader, cheap)
	made := issue(t, c)
	good := solve(t, made)
	p := made.Parameters
	raw, _ := base64.StdEncoding.DecodeString(good)
	again := issue(t, c)
	for name, payload := range map[string]string{
		"nothing":                     "",
		"no Base64":                   "!!!!",
		"cut":                         good[:len(good)-8],
		"cut within Base64":           good[:len(good)-1],
		"something before":            " " + good,
		"something after":             base64.StdEncoding.EncodeToString(append(bytes.Clone(raw), "{}"...)),
		"a line break":                good[:8] + "\n" + good[8:],
		"no JSON":                     base64.StdEncoding.EncodeToString([]byte("a=b")),
		"null":                        base64.StdEncoding.EncodeToString([]byte("null")),
		"an empty object":             base64.StdEncoding.EncodeToString([]byte("{}")),
		"a list":                      base64.StdEncoding.EncodeToString([]byte("[]")),
		"deep":                        base64.StdEncoding.EncodeToString([]byte(strings.Repeat("[", 1500))),
		"too long":                    strings.Repeat("A", 4096),
		"a field more":                edit(t, good, `"solution":`, `"more":1,"solution":`),
		"a parameter more":            edit(t, good, `"cost":`, `"memoryCost":1,"cost":`),
		"another expiry":              edit(t, good, "1800000600", "1800000601"),
		"another algorithm":           edit(t, good, "PBKDF2/SHA-256", "SHA-256"),
		"less work":                   edit(t, good, `"cost":2`, `"cost":1`),
		"a huge cost":                 edit(t, good, `"cost":2`, `"cost":2000000000`),
		"a cost beyond numbers":       edit(t, good, `"cost":2`, `"cost":1e300`),
		"a negative cost":             edit(t, good, `"cost":2`, `"cost":-2`),
		"another nonce":               edit(t, good, p.Nonce, strings.Repeat("0", 32)),
		"another salt":                edit(t, good, p.Salt, strings.Repeat("0", 32)),
		"another prefix":              edit(t, good, p.KeyPrefix+`","keyS`, `","keyS`),
		"another signature of keys":   edit(t, good, p.KeySignature, strings.Repeat("0", 64)),
		"no signature of keys":        edit(t, good, p.KeySignature, ""),
		"no signature":                edit(t, good, made.Signature, ""),
		"another signature":           edit(t, good, made.Signature, strings.Repeat("0", 64)),
		"half a signature":            edit(t, good, made.Signature, made.Signature[:32]),
		"the prefix as the key":       edit(t, good, `"derivedKey":"`+p.KeyPrefix, `"derivedKey":"`+strings.Repeat("0", 32)),
		"half the key":                edit(t, good, `"derivedKey":"`, `"derivedKey":"00`),
		"the solution of another one": edit(t, good, made.Signature, again.Signature, p.Nonce, again.Parameters.Nonce),
	} {
		spend, _, err := c.Verify(payload, noon)
		var e *alveary.Error
		if !errors.As(err, &e) || e.Kind != alveary.KindUnauthenticated || e.Code != "captcha" || spend != "" {
			t.Errorf("%s: %q %v", name, spend, err)
		}
	}
	for _, late := range []time.Duration{10 * time.Minute, time.Hour} {
		if _, _, err := c.Verify(good, noon.Add(late)); !alveary.IsKind(err, alveary.KindUnauthenticated) {
			t.Errorf("after %v: %v", late, err)
		}
	}
}

// A signature over other parameters must never be had by moving text from one
// field to its neighbour.
func TestEveryParameterIsSigned(t *testing.T) {
	c := captcha.New([]byte("k"), rand.Reader, cheap)
	made := issue(t, c)
	good := solve(t, made)
	raw, _ := base64.StdEncoding.DecodeString(good)
	end := bytes.Index(raw, []byte(`"signature"`))
	for i := range raw[:end] {
		altered := bytes.Clone(raw)
		altered[i] ^= 1
		spend, _, err := c.Verify(base64.StdEncoding.EncodeToString(altered), noon)
		// The names of fields may be spelled in capitals: what is read is the same.
		if err == nil && spend != made.Parameters.Nonce {
			t.Errorf("the letter %d is not signed: %q", i, spend)
		}
	}
}

func TestSolveIsNotLedAstray(t *testing.T) {
	made := issue(t, captcha.New([]byte("k"), rand.Reader, cheap))
	for name, change := range map[string]func(*captcha.Parameters){
		"another algorithm": func(p *captcha.Parameters) { p.Algorithm = "ARGON2ID" },
		"a huge cost":       func(p *captcha.Parameters) { p.Cost = 1 << 30 },
		"no cost":           func(p *captcha.Parameters) { p.Cost = 0 },
		"a long key":        func(p *captcha.Parameters) { p.KeyLength = 1 << 30 },
		"no prefix":         func(p *captcha.Parameters) { p.KeyPrefix = "" },
		"half a letter":     func(p *captcha.Parameters) { p.Salt = "abc" },
		"no hexadecimal":    func(p *captcha.Parameters) { p.Nonce = "zz" },
		"a long nonce":      func(p *captcha.Parameters) { p.Nonce = strings.Repeat("00", 1<<20) },
	} {
		c := made
		change(&c.Parameters)
		if payload, err := captcha.Solve(t.Context(), c); !alveary.IsKind(err, alveary.KindUnsupported) {
			t.Errorf("%s: %q %v", name, payload, err)
		}
	}
	endless := made
	endless.Parameters.KeyPrefix = strings.Repeat("00", 32)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := captcha.Solve(ctx, endless); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("endless work: %v", err)
	}
}

func TestNoRandomness(t *testing.T) {
	if _, err := captcha.New([]byte("k"), bytes.NewReader(nil), cheap).Challenge(noon); err == nil {
		t.Error("a challenge was drawn from nothing")
	}
}

// How hard the work is: found after half the tries on average, never after
// more than all of them.
func TestTheWorkHasABound(t *testing.T) {
	c := captcha.New([]byte("k"), rand.Reader, captcha.Options{Cost: 1, Tries: 50})
	var counters []int
	for range 200 {
		raw, _ := base64.StdEncoding.DecodeString(solve(t, issue(t, c)))
		var found struct {
			Solution struct{ Counter int }
		}
		if err := json.Unmarshal(raw, &found); err != nil {
			t.Fatal(err)
		}
		counters = append(counters, found.Solution.Counter)
	}
	if lo, hi := slices.Min(counters), slices.Max(counters); lo > 10 || hi < 40 || hi >= 50 {
		t.Errorf("from %d to %d", lo, hi)
	}
}

// Whatever is handed in, nothing is accepted but what was made here.
func FuzzVerify(f *testing.F) {
	// Each process that fuzzes makes the same challenge.
	c := captcha.New([]byte("k"), bytes.NewReader(make([]byte, 40)), cheap)
	made := issue(f, c)
	good := solve(f, made)
	raw, _ := base64.StdEncoding.DecodeString(good)
	f.Add(raw)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"challenge":null,"solution":{"counter":-1,"derivedKey":"","time":1e9}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, text := range []string{string(raw), base64.StdEncoding.EncodeToString(raw)} {
			if spend, _, err := c.Verify(text, noon); err == nil && spend != made.Parameters.Nonce {
				t.Errorf("%q was accepted as %q", raw, spend)
			}
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	c := captcha.New([]byte("k"), rand.Reader, captcha.Options{Tries: 1})
	payload := solve(b, issue(b, c))
	for b.Loop() {
		if _, _, err := c.Verify(payload, noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChallenge(b *testing.B) {
	c := captcha.New([]byte("k"), rand.Reader, captcha.Options{})
	for b.Loop() {
		issue(b, c)
	}
}

func BenchmarkSolve(b *testing.B) {
	c := captcha.New([]byte("k"), rand.Reader, captcha.Options{})
	for b.Loop() {
		solve(b, issue(b, c))
	}
}

func TestKeysAreOfFullLength(t *testing.T) {
	made := issue(t, captcha.New([]byte("k"), rand.Reader, cheap))
	for text, size := range map[string]int{made.Signature: 32, made.Parameters.KeySignature: 32, made.Parameters.KeyPrefix: 16, made.Parameters.Nonce: 16, made.Parameters.Salt: 16} {
		if raw, err := hex.DecodeString(text); err != nil || len(raw) != size {
			t.Errorf("%q: %v", text, err)
		}
	}
}
