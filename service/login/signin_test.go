package login

import (
	"context"
	"errors"
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
	most := proofAfter + atOnce
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
	for range atOnce {
		done, err := h.hasher.Turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer done()
	}
	// Wherever he is on the way there: the database breaks off with words of its own.
	for i := range 200 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*20*time.Microsecond)
		_, err := h.SignIn(ctx, "ann", annPassword, "", desk)
		cancel()
		assertKind(t, err, alveary.KindUnavailable, "")
	}
}
