package login

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
)

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	h.people()
	step, err := h.SignIn(t.Context(), "ANN", annPassword, "", desk)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := h.BySession(t.Context(), step.Secret, Client{Address: "192.0.2.8", Request: "r2"})
	if err != nil {
		t.Fatal(err)
	}
	session := step.Session
	if subject.User.Login != "ann" || subject.Session != session.ID || subject.Role == "" || subject.Token != "" {
		t.Errorf("the subject is %+v", subject)
	}
	if subject.Address != "192.0.2.8" || subject.Request != "r2" {
		t.Errorf("the subject comes from %s with %s", subject.Address, subject.Request)
	}
	if want := h.Now().Add(12 * time.Hour); !session.Expires.Equal(want) || session.Address != desk.Address || session.UserAgent != "Firefox" {
		t.Errorf("the session is %+v", session)
	}
	line := h.lastAudit()
	if line.Action != "sign-in" || line.Verdict != alveary.VerdictDone || line.Login != "ann" || line.Address != desk.Address || line.Request != "r1" {
		t.Errorf("the audit says %+v", line)
	}
}

// Whoever is refused hears the same, and the audit log knows why.
func TestSignInRefused(t *testing.T) {
	h := newHouse(t)
	h.people()
	ben := h.addUser("ben", "another long sentence")
	h.disable(ben.ID, true)
	for _, c := range []struct {
		name, login, password string
		audited, because      string
	}{
		{"wrong password", "ann", "not the password", "ann", "the password is wrong"},
		{"no password", "ann", "", "ann", "the password is wrong"},
		{"unknown user", "nobody", annPassword, "", "there is no such user"},
		{"a login nobody can have", "a\x00/b", annPassword, "", "there is no such user"},
		{"a very long login", strings.Repeat("x", 100_000), annPassword, "", "there is no such user"},
		{"no login", "", annPassword, "", "there is no such user"},
		{"disabled", "ben", "another long sentence", "ben", "the account is disabled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			step, err := h.SignIn(t.Context(), c.login, c.password, h.proof(), desk)
			assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
			if step.Secret != "" || step.Session.ID != "" || step.Pending != "" {
				t.Errorf("a refused sign-in gave %+v", step)
			}
			if want := "sign in: login or password is wrong"; err.Error() != want {
				t.Errorf("the words are %q, want %q", err, want)
			}
			line := h.lastAudit()
			if line.Action != "sign-in" || line.Verdict != alveary.VerdictFailed || line.Login != c.audited || line.Detail != c.because {
				t.Errorf("the audit says %+v", line)
			}
		})
	}
}

// A password is the same however the keyboard composed its accents.
func TestPasswordIsNormalised(t *testing.T) {
	h := newHouse(t)
	h.addUser("zoë", "crème brûlée à la carte")
	if _, err := h.SignIn(t.Context(), "Zoe\u0308", "cre\u0300me bru\u0302le\u0301e a\u0300 la carte", "", desk); err != nil {
		t.Error(err)
	}
}

func asRetry(err error, target *interface{ RetryAfter() time.Duration }) bool {
	e, ok := err.(*alveary.Error)
	if ok {
		*target, ok = e.Cause.(interface{ RetryAfter() time.Duration })
	}
	return ok
}

// Attempts that come at once cannot outrun the limits.
func TestLimitsUnderParallelAttempts(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.comparisons()
	var wg sync.WaitGroup
	var limited atomic.Int64
	for range 60 {
		wg.Go(func() {
			_, err := h.SignIn(t.Context(), "ann", "not the password", "", desk)
			var e *alveary.Error
			if errors.As(err, &e) && e.Code == "captcha" {
				limited.Add(1)
			}
		})
	}
	wg.Wait()
	const proofAfter = 3
	most := proofAfter + cap(h.hasher.turns)
	if n := len(h.comparisons()); n < proofAfter || n > most {
		t.Errorf("%d passwords were tried, want about %d", n, proofAfter)
	}
	if limited.Load() < int64(60-most) {
		t.Errorf("only %d of 60 were asked for a proof", limited.Load())
	}
}

// Whoever gives up does not wait for his turn.
func TestHashingHeedsTheContext(t *testing.T) {
	h := newHouse(t)
	h.people()
	for range cap(h.hasher.turns) {
		done, err := h.hasher.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer done()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := h.SignIn(ctx, "ann", annPassword, "", desk)
	assertKind(t, err, alveary.KindUnavailable, "")
}

// The shipped price is the one that was asked for.
func TestPriceOfAHash(t *testing.T) {
	dear := newHasher(price())
	hash, err := dear.hash(t.Context(), annPassword)
	if err != nil {
		t.Fatal(err)
	}
	const want = "$argon2id$v=19$m=19456,t=2,p=1$"
	if !strings.HasPrefix(hash, want) || !strings.HasPrefix(dear.dummy, want) || len(hash) != len(dear.dummy) {
		t.Errorf("a hash is %s and the dummy %s, want both to begin with %s", hash, dear.dummy, want)
	}
	for password, match := range map[string]bool{annPassword: true, "something else": false} {
		if same, err := dear.matches(password, hash); err != nil || same != match {
			t.Errorf("%q matches: %v, %v", password, same, err)
		}
	}
	if same, err := dear.matches(annPassword, ""); err != nil || same {
		t.Errorf("no hash matches: %v, %v", same, err)
	}
}

// More than can be served soon are told so at once.
func TestQueueOfHashesIsBounded(t *testing.T) {
	h := newHouse(t)
	h.people()
	for range cap(h.hasher.turns) {
		done, err := h.hasher.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer done()
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range mostWaiting {
		wg.Go(func() { _, _ = h.hasher.turn(ctx) })
	}
	for h.hasher.waiting.Load() < mostWaiting {
		runtime.Gosched()
	}
	_, err := h.SignIn(t.Context(), "ann", annPassword, "", desk)
	assertKind(t, err, alveary.KindLimited, "busy")
	var later interface{ RetryAfter() time.Duration }
	if !asRetry(err, &later) || later.RetryAfter() <= 0 {
		t.Errorf("the time to wait is not told: %v", err)
	}
	cancel()
	wg.Wait()
	if n := h.hasher.waiting.Load(); n != 0 {
		t.Errorf("%d still wait", n)
	}
}
