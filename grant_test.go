package alveary_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"math"
	"testing"
	"time"

	"alveary"
)

func newSeal(t *testing.T) (alveary.Sealer, alveary.Verifier) {
	t.Helper()
	sealer, verifier, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sealer, verifier
}

func sampleGrant(now time.Time) alveary.Grant {
	return alveary.Grant{Node: 42, Action: alveary.ActionDownload, Version: 3, Blob: "abcdefghijklmnopqrstuvwxyz", Expires: now.Add(time.Minute)}
}

func TestGrantThatWasSealedIsAccepted(t *testing.T) {
	sealer, verifier := newSeal(t)
	now := time.Now()
	g := sealer.Seal(sampleGrant(now))
	if err := verifier.Verify(g, alveary.ActionDownload, now); err != nil {
		t.Error(err)
	}
	// Sealed again it is the same grant, and a copy is as good.
	again := g
	if err := verifier.Verify(sealer.Seal(again), alveary.ActionDownload, now); err != nil {
		t.Error(err)
	}
	if err := verifier.Verify(g, alveary.ActionDownload, g.Expires.Add(-1)); err != nil {
		t.Errorf("in its last instant: %v", err)
	}
	// The same instant in another zone is the same expiry.
	g.Expires = g.Expires.In(time.FixedZone("", 3600))
	if err := verifier.Verify(g, alveary.ActionDownload, now); err != nil {
		t.Errorf("in another zone: %v", err)
	}
}

// Whatever is altered after the decision, the grant opens nothing.
func TestAlteredGrantIsRefused(t *testing.T) {
	sealer, verifier := newSeal(t)
	otherSealer, otherVerifier := newSeal(t)
	now := time.Now()
	alter := map[string]func(*alveary.Grant){
		"another node":                func(g *alveary.Grant) { g.Node = 43 },
		"node and version exchanged":  func(g *alveary.Grant) { g.Node, g.Version = 3, 42 },
		"another version":             func(g *alveary.Grant) { g.Version = 4 },
		"no version":                  func(g *alveary.Grant) { g.Version = 0 },
		"another blob":                func(g *alveary.Grant) { g.Blob = "zyxwvutsrqponmlkjihgfedcba" },
		"no blob":                     func(g *alveary.Grant) { g.Blob = "" },
		"a shorter blob":              func(g *alveary.Grant) { g.Blob = g.Blob[:25] },
		"a longer blob":               func(g *alveary.Grant) { g.Blob += "a" },
		"a later expiry":              func(g *alveary.Grant) { g.Expires = g.Expires.Add(time.Nanosecond) },
		"an earlier expiry":           func(g *alveary.Grant) { g.Expires = g.Expires.Add(-time.Nanosecond) },
		"an expiry centuries later":   func(g *alveary.Grant) { g.Expires = g.Expires.Add(math.MaxInt64).Add(math.MaxInt64).Add(2) }, // 2^64 ns
		"no expiry":                   func(g *alveary.Grant) { g.Expires = time.Time{} },
		"another action":              func(g *alveary.Grant) { g.Action = alveary.ActionUpload },
		"sealed by another":           func(g *alveary.Grant) { *g = otherSealer.Seal(*g) },
		"sealed by nobody":            func(g *alveary.Grant) { *g = sampleGrant(now) },
		"sealed by a sealer of zeros": func(g *alveary.Grant) { *g = alveary.Sealer{}.Seal(*g) },
		"the zero value":              func(g *alveary.Grant) { *g = alveary.Grant{} },
	}
	for label, change := range alter {
		t.Run(label, func(t *testing.T) {
			g := sealer.Seal(sampleGrant(now))
			change(&g)
			for want := alveary.ActionNone; want <= alveary.ActionSync; want++ {
				if err := verifier.Verify(g, want, now); !alveary.IsKind(err, alveary.KindDenied) {
					t.Errorf("for %v: %v, want KindDenied", want, err)
				}
			}
		})
	}
	g := sealer.Seal(sampleGrant(now))
	for label, v := range map[string]alveary.Verifier{"another": otherVerifier, "the zero value": {}} {
		if err := v.Verify(g, alveary.ActionDownload, now); !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("the verifier is %s: %v, want KindDenied", label, err)
		}
		if err := v.Verify(alveary.Sealer{}.Seal(g), alveary.ActionDownload, now); !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("the verifier is %s, the sealer zero: %v, want KindDenied", label, err)
		}
	}
}

func TestGrantIsForOneActionAndAMinute(t *testing.T) {
	sealer, verifier := newSeal(t)
	now := time.Now()
	g := sealer.Seal(sampleGrant(now))
	for want := alveary.ActionNone; want <= alveary.ActionSync+1; want++ {
		err := verifier.Verify(g, want, now)
		if want != alveary.ActionDownload && !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("for %v: %v, want KindDenied", want, err)
		}
	}
	for _, late := range []time.Duration{0, 1, time.Hour, 1000 * 24 * time.Hour} {
		if err := verifier.Verify(g, alveary.ActionDownload, g.Expires.Add(late)); !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("%v after its expiry: %v, want KindDenied", late, err)
		}
	}
}

// Without randomness there is no seal, and so no grant.
func TestSealNeedsRandomness(t *testing.T) {
	for _, short := range [][]byte{nil, make([]byte, 31)} {
		sealer, verifier, err := alveary.NewSeal(bytes.NewReader(short))
		if err == nil {
			t.Fatalf("a seal from %d bytes", len(short))
		}
		now := time.Now()
		if err := verifier.Verify(sealer.Seal(sampleGrant(now)), alveary.ActionDownload, now); err == nil {
			t.Error("a seal that could not be made accepts a grant")
		}
	}
	if _, _, err := alveary.NewSeal(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("%v does not tell the cause", err)
	}
}

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }
